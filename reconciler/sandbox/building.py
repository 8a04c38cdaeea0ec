"""Whole APIs on the model, by ordinary calls: for the seed, for tests, for measuring.

Promise: what is built here AWS would hold after the same calls; nothing is put into the state by a back door but ids.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from reconciler.sandbox.model.plane import ControlPlane

HEADER: Final = "method.response.header."

Fields: TypeAlias = Mapping[str, Any]
"""The body of a call, under AWS's names."""


class ApiBuilder:
    """One API, being built. Starting makes it; `api_id` None: the model chooses the id."""

    def __init__(self, plane: ControlPlane, name: str, api_id: str | None = None) -> None:
        self._plane = plane
        if api_id:
            plane.ids.reserve(api_id)
        api = plane.call("CreateRestApi", name=name)
        self.id: str = api["id"]
        self._resources: dict[str, str] = {"/": api["rootResourceId"]}

    def resource(self, path: str) -> str:
        """The id of a path's resource, made with its parents if need be."""
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
        """A method with its integration, what it takes, and for each declared status the names of the headers."""
        where = {"restApiId": self.id, "resourceId": self.resource(path), "httpMethod": verb}
        self._plane.call("PutMethod", **where, authorizationType="NONE", **request)
        self._plane.call("PutIntegration", **where, **integration)
        for status, names in declared.items():
            headers = {f"{HEADER}{name}": False for name in names}
            self._plane.call("PutMethodResponse", **where, statusCode=status, responseParameters=headers)

    def response(self, path: str, verb: str, status: str, fields: Fields) -> None:
        """An integration response."""
        where = {"restApiId": self.id, "resourceId": self.resource(path), "httpMethod": verb, "statusCode": status}
        self._plane.call("PutIntegrationResponse", **where, **fields)

    def deploy(self, stage: str) -> None:
        """Serve all of it."""
        self._plane.call("CreateDeployment", restApiId=self.id, stageName=stage, description="as it was seeded")


class WebSocketBuilder:
    """One WebSocket or HTTP API, being built. Starting makes it; an id None: the model chooses the id."""

    def __init__(
        self, plane: ControlPlane, name: str, api_id: str | None = None, *, protocol: str = "WEBSOCKET"
    ) -> None:
        self._plane = plane
        selection = {"RouteSelectionExpression": "$request.body.action"} if protocol == "WEBSOCKET" else {}
        self._reserve_id(api_id)
        self.id: str = plane.call("CreateApi", Name=name, ProtocolType=protocol, **selection)["ApiId"]

    def _reserve_id(self, wanted: str | None) -> None:
        if wanted:
            self._plane.ids.reserve(wanted)

    def integration(self, fields: Fields, integration_id: str | None = None) -> str:
        """An integration; its id."""
        self._reserve_id(integration_id)
        created = self._plane.call("CreateIntegration", ApiId=self.id, **fields)
        return str(created["IntegrationId"])

    def route(self, key: str, integration_id: str, *, two_way: bool = False) -> None:
        """A route that leads to an integration; a two-way one tells its caller the answer."""
        answers = {"RouteResponseSelectionExpression": "$default"} if two_way else {}
        target = f"integrations/{integration_id}"
        created = self._plane.call("CreateRoute", ApiId=self.id, RouteKey=key, Target=target, **answers)
        if two_way:
            self._plane.call(
                "CreateRouteResponse", ApiId=self.id, RouteId=created["RouteId"], RouteResponseKey="$default"
            )

    def response(self, integration_id: str, key: str, fields: Fields) -> None:
        """An integration response."""
        where = {"ApiId": self.id, "IntegrationId": integration_id, "IntegrationResponseKey": key}
        self._plane.call("CreateIntegrationResponse", **where, **fields)

    def deploy(self, stage: str) -> None:
        """Serve all of it on a new stage."""
        self._plane.call("CreateStage", ApiId=self.id, StageName=stage)
        self._plane.call("CreateDeployment", ApiId=self.id, StageName=stage, Description="as it was seeded")


_BIG_VERBS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_BIG_STATUSES: Final = (
    *("200", "400", "401", "403", "404", "405", "406", "408", "409", "410"),
    *("412", "413", "415", "422", "429", "500", "501", "502", "503", "504"),
)


def big_api(plane: ControlPlane, resources: int = 300, methods: int = 5, responses: int = 4, name: str = "big") -> str:
    """An API for measuring, on HTTP backends; its id.

    `resources` paths /r0000 ... with up to five methods each and up to twenty responses per method: 200 is the
    default, the others have their own status as pattern. Every response maps one header and has one template.
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
    """The response that `big_api` has for a status, under AWS's names."""
    fields: dict[str, Any] = {
        "responseParameters": {f"{HEADER}X-Error-Type": f"'type {status}'"},
        "responseTemplates": {"application/json": f'{{"status": {status}, "requestId": "$context.requestId"}}'},
    }
    return fields if status == _BIG_STATUSES[0] else {**fields, "selectionPattern": status}


def big_websocket_api(plane: ControlPlane, integrations: int = 300, responses: int = 4, name: str = "big-chat") -> str:
    """A WebSocket API for measuring, on HTTP backends; its id.

    Two-way routes r0000 ... with an integration each and up to twenty responses per integration: one is $default, the
    others have a status for a key. Every response has one template.
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
