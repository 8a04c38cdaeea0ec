"""drift: the differences between manifests and AWS, read-only.

Nothing is written or planned. Manifests are loaded once, because one method may be in two manifests and one API in two
environments. Each API is then read, compared and dropped, in threads, so that memory does not grow with what is read. A
target that cannot be read is an `error` among the findings of the others, and so is one that was not read in time, or
before the run was asked to stop.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol, TypeAlias

from reconciler.deadline import within_time
from reconciler.diagnostics import Diagnostic
from reconciler.engine.coverage.drift_coverage import known_coverage
from reconciler.engine.drift.compare import ComparedTarget, TargetComparer
from reconciler.engine.drift.order import in_report_order
from reconciler.engine.drift.result import Drift
from reconciler.engine.drift.scope import scope_facts
from reconciler.engine.drift.target import merged_ignored
from reconciler.engine.load.load import LoadResult, day_of, load_sparingly, no_manifests
from reconciler.engine.load.project import AccountRegion, ResolvedProject
from reconciler.engine.load.request import Request
from reconciler.engine.read.connect import ReadFailure, connect, sign_in, unconnected, unfound
from reconciler.engine.read.found_targets import FoundTargets, covered, find, run_scopes
from reconciler.engine.read.misaddressed import ListingCache
from reconciler.engine.read.needed import shard_filter
from reconciler.engine.read.read import TargetReader, each_target
from reconciler.engine.read.watch import Watch, run_time, stopped
from reconciler.engine.run_ports import StopEvent
from reconciler.errors import Interrupted, RunTimedOut
from reconciler.fleet.coverage import CoverageCount
from reconciler.fleet.facts import FleetFacts
from reconciler.fleet.run_facts import INTERRUPTED, RunFacts
from reconciler.ports import Clock, Cloud, Files, Meter, ReadInterrupts, Usage
from reconciler.wording import duration


class Narrowing(Protocol):
    """Leaves projects, and accounts and regions, out of a run before AWS is asked about their targets."""

    def projects(self, projects: Sequence[ResolvedProject], request: Request) -> Sequence[ResolvedProject]:
        """Return what to connect."""

    def account_regions(self, account_regions: Sequence[AccountRegion]) -> Sequence[AccountRegion]:
        """Return where to look for targets, of the accounts and regions that were connected."""


class _Everything:
    """`Narrowing` that leaves nothing out."""

    def projects(self, projects: Sequence[ResolvedProject], request: Request) -> Sequence[ResolvedProject]:  # noqa: ARG002 - the protocol's signature
        return projects

    def account_regions(self, account_regions: Sequence[AccountRegion]) -> Sequence[AccountRegion]:
        return account_regions


def drift(  # noqa: PLR0913 - the ports, and what later steps share
    request: Request,
    cloud: Cloud,
    files: Files,
    clock: Clock,
    *,
    stop: ReadInterrupts | None = None,
    narrowing: Narrowing | None = None,
    cache: ListingCache | None = None,
) -> Drift:
    """Load manifests, read APIs, compare drafts and stages. Linting is left to `validate`. Raises as `plan` does.

    Stages are compared where the request says so (`compares_stages`). A run that is out of time, or is asked to stop,
    returns what it has read by then. `narrowing` leaves out what has no target that the `choice` of the request covers.
    `cache` keeps the listings of APIs for later steps.
    """
    started, created_at = clock.monotonic(), clock.now()
    loaded = load_sparingly(request, files, day_of(created_at))
    facts = scope_facts(request, loaded)
    if loaded.is_broken or loaded.is_empty:
        facts = replace(facts, run=RunFacts(clock.monotonic() - started))
        return in_report_order(Drift((), (), _why_empty(loaded, request), created_at, facts=facts))
    known, projects = (*loaded.broken, *loaded.expired), loaded.projects
    del loaded  # its manifests are dropped with their targets
    stop = stop or StopEvent()
    with run_time(request, started):
        listings = cache or ListingCache()
        count = partial(known_coverage, request=request, files=files, cache=listings, today=day_of(created_at))
        fleet = _fleet(projects, request, cloud, _TargetSearch(narrowing or _Everything(), listings, count, stop))
        del projects
        result = _compared(fleet, request, Watch(stop, clock.monotonic))
    run = RunFacts(clock.monotonic() - started, fleet.usage, _why_stopped(result, request))
    facts = replace(facts, ignored=result.facts.ignored, run=run, coverage=fleet.coverage)
    diagnostics = (*known, *result.diagnostics)
    return in_report_order(replace(result, diagnostics=diagnostics, created_at=created_at, facts=facts))


def _why_empty(loaded: LoadResult, request: Request) -> tuple[Diagnostic, ...]:
    is_expected = loaded.is_broken or loaded.is_untouched
    return loaded.broken if is_expected else (*loaded.broken, no_manifests(request))


_CoverageCounting: TypeAlias = Callable[[Sequence[AccountRegion]], CoverageCount | None]


@dataclass(frozen=True, slots=True)
class _TargetSearch:
    """How the targets of a run are found."""

    narrowing: Narrowing
    cache: ListingCache
    count: _CoverageCounting
    stop: ReadInterrupts


@dataclass(frozen=True, slots=True)
class _Fleet:
    """The targets of a run. `coverage` is known if the APIs were listed.

    `meters` are those of the connections, with their usage before the run.
    """

    found: FoundTargets
    meters: tuple[tuple[Meter, Usage], ...] = ()
    coverage: CoverageCount | None = None

    @property
    def usage(self) -> Usage:
        """The calls of the run so far."""
        return sum((meter.usage() - before for meter, before in self.meters), Usage())


def _fleet(every: Sequence[ResolvedProject], request: Request, cloud: Cloud, search: _TargetSearch) -> _Fleet:
    """Reach and find the targets. A request to stop leaves none of them."""
    projects, needed = search.narrowing.projects(every, request), shard_filter(request.choice)
    sign_in(projects, request.coordinates, cloud, needed)
    search.stop.begin_reading()  # until here a Ctrl-C ends the run at once, at a prompt too
    try:
        connected, unreached = connect(
            projects, request.coordinates, cloud, request.parallelism, needed, spares_others=True
        )
    except Interrupted:
        unread = unconnected(projects, request.coordinates, stopped())
        return _Fleet(FoundTargets([], covered(unread, request.choice)))
    account_regions = search.narrowing.account_regions(connected)
    connections = {id(each.connection): each.connection for each in account_regions}
    meters = tuple((connection.meter, connection.meter.usage()) for connection in connections.values())
    try:
        found = find(account_regions, request, unreached, cache=search.cache)
        coverage = search.count(account_regions) if len(account_regions) == _places(projects, request) else None
    except Interrupted:
        unread = (*unreached, *(unfound(each, stopped()) for each in account_regions))
        return _Fleet(FoundTargets([], covered(unread, request.choice)), meters=meters)
    emptied = {id(each): replace(each, project=replace(each.project, manifests=())) for each in account_regions}
    read_requests = [
        replace(read_request, account_region=emptied[id(read_request.account_region)])
        for read_request in found.read_requests
    ]
    found = replace(found, read_requests=read_requests, scopes=run_scopes(every))
    return _Fleet(found, meters, coverage)


def _places(projects: Sequence[ResolvedProject], request: Request) -> int:
    """Return the number of accounts and regions that the projects have manifests for."""
    return sum(len(project.coordinates(request.coordinates)) for project in projects if project.manifests)


def _compared(fleet: _Fleet, request: Request, watch: Watch) -> Drift:
    """Read and compare every target."""
    reader = TargetReader(request, fleet.found)
    comparer = TargetComparer(request, reader, watch, fleet.found.read_requests)
    with watch.following(len(fleet.found.read_requests), fleet.found.unread):
        try:
            outcomes = within_time(lambda: each_target(fleet.found, request, comparer.outcome), watch.monotonic())
        except RunTimedOut as late:
            outcomes = comparer.outcomes(late)
    compared = [outcome for outcome in outcomes if isinstance(outcome, ComparedTarget)]
    unread = (*fleet.found.unread, *(outcome for outcome in outcomes if isinstance(outcome, ReadFailure)))
    diagnostics = (*fleet.found.diagnostics, *(problem for target in compared for problem in target.diagnostics))
    return Drift(
        tuple(target.drift for target in compared),
        unread,
        (*diagnostics, *reader.unused(unread)),
        "",
        tuple(stage for target in compared for stage in target.stages),
        tuple(stage for target in compared for stage in target.lost),
        FleetFacts(ignored=merged_ignored(rule for target in compared for rule in target.ignored)),
    )


def _why_stopped(result: Drift, request: Request) -> str:
    """Return why a part of the targets was not read, "" if the run was not stopped."""
    failures = [failure.failure for failure in result.failures]
    if any(isinstance(failure, Interrupted) for failure in failures):
        return INTERRUPTED
    is_late = any(isinstance(failure, RunTimedOut) for failure in failures)
    return f"timed out after {duration(request.timeout or 0)}" if is_late else ""
