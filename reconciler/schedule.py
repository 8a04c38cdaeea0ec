"""Work on items that share quotas: each account and region is a group, and no group holds up another.

A thread that takes the next item in the order of a list waits for the quota of one account while others could go on. A
`Schedule` hands out items so that this does not happen:

* a group whose quota admits a call now goes before one that would have to wait;
* of those, the groups advance in proportion to their sizes, so that a large group starts early and ends with the rest;
* if every group would have to wait, the one that waits least goes on, so that no thread idles;
* at most `MAX_AT_ONCE` items of a group with a quota run at once: more would only wait in its queue.
"""

import heapq
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeAlias, TypeVar

from reconciler.parallel import in_parallel

T = TypeVar("T")
R = TypeVar("R")

MAX_AT_ONCE: Final = 4
"""The items of one group that run at once, if the group has a quota.

Half of the quota of GetResources admits 1.25 calls per second, so four reads at once use all of it as long as a read
takes up to 3.2 seconds."""

Delay: TypeAlias = Callable[[T], float | None]
"""Returns the seconds until the quota admits an item, 0 for now, None if its group has no quota."""


@dataclass(eq=False, slots=True)
class _QuotaGroup(Generic[T]):
    """The items of a group that have not started, with their places among all items."""

    number: int
    pending: deque[tuple[int, T]] = field(default_factory=deque)
    size: int = 0
    running: int = 0
    is_queued: bool = True

    @property
    def progress(self) -> float:
        """The part of the items that have started, in the middle of the next one: small groups come in between."""
        return (self.size - len(self.pending) + 0.5) / self.size


_Entry: TypeAlias = tuple[float, int, _QuotaGroup[T]]
"""A group in a heap: by its progress or by its time, then by its number."""


@dataclass(frozen=True, slots=True)
class Turn(Generic[T]):
    """An item that starts now: give the turn back when it is done. `index` is its place among all items."""

    index: int
    item: T
    group: _QuotaGroup[T]


class Schedule(Generic[T]):
    """The order in which items start. Not safe to use from several threads without a lock; it never waits."""

    def __init__(self, items: Sequence[T], key: Callable[[T], Hashable], delay: Delay[T]) -> None:
        self._delay = delay
        groups: dict[Hashable, _QuotaGroup[T]] = {}
        for index, item in enumerate(items):
            group = groups.setdefault(key(item), _QuotaGroup(len(groups)))
            group.pending.append((index, item))
            group.size += 1
        self._ready: list[_Entry[T]] = [(group.progress, group.number, group) for group in groups.values()]
        self._waiting: list[_Entry[T]] = []
        heapq.heapify(self._ready)

    def take(self, now: float) -> Turn[T] | None:
        """Return the item to start at `now` (in seconds), None if none may start before another one is done.

        After None, a thread is not needed any more: whoever gives a turn back takes the next one.
        """
        while self._waiting and self._waiting[0][0] <= now:
            self._make_ready(heapq.heappop(self._waiting)[2])
        while self._ready:
            group = heapq.heappop(self._ready)[2]
            delay = self._delay(group.pending[0][1])
            if not delay:
                return self._start(group, has_quota=delay is not None)
            heapq.heappush(self._waiting, (now + delay, group.number, group))
        return self._start(heapq.heappop(self._waiting)[2], has_quota=True) if self._waiting else None

    def give_back(self, turn: Turn[T]) -> None:
        """Note that an item is done."""
        group = turn.group
        group.running -= 1
        if group.pending and not group.is_queued:
            self._make_ready(group)

    def close(self) -> None:
        """Let no further item start."""
        self._ready.clear()
        self._waiting.clear()

    def _start(self, group: _QuotaGroup[T], *, has_quota: bool) -> Turn[T]:
        index, item = group.pending.popleft()
        group.running += 1
        group.is_queued = False
        if group.pending and (not has_quota or group.running < MAX_AT_ONCE):
            self._make_ready(group)
        return Turn(index, item, group)

    def _make_ready(self, group: _QuotaGroup[T]) -> None:
        group.is_queued = True
        heapq.heappush(self._ready, (group.progress, group.number, group))


def in_turns(
    work: Callable[[T], R],
    items: Sequence[T],
    parallelism: int,
    *,
    key: Callable[[T], Hashable],
    delay: Delay[T],
) -> list[R]:
    """Return what `work` returns for each item, in the order of the items, which start in the order of a `Schedule`.

    At most `parallelism` items run at once, one thread each. A failure keeps the rest from starting and is raised when
    the running ones are over; a KeyboardInterrupt waits for nothing, as in `in_parallel`.
    """
    schedule = Schedule(items, key, delay)
    lock = threading.Lock()
    results: dict[int, R] = {}

    def take(done: Turn[T] | None) -> Turn[T] | None:
        with lock:
            if done:
                schedule.give_back(done)
            return schedule.take(time.monotonic())

    def run(_: int) -> None:
        turn = take(None)
        try:
            while turn:
                results[turn.index] = work(turn.item)
                turn = take(turn)
        except BaseException:
            close()
            raise

    def close() -> None:
        with lock:
            schedule.close()

    try:
        in_parallel(run, range(max(1, min(parallelism, len(items)))), parallelism)
    except BaseException:  # this thread may be interrupted while others go on
        close()
        raise
    return [results[index] for index in range(len(items))]
