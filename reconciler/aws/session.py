"""The entry point: credentials, region, account.

`AwsCloud.connect` first finds out the account, once per credentials and run, and returns readers that cannot write. A
client that can write is created only by `open_writer`, and one for WebSocket APIs only at the first call about them.
Missing or wrong boto3 settings raise CredentialsError or ConfigurationError, with a remedy. boto3 is imported at the
first `connect`.
"""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, TypeAlias, TypeVar, assert_never

from reconciler.aws import calls, response_checks
from reconciler.aws.calls import Destination
from reconciler.aws.clock import BoundedClock
from reconciler.aws.endpoints import custom_endpoint
from reconciler.aws.prompts import has_terminal
from reconciler.aws.rate_limit import RateLimiter, RateLimiters
from reconciler.aws.rest_invoker import RestInvoker
from reconciler.aws.rest_reader import RestReader
from reconciler.aws.rest_writer import RestWriter
from reconciler.aws.retry import ApiCaller
from reconciler.aws.trail import EventHistory
from reconciler.aws.websocket_client import OpenWebSocketClient, WebSocketClient
from reconciler.aws.websocket_reader import WebSocketReader
from reconciler.aws.websocket_writer import WebSocketWriter
from reconciler.errors import AccessDenied, AwsError
from reconciler.meter import CallMeter
from reconciler.models.definitions import Definitions
from reconciler.models.live import LiveApi
from reconciler.models.stages import Deployment, Stage
from reconciler.models.targets import Coordinates, Kind, Role, Target
from reconciler.parallel import OnceForEach
from reconciler.ports import Clock, Connection, StopSignal

if TYPE_CHECKING:
    from botocore.client import BaseClient
    from types_boto3_apigateway import APIGatewayClient
    from types_boto3_apigatewayv2 import ApiGatewayV2Client

    from reconciler.aws.clients import Clients, ProfileClients

T = TypeVar("T")

_Identity: TypeAlias = tuple[str | None, Role | None, str | None]
"""Profile, role and endpoint URL, which determine the account."""


class AwsReader(RestReader, WebSocketReader):
    """`ports.Reader`: both halves, sharing one rate limiter."""

    def __init__(
        self, client: "APIGatewayClient", caller: ApiCaller, open_client: OpenWebSocketClient, parallelism: int
    ) -> None:
        RestReader.__init__(self, client, caller)
        WebSocketReader.__init__(self, open_client, parallelism)

    def stage(self, target: Target, name: str) -> Stage | None:
        """Return a stage of either kind of API, None if the API has none of that name."""
        match target.kind:
            case Kind.REST_API:
                return self.rest_stage(target, name)
            case Kind.WEBSOCKET_API:
                return self.websocket_stage(target, name)
            case _:
                assert_never(target.kind)

    def stages(self, target: Target) -> list[Stage]:
        """Return every stage of either kind of API."""
        match target.kind:
            case Kind.REST_API:
                return self.rest_stages(target)
            case Kind.WEBSOCKET_API:
                return self.websocket_stages(target)
            case _:
                assert_never(target.kind)

    def deployment(self, target: Target, deployment_id: str) -> Deployment | None:
        """Return a deployment of either kind of API, None if the API has none of that id."""
        match target.kind:
            case Kind.REST_API:
                return self.rest_deployment(target, deployment_id)
            case Kind.WEBSOCKET_API:
                return self.websocket_deployment(target, deployment_id)
            case _:
                assert_never(target.kind)

    def deployed(self, target: Target, stage_name: str) -> LiveApi:
        """Return what a stage of a REST API serves. Raises TypeError for a WebSocket API, which cannot be exported."""
        if target.kind is not Kind.REST_API:
            raise TypeError(f"{target}: AWS cannot export what a stage of a WebSocket API serves")
        return self.rest_deployed(target, stage_name)

    def definitions(self, target: Target) -> Definitions:
        """Return models, request validators and gateway responses. Raises TypeError for a WebSocket API."""
        if target.kind is not Kind.REST_API:
            raise TypeError(f"{target}: the definitions of a WebSocket API are not compared")
        return self.rest_definitions(target)


