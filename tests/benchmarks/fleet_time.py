"""How long a drift run over a fleet takes, and what bounds it: `python tests/benchmarks/fleet_time.py`.

Prints the table in the README, section "How long a run over many accounts takes". Nothing is measured: it is a
simulation of discrete events, in which no time passes but that of a clock of its own, so that it gives the same table
on every machine. The order of the reads is that of the real `Schedule`, and every call passes the real rate limiters;
what is assumed is in `COSTS`.

One process of a sharded run is simulated. The others do the same with other APIs of the same accounts and regions at
the same time, each with its part of the quota share.
"""

import heapq
import itertools
import sys
import threading
from collections import defaultdict
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

from reconciler.aws.rate_limit import RateLimiter, RateLimiters
from reconciler.models.targets import Kind
from reconciler.schedule import Schedule


class Cost(NamedTuple):
    """The seconds until AWS answers a call, and those of the processor for its answer."""

    latency: float
    cpu: float


COSTS: Final = MappingProxyType(
    {
        "AssumeRole": Cost(0.2, 0.001),
        "GetCallerIdentity": Cost(0.1, 0.001),
        "GetRestApis": Cost(0.3, 0.005),
        "GetApis": Cost(0.3, 0.005),
        "GetResources": Cost(0.3, 0.02),
        "GetRoutes": Cost(0.1, 0.002),
        "GetIntegrations": Cost(0.1, 0.002),
        "GetIntegrationResponses": Cost(0.1, 0.002),
    }
)
"""The processor's time is that of an API of 100 responses: 8 ms for the call, through boto3, and 10 ms for the manifest
and the comparison (`fleet_memory.py`). Python uses one core. The latencies are those of a far region."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """Accounts with the same regions, and in each the same APIs; WebSocket APIs have ten integrations."""

    accounts: int = 500
    regions: int = 3
    rest: int = 40
    websocket: int = 0

    @property
    def places(self) -> list[tuple[int, int]]:
        """Every account and region."""
        return list(itertools.product(range(self.accounts), range(self.regions)))

    def __str__(self) -> str:
        return f"{self.accounts} | {self.regions} | {self.rest} | {self.websocket}"


@dataclass(frozen=True, slots=True)
class Run:
    """A run over a fleet: the options, and how many processes share the work."""

    fleet: Fleet
    parallelism: int = 8
    shards: int = 1
    share: float = 0.5

    @property
    def is_quick(self) -> bool:
        """Whether the simulation of one shard takes a fraction of a second."""
        return len(self.fleet.places) * (self.fleet.rest + self.fleet.websocket) / self.shards <= MAX_QUICK

    @property
    def share_of_process(self) -> float:
        """The part of each quota that one process takes: shards use the share together."""
        return self.share / self.shards


MAX_QUICK: Final = 4_000

_QUOTAS: Final = MappingProxyType({"GetResources": "quota of GetResources"})

_FLEET: Final = Fleet()
RUNS: Final = (
    Run(Fleet(1, 1)),
    Run(Fleet(1, 1, 600)),
    Run(Fleet(10, 3)),
    Run(_FLEET),
    Run(_FLEET, parallelism=32),
    Run(_FLEET, parallelism=32, shards=2),
    Run(_FLEET, parallelism=32, shards=4),
    Run(_FLEET, parallelism=32, shards=8),
    Run(_FLEET, parallelism=32, shards=16),
    Run(_FLEET, parallelism=32, shards=32),
    Run(Fleet(rest=30, websocket=10), parallelism=32, shards=8),
    Run(Fleet(rest=30, websocket=10), parallelism=64, shards=8),
)


class Cpu(NamedTuple):
    """Work for the processor, of so many seconds."""

    seconds: float


Process: TypeAlias = Generator["float | Cpu | Sequence[Process]", None, None]
"""Yields the seconds that it sleeps, work for the processor, or processes whose ends it waits for."""


class Simulation:
    """The clock, and the processes that go on at its times. `ports.Clock`, but nothing ever sleeps."""

    def __init__(self) -> None:
        self._time = 0.0
        self._queue: list[tuple[float, int, Process]] = []
        self._order = itertools.count()
        self._cpu_free_at = 0.0
        self._parents: dict[int, tuple[Process, int]] = {}
        self._children: dict[int, int] = {}

    def monotonic(self) -> float:
        """Return the time of the simulation."""
        return self._time

    def now(self) -> str:
        """Return a fixed moment."""
        return "2026-01-31T12:00:00Z"

    def sleep(self, seconds: float) -> None:
        """Raise AssertionError: a process yields the seconds instead."""
        raise AssertionError(f"nothing may sleep here, for {seconds} s")

    def run(self, processes: Sequence[Process]) -> float:
        """Run processes, and all that they start, to their ends, and return the time then."""
        for process in processes:
            self._resume(process, self._time)
        while self._queue:
            self._time, _, process = heapq.heappop(self._queue)
            self._step(process)
        return self._time

    def _resume(self, process: Process, at: float) -> None:
        heapq.heappush(self._queue, (at, next(self._order), process))

    def _step(self, process: Process) -> None:
        request = next(process, None)
        match request:
            case None:
                self._ended(process)
            case Cpu(seconds):
                self._cpu_free_at = max(self._cpu_free_at, self._time) + seconds
                self._resume(process, self._cpu_free_at)
            case float():
                self._resume(process, self._time + request)
            case _:
                self._fork(process, request)

    def _fork(self, process: Process, children: Sequence[Process]) -> None:
        self._children[id(process)] = len(children)
        for child in children:
            self._parents[id(child)] = (process, id(process))
            self._resume(child, self._time)

    def _ended(self, process: Process) -> None:
        parent, number = self._parents.pop(id(process), (None, 0))
        if parent is None:
            return
        self._children[number] -= 1
        if not self._children[number]:
            del self._children[number]
            self._resume(parent, self._time)


class Item(NamedTuple):
    """An API to read."""

    place: tuple[int, int]
    kind: Kind


@dataclass
class Machine:
    """One process of the run, with the rate limits of its part of the quota share."""

    options: Run
    simulation: Simulation = field(default_factory=Simulation)
    waits: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))

    def __post_init__(self) -> None:
        """Make the rate limiters."""
        self._limiters = RateLimiters(self.simulation, threading.Event(), self.options.share_of_process)
        self._unlimited = self._limiters.unlimited()

    def seconds(self) -> float:
        """Return how long the run takes: it connects, lists APIs by name, and reads.

        `waits` has the seconds that calls waited for each thing that bounds a run.
        """
        self._all(self._connect(account) for account in range(self.options.fleet.accounts))
        self._all(self._find(place) for place in self.options.fleet.places)
        schedule = Schedule(items(self.options), lambda item: item, self._delay)
        return self.simulation.run([self._thread(schedule) for _ in range(self.options.parallelism)])

    def _delay(self, item: Item) -> float | None:
        return self._limiter(item.place).read_delay(item.kind)

    def _all(self, jobs: Iterator[Process]) -> None:
        self.simulation.run([_one_after_another(jobs) for _ in range(self.options.parallelism)])

    def _connect(self, _: int) -> Process:
        yield from self._call(self._unlimited, "AssumeRole")
        yield from self._call(self._unlimited, "GetCallerIdentity")

    def _find(self, place: tuple[int, int]) -> Process:
        yield from self._call(self._limiter(place), "GetRestApis")
        if self.options.fleet.websocket:
            yield from self._call(self._limiter(place), "GetApis")

    def _thread(self, schedule: Schedule[Item]) -> Process:
        while turn := schedule.take(self.simulation.monotonic()):
            limiter = self._limiter(turn.item.place)
            yield from self._rest(limiter) if turn.item.kind is Kind.REST_API else self._websocket(limiter)
            schedule.give_back(turn)

    def _rest(self, limiter: RateLimiter) -> Process:
        yield from self._call(limiter, "GetResources")

    def _websocket(self, limiter: RateLimiter) -> Process:
        yield from self._call(limiter, "GetRoutes")
        yield from self._call(limiter, "GetIntegrations")
        lists = iter([self._call(limiter, "GetIntegrationResponses") for _ in range(10)])
        yield [_one_after_another(lists) for _ in range(self.options.parallelism)]

    def _call(self, limiter: RateLimiter, operation: str) -> Process:
        arrived = self.simulation.monotonic()
        yield from limiter.waits(operation)
        cost, sent = COSTS[operation], self.simulation.monotonic()
        yield cost.latency
        yield Cpu(cost.cpu)
        self.waits[_QUOTAS.get(operation, "quota of the account")] += sent - arrived
        self.waits["`--parallelism`"] += cost.latency
        self.waits["CPU"] += self.simulation.monotonic() - sent - cost.latency

    def _limiter(self, place: tuple[int, int]) -> RateLimiter:
        account, region = place
        return self._limiters.limiter(str(account), str(region))


def _one_after_another(jobs: Iterator[Process]) -> Process:
    for job in jobs:
        yield from job


def items(run: Run) -> list[Item]:
    """Return the APIs of one shard: every so many of the fleet's, in all accounts and regions."""
    kinds = [Kind.REST_API] * run.fleet.rest + [Kind.WEBSOCKET_API] * run.fleet.websocket
    every = [Item(place, kind) for place in run.fleet.places for kind in kinds]
    return every[:: run.shards]


def row(run: Run) -> str:
    """Return the row of a run in the table. It is bound by what its calls waited for most."""
    machine = Machine(run)
    seconds = machine.seconds()
    bound = max(machine.waits, key=lambda name: machine.waits[name])
    return f"| {run.fleet} | {run.parallelism} | {run.shards} | {time_text(seconds)} | {bound} |"


def time_text(seconds: float) -> str:
    """Return a time in seconds or, from two minutes on, in minutes."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


HEAD: Final = (
    "| accounts | regions | REST APIs in each | WebSocket APIs | `--parallelism` | processes | time | bound by |",
    "|---|---|---|---|---|---|---|---|",
)


def main() -> None:
    """Print the table."""
    for line in (*HEAD, *map(row, RUNS)):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
