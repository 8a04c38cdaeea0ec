"""Edit YAML and JSON documents of other tools, in which `${{` is no placeholder.

`edit_maps` leaves everything outside of the named maps byte for byte as it is. In YAML only the edited values change
(`edit`); in JSON the map is written anew, with its keys in the same order and indented like the rest. The result has
been read again. Pure.
"""

import copy
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from reconciler.quoting import HIDDEN, escape
from reconciler.yamlio import parse
from reconciler.yamlio.edit import Edit, EditResult, RejectedEdit, apply_edits
from reconciler.yamlio.flow import Content
from reconciler.yamlio.nodes import Path
from reconciler.yamlio.spans import Map, Node, spans
from reconciler.yamlio.tree_changes import child

_BOM: Final = b"\xef\xbb\xbf"
_PRIVATE_USE: Final = range(0xE000, 0xF900)
_PLACEHOLDER: Final = "${{"
_STEP: Final = re.compile(r"\A\s*\{\r?\n([ \t]+)\"")
_INDENT: Final = re.compile(r"[ \t]*")


def edit_maps(content: bytes, edits_by_map: Mapping[Path, Sequence[Edit]]) -> EditResult:
    """Return the content of a file of one document with these edits, each inside the map at a path.

    The parent of each map exists.
    """
    text = content.removeprefix(_BOM).decode()
    tree = _json(text)
    if tree is None:
        return _in_yaml(content, text, [edit for edits in edits_by_map.values() for edit in edits])
    source, intended = _JsonText(text), copy.deepcopy(tree)
    for edits in edits_by_map.values():
        for edit in edits:
            _apply(intended, edit)
    changed = source.with_maps({path: _at(intended, path) for path in edits_by_map})
    if _json(changed) != intended:
        return EditResult(content, _rejected(edits_by_map, "it cannot be inserted into the surrounding text"))
    result = content[: len(content) - len(content.removeprefix(_BOM))] + changed.encode()
    if parse.read(result, "").diagnostics:
        return EditResult(content, _rejected(edits_by_map, "a key has more than 1,024 characters"))
    return EditResult(result)


def _rejected(edits_by_map: Mapping[Path, Sequence[Edit]], reason: str) -> tuple[RejectedEdit, ...]:
    return tuple(RejectedEdit(edit, reason) for edits in edits_by_map.values() for edit in edits)


def _json(text: str) -> Any:  # noqa: ANN401 - whatever a document holds
    """Return the object that a text is in JSON; None if it is YAML only."""
    try:
        tree = json.loads(text)
    except ValueError:
        return None
    return tree if isinstance(tree, dict) else None


def _at(tree: Any, path: Path) -> Any:  # noqa: ANN401 - whatever a document holds
    for step in path:
        tree = tree[step]
    return tree


def _apply(tree: Any, edit: Edit) -> None:  # noqa: ANN401 - whatever a document holds
    *parents, last = edit.path
    for step in parents:
        if not isinstance(step, int) and not isinstance(tree.get(step), dict | list):
            tree[step] = {}
        tree = tree[step]
    if edit.content is None:
        tree.pop(last, None)
    else:
        tree[last] = copy.deepcopy(edit.content)


# YAML


def _in_yaml(content: bytes, text: str, edits: Sequence[Edit]) -> EditResult:
    """Edit with a character in each placeholder that our own reader would escape, and remove it again."""
    stand_in = next(character for character in map(chr, _PRIVATE_USE) if character not in text)
    hidden = [replace(edit, content=_split(edit.content, f"${stand_in}{{{{")) for edit in edits]
    originals = dict(zip(map(id, hidden), edits, strict=True))
    result = apply_edits(content, hidden, is_foreign=True)
    rejected = tuple(replace(refused, edit=originals[id(refused.edit)]) for refused in result.rejected)
    return EditResult(result.content.decode().replace(stand_in, "").encode(), rejected)


def _split(content: Content | None, parts: str) -> Content | None:
    if isinstance(content, str):
        return content.replace(_PLACEHOLDER, parts)
    if isinstance(content, Mapping):
        return {key: _split(value, parts) or "" for key, value in content.items()}
    return content


# JSON


class _JsonText:
    """A document in JSON: its text, its spans, and how it is indented."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._root = spans(text)[0]
        step = _STEP.match(text)
        self._step = step[1] if step else None
        self._eol = "\r\n" if "\r\n" in text else "\n"

    def with_maps(self, maps: Mapping[Path, object]) -> str:
        """Return the text with the maps at these paths replaced or added."""
        pieces, start = [], 0
        for at, end, new in sorted(self._splice(path, content) for path, content in maps.items()):
            pieces += [self._text[start:at], new]
            start = end
        return "".join([*pieces, self._text[start:]])

    def _splice(self, path: Path, content: object) -> tuple[int, int, str]:
        name, parent = str(path[-1]), self._map(path[:-1])
        if name in parent.entries:
            entry = parent.entries[name]
            return entry.value.start, entry.value.end, self._dump(content, self._indent(entry.start))
        if not parent.entries:
            return parent.start + 1, parent.start + 1, f"{json.dumps(name)}: {self._dump(content, None)}"
        last = list(parent.entries.values())[-1]
        indent = self._indent(last.start)
        between = " " if indent is None else f"{self._eol}{indent}"
        return last.end, last.end, f",{between}{json.dumps(name)}: {self._dump(content, indent)}"

    def _map(self, path: Path) -> Map:
        node: Node | None = self._root
        for step in path:
            node = child(node, step) if node else None
        if not isinstance(node, Map):
            raise TypeError(f"no map is at {path}")
        return node

    def _indent(self, start: int) -> str | None:
        """Return the indentation of the line that a key begins, None if it does not begin one."""
        line = self._text.rfind("\n", 0, start) + 1
        indent = self._text[line:start]
        return indent if line and _INDENT.fullmatch(indent) else None

    def _dump(self, content: object, indent: str | None) -> str:
        step = None if indent is None else self._step
        dumped = json.dumps(content, indent=step, ensure_ascii=self._text.isascii())
        return f"{self._eol}{indent}".join(HIDDEN.sub(escape, line) for line in dumped.split("\n"))
