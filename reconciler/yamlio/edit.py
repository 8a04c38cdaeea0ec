"""Edits of a manifest that leave everything else byte for byte as it is.

Promise: `edited` gives the content of a file with the edits made, and those that it refused, each with its reason. What
it gives was read again: it holds exactly the intended trees, and differs from what was there only where something was
spliced in or out. What other places share through an alias is never changed. Pure.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from reconciler.wording import shown
from reconciler.yamlio import emit, parse
from reconciler.yamlio.flow import Content
from reconciler.yamlio.nodes import Path
from reconciler.yamlio.scalars import writable_key
from reconciler.yamlio.spans import Alias, List, Map, Node, Scalar, spans
from reconciler.yamlio.splice import Unspliceable, applied, splices
from reconciler.yamlio.tree_changes import Changes, Replacement, child

_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to stand at a path of a document (its number in the file); content None: nothing.

    What is missing on the way there is added. Texts are as they are meant: a `${{` in them is escaped.
    """

    document: int
    path: Path
    content: Content | None


@dataclass(frozen=True, slots=True)
class RejectedEdit:
    """An edit that was not made, and why."""

    edit: Edit
    reason: str


@dataclass(frozen=True, slots=True)
class Edited:
    """The content afterwards; as it was, if all edits were refused or there was nothing to do."""

    content: bytes
    refused: tuple[RejectedEdit, ...] = ()


def edited(content: bytes, edits: Sequence[Edit]) -> Edited:
    """The content of a file with these edits."""
    source = _ManifestSource.of(content)
    if source is None:
        return Edited(content, tuple(RejectedEdit(edit, "the file has errors") for edit in edits))
    reasons = [source.obstacle(edit) for edit in edits]
    refused = [RejectedEdit(edit, reason) for edit, reason in zip(edits, reasons, strict=True) if reason]
    sound = [edit for edit, reason in zip(edits, reasons, strict=True) if not reason]
    made = source.after(sound) if sound else content
    if made is not None:
        return Edited(made, tuple(refused))
    return _group_by_group(content, source.groups(sound), refused)


def _group_by_group(content: bytes, groups: Iterable[Sequence[Edit]], refused: list[RejectedEdit]) -> Edited:
    """Each for itself, so that edits which cannot be made stop no others."""
    for edits in groups:
        source = _ManifestSource.of(content)
        made = (source.after(edits) or source.after(edits, simply=True)) if source else None
        if made is None:
            refused += [RejectedEdit(edit, "it cannot be written into the text around it") for edit in edits]
        else:
            content = made
    return Edited(content, tuple(refused))


@dataclass(frozen=True, slots=True)
class _ManifestSource:
    """A sound file: its text, and by document the values, where they stand, and what aliases are for."""

    text: str
    bom: bytes
    trees: tuple[object, ...]
    roots: tuple[Node, ...]
    shared: tuple[frozenset[str], ...]

    @classmethod
    def of(cls, content: bytes) -> "_ManifestSource | None":
        reading = parse.read(content, "")
        if reading.diagnostics:
            return None
        bom = _BOM if content.startswith(_BOM) else b""
        text = content.removeprefix(_BOM).decode()
        roots = spans(text)
        return cls(text, bom, tuple(places.root for places in reading.documents), roots, tuple(map(_aliased, roots)))

    def obstacle(self, edit: Edit) -> str | None:
        """Why an edit must not be made."""
        if edit.document >= len(self.roots):
            return "there is no such document"
        node: Node | None = self.roots[edit.document]
        shared = self.shared[edit.document]
        for step in edit.path:
            reason = _closed(node, shared)
            if reason:
                return reason
            node = child(node, step) if node else None
        if node and shared and any(one.anchor in shared for one in _below(node) if not isinstance(one, Alias)):
            return "other places share it through an alias"
        return next(_unwritable(edit), None)

    def groups(self, edits: Iterable[Edit]) -> list[list[Edit]]:
        """Edits that belong together, because they add to one thing that is not there yet; else each for itself."""
        found: dict[tuple[int, Path], list[Edit]] = {}
        for edit in edits:
            found.setdefault((edit.document, self._new(edit)), []).append(edit)
        return list(found.values())

    def _new(self, edit: Edit) -> Path:
        """The part of the path up to the first thing that is not there; of a list, that is all new items."""
        node: Node | None = self.roots[edit.document]
        for depth, step in enumerate(edit.path):
            inner = child(node, step) if node else None
            if inner is None:
                return edit.path[:depth] if isinstance(step, int) else edit.path[: depth + 1]
            node = inner
        return edit.path

    def after(self, edits: Sequence[Edit], *, simply: bool = False) -> bytes | None:
        """The content with the edits, if it comes out as intended."""
        changes = [_changes(edits, number) for number in range(len(self.roots))]
        try:
            found = [
                splice
                for root, inner in zip(self.roots, changes, strict=True)
                for splice in (splices(self.text, root, inner, simply=simply) if inner else ())
            ]
            made = self.bom + applied(self.text, found).encode()
        except Unspliceable:
            return None
        again = parse.read(made, "")
        intended = [_intended(tree, inner) for tree, inner in zip(self.trees, changes, strict=True)]
        if again.diagnostics or [places.root for places in again.documents] != intended:
            return None
        return made


