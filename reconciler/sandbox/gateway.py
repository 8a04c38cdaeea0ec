"""Reader, Writer and Cloud over the model: AWS in this process, for tests and demo.

Promise: state is read through `reconciler.normal`, as the real adapter reads it. There is no pacing and no retrying: a
fault of the model is what is left after the last try. `_ERROR_TYPES` is the table of what becomes of error answers.
"""

import json
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeVar, assert_never

from reconciler import definitions, errors, normal, openapi
from reconciler.models.definitions import Definitions
from reconciler.models.keys import Scope
from reconciler.models.live import ApiSummary, LiveApi, LiveIntegration, LiveScope
from reconciler.models.responses import FieldValue, MethodResponse, RestResponse, WebSocketResponse
from reconciler.models.stages import Deployment, Stage
from reconciler.models.targets import Coordinates, Kind, ResponseRef, Target, WebSocketResponseRef
from reconciler.ports import Connection, IntegrationSelection
from reconciler.sandbox.model.errors import NO_STATUS, ModelError
from reconciler.sandbox.model.faults import Dropped, LostAnswer, NoConnection, TransportFailure, Truncated
from reconciler.sandbox.model.plane import ACCOUNT_ID, REGION, ControlPlane, SimulatedAws
from reconciler.sandbox.model.state import Json
from reconciler.sandbox.model.v2.state import NO_RESPONSE, WEBSOCKET

T = TypeVar("T")

_PAGE: Final = 500
_V2_PAGE: Final = "100"
"""The greatest number that tools in use are known to ask v2 for; how many it allows is not on record."""

_ERROR_TYPES: Final[tuple[tuple[Container[int], Container[str], type[errors.AwsError]], ...]] = (
    (range(400, 600), {"LimitExceededException"}, errors.QuotaExceeded),
    ({429}, {"TooManyRequestsException"}, errors.Throttled),
    ({401, 403}, {"AccessDeniedException", "UnauthorizedException"}, errors.AccessDenied),
    ({404}, {"NotFoundException"}, errors.NotFound),
    ({409}, {"ConflictException"}, errors.Conflict),
    (range(500, 600), {"InternalFailure", "ServiceUnavailableException"}, errors.AnswerLost),
    ({400}, {"BadRequestException", "ValidationException", "SerializationException"}, errors.BadRequest),
)


def _aws_error(error: ModelError) -> errors.AwsError:
    for statuses, codes, kind in _ERROR_TYPES:
        if error.status in statuses and error.code in codes:
            return kind(f"HTTP {error.status} {error.code}: {error.message}")
    return errors.AwsError(str(error))


def _transport_error(failure: TransportFailure) -> errors.AwsError:
    match failure.fault:
        case NoConnection():
            return errors.Unreachable("no connection could be made")
        case Dropped() | LostAnswer():
            return errors.AnswerLost("the connection was closed before an answer came")
        case Truncated():
            return errors.UnreadableAnswer("the answer is cut off")
        case _:
            assert_never(failure.fault)


@contextmanager
def _translating_errors() -> Iterator[None]:
    try:
        yield
    except ModelError as error:
        raise _aws_error(error) from error
    except TransportFailure as failure:
        raise _transport_error(failure) from failure


def _method_parameters(ref: ResponseRef) -> dict[str, str]:
    return {"restApiId": ref.api_id, "resourceId": ref.resource_id, "httpMethod": ref.scope.method}


def _integration_parameters(ref: WebSocketResponseRef) -> dict[str, str]:
    return {"ApiId": ref.api_id, "IntegrationId": ref.integration_id}


def _api_parameters(target: Target) -> dict[str, str]:
    match target.kind:
        case Kind.REST_API:
            return {"restApiId": target.api_id}
        case Kind.WEBSOCKET_API:
            return {"ApiId": target.api_id}
        case _:
            assert_never(target.kind)


def _api_not_found(target: Target, error: errors.NotFound) -> errors.ApiNotFound:
    return errors.ApiNotFound(f"there is no {target}: {error.message}", "check the id and the region")


