"""Parse YAML text into trees with positions, in one pass over the parser's events.

`read` returns every document of a file as a `SourceMap` (the tree and the location of everything in it) and every
problem as a diagnostic; it never raises for the content of a file. Limits (size, depth, expansion of aliases) are
enforced while the tree grows, so that a hostile file costs no more time than any other. After a problem that leaves the
structure clear, such as a duplicate key, reading continues; after any other, the rest of the file is not read. No I/O.

In the tree, maps are `YamlMap`, lists `YamlList`, keys the text as written, and scalars what `scalars` makes of them.
The value of an alias is shared, not copied: code that changes a tree must account for that.

CloudFormation's short forms (`!Sub text`) are refused like every tag, unless `functions` asks for them: then they are
the maps that they stand for (`{Fn::Sub: text}`).

A PATH or a configuration may name any file of the machine, so the diagnostics of `read(..., quoted=False)` quote
nothing of a file unless it declares itself ours (`apiVersion: reconciler/...`).
"""

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, NoReturn, TypeAlias

from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from reconciler.conflict_markers import conflict_line
from reconciler.diagnostics import Diagnostic, Location, error
from reconciler.rules import InputRule, Rule
from reconciler.wording import code, shown
from reconciler.yamlio import scalars, surrogates, syntax
from reconciler.yamlio.events import attempts
from reconciler.yamlio.nodes import SourceMap, YamlList, YamlMap, mark

MAX_BYTES: Final = 64 * 1024 * 1024
MAX_DEPTH: Final = 64
MAX_DOCUMENTS: Final = 10_000
MAX_VALUES: Final = 1_000_000
"""Values of one file, with maps and lists. Each takes about 3 µs to read, and as much again if it is wrong."""

MAX_ENTRIES: Final = 100_000
"""Entries of one map or list."""

MAX_SKIPPED: Final = 20_000
"""Keys of one file that are reported and left out."""

MAX_ALIASED: Final = 200_000
MAX_ALIASED_TEXT: Final = 64 * 1024 * 1024
"""Characters of text that aliases stand for, counted for each alias."""

_BOM: Final = b"\xef\xbb\xbf"
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_OUR_API_VERSION: Final = re.compile(rb"""\bapiVersion["']?\s*:\s*(?:[&!]\S*\s+)*["']?reconciler\\?/""")
_OUR_VERSIONS: Final = "reconciler/"

Node: TypeAlias = YamlMap | YamlList | scalars.Scalar


@dataclass(frozen=True, slots=True)
class Reading:
    """The documents of one file, without empty ones, and its problems.

    `is_ours`: the file has our `apiVersion` somewhere. Nothing of any other file is quoted.
    """

    documents: tuple[SourceMap, ...]
    diagnostics: tuple[Diagnostic, ...]
    is_ours: bool = True


def read(content: bytes, file: str, *, quoted: bool = True, functions: bool = False) -> Reading:
    """Parse a file; `file` is its name in locations. `functions`: tags may be short forms of CloudFormation.

    Without `quoted`, diagnostics quote nothing of a file that is not ours. Use that for a file that a manifest, a
    configuration or a PATH names: it may be any file.
    """
    ours = _OUR_API_VERSION.search(content) is not None
    if len(content) > MAX_BYTES:
        remedy = "split it into several manifests"
        problem = error(InputRule.TOO_LARGE, f"the file is larger than {MAX_BYTES >> 20} MiB", remedy, Location(file))
        return _unreadable(problem, is_ours=ours)
    content = content.removeprefix(_BOM)
    quotes = quoted or ours
    try:
        text = content.decode()
    except UnicodeDecodeError as failure:
        return _unreadable(_not_utf8(content, failure.start, file, quotes=quotes), is_ours=ours)
    documents, problems = _build_trees(text, _TreeBuilder(file, quotes=quotes, functions=functions))
    return Reading(documents, problems, ours or any(map(_is_ours, documents)))


