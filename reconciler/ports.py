"""What the core asks of the world: AWS, the run log, the clock.

Promise: protocols, and the plain values that they speak in. `Reader` and `Writer` are apart, so that what plans cannot
write. Failures are `AwsError`s; the implementations pace, retry and translate (`reconciler.aws`), or keep state in
memory (`reconciler.sandbox`).
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from reconciler.models.definitions import Definitions
from reconciler.models.keys import IntegrationKey
from reconciler.models.live import ApiSummary, LiveApi, LiveIntegration
from reconciler.models.responses import FieldValue, MethodResponse, RestResponse, WebSocketResponse
from reconciler.models.stages import Deployment, Stage
from reconciler.models.targets import Coordinates, ResponseRef, Target, WebSocketResponseRef


@dataclass(frozen=True, slots=True)
class IntegrationSelection:
    """Which integrations of a WebSocket API to read whole: by keys of routes that lead to them, by id, or all."""

    routes: frozenset[str] = frozenset()
    integrations: frozenset[str] = frozenset()
    everything: bool = False

    def covers(self, integration: LiveIntegration) -> bool:
        """Whether its responses are to be read. Those of a proxy integration never are: there are none."""
        named = integration.integration_id in self.integrations or not self.routes.isdisjoint(integration.routes)
        return (self.everything or named) and not integration.is_proxy

    def key(self, integration: LiveIntegration) -> IntegrationKey:
        """What it goes by in `LiveApi.methods`: its first route that is listed, else its first, and its id."""
        routes = [route for route in integration.routes if route in self.routes] or integration.routes
        return IntegrationKey(next(iter(routes), ""), integration.integration_id)


class Reader(Protocol):
    """The read half of the control plane."""

    def rest_apis(self) -> Sequence[ApiSummary]:
        """Every REST API of the region (GetRestApis, all pages)."""

    def rest_api(self, target: Target) -> LiveApi:
        """One API whole, in one bulk read (GetResources with methods embedded, all pages).

        Raises ApiNotFound when there is no such API: never an empty one.
        """

    def response(self, ref: ResponseRef) -> RestResponse | None:
        """One integration response, None when it is not there. Only for settling a lost answer."""

    def method_response(self, ref: ResponseRef) -> MethodResponse | None:
        """One method response, None when it is not there. Only for settling a lost answer."""

    def websocket_apis(self) -> Sequence[ApiSummary]:
        """Every WebSocket and HTTP API of the region with its protocol (GetApis, all pages)."""

    def websocket_api(self, target: Target, listed: IntegrationSelection) -> LiveApi:
        """One API: its routes and integrations, and the responses of the integrations that `listed` covers.

        GetRoutes and GetIntegrations once each and GetIntegrationResponses once per covered integration, with all
        pages; GetApi before that when `target.api_name` is None, for its protocol. Integrations that are not covered
        are there with `is_read` False, but for proxies: these have nothing to read. `methods` is keyed by `listed.key`.
        Raises ApiNotFound when there is no such API, WrongProtocol when it is an HTTP API.
        """

    def websocket_response(self, ref: WebSocketResponseRef) -> WebSocketResponse | None:
        """One response by its id (GetIntegrationResponse), None when it is not there.

        Only for settling a lost answer.
        """

    def websocket_responses(self, api_id: str, integration_id: str) -> Mapping[str, tuple[str, WebSocketResponse]]:
        """Key -> id and response, of one integration (GetIntegrationResponses, all pages).

        Only for settling a create whose answer, and with it the id, was lost.
        """

    def stage(self, target: Target, name: str) -> Stage | None:
        """A stage of either kind of API (GetStage), None when the API has none of that name.

        Raises ApiNotFound when there is no such API.
        """

    def deployment(self, target: Target, deployment_id: str) -> Deployment | None:
        """A deployment of either kind of API (GetDeployment), None when the API has none of that id.

        Of a REST API it says who may call which method, which an export does not: compare it with `normal.access`.
        Raises ApiNotFound when there is no such API.
        """

    def deployed(self, target: Target, stage_name: str) -> LiveApi:
        """What a stage of a REST API serves (GetExport); of one with a canary, what the clients outside it are served.

        Resource ids are "", and null templates are as AWS exports them: `normal.as_exported` makes this and what
        `rest_api` reads comparable. It has the definitions of the stage, too. Raises ApiNotFound when there is no such
        API, NotFound when it has no such stage, TypeError for a WebSocket API: AWS has no call for those.
        """

    def definitions(self, target: Target) -> Definitions:
        """The models, request validators and gateway responses of a REST API's draft.

        GetModels, GetRequestValidators and GetGatewayResponses with all pages. Only for deployments and `status`.
        Raises ApiNotFound when there is no such API, TypeError for a WebSocket API.
        """


class Writer(Protocol):
    """The write half. A call whose answer was lost for good raises AnswerLost."""

    def put_response(self, ref: ResponseRef, response: RestResponse) -> None:
        """Create or replace the whole response."""

    def delete_response(self, ref: ResponseRef) -> bool:
        """Delete it; False when there was nothing to delete."""

    def put_method_response(self, ref: ResponseRef, parameters: Iterable[str]) -> None:
        """Create a method response that declares these. AWS refuses one that exists (Conflict)."""

    def add_parameters(self, ref: ResponseRef, parameters: Iterable[str]) -> None:
        """Declare more headers on a method response."""

    def create_websocket_response(self, ref: WebSocketResponseRef, response: WebSocketResponse) -> str:
        """Create the response of `ref.key`; the id that AWS gave it. Not to be repeated after a lost answer."""

    def update_websocket_response(self, ref: WebSocketResponseRef, fields: Mapping[str, FieldValue]) -> None:
        """Merge `fields` (names as in `WebSocketResponse.fields`) into the response of `ref.response_id`.

        What is not in `fields` stays, and so do the entries of a map that the map in `fields` does not have. "" clears
        `templateSelectionExpression`; nothing clears `contentHandlingStrategy`, None is not sent.
        """

    def delete_websocket_response(self, ref: WebSocketResponseRef) -> bool:
        """Delete the response of `ref.response_id`; False when there was nothing to delete."""

    def deploy(self, target: Target, stage_name: str, description: str) -> Deployment:
        """Deploy the whole API as it is now to a stage that is there (CreateDeployment).

        Not to be repeated after a lost answer: whoever lost it looks at what the stage serves. The deployment of a
        WebSocket API is PENDING, and its stage serves it once it is DEPLOYED. A stage of a REST API that is not there
        would be made: look first.
        """

    def point_stage(self, target: Target, stage_name: str, deployment_id: str) -> None:
        """Let a stage serve a deployment that was made before (UpdateStage).

        AWS refuses one that is not there: BadRequest, or NotFound for a WebSocket API.
        """


@dataclass(frozen=True, slots=True)
class Connection:
    """One account and region, as one set of credentials sees it. A writer is made only by who means to write.

    `partition` is what ARNs there begin with after `arn:`: `aws`, `aws-cn` ... `endpoint_url`: where calls go that do
    not go to AWS, such as a sandbox; None for AWS.
    """

    account_id: str
    region: str
    reader: Reader
    open_writer: Callable[[], Writer]
    partition: str = "aws"
    endpoint_url: str | None = None


class Cloud(Protocol):
    """The way to AWS."""

    def connect(self, coordinates: Coordinates) -> Connection:
        """Find out who and where we are (STS, once per credentials and run), before the first API Gateway call."""


class RunLog(Protocol):
    """Hears of every action as it happens; the order is that of the calls within one API.

    Each may raise JournalError: what cannot be written down is not done, and nothing after it.
    """

    def started(self, target: Target, action_id: str, address: str) -> None:
        """Just before the action's call is sent."""

    def finished(self, target: Target, action_id: str, outcome: str, detail: str) -> None:
        """Just after it has an outcome."""

    def deploying(self, target: Target, stage: str) -> None:
        """Just before a stage is made to serve another deployment."""

    def deployed(self, target: Target, stage: str, before: str | None, after: str | None, detail: str) -> None:
        """Just after a stage was made to serve another deployment: the ids of both, None for none."""


