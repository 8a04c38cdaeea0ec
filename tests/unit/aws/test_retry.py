"""Retries: when a call is retried, how long it waits, and which error it ends in."""

import random
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import botocore.exceptions as boto
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler import errors
from reconciler.aws import calls
from reconciler.aws.calls import ApiCall, CallEffect, Destination
from reconciler.aws.clock import BoundedClock
from reconciler.aws.failures import InvalidResponse
from reconciler.aws.rate_limit import RateLimiters
from reconciler.aws.retry import ApiCaller, CallAttempts
from reconciler.deadline import limited_time
from reconciler.meter import CallMeter
from reconciler.models.keys import MethodKey
from reconciler.models.targets import ResponseRef
from reconciler.ports import Usage
from support.clock import FakeClock

DESTINATION = Destination("123456789012", "eu-west-1", "aws", "https://apigateway.eu-west-1.amazonaws.com")
REF = ResponseRef("a1b2c3", "x1y2z3", MethodKey("/pets/{petId}", "GET"), "404")
READ = calls.integration_response(DESTINATION, REF, "GetIntegrationResponse", CallEffect.READS)
PUT = calls.integration_response(DESTINATION, REF, "PutIntegrationResponse", CallEffect.SETS)
DELETE = calls.integration_response(DESTINATION, REF, "DeleteIntegrationResponse", CallEffect.DELETES)
ADD = calls.method_response(DESTINATION, REF, "PutMethodResponse", CallEffect.ADDS)

Attempt: TypeAlias = Callable[[ApiCall], str]
"""One attempt: returns the response or raises what boto3 raises."""


@dataclass
class StoppingClock(FakeClock):
    """A clock whose sleep number `naps_until_stop` is ended by Ctrl-C."""

    stop: threading.Event = field(default_factory=threading.Event)
    naps_until_stop: int = 1_000

    def sleep(self, seconds: float) -> None:
        """Record the sleep and return at once."""
        super().sleep(seconds)
        if len(self.naps) >= self.naps_until_stop:
            self.stop.set()


def answer(_: ApiCall) -> str:
    """Return what AWS returns on success."""
    return "done"


def refusal(status: int, code: str, text: str = "", retry_after: str = "") -> Attempt:
    """Return an attempt that ends in an error response."""

    def raise_it(call: ApiCall) -> str:
        headers = {"retry-after": retry_after} if retry_after else {}
        response: Any = {
            "Error": {"Code": code, "Message": text},
            "ResponseMetadata": {"HTTPStatusCode": status, "HTTPHeaders": headers},
        }
        raise boto.ClientError(response, call.operation)

    return raise_it


def failing(error: Exception) -> Attempt:
    """Return an attempt that raises this error."""

    def raise_it(_: ApiCall) -> str:
        raise error

    return raise_it


throttled = refusal(429, "TooManyRequestsException", "Too Many Requests")
collided = refusal(
    409,
    "ConflictException",
    "Unable to complete operation due to concurrent modification. Please try again later.",
)
broken = refusal(500, "InternalFailure")
absent = refusal(404, "NotFoundException", "Invalid Response status code specified")
denied = refusal(403, "AccessDeniedException", "not authorized")
dropped = failing(boto.ConnectionClosedError(endpoint_url="https://x"))
timed_out = failing(boto.ReadTimeoutError(endpoint_url="https://x"))
unreachable = failing(boto.EndpointConnectionError(endpoint_url="https://x"))
cut_off = failing(InvalidResponse(200, "the body is truncated"))


@dataclass
class Sent:
    """The outcome of a call."""

    clock: StoppingClock
    count: int = 0
    lost: bool = False
    result: str | BaseException = ""
    meter: CallMeter = field(default_factory=CallMeter)
    signing: Callable[[], AbstractContextManager[None]] = nullcontext


def send_call(call: ApiCall, *outcomes: Attempt, clock: StoppingClock | None = None, sent: Sent | None = None) -> Sent:
    """Send a call whose attempts end like these; the last outcome repeats."""
    sent = sent or Sent(clock or StoppingClock())
    limiter = RateLimiters(sent.clock, sent.clock.stop, None).unlimited()
    rng = random.Random(1)  # noqa: S311 - spreads retries
    caller = ApiCaller(DESTINATION, limiter, sent.clock, sent.clock.stop, rng, sent.meter, sent.signing)
    attempts = CallAttempts(caller, call)

    def send() -> str:
        sent.count += 1
        return outcomes[min(sent.count, len(outcomes)) - 1](call)

    try:
        sent.result = attempts.send(send)
    except (errors.ReconcilerError, LookupError) as error:
        sent.result = error
    sent.lost = attempts.lost
    return sent


