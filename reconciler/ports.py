"""The interfaces between the core and the world: AWS, files, the run log, the clock.

Protocols, and the plain values that they use. `Reader` and `Writer` are separate, so that code that plans cannot write.
Failures are `AwsError`s; the implementations pace, retry and translate (`reconciler.aws`), or keep state in memory
(`reconciler.sandbox`).
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from reconciler.models.definitions import Definitions
from reconciler.models.invocations import InvocationResult, MethodInvocation
from reconciler.models.keys import IntegrationKey
from reconciler.models.live import ApiSummary, LiveApi, LiveIntegration
from reconciler.models.responses import FieldValue, MethodResponse, RestResponse, WebSocketResponse
from reconciler.models.routes import LiveRoute, RouteRef
from reconciler.models.stages import Deployment, Stage
from reconciler.models.targets import Coordinates, Kind, ResponseRef, Target, WebSocketResponseRef
from reconciler.models.writes import ApiWrite


@dataclass(frozen=True, slots=True)
class IntegrationSelection:
    """Which integrations of a WebSocket API to read with their responses: by route keys, by id, or all.

    `two_way`: the keys of the routes whose route responses are read as well, as far as their integration is covered.
    """

    routes: frozenset[str] = frozenset()
    integrations: frozenset[str] = frozenset()
    everything: bool = False
    two_way: frozenset[str] = frozenset()

    def covers(self, integration: LiveIntegration) -> bool:
        """Whether to read the integration's responses; a proxy integration has none."""
        named = integration.integration_id in self.integrations or not self.routes.isdisjoint(integration.routes)
        return (self.everything or named) and not integration.is_proxy

    def read_routes(self, integration: LiveIntegration) -> tuple[str, ...]:
        """Return the keys of its routes whose route responses are to be read."""
        return tuple(sorted(self.two_way.intersection(integration.routes))) if self.covers(integration) else ()

    def key(self, integration: LiveIntegration) -> IntegrationKey:
        """Return its key in `LiveApi.methods`: its first listed route, else its first route, and its id."""
        routes = [route for route in integration.routes if route in self.routes] or integration.routes
        return IntegrationKey(next(iter(routes), ""), integration.integration_id)


class Reader(Protocol):
    """The read half of the control plane."""

    def rest_apis(self) -> Sequence[ApiSummary]:
        """Return every REST API of the region (GetRestApis, all pages)."""

    def rest_api(self, target: Target) -> LiveApi:
        """Return a whole API from one bulk read (GetResources with methods embedded, all pages).

        Raises ApiNotFound if there is no such API, and never returns an empty one for it.
        """

    def response(self, ref: ResponseRef) -> RestResponse | None:
        """Return one integration response, None if it does not exist. Only for settling a lost answer."""

    def method_response(self, ref: ResponseRef) -> MethodResponse | None:
        """Return one method response, None if it does not exist. Only for settling a lost answer."""

    def websocket_apis(self) -> Sequence[ApiSummary]:
        """Return every WebSocket and HTTP API of the region with its protocol (GetApis, all pages)."""

    def websocket_api(self, target: Target, listed: IntegrationSelection) -> LiveApi:
        """Return one API: its routes and integrations, and the responses of the integrations that `listed` covers.

        GetRoutes and GetIntegrations once each, GetIntegrationResponses once per covered integration and
        GetRouteResponses once per route of `listed.two_way`, with all pages; GetApi before that when `target.api_name`
        is None, for its protocol. Integrations that are not covered have `is_read` False, except for proxies, which
        have nothing to read. `methods` is keyed by `listed.key`.
        Raises ApiNotFound when there is no such API, WrongProtocol when it is an HTTP API.
        """

    def websocket_response(self, ref: WebSocketResponseRef) -> WebSocketResponse | None:
        """Return one response by its id (GetIntegrationResponse), None if it does not exist.

        Only for settling a lost answer.
        """

    def websocket_responses(self, api_id: str, integration_id: str) -> Mapping[str, tuple[str, WebSocketResponse]]:
        """Return key -> id and response of one integration (GetIntegrationResponses, all pages).

        Only for settling a create whose answer, and with it the id, was lost.
        """

    def route(self, ref: RouteRef) -> LiveRoute | None:
        """Return a route (GetRoute, GetRouteResponses), None if it does not exist. Only for settling a lost answer."""

    def stage(self, target: Target, name: str) -> Stage | None:
        """Return a stage of either kind of API (GetStage), None if the API has no stage of that name.

        Raises ApiNotFound when there is no such API.
        """

    def stages(self, target: Target) -> Sequence[Stage]:
        """Return every stage of either kind of API by name (GetStages; all pages for a WebSocket API).

        Only for `status`. Raises ApiNotFound when there is no such API.
        """

    def deployment(self, target: Target, deployment_id: str) -> Deployment | None:
        """Return a deployment of either kind of API (GetDeployment), None if the API has none with that id.

        For a REST API it shows who may call which method, which an export does not: compare it with `normal.access`.
        Raises ApiNotFound when there is no such API.
        """

    def deployed(self, target: Target, stage_name: str) -> LiveApi:
        """Return what a stage of a REST API serves (GetExport); with a canary, what clients outside of it are served.

        Resource ids are "", and null templates are as AWS exports them: `normal.as_exported` makes this and what
        `rest_api` reads comparable. It includes the definitions of the stage. Raises ApiNotFound when there is no such
        API, NotFound when it has no such stage, TypeError for a WebSocket API, for which AWS has no such call.
        """

    def definitions(self, target: Target) -> Definitions:
        """Return the models, request validators and gateway responses of a REST API's draft.

        GetModels, GetRequestValidators and GetGatewayResponses with all pages. Only for deployments and `status`.
        Raises ApiNotFound when there is no such API, TypeError for a WebSocket API.
        """


