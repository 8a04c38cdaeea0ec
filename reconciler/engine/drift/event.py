"""drift --event: check the APIs that events name, and nothing else.

Only the accounts and regions of the events are connected, as far as environments say which those are. What no manifest
is for is skipped: the result says why, and is no failure.
"""

from collections.abc import Sequence
from dataclasses import replace

from reconciler.engine.drift.drift import drift_in
from reconciler.engine.drift.event_scope import (
    EventChoice,
    narrowed_account_regions,
    narrowed_projects,
    relevant_failures,
)
from reconciler.engine.drift.result import Drift
from reconciler.engine.load.load import day_of, load_manifests, no_manifests
from reconciler.engine.load.request import Request
from reconciler.engine.read.connect import connect
from reconciler.fleet.event import ApiEvent, Event, SkippedEvent
from reconciler.fleet.facts import FleetFacts
from reconciler.ports import Clock, Cloud, Files


def drift_of_event(event: Event, request: Request, cloud: Cloud, files: Files, clock: Clock) -> Drift:
    """Check the API that an event names; a skipped event is a result with the reason. Raises as `drift` does."""
    if isinstance(event, SkippedEvent):
        return skipped(event.reason, clock.now())
    return drift_of_events((event,), request, cloud, files, clock)


def drift_of_events(events: Sequence[ApiEvent], request: Request, cloud: Cloud, files: Files, clock: Clock) -> Drift:
    """Check the APIs that events name, each once. Without environments in the request, all are meant.

    Raises as `drift` does.
    """
    created_at = clock.now()
    distinct = tuple({event.api: event for event in events}.values())
    request = replace(request, choice=EventChoice(distinct), any_environment=True)
    loaded = load_manifests(request, files, day_of(created_at), with_lint=False)
    if loaded.is_broken or loaded.is_empty:
        empty = () if loaded.is_broken or loaded.is_untouched else (no_manifests(request),)
        return Drift((), (), (*loaded.broken, *empty), created_at)
    projects = tuple(narrowed_projects(loaded.projects, distinct, request))
    connected, unreached = connect(projects, request.coordinates, cloud)
    account_regions = narrowed_account_regions(connected, distinct)
    drift = drift_in(account_regions, unreached, loaded, request, created_at)
    drift = replace(drift, unread=relevant_failures(drift.unread, drift, projects, events))
    if drift.targets or drift.unread:
        return drift
    names = " or ".join(str(event) for event in distinct)
    return skipped(f"no manifest is for {names}", created_at)


def skipped(reason: str, created_at: str) -> Drift:
    """Return the result of a run that read nothing, with the reason."""
    return Drift((), (), (), created_at, facts=FleetFacts(skipped=reason))
