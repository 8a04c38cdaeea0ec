"""The members of integrations and methods that manifests do not manage, but that a deployment publishes.

The functions return the same values for a read of the draft (GetResources) and for an export of the same state. A
member that the tables do not have is kept under its own name in `foreign`: it is compared only if both sides have it,
because an export leaves defaults out (recorded exports) and the defaults of unknown members are unknown. Pure.

Names and gaps of the two sides:

* a read of an integration has the defaults that AWS adds: `passthroughBehavior` WHEN_NO_MATCH, `timeoutInMillis` 29000,
  `connectionType` INTERNET, `cacheNamespace` (the id of the resource), `cacheKeyParameters` []. An export leaves them
  out, but for the passthrough behaviour, which it has in lower case (recorded exports).
* `responseTransferMode` BUFFERED and `tlsConfig.insecureSkipVerification` false are the same as none (service model).
  That exports show these and `integrationTarget` is likely, not recorded.
* `operationName` is `operationId` in an export; query and header parameters and request models are OpenAPI's
  `parameters` and `requestBody` (recorded exports). Path parameters are not compared: OpenAPI requires them, declared
  or not. Of models the names are compared, not the content types.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from reconciler.models.responses import FieldValue

Raw: TypeAlias = Mapping[str, Any]

CACHE_NAMESPACE: Final = "cacheNamespace"

_TEXTS: Final[Mapping[str, str]] = {
    "httpMethod": "",
    "credentials": "",
    "contentHandling": "",
    "passthroughBehavior": "WHEN_NO_MATCH",
    "timeoutInMillis": "29000",
    "connectionType": "INTERNET",
    "connectionId": "",
    "integrationTarget": "",
    "responseTransferMode": "BUFFERED",
    CACHE_NAMESPACE: "",
}
"""Members of an integration that are texts or numbers, with the value that means the same as absence."""

_UPPER_CASE: Final = frozenset({"passthroughBehavior", "connectionType", "responseTransferMode"})
_MAPS: Final = ("requestParameters", "requestTemplates")
_LISTS: Final = ("cacheKeyParameters",)
_OBJECTS: Final[Mapping[str, Mapping[str, str]]] = {"tlsConfig": {"insecureSkipVerification": "false"}}
"""Members that are objects, with the entries that mean the same as absence."""

_OTHER_INTEGRATION_MEMBERS: Final = frozenset({"type", "uri", "integrationResponses", "responses"})
"""Members of an integration that `LiveMethod` has as fields of its own."""

_OTHER_METHOD_MEMBERS: Final = frozenset(
    {
        *("httpMethod", "methodIntegration", "methodResponses", "requestValidatorId"),
        *("authorizationType", "apiKeyRequired"),  # a deployment's summary shows them (`normal.access`)
        *("authorizerId", "authorizationScopes"),  # an export names authorizers, not their ids
        *("operationName", "requestParameters", "requestModels"),
    }
)
_OTHER_OPERATION_MEMBERS: Final = frozenset(
    {
        *("responses", "x-amazon-apigateway-integration", "x-amazon-apigateway-request-validator"),
        *("security", "x-amazon-apigateway-auth"),  # as above
        *("operationId", "parameters", "requestBody"),
        *("consumes", "produces", "schemes", "servers"),  # OpenAPI's own, no member of a method
        *("summary", "description", "tags", "deprecated", "externalDocs"),  # documentation, versioned apart
    }
)

_PLACES: Final = {"query": "querystring", "header": "header"}
"""OpenAPI's locations of parameters, and the API's words for them."""

_REQUEST: Final = "method.request"


@dataclass(frozen=True, slots=True)
class Members:
    """`known` has no unset members; `foreign` has the members that no table has, as texts."""

    known: Mapping[str, FieldValue] = field(default_factory=dict)
    foreign: Mapping[str, str] = field(default_factory=dict)


def of_integration(raw: Raw, resource_id: str = "") -> Members:
    """Read an integration from a read or an export; `resource_id` is that of a read."""
    known: dict[str, FieldValue] = {name: text for name in _TEXTS if (text := _text_member(name, raw, resource_id))}
    if "connectionType" not in known:  # only VPC links have an id; what another connection has of it is not exported
        known.pop("connectionId", None)
    known |= {name: _text_map(raw[name]) for name in _MAPS if raw.get(name)}
    known |= {name: ", ".join(sorted(map(as_text, raw[name]))) for name in _LISTS if raw.get(name)}
    known |= {name: entries for name in _OBJECTS if (entries := _entries(name, raw.get(name) or {}))}
    named = {*_TEXTS, *_MAPS, *_LISTS, *_OBJECTS, *_OTHER_INTEGRATION_MEMBERS}
    return Members(known, _foreign("integration", raw, named))


def _text_member(name: str, raw: Raw, resource_id: str) -> str:
    value = raw.get(name)
    text = "" if value is None else as_text(value)
    text = text.upper() if name in _UPPER_CASE else text
    default = resource_id if name == CACHE_NAMESPACE else _TEXTS[name]
    return "" if text == default else text


def _text_map(entries: Mapping[str, str | None]) -> dict[str, str]:
    return {key: entries[key] or "" for key in sorted(entries)}


def _entries(name: str, value: Raw) -> dict[str, str]:
    texts = {key: as_text(item) for key, item in sorted(value.items()) if item is not None}
    return {key: text for key, text in texts.items() if text != _OBJECTS[name].get(key)}


def of_method(raw: Raw) -> Members:
    """Read a method from a read (GetMethod, GetResources), without its integration and its responses."""
    parameters = {
        name: as_text(bool(is_required))
        for name, is_required in sorted((raw.get("requestParameters") or {}).items())
        if not name.startswith(f"{_REQUEST}.path.")
    }
    known = _known(raw.get("operationName"), parameters, (raw.get("requestModels") or {}).values())
    return Members(known, _foreign("method", raw, _OTHER_METHOD_MEMBERS))


def of_operation(raw: Raw) -> Members:
    """Read the same from an operation of an export."""
    parameters = dict(sorted(_parameters(raw.get("parameters"))))
    bodies = [
        parameter for parameter in _mappings(raw.get("parameters")) if parameter.get("in") == "body"
    ]  # Swagger 2.0
    models = [name for holder in (raw.get("requestBody"), *bodies) for name in model_names(holder)]
    known = _known(raw.get("operationId"), parameters, models)
    return Members(known, _foreign("method", raw, _OTHER_OPERATION_MEMBERS))


def _known(operation: object, parameters: Mapping[str, str], models: Iterable[str]) -> dict[str, FieldValue]:
    known: dict[str, FieldValue] = {
        "operationName": str(operation or ""),
        "requestParameters": parameters,
        "requestModels": joined(models),
    }
    return {name: value for name, value in known.items() if value}


def joined(names: Iterable[str]) -> str:
    """Join the names of models as one text, each once."""
    return ", ".join(sorted(set(names)))


def _parameters(parameters: object) -> Iterator[tuple[str, str]]:
    for parameter in _mappings(parameters):
        if parameter.get("in") in _PLACES and isinstance(parameter.get("name"), str):
            yield f"{_REQUEST}.{_PLACES[parameter['in']]}.{parameter['name']}", as_text(bool(parameter.get("required")))


def _mappings(parameters: object) -> list[Raw]:
    return (
        [parameter for parameter in parameters if isinstance(parameter, Mapping)]
        if isinstance(parameters, list)
        else []
    )


def model_names(holder: object) -> list[str]:
    """Return the models that a request body or response of an export refers to (OpenAPI 3.0 and Swagger 2.0)."""
    holders = (holder, *_map(_map(holder).get("content")).values())
    schemas = [_map(holder).get("schema") for holder in holders]
    refs = [_map(schema).get("$ref") for schema in schemas]
    return [ref.rpartition("/")[2] for ref in refs if isinstance(ref, str)]


def _map(value: object) -> Raw:
    return value if isinstance(value, Mapping) else {}


def _foreign(owner: str, raw: Raw, named: Iterable[str]) -> dict[str, str]:
    """Return the members that no table has, without the values that AWS uses for "nothing"."""
    known = frozenset(named)
    return {
        f"{owner}.{name}": as_text(value)
        for name, value in sorted(raw.items())
        if name not in known and value not in (None, "", {}, [], False)
    }


def as_text(value: object) -> str:
    """Return a text unchanged, and any other JSON value in one spelling."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
