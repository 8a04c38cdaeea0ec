"""The operations of API Gateway that we call: the IAM action of each, and what a run needs it for.

`OPERATIONS` is the complete list. An operation that is not in it cannot be called (`calls`), and the policy
(`permissions`) is derived from it, so that calls and policy cannot diverge. Values only.

IAM has no operations for API Gateway (Service Authorization Reference, Amazon API Gateway Management and Management
V2): actions are HTTP verbs, resources are URL paths without the `/v2` prefix of WebSocket APIs, the account is empty.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from reconciler.models.targets import Kind

ANY: Final = "*"
"""Matches any text in a resource, slashes included, as IAM reads it."""


EXPORT_FORMAT: Final = "oas30"
"""The format of exports: OpenAPI 3.0, which contains as much as `swagger` (recorded exports)."""


class PermissionGroup(enum.Enum):
    """What a call is for, which decides which runs need permission for it."""

    LIST = "find APIs by name"
    IDENTIFY = "find out the kind of an API that is addressed by id"
    READ = "read an API's draft"
    READ_STAGES = "read what stages serve"
    LIST_STAGES = "list the stages of an API"
    READ_DEFINITIONS = "read the definitions that a deployment publishes in addition to methods"
    WRITE = "write integration responses, and read them back after a lost response"
    CREATE = "create integration responses, which takes separate calls on WebSocket APIs"
    DEPLOY = "deploy an API"
    REPOINT = "make a stage serve another deployment, such as an earlier one"
    ENSURE = "create and extend method responses, and read them back after a lost response"
    READ_ROUTES = "read the route responses of routes that are kept two-way"
    ENSURE_ROUTES = "make routes two-way, and read them back after a lost response"
    ENSURE_ROUTE_RESPONSES = "create route responses, which are a collection of their own"
    INVOKE = "call methods with TestInvokeMethod, which calls their backends"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `path` is a template: variables in braces, `{api}` for the API's id."""

    name: str
    kind: Kind
    group: PermissionGroup
    path: str

    @property
    def action(self) -> str:
        """The IAM action: an HTTP verb."""
        verb = next(verb for prefix, verb in _VERBS.items() if self.name.startswith(prefix))
        return f"apigateway:{verb}"

    def resource(self, partition: str, region: str, names: Mapping[str, str]) -> str:
        """Return the ARN of the resource of a call. Raises KeyError if a variable is missing."""
        return f"arn:{partition}:apigateway:{region}::{self.path.format_map(names)}"

    def resources(self, partition: str, region: str, names: Mapping[str, str]) -> str:
        """Return an ARN that matches every resource with these variables; a missing variable matches everything."""
        return self.resource(partition, region, _AnyIfMissing(names))


class _AnyIfMissing(dict[str, str]):
    def __missing__(self, _: str) -> str:
        return ANY


_VERBS: Final = {
    "Get": "GET",
    "Create": "POST",
    "TestInvoke": "POST",
    "Put": "PUT",
    "Update": "PATCH",
    "Delete": "DELETE",
}

_METHOD: Final = "/restapis/{api}/resources/{resource}/methods/{method}"
_RESPONSE: Final = f"{_METHOD}/integration/responses/{{code}}"
_METHOD_RESPONSE: Final = f"{_METHOD}/responses/{{code}}"
_WEBSOCKET_RESPONSES: Final = "/apis/{api}/integrations/{integration}/integrationresponses"
_WEBSOCKET_RESPONSE: Final = f"{_WEBSOCKET_RESPONSES}/{{response}}"
_ROUTE: Final = "/apis/{api}/routes/{route}"
_REST: Final = Kind.REST_API
_WEBSOCKET: Final = Kind.WEBSOCKET_API

