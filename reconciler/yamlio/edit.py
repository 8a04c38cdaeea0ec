"""Edit a manifest and leave everything else byte for byte as it is.

`apply_edits` returns the content of a file with the edits made, and the rejected edits with their reasons. The new
content has been read again: it holds exactly the intended trees, and differs from the old one only where something was
inserted, replaced or removed. Nothing that aliases share with other places is ever changed. Pure.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from reconciler.wording import shown
from reconciler.yamlio import emit, parse
from reconciler.yamlio.flow import Content
from reconciler.yamlio.nodes import Path
from reconciler.yamlio.scalars import is_writable_key
from reconciler.yamlio.spans import Alias, List, Map, Node, Scalar, spans
from reconciler.yamlio.splice import Unspliceable, apply_splices, make_splices
from reconciler.yamlio.tree_changes import Changes, Replacement, child

_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Edit:
    """The new content at a path of a document (by its number in the file), None to remove it.

    Missing parents are added. Texts are literal: a `${{` in them is escaped.
    """

    document: int
    path: Path
    content: Content | None


@dataclass(frozen=True, slots=True)
class RejectedEdit:
    """An edit that was not made, and the reason."""

    edit: Edit
    reason: str


@dataclass(frozen=True, slots=True)
class EditResult:
    """The content after the edits; unchanged if all were rejected or there was nothing to do."""

    content: bytes
    rejected: tuple[RejectedEdit, ...] = ()


def apply_edits(content: bytes, edits: Sequence[Edit], *, is_foreign: bool = False) -> EditResult:
    """Return the content of a file with these edits.

    `is_foreign`: it is no manifest but a document of another tool, which may have any key, and functions as tags.
    """
    source = _ManifestSource.of(content, is_foreign=is_foreign)
    if source is None:
        return EditResult(content, tuple(RejectedEdit(edit, "the file has errors") for edit in edits))
    reasons = [source.rejection_reason(edit) for edit in edits]
    rejected = [RejectedEdit(edit, reason) for edit, reason in zip(edits, reasons, strict=True) if reason]
    accepted = [edit for edit, reason in zip(edits, reasons, strict=True) if not reason]
    new_content = source.content_with(accepted) if accepted else content
    if new_content is not None:
        return EditResult(new_content, tuple(rejected))
    for group in source.groups(accepted):
        # Each group alone, so that edits which cannot be made do not stop others
        source = _ManifestSource.of(content, is_foreign=is_foreign)
        new_content = (source.content_with(group) or source.content_with(group, on_one_line=True)) if source else None
        if new_content is None:
            rejected += [RejectedEdit(edit, "it cannot be inserted into the surrounding text") for edit in group]
        else:
            content = new_content
    return EditResult(content, tuple(rejected))


@dataclass(frozen=True, slots=True)
class _ManifestSource:
    """A valid file: its text, and for each document its values, their spans, and the anchors that aliases use."""

    text: str
    bom: bytes
    trees: tuple[object, ...]
    roots: tuple[Node, ...]
    shared: tuple[frozenset[str], ...]
    is_foreign: bool

    @classmethod
    def of(cls, content: bytes, *, is_foreign: bool) -> "_ManifestSource | None":
        result = parse.read(content, "", functions=is_foreign)
        if result.diagnostics:
            return None
        bom = _BOM if content.startswith(_BOM) else b""
        text = content.removeprefix(_BOM).decode()
        roots = spans(text)
        trees = tuple(places.root for places in result.documents)
        return cls(text, bom, trees, roots, tuple(map(_aliased_anchors, roots)), is_foreign)

    def rejection_reason(self, edit: Edit) -> str | None:
        """Return why an edit must not be made, None if it may."""
        if edit.document >= len(self.roots):
            return "there is no such document"
        node: Node | None = self.roots[edit.document]
        shared = self.shared[edit.document]
        for step in edit.path:
            reason = _locked_reason(node, shared)
            if reason:
                return reason
            node = child(node, step) if node else None
        if (
            node
            and shared
            and any(inner.anchor in shared for inner in _nodes_below(node) if not isinstance(inner, Alias))
        ):
            return "other places share it through an alias"
        return next(_unwritable_reasons(edit, is_foreign=self.is_foreign), None)

    def groups(self, edits: Iterable[Edit]) -> list[list[Edit]]:
        """Return edits in groups: those that add to the same missing node belong together, any other is alone."""
        groups: dict[tuple[int, Path], list[Edit]] = {}
        for edit in edits:
            groups.setdefault((edit.document, self._missing_path(edit)), []).append(edit)
        return list(groups.values())

    def _missing_path(self, edit: Edit) -> Path:
        """Return the path up to the first missing node; in a list, all new items count as one."""
        node: Node | None = self.roots[edit.document]
        for depth, step in enumerate(edit.path):
            inner = child(node, step) if node else None
            if inner is None:
                return edit.path[:depth] if isinstance(step, int) else edit.path[: depth + 1]
            node = inner
        return edit.path

    def content_with(self, edits: Sequence[Edit], *, on_one_line: bool = False) -> bytes | None:
        """Return the content with the edits, None if it would not read back as intended."""
        changes = [_changes(edits, number) for number in range(len(self.roots))]
        try:
            edited = [
                splice
                for root, inner in zip(self.roots, changes, strict=True)
                for splice in (make_splices(self.text, root, inner, on_one_line=on_one_line) if inner else ())
            ]
            content = self.bom + apply_splices(self.text, edited).encode()
        except Unspliceable:
            return None
        result = parse.read(content, "", functions=self.is_foreign)
        intended = [_intended_tree(tree, inner) for tree, inner in zip(self.trees, changes, strict=True)]
        if result.diagnostics or [places.root for places in result.documents] != intended:
            return None
        return content


def _locked_reason(node: Node | None, shared: frozenset[str]) -> str | None:
    """Return why nothing inside a node may be changed, None if it may."""
    match node:
        case Alias():
            return f"it is inside `*{shown(node.anchor)}`, which other places share"
        case Map() | List() if node.anchor in shared:
            return f"it is inside `&{shown(str(node.anchor))}`, which other places share through an alias"
        case Scalar():
            return "there is a single value where a map is needed"
        case _:
            return None


def _aliased_anchors(root: Node) -> frozenset[str]:
    return frozenset(node.anchor for node in _nodes_below(root) if isinstance(node, Alias))


def _nodes_below(node: Node) -> Iterator[Node]:
    yield node
    match node:
        case Map():
            for entry in node.entries.values():
                yield from _nodes_below(entry.value)
        case List():
            for item in node.items:
                yield from _nodes_below(item)
        case _:
            pass


def _unwritable_reasons(edit: Edit, *, is_foreign: bool) -> Iterator[str]:
    steps = [step for step in edit.path if isinstance(step, str)]
    keys, texts = _keys_and_texts(edit.content)
    if edit.content is not None and not is_foreign and not all(map(is_writable_key, [*steps, *keys])):
        yield "a key in it cannot be written in a manifest"
    if any("\ud800" <= character <= "\udfff" for text in texts for character in text):
        yield "it is not valid Unicode text"


def _keys_and_texts(content: Content | None) -> tuple[list[str], list[str]]:
    """Return all keys and all values of a content."""
    match content:
        case None:
            return [], []
        case str():
            return [], [content]
        case tuple():
            parts = [_keys_and_texts(item) for item in content]
            return [key for keys, _ in parts for key in keys], [text for _, texts in parts for text in texts]
        case _:
            parts = [_keys_and_texts(value) for value in content.values()]
            keys = [*content, *(key for keys, _ in parts for key in keys)]
            return keys, [text for _, texts in parts for text in texts]


def _changes(edits: Iterable[Edit], document: int) -> Changes:
    """Merge the edits of one document into one tree of changes; the last edit of a path counts."""
    changes: Changes = {}
    for edit in edits:
        if edit.document == document:
            inner = changes
            for step in edit.path[:-1]:
                next_level = inner.setdefault(step, {})
                if isinstance(next_level, Replacement):
                    inner[step] = next_level = {}
                inner = next_level
            inner[edit.path[-1]] = Replacement(edit.content)
    return changes


_REMOVED: Final = object()


def _intended_tree(tree: Any, change: Changes | Replacement) -> Any:  # noqa: ANN401 - whatever a tree holds
    """Return the tree with the change made, computed from values alone, to check the edited text against."""
    if isinstance(change, Replacement):
        return _REMOVED if change.content is None else _plain_tree(change.content)
    steps = range(len(tree)) if isinstance(tree, list) else tree if isinstance(tree, dict) else ()
    kept = {step: _intended_tree(tree[step], change[step]) if step in change else tree[step] for step in steps}
    new = sorted((step for step in change if step not in kept), key=lambda step: (isinstance(step, str), step))
    added = {step: _intended_tree(None, change[step]) for step in new}
    entries = {step: value for step, value in (kept | added).items() if value is not _REMOVED}
    is_list = isinstance(tree, list) or (entries and all(isinstance(step, int) for step in entries))
    if tree is None and not entries:
        return _REMOVED
    return list(entries.values()) if is_list else entries


def _plain_tree(content: Content) -> object:
    match content:
        case str():
            return emit.escaped(content)
        case tuple():
            return [_plain_tree(item) for item in content]
        case _:
            return {key: _plain_tree(value) for key, value in content.items()}


def has_placeholder(text: object) -> bool:
    """Whether a value as written contains a placeholder that is not escaped."""
    return isinstance(text, str) and "${{" in text.replace("$${{", "")
