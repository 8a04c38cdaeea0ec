"""Files that PATHs and configurations lead to, and which of them may be read.

Promise: what a user names on the command line is the user's word, hidden, ignored by git or not; a link in it is not,
for it may be part of what is under review. What a configuration names is held to `containment` as a whole, before a
folder of it is looked into. Nothing of a file is read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from reconciler.diagnostics import Diagnostic, Location, error
from reconciler.manifest.containment import Bounds, ReadRefusal, ReferencedFile, contained
from reconciler.ports import Files
from reconciler.rules import InputRule

RULE: Final = InputRule.CONTAINMENT
_GIT: Final = ".git"


@dataclass(frozen=True, slots=True)
class Match:
    """A file that a PATH means, with its real name; all that the PATH means is found from its `start`, a folder."""

    path: str
    name: str
    real: str
    start: str

    @property
    def is_named(self) -> bool:
        """Whether the PATH names the file itself, and not a folder or a glob."""
        here = Path.cwd()
        return here / self.path == here / self.name

    @property
    def below(self) -> PurePath:
        """Its name from the start on."""
        here = Path.cwd()
        name, start = here / self.name, here / self.start
        return name.relative_to(start) if name.is_relative_to(start) else PurePath(self.name)


def matches(paths: Iterable[str], files: Files) -> tuple[tuple[Match, ...], tuple[Diagnostic, ...]]:
    """Every file that the PATHs mean, once, and the PATHs that cannot be looked into."""
    found: dict[str, Match] = {}
    problems: list[Diagnostic] = []
    for path in paths:
        try:
            for name in files.expand(path):
                real = files.real(name)
                found.setdefault(real, Match(path, name, real, files.start(path)))
        except OSError as failure:
            problems.append(unreadable(path, failure))
    return tuple(found.values()), tuple(problems)


def unreadable(path: str, failure: OSError) -> Diagnostic:
    """Said of a file or folder that cannot be looked into."""
    reason = failure.strerror or str(failure)
    return error(
        InputRule.UNREADABLE_FILE, f"this cannot be read: {reason}", "pass readable files and folders", Location(path)
    )


def is_linked(match: Match, files: Files) -> bool:
    """Whether a link below its start, or the file itself, leads elsewhere."""
    return str(PurePath(files.real(match.start)) / match.below) != match.real


def refused_links(linked: Sequence[tuple[Match, Sequence[str]]], files: Files) -> dict[str, Diagnostic]:
    """Which of the links that PATHs mean lead where nothing may be read, by real name.

    Each is given with the folders (real names) in which it may lead anywhere but to what is hidden; the folder that its
    PATH begins in is one of them.
    """
    asked = []
    for match, roots in linked:
        start = files.real(match.start)
        asked.append(ReferencedFile(str(match.below), match.name, Bounds((*roots, start), start)))
    verdicts = zip(linked, contained(asked, files), strict=True)
    return {
        match.real: error(RULE, verdict.message, verdict.remedy, Location(match.name))
        for (match, _), verdict in verdicts
        if isinstance(verdict, ReadRefusal)
    }


def top_of_repository(folder: PurePath, files: Files) -> PurePath | None:
    """The folder (real name) of the repository that a folder is in; None: it is in none."""
    return next((one for one in (folder, *folder.parents) if _GIT in files.names(str(one))), None)
