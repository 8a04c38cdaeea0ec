"""Which manifests a run is about."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from reconciler.engine.drift.drift import drift
from reconciler.engine.load.load import load_manifests
from reconciler.engine.load.request import Request
from reconciler.engine.plan import plan
from reconciler.engine.validate import validate
from reconciler.errors import ExitCode
from reconciler.manifest import Disk
from reconciler.sandbox.gateway import InMemoryCloud
from support.clock import FakeClock

SETS = """\
apiVersion: reconciler/v1
kind: ResponseSet
metadata: {name: outer}
spec: {for: RestApi, use: [inner], responses: {}}
"""
INNER = """\
apiVersion: reconciler/v1
kind: ResponseSet
metadata: {name: inner}
spec: {for: RestApi, responses: {500: {selectionPattern: '5..', responseTemplates: {a/b: {file: inner.vtl}}}}}
"""


def manifest(name: str, labels: str, responses: str, use: str = "") -> str:
    """One GET of an API."""
    return (
        f"apiVersion: reconciler/v1\nkind: RestApi\nmetadata: {{name: {name}, labels: {{{labels}}}}}\nspec:\n"
        f"  api: {{name: {name}}}\n  resources: {{/a: {{GET: {{{use}responses: {{{responses}}}}}}}}}\n"
    )


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three manifests: one with its own template, one that uses a set that uses a set, one with neither."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reconciler.yaml").write_text("apiVersion: reconciler/v1\nkind: Config\n")
    (tmp_path / "outer.yaml").write_text(SETS)
    (tmp_path / "inner.yaml").write_text(INNER)
    (tmp_path / "inner.vtl").write_text("x")
    (tmp_path / "own.vtl").write_text("x")
    (tmp_path / "a.yaml").write_text(manifest("a", "team: pets", "200: {responseTemplates: {a/b: {file: own.vtl}}}"))
    (tmp_path / "b.yaml").write_text(manifest("b", "team: pets, tier: one", "200: {}", "use: [{set: outer}], "))
    (tmp_path / "c.yaml").write_text(manifest("c", "team: shop", "200: {}"))
    return tmp_path


def selected(request: Request) -> list[str]:
    """The manifests by name."""
    return [one.manifests[0].name for part in load_manifests(request, Disk()).projects for one in part.manifests]


@pytest.mark.parametrize(
    ("selectors", "expected"),
    [
        ([], ["a", "b", "c"]),
        ([{"team": "pets"}], ["a", "b"]),
        ([{"team": "pets", "tier": "one"}], ["b"]),
        ([{"tier": "one"}, {"team": "shop"}], ["b", "c"]),
        ([{"team": "pet"}], []),
    ],
)
def test_labels(selectors: Sequence[Mapping[str, str]], expected: list[str]) -> None:
    """All labels of a selector have to fit, and one selector has to."""
    assert expected == selected(Request(selectors=selectors))


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ("a.yaml", ["a"]),
        ("own.vtl", ["a"]),
        ("outer.yaml", ["b"]),
        ("inner.yaml", ["b"]),
        ("inner.vtl", ["b"]),
        ("reconciler.yaml", ["a", "b", "c"]),
        ("README.md", []),
        ("", ["a", "b", "c"]),
    ],
)
def test_changes(folder: Path, changed: str, expected: list[str]) -> None:
    """A manifest is touched through its templates, its sets and theirs, its configuration, and a folder around them."""
    assert expected == selected(Request(touched={str(folder / changed)}))


def test_no_label_fits() -> None:
    """A selector that means nothing is more likely misspelt than meant."""
    request = Request(selectors=[{"team": "pet"}])
    planned = plan(request, InMemoryCloud(), Disk(), FakeClock())

    assert (ExitCode.FAILED, ExitCode.REFUSED, ExitCode.FAILED) == (
        validate(request, Disk()).exit_code,
        planned.exit_code(),
        drift(request, InMemoryCloud(), Disk(), FakeClock()).exit_code,
    )
    assert ["no manifest has the labels team=pet"] == [diagnostic.message for diagnostic in planned.diagnostics]


def test_nothing_changed() -> None:
    """A branch that touches no manifest is fine: the plan is empty."""
    request = Request(touched=())
    planned = plan(request, InMemoryCloud(), Disk(), FakeClock())

    assert (ExitCode.OK, ExitCode.OK, ExitCode.OK) == (
        validate(request, Disk()).exit_code,
        planned.exit_code(detailed=True),
        drift(request, InMemoryCloud(), Disk(), FakeClock()).exit_code,
    )


def test_folder_of_sets() -> None:
    """Sets alone can be checked; there is nothing to plan."""
    request = Request(("outer.yaml", "inner.yaml"))

    assert (ExitCode.OK, ExitCode.REFUSED) == (
        validate(request, Disk()).exit_code,
        plan(request, InMemoryCloud(), Disk(), FakeClock()).exit_code(),
    )
