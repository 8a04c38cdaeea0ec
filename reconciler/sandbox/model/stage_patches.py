"""The changes of UpdateStage: a stage's own members, its method settings, its canary.

`apply_stage_patch` returns the stage after one operation, or raises BadRequestException with AWS's text. Paths and
texts: recorded answers to a wrong path, which list every path. Guesses are marked as such.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from reconciler.sandbox.model import shapes
from reconciler.sandbox.model.errors import ModelError, bad_request
from reconciler.sandbox.model.patches import (
    MapPath,
    MemberPath,
    Paths,
    apply_patch,
    as_boolean,
    as_number,
    as_percentage,
    as_text,
)
from reconciler.sandbox.model.state import Json, without_member

CANARY: Final = "canarySettings"
_OVERRIDES: Final = "stageVariableOverrides"
_METHODS: Final = "methodSettings"
_PATHS: Final = Paths(
    scalars={
        "deploymentId": MemberPath(),
        "description": MemberPath(),
        "cacheClusterEnabled": MemberPath(as_boolean),
        "cacheClusterSize": MemberPath(),
        "clientCertificateId": MemberPath(clearable=True),
        "tracingEnabled": MemberPath(as_boolean),
    },
    maps={
        "variables": MapPath("Invalid stage variable specified"),
        "accessLogSettings": MapPath("Invalid access log setting specified"),
    },
)
_CANARY_SCALARS: Final = Paths(
    scalars={
        "deploymentId": MemberPath(),
        "percentTraffic": MemberPath(as_percentage),
        "useStageCache": MemberPath(as_boolean),
    }
)
_SETTINGS: Final[Mapping[str, tuple[str, Any]]] = {
    "metrics/enabled": ("metricsEnabled", as_boolean),
    "logging/dataTrace": ("dataTraceEnabled", as_boolean),
    "logging/loglevel": ("loggingLevel", as_text),
    "throttling/burstLimit": ("throttlingBurstLimit", as_number),
    "throttling/rateLimit": ("throttlingRateLimit", lambda value: float(as_number(value))),
    "caching/ttlInSeconds": ("cacheTtlInSeconds", as_number),
    "caching/enabled": ("cachingEnabled", as_boolean),
    "caching/dataEncrypted": ("cacheDataEncrypted", as_boolean),
    "caching/requireAuthorizationForCacheControl": ("requireAuthorizationForCacheControl", as_boolean),
    "caching/unauthorizedCacheControlHeaderStrategy": ("unauthorizedCacheControlHeaderStrategy", as_text),
}
_DEFAULTS: Final[Json] = {
    "metricsEnabled": False,
    "dataTraceEnabled": False,
    "throttlingBurstLimit": 5000,
    "throttlingRateLimit": 10000.0,
    "cachingEnabled": False,
    "cacheTtlInSeconds": 300,
    "cacheDataEncrypted": False,
    "requireAuthorizationForCacheControl": True,
    "unauthorizedCacheControlHeaderStrategy": "SUCCEED_WITH_RESPONSE_HEADER",
}
"""Defaults of a new method setting. The values are those of the API Reference; that all are returned is a guess."""

_SETTING: Final = re.compile(
    rf"/(?P<method>\*/\*|.+/(?:GET|PUT|POST|DELETE|PATCH|OPTIONS|HEAD))/(?P<setting>{'|'.join(_SETTINGS)})"
)
"""No ANY, and no wildcard but the one for everything: measured by users."""

_BUNCH: Final = {"throttling/burstLimit", "throttling/rateLimit"}
"""After these the recorded list of paths has no comma."""


def canary_settings(settings: Json, deployment_id: str) -> Json:
    """Return canary settings as AWS stores them."""
    return {
        "deploymentId": deployment_id,
        "percentTraffic": float(shapes.fraction(settings, "percentTraffic") or 0),
        **({_OVERRIDES: overrides} if (overrides := shapes.text_map(settings, _OVERRIDES)) else {}),
        "useStageCache": shapes.boolean(settings, "useStageCache") or False,
    }


def apply_stage_patch(stage: Json, operation: Json) -> Json:
    """Return the stage after one operation. Raises ModelError, and changes nothing, if AWS refuses it."""
    op, path = operation["op"], operation.get("path") or ""
    first = path.split("/")[1:2]
    match op, first:
        case "copy", _:
            return _promote_canary(stage, operation.get("from") or "", path)
        case "remove", [name] if path in {f"/{CANARY}", "/accessLogSettings"}:
            return without_member(stage, name)
        case _, ["canarySettings"]:
            return {**stage, CANARY: _with_canary(stage, operation, path.removeprefix(f"/{CANARY}"))}
        case _, [name] if name in {*_PATHS.scalars, *_PATHS.maps}:
            return apply_patch(stage, [operation], _PATHS)
        case _:
            return {**stage, _METHODS: _with_settings(stage.get(_METHODS) or {}, operation, path)}


def _with_settings(settings: Json, operation: Json, path: str) -> Json:
    """Return the method settings after one operation."""
    matched = _SETTING.fullmatch(path)
    match operation["op"], matched:
        case "remove", None:
            return _without_settings(settings, _method(path))
        case "replace", re.Match():
            name, read = _SETTINGS[matched["setting"]]
            method = _method(matched["method"])
            return {**settings, method: {**settings.get(method, _DEFAULTS), name: read(operation.get("value"))}}
        case _, None:
            raise _no_such_path(path)
        case op, _:
            raise bad_request(f"Invalid {op} operation with path: {path}")  # the text is a guess


def _method(path: str) -> str:
    """Return the key of a method's settings: its path without the first slash, and its verb."""
    return path.replace("~1", "/").replace("~0", "~").lstrip("/")


