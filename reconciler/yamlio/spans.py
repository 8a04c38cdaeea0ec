"""Find where everything in a YAML text begins and ends: a second, slower pass over text that `parse` accepts.

`spans` returns, for every document that is not empty, a tree of the same shape as `parse` does, with spans instead of
values. Positions are indexes into the text. An end is the index after the last character of the node itself: what
follows a value (blanks, a comment, the line end) is not part of it. Pure.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, TypeAlias, cast

from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from reconciler.yamlio.events import attempts

_BLOCKS: Final = ("|", ">")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A scalar with its tag and quotes; `style` is `'`, `"`, `|`, `>`, or "" for a plain one.

    The line end after the last line of a block is not part of it.
    """

    start: int
    end: int
    style: str
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Alias:
    """`*name`."""

    start: int
    end: int
    anchor: str


@dataclass(frozen=True, slots=True)
class MapEntry:
    """An entry of a map: the span of its key, and its value."""

    start: int
    key_end: int
    value: "Node"

    @property
    def end(self) -> int:
        """The end of its value."""
        return self.value.end


@dataclass(frozen=True, slots=True)
class Map:
    """A map; `opened` is the index after the `{` of a flow map, None for a block map."""

    start: int
    end: int
    opened: int | None
    entries: Mapping[str, MapEntry]
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class List:
    """A list; `opened` as in `Map`."""

    start: int
    end: int
    opened: int | None
    items: Sequence["Node"]
    anchor: str | None = None


Node: TypeAlias = Scalar | Alias | Map | List


def spans(text: str) -> tuple[Node, ...]:
    """Return the documents of a text that `parse` accepts without diagnostics."""
    for events in attempts(text):
        with suppress(YAMLError):
            return tuple(_roots(events, text))
    raise ValueError("the YAML parser rejects this text")


def _roots(events: Iterator[Event], text: str) -> Iterator[Node]:
    for event in events:
        if isinstance(event, DocumentStartEvent):
            root = _node(cast("NodeEvent", next(events)), events, text)
            if not _is_empty(root):
                yield root


def _is_empty(root: Node) -> bool:
    return isinstance(root, Scalar) and root.start == root.end


def _node(event: NodeEvent, events: Iterator[Event], text: str) -> Node:
    start, end = _start_index(event), _end_index(event)
    match event:
        case ScalarEvent():
            style = event.style or ""
            return Scalar(start, _block_end(text, start, end) if style in _BLOCKS else end, style, event.anchor)
        case MappingStartEvent():
            return _map(event, events, text)
        case SequenceStartEvent():
            return _list(event, events, text)
        case AliasEvent():
            return Alias(start, end, str(event.anchor))
    raise TypeError(f"{event} begins no node")


def _block_end(text: str, start: int, end: int) -> int:
    """Return the end of a block without its last line end, and without blank lines unless `+` keeps them."""
    header = text[start:end].partition("\n")[0].partition("#")[0]
    whole = text[start:end]
    kept = whole.removesuffix("\n").removesuffix("\r") if "+" in header else whole.rstrip("\r\n")
    return start + len(kept)


def _map(event: MappingStartEvent, events: Iterator[Event], text: str) -> Map:
    entries: dict[str, MapEntry] = {}
    last: Event = event
    while not isinstance(last := next(events), MappingEndEvent):
        key = cast("ScalarEvent", last)
        value = _node(cast("NodeEvent", next(events)), events, text)
        entries[key.value] = MapEntry(_start_index(key), _end_index(key), value)
    inner = [entry.end for entry in entries.values()]
    return Map(_start_index(event), _collection_end(event, last, inner), _opened(event), entries, event.anchor)


def _list(event: SequenceStartEvent, events: Iterator[Event], text: str) -> List:
    items: list[Node] = []
    last: Event = event
    while not isinstance(last := next(events), SequenceEndEvent):
        items.append(_node(cast("NodeEvent", last), events, text))
    inner = [item.end for item in items]
    return List(_start_index(event), _collection_end(event, last, inner), _opened(event), items, event.anchor)


def _opened(event: CollectionStartEvent) -> int | None:
    return _end_index(event) if event.flow_style else None


def _collection_end(event: CollectionStartEvent, last: Event, inner: Sequence[int]) -> int:
    """Return the end of a map or list.

    A block ends with its last value; the parser's own mark is where the next node begins.
    """
    return _end_index(last) if event.flow_style else inner[-1]


def _start_index(event: Event) -> int:
    return int(event.start_mark.index)


def _end_index(event: Event) -> int:
    return int(event.end_mark.index)