def _unreadable(problem: Diagnostic, *, is_ours: bool) -> Reading:
    return Reading((), (problem,), is_ours)


def _is_ours(places: SourceMap) -> bool:
    version = places.root.get("apiVersion") if isinstance(places.root, dict) else None
    return isinstance(version, str) and version.startswith(_OUR_VERSIONS)


def _not_utf8(content: bytes, start: int, file: str, *, quotes: bool) -> Diagnostic:
    byte = f"byte 0x{content[start]:02x} is not UTF-8" if quotes else "the file is not UTF-8"
    message = "this looks like UTF-16" if content.startswith(_UTF_16) else byte
    before = content[:start].decode()
    return error(InputRule.ENCODING, message, "save the file as UTF-8", syntax.locate(before, len(before), file))


def _build_trees(text: str, empty: "_TreeBuilder") -> tuple[tuple[SourceMap, ...], tuple[Diagnostic, ...]]:
    if (line := conflict_line(text)) is not None:
        # The parser would report whatever the markers look like, or take them for a document
        remedy = "keep one side, and remove the markers (<<<<<<<, =======, >>>>>>>)"
        at = Location(empty.file, line, 1)
        return (), (error(InputRule.SYNTAX, "a merge conflict is not resolved", remedy, at),)
    builder, problem = _build_from_attempts(text, empty)
    if problem is not None:
        builder.diagnostics.append(syntax.explain(problem, text, builder.file, quotes=builder.quotes))
    if not builder.documents and not builder.diagnostics:
        remedy = "add a manifest, or remove the file"
        at = Location(builder.file)
        builder.diagnostics.append(error(InputRule.EMPTY, "the file contains no document", remedy, at))
    return tuple(builder.documents), tuple(builder.diagnostics)


def _build_from_attempts(text: str, empty: "_TreeBuilder") -> tuple["_TreeBuilder", YAMLError | None]:
    """Return the trees of the first attempt that succeeds, or else those of the last one with its error."""
    for events in attempts(text):
        builder = empty.fresh()
        problem = None
        try:
            builder.build(events, text)
        except YAMLError as failure:
            problem = failure
        if problem is None:
            break
    return builder, problem


class _StopReading(Exception):  # noqa: N818 - becomes a diagnostic
    """A problem after which nothing can be read reliably."""

    def __init__(self, problem: Diagnostic) -> None:
        super().__init__(str(problem))
        self.problem = problem


