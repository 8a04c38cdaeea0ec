"""The JSON document of a status: its shapes, and how it is built."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from reconciler import __version__
from reconciler.deployments.sync_status import ApiStatus, StageStatus, SyncStatus
from reconciler.diagnostics import Diagnostic
from reconciler.documents.parts import (
    FORMAT_VERSION,
    DiagnosticDocument,
    FormatVersion,
    JsonDocument,
    PendingDocument,
    StageTarget,
    diagnostic_document,
    pending_document,
    stage_target,
)


class DraftRow(JsonDocument):
    """A response: what the manifest wants, and how live state compares with it."""

    address: str
    wanted: bool
    live: SyncStatus


class StatusRow(DraftRow):
    """A response at a stage: also how the stage compares with the manifest."""

    deployed: SyncStatus = Field(
        description="`as live`: equals the draft, but not the manifest. `lags`: differs from the draft. "
        "`unknown`: not determined."
    )


class StageStatusDocument(JsonDocument):
    """A stage with every response of the listed methods."""

    target: StageTarget
    stage: str
    serves: str | None = Field(description="The id of the deployment that it serves.")
    auto_deploys: bool
    canary: bool = Field(description="Whether some of its clients get another deployment.")
    others: int = Field(description="How many changes besides listed responses a deployment would publish.")
    pending: list[PendingDocument] = Field(description="These changes.")
    not_compared: list[str] = Field(description="Parts of a REST API that cannot be compared, so there may be more.")
    responses: list[StatusRow]
    counts: bool = Field(
        default=True,
        description="Whether the manifests declare the stage or --stage names it. Any other stage is information: "
        "`summary` leaves it out, and of the changes that a deployment would publish, only responses are compared.",
    )
    problem: str | None = Field(default=None, description="Why a stage that does not count could not be compared.")


class ApiStatusDocument(JsonDocument):
    """An API with every response of the listed methods in its draft."""

    target: StageTarget
    responses: list[DraftRow]


class StatusSummary(JsonDocument):
    """Counts of responses: at the stages that count, and in the drafts of APIs without such a stage."""

    alike: int
    differ: int
    unknown: int
    errors: int


class StatusDocument(JsonDocument):
    """What `status --format json` prints."""

    format_version: FormatVersion
    kind: Literal["Status"]
    tool_version: str
    created_at: str
    summary: StatusSummary
    stages: list[StageStatusDocument]
    apis: list[ApiStatusDocument]
    diagnostics: list[DiagnosticDocument]


def status_document(apis: Sequence[ApiStatus], diagnostics: Sequence[Diagnostic], created_at: str) -> StatusDocument:
    """Return every API and stage with every row; the diagnostics include what could not be read."""
    rows = [row for api in apis for row in api.counted]
    alike, differing = sum(row.is_in_sync for row in rows), sum(row.differs for row in rows)
    return StatusDocument(
        format_version=FORMAT_VERSION,
        kind="Status",
        tool_version=__version__,
        created_at=created_at,
        summary=StatusSummary(
            alike=alike,
            differ=differing,
            unknown=len(rows) - alike - differing,
            errors=sum(diagnostic.is_error for diagnostic in diagnostics),
        ),
        stages=[_stage(stage) for api in apis for stage in api.stages],
        apis=[_api(api) for api in apis],
        diagnostics=[diagnostic_document(diagnostic) for diagnostic in diagnostics],
    )


def _api(api: ApiStatus) -> ApiStatusDocument:
    return ApiStatusDocument(
        target=stage_target(api.manifests, api.drift.target),
        responses=[DraftRow(address=row.address, wanted=row.is_wanted, live=row.live) for row in api.rows],
    )


def _stage(status: StageStatus) -> StageStatusDocument:
    stage = status.stage
    return StageStatusDocument(
        target=stage_target(status.manifests, status.drift.target),
        stage=stage.name,
        serves=stage.deployment_id or None,
        auto_deploys=stage.auto_deploys,
        canary=stage.has_canary,
        others=len(status.others),
        pending=[pending_document(item) for item in status.others],
        not_compared=[str(part) for part in status.not_compared],
        responses=[
            StatusRow(
                address=row.address, wanted=row.is_wanted, live=row.live, deployed=row.deployed or SyncStatus.UNKNOWN
            )
            for row in status.rows
        ],
        counts=status.counts,
        problem=status.problem or None,
    )
