"""The JSON document of a drift report: its shapes, and how it is built."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from reconciler import __version__, findings
from reconciler.diagnostics import Diagnostic, Location
from reconciler.documents.parts import (
    FORMAT_VERSION,
    ChangeDocument,
    DiagnosticDocument,
    FormatVersion,
    JsonDocument,
    SourceDocument,
    TargetDocument,
    TargetOfResponse,
    changes_of,
    diagnostic_document,
    response_target,
    source_of,
    target_document,
)
from reconciler.findings import DriftSummary, Finding, StageDrift, TargetDrift, UncomparedStage


class FindingDocument(JsonDocument):
    """One difference between manifest and AWS."""

    type: Literal["changed", "missing", "unexpected", "error"]
    subject: Literal["response", "methodResponse", "target", "stage"]
    stage: str | None = Field(description="The stage that has this difference; null for the draft.")
    environment: str | None = Field(None, description="Null without environments.")
    address: str
    target: TargetOfResponse | None = Field(description="Null for a target or stage as a whole.")
    message: str
    changes: list[ChangeDocument]
    source: SourceDocument | None


class DriftSummaryDocument(JsonDocument):
    """Counts of responses."""

    in_sync: int
    changed: int
    missing: int
    unexpected: int
    unmanaged: int
    not_selected: int = Field(0, description="Responses that are not compared because `--only` does not match them.")
    ignored: int = Field(0, description="Live responses that ignore rules exclude.")
    errors: int
    stages: int = Field(description="How many stages were compared; all other counts except `errors` are about drafts.")
    deployed: int = Field(description="Differences between the manifests and what stages serve.")


class DriftDocument(JsonDocument):
    """What `drift --format json` prints."""

    format_version: FormatVersion
    kind: Literal["Drift"]
    tool_version: str
    created_at: str
    summary: DriftSummaryDocument
    targets: list[TargetDocument]
    findings: list[FindingDocument]
    diagnostics: list[DiagnosticDocument]


@dataclass(frozen=True, slots=True)
class UncomparedManifest:
    """A manifest, or whatever `address` names, that could not be compared as a whole: why, and where."""

    address: str
    why: str
    location: Location | None = None
    environment: str | None = None


def drift_document(
    targets: Iterable[TargetDrift],
    unread: Iterable[UncomparedManifest],
    created_at: str,
    diagnostics: Iterable[Diagnostic] = (),
    stages: Iterable[StageDrift | UncomparedStage] = (),
) -> DriftDocument:
    """Return a drift report; `unread` are the manifests that could not be compared."""
    read, every = tuple(targets), tuple(stages)
    compared = tuple(stage for stage in every if isinstance(stage, StageDrift))
    errors = [_whole("target", None, manifest) for manifest in unread]
    errors += [_uncompared_stage(stage) for stage in every if isinstance(stage, UncomparedStage)]
    return DriftDocument(
        format_version=FORMAT_VERSION,
        kind="Drift",
        tool_version=__version__,
        created_at=created_at,
        summary=_summary(findings.summarise_drift(read, len(errors), compared)),
        targets=[
            target_document(target.target, target.desired, target.live_digest, target.desired_digest) for target in read
        ],
        findings=[
            *(_finding(target, finding) for target in read for finding in target.findings),
            *(finding for stage in compared for finding in _stage_findings(stage)),
            *errors,
        ],
        diagnostics=[diagnostic_document(diagnostic) for diagnostic in diagnostics],
    )


def _summary(summary: DriftSummary) -> DriftSummaryDocument:
    return DriftSummaryDocument(
        in_sync=summary.in_sync,
        changed=summary.changed,
        missing=summary.missing,
        unexpected=summary.unexpected,
        unmanaged=summary.unmanaged,
        not_selected=summary.unselected,
        ignored=summary.ignored,
        errors=summary.errors,
        stages=summary.stages,
        deployed=summary.deployed,
    )


def _stage_findings(stage: StageDrift) -> Iterator[FindingDocument]:
    yield from (_finding(stage.drift, finding, stage.name) for finding in stage.drift.findings)
    if stage.lag:
        address = f"{stage.drift.desired.manifests[0].name}: listed responses"
        lag = UncomparedManifest(address, stage.lag, None, stage.drift.target.environment)
        yield _whole("stage", stage.name, lag, type_="changed")


def _uncompared_stage(stage: UncomparedStage) -> FindingDocument:
    manifest = UncomparedManifest(stage.manifest, stage.why, stage.location, stage.environment)
    return _whole("stage", stage.name, manifest)


def _finding(target: TargetDrift, finding: Finding, stage: str | None = None) -> FindingDocument:
    manifest = target.desired.owns[finding.key.scope].manifest
    return FindingDocument(
        type=finding.type.value,
        subject=finding.subject,
        stage=stage,
        environment=target.target.environment,
        address=finding.address,
        target=response_target(target.target, manifest, finding.key, finding.resource_id),
        message=finding.note,
        changes=changes_of(finding.changes),
        source=source_of(finding.source),
    )


def _whole(
    subject: Literal["target", "stage"],
    stage: str | None,
    about: UncomparedManifest,
    type_: Literal["changed", "error"] = "error",
) -> FindingDocument:
    """A finding about a target or stage as a whole."""
    return FindingDocument(
        type=type_,
        subject=subject,
        stage=stage,
        environment=about.environment,
        address=about.address,
        target=None,
        message=about.why,
        changes=[],
        source=source_of(about.location),
    )