class _PlaneClient:
    """Calls on one control plane, with errors in our own terms."""

    def __init__(self, plane: ControlPlane) -> None:
        self._plane = plane

    def _call(self, operation: str, **parameters: Any) -> Json:  # noqa: ANN401 - each operation has its own
        with _translating_errors():
            return self._plane.call(operation, **parameters)

    def _rest_or_none(self, operation: str, ref: ResponseRef) -> Json | None:
        """The answer, None when the method lacks this status; any other 404 says nothing about a response."""
        try:
            return self._call(operation, **_method_parameters(ref), statusCode=ref.code)
        except errors.NotFound as error:
            if not error.message.endswith(NO_STATUS):
                raise
            return None

    def _websocket_or_none(self, operation: str, ref: WebSocketResponseRef) -> Json | None:
        """The answer, None when the integration lacks this response; any other 404 says nothing about a response."""
        try:
            return self._call(operation, **_integration_parameters(ref), IntegrationResponseId=ref.response_id)
        except errors.NotFound as error:
            if NO_RESPONSE not in error.message:
                raise
            return None

    def _v2_pages(self, operation: str, **where: str) -> Iterator[Json]:
        token: dict[str, str] = {}
        while True:
            page = self._call(operation, **where, MaxResults=_V2_PAGE, **token)
            yield from page["Items"]
            if not page.get("NextToken"):
                return
            token = {"NextToken": page["NextToken"]}

    def _pages(self, operation: str, **parameters: Any) -> Iterator[Json]:  # noqa: ANN401 - each operation has its own
        position: dict[str, str] = {}
        while True:
            page = self._call(operation, **parameters, limit=_PAGE, **position)
            yield from page["items"]
            if not page.get("position"):
                return
            position = {"position": page["position"]}


