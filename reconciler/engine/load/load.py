"""Turn a request into desired state: find the files, load them, resolve them for each environment, lint the result.

All problems of all manifests and configurations are reported at once; a document that does not parse gives diagnostics
and no desired state. Files are read once, whatever the number of environments. AWS is not called.
"""

import shlex
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from reconciler.config.configuration import Configuration, IgnoreRule
from reconciler.config.projects import Project, find_projects
from reconciler.diagnostics import Diagnostic, Location, any_error, error, in_order, limited, warning
from reconciler.engine.load.backend_bodies import backend_bodies
from reconciler.engine.load.environments import EnvironmentChoice, choose_environments
from reconciler.engine.load.ignore_rules import active_rules, expired_rules
from reconciler.engine.load.project import NO_TESTS, ProjectSettings, ProjectTests, ResolvedProject
from reconciler.engine.load.request import Request
from reconciler.engine.load.selection import Selection
from reconciler.engine.load.tested import ResponseTestScope, read_tested_manifests, with_manifests
from reconciler.errors import UsageError
from reconciler.invocation import command_line
from reconciler.lint import SeverityOverrides, lint
from reconciler.lint.violations import DEFAULT_SEVERITIES
from reconciler.manifest import DocumentCache, LoadedManifests
from reconciler.manifest.placeholders import variables_in
from reconciler.manifest.response_tests import LoadedTests
from reconciler.manifest.variables import Variables, coerce
from reconciler.models.desired import ABSENT, Desired
from reconciler.models.project_file import FILE_NAME
from reconciler.ports import Files
from reconciler.resolve import resolve
from reconciler.resolve.sets import check_sets, limited_layers
from reconciler.rules import InputRule, LintRule
from reconciler.suggest import limited_suggestions
from reconciler.wording import code, did_you_mean

CONFIGURABLE_RULES: Final = frozenset(rule.id for rule in LintRule if rule.silenceable)


