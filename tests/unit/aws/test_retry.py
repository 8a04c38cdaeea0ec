"""The door: when a call is repeated, how long it waits, and what its failure is called."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import botocore.exceptions as boto
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler import errors
from reconciler.aws import calls
from reconciler.aws.calls import ApiCall, CallEffect, Destination
from reconciler.aws.failures import InvalidResponse
from reconciler.aws.rate_limit import RateLimiters
from reconciler.aws.retry import ApiCaller, CallAttempts
from reconciler.models.keys import MethodKey
from reconciler.models.targets import ResponseRef
from support.clock import FakeClock

PLACE = Destination("123456789012", "eu-west-1", "aws", "https://apigateway.eu-west-1.amazonaws.com")
REF = ResponseRef("a1b2c3", "x1y2z3", MethodKey("/pets/{petId}", "GET"), "404")
READ = calls.integration_response(PLACE, REF, "GetIntegrationResponse", CallEffect.READS)
PUT = calls.integration_response(PLACE, REF, "PutIntegrationResponse", CallEffect.SETS)
DELETE = calls.integration_response(PLACE, REF, "DeleteIntegrationResponse", CallEffect.DELETES)
ADD = calls.method_response(PLACE, REF, "PutMethodResponse", CallEffect.ADDS)

Try: TypeAlias = Callable[[ApiCall], str]
"""One try: gives the answer or raises what boto3 raises."""


@dataclass
class StoppingClock(FakeClock):
    """The last of `naps_until_stop` sleeps is ended by Ctrl-C."""

    stop: threading.Event = field(default_factory=threading.Event)
    naps_until_stop: int = 1_000

    def sleep(self, seconds: float) -> None:
        """Note it; return at once."""
        super().sleep(seconds)
        if len(self.naps) >= self.naps_until_stop:
            self.stop.set()


def answer(_: ApiCall) -> str:
    """What AWS says when all is well."""
    return "done"


def refusal(status: int, code: str, text: str = "", retry_after: str = "") -> Try:
    """What boto3 raises for an error answer."""

    def raise_it(call: ApiCall) -> str:
        headers = {"retry-after": retry_after} if retry_after else {}
        response: Any = {
            "Error": {"Code": code, "Message": text},
            "ResponseMetadata": {"HTTPStatusCode": status, "HTTPHeaders": headers},
        }
        raise boto.ClientError(response, call.operation)

    return raise_it


def failing(error: Exception) -> Try:
    """A try that ends so."""

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
cut_off = failing(InvalidResponse(200, "the answer is cut off"))


@dataclass
class Sent:
    """A call after it was put through the door."""

    clock: StoppingClock
    count: int = 0
    lost: bool = False
    result: str | BaseException = ""


def put_through(call: ApiCall, *tries: Try, clock: StoppingClock | None = None) -> Sent:
    """Send a call whose tries end like these; the last one stands for all that follow."""
    sent = Sent(clock or StoppingClock())
    limiter = RateLimiters(sent.clock, sent.clock.stop, None).unlimited()
    attempts = CallAttempts(ApiCaller(PLACE, limiter, sent.clock, sent.clock.stop, random.Random(1)), call)  # noqa: S311 - spreads retries

    def send() -> str:
        sent.count += 1
        return tries[min(sent.count, len(tries)) - 1](call)

    try:
        sent.result = attempts.send(send)
    except (errors.ReconcilerError, LookupError) as error:
        sent.result = error
    sent.lost = attempts.lost
    return sent


def outcome(sent: Sent) -> tuple[int, type | str]:
    """How often it was sent, and what came of it."""
    return sent.count, sent.result if isinstance(sent.result, str) else type(sent.result)


@pytest.mark.parametrize("passing", [throttled, collided, broken, dropped, timed_out, unreachable, cut_off])
def test_passing_trouble_is_waited_out(passing: Try) -> None:
    """What another try mends never reaches the caller."""
    assert (3, "done") == outcome(put_through(PUT, passing, passing, answer))


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
def test_lasting_trouble_ends(lasting: Try, expected: tuple[int, type]) -> None:
    """Tries are limited, and the error says what it was."""
    assert expected == outcome(put_through(PUT, lasting))


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
def test_what_no_repeat_mends_is_sent_once(lasting: Try, expected: type) -> None:
    """Permanent refusals are not repeated."""
    assert (1, expected) == outcome(put_through(PUT, lasting))


def test_unreachable_reads_fail_fast() -> None:
    """Where nothing answers, a read gives up after three tries, with short waits."""
    sent = put_through(READ, unreachable)

    assert (3, errors.Unreachable, True) == (*outcome(sent), sum(sent.clock.naps) < 3)


def test_mistake_of_ours_is_not_repeated() -> None:
    """What no failure of AWS can be comes out as it is, at once."""
    assert (1, LookupError) == outcome(put_through(PUT, failing(LookupError("ours"))))


def test_retry_after_is_honoured() -> None:
    """AWS's Retry-After is the least wait, in seconds."""
    sent = put_through(PUT, refusal(429, "TooManyRequestsException", retry_after="17"), answer)

    assert [17.0] == sent.clock.naps


def test_quota_answer_that_asks_to_wait_is_throttling() -> None:
    """LimitExceededException with a Retry-After is repeated."""
    sent = put_through(PUT, refusal(429, "LimitExceededException", "Rate exceeded", retry_after="2"), answer)

    assert (2, "done") == outcome(sent)


