"""Write values as YAML that reads back as exactly these values, with ruamel.yaml's emitter and styles chosen here.

Readers of YAML 1.1 and 1.2 get the same text from what is written here, whatever it holds (lone surrogates excepted,
which UTF-8 cannot encode). Our own reader gets it after substitution of placeholders: a `${{` in a value is escaped.
The style is the first that fits: plain, quoted, a literal block for several lines, or double quotes with escapes for
what a block cannot hold (carriage returns, control and invisible characters). Lines are never folded. Pure.

`_Emitter` corrects the emitter of ruamel.yaml 0.19 where its output would mean something else or hide something.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Final, TypeAlias

from ruamel.yaml.emitter import Emitter, ScalarAnalysis
from ruamel.yaml.error import CommentMark
from ruamel.yaml.events import (
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamStartEvent,
)
from ruamel.yaml.tag import Tag
from ruamel.yaml.tokens import CommentToken

from reconciler.quoting import HIDDEN, escape, escaped, inline, is_safe, key, style_of
from reconciler.quoting import double_quoted as double_quoted_as_is

__all__ = ["double_quoted", "escaped", "inline", "is_safe", "key"]

STEP: Final = 2
"""Columns of indentation for each level."""

_DASH: Final = len("- ")

MAX_INDENT: Final = 9
"""The largest indentation that a block header can state (YAML 1.2, chapter 8.1.1.1)."""

_MAX_LINE: Final = 100
"""The length from which a double-quoted text with several lines is written on several lines."""

_BLANK_END: Final = re.compile(r"(?:\A|\n)[ \t]*\Z")


@dataclass(frozen=True, slots=True)
class Flow:
    """Texts in braces or brackets, on one line."""

    content: Mapping[str, str] | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CommentedNode:
    """A node with comment lines above its key; a comment is one line of any text."""

    comments: Sequence[str]
    node: "Node"


class PlaceholderText(str):
    """A text that is written as it is: its placeholders are placeholders, not escaped."""

    __slots__ = ()


class _Block(str):
    """A text to write as a literal block, even if it is a single line."""

    __slots__ = ()


Node: TypeAlias = "str | Flow | CommentedNode | Mapping[str, Node] | tuple[Mapping[str, Node], ...]"


def flow_map(entries: Mapping[str, str]) -> Flow:
    """Return `{name: value}` on one line."""
    return Flow(entries)


def flow_list(texts: Iterable[str]) -> Flow:
    """Return `[a, b]` on one line."""
    return Flow(tuple(texts))


def dump(documents: Iterable[Mapping[str, Node]], step: int = STEP) -> str:
    """Return block maps as the documents of one text, which ends with a line end."""
    stream = StringIO()
    emitter = _Emitter(stream, step)
    for event in _stream(documents, step):
        emitter.emit(event)
    return stream.getvalue()


def lines(entries: Mapping[str, Node], indent: int, step: int = STEP) -> Iterator[str]:
    """Yield the lines of a block map with its keys in this column, without line ends. An empty map has no lines."""
    if entries:
        for line in dump([entries], step).removesuffix("\n").split("\n"):
            yield f"{' ' * indent}{line}" if line else ""


def value(text: str, indent: int, step: int = STEP) -> str:
    """Return a value as written after `key: `; further lines begin in column `indent`, `step` columns after the key."""
    return _value(text, indent, step)


def block(text: str, indent: int, step: int = STEP) -> str | None:
    """Return a value like `value`, but as a literal block even for a single line; None if no block can hold it."""
    return _value(_Block(text), indent, step) if text.strip() and _fits_literal(escaped(text), step) else None


def size(node: Node) -> int:
    """Return the number of characters of all values in a node; its text will be longer."""
    if isinstance(node, str):
        return len(node)
    if isinstance(node, CommentedNode):
        return size(node.node)
    content = node.content if isinstance(node, Flow) else node
    return sum(map(size, content.values() if isinstance(content, Mapping) else content))


def double_quoted(text: str) -> str:
    """Return a value on one line, always in double quotes."""
    return double_quoted_as_is(escaped(text))


def escape_unprintable(text: str) -> str:
    """Return a text on one line, with escapes for unprintable characters; for comments."""
    return HIDDEN.sub(escape, text.replace("\n", "\\n"))


def _value(node: Node, indent: int, step: int) -> str:
    return "\n".join(lines({"k": node}, indent - step, step)).lstrip().removeprefix("k: ")


# Events


def _stream(documents: Iterable[Mapping[str, Node]], step: int) -> Iterator[Event]:
    # No end event: there the emitter writes `...` after a block that keeps its last line ends
    yield StreamStartEvent()
    for number, entries in enumerate(documents):
        yield DocumentStartEvent(explicit=number > 0)
        yield from _map(entries, 0, step)
        yield DocumentEndEvent(explicit=False)


def _map(entries: Mapping[str, Node], column: int, step: int) -> Iterator[Event]:
    yield MappingStartEvent(None, None, implicit=True, flow_style=False)
    for name, node in entries.items():
        comments, content = (node.comments, node.node) if isinstance(node, CommentedNode) else ((), node)
        yield _scalar(
            name, style_of(name, is_key=True), [f"# {escape_unprintable(comment)}" for comment in comments], column
        )
        yield from _node(content, column + step, step)
    yield MappingEndEvent()


def _node(node: Node, column: int, step: int) -> Iterator[Event]:
    match node:
        case _Block():
            yield _scalar(escaped(node), "|")
        case str():
            text = _written(node)
            yield _scalar(text, "|" if "\n" in text and _fits_literal(text, step) else style_of(text))
        case Flow():
            yield from _flow(node.content)
        case CommentedNode():
            yield from _node(node.node, column, step)
        case Mapping():
            yield from _map(node, column, step)
        case tuple():
            yield SequenceStartEvent(None, None, implicit=True, flow_style=False)
            for entries in node:
                yield from _map(entries, column + _DASH, step)
            yield SequenceEndEvent()


def _flow(content: Mapping[str, str] | tuple[str, ...]) -> Iterator[Event]:
    if isinstance(content, tuple):
        yield SequenceStartEvent(None, None, implicit=True, flow_style=True)
        yield from (_scalar(text, style_of(text)) for text in map(_written, content))
        yield SequenceEndEvent()
    else:
        yield MappingStartEvent(None, None, implicit=True, flow_style=True)
        for name, text in content.items():
            yield _scalar(name, style_of(name))
            yield _scalar(_written(text), style_of(_written(text)))
        yield MappingEndEvent()


def _written(text: str) -> str:
    return text if isinstance(text, PlaceholderText) else escaped(text)


_TEXT_TAG: Final = Tag(suffix="tag:yaml.org,2002:str")


def _scalar(text: str, style: str, comments: Sequence[str] = (), column: int = 0) -> ScalarEvent:
    above = [CommentToken(f"{line}\n", CommentMark(column)) for line in comments]
    return ScalarEvent(None, _TEXT_TAG, (True, True, True), text, style=style, comment=[None, above] if above else None)


def _fits_literal(text: str, step: int) -> bool:
    # A last line of blanks alone would be invisible.
    return step <= MAX_INDENT and not HIDDEN.search(text) and not _BLANK_END.search(text.rstrip("\n"))


class _Emitter(Emitter):
    """ruamel.yaml's emitter, with corrections."""

    MAX_SIMPLE_KEY_LENGTH = 170
    """Longer keys begin with `? `: without it YAML accepts 1,024 characters (chapter 7.4), and an escape has six."""

    use_version = None
    """The YAML version. ruamel.yaml's emitter reads it from its serializer; this one has none, so it is here."""

    def __init__(self, stream: StringIO, step: int) -> None:
        super().__init__(stream, allow_unicode=True, width=sys.maxsize, block_seq_indent=step)
        self.best_map_indent = step
        self.best_sequence_indent = step + _DASH

    def analyze_scalar(self, scalar: str) -> ScalarAnalysis:
        """Skip the analysis of blocks: it took half of the time, and its results are not used."""
        if self.event.style == "|":
            return ScalarAnalysis(scalar, not scalar, "\n" in scalar, False, False, False, True, True)
        analysis: ScalarAnalysis = super().analyze_scalar(scalar)
        return analysis

    def determine_block_hints(self, text: str) -> tuple[str, int, str]:
        """Return what follows the `|`: the indentation if the first line does not show it, and the chomping.

        ruamel.yaml always writes 2 for the indentation, and omits it before a tab, where libyaml needs it.
        """
        _, indent, chomping = super().determine_block_hints(text)
        step = str(self.best_map_indent) if text[0] in " \t\n" else ""
        return step + chomping, indent, chomping

    def write_double_quoted(self, text: str, split: bool = True) -> None:
        """Write a line for each line of the text, but a single one in braces and without `split`.

        ruamel.yaml does not escape characters without a width or those that reverse text, which are invisible.
        """
        first, *others = self._double_quoted(text) if split and not self.flow_level else [double_quoted_as_is(text)]
        self.write_indicator(first, need_whitespace=True)
        for line in others:
            self.write_indent()
            self.write_indicator(line, need_whitespace=False)

    @staticmethod
    def _double_quoted(text: str) -> list[str]:
        """Return the lines of a quoted text: a backslash at the end joins them, one at the start keeps a blank."""
        whole = double_quoted_as_is(text)
        if len(whole) <= _MAX_LINE:
            return [whole]
        pieces = [double_quoted_as_is(piece)[1:-1] for piece in re.findall(r"[^\n]*\n|[^\n]+", text)]
        first, *others = [f"{piece}\\" for piece in pieces[:-1]] + pieces[-1:]
        rest = [f"\\{piece}" if piece.startswith(" ") else piece for piece in others]
        return [f'"{first}', *rest[:-1], f'{rest[-1]}"'] if rest else [f'"{first}"']
