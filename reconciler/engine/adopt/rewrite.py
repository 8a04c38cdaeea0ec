"""Wishes of many findings -> new contents of files, in memory.

Promise: a file is read once and edited once. A wish that cannot be granted is a hindrance of its finding and stops no
other. A template file gets another text only if everything that reads it is
to have that text; else the text goes into the manifest.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Final

from reconciler.atomic_write import FileReplacement
from reconciler.engine.adopt.manifest_edits import Blocker, ManifestEdit
from reconciler.ports import Files
from reconciler.yamlio import parse
from reconciler.yamlio.edit import Edit, edited, holds_placeholder
from reconciler.yamlio.nodes import Path, SourceMap, YamlList, YamlMap

Readers = Mapping[str, frozenset[tuple[str, int, Path]]]
"""Real name of a template file -> every place that names it: real name of the document's file, its start, the path."""


@dataclass(frozen=True, slots=True)
class Wished:
    """A wish with the finding that it is for; findings are told apart by their number."""

    finding: int
    wish: ManifestEdit


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The files that change, and by finding what could not be granted."""

    rewrites: tuple[FileReplacement, ...] = ()
    hindrances: Mapping[int, tuple[Blocker, ...]] = field(default_factory=dict)


class SourceFiles:
    """The files as they were when they were first looked at."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._contents: dict[str, tuple[str, bytes]] = {}
        self._documents: dict[str, tuple[SourceMap, ...]] = {}

    def real(self, file: str) -> str:
        """One name for one file."""
        return self._files.real(file)

    def content(self, file: str) -> bytes:
        """What a file holds. Raises OSError."""
        real = self.real(file)
        if real not in self._contents:
            self._contents[real] = file, self._files.read(file, parse.MAX_BYTES + 1)
        return self._contents[real][1]

    def number(self, places: SourceMap) -> int | None:
        """Which of the documents of its file this is, counted from 0."""
        found = [one.start for one in self._read(places.file)]
        return found.index(places.start) if places.start in found else None

    def written(self, places: SourceMap, path: Path) -> object:
        """What stands at a path before variables are put in; None for nothing."""
        number = self.number(places)
        document = None if number is None else self._read(places.file)[number]
        return document.node(path) if document and document.has(path) else None

    def has_placeholder(self, places: SourceMap, path: Path) -> bool:
        """Whether a placeholder is in what stands there."""
        return any(map(holds_placeholder, _scalars(self.written(places, path))))

    def _read(self, file: str) -> tuple[SourceMap, ...]:
        real = self.real(file)
        if real not in self._documents:
            self._documents[real] = parse.read(self.content(file), file).documents
        return self._documents[real]


def rewritten(wished: Sequence[Wished], sheets: SourceFiles, readers: Readers) -> Rewritten:
    """The files as they have to be for all wishes that can be granted. Raises OSError."""
    hindrances: dict[int, tuple[Blocker, ...]] = {}

    def hinder(one: Wished, reason: str) -> None:
        hindrances[one.finding] = (*hindrances.get(one.finding, ()), Blocker(one.wish.field, reason))

    texts = _template_texts(wished, sheets, readers)
    rewrites = [FileReplacement(file, sheets.content(file), f"{text}\n".encode()) for file, text in texts.files.items()]
    by_file: dict[str, list[Wished]] = {}
    for one in wished:
        if id(one) not in texts.granted:
            by_file.setdefault(sheets.real(one.wish.places.file), []).append(one)
    for ours in by_file.values():
        rewrite, refused = _edited(ours, sheets)
        rewrites += [rewrite] if rewrite.after != rewrite.before else []
        for one, reason in refused:
            hinder(one, reason)
    return Rewritten(tuple(sorted(rewrites, key=lambda one: one.file)), hindrances)


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
    """New texts of template files, and the wishes (by identity) that they grant."""

    files: Mapping[str, str]
    granted: frozenset[int]


_NO_READERS: Final[frozenset[tuple[str, int, Path]]] = frozenset()


def _template_texts(wished: Iterable[Wished], sheets: SourceFiles, readers: Readers) -> _NewTemplates:
    by_file: dict[str, list[Wished]] = {}
    for one in wished:
        if one.wish.in_file is not None:
            name = str(PurePath(one.wish.places.file).parent / one.wish.in_file)
            by_file.setdefault(sheets.real(name), []).append(one)
    files: dict[str, str] = {}
    granted: set[int] = set()
    for real, ours in by_file.items():
        places = {(sheets.real(our.wish.places.file), our.wish.places.start, our.wish.path) for our in ours}
        texts = {our.wish.content for our in ours}
        text = next(iter(texts))
        if len(texts) == 1 and readers.get(real, _NO_READERS) <= places and isinstance(text, str) and _is_unicode(text):
            files[str(PurePath(ours[0].wish.places.file).parent / str(ours[0].wish.in_file))] = text
            granted |= {id(our) for our in ours}
    return _NewTemplates(files, frozenset(granted))


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _edited(wished: Sequence[Wished], sheets: SourceFiles) -> tuple[FileReplacement, list[tuple[Wished, str]]]:
    """One manifest or set with all its wishes."""
    file = wished[0].wish.places.file
    before = sheets.content(file)
    by_edit: dict[tuple[int | None, Path], list[Wished]] = {}
    for one in wished:
        by_edit.setdefault((sheets.number(one.wish.places), one.wish.path), []).append(one)
    refused: list[tuple[Wished, str]] = []
    edits: list[Edit] = []
    for (number, path), ours in by_edit.items():
        if number is None:
            refused += [(our, "the file changed since it was read") for our in ours]
        elif any(our.wish.content != ours[0].wish.content for our in ours):
            refused += [(our, "it is live in different ways in the places that this is for") for our in ours]
        else:
            edits.append(Edit(number, path, ours[0].wish.content))
    made = edited(before, _without_empty_paths(edits, sheets, wished))
    for refusal in made.refused:
        document, path = refusal.edit.document, refusal.edit.path
        refused += [
            (each, refusal.reason)
            for (number, place), ours in by_edit.items()
            if number == document and place[: len(path)] == path
            for each in ours
        ]
    return FileReplacement(file, before, made.content), refused


def _without_empty_paths(edits: Sequence[Edit], sheets: SourceFiles, wished: Sequence[Wished]) -> list[Edit]:
    """A path goes with the last of its methods."""
    documents = {sheets.number(one.wish.places): one.wish.places for one in wished}
    gone = {(edit.document, edit.path) for edit in edits if edit.content is None}
    made: dict[tuple[int, Path], Edit] = {}
    for edit in edits:
        around = edit.path[:-1]
        of_path = len(around) > 1 and around[-2] == "resources" and edit.content is None
        methods = sheets.written(documents[edit.document], around) if of_path else None
        if isinstance(methods, YamlMap) and all((edit.document, (*around, verb)) in gone for verb in methods):
            made[edit.document, around] = Edit(edit.document, around, None)
        else:
            made[edit.document, edit.path] = edit
    return list(made.values())
