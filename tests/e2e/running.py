"""The command, run in this process or as the installed one, and what it said."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from support.processes import PATIENCE

ROOT: Final = Path(__file__).parents[2]
SAMPLES: Final = ROOT / "samples"
EXAMPLES: Final = (SAMPLES / "minimal.yaml", SAMPLES / "petstore")
"""Samples that need neither configuration nor environment."""

COMMAND: Final = Path(sys.executable).with_name("reconciler")

_PROBLEM: Final = re.compile(r"(?P<place>[^ ]+): error: (?P<message>.+) \[(?P<rule>[\w-]+)\]; (?P<remedy>.+)")
_FAILURE: Final = re.compile(r"error: (?P<message>.+?); (?P<remedy>.+)")


@dataclass(frozen=True)
class Ran:
    """What came of a command line."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        """Everything that a person would see."""
        return self.out + self.err

    @property
    def last(self) -> str:
        """The summary: the last line of stdout."""
        return self.out.rstrip().rpartition("\n")[2]

    def problems(self) -> list[tuple[str, str]]:
        """Place and rule of every diagnostic that is an error; each of them has to have a remedy."""
        lines = [line for line in self.text.splitlines() if ": error: " in line]
        matches = [_PROBLEM.fullmatch(line) for line in lines]
        return [
            (match["place"], match["rule"]) if match else ("not place, message, rule, remedy", "") for match in matches
        ]

    def failures(self) -> list[str]:
        """Every line of stderr, of which there is to be one, `error: MESSAGE; REMEDY`: without that frame, in order."""
        matches = [_FAILURE.fullmatch(line) for line in self.err.splitlines()]
        return [match["message"] if match else "not `error: MESSAGE; REMEDY`" for match in matches]


InProcess: TypeAlias = Callable[..., Ran]


def execute(
    *arguments: str | Path,
    program: str | Path = COMMAND,
    environment: Mapping[str, str] | None = None,
    folder: Path = ROOT,
) -> Ran:
    """Run the installed command (or another program) with no terminal and an empty stdin."""
    done = subprocess.run(
        [program, *arguments],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


@contextmanager
def started(*arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
    """The installed command, running beside the test, which does not outlive it."""
    with subprocess.Popen(
        [COMMAND, *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def with_command_on_path() -> dict[str, str]:
    """The environment of a shell that finds `reconciler` (and `python3`, as whom tests run) first."""
    return {**os.environ, "PATH": f"{COMMAND.parent}{os.pathsep}{os.environ['PATH']}"}
