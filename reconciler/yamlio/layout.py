"""Give a YAML text its canonical layout, and change nothing of what it means.

The canon is what `emit` writes: two columns for each level, lists included; quotes only where YAML needs them; known
keys in the order of the format. What has no canon stays as it is: comments, blank lines, blocks, anchors, the choice
between plain and quoted for texts that can be either, and line breaks within braces. The new text has been read again:
it holds exactly the same trees.

    layout          the text as a whole: line ends, the order of keys tried and given up, the check
    layout_lines    the indentation and the changes of each line
    layout_marks    a tree of spans -> where each line belongs, and what changes in it
    layout_scalars  the quotes of a key or value; maps and lists in braces
    layout_order    entries in the order of their keys

Pure.
"""

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from reconciler.yamlio import parse
from reconciler.yamlio.layout_lines import arranged_lines
from reconciler.yamlio.layout_order import NO_ORDER, KeyOrder, is_ordered, reordered
from reconciler.yamlio.nodes import SourceMap
from reconciler.yamlio.spans import spans

_BOM: Final = b"\xef\xbb\xbf"

OrderOf: TypeAlias = Callable[[object], KeyOrder]
"""The order of the keys of a document, given its tree."""


class LayoutError(Exception):
    """No text in canonical layout was found that means the same."""


def layout(content: bytes, documents: Sequence[SourceMap], order_of: OrderOf) -> bytes:
    """Return a file in canonical layout; `documents` are those of the file, which `parse` reads without problems.

    The file keeps its byte order mark and its kind of line ends: CRLF if most lines end so. Raises LayoutError.
    """
    bom = _BOM if content.startswith(_BOM) else b""
    original = content.removeprefix(_BOM).decode()
    text = original.replace("\r\n", "\n").replace("\r", "\n")
    line_end = "\r\n" if original.count("\r\n") * 2 > text.count("\n") else "\n"
    orders = [order_of(places.root) for places in documents]
    # An anchor has to stay above its aliases: if it would not, the order of keys stays as well
    for tried in (orders, [NO_ORDER] * len(orders)):
        new = _arranged(text, documents, tried)
        if new is not None:
            return bom + new.replace("\n", line_end).encode()
    raise LayoutError


def _arranged(text: str, documents: Sequence[SourceMap], orders: Sequence[KeyOrder]) -> str | None:
    """Return the text with its lines and keys in place; None if it would not mean the same."""
    try:
        roots = spans(text)
        new = arranged_lines(text, roots, [places.root for places in documents], orders)
        if not all(map(is_ordered, roots, orders)):
            new = reordered(new, spans(new), orders)
    except ValueError:  # not even YAML any more
        return None
    reading = parse.read(new.encode(), "")
    return new if not reading.diagnostics and _same(reading.documents, documents) else None


def _same(new: Sequence[SourceMap], old: Sequence[SourceMap]) -> bool:
    return [places.root for places in new] == [places.root for places in old]
