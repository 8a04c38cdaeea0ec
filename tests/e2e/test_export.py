"""The command `export`, against the sandbox."""

import json
import subprocess
from pathlib import Path

import pytest

from e2e.running import InProcess
from e2e.test_samples import manifest_rules
from reconciler.sandbox.model.plane import ControlPlane
from support import plain_yaml

pytestmark = pytest.mark.usefixtures("sandbox")

LAYOUTS = ["", "--template-files", "--extract-sets", "--template-files --extract-sets"]


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("options", LAYOUTS)
def test_plan_after_an_export_is_empty(reconciler: InProcess, folder: Path, options: str) -> None:
    """Everything that the region holds, REST and WebSocket, is declared as it is."""
    exported = reconciler("export", "--all", "--out", folder, *options.split())

    assert (0, 0) == (exported.code, reconciler("plan", folder, "--detailed-exitcode").code)


def test_output_names_every_file_and_sums_up(reconciler: InProcess, folder: Path) -> None:
    """One line for each file, a summary last; what is passed over is told on stderr."""
    ran = reconciler("export", "--all", "--out", "live")
    lines = ran.out.splitlines()

    assert (sorted(contents(folder)), True, True) == (
        sorted(line.partition(":")[0] for line in lines[:-1]),
        lines[-1].startswith("Exported "),
        "is skipped: an HTTP API has no integration responses" in ran.err,
    )


def test_files_fit_the_schema(reconciler: InProcess, folder: Path) -> None:
    """An independent JSON Schema validator agrees with every manifest and set."""
    reconciler("export", "--all", "--out", ".", "--extract-sets")
    documents = [
        one for file in folder.glob("*.yaml") for one in plain_yaml.documents(file.read_text(encoding="utf-8"))
    ]
    plain = json.loads(json.dumps(documents))

    assert [] == [error.message for one in plain for error in manifest_rules().iter_errors(one)]


@pytest.mark.usefixtures("folder")
def test_quiet_is_the_summary(reconciler: InProcess) -> None:
    """One line, on stdout."""
    ran = reconciler("export", "--all", "--out", "live", "-q")

    assert (1, True, "") == (len(ran.out.splitlines()), ran.out.startswith("Exported "), ran.err)


def test_existing_file_is_not_replaced(reconciler: InProcess, folder: Path) -> None:
    """Not one file is written then, and the ones in the way are named."""
    (folder / "petstore.yaml").write_text("mine")
    ran = reconciler("export", "--rest-api", "petstore", "--rest-api", "minimal", "--out", ".")

    assert (1, {"petstore.yaml": b"mine"}, ["petstore.yaml already exists"]) == (
        ran.code,
        contents(folder),
        ran.failures(),
    )


def test_force_replaces(reconciler: InProcess, folder: Path) -> None:
    """On demand, an existing file becomes what AWS holds."""
    (folder / "minimal.yaml").write_text("mine")
    ran = reconciler("export", "--rest-api", "minimal", "--out", ".", "--force")

    assert (0, True) == (ran.code, b"kind: RestApi" in contents(folder)["minimal.yaml"])


def test_link_is_followed_and_stays(reconciler: InProcess, folder: Path) -> None:
    """What a link leads to is replaced, not the link."""
    (folder / "real.yaml").write_text("mine")
    (folder / "minimal.yaml").symlink_to("real.yaml")
    reconciler("export", "--rest-api", "minimal", "--out", ".", "--force")

    assert (True, True) == ((folder / "minimal.yaml").is_symlink(), b"RestApi" in contents(folder)["real.yaml"])


def test_failure_part_way_leaves_nothing(reconciler: InProcess, folder: Path) -> None:
    """A folder where a file is to be stands in the way of all."""
    (folder / "minimal.yaml").mkdir()
    ran = reconciler("export", "--rest-api", "minimal", "--rest-api", "ledger", "--out", ".", "--force")

    assert (1, {}) == (ran.code, contents(folder))


