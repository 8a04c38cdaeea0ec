"""Run a plan's actions, one API's after another, and tell of each what became of it.

Promise: actions run in the plan's order; the first that fails stops the rest of its API, which are then `not-run`. A
write whose answer was lost is settled by re-reading that one response, so `unknown` is said only when that fails too. A
request to stop is heeded between calls, never within one. Nothing is decided here: what is not in the plan is not done.
"""

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

from reconciler.errors import AnswerLost, AwsError, Conflict, Interrupted, NotFound, Unreachable
from reconciler.models.keys import IntegrationKey, MethodKey
from reconciler.models.targets import ResponseRef, Target
from reconciler.plan.actions import (
    Action,
    CreateMethodResponse,
    CreateResponse,
    DeleteResponse,
    ExtendMethodResponse,
    ParkResponse,
    UpdateResponse,
)
from reconciler.ports import Reader, RunLog, StopSignal, Writer

# A lost answer to a call that may not be repeated blindly: re-read, and only if it took no effect send it again.
_SETTLED_TRIES = 3


class Result(enum.StrEnum):
    """What became of an action."""

    APPLIED = "applied"
    SKIPPED = "skipped"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_RUN = "not-run"


@dataclass(frozen=True, slots=True)
class Outcome:
    """An action's result; `detail` says why where it is not simply applied."""

    action_id: str
    action: Action
    result: Result
    detail: str = ""

    @property
    def is_done(self) -> bool:
        """Whether AWS now holds what the action was for."""
        return self.result in {Result.APPLIED, Result.SKIPPED}


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
        halted = ""
        for action_id, action in actions:
            if not halted and self.stop.is_set():
                halted = "stopped on request"
            if halted:
                yield Outcome(action_id, action, Result.NOT_RUN, halted)
                continue
            outcome = self._logged(action_id, action)
            yield outcome
            if outcome.result is Result.NOT_RUN:
                halted = outcome.detail
            elif not outcome.is_done:
                halted = f"after {action_id} {outcome.result}"

    def _logged(self, action_id: str, action: Action) -> Outcome:
        self.log.started(self.target, action_id, action.address)
        result, detail = self._outcome(action)
        self.log.finished(self.target, action_id, result, detail)
        return Outcome(action_id, action, result, detail)

    def _outcome(self, action: Action) -> tuple[Result, str]:
        try:
            return self._write(action)
        except Interrupted:
            return Result.NOT_RUN, "stopped on request"
        except Unreachable as failure:
            return Result.FAILED, str(failure)
        except AnswerLost as lost:
            return self._settle(action, lost)
        except AwsError as failure:
            return Result.FAILED, str(failure)

    def _write(self, action: Action) -> tuple[Result, str]:
        ref = self._ref(action)
        match action:
            case CreateResponse() | UpdateResponse() | ParkResponse():
                self.writer.put_response(ref, action.after)
                return Result.APPLIED, ""
            case DeleteResponse():
                if self.writer.delete_response(ref):
                    return Result.APPLIED, ""
                return Result.SKIPPED, "it was gone already"
            case CreateMethodResponse() | ExtendMethodResponse():
                return self._declare(action, ref)
            case _:
                assert_never(action)

    def _declare(self, action: CreateMethodResponse | ExtendMethodResponse, ref: ResponseRef) -> tuple[Result, str]:
        for remaining in reversed(range(_SETTLED_TRIES)):
            try:
                self._send_declaration(action, ref)
            except Conflict as refused:
                settled, _ = self._settle(action, refused)
                if settled is Result.APPLIED:
                    return Result.SKIPPED, "somebody declared it meanwhile"
                raise
            except Unreachable:
                raise
            except AnswerLost as lost:
                settled, detail = self._settle(action, lost)
                if settled is not Result.FAILED or not remaining or self.stop.is_set():
                    return settled, detail
            else:
                break
        return Result.APPLIED, ""

    def _send_declaration(self, action: CreateMethodResponse | ExtendMethodResponse, ref: ResponseRef) -> None:
        match action:
            case CreateMethodResponse():
                self.writer.put_method_response(ref, action.parameters)
            case ExtendMethodResponse():
                self.writer.add_parameters(ref, action.parameters)
            case _:
                assert_never(action)

    def _settle(self, action: Action, lost: AwsError) -> tuple[Result, str]:
        """Applied, failed, or unknown where re-reading fails too."""
        try:
            took_effect = self._took_effect(action)
        except (AwsError, Interrupted) as failure:
            return Result.UNKNOWN, f"{lost.message}, and re-reading failed as well: {failure}"
        if took_effect:
            return Result.APPLIED, "its answer was lost; re-reading shows that it took effect"
        return Result.FAILED, f"{lost}; re-reading shows that it took no effect"

    def _took_effect(self, action: Action) -> bool:
        ref = self._ref(action)
        match action:
            case CreateResponse() | UpdateResponse() | ParkResponse():
                return self.reader.response(ref) == action.after
            case DeleteResponse():
                return self._is_gone(ref)
            case CreateMethodResponse() | ExtendMethodResponse():
                found = self.reader.method_response(ref)
                return found is not None and found.parameters.issuperset(action.parameters)
            case _:
                assert_never(action)

    def _is_gone(self, ref: ResponseRef) -> bool:
        try:
            return self.reader.response(ref) is None
        except NotFound:  # method or resource went too, and the response with them
            return True

    def _ref(self, action: Action) -> ResponseRef:
        match action.key.scope:
            case MethodKey() as scope:
                return ResponseRef(self.target.api_id, action.resource_id, scope, action.key.code)
            case IntegrationKey() as scope:
                raise TypeError(scope)  # these actions are of REST APIs only
