"""The manifests that a configuration names, and which of them may be read.

What a configuration names is held to `containment` as a whole, before a folder of it is looked into. Nothing of a file
is read.
"""

import glob
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath
from typing import Final

from reconciler.config.configuration import Configuration
from reconciler.diagnostics import Diagnostic, Location, error, warning
from reconciler.file_tree import climbs_out_of_wildcard
from reconciler.manifest.containment import Bounds, ReadRefusal, ReferencedFile, contained, placed
from reconciler.manifest.paths import RULE, Match, is_linked, matches
from reconciler.ports import Files
from reconciler.wording import shown

MOST_PARTS: Final = 100
"""Parts of a glob that a configuration names."""


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
    asked = [ReferencedFile(_name(match, folder), match.name, bounds) for _, match in found.values()]
    judged = list(zip(found.values(), contained(asked, files), strict=True))
    problems += _problems(judged, configuration, files)
    return tuple(match.name for (_, match), verdict in judged if isinstance(verdict, str)), tuple(problems)


def _refused_entry(entry: str, folder: PurePath, bounds: Bounds, files: Files) -> ReadRefusal | None:
    """Why nothing of an entry may be looked at."""
    if glob.has_magic(entry) and len(PurePath(entry).parts) > MOST_PARTS:
        return ReadRefusal(f"`{shown(entry)}` has more than {MOST_PARTS} parts", "use `**` for any number of folders")
    if climbs_out_of_wildcard(entry):
        return ReadRefusal(f"`{shown(entry)}` has `..` after a wildcard", "write `..` before all wildcards")
    path = str(folder / entry)
    verdict = placed(ReferencedFile(entry, files.start(path) if glob.has_magic(entry) else path, bounds), files)
    return verdict if isinstance(verdict, ReadRefusal) else None


def _name(match: Match, folder: PurePath) -> str:
    """What a file is called from the configuration's folder."""
    here = Path.cwd()
    name, around = here / match.name, here / folder
    return str(name.relative_to(around) if name.is_relative_to(around) else match.below)


def _problems(
    judged: Iterable[tuple[tuple[int, Match], str | ReadRefusal]], configuration: Configuration, files: Files
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
