"""`-q` means the same for every command: errors and the summary, and nothing when there is nothing to report."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from e2e.running import SAMPLES, InProcess, Ran
from reconciler.sandbox.server import serve
from support.repositories import repository

PETSTORE: Final = SAMPLES / "petstore"
COMMANDS: Final = (
    "plan {0}",
    "plan {0} --deploy --stage prod --publish-all",
    "drift {0} --stage prod",
    "status {0} --stage prod",
    "adopt {1} --yes --accept-missing",
    "apply {0} --yes",
    "apply {0} --yes --deploy --stage prod --publish-all",
    "deploy {0} --yes --stage prod --publish-all",
    "export --rest-api petstore01 --out out",
    "rollback latest --yes",
)
AFTER_AN_APPLY: Final = ("adopt {1} --yes --accept-missing", "deploy", "rollback")


@pytest.fixture
def fresh(reconciler: InProcess, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Ran]:
    """Run a command in a world of its own: {0} is the sample, {1} is what its API held at the beginning."""
    numbers = iter(range(100))

    def run(command: str, option: str) -> Ran:
        here = folder / str(next(numbers))
        here.mkdir()
        monkeypatch.chdir(here)
        with serve() as server:
            for name, value in server.environment_over(os.environ).items():
                monkeypatch.setenv(name, value)
            server.aws.plane().call("CreateDeployment", restApiId="petstore01", stageName="prod")
            reconciler("export", "--rest-api", "petstore01", "--out", "live")
            monkeypatch.setenv("RECONCILER_JOURNAL", str(here / "runs"))
            if command.startswith(AFTER_AN_APPLY):
                reconciler("apply", PETSTORE, "--yes")
            return reconciler(*command.format(PETSTORE, "live").split(), *filter(None, [option]))

    return run


def untimed(summary: str) -> str:
    """The summary without the seconds that the run took."""
    return re.sub(r"; in [\d.]+ s,", "; in some time,", summary)


@pytest.mark.parametrize("command", COMMANDS)
def test_quiet_is_the_summary(fresh: Callable[[str, str], Ran], command: str) -> None:
    """The last line of what is printed without it, where there is something to report."""
    loud, quiet = fresh(command, ""), fresh(command, "-q")

    assert (loud.code, [untimed(loud.last)]) == (quiet.code, [untimed(line) for line in quiet.out.splitlines()])
    assert len(loud.out.splitlines()) > 1


@pytest.mark.parametrize(
    "command", ["plan {1}", "drift {1}", "status {1} --stage prod", "adopt {1} --yes", "apply {1} --yes"]
)
def test_quiet_is_nothing_when_there_is_nothing_to_report(fresh: Callable[[str, str], Ran], command: str) -> None:
    """A cron job that mails what it prints mails nothing."""
    assert Ran(0, "", "") == fresh(command, "-q")


def test_quiet_shows_errors(reconciler: InProcess, folder: Path) -> None:
    """Each of them, before the summary; warnings are left out."""
    (folder / "bad.yaml").write_text("spec: [\n", encoding="utf-8")
    loud, quiet = (reconciler("validate", "bad.yaml", *options) for options in ((), ("-q",)))

    assert (1, loud.out) == (quiet.code, quiet.out)


@pytest.mark.usefixtures("folder")
def test_a_quiet_validation_that_finds_nothing(reconciler: InProcess) -> None:
    """Prints nothing."""
    assert Ran(0, "", "") == reconciler("validate", PETSTORE, "-q")


def test_a_quiet_review(reconciler: InProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The counts, or nothing where no response changes."""
    here = repository(tmp_path / "there", monkeypatch)
    monkeypatch.chdir(here.folder)
    text = (SAMPLES / "minimal.yaml").read_text(encoding="utf-8")
    here.write("pets.yaml", text)
    here.commit()
    nothing = reconciler("review", "pets.yaml", "-q", "--base", "HEAD")
    here.write("pets.yaml", text.replace("not well", "ill"))
    loud, quiet = (reconciler("review", "pets.yaml", "--base", "HEAD", *options) for options in ((), ("-q",)))

    assert (Ran(0, "", ""), [loud.last]) == (nothing, quiet.out.splitlines())


@pytest.mark.usefixtures("plane", "folder")
def test_quiet_runs(reconciler: InProcess) -> None:
    """The list is a count, a run its first line."""
    none = reconciler("runs", "-q")
    reconciler("apply", PETSTORE, "--yes")
    listed, one, loud = (reconciler("runs", *more) for more in (("-q",), ("latest", "-q"), ("latest",)))

    assert ("", "1 run: 1 applied.\n", loud.out.splitlines()[:1]) == (none.out, listed.out, one.out.splitlines())
