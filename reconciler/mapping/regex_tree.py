"""The syntax tree of a Java pattern, as far as `languages` compares patterns.

Groups and lazy quantifiers leave no trace, because they do not change which texts match as a whole.
"""

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias, assert_never


@dataclass(frozen=True, slots=True)
class CharacterSet:
    """Exactly one character of a set; `python` is a Python pattern for it."""

    python: str


@dataclass(frozen=True, slots=True)
class Concatenation:
    """Parts in sequence; without parts, the empty text."""

    parts: "tuple[RegexTree, ...]" = ()


@dataclass(frozen=True, slots=True)
class Alternation:
    """One of several branches."""

    branches: "tuple[RegexTree, ...]"


@dataclass(frozen=True, slots=True)
class Repetition:
    """The body from `least` to `most` times; None means without a limit."""

    body: "RegexTree"
    least: int
    most: int | None


class Anchor(enum.Enum):
    """A position in the text."""

    START = enum.auto()
    END = enum.auto()
    LAST_LINE_END = enum.auto()
    """The end, or before one line end there."""


@dataclass(frozen=True, slots=True)
class Lookahead:
    """A position that a match of the body follows, or does not if `is_negative`."""

    body: "RegexTree"
    is_negative: bool


@dataclass(frozen=True, slots=True)
class Opaque:
    """A construct whose texts are not described here, such as a reference to a group."""


RegexTree: TypeAlias = CharacterSet | Concatenation | Alternation | Repetition | Anchor | Lookahead | Opaque


def character_sets(tree: RegexTree) -> Iterator[str]:
    """Yield the Python patterns of all sets in a tree."""
    match tree:
        case CharacterSet(python=python):
            yield python
        case Concatenation(parts=parts) | Alternation(branches=parts):
            for part in parts:
                yield from character_sets(part)
        case Repetition(body=body) | Lookahead(body=body):
            yield from character_sets(body)
        case Anchor() | Opaque():
            pass
        case unreachable:
            assert_never(unreachable)
