"""Manifests -> the APIs they mean, read in bulk.

Promise: an API is found by id, or by a name that exactly one API has; manifests of one API share one read. An API that
two environments lead to is refused before any is read. A target that cannot be read is a value (`Unread`) that names
its manifests, and never an empty API. Reads of several APIs run in parallel; no writer is made.
"""

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final, TypeAlias, TypeVar, assert_never

from reconciler.diagnostics import Diagnostic, warning
from reconciler.errors import ApiNotFound, Interrupted, ReconcilerError, Refused, WrongProtocol
from reconciler.models.desired import Desired, ManifestRef
from reconciler.models.live import ApiSummary, LiveApi
from reconciler.models.targets import Kind, Target
from reconciler.models.views import listed_integrations
from reconciler.ports import Connection, Listed, Reader
from reconciler.resolve import merge
from reconciler.resolve.bind import bind, carry
from reconciler.workflows.assignments import Settings, Site
from reconciler.workflows.ignoring import addresses, check_only, idle, left_alone
from reconciler.workflows.request import Request
from reconciler.workflows.sites import Unread, unread

__all__ = ["Aim", "Read", "Reads", "Unread", "beside", "in_parallel", "read_targets", "reread", "unread"]

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Read:
    """One API: what is wanted of it and what it holds, under the same names.

    `declared` is what the manifests say; in `desired`, what is to be left alone has its live values. `diagnostics` are
    contradictions that are seen only beside what is live.
    """

    declared: Desired
    desired: Desired
    live: LiveApi
    aim: "Aim"
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def connection(self) -> Connection:
        """The way to it."""
        return self.aim.site.connection

    @property
    def settings(self) -> Settings:
        """What its configuration says."""
        return self.aim.site.assignment.settings


