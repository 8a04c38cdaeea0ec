"""Load manifests, response sets and response tests from files.

Every file is read once, and every document is resolved once for each environment: `DocumentCache` keeps the parsed
trees, and `DocumentCache.load` puts variables and template files into them. All valid documents and all problems of the
others are reported together; a broken file does not keep the others from being read. All reading goes through `Files`.
For a run over many manifests, `DocumentCache.batches` keeps the trees of only some of them at a time.
Response tests are parsed with the rest (`DocumentCache.tests`), and only loaded by the commands that need them.
"""

import gc
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePath
from typing import Final

from reconciler.diagnostics import Diagnostic, Location, any_error, error, in_order
from reconciler.manifest import containment, templates
from reconciler.manifest.containment import ReferencedFile, Verdict
from reconciler.manifest.loaded_documents import LoadedDocument, LoadedManifests, ValidatedDocument
from reconciler.manifest.parsed_documents import (
    DocumentNames,
    ParsedDocument,
    duplicate_names,
    has_kind,
    name_location,
    names_in,
)
from reconciler.manifest.paths import explain_unreadable, find_matches, is_linked, refused_links
from reconciler.manifest.placeholders import find_placeholders, substitute
from reconciler.manifest.response_tests import ParsedTests
from reconciler.manifest.schema.documents import ManifestDocument, SetDocument
from reconciler.manifest.schema.shapes import SET_KIND, TEST_KIND
from reconciler.manifest.schema.validation import Validated, validate
from reconciler.manifest.unrecognized import explain_unrecognized
from reconciler.manifest.variables import Variables
from reconciler.models.project_file import FILE_NAME, KIND
from reconciler.ports import Files
from reconciler.rules import InputRule
from reconciler.wording import did_you_mean
from reconciler.yamlio import parse

_TESTS: Final = ("spec", "tests")
_NAME_ENTRY: Final = re.compile(rb"""\bname["']?[ \t]*:[ \t]*["']?([A-Za-z0-9][A-Za-z0-9._-]*)""")


def load(paths: Sequence[str], files: Files, root: str | None = None) -> LoadedManifests:
    """Load what the PATHs stand for, without variables.

    A PATH is a file, a folder (all visible *.yaml and *.yml files below it) or a glob. A folder or glob without
    manifests yields nothing, which is for the caller to judge. Template files must be inside `root`, by default each
    manifest's own folder.
    """
    matches, problems = find_matches(paths, files)
    roots = () if root is None else (files.real(root),)
    refused = refused_links([(match, roots) for match in matches if is_linked(match, files)], files)
    cache = DocumentCache(files, root)
    cache.read(match.name for match in matches if match.real not in refused)
    loaded = cache.load(Variables())
    return replace(loaded, diagnostics=in_order((*problems, *refused.values(), *loaded.diagnostics)))


MOST_IN_BATCH: Final = 1024 * 1024
"""Bytes of the files whose trees are in memory at once (`DocumentCache.batches`); a tree takes ten times its text."""


