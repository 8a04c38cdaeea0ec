"""runs prune: old runs are deleted, and none that somebody may still need."""

from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler import planfile
from reconciler.documents import PlanDocument, PrunedRunsDocument
from reconciler.engine.journal_location import JournalLocation
from reconciler.engine.load.request import Request
from reconciler.engine.prune_runs import Retention, RunPruning
from reconciler.engine.runs import RunSelection, load_run
from reconciler.errors import JournalError, Refused
from reconciler.journal import Beginning, Holder, Lock, begin, locked, run_ids
from reconciler.models.responses import RestResponse
from support.apis import Method, make_api
from support.clock import FakeClock
from support.killing import EVERYTHING, Desk
from support.live import GET_PETS
from support.stage import manifest

NOW = "2026-12-01T00:00:00Z"


class _Now(FakeClock):
    """A clock that has stopped."""

    def now(self) -> str:
        """Always the same moment."""
        return NOW


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> PlanDocument:
    """The plan of a run, of one API without environments."""
    folder = tmp_path_factory.mktemp("desk")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        desk = Desk(folder / "runs")
        make_api(desk.plane, "petstore", {GET_PETS: Method({"200": RestResponse()}, {"200": [], "404": []})})
        Path("pets.yaml").write_text(manifest("{200: {}, 404: {selectionPattern: '404'}}"), encoding="utf-8")
        desk.apply(Request((".",), forced=EVERYTHING))
    return load_run(desk.runs, *run_ids(desk.runs)).plan


Record = Callable[..., str]


@pytest.fixture
def record(tmp_path: Path, plan: PlanDocument) -> Record:
    """Journal a run of this day of 2026."""

    def recorded(  # noqa: PLR0913 - what a run may be
        day: str, environment: str = "", *, undoes: str = "", ends: bool = True, endpoint: str = "", code: int = 0
    ) -> str:
        targets = [target.model_copy(update={"environment": environment or None}) for target in plan.targets]
        named = planfile.written(plan.model_copy(update={"targets": targets, "actions": []}))
        command, at = "rollback" if undoes else "apply", f"2026-{day}T12:00:00Z"
        beginning = Beginning(command, "here", 7, at, undoes or None, endpoint or None)
        journal = begin(tmp_path / "runs", named, beginning, lambda: NOW)
        if ends:
            journal.end(code)
        journal.close()
        return journal.run

    return recorded


def pruning(folder: Path, keep: str = "90d", *environments: str, incomplete: bool = False) -> RunPruning:
    """A pruning of the runs of these environments."""
    retention = Retention.parse(keep, incomplete=incomplete)
    assert retention
    runs = folder / "runs"
    location = JournalLocation(runs, (Lock(runs, "here"),))
    return RunPruning(runs, location, RunSelection(environments), retention, _Now())


def deleted(document: PrunedRunsDocument) -> list[str]:
    """The ids of the runs to delete."""
    return [run.run for run in document.deleted]


def kept(document: PrunedRunsDocument) -> dict[str, str]:
    """Old runs that are kept, and why."""
    return {kept.run: kept.reason for kept in document.kept}


@pytest.mark.parametrize("text", ["", "0", "0d", "d", "-1d", "90 d", "90m", "1.5d", "99999d", "٣d"])
def test_what_is_no_retention(text: str) -> None:
    """Neither an age nor a number, or one that keeps nothing."""
    assert None is Retention.parse(text)


def test_runs_that_are_older_are_deleted(tmp_path: Path, record: Record) -> None:
    """Those of the last 90 days stay."""
    old = [record("08-01"), record("09-01")]
    young = [record("09-10"), record("11-30")]
    work = pruning(tmp_path)
    planned = work.plan()
    done = work.carry_out(planned)

    assert (old[::-1], 2, False) == (deleted(planned), planned.remaining, planned.is_done)
    assert (old[::-1], 2, True) == (deleted(done), done.remaining, done.is_done)
    assert sorted(young, reverse=True) == list(run_ids(tmp_path / "runs"))


def test_a_number_of_runs_is_kept(tmp_path: Path, record: Record) -> None:
    """The newest ones."""
    runs = [record(f"0{month}-01") for month in range(1, 6)]

    assert runs[2::-1] == deleted(pruning(tmp_path, "2").plan())


