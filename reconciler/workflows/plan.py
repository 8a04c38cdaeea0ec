"""plan: what apply would do, and everything that stands against it.

Promise: read-only. Errors (manifests, checks, targets that cannot be read) and refusals of the guard are collected over
all targets, so that one run shows all there is to mend.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from reconciler.diagnostics import Diagnostic, any_error, in_order
from reconciler.errors import ExitCode, gravest
from reconciler.guard import Limits, Verdict, judge
from reconciler.lint import check, settle
from reconciler.plan import Plan, TargetPlan, make_plan
from reconciler.plan.actions import without_words
from reconciler.ports import Clock, Cloud, Files
from reconciler.resolve.configuration import Guard
from reconciler.workflows.declared import Declared, declare, nothing_found
from reconciler.workflows.request import Request
from reconciler.workflows.sites import connect
from reconciler.workflows.targets import Read, Reads, Unread, in_parallel, read_targets, reread

_DATE = len("2026-01-31")

__all__ = ["Planned", "Request", "judged", "plan", "replan"]


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with what stands against it."""

    plan: Plan
    verdict: Verdict
    diagnostics: tuple[Diagnostic, ...]
    created_at: str
    reads: tuple[Read, ...] = ()

    @property
    def has_errors(self) -> bool:
        """Whether something failed: a manifest, a check, a target."""
        return any_error(self.diagnostics)

    @property
    def may_run(self) -> bool:
        """Whether nothing stands against applying it."""
        return not self.has_errors and not self.verdict.refusals

    def exit_code(self, *, detailed: bool = False) -> ExitCode:
        """1 on errors, 4 when refused, 2 for changes if `detailed`."""
        codes = [ExitCode.OK]
        if self.has_errors:
            codes.append(ExitCode.FAILED)
        if self.verdict.refusals:
            codes.append(ExitCode.REFUSED)
        if detailed and not self.plan.is_empty:
            codes.append(ExitCode.DIFFERENCES)
        return gravest(codes)

    def is_same_work(self, other: "Planned") -> bool:
        """Whether both would do the same to the same, whatever was said about it."""
        return _essence(self.plan) == _essence(other.plan)


def plan(request: Request, cloud: Cloud, files: Files, clock: Clock) -> Planned:
    """Declare, read, compare, order, check, judge.

    Raises UsageError for environments and `--only` globs that do not exist, Refused for a wrong account and for a
    target of two environments, Interrupted, and what keeps every target from being reached.
    """
    declared = declare(request, files, clock.now()[:_DATE])
    if declared.is_broken or declared.is_untouched:
        return Planned(Plan(), Verdict(), declared.diagnostics, clock.now())
    sites, unreached = connect(declared.assignments, request.coordinates, cloud)
    reads = read_targets(sites, request, unreached)
    return judged(reads, _known(declared, request), request, clock)


def _known(declared: Declared, request: Request) -> tuple[Diagnostic, ...]:
    # Of a wrong path the guard's emptySet says all there is to say
    empty = declared.is_empty and (request.selectors or request.environments)
    return (*declared.diagnostics, *((nothing_found(request).softened(),) if empty else ()))


def replan(before: Planned, request: Request, clock: Clock) -> Planned:
    """The same desired state against live state read anew."""
    again = in_parallel(reread, before.reads, request.parallelism)
    reads = Reads(
        reads=tuple(one for one in again if isinstance(one, Read)),
        unread=tuple(one for one in again if isinstance(one, Unread)),
        diagnostics=tuple(found for one in again if isinstance(one, Read) for found in one.diagnostics),
    )
    return judged(reads, (), request, clock)


def judged(reads: Reads, known: Sequence[Diagnostic], request: Request, clock: Clock) -> Planned:
    """The plan of what was read, with all that stands against it; `known` is so already."""
    targets = tuple(make_plan(one.desired, one.live, one.deferred) for one in reads.reads)
    written = frozenset(address for one in targets for address in one.written)
    # One address stands for a response of every environment: what is said of a target is settled by its own writes
    of_targets = [found for read, one in zip(reads.reads, targets, strict=True) for found in _checked(read, one)]
    settled = (*settle((*known, *reads.diagnostics), written), *of_targets)
    diagnostics = in_order((*settled, *(one.diagnostic for one in reads.unread)))
    return Planned(Plan(targets), _verdict(reads, targets, request), diagnostics, clock.now(), reads.reads)


def _checked(read: Read, one: TargetPlan) -> tuple[Diagnostic, ...]:
    """What stands against a target's plan, beside what is live."""
    checks = check(read.desired, read.live, read.settings.grades)
    return settle((*checks, *one.diagnostics), frozenset(one.written))


def _verdict(reads: Reads, targets: Sequence[TargetPlan], request: Request) -> Verdict:
    """What the guard says, of each target by the limits of its own configuration."""
    if not targets:
        # An unread target leaves the set incomplete, not empty: its own error is shown.
        return Verdict() if reads.unread else judge(Plan(), request.forced)
    each = [
        judge(Plan((one,)), request.forced, _limits(read.settings.guard))
        for read, one in zip(reads.reads, targets, strict=True)
    ]
    return Verdict(
        tuple(found for verdict in each for found in verdict.refusals),
        tuple(found for verdict in each for found in verdict.waivers),
    )


def _limits(guard: Guard) -> Limits:
    """The guard's limits, with what a configuration says instead."""
    return replace(Limits(), **{name: value for name, value in asdict(guard).items() if value is not None})


def _essence(made: Plan) -> list[object]:
    return [
        (one.target, one.desired_digest, one.live_digest, [without_words(action) for action in one.actions])
        for one in made.targets
    ]
