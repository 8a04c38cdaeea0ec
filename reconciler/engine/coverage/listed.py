"""The APIs of an account and region, with the manifests that address them.

An API is covered if a manifest finds it, by the same rules as in every other command (`engine.read.lookup`): a name
that two APIs have covers neither.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from reconciler.deadline import within_time
from reconciler.diagnostics import Diagnostic
from reconciler.engine.coverage.exemptions import Exemptions
from reconciler.engine.coverage.places import CoveragePlace
from reconciler.engine.load.project import AccountRegion
from reconciler.engine.read.lookup import find_apis
from reconciler.engine.read.misaddressed import ListingCache, Listings, has_integration_responses
from reconciler.engine.read.watch import Watch
from reconciler.errors import ApiNotFound, ReconcilerError, RunTimedOut, WrongProtocol
from reconciler.fleet.coverage import ApiCoverage, CoverageFailure, RegionCoverage
from reconciler.models.desired import Desired
from reconciler.models.live import ApiSummary
from reconciler.models.targets import Kind
from reconciler.parallel import in_parallel


@dataclass(frozen=True, slots=True)
class AddressedApi:
    """An API that manifests address: the manifests, and the account and region through which one of them does."""

    account_region: AccountRegion
    manifests: Sequence[Desired]
    environments: tuple[str, ...] = ()


ApiKey: TypeAlias = tuple[Kind, str]
"""The kind and the id of an API."""


@dataclass(frozen=True, slots=True)
class ListedPlace:
    """The coverage of an account and region, and what is behind it: `addressed` has the covered APIs.

    `diagnostics` are warnings about manifests whose API does not exist.
    """

    coverage: RegionCoverage
    addressed: Mapping[ApiKey, AddressedApi]
    failures: tuple[CoverageFailure, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def list_places(
    places: Sequence[CoveragePlace],
    exempt: Callable[[], Exemptions],
    cache: ListingCache,
    parallelism: int,
    watch: Watch,
) -> list[ListedPlace]:
    """List the APIs of every place, and report the progress. Raises Interrupted.

    `exempt` returns the ignore rules for one place.
    """

    def listed(place: CoveragePlace) -> ListedPlace:
        stopwatch = watch.listing(place.chosen[0].connection, next(iter(place.environments), None))
        result = _list_place(place, exempt(), cache, watch)
        stopwatch.stop(result.failures[0].failure.message if result.failures else "")
        return result

    with watch.following(len(places), what="accounts and regions"):
        return in_parallel(listed, places, parallelism)


def _list_place(place: CoveragePlace, exempt: Exemptions, cache: ListingCache, watch: Watch) -> ListedPlace:
    """List both kinds of APIs, once each, and find the manifests of every API."""
    connection = place.chosen[0].connection
    try:
        watch.check()
        listings = [cache.of(each.connection) for each in place.chosen]
        return within_time(lambda: coverage_of(place, _best(listings), tuple(Kind), exempt), watch.monotonic())
    except RunTimedOut as late:
        region = RegionCoverage(connection.account_id, connection.region, place.environments, (), ())
        site = (place.environments, connection.account_id, connection.region)
        return ListedPlace(region, {}, tuple(CoverageFailure(late, *site, kind) for kind in Kind))


def coverage_of(place: CoveragePlace, listings: Listings, kinds: Sequence[Kind], exempt: Exemptions) -> ListedPlace:
    """Return the coverage of the APIs of these kinds; what the listings have already read is not read again.

    Raises Interrupted.
    """
    connection = place.chosen[0].connection
    account_id, region = connection.account_id, connection.region
    read = {kind: listings.of(kind) for kind in kinds}
    known = {
        (kind, api.id): api
        for kind, listing in read.items()
        for api in (() if isinstance(listing, ReconcilerError) else listing)
        if has_integration_responses(api)
    }
    addressed, missing = _addressed(place, listings, known)
    apis = (_coverage(key, api, addressed.get(key), exempt) for key, api in known.items())
    return ListedPlace(
        RegionCoverage(
            account_id,
            region,
            place.environments,
            tuple(sorted(apis, key=lambda api: (api.kind, api.name, api.id))),
            tuple(kind for kind, listing in read.items() if not isinstance(listing, ReconcilerError)),
        ),
        addressed,
        tuple(
            CoverageFailure(listing, place.environments, account_id, region, kind)
            for kind, listing in read.items()
            if isinstance(listing, ReconcilerError)
        ),
        missing,
    )


def _best(candidates: Sequence[Listings]) -> Listings:
    """Return the first that can list everything, else the first: some credentials of an account may do less."""
    return next((listings for listings in candidates if _is_complete(listings)), candidates[0])


def _is_complete(listings: Listings) -> bool:
    return not any(isinstance(listings.of(kind), ReconcilerError) for kind in Kind)


def _addressed(
    place: CoveragePlace, listings: Listings, known: Mapping[ApiKey, ApiSummary]
) -> tuple[Mapping[ApiKey, AddressedApi], tuple[Diagnostic, ...]]:
    """Return the APIs that manifests address, and a warning for each chosen manifest whose API is not found by name."""
    addressed: dict[ApiKey, AddressedApi] = {}
    missing: list[Diagnostic] = []
    for account_region in place.account_regions:
        targets, failures = find_apis(account_region, listings)
        for target, desireds in targets.items():
            key = (target.kind, target.api_id)
            if key in known:
                addressed[key] = _joined(addressed.get(key), account_region, desireds)
        if place.is_chosen(account_region):
            missing += (
                failure.diagnostic.softened()
                for failure in failures
                if isinstance(failure.failure, ApiNotFound | WrongProtocol)
            )
    return addressed, tuple(missing)


def _joined(known: AddressedApi | None, account_region: AccountRegion, desireds: Sequence[Desired]) -> AddressedApi:
    name = account_region.project.name
    names = (*(known.environments if known else ()), *([name] if name else []))
    manifests = (*(known.manifests if known else ()), *desireds)
    return AddressedApi(known.account_region if known else account_region, manifests, tuple(dict.fromkeys(names)))


def _coverage(key: ApiKey, api: ApiSummary, addressed: AddressedApi | None, exempt: Exemptions) -> ApiCoverage:
    return ApiCoverage(
        key[0],
        api.id,
        api.name,
        api.stack,
        tuple(_names(addressed.manifests)) if addressed else (),
        addressed.environments if addressed else (),
        None if addressed else exempt.of(api.name, api.id),
    )


def _names(manifests: Iterable[Desired]) -> Iterator[str]:
    return iter(dict.fromkeys(ref.name for desired in manifests for ref in desired.manifests))
