"""The findings of a drift run by fingerprint, and what a run can show about those of earlier runs.

A finding of an earlier run is resolved if what it is about was compared this time and does not differ, or if nothing
asks for it any longer. What could not be read this time is neither resolved nor new: its findings stay open.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from reconciler.engine.drift.result import Drift
from reconciler.findings import TargetDrift, Type
from reconciler.fleet.fingerprint import error_fingerprint, fingerprint, lag_fingerprint
from reconciler.fleet.history import OpenFinding
from reconciler.rules import RunRule


def open_findings(drift: Drift) -> dict[str, OpenFinding]:
    """Return the findings of a run by the fingerprints that they have in its document, in the same order."""
    return {finding.fingerprint: finding for finding in _findings(drift)}


def _findings(drift: Drift) -> Iterator[OpenFinding]:
    for target in drift.targets:
        yield from _differences(target)
    for stage in drift.stages:
        yield from _differences(stage.drift, stage.name)
        if stage.lag:
            name = stage.drift.manifests[0].name
            identity = lag_fingerprint(stage.drift.target, stage.name)
            yield _of_target(identity, Type.CHANGED, f"{name}: listed responses", name, stage.drift, stage.name)
    for unread in drift.unread:
        for name in unread.manifests:
            yield _error(name, name, unread.environment, unread.account_id, unread.region)
    for problem in drift.problems:
        yield _error(problem.location.file if problem.location else problem.rule.id, "", None, "", "")
    for lost, name in drift.lost_manifests:
        unread = lost.unread
        yield _error(name, name, unread.environment, unread.account_id, unread.region, lost.stage)


def _differences(drift: TargetDrift, stage: str | None = None) -> Iterator[OpenFinding]:
    for finding in drift.findings:
        identity = fingerprint(drift.target, finding, stage or "")
        yield _of_target(identity, finding.type, finding.address, finding.manifest, drift, stage)


def _of_target(  # noqa: PLR0913, PLR0917 - as many as there are
    identity: str, kind: Type, address: str, manifest: str, drift: TargetDrift, stage: str | None
) -> OpenFinding:
    target = drift.target
    return OpenFinding(
        identity, kind.value, address, manifest, target.environment, target.account_id, target.region, stage
    )


def _error(  # noqa: PLR0913, PLR0917 - as many as there are
    address: str, manifest: str, environment: str | None, account_id: str, region: str, stage: str | None = None
) -> OpenFinding:
    identity = error_fingerprint(environment, region, address, stage or "")
    return OpenFinding(identity, Type.ERROR.value, address, manifest, environment, account_id, region, stage)


@dataclass(frozen=True, slots=True)
class Reach:
    """What a run read, and what it tried to read, by environment and manifest: the regions, "" for an unknown one.

    `is_complete`: whatever else it did not read, nothing asks for any longer.
    """

    read: dict[tuple[str | None, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    unread: dict[tuple[str | None, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    stages: frozenset[tuple[str | None, str, str, str]] = frozenset()
    lost_stages: frozenset[tuple[str | None, str, str, str]] = frozenset()
    has_unknown_stages: bool = False
    is_complete: bool = True

    @classmethod
    def of(cls, drift: Drift, *, is_partial: bool) -> "Reach":
        """Return what a run shows; `is_partial`: it was to read only some of the targets of its scope."""
        facts = drift.facts
        reach = cls(
            stages=frozenset(
                (stage.drift.target.environment, manifest.name, stage.drift.target.region, stage.name)
                for stage in drift.stages
                for manifest in stage.drift.manifests
            ),
            lost_stages=frozenset(
                (lost.unread.environment, name, lost.unread.region, lost.stage) for lost, name in drift.lost_manifests
            ),
            has_unknown_stages=any(problem.rule is RunRule.DEPLOYED_UNKNOWN for problem in drift.diagnostics),
            is_complete=not (is_partial or facts.run.stopped or facts.skipped or drift.problems),
        )
        for target in drift.targets:
            for manifest in target.manifests:
                reach.read[target.target.environment, manifest.name].add(target.target.region)
        for unread in drift.unread:
            for name in unread.manifests:
                reach.unread[unread.environment, name].add(unread.region)
        return reach

    def settles(self, finding: OpenFinding) -> bool:
        """Whether a finding of an earlier run, which this run does not have, is resolved."""
        manifest = finding.environment, finding.manifest
        if not finding.manifest:
            return True  # every problem of the files is reported at once
        if _overlap(finding.region, self.unread.get(manifest, set())):
            return False
        if finding.stage is not None:
            stage = (*manifest, finding.region, finding.stage)
            is_unknown = self.has_unknown_stages and stage not in self.stages
            if stage in self.lost_stages or is_unknown:
                return False
        return self.is_complete or _overlap(finding.region, self.read.get(manifest, set()))


def _overlap(region: str, regions: set[str]) -> bool:
    return bool(regions) and (not region or "" in regions or region in regions)
