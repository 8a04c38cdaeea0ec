"""An estate as a platform team has it: eighteen APIs in three environments, each in an account of its own.

`write_manifests` writes the repository, `build` the APIs without any integration response: an apply creates them all.
The content is as odd as AWS allows: line ends, tabs, blank ends, control sequences, scripts from right to left, texts
that look like placeholders, empty templates, binary bodies, proxies, names with blanks, and APIs that some environments
lack.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent
from typing import Any, Final

from reconciler.sandbox.building import ApiBuilder, WebSocketBuilder
from reconciler.sandbox.model.plane import REGION, ControlPlane, SimulatedAws

ACCOUNTS: Final[Mapping[str, str]] = {"dev": "111111111111", "staging": "222222222222", "prod": "333333333333"}
"""The account of each environment."""

_BACKEND: Final = {"type": "HTTP", "integrationHttpMethod": "GET", "uri": "https://backend.example.com/"}
_PROXY: Final = {"type": "HTTP_PROXY", "integrationHttpMethod": "ANY", "uri": "https://backend.example.com/"}
_SOCKET: Final = {
    "IntegrationType": "HTTP",
    "IntegrationMethod": "POST",
    "IntegrationUri": "https://backend.example.com/",
}
_HEADERS: Final = ("Access-Control-Allow-Origin", "Retry-After", "X-Error-Type")
"""The headers that every method response declares."""


@dataclass(frozen=True, slots=True)
class RestApi:
    """A REST API: the verbs of each path, and the responses of its methods as YAML, by method as in `GET /orders`.

    Methods without responses of their own use the shared sets. `proxies` are methods with a proxy integration, which
    no manifest lists. `environments` are those that have the API.
    """

    name: str
    paths: Mapping[str, tuple[str, ...]]
    responses: Mapping[str, str]
    title: str = ""
    proxies: tuple[str, ...] = ()
    environments: tuple[str, ...] = tuple(ACCOUNTS)
    sets: tuple[str, ...] = ("standard-errors", "cors")

    def name_in(self, environment: str) -> str:
        """Return the API's name in AWS."""
        return f"{self.title or self.name}-{environment}"


@dataclass(frozen=True, slots=True)
class ChatApi:
    """A WebSocket API: its routes, of which `one_way` have no route response, and the responses of all as YAML."""

    name: str
    routes: tuple[str, ...]
    responses: str
    one_way: tuple[str, ...] = ()


def _simple(name: str, resource: str, **more: Any) -> RestApi:  # noqa: ANN401 - any field
    """Return an API with a collection and its items, which has nothing but what it shares."""
    paths = {f"/{resource}": ("GET", "POST"), f"/{resource}/{{id}}": ("GET", "PUT", "DELETE")}
    return RestApi(name, paths, {}, **more)


