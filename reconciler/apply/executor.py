"""All actions of one API, in order.

Promise: see the package.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from reconciler.apply.calls import ActionCall, outcome
from reconciler.apply.outcomes import Outcome, Result
from reconciler.apply.rest import RestCall
from reconciler.apply.websocket import WebSocketCall
from reconciler.errors import JournalError
from reconciler.models.targets import Target
from reconciler.plan.actions import Action, DeleteToReplace, RestAction
from reconciler.ports import Reader, RunLog, StopSignal, Writer

_DELETED: Final = "what it was to replace is deleted already; the next plan sees to it"


@dataclass(frozen=True, slots=True)
class Executor:
    """Carries out the actions of one target."""

    target: Target
    reader: Reader
    writer: Writer
    log: RunLog
    stop: StopSignal

    def run(self, actions: Iterable[tuple[str, Action]]) -> Iterator[Outcome]:
        """Every action's outcome, in order."""
        halted, deleted = "", None
        for action_id, action in actions:
            if not halted and self.stop.is_set():
                halted = "stopped on request"
            became = Outcome(action_id, action, Result.NOT_RUN, halted) if halted else self._logged(action_id, action)
            if became.is_done:
                deleted = action.key if isinstance(action, DeleteToReplace) else None
            elif not halted:
                halted = became.detail if became.result is Result.NOT_RUN else f"after {action_id} {became.result}"
            halted = halted or became.unlogged
            is_half_done = not became.is_done and action.key == deleted
            yield replace(became, detail=f"{became.detail}; {_DELETED}") if is_half_done else became

    def _logged(self, action_id: str, action: Action) -> Outcome:
        try:
            self.log.started(self.target, action_id, action.address)
        except JournalError as failure:
            return Outcome(action_id, action, Result.NOT_RUN, str(failure))
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
