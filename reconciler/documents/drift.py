"""The JSON document of a drift report: its shapes, and how it is built."""

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import Field

from reconciler import __version__, findings
from reconciler.diagnostics import Diagnostic, Location
from reconciler.documents.drift_parts import (
    AwsChangeDocument,
    BlameDocument,
    CoverageCountDocument,
    DriftRunDocument,
    DriftSummaryDocument,
    DriftTargetDocument,
    FindingDocument,
    IgnoredDocument,
    LeftAloneDocument,
    RemediationDocument,
    ResolvedDocument,
    ShardDocument,
    drift_change,
    place_of,
)
from reconciler.documents.parts import (
    FORMAT_VERSION,
    DiagnosticDocument,
    FormatVersion,
    JsonDocument,
    diagnostic_document,
    response_target,
    stage_target,
    target_document,
)
from reconciler.findings import DriftSummary, Finding, StageDrift, TargetDrift, UncomparedStage
from reconciler.fleet.ages import Resolved
from reconciler.fleet.blame import Blame
from reconciler.fleet.coverage import CoverageCount
from reconciler.fleet.facts import FleetFacts
from reconciler.fleet.fingerprint import error_fingerprint, fingerprint, lag_fingerprint
from reconciler.fleet.ignored import IgnoredResponses
from reconciler.fleet.remediation import Remediation
from reconciler.fleet.run_facts import RunFacts
from reconciler.line_diff import limited_line_diffs


class DriftDocument(JsonDocument):
    """What `drift --format json` prints."""

    format_version: FormatVersion
    kind: Literal["Drift"]
    tool_version: str
    created_at: str
    run: DriftRunDocument | None = None
    shard: ShardDocument | None = Field(default=None, description="Null for a run over everything.")
    configuration: str = Field(default="", description="A digest of what was asked for, equal in the parts of a run.")
    scope: str = Field(default="", description="A digest of the options alone, equal in the runs of a history.")
    skipped: str | None = Field(default=None, description="Why nothing was read; null if something was.")
    summary: DriftSummaryDocument
    coverage: CoverageCountDocument | None = Field(default=None, description="Null where it is unknown.")
    targets: list[DriftTargetDocument]
    findings: list[FindingDocument]
    since: str | None = Field(default=None, description="When the run before was; null without a history.")
    resolved: list[ResolvedDocument] = Field(default_factory=list, description="Empty without a history.")
    ignored: list[IgnoredDocument] = Field(default_factory=list)
    remediation: RemediationDocument | None = Field(default=None, description="Null without `--remediate`.")
    diagnostics: list[DiagnosticDocument]


@dataclass(frozen=True, slots=True)
class UncomparedManifest:
    """A manifest, or whatever `address` names, that could not be compared as a whole: why, and where."""

    address: str
    why: str
    location: Location | None = None
    environment: str | None = None
    region: str = ""
    account_id: str = ""
    rule: str | None = None
    remedy: str = ""


_NO_FACTS: Final = FleetFacts()


def drift_document(  # noqa: PLR0913, PLR0917 - a report has that many parts
    targets: Iterable[TargetDrift],
    unread: Iterable[UncomparedManifest],
    created_at: str,
    diagnostics: Iterable[Diagnostic] = (),
    stages: Iterable[StageDrift | UncomparedStage] = (),
    facts: FleetFacts = _NO_FACTS,
) -> DriftDocument:
    """Return a drift report; `unread` are the manifests that could not be compared."""
    read, every = tuple(targets), tuple(stages)
    compared = tuple(stage for stage in every if isinstance(stage, StageDrift))
    errors = [_whole("target", None, manifest) for manifest in unread]
    errors += [_uncompared_stage(stage) for stage in every if isinstance(stage, UncomparedStage)]
    with limited_line_diffs():
        found = [
            *(_finding(target, finding) for target in read for finding in target.findings),
            *(finding for stage in compared for finding in _stage_findings(stage)),
            *errors,
        ]
    ages = facts.ages
    return DriftDocument(
        format_version=FORMAT_VERSION,
        kind="Drift",
        tool_version=__version__,
        created_at=created_at,
        run=_run(facts.run),
        shard=ShardDocument(index=facts.shard.index, count=facts.shard.count) if facts.shard else None,
        configuration=facts.configuration,
        scope=facts.scope,
        skipped=facts.skipped or None,
        summary=_summary(findings.summarise_drift(read, len(errors), compared)),
        coverage=_coverage(facts.coverage),
        targets=[_target(target, compared) for target in read],
        findings=[_with_facts(finding, facts) for finding in found],
        since=ages.since or None if ages else None,
        resolved=[_resolved(finding) for finding in ages.resolved] if ages else [],
        ignored=[_ignored(ignored) for ignored in facts.ignored],
        remediation=_remediation(facts.remediation, read) if facts.remediation else None,
        diagnostics=[diagnostic_document(diagnostic) for diagnostic in diagnostics],
    )


def _run(run: RunFacts) -> DriftRunDocument:
    return DriftRunDocument(
        seconds=round(run.seconds, 3),
        calls=run.usage.calls,
        throttles=run.usage.throttles,
        stopped=run.stopped or None,
    )