REST_APIS: Final = (
    RestApi(
        "catalog",
        {"/": ("ANY",), "/items": ("GET", "POST"), "/items/{id}": ("GET", "PUT", "PATCH", "DELETE")},
        {
            "GET /items/{id}": """\
200: {}
404:
  selectionPattern: '.*\\[(NotFound|Gone)\\].*'
  responseTemplates: {application/json: {file: ../templates/long.vtl}}
"""
        },
    ),
    RestApi(
        "orders",
        {"/orders": ("GET", "POST"), "/orders/{id}": ("GET", "PUT", "DELETE"), "/orders/{id}/lines": ("GET", "POST")},
        {
            "POST /orders": """\
200: absent
201: {responseParameters: {method.response.header.Access-Control-Allow-Origin: "'${{ vars.origin }}'"}}
409:
  selectionPattern: '409'
  responseParameters: {method.response.header.Retry-After: "'${{ vars.retry }}'"}
  responseTemplates: {application/json: {file: ../templates/windows.vtl}}
"""
        },
    ),
    RestApi(
        "billing",
        {"/invoices": ("GET",), "/invoices/{id}": ("GET",)},
        {
            "GET /invoices/{id}": """\
200:
  responseTemplates: {application/json: '', text/plain: "  blank ends\\t "}
402:
  selectionPattern: '402'
  responseTemplates: {application/json: '{"price": "$${{ not a placeholder }}", "sign": "\\u20ac"}'}
"""
        },
    ),
    RestApi(
        "media",
        {"/files/{key}": ("GET", "PUT"), "/{proxy+}": ("ANY",)},
        {
            "GET /files/{key}": """\
200: {contentHandling: CONVERT_TO_BINARY}
304: {selectionPattern: '304', contentHandling: CONVERT_TO_TEXT}
"""
        },
        proxies=("ANY /{proxy+}",),
    ),
    RestApi(
        "legacy",
        {"/v1/report.csv": ("GET",), "/v1/_status": ("GET", "HEAD")},
        {
            "GET /v1/report.csv": """\
200: {}
500:
  selectionPattern: '(?s).*\\S.*'
  responseTemplates: {text/html: "<script>alert(1)</script>\\e[31m\\u202e"}
"""
        },
        title="Legacy API (v1)",
        sets=(),
    ),
    _simple("orders-admin", "jobs"),
    _simple("customers", "customers"),
    _simple("search", "queries"),
    _simple("shipping", "parcels"),
    _simple("stock", "places"),
    _simple("ratings", "ratings"),
    _simple("mail", "messages"),
    _simple("tax", "rates"),
    _simple("fraud", "cases", environments=("prod",)),
    _simple("playground", "tries", environments=("dev",)),
)
CHAT_APIS: Final = (
    ChatApi(
        "chat",
        ("$connect", "say", "leave"),
        """\
$default: {}
'/4\\d\\d/':
  templateSelectionExpression: '${integration.response.statuscode}'
  responseTemplates: {'404': '{"error": "no such room"}'}
""",
        one_way=("$connect", "leave"),
    ),
    ChatApi("ticker", ("$default",), "$default: {}\n"),
    ChatApi("support", ("ask", "$disconnect"), "$default: {templateSelectionExpression: plain}\n"),
)

_CONFIG: Final = """\
apiVersion: reconciler/v1
kind: Config
manifests: [manifests/, sets/]
environments:
"""
_ENVIRONMENT: Final = """\
  {name}:
    region: {region}
    accountId: "{account}"
    assumeRole: "arn:aws:iam::{account}:role/reconciler"
    vars: {{stage: {name}, origin: "https://{name}.example.com", retry: {retry}}}
"""
_SETS: Final = """\
apiVersion: reconciler/v1
kind: ResponseSet
metadata: {name: standard-errors}
spec:
  for: RestApi
  responses:
    400: {selectionPattern: '400', responseTemplates: {application/json: '{"message": "bad request"}'}}
    404: {selectionPattern: '404', responseTemplates: {application/json: '{"message": "not found"}'}}
    500: {selectionPattern: '5\\d\\d', responseTemplates: {application/json: '{"message": "internal"}'}}
---
apiVersion: reconciler/v1
kind: ResponseSet
metadata: {name: cors}
spec:
  for: RestApi
  responses:
    200: {responseParameters: {method.response.header.Access-Control-Allow-Origin: "'${{ vars.origin }}'"}}
"""
_LONG: Final = "".join(f"#set($line{number} = \"$input.path('$.line{number}')\")\n" for number in range(60))
_STATUSES: Final = ("200", "201", "304", "400", "402", "404", "409", "500")


def write_manifests(folder: Path) -> None:
    """Write the configuration, the sets, the templates and a manifest for each API."""
    for name in ("manifests", "sets", "templates"):
        (folder / name).mkdir()
    environments = (
        _ENVIRONMENT.format(name=name, region=REGION, account=account, retry=60 if name == "prod" else 5)
        for name, account in ACCOUNTS.items()
    )
    (folder / "reconciler.yaml").write_text(_CONFIG + "".join(environments), encoding="utf-8")
    (folder / "sets" / "shared.yaml").write_text(_SETS, encoding="utf-8")
    (folder / "templates" / "long.vtl").write_text(_LONG, encoding="utf-8")
    (folder / "templates" / "windows.vtl").write_bytes(b'{\r\n\t"message": "conflict" \r\n}')
    for api in REST_APIS:
        (folder / "manifests" / f"{api.name}.yaml").write_text("".join(_rest(api)), encoding="utf-8")
    for chat in CHAT_APIS:
        (folder / "manifests" / f"{chat.name}.yaml").write_text("".join(_chat(chat)), encoding="utf-8")


