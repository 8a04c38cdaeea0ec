"""Scopes: digests of what a run was asked for, with the content of its manifests and without."""

from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.engine.drift.scope import configuration_digest, history_scope, scope_facts
from reconciler.engine.load.load import LoadResult, load_manifests
from reconciler.engine.load.request import Request
from reconciler.fleet.choice import ShardChoice
from reconciler.fleet.shard import Shard
from reconciler.manifest import Disk
from reconciler.models.targets import Coordinates
from support.stage import manifest

CONFIG = """
apiVersion: reconciler/v1
kind: Config
environments:
  dev: {region: eu-west-1, vars: {pattern: a}}
  prod: {region: eu-west-1, accountId: "123456789012", vars: {pattern: b}}
"""
PATTERN = "{200: {}, 404: {selectionPattern: '${{ vars.pattern }}'}}"

BASE = Request(environments=("dev",))
ELSEWHERE = (
    replace(BASE, environments=("prod",)),
    replace(BASE, environments=("all",)),
    replace(BASE, selectors=({"team": "pets"},)),
    replace(BASE, only=("petstore: *",)),
    replace(BASE, touched=()),
    replace(BASE, is_strict=True),
    replace(BASE, compares_stages=True),
    replace(BASE, compares_stages=True, stages=("live",)),
    replace(BASE, coordinates=Coordinates(region="us-east-1")),
    replace(BASE, variables={"pattern": "c"}),
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration with a manifest, in the current folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reconciler.yaml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "petstore.yaml").write_text(manifest(PATTERN), encoding="utf-8")
    return tmp_path


def digest(request: Request, *details: str) -> str:
    """The digest of a request and of what it loads."""
    return configuration_digest(request, load_manifests(request, Disk(), "2026-01-31"), *details)


@pytest.mark.usefixtures("folder")
def test_whatever_changes_the_findings_is_another_configuration_and_another_scope() -> None:
    """Environments, selectors, --only, stages, coordinates and other options are part of both digests."""
    digests = {digest(request) for request in (BASE, *ELSEWHERE)} | {digest(BASE, "strict")}
    scopes = {history_scope(request) for request in (BASE, *ELSEWHERE)} | {history_scope(BASE, "strict")}

    assert (len(ELSEWHERE) + 2, len(ELSEWHERE) + 2) == (len(digests), len(scopes))


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("petstore.yaml", manifest("{200: {}}")),
        ("petstore.yaml", manifest(PATTERN, api="{name: other}")),
        ("petstore.yaml", manifest(PATTERN, spec="deploy: {stages: [live]}")),
        ("petstore.yaml", "apiVersion: reconciler/v1\nkind: RestApi\nmetadata: {}\n"),
        ("reconciler.yaml", CONFIG.replace("pattern: a", "pattern: c")),
        ("reconciler.yaml", CONFIG.replace("eu-west-1", "us-east-1")),
        ("reconciler.yaml", CONFIG + "ignore: [{match: 'petstore: *', reason: known}]\n"),
        ("reconciler.yaml", CONFIG.replace("{region: eu-west-1, v", "{region: eu-west-1, apis: {petstore: a1}, v")),
    ],
)
def test_content_is_part_of_the_configuration_only(folder: Path, file: str, text: str) -> None:
    """What the manifests and the configuration say changes the digest, and never the scope of a history."""
    before, scope = digest(BASE), history_scope(BASE)
    (folder / file).write_text(text, encoding="utf-8")

    assert (digest(BASE) != before, history_scope(BASE)) == (True, scope)


def test_comments_and_folders_are_not_part_of_the_configuration(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs of one run may have folders of their own."""
    before = digest(BASE)
    (folder / "copy").mkdir()
    for name in ("reconciler.yaml", "petstore.yaml"):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / "copy" / name).write_text(f"# a copy\n{text}", encoding="utf-8")
    monkeypatch.chdir(folder / "copy")

    assert digest(replace(BASE, paths=(str(folder / "copy"),))) == before


def test_order_and_repetition_make_no_scope() -> None:
    """The same request in other words has the same history."""
    first = replace(BASE, paths=("a", "./b/"), environments=("dev", "prod"), only=("x", "y"))
    second = replace(BASE, paths=("b", "a", "a"), environments=("prod", "dev"), only=("y", "x"))

    assert history_scope(first) == history_scope(second)


def test_paths_make_a_scope() -> None:
    """Two folders have two histories."""
    scopes = {history_scope(replace(BASE, paths=(path,))) for path in ("a", "b")}
    scopes |= {history_scope(replace(BASE, config=config)) for config in (None, "a/reconciler.yaml")}

    assert len(scopes) == len(("a", "b", None, "config"))


@pytest.mark.parametrize(
    ("request_", "is_partial"),
    [
        (Request(), False),
        (Request(("a.yaml",), only=("*",)), False),
        (Request(touched=()), True),
        (Request(choice=ShardChoice(Shard(1, 3))), True),
    ],
)
def test_a_run_that_reads_some_targets_of_its_scope_is_partial(request_: Request, *, is_partial: bool) -> None:
    """PATHs and --only are part of the scope; changed files, an event or a shard are not."""
    assert is_partial == scope_facts(request_, LoadResult((), (), ())).is_partial