class Writer(Protocol):
    """The write half of the control plane. A call whose answer is lost after all retries raises AnswerLost."""

    def put_response(self, ref: ResponseRef, response: RestResponse) -> None:
        """Create or replace the whole response."""

    def delete_response(self, ref: ResponseRef) -> bool:
        """Delete it; return False if there was nothing to delete."""

    def put_method_response(self, ref: ResponseRef, parameters: Iterable[str]) -> None:
        """Create a method response that declares these. AWS refuses one that exists (Conflict)."""

    def add_parameters(self, ref: ResponseRef, parameters: Iterable[str]) -> None:
        """Declare more headers on a method response."""

    def create_websocket_response(self, ref: WebSocketResponseRef, response: WebSocketResponse) -> str:
        """Create the response of `ref.key` and return its id. Do not repeat it after a lost answer."""

    def update_websocket_response(self, ref: WebSocketResponseRef, fields: Mapping[str, FieldValue]) -> None:
        """Merge `fields` (names as in `WebSocketResponse.fields`) into the response of `ref.response_id`.

        What is not in `fields` stays, and so do the entries of a map that the map in `fields` does not have. "" clears
        `templateSelectionExpression`; nothing clears `contentHandlingStrategy`, None is not sent.
        """

    def delete_websocket_response(self, ref: WebSocketResponseRef) -> bool:
        """Delete the response of `ref.response_id`; return False if there was nothing to delete."""

    def create_route_response(self, ref: RouteRef) -> None:
        """Create the `$default` response of a route (CreateRouteResponse). Do not repeat it after a lost answer."""

    def select_route_response(self, ref: RouteRef) -> None:
        """Set the route's RouteResponseSelectionExpression to `$default` (UpdateRoute)."""

    def deploy(self, target: Target, stage_name: str, description: str) -> Deployment:
        """Deploy the whole API as it is now to an existing stage (CreateDeployment).

        Do not repeat it after a lost answer: read what the stage serves. The deployment of a
        WebSocket API is PENDING, and its stage serves it once it is DEPLOYED. A missing stage of a REST API would be
        created, so check first.
        """

    def point_stage(self, target: Target, stage_name: str, deployment_id: str) -> None:
        """Point a stage to an existing deployment (UpdateStage).

        AWS refuses one that does not exist: BadRequest, or NotFound for a WebSocket API.
        """


class MethodInvoker(Protocol):
    """Test calls of methods. Each call reaches the method's real backend."""

    def invoke(self, invocation: MethodInvocation) -> InvocationResult:
        """Call a method of a REST API's draft, without its authorizer, and return the answer (TestInvokeMethod).

        Do not repeat it after a lost answer: the backend may have been called. Raises NotFound when there is no such
        method.
        """