def _closed(node: Node | None, shared: frozenset[str]) -> str | None:
    """Why nothing within a node must be changed."""
    match node:
        case Alias():
            return f"it is within `*{shown(node.anchor)}`, which other places share"
        case Map() | List() if node.anchor in shared:
            return f"it is within `&{shown(str(node.anchor))}`, which other places share through an alias"
        case Scalar():
            return "there is a single value where a map is needed"
        case _:
            return None


def _aliased(root: Node) -> frozenset[str]:
    return frozenset(one.anchor for one in _below(root) if isinstance(one, Alias))


def _below(node: Node) -> Iterator[Node]:
    yield node
    match node:
        case Map():
            for entry in node.entries.values():
                yield from _below(entry.value)
        case List():
            for item in node.items:
                yield from _below(item)
        case _:
            pass


def _unwritable(edit: Edit) -> Iterator[str]:
    steps = [step for step in edit.path if isinstance(step, str)]
    keys, texts = _texts(edit.content)
    if edit.content is not None and not all(map(writable_key, [*steps, *keys])):
        yield "a key of it cannot be written in a manifest"
    if any("\ud800" <= character <= "\udfff" for text in texts for character in text):
        yield "it is not Unicode text"


def _texts(content: Content | None) -> tuple[list[str], list[str]]:
    """All keys and all values of what is to be written."""
    match content:
        case None:
            return [], []
        case str():
            return [], [content]
        case tuple():
            found = [_texts(one) for one in content]
            return [key for keys, _ in found for key in keys], [text for _, texts in found for text in texts]
        case _:
            found = [_texts(one) for one in content.values()]
            keys = [*content, *(key for keys, _ in found for key in keys)]
            return keys, [text for _, texts in found for text in texts]


def _changes(edits: Iterable[Edit], document: int) -> Changes:
    """The edits of one document as one change; of those for one place, the last counts."""
    changes: Changes = {}
    for edit in edits:
        if edit.document == document:
            inner = changes
            for step in edit.path[:-1]:
                further = inner.setdefault(step, {})
                if isinstance(further, Replacement):
                    inner[step] = further = {}
                inner = further
            inner[edit.path[-1]] = Replacement(edit.content)
    return changes


_GONE: Final = object()


def _intended(tree: Any, change: Changes | Replacement) -> Any:  # noqa: ANN401 - whatever a tree holds
    """The tree that a change is to lead to, by the values alone."""
    if isinstance(change, Replacement):
        return _GONE if change.content is None else _plain(change.content)
    steps = range(len(tree)) if isinstance(tree, list) else tree if isinstance(tree, dict) else ()
    kept = {step: _intended(tree[step], change[step]) if step in change else tree[step] for step in steps}
    new = sorted((step for step in change if step not in kept), key=lambda step: (isinstance(step, str), step))
    added = {step: _intended(None, change[step]) for step in new}
    made = {step: value for step, value in (kept | added).items() if value is not _GONE}
    of_list = isinstance(tree, list) or (made and all(isinstance(step, int) for step in made))
    if tree is None and not made:
        return _GONE
    return list(made.values()) if of_list else made


def _plain(content: Content) -> object:
    match content:
        case str():
            return emit.escaped(content)
        case tuple():
            return [_plain(one) for one in content]
        case _:
            return {key: _plain(value) for key, value in content.items()}


def holds_placeholder(text: object) -> bool:
    """Whether a value as it is written has a placeholder in it, which is not merely escaped."""
    return isinstance(text, str) and "${{" in text.replace("$${{", "")
