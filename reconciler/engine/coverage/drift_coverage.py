"""The coverage that a drift run reports.

It is free where the lookups of the run listed the APIs anyway: manifests address them by name. Where it is asked for,
it takes at most two calls for each account and region: what is in the cache is not listed again.
"""

from collections.abc import Sequence
from dataclasses import replace

from reconciler.config.projects import find_projects
from reconciler.engine.coverage.coverage import coverage
from reconciler.engine.coverage.exemptions import exemptions, unmanaged_rules
from reconciler.engine.coverage.listed import coverage_of
from reconciler.engine.coverage.places import CoveragePlace, group_places
from reconciler.engine.drift.result import Drift
from reconciler.engine.load.load import CONFIGURABLE_RULES
from reconciler.engine.load.project import AccountRegion
from reconciler.engine.load.request import Request
from reconciler.engine.read.misaddressed import ListingCache
from reconciler.errors import Interrupted
from reconciler.fleet.choice import ShardChoice
from reconciler.fleet.coverage import CoverageCount, CoverageThresholds, RegionCoverage, total
from reconciler.fleet.run_facts import INTERRUPTED
from reconciler.models.targets import Kind
from reconciler.ports import Clock, Cloud, Files


def known_coverage(
    account_regions: Sequence[AccountRegion], request: Request, files: Files, cache: ListingCache, today: str
) -> CoverageCount | None:
    """Return the coverage as the listings of a run show it, without a call; None where it is unknown.

    It is unknown in a run that leaves out manifests or environments, and where no name was looked up. Every part of a
    sharded run knows it, if it lists all APIs. The caller reports nothing if an account or region was not reached, or
    not needed. Raises Interrupted.
    """
    if not account_regions or not _sees_everything(account_regions, request, files):
        return None
    rules = unmanaged_rules(each.project for each in account_regions)
    exempt = exemptions(rules.apis, today)
    regions: list[RegionCoverage] = []
    for place in group_places(account_regions, (), request.coordinates):
        listings = cache.of(place.chosen[0].connection)
        if not _is_listed(place, listings.kinds):
            return None
        regions.append(coverage_of(place, listings, listings.kinds, exempt).coverage)
    return _count(regions)


def with_coverage(  # noqa: PLR0913, PLR0917 - a result, a request and the ports
    drift: Drift, request: Request, cloud: Cloud, files: Files, clock: Clock, cache: ListingCache
) -> Drift:
    """List every API of the accounts and regions of a drift run, and add the coverage to its result.

    Of the parts of a sharded run only the first lists them, and a run that was stopped or had nothing to read does not.
    What cannot be listed is a warning, and the coverage is then unknown; so it is in a run that is stopped meanwhile.
    Raises as `coverage` does.
    """
    facts = drift.facts
    is_later_part = facts.shard is not None and facts.shard.index > 1
    if drift.problems or facts.skipped or facts.run.stopped or is_later_part:
        return drift
    try:
        found = coverage(request, CoverageThresholds(), cloud, files, clock, cache=cache)
    except Interrupted:  # what was compared is worth reporting
        return replace(drift, facts=replace(facts, run=replace(facts.run, stopped=INTERRUPTED)))
    warnings = tuple(failure.diagnostic.softened() for failure in found.failures)
    count = _count(found.regions) if found.is_complete else None
    run = replace(facts.run, seconds=facts.run.seconds + found.run.seconds, usage=facts.run.usage + found.run.usage)
    return replace(drift, diagnostics=(*drift.diagnostics, *warnings), facts=replace(facts, run=run, coverage=count))


def _sees_everything(account_regions: Sequence[AccountRegion], request: Request, files: Files) -> bool:
    """Return whether the run covers all manifests of its configurations, in all their environments."""
    is_chosen = request.choice is not None and not isinstance(request.choice, ShardChoice)
    if request.selectors or request.touched is not None or is_chosen:
        return False
    chosen = {(each.project.file, each.project.name) for each in account_regions}
    environments = {(each.project.file, name) for each in account_regions for name in each.project.all_environments}
    return environments <= chosen and _names_everything(request, files)


def _names_everything(request: Request, files: Files) -> bool:
    """Return whether the PATHs name every manifest of their configurations; without a configuration nothing does."""
    if not request.paths:
        return True
    found = find_projects(request.paths, request.config, files, CONFIGURABLE_RULES)
    return all(project.configuration and set(project.all_files) <= set(project.files) for project in found.projects)


def _is_listed(place: CoveragePlace, kinds: Sequence[Kind]) -> bool:
    """Return whether some kind was listed, and each kind of which a manifest names an API."""
    named = {
        each.ref(manifest).kind
        for each in place.chosen
        for manifest in each.project.manifests
        if each.ref(manifest).api.name
    }
    return bool(kinds) and named <= set(kinds)


def _count(regions: Sequence[RegionCoverage]) -> CoverageCount | None:
    """Return the count of the kinds that were listed everywhere; None if there is none."""
    kinds = tuple(kind for kind in Kind if all(kind in region.kinds for region in regions))
    tally = total(region.counts_of(kinds) for region in regions)
    return CoverageCount(tally.total, tally.covered, tally.ignored, kinds) if kinds else None
