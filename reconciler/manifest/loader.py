"""Files to sound manifests and response sets.

Promise: everything is read once, and understood once for each environment: `DocumentCache` holds the trees as they are
written, `DocumentCache.loaded` what they stand for. Every sound document and every problem of all others come in one
go; a file that is broken keeps no other from being read. All reading goes through `Files`.
"""

import gc
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Final

from reconciler.diagnostics import Diagnostic, Location, any_error, error, in_order
from reconciler.manifest import containment, templates
from reconciler.manifest.containment import ReferencedFile, Verdict
from reconciler.manifest.foreign import foreign
from reconciler.manifest.paths import is_linked, matches, refused_links, unreadable
from reconciler.manifest.placeholders import mentions, substitute
from reconciler.manifest.schema.documents import Manifest, ManifestDocument, SetDocument
from reconciler.manifest.schema.response_set import ResponseSet
from reconciler.manifest.schema.shapes import SET_KIND
from reconciler.manifest.schema.validation import Validated, validate
from reconciler.manifest.variables import Variables
from reconciler.models.project_file import FILE_NAME, KIND
from reconciler.ports import Files
from reconciler.rules import InputRule
from reconciler.wording import did_you_mean
from reconciler.yamlio import parse
from reconciler.yamlio.nodes import Path, SourceMap

_NAME: Final = ("metadata", "name")
_NAMED: Final = re.compile(rb"""\bname["']?[ \t]*:[ \t]*["']?([A-Za-z0-9][A-Za-z0-9._-]*)""")


@dataclass(frozen=True, slots=True)
class Loaded:
    """The sound manifests, what is wrong with all others, the files that were read, and the sets by name.

    `symbolic` is where placeholders were left standing, and where something is wrong: what else is said of such a value
    says nothing about the real one. `unsound` are manifests without what is wrong in them, to look for what else is;
    the sets may be of that sort too. `lost` are the names of sets of which nothing is left.
    """

    documents: tuple[ManifestDocument, ...]
    diagnostics: tuple[Diagnostic, ...]
    files_read: tuple[str, ...]
    sets: Mapping[str, SetDocument] = field(default_factory=dict)
    symbolic: frozenset[Location] = frozenset()
    unsound: tuple[ManifestDocument, ...] = ()
    lost: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """One document as it stands in a file, sound or not, and where it has placeholders."""

    places: SourceMap
    mentioned: tuple[Path, ...]

    @property
    def name(self) -> str:
        """What it is called, as far as that can be told."""
        return str(self._at(("metadata", "name")))

    @property
    def environments(self) -> tuple[str, ...]:
        """The only ones that it is for; empty: all."""
        listed = self._at(("metadata", "environments"))
        return tuple(map(str, listed)) if isinstance(listed, list) else ()

    def named_environments(self) -> Iterator[tuple[str, Location]]:
        """Every environment that it mentions, and where."""
        for number, name in enumerate(self.environments):
            yield name, self.places.of_value(("metadata", "environments", number))
        overlays = self._at(("spec", "overlays"))
        for name in overlays if isinstance(overlays, dict) else ():
            yield name, self.places.of_key(("spec", "overlays", name))

    def is_for(self, environment: str | None) -> bool:
        """Whether it may have a meaning there; where there are no environments, everything may."""
        return environment is None or not self.environments or environment in self.environments

    def _at(self, path: Path) -> object:
        return self.places.node(path) if self.places.has(path) else None


@dataclass(frozen=True, slots=True)
class Understood:
    """What a document stands for in an environment, as far as that can be told; not `is_sound`, it has errors."""

    document: ManifestDocument | SetDocument | None
    diagnostics: tuple[Diagnostic, ...]
    files_read: tuple[str, ...] = ()
    symbolic: frozenset[Location] = frozenset()
    is_sound: bool = True


@dataclass(frozen=True, slots=True)
class Checked:
    """A document with its variables put in, and its shape checked, before its template files are read.

    `filled` are the diagnostics of its placeholders; of a value that is `symbolic` nothing else is said.
    """

    looked: Validated
    filled: tuple[Diagnostic, ...] = ()
    symbolic: frozenset[Location] = frozenset()

    def understood(self, found: templates.TemplateTexts) -> Understood:
        """What it stands for, with the texts of its template files."""
        looked = self.looked
        said = tuple(
            diagnostic
            for diagnostic in (*looked.diagnostics, *found.diagnostics)
            if diagnostic.location not in self.symbolic
        )
        if looked.manifest is None:
            return Understood(None, (*self.filled, *said), (), self.symbolic, is_sound=False)
        document = _document(looked.manifest, looked.places, found)
        doubtful = looked.doubtful.union(diagnostic.location for diagnostic in found.diagnostics if diagnostic.location)
        is_sound = looked.is_sound and not any_error(self.filled)
        return Understood(document, (*self.filled, *said), found.files_read, self.symbolic | doubtful, is_sound)