OPERATIONS: Final = (
    Operation("GetRestApis", _REST, PermissionGroup.LIST, "/restapis"),
    Operation("GetResources", _REST, PermissionGroup.READ, "/restapis/{api}/resources"),
    Operation("GetIntegrationResponse", _REST, PermissionGroup.WRITE, _RESPONSE),
    Operation("PutIntegrationResponse", _REST, PermissionGroup.WRITE, _RESPONSE),
    Operation("DeleteIntegrationResponse", _REST, PermissionGroup.WRITE, _RESPONSE),
    Operation("GetMethodResponse", _REST, PermissionGroup.ENSURE, _METHOD_RESPONSE),
    Operation("PutMethodResponse", _REST, PermissionGroup.ENSURE, _METHOD_RESPONSE),
    Operation("UpdateMethodResponse", _REST, PermissionGroup.ENSURE, _METHOD_RESPONSE),
    Operation("TestInvokeMethod", _REST, PermissionGroup.INVOKE, _METHOD),
    Operation("GetStage", _REST, PermissionGroup.READ_STAGES, "/restapis/{api}/stages/{stage}"),
    Operation("GetStages", _REST, PermissionGroup.LIST_STAGES, "/restapis/{api}/stages"),
    Operation(
        "GetExport", _REST, PermissionGroup.READ_STAGES, f"/restapis/{{api}}/stages/{{stage}}/exports/{EXPORT_FORMAT}"
    ),
    Operation("GetDeployment", _REST, PermissionGroup.READ_STAGES, "/restapis/{api}/deployments/{deployment}"),
    Operation("GetModels", _REST, PermissionGroup.READ_DEFINITIONS, "/restapis/{api}/models"),
    Operation("GetRequestValidators", _REST, PermissionGroup.READ_DEFINITIONS, "/restapis/{api}/requestvalidators"),
    Operation("GetGatewayResponses", _REST, PermissionGroup.READ_DEFINITIONS, "/restapis/{api}/gatewayresponses"),
    Operation("CreateDeployment", _REST, PermissionGroup.DEPLOY, "/restapis/{api}/deployments"),
    Operation("UpdateStage", _REST, PermissionGroup.REPOINT, "/restapis/{api}/stages/{stage}"),
    Operation("GetApis", _WEBSOCKET, PermissionGroup.LIST, "/apis"),
    Operation("GetApi", _WEBSOCKET, PermissionGroup.IDENTIFY, "/apis/{api}"),
    Operation("GetRoutes", _WEBSOCKET, PermissionGroup.READ, "/apis/{api}/routes"),
    Operation("GetIntegrations", _WEBSOCKET, PermissionGroup.READ, "/apis/{api}/integrations"),
    Operation("GetIntegrationResponses", _WEBSOCKET, PermissionGroup.READ, _WEBSOCKET_RESPONSES),
    Operation("GetRouteResponses", _WEBSOCKET, PermissionGroup.READ_ROUTES, f"{_ROUTE}/routeresponses"),
    Operation("GetRoute", _WEBSOCKET, PermissionGroup.ENSURE_ROUTES, _ROUTE),
    Operation("UpdateRoute", _WEBSOCKET, PermissionGroup.ENSURE_ROUTES, _ROUTE),
    Operation("CreateRouteResponse", _WEBSOCKET, PermissionGroup.ENSURE_ROUTE_RESPONSES, f"{_ROUTE}/routeresponses"),
    Operation("GetIntegrationResponse", _WEBSOCKET, PermissionGroup.WRITE, _WEBSOCKET_RESPONSE),
    Operation("CreateIntegrationResponse", _WEBSOCKET, PermissionGroup.CREATE, _WEBSOCKET_RESPONSES),
    Operation("UpdateIntegrationResponse", _WEBSOCKET, PermissionGroup.WRITE, _WEBSOCKET_RESPONSE),
    Operation("DeleteIntegrationResponse", _WEBSOCKET, PermissionGroup.WRITE, _WEBSOCKET_RESPONSE),
    Operation("GetStage", _WEBSOCKET, PermissionGroup.READ_STAGES, "/apis/{api}/stages/{stage}"),
    Operation("GetStages", _WEBSOCKET, PermissionGroup.LIST_STAGES, "/apis/{api}/stages"),
    Operation("GetDeployment", _WEBSOCKET, PermissionGroup.READ_STAGES, "/apis/{api}/deployments/{deployment}"),
    Operation("CreateDeployment", _WEBSOCKET, PermissionGroup.DEPLOY, "/apis/{api}/deployments"),
    Operation("UpdateStage", _WEBSOCKET, PermissionGroup.REPOINT, "/apis/{api}/stages/{stage}"),
)

_BY_NAME: Final[Mapping[tuple[Kind, str], Operation]] = MappingProxyType(
    {(operation.kind, operation.name): operation for operation in OPERATIONS}
)


def operation(kind: Kind, name: str) -> Operation:
    """Return the operation of this name. Raises KeyError for one that is not in the table."""
    return _BY_NAME[kind, name]
