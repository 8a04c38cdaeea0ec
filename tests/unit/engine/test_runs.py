"""What the journal says of runs: how they ended, what they touched, and what is wrong with them."""

import os
from pathlib import Path

import pytest

from reconciler.engine.load.request import Request
from reconciler.engine.runs import find_run, later_runs, load_run, runs_document
from reconciler.errors import JournalError
from reconciler.journal import RunJournal
from reconciler.models.targets import Target
from reconciler.sandbox.model.faults import access_denied
from reconciler.views.runs import RunsDisplay, runs_text
from support.apis import Method, make_api
from support.killing import EVERYTHING, Death, Desk, Killed, killed
from support.live import DEFAULT, GET_PETS
from support.stage import manifest

THREE = "{200: {}, 404: {selectionPattern: '404'}, 500: {selectionPattern: '5..'}, 502: {selectionPattern: '502'}}"
REQUEST = Request((".",), forced=EVERYTHING)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """An API that lacks three responses of its manifest."""
    monkeypatch.chdir(tmp_path)
    made = Desk(tmp_path / ".reconciler" / "runs")
    make_api(made.plane, "petstore", {GET_PETS: Method({"200": DEFAULT})})
    (tmp_path / "pets.yaml").write_text(manifest(THREE), encoding="utf-8")
    return made


def newest(desk: Desk) -> tuple[str, list[str]]:
    """How the newest run ended, and what became of its actions."""
    run = load_run(desk.runs, runs_document(desk.runs).runs[0].run)
    return run.state, [outcome.outcome for outcome in run.outcomes]


@pytest.fixture(autouse=True)
def _declared(desk: Desk) -> None:
    """The method declares what the manifest maps."""
    items = desk.plane.call("GetRestApis")["items"]
    resources = desk.plane.call("GetResources", restApiId=items[0]["id"])["items"]
    pets = next(resource["id"] for resource in resources if resource["path"] == "/pets")
    for code in ("404", "500", "502"):
        where = {"restApiId": items[0]["id"], "resourceId": pets, "httpMethod": "GET", "statusCode": code}
        desk.plane.call("PutMethodResponse", **where)


def test_a_run_that_went_well(desk: Desk) -> None:
    """Every action has an outcome."""
    desk.apply(REQUEST)

    assert ("ok", ["applied"] * 3) == newest(desk)


def test_a_run_that_failed(desk: Desk) -> None:
    """What came after the failure was not run."""
    refused = access_denied("PUT", "/")
    desk.plane.faults.add(refused, "PutIntegrationResponse", when=lambda one: one["statusCode"] == "500")
    desk.apply(REQUEST)

    assert ("failed", ["applied", "failed", "not-run"]) == newest(desk)


@pytest.mark.parametrize("after", [True, False])
def test_a_run_that_was_killed(desk: Desk, *, after: bool) -> None:
    """Of the action that was sent and has no outcome nobody knows; the rest was certainly not run."""
    killed(lambda: desk.apply(REQUEST, Death(2, after=after)))

    assert ("torn", ["applied", "unknown", "not-run"]) == newest(desk)