class AwsWriter(RestWriter, WebSocketWriter):
    """`ports.Writer`: both halves, sharing one rate limiter."""

    def __init__(self, client: "APIGatewayClient", caller: ApiCaller, open_client: OpenWebSocketClient) -> None:
        RestWriter.__init__(self, client, caller)
        WebSocketWriter.__init__(self, open_client)

    def deploy(self, target: Target, stage_name: str, description: str) -> Deployment:
        """Deploy an API of either kind to a stage."""
        match target.kind:
            case Kind.REST_API:
                return self.rest_deploy(target, stage_name, description)
            case Kind.WEBSOCKET_API:
                return self.websocket_deploy(target, stage_name, description)
            case _:
                assert_never(target.kind)

    def point_stage(self, target: Target, stage_name: str, deployment_id: str) -> None:
        """Make a stage of an API of either kind serve an earlier deployment."""
        match target.kind:
            case Kind.REST_API:
                self.rest_point_stage(target, stage_name, deployment_id)
            case Kind.WEBSOCKET_API:
                self.websocket_point_stage(target, stage_name, deployment_id)
            case _:
                assert_never(target.kind)


class AwsCloud:
    """`ports.Cloud` through boto3; safe to use from several threads.

    `quota_share` is the part of the account's quotas to use (above 0, at most 1), None for no rate limit. `parallelism`
    is how many threads may use a connection without waiting for one another, and how many lists of integration
    responses a connection reads at once in total.
    """

    def __init__(
        self,
        clock: Clock,
        stop: StopSignal,
        quota_share: float | None = 0.5,
        parallelism: int = 8,
        rng: random.Random | None = None,
    ) -> None:
        self._clock = BoundedClock(clock)
        self._stop = stop
        self._rate_limiters = RateLimiters(self._clock, stop, quota_share)
        self._parallelism = parallelism
        self._rng = rng or random.Random()  # noqa: S311 - spreads retries, guards nothing
        self._profiles: OnceForEach[_Identity, ProfileClients] = OnceForEach()
        self._clients: OnceForEach[_Identity, Clients | AccessDenied] = OnceForEach()
        self._callers: OnceForEach[_Identity, response_checks.CallerIdentity] = OnceForEach()
        self._connections: OnceForEach[Coordinates, Connection | AwsError] = OnceForEach()

    def sign_in(self, coordinates: Coordinates) -> None:
        """Prompt the user, if credentials need that, before several threads connect (`ports.Prompting`).

        Does nothing without a terminal. A failure is left to `connect`.
        """
        if has_terminal():
            with suppress(AwsError):
                self._profile_clients(coordinates).sign_in(coordinates)

    def connect(self, coordinates: Coordinates) -> Connection:
        """Find out the account and return a connection; the same coordinates give the same connection.

        Each role is assumed once, and each set of credentials asked for its account once, by the first thread that
        needs it; other identities do not wait for that. A failure is remembered too, so that hundreds of targets do not
        each wait for the same one. Raises CredentialsError, ConfigurationError, any AwsError of AssumeRole and
        GetCallerIdentity, Interrupted.
        """
        return _unless_failed(self._connections.get(coordinates, lambda: self._connection_or_error(coordinates)))

    def _connection_or_error(self, coordinates: Coordinates) -> Connection | AwsError:
        try:
            return self._new_connection(coordinates)
        except AwsError as error:
            return error

    def _new_connection(self, coordinates: Coordinates) -> Connection:
        clients = self._clients_of(coordinates)
        region = clients.region(coordinates)
        account_id, principal = self._callers.get(
            _identity(coordinates), lambda: self._caller_identity(clients, coordinates)
        )
        limiter = self._rate_limiters.limiter(
            account_id, region
        )  # shared by both kinds of API, which AWS counts together
        meter = CallMeter()

        def caller_of(client: "BaseClient") -> ApiCaller:
            return self._caller(clients, clients.destination(client, account_id), limiter, meter)

        def opener(make: "Callable[[Coordinates], ApiGatewayV2Client]") -> OpenWebSocketClient:
            def open_client() -> WebSocketClient:
                client = make(coordinates)
                return WebSocketClient(client, caller_of(client))

            return cache(open_client)

        client = clients.read_client(coordinates)
        caller = caller_of(client)
        reader = AwsReader(client, caller, opener(clients.websocket_read_client), self._parallelism)
        endpoint_url = custom_endpoint(client.meta.endpoint_url)

        def open_trail() -> EventHistory | None:
            trail_client = clients.trail_client(coordinates)
            if custom_endpoint(trail_client.meta.endpoint_url) != endpoint_url:
                return None  # AWS's history says nothing about the APIs of another endpoint
            destination = clients.destination(trail_client, account_id)
            trail_limiter = self._rate_limiters.trail_limiter(account_id, region)
            return EventHistory(trail_client, self._caller(clients, destination, trail_limiter, CallMeter()))

        return Connection(
            account_id,
            region,
            reader,
            cache(lambda: AwsWriter(clients.write_client(coordinates), caller, opener(clients.websocket_write_client))),
            lambda timeout: RestInvoker(clients.invoke_client(coordinates, timeout), caller),
            caller.destination.partition,
            endpoint_url,
            meter,
            limiter.read_delay,
            cache(open_trail),
            principal,
        )

    def _caller(
        self, clients: "Clients", destination: Destination, limiter: RateLimiter, meter: CallMeter
    ) -> ApiCaller:
        return ApiCaller(destination, limiter, self._clock, self._stop, self._rng, meter, clients.signing)

    def _clients_of(self, coordinates: Coordinates) -> "Clients":
        """Return the clients of the profile, or of the role that it assumes.

        Whether a role may be assumed does not depend on the region, so that a refusal is final.
        """

        def assume() -> "Clients | AccessDenied":
            try:
                return self._assume(role, coordinates) if role else self._profile_clients(coordinates)
            except AccessDenied as refusal:
                return refusal

        role = coordinates.role
        return _unless_failed(self._clients.get(_identity(coordinates), assume))

    def _profile_clients(self, coordinates: Coordinates) -> "ProfileClients":
        from reconciler.aws.clients import ProfileClients  # noqa: PLC0415 - boto3 costs 0.1 s

        identity = _identity(replace(coordinates, role=None))
        return self._profiles.get(identity, lambda: ProfileClients(coordinates.profile, self._parallelism))

    def _assume(self, role: Role, coordinates: Coordinates) -> "Clients":
        from reconciler.aws.role_credentials import RoleCredentials  # noqa: PLC0415 - boto3 costs 0.1 s

        base = self._profile_clients(coordinates)
        client = base.sts_client(coordinates)
        destination = base.destination(client)
        caller = self._caller(base, destination, self._rate_limiters.unlimited(), CallMeter())

        def assume() -> response_checks.Raw:
            return caller.call(
                calls.assume_role(destination, role),
                lambda: response_checks.parse_role_credentials(base.assume(client, role)),
            )

        return base.as_role(role, RoleCredentials(assume, self._clock))

    def _caller_identity(self, clients: "Clients", coordinates: Coordinates) -> response_checks.CallerIdentity:
        """Return account and principal. A failure is not remembered: the region may be what is wrong."""
        client = clients.sts_client(coordinates)
        destination = clients.destination(client)
        return self._caller(clients, destination, self._rate_limiters.unlimited(), CallMeter()).call(
            calls.get_caller_identity(destination, clients.credentials_name),
            lambda: response_checks.parse_identity(client.get_caller_identity()),
        )


def _unless_failed(outcome: T | AwsError) -> T:
    """Return the outcome. Raises the failure if it is one, as an exception of its own for each thread."""
    if isinstance(outcome, AwsError):
        raise type(outcome)(outcome.message, outcome.remedy) from outcome.__cause__
    return outcome


def _identity(coordinates: Coordinates) -> _Identity:
    return coordinates.profile, coordinates.role, coordinates.endpoint_url
