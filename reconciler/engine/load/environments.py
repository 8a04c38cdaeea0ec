"""Choose the environments of a run.

Every environment that is asked for exists, and wherever environments exist, the user chose among them; anything else is
a UsageError that lists the environments. An offline run without `--env` covers every environment, and so does an event.
"""

import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from reconciler.config.configuration import ALL_ENVIRONMENTS
from reconciler.config.projects import FoundProjects, Project
from reconciler.diagnostics import Diagnostic, Location, warning
from reconciler.errors import UsageError
from reconciler.rules import InputRule
from reconciler.wording import did_you_mean, shown


@dataclass(frozen=True, slots=True)
class EnvironmentChoice:
    """A project and the environments to resolve it for; None stands for a project without environments."""

    project: Project
    environments: tuple[str | None, ...]


def choose_environments(
    projects: FoundProjects, names: Sequence[str], *, takes_all: bool
) -> tuple[tuple[EnvironmentChoice, ...], tuple[Diagnostic, ...]]:
    """Choose the environments of each project, and report the projects that are skipped.

    `takes_all`: no names mean every environment. Raises UsageError for a missing or unknown name, unless a
    configuration is broken: its environments are unknown.
    """
    known = tuple(dict.fromkeys(name for project in projects.projects for name in _environment_names(project)))
    if not projects.is_broken:
        _check_names(names, known, takes_all=takes_all)
    choices = [EnvironmentChoice(project, _chosen(project, names)) for project in projects.projects]
    skipped = (choice.project for choice in choices if not choice.environments)
    return tuple(choice for choice in choices if choice.environments), tuple(_skipped(skipped, names))


def _environment_names(project: Project) -> tuple[str, ...]:
    return tuple(project.configuration.environments) if project.configuration else ()


def _check_names(names: Sequence[str], known: Sequence[str], *, takes_all: bool) -> None:
    choices = f"choose one of {', '.join(known)}"
    if not names and known and not takes_all:
        raise UsageError(
            f"no environment is chosen; there are {', '.join(known)}",
            f"add --env {known[0]}, or --env {ALL_ENVIRONMENTS} for every environment",
        )
    for name in names:
        if not known:
            raise UsageError(
                f"there is no environment {shown(name)!r}: no reconciler.yaml in or above the manifests defines any",
                "omit --env, or define the environment in a reconciler.yaml",
            )
        if name not in (ALL_ENVIRONMENTS, *known):
            is_list = "," in name and {part.strip() for part in name.split(",")} <= {ALL_ENVIRONMENTS, *known}
            remedy = "repeat --env for each environment" if is_list else did_you_mean(name, known, choices, shlex.quote)
            raise UsageError(f"there is no environment {shown(name)!r}", remedy)


def _chosen(project: Project, names: Sequence[str]) -> tuple[str | None, ...]:
    known = _environment_names(project)
    if not names:
        return known or (None,)
    return tuple(name for name in known if name in names or ALL_ENVIRONMENTS in names)


def _skipped(projects: Iterable[Project], names: Sequence[str]) -> Iterator[Diagnostic]:
    """Warn of every project that has none of the chosen environments."""
    wanted = " or ".join(names)
    for project in projects:
        if project.configuration:
            message = f"this configuration defines no environment {wanted}; its manifests are skipped"
            remedy = "define the environment here, or pass only the PATHs of the other manifests"
            yield warning(InputRule.LEFT_OUT, message, remedy, Location(project.configuration.file))
        elif project.files:
            message = f"no configuration defines environment {wanted} here; manifests without one are skipped"
            remedy = "add a reconciler.yaml, or run these manifests without --env"
            yield warning(InputRule.LEFT_OUT, message, remedy, Location(project.files[0]))