def test_a_run_that_was_killed_between_two_writes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was sent after the last outcome, so nothing is unknown."""
    started = RunJournal.started

    def die(self: RunJournal, target: Target, action_id: str, address: str) -> None:
        if action_id == "2":
            raise Killed
        started(self, target, action_id, address)

    monkeypatch.setattr(RunJournal, "started", die)
    killed(lambda: desk.apply(REQUEST))

    assert ("torn", ["applied", "not-run", "not-run"]) == newest(desk)


def test_a_killed_run_of_a_version_that_did_not_write_down_what_is_sent(desk: Desk) -> None:
    """Of the first action without an outcome nobody knows."""
    killed(lambda: desk.apply(REQUEST, Death(2)))
    run = find_run(desk.runs, "latest")
    lines = run.record.folder / "outcomes.jsonl"
    kept = [
        splitline for splitline in lines.read_text(encoding="ascii").splitlines() if '"line": "sent"' not in splitline
    ]
    lines.write_text("\n".join(kept).replace('"marksSent": true, ', "") + "\n", encoding="ascii")

    assert (3, ("torn", ["applied", "unknown", "not-run"])) == (len(run.record.lines) - len(kept) + 1, newest(desk))


def test_a_run_knows_its_rollbacks(desk: Desk) -> None:
    """Those that came to no end too; only one that did counts as having rolled it back."""
    desk.apply(REQUEST)
    run = find_run(desk.runs, "latest")
    killed(lambda: desk.rollback(death=Death(2)))
    torn = runs_document(desk.runs).runs
    undone = desk.rollback()
    done = runs_document(desk.runs).runs

    assert ([None, None], undone.run, [torn[0].run, undone.run]) == (
        [one.rolled_back_by for one in torn],
        done[-1].rolled_back_by,
        [one.run for one in later_runs(run)],
    )


def test_only_the_newest_runs_are_read(desk: Desk) -> None:
    """The number of the others is known; a run that is listed is known to be rolled back."""
    desk.apply(REQUEST)
    first = find_run(desk.runs, "latest")
    (first.record.folder / "plan.json").write_text("{", encoding="utf-8")
    desk.apply(REQUEST)
    make_api(desk.plane, "other", {GET_PETS: Method({"200": DEFAULT})})
    Path("pets.yaml").write_text(manifest("{200: {}}"), encoding="utf-8")
    desk.apply(REQUEST)
    desk.rollback()
    listed = runs_document(desk.runs, most=2)

    assert (1, ["rollback", "apply"]) == (listed.omitted, [run.command for run in listed.runs])
    assert listed.runs[0].run == listed.runs[1].rolled_back_by


def test_a_damaged_run_spoils_no_other(desk: Desk) -> None:
    """It is listed, with what is wrong; and it is no `latest`."""
    desk.apply(REQUEST)
    first = find_run(desk.runs, "latest")
    desk.rollback()
    desk.apply(REQUEST)
    broken = find_run(desk.runs, "latest")
    broken.record.plan_file.write_text("{", encoding="utf-8")
    listed = runs_document(desk.runs).runs

    assert (["damaged", "ok", "ok"], True, True) == (
        [one.state for one in listed],
        f"{broken.record.plan_file} is not JSON, or is cut off" in str(listed[0].problem),
        f"  {broken.record.plan_file} is not JSON" in runs_text(runs_document(desk.runs), RunsDisplay()),
    )
    assert "ok" == load_run(desk.runs, first.run).state
    with pytest.raises(JournalError, match="is not JSON, or is cut off"):
        find_run(desk.runs, "latest")


@pytest.mark.parametrize(
    ("line", "number", "says"),
    [
        (2, "9", "there is no action 9"),
        (2, "1", "a second outcome of action 1"),
        (1, "9", "there is no action 9"),
        (1, "1", "a second call of action 1"),
    ],
)
def test_outcomes_that_cannot_be(desk: Desk, line: int, number: str, says: str) -> None:
    """They belong to another plan, or stand twice: an error, with its place."""
    killed(lambda: desk.apply(REQUEST, Death(2)))
    run = find_run(desk.runs, "latest")
    lines = run.record.folder / "outcomes.jsonl"
    again = lines.read_text(encoding="ascii").splitlines()[line].replace('"id": "1"', f'"id": "{number}"')
    with lines.open("a", encoding="ascii") as file:
        file.write(f"{again}\n")
    with pytest.raises(JournalError) as failure:
        load_run(desk.runs, run.run)

    assert f"{lines}:5: {says}" == failure.value.message


def test_hostile_texts_stay_texts(desk: Desk) -> None:
    """A journal comes from somewhere else, and says what it likes."""
    desk.apply(REQUEST)
    run = find_run(desk.runs, "latest")
    lines = run.record.folder / "outcomes.jsonl"
    text = lines.read_text(encoding="ascii").replace('"command": "apply"', '"command": "\\u001b[31mapply\\n"')
    lines.write_text(text, encoding="ascii")

    assert "\\x1b[31mapply\\n" in runs_text(runs_document(desk.runs), RunsDisplay())


def test_what_is_known_is_on_disk_before_the_next_write(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan and its folder before the first one; then what is sent, with each outcome before it: made to stay."""
    events: list[str] = []
    to_disk = os.fsync

    def fsync(descriptor: int) -> None:
        events.append(Path(f"/proc/self/fd/{descriptor}").readlink().name.removeprefix("."))
        to_disk(descriptor)

    def write(_: object) -> bool:
        events.append("write")
        return False

    monkeypatch.setattr(os, "fsync", fsync)
    desk.plane.faults.add(access_denied("PUT", "/"), "PutIntegrationResponse", when=write)
    desk.apply(REQUEST)
    run = find_run(desk.runs, "latest").run

    assert ["plan.json", "outcomes.jsonl", run, "runs", *["outcomes.jsonl", "write"] * 3, "outcomes.jsonl"] == events