class InMemoryReader(_PlaneClient):
    """The read half, see `reconciler.ports.Reader`."""

    def rest_apis(self) -> Sequence[ApiSummary]:
        """Every API of the region."""
        return [normal.rest_summary(api) for api in self._pages("GetRestApis")]

    def rest_api(self, target: Target) -> LiveApi:
        """One API whole. Raises ApiNotFound when there is no such API."""
        try:
            resources = list(self._pages("GetResources", restApiId=target.api_id, embed=["methods"]))
        except errors.NotFound as error:
            raise _api_not_found(target, error) from error
        return LiveApi(target, frozenset(resource["path"] for resource in resources), normal.rest_methods(resources))

    def response(self, ref: ResponseRef) -> RestResponse | None:
        """One integration response, None when its method has none for this status."""
        found = self._rest_or_none("GetIntegrationResponse", ref)
        return None if found is None else normal.rest_response(found)

    def method_response(self, ref: ResponseRef) -> MethodResponse | None:
        """One method response, None when its method has none for this status."""
        found = self._rest_or_none("GetMethodResponse", ref)
        return None if found is None else normal.method_response(found)

    def websocket_apis(self) -> Sequence[ApiSummary]:
        """Every WebSocket and HTTP API of the region."""
        return [normal.websocket_summary(api) for api in self._v2_pages("GetApis")]

    def websocket_api(self, target: Target, listed: IntegrationSelection) -> LiveApi:
        """One API. Raises ApiNotFound when there is no such API, WrongProtocol when it is an HTTP API."""
        try:
            if target.api_name is None:
                self._check_protocol(target.api_id)
            routes = self._routes(target)
            found = list(self._v2_pages("GetIntegrations", ApiId=target.api_id))
        except errors.NotFound as error:
            raise _api_not_found(target, error) from error
        read = (self._read(target, integration, listed) for integration in normal.websocket_integrations(found, routes))
        methods: dict[Scope, LiveScope] = {listed.key(one): one for one in read}
        return LiveApi(target, frozenset(), methods, normal.websocket_routes(routes))

    def _routes(self, target: Target) -> Sequence[Json]:
        try:
            return list(self._v2_pages("GetRoutes", ApiId=target.api_id))
        except errors.NotFound as error:
            raise _api_not_found(target, error) from error

    def _check_protocol(self, api_id: str) -> None:
        protocol = self._call("GetApi", ApiId=api_id)["ProtocolType"]
        if protocol != WEBSOCKET:
            raise errors.WrongProtocol(api_id, protocol)

    def _read(self, target: Target, integration: LiveIntegration, listed: IntegrationSelection) -> LiveIntegration:
        if not listed.covers(integration):
            return integration
        where = {"ApiId": target.api_id, "IntegrationId": integration.integration_id}
        return normal.with_responses(integration, self._v2_pages("GetIntegrationResponses", **where))

    def websocket_response(self, ref: WebSocketResponseRef) -> WebSocketResponse | None:
        """One response by its id, None when its integration has none of that id."""
        found = self._websocket_or_none("GetIntegrationResponse", ref)
        return None if found is None else normal.websocket_response(found)

    def websocket_responses(self, api_id: str, integration_id: str) -> Mapping[str, tuple[str, WebSocketResponse]]:
        """Key -> id and response, of one integration."""
        return normal.websocket_responses(
            self._v2_pages("GetIntegrationResponses", ApiId=api_id, IntegrationId=integration_id)
        )

    def stage(self, target: Target, name: str) -> Stage | None:
        """A stage of either kind of API, None when the API has none of that name."""
        match target.kind:
            case Kind.REST_API:
                parameters, stage = {"stageName": name}, normal.rest_stage
            case Kind.WEBSOCKET_API:
                parameters, stage = {"StageName": name}, normal.websocket_stage
            case _:
                assert_never(target.kind)
        return self._get_or_none(target, "GetStage", parameters, stage)

    def deployment(self, target: Target, deployment_id: str) -> Deployment | None:
        """A deployment of either kind of API, None when the API has none of that id."""
        match target.kind:
            case Kind.REST_API:
                parameters, deployment = (
                    {"deploymentId": deployment_id, "embed": ["apisummary"]},
                    normal.rest_deployment,
                )
            case Kind.WEBSOCKET_API:
                parameters, deployment = {"DeploymentId": deployment_id}, normal.websocket_deployment
            case _:
                assert_never(target.kind)
        return self._get_or_none(target, "GetDeployment", parameters, deployment)

    def _get_or_none(self, target: Target, operation: str, parameters: Json, made: Callable[[Json], T]) -> T | None:
        try:
            return made(self._call(operation, **_api_parameters(target), **parameters))
        except errors.NotFound:
            self._require_api(target)
            return None

    def _require_api(self, target: Target) -> None:
        """Raise ApiNotFound when it is the API that is not there, by the calls that the real adapter makes."""
        match target.kind:
            case Kind.REST_API:
                self.rest_api(target)
            case Kind.WEBSOCKET_API:
                self._routes(target)
            case _:
                assert_never(target.kind)

    def deployed(self, target: Target, stage_name: str) -> LiveApi:
        """What a stage of a REST API serves. Raises TypeError for a WebSocket API."""
        if target.kind is not Kind.REST_API:
            raise TypeError(f"{target}: AWS has no call that shows what a stage of it serves")
        parameters = {"stageName": stage_name, "exportType": "oas30", "parameters": {"extensions": "apigateway"}}
        try:
            answer = self._call("GetExport", **_api_parameters(target), **parameters)
        except errors.NotFound:
            self._require_api(target)
            raise
        try:
            return openapi.deployed(target, json.loads(answer["body"]))
        except ValueError as error:
            raise errors.UnreadableAnswer(f"the export of stage {stage_name} of {target} is none: {error}") from error

    def definitions(self, target: Target) -> Definitions:
        """Models, request validators and gateway responses. Raises TypeError for a WebSocket API."""
        if target.kind is not Kind.REST_API:
            raise TypeError(f"{target}: what a deployment of it publishes is not compared")
        operations = ("GetModels", "GetRequestValidators", "GetGatewayResponses")
        try:
            return definitions.of_draft(
                *(list(self._pages(operation, **_api_parameters(target))) for operation in operations)
            )
        except errors.NotFound:
            self._require_api(target)
            raise


