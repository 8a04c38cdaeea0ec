"""Documents with anything in any place: each ends in results and problems with places, never in a traceback."""

import copy
import json
from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.documents import dumped
from reconciler.engine.load.request import Request
from reconciler.engine.response_tests.document import document_of_run
from reconciler.engine.validate import validate
from reconciler.errors import ExitCode
from reconciler.manifest import Disk
from reconciler.render.style import Style
from reconciler.views.test import response_tests_view
from support.response_tests import Shelf

Path: TypeAlias = tuple[str | int, ...]

METHOD: Final = {"method": "GET /pets/{petId}"}
DOCUMENT: Final[dict[str, Any]] = {
    "apiVersion": "reconciler/v1",
    "kind": "ResponseTest",
    "metadata": {"name": "t"},
    "spec": {
        "manifest": "pets",
        "api": {"binaryMediaTypes": ["image/*"], "methodResponses": ["200", 404]},
        "defaults": {"request": {"headers": {"Accept": "a/b"}}, "expect": {"headers": {"A": "b"}}},
        "tests": [
            METHOD
            | {
                "name": "a",
                "request": {"path": {}, "query": {"p": "2"}, "body": ""},
                "context": {"requestId": "r", "identity": {"x": "y"}},
                "backend": {"lambda": {"errorMessage": "no"}, "failed": True},
                "expect": {"status": 404, "selected": "404", "headers": {"C": "absent", "D": ["e"]}, "error": False},
            },
            METHOD
            | {
                "name": "b",
                "backend": {"status": 200, "headers": {"A": ["b"]}, "body": {"base64": "AA=="}},
                "expect": {"body": {"contains": {"a": [1]}}},
            },
            METHOD
            | {"name": "c", "backend": {"lambda": 1}, "expect": {"body": {"file": "a.json"}, "unknown": ["body"]}},
            METHOD
            | {"name": "d", "api": {"integrationType": "MOCK"}, "backend": {"mock": 200}, "expect": {"body": "x"}},
            METHOD | {"name": "e", "backend": {"error": "timeout"}, "expect": {"error": True}},
        ],
    },
}
SCALARS = (None, True, 0, -1, 404, 1.5, "", "x", "absent", "é\u202e", "status", "headers.X", "../x", "GET /")
PLACEHOLDERS = ("${{ vars.x }}", "${{ env.HOME }}", "${{")
COLLECTIONS: Final[tuple[Any, ...]] = (
    [],
    {},
    ["a"],
    [None],
    {"json": 1},
    {"file": "a.json"},
    {"contains": {}},
    {"status": 200},
    {"lambda": 1},
)
VALUES = st.sampled_from((*SCALARS, *PLACEHOLDERS, *COLLECTIONS))
KEYS = st.sampled_from(("name", "route", "backend", "body", "file", "mock", "tests", "unknown", "x", "${{ vars.a }}"))


def paths(node: object, path: Path = ()) -> Iterator[Path]:
    """Every path of a tree but its root."""
    entries: Any = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, value in entries:
        yield (*path, step)
        yield from paths(value, (*path, step))


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A document with values replaced, removed and added."""
    document = copy.deepcopy(DOCUMENT)
    for _ in range(draw(st.integers(1, 3))):
        *around, step = draw(st.sampled_from(list(paths(document))))
        node: Any = document
        for outer in around:
            node = node[outer]
        change = draw(st.sampled_from(("replace", "remove", "add")))
        if change == "remove":
            del node[step]
        else:
            key = draw(KEYS) if change == "add" and isinstance(node, dict) else step
            node[key] = copy.deepcopy(draw(VALUES))
    return document


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=documents(), update=st.booleans())
def test_any_document(shelf: Shelf, document: dict[str, Any], *, update: bool) -> None:
    """It is run and checked, and the result is shown in every format."""
    shelf.write("t.yaml", json.dumps(document))
    shelf.write("a.json", "{}")
    run = shelf.run(update=update)
    texts = [rendering() for rendering in response_tests_view(run, "", Style()).values()]

    assert all(texts)
    assert dumped(document_of_run(run)).isascii()
    assert all(problem.location is None or problem.location.line for problem in run.diagnostics)
    assert validate(Request((".",)), Disk()).exit_code in {ExitCode.OK, ExitCode.FAILED}