def _document(
    manifest: Manifest | ResponseSet, places: SourceMap, found: templates.TemplateTexts
) -> ManifestDocument | SetDocument:
    if isinstance(manifest, ResponseSet):
        return SetDocument(manifest, places, found.by_name)
    return ManifestDocument(manifest, places, found.by_name)


def load(paths: Sequence[str], files: Files, root: str | None = None) -> Loaded:
    """What the PATHs hold, where there are no variables.

    A PATH is a file, a folder (everything *.yaml and *.yml below, hidden ones aside) or a glob. A folder or glob
    without manifests gives nothing, which is for the caller to judge. Template files have to be inside of `root`: by
    default each manifest's own folder.
    """
    found, problems = matches(paths, files)
    roots = () if root is None else (files.real(root),)
    refused = refused_links([(one, roots) for one in found if is_linked(one, files)], files)
    shelf = DocumentCache(files, root)
    shelf.put(one.name for one in found if one.real not in refused)
    loaded = shelf.loaded(Variables())
    return replace(loaded, diagnostics=in_order((*problems, *refused.values(), *loaded.diagnostics)))


class DocumentCache:
    """Documents that are read (`written`), and are understood as often as there are environments."""

    def __init__(self, files: Files, root: str | None, config: str = FILE_NAME) -> None:
        self._files = files
        self._root = root
        self._configs = {FILE_NAME, PurePath(config).name}
        self._problems: list[Diagnostic] = []
        self.written: list[ParsedDocument] = []
        self._read: dict[str, str] = {}
        self._unchanging: dict[int, Understood] = {}
        self._unparsed: frozenset[str] = frozenset()
        self._verdicts: dict[ReferencedFile, Verdict] = {}

    def put(self, names: Iterable[str]) -> None:
        """Read these files."""
        with _growing():
            for name in names:
                self._put(name)

    def put_sets(self, names: Iterable[str]) -> None:
        """Read the response sets of these files, and leave aside what else is in them, broken or not."""
        with _growing():
            for name in names:
                if self._files.real(name) not in self._read:
                    self._put_sets(name)

    def _put(self, name: str) -> None:
        try:
            content = self._files.read(name, parse.MAX_BYTES + 1)
        except FileNotFoundError:
            self._problems.append(missing(name, self._files))
            return
        except OSError as failure:
            self._problems.append(unreadable(name, failure))
            return
        self._read[self._files.real(name)] = name
        reading = parse.read(content, name, quoted=False)
        self._problems += reading.diagnostics
        self._lose(content, reading)
        for places in reading.documents:
            if _is(places, KIND) and PurePath(name).name in self._configs:
                continue  # a configuration beside the manifests is no manifest; one that nobody would find is told
            if reading.is_ours:
                self.written.append(ParsedDocument(places, mentions(places)))
            else:
                self._problems.append(foreign(places))

    def _put_sets(self, name: str) -> None:
        try:
            content = self._files.read(name, parse.MAX_BYTES + 1)
        except OSError:
            return
        if SET_KIND.encode() not in content:
            return
        reading = parse.read(content, name, quoted=False)
        named = reading.documents if reading.is_ours else ()
        sets = [ParsedDocument(places, mentions(places)) for places in named if _is(places, SET_KIND)]
        if sets or reading.diagnostics:
            self._read[self._files.real(name)] = name
            self.written += sets
            self._problems += reading.diagnostics
            self._lose(content, reading)

    def _lose(self, content: bytes, reading: parse.Reading) -> None:
        """Note the names in a file that is not read to its end: sets of these names may exist."""
        if reading.diagnostics:
            self._unparsed |= {found[1].decode() for found in _NAMED.finditer(content)}

    def loaded(self, variables: Variables, *, leave_unset: bool = False) -> Loaded:
        """What everything stands for where these variables hold; what is for other environments is left out.

        `leave_unset`: see `substitute`.
        """
        here = [one for one in self.written if one.is_for(variables.environment)]
        elsewhere = [one for one in self.written if not one.is_for(variables.environment)]
        with _growing():
            checked = [self._checked(one, variables, leave_unset=leave_unset) for one in here]
            self._judge([one for one in checked if isinstance(one, Checked)])
            understood = [self._understood(one, document) for one, document in zip(here, checked, strict=True)]
        documents = [one.document for one in understood if isinstance(one.document, ManifestDocument) and one.is_sound]
        unsound = [
            one.document for one in understood if isinstance(one.document, ManifestDocument) and not one.is_sound
        ]
        sets = [one.document for one in understood if isinstance(one.document, SetDocument)]
        problems = [*self._problems, *(found for one in understood for found in one.diagnostics)]
        symbolic = frozenset().union(*(one.symbolic for one in understood))
        named = [one for one in (*documents, *unsound) if one.places.of_value(_NAME) not in symbolic]
        names = [*map(_name, named), *((one.name, one.places) for one in elsewhere)]
        lost = [one.name for one, now in zip(here, understood, strict=True) if now.document is None]
        return Loaded(
            tuple(documents),
            in_order([*problems, *_repeated("manifest", names), *_repeated("response set", map(_name, sets))]),
            tuple(dict.fromkeys([*self._read.values(), *(file for one in understood for file in one.files_read)])),
            {one.manifest.metadata.name: one for one in reversed(sets)},
            symbolic,
            tuple(unsound),
            self._unparsed.union(lost),
        )

    def _checked(self, written: ParsedDocument, variables: Variables, *, leave_unset: bool) -> Checked | Understood:
        """What is known of a document before its template files are read."""
        if not written.mentioned:
            return self._unchanging.get(id(written)) or Checked(validate(written.places))
        filled = substitute(written.places, written.mentioned, variables, leave_unset=leave_unset)
        return Checked(validate(filled.places), filled.diagnostics, filled.symbolic)

    def _judge(self, checked: Iterable[Checked]) -> None:
        """Find out which template files may be read, of all documents at once."""
        asked = [
            named
            for one in checked
            if one.looked.manifest
            for named in templates.named(one.looked.manifest, one.looked.places, self._files, self._root)
        ]
        unknown = [fromkey for fromkey in dict.fromkeys(asked) if fromkey not in self._verdicts]
        self._verdicts |= zip(unknown, containment.contained(unknown, self._files), strict=True)

    def _understood(self, written: ParsedDocument, checked: Checked | Understood) -> Understood:
        if isinstance(checked, Understood):
            return checked
        found = checked.understood(self._texts(checked))
        if not written.mentioned:
            self._unchanging[id(written)] = found
        return found

    def _texts(self, checked: Checked) -> templates.TemplateTexts:
        looked = checked.looked
        if looked.manifest is None:
            return templates.TemplateTexts({}, (), ())
        return templates.texts(looked.manifest, looked.places, self._files, self._verdicts, self._root)