class Clock(Protocol):
    """Time, so that tests need not wait."""

    def monotonic(self) -> float:
        """Seconds since some fixed moment."""

    def now(self) -> str:
        """The wall clock in UTC, as ISO 8601 with a `Z`."""

    def sleep(self, seconds: float) -> None:
        """Wait; ends early when the run is asked to stop."""


class StopSignal(Protocol):
    """Whether the user asked to stop (threading.Event fits)."""

    def is_set(self) -> bool:
        """True from the first request on."""


class Files(Protocol):
    """Where manifests and templates are read from: a disk, or one revision of a repository. Failures are OSErrors."""

    def expand(self, path: str) -> Sequence[str]:
        """The files that a PATH means, sorted.

        Of a folder, the *.yaml and *.yml anywhere below it whose names, and whose folders' names, begin with no dot; of
        a glob, those that match; anything else is a file, whether it is there or not.
        """

    def start(self, path: str) -> str:
        """The folder that a PATH begins in, as it is written: a folder itself, what is before the first wildcard."""

    def read(self, file: str, at_most: int) -> bytes:
        """The content, no more than so many bytes of it. Raises FileNotFoundError when there is none."""

    def real(self, file: str) -> str:
        """One and the same name for one and the same file, however it is reached; a file need not be there."""

    def names(self, folder: str) -> Sequence[str]:
        """What is in a folder, to suggest a name from; empty when that cannot be told."""

    def ignored(self, files: Mapping[str, str]) -> Collection[str]:
        """Those of the files that git ignores: by their real names, each with the folder of its root.

        It is the repository around the root that is asked. None where there is no repository, or no git. Raises
        ReconcilerError where git does not tell.
        """
