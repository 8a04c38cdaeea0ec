"""Read what backends answer in the tests of a manifest, for the rules that its templates are checked by."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cache

from reconciler.engine.load.project import ProjectTests
from reconciler.manifest.body_files import BodyFiles
from reconciler.manifest.schema.documents import ResponseTestDocument
from reconciler.manifest.schema.response_test import BackendModel, BodyModel
from reconciler.manifest.templates import UnusableFile
from reconciler.mapping.exchange import Payload
from reconciler.ports import Files


def backend_bodies(tests: ProjectTests, manifest: str, files: Files) -> Callable[[], Sequence[object]]:
    """Return what reads, once, the JSON bodies of all backends in the tests of a manifest.

    Bodies that are no JSON or cannot be read are left out: the tests report them.
    """

    @cache
    def bodies() -> Sequence[object]:
        documents = tuple(tests.of(manifest))
        body_files = BodyFiles(documents, files, tests.root)
        return tuple(body for document in documents for body in _bodies(document, body_files))

    return bodies


def _bodies(document: ResponseTestDocument, files: BodyFiles) -> Iterator[object]:
    spec = document.tests.spec
    for backend in (spec.defaults.backend, *(test.backend for test in spec.tests)):
        if "lambda_" in backend.model_fields_set:
            yield backend.lambda_
        yield from _body(backend, document, files)


def _body(backend: BackendModel, document: ResponseTestDocument, files: BodyFiles) -> Iterator[object]:
    body = backend.body
    if isinstance(body, BodyModel) and "json_" in body.model_fields_set:
        yield body.json_
        return
    text: Payload = body if isinstance(body, str) else ""
    with suppress(UnusableFile):
        text = files.read(document, body.file) if isinstance(body, BodyModel) and body.file else text
    with suppress(ValueError, RecursionError):
        yield json.loads(text)
