"""What a call is: how messages name it, which permission it needs, and what its repetition would do.

Promise: values only; nothing here sends anything or knows boto3.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

from reconciler.aws.operations import operation
from reconciler.models.targets import Kind, ResponseRef, Role, Target, WebSocketResponseRef


class CallEffect(enum.Enum):
    """What a call does to the control plane, hence what may follow a lost answer."""

    READS = "reads"
    """Nothing: repeat at will."""

    SETS = "sets"
    """The same state however often it is repeated."""

    DELETES = "deletes"
    """As SETS, but a repetition answers 404 when an earlier try took effect."""

    ADDS = "adds"
    """Refused, or done twice, when repeated after it took effect: whoever lost the answer has to look."""


@dataclass(frozen=True, slots=True)
class Destination:
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
class ApiCall:
    """One operation on one thing.

    `subject` is the thing as users know it. `action` and `resource` are what an IAM policy has to allow (`operations`).
    """

    operation: str
    subject: str
    destination: Destination
    effect: CallEffect
    action: str
    resource: str

    def __str__(self) -> str:
        return f"{self.operation} of {self.subject} ({self.destination})"


def _rest(name: str, subject: str, destination: Destination, effect: CallEffect, **names: str) -> ApiCall:
    return _call(Kind.REST_API, name, subject, destination, effect, names)


def _websocket(name: str, subject: str, destination: Destination, effect: CallEffect, **names: str) -> ApiCall:
    return _call(Kind.WEBSOCKET_API, name, subject, destination, effect, names)


def _call(  # noqa: PLR0913, PLR0917 - all that a call is
    kind: Kind, name: str, subject: str, destination: Destination, effect: CallEffect, names: Mapping[str, str]
) -> ApiCall:
    known = operation(kind, name)
    return ApiCall(
        name,
        subject,
        destination,
        effect,
        known.action,
        known.resource(destination.partition, destination.region, names),
    )


def get_caller_identity(destination: Destination, settings: str) -> ApiCall:
    """Who the credentials of these settings belong to. AWS allows it to everybody."""
    return ApiCall("GetCallerIdentity", settings, destination, CallEffect.READS, "sts:GetCallerIdentity", "*")


def assume_role(destination: Destination, role: Role) -> ApiCall:
    """Credentials of a role. Its trust policy has to allow it as well."""
    return ApiCall("AssumeRole", f"role {role.arn}", destination, CallEffect.READS, "sts:AssumeRole", role.arn)


def list_rest_apis(destination: Destination) -> ApiCall:
    """Every REST API of the region."""
    return _rest("GetRestApis", "all REST APIs", destination, CallEffect.READS)


def get_resources(destination: Destination, api_id: str) -> ApiCall:
    """The bulk read of one API."""
    return _rest("GetResources", f"REST API {api_id}", destination, CallEffect.READS, api=api_id)


def get_definitions(destination: Destination, api_id: str, name: str) -> ApiCall:
    """Every model, request validator or gateway response of one API."""
    return _rest(name, f"REST API {api_id}", destination, CallEffect.READS, api=api_id)


def _path_names(ref: ResponseRef) -> dict[str, str]:
    return {"api": ref.api_id, "resource": ref.resource_id, "method": ref.scope.method, "code": ref.code}


def integration_response(destination: Destination, ref: ResponseRef, name: str, effect: CallEffect) -> ApiCall:
    """Something done to an integration response."""
    subject = f"integration response {ref.scope} {ref.code} of REST API {ref.api_id}"
    return _rest(name, subject, destination, effect, **_path_names(ref))


def method_response(destination: Destination, ref: ResponseRef, name: str, effect: CallEffect) -> ApiCall:
    """Something done to a method response."""
    subject = f"method response {ref.scope} {ref.code} of REST API {ref.api_id}"
    return _rest(name, subject, destination, effect, **_path_names(ref))


def list_websocket_apis(destination: Destination) -> ApiCall:
    """Every WebSocket and HTTP API of the region."""
    return _websocket("GetApis", "all WebSocket and HTTP APIs", destination, CallEffect.READS)


def get_websocket_api(destination: Destination, api_id: str) -> ApiCall:
    """What an API is: name and protocol."""
    return _websocket("GetApi", f"API {api_id}", destination, CallEffect.READS, api=api_id)


def get_routes(destination: Destination, api_id: str) -> ApiCall:
    """Every route of one API."""
    return _websocket("GetRoutes", f"WebSocket API {api_id}", destination, CallEffect.READS, api=api_id)


def get_integrations(destination: Destination, api_id: str) -> ApiCall:
    """Every integration of one API."""
    return _websocket("GetIntegrations", f"WebSocket API {api_id}", destination, CallEffect.READS, api=api_id)


def get_websocket_responses(destination: Destination, api_id: str, integration_id: str) -> ApiCall:
    """Every integration response of one integration."""
    subject = f"integration {integration_id} of WebSocket API {api_id}"
    return _websocket(
        "GetIntegrationResponses", subject, destination, CallEffect.READS, api=api_id, integration=integration_id
    )


def create_websocket_response(destination: Destination, ref: WebSocketResponseRef) -> ApiCall:
    """The making of an integration response of a WebSocket API: AWS gives it its id."""
    names = {"api": ref.api_id, "integration": ref.integration_id}
    return _websocket("CreateIntegrationResponse", _websocket_subject(ref), destination, CallEffect.ADDS, **names)


def websocket_response(destination: Destination, ref: WebSocketResponseRef, name: str, effect: CallEffect) -> ApiCall:
    """Something done to an integration response of a WebSocket API that has its id."""
    names = {"api": ref.api_id, "integration": ref.integration_id, "response": ref.response_id}
    return _websocket(name, _websocket_subject(ref), destination, effect, **names)


def _websocket_subject(ref: WebSocketResponseRef) -> str:
    return f"integration response {ref.key} of integration {ref.integration_id} of WebSocket API {ref.api_id}"


def _api_name(target: Target) -> str:
    return f"{target.kind.words} {target.api_id}"


def stage(destination: Destination, target: Target, stage_name: str, name: str, effect: CallEffect) -> ApiCall:
    """Something done to a stage of either kind of API."""
    names = {"api": target.api_id, "stage": stage_name}
    return _call(target.kind, name, f"stage {stage_name} of {_api_name(target)}", destination, effect, names)


def get_export(destination: Destination, target: Target, stage_name: str) -> ApiCall:
    """What a stage of a REST API serves, as a document."""
    names = {"api": target.api_id, "stage": stage_name}
    return _rest("GetExport", f"stage {stage_name} of {_api_name(target)}", destination, CallEffect.READS, **names)


def get_deployment(destination: Destination, target: Target, deployment_id: str) -> ApiCall:
    """A deployment of either kind of API."""
    names = {"api": target.api_id, "deployment": deployment_id}
    subject = f"deployment {deployment_id} of {_api_name(target)}"
    return _call(target.kind, "GetDeployment", subject, destination, CallEffect.READS, names)


def create_deployment(destination: Destination, target: Target, stage_name: str) -> ApiCall:
    """The deploying of an API to a stage: a repetition would be another deployment."""
    subject = f"{_api_name(target)} to stage {stage_name}"
    return _call(target.kind, "CreateDeployment", subject, destination, CallEffect.ADDS, {"api": target.api_id})


class ResponseArguments(TypedDict):
    """What boto3's methods on integration responses and method responses take in common."""

    restApiId: str
    resourceId: str
    httpMethod: str
    statusCode: str


def response_arguments(ref: ResponseRef) -> ResponseArguments:
    """A response as boto3 addresses it."""
    return ResponseArguments(
        restApiId=ref.api_id, resourceId=ref.resource_id, httpMethod=ref.scope.method, statusCode=ref.code
    )


class WebSocketResponseArguments(TypedDict):
    """What boto3's methods on an integration response of a WebSocket API take in common."""

    ApiId: str
    IntegrationId: str
    IntegrationResponseId: str


def websocket_response_arguments(ref: WebSocketResponseRef) -> WebSocketResponseArguments:
    """A response of a WebSocket API as boto3 addresses it.

    Its id must be known, else ValueError: boto3 sends an empty one, and that would address the whole collection.
    """
    if not ref.response_id:
        raise ValueError(f"integration response {ref.key} of integration {ref.integration_id}: its id is not known")
    return WebSocketResponseArguments(
        ApiId=ref.api_id, IntegrationId=ref.integration_id, IntegrationResponseId=ref.response_id
    )
