"""The WebSocket API and the HTTP API of a fresh sandbox.

Built like those of `reconciler.sandbox.seed`, which calls this module. `chat` is the API of the sample of that name:
some of its responses match, one is missing, one is left over, two differ in what an update can fix, and one has an
extra entry that only a deletion can remove. No manifest lists `typing` and the integration without a route. `web` is an
HTTP API.
"""

from collections.abc import Mapping
from typing import Final

from reconciler.sandbox.building import Fields, WebSocketBuilder
from reconciler.sandbox.model.plane import ControlPlane

CHAT_ID: Final = "chat000001"
WEB_ID: Final = "web0000001"
CONNECT_ID: Final = "chatconn01"
SEND_ID: Final = "chatsend01"
HISTORY_ID: Final = "chathist01"
PING_ID: Final = "chatping01"
TYPING_ID: Final = "chattype01"
CLEANUP_ID: Final = "chatclean1"

_HISTORY: Final = """\
{
  "type": "history",
  "room": $input.json('$.room'),
  "messages": $input.json('$.messages')
}"""


def _single_template(name: str, template: str) -> Fields:
    """Return a response with one template, which is always selected."""
    return {"TemplateSelectionExpression": name, "ResponseTemplates": {name: template}}


def _problem(kind: str, detail: str) -> str:
    return f'{{"type": "{kind}", "detail": "{detail}"}}'


_INTERNAL: Final = _problem("Internal", "Something went wrong on our side.")
_BAD_GATEWAY: Final = _problem("BadGateway", "The archive did not give a usable answer.")

_RESPONSES: Final[Mapping[str, Mapping[str, Fields]]] = {
    SEND_ID: {
        "$default": _single_template(
            "sent", '{"type": "sent", "id": $input.json(\'$.id\'), "at": $context.requestTimeEpoch}'
        ),
        r"/\[BadRequest\](\n|.)*/": _single_template("problem", "$input.json('$.errorMessage')"),
        r"/(?!\[(BadRequest|Forbidden)\])(\n|.)+/": _single_template("internal", _INTERNAL),
    },
    HISTORY_ID: {
        "$default": _single_template("problem", _BAD_GATEWAY),
        r"/2\d\d/": {
            "TemplateSelectionExpression": "${request.body.format}",
            "ResponseTemplates": {
                "full": _HISTORY,
                "brief": '{"type": "history", "count": $input.path(\'$.messages\').size()}',
                "v1": "$input.json('$.messages')",
            },
        },
        r"/4\d\d/": {
            "TemplateSelectionExpression": "${integration.response.statuscode}",
            "ResponseTemplates": {
                "400": _problem("BadRequest", "The archive did not understand the question."),
                "404": _problem("NotFound", "There is no such room."),
            },
        },
        r"/5\d\d/": _single_template("problem", _BAD_GATEWAY),
    },
    PING_ID: {"$default": _single_template("pong", '{"type": "pong", "connectionId": "$context.connectionId"}')},
    TYPING_ID: {"$default": {}},
    CLEANUP_ID: {"$default": {}},
}

_FUNCTION: Final = (
    "arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:{region}:{account}:function:chat-{name}/invocations"
)
_MOCK: Final = {"IntegrationType": "MOCK", "RequestTemplates": {"200": '{"statusCode": 200}'}}


def _lambda(plane: ControlPlane, kind: str, name: str) -> Fields:
    uri = _FUNCTION.format(region=plane.region, account=plane.account_id, name=name)
    return {"IntegrationType": kind, "IntegrationMethod": "POST", "IntegrationUri": uri}


def _http(verb: str, path: str) -> Fields:
    return {
        "IntegrationType": "HTTP",
        "IntegrationMethod": verb,
        "IntegrationUri": f"http://archive.example.com/{path}",
    }


def _seed_chat_api(plane: ControlPlane) -> None:
    api = WebSocketBuilder(plane, "chat", CHAT_ID)
    api.integration(_lambda(plane, "AWS_PROXY", "connections"), CONNECT_ID)
    api.integration(_lambda(plane, "AWS", "messages"), SEND_ID)
    api.integration(_http("GET", "history"), HISTORY_ID)
    api.integration(_MOCK, PING_ID)
    api.integration(_http("POST", "typing"), TYPING_ID)
    api.integration(_http("POST", "cleanup"), CLEANUP_ID)
    for key in ("$connect", "$disconnect"):
        api.route(key, CONNECT_ID)
    for key, integration_id in (("sendMessage", SEND_ID), ("history", HISTORY_ID), ("ping", PING_ID)):
        api.route(key, integration_id, two_way=True)
    api.route("typing", TYPING_ID)
    for integration_id, responses in _RESPONSES.items():
        for key, fields in responses.items():
            api.response(integration_id, key, fields)
    api.deploy("prod")


def _seed_web_api(plane: ControlPlane) -> None:
    api = WebSocketBuilder(plane, "web", WEB_ID, protocol="HTTP")
    proxy = {"IntegrationType": "HTTP_PROXY", "IntegrationMethod": "ANY", "IntegrationUri": "http://web.example.com/"}
    api.route("ANY /", api.integration(proxy))
    plane.call("CreateStage", ApiId=api.id, StageName="$default", AutoDeploy=True)


def seed_chat(plane: ControlPlane) -> None:
    """Create both APIs in a control plane."""
    _seed_chat_api(plane)
    _seed_web_api(plane)
