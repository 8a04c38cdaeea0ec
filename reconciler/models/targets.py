"""The address of an API, in a manifest and in AWS."""

import enum
from dataclasses import dataclass, field

from reconciler.models.keys import MethodKey


class Kind(enum.StrEnum):
    """The kind of API that a manifest describes."""

    REST_API = "RestApi"
    WEBSOCKET_API = "WebSocketApi"

    @property
    def words(self) -> str:
        """The kind in words."""
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
    """A role to assume first; the account's audit log shows the session name."""

    arn: str
    session_name: str = "reconciler"
    external_id: str | None = None


def region_name(text: str | None) -> str:
    """Return a region as AWS writes it: lower case, without surrounding white space. "" stands for none."""
    return (text or "").strip().lower()


@dataclass(frozen=True, slots=True)
class Coordinates:
    """Where AWS calls go, and with which credentials; None stands for boto3's own choice.

    The region is normalised: `EU-WEST-1` is `eu-west-1`. `environment` is only named in questions to the user; two
    environments with equal coordinates share a connection.
    """

    region: str | None = None
    profile: str | None = None
    endpoint_url: str | None = None
    role: Role | None = None
    environment: str | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        """Normalise the region."""
        object.__setattr__(self, "region", region_name(self.region) or None)


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """The API that a manifest resolves to.

    `api_name` is None if the API was addressed by id and its name was not read. `stack` is the CloudFormation stack
    that created it, if a listing showed it. `is_protected`: whether its environment is; neither affects equality.
    """

    account_id: str
    region: str
    api_id: str
    kind: Kind = Kind.REST_API
    api_name: str | None = None
    environment: str | None = None
    stack: str = field(default="", compare=False)
    is_protected: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        environment = f"environment {self.environment}, " if self.environment else ""
        return f"{self.kind} {self.api_id} ({environment}account {self.account_id}, {self.region})"


@dataclass(frozen=True, slots=True)
class ResponseRef:
    """The address of one response or method response of a REST API in a call."""

    api_id: str
    resource_id: str
    scope: MethodKey
    code: str


@dataclass(frozen=True, slots=True)
class WebSocketResponseRef:
    """The address of one integration response of a WebSocket API in a call.

    `response_id` is AWS's id, "" before the response is created or if it is unknown.
    """

    api_id: str
    integration_id: str
    key: str
    response_id: str = ""
