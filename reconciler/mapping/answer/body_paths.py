"""Read values from the body of a backend or of a request, for header mappings and selection expressions.

An empty body is `{}`. A body that starts with `{` and is not JSON is a 500, even where the whole body is read; other
text has no values (tried on AWS by others).
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from reconciler.mapping.answer.content import as_text
from reconciler.mapping.answer.gateway_errors import GatewayFailure
from reconciler.mapping.answer.quoted import quoted
from reconciler.mapping.exchange import Payload
from reconciler.mapping.java.budget import Budget, EvaluationFault, LimitExceeded
from reconciler.mapping.java.numbers import number_text
from reconciler.mapping.java.values import JavaList, JavaMap, JsonArray, Value
from reconciler.mapping.json_reader import InvalidJson, read_json
from reconciler.mapping.jsonpath import compile_path, evaluate_path, follow
from reconciler.mapping.rendering import Unknown

_EMPTY: Final = "{}"
_KINDS: Final[Mapping[type, str]] = MappingProxyType(
    {
        bool: "a boolean",
        type(None): "null",
        list: "an array",
        tuple: "an array",
        JsonArray: "an array",
        JavaList: "an array",
    }
)


def value_at(payload: Payload, path: str, budget: Budget) -> str | Unknown | None:
    """Return the text of the value at a JSONPath without its leading `$.`, None if there is none.

    `budget` is what all mappings of an answer may cost together.

    Raises:
        GatewayFailure: the body starts with `{` and is not JSON.
    """
    budget.unknown = []
    try:
        document = _document(as_text(payload) or _EMPTY)
    except LimitExceeded as limit:
        return _too_large(limit)
    try:
        value = evaluate_path(f"$.{path}", document, budget)
    except LimitExceeded:
        return Unknown(f"body.{path} is not read here: the mappings of this answer take too much time or memory")
    except EvaluationFault as fault:
        return Unknown(f"{fault.message}, and what AWS does then is not recorded")
    if budget.unknown:
        return Unknown("; ".join(budget.unknown))
    return None if value is None and _is_missing(path, document) else scalar_text(value, f"body.{path}")


def whole_text(payload: Payload) -> str | Unknown:
    """Return the text of the whole body.

    Raises:
        GatewayFailure: the body starts with `{` and is not JSON.
    """
    text = as_text(payload) or _EMPTY
    try:
        _document(text)
    except LimitExceeded as limit:
        return _too_large(limit)
    return text


def _too_large(limit: LimitExceeded) -> Unknown:
    return Unknown(f"the body is not read as JSON: {limit.message}")


def _document(text: str) -> Value:
    """Return a body as JSON, or the text itself if it is not JSON. Raises GatewayFailure or LimitExceeded."""
    outcome = _read(text)
    if isinstance(outcome, LimitExceeded):
        raise LimitExceeded(outcome.message)
    if not isinstance(outcome, InvalidJson):
        return outcome
    if text.lstrip().startswith("{"):
        raise GatewayFailure(f"a mapping reads the body {quoted(text)}, which is not JSON: {outcome}")
    return text


@lru_cache(maxsize=8)
def _read(text: str) -> Value | InvalidJson | LimitExceeded:
    """Return a body as JSON, or why it is not; a body is read once for all mappings."""
    try:
        return read_json(text)
    except (InvalidJson, LimitExceeded) as failure:
        return failure.with_traceback(None)


def _is_missing(path: str, document: Value) -> bool:
    """Whether a path that gives null finds nothing, rather than the value null; only known of names and indexes."""
    keys = compile_path(f"$.{path}").plain
    if not keys:
        return False
    parent, last = follow(keys[:-1], document), keys[-1]
    if isinstance(parent, JavaMap):
        return last not in parent
    return not (isinstance(parent, JavaList) and isinstance(last, int) and -len(parent) <= last < len(parent))


def scalar_text(value: object, what: str) -> str | Unknown:
    """Return the text of a string or number; what AWS makes of other values is not documented."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        kind = _KINDS.get(type(value), "an object")
        return Unknown(f"{what} is {kind}, and what AWS makes of it is not documented")
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else number_text(value)
