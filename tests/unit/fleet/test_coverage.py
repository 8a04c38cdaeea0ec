"""Counts of coverage, and how accounts and regions are named."""

from fractions import Fraction

import pytest

from reconciler.errors import AccessDenied
from reconciler.fleet.coverage import (
    ApiCoverage,
    CoverageFailure,
    CoverageTally,
    CoverageThresholds,
    Exemption,
    RegionCoverage,
    place_name,
    total,
)
from reconciler.models.targets import Kind

PETS = ApiCoverage(Kind.REST_API, "a1", "pets", manifests=("pets",))
OLD = ApiCoverage(Kind.REST_API, "b2", "old", exemption=Exemption("old"))
CHAT = ApiCoverage(Kind.WEBSOCKET_API, "c3", "chat")


def test_what_is_ignored_is_no_part_of_the_share() -> None:
    """Neither above nor below the line."""
    region = RegionCoverage("1", "r", apis=(PETS, OLD, CHAT))

    assert (CoverageTally(1, 1, 1), 2, Fraction(1, 2)) == (region.counts, region.counts.total, region.counts.share)


def test_kinds_are_counted_apart() -> None:
    """A listing may be of one kind only."""
    assert CoverageTally(0, 1) == RegionCoverage("1", "r", apis=(PETS, OLD, CHAT)).counts_of((Kind.WEBSOCKET_API,))


def test_nothing_to_cover_is_covered() -> None:
    """An empty account is in order."""
    assert CoverageThresholds().are_met(total(()), CoverageTally())


@pytest.mark.parametrize(
    ("account_id", "region", "environments", "name"),
    [
        ("1", "eu-west-1", ("dev", "prod"), "account 1, eu-west-1 (dev, prod)"),
        ("1", "eu-west-1", (), "account 1, eu-west-1"),
        (None, "eu-west-1", ("dev",), "eu-west-1 (dev)"),
        (None, None, ("dev",), "AWS (dev)"),
        (None, None, (), "AWS"),
    ],
)
def test_a_place_is_named_as_far_as_it_is_known(
    account_id: str | None, region: str | None, environments: tuple[str, ...], name: str
) -> None:
    """There may be no connection, and no region before there is one."""
    assert name == place_name(account_id, region, environments)


@pytest.mark.parametrize(
    ("kind", "api", "subject"),
    [
        (None, None, "account 1, r (dev): APIs cannot be listed: no"),
        (Kind.WEBSOCKET_API, None, "account 1, r (dev): WebSocket APIs cannot be listed: no"),
        (Kind.REST_API, PETS, "account 1, r (dev): the methods of RestApi a1 cannot be read: no"),
    ],
)
def test_a_failure_names_what_is_missing(kind: Kind | None, api: ApiCoverage | None, subject: str) -> None:
    """All APIs, those of a kind, or the methods of one."""
    failure = CoverageFailure(AccessDenied("no", "ask"), ("dev",), "1", "r", kind, api)

    assert (subject, "ask", "access-denied") == (
        failure.diagnostic.message,
        failure.diagnostic.remedy,
        failure.diagnostic.rule.id,
    )
