"""Read what a stage of a REST API serves from AWS's export of it.

`deployed` reads OpenAPI 3.0 and Swagger 2.0, as GetExport writes them with `extensions=apigateway`, and returns what
GetResources would have returned for the deployed draft, as far as an export shows it (`normal.as_exported`). Anything
else is refused: BadExport says why. Pure.

In an export, integration responses are keyed by their selection pattern, with `default` for the one without; the status
is a member of each. Types are in lower case (recorded exports). What else a method and its integration have is read by
`reconciler.members`, models, request validators and gateway responses by `reconciler.definitions`.

A path begins with `/`, a verb is one of eight words, a status has three digits. Other keys in these places are
OpenAPI's extensions and defaults, which have no counterpart in an API.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from reconciler import definitions, members, normal
from reconciler.models.keys import MethodKey, Scope
from reconciler.models.live import LiveApi, LiveMethod, LiveScope
from reconciler.models.responses import MethodResponse, RestResponse
from reconciler.models.targets import Target
from reconciler.normal import HEADER_PREFIX, Raw

VERBS: Final[Mapping[str, str]] = {
    **{verb.lower(): verb for verb in ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")},
    "x-amazon-apigateway-any-method": "ANY",
}
"""Every verb of a method. Other keys of a path concern all its methods, such as their parameters."""

INTEGRATION: Final = "x-amazon-apigateway-integration"
_VALIDATOR: Final = "x-amazon-apigateway-request-validator"
_STATUS: Final = re.compile("[1-5][0-9]{2}")
_INTEGRATION_TEXTS: Final = (
    *("type", "uri", "httpMethod", "credentials", "contentHandling", "passthroughBehavior"),
    *("connectionType", "connectionId", "cacheNamespace", "responseTransferMode", "integrationTarget"),
)
_INTEGRATION_MAPS: Final = ("requestParameters", "requestTemplates")
DEFAULT: Final = "default"
_AWS_HOST: Final = re.compile(r"(?:https?://)?(\w+)\.execute-api\.", re.ASCII)


class BadExport(ValueError):  # noqa: N818 - read as "raise BadExport"
    """This is not an export of the API, or not a complete one."""


def deployed(target: Target, document: Raw) -> LiveApi:
    """Return the API that the document describes. Raises BadExport."""
    if not isinstance(document.get("openapi") or document.get("swagger"), str):
        raise BadExport("it is not an OpenAPI document")
    _require_own(target, document)
    methods: dict[Scope, LiveScope] = dict(_methods(_paths(document), str(document.get(_VALIDATOR) or "")))
    if not methods:
        # AWS deploys no API without methods (issue trackers, recorded text)
        raise BadExport("it has no methods")
    if all(isinstance(method, LiveMethod) and method.integration_type is None for method in methods.values()):
        raise BadExport("it has no integrations, though they were asked for")
    exported = definitions.of_export(document)
    return LiveApi(target, frozenset({"/", *_paths(document)}), methods, definitions=exported)


def _paths(document: Raw) -> Raw:
    return {path: item for path, item in _object(document, "paths").items() if path.startswith("/")}


def _require_own(target: Target, document: Raw) -> None:
    """Refuse an export of another API: the host that AWS gives an API begins with its id (recorded exports).

    There may be no host, or a custom domain name, or that of a VPC endpoint.
    """
    ids = {found[1] for host in _hosts(document) if (found := _AWS_HOST.match(host))}
    if ids and target.api_id not in ids:
        raise BadExport(f"it is of another API: {', '.join(sorted(ids))}")


def _hosts(document: Raw) -> Iterator[str]:
    servers = document.get("servers")
    for holder in [document, *(servers if isinstance(servers, list) else ())]:
        if isinstance(holder, Mapping):
            yield str(holder.get("host") or holder.get("url") or "")


def _methods(paths: Raw, validator: str) -> Iterator[tuple[MethodKey, LiveMethod]]:
    """Yield every method; `validator` is the default of the API (Developer Guide)."""
    for path in paths:
        item = _object(paths, path)
        for name, verb in VERBS.items():
            if name in item:
                yield MethodKey(path, verb), _method({_VALIDATOR: validator, **_object(item, name)}, f"{verb} {path}")


def _method(operation: Raw, label: str) -> LiveMethod:
    integration = _integration(operation, label)
    of_integration, of_operation = members.of_integration(integration), members.of_operation(operation)
    return LiveMethod(
        resource_id="",
        integration_type=str(integration.get("type") or "").upper() or None,
        integration_uri=integration.get("uri") or "",
        method_responses=_declared(operation),
        responses=_responses(integration, label),
        settings=of_integration.known,
        request=of_operation.known,
        validator=str(operation.get(_VALIDATOR) or ""),
        foreign={**of_integration.foreign, **of_operation.foreign},
    )


def _integration(operation: Raw, label: str) -> Raw:
    if INTEGRATION not in operation:
        return {}
    integration = _object(operation, INTEGRATION)
    if not integration.get("type"):
        raise BadExport(f"the integration of {label} has no type")
    _check(integration, label, texts=_INTEGRATION_TEXTS, maps=_INTEGRATION_MAPS)
    if not isinstance(integration.get("cacheKeyParameters") or [], list):
        raise BadExport(f"cacheKeyParameters of {label} is not a list")
    if not isinstance(integration.get("tlsConfig") or {}, Mapping):
        raise BadExport(f"tlsConfig of {label} is not an object")
    return integration


def _declared(operation: Raw) -> dict[str, MethodResponse]:
    """Return the statuses that a method declares, with their headers and models, sorted. There may be none."""
    responses = operation.get("responses")
    codes = sorted(code for code in _object(operation, "responses") if _STATUS.fullmatch(code)) if responses else []
    declared = {code: _object(_object(operation, "responses"), code) for code in codes}
    return {
        code: MethodResponse(
            frozenset(f"{HEADER_PREFIX}{name}" for name in _objects(response, "headers")),
            members.joined(members.model_names(response)),
        )
        for code, response in declared.items()
    }


def _responses(integration: Raw, label: str) -> dict[str, RestResponse]:
    """Return the responses by status, sorted."""
    responses: dict[str, RestResponse] = {}
    for pattern, response in _objects(integration, "responses").items():
        status = response.get("statusCode")
        if not isinstance(status, str) or not status:
            raise BadExport(f"a response of {label} has no status")
        if status in responses:
            raise BadExport(f"two responses of {label} have status {status}")
        _check(response, label, texts=("contentHandling",), maps=("responseParameters", "responseTemplates"))
        responses[status] = integration_response(pattern, response)
    return dict(sorted(responses.items()))


def integration_response(pattern: str, response: Raw) -> RestResponse:
    """Return a response in normal form, from its key and value in `responses` of an integration."""
    return normal.rest_response({**response, "selectionPattern": "" if pattern == DEFAULT else pattern})


def _object(parent: Raw, name: str) -> Raw:
    child = parent.get(name)
    if not isinstance(child, Mapping):
        raise BadExport(f"{name} is not an object")
    return child


def _objects(parent: Raw, name: str) -> Raw:
    """Return an object of objects; an absent one is empty."""
    if parent.get(name) is None:
        return {}
    child = _object(parent, name)
    return {key: _object(child, key) for key in child}


def _check(parent: Raw, label: str, texts: Iterable[str], maps: Iterable[str]) -> None:
    """Refuse members that are neither absent nor texts, or maps of texts and nulls."""
    for name in texts:
        _require_texts([parent.get(name)], name, label)
    for name in maps:
        if parent.get(name) is not None:
            _require_texts(_object(parent, name).values(), name, label)


def _require_texts(values: Iterable[Any], name: str, label: str) -> None:
    if not all(value is None or isinstance(value, str) for value in values):
        raise BadExport(f"{name} of {label} contains a value that is not text")
