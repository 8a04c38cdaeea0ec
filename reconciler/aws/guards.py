"""Hooks in boto3's clients, for what boto3 itself lets pass.

Promise: a client under `only_reads` sends nothing but GET, whatever is called on it. A client under
`only_whole_answers` raises ForeignAnswer for an answer that is cut off or not JSON: boto3 neither compares the length
of the body with what was announced nor refuses invalid JSON, it would hand on an answer without content.
"""

import json
from collections.abc import Mapping
from typing import Any, Protocol

import botocore.client

from reconciler.aws.failures import ForeignAnswer

_NO_CONTENT = frozenset({202, 204})  # what API Gateway answers to a delete (service model)


class WriteRefused(RuntimeError):  # noqa: N818 - read as "raise WriteRefused"
    """Something but a GET was about to be sent by a reader: a mistake in this program."""


class _Request(Protocol):
    method: str
    url: str


def only_reads(client: botocore.client.BaseClient) -> None:
    """Refuse to send anything but GET. `before-send` is the last hook before the wire: every request passes it."""

    def refuse(request: _Request, **_: object) -> None:
        if request.method != "GET":
            raise WriteRefused(f"a reader must not send {request.method} {request.url}")

    client.meta.events.register("before-send", refuse)


def only_whole_answers(client: botocore.client.BaseClient) -> None:
    """Refuse answers that are cut off or not API Gateway's, before boto3 makes sense of them."""
    client.meta.events.register("before-parse", _check_answer)


def _check_answer(response_dict: Mapping[str, Any], **_: object) -> None:
    status, body = response_dict["status_code"], response_dict["body"]
    announced = str(response_dict["headers"].get("content-length", ""))
    if announced.isdecimal() and int(announced) != len(body):
        raise ForeignAnswer(status, f"the answer is cut off: {len(body)} of {announced} bytes")
    if body or status not in _NO_CONTENT:
        _check_json(status, body)


def _check_json(status: int, body: bytes) -> None:
    try:
        content = json.loads(body.decode())  # not json.loads(body): it accepts a byte order mark, boto3 does not
    except (ValueError, RecursionError) as error:
        raise ForeignAnswer(status, f"the answer is {_looks_like(body)}") from error
    if not isinstance(content, dict):
        raise ForeignAnswer(status, "the answer is JSON, but not an object")


def _looks_like(body: bytes) -> str:
    start = body.lstrip()[:1]
    return {b"": "empty", b"<": "HTML or XML, not JSON", b"{": "JSON that is cut off or broken"}.get(start, "not JSON")
