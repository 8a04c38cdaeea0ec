"""The parts of an export for requests, models, request validators and gateway responses.

Schemas are objects without `$schema` and `id`, references to models are references within the document, query and
header parameters and request models are OpenAPI's, `operationName` is `operationId` (recorded exports). That path
parameters are always required is OpenAPI's rule.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from reconciler.sandbox.model.state import Json, StoredDeployment, sent_members, without_member

_VALIDATOR: Final = "x-amazon-apigateway-request-validator"
_GATEWAY: Final = "x-amazon-apigateway-gateway-responses"
_PLACES: Final = {"querystring": "query", "header": "header", "path": "path"}
_REFERENCE: Final = "$ref"
_BASES: Final = {"swagger": "#/definitions/", "oas30": "#/components/schemas/"}


def request(method: Json, style: str) -> dict[str, Any]:
    """Return the parameters and body of a method."""
    parameters = [
        _parameter(name, style, required=bool(required))
        for name, required in sorted((method.get("requestParameters") or {}).items())
    ]
    bodies = method.get("requestModels") or {}
    shown: dict[str, Any] = {"operationId": method["operationName"]} if method.get("operationName") else {}
    if style == "swagger" and bodies:
        first = next(iter(bodies.values()))
        parameters.append({"in": "body", "name": first, "required": True, "schema": _reference(first, style)})
    if parameters:
        shown["parameters"] = parameters
    if style != "swagger" and bodies:
        shown["requestBody"] = {**body(bodies, style), "required": True}
    return shown


def _parameter(name: str, style: str, *, required: bool) -> dict[str, Any]:
    _, _, place, bare = name.split(".", 3)
    type_ = {"type": "string"} if style == "swagger" else {"schema": {"type": "string"}}
    return {"name": bare, "in": _PLACES[place], **({"required": True} if required or place == "path" else {}), **type_}


def _reference(model: str, style: str) -> dict[str, Any]:
    return {_REFERENCE: f"{_BASES[style]}{model}"}


def body(models: Mapping[str, str], style: str) -> dict[str, Any]:
    """Return the models by content type; Swagger has only one."""
    if style == "swagger":
        first = next(iter(models.values()), None)
        return {"schema": _reference(first, style)} if first else {}
    return {"content": {kind: {"schema": _reference(model, style)} for kind, model in models.items()}}


def validator(deployment: StoredDeployment, method: Json) -> dict[str, Any]:
    """Return the name of a method's request validator; one without a name cannot be exported."""
    stored = deployment.definitions.validators.get(method.get("requestValidatorId") or "", {})
    return {_VALIDATOR: stored["name"]} if stored.get("name") else {}


def schemas(deployment: StoredDeployment, style: str) -> dict[str, Any]:
    """Return the models that methods use, and those that these refer to."""
    models = deployment.definitions.models
    waiting = {name for method in _methods(deployment) for name in _models_of(method)}
    collected: dict[str, Any] = {}
    while waiting:
        name = waiting.pop()
        if name in models and name not in collected:
            schema = without_member(without_member(json.loads(models[name].get("schema") or "{}"), "$schema"), "id")
            collected[name], used = _within(schema, style)
            waiting |= used
    shown = dict(sorted(collected.items()))
    return {} if not shown else {"definitions": shown} if style == "swagger" else {"components": {"schemas": shown}}


def _within(value: Any, style: str) -> tuple[Any, set[str]]:  # noqa: ANN401 - JSON
    """Return a schema whose references are within the document, and the names of the models it refers to."""
    if isinstance(value, dict):
        is_reference = isinstance(value.get(_REFERENCE), str)  # it may also be the name of a property
        parts = {key: _within(member, style) for key, member in value.items() if key != _REFERENCE or not is_reference}
        shown = {key: member for key, (member, _) in parts.items()}
        used = {name for _, names in parts.values() for name in names}
        if is_reference:
            name = value[_REFERENCE].rpartition("/")[2]
            return {**_reference(name, style), **shown}, used | {name}
        return shown, used
    if isinstance(value, list):
        items = [_within(item, style) for item in value]
        return [item for item, _ in items], {name for _, names in items for name in names}
    return value, set()


def _methods(deployment: StoredDeployment) -> Iterable[Json]:
    return (method for resource in deployment.resources.values() for method in resource.methods.values())


def _models_of(method: Json) -> set[str]:
    declared = (method.get("methodResponses") or {}).values()
    maps = [method.get("requestModels"), *(response.get("responseModels") for response in declared)]
    return {name for models in maps for name in (models or {}).values()}


def extensions(deployment: StoredDeployment) -> dict[str, Any]:
    """Return the request validators that methods use, and the customised gateway responses."""
    used = {method.get("requestValidatorId") for method in _methods(deployment)}
    validators = {
        validator["name"]: sent_members(validator, "validateRequestBody", "validateRequestParameters")
        for identifier, validator in deployment.definitions.validators.items()
        if identifier in used and validator.get("name")
    }
    responses = {
        type_: {
            name: response[name]
            for name in ("statusCode", "responseParameters", "responseTemplates")
            if response.get(name)
        }
        for type_, response in sorted(deployment.definitions.gateway_responses.items())
    }
    return {
        **({"x-amazon-apigateway-request-validators": validators} if validators else {}),
        **({_GATEWAY: responses} if responses else {}),
    }
