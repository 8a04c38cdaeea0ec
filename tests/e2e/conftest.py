"""A sandbox of its own for each test that asks for one, and nothing of this machine's AWS settings for any."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.running import InProcess, Ran
from reconciler.cli.main import run
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.server import Server, serve
from support.service_models import read_once


@pytest.fixture(scope="session", autouse=True)
def compiled_once(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Where Python is told to leave nothing beside sources, the commands that are started share what one compiled."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if hasattr(request.config, "workerinput") else base  # by all workers
    with pytest.MonkeyPatch.context() as patch:
        if sys.dont_write_bytecode:
            patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
            patch.setenv("PYTHONPYCACHEPREFIX", str(shared / "compiled"))
        yield


@pytest.fixture(scope="session", autouse=True)
def service_models() -> Iterator[None]:
    """The files of boto3 are read once."""
    with read_once():
        yield


@pytest.fixture(autouse=True)
def isolated(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No settings, profiles, credentials, journals or colours but what a test sets itself."""
    home = tmp_path_factory.mktemp("home")
    for name in os.environ:
        if name.startswith(("AWS_", "RECONCILER_")) or name in {"NO_COLOR", "FORCE_COLOR", "TERM"}:
            monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        (home / name).touch()
        monkeypatch.setenv(name, str(home / name))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("RECONCILER_JOURNAL", str(home / "runs"))  # nothing is left beside the samples


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A fresh seeded AWS, which the environment leads to."""
    with serve() as server:
        for name, value in server.environment_over(os.environ).items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture
def plane(sandbox: Server) -> ControlPlane:
    """Its control plane: the call log is empty, and faults may be queued."""
    return sandbox.aws.plane()


@pytest.fixture
def reconciler(capsys: pytest.CaptureFixture[str]) -> InProcess:
    """Run a command line in this process."""

    def command(*arguments: str | Path) -> Ran:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return command


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which the command runs."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
