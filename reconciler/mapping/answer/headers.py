"""The headers of an answer: mappings from the backend's answer, overrides, and the names that clients see.

Sources of mappings are case-sensitive; a missing one gives no header; of a repeated header the last value counts, and
`multivalueheader` joins all with commas (tried on AWS by others). API Gateway sets `Content-Type: application/json`
unless a mapping does (Developer Guide, "Important notes").
"""

import re
from collections.abc import Mapping
from typing import Final, TypeAlias

from reconciler.mapping.answer.answer import HeaderValue
from reconciler.mapping.answer.backends import IntegrationAnswer
from reconciler.mapping.answer.body_paths import scalar_text, value_at, whole_text
from reconciler.mapping.delivered_headers import DROPPED_HEADERS, REMAPPED_HEADERS, REMAPPED_PREFIX
from reconciler.mapping.exchange import Exchange
from reconciler.mapping.expressions import MappingSource, Mistake, Static, read_key, read_value
from reconciler.mapping.java.budget import Budget
from reconciler.mapping.rendering import Unknown
from reconciler.mapping.variables.context import ALWAYS_SET

Headers: TypeAlias = Mapping[str, HeaderValue | Unknown]
"""An answer's headers by name."""

_CONTENT_TYPE: Final = "Content-Type"
_SENDABLE: Final = re.compile(r"[\t -~]*[!-~][\t -~]*")


def mapped_headers(
    parameters: Mapping[str, str], answer: IntegrationAnswer, exchange: Exchange, *, is_binary: bool
) -> dict[str, HeaderValue | Unknown]:
    """Return the headers of a response before overrides. `is_binary`: the backend's payload is binary.

    Raises:
        GatewayFailure: a mapping reads a body that starts with `{` and is not JSON.
    """
    budget = Budget()
    headers: dict[str, HeaderValue | Unknown] = {}
    spellings: dict[str, str] = {}
    for parameter in sorted(parameters):
        name, source = read_key(parameter), read_value(parameters[parameter])
        if isinstance(name, Mistake) or isinstance(source, Mistake):
            continue  # AWS does not accept such a mapping, and lint reports it
        value = _value(source, answer, exchange, budget, is_binary=is_binary)
        if value is None:
            continue
        first = spellings.setdefault(name.lower(), name)
        twice = Unknown(f"{first} and {name} are one header, mapped twice")
        headers[first] = _sendable(value) if first == name else twice
    if _CONTENT_TYPE.lower() not in spellings:
        headers[_CONTENT_TYPE] = "application/json"
    return headers


def _value(
    source: Static | MappingSource, answer: IntegrationAnswer, exchange: Exchange, budget: Budget, *, is_binary: bool
) -> str | Unknown | None:
    """Return the value of a mapping, None if its source is missing."""
    if isinstance(source, Static):
        return source.text
    match source.origin:
        case "header" | "multivalueheader":
            return _from_header(source, answer)
        case "body":
            return _from_body(source.name, answer, budget, is_binary=is_binary)
        case "context":
            return _from_context(source.name, exchange)
        case "stageVariables":
            return exchange.stage_variables.get(source.name)


def _from_header(source: MappingSource, answer: IntegrationAnswer) -> str | Unknown | None:
    value = answer.header(source.name, joined=source.origin == "multivalueheader")
    if value is None and source.name.lower() in answer.unstated:
        return Unknown(f"Lambda sends {source.name}, with a value that is not given")
    return value


def _from_body(path: str, answer: IntegrationAnswer, budget: Budget, *, is_binary: bool) -> str | Unknown | None:
    if is_binary:
        return Unknown("what a mapping reads from a binary body is not documented")
    return value_at(answer.body, path, budget) if path else whole_text(answer.body)


def _from_context(name: str, exchange: Exchange) -> str | Unknown | None:
    first, *_ = keys = name.split(".")
    if first in exchange.state:
        return Unknown(f"whether a mapping sees the context.{first} that the request template set is not documented")
    value: object = exchange.context
    for key in keys:
        if not isinstance(value, Mapping) or key not in value:
            return Unknown(f"context.{name} is not given") if name in ALWAYS_SET else None
        value = value[key]
    return scalar_text(value, f"context.{name}")


def _sendable(value: str | Unknown) -> str | Unknown:
    """Return a value without surrounding white space, as HTTP sends it; Unknown if no header can hold it."""
    if isinstance(value, Unknown):
        return value
    if _SENDABLE.fullmatch(value):
        return value.strip(" \t")
    what = "control or non-ASCII characters in a header" if value.strip(" \t") else "an empty header"
    return Unknown(f"what AWS does with {what} is not documented")


def overridden(headers: Headers, overrides: Mapping[str, object]) -> Headers:
    """Return the headers with those that a template set in `$context.responseOverride.header`, which are final."""
    result = dict(headers)
    for name, value in sorted(overrides.items()):
        text = _sendable(scalar_text(value, f"responseOverride.header.{name}"))
        alike = [key for key in result if key.lower() == name.lower() and key != name]
        if alike == [_CONTENT_TYPE] and result[_CONTENT_TYPE] == "application/json":
            del result[_CONTENT_TYPE]
        elif alike:
            text = Unknown(f"which of {alike[0]} and the override {name} is sent is not documented")
            del result[alike[0]]
        result[name] = text
    return result


def delivered(headers: Headers) -> Headers:
    """Return the headers under the names that clients see; some are dropped."""
    return {
        f"{REMAPPED_PREFIX}{name}" if name.lower() in REMAPPED_HEADERS else name: value
        for name, value in headers.items()
        if name.lower() not in DROPPED_HEADERS
    }
