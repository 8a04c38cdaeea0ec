"""A job of a recipe that is cancelled while it applies.

Only the shell is signalled, as by the services. What the shell runs has to hear of it, to finish the write that it is
at and to end its journal, before the shell goes on.
"""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from e2e.running import SAMPLES, InProcess
from reconciler.sandbox.model import faults
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.server import Server
from support.ci.apis import HEALTH, MANIFEST, TEMPLATE, VARIABLES, change, recipe
from support.ci.github import GitHub
from support.ci.gitlab import SHELLS, GitLab
from support.ci.shells import Cancel, run_script
from support.processes import PATIENCE, send, wait_for

pytestmark = pytest.mark.recipes

RUN: Final = SAMPLES / "ci" / "github" / ".github" / "actions" / "reconciler" / "run.sh"
SIGNALS: Final = [signal.SIGINT, signal.SIGTERM]
CHANGED: Final = HEALTH.replace("200: {}", "200: {contentHandling: CONVERT_TO_TEXT}")

LISTENER: Final = """
import pathlib, signal, sys, time
heard = []
def hear(number, _):
    heard.append(number)
    pathlib.Path(f"heard-{len(heard)}").touch()
signal.signal(signal.SIGTERM, hear)
pathlib.Path("ready").touch()
while not pathlib.Path("go").exists():
    time.sleep(0.01)
print("heard", len(heard), flush=True)
sys.exit(3)
"""
"""A command that ends only when it may, with the exit code 3."""


@pytest.fixture
def script(tmp_path: Path) -> Callable[[str, Cancel | None], tuple[int, str]]:
    """Run lines after those of `run.sh` with a shell, in a folder that has the listener."""
    (tmp_path / "listener.py").write_text(LISTENER, encoding="utf-8")
    (tmp_path / "script").write_text(
        f'. "{RUN}"\ncode=0\nrun "{sys.executable}" listener.py || code=$?\necho "code $code"\n'
        'code=0\nrun echo again || code=$?\necho "then $code"\n',
        encoding="utf-8",
    )

    def started(shell: str, cancel: Cancel | None) -> tuple[int, str]:
        return run_script([*SHELLS[shell], "script"], tmp_path, {"PATH": "/usr/bin:/bin"}, cancel)

    return started


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("signals", [[one] for one in SIGNALS] + [SIGNALS], ids=["INT", "TERM", "both"])
def test_signal_is_passed_on(
    script: Callable[[str, Cancel | None], tuple[int, str]],
    tmp_path: Path,
    shell: str,
    signals: list[signal.Signals],
) -> None:
    """The command hears each, the shell waits for it and has its exit code; no other command is started after that."""

    def cancel(process: subprocess.Popen[str]) -> None:
        wait_for((tmp_path / "ready").exists)
        for count, number in enumerate(signals, 1):
            process.send_signal(number)
            wait_for((tmp_path / f"heard-{count}").exists)
        assert process.poll() is None
        (tmp_path / "go").touch()

    assert (0, f"heard {len(signals)}\ncode 3\nthen 130\n") == script(shell, cancel)


@pytest.mark.parametrize("shell", SHELLS)
def test_without_a_signal(script: Callable[[str, Cancel | None], tuple[int, str]], tmp_path: Path, shell: str) -> None:
    """A command that nobody stops has its own exit code, and the next is run."""
    (tmp_path / "go").touch()

    assert (0, "heard 0\ncode 3\nagain\nthen 0\n") == script(shell, None)


class Cancellation:
    """Signals a shell while the first write of its apply is under way, and lets the write go on after that."""

    def __init__(self, plane: ControlPlane, number: signal.Signals) -> None:
        self._number = number
        self._reached, self._opened = threading.Event(), threading.Event()
        plane.calls.clear()
        plane.faults.add(faults.server_error(), "PutIntegrationResponse", when=self._hold)

    def _hold(self, _: object) -> bool:
        self._reached.set()
        assert self._opened.wait(PATIENCE)
        return False

    def __call__(self, process: subprocess.Popen[str]) -> None:
        """Send the signal; the shell outlives it, as what it runs is not done."""
        try:
            assert self._reached.wait(PATIENCE)
            send(process.pid, self._number)
            assert process.poll() is None
        finally:
            self._opened.set()


def ends(artifacts: Path) -> int:
    """How many lines that end a run the journals have that were kept."""
    journals = [file for file in artifacts.rglob("*.jsonl") if file.is_file()]
    return sum('"end"' in line for file in journals for line in file.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("number", SIGNALS)
def test_cancelled_apply_of_github(  # noqa: PLR0913, PLR0917 - fixtures and parameters
    sandbox: Server,
    plane: ControlPlane,
    reconciler: InProcess,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: signal.Signals,
) -> None:
    """The write under way is finished, none follows, and the journal that is kept has its end."""
    repo = recipe(tmp_path / "repo", SAMPLES / "ci" / "github", monkeypatch)
    assert reconciler("apply", repo.folder / MANIFEST, "--yes").code == 0
    github = GitHub(tmp_path / "github", repo, VARIABLES, sandbox.environment_over({}))
    change(repo, CHANGED, file=MANIFEST)
    change(repo, "better\n", file=TEMPLATE)
    pull = github.pull("change")
    github.on_pull("reconciler-plan.yml", pull, only="plan")
    before = github.merge(pull)
    github.cancels["Run"] = Cancellation(plane, number)
    job = github.on_push("reconciler-apply.yml", before).jobs["apply (production)"]
    outputs = job.steps["apply"]["outputs"]
    outcomes = [load["outcome"] for load in json.loads(Path(outputs["document"]).read_text())["outcomes"]]

    assert ("failure", "130", ["applied", "not-run"], 1) == (
        job.result, outputs["exit-code"], outcomes, len(plane.calls.writes()),
    )  # fmt: skip
    assert 1 == ends(github.home / "artifacts")


@pytest.mark.parametrize(("shell", "number"), [*zip(SHELLS, SIGNALS, strict=True)])
def test_cancelled_apply_of_gitlab(  # noqa: PLR0913, PLR0917 - fixtures and parameters
    sandbox: Server,
    plane: ControlPlane,
    reconciler: InProcess,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    shell: str,
    number: signal.Signals,
) -> None:
    """The write under way is finished, none follows, and the journal that is kept has its end."""
    repo = recipe(tmp_path / "repo", SAMPLES / "ci" / "gitlab", monkeypatch)
    assert reconciler("apply", repo.folder / MANIFEST, "--yes").code == 0
    gitlab = GitLab(tmp_path / "gitlab", repo, VARIABLES, sandbox.environment_over({}))
    gitlab.shell = shell
    change(repo, CHANGED, file=MANIFEST)
    change(repo, "better\n", file=TEMPLATE)
    request = gitlab.request("change")
    gitlab.on_request(request, only="plan")
    gitlab.merge(request)
    gitlab.cancels["apply"] = Cancellation(plane, number)
    job = gitlab.on_main(only="apply")["apply"]

    assert (130, 1, True) == (job.code, len(plane.calls.writes()), "not-run" in job.log)
    assert 1 == ends(gitlab.home / "artifacts")
