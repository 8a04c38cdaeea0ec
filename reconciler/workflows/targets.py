"""Manifests -> the APIs they mean, read in bulk.

Promise: an API is found by id, or by a name that exactly one API has; manifests of one API share one read. A target
that cannot be read is a value (`Unread`) that names its manifests, and never an empty API. Reads of several APIs run
in parallel; no writer is made.
"""

import difflib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

from reconciler.diagnostics import Diagnostic, Location, error
from reconciler.errors import ApiNotFound, Interrupted, ReconcilerError
from reconciler.models.desired import Desired
from reconciler.models.live import ApiSummary, LiveApi
from reconciler.models.targets import ApiRef, Target
from reconciler.ports import Connection
from reconciler.resolve import merge

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Read:
    """One API: what is wanted of it and what it holds."""

    desired: Desired
    live: LiveApi
    connection: Connection


@dataclass(frozen=True, slots=True)
class Unread:
    """An API that could not be read, and why."""

    manifests: tuple[str, ...]
    failure: ReconcilerError
    location: Location | None = None

    @property
    def diagnostic(self) -> Diagnostic:
        """The failure as an error of its manifests."""
        names = ", ".join(self.manifests)
        return error(self.failure.rule, f"{names}: {self.failure.message}", self.failure.remedy, self.location)


@dataclass(frozen=True, slots=True)
class Reads:
    """All targets of a run. `diagnostics`: manifests that contradict each other, seen once names were resolved."""

    reads: tuple[Read, ...] = ()
    unread: tuple[Unread, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def read_targets(manifests: Sequence[Desired], connection: Connection, parallelism: int) -> Reads:
    """Find each manifest's API and read every API once. Raises Interrupted."""
    found, unread = _find(manifests, connection)
    merged = [(target, *merge(desireds)) for target, desireds in found.items()]
    outcomes = in_parallel(lambda pair: _read(pair[0], pair[1], connection), [one[:2] for one in merged], parallelism)
    return Reads(
        reads=tuple(one for one in outcomes if isinstance(one, Read)),
        unread=(*unread, *(one for one in outcomes if isinstance(one, Unread))),
        diagnostics=tuple(diagnostic for one in merged for diagnostic in one[2]),
    )


def reread(read: Read) -> Read | Unread:
    """The same API, read again. Raises Interrupted."""
    return _read(read.live.target, read.desired, read.connection)


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


def _read(target: Target, desired: Desired, connection: Connection) -> Read | Unread:
    try:
        return Read(desired, connection.reader.rest_api(target), connection)
    except Interrupted:
        raise
    except ReconcilerError as failure:
        return unread([desired], failure)


def unread(desireds: Iterable[Desired], failure: ReconcilerError) -> Unread:
    """What is to be said of manifests (at least one) that fail alike."""
    refs = [ref for desired in desireds for ref in desired.manifests]
    return Unread(tuple(ref.name for ref in refs), failure, refs[0].location)


_Found: TypeAlias = tuple[dict[Target, list[Desired]], tuple[Unread, ...]]


def _find(manifests: Sequence[Desired], connection: Connection) -> _Found:
    """Each target with its manifests, and what cannot be found; only names need the listing of the region."""
    by_name = [one for one in manifests if _ref(one).name]
    try:
        apis = connection.reader.rest_apis() if by_name else ()
    except Interrupted:
        raise
    except ReconcilerError as failure:
        found, lost = _addressed([one for one in manifests if _ref(one).id], (), connection)
        return found, (unread(by_name, failure), *lost)
    return _addressed(manifests, apis, connection)


def _addressed(manifests: Sequence[Desired], apis: Sequence[ApiSummary], connection: Connection) -> _Found:
    targets: dict[str, Target] = {}
    found: dict[str, list[Desired]] = {}
    lost = []
    for one in manifests:
        try:
            target = _target(_ref(one), apis, connection)
        except ApiNotFound as failure:
            lost.append(unread([one], failure))
            continue
        known = targets.setdefault(target.api_id, target)
        targets[target.api_id] = replace(known, api_name=known.api_name or target.api_name)
        found.setdefault(target.api_id, []).append(one)
    return {targets[api_id]: desireds for api_id, desireds in found.items()}, tuple(lost)


def _ref(desired: Desired) -> ApiRef:
    return desired.manifests[0].api


def _target(ref: ApiRef, apis: Sequence[ApiSummary], connection: Connection) -> Target:
    if ref.id:
        return Target(connection.account_id, connection.region, ref.id)
    where = f"account {connection.account_id}, {connection.region}"
    ids = sorted(api.id for api in apis if api.name == ref.name)
    if len(ids) == 1:
        return Target(connection.account_id, connection.region, ids[0], api_name=ref.name)
    if ids:
        raise ApiNotFound(
            f"{len(ids)} REST APIs are named {ref.name!r} in {where}: {', '.join(ids)}",
            "address the one you mean by its id: `api: {id: ...}`",
        )
    near = difflib.get_close_matches(ref.name or "", sorted({api.name for api in apis}), n=1)
    hint = f"did you mean {near[0]!r}?" if near else "check name, region and credentials"
    raise ApiNotFound(f"no REST API is named {ref.name!r} in {where}", hint)
