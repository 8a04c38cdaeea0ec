"""WebSocket APIs for tests: in memory, as random states, and as what a manifest wants of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import strategies as st

from reconciler import normal
from reconciler.models.desired import ABSENT, Desired, ManifestRef, Ownership, RouteResponses, Wanted
from reconciler.models.keys import IntegrationKey, ResponseKey, Scope
from reconciler.models.live import LiveApi
from reconciler.models.responses import WebSocketResponse
from reconciler.models.targets import ApiRef, Coordinates, Kind, Target, WebSocketResponseRef
from reconciler.models.views import listed_integrations
from reconciler.ports import Connection, IntegrationSelection
from reconciler.sandbox.gateway import InMemoryCloud
from reconciler.sandbox.model.plane import ControlPlane

LAMBDA = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/f/invocations"

RICH = WebSocketResponse(
    template_selection_expression=r"\$default",
    content_handling_strategy="CONVERT_TO_TEXT",
    response_parameters={"method.response.header.X": "'é'"},
    response_templates={"$default": "<b>\u2028</b>", "application/json": ""},
)
"""A response that has every field."""

Content = Mapping[str, WebSocketResponse]


def created(connection: Connection, ref: WebSocketResponseRef, response: WebSocketResponse) -> WebSocketResponseRef:
    """Create a response; return where it is, now that it has an id."""
    return replace(ref, response_id=connection.open_writer().create_websocket_response(ref, response))


@dataclass(frozen=True)
class Integration:
    """An integration to be set up, with the routes that lead to it; `id` "" lets the model choose one."""

    routes: Sequence[str] = ()
    responses: Content = field(default_factory=dict)
    two_way: bool = True
    type: str = "HTTP"
    uri: str = "https://backend.example/"
    id: str = ""


def make_websocket_api(plane: ControlPlane, name: str, integrations: Sequence[Integration]) -> tuple[str, list[str]]:
    """Set an API up through the calls that a user would make; gives its id and those of the integrations."""
    api_id: str = plane.call(
        "CreateApi", Name=name, ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.action"
    )["ApiId"]
    ids = [_integration(plane, api_id, integration) for integration in integrations]
    plane.calls.clear()
    return api_id, ids


def _integration(plane: ControlPlane, api_id: str, one: Integration) -> str:
    if one.id:
        plane.ids.reserve(one.id)
    uri = {} if one.type == "MOCK" else {"IntegrationUri": one.uri, "IntegrationMethod": "POST"}
    integration_id: str = plane.call("CreateIntegration", ApiId=api_id, IntegrationType=one.type, **uri)[
        "IntegrationId"
    ]
    way = {"RouteResponseSelectionExpression": "$default"} if one.two_way else {}
    for route in one.routes:
        plane.call("CreateRoute", ApiId=api_id, RouteKey=route, Target=f"integrations/{integration_id}", **way)
    where = {"ApiId": api_id, "IntegrationId": integration_id}
    for key, response in one.responses.items():
        content = normal.websocket_request(response)
        plane.call("CreateIntegrationResponse", **where, IntegrationResponseKey=key, **content)
    return integration_id


def websocket_from_json(plane: ControlPlane, content: Mapping[str, Any]) -> str:
    """Set up the WebSocket or HTTP API that a scenario's `live.json` describes.

    `routes` has the integration of each route key, `integrations` those without a route by their ids.
    """
    if content["protocol"] != "WEBSOCKET":
        return _without_routes(plane, content["name"], content["protocol"])
    routes = [_described(one, routes=(key, *one.get("alsoRoutes", ()))) for key, one in content["routes"].items()]
    others = [_described(one, id=name) for name, one in content.get("integrations", {}).items()]
    return make_websocket_api(plane, content["name"], [*routes, *others])[0]


def _without_routes(plane: ControlPlane, name: str, protocol: str) -> str:
    api_id: str = plane.call("CreateApi", Name=name, ProtocolType=protocol)["ApiId"]
    plane.calls.clear()
    return api_id


def _described(one: Mapping[str, Any], **place: Any) -> Integration:  # noqa: ANN401 - routes or an id
    return Integration(
        responses={key: normal.websocket_response(raw) for key, raw in one.get("responses", {}).items()},
        two_way=not one.get("oneWay"),
        type="AWS" if one.get("lambda") else one.get("type", "HTTP"),
        uri=LAMBDA if one.get("lambda") else "https://backend.example/",
        **place,
    )


def read_websocket(cloud: InMemoryCloud, api_id: str, desired: Desired, name: str = "chat") -> LiveApi:
    """The API as a run would read it."""
    connection = cloud.connect(Coordinates())
    listed = listed_integrations(desired)
    return connection.reader.websocket_api(
        Target(connection.account_id, connection.region, api_id, Kind.WEBSOCKET_API, name),
        IntegrationSelection(
            frozenset(one.route for one in listed if one.route), frozenset(one.id for one in listed if one.id)
        ),
    )


def websocket_desired_of(
    state: Mapping[IntegrationKey, Mapping[str, WebSocketResponse | None]],
    *,
    prune: bool = True,
    route_responses: RouteResponses = "check",
    protected: frozenset[ResponseKey] = frozenset(),
    allowed: Mapping[ResponseKey, frozenset[str]] | None = None,
) -> Desired:
    """What a manifest with these responses resolves to; None is `absent`."""
    responses: dict[ResponseKey, Wanted] = {
        ResponseKey(scope, code): ABSENT if response is None else response
        for scope, content in state.items()
        for code, response in content.items()
    }
    owns: dict[Scope, Ownership] = {
        scope: Ownership("chat", prune=prune, route_responses=route_responses) for scope in state
    }
    manifest = ManifestRef("chat", ApiRef(name="chat"), Kind.WEBSOCKET_API)
    return Desired((manifest,), owns, responses, protected, allowed=allowed or {})


KEYS = ("$default", "/4\\d\\d/", "/404/", "/5\\d\\d/")
_TEMPLATE_KEYS = ("404", "$default", "application/json")
_PARAMETERS = ("method.response.header.X-A", "method.response.header.X-B")


def contents() -> st.SearchStrategy[dict[str, WebSocketResponse]]:
    """One integration's responses."""
    return st.dictionaries(st.sampled_from(KEYS), websocket_responses())


@st.composite
def websocket_responses(draw: st.DrawFn) -> WebSocketResponse:
    """A response, often with an empty template."""
    parameters = draw(st.dictionaries(st.sampled_from(_PARAMETERS), st.sampled_from(("'1'", "'2'"))))
    templates = draw(st.dictionaries(st.sampled_from(_TEMPLATE_KEYS), st.sampled_from(("", "{}", "x\ny"))))
    return WebSocketResponse(
        template_selection_expression=draw(st.sampled_from(("", "404", "${integration.response.statuscode}"))),
        content_handling_strategy=draw(st.sampled_from((None, "CONVERT_TO_TEXT", "CONVERT_TO_BINARY"))),
        response_parameters=dict(sorted(parameters.items())),
        response_templates=dict(sorted(templates.items())),
    )
