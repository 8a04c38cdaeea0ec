"""coverage: the APIs of each account and region that no manifest addresses, read-only.

HTTP APIs do not count, as they have no integration responses. What cannot be listed or read is a failure next to the
counts of everything else.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from reconciler.diagnostics import Diagnostic, any_error
from reconciler.engine.coverage.exemptions import (
    exemptions,
    expired_exemptions,
    idle_exemptions,
    unmanaged_rules,
)
from reconciler.engine.coverage.listed import list_places
from reconciler.engine.coverage.manifests import WholeLoad, load_whole
from reconciler.engine.coverage.methods import read_methods
from reconciler.engine.coverage.places import CoveragePlace, find_places
from reconciler.engine.load.load import day_of, no_manifests
from reconciler.engine.load.request import Request
from reconciler.engine.read.misaddressed import ListingCache
from reconciler.engine.read.watch import Watch, run_time
from reconciler.errors import ExitCode, worst_exit_code
from reconciler.fleet.coverage import (
    CoverageFailure,
    CoverageTally,
    CoverageThresholds,
    RegionCoverage,
    total,
)
from reconciler.fleet.run_facts import RunFacts
from reconciler.ports import Clock, Cloud, Files, Meter, Usage


@dataclass(frozen=True, slots=True)
class ManifestCoverage:
    """Which APIs have a manifest, account by account and region by region, and what could not be read.

    `has_methods`: the methods of the covered APIs were read, too.
    """

    regions: tuple[RegionCoverage, ...]
    failures: tuple[CoverageFailure, ...]
    diagnostics: tuple[Diagnostic, ...]
    created_at: str
    thresholds: CoverageThresholds = field(default_factory=CoverageThresholds)
    has_methods: bool = False
    run: RunFacts = field(default_factory=RunFacts)

    @property
    def all_diagnostics(self) -> tuple[Diagnostic, ...]:
        """Every diagnostic, those of the failures included."""
        return (*self.diagnostics, *(failure.diagnostic for failure in self.failures))

    @property
    def counts(self) -> CoverageTally:
        """The counts of APIs in all accounts and regions."""
        return total(region.counts for region in self.regions)

    @property
    def method_counts(self) -> CoverageTally:
        """The counts of methods in all accounts and regions."""
        return total(region.method_counts for region in self.regions)

    @property
    def is_complete(self) -> bool:
        """Whether everything could be read."""
        return not any_error(self.all_diagnostics)

    @property
    def is_enough(self) -> bool:
        """Whether the thresholds are reached by what could be read."""
        return self.thresholds.are_met(self.counts, self.method_counts)

    @property
    def exit_code(self) -> ExitCode:
        """2 below a threshold, 1 when something could not be read (which outweighs it)."""
        codes = [ExitCode.OK if self.is_complete else ExitCode.FAILED]
        codes += [] if self.is_enough else [ExitCode.DIFFERENCES]
        return worst_exit_code(codes)


def coverage(  # noqa: PLR0913 - a request, what is wanted of it, and the ports
    request: Request,
    thresholds: CoverageThresholds,
    cloud: Cloud,
    files: Files,
    clock: Clock,
    *,
    methods: bool = False,
    cache: ListingCache | None = None,
) -> ManifestCoverage:
    """Load every manifest of the configurations, list the APIs of each account and region, compare.

    `methods`: the covered APIs are read as well. `cache` has listings that need not be made again. What was not read
    within the timeouts of the request is a failure.
    Raises as `plan` does; a configuration without manifests is no error.
    """
    created_at, started = clock.now(), clock.monotonic()
    today = day_of(created_at)
    loaded = load_whole(request, files, today)
    if loaded.chosen.is_broken:
        return ManifestCoverage((), (), loaded.chosen.broken, created_at, thresholds, methods)
    projects = loaded.chosen.projects
    rules = unmanaged_rules(projects)
    watch, listings = Watch(monotonic=clock.monotonic), cache or ListingCache()
    with run_time(request, started):
        places, unreached = find_places(projects, loaded.others, request, cloud)
        meters = _meters(places)
        listed = list_places(places, lambda: exemptions(rules.apis, today), listings, request.parallelism, watch)
        regions, unread = tuple(place.coverage for place in listed), tuple[CoverageFailure, ...]()
        if methods:
            regions, unread = read_methods(listed, lambda: exemptions(rules.methods, today), request, watch)
    failures = (*unreached, *(failure for place in listed for failure in place.failures), *unread)
    is_whole = not (failures or loaded.others or request.coordinates.region)
    return ManifestCoverage(
        regions,
        failures,
        (
            *loaded.chosen.broken,
            *loaded.warnings,
            *_empty(loaded, request),
            *expired_exemptions(rules, today),
            *(idle_exemptions(rules, regions, today, methods=methods) if is_whole else ()),
            *(problem for place in listed for problem in place.diagnostics),
        ),
        created_at,
        thresholds,
        methods,
        RunFacts(clock.monotonic() - started, _usage(meters)),
    )


def _empty(loaded: WholeLoad, request: Request) -> Iterator[Diagnostic]:
    """Warn of a configuration without manifests: every API is then uncovered. Nothing at all is an error."""
    if loaded.chosen.is_empty:
        problem = no_manifests(request)
        yield problem.softened() if loaded.chosen.projects else problem


def _meters(places: Iterable[CoveragePlace]) -> tuple[tuple[Meter, Usage], ...]:
    """Return the meter of every connection, with its usage before the run: a drift run may share the connections."""
    connections = {id(each.connection): each.connection for place in places for each in place.chosen}
    return tuple((connection.meter, connection.meter.usage()) for connection in connections.values())


def _usage(meters: Iterable[tuple[Meter, Usage]]) -> Usage:
    return sum((meter.usage() - before for meter, before in meters), Usage())
