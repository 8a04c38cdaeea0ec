"""Convert between AWS's shapes and the normal form, with one table per kind of API of what AWS treats as equal.

`rest_response` returns equal values for answers that mean the same, and `rest_response(rest_request(r))` is `r`; the
same holds for WebSocket responses. What differs at run time stays different. Pure.

Members of REST APIs have one name everywhere. Those of WebSocket APIs are camelCase in manifests and on the wire and
PascalCase in boto3 (service model): here they are camelCase, input may be either, and requests are boto3's.

AWS's habits (recorded answers, and the Developer Guide's data mapping reference):

* `selectionPattern` "" is stored and returned as "", not sent it is absent: both are the default response. * a template
value "" is stored as null and comes back as null: passthrough for that content type. A missing content type
  means something else, so null becomes "", never "no entry".
* `{}` comes back as `{}`, not sent as no key: both are "no mappings", "no templates".
* `contentHandling` is absent when unset; "" clears it in a PATCH.
* `integrationResponses` and `methodResponses` are absent, not empty, when there are none.
* a WebSocket response always has its two maps; its two texts are absent when unset (read through Cloud Control).
* other members of integrations and methods: see `reconciler.members`.

Exports show less than reads, so some differences at run time disappear in them (`as_exported`):

* a null template: how AWS exports one is not recorded, it may be "", null or no entry. In exports, templates that pass
  through are no templates.
* responses are keyed by their pattern, with `default` for the one without: a pattern `default` is no pattern. It has
the
  same key as a default response, and an object cannot hold both: such a method cannot be compared
  (`reconciler.deployments.comparable`).
* a resource without methods has no path (recorded exports), and no resource has its id.
* how an export shows who may call a method is not recorded. A deployment's own summary does (`access`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeAlias

from reconciler import members
from reconciler.models.keys import MethodKey, Scope
from reconciler.models.live import PROXY_TYPES, Access, ApiSummary, LiveApi, LiveIntegration, LiveMethod, LiveScope
from reconciler.models.responses import EMPTY, FieldValue, MethodResponse, RestResponse, WebSocketResponse
from reconciler.models.routes import ROUTE_RESPONSE_KEY, LiveRoute
from reconciler.models.stages import Deployment, Stage
from reconciler.models.targets import Kind

Raw: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A row: AWS's name, ours, the form, and the value for every spelling of "unset"."""

    name: str
    attribute: str
    form: Literal["text", "map"]
    unset: FieldValue


REST_FIELDS: Final = (
    FieldRow("selectionPattern", "selection_pattern", "text", ""),
    FieldRow("contentHandling", "content_handling", "text", None),
    FieldRow("responseParameters", "response_parameters", "map", EMPTY),
    FieldRow("responseTemplates", "response_templates", "map", EMPTY),
)

WEBSOCKET_FIELDS: Final = (
    FieldRow("templateSelectionExpression", "template_selection_expression", "text", ""),
    FieldRow("contentHandlingStrategy", "content_handling_strategy", "text", None),
    FieldRow("responseParameters", "response_parameters", "map", EMPTY),
    FieldRow("responseTemplates", "response_templates", "map", EMPTY),
)

_SETTINGS_WITH_TEMPLATES: Final = frozenset({"requestTemplates"})
_DEFAULT: Final = "default"

HEADER_PREFIX: Final = "method.response.header."
_TARGET_PREFIX: Final = "integrations/"

_FIELD_NAMES: Final = {
    Kind.REST_API: tuple(row.name for row in REST_FIELDS),
    Kind.WEBSOCKET_API: tuple(row.name for row in WEBSOCKET_FIELDS),
}


def field_names(kind: Kind) -> tuple[str, ...]:
    """Return AWS's names of the fields of a response of this kind."""
    return _FIELD_NAMES[kind]


def rest_response(raw: Raw) -> RestResponse:
    """Return an integration response in normal form, from AWS's answer or a manifest's fields."""
    return RestResponse(**{row.attribute: _normal(row, raw.get(row.name)) for row in REST_FIELDS})


def _normal(row: FieldRow, value: Any) -> Any:  # noqa: ANN401 - the outside world's shape
    if not value:
        return row.unset
    if row.form == "text":
        return value
    return _sorted(value)


def _sorted(entries: Mapping[str, str | None]) -> dict[str, str]:
    return {key: entries[key] or "" for key in sorted(entries)}


def rest_request(response: RestResponse) -> dict[str, FieldValue]:
    """Return the body of a PutIntegrationResponse that stores exactly this response; unset fields are not sent."""
    return response.document()


def method_response(raw: Raw) -> MethodResponse:
    """Return a method response's declared parameters; their boolean flag has no effect."""
    models = members.joined((raw.get("responseModels") or {}).values())
    return MethodResponse(frozenset(raw.get("responseParameters") or ()), models)