class InMemoryWriter(_PlaneClient):
    """The write half, see `reconciler.ports.Writer`."""

    def put_response(self, ref: ResponseRef, response: RestResponse) -> None:
        """Create or replace the whole response."""
        self._call(
            "PutIntegrationResponse", **_method_parameters(ref), statusCode=ref.code, **normal.rest_request(response)
        )

    def delete_response(self, ref: ResponseRef) -> bool:
        """Delete it; False when there was nothing to delete."""
        return self._rest_or_none("DeleteIntegrationResponse", ref) is not None

    def put_method_response(self, ref: ResponseRef, parameters: Iterable[str]) -> None:
        """Create a method response. Raises Conflict when there is one."""
        declared = dict.fromkeys(parameters, False)
        self._call("PutMethodResponse", **_method_parameters(ref), statusCode=ref.code, responseParameters=declared)

    def add_parameters(self, ref: ResponseRef, parameters: Iterable[str]) -> None:
        """Declare more headers on a method response."""
        operations = [{"op": "add", "path": f"/responseParameters/{name}", "value": "false"} for name in parameters]
        self._call("UpdateMethodResponse", **_method_parameters(ref), statusCode=ref.code, patchOperations=operations)

    def create_websocket_response(self, ref: WebSocketResponseRef, response: WebSocketResponse) -> str:
        """Create the response of `ref.key`; its id. Raises Conflict when there is one of that key."""
        content = normal.websocket_request(response)
        created = self._call(
            "CreateIntegrationResponse", **_integration_parameters(ref), IntegrationResponseKey=ref.key, **content
        )
        return str(created["IntegrationResponseId"])

    def update_websocket_response(self, ref: WebSocketResponseRef, fields: Mapping[str, FieldValue]) -> None:
        """Merge the fields into the response of `ref.response_id`."""
        sent = normal.boto_members(fields)
        self._call(
            "UpdateIntegrationResponse", **_integration_parameters(ref), IntegrationResponseId=ref.response_id, **sent
        )

    def delete_websocket_response(self, ref: WebSocketResponseRef) -> bool:
        """Delete the response of `ref.response_id`; False when there was nothing to delete."""
        return self._websocket_or_none("DeleteIntegrationResponse", ref) is not None

    def deploy(self, target: Target, stage_name: str, description: str) -> Deployment:
        """Deploy the API as it is now to a stage."""
        match target.kind:
            case Kind.REST_API:
                content = {"stageName": stage_name, "description": description}
                return normal.rest_deployment(self._call("CreateDeployment", **_api_parameters(target), **content))
            case Kind.WEBSOCKET_API:
                content = {"StageName": stage_name, "Description": description}
                return normal.websocket_deployment(self._call("CreateDeployment", **_api_parameters(target), **content))
            case _:
                assert_never(target.kind)

    def point_stage(self, target: Target, stage_name: str, deployment_id: str) -> None:
        """Let a stage serve a deployment that was made before."""
        match target.kind:
            case Kind.REST_API:
                change = {"op": "replace", "path": "/deploymentId", "value": deployment_id}
                self._call("UpdateStage", **_api_parameters(target), stageName=stage_name, patchOperations=[change])
            case Kind.WEBSOCKET_API:
                self._call("UpdateStage", **_api_parameters(target), StageName=stage_name, DeploymentId=deployment_id)
            case _:
                assert_never(target.kind)


class InMemoryCloud:
    """AWS in this process: `plane` is where tests set up state and faults and read the call log."""

    def __init__(self, aws: SimulatedAws | None = None) -> None:
        self.aws = aws or SimulatedAws()

    def plane(self, region: str = REGION) -> ControlPlane:
        """The control plane of a region."""
        return self.aws.plane(ACCOUNT_ID, region)

    def connect(self, coordinates: Coordinates) -> Connection:
        """A connection to the region of the coordinates; profile and endpoint make no difference."""
        plane = self.plane(coordinates.region or REGION)
        return Connection(plane.account_id, plane.region, InMemoryReader(plane), lambda: InMemoryWriter(plane))
