"""Hooks for boto3's clients that enforce what boto3 itself does not.

A client with `block_writes` sends only GET, whatever is called on it, one with `allow_test_invocations` only
TestInvokeMethod, and one with `allow_lookups` only LookupEvents. A client with `reject_invalid_responses` raises
InvalidResponse for a response that is truncated, not JSON or about something else: boto3 neither compares the length of
the body with its header nor refuses invalid JSON or an object without known members, but returns an empty result. A
client with `keep_unknown_members` returns every member of a method that AWS sent: boto3 drops those that its own
release does not know.
"""

import re
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

import botocore.client
from botocore.model import OperationModel

from reconciler.aws.failures import InvalidResponse, WriteBlocked
from reconciler.aws.response_checks import parse_json_object

_TEST_INVOCATION = re.compile(r".*/restapis/[^/]+/resources/[^/]+/methods/[^/]+")
_SUCCESS = range(200, 300)
_NO_CONTENT = frozenset({202, 204})  # what API Gateway returns for a delete (service model)


class _PreparedRequest(Protocol):
    method: str
    url: str
    headers: Mapping[str, str | bytes]


def block_writes(client: botocore.client.BaseClient) -> None:
    """Refuse to send anything but GET. `before-send` is the last hook before sending: every request passes it."""

    def refuse(request: _PreparedRequest, **_: object) -> None:
        if request.method != "GET":
            raise WriteBlocked(f"a reader must not send {request.method} {request.url}")

    client.meta.events.register("before-send", refuse)


def allow_test_invocations(client: botocore.client.BaseClient) -> None:
    """Refuse to send anything but TestInvokeMethod."""

    def refuse(request: _PreparedRequest, **_: object) -> None:
        if request.method != "POST" or not _TEST_INVOCATION.fullmatch(urlsplit(request.url).path):
            raise WriteBlocked(f"a client for test calls must not send {request.method} {request.url}")

    client.meta.events.register("before-send", refuse)


def allow_lookups(client: botocore.client.BaseClient) -> None:
    """Refuse to send anything but LookupEvents, which CloudTrail takes as a POST to its one path."""

    def refuse(request: _PreparedRequest, **_: object) -> None:
        operation = request.headers.get("X-Amz-Target", "")
        name = operation.decode() if isinstance(operation, bytes) else operation
        if not name.endswith(".LookupEvents"):
            raise WriteBlocked(f"a client for the event history must not send {name or request.method}")

    client.meta.events.register("before-send", refuse)


def keep_unknown_members(client: botocore.client.BaseClient) -> None:
    """Return the items of GetResources as AWS sent them."""
    client.meta.events.register("before-parse.api-gateway.GetResources", _keep_members)


def _keep_members(response_dict: Mapping[str, Any], customized_response_dict: dict[str, Any], **_: object) -> None:
    if response_dict["status_code"] in _SUCCESS:
        items = parse_json_object(response_dict["status_code"], response_dict["body"]).get("item")
        if isinstance(items, list):  # anything else is left to boto3
            customized_response_dict["items"] = items


def reject_invalid_responses(client: botocore.client.BaseClient) -> None:
    """Refuse responses that are truncated or not from API Gateway, before boto3 parses them."""
    client.meta.events.register("before-parse", _check_response)


def _check_response(response_dict: Mapping[str, Any], operation_model: OperationModel, **_: object) -> None:
    status, body = response_dict["status_code"], response_dict["body"]
    if status in _SUCCESS and operation_model.has_streaming_output:
        return  # an export is not read yet: `response_checks.parse_export` reads it, and boto3 then checks its length
    declared = str(response_dict["headers"].get("content-length", ""))
    if declared.isdecimal() and int(declared) != len(body):
        raise InvalidResponse(status, f"the body is truncated: {len(body)} of {declared} bytes")
    if body or status not in _NO_CONTENT:
        content = parse_json_object(status, body)
        if status in _SUCCESS:
            _check_members(status, content, operation_model)


def _check_members(status: int, content: dict[str, Any], operation: OperationModel) -> None:
    """Refuse an object none of whose members is in the service model; an empty one passes as a list without items."""
    shape = operation.output_shape
    if not content or shape is None:
        return
    members = shape.members.items()
    if content.keys().isdisjoint(member.serialization.get("name", name) for name, member in members):
        raise InvalidResponse(status, f"the body has none of the members that {operation.name} returns")
