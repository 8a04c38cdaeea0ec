"""Read back what a run knew besides its findings: see `reading`."""

from collections.abc import Iterable

from reconciler.diagnostics import Location
from reconciler.documents.drift import DriftDocument
from reconciler.documents.drift_parts import (
    BlameDocument,
    CoverageCountDocument,
    IgnoredDocument,
    LeftAloneDocument,
    RemediationDocument,
    ResolvedDocument,
    ShardDocument,
)
from reconciler.documents.parts import StageTarget
from reconciler.errors import ExitCode
from reconciler.fleet.ages import Age, Ages, Resolved
from reconciler.fleet.blame import AwsChange, Blame
from reconciler.fleet.coverage import CoverageCount
from reconciler.fleet.facts import FleetFacts
from reconciler.fleet.history import OpenFinding
from reconciler.fleet.ignored import IgnoredResponses
from reconciler.fleet.remediation import LeftAlone, Remediation
from reconciler.fleet.run_facts import RunFacts
from reconciler.fleet.shard import MOST_SHARDS, Shard
from reconciler.models.targets import Kind, Target
from reconciler.ports import Usage


def facts_of(document: DriftDocument, targets: Iterable[Target]) -> FleetFacts:
    """Return the facts of a document; what it has no finding for is None, as if nobody had asked.

    `targets` are those of the document. Raises ValueError.
    """
    remediation = document.remediation
    return FleetFacts(
        run=_run(document),
        ignored=tuple(map(_ignored, document.ignored)),
        ages=_ages(document),
        blames={finding.fingerprint: _blame(finding.blame) for finding in document.findings if finding.blame} or None,
        coverage=_coverage(document.coverage) if document.coverage else None,
        shard=_shard(document.shard) if document.shard else None,
        configuration=document.configuration,
        scope=document.scope,
        skipped=document.skipped or "",
        remediation=_remediation(remediation, targets) if remediation else None,
    )


def _shard(shard: ShardDocument) -> Shard:
    if not 1 <= shard.index <= shard.count <= MOST_SHARDS:
        raise ValueError(f"there is no shard {shard.index}/{shard.count}")
    return Shard(shard.index, shard.count)


def _remediation(remediation: RemediationDocument, targets: Iterable[Target]) -> Remediation:
    by_api = {_api(target): target for target in targets}

    def target_of(api: StageTarget | LeftAloneDocument) -> Target:
        known = by_api.get(_api(api))
        return known or Target(api.account_id, api.region, api.api_id, Kind(api.kind), environment=api.environment)

    return Remediation(
        remediation.run or "",
        remediation.undo,
        remediation.written,
        tuple(map(target_of, remediation.restored)),
        tuple(LeftAlone(target_of(left), tuple(left.manifests), left.reason) for left in remediation.left),
        tuple(remediation.refusals),
        ExitCode(remediation.exit_code),
    )


def _api(target: Target | StageTarget | LeftAloneDocument) -> tuple[str | None, str, str, str, str]:
    return target.environment, target.account_id, target.region, target.kind, target.api_id


def _coverage(coverage: CoverageCountDocument) -> CoverageCount:
    kinds = tuple(map(Kind, coverage.kinds))
    if not kinds:
        raise ValueError("its coverage is of no kind of API")
    return CoverageCount(coverage.apis, coverage.covered, coverage.ignored, kinds)


def _run(document: DriftDocument) -> RunFacts:
    run = document.run
    return RunFacts(run.seconds, Usage(run.calls, run.throttles), run.stopped or "") if run else RunFacts()


def _ages(document: DriftDocument) -> Ages | None:
    ages = {
        finding.fingerprint: Age(finding.age, finding.first_seen or "") for finding in document.findings if finding.age
    }
    if not (ages or document.resolved or document.since):
        return None
    return Ages(ages, tuple(map(resolved_finding, document.resolved)), document.since or "")


def resolved_finding(finding: ResolvedDocument | OpenFinding) -> Resolved:
    """Return a finding that is there no more, as a document or a history has it."""
    return Resolved(
        finding.fingerprint,
        finding.type,
        finding.address,
        finding.environment,
        finding.account_id,
        finding.region,
        finding.first_seen,
        finding.stage,
    )


def _blame(blame: BlameDocument) -> Blame:
    changes = (
        AwsChange(change.at, change.who, change.event, change.address, change.agent, change.subject, change.event_id)
        for change in blame.changes
    )
    return Blame(tuple(changes), blame.note)


def _ignored(ignored: IgnoredDocument) -> IgnoredResponses:
    place = ignored.source
    return IgnoredResponses(
        ignored.match,
        tuple(ignored.fields),
        ignored.reason,
        ignored.until,
        ignored.environment,
        ignored.region,
        tuple(ignored.addresses),
        Location(place.file, place.line, place.column) if place else None,
    )
