"""`${{ vars.NAME }}` and `${{ env.NAME }}` in a manifest's scalars.

Promise: `substitute` turns the tree that was written into the one that it stands for, before its shape is looked at, so
that a placeholder may stand wherever a value may. Today there are no variables: every placeholder is refused, never
passed on as text, and `$${{` becomes a literal `${{`. Works in place: the tree is nobody else's yet. Places stay.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from reconciler.diagnostics import Diagnostic, error
from reconciler.resolve.nodes import Path, Places, YamlList, YamlMap

_OPEN: Final = "${{"
_ESCAPED: Final = "$${{"


def substitute(places: Places) -> tuple[Diagnostic, ...]:
    """Substitute in a document, once in what aliases share, and give what is wrong."""
    if not isinstance(places.root, YamlMap | YamlList):
        return ()
    return tuple(found for path in _mentions(places.root, set()) for found in _substituted(places, path))


def _mentions(node: YamlMap | YamlList, done: set[int]) -> list[Path]:
    """The entries below this node whose key or scalar has a placeholder."""
    if id(node) in done:
        return []
    done.add(id(node))
    entries: Iterable[tuple[Any, Any]] = node.items() if isinstance(node, YamlMap) else enumerate(node)
    found: list[Path] = []
    for step, value in entries:
        if isinstance(value, (YamlMap, YamlList)):
            found += [(step, *below) for below in _mentions(value, done)]
        if (isinstance(value, str) and _OPEN in value) or (isinstance(step, str) and _OPEN in step):
            found.append((step,))
    return found


def _opens(text: object) -> bool:
    return isinstance(text, str) and _OPEN in text


def _substituted(places: Places, path: Path) -> Iterator[Diagnostic]:
    around: Any = places.node(path[:-1])
    step = path[-1]
    if _opens(step):
        remedy = "write the key out; placeholders stand in values"
        yield error("placeholder", "a placeholder cannot stand in a key", remedy, places.of_key(path))
    if _opens(around[step]):
        if _OPEN in around[step].replace(_ESCAPED, ""):
            yield _not_yet(places, path)
        around[step] = around[step].replace(_ESCAPED, _OPEN)


def _not_yet(places: Places, path: Path) -> Diagnostic:
    remedy = "write the value out, or `$${{` for text that holds `${{`"
    return error("not-yet", "placeholders (`${{ ... }}`) are not available yet", remedy, places.of_value(path))
