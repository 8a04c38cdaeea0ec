"""Merge the defaults of a document under its tests.

Maps are merged key by key, at any depth. Everything else of a test replaces the default: lists, bodies, the value of a
Lambda function, a backend of another kind, and the method, whether it is a method, a route or an integration.
"""

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from pydantic import BaseModel

from reconciler.manifest.schema.response_test import BackendModel, BodyModel, ResponseTestDefaults, ResponseTestEntry

M = TypeVar("M", bound=BaseModel)

TARGETS: Final = ("method", "route", "integration")
"""The keys of a test that say what it is about."""

KINDS: Final[Mapping[str, str]] = {
    "lambda_": "lambda",
    "lambda_text": "lambdaText",
    "status": "status",
    "headers": "status",
    "body": "status",
    "mock": "mock",
    "error": "error",
}
"""The kind of backend that a field belongs to, by the key that names the kind."""

_WHOLE: Final = frozenset({"lambda_", "json_", "contains"})
"""Fields whose maps are values of users."""


def kinds_of(backend: BackendModel) -> list[str]:
    """Return the kinds of backend that the written fields belong to, in the order of `KINDS`."""
    written = backend.model_fields_set
    return list(dict.fromkeys(kind for name, kind in KINDS.items() if name in written))


def with_defaults(test: ResponseTestEntry, defaults: ResponseTestDefaults) -> ResponseTestEntry:
    """Return a test with the defaults merged under it."""
    if not defaults.model_fields_set:
        return test
    ignored = TARGETS if not test.model_fields_set.isdisjoint(TARGETS) else ()
    return merged(defaults, test, ignored)


def merged(under: BaseModel, over: M, ignored: tuple[str, ...] = ()) -> M:
    """Return `over` with the fields of `under` that it does not have, the `ignored` ones excepted."""
    if not under.model_fields_set:
        return over
    values: dict[str, Any] = {name: getattr(under, name) for name in under.model_fields_set if name not in ignored}
    for name in over.model_fields_set:
        value = getattr(over, name)
        values[name] = _merged_value(values[name], value) if name in values and name not in _WHOLE else value
    return over.model_copy(update=values)


def _merged_value(under: object, over: object) -> object:
    match under, over:
        case BackendModel(), BackendModel():
            return over if _is_other_kind(under, over) else merged(under, over)
        case (BodyModel(), _) | (_, BodyModel()):
            return over
        case BaseModel(), BaseModel():
            return merged(under, over)
        case dict(), dict():
            return _merged_map(under, over)
        case _:
            return over


def _is_other_kind(under: BackendModel, over: BackendModel) -> bool:
    kinds = kinds_of(over)
    return bool(kinds) and kinds != kinds_of(under)


def _merged_map(under: Mapping[str, object], over: Mapping[str, object]) -> Mapping[str, object]:
    return {
        **under,
        **{key: _merged_value(under[key], value) if key in under else value for key, value in over.items()},
    }
