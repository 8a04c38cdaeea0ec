"""AWS with several accounts and regions in memory: the profile says which account."""

from reconciler.errors import CredentialsError
from reconciler.models.targets import Coordinates
from reconciler.ports import Connection
from reconciler.sandbox.gateway import in_memory_connection
from reconciler.sandbox.model.plane import ACCOUNT_ID, REGION, ControlPlane, SimulatedAws

OTHER_ACCOUNT = "210987654321"
EXPIRED = "expired"
"""A profile whose credentials do not work."""


class Accounts:
    """A `ports.Cloud`: the profile `other` is of `OTHER_ACCOUNT`. `asked` are the coordinates of every connection."""

    def __init__(self) -> None:
        self.aws = SimulatedAws()
        self.asked: list[Coordinates] = []

    def plane(self, region: str = REGION, account_id: str = ACCOUNT_ID) -> ControlPlane:
        """The control plane there."""
        return self.aws.plane(account_id, region)

    def connect(self, coordinates: Coordinates) -> Connection:
        """A connection to the region, in the account of the profile."""
        self.asked.append(coordinates)
        if coordinates.profile == EXPIRED:
            raise CredentialsError("profile expired: the token has expired", "renew the credentials")
        account_id = OTHER_ACCOUNT if coordinates.profile == "other" else ACCOUNT_ID
        return in_memory_connection(self.plane(coordinates.region or REGION, account_id))

    def calls(self) -> list[str]:
        """Every call to any plane so far."""
        return [call.operation for plane in self.aws._planes.values() for call in plane.calls]
