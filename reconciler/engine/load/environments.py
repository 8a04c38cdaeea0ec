"""Which environments a run is about.

Promise: every name that is asked for exists, and where environments exist somebody asked: what is not so is a
UsageError that names what there is. Offline, no name means every environment.
"""

import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from reconciler.config.configuration import EVERY
from reconciler.config.projects import FoundProjects, Project
from reconciler.diagnostics import Diagnostic, Location, warning
from reconciler.errors import UsageError
from reconciler.rules import InputRule
from reconciler.wording import did_you_mean, shown


@dataclass(frozen=True, slots=True)
class EnvironmentChoice:
    """A project and the environments to take it to; None where it has none."""

    project: Project
    environments: tuple[str | None, ...]


def chosen(
    found: FoundProjects, names: Sequence[str], *, offline: bool
) -> tuple[tuple[EnvironmentChoice, ...], tuple[Diagnostic, ...]]:
    """The environments of each project, and what is said of projects that are left out.

    Raises UsageError, unless a configuration is broken: then nobody knows which environments there are.
    """
    known = tuple(dict.fromkeys(name for project in found.projects for name in _of(project)))
    if not found.is_broken:
        _check(known, names, offline=offline)
    choices = [EnvironmentChoice(project, _chosen(project, names)) for project in found.projects]
    left_out = (choice.project for choice in choices if not choice.environments)
    return tuple(choice for choice in choices if choice.environments), tuple(_left_out(left_out, names))


def _of(project: Project) -> tuple[str, ...]:
    return tuple(project.configuration.environments) if project.configuration else ()


def _check(known: Sequence[str], names: Sequence[str], *, offline: bool) -> None:
    there_are = f"there are {', '.join(known)}"
    if not names and known and not offline:
        raise UsageError(
            f"an environment has to be chosen: {there_are}",
            f"choose: --env {known[0]}, or --env all",
        )
    for name in names:
        if not known:
            raise UsageError(
                f"there is no environment {shown(name)!r}: no reconciler.yaml in or above the manifests defines any",
                "leave --env out, or define it there",
            )
        if name not in (EVERY, *known):
            several = "," in name and {one.strip() for one in name.split(",")} <= {EVERY, *known}
            remedy = "write --env once for each" if several else did_you_mean(name, known, there_are, shlex.quote)
            raise UsageError(f"there is no environment {shown(name)!r}", remedy)


def _chosen(project: Project, names: Sequence[str]) -> tuple[str | None, ...]:
    known = _of(project)
    if not names:
        return known or (None,)
    return tuple(name for name in known if name in names or EVERY in names)


def _left_out(projects: Iterable[Project], names: Sequence[str]) -> Iterator[Diagnostic]:
    """A run for an environment leaves alone what has no such environment, and says so."""
    wanted = " or ".join(names)
    for project in projects:
        if project.configuration:
            message = f"there is no environment {wanted} here: the manifests under this configuration are left out"
            yield warning(
                InputRule.LEFT_OUT,
                message,
                "define it, or name the others' PATHs only",
                Location(project.configuration.file),
            )
        elif project.files:
            message = (
                f"there is no configuration here, so no environment {wanted}: this and what is beside it is left out"
            )
            yield warning(
                InputRule.LEFT_OUT,
                message,
                "add a reconciler.yaml, or run it without --env",
                Location(project.files[0]),
            )
