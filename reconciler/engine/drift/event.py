"""drift --event: check the APIs that events name, and nothing else.

Only the accounts and regions of the events are connected, as far as environments say which those are. What no manifest
is for is skipped: the result says why, and is no failure.
"""

from collections.abc import Sequence
from dataclasses import replace

from reconciler.engine.drift.drift import drift
from reconciler.engine.drift.event_scope import EventChoice, EventScope
from reconciler.engine.drift.result import Drift
from reconciler.engine.load.request import Request
from reconciler.engine.read.misaddressed import ListingCache
from reconciler.fleet.event import ApiEvent, Event, SkippedEvent
from reconciler.fleet.facts import FleetFacts
from reconciler.ports import Clock, Cloud, Files, ReadInterrupts


def drift_of_events(  # noqa: PLR0913 - the events, and what a run needs
    events: Sequence[Event],
    request: Request,
    cloud: Cloud,
    files: Files,
    clock: Clock,
    *,
    stop: ReadInterrupts | None = None,
    cache: ListingCache | None = None,
) -> Drift:
    """Check the APIs that events name, each once. Without environments in the request, all are meant.

    If none of them names an API, the result says why. Raises as `drift` does.
    """
    named = [event for event in events if isinstance(event, ApiEvent)]
    if not named:
        reasons = dict.fromkeys(event.reason for event in events if isinstance(event, SkippedEvent))
        return _skipped("; ".join(reasons) or "there is no event", clock.now())
    scope = EventScope(named)
    request = replace(request, choice=EventChoice(frozenset(event.api for event in named)), any_environment=True)
    result = drift(request, cloud, files, clock, stop=stop, narrowing=scope, cache=cache)
    result = replace(result, unread=scope.relevant(result))
    if result.targets or result.unread or result.problems:
        return result
    apis = " or ".join(dict.fromkeys(str(event) for event in named))
    return _skipped(f"no manifest is for {apis}", result.created_at, result.facts)


def _skipped(reason: str, created_at: str, facts: FleetFacts | None = None) -> Drift:
    """Return the result of a run that compared nothing, with the reason."""
    return Drift((), (), (), created_at, facts=replace(facts or FleetFacts(), skipped=reason))
