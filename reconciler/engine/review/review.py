"""review: what a change of the manifests does, told offline from two states of a repository.

Promise: reads both sides through `Files` and asks AWS nothing. Manifests are matched by what they are for (environment,
kind, and the id or name of the API as the environment has it), whatever they and their files are called. A base that
does not resolve as a whole is told and compared as far as it does; a head that does not is an error.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from reconciler.diagnostics import Diagnostic, any_error, in_order, warning
from reconciler.engine.load.load import Declared, declare, nothing_found
from reconciler.engine.load.request import Request
from reconciler.engine.review.match import apis, compared, configuration_changes, whole, with_what_moved
from reconciler.engine.review.revisions import Side
from reconciler.errors import ExitCode, UsageError
from reconciler.ports import Files
from reconciler.review import Review
from reconciler.rules import InputRule, RunRule

_MOST_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class ReviewResult:
    """A review, and what is wrong with the manifests. `is_told`: they could be compared."""

    review: Review
    diagnostics: tuple[Diagnostic, ...] = ()
    is_told: bool = True

    @property
    def exit_code(self) -> ExitCode:
        """1 when the manifests at head have errors, else 0, whatever changed."""
        return ExitCode.FAILED if any_error(self.diagnostics) else ExitCode.OK


def review(request: Request, base: Side, head: Side, said: Iterable[Diagnostic] = ()) -> ReviewResult:
    """Declare both sides and compare them; `said` is what is known already.

    Raises UsageError for environments that head does not have, and for a request that names nothing there.
    """
    nothing = Review(base.state, head.state)
    now = declare(request, head.files)
    if now.is_broken:
        now = _without_gone(now, request, base.files)
    if now.is_broken:
        return ReviewResult(nothing, in_order((*said, *now.diagnostics)), is_told=False)
    before, told = _declared_at_base(request, base)
    if now.is_empty and before.is_empty and not now.has_sets and not now.is_untouched:
        return ReviewResult(nothing, (*said, nothing_found(request)), is_told=False)
    (old, _), (new, clashes) = apis(before), apis(now)
    if request.is_narrowed:
        old, new = with_what_moved(old, new, whole(before, request, base.files), whole(now, request, head.files))
    found = replace(
        nothing,
        environments=tuple(dict.fromkeys(name for side in (now, before) for name in _environments(side))),
        apis=tuple(compared(old, new)),
        configuration=tuple(configuration_changes(before, now)),
    )
    lone = (_sets_alone(request),) if request.paths and now.is_empty and before.is_empty and now.has_sets else ()
    return ReviewResult(found, in_order((*said, *lone, *told, *clashes, *_news(before, now))))


def _sets_alone(request: Request) -> Diagnostic:
    """Said of PATHs that hold nothing by which a change of theirs could be seen."""
    message = f"{', '.join(request.paths)}: response sets and no manifest, so what they change is not told"
    return warning(RunRule.SETS_ALONE, message, "name the manifests that use them too, or leave PATH out")


def _declared_at_base(request: Request, base: Side) -> tuple[Declared, tuple[Diagnostic, ...]]:
    """What resolves of the base, and what is to be said of the rest."""
    try:
        found = declare(request, base.files)
    except UsageError as failure:
        message = f"nothing can be compared with {base.state}, so everything shows as new: {failure.message}"
        return Declared((), (), ()), (warning(RunRule.NOTHING_AT_BASE, message, "this needs no mending"),)
    problems = [one for one in found.broken if one.is_error and not _lacks_path(one, request)]
    return found, tuple(_unsound(problems, base))


def _without_gone(now: Declared, request: Request, base: Files) -> Declared:
    """Without what is said of PATHs that are not there any more: that is a change, and no mistake."""
    kept = [
        one for one in now.broken if not (_lacks_path(one, request) and one.location and _has(base, one.location.file))
    ]
    return replace(now, broken=tuple(kept))


def _has(files: Files, file: str) -> bool:
    try:
        files.read(file, 0)
    except FileNotFoundError:
        return False
    except OSError:  # a folder
        return True
    return True


def _lacks_path(one: Diagnostic, request: Request) -> bool:
    """Whether it says that a PATH is not there."""
    place = one.location
    return one.rule is InputRule.MISSING_FILE and place is not None and not place.line and place.file in request.paths


def _unsound(problems: list[Diagnostic], base: Side) -> Iterator[Diagnostic]:
    if problems:
        first = "; ".join(
            f"{problem.location or 'the command line'}: {problem.message}" for problem in problems[:_MOST_NAMED]
        )
        more = f"; and {len(problems) - _MOST_NAMED} more" if len(problems) > _MOST_NAMED else ""
        count = f"{len(problems)} error{'s' if len(problems) > 1 else ''}"
        message = f"the manifests at {base.state} have {count}, and what they keep from being read shows as new"
        yield warning(
            RunRule.BROKEN_BASE,
            f"{message}: {first}{more}",
            "the base needs no fix; review these changes with more care",
        )


def _environments(side: Declared) -> Iterator[str]:
    return (assignment.name for assignment in side.assignments if assignment.name)


def _news(before: Declared, now: Declared) -> Iterator[Diagnostic]:
    """Errors, and the warnings that were not there before: those are news."""
    known = {(diagnostic.rule, diagnostic.message, diagnostic.address) for diagnostic in before.diagnostics}
    return (
        diagnostic
        for diagnostic in now.diagnostics
        if diagnostic.is_error or (diagnostic.rule, diagnostic.message, diagnostic.address) not in known
    )
