r"""`$util`: helpers for texts (Developer Guide, "mapping template ... variable reference").

They are Java's: `escapeJavaScript` is that of Commons Lang 2, `urlEncode` is java.net.URLEncoder.
"""

import base64
import re
from collections.abc import Callable, Sequence
from types import MappingProxyType
from typing import Final
from urllib.parse import quote_plus, unquote_plus

from reconciler.mapping.java.budget import Budget, EvaluationFault
from reconciler.mapping.java.values import HostObject, Value, text
from reconciler.mapping.json_reader import InvalidJson, read_json

_ESCAPED: Final = re.compile(r"[^ -.0-\[\]-~\x7f]|[\"'/\\]")
_SHORT_ESCAPES: Final = {char: f"\\{char}" for char in "\"'/\\"} | dict(
    zip("\b\n\t\f\r", (r"\b", r"\n", r"\t", r"\f", r"\r"), strict=True)
)
_LAST_OF_BMP: Final = 0xFFFF
_LONGEST_ESCAPE: Final = 12
_ESCAPE_OF_BYTE: Final = 5
"""By how many characters an escape is longer than its character, for each byte beyond the first in UTF-8."""
_OTHER_CONTROL: Final = re.compile(r"[\x00-\x07\x0b\x0e-\x1f]")

_BROKEN_PERCENT: Final = re.compile("%(?![0-9A-Fa-f]{2})")
_NOT_BASE64: Final = re.compile("[^A-Za-z0-9+/]")


class Util(HostObject):
    """`$util`: it has no state."""

    __slots__ = ()

    def printed(self, budget: Budget) -> str:
        """Return the text of `$util` by itself, which is not known."""
        budget.note_unknown("what $util prints by itself")
        return ""


def _escape_javascript(value: str, budget: Budget) -> str:
    escapes = sum(map(value.count, _SHORT_ESCAPES))
    others = 0 if value.isascii() else len(value.encode(errors="surrogatepass")) - len(value)
    if _OTHER_CONTROL.search(value):
        others += len(value)
    budget.spend(escapes // 4 + others // 2)
    budget.reserve(len(value) + escapes + _ESCAPE_OF_BYTE * others)
    return _ESCAPED.sub(_escape, value)


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    short = _SHORT_ESCAPES.get(char)
    if short is not None:
        return short
    code = ord(char)
    if code <= _LAST_OF_BMP:
        return f"\\u{code:04X}"
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04X}\\u{0xDC00 + low:04X}"


def _parse_json(value: str, budget: Budget) -> Value:
    if not value:
        budget.note_unknown("what $util.parseJson gives for the empty text")
        return None
    try:
        return read_json(value, budget)
    except InvalidJson as refused:
        raise EvaluationFault(f"$util.parseJson cannot read its argument: {refused}") from None


def _url_encode(value: str, budget: Budget) -> str:
    budget.reserve(len(value) * (3 if value.isascii() else _LONGEST_ESCAPE))
    return quote_plus(value, safe="*", errors="replace").replace("~", "%7E")


def _url_decode(value: str, budget: Budget) -> str:
    broken = _BROKEN_PERCENT.search(value)
    if broken:
        raise EvaluationFault(f"$util.urlDecode cannot decode {value[broken.start() : broken.start() + 3]!r}")
    budget.reserve(len(value))
    return unquote_plus(value, errors="replace")


def _base64_encode(value: str, budget: Budget) -> str:
    budget.reserve(len(value) * (2 if value.isascii() else 6))
    return base64.b64encode(value.encode(errors="replace")).decode()


def _base64_decode(value: str, budget: Budget) -> str:
    budget.reserve(len(value))
    digits = value.rstrip("=")
    if len(digits) % 4 == 1 or _NOT_BASE64.search(digits):
        budget.note_unknown("what $util.base64Decode gives for a text that is not base64")
        digits = _NOT_BASE64.sub("", digits.translate({ord("-"): "+", ord("_"): "/"}))
        digits = digits[: len(digits) - (len(digits) % 4 == 1)]
    return base64.b64decode(digits + "=" * (-len(digits) % 4)).decode(errors="replace")


_Method = Callable[[Util, Sequence[Value], Budget], Value]


def _method(name: str, function: Callable[[str, Budget], Value]) -> _Method:
    """Make a method of one text; null stays null (recorded answers), other values are taken as their text."""

    def called(_: Util, arguments: Sequence[Value], budget: Budget) -> Value:
        if len(arguments) != 1 or arguments[0] is None:
            return None
        argument = arguments[0]
        if not isinstance(argument, str):
            budget.note_unknown(f"what $util.{name} gives for a value that is not a text")
            argument = text(argument, budget)
        return function(argument, budget)

    return called


Util.methods = MappingProxyType(
    {
        name: _method(name, function)
        for name, function in (
            ("escapeJavaScript", _escape_javascript),
            ("parseJson", _parse_json),
            ("urlEncode", _url_encode),
            ("urlDecode", _url_decode),
            ("base64Encode", _base64_encode),
            ("base64Decode", _base64_decode),
        )
    }
)

UTIL: Final = Util()
