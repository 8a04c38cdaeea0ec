r"""Read what is not strict JSON as json-smart 2.6 does in its permissive mode (its source).

Quotes may be single or missing: `{a: b c}` has the member `a` with the text `b c`. A number with something behind it is
a text. A control character is dropped from a string that has an escape, and kept in one that has none.
"""

import re
from decimal import Decimal, InvalidOperation
from typing import Final

from reconciler.mapping.java.budget import Budget, LimitExceeded
from reconciler.mapping.java.values import JavaMap, JsonArray, Value

DEEPEST: Final = 400
"""Levels of arrays and objects within each other; json-smart refuses more."""

_STEPS_OF_PART: Final = 4

MOST_PARTS: Final = 200_000
"""Values, escapes and pieces of strings with escapes, of a text that is not strict JSON; more take too long to read."""

LONGEST_NUMBER: Final = 1_000
"""In characters; json-smart 2.6.1 refuses longer numbers."""

_EXACT: Final = 18
_HIGHEST_EXPONENT: Final = 2**31 - 1

_END: Final = "\x1a"  # the end of the text, which json-smart also sees in this character
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_BLANK: Final = re.compile(r"[\x00-\x19\x1b-\x20]*")
_NUMBER: Final = re.compile(r"[0-9-][0-9]*(?:\.[0-9]*)?(?:[eE][+-]?[0-9]*)?")
_FRACTION: Final = re.compile("[.eE]")
_STOPS: Final = {"": re.compile(_END), "[": re.compile(rf"[,\]{_END}]"), "{": re.compile(rf"[,}}{_END}]")}
_KEY_STOP: Final = re.compile(rf"[:{_END}]")
_JAVA_WHITE: Final = " \t\n\x0b\f\r\x1c\x1d\x1e\x1f"
_WORDS: Final = {"null": None, "true": True, "false": False, "NaN": float("nan")}
_ESCAPES: Final = {**{char: char for char in "\\/'\""}, "t": "\t", "n": "\n", "r": "\r", "f": "\f", "b": "\b"}
_HEX_ESCAPES: Final = {"u": 4, "x": 2}
_STRING_PART: Final = re.compile(r"[^\\\"'\x00-\x1f\x7f]+")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class InvalidJson(Exception):  # noqa: N818 - what the text is
    """The text is not even JSON to json-smart; the message is a sentence part."""


def read_lenient(text: str, start: int, budget: Budget) -> Value:
    """Return the value that begins at `start`, with its steps counted; what follows it is ignored.

    Raises InvalidJson, or LimitExceeded for a text that takes too long to read.
    """
    try:
        return _LenientReader(text, start, budget).value("")
    except RecursionError:
        raise too_deep() from None


def too_deep() -> InvalidJson:
    """Return the error for arrays and objects within each other."""
    return InvalidJson(f"more than {DEEPEST} levels of arrays and objects")


def read_decimal(text: str) -> float | Decimal:
    """Return a number with a point or an exponent: a Double, or a BigDecimal from 19 characters on (json-smart).

    Raises ValueError where Java reads no number.
    """
    if len(text) <= _EXACT:
        return float(text)
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(text) from None
    if abs(int(number.as_tuple().exponent)) > _HIGHEST_EXPONENT:
        raise ValueError(text)
    return number


