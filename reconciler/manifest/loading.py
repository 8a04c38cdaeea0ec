"""PATHs to sound manifests.

Promise: `load` reads what the PATHs name, every file once, and gives every sound manifest and every problem of all of
them in one go; a file that is broken keeps no other from being read. All reading goes through `Files`.
"""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePath

from reconciler.diagnostics import Diagnostic, Location, error, in_order
from reconciler.manifest import reader
from reconciler.manifest.templates import texts
from reconciler.ports import Files
from reconciler.resolve.documents import Document
from reconciler.resolve.nodes import Places
from reconciler.resolve.validation import validated
from reconciler.resolve.wording import did_you_mean


@dataclass(frozen=True, slots=True)
class Loaded:
    """The sound manifests, what is wrong with all others, and the manifests and templates that were read."""

    documents: tuple[Document, ...]
    diagnostics: tuple[Diagnostic, ...]
    files_read: tuple[str, ...]


def load(paths: Sequence[str], files: Files, root: str | None = None) -> Loaded:
    """What the PATHs hold: files, folders (everything *.yaml and *.yml below, hidden ones aside) and globs.

    A folder or glob without manifests gives nothing, which is for the caller to judge. Template files have to be inside
    of `root`: by default each manifest's own folder.
    """
    loading = _Loading(files, root)
    with _growing():
        for file in loading.named(paths):
            loading.read(file)
    return Loaded(
        tuple(loading.documents),
        in_order([*loading.problems, *_repeated(loading.documents)]),
        tuple(dict.fromkeys(loading.files_read)),
    )


class _Loading:
    """What has come together so far."""

    def __init__(self, files: Files, root: str | None) -> None:
        self.documents: list[Document] = []
        self.problems: list[Diagnostic] = []
        self.files_read: list[str] = []
        self._files = files
        self._root = root

    def named(self, paths: Sequence[str]) -> Iterator[str]:
        """Every file that the PATHs mean, once."""
        seen: set[str] = set()
        for path in paths:
            for file in self._expanded(path):
                real = self._files.real(file)
                if real not in seen:
                    seen.add(real)
                    yield file

    def _expanded(self, path: str) -> Sequence[str]:
        try:
            return self._files.expand(path)
        except OSError as failure:
            self.problems.append(_unreadable(path, failure))
            return ()

    def read(self, file: str) -> None:
        """Take in one file."""
        try:
            content = self._files.read(file, reader.MAX_BYTES + 1)
        except FileNotFoundError:
            self.problems.append(_missing(file, self._files))
            return
        except OSError as failure:
            self.problems.append(_unreadable(file, failure))
            return
        self.files_read.append(file)
        reading = reader.read(content, file)
        self.problems += reading.diagnostics
        for places in reading.documents:
            self._take(places)

    def _take(self, places: Places) -> None:
        manifest = validated(places)
        if isinstance(manifest, tuple):
            self.problems += manifest
            return
        templates = texts(manifest, places, self._files, self._root)
        self.files_read += templates.files_read
        self.problems += templates.diagnostics
        if not templates.diagnostics:
            self.documents.append(Document(manifest, places, templates.by_name))


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


def _missing(file: str, files: Files) -> Diagnostic:
    folder = PurePath(file).parent
    around = [str(folder / name) for name in files.names(str(folder))]
    return error("missing-file", "there is no such file", did_you_mean(file, around, "check the path"), Location(file))


def _unreadable(path: str, failure: OSError) -> Diagnostic:
    reason = failure.strerror or str(failure)
    return error("unreadable-file", f"this cannot be read: {reason}", "name readable files and folders", Location(path))


def _repeated(documents: Iterable[Document]) -> Iterator[Diagnostic]:
    """Names are how manifests are addressed, so each stands for one."""
    first: dict[str, Location] = {}
    for document in documents:
        name, at = document.manifest.metadata.name, document.places.of_value(("metadata", "name"))
        if name in first:
            message = f"another manifest is named `{name}` already, at {first[name]}"
            yield error("duplicate-name", message, "give each manifest a name of its own", at)
        first.setdefault(name, at)
