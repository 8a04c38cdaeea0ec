"""Ignore rules: APIs that have no manifest on purpose."""

import pytest

from reconciler.errors import ExitCode, UsageError
from reconciler.fleet.coverage import CoverageTally
from reconciler.models.targets import Coordinates
from support.landscape import Landscape


def rules(found: Landscape, text: str) -> list[tuple[str, str]]:
    """The warnings of a run with these ignore rules, by rule id and place."""
    found.configure(f"coverage:\n  {text}")
    return [(one.rule.id, str(one.location)) for one in found.coverage(methods=True).diagnostics]


@pytest.mark.parametrize("glob", ["legacy-*", "{id}", "*"])
def test_a_rule_leaves_apis_out(landscape: Landscape, glob: str) -> None:
    """By name or by id; an API that has a manifest stays covered."""
    legacy = landscape.api("legacy-orders")
    landscape.api("pets")
    landscape.write("pets")
    landscape.configure(f"coverage: {{ignore: [{{match: '{glob.format(id=legacy)}', reason: retired}}]}}")
    found = landscape.coverage()
    (region,) = found.regions

    assert (ExitCode.OK, CoverageTally(covered=1, ignored=1)) == (found.exit_code, found.counts)
    assert ["retired"] == [api.exemption.reason for api in region.apis if api.exemption]


def test_an_expired_rule_has_no_effect(landscape: Landscape) -> None:
    """And is a warning at its place."""
    landscape.api("pets")
    found = rules(landscape, "ignore: [{match: pets, until: 2026-01-30}]")

    assert [("expired-ignore", "reconciler.yaml:5:12")] == [one for one in found if one[0] != "empty-set"]
    assert ExitCode.DIFFERENCES == landscape.coverage().exit_code


@pytest.mark.parametrize("text", ["ignore: [{match: pets}]", "ignoreMethods: [{match: 'pets: *'}]"])
def test_a_rule_that_matches_nothing_is_a_warning(landscape: Landscape, text: str) -> None:
    """Also where what it matches has a manifest by now."""
    landscape.api("pets")
    landscape.write("pets")

    assert ["idle-ignore"] == [rule for rule, _ in rules(landscape, text)]


def test_a_rule_for_methods_is_not_idle_if_methods_are_not_read(landscape: Landscape) -> None:
    """Nobody knows."""
    landscape.configure("coverage: {ignoreMethods: [{match: x}]}")
    landscape.api("pets")
    landscape.write("pets")

    assert () == landscape.coverage().diagnostics


def test_a_rule_is_not_idle_if_environments_were_left_out(landscape: Landscape) -> None:
    """It may be for one of them."""
    landscape.configure(
        "coverage: {ignore: [{match: legacy}]}\nenvironments: {dev: {region: eu-west-1}, prod: {region: us-east-1}}"
    )
    landscape.api("pets")
    landscape.write("pets")

    assert () == landscape.coverage("dev").diagnostics


def test_a_rule_is_not_idle_if_regions_were_left_out(landscape: Landscape) -> None:
    """What it matches may be in another one."""
    landscape.configure("coverage: {ignore: [{match: legacy}]}")
    landscape.api("pets")
    landscape.write("pets")

    assert () == landscape.coverage(coordinates=Coordinates("eu-west-1")).diagnostics


def test_rules_that_take_too_long_are_refused(landscape: Landscape, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is matched with each API of an account and region."""
    monkeypatch.setattr("reconciler.engine.coverage.exemptions.MOST_MATCHING", 1_000)
    landscape.api("pets")
    landscape.configure(f"coverage: {{ignore: [{', '.join('{match: a}' for _ in range(1_000))}]}}")

    with pytest.raises(UsageError, match="takes too long"):
        landscape.coverage()
