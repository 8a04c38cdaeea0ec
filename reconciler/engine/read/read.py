"""Manifests -> the APIs they mean (`finding`), read in bulk, and both under the same names.

Promise: manifests of one API share one read. An API that two environments lead to is refused before any is read. A
target that cannot be read is a value (`ReadFailure`) that names its manifests, and never an empty API. Reads of several
APIs run in parallel; no writer is made.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from reconciler.diagnostics import Diagnostic, warning
from reconciler.documents.canonical import target_id
from reconciler.engine.load.ignore_rules import addresses, check_only, fits, idle, left_alone
from reconciler.engine.load.project import AccountRegion, ProjectSettings
from reconciler.engine.load.request import Request
from reconciler.engine.read.baseline import Baseline, BaseStates, origins
from reconciler.engine.read.connect import ReadFailure, unread
from reconciler.engine.read.lookup import find_beside
from reconciler.engine.read.misaddressed import Listings, explained
from reconciler.engine.read.orphans import released_apis, released_methods
from reconciler.errors import ApiNotFound, Interrupted, ReconcilerError
from reconciler.models.deferred import Deferred
from reconciler.models.desired import Desired
from reconciler.models.live import LiveApi
from reconciler.models.targets import ApiRef, Kind, Target
from reconciler.models.views import listed_integrations
from reconciler.parallel import in_parallel
from reconciler.ports import Connection, IntegrationSelection, Reader
from reconciler.resolve import merge
from reconciler.resolve.bind import bind, bind_beside, carry
from reconciler.resolve.defer import defer
from reconciler.rules import RunRule

__all__ = [
    "ReadFailure",
    "ReadRequest",
    "ReadResult",
    "TargetState",
    "beside",
    "in_parallel",
    "read_targets",
    "reread",
    "unread",
]


@dataclass(frozen=True, slots=True)
class TargetState:
    """One API: what is wanted of it and what it holds, under the same names.

    `declared` is what the manifests say; in `desired`, what is to be left alone has its live values, and what waits for
    its method is not there but in `deferred`. `diagnostics` are contradictions that are seen only beside what is live.
    `base` is what was wanted where the branch began, under the same names and with the same left alone; None where
    nobody asked, or that cannot be told.
    """

    declared: Desired
    desired: Desired
    live: LiveApi
    aim: "ReadRequest"
    diagnostics: tuple[Diagnostic, ...] = ()
    deferred: tuple[Deferred, ...] = ()
    base: Desired | None = None

    @property
    def connection(self) -> Connection:
        """The way to it."""
        return self.aim.site.connection

    @property
    def is_selected(self) -> bool:
        """Whether the run is about any response of it: without `--only` it is."""
        only = self.aim.only
        return not only or any(fits(glob, address) for address in addresses(self.declared, self.live) for glob in only)

    @property
    def settings(self) -> ProjectSettings:
        """What its configuration says."""
        return self.aim.site.assignment.settings


@dataclass(frozen=True, slots=True)
class ReadResult:
    """All targets of a run.

    `diagnostics`: what contradicts itself once names are resolved and live state is known, and ignore rules that do
    nothing.
    """

    reads: tuple[TargetState, ...] = ()
    unread: tuple[ReadFailure, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """A target, all that its manifests want of it, and what `--only` leaves of that.

    `allow_missing`: what is wanted of methods that are not there is deferred. `base` is as in `TargetState`, not yet
    bound. `awaited`: the names of the methods that a saved plan waited for.
    """

    site: AccountRegion
    target: Target
    desired: Desired
    only: Sequence[str] = ()
    allow_missing: bool = False
    base: Desired | None = None
    awaited: Collection[str] = ()


def read_targets(
    sites: Sequence[AccountRegion],
    request: Request,
    unreached: Sequence[ReadFailure] = (),
    base: Baseline | None = None,
) -> ReadResult:
    """Find each manifest's API and read every API once; what is `unreached` is unread too.

    Raises Refused for an API that two environments lead to, UsageError for an `--only` that names nothing, Interrupted.
    """
    before = base or Baseline()
    found, at_base = find_beside(sites, before.sites or (), request.parallelism)
    merged = [(site, target, *merge(desireds)) for site, (apis, _) in found for target, desireds in apis.items()]
    began = origins(before, at_base, sites)
    bases = [began.of(target, desired) for _, target, desired, _ in merged]
    aims = [
        ReadRequest(site, target, desired, request.only, request.allow_missing, wanted, _awaited(target, request))
        for (site, target, desired, _), (wanted, _) in zip(merged, bases, strict=True)
    ]
    outcomes = _explained(aims, in_parallel(_read, aims, request.parallelism))
    reads = tuple(outcome for outcome in outcomes if isinstance(outcome, TargetState))
    unfound = [loss for _, (_, losses) in found for loss in losses]
    lost = (*unreached, *unfound, *(outcome for outcome in outcomes if isinstance(outcome, ReadFailure)))
    if not lost:
        check_only(request.only, [address for read in reads for address in addresses(read.declared, read.live)])
    return ReadResult(
        reads=reads,
        unread=lost,
        diagnostics=(
            *before.diagnostics,
            *(untold for _, untolds in bases for untold in untolds),
            *(clash for *_, clashes in merged for clash in clashes),
            *(found for read in reads for found in (*read.diagnostics, *_made_by_a_stack(read))),
            *_released(reads, began, narrowed=request.is_narrowed or bool(lost)),
            *(() if lost else _idle(reads, sites, narrowed=request.is_narrowed)),
        ),
    )


def _released(reads: Sequence[TargetState], began: BaseStates, *, narrowed: bool) -> Iterator[Diagnostic]:
    for read in reads:
        if read.base:
            yield from released_methods(read.base, read.declared, began.revision, narrowed=narrowed)
    if not narrowed:
        yield from released_apis([read.live.target for read in reads], began)


def _awaited(target: Target, request: Request) -> Collection[str]:
    return request.awaited.get(target_id(target), ()) if request.awaited else ()


def _made_by_a_stack(read: TargetState) -> Iterator[Diagnostic]:
    """A stack update that replaces a method takes its responses along."""
    stack = read.live.target.stack
    if stack:
        message = f"{read.live.target} belongs to the CloudFormation stack {stack}, whose updates may undo this"
        remedy = "take the listed methods' IntegrationResponses out of the stack's template"
        yield warning(RunRule.MANAGED_BY_STACK, message, remedy, read.declared.manifests[0].location)


def _idle(reads: Sequence[TargetState], sites: Sequence[AccountRegion], *, narrowed: bool) -> Iterator[Diagnostic]:
    """Ignore rules that matched nothing in any environment of the run."""
    by_file = {site.assignment.file: site.assignment.settings.ignore for site in sites}
    for file, rules in by_file.items():
        ours = [read for read in reads if read.aim.site.assignment.file == file]
        known = [address for our in ours for address in addresses(our.declared, our.live)]
        names = dict.fromkeys(our.aim.site.assignment.name for our in ours)
        where = f" in {', '.join(name for name in names if name)}" if any(names) else ""
        yield from idle(rules, known, where, narrowed=narrowed)


def reread(read: TargetState) -> TargetState | ReadFailure:
    """The same API, read again. Raises Interrupted."""
    return _read(read.aim)


def _read(aim: ReadRequest) -> TargetState | ReadFailure:
    try:
        live = _live(aim.target, aim.desired, aim.site.connection.reader)
    except Interrupted:
        raise
    except ReconcilerError as failure:
        return unread([aim.desired], failure, aim.target.environment)
    return beside(aim, live)


def beside(aim: ReadRequest, live: LiveApi) -> TargetState:
    """What is wanted of an API beside what it holds, under the same names; `live` may be bound already."""
    bound = bind(aim.desired, live)
    leaves = left_alone(bound.desired, aim.site.assignment.settings.ignore, aim.only)
    desired = carry(bound.desired, bound.live, leaves) if leaves else bound.desired
    ready, deferred = defer(desired, bound.live) if aim.allow_missing else (desired, ())
    base = bind_beside(aim.base, bound) if aim.base else None
    base = carry(base, bound.live, leaves) if base and leaves else base
    return TargetState(bound.desired, ready, bound.live, aim, bound.diagnostics, deferred, base)


def _explained(
    aims: Sequence[ReadRequest], outcomes: Sequence[TargetState | ReadFailure]
) -> list[TargetState | ReadFailure]:
    """The same outcomes; of an id that nobody has, with what else has it."""
    listings: dict[int, Listings] = {}
    return [
        _explained_one(aim, one, listings) if isinstance(one, ReadFailure) and aim.target.api_name is None else one
        for aim, one in zip(aims, outcomes, strict=True)
    ]


def _explained_one(aim: ReadRequest, lost: ReadFailure, listings: dict[int, Listings]) -> ReadFailure:
    if not isinstance(lost.failure, ApiNotFound):
        return lost
    connection = aim.site.connection
    known = listings.setdefault(id(connection), Listings(connection))
    ref = ApiRef(id=aim.target.api_id)
    return replace(lost, failure=explained(ref, aim.target.kind, known, lost.failure))


def _live(target: Target, desired: Desired, reader: Reader) -> LiveApi:
    match target.kind:
        case Kind.REST_API:
            return reader.rest_api(target)
        case Kind.WEBSOCKET_API:
            return reader.websocket_api(target, _listed(desired))
        case _:
            assert_never(target.kind)


def _listed(desired: Desired) -> IntegrationSelection:
    integrations = listed_integrations(desired)
    return IntegrationSelection(
        routes=frozenset(integration.route for integration in integrations if integration.route),
        integrations=frozenset(integration.id for integration in integrations if integration.id),
    )
