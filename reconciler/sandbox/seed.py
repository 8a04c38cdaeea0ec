"""The APIs of a fresh sandbox.

They are built with ordinary calls on the model, so that AWS would hold the same; ids are fixed; the call log is empty
afterwards. `petstore` and `minimal` are the APIs of the samples of those names, as somebody left them: some responses
match, some differ, some are missing, one is left over, and no manifest lists /health. The WebSocket and HTTP APIs are
in `reconciler.sandbox.seed_chat`.
"""

from collections.abc import Mapping
from typing import Final

from reconciler.sandbox import seed_chat
from reconciler.sandbox.building import HEADER, ApiBuilder, Fields
from reconciler.sandbox.model.plane import ControlPlane

PETSTORE_ID: Final = "petstore01"
MINIMAL_ID: Final = "minimal001"
LEDGER_ID: Final = "ledger0001"

_ORIGIN: Final = {f"{HEADER}Access-Control-Allow-Origin": "'*'"}
_TRACED: Final = {**_ORIGIN, f"{HEADER}X-Request-Id": "context.requestId"}
_NAMES: Final = ("Access-Control-Allow-Origin", "Content-Type", "X-Error-Type", "X-Request-Id")
_CORS_NAMES: Final = ("Access-Control-Allow-Origin", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers")

_PET: Final = """\
#set($pet = $input.path('$.pet'))
{
  "id": "$util.escapeJavaScript($pet.id).replaceAll("\\\\'", "'")",
  "name": "$util.escapeJavaScript($pet.name).replaceAll("\\\\'", "'")",
  "species": "$util.escapeJavaScript($pet.species).replaceAll("\\\\'", "'")",
  "tags": $input.json('$.pet.tags')
}"""

_PETS_BEFORE_PAGES: Final = """\
#set($pets = $input.path('$.pets'))
{
  "pets": [
#foreach($pet in $pets)
    {"id": "$pet.id", "name": "$pet.name"}#if($foreach.hasNext),#end

#end
  ]
}"""

_PROBLEM: Final = """\
## A failed function's message is "[Type] detail": the type chose this status, the detail is for the client.
#set($message = $input.path('$.errorMessage'))
#set($end = $message.indexOf(']'))
#set($start = $end + 1)
{
  "type": "$util.escapeJavaScript($message.substring(1, $end)).replaceAll("\\\\'", "'")",
  "detail": "$util.escapeJavaScript($message.substring($start).trim()).replaceAll("\\\\'", "'")",
  "requestId": "$context.requestId"
}"""

_RAW_PROBLEM: Final = """\
{
  "message": $input.json('$.errorMessage')
}"""

_INTERNAL: Final = """\
## What went wrong inside is for the logs; the request id finds it there.
{
  "type": "Internal",
  "detail": "Something went wrong on our side.",
  "requestId": "$context.requestId"
}"""

_ORDER: Final = """\
#set($order = $input.path('$.order'))
{
  "id": "$util.escapeJavaScript($order.id).replaceAll("\\\\'", "'")",
  "petId": "$util.escapeJavaScript($order.petId).replaceAll("\\\\'", "'")",
  "quantity": $input.json('$.order.quantity'),
  "status": "$util.escapeJavaScript($order.status).replaceAll("\\\\'", "'")"
}"""

_BACKEND_PROBLEM: Final = """\
#set($problem = $input.path('$'))
{
  "type": "$util.escapeJavaScript($problem.code).replaceAll("\\\\'", "'")",
  "detail": "$util.escapeJavaScript($problem.message).replaceAll("\\\\'", "'")",
  "requestId": "$context.requestId"
}"""

_BAD_GATEWAY: Final = """\
{
  "type": "BadGateway",
  "detail": "The order system did not give a usable answer.",
  "requestId": "$context.requestId"
}"""

_NO_BODY: Final = "## a 204 has no body: this comment renders as nothing"


def _success(template: str, pattern: str = "", **headers: str) -> Fields:
    """Return a response for a success; headers by name, with `_` for `-`."""
    named = {f"{HEADER}{name.replace('_', '-')}": value for name, value in headers.items()}
    fields = {"responseParameters": {**_TRACED, **named}, "responseTemplates": {"application/json": template}}
    return {**fields, "selectionPattern": pattern} if pattern else fields


def _problem(pattern: str, kind: str, template: str = _PROBLEM) -> Fields:
    """Return a response for a failure; `kind` is the mapping expression of X-Error-Type."""
    return _success(template, pattern, Content_Type="'application/problem+json'", X_Error_Type=kind)


def _failed(word: str, template: str = _PROBLEM) -> Fields:
    """Return a response for a function that failed with this word in brackets."""
    return _problem(rf"\[{word}\](\n|.)*", f"'{word}'", template)


def _internal(*words: str) -> Fields:
    """Return a response for a function that failed with none of these words."""
    known = words[0] if len(words) == 1 else f"({'|'.join(words)})"
    return _problem(rf"(?!\[{known}\])(\n|.)+", "'Internal'", _INTERNAL)


def _refused(pattern: str) -> Fields:
    """Return a response for a backend that refused the request."""
    return _problem(pattern, "integration.response.header.X-Error-Type", _BACKEND_PROBLEM)


_BAD_GATEWAY_DEFAULT: Final = _problem("", "'BadGateway'", _BAD_GATEWAY)


def _cors(verbs: str) -> Fields:
    allowed = {f"{HEADER}Access-Control-Allow-Methods": f"'{verbs}'"}
    names = {f"{HEADER}Access-Control-Allow-Headers": "'Authorization,Content-Type'"}
    return {"responseParameters": {**_ORIGIN, **allowed, **names}}


_PETSTORE: Final[Mapping[str, Mapping[str, Mapping[str, Fields]]]] = {
    "/pets": {
        "GET": {"200": _success(_PETS_BEFORE_PAGES), "400": _failed("BadRequest"), "500": _internal("BadRequest")},
        "POST": {
            "201": _success(_PET, Location="integration.response.body.location"),
            "400": _failed("BadRequest"),
            "500": _internal("BadRequest"),
        },
        "OPTIONS": {"204": _cors("GET,POST,OPTIONS")},
    },
    "/pets/{petId}": {
        "GET": {"200": _success(_PET), "404": _failed("NotFound", _RAW_PROBLEM), "500": _internal("NotFound")},
        "PUT": {
            "200": _success(_PET),
            "400": _failed("BadRequest"),
            "404": _failed("NotFound"),
            "500": _internal("BadRequest", "NotFound"),
        },
        "DELETE": {
            "204": _success(_NO_BODY),
            "400": _failed("BadRequest"),
            "404": _failed("NotFound"),
            "500": _internal("NotFound"),
        },
        "OPTIONS": {"204": _cors("GET,PUT,DELETE,OPTIONS")},
    },
    "/orders": {
        "GET": {
            "200": {**_success("", "200"), "contentHandling": "CONVERT_TO_TEXT"},
            "400": _refused("400"),
            "502": _BAD_GATEWAY_DEFAULT,
        },
        "POST": {
            "201": _success(_ORDER, "201", Location="integration.response.header.Location"),
            "400": _refused("400|422"),
            "409": _refused("409"),
            "502": _BAD_GATEWAY_DEFAULT,
        },
    },
    "/health": {"GET": {"200": {"responseTemplates": {"application/json": '{"status": "up"}'}}}},
}

_DECLARED_ONLY: Final = {("/pets", "POST"): ("409",), ("/pets/{petId}", "PUT"): ("409",)}
"""Statuses that methods declare without an integration response yet."""

_FUNCTION: Final = (
    "arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:{region}:{account}:function:pets-{verb}/invocations"
)


def _integration(plane: ControlPlane, path: str, verb: str) -> Fields:
    """Return the integration of a method of the petstore."""
    if path == "/health" or verb == "OPTIONS":
        return {"type": "MOCK", "requestTemplates": {"application/json": '{"statusCode": 200}'}}
    if path == "/orders":
        return {"type": "HTTP", "integrationHttpMethod": verb, "uri": "http://orders.example.com/v1"}
    uri = _FUNCTION.format(region=plane.region, account=plane.account_id, verb=verb.lower())
    return {"type": "AWS", "integrationHttpMethod": "POST", "uri": uri}


def _headers(verb: str) -> tuple[str, ...]:
    match verb:
        case "OPTIONS":
            return _CORS_NAMES
        case "POST":
            return (*_NAMES, "Location")
        case _:
            return _NAMES


def _seed_petstore(plane: ControlPlane) -> None:
    api = ApiBuilder(plane, "petstore", PETSTORE_ID)
    for path, methods in _PETSTORE.items():
        for verb, responses in methods.items():
            statuses = (*responses, *_DECLARED_ONLY.get((path, verb), ()))
            declared = dict.fromkeys(sorted(statuses), _headers(verb))
            api.method(path, verb, _integration(plane, path, verb), declared)
            for status, fields in responses.items():
                api.response(path, verb, status, fields)
    api.deploy("prod")


def _seed_minimal(plane: ControlPlane) -> None:
    api = ApiBuilder(plane, "minimal", MINIMAL_ID)
    backend = {"type": "HTTP", "integrationHttpMethod": "GET", "uri": "http://backend.example.com/health"}
    api.method("/health", "GET", backend, {"200": (), "503": ()})
    api.response("/health", "GET", "200", {})
    api.deploy("prod")


def _seed_ledger(plane: ControlPlane) -> None:
    """An API that no manifest lists, with a proxy integration."""
    api = ApiBuilder(plane, "ledger", LEDGER_ID)
    proxy = {"type": "HTTP_PROXY", "integrationHttpMethod": "ANY", "uri": "http://ledger.example.com/{proxy}"}
    api.method("/{proxy+}", "ANY", proxy, {"200": ()})
    api.response("/{proxy+}", "ANY", "200", {})
    api.deploy("prod")


def seed_apis(plane: ControlPlane) -> None:
    """Create the seeded APIs in an empty control plane."""
    _seed_petstore(plane)
    _seed_minimal(plane)
    _seed_ledger(plane)
    seed_chat.seed_chat(plane)
    plane.calls.clear()