def _without_settings(settings: Json, method: str) -> Json:
    if method not in settings:
        raise _no_setting(method)
    return without_member(settings, method)


def _no_setting(method: str) -> ModelError:
    return bad_request(f"Cannot remove method setting {method} because there is no method setting for this method ")


def _no_such_path(path: str) -> ModelError:
    return bad_request(f"Invalid method setting path: {path}. Must be one of: [{_listed_paths()}]")


def _listed_paths() -> str:
    """Return every path, in the order and with the missing commas of the recorded text."""
    members = ("deploymentId", "description", "cacheClusterEnabled", "cacheClusterSize", "clientCertificateId")
    logs = ("", "/destinationArn", "/format")
    listed = [f"/{name}" for name in members] + [f"/accessLogSettings{name}" for name in logs]
    text = ", ".join(listed)
    for prefix, glue in (("/{resourcePath}/{httpMethod}/", ""), ("/*/*/", " ")):
        separator = ", "
        for setting in _SETTINGS:
            text += f"{separator}{prefix}{setting}"
            separator = glue if setting in _BUNCH else ", "
    return f"{text}, /variables/{{variable_name}}, /tracingEnabled"


def _with_canary(stage: Json, operation: Json, path: str) -> Json:
    """Return the canary settings after one operation; a new canary gets no traffic and the stage's deployment."""
    settings = stage.get(CANARY) or canary_settings({}, stage["deploymentId"])
    match operation["op"], path.split("/"):
        case "replace", ["", name] if name in _CANARY_SCALARS.scalars:
            return apply_patch(settings, [{**operation, "path": path}], _CANARY_SCALARS)
        case "replace", ["", "stageVariableOverrides", variable] if variable:
            return {**settings, _OVERRIDES: {**settings.get(_OVERRIDES, {}), variable: operation.get("value") or ""}}
        case "remove", _:
            raise _no_setting(f"{CANARY}{path}")
        case "replace", _:
            raise _no_such_path(f"/{CANARY}{path}")
        case op, _:
            raise bad_request(f"Invalid {op} operation with path: /{CANARY}{path}")


_COPIES: Final = ("/deploymentId", "/variables")
_SOURCES: Final = (f"/{CANARY}/deploymentId", f"/{CANARY}/{_OVERRIDES}")


def _promote_canary(stage: Json, source: str, path: str) -> Json:
    """Promote the canary's deployment or variables. That its variables are added to the stage's is a guess."""
    if path not in _COPIES or source not in _SOURCES:
        raise bad_request(
            f"Invalid copy operation with path: {path} and from {source}. Valid copy:path are "
            f"[{', '.join(_COPIES)}] and valid copy:from are [{', '.join(_SOURCES)}]"
        )
    settings = stage.get(CANARY)
    if settings is None:
        raise bad_request("Promotion not available. Canary does not exist.")
    if path == "/variables":
        return {**stage, "variables": {**stage.get("variables", {}), **settings.get(_OVERRIDES, {})}}
    return {**stage, "deploymentId": settings["deploymentId"]}