@dataclass(frozen=True, slots=True)
class LoadResult:
    """Every selected manifest, resolved, with the problems found on the way.

    `broken` are problems of the text, `lint` problems of the content, `expired` the ignore rules that have expired.
    `is_untouched`: no manifest is left because none of their files changed. `has_sets`: the requested files contain
    response sets. `files_read` are the manifests, response sets and templates.
    """

    projects: tuple[ResolvedProject, ...]
    broken: tuple[Diagnostic, ...]
    lint: tuple[Diagnostic, ...]
    expired: tuple[Diagnostic, ...] = ()
    is_untouched: bool = False
    has_sets: bool = False
    files_read: tuple[str, ...] = ()

    @property
    def is_broken(self) -> bool:
        """Whether a manifest could not be loaded, so that the run cannot go on."""
        return any_error(self.broken)

    @property
    def is_empty(self) -> bool:
        """Whether no manifest was found."""
        return not any(project.manifests for project in self.projects)

    @property
    def has_tests(self) -> bool:
        """Whether documents with response tests were loaded."""
        return any(project.tests.documents for project in self.projects)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All problems, in the order of the files."""
        return limited(in_order((*self.broken, *self.lint, *self.expired)))

    @property
    def manifests(self) -> int:
        """The number of manifests, each counted once however many environments it has."""
        return len(
            {
                (project.file, ref.name)
                for project in self.projects
                for desired in project.manifests
                for ref in desired.manifests
            }
        )

    @property
    def responses(self) -> int:
        """The number of desired responses, each counted once however many environments it has."""
        return len(
            {
                (project.file, desired.manifests[0].name, key)
                for project in self.projects
                for desired in project.manifests
                for key, wanted in desired.responses.items()
                if wanted is not ABSENT
            }
        )


def day_of(moment: str) -> str:
    """Return the date of a moment (ISO 8601); ignore rules expire by date."""
    return moment[: len("2026-01-31")]


@limited_layers()
@limited_suggestions()
def load_manifests(
    request: Request,
    files: Files,
    today: str | None = None,
    *,
    tests: ResponseTestScope = ResponseTestScope.NONE,
    with_lint: bool = True,
) -> LoadResult:
    """Load and resolve the manifests of a request; `today` (ISO 8601) decides which ignore rules have expired.

    Without `today` the run is offline: it covers every environment, and environment variables need not be set. `tests`:
    the response tests that are loaded as well; they do not count as manifests. `with_lint`: the content of manifests is
    checked, too. Raises UsageError for an unknown or missing environment, and for a request that names no manifest.
    """
    options = _LoadOptions(today, tests, with_lint)
    search = find_projects(request.paths, request.config, files, CONFIGURABLE_RULES)
    if not search.projects and not search.diagnostics and not request.paths:
        raise UsageError(
            "no PATH is given, and no reconciler.yaml is in or above this folder",
            f"pass a manifest, a folder or a glob; or create a reconciler.yaml: {command_line('init')}",
        )
    choices, skipped = choose_environments(search, request.environments, offline=today is None)
    caches = [(choice, _read(choice, files)) for choice in choices]
    if tests is ResponseTestScope.NAMED:
        for choice, cache in caches:
            read_tested_manifests(choice.project, cache, files)
    parts = [part for choice, cache in caches for part in _resolved(choice, cache, request, files, options)]
    projects = tuple(project for part in parts for project in part.projects)
    unknown = (problem for choice, cache in caches for problem in _unknown_names(choice.project, cache, request))
    unused = _unused_variables([cache for _, cache in caches], request)
    broken = (problem for part in parts for problem in part.broken)
    return LoadResult(
        projects,
        in_order([*search.diagnostics, *skipped, *unknown, *unused, *broken]),
        in_order(problem for part in parts for problem in part.lint),
        in_order(problem for choice, _ in caches for problem in _expired(choice, options)),
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


def _read(choice: EnvironmentChoice, files: Files) -> DocumentCache:
    """Read every document of a project, and every response set of its configuration."""
    project = choice.project
    cache = DocumentCache(files, project.root, project.configuration.file if project.configuration else FILE_NAME)
    cache.read(project.files)
    cache.read_sets(project.all_files)
    return cache


@dataclass(frozen=True, slots=True)
class _LoadOptions:
    """What `load_manifests` is asked for."""

    today: str | None
    tests: ResponseTestScope
    with_lint: bool

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
    manifests = tuple(desired for desired, _ in resolved)
    problems_by_manifest = [(document, problems) for document, (_, problems) in zip(touched, resolved, strict=True)]
    tests = with_manifests(selection.tests, loaded, problems_by_manifest) if selection.tests.documents else NO_TESTS
    rules = configuration.ignore if configuration else ()
    # Documents with errors are resolved too, only to report their other problems in the same run.
    resolved += [resolve(document, loaded.sets, environment, loaded.broken_sets) for document in loaded.salvaged]
    broken = (
        *check_sets(loaded.sets, loaded.broken_sets),
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
    settings = ProjectSettings(configuration.guard, configuration.severities, ignore)
    known = configuration.environments[environment] if environment else None
    return ResolvedProject(manifests, configuration.file, known, settings, tuple(configuration.environments))


def _unknown_names(project: Project, cache: DocumentCache, request: Request) -> Iterator[Diagnostic]:
    """Report unknown environments that manifests name, and unknown manifests that environments name."""
    configuration = project.configuration
    known = configuration.environments if configuration else {}
    for document in cache.parsed:
        for name, at in document.named_environments():
            if name not in known:
                yield _unknown_environment(name, known, at)
    if configuration is None or request.paths:
        return  # a run of some PATHs does not see all manifests
    names = [document.name for document in cache.parsed]
    for environment in configuration.environments.values():
        for name in environment.apis:
            if name not in names:
                at = configuration.places.of_key(("environments", environment.name, "apis", name))
                remedy = did_you_mean(name, names, "name a manifest that the configuration loads, or remove the entry")
                yield error(InputRule.UNKNOWN_MANIFEST, f"there is no manifest {code(name)}", remedy, at)


def _unknown_environment(name: str, known: Collection[str], at: Location) -> Diagnostic:
    choices = f"choose one of {', '.join(known)}" if known else "define it in a reconciler.yaml in or above this folder"
    message = f"there is no environment {code(name)}"
    return error(InputRule.UNKNOWN_ENVIRONMENT, message, did_you_mean(name, known, choices), at)


def _unused_variables(caches: Sequence[DocumentCache], request: Request) -> Iterator[Diagnostic]:
    """Warn of every `--var` that no manifest reads: most are misspelt."""
    documents = [document for cache in caches for document in (*cache.parsed, *cache.tests.documents)]
    known = {name for document in documents for name in variables_in(document.places, document.placeholders)}
    for name in request.variables:
        if name not in known:
            remedy = did_you_mean(name, known, f"remove --var {shlex.quote(name)}=...")
            yield warning(InputRule.UNREAD_VARIABLE, f"no manifest reads the variable {code(name)} of --var", remedy)
