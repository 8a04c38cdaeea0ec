"""Several calls at once.

Promise: results in the order of the items. The first failure keeps what has not begun from beginning, and is told when
what had begun is over, so that nothing is sent after it was.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Executor, wait
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def together(pool: Executor, work: Callable[[T], R], items: Sequence[T]) -> list[R]:
    """What `work` gives for each item. Raises what it raised; of several failures the first item's.

    `pool` may have other work: nobody waits for that.
    """
    futures = [pool.submit(work, item) for item in items]
    try:
        wait(futures, return_when=FIRST_EXCEPTION)
    finally:  # also when this thread is interrupted
        begun = [future for future in futures if not future.cancel()]
    wait(begun)  # not the cancelled: they are over for `wait` only when the pool comes to them
    for future in begun:
        if failure := future.exception():
            raise failure
    return [future.result() for future in futures]
