r"""Translate escapes and character classes of Java's regular expressions to Python.

Each function reads what starts at an offset of the pattern and returns its Python form and the offset behind it. It
raises InvalidPattern where Java refuses the pattern, and NotFollowed where this module does not follow Java (classes
within classes, `&&`, named properties).
"""

import re
from typing import Final


class InvalidPattern(Exception):  # noqa: N818 - what Java does with the pattern
    """Java does not compile the pattern; `offset` counts characters from 0."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset


class NotFollowed(Exception):  # noqa: N818 - no failure of the pattern's
    """The pattern uses a construct that is not translated; Java may still refuse it for another reason."""


_LAST_CODE_POINT: Final = 0x10FFFF
_SURROGATES: Final = range(0xD800, 0xE000)

_BLANKS: Final = r" \t\xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000"
_LINE_BREAKS: Final = r"\n\x0b\f\r\x85\u2028\u2029"
_SETS: Final = {"d": r"\d", "D": r"\D", "w": r"\w", "W": r"\W", "s": r"\s", "S": r"\S", "h": _BLANKS, "v": _LINE_BREAKS}
_COMPLEMENTS: Final = {"H": _BLANKS, "V": _LINE_BREAKS}
_CONTROLS: Final = {"a": "\a", "e": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_JAVA_ONLY: Final = {
    "p": r"a property class such as \p{Alpha}",
    "P": r"a property class such as \P{Alpha}",
    "N": r"a character name \N{...}",
    "R": r"a line break \R",
    "X": r"a grapheme cluster \X",
    "G": r"the end of the previous match \G",
}

_HEX: Final = re.compile(r"x([0-9A-Fa-f]{2})|x\{([0-9A-Fa-f]+)\}|u([0-9A-Fa-f]{4})")
_OCTAL: Final = re.compile(r"0([0-3][0-7]{2}|[0-7]{1,2})")
_QUOTED: Final = re.compile(r"\\Q(.*?)(?:\\E|\Z)|\\.|.", re.DOTALL)


def unquoted(java: str) -> tuple[str, list[int]]:
    r"""Resolve `\Q..\E`; return the pattern and, for each of its characters and its end, the original offset."""
    if r"\Q" not in java:
        return java, list(range(len(java) + 1))
    text = ""
    offsets: list[int] = []
    for match in _QUOTED.finditer(java):
        text += match[0] if match[1] is None else "".join(map(_quote, match[1]))
        offsets += [match.start()] * (len(text) - len(offsets))
    return text, [*offsets, len(java)]


def _quote(char: str) -> str:
    return f"\\x{ord(char):02x}" if char.isascii() else char


def escaped_set(text: str, at: int) -> tuple[str, int]:
    r"""Translate an escape that matches one character: one of a set, as `\d`, or itself, as `\.`."""
    letter = text[at + 1 : at + 2]
    if letter in _JAVA_ONLY:
        raise NotFollowed(_JAVA_ONLY[letter])
    if letter in _SETS:
        return f"[{_SETS[letter]}]", at + 2
    if letter in _COMPLEMENTS:
        return f"[^{_COMPLEMENTS[letter]}]", at + 2
    char, at = _escaped_character(text, at)
    return re.escape(char), at


def character_class(text: str, at: int) -> tuple[str, int]:
    """Translate a character class in brackets."""
    start = at
    at += 1
    negation = "^" if text.startswith("^", at) else ""
    at += len(negation)
    members: list[str] = []
    while not members or not text.startswith("]", at):  # a ] in first place is a member
        if at >= len(text):
            raise InvalidPattern("a character class that is not closed", start)
        member, at = _member(text, at)
        members.append(member)
    return f"[{negation}{''.join(members)}]", at + 1


def _member(text: str, at: int) -> tuple[str, int]:
    if text.startswith("[", at):
        raise NotFollowed("a character class within another")
    if text.startswith("&&", at):
        raise NotFollowed("an intersection of character classes with &&")
    if text.startswith("\\", at):
        letter = text[at + 1 : at + 2]
        if letter in _JAVA_ONLY or letter in _COMPLEMENTS or text.startswith(r"\v-", at):
            raise NotFollowed(_JAVA_ONLY.get(letter, f"\\{letter} in a character class"))
        if letter in _SETS:
            return _SETS[letter], at + 2
    return _range(text, at)


def _range(text: str, at: int) -> tuple[str, int]:
    start = at
    low, at = _bound(text, at)
    if not text.startswith("-", at) or text.startswith(("-]", "-["), at):
        return re.escape(low), at
    if text.startswith((r"-\v", r"-\N"), at):
        raise NotFollowed(f"a range that ends in {text[at + 1 : at + 3]}")
    high, at = _bound(text, at + 1)
    if high < low:
        raise InvalidPattern("a range that runs backwards", start)
    return f"{re.escape(low)}-{re.escape(high)}", at


def _bound(text: str, at: int) -> tuple[str, int]:
    if text.startswith("\\", at):
        return _escaped_character(text, at)
    return text[at : at + 1], at + 1


def _escaped_character(text: str, at: int) -> tuple[str, int]:
    r"""Return the character that an escape stands for: `\n`, `\x41`, `\.` and the like."""
    letter = text[at + 1 : at + 2]
    if letter in {"x", "u", "0"}:
        return _numbered_character(text, at)
    if letter == "c" and at + 2 < len(text):
        return chr(ord(text[at + 2]) ^ 64), at + 3
    if letter in _CONTROLS:
        return _CONTROLS[letter], at + 2
    if not letter:
        raise InvalidPattern("a backslash at the end", at)
    if letter.isascii() and letter.isalnum():
        raise InvalidPattern(f"an escape \\{letter} that Java does not support here", at)
    return letter, at + 2


def _numbered_character(text: str, at: int) -> tuple[str, int]:
    octal = text[at + 1] == "0"
    match = (_OCTAL if octal else _HEX).match(text, at + 1)
    if match is None:
        raise InvalidPattern(f"\\{text[at + 1]} without its digits", at)
    value = int(match[match.lastindex or 0], 8 if octal else 16)
    if value > _LAST_CODE_POINT:
        raise InvalidPattern("a code point beyond 10FFFF", at)
    if value in _SURROGATES:
        raise NotFollowed("half a surrogate pair")
    return chr(value), match.end()
