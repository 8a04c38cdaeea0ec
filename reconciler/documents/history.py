"""The file that the history of drift runs keeps between two of them: its shape, and how it is written and read.

What is read may come from anybody who can write to the folder or bucket.
"""

import datetime as dt
import json
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, ValidationError

from reconciler.documents.parts import FORMAT_VERSION, FormatVersion, JsonDocument
from reconciler.fleet.history import Delivered, HistoryState, OpenFinding
from reconciler.fleet.trend import TrendPoint
from reconciler.strict_json import read_strict_json

MAX_BYTES: Final = 64 * 1024 * 1024
MAX_FINDINGS: Final = 100_000
"""How many open findings are kept."""

MAX_TREND: Final = 200
"""How many runs the trend covers."""

MAX_TEXT: Final = 4_000
_MAX_CHANNELS: Final = 50


def _real(text: str) -> str:
    dt.datetime.fromisoformat(text)
    return text


Moment: TypeAlias = Annotated[
    str,
    StringConstraints(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?Z$"),
    AfterValidator(_real),
]
Digest: TypeAlias = Annotated[str, StringConstraints(pattern="^[0-9a-f]{8,64}$")]
ShortText: TypeAlias = Annotated[str, StringConstraints(max_length=MAX_TEXT)]
Count: TypeAlias = Annotated[int, Field(ge=0, lt=10**9)]


class DamagedHistory(ValueError):  # noqa: N818 - read as "raise DamagedHistory"
    """The file is no history, or only part of one."""


class NewerHistory(ValueError):  # noqa: N818 - read as "raise NewerHistory"
    """The file is of a version of the format that this program does not read."""


class StoredPart(JsonDocument):
    """A part of the file. Keys of a later version of the format are ignored."""

    model_config = ConfigDict(extra="ignore", defer_build=True)  # few runs have a history


class OpenFindingDocument(StoredPart):
    """A finding that no later run has seen resolved."""

    fingerprint: Digest
    type: Literal["changed", "missing", "unexpected", "error"]
    address: ShortText
    manifest: ShortText
    environment: ShortText | None
    account_id: ShortText
    region: ShortText
    stage: ShortText | None
    first_seen: Moment


class DeliveredDocument(StoredPart):
    """What a channel was last sent."""

    at: Moment | None
    fingerprints: Annotated[list[Digest], Field(max_length=MAX_FINDINGS)]
    has_failed: bool


class TrendPointDocument(StoredPart):
    """The counts of one run."""

    at: Moment
    changed: Count
    missing: Count
    unexpected: Count
    errors: Count


class HistoryDocument(StoredPart):
    """The file as a whole."""

    format_version: FormatVersion
    kind: Literal["DriftHistory"]
    at: Moment
    open: Annotated[list[OpenFindingDocument], Field(max_length=MAX_FINDINGS)]
    delivered: Annotated[dict[ShortText, DeliveredDocument], Field(max_length=_MAX_CHANNELS)]
    trend: Annotated[list[TrendPointDocument], Field(max_length=MAX_TREND)]


def write_history(state: HistoryState) -> bytes:
    """Return the content of the file. What exceeds the limits is left out: the last findings, the earliest runs.

    Raises ValueError for a moment that is none.
    """
    return json.dumps(
        HistoryDocument(
            format_version=FORMAT_VERSION,
            kind="DriftHistory",
            at=state.at,
            open=[_open(finding) for finding in [*state.open.values()][:MAX_FINDINGS]],
            delivered=dict([(key, _delivered(each)) for key, each in state.delivered.items()][-_MAX_CHANNELS:]),
            trend=[_point(point) for point in state.trend[-MAX_TREND:]],
        ).model_dump(mode="json", by_alias=True),
        separators=(",", ":"),
    ).encode("ascii")


def read_history(content: bytes) -> tuple[HistoryState, bool]:
    """Return the state in the file, and whether a later version of the same format wrote it.

    Raises DamagedHistory, NewerHistory.
    """
    try:
        root = read_strict_json(content)
    except (ValueError, RecursionError) as failure:
        raise DamagedHistory("it is not JSON, or cut off") from failure
    version = root.get("formatVersion") if isinstance(root, dict) else None
    if not isinstance(version, str):
        raise DamagedHistory("it has no formatVersion")
    if version.partition(".")[0] != FORMAT_VERSION.partition(".")[0]:
        raise NewerHistory(f"its formatVersion is {version[:20]!r}")
    try:
        document = HistoryDocument.model_validate_json(content)
    except ValidationError as failure:
        first = failure.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))[:100]
        raise DamagedHistory(f"{place}: {first['msg'][:200]}") from failure
    return _state(document), version != FORMAT_VERSION


def _state(document: HistoryDocument) -> HistoryState:
    return HistoryState(
        at=document.at,
        open={finding.fingerprint: OpenFinding(**finding.model_dump()) for finding in document.open},
        delivered={
            key: Delivered(each.at or "", frozenset(each.fingerprints), each.has_failed)
            for key, each in document.delivered.items()
        },
        trend=tuple(TrendPoint(**point.model_dump()) for point in document.trend),
    )


def _open(finding: OpenFinding) -> OpenFindingDocument:
    return OpenFindingDocument(
        fingerprint=finding.fingerprint,
        type=finding.type,  # type: ignore[arg-type] # one of the words of `findings.Type`
        address=_short(finding.address),
        manifest=_short(finding.manifest),
        environment=None if finding.environment is None else _short(finding.environment),
        account_id=_short(finding.account_id),
        region=_short(finding.region),
        stage=None if finding.stage is None else _short(finding.stage),
        first_seen=finding.first_seen,
    )


def _short(text: str) -> str:
    """Cut the text, and escape what is no Unicode, as the name of a file may contain."""
    return text.encode("utf-8", "backslashreplace").decode()[:MAX_TEXT]


def _delivered(delivered: Delivered) -> DeliveredDocument:
    fingerprints = sorted(delivered.fingerprints)[:MAX_FINDINGS]
    return DeliveredDocument(at=delivered.at or None, fingerprints=fingerprints, has_failed=delivered.has_failed)


def _point(point: TrendPoint) -> TrendPointDocument:
    return TrendPointDocument(
        at=point.at, changed=point.changed, missing=point.missing, unexpected=point.unexpected, errors=point.errors
    )
