"""Load manifests, response sets and response tests from files.

Every file is read once, and every document is resolved once for each environment: `DocumentCache` keeps the parsed
trees, and `DocumentCache.load` puts variables and template files into them. All valid documents and all problems of the
others are reported together; a broken file does not keep the others from being read. All reading goes through `Files`.
Response tests are parsed with the rest (`DocumentCache.tests`), and only loaded by the commands that need them.
"""

import gc
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Final

from reconciler.diagnostics import Diagnostic, Location, any_error, error, in_order
from reconciler.manifest import containment, templates
from reconciler.manifest.containment import ReferencedFile, Verdict
from reconciler.manifest.parsed_documents import ParsedDocument, duplicate_names, has_kind
from reconciler.manifest.paths import explain_unreadable, find_matches, is_linked, refused_links
from reconciler.manifest.placeholders import find_placeholders, substitute
from reconciler.manifest.response_tests import ParsedTests
from reconciler.manifest.schema.documents import Manifest, ManifestDocument, SetDocument
from reconciler.manifest.schema.response_set import ResponseSet
from reconciler.manifest.schema.shapes import SET_KIND, TEST_KIND
from reconciler.manifest.schema.validation import Validated, validate
from reconciler.manifest.unrecognized import explain_unrecognized
from reconciler.manifest.variables import Variables
from reconciler.models.project_file import FILE_NAME, KIND
from reconciler.ports import Files
from reconciler.rules import InputRule
from reconciler.wording import did_you_mean
from reconciler.yamlio import parse
from reconciler.yamlio.nodes import SourceMap

_NAME: Final = ("metadata", "name")
_TESTS: Final = ("spec", "tests")
_NAME_ENTRY: Final = re.compile(rb"""\bname["']?[ \t]*:[ \t]*["']?([A-Za-z0-9][A-Za-z0-9._-]*)""")


@dataclass(frozen=True, slots=True)
class LoadedManifests:
    """The valid manifests, the problems of all others, the files that were read, and the sets by name.

    `symbolic` are the places of unresolved placeholders and of errors: any other diagnostic there would not be about
    the real value. `salvaged` are the valid parts of invalid manifests, so that further problems in them are found in
    the same run; a set may be such a part too. `broken_sets` are the names of sets of which nothing could be kept.
    `faulty` are the names of the manifests and sets with any error, that of a template file included.
    """

    documents: tuple[ManifestDocument, ...]
    diagnostics: tuple[Diagnostic, ...]
    files_read: tuple[str, ...]
    sets: Mapping[str, SetDocument] = field(default_factory=dict)
    symbolic: frozenset[Location] = frozenset()
    salvaged: tuple[ManifestDocument, ...] = ()
    broken_sets: frozenset[str] = frozenset()
    faulty: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LoadedDocument:
    """A document in one environment, None if nothing of it is valid. It has errors unless `is_valid`."""

    document: ManifestDocument | SetDocument | None
    diagnostics: tuple[Diagnostic, ...]
    files_read: tuple[str, ...] = ()
    symbolic: frozenset[Location] = frozenset()
    is_valid: bool = True


@dataclass(frozen=True, slots=True)
class ValidatedDocument:
    """A document with its variables substituted and its shape validated, before its template files are read.

    Values at `symbolic` places have no diagnostics except `placeholder_problems`.
    """

    validated: Validated
    placeholder_problems: tuple[Diagnostic, ...] = ()
    symbolic: frozenset[Location] = frozenset()

    def with_templates(self, texts: templates.TemplateTexts) -> LoadedDocument:
        """Return the document with the texts of its template files."""
        validated = self.validated
        problems = tuple(
            diagnostic
            for diagnostic in (*validated.diagnostics, *texts.diagnostics)
            if diagnostic.location not in self.symbolic
        )
        if validated.manifest is None:
            return LoadedDocument(None, (*self.placeholder_problems, *problems), (), self.symbolic, is_valid=False)
        document = _document(validated.manifest, validated.places, texts)
        unreadable = (diagnostic.location for diagnostic in texts.diagnostics if diagnostic.location)
        symbolic = self.symbolic.union(validated.doubtful, unreadable)
        is_valid = validated.is_sound and not any_error(self.placeholder_problems)
        diagnostics = (*self.placeholder_problems, *problems)
        return LoadedDocument(document, diagnostics, texts.files_read, symbolic, is_valid)


def _document(
    manifest: Manifest | ResponseSet, places: SourceMap, texts: templates.TemplateTexts
) -> ManifestDocument | SetDocument:
    if isinstance(manifest, ResponseSet):
        return SetDocument(manifest, places, texts.by_name)
    return ManifestDocument(manifest, places, texts.by_name)


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


class DocumentCache:
    """Documents that are parsed once (`parsed`), and loaded once for each environment."""

    def __init__(self, files: Files, root: str | None, config: str = FILE_NAME) -> None:
        self._files = files
        self._root = root
        self._configs = {FILE_NAME, PurePath(config).name}
        self._problems: list[Diagnostic] = []
        self.parsed: list[ParsedDocument] = []
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

    def _read_file(self, name: str) -> None:
        try:
            content = self._files.read(name, parse.MAX_BYTES + 1)
        except FileNotFoundError:
            self._problems.append(explain_missing(name, self._files))
            return
        except OSError as failure:
            self._problems.append(explain_unreadable(name, failure))
            return
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

    def manifest_names(self) -> frozenset[str]:
        """Return the names of all manifests, whatever their environments."""
        return frozenset(document.name for document in self.parsed if not has_kind(document.places, SET_KIND))

    def load(self, variables: Variables, *, leave_unset: bool = False) -> LoadedManifests:
        """Load every document of the environment that the variables belong to.

        `leave_unset`: see `substitute`.
        """
        here = [document for document in self.parsed if document.is_for(variables.environment)]
        elsewhere = [document for document in self.parsed if not document.is_for(variables.environment)]
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
        named = [manifest for manifest, _ in manifests if manifest.places.of_value(_NAME) not in symbolic]
        names = [*map(_named_places, named), *((document.name, document.places) for document in elsewhere)]
        broken = [parsed.name for parsed, entry in zip(here, loaded, strict=True) if entry.document is None]
        faulty = [parsed.name for parsed, entry in zip(here, loaded, strict=True) if any_error(entry.diagnostics)]
        duplicates = (*duplicate_names("manifest", names), *duplicate_names("response set", map(_named_places, sets)))
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


def _named_places(document: ManifestDocument | SetDocument) -> tuple[str, SourceMap]:
    return document.manifest.metadata.name, document.places
