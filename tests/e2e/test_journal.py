"""Journals, runs and rollbacks, on the command line."""

import json
import re
import resource
import shutil
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator

from e2e.running import ROOT, SAMPLES, InProcess, Ran, started
from reconciler.sandbox.model import faults
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.model.state import Json
from support.killing import snapshot
from support.processes import PATIENCE

PETSTORE: Final = SAMPLES / "petstore"
PUT: Final = "PutIntegrationResponse"
STILL: Final = (
    "The manifests still contain what the run applied. Revert that commit, or adopt the live state: reconciler adopt"
)


def ids(folder: Path) -> list[str]:
    """The runs in a folder, oldest first."""
    return sorted(one.name for one in folder.iterdir() if not one.name.startswith("."))


def document(ran: Ran, name: str) -> dict[str, Any]:
    """What was printed as JSON, held against its schema."""
    found: dict[str, Any] = json.loads(ran.out)
    schema = json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(found)
    return found


@pytest.fixture
def petstore(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a configuration and the petstore's manifest, and no other place for journals."""
    shutil.copytree(PETSTORE, folder / "manifests")
    head = "apiVersion: reconciler/v1\nkind: Config\nmanifests: [manifests/]\n"
    (folder / "reconciler.yaml").write_text(head, encoding="utf-8")
    monkeypatch.delenv("RECONCILER_JOURNAL")
    return folder


def fails_at(plane: ControlPlane, number: int, fault: faults.Fault | None = None) -> None:
    """Let the put of this number, counted from 1, be refused."""
    left = [number]

    def is_it(_: Json) -> bool:
        left[0] -= 1
        return left[0] == 0

    plane.faults.add(fault or faults.access_denied("PUT", "/restapis/petstore01"), PUT, when=is_it)


@pytest.mark.usefixtures("plane")
def test_a_run_is_beside_its_configuration(reconciler: InProcess, petstore: Path) -> None:
    """Its owner alone may read it, and git is told to leave it alone."""
    ran = reconciler("apply", "--yes")
    home = petstore / ".reconciler"
    (run,) = ids(home / "runs")
    files = sorted((home / "runs" / run).iterdir())

    assert (0, "*\n", [("outcomes.jsonl", 0o600), ("plan.json", 0o600)], 0o700, f"Run {run}; to undo it:") == (
        ran.code,
        (home / ".gitignore").read_text(encoding="utf-8"),
        [(file.name, stat.S_IMODE(file.stat().st_mode)) for file in files],
        stat.S_IMODE((home / "runs" / run).stat().st_mode),
        ran.out.splitlines()[-2].removesuffix(f" reconciler rollback {run}"),
    )


@pytest.mark.usefixtures("plane")
def test_each_action_has_its_lines(reconciler: InProcess, petstore: Path) -> None:
    """Between the first and the last, which say what it is and how it ended."""
    reconciler("apply", "--yes")
    (run,) = ids(petstore / ".reconciler" / "runs")
    text = (petstore / ".reconciler" / "runs" / run / "outcomes.jsonl").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()]

    assert (
        ["begin", *["sent", "outcome"] * 8, "end"],
        run,
        [str(one) for one in range(1, 9) for _ in "so"],
        {"applied"},
        0,
    ) == (
        [one["line"] for one in lines],
        lines[0]["run"],
        [one["id"] for one in lines[1:-1]],
        {one["outcome"] for one in lines[2:-1:2]},
        lines[-1]["exitCode"],
    )


@pytest.mark.usefixtures("plane")
def test_no_run_without_a_write(reconciler: InProcess, petstore: Path) -> None:
    """An apply that has nothing to do leaves none."""
    reconciler("apply", "--yes")
    ran = reconciler("apply", "--yes", "--format", "json")

    assert (0, None, 1) == (ran.code, document(ran, "apply")["run"], len(ids(petstore / ".reconciler" / "runs")))


