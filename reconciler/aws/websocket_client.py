"""The line to WebSocket APIs: a client and the caller that its calls go through.

Promise: values only. The line is made at the first call on it, as most runs have to do with REST APIs alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from reconciler.aws.retry import ApiCaller

if TYPE_CHECKING:
    from types_boto3_apigatewayv2 import ApiGatewayV2Client


@dataclass(frozen=True, slots=True)
class WebSocketClient:
    """A client with its caller."""

    client: "ApiGatewayV2Client"
    caller: ApiCaller


OpenWebSocketClient: TypeAlias = Callable[[], WebSocketClient]
"""Gives the same line at every call; the first one makes it."""
