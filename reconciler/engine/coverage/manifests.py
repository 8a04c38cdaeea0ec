"""Load all manifests of the configurations that a request names.

Coverage is judged against whole configurations: an API of a manifest that was left out would count as uncovered.
"""

from dataclasses import dataclass, replace

from reconciler.config.configuration import ALL_ENVIRONMENTS
from reconciler.config.projects import find_projects
from reconciler.diagnostics import Diagnostic
from reconciler.engine.load.load import CONFIGURABLE_RULES, LoadResult, load_manifests
from reconciler.engine.load.project import ResolvedProject
from reconciler.engine.load.request import Request
from reconciler.engine.read.baseline import path_exists
from reconciler.ports import Files


@dataclass(frozen=True, slots=True)
class WholeLoad:
    """The manifests of the chosen environments, and the projects of all other environments.

    `others` are resolved offline, without their environment variables; `warnings` are their errors: an API of theirs
    may seem to have no manifest.
    """

    chosen: LoadResult
    others: tuple[ResolvedProject, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()


def load_whole(request: Request, files: Files, today: str) -> WholeLoad:
    """Load the chosen environments as other commands do, and the others to know their APIs. Raises as they do."""
    whole = without_narrowing(request, files)
    chosen = load_manifests(whole, files, today, with_lint=False, is_sparing=True)
    known = {(project.file, name) for project in chosen.projects for name in project.all_environments}
    named = {(project.file, project.name) for project in chosen.projects}
    if chosen.is_broken or known <= named:
        return WholeLoad(chosen)
    everything = load_manifests(
        replace(whole, environments=(ALL_ENVIRONMENTS,)), files, with_lint=False, is_sparing=True
    )
    others = (project for project in everything.projects if (project.file, project.name) not in named)
    errors = (problem for problem in everything.broken if problem.is_error and problem not in chosen.broken)
    return WholeLoad(
        chosen,
        tuple(project for project in others if project.environment),
        tuple(problem.softened() for problem in errors),
    )


def without_narrowing(request: Request, files: Files) -> Request:
    """Return the request for all manifests of the configurations that its PATHs belong to.

    Files without a configuration stay as they are: nothing names further ones.
    """
    whole = replace(request, selectors=(), only=(), touched=None)
    if request.config or not request.paths:
        return replace(whole, paths=()) if request.config else whole
    found = find_projects(request.paths, None, files, CONFIGURABLE_RULES)
    if found.is_broken or not all(path_exists(path, files) for path in request.paths):
        return whole  # loading reports it
    paths = [
        path
        for project in found.projects
        for path in ([project.configuration.file] if project.configuration else project.files)
    ]
    return replace(whole, paths=tuple(paths)) if paths else whole
