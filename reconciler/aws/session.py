"""The way in: credentials, region, account.

Promise: `AwsCloud.connect` asks who we are before anything else, once per credentials and run, and gives readers that
cannot write; a client that can is made only by `open_writer`, and one for WebSocket APIs only at the first call about
them. What is missing or wrong in boto3's settings is CredentialsError or ConfigurationError, with a remedy. boto3 is
imported at the first `connect`.
"""

import random
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias, TypeVar, assert_never

from reconciler.aws import calls, response_checks
from reconciler.aws.calls import Destination
from reconciler.aws.endpoints import custom_endpoint
from reconciler.aws.rate_limit import RateLimiter, RateLimiters
from reconciler.aws.rest_reader import RestReader
from reconciler.aws.rest_writer import RestWriter
from reconciler.aws.retry import ApiCaller
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
"""Profile, role and endpoint URL: what decides who we are."""


class AwsReader(RestReader, WebSocketReader):
    """`ports.Reader`: both halves through one limiter."""

    def __init__(
        self, client: "APIGatewayClient", caller: ApiCaller, open_client: OpenWebSocketClient, parallelism: int
    ) -> None:
        RestReader.__init__(self, client, caller)
        WebSocketReader.__init__(self, open_client, parallelism)

    def stage(self, target: Target, name: str) -> Stage | None:
        """A stage of either kind of API, None when the API has none of that name."""
        match target.kind:
            case Kind.REST_API:
                return self.rest_stage(target, name)
            case Kind.WEBSOCKET_API:
                return self.websocket_stage(target, name)
            case _:
                assert_never(target.kind)

    def deployment(self, target: Target, deployment_id: str) -> Deployment | None:
        """A deployment of either kind of API, None when the API has none of that id."""
        match target.kind:
            case Kind.REST_API:
                return self.rest_deployment(target, deployment_id)
            case Kind.WEBSOCKET_API:
                return self.websocket_deployment(target, deployment_id)
            case _:
                assert_never(target.kind)

    def deployed(self, target: Target, stage_name: str) -> LiveApi:
        """What a stage of a REST API serves. Raises TypeError for a WebSocket API: exports are of other APIs only."""
        if target.kind is not Kind.REST_API:
            raise TypeError(f"{target}: AWS has no call that shows what a stage of it serves")
        return self.rest_deployed(target, stage_name)

    def definitions(self, target: Target) -> Definitions:
        """Models, request validators and gateway responses. Raises TypeError for a WebSocket API."""
        if target.kind is not Kind.REST_API:
            raise TypeError(f"{target}: what a deployment of it publishes is not compared")
        return self.rest_definitions(target)


class AwsWriter(RestWriter, WebSocketWriter):
    """`ports.Writer`: both halves through one limiter."""

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
        """Let a stage of an API of either kind serve a deployment that was made before."""
        match target.kind:
            case Kind.REST_API:
                self.rest_point_stage(target, stage_name, deployment_id)
            case Kind.WEBSOCKET_API:
                self.websocket_point_stage(target, stage_name, deployment_id)
            case _:
                assert_never(target.kind)


class AwsCloud:
    """`ports.Cloud` through boto3; safe to use from several threads.

    `quota_share` is the part of the account's quotas to take (above 0, at most 1), None for no pacing. `parallelism` is
    how many threads may use a connection without waiting for one another, and how many lists of integration responses
    it reads at once for all of them together.
    """

    def __init__(
        self,
        clock: Clock,
        stop: StopSignal,
        quota_share: float | None = 0.5,
        parallelism: int = 8,
        rng: random.Random | None = None,
    ) -> None:
        self._clock = clock
        self._stop = stop
        self._rate_limiters = RateLimiters(clock, stop, quota_share)
        self._parallelism = parallelism
        self._rng = rng or random.Random()  # noqa: S311 - spreads retries, guards nothing
        self._lock = threading.RLock()  # boto3's clients may be shared by threads, the making of them may not
        self._clients: dict[_Identity, Clients] = {}
        self._accounts: dict[_Identity, str] = {}
        self._failures: dict[Coordinates, AwsError] = {}
        self._connections: dict[Coordinates, Connection] = {}

    def connect(self, coordinates: Coordinates) -> Connection:
        """Find out who and where we are; the same coordinates give the same connection.

        A failure is remembered too: hundreds of targets must not each wait for the same one. Raises CredentialsError,
        ConfigurationError, any AwsError of assuming a role and of the question who we are, Interrupted.
        """
        with self._lock:
            if coordinates in self._failures:
                known = self._failures[coordinates]
                raise type(known)(known.message, known.remedy) from known
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
        limiter = self._rate_limiters.limiter(account_id, region)  # one for both kinds of API: AWS counts them together

        def line(make: "Callable[[Coordinates], ApiGatewayV2Client]") -> OpenWebSocketClient:
            def open_client() -> WebSocketClient:
                client = make(coordinates)
                return WebSocketClient(client, self._caller(clients.destination(client, account_id), limiter))

            return self._lazily(open_client)

        reading = clients.read_client(coordinates)
        caller = self._caller(clients.destination(reading, account_id), limiter)
        reader = AwsReader(reading, caller, line(clients.websocket_read_client), self._parallelism)
        open_writer = self._lazily(
            lambda: AwsWriter(clients.write_client(coordinates), caller, line(clients.websocket_write_client))
        )
        endpoint_url = custom_endpoint(reading.meta.endpoint_url)
        return Connection(account_id, region, reader, open_writer, caller.destination.partition, endpoint_url)

    def _caller(self, destination: Destination, limiter: RateLimiter) -> ApiCaller:
        return ApiCaller(destination, limiter, self._clock, self._stop, self._rng)

    def _lazily(self, make: Callable[[], T]) -> Callable[[], T]:
        """`make`, called at the first call only and by one thread at a time."""
        made: list[T] = []

        def give() -> T:
            if not made:  # the lock is held for as long as somebody connects: only the first call waits for that
                with self._lock:
                    if not made:
                        made.append(make())
            return made[0]

        return give

    def _clients_of(self, coordinates: Coordinates) -> "Clients":
        """Those of the profile, or of the role that the profile may assume."""
        from reconciler.aws.clients import Clients  # noqa: PLC0415 - boto3 costs 0.1 s, only who connects pays

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
        given = self._caller(destination, self._rate_limiters.unlimited()).call(
            calls.assume_role(destination, role),
            lambda: response_checks.parse_role_credentials(base.assume(client, role)),
        )
        return base.as_role(role, given)

    def _account(self, clients: "Clients", coordinates: Coordinates) -> str:
        """Who we are. Failures are not of the identity: it may be the region that is wrong."""
        identity = _identity(coordinates)
        if identity not in self._accounts:
            self._accounts[identity] = self._fetch_account(clients, coordinates)
        return self._accounts[identity]

    def _fetch_account(self, clients: "Clients", coordinates: Coordinates) -> str:
        client = clients.sts_client(coordinates)
        destination = clients.destination(client)
        return self._caller(destination, self._rate_limiters.unlimited()).call(
            calls.get_caller_identity(destination, clients.settings),
            lambda: response_checks.parse_account(client.get_caller_identity()),
        )


def _identity(coordinates: Coordinates) -> _Identity:
    return coordinates.profile, coordinates.role, coordinates.endpoint_url
