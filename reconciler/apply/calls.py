"""Send one action as a call to AWS, and settle its result if the answer was lost.

Calls that are safe to repeat (a put, a merge, a delete) are sent once here, because the writer retries them; if the
answer is lost all the same, a second read decides. Calls that add something are sent again only after a second read has
shown that nothing of that name exists, and at most twice.
"""

import enum
from typing import Protocol

from reconciler.apply.outcomes import ActionResult, ResultDetail
from reconciler.errors import AnswerLost, AwsError, Conflict, Interrupted, Unreachable
from reconciler.ports import StopSignal

_MOST_SENT = 3


class ObservedEffect(enum.Enum):
    """What a second read shows after a lost answer: the effect of the call, no effect, or something else."""

    TAKEN = "it took effect"
    NONE = "it took no effect"
    ANOTHER = "something else is in its place"


class ActionCall(Protocol):
    """The call of one action. Failures are AwsErrors."""

    @property
    def adds(self) -> bool:
        """Whether AWS refuses a repeated call (Conflict) or may carry it out twice."""

    def send(self) -> bool:
        """Make the change; return False if there was nothing left to change."""

    def effect(self) -> ObservedEffect:
        """Read the object of the call again."""


def outcome(call: ActionCall, stop: StopSignal) -> ResultDetail:
    """Send the call, and settle its result if the answer is lost."""
    try:
        return _add(call, stop) if call.adds else _send(call)
    except Interrupted:
        return ActionResult.NOT_RUN, "stopped on request"
    except AwsError as failure:
        return ActionResult.FAILED, str(failure)


def _send(call: ActionCall) -> ResultDetail:
    try:
        sent = call.send()
    except Unreachable:
        raise
    except AnswerLost as failure:
        return _settled(call, failure)[0]
    return (ActionResult.APPLIED, "") if sent else (ActionResult.SKIPPED, "it was already deleted")


def _add(call: ActionCall, stop: StopSignal) -> ResultDetail:
    lost_before = False
    for remaining in reversed(range(_MOST_SENT)):
        try:
            call.send()
        except Unreachable:
            raise
        except AnswerLost as failure:
            result, effect = _settled(call, failure)
            if effect is not ObservedEffect.NONE or not remaining or stop.is_set():
                return result
            lost_before = True
        except Conflict as refused:
            result, effect = _settled(call, refused)
            if effect is not ObservedEffect.TAKEN:
                raise
            return result if lost_before else (ActionResult.SKIPPED, "someone else created it in the meantime")
        else:
            break
    return ActionResult.APPLIED, ""


def _settled(call: ActionCall, failure: AwsError) -> tuple[ResultDetail, ObservedEffect | None]:
    """Return the result that a second read shows; unknown and None if that fails too."""
    try:
        effect = call.effect()
    except (AwsError, Interrupted) as second:
        return (ActionResult.UNKNOWN, f"{failure.message}, and reading again failed too: {second}"), None
    if effect is ObservedEffect.TAKEN:
        return (ActionResult.APPLIED, "the answer was lost; a second read shows that the call took effect"), effect
    return (ActionResult.FAILED, f"{failure}; a second read shows that {effect.value}"), effect
