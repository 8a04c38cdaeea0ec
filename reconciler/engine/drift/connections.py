"""The connections of a run, for the steps after the comparison."""

from reconciler.models.targets import Coordinates, Target
from reconciler.ports import Cloud, Connection, Prompting


class ConnectionLog:
    """A `Cloud` that keeps the connections which it returns."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._connections: dict[tuple[str, str], Connection] = {}

    def connect(self, coordinates: Coordinates) -> Connection:
        """Connect as the cloud does, and keep the connection."""
        connection = self._cloud.connect(coordinates)
        self._connections.setdefault((connection.account_id, connection.region), connection)
        return connection

    def sign_in(self, coordinates: Coordinates) -> None:
        """Prompt the user as the cloud does, if it does."""
        if isinstance(self._cloud, Prompting):
            self._cloud.sign_in(coordinates)

    def of(self, target: Target) -> Connection | None:
        """Return the connection to the account and region of an API; None if the run made none."""
        return self._connections.get((target.account_id, target.region))