class _TreeBuilder:
    """Builds the trees of one file. The innermost open map or list is the last of `_open`."""

    def __init__(self, file: str, *, quotes: bool, functions: bool) -> None:
        self.file = file
        self.quotes = quotes
        self.documents: list[SourceMap] = []
        self.diagnostics: list[Diagnostic] = []
        self._functions = functions
        self._text = ""
        self._root: SourceMap | None = None
        self._open: list[YamlMap | YamlList] = []
        self._awaits_key = False
        self._key = ""
        self._key_mark = 0
        self._keep = True
        self._anchors: dict[str | None, Node] = {}
        self._values = 0
        self._aliased = 0
        self._aliased_text = 0

    def fresh(self) -> "_TreeBuilder":
        """Return a builder for the same file that has read nothing yet."""
        return _TreeBuilder(self.file, quotes=self.quotes, functions=self._functions)

    def build(self, events: Iterator[Event], text: str) -> None:
        """Process all events of the text, up to a problem after which nothing can be read reliably.

        Raises YAMLError.
        """
        self._text = text
        take: dict[type[Event], Callable[..., None]] = {
            ScalarEvent: self._scalar,
            MappingStartEvent: self._map,
            SequenceStartEvent: self._list,
            MappingEndEvent: self._end,
            SequenceEndEvent: self._end,
            AliasEvent: self._alias,
            DocumentStartEvent: self._document_start,
            DocumentEndEvent: self._document_end,
            StreamStartEvent: _ignore,
            StreamEndEvent: _ignore,
        }
        try:
            for event in events:
                take[type(event)](event)
        except surrogates.LoneSurrogate as lone:
            self.diagnostics.append(self._explain_lone(lone, text))
        except _StopReading as stop:
            self.diagnostics.append(stop.problem)

    def _explain_lone(self, lone: surrogates.LoneSurrogate, text: str) -> Diagnostic:
        code = f"`{lone.escape}`" if self.quotes else "this escape"
        message = f"{code} is half of a surrogate pair, which is not a character by itself"
        remedy = r"write both halves, as in \ud83d\ude00, or the character itself"
        return error(InputRule.SYNTAX, message, remedy, syntax.locate(text, lone.index, self.file))

    def _document_start(self, event: DocumentStartEvent) -> None:
        if len(self.documents) >= MAX_DOCUMENTS:
            message = f"the file has more than {MAX_DOCUMENTS:,} documents"
            self._stop(event, InputRule.TOO_LARGE, message, "split it into several files")
        self._anchors.clear()
        self._root = None

    def _document_end(self, _: DocumentEndEvent) -> None:
        if self._root is not None:
            self.documents.append(self._root)

    def _scalar(self, event: ScalarEvent) -> None:
        function = None if scalars.is_text_tag(event.tag) else self._function(event)
        if self._awaits_key:
            self._take_key(event)
            return
        plain = event.implicit[0] and event.tag is None
        value = scalars.value(event.value) if plain else event.value
        self._place(self._call(function, value, event) if function else value, event)

    def _map(self, event: MappingStartEvent) -> None:
        self._start(YamlMap(), event, None if scalars.is_map_tag(event.tag) else self._function(event))

    def _list(self, event: SequenceStartEvent) -> None:
        self._start(YamlList(), event, None if scalars.is_list_tag(event.tag) else self._function(event))

    def _start(self, node: YamlMap | YamlList, event: CollectionStartEvent, function: str | None) -> None:
        if self._awaits_key:
            self._stop(event, InputRule.SYNTAX, "a key must be text, not a map or list", "put it in quotes")
        if len(self._open) >= MAX_DEPTH:
            self._too_deep(event)
        self._place(self._call(function, node, event) if function else node, event)
        self._open.append(node)
        self._awaits_key = isinstance(node, YamlMap)

    def _end(self, _: CollectionEndEvent) -> None:
        self._open.pop()
        self._awaits_key = bool(self._open) and isinstance(self._open[-1], YamlMap)

    def _alias(self, event: AliasEvent) -> None:
        if self._awaits_key:
            self._stop(event, InputRule.SYNTAX, "an alias cannot be a key", "write the key out")
        name = shown(str(event.anchor)) if self.quotes else "name"
        if event.anchor not in self._anchors:
            self._stop(
                event,
                InputRule.ALIAS,
                f"the anchor `&{name}` is not defined above",
                "define it, or write the value out",
            )
        node = self._anchors[event.anchor]
        if any(node is outer for outer in self._open):
            self._stop(
                event, InputRule.ALIAS, f"`*{name}` is inside the value that it refers to", "write the value out"
            )
        self._measure(node, len(self._open), event)
        self._place(node, event)

    def _measure(self, node: Node, depth: int, event: AliasEvent) -> None:
        """Count the values that an alias adds, as if they were written out."""
        self._aliased += 1
        if self._aliased > MAX_ALIASED:
            self._stop(
                event, InputRule.TOO_LARGE, f"aliases expand to more than {MAX_ALIASED:,} values", "use fewer aliases"
            )
        if isinstance(node, str):
            self._aliased_text += len(node)
            if self._aliased_text > MAX_ALIASED_TEXT:
                message = f"aliases expand to more than {MAX_ALIASED_TEXT >> 20} Mi characters"
                self._stop(event, InputRule.TOO_LARGE, message, "use fewer aliases")
        if isinstance(node, YamlMap | YamlList):
            if depth >= MAX_DEPTH:
                self._too_deep(event)
            for inner in node.values() if isinstance(node, YamlMap) else node:
                self._measure(inner, depth + 1, event)

    def _take_key(self, event: ScalarEvent) -> None:
        key = sys.intern(event.value)  # most keys recur thousands of times
        node = self._open[-1]
        self._key, self._key_mark, self._keep = key, mark(event.start_mark), True
        self._awaits_key = False
        if event.anchor is not None:
            self._anchors[event.anchor] = key
        if key == "<<" and event.implicit[0]:
            self._skip(event, InputRule.MERGE_KEY, "merge keys (`<<`) are not supported", "write the entries out")
        elif isinstance(node, YamlMap) and key in node:
            first = SourceMap(self.file, node, 0).of_key((key,))
            name = code(key) if self.quotes else "one key"
            self._skip(event, InputRule.DUPLICATE_KEY, f"{name} appears twice: here and at {first}", "keep one of them")

    def _skip(self, event: Event, rule: Rule, message: str, remedy: str) -> None:
        """Continue reading, but omit the value of this key."""
        self._keep = False
        self.diagnostics.append(error(rule, message, remedy, self._location(event)))
        if len(self.diagnostics) > MAX_SKIPPED:
            self._stop(event, InputRule.TOO_LARGE, f"more than {MAX_SKIPPED:,} keys are wrong", "fix these first")

    def _place(self, node: Node, event: ScalarEvent | CollectionStartEvent | AliasEvent) -> None:
        """Add a value, or a map or list that is about to grow, to its parent."""
        if event.anchor is not None and not isinstance(event, AliasEvent):
            self._anchors[event.anchor] = node
        self._values += 1
        if self._values > MAX_VALUES:
            message = f"the file has more than {MAX_VALUES:,} values"
            self._stop(event, InputRule.TOO_LARGE, message, "split it into several manifests")
        parent = self._open[-1] if self._open else None
        if parent is not None and len(parent) >= MAX_ENTRIES:
            message = f"a map or list has more than {MAX_ENTRIES:,} entries"
            self._stop(event, InputRule.TOO_LARGE, message, "split it, or remove entries")
        if isinstance(parent, YamlMap):
            if self._keep:
                parent.put(self._key, self._key_mark, node, mark(event.start_mark))
            self._awaits_key = True
        elif isinstance(parent, YamlList):
            parent.put(node, mark(event.start_mark))
        elif not (
            isinstance(event, ScalarEvent) and node is None and not event.value
        ):  # otherwise the document is empty
            self._root = SourceMap(self.file, node, mark(event.start_mark), self._text)

    def _location(self, event: Event) -> Location:
        return SourceMap(self.file, None, mark(event.start_mark)).of_value(())

    def _stop(self, event: Event, rule: Rule, message: str, remedy: str) -> NoReturn:
        raise _StopReading(error(rule, message, remedy, self._location(event)))

    def _too_deep(self, event: Event) -> NoReturn:
        self._stop(event, InputRule.TOO_DEEP, f"maps and lists are nested more than {MAX_DEPTH} deep", "flatten it")

    def _function(self, event: ScalarEvent | CollectionStartEvent) -> str:
        """Return the function of CloudFormation that a tag is the short form of; other tags are refused."""
        function = scalars.function_of(str(event.tag)) if self._functions else None
        return function or self._refuse_tag(event)

    def _call(self, function: str, argument: Node, event: ScalarEvent | CollectionStartEvent) -> YamlMap:
        call, at = YamlMap(), mark(event.start_mark)
        call.put(function, at, argument, at)
        return call

    def _refuse_tag(self, event: ScalarEvent | CollectionStartEvent) -> NoReturn:
        name = f"the tag {code(str(event.tag))}" if self.quotes else "this tag"
        self._stop(event, InputRule.TAG, f"{name} is not supported here", "remove it")


def _ignore(_: Event) -> None:
    """Ignore an event without content."""
