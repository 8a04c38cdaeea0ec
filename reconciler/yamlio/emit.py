"""Values as YAML that reads back as exactly these values: written by ruamel.yaml's emitter, in styles chosen here.

Whatever a text holds (but lone surrogates, which UTF-8 has no bytes for), a reader of YAML 1.1 or 1.2 gets the same
text from what is written here, and ours gets it after placeholders were put in: a `${{` in a value is escaped. Of the
styles that do, the first that fits: plain, quoted, a literal block for several lines, double quotes with escapes for
what a block cannot hold (carriage returns, control and invisible characters). Lines are never folded. Pure.

`_Emitter` corrects the emitter of ruamel.yaml 0.19 where what it writes means something else, or hides something.
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
"""Columns that each level is indented by."""

_DASH: Final = len("- ")

DEEPEST: Final = 9
"""The most columns that a block can say it is indented by (YAML 1.2, chapter 8.1.1.1)."""

_LONGEST_LINE: Final = 100
"""From here on a double-quoted text of several lines goes on over several lines."""

_BLANK_END: Final = re.compile(r"(?:\A|\n)[ \t]*\Z")


@dataclass(frozen=True, slots=True)
class Flow:
    """Texts in braces or brackets, on one line."""

    content: Mapping[str, str] | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Commented:
    """A node with comment lines above its key; a comment is one line of any text."""

    comments: Sequence[str]
    node: "Node"


class _Block(str):
    """A text that is written as a literal block, even one of a single line."""

    __slots__ = ()


Node: TypeAlias = "str | Flow | Commented | Mapping[str, Node] | tuple[Mapping[str, Node], ...]"


def flow_map(entries: Mapping[str, str]) -> Flow:
    """`{name: value}` on one line."""
    return Flow(entries)


def flow_list(texts: Iterable[str]) -> Flow:
    """`[one, two]` on one line."""
    return Flow(tuple(texts))


def written(documents: Iterable[Mapping[str, Node]], step: int = STEP) -> str:
    """Block maps as the documents of one text, which ends with a line end."""
    stream = StringIO()
    emitter = _Emitter(stream, step)
    for event in _stream(documents, step):
        emitter.emit(event)
    return stream.getvalue()


def lines(entries: Mapping[str, Node], indent: int, step: int = STEP) -> Iterator[str]:
    """A block map, its keys in this column, without line ends. An empty one has no lines: `{}` is its parent's."""
    if entries:
        for line in written([entries], step).removesuffix("\n").split("\n"):
            yield f"{' ' * indent}{line}" if line else ""


def value(text: str, indent: int, step: int = STEP) -> str:
    """A value of a block map, after `key: `; its further lines begin in column `indent`, `step` to the key's right."""
    return _value(text, indent, step)


def block(text: str, indent: int, step: int = STEP) -> str | None:
    """As `value`, but a literal block even for a single line; None where there can be none."""
    return _value(_Block(text), indent, step) if text.strip() and _fits_literal(escaped(text), step) else None


def size(node: Node) -> int:
    """The characters of all values in a node, of which the text is longer."""
    if isinstance(node, str):
        return len(node)
    if isinstance(node, Commented):
        return size(node.node)
    content = node.content if isinstance(node, Flow) else node
    return sum(map(size, content.values() if isinstance(content, Mapping) else content))


def double_quoted(text: str) -> str:
    """A value on one line, in double quotes whether it needs them or not."""
    return double_quoted_as_is(escaped(text))


def harmless(text: str) -> str:
    """A text on one line, with escapes for what does not print; for comments."""
    return HIDDEN.sub(escape, text.replace("\n", "\\n"))


def _value(node: Node, indent: int, step: int) -> str:
    return "\n".join(lines({"k": node}, indent - step, step)).lstrip().removeprefix("k: ")


# Events


def _stream(documents: Iterable[Mapping[str, Node]], step: int) -> Iterator[Event]:
    # Without the end of the stream, where the emitter writes `...` behind a block that keeps its last line ends
    yield StreamStartEvent()
    for number, entries in enumerate(documents):
        yield DocumentStartEvent(explicit=number > 0)
        yield from _map(entries, 0, step)
        yield DocumentEndEvent(explicit=False)


