"""Git repositories of tests: they know no settings and no names of this machine."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

_NOBODY: Final = {
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_SYSTEM": "/dev/null",
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.com",
}


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository and its working tree."""

    folder: Path

    def git(self, *arguments: str) -> str:
        """What git says to this."""
        done = subprocess.run(["git", *arguments], cwd=self.folder, check=True, capture_output=True)  # noqa: S607
        return os.fsdecode(done.stdout).strip()

    def write(self, name: str, content: str) -> None:
        """A file of the working tree."""
        place = self.folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content, encoding="utf-8")

    def commit(self, *, message: str = "a change") -> str:
        """The id of a commit of all that is in the working tree."""
        self.git("add", "--all")
        self.git("commit", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")


def repository(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """An empty repository on branch `main`; the current folder is its top."""
    for name, value in _NOBODY.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(folder.parent))
    folder.mkdir(exist_ok=True)
    monkeypatch.chdir(folder)
    made = Repository(folder)
    made.git("init", "-b", "main")
    return made
