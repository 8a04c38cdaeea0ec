"""Find the manifests that a configuration names, and refuse those that may not be read.

`containment` is checked for each entry before any of its folders is listed, and for each file. No file is read.
"""

import glob
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath
from typing import Final

from reconciler.config.configuration import Configuration
from reconciler.diagnostics import Diagnostic, Location, error, warning
from reconciler.file_tree import has_parent_after_wildcard
from reconciler.manifest.containment import Bounds, ReadRefusal, ReferencedFile, check_files, check_location
from reconciler.manifest.paths import RULE, Match, find_matches, is_linked
from reconciler.ports import Files
from reconciler.wording import shown

MOST_PARTS: Final = 100
"""The most parts of a glob in a configuration."""


def files_of_configuration(
    configuration: Configuration, root: str, files: Files
) -> tuple[tuple[str, ...], tuple[Diagnostic, ...]]:
    """Return the files that a configuration names and that may be read, and the problems of the others."""
    folder = PurePath(configuration.file).parent
    home = files.real(str(folder))
    bounds = Bounds((files.real(root), home), home, files.real(configuration.file))
    by_real_name: dict[str, tuple[int, Match]] = {}
    problems: list[Diagnostic] = []
    for number, entry in enumerate(configuration.manifests):
        at = configuration.places.of_value(("manifests", number))
        if refusal := _refused_entry(entry, folder, bounds, files):
            problems.append(error(RULE, refusal.message, refusal.remedy, at))
            continue
        manifest_files, unreadable = find_matches([str(folder / entry)], files)
        problems += unreadable
        for match in manifest_files:
            by_real_name.setdefault(match.real, (number, match))
    candidates = [ReferencedFile(_name(match, folder), match.name, bounds) for _, match in by_real_name.values()]
    judged = list(zip(by_real_name.values(), check_files(candidates, files), strict=True))
    problems += _problems(judged, configuration, files)
    return tuple(match.name for (_, match), verdict in judged if isinstance(verdict, str)), tuple(problems)


def _refused_entry(entry: str, folder: PurePath, bounds: Bounds, files: Files) -> ReadRefusal | None:
    """Return why no file of an entry may be read, None if they may."""
    if glob.has_magic(entry) and len(PurePath(entry).parts) > MOST_PARTS:
        return ReadRefusal(
            f"`{shown(entry)}` has more than {MOST_PARTS} parts", "use `**`, which matches any number of folders"
        )
    if has_parent_after_wildcard(entry):
        return ReadRefusal(f"`{shown(entry)}` has `..` after a wildcard", "write `..` before the first wildcard")
    path = str(folder / entry)
    verdict = check_location(ReferencedFile(entry, files.start(path) if glob.has_magic(entry) else path, bounds), files)
    return verdict if isinstance(verdict, ReadRefusal) else None


def _name(match: Match, folder: PurePath) -> str:
    """Return the name of a file relative to the configuration's folder."""
    current_folder = Path.cwd()
    name, around = current_folder / match.name, current_folder / folder
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
        yield _git_ignored(number, count, configuration)


def _git_ignored(number: int, count: int, configuration: Configuration) -> Diagnostic:
    entry = configuration.manifests[number]
    message = f"`{shown(entry)}`: skipped {count:,} file{'s' if count > 1 else ''} that git ignores"
    folder = PurePath(configuration.file).parent
    remedy = (
        f"commit them, or pass them as PATH; to list them: git -C {shlex.quote(str(folder))} status --ignored --short"
    )
    return warning(RULE, message, remedy, configuration.places.of_value(("manifests", number)))
