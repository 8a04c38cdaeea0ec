"""A client for WebSocket APIs with the caller for its calls.

It is created at the first call about a WebSocket API, because most runs concern REST APIs alone. Values only.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from reconciler.aws.retry import ApiCaller

if TYPE_CHECKING:
    from types_boto3_apigatewayv2 import ApiGatewayV2Client


@dataclass(frozen=True, slots=True)
class WebSocketClient:
    """A client and the caller for its calls."""

    client: "ApiGatewayV2Client"
    caller: ApiCaller


OpenWebSocketClient: TypeAlias = Callable[[], WebSocketClient]
"""Returns the same client at every call, created at the first."""
