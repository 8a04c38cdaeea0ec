"""Turn a request into desired state: find the files, load them, resolve them for each environment, lint the result.

All problems of all manifests and configurations are reported at once; a document that does not parse gives diagnostics
and no desired state. Files are read once, whatever the number of environments. AWS is not called.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from reconciler.config.configuration import Configuration, IgnoreRule
from reconciler.config.projects import Project, find_projects
from reconciler.diagnostics import Diagnostic, error, in_order
from reconciler.engine.load.backend_bodies import backend_bodies
from reconciler.engine.load.environments import EnvironmentChoice, choose_environments
from reconciler.engine.load.ignore_rules import active_rules, expired_rules
from reconciler.engine.load.load_result import LoadResult, joined
from reconciler.engine.load.project import NO_TESTS, ProjectSettings, ProjectTests, ResolvedProject
from reconciler.engine.load.request import Request
from reconciler.engine.load.selection import Selection
from reconciler.engine.load.tested import ResponseTestScope, read_tested_manifests, with_manifests
from reconciler.engine.load.unknown_names import unknown_names, unused_variables
from reconciler.errors import UsageError
from reconciler.invocation import command_line
from reconciler.lint import SeverityOverrides, lint
from reconciler.lint.violations import DEFAULT_SEVERITIES
from reconciler.manifest import DocumentCache, LoadedManifests
from reconciler.manifest.parsed_documents import DocumentNames
from reconciler.manifest.response_tests import LoadedTests
from reconciler.manifest.variables import Variables, coerce
from reconciler.models.desired import Desired
from reconciler.models.project_file import FILE_NAME
from reconciler.ports import Files
from reconciler.resolve import resolve
from reconciler.resolve.origins import without_trees
from reconciler.resolve.sets import check_sets, limited_layers
from reconciler.rules import InputRule, LintRule
from reconciler.suggest import limited_suggestions

__all__ = ["LoadResult", "day_of", "load_manifests", "load_sparingly", "no_manifests"]

CONFIGURABLE_RULES: Final = frozenset(rule.id for rule in LintRule if rule.silenceable)


def day_of(moment: str) -> str:
    """Return the date of a moment (ISO 8601); ignore rules expire by date."""
    return moment[: len("2026-01-31")]


def load_sparingly(request: Request, files: Files, today: str) -> LoadResult:
    """As `load_manifests`, for more manifests than memory should hold with all that can be known of them.

    Nothing is linted, and of the places in files only those of whole responses are kept.
    """
    return load_manifests(request, files, today, with_lint=False, is_sparing=True)


@limited_layers()
@limited_suggestions()
def load_manifests(  # noqa: PLR0913 - independent switches
    request: Request,
    files: Files,
    today: str | None = None,
    *,
    tests: ResponseTestScope = ResponseTestScope.NONE,
    with_lint: bool = True,
    is_sparing: bool = False,
) -> LoadResult:
    """Load and resolve the manifests of a request; `today` (ISO 8601) decides which ignore rules have expired.

    Without `today` the run is offline: it covers every environment, and environment variables need not be set. `tests`:
    the response tests that are loaded as well; they do not count as manifests. `with_lint`: the content of manifests is
    checked, too. Raises UsageError for an unknown or missing environment, and for a request that names no manifest.
    """
    options = _LoadOptions(today, tests, with_lint, is_sparing)
    search = find_projects(request.paths, request.config, files, CONFIGURABLE_RULES)
    if not search.projects and not search.diagnostics and not request.paths:
        raise UsageError(
            "no PATH is given, and no reconciler.yaml is in or above this folder",
            f"pass a manifest, a folder or a glob; or create a reconciler.yaml: {command_line('init')}",
        )
    takes_all = today is None or request.any_environment
    choices, skipped = choose_environments(search, request.environments, takes_all=takes_all)
    load = _load_in_batches if is_sparing else _load_at_once
    loads = [load(choice, request, files, options) for choice in choices]
    parts = [part for _, parts in loads for part in parts]
    projects = tuple(project for part in parts for project in part.projects)
    names = [names for names, _ in loads]
    unknown = (
        problem
        for choice, known in zip(choices, names, strict=True)
        for problem in unknown_names(choice.project, known, request)
    )
    unused = unused_variables([name for known in names for name in known], request)
    broken = (problem for part in parts for problem in part.broken)
    return LoadResult(
        projects,
        in_order([*search.diagnostics, *skipped, *unknown, *unused, *broken]),
        in_order(problem for part in parts for problem in part.lint),
        in_order(problem for choice in choices for problem in _expired(choice, options)),
        is_untouched=any(part.is_untouched for part in parts) and not any(project.manifests for project in projects),
        has_sets=any(part.has_sets for part in parts),
        files_read=tuple(dict.fromkeys(file for part in parts for file in part.files_read)),
    )


def no_manifests(request: Request) -> Diagnostic:
    """Return the error for a request that matches no manifest: a wrong path is more likely than an empty project."""
    if request.selectors:
        wanted = " or ".join(
            ",".join(f"{key}={value}" for key, value in selector.items()) for selector in request.selectors
        )
        return error(
            InputRule.EMPTY_SET, f"no manifest has the labels {wanted}", "check --selector and `metadata.labels`"
        )
    place = ", ".join(request.paths) or request.config or FILE_NAME
    scope = f" for environment {', '.join(request.environments)}" if request.environments else ""
    remedy = "check the path; manifests are *.yaml and *.yml files"
    return error(InputRule.EMPTY_SET, f"no manifest was found in {place}{scope}", remedy)


def _cache(project: Project, files: Files) -> DocumentCache:
    return DocumentCache(files, project.root, project.configuration.file if project.configuration else FILE_NAME)


def _load_at_once(
    choice: EnvironmentChoice, request: Request, files: Files, options: "_LoadOptions"
) -> tuple[Sequence[DocumentNames], list[LoadResult]]:
    """Read every document of a project, and every response set of its configuration, and resolve all of them."""
    project, cache = choice.project, _cache(choice.project, files)
    cache.read(project.files)
    cache.read_sets(project.all_files)
    if options.tests is ResponseTestScope.NAMED:
        read_tested_manifests(project, cache, files)
    return cache.names(), list(_resolved(choice, cache, request, files, options))


def _load_in_batches(
    choice: EnvironmentChoice, request: Request, files: Files, options: "_LoadOptions"
) -> tuple[Sequence[DocumentNames], list[LoadResult]]:
    """As `_load_at_once`, a part of the documents at a time. Nothing of their trees is kept."""
    project, cache = choice.project, _cache(choice.project, files)
    parts: list[LoadResult] = []
    for _ in cache.batches(project.files, project.all_files):
        parts += _resolved(choice, cache, request, files, replace(options, checks_sets=not parts))
    return cache.names(), list(joined(parts, project.files))


@dataclass(frozen=True, slots=True)
class _LoadOptions:
    """What `load_manifests` is asked for."""

    today: str | None
    tests: ResponseTestScope
    with_lint: bool
    is_sparing: bool = False
    checks_sets: bool = True

    @property
    def is_offline(self) -> bool:
        """Whether environment variables need not be set."""
        return self.today is None


def _resolved(
    choice: EnvironmentChoice, cache: DocumentCache, request: Request, files: Files, options: _LoadOptions
) -> Iterator[LoadResult]:
    """Resolve a project once for each of its environments."""
    project, configuration = choice.project, choice.project.configuration
    selection = Selection(request, files)
    for name in choice.environments:
        overrides = Variables({variable: coerce(text, None) for variable, text in request.variables.items()})
        variables = configuration.variables(name, request.variables, request.process) if configuration else overrides
        loaded = cache.load(variables, leave_unset=options.is_offline)
        is_tested = options.tests.of(configuration)
        found = cache.tests.load(variables, leave_unset=options.is_offline) if is_tested else LoadedTests()
        tests = ProjectTests(found.documents, known=cache.manifest_names(), root=project.root)
        part = _resolved_in(loaded, configuration, name, replace(selection, tests=tests), options)
        has_sets = any(document.places.file in project.files for document in loaded.sets.values())
        yield replace(part, broken=(*loaded.diagnostics, *found.diagnostics, *part.broken), has_sets=has_sets)


def _resolved_in(
    loaded: LoadedManifests,
    configuration: Configuration | None,
    environment: str | None,
    selection: Selection,
    options: _LoadOptions,
) -> LoadResult:
    """Resolve the selected manifests in one environment."""
    severities: SeverityOverrides = configuration.severities if configuration else DEFAULT_SEVERITIES
    applicable = [document for document in loaded.documents if selection.is_for(document, environment)]
    touched = [document for document in applicable if selection.is_touched(document, loaded.sets, configuration)]
    resolved = [resolve(document, loaded.sets, environment, loaded.broken_sets) for document in touched]
    manifests = tuple(without_trees(desired) if options.is_sparing else desired for desired, _ in resolved)
    problems_by_manifest = [(document, problems) for document, (_, problems) in zip(touched, resolved, strict=True)]
    tests = with_manifests(selection.tests, loaded, problems_by_manifest) if selection.tests.documents else NO_TESTS
    rules = configuration.ignore if configuration else ()
    # Documents with errors are resolved too, only to report their other problems in the same run.
    resolved += [resolve(document, loaded.sets, environment, loaded.broken_sets) for document in loaded.salvaged]
    broken = (
        *(check_sets(loaded.sets, loaded.broken_sets) if options.checks_sets else ()),
        *(problem for _, problems in resolved for problem in problems),
    )
    linted = resolved if options.with_lint else ()
    content = (
        problem
        for desired, _ in linted
        for problem in lint(
            desired, severities, backend_bodies(selection.tests, desired.manifests[0].name, selection.files)
        )
    )
    active = active_rules(rules, options.today or "")
    return LoadResult(
        (replace(_resolved_project(manifests, configuration, environment, active), tests=tests),),
        tuple(problem for problem in broken if problem.location not in loaded.symbolic),
        tuple(problem for problem in content if problem.location not in loaded.symbolic),
        is_untouched=bool(applicable) and not touched,
        files_read=loaded.files_read,
    )


def _expired(choice: EnvironmentChoice, options: _LoadOptions) -> Iterator[Diagnostic]:
    """Report the expired ignore rules of a project, with the environments that it is resolved for."""
    configuration = choice.project.configuration
    rules = configuration.ignore if configuration else ()
    return expired_rules(rules, options.today or "", [name for name in choice.environments if name])


def _resolved_project(
    manifests: tuple[Desired, ...],
    configuration: Configuration | None,
    environment: str | None,
    ignore: tuple[IgnoreRule, ...],
) -> ResolvedProject:
    if configuration is None:
        return ResolvedProject(manifests)
    settings = ProjectSettings(configuration.guard, configuration.severities, ignore, configuration.unmanaged)
    known = configuration.environments[environment] if environment else None
    return ResolvedProject(manifests, configuration.file, known, settings, tuple(configuration.environments))
