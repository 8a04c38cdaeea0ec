"""fmt: write manifests, response sets, response tests and configurations in one layout.

Only files that declare themselves ours (`apiVersion: reconciler/...`) are touched. What a file means never changes:
each new text is read again before it is offered (`reconciler.yamlio.layout`). A file that cannot be read is reported
and does not stop the others.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reconciler.atomic_write import FileReplacement
from reconciler.config.projects import find_projects
from reconciler.diagnostics import Diagnostic, Location, any_error, error, in_order
from reconciler.engine.fmt.key_order import key_order
from reconciler.engine.load.load import CONFIGURABLE_RULES
from reconciler.errors import UsageError
from reconciler.invocation import command_line
from reconciler.manifest.loader import explain_missing
from reconciler.manifest.paths import explain_unreadable, find_matches, is_linked, refused_links
from reconciler.ports import Files
from reconciler.rules import InputRule
from reconciler.yamlio import parse
from reconciler.yamlio.layout import LayoutError, layout


@dataclass(frozen=True, slots=True)
class FormatResult:
    """The files whose layout differs from the canonical one, and how many others were looked at.

    `foreign` are files of other programs.
    """

    changes: tuple[FileReplacement, ...] = ()
    unchanged: int = 0
    foreign: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def is_broken(self) -> bool:
        """Whether a file could not be read."""
        return any_error(self.diagnostics)


def format_files(paths: Sequence[str], config: str | None, files: Files) -> FormatResult:
    """Return the files of the PATHs in canonical layout; without PATHs those that the configuration names, and itself.

    Raises UsageError if there is neither a PATH nor a configuration.
    """
    names, problems = _files_of_paths(paths, files) if paths else _files_of_configuration(config, files)
    changes: list[FileReplacement] = []
    foreign: list[str] = []
    unchanged = 0
    for name in names:
        outcome = _formatted(name, files)
        match outcome:
            case FileReplacement(before=before, after=after) if before != after:
                changes.append(outcome)
            case FileReplacement():
                unchanged += 1
            case None:
                foreign.append(name)
            case _:
                problems += outcome
    if not names and not problems:
        place = ", ".join(paths) or config or "the configuration"
        remedy = "check the path; manifests are *.yaml and *.yml files"
        problems.append(error(InputRule.EMPTY_SET, f"no file was found in {place}", remedy))
    return FormatResult(tuple(changes), unchanged, tuple(foreign), in_order(problems))


def _files_of_paths(paths: Sequence[str], files: Files) -> tuple[list[str], list[Diagnostic]]:
    matches, problems = find_matches(paths, files)
    refused = refused_links([(match, ()) for match in matches if is_linked(match, files) and not match.is_named], files)
    return [match.name for match in matches if match.real not in refused], [*problems, *refused.values()]


def _files_of_configuration(config: str | None, files: Files) -> tuple[list[str], list[Diagnostic]]:
    found = find_projects((), config, files, CONFIGURABLE_RULES)
    if not found.projects and not found.diagnostics:
        raise UsageError(
            "no PATH is given, and no reconciler.yaml is in or above this folder",
            f"pass a manifest, a folder or a glob; or create a reconciler.yaml: {command_line('init')}",
        )
    names = [name for project in found.projects for name in project.files]
    configurations = [project.configuration.file for project in found.projects if project.configuration]
    known = {files.real(name) for name in names}
    return [*(file for file in configurations if files.real(file) not in known), *names], list(found.diagnostics)


def _formatted(name: str, files: Files) -> FileReplacement | list[Diagnostic] | None:
    """Return a file before and after, its problems, or None if it is none of ours."""
    try:
        content = files.read(name, parse.MAX_BYTES + 1)
    except FileNotFoundError:
        return [explain_missing(name, files)]
    except OSError as failure:
        return [explain_unreadable(name, failure)]
    reading = parse.read(content, name, quoted=False)
    if not reading.is_ours:
        return None
    if reading.diagnostics:
        return list(reading.diagnostics)
    try:
        return FileReplacement(name, content, layout(content, reading.documents, key_order))
    except LayoutError:
        return list(_no_layout(name))


def _no_layout(name: str) -> Iterator[Diagnostic]:
    message = "no other layout of this file means the same"
    yield error(InputRule.SYNTAX, message, "leave it as it is, or write it in a simpler way", Location(name))
