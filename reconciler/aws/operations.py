"""The operations of API Gateway that we call: what IAM calls each, and what a run needs it for.

Promise: `OPERATIONS` is all of them. A call of an operation that is not in it cannot be made (`calls`), and what a
policy grants (`permissions`) is read off it, so that neither knows one that the other does not. Values only.

IAM knows no operations here (Service Authorization Reference, Amazon API Gateway Management and Management V2): actions
are HTTP verbs, resources are URL paths without the `/v2` that those of WebSocket APIs begin with, the account is empty.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from reconciler.models.targets import Kind

ANY: Final = "*"
"""Any text in a resource, slashes and all, as IAM reads it."""


EXPORT_FORMAT: Final = "oas30"
"""The style of exports: OpenAPI 3.0, which can say as much as `swagger` (recorded exports)."""


class PermissionGroup(enum.Enum):
    """What a call is for: decides which runs have to be allowed to make it."""

    LIST = "find APIs by their names"
    IDENTIFY = "ask what an API that is addressed by its id is"
    READ = "read an API's draft"
    READ_STAGES = "read what stages serve"
    READ_DEFINITIONS = "read what a deployment publishes besides methods"
    WRITE = "write integration responses, and look what became of it where an answer was lost"
    CREATE = "make integration responses, as WebSocket APIs have calls of their own for that"
    DEPLOY = "deploy an API"
    POINT = "let a stage serve another deployment, an earlier one say"
    ENSURE = "make and extend method responses, and look what became of it where an answer was lost"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `path` has the names of what is different from call to call in braces, `api` for the API's id."""

    name: str
    kind: Kind
    purpose: PermissionGroup
    path: str

    @property
    def action(self) -> str:
        """What IAM calls it: the HTTP verb."""
        verb = next(verb for begin, verb in _VERBS.items() if self.name.startswith(begin))
        return f"apigateway:{verb}"

    def resource(self, partition: str, region: str, names: Mapping[str, str]) -> str:
        """The ARN of what a call is on; KeyError where a name is missing."""
        return f"arn:{partition}:apigateway:{region}::{self.path.format_map(names)}"

    def resources(self, partition: str, region: str, names: Mapping[str, str]) -> str:
        """The ARN of all that calls may be on; every one of what is not named."""
        return self.resource(partition, region, _AnyIfMissing(names))


class _AnyIfMissing(dict[str, str]):
    def __missing__(self, _: str) -> str:
        return ANY


_VERBS: Final = {"Get": "GET", "Create": "POST", "Put": "PUT", "Update": "PATCH", "Delete": "DELETE"}

_METHOD: Final = "/restapis/{api}/resources/{resource}/methods/{method}"
_RESPONSE: Final = f"{_METHOD}/integration/responses/{{code}}"
_METHOD_RESPONSE: Final = f"{_METHOD}/responses/{{code}}"
_WEBSOCKET_RESPONSES: Final = "/apis/{api}/integrations/{integration}/integrationresponses"
_WEBSOCKET_RESPONSE: Final = f"{_WEBSOCKET_RESPONSES}/{{response}}"
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
    Operation("GetStage", _REST, PermissionGroup.READ_STAGES, "/restapis/{api}/stages/{stage}"),
    Operation(
        "GetExport", _REST, PermissionGroup.READ_STAGES, f"/restapis/{{api}}/stages/{{stage}}/exports/{EXPORT_FORMAT}"
    ),
    Operation("GetDeployment", _REST, PermissionGroup.READ_STAGES, "/restapis/{api}/deployments/{deployment}"),
    Operation("GetModels", _REST, PermissionGroup.READ_DEFINITIONS, "/restapis/{api}/models"),
    Operation("GetRequestValidators", _REST, PermissionGroup.READ_DEFINITIONS, "/restapis/{api}/requestvalidators"),
    Operation("GetGatewayResponses", _REST, PermissionGroup.READ_DEFINITIONS, "/restapis/{api}/gatewayresponses"),
    Operation("CreateDeployment", _REST, PermissionGroup.DEPLOY, "/restapis/{api}/deployments"),
    Operation("UpdateStage", _REST, PermissionGroup.POINT, "/restapis/{api}/stages/{stage}"),
    Operation("GetApis", _WEBSOCKET, PermissionGroup.LIST, "/apis"),
    Operation("GetApi", _WEBSOCKET, PermissionGroup.IDENTIFY, "/apis/{api}"),
    Operation("GetRoutes", _WEBSOCKET, PermissionGroup.READ, "/apis/{api}/routes"),
    Operation("GetIntegrations", _WEBSOCKET, PermissionGroup.READ, "/apis/{api}/integrations"),
    Operation("GetIntegrationResponses", _WEBSOCKET, PermissionGroup.READ, _WEBSOCKET_RESPONSES),
    Operation("GetIntegrationResponse", _WEBSOCKET, PermissionGroup.WRITE, _WEBSOCKET_RESPONSE),
    Operation("CreateIntegrationResponse", _WEBSOCKET, PermissionGroup.CREATE, _WEBSOCKET_RESPONSES),
    Operation("UpdateIntegrationResponse", _WEBSOCKET, PermissionGroup.WRITE, _WEBSOCKET_RESPONSE),
    Operation("DeleteIntegrationResponse", _WEBSOCKET, PermissionGroup.WRITE, _WEBSOCKET_RESPONSE),
    Operation("GetStage", _WEBSOCKET, PermissionGroup.READ_STAGES, "/apis/{api}/stages/{stage}"),
    Operation("GetDeployment", _WEBSOCKET, PermissionGroup.READ_STAGES, "/apis/{api}/deployments/{deployment}"),
    Operation("CreateDeployment", _WEBSOCKET, PermissionGroup.DEPLOY, "/apis/{api}/deployments"),
    Operation("UpdateStage", _WEBSOCKET, PermissionGroup.POINT, "/apis/{api}/stages/{stage}"),
)

_BY_NAME: Final[Mapping[tuple[Kind, str], Operation]] = MappingProxyType(
    {(one.kind, one.name): one for one in OPERATIONS}
)


def operation(kind: Kind, name: str) -> Operation:
    """The operation of this name; KeyError for one that no policy would allow."""
    return _BY_NAME[kind, name]