def _rest(api: RestApi) -> Iterator[str]:
    limited = f", environments: [{', '.join(api.environments)}]" if len(api.environments) < len(ACCOUNTS) else ""
    yield "apiVersion: reconciler/v1\nkind: RestApi\n"
    yield f'metadata: {{name: {api.name}{limited}}}\nspec:\n  api: {{name: "{api.name_in("${{ vars.stage }}")}"}}\n'
    yield f"  use: [{', '.join(api.sets)}]\n" if api.sets else ""
    yield "  resources:\n"
    for path, verbs in api.paths.items():
        listed = [verb for verb in verbs if f"{verb} {path}" not in api.proxies]
        yield f'    "{path}":\n' if listed else ""
        for verb in listed:
            responses = api.responses.get(f"{verb} {path}", "200: {}\n")
            yield f"      {verb}:\n        responses:\n{indent(responses, ' ' * 10)}"


def _chat(api: ChatApi) -> Iterator[str]:
    yield "apiVersion: reconciler/v1\nkind: WebSocketApi\n"
    yield f'metadata: {{name: {api.name}}}\nspec:\n  api: {{name: "{api.name}-${{{{ vars.stage }}}}"}}\n'
    yield "  routeResponses: ensure\n  routes:\n"
    for route in api.routes:
        yield f"    {route}:\n      responses:\n{indent(api.responses, ' ' * 8)}"


def build(aws: SimulatedAws) -> None:
    """Build the APIs of every environment, with methods, integrations and method responses, and deploy prod."""
    for environment, account in ACCOUNTS.items():
        plane = aws.plane(account, REGION)
        for api in REST_APIS:
            if environment in api.environments:
                _build_rest(plane, api, environment)
        for chat in CHAT_APIS:
            _build_chat(plane, chat, environment)
        plane.calls.clear()


def _build_rest(plane: ControlPlane, api: RestApi, environment: str) -> None:
    builder = ApiBuilder(plane, api.name_in(environment))
    for path, verb in _methods(api.paths.items()):
        integration = _PROXY if f"{verb} {path}" in api.proxies else _BACKEND
        builder.method(path, verb, integration, dict.fromkeys(_STATUSES, _HEADERS))
    if environment == "prod":
        builder.deploy("live")


def _methods(paths: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[tuple[str, str]]:
    return ((path, verb) for path, verbs in paths for verb in verbs)


def _build_chat(plane: ControlPlane, api: ChatApi, environment: str) -> None:
    builder = WebSocketBuilder(plane, f"{api.name}-{environment}")
    for route in api.routes:
        builder.route(route, builder.integration(_SOCKET), two_way=route not in api.one_way)


def plane_of(aws: SimulatedAws, environment: str) -> ControlPlane:
    """Return the control plane of an environment, its call log cleared."""
    plane = aws.plane(ACCOUNTS[environment], REGION)
    plane.calls.clear()
    return plane


def change(aws: SimulatedAws, environment: str, api: str, method: str, **fields: Any) -> None:  # noqa: ANN401 - any
    """Put an integration response by hand, as somebody does in the console; `method` as in `GET /orders 404`."""
    verb, path, status = method.split(" ")
    plane = plane_of(aws, environment)
    api_id = next(one["id"] for one in plane.call("GetRestApis", limit=500)["items"] if one["name"] == api)
    resources = plane.call("GetResources", restApiId=api_id, limit=500)["items"]
    resource_id = next(resource["id"] for resource in resources if resource["path"] == path)
    address = {"restApiId": api_id, "resourceId": resource_id, "httpMethod": verb, "statusCode": status}
    plane.call("PutIntegrationResponse", **address, **fields)
