"""The places of a method's templates."""

from pathlib import Path

import pytest

from reconciler.diagnostics import Location
from reconciler.engine.listed_method import ListedMethod, WantedMethod, find_method
from reconciler.engine.load.request import Request
from reconciler.errors import UsageError
from reconciler.manifest import Disk
from reconciler.models.keys import MethodKey

MANIFEST = """apiVersion: reconciler/v1
kind: RestApi
metadata: {name: shop}
spec:
  api: {name: shop}
  resources:
    /a:
      GET:
        use: [errors]
        responses:
          200:
            responseTemplates:
              text/plain: inline
              text/html: {file: page.vtl}
---
apiVersion: reconciler/v1
kind: ResponseSet
metadata: {name: errors}
spec:
  for: RestApi
  responses:
    500:
      selectionPattern: '5..'
      responseTemplates: {text/plain: {file: t/error.vtl}, text/css: ''}
"""


@pytest.fixture
def method(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ListedMethod:
    """A method with a response of its own and one of a set."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "manifests"
    (folder / "t").mkdir(parents=True)
    (folder / "shop.yaml").write_text(MANIFEST)
    (folder / "page.vtl").write_text("a")
    (folder / "t" / "error.vtl").write_text("b")
    return find_method(Request(("manifests",)), Disk(), WantedMethod(MethodKey("/a", "GET"), "--method"))


def test_template_in_a_file(method: ListedMethod) -> None:
    """The file is named from the current folder, with a position within it."""
    assert Location("manifests/page.vtl", 1, 2) == method.template_place("200", "text/html", 1, 2)


def test_template_of_a_set(method: ListedMethod) -> None:
    """Its file is relative to the set's."""
    assert Location("manifests/t/error.vtl", 1, 1) == method.template_place("500", "text/plain")


def test_template_in_a_manifest(method: ListedMethod) -> None:
    """It is where its text is."""
    assert Location("manifests/shop.yaml", 13, 28) == method.template_place("200", "text/plain", 1, 2)


def test_template_that_is_not_there(method: ListedMethod) -> None:
    """It is at the nearest thing that is."""
    assert Location("manifests/shop.yaml", 12, 13) == method.template_place("200", "text/css")


def test_ambiguous_in_environments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A manifest that answers differently in several environments counts once among those that list the method."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reconciler.yaml").write_text(
        "apiVersion: reconciler/v1\nkind: Config\nmanifests: [m.yaml]\n"
        "environments: {dev: {vars: {x: a}}, prod: {vars: {x: b}}}\n"
    )
    response = "200: {responseTemplates: {text/plain: '${{ vars.x }}'}}"
    manifest = (
        "apiVersion: reconciler/v1\nkind: RestApi\nmetadata: {name: %s}\n"
        "spec: {api: {name: '%s-${{ vars.x }}'}, resources: {/a: {GET: {responses: {" + response + "}}}}}\n"
    )
    (tmp_path / "m.yaml").write_text("---\n".join(manifest % (name, name) for name in ("one", "two")))
    with pytest.raises(UsageError) as raised:
        find_method(Request(), Disk(), WantedMethod(MethodKey("/a", "GET"), "--method"))

    assert (
        "2 manifests list `GET /a`: one (m.yaml:4:59), two (m.yaml:9:59); "
        "pass the PATH of one manifest, or --manifest one"
    ) == str(raised.value)
