"""Values as pieces of YAML that read back as exactly these values.

Promise: whatever a text holds (but lone surrogates, which UTF-8 has no bytes for), a reader of YAML 1.1 or 1.2 gets the
same text from what is written here, and ours gets it after placeholders were put in: a `${{` in a value is escaped. Of
the styles that do, the first that fits: plain, quoted, a literal block for several lines, double quotes with escapes
for what a block cannot hold (carriage returns, control and invisible characters). Lines are never folded. Pure.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from reconciler.quoting import HIDDEN, escape, escaped, inline, is_safe, key, one_line
from reconciler.quoting import double_quoted as double_quoted_as_is

__all__ = ["double_quoted", "escaped", "inline", "is_safe", "key"]

STEP: Final = 2
"""Columns that each level is indented by."""

_LONGEST_KEY: Final = 1000
"""YAML takes keys of up to 1024 characters without a `?` before them (chapter 7.4)."""

_LONGEST_LINE: Final = 100
"""From here on a double-quoted text of several lines goes on over several lines."""

_INDICATED: Final = re.compile(r"[ \t\n]")
_BLANK_END: Final = re.compile(r"(?:\A|\n)[ \t]*\Z")


@dataclass(frozen=True, slots=True)
class Raw:
    """YAML on one line, put in as it is."""

    yaml: str


@dataclass(frozen=True, slots=True)
class Commented:
    """A node with comment lines above its key; a comment is one line of any text."""

    comments: Sequence[str]
    node: "Node"


Node: TypeAlias = "str | Raw | Commented | Mapping[str, Node] | tuple[Mapping[str, Node], ...]"


def lines(entries: Mapping[str, Node], indent: int, step: int = STEP) -> Iterator[str]:
    """A block map, its keys in this column, without line ends. An empty one has no lines: `{}` is its parent's."""
    for name, node in entries.items():
        comments, content = (node.comments, node.node) if isinstance(node, Commented) else ((), node)
        for comment in comments:
            yield f"{' ' * indent}# {harmless(comment)}"
        yield from _entry(key(name), content, indent, step)


def _entry(name: str, node: Node, indent: int, step: int) -> Iterator[str]:
    pad = " " * indent
    if len(name) > _LONGEST_KEY:
        yield f"{pad}? {name}"
        name = ""
    match node:
        case Commented():
            yield from _entry(name, node.node, indent, step)
        case Raw():
            yield f"{pad}{name}: {node.yaml}"
        case str():
            yield from f"{pad}{name}: {value(node, indent + step, step)}".split("\n")
        case Mapping() if node:
            yield f"{pad}{name}:"
            yield from lines(node, indent + step, step)
        case tuple() if node:
            yield f"{pad}{name}:"
            yield from _items(node, indent + step, step)
        case _:
            yield f"{pad}{name}: {'{}' if isinstance(node, Mapping) else '[]'}"


def _items(nodes: Iterable[Mapping[str, Node]], indent: int, step: int) -> Iterator[str]:
    for node in nodes:
        mark = f"{' ' * indent}- "
        for line in lines(node, indent + STEP, step):
            yield mark + line[len(mark) :] if line else ""
            mark = " " * len(mark)


def flow_map(entries: Mapping[str, str]) -> Raw:
    """`{name: value}` on one line; the names are plain words."""
    return Raw(f"{{{', '.join(f'{name}: {inline(text)}' for name, text in entries.items())}}}")


def flow_list(texts: Iterable[str]) -> Raw:
    """`[one, two]` on one line."""
    return Raw(f"[{', '.join(map(inline, texts))}]")


def value(text: str, indent: int, step: int = STEP) -> str:
    """A value of a block map, after `key: `; its further lines begin in column `indent`, `step` to the key's right."""
    text = escaped(text)
    if "\n" not in text:
        return one_line(text)
    return _literal(text, indent, step) if _fits_literal(text) else _double_quoted_lines(text, indent)


def block(text: str, indent: int, step: int = STEP) -> str | None:
    """As `value`, but a literal block even for a single line; None where there can be none."""
    text = escaped(text)
    return _literal(text, indent, step) if text.strip() and _fits_literal(text) else None


def double_quoted(text: str) -> str:
    """A value on one line, in double quotes whether it needs them or not."""
    return double_quoted_as_is(escaped(text))


def harmless(text: str) -> str:
    """A text on one line, with escapes for what does not print; for comments."""
    return HIDDEN.sub(escape, text.replace("\n", "\\n"))


def _double_quoted_lines(text: str, indent: int) -> str:
    """Line by line as the text has them: a backslash joins the lines, and one before a blank keeps it."""
    whole = double_quoted_as_is(text)
    if len(whole) <= _LONGEST_LINE:
        return whole
    pieces = [double_quoted_as_is(piece)[1:-1] for piece in re.findall(r"[^\n]*\n|[^\n]+", text)]
    rest = [f"\\{piece}" if piece.startswith(" ") else piece for piece in pieces[1:]]
    joint = f"\\\n{' ' * indent}"
    return f'"{joint.join([pieces[0], *rest])}"'


def _fits_literal(text: str) -> bool:
    # A last line of blanks alone would be there, and nobody would see it.
    return not HIDDEN.search(text) and not _BLANK_END.search(text.rstrip("\n"))


def _literal(text: str, indent: int, step: int) -> str:
    indicator = str(step) if _INDICATED.match(text) else ""
    chomping = "-" if not text.endswith("\n") else "+" if text.endswith("\n\n") else ""
    pad = " " * indent
    body = "\n".join(f"{pad}{line}" if line else "" for line in text.removesuffix("\n").split("\n"))
    return f"|{indicator}{chomping}\n{body}"
