"""drift: the differences between manifests and AWS, read-only.

Nothing is written or planned. A target that cannot be read is an `error` among the findings of the others.
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
    """What differs, and what could not be compared: `unread` APIs and `lost` stages. `compared` are stages, too."""

    targets: tuple[TargetDrift, ...]
    unread: tuple[ReadFailure, ...]
    diagnostics: tuple[Diagnostic, ...]
    created_at: str
    compared: tuple[StageComparison, ...] = ()
    lost: tuple[StageFailure, ...] = ()

    @property
    def stages(self) -> tuple[StageDrift, ...]:
        """The stages that serve something else than the manifests want, as far as that is known."""
        return tuple(drift for stage in self.compared if (drift := stage.drift))

    @property
    def lost_manifests(self) -> tuple[tuple[StageFailure, str], ...]:
        """The stages that could not be compared, with each of their manifests."""
        return tuple((stage, name) for stage in self.lost for name in stage.unread.manifests)

    @property
    def all_diagnostics(self) -> tuple[Diagnostic, ...]:
        """Every diagnostic reported with the findings, including those of unread APIs and stages."""
        failures = (*self.unread, *(stage.unread for stage in self.lost))
        return (*self.diagnostics, *(failure.diagnostic for failure in failures))

    @property
    def summary(self) -> DriftSummary:
        """The counts."""
        errors = sum(len(failure.manifests) for failure in self.unread) + len(self.problems)
        errors += len(self.lost_manifests)
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
    """Load manifests, read APIs, compare drafts and stages. Linting is left to `validate`. Raises as `plan` does.

    Stages are compared where the request says so (`compares_stages`).
    """
    created_at = clock.now()
    loaded = load_manifests(request, files, day_of(created_at))
    if loaded.is_broken:
        return Drift((), (), loaded.broken, created_at)
    if loaded.is_empty:
        empty = () if loaded.is_untouched else (no_manifests(request),)
        return Drift((), (), (*loaded.broken, *empty), created_at)
    account_regions, unreached = connect(loaded.projects, request.coordinates, cloud)
    reads = read_targets(account_regions, request, unreached)
    targets = tuple(find_drift(read.desired, read.live) for read in reads.reads)
    replaced = [
        warning
        for read in reads.reads
        for warning in replaced_integrations(read.desired, read.live, read.settings.severities)
    ]
    stages, lost = compare_stages(reads.reads, request) if request.compares_stages else ((), ())
    diagnostics = (
        *loaded.broken,
        *loaded.expired,
        *reads.diagnostics,
        *replaced,
        *stage_warnings(stages),
        *undeployed_changes(stages),
    )
    return Drift(targets, reads.unread, diagnostics, created_at, stages, lost)
