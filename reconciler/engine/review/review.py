"""review: compare the manifests of two revisions offline.

Both revisions are read through `Files`, and AWS is not called. APIs are matched by what they are for, whatever their
manifests and files are called (`match`). A base with errors gives a warning and is compared as far as it resolves; a
head with errors is an error.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from reconciler.diagnostics import Diagnostic, any_error, in_order, warning
from reconciler.effects import ClientEffects
from reconciler.engine.load.load import LoadResult, load_manifests, no_manifests
from reconciler.engine.load.request import Request
from reconciler.engine.load.tested import ResponseTestScope
from reconciler.engine.review.match import (
    Apis,
    all_apis,
    apis_by_location,
    compare_apis,
    configuration_changes,
    paired,
    with_moved_methods,
)
from reconciler.engine.review.revisions import Side
from reconciler.errors import ExitCode, UsageError
from reconciler.ports import Files
from reconciler.review import Review
from reconciler.rules import InputRule, RunRule

_MOST_NAMED: Final = 3
"""How many errors of the base are shown."""


@dataclass(frozen=True, slots=True)
class ReviewResult:
    """A review, and the problems of the manifests.

    `is_compared`: the manifests could be compared. `effects`: what response tests show, None if not requested.
    """

    review: Review
    diagnostics: tuple[Diagnostic, ...] = ()
    is_compared: bool = True
    effects: ClientEffects | None = None

    @property
    def exit_code(self) -> ExitCode:
        """1 if the manifests at the head have errors, else 0, whatever has changed."""
        return ExitCode.FAILED if any_error(self.diagnostics) else ExitCode.OK


def review(request: Request, base: Side, head: Side, known: Iterable[Diagnostic] = ()) -> ReviewResult:
    """Load both revisions and compare them; `known` are diagnostics to report with the others.

    Raises UsageError for environments that the head does not have, and for a request that names nothing there.
    """
    nothing = Review(base.state, head.state)
    tests = ResponseTestScope.OWN if request.shows_effect else ResponseTestScope.NONE
    at_head = load_manifests(request, head.files, tests=tests)
    if at_head.is_broken:
        at_head = _without_removed_paths(at_head, request, base.files)
    if at_head.is_broken:
        return ReviewResult(nothing, in_order((*known, *at_head.diagnostics)), is_compared=False)
    at_base, warnings = _load_base(request, base)
    is_empty = at_head.is_empty and at_base.is_empty
    if is_empty and not at_head.has_sets and not at_head.is_untouched:
        return ReviewResult(nothing, (*known, no_manifests(request)), is_compared=False)
    (old, _), (new, conflicts) = apis_by_location(at_base), apis_by_location(at_head)
    if request.is_narrowed:
        all_old, all_new = all_apis(at_base, request, base.files), all_apis(at_head, request, head.files)
        old, new = with_moved_methods(old, new, all_old, all_new)
    reviewed = replace(
        nothing,
        environments=tuple(dict.fromkeys(name for side in (at_head, at_base) for name in _environments(side))),
        apis=tuple(compare_apis(old, new)),
        configuration=tuple(configuration_changes(at_base, at_head)),
    )
    only_sets = (_only_sets(request),) if request.paths and is_empty and at_head.has_sets else ()
    new_problems = _new_problems(at_base, at_head)
    effects, problems = _effects(old, new, at_head, head, request) if request.shows_effect else (None, ())
    diagnostics = in_order((*known, *only_sets, *warnings, *conflicts, *new_problems, *problems))
    return ReviewResult(reviewed, diagnostics, effects=effects)


def _effects(
    old: Apis, new: Apis, at_head: LoadResult, head: Side, request: Request
) -> tuple[ClientEffects, tuple[Diagnostic, ...]]:
    """Run the tests of the head at both revisions; tests that cannot run are warnings."""
    from reconciler.engine.effects import client_effects, of_review  # noqa: PLC0415 - few reviews need it
    from reconciler.engine.response_tests.collect import CollectedTests  # noqa: PLC0415

    collection = CollectedTests(at_head, head.files, request.invocation.command("test", "--update"))
    apis = [of_review(location, old[base], new[location]) for location, base in paired(old, new).items()]
    effects = client_effects(apis, collection.ready())
    return effects, tuple(problem.softened() for problem in collection.diagnostics)


def _only_sets(request: Request) -> Diagnostic:
    """Warn of PATHs that contain no manifest, so that a change of theirs has no visible effect."""
    message = f"{', '.join(request.paths)}: only response sets and no manifest, so their effect is not shown"
    return warning(RunRule.SETS_ALONE, message, "pass the manifests that use them too, or omit PATH")


def _load_base(request: Request, base: Side) -> tuple[LoadResult, tuple[Diagnostic, ...]]:
    """Load what resolves at the base, and warn of the rest."""
    try:
        loaded = load_manifests(request, base.files)
    except UsageError as failure:
        message = f"nothing at {base.state} can be compared, so everything is shown as new: {failure.message}"
        return LoadResult((), (), ()), (warning(RunRule.NOTHING_AT_BASE, message, "no action is needed"),)
    problems = [problem for problem in loaded.broken if problem.is_error and not _is_missing_path(problem, request)]
    return loaded, tuple(_broken_base(problems, base))


def _without_removed_paths(at_head: LoadResult, request: Request, base: Files) -> LoadResult:
    """Drop the errors about PATHs that exist at the base only: their removal is a change, not a mistake."""
    kept = [
        problem
        for problem in at_head.broken
        if not (_is_missing_path(problem, request) and problem.location and _exists(base, problem.location.file))
    ]
    return replace(at_head, broken=tuple(kept))


def _exists(files: Files, file: str) -> bool:
    try:
        files.read(file, 0)
    except FileNotFoundError:
        return False
    except OSError:  # a folder
        return True
    return True


def _is_missing_path(problem: Diagnostic, request: Request) -> bool:
    """Return whether a problem is that a PATH does not exist."""
    location = problem.location
    if problem.rule is not InputRule.MISSING_FILE or location is None:
        return False
    return not location.line and location.file in request.paths


def _broken_base(problems: list[Diagnostic], base: Side) -> Iterator[Diagnostic]:
    if problems:
        first = "; ".join(
            f"{problem.location or 'the command line'}: {problem.message}" for problem in problems[:_MOST_NAMED]
        )
        more = f"; and {len(problems) - _MOST_NAMED} more" if len(problems) > _MOST_NAMED else ""
        count = f"{len(problems)} error{'s' if len(problems) > 1 else ''}"
        message = f"the manifests at {base.state} have {count}, so unchanged responses may be shown as new"
        yield warning(
            RunRule.BROKEN_BASE,
            f"{message}: {first}{more}",
            "the base needs no fix; review these changes with more care",
        )


def _environments(side: LoadResult) -> Iterator[str]:
    return (project.name for project in side.projects if project.name)


def _new_problems(base: LoadResult, head: LoadResult) -> Iterator[Diagnostic]:
    """Return all errors of the head, and the warnings that the base does not have."""
    known = {(diagnostic.rule, diagnostic.message, diagnostic.address) for diagnostic in base.diagnostics}
    return (
        diagnostic
        for diagnostic in head.diagnostics
        if diagnostic.is_error or (diagnostic.rule, diagnostic.message, diagnostic.address) not in known
    )
