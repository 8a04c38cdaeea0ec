"""Work out what a client gets for a test, and keep it with how it compares."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from reconciler.engine.response_tests.compare import AnswerComparison, Outcome, compare
from reconciler.engine.response_tests.live_result import LiveResult
from reconciler.engine.response_tests.prepare import ReadyTest
from reconciler.mapping.answer.answer import Answer
from reconciler.mapping.answer.respond import respond
from reconciler.models.responses import Response, RestResponse, WebSocketResponse


@dataclass(frozen=True, slots=True)
class ResponseTestResult:
    """What a client gets in one environment, and how it compares.

    `live`: the same in AWS, for each region; nothing without `test --live`.
    """

    ready: ReadyTest
    answer: Answer
    comparison: AnswerComparison
    live: tuple[LiveResult, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """Whether the test has passed, offline and live; a live test that was skipped has no say."""
        outcomes = {self.comparison.result, *(live.outcome for live in self.live)}
        if "failed" in outcomes:
            return "failed"
        return "unknown" if "unknown" in outcomes else "passed"


def answer_of(ready: ReadyTest, responses: Mapping[str, Response]) -> Answer:
    """Return what the client of a test gets from these responses of its method. Raises ImpossibleBackend."""
    # All responses of a method are of one kind
    of_one_kind = cast("Mapping[str, RestResponse] | Mapping[str, WebSocketResponse]", responses)
    return respond(of_one_kind, ready.test.exchange)


def result_of(ready: ReadyTest) -> ResponseTestResult:
    """Work out what a client gets, and compare it. Raises ImpossibleBackend."""
    test = ready.test
    answer = answer_of(ready, ready.responses)
    comparison = compare(test.expected, answer, is_json_value=test.is_value(answer.body))
    return ResponseTestResult(ready, answer, comparison)
