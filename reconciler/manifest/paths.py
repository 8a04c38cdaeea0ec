"""Files that PATHs and configurations lead to, and which of them may be read.

Promise: what a user names on the command line is the user's word, hidden, ignored by git or not; a link in it is not,
for it may be part of what is under review. What a configuration names is held to `containment` as a whole, before a
folder of it is looked into. Nothing of a file is read.
"""

import glob
import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from reconciler.diagnostics import Diagnostic, Location, error, warning
from reconciler.manifest.containment import Bounds, Named, Refusal, contained, placed
from reconciler.manifest.walking import climbs_out_of_wildcard
from reconciler.ports import Files
from reconciler.resolve.configuration import Configuration
from reconciler.resolve.wording import shown

RULE: Final = "containment"
MOST_PARTS: Final = 100
"""Parts of a glob that a configuration names."""

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
    return error("unreadable-file", f"this cannot be read: {reason}", "name readable files and folders", Location(path))


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
        asked.append(Named(str(match.below), match.name, Bounds((*roots, start), start)))
    verdicts = zip(linked, contained(asked, files), strict=True)
    return {
        match.real: error(RULE, verdict.message, verdict.remedy, Location(match.name))
        for (match, _), verdict in verdicts
        if isinstance(verdict, Refusal)
    }


def top_of_repository(folder: PurePath, files: Files) -> PurePath | None:
    """The folder (real name) of the repository that a folder is in; None: it is in none."""
    return next((one for one in (folder, *folder.parents) if _GIT in files.names(str(one))), None)


def of_configuration(
    configuration: Configuration, root: str, files: Files
) -> tuple[tuple[str, ...], tuple[Diagnostic, ...]]:
    """The files that a configuration names and that may be read, and what is wrong with the others."""
    folder = PurePath(configuration.file).parent
    home = files.real(str(folder))
    bounds = Bounds((files.real(root), home), home, files.real(configuration.file))
    found: dict[str, tuple[int, Match]] = {}
    problems: list[Diagnostic] = []
    for number, entry in enumerate(configuration.manifests):
        at = configuration.places.of_value(("manifests", number))
        if refusal := _refused_entry(entry, folder, bounds, files):
            problems.append(error(RULE, refusal.message, refusal.remedy, at))
            continue
        means, unread = matches([str(folder / entry)], files)
        problems += unread
        for match in means:
            found.setdefault(match.real, (number, match))
    asked = [Named(_name(match, folder), match.name, bounds) for _, match in found.values()]
    judged = list(zip(found.values(), contained(asked, files), strict=True))
    problems += _problems(judged, configuration, files)
    return tuple(match.name for (_, match), verdict in judged if isinstance(verdict, str)), tuple(problems)


def _refused_entry(entry: str, folder: PurePath, bounds: Bounds, files: Files) -> Refusal | None:
    """Why nothing of an entry may be looked at."""
    if glob.has_magic(entry) and len(PurePath(entry).parts) > MOST_PARTS:
        return Refusal(f"`{shown(entry)}` has more than {MOST_PARTS} parts", "use `**` for any number of folders")
    if climbs_out_of_wildcard(entry):
        return Refusal(f"`{shown(entry)}` has `..` after a wildcard", "write `..` before all wildcards")
    path = str(folder / entry)
    verdict = placed(Named(entry, files.start(path) if glob.has_magic(entry) else path, bounds), files)
    return verdict if isinstance(verdict, Refusal) else None


def _name(match: Match, folder: PurePath) -> str:
    """What a file is called from the configuration's folder."""
    here = Path.cwd()
    name, around = here / match.name, here / folder
    return str(name.relative_to(around) if name.is_relative_to(around) else match.below)


def _problems(
    judged: Iterable[tuple[tuple[int, Match], str | Refusal]], configuration: Configuration, files: Files
) -> Iterator[Diagnostic]:
    ignored: dict[int, int] = {}
    for (number, match), verdict in judged:
        if isinstance(verdict, str):
            continue
        if verdict.is_ignored and not match.is_named and not is_linked(match, files):
            ignored[number] = ignored.get(number, 0) + 1
        else:
            at = configuration.places.of_value(("manifests", number)) if match.is_named else Location(match.name)
            yield error(RULE, verdict.message, verdict.remedy, at)
    for number, count in ignored.items():
        yield _passed_over(number, count, configuration)


def _passed_over(number: int, count: int, configuration: Configuration) -> Diagnostic:
    entry = configuration.manifests[number]
    message = f"`{shown(entry)}`: {count:,} file{'s' if count > 1 else ''} that git ignores {_were(count)} not read"
    folder = PurePath(configuration.file).parent
    remedy = f"commit or name them as PATH; to list them: git -C {shlex.quote(str(folder))} status --ignored --short"
    return warning(RULE, message, remedy, configuration.places.of_value(("manifests", number)))


def _were(count: int) -> str:
    return "was" if count == 1 else "were"
