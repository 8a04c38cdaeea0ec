"""Where runs are journaled, and what is locked while one is under way.

A run is journaled in the folder that `--journal` names, else in the one that its configuration names, else in
`.reconciler/runs` next to its configuration, or in the current folder when it has no configuration or several. Each of
its configurations is locked, in the folder where runs of that configuration are journaled: runs that are journaled in
different folders do not exclude each other.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reconciler.config.projects import FoundProjects, Project, find_projects
from reconciler.engine.load.load import CONFIGURABLE_RULES
from reconciler.engine.load.request import Request
from reconciler.journal import Lock
from reconciler.journal.writing import HOME
from reconciler.ports import Files

_RUNS: Final = "runs"


@dataclass(frozen=True, slots=True)
class JournalLocation:
    """The folder in which a run is journaled, and the locks that it holds.

    `is_broken`: a configuration cannot be read, so no plan can be made and nothing will be written.
    """

    folder: Path
    locks: tuple[Lock, ...]
    is_broken: bool = False


def locate_journal(request: Request, files: Files, journal_folder: str | None) -> JournalLocation:
    """Return where the runs of a request are journaled; `journal_folder` wins over those of the configurations."""
    projects = known_projects(request, files)
    current = files.real(".")
    locks = tuple(_lock(project, files, current, journal_folder) for project in projects.projects) or (
        Lock(Path(journal_folder or _default_folder(current)), current),
    )
    folders = {lock.folder for lock in locks}
    folder = folders.pop() if len(folders) == 1 else Path(_default_folder(current))
    return JournalLocation(folder, locks, projects.is_broken)


def _lock(project: Project, files: Files, current: str, folder: str | None) -> Lock:
    configuration = project.configuration
    if configuration is None:
        return Lock(Path(folder or _default_folder(current)), current)
    root = files.real(str(Path(configuration.file).parent))
    configured = files.real(str(Path(root, configuration.journal))) if configuration.journal else _default_folder(root)
    return Lock(Path(folder or configured), files.real(configuration.file))


def _default_folder(root: str) -> str:
    return str(Path(root, HOME, _RUNS))


def known_projects(request: Request, files: Files) -> FoundProjects:
    """Find the configurations that a request names."""
    return find_projects(request.paths, request.config, files, CONFIGURABLE_RULES)
