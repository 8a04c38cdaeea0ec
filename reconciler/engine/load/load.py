"""Request -> desired state: find, load, resolve for each environment, lint.

Promise: every problem of every manifest and configuration in one go; one that does not parse gives diagnostics and no
desired state. Files are read once, whatever the number of environments. Nothing is asked of AWS.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from reconciler.config.configuration import Configuration, IgnoreRule
from reconciler.config.projects import Project, find_projects
from reconciler.diagnostics import Diagnostic, Location, any_error, error, in_order, limited, warning
from reconciler.engine.load.environments import EnvironmentChoice, chosen
from reconciler.engine.load.ignore_rules import expired, in_force
from reconciler.engine.load.project import Assignment, ProjectSettings
from reconciler.engine.load.request import Request
from reconciler.engine.load.selection import Selection
from reconciler.errors import UsageError
from reconciler.invocation import command_line
from reconciler.lint import SeverityOverrides, lint
from reconciler.lint.violations import DEFAULT_SEVERITIES
from reconciler.manifest import DocumentCache, Loaded
from reconciler.manifest.placeholders import variables_in
from reconciler.manifest.variables import Variables, coerce
from reconciler.models.desired import ABSENT, Desired
from reconciler.models.project_file import FILE_NAME
from reconciler.ports import Files
from reconciler.resolve import resolve
from reconciler.resolve.sets import check_sets, limited_layers
from reconciler.rules import InputRule, LintRule
from reconciler.suggest import limited_suggestions
from reconciler.wording import code, did_you_mean

GRADABLE: Final = frozenset(rule.id for rule in LintRule if rule.silenceable)


@dataclass(frozen=True, slots=True)
class Declared:
    """Every manifest found, resolved.

    `broken`: what is wrong with the text. `lint`: what is wrong with the content. `expired`: ignore rules that are.
    `is_untouched`: nothing is left of the manifests because none of their files changed. `has_sets`: there are response
    sets among what was asked for.
    """

    assignments: tuple[Assignment, ...]
    broken: tuple[Diagnostic, ...]
    lint: tuple[Diagnostic, ...]
    expired: tuple[Diagnostic, ...] = ()
    is_untouched: bool = False
    has_sets: bool = False

    @property
    def is_broken(self) -> bool:
        """Whether a manifest could not be read: then nothing further makes sense."""
        return any_error(self.broken)

    @property
    def is_empty(self) -> bool:
        """Whether no manifest was found."""
        return not any(assignment.manifests for assignment in self.assignments)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Everything, in the order of the files."""
        return limited(in_order((*self.broken, *self.lint, *self.expired)))

    @property
    def manifests(self) -> int:
        """How many manifests there are, in however many environments."""
        return len(
            {
                (assignment.file, ref.name)
                for assignment in self.assignments
                for made in assignment.manifests
                for ref in made.manifests
            }
        )

    @property
    def responses(self) -> int:
        """How many responses are wanted, in however many environments."""
        return len(
            {
                (assignment.file, made.manifests[0].name, key)
                for assignment in self.assignments
                for made in assignment.manifests
                for key, wanted in made.responses.items()
                if wanted is not ABSENT
            }
        )


def day(moment: str) -> str:
    """The day of a moment (ISO 8601): whether ignore rules are in force goes by days."""
    return moment[: len("2026-01-31")]


@limited_layers()
@limited_suggestions()
def declare(request: Request, files: Files, today: str | None = None) -> Declared:
    """What is asked for, resolved; `today` (ISO 8601) is when ignore rules have to be in force.

    Without it, the run is offline: it is for every environment, and environment variables need not be set. Raises
    UsageError for environments that do not exist or were not chosen, and for a request that names nothing.
    """
    found = find_projects(request.paths, request.config, files, GRADABLE)
    if not found.projects and not found.diagnostics and not request.paths:
        message = "name at least one PATH: a manifest, a folder or a glob"
        raise UsageError(
            message,
            f"such as manifests/; or name them in a reconciler.yaml (to begin with one: {command_line('init')})",
        )
    choices, left_out = chosen(found, request.environments, offline=today is None)
    read = [(choice, _read(choice, files)) for choice in choices]
    parts = [part for choice, shelf in read for part in _declared(choice, shelf, request, files, today)]
    assignments = tuple(assignment for part in parts for assignment in part.assignments)
    names = (name for choice, shelf in read for name in _wrong_names(choice.project, shelf, request))
    unread = _unread_variables([shelf for _, shelf in read], request)
    return Declared(
        assignments,
        in_order([*found.diagnostics, *left_out, *names, *unread, *(one for part in parts for one in part.broken)]),
        in_order(one for part in parts for one in part.lint),
        in_order(one for part in parts for one in part.expired),
        is_untouched=any(part.is_untouched for part in parts)
        and not any(assignment.manifests for assignment in assignments),
        has_sets=any(part.has_sets for part in parts),
    )