def _coverage(coverage: CoverageCount | None) -> CoverageCountDocument | None:
    if coverage is None:
        return None
    return CoverageCountDocument(
        apis=coverage.apis,
        covered=coverage.covered,
        ignored=coverage.ignored,
        kinds=[kind.value for kind in coverage.kinds],
    )


def _target(target: TargetDrift, stages: Iterable[StageDrift]) -> DriftTargetDocument:
    api = target_document(target.target, target.manifests, target.live_digest, target.desired_digest)
    counts = findings.summarise_drift((target,), 0)
    return DriftTargetDocument(
        **api.model_dump(),
        in_sync=counts.in_sync,
        changed=counts.changed,
        missing=counts.missing,
        unexpected=counts.unexpected,
        unmanaged=counts.unmanaged,
        unmanaged_methods=target.unmanaged_methods,
        not_selected=counts.unselected,
        ignored=counts.ignored,
        stages=[stage.name for stage in stages if stage.drift.target == target.target],
        source=place_of(target.manifests[0].location),
        seconds=round(target.seconds, 3),
        calls=target.usage.calls,
        throttles=target.usage.throttles,
    )


def _resolved(finding: Resolved) -> ResolvedDocument:
    return ResolvedDocument(
        fingerprint=finding.fingerprint,
        type=findings.Type(finding.type).value,
        address=finding.address,
        stage=finding.stage,
        environment=finding.environment,
        account_id=finding.account_id,
        region=finding.region,
        first_seen=finding.first_seen,
    )


def _ignored(ignored: IgnoredResponses) -> IgnoredDocument:
    return IgnoredDocument(
        match=ignored.match,
        fields=list(ignored.fields),
        reason=ignored.reason,
        until=ignored.until,
        environment=ignored.environment,
        region=ignored.region,
        addresses=list(ignored.addresses),
        source=place_of(ignored.location),
    )


def _remediation(remediation: Remediation, targets: Iterable[TargetDrift]) -> RemediationDocument:
    manifests = {target.target: [manifest.name for manifest in target.manifests] for target in targets}
    return RemediationDocument(
        run=remediation.run or None,
        undo=remediation.undo,
        written=remediation.written,
        restored=[stage_target(manifests.get(target, ()), target) for target in remediation.restored],
        left=[
            LeftAloneDocument(**stage_target(left.manifests, left.target).model_dump(), reason=left.reason)
            for left in remediation.left
        ],
        refusals=list(remediation.refusals),
        exit_code=int(remediation.exit_code),
    )


def _with_facts(finding: FindingDocument, facts: FleetFacts) -> FindingDocument:
    """Add what is known of the finding by its fingerprint."""
    age = facts.ages.by_fingerprint.get(finding.fingerprint) if facts.ages else None
    blame = facts.blames.get(finding.fingerprint) if facts.blames else None
    known: dict[str, object] = {"age": age.state, "first_seen": age.first_seen} if age else {}
    known |= {"blame": _blame(blame)} if blame else {}
    return finding.model_copy(update=known) if known else finding


def _blame(blame: Blame) -> BlameDocument:
    changes = [AwsChangeDocument(**dataclasses.asdict(change)) for change in blame.changes]
    return BlameDocument(changes=changes, note=blame.note)


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
        target = stage.drift.target
        address = f"{stage.drift.manifests[0].name}: listed responses"
        lag = UncomparedManifest(address, stage.lag, None, target.environment, target.region, target.account_id)
        yield _whole("stage", stage.name, lag, lag_fingerprint(target, stage.name))


def _uncompared_stage(stage: UncomparedStage) -> FindingDocument:
    manifest = UncomparedManifest(
        stage.manifest,
        stage.why,
        stage.location,
        stage.environment,
        stage.region,
        stage.account_id,
        stage.rule,
        stage.remedy,
    )
    return _whole("stage", stage.name, manifest)


def _finding(target: TargetDrift, finding: Finding, stage: str | None = None) -> FindingDocument:
    return FindingDocument(
        type=finding.type.value,
        subject=finding.subject,
        stage=stage,
        environment=target.target.environment,
        account_id=target.target.account_id,
        region=target.target.region,
        fingerprint=fingerprint(target.target, finding, stage or ""),
        address=finding.address,
        target=response_target(target.target, finding.manifest, finding.key, finding.resource_id),
        message=finding.note,
        changes=[drift_change(change) for change in finding.changes],
        source=place_of(finding.source),
    )


def _whole(
    subject: Literal["target", "stage"],
    stage: str | None,
    about: UncomparedManifest,
    lag: str = "",
) -> FindingDocument:
    """A finding about a target or stage as a whole; `lag` is the fingerprint of one that is no error."""
    return FindingDocument(
        type="changed" if lag else "error",
        subject=subject,
        stage=stage,
        environment=about.environment,
        account_id=about.account_id or None,
        region=about.region or None,
        fingerprint=lag or error_fingerprint(about.environment, about.region, about.address, stage or ""),
        address=about.address,
        target=None,
        message=about.why,
        rule=about.rule,
        remedy=about.remedy,
        changes=[],
        source=place_of(about.location),
    )