@dataclass(frozen=True, slots=True)
class TrailWrites:
    """Writes to APIs, the latest first. `is_complete` False: there were too many events to read the older ones."""

    writes: tuple[ApiWrite, ...] = ()
    is_complete: bool = True


class Trail(Protocol):
    """The event history of an account and region: who called what in the last 90 days."""

    def writes(self, api_ids: Collection[str], events: Collection[str]) -> TrailWrites:
        """Return the writes to these APIs by operations of these names; at least one call for each name.

        A write can be missing for some 15 minutes after it was made. Raises AwsError, Interrupted.
        """


def no_trail() -> None:
    """Open no event history, because there is none."""


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of AWS was used: requests sent, retries included, and how many of them AWS throttled."""

    calls: int = 0
    throttles: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(self.calls + other.calls, self.throttles + other.throttles)

    def __sub__(self, other: "Usage") -> "Usage":
        return Usage(self.calls - other.calls, self.throttles - other.throttles)


class Meter(Protocol):
    """Counts the requests to API Gateway in one account and region. Safe to use from several threads."""

    def usage(self, api_id: str | None = None) -> Usage:
        """Return the usage since the connection was made: of one API, or of all of them and the listings."""


class Unmetered:
    """A `Meter` that counts nothing."""

    def usage(self, api_id: str | None = None) -> Usage:  # noqa: ARG002 - the port's signature
        """Return no usage."""
        return Usage()


def no_read_delay(_: Kind, /) -> float | None:
    """Return None: reads are not paced (`Connection.read_delay`)."""
    return None


@dataclass(frozen=True, slots=True)
class Connection:
    """One account and region, as one set of credentials sees it. Only code that writes opens a writer.

    Only `test --live` opens an invoker, with the seconds to wait for an answer. `partition` is the second part of ARNs
    there: `aws`, `aws-cn` ... `endpoint_url` is the endpoint of another service than AWS, such as a sandbox; None for
    AWS. `meter` counts what the connection sends. `read_delay` returns the seconds until the quota admits the first
    call of reading an API of this kind, 0 for now, None if there is no quota; `schedule` orders reads by it.
    `open_trail` opens the event history, None if there is none. `principal` is the ARN of the credentials, "" if it is
    unknown.
    """

    account_id: str
    region: str
    reader: Reader
    open_writer: Callable[[], Writer]
    open_invoker: Callable[[float], MethodInvoker]
    partition: str = "aws"
    endpoint_url: str | None = None
    meter: Meter = field(default_factory=Unmetered)
    read_delay: Callable[[Kind], float | None] = no_read_delay
    open_trail: Callable[[], Trail | None] = no_trail
    principal: str = ""


@dataclass(frozen=True, slots=True)
class TargetReading:
    """An API whose reading is over, or that could not be read (`error`).

    `api_id` is "" if the API was not found, `*` for the list of all APIs of an account and region. `region` and
    `account_id` are "" as far as they are unknown. `counts` has the number of responses in sync, changed and so on,
    where they are compared. `seconds` is how long it took.
    """

    manifests: tuple[str, ...]
    environment: str | None
    account_id: str
    region: str
    api_id: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    usage: Usage = field(default_factory=Usage)
    error: str = ""


class ReadProgress(Protocol):
    """Follows the reading of many APIs, from several threads. It never raises."""

    def begin(self, total: int, what: str = "APIs") -> None:
        """Expect so many APIs, or so many of something else: `what` is its name."""

    def reading(self, target: Target) -> None:
        """Note that this API is read from now on."""

    def done(self, reading: TargetReading) -> None:
        """Note that it is over."""

    def end(self) -> None:
        """Note that no further API is read."""


class Unwatched:
    """A `ReadProgress` that shows nothing."""

    def begin(self, total: int, what: str = "APIs") -> None:
        """Ignore it."""

    def reading(self, target: Target) -> None:
        """Ignore it."""

    def done(self, reading: TargetReading) -> None:
        """Ignore it."""

    def end(self) -> None:
        """Ignore it."""


class Cloud(Protocol):
    """The way to AWS. Safe to use from several threads."""

    def connect(self, coordinates: Coordinates) -> Connection:
        """Find out account and region (STS, once per credentials and run), before the first API Gateway call."""


@runtime_checkable
class Prompting(Protocol):
    """A `Cloud` that may prompt the user for credentials."""

    def sign_in(self, coordinates: Coordinates) -> None:
        """Prompt for what these coordinates need: in the main thread, where Ctrl-C ends a prompt, one at a time.

        To be called before several threads connect. A failure is left to `Cloud.connect`.
        """


class RunLog(Protocol):
    """Records every action as it happens, in the order of the calls within one API.

    Each method may raise JournalError: an action that cannot be recorded is not run, nor is anything after it.
    """

    def started(self, target: Target, action_id: str, address: str) -> None:
        """Record an action just before its call is sent."""

    def finished(self, target: Target, action_id: str, outcome: str, detail: str) -> None:
        """Record the outcome of an action just after its call."""

    def deploying(self, target: Target, stage: str) -> None:
        """Record a stage just before it is changed to serve another deployment."""

    def deployed(self, target: Target, stage: str, before: str | None, after: str | None, detail: str) -> None:
        """Record a stage just after that change, with the ids of both deployments, None for none."""


class Clock(Protocol):
    """Time, as an interface, so that tests need not wait."""

    def monotonic(self) -> float:
        """Return seconds since some fixed moment."""

    def now(self) -> str:
        """Return the current time in UTC, as ISO 8601 with a `Z`."""

    def sleep(self, seconds: float) -> None:
        """Wait; return early if the run is asked to stop."""


class StopSignal(Protocol):
    """Whether the user asked to stop (threading.Event fits)."""

    def is_set(self) -> bool:
        """Return True from the first request on."""


class ReadInterrupts(StopSignal, Protocol):
    """The user's requests to stop a run whose result is worth having even if it is incomplete."""

    def begin_reading(self) -> None:
        """From now on, the first request raises nothing: it keeps further calls from being sent."""


