"""openapi, as typed."""

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openapi_spec_validator
import pytest

from e2e.running import InProcess

OLD = """\
openapi: 3.0.1
info: {title: pets}
paths:
  /pets: {get: {x-amazon-apigateway-integration: {type: mock, responses: {default: {statusCode: '200'}}}}}
"""
NEW = OLD.replace("'200'", "'204'")
MANIFEST = """\
apiVersion: reconciler/v1
kind: RestApi
metadata: {name: pets}
spec:
  api: {name: pets}
  resources: {/pets: {GET: {responses: {204: {}}}}}
"""


@pytest.fixture
def document(folder: Path) -> Path:
    """A document, and a manifest that has another status."""
    (folder / "pets.yaml").write_text(MANIFEST)
    (folder / "api.yml").write_text(OLD)
    return folder / "api.yml"


def test_the_document_is_changed_in_place(reconciler: InProcess, document: Path) -> None:
    """Once; the second run finds nothing to do."""
    first, second = (reconciler("openapi", "--into", "api.yml", "pets.yaml") for _ in range(2))

    assert (NEW, (0, 0)) == (document.read_text(), (first.code, second.code))
    assert (
        "pets: GET /pets: +204 -200\nWrote api.yml, changed in 1 method: 1 response added, 1 response removed.\n",
        "api.yml already has the 1 response of the manifests.\n",
    ) == (first.out, second.out)


def test_check_writes_nothing(reconciler: InProcess, document: Path) -> None:
    """It exits with 2 while there is something to write."""
    ran = reconciler("openapi", "--into", "api.yml", "--check", "pets.yaml")

    assert (2, OLD, True) == (ran.code, document.read_text(), "api.yml would change in 1 method" in ran.out)


def test_the_result_goes_to_another_file(reconciler: InProcess, document: Path) -> None:
    """Then the document stays."""
    ran = reconciler("openapi", "--into", "api.yml", "--out", "new.yml", "-q", "pets.yaml")

    assert (0, "", OLD, NEW) == (ran.code, ran.out, document.read_text(), document.with_name("new.yml").read_text())


def test_stdout_gets_the_document_alone(reconciler: InProcess, document: Path) -> None:
    """What changed goes to stderr, or to a file."""
    ran = reconciler("openapi", "--into", "api.yml", "--out", "-", "--format", "json=result.json", "pets.yaml")
    result = json.loads(document.with_name("result.json").read_text())

    assert (0, NEW, True) == (ran.code, ran.out, "Wrote stdout" in ran.err)
    assert ("OpenApiUpdate", True, {"create": 1, "update": 0, "delete": 1, "unchanged": 0}) == (
        result["kind"],
        result["changed"],
        result["summary"],
    )


@pytest.mark.usefixtures("document")
def test_stdin_is_answered_on_stdout(reconciler: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """As filters do."""
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(OLD.encode())))
    ran = reconciler("openapi", "--into", "-", "-q", "pets.yaml")

    assert (0, NEW, "") == (ran.code, ran.out, ran.err)


def test_the_result_is_openapi(reconciler: InProcess, document: Path) -> None:
    """An independent reader accepts what is written."""
    operation: dict[str, Any] = {
        "responses": {"204": {"description": "gone"}},
        "x-amazon-apigateway-integration": {"type": "mock", "responses": {"default": {"statusCode": "200"}}},
    }
    content = {"openapi": "3.0.1", "info": {"title": "pets", "version": "1"}, "paths": {"/pets": {"get": operation}}}
    document.write_text(json.dumps(content, indent=2))
    code = reconciler("openapi", "--into", "api.yml", "pets.yaml").code
    written = json.loads(document.read_text())
    openapi_spec_validator.validate(written)

    operation["x-amazon-apigateway-integration"]["responses"] = {"default": {"statusCode": "204"}}
    assert (0, content) == (code, written)


def test_an_error_leaves_the_document(reconciler: InProcess, document: Path) -> None:
    """And the last line says so."""
    document.write_text(OLD.replace("/pets", "/dogs"))
    ran = reconciler("openapi", "--into", "api.yml", "pets.yaml", "-q")

    assert (1, "api.yml was not changed. Fix the errors above.", True) == (
        ran.code,
        ran.out.splitlines()[-1],
        "pets.yaml:6:23: error: pets: GET /pets is not in api.yml" in ran.out,
    )


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--into", ""),
        ("--into", "api.yml", "--out", ""),
        ("--into", "api.yml", "--out", "-", "--format", "json"),
        ("--into", "api.yml", "--check", "--out", "x"),
        ("--into", "api.yml", "--out", "none/x"),
        ("--into", "api.yml", "--format", "text=api.yml"),
        ("--into", "api.yml", "--parameter", "x"),
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("document")
def test_wrong_usage(reconciler: InProcess, arguments: tuple[str, ...]) -> None:
    """Nothing is written that could not be meant."""
    assert 64 == reconciler("openapi", *arguments, "pets.yaml").code
