"""status: what manifests want, drafts hold and stages serve, response by response. Read-only."""

from dataclasses import dataclass

from reconciler.deployments import incomparable
from reconciler.deployments.sync_status import ResponseStatus, StageStatus, rows
from reconciler.diagnostics import Diagnostic, any_error
from reconciler.engine.deploy.compare_stages import StageComparison, StageFailure, compare_stages, stage_warnings
from reconciler.engine.deploy.stages import require_stages
from reconciler.engine.load.load import day_of, load_manifests, no_manifests
from reconciler.engine.load.request import Request
from reconciler.engine.read.connect import ReadFailure, connect
from reconciler.engine.read.read import read_targets
from reconciler.errors import ExitCode, worst_exit_code
from reconciler.ports import Clock, Cloud, Files


@dataclass(frozen=True, slots=True)
class Status:
    """Every stage, and what could not be compared: `unread` APIs and `lost` stages."""

    stages: tuple[StageStatus, ...]
    lost: tuple[StageFailure, ...]
    unread: tuple[ReadFailure, ...]
    diagnostics: tuple[Diagnostic, ...]
    created_at: str

    @property
    def all_diagnostics(self) -> tuple[Diagnostic, ...]:
        """Every diagnostic reported with the rows, including those of unread APIs and stages."""
        failures = (*self.unread, *(stage.unread for stage in self.lost))
        return (*self.diagnostics, *(failure.diagnostic for failure in failures))

    @property
    def rows(self) -> tuple[ResponseStatus, ...]:
        """The rows of all stages."""
        return tuple(row for stage in self.stages for row in stage.rows)

    @property
    def exit_code(self) -> ExitCode:
        """2 when something differs, 1 when something could not be read."""
        codes = [ExitCode.OK]
        if any_error(self.all_diagnostics):
            codes.append(ExitCode.FAILED)
        if any(row.differs for row in self.rows):
            codes.append(ExitCode.DIFFERENCES)
        return worst_exit_code(codes)


def status(request: Request, cloud: Cloud, files: Files, clock: Clock) -> Status:
    """Load manifests, read APIs and stages, compare. Raises as `plan` does, and UsageError where there is no stage."""
    created_at = clock.now()
    loaded = load_manifests(request, files, day_of(created_at))
    if loaded.is_broken:
        return Status((), (), (), loaded.broken, created_at)
    if loaded.is_empty:
        empty = () if loaded.is_untouched else (no_manifests(request),)
        return Status((), (), (), (*loaded.broken, *empty), created_at)
    require_stages([manifest for each in loaded.projects for manifest in each.manifests], request)
    account_regions, unreached = connect(loaded.projects, request.coordinates, cloud, request.parallelism)
    reads = read_targets(account_regions, request, unreached)
    compared, lost = compare_stages(reads.reads, request, definitions=True)
    diagnostics = (*loaded.broken, *loaded.expired, *reads.diagnostics, *stage_warnings(compared))
    return Status(tuple(map(_status, compared)), lost, reads.unread, diagnostics, created_at)


def _status(stage: StageComparison) -> StageStatus:
    unclear = incomparable(stage.state.live) if stage.served else frozenset()
    responses = rows(stage.state.desired, stage.draft, stage.served, lags=bool(stage.lag), unclear=unclear)
    return StageStatus(stage.stage, stage.draft, responses, stage.others, stage.not_compared)
