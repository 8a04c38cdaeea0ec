"""One call of a client and what the backend answers: everything that an answer is made of, apart from the responses.

Texts are Unicode; bytes stand for what is no text. Header names are compared without case where HTTP does, and as AWS
does it where AWS differs (mapping sources are case-sensitive).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from reconciler.models.targets import Kind

Payload: TypeAlias = str | bytes
"""A body: a text, or bytes for what is no text."""

IntegrationType: TypeAlias = Literal["AWS", "AWS_PROXY", "HTTP", "HTTP_PROXY", "MOCK"]

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


def _nothing() -> Mapping[str, str]:
    return NOTHING


def _no_values() -> Mapping[str, object]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ClientRequest:
    """What `$input.params()` sees of the client's request; `body` is the request's own body."""

    path: Mapping[str, str] = field(default_factory=_nothing)
    query: Mapping[str, str] = field(default_factory=_nothing)
    headers: Mapping[str, str] = field(default_factory=_nothing)
    body: Payload = ""


@dataclass(frozen=True, slots=True)
class LambdaResult:
    """What a Lambda function returned: its payload as text, and whether the function failed."""

    payload: str
    failed: bool = False


@dataclass(frozen=True, slots=True)
class HttpResult:
    """What an HTTP backend or an AWS service answered; a header may have several values.

    The Lambda service answers like this too when it fails itself, before the function runs.
    """

    status: int
    headers: Mapping[str, str | tuple[str, ...]] = field(default_factory=_nothing)
    body: Payload = ""


@dataclass(frozen=True, slots=True)
class MockResult:
    """The `statusCode` that the request template of a mock integration produced."""

    status: int


@dataclass(frozen=True, slots=True)
class NoResult:
    """The backend did not answer: `timeout`, or a connection that failed. No integration response is selected."""

    reason: Literal["timeout", "connection"] = "timeout"


Backend: TypeAlias = LambdaResult | HttpResult | MockResult | NoResult


@dataclass(frozen=True, slots=True)
class ApiFacts:
    """What a manifest does not hold and an answer depends on.

    `binary_media_types`: those of the API, as in `image/*`. `method_responses`: the statuses that the method declares,
    None if all are. `integration_type`: None if it is to be taken from the kind of backend. `has_route_response`: the
    WebSocket route is two-way. `kind` only matters for a method without responses, which show
    it otherwise; None is a REST API.
    """

    binary_media_types: tuple[str, ...] = ()
    method_responses: frozenset[str] | None = None
    integration_type: IntegrationType | None = None
    has_route_response: bool = True
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A call and its backend's answer.

    `context` and `stage_variables` are what `$context` and `$stageVariables` hold; `state` is what the request template
    left in `$context` (`requestOverride`, `responseOverride`, keys of its own).
    """

    backend: Backend
    request: ClientRequest = field(default_factory=ClientRequest)
    context: Mapping[str, object] = field(default_factory=_no_values)
    stage_variables: Mapping[str, str] = field(default_factory=_nothing)
    state: Mapping[str, object] = field(default_factory=_no_values)
    api: ApiFacts = field(default_factory=ApiFacts)
