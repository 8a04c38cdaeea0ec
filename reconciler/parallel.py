"""Several things at a time, one thread each.

Results come in the order of the items. The first failure keeps what has not begun from beginning, and is raised when
what had begun is over, so that nothing is sent after it was reported. Of several failures the first item's is raised.
`OnceForEach` makes values that several threads need.
"""

import threading
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Executor, ThreadPoolExecutor, wait
from contextlib import contextmanager
from contextvars import copy_context
from typing import Final, Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")
K = TypeVar("K", bound=Hashable)

DEFAULT_PARALLELISM: Final = 8


def in_parallel(work: Callable[[T], R], items: Sequence[T], parallelism: int) -> list[R]:
    """Return what `work` returns for each item, at most `parallelism` of them at a time.

    A KeyboardInterrupt cancels what has not begun, and waits for nothing.
    """
    if len(items) <= 1:
        return [work(item) for item in items]
    pool = ThreadPoolExecutor(max_workers=max(1, min(parallelism, len(items))))
    try:
        results = in_pool(pool, work, items)
    except KeyboardInterrupt:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    except BaseException:
        pool.shutdown(cancel_futures=True)
        raise
    pool.shutdown()
    return results


def in_pool(pool: Executor, work: Callable[[T], R], items: Sequence[T]) -> list[R]:
    """Return what `work` returns for each item. `pool` may have other work, which is not waited for.

    Context variables, such as the `deadline` of a run, have the values of this thread.
    """
    futures = [pool.submit(copy_context().run, work, item) for item in items]
    try:
        wait(futures, return_when=FIRST_EXCEPTION)
    finally:  # also when this thread is interrupted
        begun = [future for future in futures if not future.cancel()]
    wait(begun)  # not the cancelled: they are over for `wait` only when the pool comes to them
    for future in begun:
        if failure := future.exception():
            raise failure
    return [future.result() for future in futures]


class OnceForEach(Generic[K, R]):
    """Values by key, each made by the first thread that needs it, while others that need the same one wait."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cells: dict[K, _Cell[R]] = {}

    def get(self, key: K, make: Callable[[], R]) -> R:
        """Return the value of a key. What `make` raises is not remembered: the next thread tries again."""
        with self._lock:
            cell = self._cells.setdefault(key, _Cell())
        with cell.lock:
            if not cell.values:
                cell.values.append(make())
            return cell.values[0]


class _Cell(Generic[R]):
    """The value of one key, once it is made."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.values: list[R] = []


class PoolWhileUsed:
    """A pool of threads that exists only while someone uses it: hundreds of owners keep no idle threads."""

    def __init__(self, threads: int, name: str) -> None:
        self._threads = max(1, threads)
        self._name = name
        self._lock = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None
        self._users = 0

    @contextmanager
    def opened(self) -> Iterator[Executor]:
        """Return the pool, which all that have opened it at one time share."""
        with self._lock:
            self._users += 1
            self._pool = pool = self._pool or ThreadPoolExecutor(self._threads, thread_name_prefix=self._name)
        try:
            yield pool
        finally:
            with self._lock:
                self._users -= 1
                if not self._users:
                    pool.shutdown(wait=False)
                    self._pool = None
