"""status: manifest, live and deployed, response by response. Reads only."""

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
    """Every stage, and what could not be looked at."""

    stages: tuple[StageStatus, ...]
    lost: tuple[StageFailure, ...]
    unread: tuple[ReadFailure, ...]
    diagnostics: tuple[Diagnostic, ...]
    created_at: str

    @property
    def told(self) -> tuple[Diagnostic, ...]:
        """All that is to be said beside the rows."""
        lost = (*self.unread, *(one.unread for one in self.lost))
        return (*self.diagnostics, *(one.diagnostic for one in lost))

    @property
    def rows(self) -> tuple[ResponseStatus, ...]:
        """Of all stages."""
        return tuple(row for stage in self.stages for row in stage.rows)

    @property
    def exit_code(self) -> ExitCode:
        """2 when something differs, 1 when something could not be read."""
        codes = [ExitCode.OK]
        if any_error(self.told):
            codes.append(ExitCode.FAILED)
        if any(row.differs for row in self.rows):
            codes.append(ExitCode.DIFFERENCES)
        return worst_exit_code(codes)


def status(request: Request, cloud: Cloud, files: Files, clock: Clock) -> Status:
    """Declare, read APIs and stages, compare. Raises as `plan` does, and UsageError where there is no stage."""
    now = clock.now()
    declared = load_manifests(request, files, day_of(now))
    if declared.is_broken:
        return Status((), (), (), declared.broken, now)
    if declared.is_empty:
        empty = () if declared.is_untouched else (no_manifests(request),)
        return Status((), (), (), (*declared.broken, *empty), now)
    require_stages([manifest for each in declared.projects for manifest in each.manifests], request)
    account_regions, unreached = connect(declared.projects, request.coordinates, cloud)
    found = read_targets(account_regions, request, unreached)
    compared, lost = compare_stages(found.reads, request, definitions=True)
    told = (*declared.broken, *declared.expired, *found.diagnostics, *stage_warnings(compared))
    return Status(tuple(map(_status, compared)), lost, found.unread, told, now)


def _status(one: StageComparison) -> StageStatus:
    unclear = incomparable(one.state.live) if one.served else frozenset()
    found = rows(one.draft, one.served, lags=bool(one.lag), unclear=unclear)
    return StageStatus(one.stage, one.draft, found, one.others, one.untold)