def test_second_export_is_the_same(reconciler: InProcess, folder: Path) -> None:
    """Byte for byte."""
    reconciler("export", "--all", "--out", "one")
    reconciler("export", "--all", "--out", "two")

    assert contents(folder / "one") == contents(folder / "two")


def test_awkward_template_survives_the_disk(reconciler: InProcess, plane: ControlPlane, folder: Path) -> None:
    """Line ends are kept to the byte, in the manifest and in a file."""
    template = "a\r\nb\rc \t\n" * 20
    api = next(one for one in plane.call("GetRestApis")["items"] if one["name"] == "minimal")["id"]
    resources = plane.call("GetResources", restApiId=api)["items"]
    health = next(resource["id"] for resource in resources if resource["path"] == "/health")
    where = {"restApiId": api, "resourceId": health, "httpMethod": "GET", "statusCode": "200"}
    plane.call("PutIntegrationResponse", **where, responseTemplates={"application/json": template})
    reconciler("export", "--rest-api", "minimal", "--out", "one")
    reconciler("export", "--rest-api", "minimal", "--out", "two", "--template-files")
    codes = [reconciler("plan", name, "--detailed-exitcode").code for name in ("one", "two")]

    assert ([0, 0], template + "\n") == (
        codes,
        contents(folder / "two")["templates/minimal/health-GET-200.vtl"].decode(),
    )


def test_export_writes_nothing_to_aws(reconciler: InProcess, plane: ControlPlane, folder: Path) -> None:
    """It only reads."""
    reconciler("export", "--all", "--out", folder)

    assert [] == plane.calls.writes()


def test_schema_is_found_above(reconciler: InProcess, folder: Path) -> None:
    """The first line leads to the nearest copy of the schema."""
    (folder / "schemas").mkdir()
    (folder / "schemas" / "manifest.schema.json").write_text("{}")
    reconciler("export", "--rest-api", "minimal", "--out", "a/b/c")

    assert contents(folder)["a/b/c/minimal.yaml"].startswith(
        b"# yaml-language-server: $schema=../../../schemas/manifest.schema.json\n"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("--out", "live"),
        ("--all",),
        ("--all", "--rest-api", "petstore", "--out", "live"),
        ("--rest-api", "", "--out", "live"),
        ("--rest-api", "petstore", "--out", "file"),
        ("petstore", "--out", "live"),
    ],
    ids=" ".join,
)
def test_wrong_usage(reconciler: InProcess, folder: Path, arguments: tuple[str, ...]) -> None:
    """Neither too little nor too much may be asked for."""
    (folder / "file").write_text("")
    ran = reconciler("export", *arguments)

    assert (64, 1) == (ran.code, len(ran.failures()))


@pytest.mark.usefixtures("folder")
def test_unknown_api(reconciler: InProcess) -> None:
    """The nearest name is suggested."""
    ran = reconciler("export", "--rest-api", "petstor", "--out", "live")

    assert (1, True) == (ran.code, ran.err.endswith("did you mean `petstore`?\n"))


@pytest.mark.usefixtures("folder")
def test_git_sees_no_difference_after_editing_the_same(reconciler: InProcess) -> None:
    """Exporting again into a repository changes no file, so that a review shows only what changed in AWS."""
    reconciler("export", "--all", "--out", "live")
    subprocess.run(["git", "init", "--quiet"], check=True)  # noqa: S607 - whichever git there is
    subprocess.run(["git", "add", "live"], check=True)  # noqa: S607
    reconciler("export", "--all", "--out", "live", "--force")
    changed = subprocess.run(["git", "diff", "--name-only"], check=True, capture_output=True)  # noqa: S607

    assert b"" == changed.stdout


def test_init_with_a_live_api_plans_empty(reconciler: InProcess, folder: Path) -> None:
    """What is scaffolded from an API is that API."""
    ran = reconciler("init", ".", "--rest-api", "petstore")
    plan = reconciler("plan", "manifests", "--detailed-exitcode", "--format", "json")

    assert (0, 0, 27, True) == (
        ran.code,
        plan.code,
        json.loads(plan.out)["summary"]["unchanged"],
        (folder / "reconciler.yaml").is_file(),
    )
