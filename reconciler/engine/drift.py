"""drift: the differences between manifests and AWS, read-only.

Promise: never writes, never plans. A target that cannot be read is an `error` among the findings of the others.
"""

from dataclasses import dataclass

from reconciler.diagnostics import Diagnostic, any_error
from reconciler.engine.deploy.compare_stages import (
    StageComparison,
    StageFailure,
    compare_stages,
    stage_warnings,
    undeployed_changes,
)
from reconciler.engine.load.load import day_of, load_manifests, no_manifests
from reconciler.engine.load.request import Request
from reconciler.engine.read.connect import ReadFailure, connect
from reconciler.engine.read.read import read_targets
from reconciler.errors import ExitCode, worst_exit_code
from reconciler.findings import DriftSummary, StageDrift, TargetDrift, find_drift, summarise_drift
from reconciler.lint import replaced_integrations
from reconciler.ports import Clock, Cloud, Files


@dataclass(frozen=True, slots=True)
class Drift:
    """What was found, and what could not be looked at; `compared` and `lost` are stages."""

    targets: tuple[TargetDrift, ...]
    unread: tuple[ReadFailure, ...]
    diagnostics: tuple[Diagnostic, ...]
    created_at: str
    compared: tuple[StageComparison, ...] = ()
    lost: tuple[StageFailure, ...] = ()

    @property
    def stages(self) -> tuple[StageDrift, ...]:
        """What stages serve otherwise than the manifests want it, where that can be told."""
        return tuple(drift for one in self.compared if (drift := one.drift))

    @property
    def lost_names(self) -> tuple[tuple[StageFailure, str], ...]:
        """The stages that could not be compared, with each of their manifests."""
        return tuple((one, name) for one in self.lost for name in one.unread.manifests)

    @property
    def told(self) -> tuple[Diagnostic, ...]:
        """All that is to be said beside the findings."""
        lost = (*self.unread, *(one.unread for one in self.lost))
        return (*self.diagnostics, *(one.diagnostic for one in lost))

    @property
    def summary(self) -> DriftSummary:
        """The counts."""
        errors = sum(len(one.manifests) for one in self.unread) + len(self.problems)
        errors += len(self.lost_names)
        return summarise_drift(self.targets, errors, self.stages)

    @property
    def problems(self) -> tuple[Diagnostic, ...]:
        """Errors that kept manifests, or parts of them, from being compared."""
        return tuple(diagnostic for diagnostic in self.diagnostics if diagnostic.is_error)

    @property
    def exit_code(self) -> ExitCode:
        """2 on drift, 1 when something could not be read (which outweighs drift)."""
        codes = [ExitCode.OK]
        if self.unread or self.lost or any_error(self.diagnostics):
            codes.append(ExitCode.FAILED)
        if self.summary.findings:
            codes.append(ExitCode.DIFFERENCES)
        return worst_exit_code(codes)


def drift(request: Request, cloud: Cloud, files: Files, clock: Clock) -> Drift:
    """Declare, read, compare drafts and stages. What lint has to say is left to `validate`. Raises as `plan` does.

    Stages are compared where the request says so (`compares_stages`).
    """
    now = clock.now()
    declared = load_manifests(request, files, day_of(now))
    if declared.is_broken:
        return Drift((), (), declared.broken, now)
    if declared.is_empty:
        empty = () if declared.is_untouched else (no_manifests(request),)
        return Drift((), (), (*declared.broken, *empty), now)
    account_regions, unreached = connect(declared.projects, request.coordinates, cloud)
    found = read_targets(account_regions, request, unreached)
    targets = tuple(find_drift(read.desired, read.live) for read in found.reads)
    replaced = [
        told
        for read in found.reads
        for told in replaced_integrations(read.desired, read.live, read.settings.severities)
    ]
    stages, lost = compare_stages(found.reads, request) if request.compares_stages else ((), ())
    told = (
        *declared.broken,
        *declared.expired,
        *found.diagnostics,
        *replaced,
        *stage_warnings(stages),
        *undeployed_changes(stages),
    )
    return Drift(targets, found.unread, told, now, stages, lost)
