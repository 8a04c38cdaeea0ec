"""Choose the quotes of keys and values, and write maps and lists in braces on one line.

Quotes that YAML does not need are dropped around simple words, others get the style of `emit`. A plain text stays
plain, unless a reader of YAML 1.1 would take it for a number or a truth value. Pure.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from reconciler import quoting
from reconciler.yamlio.layout_order import KeyOrder, in_order
from reconciler.yamlio.spans import Alias, List, Map, MapEntry, Node, Scalar

_QUOTES: Final = ("'", '"')
_PROPERTIES: Final = ("&", "!", "*", "?")
_AMBIGUOUS: Final = re.compile(r"[-+.]?[0-9][0-9a-fA-Fox_:.,+]*|[-+.]?\.?(?:inf|nan)|=|<<", re.IGNORECASE)
"""Matches what is text here, but may be a number in YAML 1.1. Dates stay plain: most people write them so."""


def new_value(written: str, value: object) -> str:
    """Return how a single-line value without anchor and tag is written."""
    if written[0] in _QUOTES:
        return _quoted(written, str(value), _styled)
    if isinstance(value, str) and (not quoting.is_safe(value) or _AMBIGUOUS.fullmatch(value)):
        return _styled(value)
    return written


def new_key(written: str, key: str, *, in_braces: bool = False) -> str:
    """Return how a key is written."""
    if "${{" in key or not written or written[0] in _PROPERTIES:
        return written
    if written[0] in _QUOTES:
        return _quoted(written, key, quoting.inline if in_braces else quoting.key)
    return written if quoting.is_safe(key) else quoting.key(key)


def _quoted(written: str, text: str, style: Any) -> str:  # noqa: ANN401 - a function of one text
    # Whoever writes an escape wants it to be seen
    return written if written[0] == '"' and "\\" in written else str(style(text))


def _styled(text: str) -> str:
    """Return a value with its placeholders as they are."""
    style = quoting.style_of(text)
    if style == '"':
        return quoting.double_quoted(text)
    return "'{}'".format(text.replace("'", "''")) if style else text


def in_braces(text: str, node: Map | List, tree: Any, order: KeyOrder) -> str | None:  # noqa: ANN401 - a tree
    """Return a map or list in braces that is on one line, in canonical layout.

    None if it is written in a way that is better left alone: with anchors or tags, with empty values, or as the single
    pair that YAML allows within brackets.
    """
    if text[node.start] not in "{[":
        return None
    if isinstance(node, List):
        items = [_part(text, item, tree[number], order.below(number)) for number, item in enumerate(node.items)]
        return None if None in items else f"[{', '.join(map(str, items))}]"
    parts = {key: _entry(text, key, entry, tree[key], order) for key, entry in node.entries.items()}
    return None if None in parts.values() else f"{{{', '.join(str(parts[key]) for key in in_order(parts, order))}}}"


def _entry(text: str, key: str, entry: MapEntry, tree: Any, order: KeyOrder) -> str | None:  # noqa: ANN401 - a tree
    name = text[entry.start : entry.key_end]
    value = _part(text, entry.value, tree, order.below(key))
    if value is None or not name or name[0] in _PROPERTIES:
        return None
    return f"{new_key(name, key, in_braces=True)}: {value}"


def _part(text: str, node: Node, tree: Any, order: KeyOrder) -> str | None:  # noqa: ANN401 - a tree
    if isinstance(node, Map | List):
        return in_braces(text, node, tree, order)
    written = text[node.start : node.end]
    if not written or isinstance(node, Alias) or written[0] in _PROPERTIES:
        return None
    return new_value(written, tree)


def single_lines(text: str, node: Node, tree: Any) -> Iterator[tuple[int, int, str]]:  # noqa: ANN401 - a tree
    """Yield the changes of the keys and values within braces that are on several lines: start, end, new text."""
    if isinstance(node, Map):
        for key, entry in node.entries.items():
            written = text[entry.start : entry.key_end]
            if "\n" not in written:
                yield entry.start, entry.key_end, new_key(written, key, in_braces=True)
            yield from single_lines(text, entry.value, tree[key])
    elif isinstance(node, List):
        for number, item in enumerate(node.items):
            yield from single_lines(text, item, tree[number])
    elif isinstance(node, Scalar) and (written := text[node.start : node.end]) and is_simple(written):
        yield node.start, node.end, new_value(written, tree)


def is_simple(written: str) -> bool:
    """Whether a scalar is on one line, and has neither an anchor nor a tag."""
    return "\n" not in written and written[0] not in _PROPERTIES