class DocumentCache:
    """Documents that are parsed once (`parsed`), and loaded once for each environment.

    `forgotten` has the names in documents of earlier batches, sets excluded.
    """

    def __init__(self, files: Files, root: str | None, config: str = FILE_NAME) -> None:
        self._files = files
        self._root = root
        self._configs = {FILE_NAME, PurePath(config).name}
        self._problems: list[Diagnostic] = []
        self.parsed: list[ParsedDocument] = []
        self.forgotten: list[DocumentNames] = []
        self._sets_ahead: dict[str, list[ParsedDocument]] = {}
        self._names: dict[str | None, list[tuple[str, Location]]] = {}
        self._earlier_names: dict[str | None, dict[str, Location]] = {}
        self.tests = ParsedTests()
        self._files_read: dict[str, str] = {}
        self._unvarying: dict[int, LoadedDocument] = {}
        self._unparsed: frozenset[str] = frozenset()
        self._verdicts: dict[ReferencedFile, Verdict] = {}

    def read(self, names: Iterable[str]) -> None:
        """Read and parse files."""
        with _paused_gc():
            for name in names:
                self._read_file(name)

    def batches(self, names: Iterable[str], files_of_sets: Iterable[str]) -> Iterator[None]:
        """Read and parse files, and yield whenever so many were read that they should be loaded.

        Sets are known from the first batch on: those of `names`, and those of other files. What was parsed is forgotten
        when the next batch begins, but for sets and for the names in it.
        """
        names = tuple(names)
        self._read_sets_ahead(names)
        others = {self._files.real(name) for name in names}
        for name in files_of_sets:
            if self._files.real(name) not in others:
                self._read_sets(name)
        size = 0
        for name in names:
            if size > MOST_IN_BATCH:
                yield
                self._forget()
                size = 0
            with _paused_gc():
                size += self._read_file(name)
        yield
        self._forget()

    def _read_sets_ahead(self, names: Iterable[str]) -> None:
        """Parse the files with sets: manifests of earlier files may use them. All else in them is read in its turn."""
        for name in names:
            try:
                content = self._files.read(name, parse.MAX_BYTES + 1)
            except OSError:
                continue
            if SET_KIND.encode() in content:
                with _paused_gc():
                    reading = parse.read(content, name, quoted=False)
                sets = (places for places in reading.documents if reading.is_ours and has_kind(places, SET_KIND))
                self._sets_ahead[name] = [ParsedDocument(places, find_placeholders(places)) for places in sets]
                self._note_set_names(content, reading)

    def _forget(self) -> None:
        """Drop the documents of a batch, except for sets, and keep the names in them."""
        sets = [document for document in self.parsed if has_kind(document.places, SET_KIND)]
        dropped = [document for document in self.parsed if not has_kind(document.places, SET_KIND)]
        self.parsed = dropped
        self.forgotten = self.names()
        self._free(dropped)
        self.parsed, self.tests = sets, ParsedTests()
        self._problems.clear()
        for environment, names in self._names.items():
            earlier = self._earlier_names.setdefault(environment, {})
            for name, at in names:
                earlier.setdefault(name, at)

    def _free(self, documents: Iterable[ParsedDocument]) -> None:
        """Forget what was loaded of documents that are about to go: others will have their ids."""
        for document in documents:
            self._unvarying.pop(id(document), None)

    def read_sets(self, names: Iterable[str]) -> None:
        """Read only the response sets of files; anything else in them is ignored, broken or not."""
        with _paused_gc():
            for name in names:
                if self._files.real(name) not in self._files_read:
                    self._read_sets(name)

    def read_manifests(self, names: Iterable[str], wanted: Collection[str]) -> None:
        """Read only the manifests called as `wanted`, and the response sets of their files.

        Anything else is ignored, broken or not, unless it may be part of such a manifest.
        """
        with _paused_gc():
            for name in names:
                if self._files.real(name) not in self._files_read:
                    self._read_manifests(name, wanted)

    def _read_file(self, name: str) -> int:
        """Read and parse a file, and return its size in bytes."""
        self._free(self._sets_ahead.pop(name, ()))
        try:
            content = self._files.read(name, parse.MAX_BYTES + 1)
        except FileNotFoundError:
            self._problems.append(explain_missing(name, self._files))
            return 0
        except OSError as failure:
            self._problems.append(explain_unreadable(name, failure))
            return 0
        self._files_read[self._files.real(name)] = name
        reading = parse.read(content, name, quoted=False)
        self._problems += reading.diagnostics
        self._note_set_names(content, reading)
        for places in reading.documents:
            if has_kind(places, KIND) and PurePath(name).name in self._configs:
                continue  # under another name, a configuration is never found: that is reported below
            if reading.is_ours:
                kind = self.tests.documents if has_kind(places, TEST_KIND) else self.parsed
                kind.append(ParsedDocument(places, find_placeholders(places)))
            else:
                self._problems.append(explain_unrecognized(places))
        return len(content)

    def _read_sets(self, name: str) -> None:
        try:
            content = self._files.read(name, parse.MAX_BYTES + 1)
        except OSError:
            return
        if SET_KIND.encode() not in content:
            return
        reading = parse.read(content, name, quoted=False)
        named = reading.documents if reading.is_ours else ()
        sets = [ParsedDocument(places, find_placeholders(places)) for places in named if has_kind(places, SET_KIND)]
        if sets or reading.diagnostics:
            self._files_read[self._files.real(name)] = name
            self.parsed += sets
            self._problems += reading.diagnostics
            self._note_set_names(content, reading)

    def _read_manifests(self, name: str, wanted: Collection[str]) -> None:
        try:
            content = self._files.read(name, parse.MAX_BYTES + 1)
        except OSError:
            return
        names = {match[1].decode() for match in _NAME_ENTRY.finditer(content)}
        if names.isdisjoint(wanted):
            return
        reading = parse.read(content, name, quoted=False)
        named = [ParsedDocument(places, find_placeholders(places)) for places in reading.documents if reading.is_ours]
        if reading.is_ours and (reading.diagnostics or any(document.is_manifest_of(wanted) for document in named)):
            self._files_read[self._files.real(name)] = name
            self.parsed += (
                document for document in named if document.is_manifest_of(wanted) or has_kind(document.places, SET_KIND)
            )
            self._problems += reading.diagnostics
            self._note_set_names(content, reading)

    def _note_set_names(self, content: bytes, reading: parse.Reading) -> None:
        """Remember the names in a file that was not read to its end: sets with these names may exist."""
        if reading.diagnostics:
            self._unparsed |= {match[1].decode() for match in _NAME_ENTRY.finditer(content)}

    def names(self) -> list[DocumentNames]:
        """Return the names in all documents, those of earlier batches too."""
        tests = (replace(names_in(document), name="", environments=()) for document in self.tests.documents)
        return [*self.forgotten, *map(names_in, self.parsed), *tests]

    def manifest_names(self) -> frozenset[str]:
        """Return the names of all manifests, whatever their environments."""
        return frozenset(document.name for document in self.parsed if not has_kind(document.places, SET_KIND))

    def load(self, variables: Variables, *, leave_unset: bool = False) -> LoadedManifests:
        """Load every document of the environment that the variables belong to.

        `leave_unset`: see `substitute`.
        """
        documents = [*self.parsed, *(document for ahead in self._sets_ahead.values() for document in ahead)]
        here = [document for document in documents if document.is_for(variables.environment)]
        elsewhere = [document for document in documents if not document.is_for(variables.environment)]
        with _paused_gc():
            validated = [self._validate(document, variables, leave_unset=leave_unset) for document in here]
            self._check_template_files([document for document in validated if isinstance(document, ValidatedDocument)])
            loaded = [self._load(parsed, document) for parsed, document in zip(here, validated, strict=True)]
        manifests = [
            (entry.document, entry.is_valid) for entry in loaded if isinstance(entry.document, ManifestDocument)
        ]
        sets = [entry.document for entry in loaded if isinstance(entry.document, SetDocument)]
        problems = [*self._problems, *(diagnostic for entry in loaded for diagnostic in entry.diagnostics)]
        symbolic = frozenset().union(*(entry.symbolic for entry in loaded))
        named = [manifest for manifest, _ in manifests if name_location(manifest.places) not in symbolic]
        names = [*map(_named, named), *((document.name, name_location(document.places)) for document in elsewhere)]
        self._names[variables.environment] = names
        earlier = self._earlier_names.get(variables.environment, {})
        broken = [parsed.name for parsed, entry in zip(here, loaded, strict=True) if entry.document is None]
        faulty = [parsed.name for parsed, entry in zip(here, loaded, strict=True) if any_error(entry.diagnostics)]
        manifest_duplicates = duplicate_names("manifest", [*earlier.items(), *names])
        duplicates = (*manifest_duplicates, *duplicate_names("response set", map(_named, sets)))
        return LoadedManifests(
            tuple(manifest for manifest, is_valid in manifests if is_valid),
            in_order([*problems, *duplicates]),
            tuple(
                dict.fromkeys([*self._files_read.values(), *(file for entry in loaded for file in entry.files_read)])
            ),
            {document.manifest.metadata.name: document for document in reversed(sets)},
            symbolic,
            tuple(manifest for manifest, is_valid in manifests if not is_valid),
            self._unparsed.union(broken),
            frozenset(faulty),
        )

    def _validate(
        self, parsed: ParsedDocument, variables: Variables, *, leave_unset: bool
    ) -> ValidatedDocument | LoadedDocument:
        """Return the document before its template files are read; a loaded one if no variable can change it."""
        if not parsed.placeholders:
            return self._unvarying.get(id(parsed)) or ValidatedDocument(validate(parsed.places))
        result = substitute(parsed.places, parsed.placeholders, variables, leave_unset=leave_unset)
        return ValidatedDocument(validate(result.places), result.diagnostics, result.symbolic)

    def _check_template_files(self, documents: Iterable[ValidatedDocument]) -> None:
        """Check which template files may be read, for all documents at once."""
        referenced = [
            file
            for document in documents
            if (manifest := document.validated.manifest)
            for file in templates.referenced_files(manifest, document.validated.places, self._files, self._root)
        ]
        unchecked = [file for file in dict.fromkeys(referenced) if file not in self._verdicts]
        self._verdicts |= zip(unchecked, containment.check_files(unchecked, self._files), strict=True)

    def _load(self, parsed: ParsedDocument, document: ValidatedDocument | LoadedDocument) -> LoadedDocument:
        if isinstance(document, LoadedDocument):
            return document
        loaded = document.with_templates(self._template_texts(document.validated))
        if not parsed.placeholders:
            self._unvarying[id(parsed)] = loaded
        return loaded

    def _template_texts(self, validated: Validated) -> templates.TemplateTexts:
        if validated.manifest is None:
            return templates.TemplateTexts({}, (), ())
        return templates.read_texts(validated.manifest, validated.places, self._files, self._verdicts, self._root)


@contextmanager
def _paused_gc() -> Iterator[None]:
    """Pause garbage collection: there is no garbage, and scanning an ever larger tree takes a quarter of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def explain_missing(file: str, files: Files) -> Diagnostic:
    """Return the diagnostic for a file that does not exist."""
    folder = PurePath(file).parent
    neighbours = [str(folder / name) for name in files.names(str(folder))]
    if file in neighbours:
        return error(InputRule.MISSING_FILE, "this is a broken link", "fix or remove it", Location(file))
    if not containment.is_hidden(PurePath(file).name):
        neighbours = [neighbour for neighbour in neighbours if not containment.is_hidden(PurePath(neighbour).name)]
    return error(
        InputRule.MISSING_FILE,
        "there is no such file",
        did_you_mean(file, neighbours, "check the path"),
        Location(file),
    )


def _named(document: ManifestDocument | SetDocument) -> tuple[str, Location]:
    return document.manifest.metadata.name, name_location(document.places)
