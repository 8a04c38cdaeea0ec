"""The order in which items that share quotas start, and the threads that take them."""

import threading
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.schedule import MAX_AT_ONCE, Schedule, Turn, in_turns


def group(item: str) -> str:
    """Return the group of an item such as `a1`."""
    return item[0]


def items_of(**sizes: int) -> list[str]:
    """Return the items of each group, one group after another."""
    return [f"{name}{number}" for name, size in sizes.items() for number in range(size)]


def started(schedule: Schedule[str], now: float = 0.0) -> Iterator[Turn[str]]:
    """Yield what starts at this time while nothing is done."""
    while turn := schedule.take(now):
        yield turn


def order(items: list[str]) -> list[str]:
    """Return the items in the order in which they start without quotas."""
    return [turn.item for turn in started(Schedule(items, group, lambda _: None))]


def test_groups_take_turns() -> None:
    """Equal groups alternate, whatever their order in the list."""
    assert ["a0", "b0", "a1", "b1", "a2", "b2"] == order(items_of(a=3, b=3))


def test_large_group_advances_in_proportion() -> None:
    """A group of six and groups of one end together: the large one is not left for the end."""
    assert ["a0", "a1", "a2", "b0", "c0", "a3", "a4", "a5"] == order(items_of(a=6, b=1, c=1))


def test_group_whose_quota_is_used_up_lets_others_go_first() -> None:
    """The group that would wait comes last, and no item of another group behind it."""
    delays = {"a": 0.5, "b": 0.0, "c": 0.0}
    schedule = Schedule(items_of(a=1, b=2, c=1), group, lambda item: delays[group(item)])

    assert ["b0", "c0", "b1", "a0"] == [turn.item for turn in started(schedule)]


def test_group_that_waits_least_goes_on_when_all_wait() -> None:
    """A free thread is not idle: it waits where the wait is shortest."""
    delays = {"a": 3.0, "b": 1.0}
    schedule = Schedule(items_of(a=1, b=1), group, lambda item: delays[group(item)])

    assert ["b0", "a0"] == [turn.item for turn in started(schedule)]


def test_group_is_ready_again_when_its_time_has_come() -> None:
    """Its delay is asked for again, and its turn comes before those that still wait."""
    delays = {"a": 5.0, "b": 2.0, "c": 0.0}
    schedule = Schedule(items_of(a=1, b=1, c=1), group, lambda item: delays[group(item)])
    first = schedule.take(0.0)
    delays["a"] = 0.0
    second = schedule.take(5.0)

    assert ["c0", "a0"] == [turn.item for turn in (first, second) if turn]


def test_group_with_quota_has_few_items_at_once() -> None:
    """More would only queue, until one is done."""
    schedule = Schedule(items_of(a=9), group, lambda _: 0.0)
    turns = list(started(schedule))
    schedule.give_back(turns[0])

    assert len(turns) == MAX_AT_ONCE
    assert ["a4"] == [turn.item for turn in started(schedule)]


def test_group_without_quota_has_no_bound() -> None:
    """Only the threads bound it."""
    assert items_of(a=9) == order(items_of(a=9))


def test_nothing_starts_once_closed() -> None:
    """Whether groups are ready, wait or have items running."""
    schedule = Schedule(items_of(a=9, b=1), group, lambda item: 1.0 if group(item) == "b" else 0.0)
    turns = [schedule.take(0.0), schedule.take(0.0)]
    schedule.close()

    assert None not in turns
    assert schedule.take(9.0) is None


@given(st.text("abcd", max_size=30), st.sampled_from([None, 0.0, 0.2]), st.integers(1, 5))
def test_every_item_starts_once(names: str, delay: float | None, threads: int) -> None:
    """Whatever the groups and quotas, when as many items run at once as there are threads."""
    items = [f"{name}{number}" for number, name in enumerate(names)]
    schedule = Schedule(items, group, lambda _: delay)
    running: list[Turn[str]] = []
    done: list[str] = []
    for now in range(len(items) * 2 + 1):
        while len(running) < threads and (turn := schedule.take(float(now))):
            running.append(turn)
        if running:
            turn = running.pop(0)
            schedule.give_back(turn)
            done.append(turn.item)

    assert Counter(items) == Counter(done)


@given(st.text("abc", max_size=20), st.integers(1, 4))
def test_results_are_in_the_order_of_the_items(names: str, parallelism: int) -> None:
    """Whatever the order in which they start."""
    items = [f"{name}{number}" for number, name in enumerate(names)]
    results = in_turns(str.upper, items, parallelism, key=group, delay=lambda _: 0.0)

    assert [item.upper() for item in items] == results


def test_group_that_blocks_leaves_other_groups_a_thread() -> None:
    """All of `b` is done while every item of `a` that may run waits, with one thread more than `a` may use."""
    items = items_of(a=MAX_AT_ONCE + 5, b=8)
    left = threading.Semaphore(0)

    def work(item: str) -> str:
        if group(item) == "b":
            left.release()
        elif item == "a0":
            for _ in range(8):
                assert left.acquire(timeout=20)
        return item

    results = in_turns(work, items, 2, key=group, delay=lambda item: 1.0 if group(item) == "a" else 0.0)

    assert items == results


def test_failure_keeps_the_rest_from_starting() -> None:
    """What has not started when an item fails never does."""
    begun: list[str] = []

    def fail(item: str) -> str:
        begun.append(item)
        raise LookupError(item)

    with pytest.raises(LookupError):
        in_turns(fail, items_of(a=20, b=20), 3, key=group, delay=lambda _: None)

    assert len(begun) <= 3


def test_interrupt_keeps_the_rest_from_starting() -> None:
    """A KeyboardInterrupt of the only thread goes through."""
    begun: list[str] = []

    def interrupt(item: str) -> str:
        begun.append(item)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        in_turns(interrupt, items_of(a=20), 1, key=group, delay=lambda _: None)

    assert ["a0"] == begun
