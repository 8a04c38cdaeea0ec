"""CloudTrail's events about API Gateway: which write to which API an event is.

Pure. An event is whatever somebody's program sent: members of another type count as absent, and long texts are cut.
REST and WebSocket APIs have the same event source. The parameters of a path are members of `requestParameters`
(Developer Guide, CloudTrail; published events). No source shows where a REST API's body is, so the one member of it
that matters, the stage of a deployment, is looked for in each object that can be a body (`createDeploymentInput`).
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from reconciler.models.writes import ApiWrite

EVENT_SOURCE: Final = "apigateway.amazonaws.com"

_LONGEST: Final = 512
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def write_of(record: object) -> ApiWrite | None:
    """Return the write to an API that an event records; None for reads, failed calls, and events about anything else.

    `record` is the parsed JSON of an event.
    """
    event = _object(record)
    name, at = _text(event, "eventName"), _text(event, "eventTime")
    is_write = event.get("readOnly") is not True and not name.startswith("Get")
    if _text(event, "eventSource") != EVENT_SOURCE or not is_write or event.get("errorCode") or not _TIME.fullmatch(at):
        return None
    sent, answer = _object(event.get("requestParameters")), _object(event.get("responseElements"))
    api_id = _text(sent, "restApiId") or _text(sent, "apiId")
    if not api_id:
        return None
    return ApiWrite(
        at,
        name,
        api_id,
        _principal(_object(event.get("userIdentity"))),
        _text(event, "sourceIPAddress"),
        _text(event, "userAgent"),
        _text(event, "eventID"),
        _text(sent, "resourceId"),
        _text(sent, "httpMethod"),
        _text(sent, "statusCode") or _either("integrationResponseKey", sent, answer),
        _text(sent, "integrationId"),
        _either("integrationResponseId", sent, answer),
        _either("stageName", sent, *(_object(body) for name, body in sent.items() if name.endswith("Input"))),
    )


def _principal(identity: Mapping[str, Any]) -> str:
    """Return who made a call: calls of an AWS service for itself have no ARN."""
    names = (_text(identity, name) for name in ("arn", "invokedBy", "principalId", "userName", "type"))
    return next(filter(None, names), "")


def _either(name: str, *objects: Mapping[str, Any]) -> str:
    return next(filter(None, (_text(each, name) for each in objects)), "")


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(owner: Mapping[str, Any], name: str) -> str:
    value = owner.get(name)
    return value[:_LONGEST] if isinstance(value, str) else ""
