"""What the footer of a report says about the run: commit, branch, command line, version, time.

A CI system often checks out a detached commit, so its variables know the branch. Values of `--var` whose names look
like those of secrets are left out of the command line, and so are credentials in addresses.
"""

import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from reconciler import __version__
from reconciler.config.schema import names_secret
from reconciler.git.head import head_of
from reconciler.render.footer import Footer

_FORMAT: Final = "--format"
HIDDEN: Final = "***"
"""Stands for a secret."""

_BRANCHES: Final = ("GITHUB_HEAD_REF", "GITHUB_REF_NAME", "CI_COMMIT_REF_NAME", "BUILD_SOURCEBRANCHNAME", "GIT_BRANCH")
"""Where GitHub Actions (of a pull request, else), GitLab CI, Azure Pipelines and Jenkins name the branch."""

_CREDENTIALS: Final = re.compile(r"(?<=://)[^/@\s]*@")


def run_footer(seconds: float) -> Footer:
    """Return the footer of the running command, which has taken so many seconds."""
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return footer_of(sys.argv[1:], os.environ, Path(), now, seconds)


def footer_of(
    arguments: Sequence[str], process: Mapping[str, str], folder: Path, created_at: str, seconds: float
) -> Footer:
    """Return the footer of a command line that runs in a folder with these environment variables."""
    head = head_of(folder)
    shown = tuple(_without_secrets(arguments))
    return Footer(
        commit=head.commit,
        branch=head.branch or next(filter(None, map(process.get, _BRANCHES)), ""),
        words=("reconciler", *shown),
        can_repeat=not any(HIDDEN in word or word.partition("=")[0] == "--plan" for word in shown),
        version=__version__,
        created_at=created_at,
        seconds=seconds,
    )


def _without_secrets(arguments: Sequence[str]) -> Iterator[str]:
    """The command line without secrets, and without where its reports go."""
    option = ""
    for word in arguments:
        name, equals, value = word.partition("=")
        if option == "--var":
            yield _variable(word)
        elif name == "--var" and equals:
            yield f"--var={_variable(value)}"
        elif _FORMAT not in {option, name}:
            yield _CREDENTIALS.sub(f"{HIDDEN}@", word)
        option = word if not option and word in {"--var", _FORMAT} else ""


def _variable(text: str) -> str:
    name, equals, value = text.partition("=")
    shown = HIDDEN if names_secret(name) else _CREDENTIALS.sub(f"{HIDDEN}@", value)
    return f"{name}{equals}{shown}" if equals else text
