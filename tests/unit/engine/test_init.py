"""The files that a folder of manifests begins with."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reconciler.engine.export.export import ApiSelector, ExportRequest, export
from reconciler.engine.init import CI, scaffold_files
from reconciler.engine.load.request import Request
from reconciler.engine.validate import validate
from reconciler.errors import ExitCode
from reconciler.manifest import Disk
from reconciler.models.keys import MethodKey
from reconciler.models.responses import RestResponse
from reconciler.models.targets import Kind
from reconciler.sandbox.gateway import InMemoryCloud
from support import plain_yaml
from support.apis import Method, make_api

GET = MethodKey("/pets", "GET")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(files: dict[str, str]) -> None:
    """Write files into the current folder."""
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8", newline="")


def live(response: RestResponse) -> dict[str, str]:
    """What `init` makes of an API with this response."""
    cloud = InMemoryCloud()
    make_api(cloud.plane(), "pets", {GET: Method({"200": response})})
    return scaffold_files(export(ExportRequest([ApiSelector(Kind.REST_API, "pets")]), cloud))


def test_files_of_an_example() -> None:
    """A configuration, an example, both schemas, and settings that lead editors to them."""
    expected = [
        "reconciler.yaml",
        "manifests/example.yaml",
        "manifests/example.test.yaml",
        "schemas/manifest.schema.json",
        "schemas/config.schema.json",
        ".vscode/settings.json",
    ]

    assert expected == list(scaffold_files())


@pytest.mark.parametrize(("ci", "place"), [("github", ".github/"), ("gitlab", ".gitlab")])
def test_recipe_is_where_the_ci_system_looks(ci: CI, place: str) -> None:
    """Nobody has to move it."""
    made = scaffold_files(ci=ci).keys() - scaffold_files().keys()

    assert (True, True) == (bool(made), all(name.startswith(place) for name in made))


@pytest.mark.parametrize("ci", ["github", "gitlab"])
def test_recipe_is_yaml(ci: CI) -> None:
    """All files of it parse, but scripts and lists of packages."""
    made = {name for name in scaffold_files(ci=ci).keys() - scaffold_files().keys() if name.endswith(".yml")}

    assert {dict} == {type(plain_yaml.document(scaffold_files(ci=ci)[name])) for name in made}


def test_example_validates() -> None:
    """All that the configuration names is sound."""
    put(scaffold_files(ci="github"))
    found = validate(Request(), Disk())

    assert (ExitCode.OK, 1, ()) == (found.exit_code, found.manifests, found.diagnostics)


def test_live_api_validates() -> None:
    """The manifest of an API as it is takes the place of the example."""
    put(live(RestResponse("404", None, {}, {"text/plain": "absent"})))
    found = validate(Request(), Disk())

    assert (ExitCode.OK, 1, ()) == (found.exit_code, found.manifests, found.diagnostics)


def test_legacy_validates_with_warnings() -> None:
    """What is wrong with a live API is no reason not to begin: the configuration grades it a warning."""
    put(live(RestResponse("(")))
    found = validate(Request(), Disk())

    assert (ExitCode.OK, ["broken-pattern"]) == (found.exit_code, [diagnostic.rule for diagnostic in found.diagnostics])


@pytest.mark.parametrize(
    ("file", "schema"),
    [
        ("reconciler.yaml", "config"),
        ("manifests/example.yaml", "manifest"),
        ("manifests/example.test.yaml", "manifest"),
    ],
)
def test_file_fits_the_schema_beside_it(file: str, schema: str) -> None:
    """An independent JSON Schema validator agrees."""
    files = scaffold_files()
    rules = Draft202012Validator(json.loads(files[f"schemas/{schema}.schema.json"]))
    content: Any = json.loads(json.dumps(plain_yaml.document(files[file])))

    assert [] == [error.message for error in rules.iter_errors(content)]


@pytest.mark.parametrize("file", ["reconciler.yaml", "manifests/example.yaml", "manifests/example.test.yaml"])
def test_file_says_where_its_schema_is(folder: Path, file: str) -> None:
    """The first line leads editors to the copy that is scaffolded, without any settings."""
    files = scaffold_files()
    said = files[file].splitlines()[0].removeprefix("# yaml-language-server: $schema=")

    assert str((folder / file).parent.joinpath(said).resolve().relative_to(folder)) in files


def test_editor_settings_name_schemas_that_are_there() -> None:
    """For every editor that reads them."""
    files = scaffold_files()
    named = json.loads(files[".vscode/settings.json"])["yaml.schemas"]

    assert {one.removeprefix("./") for one in named} < files.keys()
