"""The writes to a control plane as CloudTrail's event history shows them.

Test calls are not in it (Developer Guide, CloudTrail). Unlike CloudTrail, it shows an event at once.
"""

import hashlib
import json
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from reconciler.sandbox.model.errors import ModelError
from reconciler.sandbox.model.state import FIRST_SECOND, Json

SOURCE: Final = "apigateway.amazonaws.com"
_MOST: Final = 2_000
"""The latest events that are kept: benchmarks make a hundred thousand writes."""

_PAGE: Final = 50
_IN_PATH: Final = frozenset(
    ("restApiId", "resourceId", "parentId", "httpMethod", "statusCode", "deploymentId", "modelName", "responseType")
)
_NO_STAGE_IN_PATH: Final = frozenset(("CreateDeployment", "CreateStage"))


@dataclass(frozen=True, slots=True)
class Caller:
    """Who makes calls: the ARN of a principal, an IP address or AWS service, and a program."""

    arn: str
    address: str = "127.0.0.1"
    agent: str = "sandbox"


_caller: Final[ContextVar[Caller | None]] = ContextVar("caller", default=None)


@contextmanager
def calling_as(caller: Caller) -> Iterator[None]:
    """Let the calls of this thread be those of somebody."""
    token = _caller.set(caller)
    try:
        yield
    finally:
        _caller.reset(token)


@dataclass(frozen=True, slots=True)
class _LoggedWrite:
    """A write, with its answer or its error."""

    number: int
    time: float
    caller: Caller
    operation: str
    parameters: Json
    outcome: Json | ModelError


class EventLog:
    """The latest writes of one account and region; `clock` gives seconds since the epoch, None a second for each."""

    def __init__(self, account_id: str, region: str, clock: Callable[[], float] | None = None) -> None:
        self._account_id = account_id
        self._region = region
        self._clock = clock
        self._writes: deque[_LoggedWrite] = deque(maxlen=_MOST)
        self._count = 0

    def record(self, operation: str, parameters: Json, outcome: Json | ModelError) -> None:
        """Keep a call if it is a write."""
        if operation.startswith(("Get", "TestInvoke", "Lookup")):
            return
        self._count += 1
        caller = _caller.get() or Caller(f"arn:aws:iam::{self._account_id}:user/sandbox")
        time = self._clock() if self._clock else FIRST_SECOND + self._count
        self._writes.append(_LoggedWrite(self._count, time, caller, operation, parameters, outcome))

    def lookup(self, request: Json) -> Json:
        """Return a page of events, the latest first (LookupEvents). Of the attributes, only EventName is known."""
        attributes = request.get("LookupAttributes") or []
        if len(attributes) > 1 or any(attribute["AttributeKey"] != "EventName" for attribute in attributes):
            raise ModelError(400, "InvalidLookupAttributesException", "Only one attribute, EventName, is known here")
        names = {attribute["AttributeValue"] for attribute in attributes}
        found = [write for write in reversed(self._writes) if not names or write.operation in names]
        start = _start(request.get("NextToken"))
        end = start + min(int(request.get("MaxResults") or _PAGE), _PAGE)
        token = {"NextToken": str(end)} if end < len(found) else {}
        return {"Events": [self._event(write) for write in found[start:end]], **token}

    def _event(self, write: _LoggedWrite) -> Json:
        record = self._record(write)
        return {
            "EventId": record["eventID"],
            "EventName": write.operation,
            "ReadOnly": "false",
            "EventTime": int(write.time),
            "EventSource": SOURCE,
            "Username": write.caller.arn.rpartition("/")[2],
            "Resources": [],
            "CloudTrailEvent": json.dumps(record),
        }

    def _record(self, write: _LoggedWrite) -> Json:
        digest = hashlib.sha256(f"{self._account_id}/{self._region}/{write.number}".encode()).hexdigest()
        error = write.outcome if isinstance(write.outcome, ModelError) else None
        failure = {"errorCode": error.code, "errorMessage": error.message} if error else {}
        return {
            "eventVersion": "1.09",
            "userIdentity": {"type": "IAMUser", "arn": write.caller.arn, "accountId": self._account_id},
            "eventTime": datetime.fromtimestamp(int(write.time), UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "eventSource": SOURCE,
            "eventName": write.operation,
            "awsRegion": self._region,
            "sourceIPAddress": write.caller.address,
            "userAgent": write.caller.agent,
            "requestParameters": _parameters(write.operation, write.parameters),
            "responseElements": None if isinstance(write.outcome, ModelError) else _elements(write.outcome),
            "eventID": f"{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:32]}",
            "readOnly": False,
            "eventType": "AwsApiCall",
            **failure,
        }


def _start(token: Any) -> int:  # noqa: ANN401 - JSON
    if token is None:
        return 0
    if not isinstance(token, str) or not token.isascii() or not token.isdecimal():
        raise ModelError(400, "InvalidNextTokenException", "Invalid token")
    return int(token)


def _parameters(operation: str, parameters: Json) -> Json:
    """Return the request as events show it: on one level in v2, with the body in a member of its own in v1."""
    if "restApiId" not in parameters:
        return _in_camel_case(parameters)
    in_path = _IN_PATH if operation in _NO_STAGE_IN_PATH else _IN_PATH | {"stageName"}
    body = {name: value for name, value in parameters.items() if name not in in_path}
    shown = {name: value for name, value in parameters.items() if name in in_path}
    return {**shown, f"{operation[:1].lower()}{operation[1:]}Input": body, "template": False} if body else shown


def _elements(outcome: Json) -> Json:
    """Return the texts of an answer."""
    return _in_camel_case({name: value for name, value in outcome.items() if isinstance(value, str)})


def _in_camel_case(members: Json) -> Json:
    return {f"{name[:1].lower()}{name[1:]}": value for name, value in members.items()}
