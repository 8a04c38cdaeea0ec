"""Read and compare one API with its stages, and keep nothing of them but what differs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from reconciler.deadline import limited_time
from reconciler.diagnostics import Diagnostic
from reconciler.engine.deploy.compare_stages import (
    StageComparison,
    StageFailure,
    compare_target_stages,
    stage_warnings,
    undeployed_changes,
)
from reconciler.engine.drift.target import ignored_responses, target_drift
from reconciler.engine.load.request import Request
from reconciler.engine.read.connect import ReadFailure, target_failure
from reconciler.engine.read.read import TargetReader
from reconciler.engine.read.target import ReadRequest, TargetState, with_site
from reconciler.engine.read.watch import Watch, stopped, target_timed_out
from reconciler.errors import Interrupted, ReconcilerError, UsageError, internal_error
from reconciler.findings import StageDrift, TargetDrift, summarise_drift
from reconciler.fleet.ignored import IgnoredResponses
from reconciler.lint import replaced_integrations
from reconciler.models.desired import Desired
from reconciler.models.targets import Target


@dataclass(frozen=True, slots=True)
class ComparedTarget:
    """The drift of an API and of its stages, the stages that could not be compared, and the warnings about all this.

    `ignored` is what ignore rules leave out of the draft.
    """

    drift: TargetDrift
    stages: tuple[StageDrift, ...] = ()
    lost: tuple[StageFailure, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    ignored: tuple[IgnoredResponses, ...] = ()


class TargetComparer:
    """Compares the targets of a run, in any thread. Whatever goes wrong with one of them is that target's failure."""

    def __init__(self, request: Request, reader: TargetReader, watch: Watch, expected: Iterable[ReadRequest]) -> None:
        self._request = request
        self._reader = reader
        self._watch = watch
        self._manifests = {read_request.target: read_request.desired.manifests for read_request in expected}
        self._outcomes: dict[Target, ComparedTarget | ReadFailure] = {}
        self._timed_out = target_timed_out(request)

    def outcome(self, read_request: ReadRequest) -> ComparedTarget | ReadFailure:
        """Read and compare a target. Raises UsageError for ignore rules that take too long to evaluate."""
        outcome = self._outcomes[read_request.target] = self._timed(read_request)
        return outcome

    def outcomes(self, failure: ReconcilerError) -> list[ComparedTarget | ReadFailure]:
        """Return the outcome of every target; `failure` is that of the targets which have none yet."""
        done = self._outcomes.copy()
        return [
            done.get(target) or target_failure([Desired(manifests, {}, {})], failure, target)
            for target, manifests in self._manifests.items()
        ]

    def _timed(self, read_request: ReadRequest) -> ComparedTarget | ReadFailure:
        stopwatch = self._watch.start(read_request)
        with limited_time(self._request.target_timeout, stopwatch.started, self._timed_out):
            outcome = self._attempt(read_request)
        if isinstance(outcome, ReadFailure):
            stopwatch.stop(outcome.failure.message)
            return outcome
        summary = summarise_drift((outcome.drift,), len(outcome.lost), outcome.stages)
        seconds, usage = stopwatch.stop(counts=summary.counts)
        return replace(outcome, drift=replace(outcome.drift, seconds=seconds, usage=usage))

    def _attempt(self, read_request: ReadRequest) -> ComparedTarget | ReadFailure:
        try:
            self._watch.check()
            state = self._reader.read(read_request)
            return state if isinstance(state, ReadFailure) else compare_target(state, self._request)
        except UsageError:
            raise
        except Interrupted:
            failure: ReconcilerError = stopped()
        except ReconcilerError as error:
            failure = error
        except Exception as bug:  # noqa: BLE001 - one API must not hide the findings of a thousand others
            failure = internal_error(bug)
        return target_failure([read_request.desired], failure, read_request.target)


def compare_target(state: TargetState, request: Request) -> ComparedTarget:
    """Compare an API, and its stages where the request says so. Raises Interrupted."""
    outcomes = compare_target_stages(state, request) if request.compares_stages else ()
    compared = [outcome for outcome in outcomes if isinstance(outcome, StageComparison)]
    return ComparedTarget(
        target_drift(state),
        tuple(drift for stage in compared if (drift := stage.drift)),
        tuple(outcome for outcome in outcomes if isinstance(outcome, StageFailure)),
        (*state.warnings, *_warnings(state, compared)),
        ignored_responses(state),
    )


def _warnings(state: TargetState, stages: Sequence[StageComparison]) -> tuple[Diagnostic, ...]:
    replaced = replaced_integrations(state.desired, state.live, state.settings.severities)
    return (*with_site(replaced, state.live.target), *stage_warnings(stages), *undeployed_changes(stages))
