"""Output that cannot be written: it decides nothing, and hides nothing that was done."""

from pathlib import Path
from typing import Final

import pytest

from e2e.running import COMMAND, SAMPLES, Ran, execute
from reconciler.engine.runs import load_run
from reconciler.journal import run_ids
from reconciler.sandbox.model import faults
from reconciler.sandbox.model.plane import ControlPlane

PETSTORE: Final = SAMPLES / "petstore"
PUT: Final = "PutIntegrationResponse"
FULL: Final = "No space left on device"
WRITES: Final = 8
"""So many the seeded petstore needs."""


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The journal."""
    monkeypatch.setenv("RECONCILER_JOURNAL", str(tmp_path / "runs"))
    return tmp_path / "runs"


def shell(command: str) -> Ran:
    """Run the installed command in a shell, with its redirections."""
    return execute("-c", f"'{COMMAND}' {command}", program="bash", folder=Path.cwd())


def newest(runs: Path) -> tuple[str, int | None, list[str]]:
    """The newest run: its id, how it ended, and what became of its actions."""
    run = load_run(runs, run_ids(runs)[0])
    end = run.record.end
    return run.run, end.exit_code if end else None, [outcome.outcome for outcome in run.outcomes]


@pytest.mark.parametrize("options", ["--format json", "--format junit", "-q", "--format markdown=/dev/full"])
def test_what_was_written_is_said_on_stderr(plane: ControlPlane, runs: Path, options: str) -> None:
    """The writes are done, the journal is whole, the exit code is 3, and stderr has the run and how to undo it."""
    redirected = "" if "=" in options else ">/dev/full"
    ran = shell(f"apply '{PETSTORE}' --yes {options} {redirected}")
    run, code, outcomes = newest(runs)
    lost, changed = ran.failures()

    assert (3, WRITES, 0, ["applied"] * WRITES) == (ran.code, len(plane.calls.writes()), code, outcomes)
    assert (True, f"AWS was changed by run {run}") == (lost.endswith(f"cannot be written: {FULL}"), changed)
    assert f"to undo it: reconciler rollback {run}" in ran.err


def test_a_plan_that_cannot_be_shown_is_not_carried_out(plane: ControlPlane, runs: Path) -> None:
    """It is printed before the journal begins: nothing is written, and there is no run."""
    ran = shell(f"apply '{PETSTORE}' --yes >/dev/full")

    assert (1, [f"stdout cannot be written: {FULL}"], True, [], ()) == (
        ran.code,
        ran.failures(),
        "; nothing was written; " in ran.err,
        plane.calls.writes(),
        run_ids(runs),
    )


@pytest.mark.parametrize("way", ["2>/dev/full", "2>&-", "2>/dev/full >/dev/full", ">&- 2>&- <&-"])
def test_stderr_has_no_say(plane: ControlPlane, runs: Path, way: str) -> None:
    """Progress that cannot be shown stops nothing; the exit code says the rest."""
    ran = shell(f"apply '{PETSTORE}' --yes -v --format json {way}")
    expected = 3 if ">/dev/full" in way.split() else 0

    assert (expected, "", WRITES, (0, ["applied"] * WRITES)) == (
        ran.code,
        ran.err,
        len(plane.calls.writes()),
        newest(runs)[1:],
    )


def test_a_rollback_that_cannot_be_shown(plane: ControlPlane, runs: Path) -> None:
    """As an apply."""
    shell(f"apply '{PETSTORE}' --yes")
    plane.calls.clear()
    ran = shell("rollback latest --yes --format json >/dev/full")
    run, code, _ = newest(runs)

    assert (3, WRITES, 0, f"AWS was changed by run {run}") == (
        ran.code,
        len(plane.calls.writes()),
        code,
        ran.failures()[1],
    )


def test_a_rollback_on_failure_that_cannot_be_shown(plane: ControlPlane, runs: Path) -> None:
    """Both runs have their end, and the apply's is named."""
    left = [2]

    def is_it(_: object) -> bool:
        left[0] -= 1
        return left[0] == 0

    plane.faults.add(faults.access_denied("PUT", "/restapis/petstore01"), PUT, when=is_it)
    ran = shell(f"apply '{PETSTORE}' --yes --rollback-on-failure --format json >/dev/full")
    undo, first = run_ids(runs)
    ends = [end.exit_code if (end := load_run(runs, one).record.end) else None for one in (first, undo)]

    assert (3, [3, 0], f"AWS was changed by run {first}") == (ran.code, ends, ran.failures()[1])


def test_nothing_changed_is_no_news_of_aws(plane: ControlPlane, runs: Path) -> None:
    """A refused write changed nothing: the code stays, and nobody says that AWS was changed."""
    plane.faults.always(faults.access_denied("PUT", "/restapis/petstore01"), PUT)
    ran = shell(f"apply '{PETSTORE}' --yes --format json >/dev/full")

    assert (3, [f"stdout cannot be written: {FULL}"], 3) == (ran.code, ran.failures(), newest(runs)[1])


@pytest.mark.usefixtures("plane", "runs")
def test_a_reader_that_has_enough_is_no_error() -> None:
    """Of a plan, and of the result of an apply."""
    assert [0, 0] == [
        shell(f"{one} '{PETSTORE}' -v | head -2 >/dev/null; exit ${{PIPESTATUS[0]}}").code
        for one in ("plan", "apply --yes")
    ]


@pytest.mark.usefixtures("plane", "runs")
def test_an_adopt_that_cannot_be_shown_names_the_files(folder: Path) -> None:
    """They are changed by then; before that, the preview must be seen."""
    text = (SAMPLES / "minimal.yaml").read_text(encoding="utf-8")
    (folder / "pets.yaml").write_text(text, encoding="utf-8")
    shell("apply pets.yaml --yes")
    (folder / "pets.yaml").write_text(text.replace("not well", "ill"), encoding="utf-8")
    unseen = shell("adopt pets.yaml --yes >/dev/full")
    same = (folder / "pets.yaml").read_text(encoding="utf-8") == text.replace("not well", "ill")
    ran = shell("adopt pets.yaml --yes -q >/dev/full")

    assert (1, [f"stdout cannot be written: {FULL}"], True, True) == (
        unseen.code,
        unseen.failures(),
        "; nothing was written; " in unseen.err,
        same,
    )
    assert (1, [f"stdout cannot be written: {FULL}", "these files were changed: pets.yaml"]) == (
        ran.code,
        ran.failures(),
    )


@pytest.mark.usefixtures("plane", "runs")
def test_an_encoding_without_the_character_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of ASCII gets escapes, and the run goes on."""
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    monkeypatch.setenv("PYTHONUTF8", "0")

    assert 0 == shell(f"apply '{PETSTORE}' --yes -v").code


@pytest.mark.usefixtures("plane", "folder")
@pytest.mark.parametrize("command", ["export --all --out new", "init new"])
def test_files_that_were_written_are_said_on_stderr(command: str) -> None:
    """Where the summary cannot be shown: otherwise the next try only says that they already exist."""
    ran = shell(f"{command} >/dev/full")

    said = [f"stdout cannot be written: {FULL}" in ran.err, "the files in new were written" in ran.err.lower()]

    assert (1, [True, True]) == (ran.code, said)
