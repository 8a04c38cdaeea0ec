"""Convert payloads between text and binary, as `contentHandling` and the binary media types of the API ask for.

By the Developer Guide ("Content type conversions in API Gateway") and recorded answers::

    payload   contentHandling     Accept    result
    binary    CONVERT_TO_TEXT     any       Base64 text
    binary    CONVERT_TO_BINARY   any       unchanged
    binary    none                binary    unchanged
    binary    none                text      Base64 text
    text      CONVERT_TO_TEXT     any       text
    text      CONVERT_TO_BINARY   any       decoded from Base64, or 500
    text      none                binary    decoded from Base64, or 500
    text      none                text      text

A payload is binary if the Content-Type of the backend is among the binary media types; invalid UTF-8 of a text becomes
U+FFFD (recorded answers).
"""

import base64
import re
from dataclasses import dataclass
from typing import Final

from reconciler.mapping.answer.backends import IntegrationAnswer
from reconciler.mapping.answer.gateway_errors import GatewayFailure
from reconciler.mapping.answer.quoted import quoted
from reconciler.mapping.exchange import Exchange, HttpResult, MockResult, Payload
from reconciler.mapping.rendering import Unknown
from reconciler.models.responses import CONTENT_HANDLINGS

ANY_TYPE: Final = "*/*"

_BASE64: Final = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", re.ASCII)
_NEARLY_BASE64: Final = re.compile(r"[A-Za-z0-9+/_\r\n-]*={0,2}[\r\n]*", re.ASCII)
"""What some Base64 decoders read and others refuse: line ends, the alphabet of URLs, missing padding."""


@dataclass(frozen=True, slots=True)
class Content:
    """A payload, and whether it is binary."""

    payload: Payload
    is_binary: bool = False


def media_type(header: str | None) -> str | None:
    """Return the first media type of a header, without its parameters; None if there is none."""
    return (header or "").partition(",")[0].partition(";")[0].strip() or None


def request_header(exchange: Exchange, name: str) -> str | None:
    """Return a header of the client's request; the case of the name does not matter."""
    values = [value for key, value in exchange.request.headers.items() if key.lower() == name]
    return values[-1] if values else None


def is_binary_payload(answer: IntegrationAnswer, exchange: Exchange) -> bool | Unknown:
    """Whether the payload of a backend's answer is binary."""
    content_type, types = media_type(answer.content_type), exchange.api.binary_media_types
    if content_type is None and ANY_TYPE in types and isinstance(exchange.backend, HttpResult):
        return Unknown("whether */* makes the body of a backend without Content-Type binary is not documented")
    return _is_among(content_type, types)


def accepts_binary(exchange: Exchange) -> bool | Unknown:
    """Whether the client gets binary content: by the first media type that it accepts; a mock has none to give."""
    if isinstance(exchange.backend, MockResult):
        return False
    accepted, types = media_type(request_header(exchange, "accept")), exchange.api.binary_media_types
    if accepted is None and ANY_TYPE in types:
        return Unknown("whether */* makes a client without Accept get binary content is not documented")
    return _is_among(accepted, types)


def _is_among(name: str | None, types: tuple[str, ...]) -> bool:
    """Whether a media type is among the binary ones, which may be `image/*` or `*/*`."""
    if name is None:
        return False
    lower = name.lower()
    names = {lower, f"{lower.partition('/')[0]}/*", ANY_TYPE}
    return any(each.lower() in names for each in types)


def converted(content: Content, handling: str | None, *, is_accepted: bool) -> Content | Unknown:
    """Convert the content of a REST API's backend. `is_accepted`: the client accepts binary content.

    Raises:
        GatewayFailure: the content cannot be decoded.
    """
    if handling and handling not in CONTENT_HANDLINGS:
        return Unknown(f"contentHandling {quoted(handling)} is not documented")
    to_binary = handling == "CONVERT_TO_BINARY" or (not handling and is_accepted)
    if content.is_binary:
        return content if to_binary else Content(_encoded(content.payload))
    return decoded(content.payload) if to_binary else Content(as_text(content.payload))


def converted_frames(payload: Payload, strategy: str | None) -> tuple[Content | Unknown, ...]:
    """Convert the content of a WebSocket API's backend, where bytes are binary (Developer Guide, binary media types).

    Several contents are possible where it is not documented whether a text is encoded.

    Raises:
        GatewayFailure: the content cannot be decoded.
    """
    match strategy or "", payload:
        case "", str():
            return (Content(payload),)
        case "CONVERT_TO_TEXT", bytes():
            return (Content(_encoded(payload)),)
        case "CONVERT_TO_TEXT", _:
            return (Content(payload), Content(_encoded(payload)))
        case "CONVERT_TO_BINARY", str():
            return (decoded(payload),)
        case _:
            return (Unknown(frame_doubt(payload, strategy)),)


def frame_doubt(payload: Payload, strategy: str | None) -> str:
    """Return why it is not known how a WebSocket API converts a payload."""
    kind = "binary" if isinstance(payload, bytes) else "text"
    with_strategy = f"with contentHandlingStrategy {strategy}" if strategy else "without contentHandlingStrategy"
    return f"what a WebSocket API makes of a {kind} payload {with_strategy} is not documented"


def decoded(payload: Payload) -> Content | Unknown:
    """Decode Base64.

    Raises:
        GatewayFailure: no decoder reads the text.
    """
    text = as_text(payload)
    if _BASE64.fullmatch(text):
        return Content(base64.b64decode(text), is_binary=True)
    if _NEARLY_BASE64.fullmatch(text):
        return Unknown(
            "whether AWS decodes Base64 that has line ends, lacks padding or uses the alphabet of URLs is not recorded"
        )
    raise GatewayFailure(f"the body {quoted(text)} is not Base64 and cannot be decoded")


def as_text(payload: Payload) -> str:
    """Return the payload as text, with U+FFFD for invalid UTF-8."""
    return payload.decode(errors="replace") if isinstance(payload, bytes) else payload


def _encoded(payload: Payload) -> str:
    # Java encodes a lone surrogate as `?`
    return base64.b64encode(payload if isinstance(payload, bytes) else payload.encode(errors="replace")).decode()
