"""Read JSONPath as Jayway 2.10 does, with what it accepts beyond the standard and what it refuses (its source)."""

import re
from dataclasses import dataclass
from typing import Final, TypeAlias

LONGEST_PATH: Final = 5_000
"""In characters. Longer paths are not read, which would take too long."""


_DEEPEST: Final = 50


class InvalidPath(Exception):  # noqa: N818 - what the path is
    """Jayway does not compile the path; the message is a sentence part."""


class PathNotFollowed(Exception):  # noqa: N818 - no failure of the path's
    """The path uses what is not evaluated here; Jayway may still refuse it. The message is a sentence part."""


@dataclass(frozen=True, slots=True)
class Names:
    """Members of an object: one, or several that become an object of their own at the end of a path."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Indexes:
    """Items of an array; a negative index counts from its end."""

    indexes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Slice:
    """Items `start` up to `stop`; None where the path leaves one out."""

    start: int | None
    stop: int | None


@dataclass(frozen=True, slots=True)
class Wildcard:
    """All members of an object or items of an array."""


@dataclass(frozen=True, slots=True)
class Scan:
    """The node and everything below it, for the step that follows."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Items of an array, or the object itself, for which `condition` holds; the text between the parentheses."""

    condition: str


@dataclass(frozen=True, slots=True)
class Function:
    """What a function without arguments makes of the node, as in `$.items.length()`."""

    name: str


Step: TypeAlias = Names | Indexes | Slice | Wildcard | Scan | Filter | Function

_PROPERTY: Final = re.compile(r"[^ .\[(]+")
_QUOTED: Final = r" *(?:'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\") *"
_NAMES: Final = re.compile(rf"\[{_QUOTED}(?:,{_QUOTED})*\]", re.DOTALL)
_NAME: Final = re.compile(_QUOTED, re.DOTALL)
_ARRAY: Final = re.compile(r"\[([0-9 :,-]*)\]")
_WILDCARD: Final = re.compile(r"\[ *\* *\]")
_FILTER: Final = re.compile(r"\[ *\? *(?=\()")
_AFTER_FILTER: Final = re.compile(r" *\]")
_CLOSING: Final = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|/(?:[^/\\]|\\.)*/|[()]", re.DOTALL)
_ESCAPE: Final = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_CONTROLS: Final = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_INTEGERS: Final = range(-(2**31), 2**31)


def read_path(text: str) -> tuple[Step, ...]:
    """Return the steps of a path, after its `$`; a path without one begins at the root, too.

    Raises InvalidPath where Jayway refuses the path, PathNotFollowed where it is not evaluated here.
    """
    if len(text) > LONGEST_PATH:
        raise PathNotFollowed(f"a path of {len(text):,} characters")
    if text.count("(") > _DEEPEST:
        raise PathNotFollowed(f"a path with more than {_DEEPEST} parentheses")
    path = text.strip(" ")
    if not path:
        raise InvalidPath("the path is empty")
    if path[0] not in "$@":
        path = f"$.{path}"
    if path.endswith("."):
        raise InvalidPath("the path ends with a period")
    return _PathReader(path).read()


def unescape(text: str) -> str:
    """Resolve the backslashes of a quoted text."""
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(match: re.Match[str]) -> str:
    escaped = match[1]
    return chr(int(escaped[1:], 16)) if len(escaped) > 1 else _CONTROLS.get(escaped, escaped)


class _PathReader:
    def __init__(self, path: str) -> None:
        self.path = path
        self.at = 1
        self.steps: list[Step] = []

    def read(self) -> tuple[Step, ...]:
        if len(self.path) > 1 and self.path[1] not in ".[":
            raise InvalidPath(f"a period or bracket is missing after {self.path[0]}")
        while not self._is_at_end():
            self._step()
        return tuple(self.steps)

    def _is_at_end(self) -> bool:
        # Jayway looks no further when a single character is left behind a bracket.
        return self.at >= len(self.path) - bool(self.steps)

    def _step(self) -> None:
        if self.path.startswith(".", self.at):
            self._period()
        match self.path[self.at]:
            case "[":
                self.steps.append(self._bracket())
            case "*":
                self.at += 1
                self.steps.append(Wildcard())
            case _:
                self.steps.append(self._property())

    def _period(self) -> None:
        self.at += 1
        if self.path.startswith(".", self.at):
            self.at += 1
            self.steps.append(Scan())
        if self.path.startswith(".", self.at):
            raise InvalidPath(f"an unexpected period at character {self.at + 1}")

    def _property(self) -> Step:
        match = _PROPERTY.match(self.path, self.at)
        after = match.end() if match else self.at
        if match is None or self.path.startswith(" ", after):
            raise InvalidPath("a name with a blank has to be in brackets and quotes")
        self.at = after
        if not self.path.startswith("(", after):
            return Names((match[0],))
        if self.path[after:] != "()":
            raise PathNotFollowed("a JSONPath function with arguments, or with steps behind it")
        self.at = len(self.path)
        return Function(match[0])

    def _bracket(self) -> Step:
        for pattern, read in ((_NAMES, _names), (_ARRAY, _array), (_WILDCARD, _wildcard)):
            match = pattern.match(self.path, self.at)
            if match:
                self.at = match.end()
                return read(match)
        match = _FILTER.match(self.path, self.at)
        if match:
            return self._filter(match.end())
        raise InvalidPath(f"the bracket at character {self.at + 1} holds no name in quotes, index, slice, * or filter")

    def _filter(self, start: int) -> Filter:
        depth = 0
        for match in _CLOSING.finditer(self.path, start):
            depth += {"(": 1, ")": -1}.get(match[0], 0)
            if depth == 0:
                break
        closing = _AFTER_FILTER.match(self.path, match.end())
        if depth or closing is None:
            raise InvalidPath(f"the filter at character {self.at + 1} is not closed")
        self.at = closing.end()
        return Filter(self.path[start + 1 : match.start()])


def _names(match: re.Match[str]) -> Step:
    return Names(tuple(unescape(name[1] or name[2] or "") for name in _NAME.finditer(match[0], 1)))


def _array(match: re.Match[str]) -> Step:
    expression = match[1].strip(" ")
    if ":" in expression:
        return _slice(expression)
    return Indexes(tuple(_integer(index.strip(" ")) for index in expression.split(",")))


def _slice(expression: str) -> Slice:
    if " " in expression or "," in expression:
        raise InvalidPath(f"the slice [{expression}] is not written like [1:2]")
    start, stop = (_integer(bound) if bound else None for bound in expression.split(":")[:2])  # it ignores a step
    if start is None and stop is None:
        raise InvalidPath("a slice without bounds")
    return Slice(start, stop)


def _wildcard(_: re.Match[str]) -> Step:
    return Wildcard()


def _integer(digits: str) -> int:
    try:
        number = int(digits)
    except ValueError:
        raise InvalidPath(f"the index {digits!r} is no number") from None
    if number not in _INTEGERS:
        raise InvalidPath(f"the index {number} is too large")
    return number