def test_the_newest_run_of_each_environment_is_kept(tmp_path: Path, record: Record) -> None:
    """And of each endpoint: a sandbox is no environment."""
    record("01-01", "dev")
    dev, prod, sandbox = record("01-02", "dev"), record("01-03", "prod"), record("01-04", "prod", endpoint="http://x")
    planned = pruning(tmp_path).plan()

    assert {dev: "the newest of dev", prod: "the newest of prod", sandbox: "the newest of prod"} == kept(planned)
    assert 1 == len(planned.deleted)


def test_the_run_that_latest_names_is_kept(tmp_path: Path, record: Record) -> None:
    """A rollback is the newest run, and not what `latest` means."""
    first = record("01-01")
    latest = record("01-02")
    rollbacks = [record("01-03", undoes=first), record("01-04", undoes=latest)]
    planned = pruning(tmp_path).plan()

    assert {rollbacks[1]: "the newest", latest: "the newest"} == kept(planned)
    assert [rollbacks[0], first] == deleted(planned)


def test_what_is_incomplete_is_kept_until_it_is_rolled_back(tmp_path: Path, record: Record) -> None:
    """It may still have to be; and what is damaged says nothing of that."""
    undone, incomplete, damaged = (record(f"01-0{day}", ends=day == 3) for day in (1, 2, 3))
    (tmp_path / "runs" / damaged / "plan.json").write_text("{", encoding="utf-8")
    stopped = record("01-04", code=3)
    record("11-30", undoes=undone)
    record("11-30")

    assert {damaged: "damaged", incomplete: "incomplete"} == kept(pruning(tmp_path).plan())
    assert [stopped, undone] == deleted(pruning(tmp_path).plan())
    assert [stopped, damaged, incomplete, undone] == deleted(pruning(tmp_path, incomplete=True).plan())


def test_only_selected_environments_are_pruned(tmp_path: Path, record: Record) -> None:
    """A damaged run is of no known environment."""
    dev, _, damaged = record("01-01", "dev"), record("01-02", "prod"), record("01-03", "dev")
    (tmp_path / "runs" / damaged / "plan.json").write_text("{", encoding="utf-8")
    record("11-30", "dev")
    record("11-30", "prod")

    assert [dev] == deleted(pruning(tmp_path, "90d", "dev", incomplete=True).plan())
    assert 3 == len(deleted(pruning(tmp_path, "90d", "all", incomplete=True).plan()))


def test_what_was_not_approved_is_not_deleted(tmp_path: Path, record: Record) -> None:
    """A run that became deletable meanwhile was not shown."""
    shown = record("01-01")
    needed = record("01-02")
    work = pruning(tmp_path)
    planned = work.plan()
    newest = record("01-03")
    done = work.carry_out(planned)

    assert ([shown], 2, (newest, needed)) == (deleted(done), done.remaining, run_ids(tmp_path / "runs"))


@pytest.mark.parametrize("subject", ["here", "another configuration"])
def test_nothing_is_deleted_while_a_run_is_in_progress(tmp_path: Path, record: Record, subject: str) -> None:
    """Of the same configuration, or of another one that is journaled in the same folder."""
    record("01-01")
    running = record("11-30", ends=False)
    work = pruning(tmp_path, incomplete=True)
    planned = work.plan()
    with locked([Lock(tmp_path / "runs", subject)], Holder(1, "there", NOW, "apply")) as held:
        held.name(running)
        with pytest.raises(Refused, match="in progress"):
            work.carry_out(planned)

    assert 2 == len(run_ids(tmp_path / "runs"))


def test_a_run_in_progress_is_never_shown_as_deletable(tmp_path: Path, record: Record) -> None:
    """Whatever the clock of the machine says."""
    running = record("01-01", ends=False)
    record("01-02")
    with locked([Lock(tmp_path / "runs", "here")], Holder(1, "there", NOW, "apply")) as held:
        held.name(running)
        planned = pruning(tmp_path, "1", incomplete=True).plan()

    assert ({running: "in progress"}, []) == (kept(planned), deleted(planned))


def test_a_folder_whose_name_is_no_moment_is_kept(tmp_path: Path, record: Record) -> None:
    """It sorts after everything, and so is young."""
    record("11-30")
    (tmp_path / "runs" / "99999999T999999Z-000000").mkdir()

    assert ([], {}) == (deleted(pruning(tmp_path).plan()), kept(pruning(tmp_path).plan()))


def test_a_run_that_cannot_be_deleted(tmp_path: Path, record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that names it."""
    old = record("01-01")
    record("11-30")
    work = pruning(tmp_path)

    def refuse(_self: Path, _target: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(JournalError, match=f"{old} cannot be deleted: Permission denied"):
        work.carry_out(work.plan())
