"""drift: the differences between manifests and AWS, read-only.

Nothing is written or planned. A target that cannot be read is an `error` among the findings of the others.
"""

from reconciler.engine.coverage.drift_coverage import known_coverage
from reconciler.engine.deploy.compare_stages import compare_stages, stage_warnings, undeployed_changes
from reconciler.engine.drift.result import Drift
from reconciler.engine.load.load import day_of, load_manifests, no_manifests
from reconciler.engine.load.request import Request
from reconciler.engine.read.connect import connect
from reconciler.engine.read.misaddressed import ListingCache
from reconciler.engine.read.read import read_targets
from reconciler.findings import find_drift
from reconciler.fleet.facts import FleetFacts
from reconciler.lint import replaced_integrations
from reconciler.ports import Clock, Cloud, Files


def drift(request: Request, cloud: Cloud, files: Files, clock: Clock, cache: ListingCache | None = None) -> Drift:
    """Load manifests, read APIs, compare drafts and stages. Linting is left to `validate`. Raises as `plan` does.

    Stages are compared where the request says so (`compares_stages`). `cache` keeps the listings for later steps.
    """
    created_at = clock.now()
    loaded = load_manifests(request, files, day_of(created_at))
    if loaded.is_broken:
        return Drift((), (), loaded.broken, created_at)
    if loaded.is_empty:
        empty = () if loaded.is_untouched else (no_manifests(request),)
        return Drift((), (), (*loaded.broken, *empty), created_at)
    account_regions, unreached = connect(loaded.projects, request.coordinates, cloud)
    listings = cache or ListingCache()
    reads = read_targets(account_regions, request, unreached, cache=listings)
    targets = tuple(find_drift(read.desired, read.live) for read in reads.reads)
    replaced = [
        warning
        for read in reads.reads
        for warning in replaced_integrations(read.desired, read.live, read.settings.severities)
    ]
    stages, lost = compare_stages(reads.reads, request) if request.compares_stages else ((), ())
    diagnostics = (
        *loaded.broken,
        *loaded.expired,
        *reads.diagnostics,
        *replaced,
        *stage_warnings(stages),
        *undeployed_changes(stages),
    )
    compared = tuple(drift for stage in stages if (drift := stage.drift))
    coverage = None if unreached else known_coverage(account_regions, request, files, listings, day_of(created_at))
    facts = FleetFacts(coverage=coverage)
    return Drift(targets, reads.unread, diagnostics, created_at, compared, lost, facts)