def nothing_found(request: Request) -> Diagnostic:
    """Said where an empty set of manifests is more likely a wrong path than a wish."""
    if request.selectors:
        wanted = " or ".join(
            ",".join(f"{key}={value}" for key, value in selector.items()) for selector in request.selectors
        )
        return error(
            InputRule.EMPTY_SET, f"no manifest has the labels {wanted}", "check --selector and `metadata.labels`"
        )
    where = ", ".join(request.paths) or request.config or FILE_NAME
    for_ = f" for environment {', '.join(request.environments)}" if request.environments else ""
    remedy = "check the path: *.yaml and *.yml count"
    return error(InputRule.EMPTY_SET, f"no manifest was found in {where}{for_}", remedy)


def _read(choice: EnvironmentChoice, files: Files) -> DocumentCache:
    """Every document of one project, and every response set of its configuration."""
    project = choice.project
    shelf = DocumentCache(files, project.root, project.configuration.file if project.configuration else FILE_NAME)
    shelf.put(project.files)
    shelf.put_sets(project.all_files)
    return shelf


def _declared(
    choice: EnvironmentChoice, shelf: DocumentCache, request: Request, files: Files, today: str | None
) -> Iterator[Declared]:
    """One project, once for each of its environments."""
    project, configuration = choice.project, choice.project.configuration
    for name in choice.environments:
        given = Variables({one: coerce(text, None) for one, text in request.variables.items()})
        variables = configuration.variables(name, request.variables, request.process) if configuration else given
        loaded = shelf.loaded(variables, leave_unset=today is None)
        part = _resolved(loaded, configuration, name, Selection(request, files), today)
        has_sets = any(one.places.file in project.files for one in loaded.sets.values())
        yield replace(part, broken=(*loaded.diagnostics, *part.broken), has_sets=has_sets)


def _resolved(
    loaded: Loaded,
    configuration: Configuration | None,
    environment: str | None,
    selection: Selection,
    today: str | None,
) -> Declared:
    """What is selected of the manifests of one environment."""
    grades: SeverityOverrides = configuration.grades if configuration else DEFAULT_SEVERITIES
    fitting = [document for document in loaded.documents if selection.is_for(document, environment)]
    touched = [one for one in fitting if selection.is_touched(one, loaded.sets, configuration)]
    made = [resolve(one, loaded.sets, environment, loaded.lost) for one in touched]
    manifests = tuple(desired for desired, _ in made)
    rules = configuration.ignore if configuration else ()
    # Of what has errors, only to find what else is wrong with it
    made += [resolve(one, loaded.sets, environment, loaded.lost) for one in loaded.unsound]
    broken = (*check_sets(loaded.sets, loaded.lost), *(found for _, problems in made for found in problems))
    content = (found for one, _ in made for found in lint(one, grades))
    return Declared(
        (_assignment(manifests, configuration, environment, in_force(rules, today or "")),),
        tuple(one for one in broken if one.location not in loaded.symbolic),
        tuple(one for one in content if one.location not in loaded.symbolic),
        tuple(expired(rules, today or "")),
        is_untouched=bool(fitting) and not touched,
    )


def _assignment(
    manifests: tuple[Desired, ...],
    configuration: Configuration | None,
    environment: str | None,
    ignore: tuple[IgnoreRule, ...],
) -> Assignment:
    if configuration is None:
        return Assignment(manifests)
    settings = ProjectSettings(configuration.guard, configuration.grades, ignore)
    known = configuration.environments[environment] if environment else None
    return Assignment(manifests, configuration.file, known, settings, tuple(configuration.environments))


def _wrong_names(project: Project, shelf: DocumentCache, request: Request) -> Iterator[Diagnostic]:
    """Environments that manifests name and manifests that environments name, and that do not exist."""
    configuration = project.configuration
    known = configuration.environments if configuration else {}
    for document in shelf.written:
        for name, at in document.named_environments():
            if name not in known:
                yield _unknown_environment(name, known, at)
    if configuration is None or request.paths:
        return  # of a run of some PATHs nobody knows what else there is
    names = [document.name for document in shelf.written]
    for environment in configuration.environments.values():
        for name in environment.apis:
            if name not in names:
                at = configuration.places.of_key(("environments", environment.name, "apis", name))
                remedy = did_you_mean(name, names, "name one that the configuration loads, or take it out")
                yield error(InputRule.UNKNOWN_MANIFEST, f"there is no manifest {code(name)}", remedy, at)


def _unknown_environment(name: str, known: Collection[str], at: Location) -> Diagnostic:
    defined = f"there are {', '.join(known)}" if known else "define it in a reconciler.yaml in or above this folder"
    message = f"there is no environment {code(name)}"
    return error(InputRule.UNKNOWN_ENVIRONMENT, message, did_you_mean(name, known, defined), at)


def _unread_variables(shelves: Sequence[DocumentCache], request: Request) -> Iterator[Diagnostic]:
    """A variable of the command line that nothing reads is misspelt, more likely than not."""
    written = [document for shelf in shelves for document in shelf.written]
    known = {name for one in written for name in variables_in(one.places, one.mentioned)}
    for name in request.variables:
        if name not in known:
            remedy = did_you_mean(name, known, "take it out")
            yield warning(InputRule.UNREAD_VARIABLE, f"no manifest reads the variable {code(name)} of --var", remedy)