def _map(entries: Mapping[str, Node], column: int, step: int) -> Iterator[Event]:
    yield MappingStartEvent(None, None, implicit=True, flow_style=False)
    for name, node in entries.items():
        comments, content = (node.comments, node.node) if isinstance(node, Commented) else ((), node)
        yield _scalar(name, style_of(name, is_key=True), [f"# {harmless(one)}" for one in comments], column)
        yield from _node(content, column + step, step)
    yield MappingEndEvent()


def _node(node: Node, column: int, step: int) -> Iterator[Event]:
    match node:
        case _Block():
            yield _scalar(escaped(node), "|")
        case str():
            text = escaped(node)
            yield _scalar(text, "|" if "\n" in text and _fits_literal(text, step) else style_of(text))
        case Flow():
            yield from _flow(node.content)
        case Commented():
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
        yield from (_scalar(escaped(text), style_of(escaped(text))) for text in content)
        yield SequenceEndEvent()
    else:
        yield MappingStartEvent(None, None, implicit=True, flow_style=True)
        for name, text in content.items():
            yield _scalar(name, style_of(name))
            yield _scalar(escaped(text), style_of(escaped(text)))
        yield MappingEndEvent()


_TEXT: Final = Tag(suffix="tag:yaml.org,2002:str")


def _scalar(text: str, style: str, comments: Sequence[str] = (), column: int = 0) -> ScalarEvent:
    above = [CommentToken(f"{line}\n", CommentMark(column)) for line in comments]
    return ScalarEvent(None, _TEXT, (True, True, True), text, style=style, comment=[None, above] if above else None)


def _fits_literal(text: str, step: int) -> bool:
    # A last line of blanks alone would be there, and nobody would see it.
    return step <= DEEPEST and not HIDDEN.search(text) and not _BLANK_END.search(text.rstrip("\n"))


class _Emitter(Emitter):
    """ruamel.yaml's emitter, with corrections."""

    MAX_SIMPLE_KEY_LENGTH = 170
    """Longer keys begin with `? `: without it YAML takes 1,024 characters (chapter 7.4), and an escape has six."""

    use_version = None
    """The version of YAML, for which an emitter asks its serializer; this one has none and so asks itself."""

    def __init__(self, stream: StringIO, step: int) -> None:
        super().__init__(stream, allow_unicode=True, width=sys.maxsize, block_seq_indent=step)
        self.best_map_indent = step
        self.best_sequence_indent = step + _DASH

    def analyze_scalar(self, scalar: str) -> ScalarAnalysis:
        """As it is, but not of a block, for which half of the time went into answers that nobody asks for."""
        if self.event.style == "|":
            return ScalarAnalysis(scalar, not scalar, "\n" in scalar, False, False, False, True, True)
        analysis: ScalarAnalysis = super().analyze_scalar(scalar)
        return analysis

    def determine_block_hints(self, text: str) -> tuple[str, int, str]:
        """What stands behind the `|`: the indentation where the first line does not show it, and the chomping.

        ruamel.yaml always writes 2 for the indentation, and none before a tab, where libyaml asks for it.
        """
        _, indent, chomping = super().determine_block_hints(text)
        step = str(self.best_map_indent) if text[0] in " \t\n" else ""
        return step + chomping, indent, chomping

    def write_double_quoted(self, text: str, split: bool = True) -> None:
        """A line for each line of the text, or a single one where `split` is False and in braces.

        ruamel.yaml writes characters without a width, and those that reverse the text, as they are: nobody sees them.
        """
        first, *others = self._double_quoted(text) if split and not self.flow_level else [double_quoted_as_is(text)]
        self.write_indicator(first, need_whitespace=True)
        for line in others:
            self.write_indent()
            self.write_indicator(line, need_whitespace=False)

    @staticmethod
    def _double_quoted(text: str) -> list[str]:
        """Line by line as the text has them: a backslash joins the lines, and one before a blank keeps it."""
        whole = double_quoted_as_is(text)
        if len(whole) <= _LONGEST_LINE:
            return [whole]
        pieces = [double_quoted_as_is(piece)[1:-1] for piece in re.findall(r"[^\n]*\n|[^\n]+", text)]
        first, *others = [f"{piece}\\" for piece in pieces[:-1]] + pieces[-1:]
        rest = [f"\\{piece}" if piece.startswith(" ") else piece for piece in others]
        return [f'"{first}', *rest[:-1], f'{rest[-1]}"'] if rest else [f'"{first}"']