@contextmanager
def _growing() -> Iterator[None]:
    """No search for garbage meanwhile: there is none, and searching an ever larger tree takes a quarter of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def missing(file: str, files: Files) -> Diagnostic:
    """Said of a file that is not there."""
    folder = PurePath(file).parent
    around = [str(folder / name) for name in files.names(str(folder))]
    if file in around:
        return error(InputRule.MISSING_FILE, "this is a broken link", "fix or remove it", Location(file))
    if not containment.is_hidden(PurePath(file).name):
        around = [one for one in around if not containment.is_hidden(PurePath(one).name)]
    return error(
        InputRule.MISSING_FILE, "there is no such file", did_you_mean(file, around, "check the path"), Location(file)
    )


def _is(places: SourceMap, kind: str) -> bool:
    return isinstance(places.root, dict) and places.root.get("kind") == kind


def _name(document: ManifestDocument | SetDocument) -> tuple[str, SourceMap]:
    return document.manifest.metadata.name, document.places


def _repeated(what: str, named: Iterable[tuple[str, SourceMap]]) -> Iterator[Diagnostic]:
    """Names are how manifests are addressed and sets are used, so each stands for one, whatever environments it has."""
    first: dict[str, Location] = {}
    for name, places in named:
        at = places.of_value(("metadata", "name"))
        if name in first:
            message = f"another {what} is already named `{name}`, at {first[name]}"
            yield error(InputRule.DUPLICATE_NAME, message, f"give each {what} a unique name", at)
        first.setdefault(name, at)
