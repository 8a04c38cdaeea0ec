"""Read the files with bodies that response tests name: what backends answer, and what clients should get.

The same files may be read as for templates (`containment`). A file that is UTF-8 is a text, without one newline at its
end; any other is binary.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from reconciler.manifest import containment
from reconciler.manifest.containment import Bounds, ReadRefusal, ReferencedFile, Verdict
from reconciler.manifest.schema.documents import ResponseTestDocument
from reconciler.manifest.schema.response_test import BodyModel, ResponseTestDefaults
from reconciler.manifest.templates import UnusableFile, read_content
from reconciler.mapping.exchange import Payload
from reconciler.ports import Files

MAX_BYTES: Final = 10 * 1024 * 1024
"""The largest payload that API Gateway passes on (Developer Guide, quotas)."""


@dataclass(frozen=True, slots=True)
class BodyFile:
    """A file with a body: its reference, and its real name if it may be read and written."""

    reference: ReferencedFile
    real: str


class BodyFiles:
    """The files of some documents. `root` is the folder that they have to be in; None: that of each document."""

    def __init__(self, documents: Iterable[ResponseTestDocument], files: Files, root: str | None) -> None:
        self._files = files
        self._root = root
        self._bounds: dict[str, Bounds] = {}
        self._contents: dict[ReferencedFile, bytes | UnusableFile] = {}
        references = tuple(
            dict.fromkeys(self._reference(document, name) for document in documents for name in file_names(document))
        )
        self._verdicts: dict[ReferencedFile, Verdict] = dict(
            zip(references, containment.check_files(references, files), strict=True)
        )

    def read(self, document: ResponseTestDocument, name: str) -> Payload:
        """Return the body in a file that the document names. Raises UnusableFile."""
        reference = self._reference(document, name)
        if reference not in self._contents:
            try:
                self._contents[reference] = read_content(
                    reference, self._verdicts[reference], self._files, MAX_BYTES, "API Gateway passes on up to 10 MB"
                )
            except UnusableFile as reason:
                self._contents[reference] = reason
        content = self._contents[reference]
        if isinstance(content, UnusableFile):
            raise content
        return payload_of(content)

    def writable(self, document: ResponseTestDocument, name: str) -> BodyFile | None:
        """Return a file that the document names if a body may be written to it."""
        reference = self._reference(document, name)
        verdict = self._verdicts[reference]
        return None if isinstance(verdict, ReadRefusal) else BodyFile(reference, verdict)

    def _reference(self, document: ResponseTestDocument, name: str) -> ReferencedFile:
        file = document.places.file
        if file not in self._bounds:
            self._bounds[file] = containment.bounds_for(file, self._files, self._root)
        return ReferencedFile(name, str(PurePath(file).parent / name), self._bounds[file])


def payload_of(content: bytes) -> Payload:
    """Return the content of a file as a body."""
    try:
        return content.decode().removesuffix("\n")
    except UnicodeDecodeError:
        return content


def content_of(body: Payload) -> bytes:
    """Return the content of a file with this body; lone surrogates become `?`, as they do for clients."""
    return body if isinstance(body, bytes) else f"{body}\n".encode("utf-8", "replace")


def file_names(document: ResponseTestDocument) -> Iterator[str]:
    """Yield the name of every file that a document names."""
    spec = document.tests.spec
    for test in (spec.defaults, *spec.tests):
        for body in _bodies(test):
            if isinstance(body, BodyModel) and body.file:
                yield body.file


def _bodies(test: ResponseTestDefaults) -> tuple[str | BodyModel, ...]:
    return test.request.body, test.backend.body, test.expect.body
