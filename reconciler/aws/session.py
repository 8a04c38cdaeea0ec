"""The entry point: credentials, region, account.

`AwsCloud.connect` first finds out the account, once per credentials and run, and returns readers that cannot write. A
client that can write is created only by `open_writer`, and one for WebSocket APIs only at the first call about them.
Missing or wrong boto3 settings raise CredentialsError or ConfigurationError, with a remedy. boto3 is imported at the
first `connect`.
"""

import random
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias, TypeVar, assert_never

from reconciler.aws import calls, response_checks
from reconciler.aws.calls import Destination
from reconciler.aws.clock import BoundedClock
from reconciler.aws.endpoints import custom_endpoint
from reconciler.aws.rate_limit import RateLimiter, RateLimiters
from reconciler.aws.rest_invoker import RestInvoker
from reconciler.aws.rest_reader import RestReader
from reconciler.aws.rest_writer import RestWriter
from reconciler.aws.retry import ApiCaller
from reconciler.aws.trail import EventHistory
from reconciler.aws.websocket_client import OpenWebSocketClient, WebSocketClient
from reconciler.aws.websocket_reader import WebSocketReader
from reconciler.aws.websocket_writer import WebSocketWriter
from reconciler.errors import AwsError
from reconciler.models.definitions import Definitions
from reconciler.models.live import LiveApi
from reconciler.models.stages import Deployment, Stage
from reconciler.models.targets import Coordinates, Kind, Role, Target
from reconciler.ports import Clock, Connection, StopSignal

if TYPE_CHECKING:
    from types_boto3_apigateway import APIGatewayClient
    from types_boto3_apigatewayv2 import ApiGatewayV2Client

    from reconciler.aws.clients import Clients

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
        self._lock = threading.RLock()  # boto3's clients are thread-safe, creating them is not
        self._clients: dict[_Identity, Clients] = {}
        self._accounts: dict[_Identity, str] = {}
        self._failures: dict[Coordinates, AwsError] = {}
        self._connections: dict[Coordinates, Connection] = {}

    def connect(self, coordinates: Coordinates) -> Connection:
        """Find out the account and return a connection; the same coordinates give the same connection.

        A failure is remembered too, so that hundreds of targets do not each wait for the same one. Raises
        CredentialsError, ConfigurationError, any AwsError of AssumeRole and GetCallerIdentity, Interrupted.
        """
        with self._lock:
            if coordinates in self._failures:
                failure = self._failures[coordinates]
                raise type(failure)(failure.message, failure.remedy) from failure
            if coordinates not in self._connections:
                try:
                    self._connections[coordinates] = self._new_connection(coordinates)
                except AwsError as error:
                    self._failures[coordinates] = error
                    raise
            return self._connections[coordinates]

    def _new_connection(self, coordinates: Coordinates) -> Connection:
        clients = self._clients_of(coordinates)
        region = clients.region(coordinates)
        account_id = self._account(clients, coordinates)
        limiter = self._rate_limiters.limiter(
            account_id, region
        )  # shared by both kinds of API, which AWS counts together

        def opener(make: "Callable[[Coordinates], ApiGatewayV2Client]") -> OpenWebSocketClient:
            def open_client() -> WebSocketClient:
                client = make(coordinates)
                return WebSocketClient(client, self._caller(clients.destination(client, account_id), limiter))

            return self._lazily(open_client)

        client = clients.read_client(coordinates)
        caller = self._caller(clients.destination(client, account_id), limiter)
        reader = AwsReader(client, caller, opener(clients.websocket_read_client), self._parallelism)
        open_writer = self._lazily(
            lambda: AwsWriter(clients.write_client(coordinates), caller, opener(clients.websocket_write_client))
        )

        def open_invoker(timeout: float) -> RestInvoker:
            with self._lock:
                return RestInvoker(clients.invoke_client(coordinates, timeout), caller)

        endpoint_url = custom_endpoint(client.meta.endpoint_url)

        def open_trail() -> EventHistory | None:
            trail_client = clients.trail_client(coordinates)
            if custom_endpoint(trail_client.meta.endpoint_url) != endpoint_url:
                return None  # AWS's history says nothing about the APIs of another endpoint
            trail_limiter = self._rate_limiters.trail_limiter(account_id, region)
            return EventHistory(
                trail_client, self._caller(clients.destination(trail_client, account_id), trail_limiter)
            )

        return Connection(
            account_id,
            region,
            reader,
            open_writer,
            open_invoker,
            caller.destination.partition,
            endpoint_url,
            open_trail=self._lazily(open_trail),
        )

    def _caller(self, destination: Destination, limiter: RateLimiter) -> ApiCaller:
        return ApiCaller(destination, limiter, self._clock, self._stop, self._rng)

    def _lazily(self, make: Callable[[], T]) -> Callable[[], T]:
        """Return a function that calls `make` at its first call only, in one thread at a time."""
        cache: list[T] = []

        def get() -> T:
            if not cache:  # the lock is held while any thread connects, so only the first call takes it
                with self._lock:
                    if not cache:
                        cache.append(make())
            return cache[0]

        return get

    def _clients_of(self, coordinates: Coordinates) -> "Clients":
        """Return the clients of the profile, or of the role that it assumes."""
        from reconciler.aws.clients import Clients  # noqa: PLC0415 - boto3 costs 0.1 s

        identity = _identity(coordinates)
        if identity not in self._clients:
            role = coordinates.role
            self._clients[identity] = (
                self._assume(role, coordinates) if role else Clients(coordinates.profile, self._parallelism)
            )
        return self._clients[identity]

    def _assume(self, role: Role, coordinates: Coordinates) -> "Clients":
        base = self._clients_of(replace(coordinates, role=None))
        client = base.sts_client(coordinates)
        destination = base.destination(client)
        credentials = self._caller(destination, self._rate_limiters.unlimited()).call(
            calls.assume_role(destination, role),
            lambda: response_checks.parse_role_credentials(base.assume(client, role)),
        )
        return base.as_role(role, credentials)

    def _account(self, clients: "Clients", coordinates: Coordinates) -> str:
        """Return the account id. A failure is not remembered for the identity: the region may be what is wrong."""
        identity = _identity(coordinates)
        if identity not in self._accounts:
            self._accounts[identity] = self._fetch_account(clients, coordinates)
        return self._accounts[identity]

    def _fetch_account(self, clients: "Clients", coordinates: Coordinates) -> str:
        client = clients.sts_client(coordinates)
        destination = clients.destination(client)
        return self._caller(destination, self._rate_limiters.unlimited()).call(
            calls.get_caller_identity(destination, clients.credentials_name),
            lambda: response_checks.parse_account(client.get_caller_identity()),
        )


def _identity(coordinates: Coordinates) -> _Identity:
    return coordinates.profile, coordinates.role, coordinates.endpoint_url
