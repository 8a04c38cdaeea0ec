"""The HTTP paths of API Gateway, v1 (REST APIs) and v2 (WebSocket and HTTP APIs).

`route` finds the operation for a verb and a path, with the values of the path variables under boto3's names. Verbs,
paths and status codes are those of the service models that boto3 ships.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias
from urllib.parse import unquote

from reconciler.sandbox.model.errors import unsupported

Version: TypeAlias = Literal["v1", "v2"]

_RESOURCE: Final = "/restapis/{restApiId}/resources/{resourceId}"
_METHOD: Final = _RESOURCE + "/methods/{httpMethod}"
_RESPONSE: Final = _METHOD + "/responses/{statusCode}"
_INTEGRATION: Final = _METHOD + "/integration"
_INTEGRATION_RESPONSE: Final = _INTEGRATION + "/responses/{statusCode}"
_STAGE: Final = "/restapis/{restApiId}/stages/{stageName}"
_DEPLOYMENT: Final = "/restapis/{restApiId}/deployments/{deploymentId}"
_MODEL: Final = "/restapis/{restApiId}/models/{modelName}"
_VALIDATOR: Final = "/restapis/{restApiId}/requestvalidators/{requestValidatorId}"
_GATEWAY_RESPONSE: Final = "/restapis/{restApiId}/gatewayresponses/{responseType}"

_V1: Final = (
    ("POST", "/restapis", "CreateRestApi", 201),
    ("GET", "/restapis", "GetRestApis", 200),
    ("GET", "/restapis/{restApiId}", "GetRestApi", 200),
    ("DELETE", "/restapis/{restApiId}", "DeleteRestApi", 202),
    ("GET", "/tags/{resourceArn}", "GetTags", 200),
    ("GET", "/restapis/{restApiId}/resources", "GetResources", 200),
    ("POST", "/restapis/{restApiId}/resources/{parentId}", "CreateResource", 201),
    ("GET", _RESOURCE, "GetResource", 200),
    ("DELETE", _RESOURCE, "DeleteResource", 202),
    ("PUT", _METHOD, "PutMethod", 201),
    ("GET", _METHOD, "GetMethod", 200),
    ("DELETE", _METHOD, "DeleteMethod", 204),
    ("POST", _METHOD, "TestInvokeMethod", 200),
    ("PUT", _RESPONSE, "PutMethodResponse", 201),
    ("GET", _RESPONSE, "GetMethodResponse", 200),
    ("PATCH", _RESPONSE, "UpdateMethodResponse", 201),
    ("DELETE", _RESPONSE, "DeleteMethodResponse", 204),
    ("PUT", _INTEGRATION, "PutIntegration", 201),
    ("GET", _INTEGRATION, "GetIntegration", 200),
    ("PATCH", _INTEGRATION, "UpdateIntegration", 200),
    ("DELETE", _INTEGRATION, "DeleteIntegration", 204),
    ("PUT", _INTEGRATION_RESPONSE, "PutIntegrationResponse", 201),
    ("GET", _INTEGRATION_RESPONSE, "GetIntegrationResponse", 200),
    ("PATCH", _INTEGRATION_RESPONSE, "UpdateIntegrationResponse", 200),
    ("DELETE", _INTEGRATION_RESPONSE, "DeleteIntegrationResponse", 204),
    ("POST", "/restapis/{restApiId}/models", "CreateModel", 201),
    ("GET", "/restapis/{restApiId}/models", "GetModels", 200),
    ("GET", _MODEL, "GetModel", 200),
    ("PATCH", _MODEL, "UpdateModel", 200),
    ("DELETE", _MODEL, "DeleteModel", 202),
    ("POST", "/restapis/{restApiId}/requestvalidators", "CreateRequestValidator", 201),
    ("GET", "/restapis/{restApiId}/requestvalidators", "GetRequestValidators", 200),
    ("GET", _VALIDATOR, "GetRequestValidator", 200),
    ("PATCH", _VALIDATOR, "UpdateRequestValidator", 200),
    ("DELETE", _VALIDATOR, "DeleteRequestValidator", 202),
    ("GET", "/restapis/{restApiId}/gatewayresponses", "GetGatewayResponses", 200),
    ("PUT", _GATEWAY_RESPONSE, "PutGatewayResponse", 201),
    ("GET", _GATEWAY_RESPONSE, "GetGatewayResponse", 200),
    ("PATCH", _GATEWAY_RESPONSE, "UpdateGatewayResponse", 200),
    ("DELETE", _GATEWAY_RESPONSE, "DeleteGatewayResponse", 202),
    ("PATCH", _METHOD, "UpdateMethod", 200),
    ("POST", "/restapis/{restApiId}/deployments", "CreateDeployment", 201),
    ("GET", "/restapis/{restApiId}/deployments", "GetDeployments", 200),
    ("GET", _DEPLOYMENT, "GetDeployment", 200),
    ("DELETE", _DEPLOYMENT, "DeleteDeployment", 202),
    ("POST", "/restapis/{restApiId}/stages", "CreateStage", 201),
    ("GET", "/restapis/{restApiId}/stages", "GetStages", 200),
    ("GET", _STAGE, "GetStage", 200),
    ("PATCH", _STAGE, "UpdateStage", 200),
    ("DELETE", _STAGE, "DeleteStage", 202),
    ("GET", _STAGE + "/exports/{exportType}", "GetExport", 200),
)

_API: Final = "/v2/apis/{ApiId}"
_ROUTE: Final = _API + "/routes/{RouteId}"
_ROUTE_RESPONSE: Final = _ROUTE + "/routeresponses/{RouteResponseId}"
_V2_INTEGRATION: Final = _API + "/integrations/{IntegrationId}"
_V2_RESPONSE: Final = _V2_INTEGRATION + "/integrationresponses/{IntegrationResponseId}"
_V2_STAGE: Final = _API + "/stages/{StageName}"
_V2_DEPLOYMENT: Final = _API + "/deployments/{DeploymentId}"

_V2: Final = (
    ("POST", "/v2/apis", "CreateApi", 201),
    ("GET", "/v2/apis", "GetApis", 200),
    ("GET", _API, "GetApi", 200),
    ("DELETE", _API, "DeleteApi", 204),
    ("POST", _API + "/routes", "CreateRoute", 201),
    ("GET", _API + "/routes", "GetRoutes", 200),
    ("GET", _ROUTE, "GetRoute", 200),
    ("PATCH", _ROUTE, "UpdateRoute", 200),
    ("DELETE", _ROUTE, "DeleteRoute", 204),
    ("POST", _ROUTE + "/routeresponses", "CreateRouteResponse", 201),
    ("GET", _ROUTE + "/routeresponses", "GetRouteResponses", 200),
    ("GET", _ROUTE_RESPONSE, "GetRouteResponse", 200),
    ("DELETE", _ROUTE_RESPONSE, "DeleteRouteResponse", 204),
    ("POST", _API + "/integrations", "CreateIntegration", 201),
    ("GET", _API + "/integrations", "GetIntegrations", 200),
    ("GET", _V2_INTEGRATION, "GetIntegration", 200),
    ("PATCH", _V2_INTEGRATION, "UpdateIntegration", 200),
    ("DELETE", _V2_INTEGRATION, "DeleteIntegration", 204),
    ("POST", _V2_INTEGRATION + "/integrationresponses", "CreateIntegrationResponse", 201),
    ("GET", _V2_INTEGRATION + "/integrationresponses", "GetIntegrationResponses", 200),
    ("GET", _V2_RESPONSE, "GetIntegrationResponse", 200),
    ("PATCH", _V2_RESPONSE, "UpdateIntegrationResponse", 200),
    ("DELETE", _V2_RESPONSE, "DeleteIntegrationResponse", 204),
    ("POST", _API + "/deployments", "CreateDeployment", 201),
    ("GET", _API + "/deployments", "GetDeployments", 200),
    ("GET", _V2_DEPLOYMENT, "GetDeployment", 200),
    ("DELETE", _V2_DEPLOYMENT, "DeleteDeployment", 204),
    ("POST", _API + "/stages", "CreateStage", 201),
    ("GET", _API + "/stages", "GetStages", 200),
    ("GET", _V2_STAGE, "GetStage", 200),
    ("PATCH", _V2_STAGE, "UpdateStage", 200),
    ("DELETE", _V2_STAGE, "DeleteStage", 204),
)

_IMPORT: Final = "mode=import"
_V1_MISSING: Final = (
    ("PUT", "/restapis/{restApiId}", "PutRestApi", 200),
    ("PATCH", "/restapis/{restApiId}", "UpdateRestApi", 200),
    ("PATCH", _RESOURCE, "UpdateResource", 200),
    ("PATCH", _DEPLOYMENT, "UpdateDeployment", 200),
    ("PUT", "/tags/{resourceArn}", "TagResource", 204),
    ("DELETE", "/tags/{resourceArn}", "UntagResource", 204),
)
_V2_MISSING: Final = (
    ("PUT", "/v2/apis", "ImportApi", 201),
    ("PUT", _API, "ReimportApi", 201),
    ("PATCH", _API, "UpdateApi", 200),
    ("PATCH", _ROUTE_RESPONSE, "UpdateRouteResponse", 200),
    ("PATCH", _V2_DEPLOYMENT, "UpdateDeployment", 200),
    ("GET", _API + "/exports/{Specification}", "ExportApi", 200),
)
"""Operations that users are likely to try, so that the refusal can name them."""


@dataclass(frozen=True, slots=True)
class OperationRoute:
    """An operation with its success status and its path."""

    operation: str
    status: int
    version: Version
    parts: tuple[str, ...]

    def variables(self, parts: tuple[str, ...]) -> dict[str, str] | None:
        """Return the values of the path variables, None if the path does not match."""
        values = {}
        for template, part in zip(self.parts, parts, strict=True):
            if template.startswith("{"):
                values[template[1:-1]] = part
            elif template != part:
                return None
        return values


def _routes(
    *tables: tuple[Version, tuple[tuple[str, str, str, int], ...]],
) -> dict[tuple[str, int], list[OperationRoute]]:
    routes: dict[tuple[str, int], list[OperationRoute]] = {}
    for version, table in tables:
        for verb, path, operation, status in table:
            parts = tuple(path.split("/")[1:])
            routes.setdefault((verb, len(parts)), []).append(OperationRoute(operation, status, version, parts))
    return routes


_ROUTES: Final = _routes(("v1", _V1), ("v2", _V2))
_NOT_IMPLEMENTED: Final = _routes(("v1", _V1_MISSING), ("v2", _V2_MISSING))
_API_PREFIXES: Final = frozenset({("restapis",), ("tags",), ("v2", "apis"), ("v2", "tags")})


def is_api_path(target: str) -> bool:
    """Whether the path is about APIs of either version, not about domain names, VPC links or another service."""
    parts = tuple(target.partition("?")[0].split("/")[1:3])
    return parts in _API_PREFIXES or parts[:1] in _API_PREFIXES


def route(verb: str, target: str) -> tuple[OperationRoute, dict[str, str]]:
    """Return the route of a request and its path variables; `target` is path and query, percent-encoded.

    Raises ModelError if the sandbox has no such path.
    """
    path, _, query = target.partition("?")
    parts = tuple(unquote(part) for part in path.rstrip("/").split("/")[1:])
    if verb == "POST" and parts == ("restapis",) and _IMPORT in query.split("&"):
        raise unsupported("ImportRestApi")  # differs from CreateRestApi only in the query
    matched = _match(_ROUTES, verb, parts)
    if matched is None:
        missing = _match(_NOT_IMPLEMENTED, verb, parts)
        raise unsupported(missing[0].operation if missing else f"{verb} {path}")
    return matched


def _match(
    routes: Mapping[tuple[str, int], list[OperationRoute]], verb: str, parts: tuple[str, ...]
) -> tuple[OperationRoute, dict[str, str]] | None:
    for candidate in routes.get((verb, len(parts)), ()):
        variables = candidate.variables(parts)
        if variables is not None:
            return candidate, variables
    return None