def outcome(sent: Sent) -> tuple[int, type | str]:
    """Return how often the call was sent, and its result or the type of its error."""
    return sent.count, sent.result if isinstance(sent.result, str) else type(sent.result)


@pytest.mark.parametrize("passing", [throttled, collided, broken, dropped, timed_out, unreachable, cut_off])
def test_passing_failure_is_retried(passing: Attempt) -> None:
    """A failure that another attempt overcomes never reaches the caller."""
    assert (3, "done") == outcome(send_call(PUT, passing, passing, answer))


@pytest.mark.parametrize(
    ("lasting", "expected"),
    [
        (throttled, (8, errors.Throttled)),
        (collided, (8, errors.Conflict)),
        (broken, (5, errors.AnswerLost)),
        (dropped, (5, errors.AnswerLost)),
        (cut_off, (5, errors.UnreadableAnswer)),
        (unreachable, (5, errors.Unreachable)),
    ],
)
def test_lasting_failure_ends(lasting: Attempt, expected: tuple[int, type]) -> None:
    """Attempts are limited, and the error says what the failure was."""
    assert expected == outcome(send_call(PUT, lasting))


@pytest.mark.parametrize(
    ("lasting", "expected"),
    [
        (refusal(409, "ConflictException", "Response already exists for this resource"), errors.Conflict),
        (refusal(429, "LimitExceededException", "Maximum number of Resources reached"), errors.QuotaExceeded),
        (refusal(429, "LimitExceededException", "Some other limit"), errors.QuotaExceeded),
        (refusal(400, "BadRequestException", "Invalid mapping expression specified"), errors.BadRequest),
        (denied, errors.AccessDenied),
        (failing(boto.NoCredentialsError()), errors.CredentialsError),
    ],
)
def test_permanent_refusal_is_sent_once(lasting: Attempt, expected: type) -> None:
    """Permanent refusals are not retried."""
    assert (1, expected) == outcome(send_call(PUT, lasting))


def test_unreachable_reads_fail_fast() -> None:
    """When nothing answers, a read gives up after three attempts with short delays."""
    sent = send_call(READ, unreachable)

    assert (3, errors.Unreachable, True) == (*outcome(sent), sum(sent.clock.naps) < 3)


def test_bug_is_not_retried() -> None:
    """An exception that AWS cannot cause is raised unchanged, at once."""
    assert (1, LookupError) == outcome(send_call(PUT, failing(LookupError("ours"))))


def test_retry_after_is_honoured() -> None:
    """AWS's Retry-After is the minimum delay, in seconds."""
    sent = send_call(PUT, refusal(429, "TooManyRequestsException", retry_after="17"), answer)

    assert [17.0] == sent.clock.naps


def test_quota_error_with_retry_after_is_throttling() -> None:
    """LimitExceededException with Retry-After is retried."""
    sent = send_call(PUT, refusal(429, "LimitExceededException", "Rate exceeded", retry_after="2"), answer)

    assert (2, "done") == outcome(sent)


def test_every_attempt_is_counted() -> None:
    """Retries are calls of the same API, and every 429 is a throttle."""
    sent = send_call(PUT, throttled, broken, throttled, answer)

    assert (Usage(4, 2), Usage(4, 2)) == (sent.meter.usage("a1b2c3"), sent.meter.usage())


def test_quota_of_resources_is_no_throttle() -> None:
    """LimitExceededException without Retry-After comes with 429 too, but slowing down does not help."""
    sent = send_call(PUT, refusal(429, "LimitExceededException", "Maximum number of Resources reached"))

    assert Usage(1, 0) == sent.meter.usage()


def test_too_long_retry_after_is_not_waited_for() -> None:
    """If AWS asks for more than a minute, the call fails and says so."""
    sent = send_call(PUT, refusal(429, "TooManyRequestsException", retry_after="3600"))

    assert "(AWS asks to wait 3600 s, the limit is 60 s)" in str(sent.result)


