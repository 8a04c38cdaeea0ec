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
    """`ports.Reader`: both halves through one lane."""

    def __init__(
        self, client: "APIGatewayClient", door: ApiCaller, open_line: OpenWebSocketClient, parallelism: int
    ) -> None:
        RestReader.__init__(self, client, door)
        WebSocketReader.__init__(self, open_line, parallelism)

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
    """`ports.Writer`: both halves through one lane."""

    def __init__(self, client: "APIGatewayClient", door: ApiCaller, open_line: OpenWebSocketClient) -> None:
        RestWriter.__init__(self, client, door)
        WebSocketWriter.__init__(self, open_line)

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
        self._pacing = RateLimiters(clock, stop, quota_share)
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
        lane = self._pacing.lane(account_id, region)  # one for both kinds of API: AWS counts them together

        def line(make: "Callable[[Coordinates], ApiGatewayV2Client]") -> OpenWebSocketClient:
            def open_line() -> WebSocketClient:
                client = make(coordinates)
                return WebSocketClient(client, self._door(clients.place(client, account_id), lane))

            return self._once(open_line)

        reading = clients.reading(coordinates)
        door = self._door(clients.place(reading, account_id), lane)
        reader = AwsReader(reading, door, line(clients.websocket_reading), self._parallelism)
        open_writer = self._once(lambda: AwsWriter(clients.writing(coordinates), door, line(clients.websocket_writing)))
        endpoint_url = custom_endpoint(reading.meta.endpoint_url)
        return Connection(account_id, region, reader, open_writer, door.place.partition, endpoint_url)

    def _door(self, place: Destination, lane: RateLimiter) -> ApiCaller:
        return ApiCaller(place, lane, self._clock, self._stop, self._rng)

    def _once(self, make: Callable[[], T]) -> Callable[[], T]:
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
                self._assumed(role, coordinates) if role else Clients(coordinates.profile, self._parallelism)
            )
        return self._clients[identity]

    def _assumed(self, role: Role, coordinates: Coordinates) -> "Clients":
        base = self._clients_of(replace(coordinates, role=None))
        client = base.identity(coordinates)
        place = base.place(client)
        given = self._door(place, self._pacing.open_lane()).call(
            calls.assume_role(place, role), lambda: response_checks.parse_role_credentials(base.assume(client, role))
        )
        return base.as_role(role, given)

    def _account(self, clients: "Clients", coordinates: Coordinates) -> str:
        """Who we are. Failures are not of the identity: it may be the region that is wrong."""
        identity = _identity(coordinates)
        if identity not in self._accounts:
            self._accounts[identity] = self._ask_account(clients, coordinates)
        return self._accounts[identity]

    def _ask_account(self, clients: "Clients", coordinates: Coordinates) -> str:
        client = clients.identity(coordinates)
        place = clients.place(client)
        return self._door(place, self._pacing.open_lane()).call(
            calls.get_caller_identity(place, clients.settings),
            lambda: response_checks.parse_account(client.get_caller_identity()),
        )


def _identity(coordinates: Coordinates) -> _Identity:
    return coordinates.profile, coordinates.role, coordinates.endpoint_url
