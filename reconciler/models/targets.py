"""Which API: as a manifest addresses it, and as AWS knows it."""

import enum
from dataclasses import dataclass, field

from reconciler.models.keys import MethodKey


class Kind(enum.StrEnum):
    """What sort of API a manifest describes."""

    REST_API = "RestApi"
    WEBSOCKET_API = "WebSocketApi"

    @property
    def words(self) -> str:
        """What people call it."""
        return "REST API" if self is Kind.REST_API else "WebSocket API"


@dataclass(frozen=True, slots=True, order=True)
class ApiRef:
    """How a manifest addresses its API: by exactly one of id and unique name."""

    id: str | None = None
    name: str | None = None

    def __str__(self) -> str:
        return f"id {self.id}" if self.id else f"name {self.name!r}"


@dataclass(frozen=True, slots=True)
class Role:
    """A role to assume before anything else; the session name is what the account's audit log shows."""

    arn: str
    session_name: str = "reconciler"
    external_id: str | None = None


def region_name(text: str | None) -> str:
    """A region as AWS writes it: in lower case, with no white space around it. "" stands for none."""
    return (text or "").strip().lower()


@dataclass(frozen=True, slots=True)
class Coordinates:
    """Where AWS calls go, and as whom; None means what boto3 finds by itself.

    The region is as AWS writes it, however it was given: `EU-WEST-1` is `eu-west-1`.
    `environment` is for whom that is, to name in a question to a person; equal coordinates of two environments lead to
    one connection.
    """

    region: str | None = None
    profile: str | None = None
    endpoint_url: str | None = None
    role: Role | None = None
    environment: str | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        """Bring the region into the form that AWS writes."""
        object.__setattr__(self, "region", region_name(self.region) or None)


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """The API that a manifest resolves to.

    `api_name` is None when it was addressed by id and never asked for. `stack` is the CloudFormation stack that made
    it, as far as a listing told; it names nothing and has no part in equality.
    """

    account_id: str
    region: str
    api_id: str
    kind: Kind = Kind.REST_API
    api_name: str | None = None
    environment: str | None = None
    stack: str = field(default="", compare=False)

    def __str__(self) -> str:
        environment = f"environment {self.environment}, " if self.environment else ""
        return f"{self.kind} {self.api_id} ({environment}account {self.account_id}, {self.region})"


@dataclass(frozen=True, slots=True)
class ResponseRef:
    """What a call needs to address one response or method response of a REST API."""

    api_id: str
    resource_id: str
    scope: MethodKey
    code: str


@dataclass(frozen=True, slots=True)
class WebSocketResponseRef:
    """What a call needs to address one integration response of a WebSocket API.

    `response_id` is the id that AWS gave it, "" before it is made or where it is not known.
    """

    api_id: str
    integration_id: str
    key: str
    response_id: str = ""
