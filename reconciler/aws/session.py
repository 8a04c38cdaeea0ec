"""The way in: credentials, region, account.

Promise: `AwsCloud.connect` asks who we are before anything else, once per credentials and run, and gives readers that
cannot write; a client that can is made only by `open_writer`. What is missing or wrong in boto3's settings is
CredentialsError or ConfigurationError, with a remedy. boto3 is imported at the first `connect`.
"""

import random
import threading
from typing import TYPE_CHECKING, TypeAlias

from reconciler.aws import answers, calls
from reconciler.aws.door import Door
from reconciler.aws.pacing import Pacing
from reconciler.aws.reader import AwsReader
from reconciler.aws.writer import AwsWriter
from reconciler.errors import AwsError
from reconciler.models.targets import Coordinates
from reconciler.ports import Clock, Connection, StopSignal, Writer

if TYPE_CHECKING:
    from reconciler.aws.clients import Clients

_Identity: TypeAlias = tuple[str | None, str | None]  # profile and endpoint URL: what decides who we are


class AwsCloud:
    """`ports.Cloud` through boto3; safe to use from several threads.

    `quota_share` is the part of the account's quotas to take (above 0, at most 1), None for no pacing; `parallelism`
    is how many calls may be under way at once.
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
        self._pacing = Pacing(clock, stop, quota_share)
        self._parallelism = parallelism
        self._rng = rng or random.Random()  # noqa: S311 - spreads retries, guards nothing
        self._lock = threading.RLock()  # boto3's clients may be shared by threads, the making of them may not
        self._clients: dict[str | None, Clients] = {}
        self._accounts: dict[_Identity, str] = {}
        self._failures: dict[Coordinates, AwsError] = {}
        self._connections: dict[Coordinates, Connection] = {}

    def connect(self, coordinates: Coordinates) -> Connection:
        """Find out who and where we are; the same coordinates give the same connection.

        Raises CredentialsError, ConfigurationError, any AwsError of the question who we are, Interrupted.
        """
        with self._lock:
            if coordinates not in self._connections:
                self._connections[coordinates] = self._new_connection(coordinates)
            return self._connections[coordinates]

    def _new_connection(self, coordinates: Coordinates) -> Connection:
        clients = self._clients_of(coordinates.profile)
        region = clients.region(coordinates)
        account_id = self._account(clients, coordinates)
        reading = clients.reading(coordinates)
        place = clients.place(reading, account_id)
        door = Door(place, self._pacing.lane(account_id, region), self._clock, self._stop, self._rng)
        opened: list[Writer] = []

        def open_writer() -> Writer:
            with self._lock:
                if not opened:
                    opened.append(AwsWriter(clients.writing(coordinates), door))
                return opened[0]

        return Connection(account_id, region, AwsReader(reading, door), open_writer)

    def _clients_of(self, profile: str | None) -> "Clients":
        from reconciler.aws.clients import Clients  # noqa: PLC0415 - boto3 costs 0.1 s, only who connects pays

        if profile not in self._clients:
            self._clients[profile] = Clients(profile, self._parallelism)
        return self._clients[profile]

    def _account(self, clients: "Clients", coordinates: Coordinates) -> str:
        """Who we are. A failure is remembered too: hundreds of targets must not each wait for the same one."""
        identity = (coordinates.profile, coordinates.endpoint_url)
        if identity in self._accounts:
            return self._accounts[identity]
        if coordinates in self._failures:
            known = self._failures[coordinates]
            raise type(known)(known.message, known.remedy) from known
        try:
            self._accounts[identity] = self._ask_account(clients, coordinates)
        except AwsError as error:
            self._failures[coordinates] = error  # not of the identity: it may be the region that is wrong
            raise
        return self._accounts[identity]

    def _ask_account(self, clients: "Clients", coordinates: Coordinates) -> str:
        client = clients.identity(coordinates)
        place = clients.place(client)
        door = Door(place, self._pacing.open_lane(), self._clock, self._stop, self._rng)
        return door.call(
            calls.caller_identity(place, clients.settings), lambda: answers.account(client.get_caller_identity())
        )
