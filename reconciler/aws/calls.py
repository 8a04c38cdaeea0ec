"""The calls to AWS as values: how messages name them, which permission they need, whether they are safe to repeat.

Nothing here sends anything or knows boto3.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

from reconciler.aws.operations import operation
from reconciler.models.invocations import MethodInvocation
from reconciler.models.routes import RouteRef
from reconciler.models.targets import Kind, ResponseRef, Role, Target, WebSocketResponseRef


class CallEffect(enum.Enum):
    """The effect of a call on the control plane, which decides whether it may be repeated after a lost response."""

    READS = "reads"
    """Changes nothing: safe to repeat."""

    SETS = "sets"
    """Leads to the same state however often it is repeated."""

    DELETES = "deletes"
    """Like SETS, but a repeated call returns 404 if an earlier attempt took effect."""

    ADDS = "adds"
    """Not safe to repeat: AWS would refuse the second call or do it twice. Read back after a lost response."""


@dataclass(frozen=True, slots=True)
class Destination:
    """The account, region and endpoint that calls are sent to.

    `account_id` is "" until it is known, `partition` is `aws`, `aws-cn` ..., `endpoint` is the URL without path and
    credentials.
    """

    account_id: str
    region: str
    partition: str
    endpoint: str

    def __str__(self) -> str:
        return f"account {self.account_id}, {self.region}" if self.account_id else self.region


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One operation on one object.

    `subject` names the object as users know it. An IAM policy has to allow `action` on `resource` (`operations`).
    `api_id` is the API that the call is about, "" for a listing of all of them and for other services.
    """

    operation: str
    subject: str
    destination: Destination
    effect: CallEffect
    action: str
    resource: str
    api_id: str = ""

    def __str__(self) -> str:
        return f"{self.operation} for {self.subject} ({self.destination})"


def _rest(name: str, subject: str, destination: Destination, effect: CallEffect, **names: str) -> ApiCall:
    return _call(Kind.REST_API, name, subject, destination, effect, names)


def _websocket(name: str, subject: str, destination: Destination, effect: CallEffect, **names: str) -> ApiCall:
    return _call(Kind.WEBSOCKET_API, name, subject, destination, effect, names)


def _call(  # noqa: PLR0913, PLR0917 - a call has that many parts
    kind: Kind, name: str, subject: str, destination: Destination, effect: CallEffect, names: Mapping[str, str]
) -> ApiCall:
    entry = operation(kind, name)
    return ApiCall(
        name,
        subject,
        destination,
        effect,
        entry.action,
        entry.resource(destination.partition, destination.region, names),
        names.get("api", ""),
    )


def get_caller_identity(destination: Destination, credentials: str) -> ApiCall:
    """Find out whose these credentials are. AWS allows it to everybody."""
    return ApiCall("GetCallerIdentity", credentials, destination, CallEffect.READS, "sts:GetCallerIdentity", "*")


def assume_role(destination: Destination, role: Role) -> ApiCall:
    """Get credentials for a role. The trust policy of the role has to allow it as well."""
    return ApiCall("AssumeRole", f"role {role.arn}", destination, CallEffect.READS, "sts:AssumeRole", role.arn)


def lookup_events(destination: Destination, event: str) -> ApiCall:
    """Look up the latest events of this name. IAM knows no resources for it."""
    subject = f"the event history ({event})"
    return ApiCall("LookupEvents", subject, destination, CallEffect.READS, "cloudtrail:LookupEvents", "*")


def list_rest_apis(destination: Destination) -> ApiCall:
    """List every REST API of the region."""
    return _rest("GetRestApis", "all REST APIs", destination, CallEffect.READS)


def get_resources(destination: Destination, api_id: str) -> ApiCall:
    """Read one whole API."""
    return _rest("GetResources", f"REST API {api_id}", destination, CallEffect.READS, api=api_id)


def get_definitions(destination: Destination, api_id: str, name: str) -> ApiCall:
    """List every model, request validator or gateway response of one API."""
    return _rest(name, f"REST API {api_id}", destination, CallEffect.READS, api=api_id)


def _path_names(ref: ResponseRef) -> dict[str, str]:
    return {"api": ref.api_id, "resource": ref.resource_id, "method": ref.scope.method, "code": ref.code}


def integration_response(destination: Destination, ref: ResponseRef, name: str, effect: CallEffect) -> ApiCall:
    """Call an operation on an integration response."""
    subject = f"integration response {ref.scope} {ref.code} of REST API {ref.api_id}"
    return _rest(name, subject, destination, effect, **_path_names(ref))


def method_response(destination: Destination, ref: ResponseRef, name: str, effect: CallEffect) -> ApiCall:
    """Call an operation on a method response."""
    subject = f"method response {ref.scope} {ref.code} of REST API {ref.api_id}"
    return _rest(name, subject, destination, effect, **_path_names(ref))


def test_invoke_method(destination: Destination, invocation: MethodInvocation) -> ApiCall:
    """Call a method and with it the method's backend, which a repeated call would reach a second time."""
    subject = f"{invocation.scope} of REST API {invocation.api_id}"
    names = {"api": invocation.api_id, "resource": invocation.resource_id, "method": invocation.scope.method}
    return _rest("TestInvokeMethod", subject, destination, CallEffect.ADDS, **names)


def list_websocket_apis(destination: Destination) -> ApiCall:
    """List every WebSocket and HTTP API of the region."""
    return _websocket("GetApis", "all WebSocket and HTTP APIs", destination, CallEffect.READS)