@pytest.mark.parametrize("nonsense", ["soon", "-5", "nan", "inf", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_unusable_retry_after_is_ignored(nonsense: str) -> None:
    """A Retry-After that is not a number of seconds leaves the usual delay."""
    sent = send_call(PUT, refusal(429, "TooManyRequestsException", retry_after=nonsense), answer)

    assert [True] == [nap <= 0.5 for nap in sent.clock.naps]


def test_waiting_in_total_is_limited() -> None:
    """Whatever AWS asks for, one call waits for no more than two minutes."""
    sent = send_call(PUT, refusal(429, "TooManyRequestsException", retry_after="50"))

    assert [50.0, 50.0] == sent.clock.naps


def test_time_in_attempts_counts() -> None:
    """The time of slow attempts counts towards the same two minutes."""
    clock = StoppingClock()

    def slow(_: ApiCall) -> str:
        clock.time += 50
        raise boto.ReadTimeoutError(endpoint_url="https://x")

    assert (3, errors.AnswerLost) == outcome(send_call(READ, slow, clock=clock))


@pytest.mark.parametrize("lost", [broken, dropped, timed_out, cut_off])
def test_addition_is_not_retried_after_a_lost_response(lost: Attempt) -> None:
    """PutMethodResponse would be refused if it had taken effect: its caller has to read back."""
    sent = send_call(ADD, lost, answer)

    assert (1, True) == (sent.count, isinstance(sent.result, errors.AnswerLost))


@pytest.mark.parametrize("refused", [throttled, collided, unreachable])
def test_addition_is_retried_after_a_refusal(refused: Attempt) -> None:
    """An attempt that certainly had no effect is retried for every call."""
    assert (2, "done") == outcome(send_call(ADD, refused, answer))


@pytest.mark.parametrize("last", [throttled, unreachable, denied, collided])
def test_write_with_a_lost_attempt_stays_in_doubt(last: Attempt) -> None:
    """Whatever the last attempt returned, an earlier one may have taken effect."""
    sent = send_call(PUT, dropped, last)

    assert errors.AnswerLost is type(sent.result)


def test_read_with_a_lost_attempt_is_not_in_doubt() -> None:
    """A read changes nothing: its last response counts."""
    assert (2, errors.AccessDenied) == outcome(send_call(READ, dropped, denied))


def test_unreachable_is_certainly_without_effect() -> None:
    """A write that never reached AWS is not a lost response."""
    assert not send_call(PUT, unreachable).lost


def test_404_resolves_a_lost_deletion() -> None:
    """After a lost attempt, NotFound shows that the response is deleted; `lost` that we deleted it."""
    sent = send_call(DELETE, dropped, absent)

    assert (2, True, True) == (sent.count, isinstance(sent.result, errors.NotFound), sent.lost)


def test_stop_ends_the_delay_before_a_retry() -> None:
    """After Ctrl-C during a delay nothing more is sent."""
    sent = send_call(PUT, throttled, clock=StoppingClock(naps_until_stop=1))

    assert (1, errors.Interrupted) == outcome(sent)


def test_stop_leaves_a_lost_write_in_doubt() -> None:
    """After Ctrl-C, a write with a lost response is reported as one that may have taken effect."""
    sent = send_call(PUT, dropped, clock=StoppingClock(naps_until_stop=1))

    assert (1, errors.AnswerLost) == outcome(sent)


def test_stop_before_the_first_attempt_sends_nothing() -> None:
    """After Ctrl-C no call starts."""
    clock = StoppingClock()
    clock.stop.set()

    assert (0, errors.Interrupted) == outcome(send_call(PUT, answer, clock=clock))


def test_message_names_operation_and_object() -> None:
    """The message has operation, verb, path, status, API, account and region; status, code and text of the response."""
    sent = send_call(PUT, refusal(409, "ConflictException", "Response already exists for this resource"))

    assert (
        "PutIntegrationResponse for integration response GET /pets/{petId} 404 of REST API a1b2c3 "
        "(account 123456789012, eu-west-1): "
        "HTTP 409 ConflictException: Response already exists for this resource"
    ) == str(sent.result)


def test_write_in_doubt_stays_in_doubt_without_credentials() -> None:
    """If nobody may sign the next attempt, a lost one may have taken effect; without one, the refusal counts."""

    def refuse() -> AbstractContextManager[None]:
        if sent.count:
            raise errors.AccessDenied("the role may not be assumed again")
        return nullcontext()

    sent = Sent(StoppingClock(), signing=refuse)
    lost = outcome(send_call(PUT, dropped, sent=sent))
    sent = Sent(StoppingClock(), signing=refuse)
    refused = outcome(send_call(PUT, throttled, sent=sent))

    assert ((1, errors.AnswerLost), (1, errors.AccessDenied)) == (lost, refused)


def test_refused_credentials_leave_no_trace() -> None:
    """AWS quotes the session token after a bad signature: neither message nor traceback has it."""
    text = "The signature does not match.\n\nThe canonical request: x-amz-security-token:SECRET"
    sent = send_call(READ, refusal(403, "InvalidSignatureException", text))
    error = sent.result

    assert isinstance(error, errors.CredentialsError)
    assert ("SECRET" in str(error), error.__cause__, error.__suppress_context__) == (False, None, True)


@settings(max_examples=60, deadline=None)
@given(
    call=st.sampled_from([READ, PUT, DELETE, ADD]),
    outcomes=st.lists(
        st.sampled_from([answer, throttled, collided, broken, dropped, unreachable, cut_off, absent, denied]),
        min_size=1,
        max_size=12,
    ),
)
def test_lost_writes_never_look_certain(call: ApiCall, outcomes: list[Attempt]) -> None:
    """A write with a lost attempt ends with a response, a 404 for a deletion, or AnswerLost; never in another error."""
    sent = send_call(call, *outcomes)
    settled = isinstance(sent.result, str) or (call is DELETE and isinstance(sent.result, errors.NotFound))

    assert not sent.lost or call is READ or settled or isinstance(sent.result, errors.AnswerLost)
    assert sent.count <= 8


def test_retries_end_at_the_deadline() -> None:
    """The wait is cut short, nothing is sent after it, and the message says what the last answer was."""
    clock = FakeClock()
    stop = threading.Event()
    limiter = RateLimiters(clock, stop, None).unlimited()
    caller = ApiCaller(DESTINATION, limiter, BoundedClock(clock), stop, random.Random(0), CallMeter())  # noqa: S311 - jitter
    sent: list[float] = []

    def send() -> str:
        sent.append(clock.time)
        return refusal(429, "TooManyRequestsException", "Too Many Requests", retry_after="50")(READ)

    with limited_time(60.0, clock.time, errors.TimedOut("late")), pytest.raises(errors.TimedOut) as raised:
        caller.call(READ, send)

    assert ([0.0, 50.0], 60.0) == (sent, clock.time)
    assert "late (the last answer was: HTTP 429 TooManyRequestsException: Too Many Requests)" == raised.value.message


@pytest.mark.parametrize(("call", "expected"), [(READ, errors.TimedOut), (PUT, errors.AnswerLost)])
def test_a_write_that_runs_out_of_time_may_have_taken_effect(call: ApiCall, expected: type[errors.AwsError]) -> None:
    """After a lost answer a deadline says nothing about the effect; a read has none."""
    clock = FakeClock()
    stop = threading.Event()
    limiter = RateLimiters(clock, stop, None).unlimited()
    caller = ApiCaller(DESTINATION, limiter, BoundedClock(clock), stop, random.Random(0), CallMeter())  # noqa: S311 - jitter

    def send() -> str:
        clock.time += 0.4
        return refusal(500, "InternalServerError")(call)

    with limited_time(0.5, clock.time, errors.TimedOut("late")), pytest.raises(expected):
        caller.call(call, send)


def test_a_call_that_the_rate_limit_would_admit_too_late_is_never_sent() -> None:
    """It fails without a wait."""
    clock = FakeClock()
    stop = threading.Event()
    limiter = RateLimiters(clock, stop, 1.0).limiter("123456789012", "eu-west-1")
    caller = ApiCaller(DESTINATION, limiter, BoundedClock(clock), stop, random.Random(0), CallMeter())  # noqa: S311 - jitter
    for _ in range(40):
        caller.call(READ, lambda: answer(READ))
    with limited_time(0.05, clock.time, errors.TimedOut("late")), pytest.raises(errors.TimedOut, match=r"^late$"):
        caller.call(READ, lambda: pytest.fail("it was sent"))

    assert 0.0 == clock.time
