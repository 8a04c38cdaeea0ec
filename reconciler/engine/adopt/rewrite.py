"""Apply the edits of many findings to files, in memory.

A file is read once and edited once. An edit that cannot be applied blocks its own finding and no other. A template
file gets a new text only if everything that uses it is to have that text; otherwise the text goes into the manifest.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Final, TypeAlias

from reconciler.atomic_write import FileReplacement
from reconciler.engine.adopt.manifest_edits import Blocker, ManifestEdit
from reconciler.ports import Files
from reconciler.yamlio import parse
from reconciler.yamlio.edit import Edit, apply_edits, has_placeholder
from reconciler.yamlio.nodes import Path, SourceMap, YamlList, YamlMap

TemplateUses: TypeAlias = Mapping[str, frozenset[tuple[str, int, Path]]]
"""Real name of a template file -> every place that names it: real name of the document's file, its start, the path."""


@dataclass(frozen=True, slots=True)
class NumberedEdit:
    """An edit with the number of the finding that it is for."""

    finding: int
    edit: ManifestEdit


@dataclass(frozen=True, slots=True)
class RewriteResult:
    """The files that change, and for each finding (by number) what blocks it."""

    rewrites: tuple[FileReplacement, ...] = ()
    blockers: Mapping[int, tuple[Blocker, ...]] = field(default_factory=dict)


