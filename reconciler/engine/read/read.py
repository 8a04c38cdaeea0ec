"""Read the APIs that manifests are for: in parallel, each API once. No writer is opened.

There is no state file: AWS itself is read on every run. Whether a difference comes from this branch or from AWS is
derived from the manifests at a base revision (`baseline`), which git keeps already; a state file would be a second
truth to store, lock and repair.

`read_targets` keeps what it reads, for a plan. A run over many APIs compares each of them at once and keeps only the
differences (`engine.drift`), so that its memory does not grow with what it reads. Both are made of the same parts:
`found_targets`, `TargetReader` and `each_target`.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from reconciler.diagnostics import Diagnostic
from reconciler.engine.load.project import AccountRegion
from reconciler.engine.load.request import Request
from reconciler.engine.read.baseline import Baseline, BaseStates
from reconciler.engine.read.connect import ReadFailure, target_failure
from reconciler.engine.read.found_targets import FoundTargets, SeenAddresses, find
from reconciler.engine.read.misaddressed import Listings, explain_not_found
from reconciler.engine.read.orphans import released_apis, released_methods
from reconciler.engine.read.target import ReadRequest, TargetState, read_target, reread, target_state
from reconciler.engine.read.watch import Watch
from reconciler.errors import ApiNotFound
from reconciler.fleet.choice import ShardChoice
from reconciler.models.targets import ApiRef, Kind
from reconciler.schedule import in_turns

__all__ = [
    "ReadFailure",
    "ReadRequest",
    "ReadResult",
    "TargetState",
    "read_targets",
    "reread",
    "target_failure",
    "target_state",
]

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class ReadResult:
    """All targets of a run, and those that could not be read.

    `diagnostics` are contradictions that show only once names are resolved and the live state is known, and ignore
    rules without effect.
    """

    reads: tuple[TargetState, ...] = ()
    unread: tuple[ReadFailure, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def read_targets(
    account_regions: Sequence[AccountRegion],
    request: Request,
    unreached: Sequence[ReadFailure] = (),
    base: Baseline | None = None,
) -> ReadResult:
    """Find each manifest's API and read every API once; what is `unreached` counts as unread too.

    Raises Refused for an API that is the target of two environments, UsageError for an `--only` without a match,
    Interrupted.
    """
    found = find(account_regions, request, unreached, base)
    reader = TargetReader(request, found)
    watch = Watch()

    def read(read_request: ReadRequest) -> TargetState | ReadFailure:
        stopwatch = watch.start(read_request)
        outcome = reader.read(read_request)
        stopwatch.stop(outcome.failure.message if isinstance(outcome, ReadFailure) else "")
        return outcome

    with watch.following(len(found.read_requests), found.unread):
        outcomes = each_target(found, request, read)
    states = tuple(outcome for outcome in outcomes if isinstance(outcome, TargetState))
    unread = (*found.unread, *(outcome for outcome in outcomes if isinstance(outcome, ReadFailure)))
    diagnostics = (*found.diagnostics, *(problem for state in states for problem in state.warnings))
    released = _released(states, found.at_base, narrowed=request.is_narrowed or bool(unread))
    return ReadResult(states, unread, (*diagnostics, *released, *reader.unused(unread)))


def _released(states: Sequence[TargetState], base: BaseStates, *, narrowed: bool) -> Iterator[Diagnostic]:
    for state in states:
        if state.base:
            yield from released_methods(state.base, state.declared, base.revision, narrowed=narrowed)
    if not narrowed:
        yield from released_apis([state.live.target for state in states], base)


class TargetReader:
    """Reads APIs, notes which globs match their addresses, and explains why one is not found. For several threads."""

    def __init__(self, request: Request, found: FoundTargets) -> None:
        self._request = request
        self._seen = SeenAddresses(request, found.scopes)
        self._lock = threading.Lock()
        self._listings: dict[int, tuple[threading.Lock, Listings]] = {}

    def read(self, read_request: ReadRequest) -> TargetState | ReadFailure:
        """Read an API. Raises Interrupted."""
        outcome = read_target(read_request)
        if isinstance(outcome, ReadFailure):
            return self._explained(read_request, outcome)
        self._seen.note(outcome)
        return outcome

    def unused(self, unread: Sequence[ReadFailure]) -> Iterator[Diagnostic]:
        """Warn of ignore rules that match nothing, unless a part of the targets was not read.

        Raises UsageError for an `--only` glob without a match, but in a shard, which does not see all targets.
        """
        choice = self._request.choice
        if unread:
            return
        if choice is None:
            yield from self._seen.diagnostics()
        elif isinstance(choice, ShardChoice):
            yield from self._seen.shard_diagnostics()

    def _explained(self, read_request: ReadRequest, failed: ReadFailure) -> ReadFailure:
        """Return the same failure, explained if the id of the API is unknown; each connection lists its APIs once."""
        if read_request.target.api_name is not None or not isinstance(failed.failure, ApiNotFound):
            return failed
        connection = read_request.account_region.connection
        with self._lock:
            lock, known = self._listings.setdefault(id(connection), (threading.Lock(), Listings(connection)))
        ref = ApiRef(id=read_request.target.api_id)
        with lock:
            return replace(failed, failure=explain_not_found(ref, read_request.target.kind, known, failed.failure))


@dataclass(slots=True)
class _Slot:
    """A target that waits for its turn. It gives up the target then, so that nothing holds what was read."""

    key: tuple[str, str, Kind]
    delay: Callable[[Kind], float | None]
    read_request: ReadRequest

    def take(self) -> ReadRequest:
        read_request = self.read_request
        del self.read_request
        return read_request


def each_target(found: FoundTargets, request: Request, run: Callable[[ReadRequest], R]) -> list[R]:
    """Run each of these targets in threads, and return what `run` does, in the order of the targets.

    `found` gives up its targets. Raises what `run` raises.
    """
    slots = [_slot(read_request) for read_request in found.read_requests]
    found.read_requests.clear()
    return in_turns(lambda slot: run(slot.take()), slots, request.parallelism, key=lambda slot: slot.key, delay=_delay)


def _slot(read_request: ReadRequest) -> _Slot:
    target, connection = read_request.target, read_request.account_region.connection
    return _Slot((target.account_id, target.region, target.kind), connection.read_delay, read_request)


def _delay(slot: _Slot) -> float | None:
    return slot.delay(slot.key[2])