def get_websocket_api(destination: Destination, api_id: str) -> ApiCall:
    """Read the name and the protocol of an API."""
    return _websocket("GetApi", f"API {api_id}", destination, CallEffect.READS, api=api_id)


def get_routes(destination: Destination, api_id: str) -> ApiCall:
    """List every route of one API."""
    return _websocket("GetRoutes", f"WebSocket API {api_id}", destination, CallEffect.READS, api=api_id)


def get_integrations(destination: Destination, api_id: str) -> ApiCall:
    """List every integration of one API."""
    return _websocket("GetIntegrations", f"WebSocket API {api_id}", destination, CallEffect.READS, api=api_id)


def get_websocket_responses(destination: Destination, api_id: str, integration_id: str) -> ApiCall:
    """List every integration response of one integration."""
    subject = f"integration {integration_id} of WebSocket API {api_id}"
    return _websocket(
        "GetIntegrationResponses", subject, destination, CallEffect.READS, api=api_id, integration=integration_id
    )


def route(destination: Destination, ref: RouteRef, name: str, effect: CallEffect) -> ApiCall:
    """Call an operation on a route of a WebSocket API, or on its route responses."""
    subject = f"route {ref.key} of WebSocket API {ref.api_id}"
    return _websocket(name, subject, destination, effect, api=ref.api_id, route=ref.id)


def create_websocket_response(destination: Destination, ref: WebSocketResponseRef) -> ApiCall:
    """Create an integration response of a WebSocket API; AWS assigns its id."""
    names = {"api": ref.api_id, "integration": ref.integration_id}
    return _websocket("CreateIntegrationResponse", _websocket_subject(ref), destination, CallEffect.ADDS, **names)


def websocket_response(destination: Destination, ref: WebSocketResponseRef, name: str, effect: CallEffect) -> ApiCall:
    """Call an operation on an existing integration response of a WebSocket API, addressed by its id."""
    names = {"api": ref.api_id, "integration": ref.integration_id, "response": ref.response_id}
    return _websocket(name, _websocket_subject(ref), destination, effect, **names)


def _websocket_subject(ref: WebSocketResponseRef) -> str:
    return f"integration response {ref.key} of integration {ref.integration_id} of WebSocket API {ref.api_id}"


def _api_name(target: Target) -> str:
    return f"{target.kind.words} {target.api_id}"


def stage(destination: Destination, target: Target, stage_name: str, name: str, effect: CallEffect) -> ApiCall:
    """Call an operation on a stage of either kind of API."""
    names = {"api": target.api_id, "stage": stage_name}
    return _call(target.kind, name, f"stage {stage_name} of {_api_name(target)}", destination, effect, names)


def get_stages(destination: Destination, target: Target) -> ApiCall:
    """List every stage of either kind of API."""
    return _call(target.kind, "GetStages", _api_name(target), destination, CallEffect.READS, {"api": target.api_id})


def get_export(destination: Destination, target: Target, stage_name: str) -> ApiCall:
    """Export what a stage of a REST API serves."""
    names = {"api": target.api_id, "stage": stage_name}
    return _rest("GetExport", f"stage {stage_name} of {_api_name(target)}", destination, CallEffect.READS, **names)


def get_deployment(destination: Destination, target: Target, deployment_id: str) -> ApiCall:
    """Read a deployment of either kind of API."""
    names = {"api": target.api_id, "deployment": deployment_id}
    subject = f"deployment {deployment_id} of {_api_name(target)}"
    return _call(target.kind, "GetDeployment", subject, destination, CallEffect.READS, names)


def create_deployment(destination: Destination, target: Target, stage_name: str) -> ApiCall:
    """Deploy an API to a stage. Repeating the call would create a second deployment."""
    subject = f"stage {stage_name} of {_api_name(target)}"
    return _call(target.kind, "CreateDeployment", subject, destination, CallEffect.ADDS, {"api": target.api_id})


class ResponseArguments(TypedDict):
    """The arguments that boto3's methods on integration responses and method responses share."""

    restApiId: str
    resourceId: str
    httpMethod: str
    statusCode: str


def response_arguments(ref: ResponseRef) -> ResponseArguments:
    """Return the arguments by which boto3 addresses a response."""
    return ResponseArguments(
        restApiId=ref.api_id, resourceId=ref.resource_id, httpMethod=ref.scope.method, statusCode=ref.code
    )


class RouteArguments(TypedDict):
    """The arguments by which boto3 addresses a route."""

    ApiId: str
    RouteId: str


def route_arguments(ref: RouteRef) -> RouteArguments:
    """Return the arguments by which boto3 addresses a route."""
    return RouteArguments(ApiId=ref.api_id, RouteId=ref.id)


class WebSocketResponseArguments(TypedDict):
    """The arguments that boto3's methods on an integration response of a WebSocket API share."""

    ApiId: str
    IntegrationId: str
    IntegrationResponseId: str


def websocket_response_arguments(ref: WebSocketResponseRef) -> WebSocketResponseArguments:
    """Return the arguments by which boto3 addresses a response of a WebSocket API.

    Raises ValueError if the id is not known: boto3 would send an empty id, which addresses the whole collection.
    """
    if not ref.response_id:
        raise ValueError(f"integration response {ref.key} of integration {ref.integration_id}: the id is not known")
    return WebSocketResponseArguments(
        ApiId=ref.api_id, IntegrationId=ref.integration_id, IntegrationResponseId=ref.response_id
    )
