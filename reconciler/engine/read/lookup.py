"""Manifests -> the APIs they mean.

Promise: an API is found by id, or by a name that exactly one API has; only names cost a call, one for each kind of API
and connection, and one more where a name is not found (`misaddressed`). An API that two environments lead to is
refused.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from reconciler.engine.load.project import AccountRegion
from reconciler.engine.read.connect import ReadFailure, unread
from reconciler.engine.read.misaddressed import Listings, explained, has_kind
from reconciler.errors import ApiNotFound, ReconcilerError, Refused, WrongProtocol
from reconciler.models.desired import Desired, ManifestRef
from reconciler.models.live import ApiSummary
from reconciler.models.targets import Kind, Target
from reconciler.parallel import in_parallel
from reconciler.suggest import close_matches

Found: TypeAlias = tuple[Mapping[Target, list[Desired]], tuple[ReadFailure, ...]]
"""The targets of a site, each with its manifests, and what is not there."""


def find(sites: Sequence[AccountRegion], parallelism: int) -> list[tuple[AccountRegion, Found]]:
    """Each site's targets with their manifests, and what cannot be found. Raises Refused, Interrupted."""
    return find_beside(sites, (), parallelism)[0]


def find_beside(
    sites: Sequence[AccountRegion], base: Sequence[AccountRegion], parallelism: int
) -> tuple[list[tuple[AccountRegion, Found]], list[tuple[AccountRegion, Found]]]:
    """As `find`, of these sites and of those of another revision: both share the listings of their connections."""
    by_connection: dict[int, list[AccountRegion]] = {}
    for site in (*sites, *base):
        by_connection.setdefault(id(site.connection), []).append(site)
    found = in_parallel(_find, list(by_connection.values()), parallelism)
    each = [one for of_connection in found for one in of_connection]
    theirs = {id(site) for site in base}
    ours = [one for one in each if id(one[0]) not in theirs]
    _check_reached_once(ours)
    return ours, [one for one in each if id(one[0]) in theirs]


def _find(sites: Sequence[AccountRegion]) -> list[tuple[AccountRegion, Found]]:
    """As `find`, for sites of one connection. Only names need the listings of the region, and share them."""
    listings = Listings(sites[0].connection)
    return [(site, _addressed(site, listings)) for site in sites]


def _addressed(site: AccountRegion, listings: Listings) -> Found:
    targets: dict[tuple[Kind, str], Target] = {}
    found: dict[tuple[Kind, str], list[Desired]] = {}
    lost: list[ReadFailure] = []
    unlisted: dict[Kind, list[Desired]] = {}
    for manifest in site.assignment.manifests:
        ref = site.ref(manifest)
        listing = listings.of(ref.kind) if ref.api.name else ()
        if isinstance(listing, ReconcilerError):
            unlisted.setdefault(ref.kind, []).append(manifest)
            continue
        try:
            target = _target(ref, listing, site, listings)
        except (ApiNotFound, WrongProtocol) as failure:
            lost.append(unread([manifest], failure, site.assignment.name))
            continue
        api = (target.kind, target.api_id)
        known = targets.setdefault(api, target)
        targets[api] = replace(known, api_name=known.api_name or target.api_name)
        found.setdefault(api, []).append(manifest)
    failures = {kind: listing for kind in unlisted if isinstance(listing := listings.of(kind), ReconcilerError)}
    alike = [unread(unlisted[kind], failure, site.assignment.name) for kind, failure in failures.items()]
    return {targets[api]: desireds for api, desireds in found.items()}, (*alike, *lost)


def _target(ref: ManifestRef, listing: Sequence[ApiSummary], site: AccountRegion, listings: Listings) -> Target:
    account_id, region = site.connection.account_id, site.connection.region
    if ref.api.id:
        return Target(account_id, region, ref.api.id, ref.kind, environment=site.assignment.name)
    where, what = f"account {account_id}, {region}", ref.kind.words
    apis = [api for api in listing if has_kind(api)]
    found = sorted(api for api in apis if api.name == ref.api.name)
    ids = [api.id for api in found]
    if len(found) == 1:
        return Target(account_id, region, ids[0], ref.kind, ref.api.name, site.assignment.name, found[0].stack)
    if ids:
        raise ApiNotFound(
            f"{len(ids)} {what}s are named {ref.api.name!r} in {where}: {', '.join(ids)}",
            "address the one you mean by its id: `api: {id: ...}`",
        )
    near = close_matches(ref.api.name or "", sorted({api.name for api in apis}))
    hint = f"did you mean {near[0]!r}?" if near else "check name, region and credentials"
    failure = ApiNotFound(f"no {what} is named {ref.api.name!r} in {where}", hint)
    raise explained(ref.api, ref.kind, listings, failure)


def _check_reached_once(found: Iterable[tuple[AccountRegion, Found]]) -> None:
    """No API is the target of two environments, or of two configurations: their settings may contradict."""
    first: dict[tuple[str, str, str], tuple[AccountRegion, Sequence[Desired]]] = {}
    for site, (targets, _) in found:
        for target, desireds in targets.items():
            other, others = first.setdefault((target.account_id, target.region, target.api_id), (site, desireds))
            if other is not site:
                message = f"{target.kind} {target.api_id} (account {target.account_id}, {target.region}) is the target"
                ways = f"of {_way(other, others)} and of {_way(site, desireds)}"
                remedy = "tell the APIs apart (`api`, `apis`, `region`, credentials), or run one environment at a time"
                raise Refused(f"{message} {ways}", remedy)


def _way(site: AccountRegion, desireds: Sequence[Desired]) -> str:
    ref = site.ref(desireds[0])
    at = f" at {ref.location}" if ref.location else ""
    return f"{site.assignment} ({ref.name}{at})"
