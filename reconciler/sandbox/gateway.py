"""Reader, Writer and Cloud on the model: AWS in this process, for tests and demo.

State is read through `reconciler.normal`, as in the real adapter. There are no rate limits and no retries.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar, assert_never

from reconciler import definitions, errors, normal, openapi
from reconciler.meter import CallMeter
from reconciler.models.definitions import Definitions
from reconciler.models.invocations import InvocationResult, MethodInvocation
from reconciler.models.keys import Scope
from reconciler.models.live import ApiSummary, LiveApi, LiveIntegration, LiveScope
from reconciler.models.responses import FieldValue, MethodResponse, RestResponse, WebSocketResponse
from reconciler.models.routes import ROUTE_RESPONSE_KEY, LiveRoute, RouteRef
from reconciler.models.stages import Deployment, Stage
from reconciler.models.targets import Coordinates, Kind, ResponseRef, Target, WebSocketResponseRef
from reconciler.ports import Connection, IntegrationSelection
from reconciler.sandbox.model.plane import ACCOUNT_ID, REGION, ControlPlane, SimulatedAws
from reconciler.sandbox.model.state import Json
from reconciler.sandbox.model.v2.state import WEBSOCKET
from reconciler.sandbox.plane_client import (
    PlaneClient,
    api_not_found,
    api_parameters,
    integration_parameters,
    method_parameters,
    route_parameters,
)
from reconciler.sandbox.trail import InMemoryTrail

T = TypeVar("T")


class InMemoryReader(PlaneClient):
    """The read half, as `reconciler.ports.Reader` describes it."""

    def rest_apis(self) -> Sequence[ApiSummary]:
        """Return every REST API of the region."""
        return [normal.rest_summary(api) for api in self._pages("GetRestApis")]

    def rest_api(self, target: Target) -> LiveApi:
        """Return one whole API. Raises ApiNotFound if there is no such API."""
        try:
            resources = list(self._pages("GetResources", restApiId=target.api_id, embed=["methods"]))
        except errors.NotFound as error:
            raise api_not_found(target, error) from error
        return LiveApi(target, frozenset(resource["path"] for resource in resources), normal.rest_methods(resources))

    def response(self, ref: ResponseRef) -> RestResponse | None:
        """Return one integration response, None if its method has none for this status."""
        response = self._rest_or_none("GetIntegrationResponse", ref)
        return None if response is None else normal.rest_response(response)

    def method_response(self, ref: ResponseRef) -> MethodResponse | None:
        """Return one method response, None if its method has none for this status."""
        response = self._rest_or_none("GetMethodResponse", ref)
        return None if response is None else normal.method_response(response)

    def websocket_apis(self) -> Sequence[ApiSummary]:
        """Return every WebSocket and HTTP API of the region."""
        return [normal.websocket_summary(api) for api in self._v2_pages("GetApis")]

    def websocket_api(self, target: Target, listed: IntegrationSelection) -> LiveApi:
        """Return one API. Raises ApiNotFound if there is no such API, WrongProtocol if it is an HTTP API."""
        try:
            if target.api_name is None:
                self._check_protocol(target.api_id)
            routes = self._routes(target)
            drafts = list(self._v2_pages("GetIntegrations", ApiId=target.api_id))
        except errors.NotFound as error:
            raise api_not_found(target, error) from error
        integrations = [
            self._read(target, integration, listed) for integration in normal.websocket_integrations(drafts, routes)
        ]
        read_routes = self._read_routes(target, routes, integrations, listed)
        methods: dict[Scope, LiveScope] = {
            listed.key(integration): normal.with_read_routes(integration, read_routes) for integration in integrations
        }
        return LiveApi(target, frozenset(), methods, normal.websocket_routes(routes))

    def _routes(self, target: Target) -> Sequence[Json]:
        try:
            return list(self._v2_pages("GetRoutes", ApiId=target.api_id))
        except errors.NotFound as error:
            raise api_not_found(target, error) from error

    def _check_protocol(self, api_id: str) -> None:
        protocol = self._call("GetApi", ApiId=api_id)["ProtocolType"]
        if protocol != WEBSOCKET:
            raise errors.WrongProtocol(api_id, protocol)

    def _read(self, target: Target, integration: LiveIntegration, listed: IntegrationSelection) -> LiveIntegration:
        if not listed.covers(integration):
            return integration
        address = {"ApiId": target.api_id, "IntegrationId": integration.integration_id}
        return normal.with_responses(integration, self._v2_pages("GetIntegrationResponses", **address))

    def _read_routes(
        self,
        target: Target,
        routes: Iterable[Json],
        integrations: Iterable[LiveIntegration],
        listed: IntegrationSelection,
    ) -> dict[str, LiveRoute]:
        ids = {route["RouteKey"]: route["RouteId"] for route in routes}
        keys = [key for integration in integrations for key in listed.read_routes(integration)]
        responses = {key: self._v2_pages("GetRouteResponses", ApiId=target.api_id, RouteId=ids[key]) for key in keys}
        return normal.live_routes(routes, responses)

    def route(self, ref: RouteRef) -> LiveRoute | None:
        """Return a route with what makes it two-way; None if there is no such route."""
        try:
            route = self._call("GetRoute", **route_parameters(ref))
            responses = list(self._v2_pages("GetRouteResponses", **route_parameters(ref)))
        except errors.NotFound:
            return None
        return normal.live_routes([route], {ref.key: responses})[ref.key]

    def websocket_response(self, ref: WebSocketResponseRef) -> WebSocketResponse | None:
        """Return one response by its id, None if its integration has none of that id."""
        response = self._websocket_or_none("GetIntegrationResponse", ref)
        return None if response is None else normal.websocket_response(response)

    def websocket_responses(self, api_id: str, integration_id: str) -> Mapping[str, tuple[str, WebSocketResponse]]:
        """Return the responses of one integration: key -> id and response."""
        return normal.websocket_responses(
            self._v2_pages("GetIntegrationResponses", ApiId=api_id, IntegrationId=integration_id)
        )

    def stage(self, target: Target, name: str) -> Stage | None:
        """Return a stage of either kind of API, None if the API has none of that name."""
        match target.kind:
            case Kind.REST_API:
                parameters, normalise = {"stageName": name}, normal.rest_stage
            case Kind.WEBSOCKET_API:
                parameters, normalise = {"StageName": name}, normal.websocket_stage
            case _:
                assert_never(target.kind)
        return self._get_or_none(target, "GetStage", parameters, normalise)

    def stages(self, target: Target) -> Sequence[Stage]:
        """Return every stage of either kind of API by name."""
        try:
            match target.kind:
                case Kind.REST_API:
                    stages = map(normal.rest_stage, self._call("GetStages", restApiId=target.api_id)["item"])
                case Kind.WEBSOCKET_API:
                    stages = map(normal.websocket_stage, self._v2_pages("GetStages", ApiId=target.api_id))
                case _:
                    assert_never(target.kind)
            return sorted(stages, key=lambda stage: stage.name)
        except errors.NotFound:
            self._require_api(target)
            raise

    def deployment(self, target: Target, deployment_id: str) -> Deployment | None:
        """Return a deployment of either kind of API, None if the API has none of that id."""
        match target.kind:
            case Kind.REST_API:
                parameters, normalise = (
                    {"deploymentId": deployment_id, "embed": ["apisummary"]},
                    normal.rest_deployment,
                )
            case Kind.WEBSOCKET_API:
                parameters, normalise = {"DeploymentId": deployment_id}, normal.websocket_deployment
            case _:
                assert_never(target.kind)
        return self._get_or_none(target, "GetDeployment", parameters, normalise)

    def _get_or_none(
        self, target: Target, operation: str, parameters: Json, normalise: Callable[[Json], T]
    ) -> T | None:
        try:
            return normalise(self._call(operation, **api_parameters(target), **parameters))
        except errors.NotFound:
            self._require_api(target)
            return None

    def _require_api(self, target: Target) -> None:
        """Raise ApiNotFound if the API is missing, with the same calls as the real adapter."""
        match target.kind:
            case Kind.REST_API:
                self.rest_api(target)
            case Kind.WEBSOCKET_API:
                self._routes(target)
            case _:
                assert_never(target.kind)

    def deployed(self, target: Target, stage_name: str) -> LiveApi:
        """Return what a stage of a REST API serves. Raises TypeError for a WebSocket API."""
        if target.kind is not Kind.REST_API:
            raise TypeError(f"{target}: AWS cannot export what a stage of a WebSocket API serves")
        parameters = {"stageName": stage_name, "exportType": "oas30", "parameters": {"extensions": "apigateway"}}
        try:
            export = self._call("GetExport", **api_parameters(target), **parameters)
        except errors.NotFound:
            self._require_api(target)
            raise
        try:
            return openapi.deployed(target, json.loads(export["body"]))
        except ValueError as error:
            raise errors.UnreadableAnswer(
                f"the export of stage {stage_name} of {target} is not valid: {error}"
            ) from error

    def definitions(self, target: Target) -> Definitions:
        """Return models, request validators and gateway responses. Raises TypeError for a WebSocket API."""
        if target.kind is not Kind.REST_API:
            raise TypeError(f"{target}: the definitions of a WebSocket API are not compared")
        operations = ("GetModels", "GetRequestValidators", "GetGatewayResponses")
        try:
            return definitions.of_draft(
                *(list(self._pages(operation, **api_parameters(target))) for operation in operations)
            )
        except errors.NotFound:
            self._require_api(target)
            raise


class InMemoryWriter(PlaneClient):
    """The write half, as `reconciler.ports.Writer` describes it."""

    def put_response(self, ref: ResponseRef, response: RestResponse) -> None:
        """Create or replace the whole response."""
        self._call(
            "PutIntegrationResponse", **method_parameters(ref), statusCode=ref.code, **normal.rest_request(response)
        )

    def delete_response(self, ref: ResponseRef) -> bool:
        """Delete the response; return False if there was nothing to delete."""
        return self._rest_or_none("DeleteIntegrationResponse", ref) is not None

    def put_method_response(self, ref: ResponseRef, parameters: Iterable[str]) -> None:
        """Create a method response. Raises Conflict if it exists."""
        declared = dict.fromkeys(parameters, False)
        self._call("PutMethodResponse", **method_parameters(ref), statusCode=ref.code, responseParameters=declared)

    def add_parameters(self, ref: ResponseRef, parameters: Iterable[str]) -> None:
        """Declare more headers on a method response."""
        operations = [{"op": "add", "path": f"/responseParameters/{name}", "value": "false"} for name in parameters]
        self._call("UpdateMethodResponse", **method_parameters(ref), statusCode=ref.code, patchOperations=operations)

    def create_websocket_response(self, ref: WebSocketResponseRef, response: WebSocketResponse) -> str:
        """Create the response of `ref.key` and return its id. Raises Conflict if the key exists."""
        content = normal.websocket_request(response)
        created = self._call(
            "CreateIntegrationResponse", **integration_parameters(ref), IntegrationResponseKey=ref.key, **content
        )
        return str(created["IntegrationResponseId"])

    def update_websocket_response(self, ref: WebSocketResponseRef, fields: Mapping[str, FieldValue]) -> None:
        """Merge the fields into the response of `ref.response_id`."""
        members = normal.boto_members(fields)
        self._call(
            "UpdateIntegrationResponse",
            **integration_parameters(ref),
            IntegrationResponseId=ref.response_id,
            **members,
        )

    def delete_websocket_response(self, ref: WebSocketResponseRef) -> bool:
        """Delete the response of `ref.response_id`; return False if there was nothing to delete."""
        return self._websocket_or_none("DeleteIntegrationResponse", ref) is not None

    def create_route_response(self, ref: RouteRef) -> None:
        """Create the `$default` response of a route. Raises Conflict if it exists."""
        self._call("CreateRouteResponse", **route_parameters(ref), RouteResponseKey=ROUTE_RESPONSE_KEY)

    def select_route_response(self, ref: RouteRef) -> None:
        """Make a route select its route response."""
        self._call("UpdateRoute", **route_parameters(ref), RouteResponseSelectionExpression=ROUTE_RESPONSE_KEY)

    def deploy(self, target: Target, stage_name: str, description: str) -> Deployment:
        """Deploy the API in its present state to a stage."""
        match target.kind:
            case Kind.REST_API:
                content = {"stageName": stage_name, "description": description}
                return normal.rest_deployment(self._call("CreateDeployment", **api_parameters(target), **content))
            case Kind.WEBSOCKET_API:
                content = {"StageName": stage_name, "Description": description}
                return normal.websocket_deployment(self._call("CreateDeployment", **api_parameters(target), **content))
            case _:
                assert_never(target.kind)

    def point_stage(self, target: Target, stage_name: str, deployment_id: str) -> None:
        """Make a stage serve an earlier deployment."""
        match target.kind:
            case Kind.REST_API:
                patch = {"op": "replace", "path": "/deploymentId", "value": deployment_id}
                self._call("UpdateStage", **api_parameters(target), stageName=stage_name, patchOperations=[patch])
            case Kind.WEBSOCKET_API:
                self._call("UpdateStage", **api_parameters(target), StageName=stage_name, DeploymentId=deployment_id)
            case _:
                assert_never(target.kind)


class InMemoryInvoker(PlaneClient):
    """Test calls, as `reconciler.ports.MethodInvoker` describes them."""

    def invoke(self, invocation: MethodInvocation) -> InvocationResult:
        """Call a method; the model's backends answer."""
        result = self._call(
            "TestInvokeMethod",
            restApiId=invocation.api_id,
            resourceId=invocation.resource_id,
            httpMethod=invocation.scope.method,
            pathWithQueryString=invocation.path,
            headers=dict(invocation.headers),
            body=invocation.body,
            stageVariables=dict(invocation.stage_variables),
        )
        headers = {name: tuple(values) for name, values in result["multiValueHeaders"].items()}
        return InvocationResult(result["status"], headers, result["body"], result["log"], result["latency"])


def in_memory_connection(plane: ControlPlane) -> Connection:
    """Return a connection to a control plane, with a meter of its own."""
    meter = CallMeter()
    return Connection(
        plane.account_id,
        plane.region,
        InMemoryReader(plane, meter),
        lambda: InMemoryWriter(plane, meter),
        lambda _: InMemoryInvoker(plane, meter),
        meter=meter,
        open_trail=lambda: InMemoryTrail(plane, CallMeter()),
    )


class InMemoryCloud:
    """AWS in this process: tests set up state and faults and read the call log on its `plane`."""

    def __init__(self, aws: SimulatedAws | None = None) -> None:
        self.aws = aws or SimulatedAws()

    def plane(self, region: str = REGION) -> ControlPlane:
        """Return the control plane of a region."""
        return self.aws.plane(ACCOUNT_ID, region)

    def connect(self, coordinates: Coordinates) -> Connection:
        """Return a connection to the region of the coordinates, whatever their profile and endpoint."""
        return in_memory_connection(self.plane(coordinates.region or REGION))
