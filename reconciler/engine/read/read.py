"""Read the APIs that manifests are for, and bring desired and live state under the same names.

Manifests of one API share one read (`lookup` finds it). An API that is the target of two environments is refused before
any API is read. A target that cannot be read is a `ReadFailure` that names its manifests, never an empty API. Several
APIs are read in parallel, and no writer is opened.

There is no state file: AWS itself is read on every run. Whether a difference comes from this branch or from AWS is
derived from the manifests at a base revision (`baseline`), which git keeps already; a state file would be a second
truth to store, lock and repair.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from reconciler.diagnostics import Diagnostic, warning
from reconciler.documents.canonical import target_id
from reconciler.engine.load.ignore_rules import addresses, check_only, glob_matches, ignored_fields, unused_rules
from reconciler.engine.load.project import AccountRegion, ProjectSettings
from reconciler.engine.load.request import Request
from reconciler.engine.read.baseline import Baseline, BaseStates, base_states
from reconciler.engine.read.connect import ReadFailure, target_failure
from reconciler.engine.read.lookup import find_targets_and_base
from reconciler.engine.read.misaddressed import ListingCache, Listings, explain_not_found
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
from reconciler.resolve.bind import bind, bind_base, carry_live_values
from reconciler.resolve.defer import defer
from reconciler.rules import RunRule

__all__ = [
    "ReadFailure",
    "ReadRequest",
    "ReadResult",
    "TargetState",
    "read_targets",
    "reread",
    "target_failure",
    "target_state",
]


@dataclass(frozen=True, slots=True)
class TargetState:
    """One API: its desired and its live state, under the same names.

    `declared` is what the manifests say. In `desired`, ignored values are replaced by the live ones, and responses that
    wait for their method are left out; they are in `deferred`. `diagnostics` are contradictions that show only once
    the live state is known. `base` is the desired state at the base, under the same names and with the same values
    ignored; None without a base, or if it is unknown.
    """

    declared: Desired
    desired: Desired
    live: LiveApi
    request: "ReadRequest"
    diagnostics: tuple[Diagnostic, ...] = ()
    deferred: tuple[Deferred, ...] = ()
    base: Desired | None = None

    @property
    def connection(self) -> Connection:
        """The connection to the API's account and region."""
        return self.request.account_region.connection

    @property
    def is_selected(self) -> bool:
        """Whether `--only` selects any response of the API; without `--only` it does."""
        only = self.request.only
        return not only or any(
            glob_matches(glob, address) for address in addresses(self.declared, self.live) for glob in only
        )

    @property
    def settings(self) -> ProjectSettings:
        """The settings of its configuration."""
        return self.request.account_region.project.settings


