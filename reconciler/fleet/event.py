"""CloudTrail events about API Gateway, as EventBridge delivers them: which API one of them names, or why none.

The shape of the envelope is EventBridge's (User Guide, "AWS service events delivered via AWS CloudTrail"), that of
`detail` is CloudTrail's (User Guide, "CloudTrail record contents"). Both halves of API Gateway are
`apigateway.amazonaws.com` there. `requestParameters` has the members of the operation's input under their own names: of
every operation on an API, that is `restApiId` for REST APIs and `apiId` for WebSocket and HTTP APIs (botocore's models;
the example in the Developer Guide, "Logging calls to Amazon API Gateway APIs"). Calls that only read are delivered to
rules that ask for all management events.

Everything in an event is somebody else's text: sizes, types and the form of ids are checked before it is used.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from reconciler.errors import ReconcilerError
from reconciler.models.targets import Kind
from reconciler.strict_json import read_strict_json
from reconciler.wording import shown

MAX_BYTES: Final = 2 * 1024 * 1024
"""More than EventBridge and SQS carry: an entry of 256 KB, a message of 1 MiB (their quotas)."""

CALL: Final = "AWS API Call via CloudTrail"
"""The `detail-type` of every API call."""

_SOURCE: Final = "aws.apigateway"
_EVENT_SOURCE: Final = "apigateway.amazonaws.com"
_READING: Final = ("Get", "List", "Describe", "Export", "TestInvoke")
REMEDY: Final = "pass one event of EventBridge, with `source`, `detail-type` and `detail`, as it was delivered"

_REQUEST_IDS: Final = (("restApiId", Kind.REST_API), ("apiId", Kind.WEBSOCKET_API))
"""The member of `requestParameters` that is the id of an API, by its kind."""

_RESULT_IDS: Final[Mapping[str, tuple[str, Kind]]] = {
    "CreateRestApi": ("id", Kind.REST_API),
    "ImportRestApi": ("id", Kind.REST_API),
    "PutRestApi": ("id", Kind.REST_API),
    "UpdateRestApi": ("id", Kind.REST_API),
    "CreateApi": ("apiId", Kind.WEBSOCKET_API),
    "ImportApi": ("apiId", Kind.WEBSOCKET_API),
    "ReimportApi": ("apiId", Kind.WEBSOCKET_API),
    "UpdateApi": ("apiId", Kind.WEBSOCKET_API),
}
"""The operations that answer with an API, and the member of `responseElements` that is its id (botocore's models).

The first two of each kind name no API in the request; of the others, CloudTrail leaves out parameters that are too
large, such as a definition.
"""

_IDENTITY_EVENTS: Final = frozenset((*_RESULT_IDS, "DeleteRestApi", "DeleteApi"))
"""The operations that make, name, rename or remove an API."""

_LONGEST_SHOWN: Final = 200
"""More than the ARN of a session of a role usually has."""

_Word: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=256)]
_Text: TypeAlias = Annotated[str, StringConstraints(max_length=2048)]
# pydantic's regular expressions are Rust's, whose `$` does not match before a final newline
_Account: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
_Region: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}[a-z0-9-]{3,40}$")]
_API_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class ApiEvent:
    """A write to one API: `name` is the operation, `who` its principal ("" if unknown), `at` its time as recorded.

    `kind` is `WEBSOCKET_API` for HTTP APIs too, which share their operations.
    """

    account_id: str
    region: str
    api_id: str
    kind: Kind
    name: str
    who: str = ""
    at: str = ""

    @property
    def api(self) -> tuple[str, str, str]:
        """The account, region and id of the API, which several events share."""
        return self.account_id, self.region, self.api_id

    @property
    def changes_identity(self) -> bool:
        """Whether an API came, went or may have another name: manifests may not find theirs any more."""
        return self.name in _IDENTITY_EVENTS

    @property
    def sentence(self) -> str:
        """What happened: the operation, the API, by whom and when."""
        by = f" by {shown(self.who, _LONGEST_SHOWN)}" if self.who else ""
        at = f" at {shown(self.at)}" if self.at else ""
        return f"{shown(self.name)} on {self}{by}{at}"

    def __str__(self) -> str:
        kind = self.kind.words if self.kind is Kind.REST_API else "API"
        return f"{kind} {self.api_id} (account {self.account_id}, {self.region})"


@dataclass(frozen=True, slots=True)
class SkippedEvent:
    """An event that is no reason to check an API, and why not."""

    reason: str


Event: TypeAlias = ApiEvent | SkippedEvent


class _EventPart(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class _Envelope(_EventPart):
    source: _Word
    detail_type: _Word = Field(alias="detail-type")
    detail: dict[str, object]
    account: object = None
    region: object = None


class _Identity(_EventPart):
    arn: _Text | None = None
    principal_id: _Text | None = Field(default=None, alias="principalId")
    invoked_by: _Text | None = Field(default=None, alias="invokedBy")


class _Record(_EventPart):
    """What CloudTrail records of a call, as far as it matters here."""

    event_source: _Word = Field(alias="eventSource")
    event_name: _Word = Field(alias="eventName")
    event_time: Annotated[str, StringConstraints(max_length=64)] = Field(default="", alias="eventTime")
    error_code: _Text | None = Field(default=None, alias="errorCode")
    read_only: bool | None = Field(default=None, alias="readOnly")
    request_parameters: dict[str, object] | None = Field(default=None, alias="requestParameters")
    response_elements: dict[str, object] | None = Field(default=None, alias="responseElements")
    user_identity: _Identity | None = Field(default=None, alias="userIdentity")


class _Place(_EventPart):
    """Where the call was made. The envelope and the record both say so, and have to agree."""

    account: _Account
    region: _Region


P = TypeVar("P", bound=BaseModel)


def read_event(content: bytes | str, source: str) -> Event:
    """Return the API that the JSON text of an event names; `source` is the name of the file in messages.

    Raises ReconcilerError for a text that is no event: too large, cut off, not JSON, of the wrong shape.
    """
    if len(content) > MAX_BYTES:
        raise ReconcilerError(f"{source} is larger than {MAX_BYTES >> 20} MiB, so it is no event", REMEDY)
    try:
        return parse_event(read_strict_json(content), source)
    except json.JSONDecodeError as failure:
        raise _not_json(failure, source) from failure
    except UnicodeDecodeError as failure:
        raise ReconcilerError(f"{source} is not an event: it is not UTF-8", REMEDY) from failure
    except RecursionError as failure:
        raise ReconcilerError(f"{source} is not an event: it is nested too deeply", REMEDY) from failure
    except ValueError as failure:
        raise ReconcilerError(f"{source} is not an event: it has a number of too many digits", REMEDY) from failure


def _not_json(failure: json.JSONDecodeError, source: str) -> ReconcilerError:
    is_cut = not failure.doc[failure.pos :].strip() or failure.msg.startswith("Unterminated string")
    what = "the file is empty" if not failure.doc.strip() else "the event is cut off" if is_cut else failure.msg
    return ReconcilerError(f"{source}:{failure.lineno}:{failure.colno}: not JSON: {what}", REMEDY)


def parse_event(value: object, source: str) -> Event:
    """Return the API that an event names. Raises ReconcilerError for a value of another shape."""
    envelope = _validated(_Envelope, value, source)
    if envelope.source != _SOURCE:
        return SkippedEvent(f"the event is from {shown(envelope.source)}, not from API Gateway")
    if envelope.detail_type != CALL:
        return SkippedEvent(f"the event is of type {shown(envelope.detail_type)!r}, not an API call")
    record = _validated(_Record, envelope.detail, source, "detail.")
    if record.event_source != _EVENT_SOURCE:
        return SkippedEvent(f"the event is a call of {shown(record.event_source)}, not of API Gateway")
    return _no_write(record) or _named_api(record, _place(envelope, source), source)


def _no_write(record: _Record) -> SkippedEvent | None:
    """Return why a call changed nothing, None if it may have."""
    name = shown(record.event_name)
    if record.read_only or (record.read_only is None and record.event_name.startswith(_READING)):
        return SkippedEvent(f"{name} only reads")
    if record.error_code:
        return SkippedEvent(f"AWS refused {name}: {shown(record.error_code)}")
    return None


def _place(envelope: _Envelope, source: str) -> _Place:
    """Return the account and region. Raises ReconcilerError if envelope and record contradict each other."""
    place = _validated(_Place, {"account": envelope.account, "region": envelope.region}, source)
    recorded = (("recipientAccountId", place.account), ("awsRegion", place.region))
    for member, expected in recorded:
        actual = envelope.detail.get(member)
        if actual not in (None, expected):
            what = f"`detail.{member}` is {shown(str(actual))}, but the event is from {expected}"
            raise ReconcilerError(f"{source} is not an event: {what}", REMEDY)
    return place


def _named_api(record: _Record, place: _Place, source: str) -> Event:
    name = shown(record.event_name)
    parameters = record.request_parameters or {}
    if "domainName" in parameters:  # mappings of a domain to an API have both
        return SkippedEvent(f"{name} changes a domain name, not an API")
    found = _api_id(record, parameters)
    if found is None:
        return SkippedEvent(f"{name} names no API")
    member, api_id, kind = found
    if not isinstance(api_id, str) or not _API_ID.fullmatch(api_id):
        what = f"`detail.{member}` is {shown(repr(api_id))}, not the id of an API"
        raise ReconcilerError(f"{source} is not an event of API Gateway: {what}", REMEDY)
    who = record.user_identity or _Identity()
    return ApiEvent(
        place.account,
        place.region,
        api_id,
        kind,
        record.event_name,
        who.arn or who.invoked_by or who.principal_id or "",
        record.event_time,
    )


def _api_id(record: _Record, parameters: Mapping[str, object]) -> tuple[str, object, Kind] | None:
    """Return the member that has the id, its value, and the kind of API."""
    for member, kind in _REQUEST_IDS:
        if parameters.get(member) is not None:
            return f"requestParameters.{member}", parameters[member], kind
    member, kind = _RESULT_IDS.get(record.event_name, ("", Kind.REST_API))
    answer = record.response_elements or {}
    return (f"responseElements.{member}", answer[member], kind) if answer.get(member) is not None else None


def _validated(shape: type[P], value: object, source: str, prefix: str = "") -> P:
    try:
        return shape.model_validate(value)
    except ValidationError as failure:
        first = failure.errors(include_url=False, include_context=False, include_input=False)[0]
        member = prefix + ".".join(str(part) for part in first["loc"])
        what = "it is not a JSON object" if not first["loc"] else f"`{member}`: {_lower(first['msg'])}"
        raise ReconcilerError(f"{source} is not an event of EventBridge: {what}", REMEDY) from failure


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
