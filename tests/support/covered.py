"""A coverage report with everything in it."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Final

from reconciler.engine.coverage.coverage import ManifestCoverage
from reconciler.errors import AccessDenied
from reconciler.fleet.coverage import (
    ApiCoverage,
    CoverageFailure,
    CoverageThresholds,
    Exemption,
    MethodCoverage,
    RegionCoverage,
    UnlistedMethod,
)
from reconciler.fleet.run_facts import RunFacts
from reconciler.models.keys import IntegrationKey, MethodKey
from reconciler.models.targets import Kind
from reconciler.ports import Usage

NOW: Final = "2026-01-31T12:00:00Z"
REST, CHAT = Kind.REST_API, Kind.WEBSOCKET_API
WHY: Final = Exemption("old*", "retired", "2027-01-31")

PETS: Final = ApiCoverage(
    REST,
    "a1",
    "pets",
    manifests=("pets",),
    environments=("dev",),
    methods=MethodCoverage(
        3,
        (
            UnlistedMethod(MethodKey("/pets", "GET"), "AWS", "r1"),
            UnlistedMethod(MethodKey("/pets", "OPTIONS"), "MOCK", "r1", Exemption("pets: OPTIONS *")),
        ),
    ),
)
TALK: Final = ApiCoverage(
    CHAT,
    "c3",
    "talk",
    manifests=("talk",),
    environments=("dev",),
    methods=MethodCoverage(0, (UnlistedMethod(IntegrationKey("send", "i1"), "HTTP", "i1"),)),
)
ORDERS: Final = ApiCoverage(REST, "b2", "orders", stack="shop")
CHATTER: Final = ApiCoverage(CHAT, "d4", "chatter")
OLD: Final = ApiCoverage(REST, "e5", "old-pets", exemption=WHY)
EVERYTHING: Final = RegionCoverage("123456789012", "eu-west-1", ("dev", "test"), (ORDERS, OLD, PETS, CHATTER, TALK))
LISTED: Final = RegionCoverage("210987654321", "us-east-1", ("prod",), (replace(PETS, methods=MethodCoverage(2)),))
DENIED: Final = CoverageFailure(AccessDenied("not allowed", "ask for it"), ("prod",), "210987654321", "us-east-1", CHAT)

HALF: Final = CoverageThresholds(Fraction(1, 2), Fraction(1, 2))


def coverage_of(
    *regions: RegionCoverage,
    failures: tuple[CoverageFailure, ...] = (),
    thresholds: CoverageThresholds = CoverageThresholds(),  # noqa: B008 - frozen
    methods: bool = True,
) -> ManifestCoverage:
    """A report of these accounts and regions."""
    run = RunFacts(1.25, Usage(7, 1))
    return ManifestCoverage(regions, failures, (), NOW, thresholds, methods, run)


def renamed(region: RegionCoverage, change: Callable[[str], str]) -> RegionCoverage:
    """The same with other names of APIs."""
    return replace(region, apis=tuple(replace(api, name=change(api.name)) for api in region.apis))
