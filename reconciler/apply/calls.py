"""One action as a call to AWS: sent, and settled where its answer was lost.

Promise: what may be repeated blindly (a put, a merge, a delete) is sent once here, the writer having repeated it as
often as makes sense; if its answer was lost all the same, re-reading decides. What adds something is sent again only
after re-reading has shown that nothing of that name is there, and at most twice.
"""

import enum
from typing import Protocol

from reconciler.apply.outcomes import Became, Result
from reconciler.errors import AnswerLost, AwsError, Conflict, Interrupted, Unreachable
from reconciler.ports import StopSignal

_MOST_SENT = 3


class ObservedEffect(enum.Enum):
    """What re-reading shows of a call whose answer was lost: what it was for, nothing of it, or something else."""

    TAKEN = "it took effect"
    NONE = "it took no effect"
    ANOTHER = "something else is in its place"


class ActionCall(Protocol):
    """One action's call. Failures are AwsErrors."""

    @property
    def adds(self) -> bool:
        """Whether AWS refuses it (Conflict), or may do it twice, where it has taken effect already."""

    def send(self) -> bool:
        """Make the change; False when there was nothing left to change."""

    def effect(self) -> ObservedEffect:
        """Re-read what the call is about."""


def outcome(call: ActionCall, stop: StopSignal) -> Became:
    """Send the call, and settle it if need be."""
    try:
        return _add(call, stop) if call.adds else _send(call)
    except Interrupted:
        return Result.NOT_RUN, "stopped on request"
    except AwsError as failure:
        return Result.FAILED, str(failure)


def _send(call: ActionCall) -> Became:
    try:
        sent = call.send()
    except Unreachable:
        raise
    except AnswerLost as lost:
        return _settled(call, lost)[0]
    return (Result.APPLIED, "") if sent else (Result.SKIPPED, "it was gone already")


def _add(call: ActionCall, stop: StopSignal) -> Became:
    lost_before = False
    for remaining in reversed(range(_MOST_SENT)):
        try:
            call.send()
        except Unreachable:
            raise
        except AnswerLost as lost:
            became, effect = _settled(call, lost)
            if effect is not ObservedEffect.NONE or not remaining or stop.is_set():
                return became
            lost_before = True
        except Conflict as refused:
            became, effect = _settled(call, refused)
            if effect is not ObservedEffect.TAKEN:
                raise
            return became if lost_before else (Result.SKIPPED, "somebody made it meanwhile")
        else:
            break
    return Result.APPLIED, ""


def _settled(call: ActionCall, failure: AwsError) -> tuple[Became, ObservedEffect | None]:
    """What became of it by what re-reading shows; unknown, and None, where that fails too."""
    try:
        effect = call.effect()
    except (AwsError, Interrupted) as second:
        return (Result.UNKNOWN, f"{failure.message}, and re-reading failed as well: {second}"), None
    if effect is ObservedEffect.TAKEN:
        return (Result.APPLIED, "its answer was lost; re-reading shows that it took effect"), effect
    return (Result.FAILED, f"{failure}; re-reading shows that {effect.value}"), effect
