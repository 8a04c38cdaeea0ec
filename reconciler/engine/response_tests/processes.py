"""Run tests in this process or in several.

Rendering is pure Python, so threads would not run at the same time. Another process takes some 20 ms to start, the time
of a hundred tests. Results come in the order of the tests, however they are run.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from reconciler.engine.response_tests.compare import AnswerComparison
from reconciler.engine.response_tests.prepare import ReadyTest
from reconciler.engine.response_tests.results import ResponseTestResult, result_of
from reconciler.mapping.answer.answer import Answer
from reconciler.mapping.answer.respond import ImpossibleBackend

MIN_TESTS: Final = 250
"""The number of tests that pay for one more process."""

Outcomes: TypeAlias = list[ResponseTestResult | ImpossibleBackend]

_shared: list[ReadyTest] = []
"""The tests of a run, which forked processes inherit: sending them would take longer than running them."""


_Sendable: TypeAlias = tuple[Answer, AnswerComparison] | ImpossibleBackend
"""An outcome without its test, which the other process has."""


def run_all(ready: Sequence[ReadyTest], processes: int) -> Outcomes:
    """Return the result of each test, or why its backend is impossible, in the order of the tests."""
    processes = min(processes, len(ready) // MIN_TESTS)
    return _run_in_processes(ready, processes) if processes > 1 else [_outcome(test) for test in ready]


def _run_in_processes(ready: Sequence[ReadyTest], processes: int) -> Outcomes:
    from multiprocessing import get_all_start_methods, get_context  # noqa: PLC0415 - few runs need them

    if "fork" not in get_all_start_methods():
        return [_outcome(test) for test in ready]
    _shared[:] = ready
    try:
        with get_context("fork").Pool(processes) as pool:
            parts = pool.map(_part, [(number, processes) for number in range(processes)])
    finally:
        _shared.clear()
    by_position = {
        position: outcome
        for number, part in enumerate(parts)
        for position, outcome in zip(range(number, len(ready), processes), part, strict=True)
    }
    return [_received(test, by_position[position]) for position, test in enumerate(ready)]


def _outcome(test: ReadyTest) -> ResponseTestResult | ImpossibleBackend:
    try:
        return result_of(test)
    except ImpossibleBackend as impossible:
        return impossible


def _part(share: tuple[int, int]) -> list[_Sendable]:
    """Run every n-th test, in a forked process; `share` is the first one's position, and n."""
    first, step = share
    return [_sent(_outcome(test)) for test in _shared[first::step]]


def _sent(outcome: ResponseTestResult | ImpossibleBackend) -> _Sendable:
    if isinstance(outcome, ImpossibleBackend):
        return outcome
    # A read-only view of a map cannot be sent
    return replace(outcome.answer, headers=dict(outcome.answer.headers)), outcome.comparison


def _received(test: ReadyTest, outcome: _Sendable) -> ResponseTestResult | ImpossibleBackend:
    return outcome if isinstance(outcome, ImpossibleBackend) else ResponseTestResult(test, *outcome)
