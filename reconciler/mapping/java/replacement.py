r"""Read replacements of regular expressions: `$1` and `${name}` stand for groups, `\` takes the next literally."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from reconciler.mapping.java.budget import EvaluationFault

if TYPE_CHECKING:
    import regex

    _Match: TypeAlias = regex.Match[str]

_PIECE: Final = re.compile(r"[^\\$]+|\\(.?)|\$\{([^}]*)(\}?)|\$([0-9]?)", re.DOTALL)
_NAME: Final = re.compile("[A-Za-z][A-Za-z0-9]*")


@dataclass(frozen=True, slots=True)
class RegexReplacement:
    """A replacement that has been read: texts, and numbers of groups."""

    pieces: tuple[str | int, ...]

    def __len__(self) -> int:
        return len(self.pieces)

    def parts(self, match: "_Match") -> Iterable[str]:
        """Return the texts that replace `match`; that of a group without a part in the match is empty."""
        return [piece if isinstance(piece, str) else match[piece] or "" for piece in self.pieces]


def read_replacement(text: str, groups: int, names: Mapping[str, int]) -> RegexReplacement:
    """Read `text` for a pattern of so many `groups`. Raises EvaluationFault where Java throws."""
    pieces: list[str | int] = []
    at = 0
    while at < len(text):
        match = _PIECE.match(text, at)
        assert match is not None  # noqa: S101 - every character begins a piece
        at = match.end()
        match match.lastindex:
            case None:
                pieces.append(match[0])
            case 1:
                pieces.append(_escaped(match[1]))
            case 4:
                number, at = _number(text, at, match[4], groups)
                pieces.append(number)
            case _:
                pieces.append(_named(match[2], bool(match[3]), names))
    return RegexReplacement(tuple(pieces))


def _escaped(char: str) -> str:
    if not char:
        raise EvaluationFault("the replacement ends with a backslash")
    return char


def _number(text: str, at: int, digit: str, groups: int) -> tuple[int, int]:
    """Return the number of a group, which takes digits as long as there is such a group, and the offset behind it."""
    if not digit:
        raise EvaluationFault("the replacement has a $ that names no group; write \\$ for the character")
    number = int(digit)
    if number > groups:
        raise EvaluationFault(f"the replacement names group {number}, and the pattern has {groups}")
    while at < len(text) and text[at] in "0123456789" and number * 10 + int(text[at]) <= groups:
        number = number * 10 + int(text[at])
        at += 1
    return number, at


def _named(name: str, is_closed: bool, names: Mapping[str, int]) -> int:
    if not is_closed or not _NAME.fullmatch(name):
        raise EvaluationFault("the replacement has a ${ without the name of a group and a }")
    if name not in names:
        raise EvaluationFault(f"the replacement names the group {name}, which the pattern does not have")
    return names[name]
