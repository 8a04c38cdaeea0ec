"""From findings to the drift report."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from reconciler import __version__, findings
from reconciler.diagnostics import Diagnostic, Location
from reconciler.documents.build import changes_of, diagnostic_document, response_target, source_of, target_document
from reconciler.documents.models import FORMAT_VERSION, DriftDocument, DriftSummaryDocument, FindingDocument
from reconciler.findings import Finding, StageDrift, TargetDrift, UncomparedStage


@dataclass(frozen=True, slots=True)
class UncomparedManifest:
    """A manifest, or what `address` names, that could not be compared as a whole: why, and where."""

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
    """A drift report; `unread` are the manifests that could not be compared."""
    read, every = tuple(targets), tuple(stages)
    served = tuple(one for one in every if isinstance(one, StageDrift))
    errors = [_whole("target", None, one) for one in unread]
    errors += [_lost(one) for one in every if isinstance(one, UncomparedStage)]
    summary = findings.summarise_drift(read, len(errors), served)
    return DriftDocument(
        format_version=FORMAT_VERSION,
        kind="Drift",
        tool_version=__version__,
        created_at=created_at,
        summary=DriftSummaryDocument(
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
        ),
        targets=[target_document(one.target, one.desired, one.live_digest, one.desired_digest) for one in read],
        findings=[_finding(one, finding) for one in read for finding in one.findings]
        + [found for one in served for found in _at_stage(one)]
        + errors,
        diagnostics=[diagnostic_document(diagnostic) for diagnostic in diagnostics],
    )


def _at_stage(one: StageDrift) -> Iterator[FindingDocument]:
    yield from (_finding(one.drift, finding, one.name) for finding in one.drift.findings)
    if one.lag:
        name = one.drift.desired.manifests[0].name
        lag = UncomparedManifest(f"{name}: listed responses", one.lag, None, one.drift.target.environment)
        yield _whole("stage", one.name, lag, type_="changed")


def _lost(one: UncomparedStage) -> FindingDocument:
    return _whole("stage", one.name, UncomparedManifest(one.manifest, one.why, one.location, one.environment))


def _finding(one: TargetDrift, finding: Finding, stage: str | None = None) -> FindingDocument:
    return FindingDocument(
        type=finding.type.value,
        subject=finding.subject,
        stage=stage,
        environment=one.target.environment,
        address=finding.address,
        target=response_target(
            one.target, one.desired.owns[finding.key.scope].manifest, finding.key, finding.resource_id
        ),
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
