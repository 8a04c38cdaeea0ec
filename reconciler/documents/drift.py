"""From findings to the drift report."""

from collections.abc import Iterable, Iterator
from typing import Literal

from reconciler import __version__, findings
from reconciler.diagnostics import Diagnostic, Location
from reconciler.documents.making import changes_of, diagnostic_document, response_target, source_of, target_document
from reconciler.documents.shapes import FORMAT_VERSION, DriftDocument, DriftSummaryDocument, FindingDocument
from reconciler.findings import Finding, LostStage, StageDrift, TargetDrift


def drift_document(
    targets: Iterable[TargetDrift],
    unread: Iterable[tuple[str, str, Location | None]],
    created_at: str,
    diagnostics: Iterable[Diagnostic] = (),
    stages: Iterable[StageDrift | LostStage] = (),
) -> DriftDocument:
    """A drift report; `unread` are the manifests that could not be compared: name, why, where."""
    read, every = tuple(targets), tuple(stages)
    served = tuple(one for one in every if isinstance(one, StageDrift))
    errors = [_unread(*one) for one in unread]
    errors += [_lost(one) for one in every if isinstance(one, LostStage)]
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
            errors=summary.errors,
            stages=summary.stages,
            deployed=summary.deployed,
        ),
        targets=[target_document(one.target, one.desired, one.live_digest, one.desired_digest) for one in read],
        findings=[_finding(one, finding) for one in read for finding in one.findings]
        + [found for one in served for found in _at_stage(one)]
        + errors,
        diagnostics=[diagnostic_document(one) for one in diagnostics],
    )


def _at_stage(one: StageDrift) -> Iterator[FindingDocument]:
    yield from (_finding(one.drift, finding, one.name) for finding in one.drift.findings)
    if one.lag:
        name = one.drift.desired.manifests[0].name
        yield _whole("stage", one.name, f"{name}: listed responses", one.lag, None, type_="changed")


def _lost(one: LostStage) -> FindingDocument:
    return _whole("stage", one.name, one.manifest, one.why, one.location)


def _finding(one: TargetDrift, finding: Finding, stage: str | None = None) -> FindingDocument:
    return FindingDocument(
        type=finding.type.value,
        subject=finding.subject,
        stage=stage,
        address=finding.address,
        target=response_target(
            one.target, one.desired.owns[finding.key.scope].manifest, finding.key, finding.resource_id
        ),
        message=finding.note,
        changes=changes_of(finding.changes),
        source=source_of(finding.source),
    )


def _unread(manifest: str, why: str, where: Location | None) -> FindingDocument:
    return _whole("target", None, manifest, why, where)


def _whole(  # noqa: PLR0913, PLR0917 - the fields of a finding
    subject: Literal["target", "stage"],
    stage: str | None,
    address: str,
    why: str,
    where: Location | None,
    type_: Literal["changed", "error"] = "error",
) -> FindingDocument:
    """A finding about a target or stage as a whole."""
    return FindingDocument(
        type=type_,
        subject=subject,
        stage=stage,
        address=address,
        target=None,
        message=why,
        changes=[],
        source=source_of(where),
    )
