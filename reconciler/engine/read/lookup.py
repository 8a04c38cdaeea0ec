"""Find the APIs that manifests are for.

An API is found by its id, or by a name that exactly one API has. Only names cost calls: one for each kind of API and
connection, and one more if a name is not found (`misaddressed`). An API that is the target of two environments is
refused.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from reconciler.engine.load.project import AccountRegion
from reconciler.engine.read.connect import ReadFailure, read_failure
from reconciler.engine.read.misaddressed import ListingCache, Listings, explain_not_found
from reconciler.errors import ApiNotFound, ReconcilerError, Refused, WrongProtocol
from reconciler.models.desired import Desired, ManifestRef
from reconciler.models.targets import Kind, Target
from reconciler.parallel import in_parallel
from reconciler.wording import did_you_mean

LookupResult: TypeAlias = tuple[Mapping[Target, list[Desired]], tuple[ReadFailure, ...]]
"""The targets of an account and region, each with its manifests, and the manifests whose API was not found."""

_Located: TypeAlias = list[tuple[AccountRegion, LookupResult]]


def find_targets(account_regions: Sequence[AccountRegion], parallelism: int) -> _Located:
    """Find the targets of each account and region. Raises Refused, Interrupted."""
    return find_targets_and_base(account_regions, (), parallelism)[0]


def find_targets_and_base(
    account_regions: Sequence[AccountRegion],
    base: Sequence[AccountRegion],
    parallelism: int,
    cache: ListingCache | None = None,
) -> tuple[_Located, _Located]:
    """As `find_targets`, for the head and for its base; both share the listings of their connections.

    `cache` keeps the listings for others.
    """
    listings = cache or ListingCache()
    by_connection: dict[int, list[AccountRegion]] = {}
    for account_region in (*account_regions, *base):
        by_connection.setdefault(id(account_region.connection), []).append(account_region)
    lookups = in_parallel(lambda group: _find(group, listings), list(by_connection.values()), parallelism)
    pairs = [pair for of_connection in lookups for pair in of_connection]
    base_ids = {id(account_region) for account_region in base}
    at_head = [(account_region, result) for account_region, result in pairs if id(account_region) not in base_ids]
    _check_unique(at_head)
    return at_head, [(account_region, result) for account_region, result in pairs if id(account_region) in base_ids]


def _find(account_regions: Sequence[AccountRegion], cache: ListingCache) -> _Located:
    """Find the targets behind one connection. Only names need the listings of the region, and they share them."""
    listings = cache.of(account_regions[0].connection)
    return [(account_region, find_apis(account_region, listings)) for account_region in account_regions]


def find_apis(account_region: AccountRegion, listings: Listings) -> LookupResult:
    """Find the APIs of the manifests of a project in one account and region. Raises Interrupted."""
    targets: dict[tuple[Kind, str], Target] = {}
    manifests: dict[tuple[Kind, str], list[Desired]] = {}
    not_found: list[ReadFailure] = []
    unlisted: dict[Kind, list[Desired]] = {}
    environment = account_region.project.name
    account_id, region = account_region.connection.account_id, account_region.connection.region
    for manifest in account_region.project.manifests:
        ref = account_region.ref(manifest)
        listing = listings.of(ref.kind) if ref.api.name else ()
        if isinstance(listing, ReconcilerError):
            unlisted.setdefault(ref.kind, []).append(manifest)
            continue
        try:
            target = _target(ref, account_region, listings)
        except (ApiNotFound, WrongProtocol) as failure:
            not_found.append(read_failure([manifest], failure, environment, region, account_id))
            continue
        api = (target.kind, target.api_id)
        known = targets.setdefault(api, target)
        targets[api] = replace(known, api_name=known.api_name or target.api_name)
        manifests.setdefault(api, []).append(manifest)
    failures = {kind: listing for kind in unlisted if isinstance(listing := listings.of(kind), ReconcilerError)}
    not_listed = [
        read_failure(unlisted[kind], failure, environment, region, account_id) for kind, failure in failures.items()
    ]
    return {targets[api]: desireds for api, desireds in manifests.items()}, (*not_listed, *not_found)


def _target(ref: ManifestRef, account_region: AccountRegion, listings: Listings) -> Target:
    account_id, region = account_region.connection.account_id, account_region.connection.region
    environment, is_protected = account_region.project.name, account_region.project.is_protected
    if ref.api.id:
        return Target(account_id, region, ref.api.id, ref.kind, None, environment, is_protected=is_protected)
    by_name = listings.by_name(ref.kind)
    matches = by_name.get(ref.api.name or "", ())
    ids = [api.id for api in matches]
    if len(matches) == 1:
        return Target(account_id, region, ids[0], ref.kind, ref.api.name, environment, matches[0].stack, is_protected)
    place, kind = f"account {account_id}, {region}", ref.kind.words
    if ids:
        raise ApiNotFound(
            f"{len(ids)} {kind}s are named {ref.api.name!r} in {place}: {', '.join(ids)}",
            "address the right one by its id: `api: {id: ...}`",
            ids,
        )
    remedy = did_you_mean(ref.api.name or "", sorted(by_name), "check the name, the region and the credentials")
    failure = ApiNotFound(f"no {kind} is named {ref.api.name!r} in {place}", remedy)
    raise explain_not_found(ref.api, ref.kind, listings, failure)


def _check_unique(lookups: Iterable[tuple[AccountRegion, LookupResult]]) -> None:
    """Refuse an API that is the target of two environments or configurations: their settings may contradict."""
    first: dict[tuple[str, str, str], tuple[AccountRegion, Sequence[Desired]]] = {}
    for account_region, (targets, _) in lookups:
        for target, desireds in targets.items():
            key = (target.account_id, target.region, target.api_id)
            other, others = first.setdefault(key, (account_region, desireds))
            if other is not account_region:
                message = f"{target.kind} {target.api_id} (account {target.account_id}, {target.region}) is the target"
                sources = f"of {_source(other, others)} and of {_source(account_region, desireds)}"
                remedy = (
                    "give each its own API (`api`, `apis`, `region`, credentials), or run one environment at a time"
                )
                raise Refused(f"{message} {sources}", remedy)


def _source(account_region: AccountRegion, desireds: Sequence[Desired]) -> str:
    ref = account_region.ref(desireds[0])
    at = f" at {ref.location}" if ref.location else ""
    return f"{account_region.project} ({ref.name}{at})"
