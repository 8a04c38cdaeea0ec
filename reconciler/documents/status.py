"""What `status --format json` prints."""

from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from reconciler import __version__
from reconciler.deployments.sync_status import StageStatus, SyncStatus
from reconciler.diagnostics import Diagnostic
from reconciler.documents.build import diagnostic_document, pending_document, stage_target
from reconciler.documents.models import (
    FORMAT_VERSION,
    DiagnosticDocument,
    FormatVersion,
    JsonDocument,
    PendingDocument,
    StageTarget,
)


class StatusRow(JsonDocument):
    """A response: what the manifest wants, and how what is live and what the stage serves stand beside that."""

    address: str
    wanted: bool
    live: SyncStatus
    deployed: SyncStatus = Field(
        description="`as live`: not as wanted, but as live. `lags`: not as live. `unknown`: cannot be told."
    )


class StageStatusDocument(JsonDocument):
    """A stage with every response of the listed methods."""

    target: StageTarget
    stage: str
    serves: str | None = Field(description="The id of the deployment that it serves.")
    auto_deploys: bool
    canary: bool = Field(description="Whether part of its clients are served another deployment.")
    others: int = Field(description="How many changes besides listed responses a deployment would publish.")
    pending: list[PendingDocument] = Field(description="These changes.")
    not_compared: list[str] = Field(description="What of a REST API cannot be compared, so that there may be more.")
    responses: list[StatusRow]


class StatusSummary(JsonDocument):
    """Counts of responses at stages."""

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
    diagnostics: list[DiagnosticDocument]


def status_document(
    stages: Iterable[StageStatus], diagnostics: Iterable[Diagnostic], created_at: str
) -> StatusDocument:
    """Every stage with every row; what could not be read is among the diagnostics."""
    every, told = tuple(stages), tuple(diagnostics)
    rows = [row for one in every for row in one.rows]
    alike, differ = sum(row.is_alike for row in rows), sum(row.differs for row in rows)
    return StatusDocument(
        format_version=FORMAT_VERSION,
        kind="Status",
        tool_version=__version__,
        created_at=created_at,
        summary=StatusSummary(
            alike=alike,
            differ=differ,
            unknown=len(rows) - alike - differ,
            errors=sum(one.is_error for one in told),
        ),
        stages=[_stage(one) for one in every],
        diagnostics=[diagnostic_document(one) for one in told],
    )


def _stage(one: StageStatus) -> StageStatusDocument:
    return StageStatusDocument(
        target=stage_target(one.manifests, one.drift.target),
        stage=one.stage.name,
        serves=one.stage.deployment_id or None,
        auto_deploys=one.stage.auto_deploys,
        canary=one.stage.has_canary,
        others=len(one.others),
        pending=[pending_document(item) for item in one.others],
        not_compared=[str(said) for said in one.untold],
        responses=[
            StatusRow(address=row.address, wanted=row.is_wanted, live=row.live, deployed=row.deployed)
            for row in one.rows
        ],
    )
