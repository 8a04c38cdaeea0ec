"""The environments whose APIs are exported: those of a configuration, of which no manifest is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from reconciler.config.configuration import Configuration, Environment
from reconciler.config.projects import FoundProjects, find_projects
from reconciler.engine.load.environments import choose_environments
from reconciler.engine.load.load import CONFIGURABLE_RULES
from reconciler.errors import ReconcilerError, UsageError
from reconciler.ports import Files


@dataclass(frozen=True, slots=True)
class SourceEnvironments:
    """The chosen environments of a configuration, and the others. `folder`: the real name of the configuration's."""

    chosen: tuple[Environment, ...]
    others: tuple[Environment, ...]
    folder: str


def source_environments(names: Sequence[str], config: str | None, files: Files) -> SourceEnvironments:
    """Return the environments with these names, or all, of a configuration; `config` None: the nearest one.

    Raises UsageError for an unknown environment or if there is no configuration, ReconcilerError for a broken one.
    """
    found = find_projects((), config, files, CONFIGURABLE_RULES)
    configuration = next((project.configuration for project in found.projects if project.configuration), None)
    if configuration is None:
        raise _no_configuration(found)
    choices, _ = choose_environments(FoundProjects(found.projects), names, takes_all=False)
    wanted = {name for choice in choices for name in choice.environments}
    environments = configuration.environments.values()
    return SourceEnvironments(
        tuple(each for each in environments if each.name in wanted),
        tuple(each for each in environments if each.name not in wanted),
        _folder(configuration, files),
    )


def _folder(configuration: Configuration, files: Files) -> str:
    return files.real(str(PurePath(configuration.file).parent))


def _no_configuration(found: FoundProjects) -> ReconcilerError:
    for diagnostic in found.diagnostics:
        if diagnostic.is_error:
            place = f"{diagnostic.location}: " if diagnostic.location else ""
            return ReconcilerError(f"{place}{diagnostic.message}", diagnostic.remedy)
    message = "--env needs a configuration, and no reconciler.yaml is in or above this folder"
    return UsageError(message, "pass it with --config FILE, or omit --env")
