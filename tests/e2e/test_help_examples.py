"""The examples that `--help` shows, run in the samples."""

import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from e2e.running import SAMPLES, InProcess
from reconciler.cli.main import COMMANDS, commands
from reconciler.cli.terminal.help import Documented
from support.project import OTHER_FILES

RUN_ELSEWHERE = {"sandbox", "demo", "report", "openapi"}
"""Tests of their own run these commands."""

DIFFERENCES = {"status", "drift", "coverage"}
"""Commands of which an example may end with exit code 2: it compares."""


def command_lines(name: str) -> list[str]:
    """The examples of a command, the last one first: what saves a plan or makes a run comes before what needs it."""
    command = commands.get_command(click.Context(commands), name)
    assert isinstance(command, Documented)
    return [example.command for example in reversed(command.examples)]


def answered(command_line: str) -> list[str]:
    """The arguments of a command line, with --yes where it would ask: the test has no terminal."""
    _, name, *arguments = shlex.split(command_line)
    asks = name in {"apply", "deploy", "rollback", "adopt"} and "--yes" not in arguments
    return [name, *arguments, *(["--yes"] if asks else [])]


@pytest.fixture
def samples(folder: Path) -> Path:
    """A git repository with a copy of the samples, in which the command runs."""
    shutil.copytree(SAMPLES, folder / "samples", ignore=shutil.ignore_patterns(*OTHER_FILES))
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.com")
    for arguments in (("init", "-q", "-b", "main"), ("add", "."), (*identity, "commit", "-qm", "Add the samples")):
        subprocess.run(["git", *arguments], cwd=folder, check=True)  # noqa: S607 - git from the path
    return folder


@pytest.mark.usefixtures("sandbox", "samples")
def test_examples_work_in_the_samples(reconciler: InProcess) -> None:
    """Run one after the other against a fresh sandbox, each succeeds or reports differences."""
    lines = [line for name in COMMANDS if name not in RUN_ELSEWHERE for line in command_lines(name)]
    ran = {line: reconciler(*answered(line)) for line in lines}

    assert {} == {
        line: result.text
        for line, result in ran.items()
        if result.code not in ({0, 2} if line.split()[1] in DIFFERENCES else {0})
    }
