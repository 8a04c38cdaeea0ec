"""A run's journal as it is written."""

import json
import os
import stat
import threading
from pathlib import Path

import pytest

from reconciler.errors import JournalError
from reconciler.journal import Beginning, RunJournal, RunOrigin, begin, delete_run, recorded, run_ids
from reconciler.models.targets import Target

TARGET = Target("123456789012", "eu-west-1", "a1b2c3d4e5", environment="prod")
NOW = "2026-01-31T12:00:00Z"


def now() -> str:
    """Always the same moment."""
    return NOW


def begun(folder: Path, at: str = NOW) -> RunJournal:
    """A run."""
    return begin(folder, "{}\n", Beginning("apply", "here", 7, at), now)


def lines(folder: Path, run: str) -> list[dict[str, object]]:
    """What was written down."""
    text = (folder / run / "outcomes.jsonl").read_text(encoding="ascii")
    return [json.loads(line) for line in text.splitlines()]


def test_a_run_begins_with_its_plan(tmp_path: Path) -> None:
    """And a line that says which run it is."""
    journal = begun(tmp_path / "runs")

    assert ("{}\n", [("begin", journal.run, "apply", 7)]) == (
        (tmp_path / "runs" / journal.run / "plan.json").read_text(encoding="ascii"),
        [(line["line"], line["run"], line["command"], line["pid"]) for line in lines(tmp_path / "runs", journal.run)],
    )


def test_ids_sort_as_runs_come(tmp_path: Path) -> None:
    """In one second too, and when the clock is put back."""
    moments = [*[NOW] * 300, "2026-01-31T11:00:00Z", "2026-01-31T12:00:00.5Z", "2026-01-31T12:00:01Z"]
    runs = []
    for at in moments:
        journal = begun(tmp_path, at)
        journal.close()
        runs.append(journal.run)

    assert (sorted(runs), len(moments)) == (runs, len(set(runs)))


def test_a_second_has_an_end(tmp_path: Path) -> None:
    """After its last id the next second begins."""
    (tmp_path / "20261231T235959Z-ffffff").mkdir()

    assert begun(tmp_path).run.startswith("20270101T000000Z-")


def test_a_line_is_there_when_the_call_returns(tmp_path: Path) -> None:
    """Whoever reads the file finds it, whatever happens to the writer."""
    journal = begun(tmp_path)
    journal.finished(TARGET, "1", "failed", "no \ud800 way\n")

    assert {"line": "outcome", "id": "1", "outcome": "failed", "detail": "no \\ud800 way\n", "at": NOW} == (
        lines(tmp_path, journal.run)[1]
    )


def test_deployments_are_written_down(tmp_path: Path) -> None:
    """With the deployments before and after; they are read back."""
    journal = begun(tmp_path)
    journal.deployed(TARGET, "prod", None, "dep2", "first")
    journal.end(0)
    journal.close()
    (one,) = recorded(tmp_path, journal.run).deployments

    assert ("a1b2c3d4e5", "prod", "prod", None, "dep2", "first") == (
        one.api_id,
        one.environment,
        one.stage,
        one.before,
        one.after,
        one.detail,
    )


