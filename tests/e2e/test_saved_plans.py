"""`plan --out` and `apply --plan`, from the command line."""

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from e2e.running import InProcess, execute
from reconciler import planfile
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.server import Server

MANIFEST = """\
apiVersion: reconciler/v1
kind: RestApi
metadata: {name: minimal}
spec:
  api: {name: minimal}
  methodResponses: ensure
  resources:
    /health:
      GET:
        responses:
          200: {responseTemplates: {application/json: saved}}
"""
NEW = MANIFEST.replace("name: minimal}\nspec", "name: new}\nspec").replace("/health", "/new")
LONG = MANIFEST.replace("saved", "x" * 3_000)


@pytest.fixture
def project(folder: Path, sandbox: Server) -> Path:  # noqa: ARG001 - there must be an AWS
    """A manifest that AWS differs from in one response."""
    (folder / "m.yaml").write_text(MANIFEST)
    return folder


@pytest.fixture
def saved(project: Path, reconciler: InProcess) -> Path:
    """Its saved plan."""
    reconciler("plan", "m.yaml", "--out", "plan.json")
    return project / "plan.json"


def writes(plane: ControlPlane) -> int:
    """How many calls wrote so far."""
    return len(plane.calls.writes())


def test_reviewed_plan_is_applied_once(saved: Path, reconciler: InProcess, plane: ControlPlane) -> None:
    """The second time there is nothing to do, and the exit code is 0 too."""
    first = reconciler("apply", "--plan", saved, "--yes")
    wrote = writes(plane)
    second = reconciler("apply", "--plan", saved, "--yes")

    assert ([0, 0], wrote, "Nothing to do.") == ([first.code, second.code], writes(plane), second.last)


def test_plan_is_its_owners(saved: Path) -> None:
    """Nobody else reads it."""
    assert 0o600 == stat.S_IMODE(saved.stat().st_mode)


def test_installed_command_applies_it(saved: Path) -> None:
    """In a process of its own, with no terminal."""
    ran = execute("apply", "--plan", "plan.json", "--yes", folder=saved.parent)

    assert (0, "") == (ran.code, ran.err)


