"""Loading a part of the documents at a time: the same result, without the trees."""

import gc
from collections.abc import Iterable

import pytest

from reconciler.diagnostics import Diagnostic
from reconciler.engine.load.load import load_manifests, load_sparingly
from reconciler.engine.load.load_result import LoadResult
from reconciler.engine.load.request import Request
from reconciler.manifest import Disk, loader
from reconciler.models.desired import Desired
from reconciler.models.keys import ResponseKey
from reconciler.resolve.origins import without_trees
from reconciler.yamlio.nodes import YamlMap
from support.project import SAMPLES
from support.stage import Stage, manifest

TODAY = "2026-01-31"


@pytest.fixture(autouse=True)
def one_file_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make each file a batch of its own."""
    monkeypatch.setattr(loader, "MOST_IN_BATCH", 0)


def both(request: Request) -> tuple[LoadResult, LoadResult]:
    """Load at once and a file at a time."""
    return load_manifests(request, Disk(), TODAY, with_lint=False), load_sparingly(request, Disk(), TODAY)


def states(loaded: LoadResult) -> list[tuple[str | None, list[Desired]]]:
    """Return the desired states of each environment."""
    return [(project.name, list(project.manifests)) for project in loaded.projects]


def said(problems: Iterable[Diagnostic]) -> list[str]:
    """Return problems as texts."""
    return [str(problem) for problem in problems]


@pytest.mark.parametrize("name", ["chat", "environments", "petstore", "sets"])
def test_samples_are_the_same(name: str) -> None:
    """Every environment of every sample."""
    project = SAMPLES / name
    config = project / "reconciler.yaml"
    environments = ("all",) if config.is_file() and "environments:" in config.read_text("utf-8") else ()
    at_once, sparing = both(Request((str(project),), environments=environments, process={}))

    assert states(at_once) == states(sparing)
    assert (said(at_once.broken), said(at_once.expired)) == (said(sparing.broken), said(sparing.expired))
    assert sorted(at_once.files_read) == sorted(sparing.files_read)


def a_set(name: str, use: str = "[]", code: str = "500") -> str:
    """Return a response set of one response."""
    head = f"apiVersion: reconciler/v1\nkind: ResponseSet\nmetadata: {{name: {name}}}\n"
    return f"{head}spec: {{for: RestApi, use: {use}, responses: {{{code}: {{selectionPattern: '{code}'}}}}}}\n"


def test_sets_of_later_files_are_known(stage: Stage) -> None:
    """A manifest may use a set that is read after it, which may use yet another one."""
    stage.write(manifest(spec="use: [errors]"), "1.yaml")
    stage.write(a_set("errors", "[timeouts]"), "2.yaml")
    stage.write(a_set("timeouts", code="504") + "---\n" + manifest(name="other"), "3.yaml")
    at_once, sparing = both(stage.request())

    assert states(at_once) == states(sparing)
    assert {"200", "500", "504"} == {key.code for key in sparing.projects[0].manifests[0].responses}


def test_problems_are_the_same(stage: Stage) -> None:
    """Those of files, of documents together, and of names that nothing has; each of them once."""
    stage.write(manifest(spec="use: [missing]"), "1.yaml")
    stage.write(manifest(), "2.yaml")
    stage.write(manifest(name="third").replace("{name: third}", "{name: third, environments: [nowhere]}"), "3.yaml")
    stage.write("apiVersion: reconciler/v1\nkind: [", "4.yaml")
    stage.write(a_set("twice") + "---\n" + a_set("twice"), "5.yaml")
    stage.write(a_set("circular", "[circular]"), "6.yaml")
    stage.write(manifest("{200: {wrong: 1}}", name="wrong"), "7.yaml")
    stage.write(
        "apiVersion: reconciler/v1\nkind: Config\nenvironments:\n"
        "  prod: {apis: {nobody: abcdefghij}}\n  test: {apis: {third: abcdefghij}}\n",
        "reconciler.yaml",
    )
    request = Request((), config="reconciler.yaml", environments=("all",), variables={"unread": "1"}, process={})
    at_once, sparing = both(request)

    assert said(at_once.broken) == said(sparing.broken)
    assert 8 <= len(sparing.broken) == len(set(said(sparing.broken)))


def test_a_missing_file_is_reported(stage: Stage) -> None:
    """And one that cannot be read."""
    (stage.folder / "folder.yaml").mkdir()
    at_once, sparing = both(Request(("missing.yaml", "folder.yaml")))

    assert said(at_once.broken) == said(sparing.broken)
    assert ["missing-file"] == [problem.rule.id for problem in sparing.broken]


def test_variables_of_response_tests_count_as_read(stage: Stage) -> None:
    """The documents are left out, but not what they need."""
    stage.write(manifest(), "1.yaml")
    stage.write(
        "apiVersion: reconciler/v1\nkind: ResponseTest\nmetadata: {name: pets}\nspec:\n  manifest: petstore\n"
        "  tests: [{name: '${{ vars.title }}', method: GET /pets, backend: {status: 200}, expect: {status: 200}}]\n",
        "2.yaml",
    )
    at_once, sparing = both(Request((".",), variables={"title": "lists pets"}))

    assert said(at_once.broken) == said(sparing.broken) == []


def test_no_tree_is_left(stage: Stage) -> None:
    """Nothing that was loaded holds the YAML that it comes from."""
    gc.collect()
    before = sum(isinstance(each, YamlMap) for each in gc.get_objects())
    for number in range(5):
        stage.write(manifest(name=f"api{number}"), f"{number}.yaml")
    loaded = load_sparingly(stage.request(), Disk(), TODAY)
    gc.collect()

    assert 5 == len(loaded.projects[0].manifests)
    assert before >= sum(isinstance(each, YamlMap) for each in gc.get_objects())


def test_places_of_whole_responses_are_kept(stage: Stage) -> None:
    """A field is where its response is."""
    stage.write(manifest("{200: {}, 404: {selectionPattern: '404'}}"))
    (desired,) = load_manifests(stage.request(), Disk()).projects[0].manifests
    slim = without_trees(desired)
    keys = list(desired.responses)
    missing = ResponseKey(keys[0].scope, "503")

    assert [(key, "") for key in keys] == list(slim.origins)
    assert len(keys) == len(slim.origins)
    assert [desired.origin(key) for key in keys] == [slim.origin(key, "selectionPattern") for key in keys]
    assert desired.owns[missing.scope].location == slim.origin(missing)
