"""What a fresh sandbox holds, and generators of bigger APIs.

Promise: built by ordinary calls on the model, so that AWS would hold the same; ids are fixed; the call log is empty
afterwards. `petstore` and `minimal` are the APIs that the samples of those names are for, as somebody left them: some
responses fit, some differ, some are missing, one is left over, and /health is nobody's.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from reconciler.sandbox.model.plane import ControlPlane

PETSTORE_ID: Final = "petstore01"
MINIMAL_ID: Final = "minimal001"
LEDGER_ID: Final = "ledger0001"

_HEADER: Final = "method.response.header."
_ORIGIN: Final = {f"{_HEADER}Access-Control-Allow-Origin": "'*'"}
_TRACED: Final = {**_ORIGIN, f"{_HEADER}X-Request-Id": "context.requestId"}
_NAMES: Final = ("Access-Control-Allow-Origin", "Content-Type", "X-Error-Type", "X-Request-Id")
_CORS_NAMES: Final = ("Access-Control-Allow-Origin", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers")

_PET: Final = """\
#set($pet = $input.path('$.pet'))
{
  "id": "$util.escapeJavaScript($pet.id)",
  "name": "$util.escapeJavaScript($pet.name).replaceAll("\\\\'", "'")",
  "species": "$util.escapeJavaScript($pet.species)",
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
  "type": "$util.escapeJavaScript($message.substring(1, $end))",
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
  "id": "$util.escapeJavaScript($order.id)",
  "petId": "$util.escapeJavaScript($order.petId)",
  "quantity": $input.json('$.order.quantity'),
  "status": "$util.escapeJavaScript($order.status)"
}"""

_BACKEND_PROBLEM: Final = """\
#set($problem = $input.path('$'))
{
  "type": "$util.escapeJavaScript($problem.code)",
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

_Fields = Mapping[str, Any]


def _success(template: str, pattern: str = "", **headers: str) -> _Fields:
    """A response for what went well; headers by name, `_` for `-`."""
    named = {f"{_HEADER}{name.replace('_', '-')}": value for name, value in headers.items()}
    fields = {"responseParameters": {**_TRACED, **named}, "responseTemplates": {"application/json": template}}
    return {**fields, "selectionPattern": pattern} if pattern else fields


def _problem(pattern: str, kind: str, template: str = _PROBLEM) -> _Fields:
    """A response for what went wrong; `kind` is the mapping expression of X-Error-Type."""
    return _success(template, pattern, Content_Type="'application/problem+json'", X_Error_Type=kind)


def _failed(word: str, template: str = _PROBLEM) -> _Fields:
    """For a function that failed with this word in brackets."""
    return _problem(rf"\[{word}\](\n|.)*", f"'{word}'", template)


def _internal(*words: str) -> _Fields:
    """For a function that failed with none of these words."""
    known = words[0] if len(words) == 1 else f"({'|'.join(words)})"
    return _problem(rf"(?!\[{known}\])(\n|.)+", "'Internal'", _INTERNAL)


def _refused(pattern: str) -> _Fields:
    """For a backend that refused."""
    return _problem(pattern, "integration.response.header.X-Error-Type", _BACKEND_PROBLEM)


_BAD_GATEWAY_DEFAULT: Final = _problem("", "'BadGateway'", _BAD_GATEWAY)


def _cors(verbs: str) -> _Fields:
    allowed = {f"{_HEADER}Access-Control-Allow-Methods": f"'{verbs}'"}
    names = {f"{_HEADER}Access-Control-Allow-Headers": "'Authorization,Content-Type'"}
    return {"responseParameters": {**_ORIGIN, **allowed, **names}}


_PETSTORE: Final[Mapping[str, Mapping[str, Mapping[str, _Fields]]]] = {
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
"""Statuses that methods declare and nothing maps to yet."""

_FUNCTION: Final = (
    "arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:{region}:{account}:function:pets-{verb}/invocations"
)


class _Builder:
    """One API, being built."""

    def __init__(self, plane: ControlPlane, name: str, api_id: str | None = None) -> None:
        self._plane = plane
        if api_id:
            plane.ids.want(api_id)
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

    def method(self, path: str, verb: str, integration: _Fields, declared: Mapping[str, Iterable[str]]) -> None:
        """A method with its integration, and for each declared status the names of the headers."""
        where = {"restApiId": self.id, "resourceId": self.resource(path), "httpMethod": verb}
        self._plane.call("PutMethod", **where, authorizationType="NONE")
        self._plane.call("PutIntegration", **where, **integration)
        for status, names in declared.items():
            headers = {f"{_HEADER}{name}": False for name in names}
            self._plane.call("PutMethodResponse", **where, statusCode=status, responseParameters=headers)

    def response(self, path: str, verb: str, status: str, fields: _Fields) -> None:
        """An integration response."""
        where = {"restApiId": self.id, "resourceId": self.resource(path), "httpMethod": verb, "statusCode": status}
        self._plane.call("PutIntegrationResponse", **where, **fields)

    def deploy(self, stage: str) -> None:
        """Serve all of it."""
        self._plane.call("CreateDeployment", restApiId=self.id, stageName=stage, description="as it was seeded")


def _integration(plane: ControlPlane, path: str, verb: str) -> _Fields:
    """What stands behind a method of the petstore."""
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


def _sow_petstore(plane: ControlPlane) -> None:
    api = _Builder(plane, "petstore", PETSTORE_ID)
    for path, methods in _PETSTORE.items():
        for verb, responses in methods.items():
            statuses = (*responses, *_DECLARED_ONLY.get((path, verb), ()))
            declared = dict.fromkeys(sorted(statuses), _headers(verb))
            api.method(path, verb, _integration(plane, path, verb), declared)
            for status, fields in responses.items():
                api.response(path, verb, status, fields)
    api.deploy("prod")


def _sow_minimal(plane: ControlPlane) -> None:
    api = _Builder(plane, "minimal", MINIMAL_ID)
    backend = {"type": "HTTP", "integrationHttpMethod": "GET", "uri": "http://backend.example.com/health"}
    api.method("/health", "GET", backend, {"200": (), "503": ()})
    api.response("/health", "GET", "200", {})
    api.deploy("prod")


def _sow_ledger(plane: ControlPlane) -> None:
    """Somebody else's API, behind a proxy integration."""
    api = _Builder(plane, "ledger", LEDGER_ID)
    proxy = {"type": "HTTP_PROXY", "integrationHttpMethod": "ANY", "uri": "http://ledger.example.com/{proxy}"}
    api.method("/{proxy+}", "ANY", proxy, {"200": ()})
    api.response("/{proxy+}", "ANY", "200", {})
    api.deploy("prod")


def sow(plane: ControlPlane) -> None:
    """Put the seeded APIs into an empty control plane."""
    _sow_petstore(plane)
    _sow_minimal(plane)
    _sow_ledger(plane)
    plane.calls.clear()


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
    api = _Builder(plane, name)
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
        "responseParameters": {f"{_HEADER}X-Error-Type": f"'type {status}'"},
        "responseTemplates": {"application/json": f'{{"status": {status}, "requestId": "$context.requestId"}}'},
    }
    return fields if status == _BIG_STATUSES[0] else {**fields, "selectionPattern": status}
