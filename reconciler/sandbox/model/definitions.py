"""Models, request validators and gateway responses.

A new API has AWS's two models. A gateway response that nobody customised is AWS's own and says so; putting one replaces
it, deleting it restores AWS's own (Developer Guide). Deleting a model or validator that a method uses is refused; the
texts of these refusals are guesses.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from reconciler.sandbox.model import shapes
from reconciler.sandbox.model.errors import bad_request, conflict, not_found
from reconciler.sandbox.model.patches import MapPath, MemberPath, Paths, apply_patch, as_boolean
from reconciler.sandbox.model.state import Json, RestApi, RestState, StoredDefinitions, sent_members, without_member

_SCHEMA: Final = "http://json-schema.org/draft-04/schema#"
_DEFAULT_MODELS: Final[Mapping[str, tuple[str, Json]]] = {
    "Empty": (
        "This is a default empty schema model",
        {"$schema": _SCHEMA, "title": "Empty Schema", "type": "object"},
    ),
    "Error": (
        "This is a default error schema model",
        {
            "$schema": _SCHEMA,
            "title": "Error Schema",
            "type": "object",
            "properties": {"message": {"type": "string"}},
        },
    ),
}
_DEFAULT_TEMPLATES: Final = {"application/json": '{"message":$context.error.messageString}'}
_STATUSES: Final[Mapping[str, str | None]] = {
    "ACCESS_DENIED": "403",
    "API_CONFIGURATION_ERROR": "500",
    "AUTHORIZER_CONFIGURATION_ERROR": "500",
    "AUTHORIZER_FAILURE": "500",
    "BAD_REQUEST_BODY": "400",
    "BAD_REQUEST_PARAMETERS": "400",
    "DEFAULT_4XX": None,
    "DEFAULT_5XX": None,
    "EXPIRED_TOKEN": "403",
    "INTEGRATION_FAILURE": "504",
    "INTEGRATION_TIMEOUT": "504",
    "INVALID_API_KEY": "403",
    "INVALID_SIGNATURE": "403",
    "MISSING_AUTHENTICATION_TOKEN": "403",
    "QUOTA_EXCEEDED": "429",
    "REQUEST_TOO_LARGE": "413",
    "RESOURCE_NOT_FOUND": "404",
    "THROTTLED": "429",
    "UNAUTHORIZED": "401",
    "UNSUPPORTED_MEDIA_TYPE": "415",
    "WAF_FILTERED": "403",
}
_MODEL_PATHS: Final = Paths(scalars={"description": MemberPath(), "schema": MemberPath()})
_VALIDATOR_PATHS: Final = Paths(
    scalars={
        "name": MemberPath(),
        "validateRequestBody": MemberPath(as_boolean),
        "validateRequestParameters": MemberPath(as_boolean),
    }
)
_GATEWAY_PATHS: Final = Paths(
    scalars={"statusCode": MemberPath(clearable=True)},
    maps={
        "responseParameters": MapPath("Invalid parameter name specified"),
        "responseTemplates": MapPath("Content-Type specified was not found"),
    },
)


def default_definitions() -> StoredDefinitions:
    """Return the definitions of a new API. The ids of its models are invented: nothing refers to a model by id."""
    return StoredDefinitions(
        models={
            name: {
                "id": name.lower(),
                "name": name,
                "description": description,
                "schema": json.dumps(schema, indent=2),
                "contentType": "application/json",
            }
            for name, (description, schema) in _DEFAULT_MODELS.items()
        }
    )


def _store(api: RestApi, member: str, key: str, entry: Json | None) -> None:
    entries = without_member(getattr(api.definitions, member), key)
    if entry is not None:
        entries[key] = entry
    api.definitions = replace(api.definitions, **{member: entries})


def create_model(state: RestState, request: Json) -> Json:
    """Create a model with a name and a schema, which is JSON text."""
    api, name = state.api(request), shapes.text(request, "name")
    if not name or not name.isalnum():
        raise bad_request("Model name must be alphanumeric: " + str(name))
    if name in api.definitions.models:
        raise conflict("Model name already exists for this REST API")
    model = {"id": state.ids.next(), **sent_members(request, "name", "description", "contentType"), **_schema(request)}
    _store(api, "models", name, model)
    return model


def _schema(request: Json) -> dict[str, Any]:
    schema = shapes.text(request, "schema")
    _check_schema(schema)
    return {} if schema is None else {"schema": schema}


def _check_schema(schema: str | None) -> None:
    try:
        json.loads(schema or "{}")
    except (ValueError, RecursionError) as error:
        raise bad_request("Invalid model schema specified. Unsupported keyword(s) or invalid JSON") from error


def get_models(state: RestState, request: Json) -> Json:
    """Return a page of models."""
    return shapes.page(request, list(state.api(request).definitions.models.values()))


def get_model(state: RestState, request: Json) -> Json:
    """Return one model."""
    model: Json | None = state.api(request).definitions.models.get(request["modelName"])
    if model is None:
        raise not_found(f"Invalid model name specified: {request['modelName']}")
    return model


def update_model(state: RestState, request: Json) -> Json:
    """Change the description or the schema."""
    operations = shapes.patch_operations(request)
    shapes.reject(shapes.unknown_patch_ops("updateModelInput", operations))
    model = apply_patch(get_model(state, request), operations, _MODEL_PATHS)
    _check_schema(model.get("schema"))
    _store(state.api(request), "models", request["modelName"], model)
    return model


def delete_model(state: RestState, request: Json) -> Json:
    """Delete a model that no method uses."""
    get_model(state, request)
    api, name = state.api(request), request["modelName"]
    if any(name in _models_of(method) for method in _methods(api)):
        raise conflict(f"Cannot delete model '{name}', is referenced in method")
    _store(api, "models", name, None)
    return {}


def _methods(api: RestApi) -> Iterator[Json]:
    return (method for resource in api.resources.values() for method in resource.methods.values())


def _models_of(method: Json) -> set[str]:
    declared = (method.get("methodResponses") or {}).values()
    maps = [method.get("requestModels"), *(response.get("responseModels") for response in declared)]
    return {name for models in maps for name in (models or {}).values()}


def create_request_validator(state: RestState, request: Json) -> Json:
    """Create a request validator; its name is optional and need not be unique."""
    validator = {
        "id": state.ids.next(),
        **sent_members({"name": shapes.text(request, "name")}, "name"),
        "validateRequestBody": shapes.boolean(request, "validateRequestBody") or False,
        "validateRequestParameters": shapes.boolean(request, "validateRequestParameters") or False,
    }
    _store(state.api(request), "validators", validator["id"], validator)
    return validator


def get_request_validators(state: RestState, request: Json) -> Json:
    """Return a page of request validators."""
    return shapes.page(request, list(state.api(request).definitions.validators.values()))


def get_request_validator(state: RestState, request: Json) -> Json:
    """Return one request validator."""
    validator: Json | None = state.api(request).definitions.validators.get(request["requestValidatorId"])
    if validator is None:
        raise not_found("Invalid Request Validator identifier specified")
    return validator


def update_request_validator(state: RestState, request: Json) -> Json:
    """Change the name or the switches."""
    operations = shapes.patch_operations(request)
    shapes.reject(shapes.unknown_patch_ops("updateRequestValidatorInput", operations))
    validator = apply_patch(get_request_validator(state, request), operations, _VALIDATOR_PATHS)
    _store(state.api(request), "validators", request["requestValidatorId"], validator)
    return validator


def delete_request_validator(state: RestState, request: Json) -> Json:
    """Delete a request validator that no method uses."""
    get_request_validator(state, request)
    api, identifier = state.api(request), request["requestValidatorId"]
    if any(method.get("requestValidatorId") == identifier for method in _methods(api)):
        raise conflict("Cannot delete request validator, is referenced in method")
    _store(api, "validators", identifier, None)
    return {}


def put_gateway_response(state: RestState, request: Json) -> Json:
    """Customise the gateway response of a type, replacing it whole."""
    type_ = _type(request, "putGatewayResponseInput")
    sent = {
        "statusCode": shapes.text(request, "statusCode") or _STATUSES[type_],
        "responseParameters": shapes.text_map(request, "responseParameters") or {},
        "responseTemplates": shapes.text_map(request, "responseTemplates") or {},
    }
    response = {"responseType": type_, **sent_members(sent, *sent), "defaultResponse": False}
    _store(state.api(request), "gateway_responses", type_, response)
    return response


def _type(request: Json, input_name: str) -> str:
    type_ = request["responseType"]
    shapes.reject(shapes.not_in_enum(f"{input_name}.responseType", type_, tuple(_STATUSES)))
    return str(type_)


def _gateway_response(api: RestApi, type_: str) -> Json:
    customised: Json | None = api.definitions.gateway_responses.get(type_)
    if customised is not None:
        return customised
    default = {"responseParameters": {}, "responseTemplates": _DEFAULT_TEMPLATES, "defaultResponse": True}
    return {"responseType": type_, **sent_members({"statusCode": _STATUSES[type_]}, "statusCode"), **default}


def get_gateway_responses(state: RestState, request: Json) -> Json:
    """Return a page of gateway responses of every type, customised or not; without a limit, probably all of them."""
    api = state.api(request)
    responses = [_gateway_response(api, type_) for type_ in _STATUSES]
    return shapes.page({**request, "limit": request.get("limit") or len(responses)}, responses, "responseType")


def get_gateway_response(state: RestState, request: Json) -> Json:
    """Return the gateway response of a type."""
    return _gateway_response(state.api(request), _type(request, "getGatewayResponseInput"))


def update_gateway_response(state: RestState, request: Json) -> Json:
    """Customise single members of the gateway response of a type."""
    operations = shapes.patch_operations(request)
    type_ = _type(request, "updateGatewayResponseInput")
    shapes.reject(shapes.unknown_patch_ops("updateGatewayResponseInput", operations))
    api = state.api(request)
    response = {**apply_patch(_gateway_response(api, type_), operations, _GATEWAY_PATHS), "defaultResponse": False}
    _store(api, "gateway_responses", type_, response)
    return response


def delete_gateway_response(state: RestState, request: Json) -> Json:
    """Restore AWS's own gateway response."""
    api, type_ = state.api(request), _type(request, "deleteGatewayResponseInput")
    if type_ not in api.definitions.gateway_responses:
        raise not_found("Gateway response type not defined on api")
    _store(api, "gateway_responses", type_, None)
    return {}


OPERATIONS: Final[Mapping[str, Any]] = {
    "CreateModel": create_model,
    "GetModels": get_models,
    "GetModel": get_model,
    "UpdateModel": update_model,
    "DeleteModel": delete_model,
    "CreateRequestValidator": create_request_validator,
    "GetRequestValidators": get_request_validators,
    "GetRequestValidator": get_request_validator,
    "UpdateRequestValidator": update_request_validator,
    "DeleteRequestValidator": delete_request_validator,
    "PutGatewayResponse": put_gateway_response,
    "GetGatewayResponses": get_gateway_responses,
    "GetGatewayResponse": get_gateway_response,
    "UpdateGatewayResponse": update_gateway_response,
    "DeleteGatewayResponse": delete_gateway_response,
}
