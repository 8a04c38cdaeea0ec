"""What the function behind an AWS_PROXY integration returns: `{statusCode, headers, multiValueHeaders, body, ...}`.

All members are optional; any other member, a body that is not text, or a status that is not a number is a 502 (recorded
answers, Developer Guide "Output format of a Lambda function for proxy integration").
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from reconciler.mapping.answer.answer import HeaderValue
from reconciler.mapping.answer.content import accepts_binary, decoded
from reconciler.mapping.answer.gateway_errors import GatewayFailure
from reconciler.mapping.answer.quoted import quoted
from reconciler.mapping.exchange import Exchange, LambdaResult, Payload
from reconciler.mapping.rendering import Unknown

_MEMBERS: Final = frozenset({"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"})
_BAD_GATEWAY: Final = 502
_NO_BOOLEAN: Final = Unknown("what AWS does with an isBase64Encoded that is not a boolean is not recorded")
_SUCCESSES: Final = range(200, 300)


@dataclass(frozen=True, slots=True)
class FunctionResponse:
    """The response that a function composes."""

    status: int | Unknown
    headers: Mapping[str, HeaderValue | Unknown]
    body: Payload | Unknown


def response_of_function(result: LambdaResult, exchange: Exchange) -> FunctionResponse:
    """Return the response of a REST API.

    Raises:
        GatewayFailure: the function failed, or what it returned is malformed.
    """
    members = _members(result)
    return FunctionResponse(_status(members), _headers(members), _body(members, exchange))


def frame_of_function(result: LambdaResult) -> Payload | Unknown:
    """Return the frame of a WebSocket API: the body that the function returned.

    Raises:
        GatewayFailure: the function failed.
    """
    if result.failed:
        raise GatewayFailure("the function failed")
    try:
        members = json.loads(result.payload)
    except (ValueError, RecursionError):
        members = None
    body = members.get("body") if isinstance(members, dict) else None
    if isinstance(body, str) and members.get("statusCode") in _SUCCESSES and not members.get("isBase64Encoded"):
        return body
    return Unknown("AWS documents only results with a text body and a 2xx statusCode for WebSocket APIs")


def _malformed(why: str) -> NoReturn:
    raise GatewayFailure(f"Malformed Lambda proxy response: {why}", status=_BAD_GATEWAY)


def _members(result: LambdaResult) -> dict[str, Any]:
    if result.failed:
        raise GatewayFailure("the function failed", status=_BAD_GATEWAY)
    try:
        members = json.loads(result.payload)
    except (ValueError, RecursionError):
        _malformed("the payload is not JSON")
    if not isinstance(members, dict):
        _malformed("the payload is not an object")
    for name in members:
        if name not in _MEMBERS:
            _malformed(f"the member {quoted(name)} is not allowed")
    return members


def _status(members: Mapping[str, Any]) -> int | Unknown:
    status = members.get("statusCode", 200)
    if isinstance(status, str):
        if not re.fullmatch("[0-9]+", status):
            _malformed(f"statusCode {quoted(status)} is not a number")
        status = int(status) if len(status) == len("200") else status
    is_known = isinstance(status, int) and not isinstance(status, bool) and status in range(100, 600)
    return status if is_known else Unknown(f"what AWS does with statusCode {quoted(str(status))} is not recorded")


def _headers(members: Mapping[str, Any]) -> dict[str, HeaderValue | Unknown]:
    """Return the headers; `headers` and `multiValueHeaders` are merged (Developer Guide)."""
    single = _map(members, "headers")
    several = _map(members, "multiValueHeaders")
    headers: dict[str, HeaderValue | Unknown] = {name: _text(name, value) for name, value in single.items()}
    for name, values in several.items():
        if not isinstance(values, list):
            _malformed(f"the header {quoted(name)} of multiValueHeaders is not a list")
        headers[name] = _merged(name, values, headers)
    return _one_spelling(headers)


def _map(members: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = members.get(name)
    if value is not None and not isinstance(value, dict):
        _malformed(f"{name} is not an object")
    return value or {}


def _text(name: str, value: object) -> str | Unknown:
    if isinstance(value, bool):
        return "true" if value else "false"
    return (
        value
        if isinstance(value, str)
        else Unknown(f"what AWS does with a header {name} that is not text is not recorded")
    )


def _merged(name: str, values: list[object], headers: Mapping[str, HeaderValue | Unknown]) -> HeaderValue | Unknown:
    texts = [_text(name, value) for value in values]
    known = tuple(text for text in texts if isinstance(text, str))
    if len(known) < len(texts) or not known:
        return Unknown(
            f"what AWS does with a header {name} without values or with values that are not text is not recorded"
        )
    if name in headers and headers[name] not in known:
        return Unknown(f"the order of the values of {name} from headers and multiValueHeaders is not documented")
    return known if len(known) > 1 else known[0]


def _one_spelling(headers: dict[str, HeaderValue | Unknown]) -> dict[str, HeaderValue | Unknown]:
    """Return the headers with the default Content-Type; names that differ in case only are Unknown."""
    spellings: dict[str, str] = {}
    result: dict[str, HeaderValue | Unknown] = {}
    for name, value in headers.items():
        first = spellings.setdefault(name.lower(), name)
        result[first] = (
            value if first == name else Unknown(f"the function returns {first} and {name}, which are one header")
        )
    return result if "content-type" in spellings else {"Content-Type": "application/json", **result}


def _body(members: Mapping[str, Any], exchange: Exchange) -> Payload | Unknown:
    """Return the body; Base64 is decoded if the client's first media type is a binary one (Developer Guide)."""
    body, is_encoded = members.get("body"), members.get("isBase64Encoded")
    if body is not None and not isinstance(body, str):
        _malformed("body is not text")
    if not body or not is_encoded:
        return body or ""
    is_accepted = accepts_binary(exchange)
    if is_encoded is not True or isinstance(is_accepted, Unknown):
        return is_accepted if isinstance(is_accepted, Unknown) else _NO_BOOLEAN
    content = decoded(body) if is_accepted else None
    return content if isinstance(content, Unknown) else content.payload if content else body
