"""plan: what apply would do, and everything that stands against it.

Promise: read-only. Errors (manifests, checks, targets that cannot be read) and refusals of the guard are collected over
all targets, so that one run shows all there is to mend.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from reconciler.diagnostics import Diagnostic, any_error, in_order
from reconciler.errors import ExitCode, gravest
from reconciler.guard import Rule, Verdict, judge
from reconciler.lint import check, settle
from reconciler.models.targets import Coordinates
from reconciler.plan import Plan, TargetPlan, make_plan
from reconciler.ports import Clock, Cloud, Files
from reconciler.workflows.declared import Declared, declare
from reconciler.workflows.targets import Read, Reads, Unread, in_parallel, read_targets, reread


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line."""

    paths: Sequence[str]
    coordinates: Coordinates = field(default_factory=Coordinates)
    forced: Collection[Rule] = ()
    parallelism: int = 8


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
    """Declare, read, compare, order, check, judge."""
    declared = declare(request.paths, files)
    if declared.is_broken:
        return _unplanned(declared, clock)
    if not declared.manifests:
        return _planned(declared, Reads(), request, clock)
    connection = cloud.connect(request.coordinates)
    return _planned(declared, read_targets(declared.manifests, connection, request.parallelism), request, clock)


def replan(before: Planned, request: Request, clock: Clock) -> Planned:
    """The same desired state against live state read anew."""
    again = in_parallel(reread, before.reads, request.parallelism)
    reads = Reads(
        reads=tuple(one for one in again if isinstance(one, Read)),
        unread=tuple(one for one in again if isinstance(one, Unread)),
    )
    return _judged(reads, (), request, clock)


def _unplanned(declared: Declared, clock: Clock) -> Planned:
    return Planned(Plan(), Verdict(), declared.diagnostics, clock.now())


def _planned(declared: Declared, reads: Reads, request: Request, clock: Clock) -> Planned:
    return _judged(reads, (*declared.broken, *declared.lint), request, clock)


def _judged(reads: Reads, known: Sequence[Diagnostic], request: Request, clock: Clock) -> Planned:
    targets = tuple(make_plan(one.desired, one.live) for one in reads.reads)
    made = Plan(targets)
    # An unread target leaves the set incomplete, not empty: its own error is shown.
    verdict = Verdict() if reads.unread and not targets else judge(made, request.forced)
    written = frozenset(address for one in targets for address in one.written)
    settled = settle((*known, *reads.diagnostics, *_checks(targets)), written)
    diagnostics = in_order((*settled, *(one.diagnostic for one in reads.unread)))
    return Planned(made, verdict, diagnostics, clock.now(), reads.reads)


def _checks(targets: Sequence[TargetPlan]) -> list[Diagnostic]:
    return [found for one in targets for found in (*check(one.desired, one.live), *one.diagnostics)]


def _essence(made: Plan) -> list[object]:
    return [
        (one.target, one.desired_digest, one.live_digest, [_without_words(action) for action in one.actions])
        for one in made.targets
    ]


def _without_words(action: object) -> tuple[object, ...]:
    kept = ("key", "resource_id", "before", "after", "parameters")
    return (type(action), *(getattr(action, name, None) for name in kept))
