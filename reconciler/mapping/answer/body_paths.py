"""Read values from the body of a backend or request, for header mappings and selection expressions.

An empty body is `{}`; one that starts with `{` and is no JSON is a 500; other text has no values (tried on AWS by
others).
"""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from reconciler.mapping.exchange import Payload
from reconciler.mapping.java.numbers import number_text
from reconciler.mapping.java.values import JsonArray
from reconciler.mapping.rendering import Unknown

_KINDS: Final[Mapping[type, str]] = MappingProxyType(
    {bool: "a boolean", type(None): "null", list: "an array", tuple: "an array", JsonArray: "an array"}
)


def value_at(payload: Payload, path: str) -> str | Unknown | None:
    """Return the text of the value at a JSONPath without its leading `$.`, None if there is none."""
    return Unknown(f"the path {path} is not evaluated yet") if payload else None


def whole_text(payload: Payload) -> str | Unknown:
    """Return the text of the whole body."""
    return Unknown("the body is binary") if isinstance(payload, bytes) else payload or "{}"


def scalar_text(value: object, what: str) -> str | Unknown:
    """Return the text of a string or number; what AWS makes of other values is not documented."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        kind = _KINDS.get(type(value), "an object")
        return Unknown(f"{what} is {kind}, and what AWS makes of it in a header is not documented")
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else number_text(value)