def test_plan_of_another_checkout(saved: Path, reconciler: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder may have another name where the plan is applied."""
    other = saved.parent.with_name("other")
    saved.parent.rename(other)
    other.joinpath("deeper").mkdir()
    monkeypatch.chdir(other)

    assert 0 == reconciler("apply", "--plan", "plan.json", "--yes").code


def test_stale_plan_shows_the_new_one(saved: Path, reconciler: InProcess, plane: ControlPlane) -> None:
    """Once, with why; nothing is written."""
    (saved.parent / "m.yaml").write_text(MANIFEST.replace("saved", "edited"))
    ran = reconciler("apply", "--plan", saved, "--yes")
    report = json.loads(reconciler("apply", "--plan", saved, "--yes", "--format", "json").out)

    assert (4, 0, 1) == (ran.code, writes(plane), ran.out.count(": edited"))
    assert ran.out.startswith(
        "refused: minimal, RestApi minimal001 (account 123456789012, eu-west-1): the manifests have changed"
    )
    assert [1, []] == [len(report["reasons"]), report["outcomes"]]


def test_max_age(saved: Path, reconciler: InProcess) -> None:
    """An old plan is refused if somebody asks for a young one."""
    young = planfile.load(saved)
    codes = []
    for created_at in ("2001-01-31T12:00:00Z", young.created_at):
        planfile.save(saved, young.model_copy(update={"created_at": created_at, "checksum": None}))
        codes.append(reconciler("apply", "--plan", saved, "--yes", "--max-age", "7d").code)

    assert [4, 0] == codes


def test_answer_is_asked_for(saved: Path, reconciler: InProcess) -> None:
    """A saved plan needs --yes where there is no terminal, as any apply does."""
    ran = reconciler("apply", "--plan", saved)

    assert (64, ["cannot ask for confirmation without a terminal"]) == (ran.code, ran.failures())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("m.yaml",), "PATH and --plan cannot be used together"),
        (("--env", "prod"), "--env and --plan cannot be used together"),
        (("--var", "a=b"), "--var and --plan cannot be used together"),
        (("--selector", "a=b"), "--selector and --plan cannot be used together"),
        (("--only", "*"), "--only and --plan cannot be used together"),
        (("--config", "reconciler.yaml"), "--config and --plan cannot be used together"),
        (("--changed-since", "main"), "--changed-since and --plan cannot be used together"),
        (("--force", "maxDelete"), "--force and --plan cannot be used together"),
        (("--base", "main"), "--base and --plan cannot be used together"),
        (("--max-age", "1w"), "--max-age '1w' is not a duration"),
        (("--max-age", ""), "--max-age '' is not a duration"),
    ],
)
def test_what_the_plan_says_is_not_said_again(
    saved: Path, reconciler: InProcess, plane: ControlPlane, arguments: tuple[str, ...], message: str
) -> None:
    """Nobody reviewed that."""
    plane.calls.clear()
    ran = reconciler("apply", "--plan", saved, "--yes", *arguments)

    assert (64, [message], []) == (ran.code, ran.failures(), plane.calls.names())


@pytest.mark.parametrize("age", ["1h", "0s"])
def test_max_age_without_a_plan(project: Path, reconciler: InProcess, age: str) -> None:
    """It has nothing to count from."""
    ran = reconciler("apply", project / "m.yaml", "--yes", "--max-age", age)

    assert (64, ["--max-age needs --plan"]) == (ran.code, ran.failures())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RECONCILER_ENV", "prod"),
        ("RECONCILER_VAR", "a=b"),
        ("RECONCILER_ONLY", "nothing: *"),
        ("RECONCILER_SELECTOR", "team=none"),
        ("RECONCILER_CONFIG", "nowhere.yaml"),
    ],
)
def test_environment_of_the_process_does_not_disturb(
    saved: Path, reconciler: InProcess, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """What is set for other commands does not count beside a saved plan."""
    monkeypatch.setenv(name, value)

    assert 0 == reconciler("apply", "--plan", saved, "--yes").code


def report(saved: Path, reconciler: InProcess) -> str:
    """What `plan --format json` prints."""
    return reconciler("plan", saved.parent / "m.yaml", "--format", "json").out


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [
        (lambda text: text[:-30], 1, "plan.json is not JSON, or is cut off"),
        (lambda _: "[" * 1_048_576, 1, "plan.json is not JSON, or is cut off"),
        (lambda _: '{"a":' * 200_000 + "1" + "}" * 200_000, 1, "plan.json is not JSON, or is cut off"),
        (
            lambda _: '{"format_version": "1.2", "terraform_version": "1.9.0"}',
            1,
            "plan.json is not a plan made by reconciler",
        ),
        (
            lambda text: text.replace('"formatVersion": "1.0"', '"formatVersion": "1.1"'),
            4,
            "plan.json has format 1.1, but this version reads formats up to 1.0",
        ),
        (
            lambda text: text.replace('"saved"', '"evil"'),
            4,
            "plan.json was changed after it was written, or is damaged: nothing was applied",
        ),
    ],
)
def test_file_that_is_no_saved_plan(  # noqa: PLR0913, PLR0917 - fixtures and parameters
    saved: Path,
    reconciler: InProcess,
    plane: ControlPlane,
    content: Callable[[str], str],
    code: int,
    message: str,
) -> None:
    """One sentence that says what it is and what now, before AWS is asked anything."""
    saved.write_text(content(saved.read_text()))
    plane.calls.clear()
    ran = reconciler("apply", "--plan", "plan.json", "--yes")

    assert (code, [message], "", []) == (ran.code, ran.failures(), ran.out, plane.calls.names())


def test_report_is_no_saved_plan(saved: Path, reconciler: InProcess) -> None:
    """It looks like one; how to make one is said."""
    saved.write_text(report(saved, reconciler))
    ran = reconciler("apply", "--plan", "plan.json", "--yes")

    assert (1, ["plan.json is a plan's report, not a saved plan"]) == (ran.code, ran.failures())


@pytest.mark.parametrize("out", ["", "nowhere/plan.json", "."])
def test_place_that_cannot_be_written(project: Path, reconciler: InProcess, plane: ControlPlane, out: str) -> None:
    """Told before anything is asked of AWS."""
    ran = reconciler("plan", project / "m.yaml", "--out", out)

    assert (64, []) == (ran.code, plane.calls.names())


def test_device_is_not_replaced(project: Path, reconciler: InProcess, plane: ControlPlane) -> None:
    """A pipe stays one, as the null device would."""
    os.mkfifo("pipe")
    ran = reconciler("plan", project / "m.yaml", "--out", "pipe")

    assert (64, ["--out pipe is a device or a pipe"], True) == (ran.code, ran.failures(), Path("pipe").is_fifo())
    assert (64, []) == (reconciler("plan", project / "m.yaml", "--out", os.devnull).code, plane.calls.names())


def test_plan_with_errors_is_not_saved(project: Path, reconciler: InProcess) -> None:
    """There is none then."""
    (project / "new.yaml").write_text(NEW)
    ran = reconciler("plan", "new.yaml", "--out", "plan.json")

    assert (1, False, True) == (ran.code, (project / "plan.json").exists(), "no plan was saved to plan.json" in ran.err)


@pytest.mark.parametrize(("options", "code"), [((), 1), (("--config", "one.yaml"), 4)])
def test_older_plan_is_not_left_for_it(saved: Path, reconciler: InProcess, options: tuple[str, ...], code: int) -> None:
    """Else whoever ignores the exit code applies, or shows, what this run did not plan."""
    (saved.parent / "new.yaml").write_text(NEW)
    (saved.parent / "one.yaml").write_text(
        "apiVersion: reconciler/v1\nkind: Config\nmanifests: [m.yaml]\n"
        "environments: {a: {region: eu-west-1}, b: {region: eu-west-1}}\n"
    )
    ran = reconciler("plan", *(options or ["new.yaml"]), *(["--env", "all"] if options else []), "--out", saved)
    said = f"no plan was saved to {saved} (the older plan there was removed)"

    assert (code, False, True) == (ran.code, saved.exists(), said in ran.err)


def test_wrong_usage_leaves_the_older_plan(saved: Path, reconciler: InProcess) -> None:
    """And so does a file that is no saved plan: neither is ours to remove."""
    used = reconciler("plan", "m.yaml", "--base", "--version", "--out", saved)
    kept = saved.exists()
    saved.write_text("{}")
    (saved.parent / "new.yaml").write_text(NEW)
    failed = reconciler("plan", "new.yaml", "--out", saved)

    assert ((64, True), (1, "{}")) == ((used.code, kept), (failed.code, saved.read_text()))


@pytest.mark.parametrize(
    ("arguments", "clash"),
    [
        (
            ("plan", "m.yaml", "--format", "json=a", "--format", "markdown=./a"),
            "--format markdown=./a and --format json=a",
        ),
        (("plan", "m.yaml", "--out", "a", "--format", "json=a"), "--format json=a and --out a"),
        (
            ("apply", "--plan", "plan.json", "--yes", "--format", "json=plan.json"),
            "--format json=plan.json and --plan plan.json",
        ),
    ],
)
def test_one_file_for_two_things(
    saved: Path, reconciler: InProcess, plane: ControlPlane, arguments: tuple[str, ...], clash: str
) -> None:
    """One would be gone: told before anything is asked of AWS."""
    before = saved.read_text()
    plane.calls.clear()
    ran = reconciler(*arguments)

    assert (64, [f"{clash} are the same file"], [], before) == (
        ran.code,
        ran.failures(),
        plane.calls.names(),
        saved.read_text(),
    )


def test_long_texts_stand_once(project: Path, reconciler: InProcess) -> None:
    """A plan of hundreds of responses with one template stays small."""
    (project / "m.yaml").write_text(LONG)
    reconciler("plan", "m.yaml", "--out", "plan.json")

    assert 1 == (project / "plan.json").read_text().count("x" * 3_000)
    assert 0 == reconciler("apply", "--plan", "plan.json", "--yes").code


def test_method_that_terraform_makes_in_the_same_merge(
    project: Path, reconciler: InProcess, plane: ControlPlane
) -> None:
    """Planned before it is there, applied once it is; until then the exit code says that something waits."""
    (project / "new.yaml").write_text(NEW)
    planned = reconciler("plan", ".", "--allow-missing", "--out", "plan.json")
    early = reconciler("apply", "--plan", "plan.json", "--yes")
    (root,) = [one["id"] for one in plane.call("GetResources", restApiId="minimal001")["items"] if one["path"] == "/"]
    made = plane.call("CreateResource", restApiId="minimal001", parentId=root, pathPart="new")["id"]
    where = {"restApiId": "minimal001", "resourceId": made, "httpMethod": "GET"}
    plane.call("PutMethod", **where, authorizationType="NONE")
    plane.call("PutIntegration", **where, type="MOCK")
    late = reconciler("apply", "--plan", "plan.json", "--yes")

    assert [0, 3, 0] == [planned.code, early.code, late.code]
    assert ("Deferred until the method exists:" in planned.out, " 1 deferred." in planned.last) == (True, True)
    assert ("still deferred: new: GET /new 200" in early.out, "1 response still deferred" in early.last) == (True, True)


TWO_PLACES = """\
apiVersion: reconciler/v1
kind: Config
manifests: [new.yaml]
environments: {dev: {region: eu-west-1, vars: {api: minimal}}, prod: {region: eu-west-1, vars: {api: petstore}}}
"""


@pytest.fixture
def two_places(project: Path) -> Path:
    """Two environments, in none of which the one method of the manifest is there yet."""
    (project / "new.yaml").write_text(NEW.replace("api: {name: minimal}", "api: {name: '${{ vars.api }}'}"))
    (project / "reconciler.yaml").write_text(TWO_PLACES)
    return project


@pytest.mark.usefixtures("two_places")
def test_what_waits_is_reviewed_too(reconciler: InProcess) -> None:
    """An apply may write it: its values are shown, and it is not called no changes."""
    text = reconciler("plan", "--env", "all", "--allow-missing")
    markdown = reconciler("plan", "--env", "dev", "--allow-missing", "--format", "markdown")
    quiet = reconciler("plan", "--env", "dev", "--allow-missing", "-q")

    assert [True] * 5 == [
        text.out.count("        + template application/json: saved") == 2,
        "  dev, eu-west-1: 1 deferred\n  prod, eu-west-1: 1 deferred\n" in text.out,
        "### reconciler plan: deferred" in markdown.out,
        "+     template application/json: saved" in markdown.out,
        quiet.out.startswith("Nothing to write yet. ") and quiet.out.endswith(" 1 deferred.\n"),
    ]


@pytest.mark.usefixtures("two_places")
def test_what_still_waits_is_told_by_environment(reconciler: InProcess) -> None:
    """The same address waits in both; and that nothing was written is not called nothing to do."""
    reconciler("plan", "--env", "all", "--allow-missing", "--out", "plan.json")
    ran = reconciler("apply", "--plan", "plan.json", "--yes")
    waits = [line for line in ran.out.splitlines() if line.startswith("still deferred")]

    assert (3, "Nothing was written.") == (ran.code, ran.last)
    assert waits == [
        f"still deferred: new: GET /new 200 in {name}, eu-west-1: the API has no path /new yet"
        for name in ("dev", "prod")
    ]


@pytest.mark.usefixtures("two_places")
def test_comments_on_applies_of_two_environments_are_two(
    reconciler: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment is the saved plan's, whatever that of the process is called."""
    reconciler("plan", "--env", "dev", "--allow-missing", "--out", "plan.json")
    monkeypatch.setenv("RECONCILER_ENV", "prod")
    ran = reconciler("apply", "--plan", "plan.json", "--yes", "--format", "markdown")

    assert "<!-- reconciler:apply dev -->" == ran.out.splitlines()[0]


def test_no_name_of_a_plan(reconciler: InProcess) -> None:
    """As from a variable that is not set."""
    ran = reconciler("apply", "--plan", "", "--yes")

    assert (64, ["--plan is empty"]) == (ran.code, ran.failures())


def test_quiet_refusal_says_what_there_is_to_do_now(saved: Path, reconciler: InProcess) -> None:
    """Nothing, here: that is an answer, and not left out."""
    (saved.parent / "m.yaml").write_text(MANIFEST.replace("{responseTemplates: {application/json: saved}}", "{}"))
    applied = reconciler("apply", "m.yaml", "--yes")
    ran = reconciler("apply", "--plan", "plan.json", "--yes", "-q")

    assert (0, 4, True) == (applied.code, ran.code, ran.last.startswith("No changes."))
