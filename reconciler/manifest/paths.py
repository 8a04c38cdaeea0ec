"""Find the files that PATHs and configurations stand for, and refuse those that may not be read.

The user is trusted: a PATH on the command line may name hidden and ignored files. A link that it leads through is not
trusted, because it may be part of what is under review. Everything that a configuration names obeys `containment`,
which is checked before its folders are searched. No file is opened.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from reconciler.diagnostics import Diagnostic, Location, error
from reconciler.manifest.containment import Bounds, ReadRefusal, ReferencedFile, check_files
from reconciler.ports import Files
from reconciler.rules import InputRule

RULE: Final = InputRule.CONTAINMENT
_GIT: Final = ".git"


@dataclass(frozen=True, slots=True)
class Match:
    """A file that a PATH stands for, its real name, and the folder (`start`) that the PATH starts from."""

    path: str
    name: str
    real: str
    start: str

    @property
    def is_named(self) -> bool:
        """Whether the PATH names the file itself, not a folder or a glob."""
        here = Path.cwd()
        return here / self.path == here / self.name

    @property
    def below(self) -> PurePath:
        """Its name relative to the start."""
        here = Path.cwd()
        name, start = here / self.name, here / self.start
        return name.relative_to(start) if name.is_relative_to(start) else PurePath(self.name)


def find_matches(paths: Iterable[str], files: Files) -> tuple[tuple[Match, ...], tuple[Diagnostic, ...]]:
    """Return every file that the PATHs stand for, once, and the problems of PATHs that cannot be read."""
    by_real_name: dict[str, Match] = {}
    problems: list[Diagnostic] = []
    for path in paths:
        try:
            for name in files.expand(path):
                real = files.real(name)
                by_real_name.setdefault(real, Match(path, name, real, files.start(path)))
        except OSError as failure:
            problems.append(explain_unreadable(path, failure))
    return tuple(by_real_name.values()), tuple(problems)


def explain_unreadable(path: str, failure: OSError) -> Diagnostic:
    """Return the diagnostic for a file or folder that cannot be read."""
    reason = failure.strerror or str(failure)
    return error(
        InputRule.UNREADABLE_FILE, f"cannot read this: {reason}", "name readable files and folders", Location(path)
    )


def is_linked(match: Match, files: Files) -> bool:
    """Whether the file, or a folder between its start and it, is a link."""
    return str(PurePath(files.real(match.start)) / match.below) != match.real


def refused_links(linked: Sequence[tuple[Match, Sequence[str]]], files: Files) -> dict[str, Diagnostic]:
    """Return an error for each link that leads to a file that may not be read, by the real name of the file.

    Each match comes with the folders (real names) that its link may lead into, hidden files excepted; the folder that
    its PATH starts from is always one of them.
    """
    references = []
    for match, roots in linked:
        start = files.real(match.start)
        references.append(ReferencedFile(str(match.below), match.name, Bounds((*roots, start), start)))
    verdicts = zip(linked, check_files(references, files), strict=True)
    return {
        match.real: error(RULE, verdict.message, verdict.remedy, Location(match.name))
        for (match, _), verdict in verdicts
        if isinstance(verdict, ReadRefusal)
    }


def repository_top(folder: PurePath, files: Files) -> PurePath | None:
    """Return the top folder (real name) of the repository around a folder, None if there is none."""
    return next((top for top in (folder, *folder.parents) if _GIT in files.names(str(top))), None)
