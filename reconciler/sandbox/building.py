"""Builds whole APIs on the model with ordinary calls: for the seed, tests and benchmarks.

AWS would hold the same state after the same calls; only ids are preset.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from reconciler.sandbox.model.plane import ControlPlane

HEADER: Final = "method.response.header."

Fields: TypeAlias = Mapping[str, Any]
"""The members of a request, under AWS's names."""


class ApiBuilder:
    """Creates a REST API and adds to it; without `api_id` the model chooses the id."""

    def __init__(self, plane: ControlPlane, name: str, api_id: str | None = None) -> None:
        self._plane = plane
        if api_id:
            plane.ids.reserve(api_id)
        api = plane.call("CreateRestApi", name=name)
        self.id: str = api["id"]
        self._resources: dict[str, str] = {"/": api["rootResourceId"]}

    def resource(self, path: str) -> str:
        """Return the id of a path's resource; creates it and its parents if necessary."""
        if path not in self._resources:
            parent, _, part = path.rpartition("/")
            created = self._plane.call(
                "CreateResource", restApiId=self.id, parentId=self.resource(parent or "/"), pathPart=part
            )
            self._resources[path] = created["id"]
        return self._resources[path]

    def method(
        self,
        path: str,
        verb: str,
        integration: Fields,
        declared: Mapping[str, Iterable[str]],
        request: Fields = MappingProxyType({}),
    ) -> None:
        """Add a method with its integration, request settings, and the header names that each status declares."""
        address = {"restApiId": self.id, "resourceId": self.resource(path), "httpMethod": verb}
        self._plane.call("PutMethod", **address, authorizationType="NONE", **request)
        self._plane.call("PutIntegration", **address, **integration)
        for status, names in declared.items():
            headers = {f"{HEADER}{name}": False for name in names}
            self._plane.call("PutMethodResponse", **address, statusCode=status, responseParameters=headers)

    def response(self, path: str, verb: str, status: str, fields: Fields) -> None:
        """Add an integration response."""
        address = {"restApiId": self.id, "resourceId": self.resource(path), "httpMethod": verb, "statusCode": status}
        self._plane.call("PutIntegrationResponse", **address, **fields)

    def deploy(self, stage: str) -> None:
        """Deploy the API to a stage."""
        self._plane.call("CreateDeployment", restApiId=self.id, stageName=stage, description="as it was seeded")


class WebSocketBuilder:
    """Creates a WebSocket or HTTP API and adds to it; without an id the model chooses one."""

    def __init__(
        self, plane: ControlPlane, name: str, api_id: str | None = None, *, protocol: str = "WEBSOCKET"
    ) -> None:
        self._plane = plane
        selection = {"RouteSelectionExpression": "$request.body.action"} if protocol == "WEBSOCKET" else {}
        self._reserve_id(api_id)
        self.id: str = plane.call("CreateApi", Name=name, ProtocolType=protocol, **selection)["ApiId"]

    def _reserve_id(self, reserved: str | None) -> None:
        if reserved:
            self._plane.ids.reserve(reserved)

    def integration(self, fields: Fields, integration_id: str | None = None) -> str:
        """Add an integration and return its id."""
        self._reserve_id(integration_id)
        created = self._plane.call("CreateIntegration", ApiId=self.id, **fields)
        return str(created["IntegrationId"])

    def route(self, key: str, integration_id: str, *, two_way: bool = False) -> None:
        """Add a route to an integration; a two-way route returns the response to its caller."""
        selection = {"RouteResponseSelectionExpression": "$default"} if two_way else {}
        target = f"integrations/{integration_id}"
        created = self._plane.call("CreateRoute", ApiId=self.id, RouteKey=key, Target=target, **selection)
        if two_way:
            self._plane.call(
                "CreateRouteResponse", ApiId=self.id, RouteId=created["RouteId"], RouteResponseKey="$default"
            )

    def response(self, integration_id: str, key: str, fields: Fields) -> None:
        """Add an integration response."""
        address = {"ApiId": self.id, "IntegrationId": integration_id, "IntegrationResponseKey": key}
        self._plane.call("CreateIntegrationResponse", **address, **fields)

    def deploy(self, stage: str) -> None:
        """Deploy the API to a new stage."""
        self._plane.call("CreateStage", ApiId=self.id, StageName=stage)
        self._plane.call("CreateDeployment", ApiId=self.id, StageName=stage, Description="as it was seeded")


_BIG_VERBS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_BIG_STATUSES: Final = (
    *("200", "400", "401", "403", "404", "405", "406", "408", "409", "410"),
    *("412", "413", "415", "422", "429", "500", "501", "502", "503", "504"),
)


def big_api(plane: ControlPlane, resources: int = 300, methods: int = 5, responses: int = 4, name: str = "big") -> str:
    """Build an API for benchmarks, with HTTP backends, and return its id.

    It has `resources` paths /r0000 ... with up to five methods each and up to twenty responses per method: 200 is the
    default, the pattern of every other response is its own status. Every response maps one header and has one template.
    """
    api = ApiBuilder(plane, name)
    statuses = _BIG_STATUSES[:responses]
    backend = {"type": "HTTP", "integrationHttpMethod": "GET", "uri": "http://backend.example.com/"}
    for path in (f"/r{number:04}" for number in range(resources)):
        for verb in _BIG_VERBS[:methods]:
            api.method(path, verb, backend, dict.fromkeys(statuses, ("X-Error-Type",)))
            for status in statuses:
                api.response(path, verb, status, big_response(status))
    plane.calls.clear()
    return api.id


def big_response(status: str) -> dict[str, Any]:
    """Return the response of `big_api` for a status, under AWS's names."""
    fields: dict[str, Any] = {
        "responseParameters": {f"{HEADER}X-Error-Type": f"'type {status}'"},
        "responseTemplates": {"application/json": f'{{"status": {status}, "requestId": "$context.requestId"}}'},
    }
    return fields if status == _BIG_STATUSES[0] else {**fields, "selectionPattern": status}


def big_websocket_api(plane: ControlPlane, integrations: int = 300, responses: int = 4, name: str = "big-chat") -> str:
    """Build a WebSocket API for benchmarks, with HTTP backends, and return its id.

    It has two-way routes r0000 ... with an integration each and up to twenty responses per integration: one is
    $default, the key of every other response is a status. Every response has one template.
    """
    api = WebSocketBuilder(plane, name)
    backend = {"IntegrationType": "HTTP", "IntegrationMethod": "POST", "IntegrationUri": "http://backend.example.com/"}
    keys = ("$default", *(f"/{status}/" for status in _BIG_STATUSES[1:responses]))
    for number in range(integrations):
        integration_id = api.integration(backend)
        api.route(f"r{number:04}", integration_id, two_way=True)
        for key in keys:
            template = {"all": f'{{"key": "{key}", "requestId": "$context.requestId"}}'}
            fields = {"TemplateSelectionExpression": "all", "ResponseTemplates": template}
            api.response(integration_id, key, fields)
    plane.calls.clear()
    return api.id
