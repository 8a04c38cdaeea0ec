"""Several calls at once: order, and what a failure stops."""

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.parallel import OnceForEach, PoolWhileUsed, in_parallel, in_pool


class Busy(Executor):
    """Three at most: the first has failed, the second has begun, the third waits; its cancellation ends the second."""

    def __init__(self) -> None:
        self.futures: list[Future[Any]] = []

    def submit(self, _: Callable[..., Any], /, *__: object, **___: object) -> Future[Any]:
        """Take the next."""
        future: Future[Any] = Future()
        self.futures.append(future)
        match len(self.futures):
            case 1:
                future.set_exception(LookupError("the first"))
            case 2:
                future.set_running_or_notify_cancel()
            case _:
                future.add_done_callback(lambda _: self.futures[1].set_result(None))
        return future


def refuse(item: int) -> int:
    """Fail."""
    raise LookupError(f"no {item}")


@given(st.lists(st.integers(), max_size=20))
def test_results_are_in_the_order_of_the_items(items: list[int]) -> None:
    """Whoever is ready first."""
    with ThreadPoolExecutor(3) as pool:
        found = in_pool(pool, lambda item: -item, items)

    assert [-item for item in items] == found


def test_failure_keeps_the_rest_from_beginning() -> None:
    """What waits is cancelled, what had begun is waited for: here that ends only by the cancellation."""
    pool = Busy()
    with pytest.raises(LookupError, match="the first"):
        in_pool(pool, refuse, [1, 2, 3])

    assert [False, False, True] == [future.cancelled() for future in pool.futures]


def test_first_items_failure_is_told() -> None:
    """Of several, whichever came first."""
    with ThreadPoolExecutor(2) as pool, pytest.raises(LookupError, match="no 5"):
        in_pool(pool, refuse, [5, 6, 7])


def test_no_more_than_asked_for_at_a_time() -> None:
    """With one at a time, what comes after a failure never begins."""
    begun: list[int] = []

    def fail(item: int) -> int:
        begun.append(item)
        return refuse(item)

    with pytest.raises(LookupError, match="no 1"):
        in_parallel(fail, [1, 2, 3], 1)

    assert 1 == begun[0]
    assert 3 not in begun


def test_one_item_needs_no_thread() -> None:
    """It is worked on where the caller is."""
    (thread,) = in_parallel(lambda _: threading.current_thread(), [1], 8)

    assert thread is threading.current_thread()


def test_value_is_made_once_for_all_threads() -> None:
    """The others wait for it."""
    made: list[int] = []
    once: OnceForEach[str, int] = OnceForEach()

    def make() -> int:
        made.append(1)
        return 7

    assert ([7] * 40, [1]) == (in_parallel(lambda _: once.get("key", make), range(40), 8), made)


def test_keys_do_not_wait_for_each_other() -> None:
    """Two values that are made at the same time meet."""
    together = threading.Barrier(2, timeout=20)
    once: OnceForEach[str, int] = OnceForEach()

    assert [0, 1] == sorted(in_parallel(lambda key: once.get(key, together.wait), ["a", "b"], 2))


def test_failure_to_make_a_value_is_not_remembered() -> None:
    """The next one who needs it tries again."""
    once: OnceForEach[str, int] = OnceForEach()
    with pytest.raises(LookupError):
        once.get("key", lambda: refuse(1))

    assert 7 == once.get("key", lambda: 7)


def test_pool_is_shared_while_it_is_used() -> None:
    """Whoever opens it while another has it open gets the same one."""
    pool = PoolWhileUsed(2, "pool")
    with pool.opened() as first, pool.opened() as second:
        assert first is second


def test_pool_keeps_no_threads() -> None:
    """Once nobody uses it, its threads end, and the next user gets a new pool."""
    pool = PoolWhileUsed(2, "pool")
    with pool.opened() as first:
        (thread,) = in_pool(first, lambda _: threading.current_thread(), [1])
    thread.join(timeout=20)
    with pool.opened() as second:
        assert [2] == in_pool(second, lambda item: item + 1, [1])

    assert (False, True) == (thread.is_alive(), first is not second)
