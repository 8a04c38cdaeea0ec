"""Run all actions of one API, in order; the package describes the rules."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from reconciler.apply.calls import ActionCall, outcome
from reconciler.apply.outcomes import ActionResult, Outcome
from reconciler.apply.rest import RestCall
from reconciler.apply.websocket import WebSocketCall
from reconciler.errors import JournalError
from reconciler.models.targets import Target
from reconciler.plan.actions import Action, DeleteToReplace, RestAction
from reconciler.ports import Reader, RunLog, StopSignal, Writer

_DELETED: Final = "the response that it replaces is already deleted; the next plan creates it"


@dataclass(frozen=True, slots=True)
class Executor:
    """Runs the actions of one target."""

    target: Target
    reader: Reader
    writer: Writer
    log: RunLog
    stop: StopSignal

    def run(self, actions: Iterable[tuple[str, Action]]) -> Iterator[Outcome]:
        """Run the actions and yield their outcomes, in order."""
        halted, deleted = "", None
        for action_id, action in actions:
            if not halted and self.stop.is_set():
                halted = "stopped on request"
            finished = (
                Outcome(action_id, action, ActionResult.NOT_RUN, halted) if halted else self._logged(action_id, action)
            )
            if finished.is_done:
                deleted = action.key if isinstance(action, DeleteToReplace) else None
            elif not halted:
                halted = (
                    finished.detail
                    if finished.result is ActionResult.NOT_RUN
                    else f"after {action_id} {finished.result}"
                )
            halted = halted or finished.unlogged
            is_half_done = not finished.is_done and action.key == deleted
            yield replace(finished, detail=f"{finished.detail}; {_DELETED}") if is_half_done else finished

    def _logged(self, action_id: str, action: Action) -> Outcome:
        try:
            self.log.started(self.target, action_id, action.address)
        except JournalError as failure:
            return Outcome(action_id, action, ActionResult.NOT_RUN, str(failure))
        result, detail = outcome(self._call(action), self.stop)
        try:
            self.log.finished(self.target, action_id, result, detail)
        except JournalError as failure:
            return Outcome(action_id, action, result, detail, unlogged=str(failure))
        return Outcome(action_id, action, result, detail)

    def _call(self, action: Action) -> ActionCall:
        if isinstance(action, RestAction):
            return RestCall(self.target, self.reader, self.writer, action)
        return WebSocketCall(self.target, self.reader, self.writer, action)
