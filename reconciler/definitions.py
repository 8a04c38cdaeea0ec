"""Models, request validators and gateway responses of a REST API, from reads of the draft and from exports.

`of_draft` and `of_export` return the same values for the same state, as far as an export shows it. Pure.

The two sides differ as follows:

* a model's schema is a JSON text in a read, an object in an export. `$schema` and `id` are only in the read (recorded
  exports). References name models by a URL there, by `#/components/schemas/NAME` here.
* GetGatewayResponses lists every type; uncustomised ones have `defaultResponse: true`. An export has only the
  customised ones (likely: public documents). AWS's own status code and template of a type are the same as none
  (Developer Guide, "Gateway responses").
* GetRequestValidators has ids, which methods refer to; an export has names, of which two validators may have the same.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from reconciler.members import as_text
from reconciler.models.definitions import Definitions
from reconciler.models.responses import FieldValue

Raw: TypeAlias = Mapping[str, Any]

DEFAULT_MODELS: Final[Mapping[str, str]] = {
    "Empty": '{"title": "Empty Schema", "type": "object"}',
    "Error": '{"title": "Error Schema", "type": "object", "properties": {"message": {"type": "string"}}}',
}
"""The models of every new API; unless changed, they are nobody's work (Developer Guide, "Models")."""

_ONLY_IN_DRAFTS: Final = frozenset({"$schema", "id"})
_REFERENCE: Final = "$ref"
_SETS: Final = frozenset({"required", "enum"})
"""Lists of a schema whose order does not matter."""

_SWITCHES: Final = ("validateRequestBody", "validateRequestParameters")
_DEFAULT_TEMPLATE: Final = '{"message":$context.error.messageString}'
_STATUSES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("BAD_REQUEST_BODY", "BAD_REQUEST_PARAMETERS"), "400"),
    **dict.fromkeys(("ACCESS_DENIED", "EXPIRED_TOKEN", "INVALID_API_KEY", "INVALID_SIGNATURE"), "403"),
    **dict.fromkeys(("MISSING_AUTHENTICATION_TOKEN", "WAF_FILTERED"), "403"),
    **dict.fromkeys(("QUOTA_EXCEEDED", "THROTTLED"), "429"),
    **dict.fromkeys(("API_CONFIGURATION_ERROR", "AUTHORIZER_CONFIGURATION_ERROR", "AUTHORIZER_FAILURE"), "500"),
    **dict.fromkeys(("INTEGRATION_FAILURE", "INTEGRATION_TIMEOUT"), "504"),
    "UNAUTHORIZED": "401",
    "RESOURCE_NOT_FOUND": "404",
    "REQUEST_TOO_LARGE": "413",
    "UNSUPPORTED_MEDIA_TYPE": "415",
}
"""The default status code of each type that has one."""


def of_draft(models: Iterable[Raw], validators: Iterable[Raw], gateway_responses: Iterable[Raw]) -> Definitions:
    """Read the items of GetModels, GetRequestValidators and GetGatewayResponses."""
    schemas = {model["name"]: _parsed(model.get("schema")) for model in models}
    validators = list(validators)
    counts = Counter(validator.get("name") or "" for validator in validators)
    return Definitions(
        models={name: _values(schema) for name, schema in sorted(schemas.items())},
        used_models=_used(schemas),
        validators={validator["name"]: _switches(validator) for validator in validators if validator.get("name")},
        gateway_responses={
            response["responseType"]: _gateway_response(response["responseType"], response)
            for response in gateway_responses
            if not response.get("defaultResponse")
        },
        validator_names={validator["id"]: validator.get("name") or "" for validator in validators},
        doubtful=frozenset(name for name, count in counts.items() if count > 1 or not name),
    )


def of_export(document: Raw) -> Definitions:
    """Read the same from an export, OpenAPI 3.0 or Swagger 2.0. Anything but an object counts as absent."""
    schemas = _objects(document.get("definitions") or _map(document.get("components")).get("schemas"))
    validators = _objects(document.get("x-amazon-apigateway-request-validators"))
    responses = _objects(document.get("x-amazon-apigateway-gateway-responses"))
    return Definitions(
        models={name: _values(schema) for name, schema in sorted(schemas.items())},
        used_models=_used(schemas),
        validators={name: _switches(validator) for name, validator in validators.items()},
        gateway_responses={name: _gateway_response(name, response) for name, response in responses.items()},
    )


def _map(value: object) -> Raw:
    return value if isinstance(value, Mapping) else {}


def _objects(value: object) -> dict[str, Raw]:
    return {name: item for name, item in _map(value).items() if isinstance(item, Mapping)}


def _parsed(schema: object) -> Raw | None:
    """Parse the schema of a model from a read; a missing one is empty. None: it is not a JSON object."""
    try:
        content = json.loads(str(schema)) if schema else {}
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, Mapping) else None


def _values(schema: Raw | None) -> dict[str, str] | None:
    """Return the values of a schema by path: `properties.name.type`."""
    if schema is None:
        return None
    try:
        return dict(sorted(_flat({key: child for key, child in schema.items() if key not in _ONLY_IN_DRAFTS})))
    except RecursionError:
        return None


def _flat(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    name = path.rpartition(".")[2]
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from _flat(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and name not in _SETS and any(isinstance(item, Mapping) for item in value):
        for number, item in enumerate(value):
            yield from _flat(item, f"{path}.{number}")
    elif isinstance(value, list):
        texts = [as_text(item) for item in value]
        yield path, ", ".join(sorted(texts) if name in _SETS else texts)
    elif name == _REFERENCE:
        yield path, str(value).rpartition("/")[2]
    elif path:
        yield path, as_text(value)


def _used(schemas: Mapping[str, Raw | None]) -> dict[str, frozenset[str]]:
    values = {name: _values(schema) or {} for name, schema in schemas.items()}
    return {
        name: frozenset(text for path, text in fields.items() if path.rpartition(".")[2] == _REFERENCE)
        for name, fields in values.items()
    }


def _switches(raw: Raw) -> dict[str, str]:
    return {name: as_text(bool(raw.get(name))) for name in _SWITCHES}


def _gateway_response(type_: str, raw: Raw) -> dict[str, FieldValue]:
    status = as_text(raw["statusCode"]) if raw.get("statusCode") else ""
    templates = {kind: text or "" for kind, text in sorted(_map(raw.get("responseTemplates")).items())}
    fields: dict[str, FieldValue] = {
        "statusCode": "" if status == _STATUSES.get(type_) else status,
        "responseParameters": {key: str(text) for key, text in sorted(_map(raw.get("responseParameters")).items())},
        "responseTemplates": {kind: text for kind, text in templates.items() if text != _DEFAULT_TEMPLATE},
    }
    return {name: value for name, value in fields.items() if value}
