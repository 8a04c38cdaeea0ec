"""Deadlines: which one holds, where, and what is raised after it."""

import threading
from collections.abc import Iterator

import pytest

from reconciler import deadline
from reconciler.deadline import abandoned, check_time, limited_time, seconds_left, within_time
from reconciler.errors import RunTimedOut, TimedOut
from reconciler.parallel import in_parallel

RUN = RunTimedOut("the run is over", "take more time")
TARGET = TimedOut("the target is over", "take more time")


def test_without_a_deadline_time_is_unlimited() -> None:
    """Nothing is raised at any time."""
    check_time(1e12)

    assert seconds_left(1e12) is None


def test_after_the_deadline_its_failure_is_raised() -> None:
    """Of the given type, with what took the time, and no longer once the context is left."""
    with limited_time(5.0, 100.0, RUN):
        check_time(104.9)
        with pytest.raises(RunTimedOut) as raised:
            check_time(105.0, "throttled")
    check_time(105.0)

    assert ("the run is over (throttled)", RUN.remedy) == (raised.value.message, raised.value.remedy)


@pytest.mark.parametrize(("outer", "inner", "left"), [(5.0, 9.0, 5.0), (9.0, 5.0, 5.0), (5.0, None, 5.0)])
def test_the_earliest_deadline_holds(outer: float, inner: float | None, left: float) -> None:
    """Whichever is the inner one."""
    with limited_time(outer, 100.0, RUN), limited_time(inner, 100.0, TARGET):
        assert left == seconds_left(100.0)


def test_no_time_left_is_never_negative() -> None:
    """A wait can use it as it is."""
    with limited_time(5.0, 100.0, RUN):
        assert 0.0 == seconds_left(300.0)


def test_threads_have_the_deadline_of_who_started_them() -> None:
    """Each of them, also those of a pool inside a pool."""
    with limited_time(5.0, 100.0, RUN):
        nested = in_parallel(lambda _: in_parallel(lambda _: seconds_left(100.0), range(3), 3), range(3), 3)

    assert [[5.0] * 3] * 3 == nested


@pytest.fixture
def nothing_abandoned(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """An event of this test only."""
    event = threading.Event()
    monkeypatch.setattr(deadline, "abandoned", event)
    yield event
    assert not abandoned.is_set()


def fail() -> str:
    """Raise an error."""
    raise LookupError("no")


def test_work_without_a_deadline_is_done_in_this_thread() -> None:
    """Nothing can be late."""
    assert threading.current_thread() is within_time(threading.current_thread, 0.0)


def test_work_within_its_time_is_as_without_a_deadline() -> None:
    """What it returns and raises comes through, and it knows the deadline."""
    with limited_time(60.0, 100.0, RUN):
        assert 60.0 == within_time(lambda: seconds_left(100.0), 100.0)
        with pytest.raises(LookupError):
            within_time(fail, 100.0)


def test_work_that_outlives_its_time_is_abandoned(nothing_abandoned: threading.Event) -> None:
    """The caller goes on; the process is told not to wait for it."""
    released = threading.Event()
    with limited_time(0.01, 100.0, RUN), pytest.raises(RunTimedOut, match="the run is over"):
        within_time(lambda: released.wait(60), 100.0, patience=0.01)
    released.set()

    assert nothing_abandoned.is_set()