class _LenientReader:
    """Where in the text the reader is, and how deep."""

    def __init__(self, text: str, start: int, budget: Budget) -> None:
        self.text = text
        self.at = start
        self.budget = budget
        self.depth = 0
        self.parts = 0

    def count(self) -> None:
        """Count a part of the text. Raises LimitExceeded when there are too many."""
        self.budget.spend(_STEPS_OF_PART)
        self.parts += 1
        if self.parts > MOST_PARTS:
            raise LimitExceeded(f"a text that is not strict JSON has more than {MOST_PARTS:,} values")

    def char(self) -> str:
        return self.text[self.at : self.at + 1] or _END

    def skip_blank(self) -> None:
        self.at = _BLANK.match(self.text, self.at).end()  # type: ignore[union-attr]  # it matches nothing, too

    def fail(self) -> InvalidJson:
        found = "end of the text" if self.char() == _END else repr(self.char())
        return InvalidJson(f"unexpected {found} at character {self.at + 1}")

    def value(self, container: str) -> Value:
        """Read a value in an array, an object or, with no container, at the top."""
        self.count()
        char = self.char()
        if char in "[{":
            return self._array() if char == "[" else self._object()
        if char in "\"'":
            return self.string()
        if char in ":]}" or (char == _END and container):
            raise self.fail()
        stop = _STOPS[container]
        if char in "-0123456789":
            return self._number(stop)
        word = self.bare(stop)
        return _WORDS.get(word, word)

    def bare(self, stop: re.Pattern[str]) -> str:
        """Read a text without quotes up to where it stops."""
        start = self.at
        end = stop.search(self.text, start)
        self.at = end.start() if end else len(self.text)
        return self.text[start : self.at].strip(_JAVA_WHITE)

    def _number(self, stop: re.Pattern[str]) -> Value:
        start = self.at
        match = _NUMBER.match(self.text, start)
        digits = match[0] if match else ""
        self.at += len(digits)
        self.skip_blank()
        if not digits or digits[-1] in "eE" or not (self.char() == _END or stop.match(self.text, self.at)):
            self.at = start
            return self.bare(stop)
        return self._read_number(digits)

    def _read_number(self, digits: str) -> Value:
        if len(digits) > LONGEST_NUMBER:
            raise InvalidJson(f"a number of more than {LONGEST_NUMBER:,} characters")
        try:
            if _FRACTION.search(digits):
                return read_decimal(digits)
            return int(digits) if digits != "-" else 0  # json-smart adds up the digits that there are
        except ValueError:
            raise InvalidJson(f"the number {digits[:40]} cannot be read") from None

    def string(self) -> str:
        """Read a string in quotes; json-smart keeps all characters if none of them is a backslash."""
        quote = self.char()
        end = self.text.find(quote, self.at + 1)
        if end < 0:
            self.at = len(self.text)
            raise self.fail()
        plain = self.text[self.at + 1 : end]
        if "\\" not in plain:
            self.at = end + 1
            return plain
        self.at += 1
        return _joined(self._escaped_string(quote))

    def _escaped_string(self, quote: str) -> str:
        parts: list[str] = []
        while True:
            self.count()
            match = _STRING_PART.match(self.text, self.at)
            if match:
                parts.append(match[0])
                self.at = match.end()
            char = self.char()
            if char == _END:
                raise self.fail()
            self.at += 1
            if char == quote:
                return "".join(parts)
            if char in "\"'":
                parts.append(char)
            elif char == "\\":
                parts.append(self._escape())

    def _escape(self) -> str:
        self.count()
        letter = self.char()
        if letter == _END:
            raise self.fail()
        self.at += 1
        length = _HEX_ESCAPES.get(letter)
        return self._hex(length) if length else _ESCAPES.get(letter, "")

    def _hex(self, length: int) -> str:
        digits = self.text[self.at : self.at + length]
        if not re.fullmatch(rf"[0-9A-Fa-f]{{{length}}}", digits):
            raise self.fail()
        self.at += length
        return chr(int(digits, 16))

    def _enter(self) -> None:
        self.at += 1
        self.depth += 1
        if self.depth > DEEPEST:
            raise too_deep()

    def _array(self) -> JsonArray:
        self._enter()
        items = JsonArray()
        while True:
            match self.char():
                case " " | "\t" | "\r" | "\n" | ",":
                    self.at += 1
                case "]":
                    break
                case _:
                    items.append(self.value("["))
        self._leave()
        return items

    def _object(self) -> JavaMap:
        self._enter()
        members = JavaMap()
        while True:
            match self.char():
                case " " | "\t" | "\r" | "\n" | ",":
                    self.at += 1
                case "}":
                    break
                case ":" | "]" | "[" | "{" | "\x1a":
                    raise self.fail()
                case _:
                    self._member(members)
        self._leave()
        return members

    def _member(self, members: JavaMap) -> None:
        key = self.string() if self.char() in "\"'" else self.bare(_KEY_STOP)
        self.skip_blank()
        if self.char() != ":":
            raise self.fail()
        self.at = _SPACE.match(self.text, self.at + 1).end()  # type: ignore[union-attr]
        members[key] = self.value("{")
        self.skip_blank()
        if self.char() not in ",}":
            raise self.fail()

    def _leave(self) -> None:
        self.at += 1
        self.depth -= 1


def _joined(text: str) -> str:
    """Join the halves of surrogate pairs: Java's strings consist of UTF-16 units."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