def rest_method(resource_id: str, raw: Raw) -> LiveMethod:
    """Return a method, from the Method object of GetMethod and GetResources with embedded methods."""
    integration: Raw = raw.get("methodIntegration") or {}
    of_integration, of_method = members.of_integration(integration, resource_id), members.of_method(raw)
    return LiveMethod(
        resource_id=resource_id,
        integration_type=integration.get("type"),
        integration_uri=integration.get("uri") or "",
        method_responses={
            code: method_response(method) for code, method in sorted((raw.get("methodResponses") or {}).items())
        },
        responses={
            code: rest_response(response)
            for code, response in sorted((integration.get("integrationResponses") or {}).items())
        },
        settings=of_integration.known,
        access=_access(raw),
        request=of_method.known,
        validator=raw.get("requestValidatorId") or "",
        foreign={**of_integration.foreign, **of_method.foreign},
    )


def _access(raw: Raw) -> Access:
    return Access(raw.get("authorizationType") or "NONE", needs_key=bool(raw.get("apiKeyRequired")))


def access(live: LiveApi) -> dict[MethodKey, Access]:
    """Return who may call which method of a REST API, to compare with a deployment's summary."""
    return {
        scope: method.access
        for scope, method in live.methods.items()
        if isinstance(scope, MethodKey) and isinstance(method, LiveMethod)
    }


def integration_settings(raw: Raw, resource_id: str = "") -> dict[str, FieldValue]:
    """Return the settings of a REST integration besides type, URI and responses, from a read or an export."""
    return dict(members.of_integration(raw, resource_id).known)


def rest_methods(resources: Iterable[Raw]) -> dict[Scope, LiveScope]:
    """Return every method of the items of GetResources with embedded methods."""
    return {
        MethodKey(resource["path"], verb): rest_method(resource["id"], raw)
        for resource in resources
        for verb, raw in (resource.get("resourceMethods") or {}).items()
    }


def as_exported(live: LiveApi) -> LiveApi:
    """Return a REST API reduced to what an export shows. Idempotent.

    A draft and a stage are compared in this form. Raises TypeError for a WebSocket API, which has no exports.
    """
    if live.target.kind is not Kind.REST_API:
        raise TypeError(f"{live.target} has no exports")
    methods = {
        scope: method_as_exported(method) for scope, method in live.methods.items() if isinstance(method, LiveMethod)
    }
    paths = {scope.path for scope in methods if isinstance(scope, MethodKey)}
    return replace(live, paths=frozenset({"/", *paths}), methods=methods, definitions=None)


def method_as_exported(method: LiveMethod) -> LiveMethod:
    """Return a method reduced to what an export shows."""
    settings = {
        name: _mapping(value) if name in _SETTINGS_WITH_TEMPLATES and isinstance(value, Mapping) else value
        for name, value in method.settings.items()
    }
    return replace(
        method,
        resource_id="",
        access=Access(),
        validator="",
        foreign={},
        responses={code: response_as_exported(response) for code, response in method.responses.items()},
        settings={name: value for name, value in settings.items() if value},
    )


def exported_pattern(response: RestResponse) -> str:
    """Return the selection pattern that an export shows, where the key `default` stands for none."""
    return "" if response.selection_pattern == _DEFAULT else response.selection_pattern


def response_as_exported(response: RestResponse) -> RestResponse:
    """Return a response reduced to what an export shows."""
    return replace(
        response,
        selection_pattern=exported_pattern(response),
        response_templates=_mapping(response.response_templates),
    )


def _mapping(templates: Mapping[str, str]) -> dict[str, str]:
    return {kind: template for kind, template in templates.items() if template}


def websocket_response(raw: Raw) -> WebSocketResponse:
    """Return an integration response in normal form, from AWS's answer or a manifest's fields."""
    members = _camel_case(raw)
    return WebSocketResponse(**{row.attribute: _normal(row, members.get(row.name)) for row in WEBSOCKET_FIELDS})


def websocket_request(response: WebSocketResponse) -> dict[str, str | dict[str, str]]:
    """Return the body of a CreateIntegrationResponse that stores exactly this response; unset fields are not sent."""
    return boto_members(response.document())


def boto_members(fields: Mapping[str, FieldValue]) -> dict[str, str | dict[str, str]]:
    """Return fields of a WebSocket response under boto3's names, without None: v2 has no null."""
    return {
        f"{name[:1].upper()}{name[1:]}": value if isinstance(value, str) else dict(value)
        for name, value in fields.items()
        if value is not None
    }


def _camel_case(raw: Raw) -> Raw:
    return {f"{name[:1].lower()}{name[1:]}": value for name, value in raw.items()}


def websocket_responses(items: Iterable[Raw]) -> dict[str, tuple[str, WebSocketResponse]]:
    """Return key -> id and response, sorted, from the items of GetIntegrationResponses."""
    members = [_camel_case(item) for item in items]
    members.sort(key=lambda member: str(member["integrationResponseKey"]))
    return {
        member["integrationResponseKey"]: (member["integrationResponseId"], websocket_response(member))
        for member in members
    }


