"""What a call is: how messages name it, which permission it needs, and what its repetition would do.

Promise: values only; nothing here sends anything or knows boto3.
"""

import enum
from dataclasses import dataclass
from typing import Final, TypedDict

from reconciler.models.targets import Kind, ResponseRef, Role, Target, WebSocketResponseRef


class Effect(enum.Enum):
    """What a call does to the control plane, hence what may follow a lost answer."""

    READS = "reads"
    """Nothing: repeat at will."""

    SETS = "sets"
    """The same state however often it is repeated."""

    DELETES = "deletes"
    """As SETS, but a repetition answers 404 when an earlier try took effect."""

    ADDS = "adds"
    """Refused, or done twice, when repeated after it took effect: whoever lost the answer has to look."""


_VERBS = {"Get": "GET", "Create": "POST", "Put": "PUT", "Update": "PATCH", "Delete": "DELETE"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where calls go.

    `account_id` is "" while it is being asked for, `partition` is `aws`, `aws-cn` ..., `endpoint` is the URL without
    path and credentials.
    """

    account_id: str
    region: str
    partition: str
    endpoint: str

    def __str__(self) -> str:
        return f"account {self.account_id}, {self.region}" if self.account_id else self.region


@dataclass(frozen=True, slots=True)
class Call:
    """One operation on one thing.

    `subject` is the thing as users know it. `action` and `resource` are what an IAM policy has to allow (Service
    Authorization Reference: actions are HTTP verbs, resources are URL paths, the account field is empty; the `/v2` that
    the URLs of WebSocket APIs begin with is not part of it).
    """

    operation: str
    subject: str
    place: Place
    effect: Effect
    action: str
    resource: str

    def __str__(self) -> str:
        return f"{self.operation} of {self.subject} ({self.place})"


def _call(operation: str, subject: str, place: Place, effect: Effect, path: str) -> Call:
    verb = next(verb for begin, verb in _VERBS.items() if operation.startswith(begin))
    resource = f"arn:{place.partition}:apigateway:{place.region}::{path}"
    return Call(operation, subject, place, effect, f"apigateway:{verb}", resource)


def caller_identity(place: Place, settings: str) -> Call:
    """Who the credentials of these settings belong to. AWS allows it to everybody."""
    return Call("GetCallerIdentity", settings, place, Effect.READS, "sts:GetCallerIdentity", "*")


def assume_role(place: Place, role: Role) -> Call:
    """Credentials of a role. Its trust policy has to allow it as well."""
    return Call("AssumeRole", f"role {role.arn}", place, Effect.READS, "sts:AssumeRole", role.arn)


def listing(place: Place) -> Call:
    """Every REST API of the region."""
    return _call("GetRestApis", "all REST APIs", place, Effect.READS, "/restapis")


def resources(place: Place, api_id: str) -> Call:
    """The bulk read of one API."""
    return _call("GetResources", f"REST API {api_id}", place, Effect.READS, f"/restapis/{api_id}/resources")


def _method_path(ref: ResponseRef) -> str:
    return f"/restapis/{ref.api_id}/resources/{ref.resource_id}/methods/{ref.scope.method}"


def integration_response(place: Place, ref: ResponseRef, operation: str, effect: Effect) -> Call:
    """Something done to an integration response."""
    subject = f"integration response {ref.scope} {ref.code} of REST API {ref.api_id}"
    return _call(operation, subject, place, effect, f"{_method_path(ref)}/integration/responses/{ref.code}")


def method_response(place: Place, ref: ResponseRef, operation: str, effect: Effect) -> Call:
    """Something done to a method response."""
    subject = f"method response {ref.scope} {ref.code} of REST API {ref.api_id}"
    return _call(operation, subject, place, effect, f"{_method_path(ref)}/responses/{ref.code}")


def websocket_listing(place: Place) -> Call:
    """Every WebSocket and HTTP API of the region."""
    return _call("GetApis", "all WebSocket and HTTP APIs", place, Effect.READS, "/apis")


def websocket_api(place: Place, api_id: str) -> Call:
    """What an API is: name and protocol."""
    return _call("GetApi", f"API {api_id}", place, Effect.READS, f"/apis/{api_id}")


def routes(place: Place, api_id: str) -> Call:
    """Every route of one API."""
    return _call("GetRoutes", f"WebSocket API {api_id}", place, Effect.READS, f"/apis/{api_id}/routes")


def integrations(place: Place, api_id: str) -> Call:
    """Every integration of one API."""
    return _call("GetIntegrations", f"WebSocket API {api_id}", place, Effect.READS, f"/apis/{api_id}/integrations")


def websocket_responses(place: Place, api_id: str, integration_id: str) -> Call:
    """Every integration response of one integration."""
    subject = f"integration {integration_id} of WebSocket API {api_id}"
    path = _collection_path(api_id, integration_id)
    return _call("GetIntegrationResponses", subject, place, Effect.READS, path)


def new_websocket_response(place: Place, ref: WebSocketResponseRef) -> Call:
    """The making of an integration response of a WebSocket API: AWS gives it its id."""
    path = _collection_path(ref.api_id, ref.integration_id)
    return _call("CreateIntegrationResponse", _websocket_subject(ref), place, Effect.ADDS, path)


def websocket_response(place: Place, ref: WebSocketResponseRef, operation: str, effect: Effect) -> Call:
    """Something done to an integration response of a WebSocket API that has its id."""
    path = f"{_collection_path(ref.api_id, ref.integration_id)}/{ref.response_id}"
    return _call(operation, _websocket_subject(ref), place, effect, path)


def _websocket_subject(ref: WebSocketResponseRef) -> str:
    return f"integration response {ref.key} of integration {ref.integration_id} of WebSocket API {ref.api_id}"


def _collection_path(api_id: str, integration_id: str) -> str:
    return f"/apis/{api_id}/integrations/{integration_id}/integrationresponses"


_COLLECTIONS: Final = {Kind.REST_API: "/restapis", Kind.WEBSOCKET_API: "/apis"}


def _of(target: Target) -> str:
    return f"{target.kind.words} {target.api_id}"


def _stage_path(target: Target, name: str) -> str:
    return f"{_COLLECTIONS[target.kind]}/{target.api_id}/stages/{name}"


def stage(place: Place, target: Target, name: str, operation: str, effect: Effect) -> Call:
    """Something done to a stage of either kind of API."""
    return _call(operation, f"stage {name} of {_of(target)}", place, effect, _stage_path(target, name))


def export(place: Place, target: Target, stage_name: str, style: str) -> Call:
    """What a stage of a REST API serves, as a document."""
    path = f"{_stage_path(target, stage_name)}/exports/{style}"
    return _call("GetExport", f"stage {stage_name} of {_of(target)}", place, Effect.READS, path)


def deployment(place: Place, target: Target, deployment_id: str) -> Call:
    """A deployment of either kind of API."""
    path = f"{_deployments_path(target)}/{deployment_id}"
    return _call("GetDeployment", f"deployment {deployment_id} of {_of(target)}", place, Effect.READS, path)


def new_deployment(place: Place, target: Target, stage_name: str) -> Call:
    """The deploying of an API to a stage: a repetition would be another deployment."""
    path = _deployments_path(target)
    return _call("CreateDeployment", f"{_of(target)} to stage {stage_name}", place, Effect.ADDS, path)


def _deployments_path(target: Target) -> str:
    return f"{_COLLECTIONS[target.kind]}/{target.api_id}/deployments"


class ResponseArguments(TypedDict):
    """What boto3's methods on integration responses and method responses take in common."""

    restApiId: str
    resourceId: str
    httpMethod: str
    statusCode: str


def arguments(ref: ResponseRef) -> ResponseArguments:
    """A response as boto3 addresses it."""
    return ResponseArguments(
        restApiId=ref.api_id, resourceId=ref.resource_id, httpMethod=ref.scope.method, statusCode=ref.code
    )


class WebSocketResponseArguments(TypedDict):
    """What boto3's methods on an integration response of a WebSocket API take in common."""

    ApiId: str
    IntegrationId: str
    IntegrationResponseId: str


def websocket_arguments(ref: WebSocketResponseRef) -> WebSocketResponseArguments:
    """A response of a WebSocket API as boto3 addresses it.

    Its id must be known, else ValueError: boto3 sends an empty one, and that would address the whole collection.
    """
    if not ref.response_id:
        raise ValueError(f"integration response {ref.key} of integration {ref.integration_id}: its id is not known")
    return WebSocketResponseArguments(
        ApiId=ref.api_id, IntegrationId=ref.integration_id, IntegrationResponseId=ref.response_id
    )
