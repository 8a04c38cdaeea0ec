"""Read the document of a drift run back, so that every format, history and notification can be made of it.

A document has the number of responses that are in sync, and not their names; what else it lacks is in no report either.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TypeAlias

from reconciler.diagnostics import Diagnostic, Location
from reconciler.diff import FieldChange
from reconciler.documents.drift import DriftDocument
from reconciler.documents.drift_parts import DriftTargetDocument, FindingDocument, PlaceDocument
from reconciler.documents.parts import DiagnosticDocument, ResponseTarget, TargetOfResponse
from reconciler.engine.deploy.compare_stages import StageFailure
from reconciler.engine.drift.reading_facts import facts_of
from reconciler.engine.drift.result import Drift
from reconciler.engine.read.connect import ReadFailure
from reconciler.engine.result_documents import document_of_drift
from reconciler.errors import EarlierFailure
from reconciler.findings import Finding, StageDrift, Subject, TargetDrift, Type
from reconciler.fleet.fingerprint import lag_fingerprint
from reconciler.models.desired import ManifestRef
from reconciler.models.keys import IntegrationKey, MethodKey, ResponseKey
from reconciler.models.targets import ApiRef, Kind, Target
from reconciler.ports import Usage
from reconciler.rules import RULES, Rule, RunRule, Severity

_Api: TypeAlias = tuple[str | None, str, str, str, str]
_Found: TypeAlias = dict[tuple[_Api, str | None], list[Finding]]


def drift_of(document: DriftDocument) -> Drift:
    """Return the drift that a document reports; the document of the result is the same.

    Raises ValueError for one that contradicts itself, or has rules that this version does not know.
    """
    diagnostics = tuple(map(_diagnostic, document.diagnostics))
    problems = sum(diagnostic.is_error for diagnostic in diagnostics)
    unread = [finding for finding in document.findings if _is_error(finding, "target")]
    lost = [finding for finding in document.findings if _is_error(finding, "stage")]
    found = _by_api(document.findings)
    targets = tuple(_target(target, found.get((_api(target), None), ())) for target in document.targets)
    drift = Drift(
        targets=targets,
        unread=tuple(_failures(unread[: len(unread) - problems])),
        diagnostics=diagnostics,
        created_at=document.created_at,
        stages=tuple(_stages(document, found)),
        lost=tuple(_stage_failures(lost)),
        facts=facts_of(document, [target.target for target in targets]),
    )
    if document_of_drift(drift).model_copy(update=_made_by(document)) != document:
        raise ValueError("it contradicts itself")
    return drift


def _made_by(document: DriftDocument) -> dict[str, str]:
    return {"format_version": document.format_version, "tool_version": document.tool_version}


def _is_error(finding: FindingDocument, subject: str) -> bool:
    return finding.type == "error" and finding.subject == subject


def _by_api(findings: Iterable[FindingDocument]) -> _Found:
    """Return the findings about responses, by their API and stage."""
    found: _Found = {}
    for finding in findings:
        if finding.target is not None:
            found.setdefault((_api(finding.target), finding.stage), []).append(_finding(finding, finding.target))
    return found


def _api(target: DriftTargetDocument | TargetOfResponse) -> _Api:
    return target.environment, target.account_id, target.region, target.kind, target.api_id


def _finding(finding: FindingDocument, target: TargetOfResponse) -> Finding:
    return Finding(
        type=Type(finding.type),
        address=finding.address,
        key=_key(target),
        changes=tuple(FieldChange(change.path, change.before, change.after) for change in finding.changes),
        manifest=target.manifest,
        subject=_subject(finding),
        note=finding.message,
        source=location_of(finding.source),
        resource_id=target.resource_id if isinstance(target, ResponseTarget) else target.integration_id,
    )


def _subject(finding: FindingDocument) -> Subject:
    if finding.subject in {"target", "stage"}:
        raise ValueError(f"a {finding.subject} has no response")
    return finding.subject  # type: ignore[return-value] # the others are those of findings


def _key(target: TargetOfResponse) -> ResponseKey:
    if isinstance(target, ResponseTarget):
        return ResponseKey(MethodKey(target.path, target.method), target.status_code)
    scope = IntegrationKey(target.route_key or "", target.integration_id or "")
    return ResponseKey(scope, target.integration_response_key)


def _target(target: DriftTargetDocument, findings: Sequence[Finding]) -> TargetDrift:
    kind = Kind(target.kind)
    return TargetDrift(
        Target(
            target.account_id,
            target.region,
            target.api_id,
            kind,
            target.api_name,
            target.environment,
            is_protected=target.protected,
        ),
        tuple(_manifests(target, kind)),
        tuple(findings),
        counted=target.in_sync,
        unmanaged=target.unmanaged,
        unmanaged_methods=target.unmanaged_methods,
        ignored=target.ignored,
        unselected=target.not_selected,
        desired_digest=target.desired_digest,
        live_digest=target.live_digest,
        seconds=target.seconds,
        usage=Usage(target.calls, target.throttles),
    )


def _manifests(target: DriftTargetDocument, kind: Kind) -> Iterator[ManifestRef]:
    api = ApiRef(name=target.api_name) if target.api_name else ApiRef(id=target.api_id)
    place = location_of(target.source)
    if not target.manifests:
        raise ValueError("an API has no manifest")
    for name in target.manifests:
        yield ManifestRef(name, api, kind, location=place)
        place = None  # a document has that of the first


def _stages(document: DriftDocument, found: _Found) -> Iterator[StageDrift]:
    lags = {
        finding.fingerprint: finding.message
        for finding in document.findings
        if finding.subject == "stage" and finding.type == "changed"
    }
    for target in document.targets:
        for name in target.stages:
            draft = _target(target.model_copy(update={"in_sync": 0}), found.get((_api(target), name), ()))
            yield StageDrift(name, draft, lags.get(lag_fingerprint(draft.target, name), ""))


def _failures(findings: Iterable[FindingDocument]) -> Iterator[ReadFailure]:
    """Yield the failures; manifests that could not be read for the same reason share one."""
    for _, group in groupby(findings, key=_reason):
        same = list(group)
        first = same[0]
        failure = EarlierFailure(_rule(first.rule or RunRule.FAILED.id), first.message, first.remedy)
        yield ReadFailure(
            tuple(finding.address for finding in same),
            failure,
            location_of(first.source),
            first.environment,
            first.region or "",
            first.account_id or "",
        )


def _reason(finding: FindingDocument) -> object:
    place = (finding.environment, finding.account_id, finding.region, finding.stage)
    return place, finding.rule, finding.message, finding.remedy, finding.source


def _stage_failures(findings: Iterable[FindingDocument]) -> Iterator[StageFailure]:
    for stage, group in groupby(findings, key=lambda finding: finding.stage):
        yield from (StageFailure(stage or "", failure) for failure in _failures(group))


def _diagnostic(diagnostic: DiagnosticDocument) -> Diagnostic:
    location = None
    if diagnostic.file is not None:
        location = Location(diagnostic.file, diagnostic.line or 0, diagnostic.column or 0)
    return Diagnostic(
        Severity(diagnostic.severity),
        _rule(diagnostic.rule),
        diagnostic.message,
        diagnostic.remedy,
        location,
        diagnostic.address or "",
        tuple(diagnostic.also),
    )


def _rule(name: str) -> Rule:
    if name not in RULES:
        raise ValueError(f"this version has no rule {name!r}")
    return RULES[name]


def location_of(place: PlaceDocument | None) -> Location | None:
    """Return a place in a manifest, if there is one."""
    return Location(place.file, place.line, place.column) if place else None