@dataclass(frozen=True, slots=True)
class ReadResult:
    """All targets of a run, and those that could not be read.

    `diagnostics` are contradictions that show only once names are resolved and the live state is known, and ignore
    rules without effect.
    """

    reads: tuple[TargetState, ...] = ()
    unread: tuple[ReadFailure, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """A target to read, its desired state, and the part of it that `--only` selects.

    `allow_missing`: responses of methods that do not exist yet are deferred. `base` is as in `TargetState`, not yet
    bound. `awaited`: the names of the methods that a saved plan waits for.
    """

    account_region: AccountRegion
    target: Target
    desired: Desired
    only: Sequence[str] = ()
    allow_missing: bool = False
    base: Desired | None = None
    awaited: Collection[str] = ()


def read_targets(
    account_regions: Sequence[AccountRegion],
    request: Request,
    unreached: Sequence[ReadFailure] = (),
    base: Baseline | None = None,
    cache: ListingCache | None = None,
) -> ReadResult:
    """Find each manifest's API and read every API once; what is `unreached` counts as unread too.

    `cache` keeps the listings for others.

    Raises Refused for an API that is the target of two environments, UsageError for an `--only` without a match,
    Interrupted.
    """
    baseline = base or Baseline()
    lookups, found_at_base = find_targets_and_base(
        account_regions, baseline.account_regions or (), request.parallelism, cache
    )
    at_base = base_states(baseline, found_at_base, account_regions)
    read_requests: list[ReadRequest] = []
    diagnostics = list(baseline.diagnostics)
    conflicts: list[Diagnostic] = []
    for account_region, (apis, _) in lookups:
        for target, desireds in apis.items():
            if request.choice and not request.choice.covers(target):
                continue
            desired, contradictions = merge(desireds)
            desired_at_base, unknown = at_base.desired_at(target, desired)
            diagnostics += unknown
            conflicts += contradictions
            read_requests.append(
                ReadRequest(
                    account_region,
                    target,
                    desired,
                    request.only,
                    request.allow_missing,
                    desired_at_base,
                    _awaited(target, request),
                )
            )
    outcomes = _explained(read_requests, in_parallel(_read, read_requests, request.parallelism))
    states = tuple(outcome for outcome in outcomes if isinstance(outcome, TargetState))
    not_found = [failure for _, (_, failures) in lookups for failure in failures]
    unread = (*unreached, *not_found, *(outcome for outcome in outcomes if isinstance(outcome, ReadFailure)))
    if not unread:
        check_only(request.only, [address for state in states for address in addresses(state.declared, state.live)])
    diagnostics += conflicts
    diagnostics += (problem for state in states for problem in (*state.diagnostics, *_managed_by_stack(state)))
    diagnostics += _released(states, at_base, narrowed=request.is_narrowed or bool(unread))
    diagnostics += () if unread else _unused_rules(states, account_regions, narrowed=request.is_narrowed)
    return ReadResult(states, unread, tuple(diagnostics))


def _released(states: Sequence[TargetState], base: BaseStates, *, narrowed: bool) -> Iterator[Diagnostic]:
    for state in states:
        if state.base:
            yield from released_methods(state.base, state.declared, base.revision, narrowed=narrowed)
    if not narrowed:
        yield from released_apis([state.live.target for state in states], base)


def _awaited(target: Target, request: Request) -> Collection[str]:
    return request.awaited.get(target_id(target), ()) if request.awaited else ()


def _managed_by_stack(state: TargetState) -> Iterator[Diagnostic]:
    """Warn of an API in a CloudFormation stack: an update that replaces a method removes its responses."""
    stack = state.live.target.stack
    if stack:
        message = f"{state.live.target} belongs to the CloudFormation stack {stack}, whose updates may undo changes"
        remedy = "remove the IntegrationResponses of the listed methods from the stack's template"
        yield warning(RunRule.MANAGED_BY_STACK, message, remedy, state.declared.manifests[0].location)


def _unused_rules(
    states: Sequence[TargetState], account_regions: Sequence[AccountRegion], *, narrowed: bool
) -> Iterator[Diagnostic]:
    """Warn of ignore rules that match nothing in any environment of the run."""
    rules_by_file = {
        account_region.project.file: account_region.project.settings.ignore for account_region in account_regions
    }
    for file, rules in rules_by_file.items():
        of_file = [state for state in states if state.request.account_region.project.file == file]
        known = [address for state in of_file for address in addresses(state.declared, state.live)]
        names = dict.fromkeys(state.request.account_region.project.name for state in of_file)
        scope = f" in {', '.join(name for name in names if name)}" if any(names) else ""
        yield from unused_rules(rules, known, scope, narrowed=narrowed)


def reread(state: TargetState) -> TargetState | ReadFailure:
    """Read the same API again. Raises Interrupted."""
    return _read(state.request)


def _read(read_request: ReadRequest) -> TargetState | ReadFailure:
    try:
        live = _live(read_request.target, read_request.desired, read_request.account_region.connection.reader)
    except Interrupted:
        raise
    except ReconcilerError as failure:
        return target_failure([read_request.desired], failure, read_request.target)
    return target_state(read_request, live)


def target_state(read_request: ReadRequest, live: LiveApi) -> TargetState:
    """Return the desired and the live state of an API under the same names; `live` may be bound already."""
    bound = bind(read_request.desired, live)
    settings = read_request.account_region.project.settings
    ignored = ignored_fields(bound.desired, settings.ignore, read_request.only)
    desired = carry_live_values(bound.desired, bound.live, ignored) if ignored else bound.desired
    ready, deferred = defer(desired, bound.live) if read_request.allow_missing else (desired, ())
    base = bind_base(read_request.base, bound) if read_request.base else None
    base = carry_live_values(base, bound.live, ignored) if base and ignored else base
    return TargetState(bound.desired, ready, bound.live, read_request, bound.diagnostics, deferred, base)


def _explained(
    read_requests: Sequence[ReadRequest], outcomes: Sequence[TargetState | ReadFailure]
) -> list[TargetState | ReadFailure]:
    """Return the same outcomes; the failure to read an unknown id is explained."""
    listings: dict[int, Listings] = {}
    return [
        _explained_failure(read_request, outcome, listings)
        if isinstance(outcome, ReadFailure) and read_request.target.api_name is None
        else outcome
        for read_request, outcome in zip(read_requests, outcomes, strict=True)
    ]


def _explained_failure(read_request: ReadRequest, failed: ReadFailure, listings: dict[int, Listings]) -> ReadFailure:
    if not isinstance(failed.failure, ApiNotFound):
        return failed
    connection = read_request.account_region.connection
    known = listings.setdefault(id(connection), Listings(connection))
    ref = ApiRef(id=read_request.target.api_id)
    return replace(failed, failure=explain_not_found(ref, read_request.target.kind, known, failed.failure))


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
