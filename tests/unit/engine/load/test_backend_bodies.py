"""A condition on what is a boolean in a test is no existence test."""

from pathlib import Path

import pytest

from reconciler.engine.load.request import Request
from reconciler.engine.validate import validate
from reconciler.manifest import Disk

MANIFEST = """apiVersion: reconciler/v1
kind: RestApi
metadata: {name: pets}
spec:
  api: {name: pets}
  resources:
    /pets:
      GET:
        responses:
          200: {responseTemplates: {text/plain: "#set($root = $input.path('$'))#if($root.sold)sold#end"}}
"""
TEST = """---
apiVersion: reconciler/v1
kind: ResponseTest
metadata: {{name: pets}}
spec:
  manifest: pets
  {defaults}
  tests:
    - {{name: a pet, method: GET /pets, backend: {backend}, expect: {{status: 200}}}}
"""


def rules(text: str) -> list[str]:
    """What `validate` says of a manifest and its tests in one file."""
    Path("pets.yaml").write_text(text)
    return [one.rule for one in validate(Request(("pets.yaml",)), Disk()).diagnostics]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    "backend",
    [
        "{lambda: {sold: true}}",
        "{status: 200, body: {json: {sold: false}}}",
        """{status: 200, body: '{"sold": true}'}""",
        "{status: 200, body: {file: sold.json}}",
    ],
)
def test_a_boolean_in_a_test_makes_a_condition_right(backend: str) -> None:
    """In whatever form the test has it."""
    Path("sold.json").write_text('{"sold": true}')

    assert [] == rules(MANIFEST + TEST.format(defaults="", backend=backend))


def test_a_boolean_in_the_defaults_counts() -> None:
    """They belong to each test."""
    defaults = "defaults: {backend: {body: {json: {sold: true}}}}"

    assert [] == rules(MANIFEST + TEST.format(defaults=defaults, backend="{status: 200}"))


@pytest.mark.parametrize(
    "backend",
    [
        "{lambda: {sold: yes}}",
        "{lambdaText: sold}",
        "{status: 200, body: {json: {price: 1, bought: true}}}",
        "{status: 200, body: {base64: e30=}}",
        "{status: 200, body: no json}",
        "{status: 200, body: {file: none.json}}",
        "{mock: 200}",
    ],
)
def test_without_a_boolean_it_is_always_true(backend: str) -> None:
    """Bodies that are no JSON or cannot be read show nothing."""
    assert "always-true" in rules(MANIFEST + TEST.format(defaults="", backend=backend))


def test_without_tests_it_is_always_true() -> None:
    """So a bare reference is reported until a test shows what it is."""
    assert ["always-true"] == rules(MANIFEST)
