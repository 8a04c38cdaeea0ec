"""Hooks in boto3's clients, for what boto3 itself lets pass.

Promise: a client under `block_writes` sends nothing but GET, whatever is called on it. A client under
`reject_invalid_responses` raises ForeignAnswer for an answer that is cut off, not JSON or about something else: boto3
neither compares the length of the body with what was announced nor refuses invalid JSON or an object of which it knows
nothing, it would hand on an answer without content. A client under `keep_unknown_members` gives every member of a
method that AWS sent: boto3 drops those that its own release does not know.
"""

from collections.abc import Mapping
from typing import Any, Protocol

import botocore.client
from botocore.model import OperationModel

from reconciler.aws.failures import InvalidResponse, WriteBlocked
from reconciler.aws.response_checks import parse_json_object

_SUCCESS = range(200, 300)
_NO_CONTENT = frozenset({202, 204})  # what API Gateway answers to a delete (service model)


class _PreparedRequest(Protocol):
    method: str
    url: str


def block_writes(client: botocore.client.BaseClient) -> None:
    """Refuse to send anything but GET. `before-send` is the last hook before the wire: every request passes it."""

    def refuse(request: _PreparedRequest, **_: object) -> None:
        if request.method != "GET":
            raise WriteBlocked(f"a reader must not send {request.method} {request.url}")

    client.meta.events.register("before-send", refuse)


def keep_unknown_members(client: botocore.client.BaseClient) -> None:
    """Give the items of GetResources as they were sent."""
    client.meta.events.register("before-parse.api-gateway.GetResources", _keep_members)


def _keep_members(response_dict: Mapping[str, Any], customized_response_dict: dict[str, Any], **_: object) -> None:
    if response_dict["status_code"] in _SUCCESS:
        items = parse_json_object(response_dict["status_code"], response_dict["body"]).get("item")
        if isinstance(items, list):  # anything else is left to boto3
            customized_response_dict["items"] = items


def reject_invalid_responses(client: botocore.client.BaseClient) -> None:
    """Refuse answers that are cut off or not API Gateway's, before boto3 makes sense of them."""
    client.meta.events.register("before-parse", _check_response)


def _check_response(response_dict: Mapping[str, Any], operation_model: OperationModel, **_: object) -> None:
    status, body = response_dict["status_code"], response_dict["body"]
    if status in _SUCCESS and operation_model.has_streaming_output:
        return  # an export: not read yet; `answers.exported` reads it, and boto3 compares its length then
    announced = str(response_dict["headers"].get("content-length", ""))
    if announced.isdecimal() and int(announced) != len(body):
        raise InvalidResponse(status, f"the answer is cut off: {len(body)} of {announced} bytes")
    if body or status not in _NO_CONTENT:
        content = parse_json_object(status, body)
        if status in _SUCCESS:
            _check_members(status, content, operation_model)


def _check_members(status: int, content: dict[str, Any], operation: OperationModel) -> None:
    """Refuse members of which the service model knows none; nothing at all is believed, as a list without items."""
    shape = operation.output_shape
    if not content or shape is None:
        return
    members = shape.members.items()
    if content.keys().isdisjoint(member.serialization.get("name", name) for name, member in members):
        raise InvalidResponse(status, f"the answer has nothing of what {operation.name} gives")
