"""The methods of covered APIs that no manifest lists.

A method counts if it has an integration that is not a proxy: only these have integration responses to manage.
A REST API takes one bulk read, a WebSocket API its routes and integrations, without their responses.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import assert_never

from reconciler.deadline import limited_time, within_time
from reconciler.engine.coverage.exemptions import Exemptions
from reconciler.engine.coverage.listed import AddressedApi, ListedPlace
from reconciler.engine.load.request import Request
from reconciler.engine.read.watch import Watch, target_timed_out
from reconciler.errors import Interrupted, ReconcilerError
from reconciler.fleet.coverage import ApiCoverage, CoverageFailure, MethodCoverage, RegionCoverage, UnlistedMethod
from reconciler.models.live import LiveApi, LiveIntegration, LiveMethod, LiveScope
from reconciler.models.targets import Kind, Target
from reconciler.ports import IntegrationSelection, Reader
from reconciler.resolve import merge
from reconciler.resolve.bind import bind
from reconciler.schedule import in_turns


@dataclass(frozen=True, slots=True)
class _CoveredApi:
    """A covered API of a region, and the manifests that address it."""

    region: RegionCoverage
    api: ApiCoverage
    addressed: AddressedApi

    @property
    def target(self) -> Target:
        environment = next(iter(self.addressed.environments), None)
        return Target(
            self.region.account_id, self.region.region, self.api.id, self.api.kind, self.api.name, environment
        )


def read_methods(
    places: Sequence[ListedPlace], exempt: Callable[[], Exemptions], request: Request, watch: Watch
) -> tuple[tuple[RegionCoverage, ...], tuple[CoverageFailure, ...]]:
    """Read every covered API, and return the same regions with the methods of their APIs. Raises Interrupted.

    `exempt` returns the ignore rules for one API. `watch` follows the reading.
    """
    covered = [
        _CoveredApi(place.coverage, api, place.addressed[api.kind, api.id])
        for place in places
        for api in place.coverage.of_state("covered")
    ]
    read = partial(_timed, request=request, watch=watch)
    with watch.following(len(covered)):
        outcomes = in_turns(read, covered, request.parallelism, key=_queue, delay=_delay)
    methods = {
        _key(each.region, each.api): _exempted(outcome, each.api, exempt())
        for each, outcome in zip(covered, outcomes, strict=True)
        if isinstance(outcome, MethodCoverage)
    }
    failures = tuple(
        CoverageFailure(
            outcome, each.region.environments, each.region.account_id, each.region.region, each.api.kind, each.api
        )
        for each, outcome in zip(covered, outcomes, strict=True)
        if isinstance(outcome, ReconcilerError)
    )
    return tuple(
        replace(region, apis=tuple(replace(api, methods=methods.get(_key(region, api))) for api in place.coverage.apis))
        for place in places
        for region in [place.coverage]
    ), failures


def _queue(covered: _CoveredApi) -> tuple[str, str, Kind]:
    """Return what shares a quota: accounts and regions take turns."""
    return covered.region.account_id, covered.region.region, covered.api.kind


def _delay(covered: _CoveredApi) -> float | None:
    return covered.addressed.account_region.connection.read_delay(covered.api.kind)


def _key(region: RegionCoverage, api: ApiCoverage) -> tuple[str, str, Kind, str]:
    return region.account_id, region.region, api.kind, api.id


def _timed(covered: _CoveredApi, request: Request, watch: Watch) -> MethodCoverage | ReconcilerError:
    """Read one API, within the time for it."""
    meter = covered.addressed.account_region.connection.meter
    stopwatch = watch.reading(covered.target, covered.api.manifests, meter)
    with limited_time(request.target_timeout, stopwatch.started, target_timed_out(request)):
        outcome = _read(covered, watch)
    stopwatch.stop(outcome.message if isinstance(outcome, ReconcilerError) else "")
    return outcome


def _read(covered: _CoveredApi, watch: Watch) -> MethodCoverage | ReconcilerError:
    """Read one API, and keep only which methods it has."""
    reader = covered.addressed.account_region.connection.reader
    try:
        watch.check()
        live = within_time(lambda: _live(covered.target, reader), watch.monotonic())
    except Interrupted:
        raise
    except ReconcilerError as failure:
        return failure
    desired, _ = merge(covered.addressed.manifests)
    bound = bind(desired, live)
    managed = {scope: method for scope, method in bound.live.methods.items() if _has_responses(method)}
    unlisted = sorted(scope for scope in managed if scope not in bound.desired.owns)
    return MethodCoverage(
        len(managed) - len(unlisted),
        tuple(
            UnlistedMethod(scope, managed[scope].integration_type or "", _resource_id(managed[scope]))
            for scope in unlisted
        ),
    )


def _live(target: Target, reader: Reader) -> LiveApi:
    match target.kind:
        case Kind.REST_API:
            return reader.rest_api(target)
        case Kind.WEBSOCKET_API:
            return reader.websocket_api(target, IntegrationSelection())
        case _:
            assert_never(target.kind)


def _has_responses(method: LiveScope) -> bool:
    return bool(method.integration_type) and not method.is_proxy


def _resource_id(method: LiveScope) -> str:
    match method:
        case LiveMethod(resource_id=identifier) | LiveIntegration(integration_id=identifier):
            return identifier
        case _:
            assert_never(method)


def _exempted(methods: MethodCoverage, api: ApiCoverage, exempt: Exemptions) -> MethodCoverage:
    unlisted = (
        replace(method, exemption=exempt.of(*(f"{name}: {method.scope}" for name in api.manifests)))
        for method in methods.unlisted
    )
    return replace(methods, unlisted=tuple(unlisted))
