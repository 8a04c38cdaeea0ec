"""Compare an API with every stage that it has.

The stages that the manifests declare, or that the command line names, count. Any other stage is compared for
information, and only as far as its responses go: GetStages lists it, and one call more reads what it serves. Stages
that serve the same deployment share that call. Nothing is written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from reconciler.diagnostics import Diagnostic, warning
from reconciler.engine.deploy.compare_stages import StageComparison, StageFailure, compare_served, unknown_stage
from reconciler.engine.deploy.stages import ServedState, read_served, target_stages, with_definitions
from reconciler.engine.load.request import Request
from reconciler.engine.read.connect import ReadFailure, target_failure
from reconciler.engine.read.read import TargetState
from reconciler.errors import AccessDenied, Interrupted, ReconcilerError
from reconciler.models.stages import Stage
from reconciler.models.targets import Kind


@dataclass(frozen=True, slots=True)
class OtherStage:
    """A stage that exists and does not count; `comparison` is None if it could not be compared, for this `problem`."""

    stage: Stage
    comparison: StageComparison | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ComparedStages:
    """The stages of an API: those that count, those of them that could not be compared, and all others."""

    counted: tuple[StageComparison, ...] = ()
    lost: tuple[StageFailure, ...] = ()
    others: tuple[OtherStage, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class _Listing:
    """The stages that an API has, None where they were not listed, and why."""

    stages: Mapping[str, Stage] | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    failures: tuple[StageFailure, ...] = ()


def compare_existing_stages(state: TargetState, request: Request) -> ComparedStages:
    """Compare the stages of an API: those that the request names, or all of them. Raises Interrupted."""
    names = target_stages(state.desired, request.stages)
    listing = _Listing() if request.stages else _list_stages(state, names)
    comparer = _StageComparer(state, request, listing.stages)
    outcomes = comparer.counted(names)
    return ComparedStages(
        tuple(outcome for outcome in outcomes if isinstance(outcome, StageComparison)),
        (*listing.failures, *(outcome for outcome in outcomes if isinstance(outcome, StageFailure))),
        tuple(comparer.other(stage) for name, stage in (listing.stages or {}).items() if name not in names),
        listing.diagnostics,
    )


def _list_stages(state: TargetState, names: Sequence[str]) -> _Listing:
    """List the stages. Where that fails, those of the names can still be shown, and so can the draft."""
    target = state.live.target
    try:
        return _Listing({stage.name: stage for stage in state.connection.reader.stages(target)})
    except Interrupted:
        raise
    except ReconcilerError as failure:
        failed = target_failure([state.desired], failure, target)
        if names or isinstance(failure, AccessDenied):
            return _Listing(diagnostics=(_unlisted(failed),))
        return _Listing(failures=(StageFailure("", failed),))


def _unlisted(failed: ReadFailure) -> Diagnostic:
    problem = failed.diagnostic
    message = f"{problem.message}; stages that no manifest declares are not shown"
    return warning(problem.rule, message, problem.remedy, problem.location)


class _StageComparer:
    """Compares the stages of one API one after the other. `listed` are its stages, None where they are unknown."""

    def __init__(self, state: TargetState, request: Request, listed: Mapping[str, Stage] | None) -> None:
        self._state = state
        self._request = request
        self._listed = listed
        self._served: dict[str, ServedState] = {}

    def counted(self, names: Sequence[str]) -> list[StageComparison | StageFailure]:
        """Compare these stages, with all that a deployment would publish."""
        state = with_definitions(self._state) if names else self._state
        if isinstance(state, ReadFailure):
            return [StageFailure(name, state) for name in names]
        return [self._outcome(state, name) for name in names]

    def _outcome(self, state: TargetState, name: str) -> StageComparison | StageFailure:
        try:
            stage = self._stage(name)
            if stage is None:
                return unknown_stage(state, name)
            return compare_served(state, stage, self._read(stage), self._request)
        except Interrupted:
            raise
        except ReconcilerError as failure:
            return StageFailure(name, target_failure([state.desired], failure, state.live.target))

    def _stage(self, name: str) -> Stage | None:
        if self._listed is None:
            return self._state.connection.reader.stage(self._state.live.target, name)
        return self._listed.get(name)

    def _read(self, stage: Stage) -> ServedState:
        served = self._served.get(stage.deployment_id)
        if served is None:
            served = read_served(self._state.connection.reader, self._state.live.target, stage)
            self._served[stage.deployment_id] = served
        return served

    def other(self, stage: Stage) -> OtherStage:
        """Compare the responses of a stage that does not count; a failure is a part of the result."""
        try:
            served = self._served.get(stage.deployment_id)
            if served is None:
                served = self._served[stage.deployment_id] = self._responses(stage)
            comparison = compare_served(self._state, stage, served, self._request)
        except Interrupted:
            raise
        except ReconcilerError as failure:
            return OtherStage(stage, problem=failure.message)
        return OtherStage(stage, replace(comparison, others=(), not_compared=()))

    def _responses(self, stage: Stage) -> ServedState:
        """Read what shows its responses: the export of a REST API's stage, the deployment of a WebSocket API's one."""
        reader, target = self._state.connection.reader, self._state.live.target
        if target.kind is Kind.REST_API:
            return ServedState(stage.name, stage, reader.deployed(target, stage.name))
        deployment = reader.deployment(target, stage.deployment_id) if stage.deployment_id else None
        return ServedState(stage.name, stage, deployment=deployment)
