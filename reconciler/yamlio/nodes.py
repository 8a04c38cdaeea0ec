"""Trees of plain values in maps and lists that remember where everything was written.

A node compares and iterates like the dict or list that it is; positions are a side table that costs nothing until it is
used. Lines and columns count from 1. A path is a tuple of keys and indexes from the root, as in
`("spec", "resources", "/pets", "GET")`. Pure, and independent of any YAML library.
"""

from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeAlias

from reconciler.diagnostics import Location

Path: TypeAlias = tuple[str | int, ...]

_COLUMN_BITS: Final = 32
_MARK_BITS: Final = 64
_COLUMN_MASK: Final = (1 << _COLUMN_BITS) - 1
_MARK_MASK: Final = (1 << _MARK_BITS) - 1


class Start(Protocol):
    """Where something begins; line and column count from 0."""

    line: int
    column: int


def mark(start: Start | None) -> int:
    """Return a position as one number, which takes a third of a tuple's memory; 0 if there is none."""
    if start is None:
        return 0
    return start.line + 1 << _COLUMN_BITS | start.column + 1


class YamlMap(dict[str, Any]):
    """A map whose keys are their source text, so that `200:` and `"200":` are the same key.

    `marks` has the start of each key and of its value.
    """

    __slots__ = ("marks",)

    def __init__(self) -> None:
        self.marks: dict[str, int] = {}

    def put(self, key: str, key_mark: int, value: object, value_mark: int) -> None:
        """Add an entry with the positions of its key and value."""
        self[key] = value
        self.marks[key] = key_mark << _MARK_BITS | value_mark


class YamlList(list[Any]):
    """A list; `marks` has the start of each item."""

    __slots__ = ("marks",)

    def __init__(self) -> None:
        self.marks: list[int] = []

    def put(self, value: object, value_mark: int) -> None:
        """Add an item with its position."""
        self.append(value)
        self.marks.append(value_mark)


@dataclass(frozen=True, slots=True)
class SourceMap:
    """A document's tree and the location of everything in it: `start` is that of the root, `text` is the whole file."""

    file: str
    root: object
    start: int
    text: str = field(default="", repr=False, compare=False)

    def of_key(self, path: Path) -> Location:
        """Return where the key (in a list: the item) begins; if it does not exist, the nearest parent."""
        return self._location(self._along(path)[-1][1] >> _MARK_BITS)

    def of_value(self, path: Path) -> Location:
        """Return where the value begins; if it does not exist, the nearest parent."""
        return self._location(self._along(path)[-1][1] & _MARK_MASK)

    def has(self, path: Path) -> bool:
        """Whether the path exists."""
        return len(self._along(path)) > len(path)

    def node(self, path: Path) -> object:
        """Return the node at the path; if it does not exist, the nearest parent."""
        return self._along(path)[-1][0]

    def _along(self, path: Path) -> list[tuple[Any, int]]:
        """Return the nodes from the root down, as far as the path exists, each with the marks of its key and value."""
        node: Any = self.root
        nodes = [(node, self.start << _MARK_BITS | self.start)]
        for step in path:
            if isinstance(node, YamlMap) and isinstance(step, str) and step in node:
                marks = node.marks[step]
            elif isinstance(node, YamlList) and isinstance(step, int) and step < len(node):
                marks = node.marks[step] << _MARK_BITS | node.marks[step]
            else:
                break
            node = node[step]
            nodes.append((node, marks))
        return nodes

    def _location(self, place: int) -> Location:
        return Location(self.file, place >> _COLUMN_BITS, place & _COLUMN_MASK)