class SourceFiles:
    """The files as they were when first read."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._contents: dict[str, tuple[str, bytes]] = {}
        self._documents: dict[str, tuple[SourceMap, ...]] = {}

    def real(self, file: str) -> str:
        """Return the one real name of a file."""
        return self._files.real(file)

    def content(self, file: str) -> bytes:
        """Return the content of a file. Raises OSError."""
        real = self.real(file)
        if real not in self._contents:
            self._contents[real] = file, self._files.read(file, parse.MAX_BYTES + 1)
        return self._contents[real][1]

    def number(self, places: SourceMap) -> int | None:
        """Return the index of a document in its file; None if the file has no such document any more."""
        starts = [document.start for document in self._read(places.file)]
        return starts.index(places.start) if places.start in starts else None

    def written(self, places: SourceMap, path: Path) -> object:
        """Return the node at a path with its placeholders; None if there is none."""
        number = self.number(places)
        document = None if number is None else self._read(places.file)[number]
        return document.node(path) if document and document.has(path) else None

    def has_placeholder(self, places: SourceMap, path: Path) -> bool:
        """Return whether the node at a path contains a placeholder."""
        return any(map(has_placeholder, _scalars(self.written(places, path))))

    def _read(self, file: str) -> tuple[SourceMap, ...]:
        real = self.real(file)
        if real not in self._documents:
            self._documents[real] = parse.read(self.content(file), file).documents
        return self._documents[real]


def rewrite_files(edits: Sequence[NumberedEdit], sources: SourceFiles, uses: TemplateUses) -> RewriteResult:
    """Return the files with all edits that can be applied. Raises OSError."""
    blockers: dict[int, tuple[Blocker, ...]] = {}

    def block(edit: NumberedEdit, reason: str) -> None:
        blockers[edit.finding] = (*blockers.get(edit.finding, ()), Blocker(edit.edit.field, reason))

    templates = _new_templates(edits, sources, uses)
    rewrites = [
        FileReplacement(file, sources.content(file), f"{text}\n".encode()) for file, text in templates.files.items()
    ]
    by_file: dict[str, list[NumberedEdit]] = {}
    for edit in edits:
        if id(edit) not in templates.applied:
            by_file.setdefault(sources.real(edit.edit.places.file), []).append(edit)
    for of_file in by_file.values():
        rewrite, refused = _edited(of_file, sources)
        rewrites += [rewrite] if rewrite.after != rewrite.before else []
        for edit, reason in refused:
            block(edit, reason)
    return RewriteResult(tuple(sorted(rewrites, key=lambda rewrite: rewrite.file)), blockers)


def _scalars(node: object) -> Iterator[object]:
    match node:
        case YamlMap():
            for value in node.values():
                yield from _scalars(value)
        case YamlList():
            for value in node:
                yield from _scalars(value)
        case _:
            yield node


@dataclass(frozen=True, slots=True)
class _NewTemplates:
    """New texts of template files, and the edits (by identity) that they apply."""

    files: Mapping[str, str]
    applied: frozenset[int]


_UNUSED: Final[frozenset[tuple[str, int, Path]]] = frozenset()


def _new_templates(edits: Iterable[NumberedEdit], sources: SourceFiles, uses: TemplateUses) -> _NewTemplates:
    by_file: dict[str, list[NumberedEdit]] = {}
    for edit in edits:
        if edit.edit.in_file is not None:
            name = str(PurePath(edit.edit.places.file).parent / edit.edit.in_file)
            by_file.setdefault(sources.real(name), []).append(edit)
    files: dict[str, str] = {}
    applied: set[int] = set()
    for real, of_file in by_file.items():
        places = {(sources.real(edit.edit.places.file), edit.edit.places.start, edit.edit.path) for edit in of_file}
        texts = {edit.edit.content for edit in of_file}
        text = next(iter(texts))
        is_agreed = len(texts) == 1 and uses.get(real, _UNUSED) <= places
        if is_agreed and isinstance(text, str) and _is_encodable(text):
            files[str(PurePath(of_file[0].edit.places.file).parent / str(of_file[0].edit.in_file))] = text
            applied |= {id(edit) for edit in of_file}
    return _NewTemplates(files, frozenset(applied))


def _is_encodable(text: str) -> bool:
    """Lone surrogates have no bytes in UTF-8."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _edited(
    edits: Sequence[NumberedEdit], sources: SourceFiles
) -> tuple[FileReplacement, list[tuple[NumberedEdit, str]]]:
    """Apply all edits of one file, and return those that are refused, with the reason."""
    file = edits[0].edit.places.file
    before = sources.content(file)
    by_path: dict[tuple[int | None, Path], list[NumberedEdit]] = {}
    for edit in edits:
        by_path.setdefault((sources.number(edit.edit.places), edit.edit.path), []).append(edit)
    refused: list[tuple[NumberedEdit, str]] = []
    applicable: list[Edit] = []
    for (number, path), of_path in by_path.items():
        if number is None:
            refused += [(edit, "the file changed since it was read") for edit in of_path]
        elif any(edit.edit.content != of_path[0].edit.content for edit in of_path):
            refused += [(edit, "the live values differ between the places that share this entry") for edit in of_path]
        else:
            applicable.append(Edit(number, path, of_path[0].edit.content))
    result = apply_edits(before, _without_empty_paths(applicable, sources, edits))
    for refusal in result.rejected:
        document, path = refusal.edit.document, refusal.edit.path
        refused += [
            (edit, refusal.reason)
            for (number, edit_path), of_path in by_path.items()
            if number == document and edit_path[: len(path)] == path
            for edit in of_path
        ]
    return FileReplacement(file, before, result.content), refused


def _without_empty_paths(applicable: Sequence[Edit], sources: SourceFiles, edits: Sequence[NumberedEdit]) -> list[Edit]:
    """Remove a resource path together with the last of its methods."""
    documents = {sources.number(edit.edit.places): edit.edit.places for edit in edits}
    removed = {(edit.document, edit.path) for edit in applicable if edit.content is None}
    combined: dict[tuple[int, Path], Edit] = {}
    for edit in applicable:
        parent = edit.path[:-1]
        is_method = len(parent) > 1 and parent[-2] == "resources" and edit.content is None
        methods = sources.written(documents[edit.document], parent) if is_method else None
        if isinstance(methods, YamlMap) and all((edit.document, (*parent, verb)) in removed for verb in methods):
            combined[edit.document, parent] = Edit(edit.document, parent, None)
        else:
            combined[edit.document, edit.path] = edit
    return list(combined.values())
