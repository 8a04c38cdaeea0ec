"""Several things at a time, one thread each.

Results come in the order of the items. The first failure keeps what has not begun from beginning, and is raised when
what had begun is over, so that nothing is sent after it was reported. Of several failures the first item's is raised.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Executor, ThreadPoolExecutor, wait
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


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