@pytest.mark.usefixtures("plane")
@pytest.mark.parametrize("way", ["option", "variable", "configuration"])
def test_a_journal_may_be_elsewhere(
    reconciler: InProcess, petstore: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """On the command line, in the environment or in the configuration, where it is relative to that."""
    options = ["--journal", "elsewhere"] if way == "option" else []
    if way == "variable":
        monkeypatch.setenv("RECONCILER_JOURNAL", "elsewhere")
    if way == "configuration":
        with (petstore / "reconciler.yaml").open("a", encoding="utf-8") as file:
            file.write("journal: elsewhere\n")
        (petstore / "below").mkdir()
        monkeypatch.chdir(petstore / "below")
    ran = reconciler("apply", "--yes", *options)
    (run,) = ids(petstore / "elsewhere")
    undone = reconciler("rollback", "latest", "--yes", *options)

    assert (0, 0, False, ["--journal", "elsewhere"] if way == "option" else []) == (
        ran.code,
        undone.code,
        (petstore / ".reconciler").exists(),
        ran.out.splitlines()[-2].partition(f"reconciler rollback {run}")[2].split(),
    )


def test_a_rollback_brings_everything_back(reconciler: InProcess, plane: ControlPlane, petstore: Path) -> None:
    """It shows a plan, verifies, and says what is left to do; it is a run of its own."""
    first = snapshot(plane)
    reconciler("apply", "--yes")
    ran = reconciler("rollback", "latest", "--yes")
    *shown, still, last = ran.out.splitlines()

    assert (0, first, STILL, "Rollback complete: 8 applied. Verified: AWS is as it was before the run.", 2) == (
        ran.code,
        snapshot(plane),
        still,
        last,
        len(ids(petstore / ".reconciler" / "runs")),
    )
    assert "    - 409  did not exist before the run" in shown


def test_a_rollback_that_is_stopped_says_how_to_go_on(
    reconciler: InProcess, plane: ControlPlane, petstore: Path
) -> None:
    """Of the two runs it names each where it belongs: the one to roll back again, and its own, to undo it."""
    first = snapshot(plane)
    reconciler("apply", "--yes")
    fails_at(plane, 3)
    ran = reconciler("rollback", "latest", "--yes")
    run, rollback = ids(petstore / ".reconciler" / "runs")
    again = reconciler("rollback", run, "--yes")

    assert (3, 0, first) == (ran.code, again.code, snapshot(plane))
    assert (
        f"Run {rollback}; to continue: reconciler rollback {run}; to undo it: reconciler rollback {rollback}"
        in ran.out.splitlines()
    )


def test_a_second_rollback_has_nothing_to_do(reconciler: InProcess, plane: ControlPlane, petstore: Path) -> None:
    """`latest` is the last run that is no rollback."""
    reconciler("apply", "--yes")
    (run,) = ids(petstore / ".reconciler" / "runs")
    reconciler("rollback", run, "--yes")
    plane.calls.clear()
    again = reconciler("rollback", "latest", "--yes")

    assert (0, f"Nothing to do: everything that run {run} changed is as it was before.", []) == (
        again.code,
        again.last,
        plane.calls.writes(),
    )


@pytest.mark.usefixtures("plane")
def test_runs_are_listed_newest_first(reconciler: InProcess, petstore: Path) -> None:
    """With what became of them, and by which run one is rolled back."""
    reconciler("apply", "--yes")
    reconciler("rollback", "latest", "--yes")
    second, first = ids(petstore / ".reconciler" / "runs")[::-1]
    ran = reconciler("runs")
    head, *rows = ran.out.splitlines()
    listed = document(reconciler("runs", "--format", "json"), "runs")["runs"]

    assert (0, "Run", [second, first]) == (ran.code, head.split()[0], [row.split()[0] for row in rows[:2]])
    assert [["rollback", "restored", "8 applied"], ["apply", "rolled back", "8 applied"]] == [
        re.split(r"\s{2,}", row)[-3:] for row in rows[:2]
    ]
    assert [(second, "rollback", first, None), (first, "apply", None, second)] == [
        (one["run"], one["command"], one["rollsBack"], one["rolledBackBy"]) for one in listed
    ]


@pytest.mark.usefixtures("plane")
def test_old_runs_are_deleted(reconciler: InProcess, petstore: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a look at them, and a yes; the newest stays."""
    reconciler("apply", "--yes")
    reconciler("rollback", "latest", "--yes")
    reconciler("apply", "--yes")
    runs = ids(petstore / ".reconciler" / "runs")
    prune = ("runs", "prune", "--keep", "1")
    looked = document(reconciler(*prune, "--dry-run", "--format", "json"), "pruned-runs")
    unasked = reconciler(*prune)
    monkeypatch.setattr("reconciler.cli.handlers.runs.check_can_ask", lambda *_: None)
    monkeypatch.setattr("reconciler.cli.handlers.runs.read_line", lambda: "no\n")
    declined = reconciler(*prune)
    monkeypatch.setattr("reconciler.cli.handlers.runs.read_line", lambda: "yes\n")
    left = ids(petstore / ".reconciler" / "runs")
    done = reconciler(*prune)

    assert ([run["run"] for run in looked["deleted"]], looked["isDone"]) == (runs[1::-1], False)
    assert (64, ["cannot ask for confirmation without a terminal"]) == (unasked.code, unasked.failures())
    assert (4, True, runs) == (declined.code, declined.err.endswith("Nothing was deleted.\n"), left)
    assert (0, "2 runs deleted; 1 run remains.\n", [runs[2]]) == (
        done.code,
        done.out,
        ids(petstore / ".reconciler" / "runs"),
    )


@pytest.mark.usefixtures("petstore")
def test_what_cannot_be_kept_is_wrong_usage(reconciler: InProcess) -> None:
    """Before anything is read."""
    ran = reconciler("runs", "prune", "--keep", "0d", "--yes")

    assert (64, ["--keep '0d' is neither an age nor a number"]) == (ran.code, ran.failures())


@pytest.mark.usefixtures("folder")
def test_there_may_be_no_runs(reconciler: InProcess, tmp_path: Path) -> None:
    """That is no failure, and makes no folder."""
    ran = reconciler("runs", "--journal", tmp_path / "none")

    assert (0, f"No runs in {tmp_path / 'none'}.\n", False) == (ran.code, ran.out, (tmp_path / "none").exists())


@pytest.mark.usefixtures("plane")
def test_one_run_is_shown_in_full(reconciler: InProcess, petstore: Path) -> None:
    """By the beginning of its id."""
    reconciler("apply", "--yes")
    (run,) = ids(petstore / ".reconciler" / "runs")
    ran = reconciler("runs", run[:10])
    shown = document(reconciler("runs", run, "--format", "json"), "run")

    assert (0, True, f"to undo it: reconciler rollback {run}") == (
        ran.code,
        "  applied  create petstore: POST /pets 409" in ran.out.splitlines(),
        ran.last.partition("; ")[2],
    )
    assert (run, ["applied"] * 8, []) == (
        shown["run"]["run"],
        [one["outcome"] for one in shown["outcomes"]],
        shown["deployments"],
    )


@pytest.mark.usefixtures("plane")
@pytest.mark.parametrize("command", [("runs", "1999"), ("rollback", "1999", "--yes"), ("rollback", "", "--yes")])
def test_a_run_that_is_not_there(reconciler: InProcess, petstore: Path, command: tuple[str, ...]) -> None:
    """Wrong usage; where to look is said."""
    reconciler("apply", "--yes")
    ran = reconciler(*command)

    assert (64, [f"no run {command[1]!r} in {petstore / '.reconciler' / 'runs'}"]) == (
        ran.code,
        ran.failures(),
    )


def test_a_rollback_needs_somebody_to_ask(reconciler: InProcess) -> None:
    """Without a terminal, or --yes."""
    assert (64, ["cannot ask for confirmation without a terminal"]) == (
        (ran := reconciler("rollback", "latest")).code,
        ran.failures(),
    )


@pytest.mark.usefixtures("petstore")
def test_what_somebody_changed_since_is_not_overwritten(reconciler: InProcess, plane: ControlPlane) -> None:
    """Unless that is forced; it is said which, and in what."""
    first = snapshot(plane)
    reconciler("apply", "--yes")
    items = plane.call("GetResources", restApiId="petstore01")["items"]
    orders = next(item["id"] for item in items if item["path"] == "/orders")
    where = {"restApiId": "petstore01", "resourceId": orders, "httpMethod": "GET", "statusCode": "400"}
    plane.call(PUT, **where, selectionPattern="4..")
    plane.calls.clear()
    refused = reconciler("rollback", "latest", "--yes")
    writes = len(plane.calls.writes())
    forced = reconciler("rollback", "latest", "--yes", "--force", "changedSince")

    assert (4, 0, "Nothing was written.", 0, first) == (
        refused.code,
        writes,
        refused.last,
        forced.code,
        snapshot(plane),
    )
    assert "petstore: GET /orders 400 was changed after the run: " in refused.out
    assert "[changedSince]; check the plan; if this is intended, add --force changedSince" in refused.out


@pytest.mark.usefixtures("petstore")
def test_only_what_was_touched_is_rolled_back(reconciler: InProcess, plane: ControlPlane) -> None:
    """What others did meanwhile beside it stays."""
    reconciler("apply", "--yes")
    items = plane.call("GetResources", restApiId="petstore01")["items"]
    orders = next(item["id"] for item in items if item["path"] == "/orders")
    where = {"restApiId": "petstore01", "resourceId": orders, "httpMethod": "GET"}
    plane.call("PutMethodResponse", **where, statusCode="418")
    plane.call(PUT, **where, statusCode="418", selectionPattern="418")
    ran = reconciler("rollback", "latest", "--yes")
    live = plane.call("GetIntegrationResponse", **where, statusCode="418")

    assert (0, "418") == (ran.code, live["selectionPattern"])


def test_a_failed_run_says_how_to_go_on(reconciler: InProcess, plane: ControlPlane, petstore: Path) -> None:
    """With apply, or back with rollback."""
    first = snapshot(plane)
    fails_at(plane, 3)
    ran = reconciler("apply", "--yes")
    (run,) = ids(petstore / ".reconciler" / "runs")
    undone = reconciler("rollback", run, "--yes")

    assert (3, f"Run {run}; to continue: reconciler apply; to undo it: reconciler rollback {run}", 0, first) == (
        ran.code,
        ran.out.splitlines()[-2],
        undone.code,
        snapshot(plane),
    )


def test_rollback_on_failure(reconciler: InProcess, plane: ControlPlane, petstore: Path) -> None:
    """What was written is taken back at once; the apply has failed all the same."""
    first = snapshot(plane)
    fails_at(plane, 4)
    ran = reconciler("apply", "--yes", "--rollback-on-failure")
    runs = ids(petstore / ".reconciler" / "runs")

    assert (3, first, f"Rolling back run {runs[0]}:", "Rollback complete: 3 applied. Verified", 2) == (
        ran.code,
        snapshot(plane),
        next(line for line in ran.out.splitlines() if line.startswith("Rolling")),
        ran.last.partition(":")[0] + ":" + ran.last.split(":")[1],
        len(runs),
    )


def test_rollback_on_failure_as_json(reconciler: InProcess, plane: ControlPlane, petstore: Path) -> None:
    """The document of the rollback stands in that of the apply."""
    fails_at(plane, 4)
    ran = reconciler("apply", "--yes", "--rollback-on-failure", "--format", "json")
    runs = ids(petstore / ".reconciler" / "runs")
    told = document(ran, "apply")

    assert (3, runs, runs[0], {"applied": 3, "skipped": 0, "failed": 0, "unknown": 0, "notRun": 0}, True) == (
        ran.code,
        [told["run"], told["rollback"]["run"]],
        told["rollback"]["rollsBack"],
        told["rollback"]["summary"],
        told["rollback"]["verified"],
    )


def test_a_rollback_on_failure_that_fails(reconciler: InProcess, plane: ControlPlane, petstore: Path) -> None:
    """How to go on is said, and that works."""
    first = snapshot(plane)
    fails_at(plane, 4)
    fails_at(plane, 5)
    ran = reconciler("apply", "--yes", "--rollback-on-failure")
    plane.faults.clear()
    run = ids(petstore / ".reconciler" / "runs")[0]
    undone = reconciler("rollback", run, "--yes")

    assert (3, True, 0, first) == (
        ran.code,
        f"The rollback failed too: to continue it: reconciler rollback {run}\n" in ran.out,
        undone.code,
        snapshot(plane),
    )


@pytest.mark.usefixtures("petstore")
def test_an_apply_that_goes_well_rolls_nothing_back(reconciler: InProcess, plane: ControlPlane) -> None:
    """Nor does it say that it could."""
    ran = reconciler("apply", "--yes", "--rollback-on-failure", "--format", "json")

    assert (0, None, 8) == (ran.code, document(ran, "apply")["rollback"], len(plane.calls.writes()))


class Wait:
    """Holds the first write until it is let go."""

    def __init__(self, plane: ControlPlane) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()
        plane.faults.add(faults.server_error(), PUT, when=self._hold)

    def _hold(self, _: Json) -> bool:
        self.reached.set()
        assert self.opened.wait(PATIENCE)
        return False


@pytest.mark.parametrize("command", [("apply",), ("rollback", "latest")])
def test_one_run_at_a_time(
    reconciler: InProcess, plane: ControlPlane, petstore: Path, command: tuple[str, ...]
) -> None:
    """A second one is refused, and told by whom; nothing is written, nothing even read."""
    wait = Wait(plane)
    with started("apply", petstore / "manifests", "--yes") as process:
        assert wait.reached.wait(PATIENCE)
        read = len(plane.calls)
        (run,) = ids(petstore / ".reconciler" / "runs")
        listed = document(reconciler("runs", "--format", "json"), "runs")["runs"]
        ran = reconciler(*command, "--yes")
        read = len(plane.calls) - read
        wait.opened.set()
        process.communicate(timeout=PATIENCE)
    lock = petstore / "reconciler.yaml"
    who = f"another run is in progress on {lock} (reconciler apply {run}, process {process.pid} on "

    assert (4, "", True, 0, 0) == (ran.code, ran.out, ran.err.startswith(f"error: {who}"), read, process.returncode)
    assert [(run, "running")] == [(one["run"], one["state"]) for one in listed]


def test_a_folder_that_cannot_be_made(reconciler: InProcess, plane: ControlPlane, petstore: Path) -> None:
    """Nothing is written to AWS without a journal; another folder will do."""
    (petstore / ".reconciler").write_text("a file", encoding="utf-8")
    plane.calls.clear()
    ran = reconciler("apply", "--yes")
    calls = list(plane.calls)
    other = reconciler("apply", "--yes", "--journal", petstore / "other")

    assert (1, [], 0) == (ran.code, calls, other.code)
    assert ran.err.endswith("File exists; nothing was written; choose another one: --journal DIR\n")


@pytest.fixture
def full_disk() -> Iterator[Callable[[int], None]]:
    """No file may grow beyond so many bytes any more."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_that_is_full_before_the_first_write(
    reconciler: InProcess, plane: ControlPlane, petstore: Path, full_disk: Callable[[int], None]
) -> None:
    """Nothing is written to AWS, and no half of a run is left."""
    full_disk(5000)
    ran = reconciler("apply", "--yes")

    assert (1, [], []) == (ran.code, plane.calls.writes(), ids(petstore / ".reconciler" / "runs"))
    assert "File too large; nothing was written; free some space" in ran.err


def test_a_disk_that_fills_up(
    reconciler: InProcess, plane: ControlPlane, petstore: Path, full_disk: Callable[[int], None]
) -> None:
    """What could not be written down is the last write; exit 3, and the run can be rolled back."""
    first = snapshot(plane)
    left = [3]

    def fill(_: Json) -> bool:
        left[0] -= 1
        if not left[0]:
            (lines,) = (petstore / ".reconciler" / "runs").glob("*/outcomes.jsonl")
            full_disk(lines.stat().st_size + 20)
        return False

    plane.faults.add(faults.server_error(), PUT, when=fill)
    ran = reconciler("apply", "--yes")
    full_disk(resource.RLIM_INFINITY)
    (run,) = ids(petstore / ".reconciler" / "runs")
    writes, shown = len(plane.calls.writes()), reconciler("runs", run)
    undone = reconciler("rollback", run, "--yes")

    assert (3, 3, True, 0, first) == (
        ran.code,
        writes,
        "last line of the journal is incomplete" in shown.out,
        undone.code,
        snapshot(plane),
    )
    assert f"the journal of run {run} cannot be written: File too large" in ran.out


@pytest.mark.usefixtures("plane")
def test_a_rollback_as_json(reconciler: InProcess, petstore: Path) -> None:
    """Of which run, as which run, its plan and what became of it; a second time there is no run."""
    reconciler("apply", "--yes")
    first, again = (reconciler("rollback", "latest", "--yes", "--format", "json") for _ in range(2))
    runs = ids(petstore / ".reconciler" / "runs")
    done, nothing = document(first, "rollback"), document(again, "rollback")

    assert (runs, 8, True, (None, runs[0], [], None)) == (
        [done["rollsBack"], done["run"]],
        done["summary"]["applied"],
        done["verified"],
        (nothing["run"], nothing["rollsBack"], nothing["outcomes"], nothing["verified"]),
    )


def test_a_journal_from_another_machine(
    reconciler: InProcess, plane: ControlPlane, petstore: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The folder of an ephemeral runner, uploaded there and downloaded here, is enough."""
    first = snapshot(plane)
    reconciler("apply", "--yes")
    (run,) = ids(petstore / ".reconciler" / "runs")
    elsewhere = tmp_path_factory.mktemp("downloaded") / "runs"
    shutil.move(petstore / ".reconciler" / "runs", elsewhere)
    ran = reconciler("rollback", run[:18], "--yes", "--journal", elsewhere)

    assert (0, first) == (ran.code, snapshot(plane))


@pytest.mark.usefixtures("plane")
@pytest.mark.parametrize("command", [("runs",), ("rollback", "latest", "--yes")])
def test_a_configuration_that_cannot_be_read(reconciler: InProcess, petstore: Path, command: tuple[str, ...]) -> None:
    """Nobody knows where its journal is; whoever does can say it."""
    reconciler("apply", "--yes")
    (petstore / "reconciler.yaml").write_text("kind: [", encoding="utf-8")
    ran = reconciler(*command)
    told = reconciler(*command, "--journal", ".reconciler/runs")

    assert (1, ["the configuration cannot be read, so the journal folder is unknown"], 0) == (
        ran.code,
        ran.failures(),
        told.code,
    )
