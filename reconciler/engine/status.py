"""status: what manifests want, drafts hold and stages serve, response by response. Read-only.

What counts: the stages that the manifests declare or the command line names, and for an API without such a stage its
draft. All other stages that exist are shown for information, and change no exit code: a manifest that declares no stage
says nothing about what they should serve.
"""

from dataclasses import dataclass

from reconciler.deployments import incomparable
from reconciler.deployments.sync_status import ApiStatus, ResponseStatus, StageStatus, draft_rows, rows
from reconciler.diagnostics import Diagnostic, any_error
from reconciler.engine.deploy.compare_stages import StageComparison, StageFailure, stage_warnings
from reconciler.engine.deploy.existing_stages import ComparedStages, OtherStage, compare_existing_stages
from reconciler.engine.load.ignore_rules import glob_matches
from reconciler.engine.load.load import day_of, load_manifests, no_manifests
from reconciler.engine.load.request import Request
from reconciler.engine.read.connect import ReadFailure, connect
from reconciler.engine.read.read import TargetState, read_targets
from reconciler.errors import ExitCode, worst_exit_code
from reconciler.findings import TargetDrift, find_drift
from reconciler.parallel import in_parallel
from reconciler.ports import Clock, Cloud, Files


@dataclass(frozen=True, slots=True)
class Status:
    """Every API with its stages, and what could not be compared: `unread` APIs and `lost` stages."""

    apis: tuple[ApiStatus, ...]
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
        """The rows that count, of all APIs."""
        return tuple(row for api in self.apis for row in api.counted)

    @property
    def stages(self) -> tuple[StageStatus, ...]:
        """The stages of all APIs."""
        return tuple(stage for api in self.apis for stage in api.stages)

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
    """Load manifests, read APIs and stages, compare. Raises as `plan` does."""
    created_at = clock.now()
    loaded = load_manifests(request, files, day_of(created_at))
    if loaded.is_broken:
        return Status((), (), (), loaded.broken, created_at)
    if loaded.is_empty:
        empty = () if loaded.is_untouched else (no_manifests(request),)
        return Status((), (), (), (*loaded.broken, *empty), created_at)
    account_regions, unreached = connect(loaded.projects, request.coordinates, cloud, request.parallelism)
    reads = read_targets(account_regions, request, unreached)
    states = [state for state in reads.reads if state.is_selected]
    compared = in_parallel(lambda state: compare_existing_stages(state, request), states, request.parallelism)
    of_stages = (problem for each in compared for problem in (*each.diagnostics, *stage_warnings(each.counted)))
    return Status(
        tuple(map(_api, states, compared)),
        tuple(failure for each in compared for failure in each.lost),
        reads.unread,
        (*loaded.broken, *loaded.expired, *reads.diagnostics, *of_stages),
        created_at,
    )


def _api(state: TargetState, compared: ComparedStages) -> ApiStatus:
    draft = find_drift(state.desired, state.live)
    counted = map(_counted, compared.counted)
    others = (_other(stage, draft) for stage in compared.others)
    return ApiStatus(draft, _selected(draft_rows(state.desired, draft), state), (*counted, *others))


def _selected(every: tuple[ResponseStatus, ...], state: TargetState) -> tuple[ResponseStatus, ...]:
    """Return the rows of the responses that `--only` selects."""
    only = state.request.only
    return tuple(row for row in every if not only or any(glob_matches(glob, row.address) for glob in only))


def _counted(stage: StageComparison) -> StageStatus:
    return StageStatus(stage.stage, stage.draft, _rows(stage), stage.others, stage.not_compared, stage.drift)


def _other(other: OtherStage, draft: TargetDrift) -> StageStatus:
    if other.comparison is None:
        return StageStatus(other.stage, draft, (), counts=False, problem=other.problem)
    served = other.comparison.drift
    return StageStatus(other.stage, draft, _rows(other.comparison), served=served, counts=False)


def _rows(stage: StageComparison) -> tuple[ResponseStatus, ...]:
    unclear = incomparable(stage.state.live) if stage.served else frozenset()
    every = rows(stage.state.desired, stage.draft, stage.served, lags=bool(stage.lag), unclear=unclear)
    return _selected(every, stage.state)
