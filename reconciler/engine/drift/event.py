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
from reconciler.fleet.event import ApiEvent, Event, SkippedEvent
from reconciler.fleet.facts import FleetFacts
from reconciler.ports import Clock, Cloud, Files, ReadInterrupts, ReadProgress


def drift_of_event(  # noqa: PLR0913 - the event, and what a run needs
    event: Event,
    request: Request,
    cloud: Cloud,
    files: Files,
    clock: Clock,
    *,
    stop: ReadInterrupts | None = None,
    progress: ReadProgress | None = None,
) -> Drift:
    """Check the API that an event names; a skipped event is a result with the reason. Raises as `drift` does."""
    if isinstance(event, SkippedEvent):
        return skipped(event.reason, clock.now())
    return drift_of_events((event,), request, cloud, files, clock, stop=stop, progress=progress)


def drift_of_events(  # noqa: PLR0913 - the events, and what a run needs
    events: Sequence[ApiEvent],
    request: Request,
    cloud: Cloud,
    files: Files,
    clock: Clock,
    *,
    stop: ReadInterrupts | None = None,
    progress: ReadProgress | None = None,
) -> Drift:
    """Check the APIs that events name, each once. Without environments in the request, all are meant.

    Raises as `drift` does.
    """
    scope = EventScope(events)
    request = replace(request, choice=EventChoice(frozenset(event.api for event in events)), any_environment=True)
    result = drift(request, cloud, files, clock, stop=stop, progress=progress, narrowing=scope)
    result = replace(result, unread=scope.relevant(result))
    if result.targets or result.unread or result.problems:
        return result
    names = " or ".join(dict.fromkeys(str(event) for event in events))
    return skipped(f"no manifest is for {names}", result.created_at, result.facts)


def skipped(reason: str, created_at: str, facts: FleetFacts | None = None) -> Drift:
    """Return the result of a run that compared nothing, with the reason."""
    return Drift((), (), (), created_at, facts=replace(facts or FleetFacts(), skipped=reason))