def test_several_threads_may_write(tmp_path: Path) -> None:
    """Their lines do not mix."""
    journal = begun(tmp_path)

    def write(first: int) -> None:
        for number in range(first, first + 25):
            journal.finished(TARGET, str(number), "applied", "x" * 100)

    threads = [threading.Thread(target=write, args=(first,)) for first in (0, 25, 50, 75)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(str(number) for number in range(100)) == sorted(
        str(line["id"]) for line in lines(tmp_path, journal.run)[1:]
    )


def test_nothing_is_begun_by_halves(tmp_path: Path) -> None:
    """Where the text of a plan cannot be written, no folder is left."""
    with pytest.raises(UnicodeEncodeError):
        begin(tmp_path, "ä", Beginning("apply", "here", 7, NOW), now)

    assert [] == os.listdir(tmp_path)  # noqa: PTH208


def test_after_a_line_that_cannot_be_written_nothing_follows() -> None:
    """Neither lines nor writes to AWS: the next one is told before it begins."""
    journal = RunJournal("r", os.open("/dev/full", os.O_WRONLY), now)
    with pytest.raises(JournalError, match="No space left on device"):
        journal.finished(TARGET, "1", "applied", "")
    with pytest.raises(JournalError, match="the journal of run r cannot be written"):
        journal.started(TARGET, "2", "a")
    with pytest.raises(JournalError):
        journal.end(0)


def test_only_the_owner_may_look(tmp_path: Path) -> None:
    """Whatever the umask."""
    before = os.umask(0)
    try:
        run = begun(tmp_path / "runs").run
    finally:
        os.umask(before)
    found = [tmp_path / "runs", tmp_path / "runs" / run, *(tmp_path / "runs" / run).iterdir()]

    assert [0o700, 0o700, 0o600, 0o600] == [stat.S_IMODE(one.stat().st_mode) for one in found]


def test_what_is_no_run_is_passed_over(tmp_path: Path) -> None:
    """Drafts, locks, and what others put there; a folder that is not there has no runs."""
    for name in (".20260131T120000Z-000000", ".lock-0", "notes", "20260131T120000Z-00000g"):
        (tmp_path / name).mkdir()

    assert ((), ()) == (run_ids(tmp_path), run_ids(tmp_path / "none"))


def test_git_is_told_to_leave_it_alone(tmp_path: Path) -> None:
    """What already exists stays, and a link is not followed."""
    homes = [tmp_path / name / ".reconciler" for name in ("new", "own", "link")]
    for home in homes[1:]:
        home.mkdir(parents=True)
    (homes[1] / ".gitignore").write_text("mine", encoding="ascii")
    (homes[2] / ".gitignore").symlink_to(tmp_path / "target")
    for home in homes[:3]:
        begun(home / "runs")
    begun(tmp_path / "all" / "runs")

    assert ("*\n", "mine", False, False) == (
        (homes[0] / ".gitignore").read_text(encoding="ascii"),
        (homes[1] / ".gitignore").read_text(encoding="ascii"),
        (tmp_path / "target").exists(),
        (tmp_path / "all" / ".gitignore").exists(),
    )


def test_a_run_is_deleted_as_a_whole(tmp_path: Path) -> None:
    """With what an earlier deletion left behind, and without what a link points to."""
    run, other = begun(tmp_path), begun(tmp_path)
    (tmp_path / ".deleted-20260101T000000Z-000000").mkdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / ".deleted-20260102T000000Z-000000").symlink_to(elsewhere)
    delete_run(tmp_path, run.run)

    assert {other.run, "elsewhere"} == {entry.name for entry in tmp_path.iterdir()}


def test_a_run_that_is_gone_cannot_be_deleted(tmp_path: Path) -> None:
    """Somebody else was faster."""
    with pytest.raises(JournalError, match="cannot be deleted: No such file"):
        delete_run(tmp_path, "20260101T000000Z-000000")


def test_where_a_run_comes_from_is_recorded(tmp_path: Path) -> None:
    """What is unknown is null, and half a surrogate pair is an escape."""
    origin = RunOrigin("kim\udc80", ("arn:a",), "7b2f3ec", "")
    journal = begin(tmp_path, "{}\n", Beginning("apply", "here", 7, NOW, origin=origin), now)
    first = lines(tmp_path, journal.run)[0]

    assert ("kim\\udc80", ["arn:a"], "7b2f3ec", None) == tuple(
        first[key] for key in ("actor", "principals", "commit", "job")
    )
    assert ("7b2f3ec", ("arn:a",)) == (
        recorded(tmp_path, journal.run).begin.commit,
        recorded(tmp_path, journal.run).begin.principals,
    )