class Files(Protocol):
    """The source of manifests and templates: a disk, or one revision of a repository. Failures are OSErrors."""

    def expand(self, path: str) -> Sequence[str]:
        """Return the files that a PATH stands for, sorted.

        A folder stands for the *.yaml and *.yml files anywhere below it, hidden files and folders excluded; a glob for
        the files that match; anything else is a file, whether it exists or not.
        """

    def start(self, path: str) -> str:
        """Return the folder that a PATH starts from, as written: a folder itself, or the part before a wildcard."""

    def read(self, file: str, at_most: int) -> bytes:
        """Return the content, at most `at_most` bytes. Raises FileNotFoundError if there is no such file."""

    def real(self, file: str) -> str:
        """Return the unique name of a file, however it is reached; the file need not exist."""

    def names(self, folder: str) -> Sequence[str]:
        """Return the names in a folder, for suggestions; empty if it cannot be read."""

    def ignored(self, files: Mapping[str, str]) -> Collection[str]:
        """Return the files that git ignores, of files given by their real names, each with the folder of its root.

        The repository around the root decides. The result is empty without a repository or without git. Raises
        ReconcilerError if git fails.
        """


class HistoryStore(Protocol):
    """A flat place for the files of a history: a folder, or a prefix of a bucket. Failures are HistoryErrors.

    Names consist of ASCII letters, digits, `-`, `_` and `.`, and do not begin with a dot.
    """

    @property
    def place(self) -> str:
        """Where it is, as messages show it."""

    def names(self) -> Sequence[str]:
        """Return the names of the files, sorted; () if nothing was ever written."""

    def read(self, name: str, at_most: int) -> bytes | None:
        """Return a file, None if there is none of that name. Raises HistoryError for more than `at_most` bytes."""

    def write(self, name: str, content: bytes) -> None:
        """Create or replace a file, as a whole or not at all."""

    def delete(self, name: str) -> None:
        """Delete a file, if there is one of that name."""


@dataclass(frozen=True, slots=True)
class Notification:
    """What a channel delivers: a line, the same with details, and a JSON document for programs."""

    title: str
    text: str
    document: str


class Notifier(Protocol):
    """A channel to people or programs outside."""

    def send(self, notification: Notification) -> None:
        """Deliver it. Raises NotificationError, whose message contains no secret, and nothing else."""