@dataclass(frozen=True, slots=True)
class Reads:
    """All targets of a run.

    `diagnostics`: what contradicts itself once names are resolved and live state is known, and ignore rules that do
    nothing.
    """

    reads: tuple[Read, ...] = ()
    unread: tuple[Unread, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Aim:
    """A target, all that its manifests want of it, and what `--only` leaves of that."""

    site: Site
    target: Target
    desired: Desired
    only: Sequence[str] = ()


def read_targets(sites: Sequence[Site], request: Request, unreached: Sequence[Unread] = ()) -> Reads:
    """Find each manifest's API and read every API once; what is `unreached` is unread too.

    Raises Refused for an API that two environments lead to, UsageError for an `--only` that names nothing, Interrupted.
    """
    found = _find_all(sites, request.parallelism)
    _check_reached_once(found)
    merged = [(site, target, *merge(desireds)) for site, (apis, _) in found for target, desireds in apis.items()]
    aims = [Aim(site, target, desired, request.only) for site, target, desired, _ in merged]
    outcomes = in_parallel(_read, aims, request.parallelism)
    reads = tuple(one for one in outcomes if isinstance(one, Read))
    unfound = [one for _, (_, losses) in found for one in losses]
    lost = (*unreached, *unfound, *(one for one in outcomes if isinstance(one, Unread)))
    if not lost:
        check_only(request.only, [address for one in reads for address in addresses(one.declared, one.live)])
    return Reads(
        reads=reads,
        unread=lost,
        diagnostics=(
            *(clash for *_, clashes in merged for clash in clashes),
            *(found for one in reads for found in (*one.diagnostics, *_made_by_a_stack(one))),
            *(() if lost else _idle(reads, sites, narrowed=request.is_narrowed)),
        ),
    )


def _made_by_a_stack(read: Read) -> Iterator[Diagnostic]:
    """A stack update that replaces a method takes its responses along."""
    stack = read.live.target.stack
    if stack:
        message = f"{read.live.target} belongs to the CloudFormation stack {stack}, whose updates may undo this"
        remedy = "take the listed methods' IntegrationResponses out of the stack's template"
        yield warning("managed-by-stack", message, remedy, read.declared.manifests[0].location)


def _idle(reads: Sequence[Read], sites: Sequence[Site], *, narrowed: bool) -> Iterator[Diagnostic]:
    """Ignore rules that matched nothing in any environment of the run."""
    by_file = {site.assignment.file: site.assignment.settings.ignore for site in sites}
    for file, rules in by_file.items():
        ours = [one for one in reads if one.aim.site.assignment.file == file]
        known = [address for one in ours for address in addresses(one.declared, one.live)]
        names = dict.fromkeys(one.aim.site.assignment.name for one in ours)
        where = f" in {', '.join(name for name in names if name)}" if any(names) else ""
        yield from idle(rules, known, where, narrowed=narrowed)


def reread(read: Read) -> Read | Unread:
    """The same API, read again. Raises Interrupted."""
    return _read(read.aim)


def in_parallel(work: Callable[[T], R], items: Sequence[T], parallelism: int) -> list[R]:
    """Results in the order of the items; an interruption cancels what has not begun."""
    if len(items) <= 1:
        return [work(item) for item in items]
    with ThreadPoolExecutor(max_workers=max(1, min(parallelism, len(items)))) as pool:
        futures = [pool.submit(work, item) for item in items]
        try:
            return [future.result() for future in futures]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _read(aim: Aim) -> Read | Unread:
    try:
        live = _live(aim.target, aim.desired, aim.site.connection.reader)
    except Interrupted:
        raise
    except ReconcilerError as failure:
        return unread([aim.desired], failure, aim.target.environment)
    return beside(aim, live)


def beside(aim: Aim, live: LiveApi) -> Read:
    """What is wanted of an API beside what it holds, under the same names; `live` may be bound already."""
    bound = bind(aim.desired, live)
    leaves = left_alone(bound.desired, aim.site.assignment.settings.ignore, aim.only)
    desired = carry(bound.desired, bound.live, leaves) if leaves else bound.desired
    return Read(bound.desired, desired, bound.live, aim, bound.diagnostics)


def _live(target: Target, desired: Desired, reader: Reader) -> LiveApi:
    match target.kind:
        case Kind.REST_API:
            return reader.rest_api(target)
        case Kind.WEBSOCKET_API:
            return reader.websocket_api(target, _listed(desired))
        case _:
            assert_never(target.kind)


def _listed(desired: Desired) -> Listed:
    integrations = listed_integrations(desired)
    return Listed(
        routes=frozenset(one.route for one in integrations if one.route),
        integrations=frozenset(one.id for one in integrations if one.id),
    )


_Found: TypeAlias = tuple[Mapping[Target, list[Desired]], tuple[Unread, ...]]
_Listing: TypeAlias = Sequence[ApiSummary] | ReconcilerError


def _find_all(sites: Sequence[Site], parallelism: int) -> list[tuple[Site, _Found]]:
    """Each site's targets with their manifests, and what cannot be found."""
    by_connection: dict[int, list[Site]] = {}
    for site in sites:
        by_connection.setdefault(id(site.connection), []).append(site)
    found = in_parallel(_find, list(by_connection.values()), parallelism)
    return [one for of_connection in found for one in of_connection]


def _find(sites: Sequence[Site]) -> list[tuple[Site, _Found]]:
    """As `_find_all`, for sites of one connection. Only names need the listings of the region, and share them."""
    refs = [site.ref(one) for site in sites for one in site.assignment.manifests]
    by_name = {ref.kind for ref in refs if ref.api.name}
    listings = {kind: _listing(sites[0].connection, kind) for kind in Kind if kind in by_name}
    return [(site, _addressed(site, listings)) for site in sites]


def _listing(connection: Connection, kind: Kind) -> _Listing:
    """Every API of a kind, or why that cannot be told."""
    try:
        match kind:
            case Kind.REST_API:
                return connection.reader.rest_apis()
            case Kind.WEBSOCKET_API:
                return connection.reader.websocket_apis()
            case _:
                assert_never(kind)
    except Interrupted:
        raise
    except ReconcilerError as failure:
        return failure


def _addressed(site: Site, listings: Mapping[Kind, _Listing]) -> _Found:
    targets: dict[tuple[Kind, str], Target] = {}
    found: dict[tuple[Kind, str], list[Desired]] = {}
    lost: list[Unread] = []
    unlisted: dict[Kind, list[Desired]] = {}
    for one in site.assignment.manifests:
        ref = site.ref(one)
        listing = listings[ref.kind] if ref.api.name else ()
        if isinstance(listing, ReconcilerError):
            unlisted.setdefault(ref.kind, []).append(one)
            continue
        try:
            target = _target(ref, listing, site)
        except (ApiNotFound, WrongProtocol) as failure:
            lost.append(unread([one], failure, site.assignment.name))
            continue
        api = (target.kind, target.api_id)
        known = targets.setdefault(api, target)
        targets[api] = replace(known, api_name=known.api_name or target.api_name)
        found.setdefault(api, []).append(one)
    failures = {kind: listing for kind, listing in listings.items() if isinstance(listing, ReconcilerError)}
    alike = [
        unread(unlisted[kind], failure, site.assignment.name) for kind, failure in failures.items() if kind in unlisted
    ]
    return {targets[api]: desireds for api, desireds in found.items()}, (*alike, *lost)


_WORDS: Final[Mapping[Kind, str]] = {Kind.REST_API: "REST API", Kind.WEBSOCKET_API: "WebSocket API"}


def _target(ref: ManifestRef, listing: Sequence[ApiSummary], site: Site) -> Target:
    account_id, region = site.connection.account_id, site.connection.region
    if ref.api.id:
        return Target(account_id, region, ref.api.id, ref.kind, environment=site.assignment.name)
    where, what = f"account {account_id}, {region}", _WORDS[ref.kind]
    named = [api for api in listing if api.name == ref.api.name]
    apis = [api for api in listing if api.protocol != "HTTP"]
    found = sorted(api for api in apis if api.name == ref.api.name)
    ids = [api.id for api in found]
    if len(found) == 1:
        return Target(account_id, region, ids[0], ref.kind, ref.api.name, site.assignment.name, found[0].stack)
    if ids:
        raise ApiNotFound(
            f"{len(ids)} {what}s are named {ref.api.name!r} in {where}: {', '.join(ids)}",
            "address the one you mean by its id: `api: {id: ...}`",
        )
    if named:
        raise WrongProtocol(named[0].id, named[0].protocol)
    near = difflib.get_close_matches(ref.api.name or "", sorted({api.name for api in apis}), n=1)
    hint = f"did you mean {near[0]!r}?" if near else "check name, region and credentials"
    raise ApiNotFound(f"no {what} is named {ref.api.name!r} in {where}", hint)


def _check_reached_once(found: Iterable[tuple[Site, _Found]]) -> None:
    """No API is the target of two environments, or of two configurations: their settings may contradict."""
    first: dict[tuple[str, str, str], tuple[Site, Sequence[Desired]]] = {}
    for site, (targets, _) in found:
        for target, desireds in targets.items():
            other, others = first.setdefault((target.account_id, target.region, target.api_id), (site, desireds))
            if other is not site:
                message = f"{target.kind} {target.api_id} (account {target.account_id}, {target.region}) is the target"
                ways = f"of {_way(other, others)} and of {_way(site, desireds)}"
                remedy = "tell the APIs apart (`api`, `apis`, `region`, credentials), or run one environment at a time"
                raise Refused(f"{message} {ways}", remedy)


def _way(site: Site, desireds: Sequence[Desired]) -> str:
    ref = site.ref(desireds[0])
    at = f" at {ref.location}" if ref.location else ""
    return f"{site.assignment} ({ref.name}{at})"