def websocket_routes(items: Iterable[Raw]) -> dict[str, str]:
    """Return route key -> id of its target integration, sorted, from the items of GetRoutes."""
    targets = {route["routeKey"]: route.get("target") or "" for route in map(_camel_case, items)}
    return {
        key: target.removeprefix(_TARGET_PREFIX)
        for key, target in sorted(targets.items())
        if target.startswith(_TARGET_PREFIX)
    }


def websocket_integrations(integrations: Iterable[Raw], routes: Iterable[Raw]) -> list[LiveIntegration]:
    """Return every integration of the items of GetIntegrations, in their order, with the routes that target it.

    Responses are added by `with_responses`; proxies have none.
    """
    routes = [_camel_case(route) for route in routes]
    two_way = {route["routeKey"] for route in routes if _selects_response(route)}
    keys: dict[str, list[str]] = {}
    for key, integration_id in websocket_routes(routes).items():
        keys.setdefault(integration_id, []).append(key)
    raws = [_camel_case(raw) for raw in integrations]
    return [_websocket_integration(raw, keys.get(raw["integrationId"], []), two_way) for raw in raws]


def live_routes(routes: Iterable[Raw], responses: Mapping[str, Iterable[Raw]]) -> dict[str, LiveRoute]:
    """Return routes by key: the items of GetRoutes that have a key in `responses`, the items of GetRouteResponses."""
    by_key = {route["routeKey"]: route for route in map(_camel_case, routes)}
    return {key: _live_route(by_key[key], items) for key, items in sorted(responses.items())}


def with_read_routes(integration: LiveIntegration, routes: Mapping[str, LiveRoute]) -> LiveIntegration:
    """Return the integration with those of these routes that target it."""
    return replace(integration, read_routes={key: routes[key] for key in integration.routes if key in routes})


def _live_route(route: Raw, responses: Iterable[Raw]) -> LiveRoute:
    keys = {response["routeResponseKey"] for response in map(_camel_case, responses)}
    return LiveRoute(route["routeId"], _selects_response(route), ROUTE_RESPONSE_KEY in keys)


def _selects_response(route: Raw) -> bool:
    return route.get("routeResponseSelectionExpression") == ROUTE_RESPONSE_KEY


def _websocket_integration(raw: Raw, routes: Iterable[str], two_way: set[str]) -> LiveIntegration:
    kind = raw.get("integrationType")
    return LiveIntegration(
        integration_id=raw["integrationId"],
        integration_type=kind,
        integration_uri=raw.get("integrationUri") or "",
        routes=tuple(routes),
        two_way_routes=frozenset(two_way.intersection(routes)),
        is_read=kind in PROXY_TYPES,
    )


def with_responses(integration: LiveIntegration, items: Iterable[Raw]) -> LiveIntegration:
    """Return the integration with its responses, from the items of GetIntegrationResponses."""
    responses = websocket_responses(items)
    return replace(
        integration,
        responses={key: response for key, (_, response) in responses.items()},
        response_ids={key: response_id for key, (response_id, _) in responses.items()},
        is_read=True,
    )


def rest_stage(raw: Raw) -> Stage:
    """Return a stage from GetStage, which has canary settings only if there is a canary (recorded answers)."""
    return Stage(raw["stageName"], raw.get("deploymentId") or "", has_canary=bool(raw.get("canarySettings")))


def rest_deployment(raw: Raw) -> Deployment:
    """Return a deployment from GetDeployment or CreateDeployment; without a status, it is deployed."""
    summary: Raw | None = raw.get("apiSummary")
    return Deployment(raw["id"], raw.get("description") or "", access=None if summary is None else _summary(summary))


def _summary(raw: Raw) -> dict[MethodKey, Access]:
    """By path and verb (service model)."""
    return {
        MethodKey(path, verb): _access(method) for path, verbs in raw.items() for verb, method in (verbs or {}).items()
    }


def websocket_stage(raw: Raw) -> Stage:
    """Return a stage from GetStage; it may serve nothing yet."""
    return Stage(
        raw["StageName"],
        raw.get("DeploymentId") or "",
        auto_deploys=bool(raw.get("AutoDeploy")),
        message=raw.get("LastDeploymentStatusMessage") or "",
    )


def websocket_deployment(raw: Raw) -> Deployment:
    """Return a deployment from GetDeployment or CreateDeployment."""
    return Deployment(
        raw["DeploymentId"],
        raw.get("Description") or "",
        raw["DeploymentStatus"],
        raw.get("DeploymentStatusMessage") or "",
    )


_STACK_TAG: Final = "aws:cloudformation:stack-name"
"""CloudFormation sets it on what it creates, SAM and CDK included (CloudFormation User Guide, resource tags)."""


def rest_summary(raw: Raw) -> ApiSummary:
    """Return an API from GetRestApis."""
    return ApiSummary(raw["id"], raw.get("name") or "", stack=(raw.get("tags") or {}).get(_STACK_TAG, ""))


def websocket_summary(raw: Raw) -> ApiSummary:
    """Return an API from GetApis."""
    tags = raw.get("Tags") or {}
    return ApiSummary(raw["ApiId"], raw.get("Name") or "", raw["ProtocolType"], tags.get(_STACK_TAG, ""))
