"""What a test comes to when it is called live."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from reconciler.engine.response_tests.compare import AnswerComparison, Expected, Outcome, compare
from reconciler.engine.response_tests.live_causes import Cause, LiveDifference
from reconciler.mapping.answer.answer import Answer
from reconciler.models.targets import Target

LiveOutcome: TypeAlias = Outcome | Literal["skipped"]

NOTHING_COMPARED: Final = AnswerComparison()

_NOT_THE_ANSWER: Final[frozenset[Cause]] = frozenset({"context"})
"""Causes of differences that say nothing against the API: no call has the request id that a test states."""


@dataclass(frozen=True, slots=True)
class LiveResult:
    """One test in one account and region.

    `why`, a sentence part, says why there is no `answer`: the test was skipped, or its answer is unknown.
    `comparison`: AWS's answer against what the test expects. `latency` is in milliseconds.
    """

    outcome: LiveOutcome
    target: Target | None = None
    why: str = ""
    answer: Answer | None = None
    comparison: AnswerComparison = NOTHING_COMPARED
    differences: tuple[LiveDifference, ...] = ()
    latency: int = 0


def skipped(why: str) -> LiveResult:
    """Return the result of a test that cannot be called live; it fails no run."""
    return LiveResult("skipped", why=why)


def unanswered(target: Target | None, why: str) -> LiveResult:
    """Return the result of a call that has no answer, which is no pass."""
    return LiveResult("unknown", target, why)


def answered(  # noqa: PLR0913 - the parts of a result
    target: Target,
    expected: Expected,
    answer: Answer,
    differences: Iterable[LiveDifference],
    latency: int,
    *,
    is_json_value: bool,
) -> LiveResult:
    """Return the result of a call that was answered.

    It fails if the offline pipeline is wrong, and if AWS's answer is not what the test expects, unless that is
    because no call has the test's `$context`.
    """
    differences = tuple(differences)
    causes = {difference.path.lower(): difference.cause for difference in differences}
    compared = compare(replace(expected, unknown=()), answer, is_json_value=is_json_value)
    comparison = replace(
        compared, differences=tuple(each for each in compared.differences if _counts(each.path, causes))
    )
    outcome: LiveOutcome = "failed" if "reconciler" in causes.values() else comparison.result
    return LiveResult(outcome, target, "", answer, comparison, differences, latency)


def _counts(path: str, causes: Mapping[str, Cause]) -> bool:
    return causes.get(path.lower()) not in _NOT_THE_ANSWER
