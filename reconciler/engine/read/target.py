"""Read one API, and bring its desired and its live state under the same names.

A target that cannot be read is a `ReadFailure` that names its manifests, never an empty API.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from reconciler.diagnostics import Diagnostic, warning
from reconciler.engine.load.ignore_rules import addresses, glob_matches, ignored_fields
from reconciler.engine.load.project import AccountRegion, ProjectSettings
from reconciler.engine.read.connect import ReadFailure, target_failure
from reconciler.errors import Interrupted, ReconcilerError
from reconciler.models.deferred import Deferred
from reconciler.models.desired import Desired
from reconciler.models.live import LiveApi
from reconciler.models.needs import ensured_routes
from reconciler.models.targets import Kind, Target
from reconciler.models.views import listed_integrations
from reconciler.ports import Connection, IntegrationSelection
from reconciler.resolve.bind import bind, bind_base, carry_live_values
from reconciler.resolve.defer import defer
from reconciler.rules import RunRule


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """A target to read, its desired state, and the part of it that `--only` selects.

    `allow_missing`: responses of methods that do not exist yet are deferred. `base` is as in `TargetState`, not yet
    bound. `awaited`: the names of the methods that a saved plan waits for. `is_strict`: the responses of unlisted
    WebSocket integrations are read too, and those of unlisted methods can be ignored and selected.
    """

    account_region: AccountRegion
    target: Target
    desired: Desired
    only: Sequence[str] = ()
    allow_missing: bool = False
    base: Desired | None = None
    awaited: Collection[str] = ()
    is_strict: bool = False


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
    request: ReadRequest
    diagnostics: tuple[Diagnostic, ...] = ()
    deferred: tuple[Deferred, ...] = ()
    base: Desired | None = None

    @property
    def connection(self) -> Connection:
        """The connection to the API's account and region."""
        return self.request.account_region.connection

    @property
    def addresses(self) -> Iterator[str]:
        """The address of every response, desired or live."""
        return addresses(self.declared, self.live, unlisted=self.request.is_strict)

    @property
    def is_selected(self) -> bool:
        """Whether `--only` selects any response of the API; without `--only` it does."""
        only = self.request.only
        return not only or any(glob_matches(glob, address) for address in self.addresses for glob in only)

    @property
    def settings(self) -> ProjectSettings:
        """The settings of its configuration."""
        return self.request.account_region.project.settings

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """The contradictions, and a warning where a CloudFormation stack owns the API."""
        return (*with_site(self.diagnostics, self.live.target), *_managed_by_stack(self))


def with_site(diagnostics: Iterable[Diagnostic], target: Target) -> Iterator[Diagnostic]:
    """Yield the diagnostics about an API with its environment and region in the message, if there are environments."""
    for diagnostic in diagnostics:
        place = f" ({target.environment}, {target.region})" if target.environment else ""
        yield replace(diagnostic, message=diagnostic.message + place)


def _managed_by_stack(state: TargetState) -> Iterator[Diagnostic]:
    """Warn of an API in a CloudFormation stack: an update that replaces a method removes its responses."""
    stack = state.live.target.stack
    if stack:
        message = f"{state.live.target} belongs to the CloudFormation stack {stack}, whose updates may undo changes"
        remedy = "remove the IntegrationResponses of the listed methods from the stack's template"
        yield warning(RunRule.MANAGED_BY_STACK, message, remedy, state.declared.manifests[0].location)


def reread(state: TargetState) -> TargetState | ReadFailure:
    """Read the same API again. Raises Interrupted."""
    return read_target(state.request)


def read_target(read_request: ReadRequest) -> TargetState | ReadFailure:
    """Read an API. Raises Interrupted."""
    try:
        live = _live(read_request)
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


def _live(read_request: ReadRequest) -> LiveApi:
    target, reader = read_request.target, read_request.account_region.connection.reader
    match target.kind:
        case Kind.REST_API:
            return reader.rest_api(target)
        case Kind.WEBSOCKET_API:
            return reader.websocket_api(target, _listed(read_request.desired, everything=read_request.is_strict))
        case _:
            assert_never(target.kind)


def _listed(desired: Desired, *, everything: bool) -> IntegrationSelection:
    integrations = listed_integrations(desired)
    return IntegrationSelection(
        everything=everything,
        routes=frozenset(integration.route for integration in integrations if integration.route),
        two_way=ensured_routes(desired),
        integrations=frozenset(integration.id for integration in integrations if integration.id),
    )
