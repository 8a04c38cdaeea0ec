"""The parts of the JSON document of a drift report: findings, counts, and what is known besides."""

from typing import Final, Literal

from pydantic import Field

from reconciler.diagnostics import Location
from reconciler.diff import FieldChange
from reconciler.documents.parts import (
    ChangeDocument,
    JsonDocument,
    SourceDocument,
    StageTarget,
    TargetDocument,
    TargetOfResponse,
)
from reconciler.line_diff import line_diff

_MOST_DIFF_LINES: Final = 200


class AwsChangeDocument(JsonDocument):
    """A write to an API in the event history of its account (CloudTrail)."""

    at: str
    who: str
    event: str = Field(description="As in `UpdateIntegrationResponse`.")
    address: str = Field(description="The IP address or AWS service that it came from.")
    agent: str
    subject: str = Field(description="What the event names of the API, as in `GET /pets 404`; empty for all of it.")
    event_id: str


class BlameDocument(JsonDocument):
    """Who may have caused a finding."""

    changes: list[AwsChangeDocument] = Field(description="The latest first.")
    note: str = Field(description="Why there are none.")


class PlaceDocument(SourceDocument):
    """A place in a manifest, to the column."""

    column: int = Field(default=0, description="Counts from 1; 0 for the line as a whole.")


def place_of(location: Location | None) -> PlaceDocument | None:
    """Return a place in a manifest, if there is one."""
    return PlaceDocument(file=location.file, line=location.line, column=location.column) if location else None


class DriftChangeDocument(ChangeDocument):
    """One value that differs: `before` is live, `after` is what the manifest wants; null means not set."""

    diff: list[str] = Field(
        default_factory=list,
        description="From the manifest (`-`) to live (`+`), line by line, if one of them has several lines. At most "
        "200 lines; one that begins with a backslash counts those left out.",
    )


class FindingDocument(JsonDocument):
    """One difference between manifest and AWS."""

    type: Literal["changed", "missing", "unexpected", "error"]
    subject: Literal["response", "methodResponse", "routeResponse", "method", "target", "stage"]
    stage: str | None = Field(description="The stage that has this difference; null for the draft.")
    environment: str | None = Field(default=None, description="Null without environments.")
    account_id: str | None = Field(default=None, description="Null when no account was reached.")
    region: str | None = Field(default=None, description="Null when no region was reached.")
    fingerprint: str = Field(default="", description="The same in every run that finds this, whatever its values.")
    first_seen: str | None = Field(default=None, description="When a run first found it; null without a history.")
    age: Literal["new", "known"] | None = Field(default=None, description="Null without a history.")
    blame: BlameDocument | None = Field(default=None, description="Null without `--blame`.")
    address: str
    target: TargetOfResponse | None = Field(
        description="Null for a target or stage as a whole; the status or key of a method is empty."
    )
    message: str
    rule: str | None = Field(default=None, description="The rule id of an error.")
    remedy: str = Field(default="", description="What to do about an error.")
    changes: list[DriftChangeDocument]
    source: PlaceDocument | None


class DriftSummaryDocument(JsonDocument):
    """Counts of responses."""

    in_sync: int
    changed: int
    missing: int
    unexpected: int = Field(description="With `--strict`, unlisted methods too.")
    unmanaged: int
    not_selected: int = Field(default=0, description="Responses that `--only` does not match.")
    ignored: int = Field(default=0, description="Live responses that ignore rules exclude.")
    errors: int
    stages: int = Field(description="How many stages were compared; all other counts except `errors` are about drafts.")
    deployed: int = Field(description="Differences between the manifests and what stages serve.")


class DriftTargetDocument(TargetDocument):
    """An API that was compared, with the counts of its responses."""

    in_sync: int = 0
    changed: int = 0
    missing: int = 0
    unexpected: int = 0
    unmanaged: int = 0
    unmanaged_methods: int = Field(default=0, description="Methods with responses that no manifest lists.")
    not_selected: int = 0
    ignored: int = 0
    stages: list[str] = Field(default_factory=list, description="The stages that were compared.")
    source: PlaceDocument | None = Field(default=None, description="Where its first manifest is written.")
    seconds: float = Field(0.0, description="How long reading and comparing it took.")
    calls: int = Field(default=0, description="The requests that it took, retries included.")
    throttles: int = 0


class DriftRunDocument(JsonDocument):
    """How long the run took, and what it sent."""

    seconds: float
    calls: int
    throttles: int
    stopped: str | None = Field(description="Why the run ended before it had read everything; null if it did not.")


class ShardDocument(JsonDocument):
    """Which part of a run this is."""

    index: int = Field(description="From 1.")
    count: int


class ResolvedDocument(JsonDocument):
    """A finding of the run before that is there no more."""

    fingerprint: str
    type: Literal["changed", "missing", "unexpected", "error"]
    address: str
    stage: str | None
    environment: str | None
    account_id: str
    region: str
    first_seen: str


class IgnoredDocument(JsonDocument):
    """The differences that an ignore rule leaves out in one environment and region."""

    match: str
    fields: list[str] = Field(description="Empty for whole responses.")
    reason: str
    until: str | None
    environment: str | None
    region: str
    addresses: list[str]
    source: PlaceDocument | None


class LeftAloneDocument(StageTarget):
    """An API with drift that a remediation did not touch."""

    reason: str


class RemediationDocument(JsonDocument):
    """The apply that followed the comparison, with `--remediate`."""

    run: str | None = Field(description="The id of its journal; null when nothing was written.")
    undo: str = Field(description="The command that reverts it.")
    written: int = Field(description="How many responses were written.")
    restored: list[StageTarget] = Field(description="The APIs that match their manifests again, as was verified.")
    left: list[LeftAloneDocument]
    refusals: list[str] = Field(description="Why nothing, or not everything, was written.")
    exit_code: int = Field(description="The exit code of the apply.")


class CoverageCountDocument(JsonDocument):
    """How many APIs of the accounts and regions a manifest addresses."""

    apis: int
    covered: int
    ignored: int = Field(0, description="APIs that ignore rules leave out; they are not part of `apis`.")
    kinds: list[Literal["RestApi", "WebSocketApi"]] = Field(
        default=["RestApi", "WebSocketApi"], description="The kinds of APIs that were counted."
    )


def drift_change(change: FieldChange) -> DriftChangeDocument:
    """Return one value that differs, with its line diff."""
    live, wanted = change.before, change.after
    return DriftChangeDocument(path=change.path, before=live, after=wanted, diff=_line_diff(wanted or "", live or ""))


def _line_diff(wanted: str, live: str) -> list[str]:
    """Return the unified diff of two texts, [] if both are one line."""
    if "\n" not in wanted and "\n" not in live:
        return []
    lines = line_diff(wanted.split("\n"), live.split("\n")).lines
    more = len(lines) - _MOST_DIFF_LINES
    return [*lines[:_MOST_DIFF_LINES], *([f"\\ {more:,} more lines"] if more > 0 else [])]