def test_too_long_retry_after_is_not_waited_for() -> None:
    """Asked to wait for longer than a minute, the call fails and tells so."""
    sent = put_through(PUT, refusal(429, "TooManyRequestsException", retry_after="3600"))

    assert "(AWS asks to wait 3600 s, longer than 60 s)" in str(sent.result)


@pytest.mark.parametrize("nonsense", ["soon", "-5", "nan", "inf", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_unusable_retry_after_is_ignored(nonsense: str) -> None:
    """A Retry-After that is no number of seconds leaves the usual wait."""
    sent = put_through(PUT, refusal(429, "TooManyRequestsException", retry_after=nonsense), answer)

    assert [True] == [nap <= 0.5 for nap in sent.clock.naps]


def test_waiting_in_total_is_limited() -> None:
    """However patient AWS asks us to be, one call takes no more than two minutes of waiting."""
    sent = put_through(PUT, refusal(429, "TooManyRequestsException", retry_after="50"))

    assert [50.0, 50.0] == sent.clock.naps


def test_time_in_tries_counts() -> None:
    """Tries that take half a minute each use up the same two minutes."""
    clock = StoppingClock()

    def slow(_: ApiCall) -> str:
        clock.time += 50
        raise boto.ReadTimeoutError(endpoint_url="https://x")

    assert (3, errors.AnswerLost) == outcome(put_through(READ, slow, clock=clock))


@pytest.mark.parametrize("lost", [broken, dropped, timed_out, cut_off])
def test_addition_is_not_repeated_after_a_lost_answer(lost: Try) -> None:
    """PutMethodResponse would be refused if it took effect: its caller has to look."""
    sent = put_through(ADD, lost, answer)

    assert (1, True) == (sent.count, isinstance(sent.result, errors.AnswerLost))


@pytest.mark.parametrize("refused", [throttled, collided, unreachable])
def test_addition_is_repeated_after_a_refusal(refused: Try) -> None:
    """What certainly took no effect is repeated for every call."""
    assert (2, "done") == outcome(put_through(ADD, refused, answer))


@pytest.mark.parametrize("last", [throttled, unreachable, denied, collided])
def test_write_with_a_lost_try_stays_in_doubt(last: Try) -> None:
    """Whatever the last try was told, an earlier one may have taken effect."""
    sent = put_through(PUT, dropped, last)

    assert errors.AnswerLost is type(sent.result)


def test_read_with_a_lost_try_is_not_in_doubt() -> None:
    """A read changes nothing: its last answer counts."""
    assert (2, errors.AccessDenied) == outcome(put_through(READ, dropped, denied))


def test_unreachable_is_certainly_without_effect() -> None:
    """A write that never got through is no lost answer."""
    assert not put_through(PUT, unreachable).lost


def test_deletion_that_was_lost_is_settled_by_404() -> None:
    """After a lost try, NotFound tells that the response is gone; the tries know that it was ours."""
    sent = put_through(DELETE, dropped, absent)

    assert (2, True, True) == (sent.count, isinstance(sent.result, errors.NotFound), sent.lost)


def test_stop_ends_the_wait_before_a_repeat() -> None:
    """Ctrl-C while waiting: nothing more is sent."""
    sent = put_through(PUT, throttled, clock=StoppingClock(naps_until_stop=1))

    assert (1, errors.Interrupted) == outcome(sent)


def test_stop_leaves_a_lost_write_in_doubt() -> None:
    """Ctrl-C after a lost answer: the caller hears that it may have taken effect."""
    sent = put_through(PUT, dropped, clock=StoppingClock(naps_until_stop=1))

    assert (1, errors.AnswerLost) == outcome(sent)


def test_stop_before_the_first_try_sends_nothing() -> None:
    """After Ctrl-C no call begins."""
    clock = StoppingClock()
    clock.stop.set()

    assert (0, errors.Interrupted) == outcome(put_through(PUT, answer, clock=clock))


def test_message_says_which_operation_on_what() -> None:
    """Operation, verb, path, status, API, account and region; status, code and text of the answer."""
    sent = put_through(PUT, refusal(409, "ConflictException", "Response already exists for this resource"))

    assert (
        "PutIntegrationResponse of integration response GET /pets/{petId} 404 of REST API a1b2c3 "
        "(account 123456789012, eu-west-1): "
        "HTTP 409 ConflictException: Response already exists for this resource"
    ) == str(sent.result)


def test_refused_credentials_leave_no_trace() -> None:
    """What AWS says of a bad signature quotes the session token: neither message nor traceback has it."""
    text = "The signature does not match.\n\nThe canonical request: x-amz-security-token:SECRET"
    sent = put_through(READ, refusal(403, "InvalidSignatureException", text))
    error = sent.result

    assert isinstance(error, errors.CredentialsError)
    assert ("SECRET" in str(error), error.__cause__, error.__suppress_context__) == (False, None, True)


@settings(max_examples=60, deadline=None)
@given(
    call=st.sampled_from([READ, PUT, DELETE, ADD]),
    tries=st.lists(
        st.sampled_from([answer, throttled, collided, broken, dropped, unreachable, cut_off, absent, denied]),
        min_size=1,
        max_size=12,
    ),
)
def test_lost_writes_never_look_settled(call: ApiCall, tries: list[Try]) -> None:
    """A write with a lost try ends with an answer, a 404 for a deletion, or AnswerLost; never with another error."""
    sent = put_through(call, *tries)
    settled = isinstance(sent.result, str) or (call is DELETE and isinstance(sent.result, errors.NotFound))

    assert not sent.lost or call is READ or settled or isinstance(sent.result, errors.AnswerLost)
    assert sent.count <= 8
