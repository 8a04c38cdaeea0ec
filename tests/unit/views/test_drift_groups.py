"""Findings as what differs and where."""

from dataclasses import replace

import pytest

from reconciler.engine.drift.result import Drift
from reconciler.findings import DECLARED_ABSENT, StageDrift, Type
from reconciler.fleet.ages import Age, Ages
from reconciler.fleet.blame import AwsChange, Blame
from reconciler.fleet.facts import FleetFacts
from reconciler.fleet.fingerprint import error_fingerprint, fingerprint, lag_fingerprint
from reconciler.views.drift_groups import DriftContent, Placed, drift_groups, placed_findings, writes
from support.fleet_reports import METHODS, NOW, OF_SET, finding, fleet_drift, of_api, set_change

CATALOG = of_api("dev", "catalog", *set_change("catalog"))
WRITE = AwsChange("2026-11-29T00:00:00Z", "sam", "PutIntegrationResponse")


def placed(drift: Drift) -> list[Placed]:
    """Everything that was found."""
    return list(placed_findings(drift))


def test_the_same_change_of_sixteen_methods_in_two_environments_is_one_group() -> None:
    """Whatever the manifest, the method and the line in the file."""
    drift = Drift((CATALOG, of_api("prod", "orders", *set_change("orders"))), (), (), NOW)

    assert [(group.content, len(group.places)) for group in drift_groups(placed(drift))] == [
        (DriftContent(Type.CHANGED, "response", "", (OF_SET,)), 32)
    ]


def test_errors_come_first() -> None:
    """Whatever is in more places."""
    types = [group.content.type for group in drift_groups(placed(fleet_drift()))]

    assert types[:3] == [Type.ERROR] * 3
    assert Type.ERROR not in types[3:]


def test_nothing_is_lost() -> None:
    """The groups have as many places as the summary counts findings and errors, but for what stages repeat."""
    drift = fleet_drift()
    repeated = sum(len(place.also_on) for _, place in placed(drift))

    assert sum(len(group.places) for group in drift_groups(placed(drift))) + repeated == (
        drift.summary.findings + drift.summary.errors
    )


def test_a_path_that_is_gone_is_one_group() -> None:
    """Its responses differ, but their values are not what matters."""
    note = "the API has no path /items"
    gone = [
        finding("catalog", METHODS[0], code, Type.MISSING, replace(OF_SET, before=None, after=code), note=note)
        for code in ("200", "404")
    ]
    groups = drift_groups(placed(Drift((of_api("dev", "catalog", *gone),), (), (), NOW)))

    assert [group.content for group in groups] == [DriftContent(Type.MISSING, "response", note)]


def test_a_stage_that_differs_as_the_draft_does_is_named_there() -> None:
    """What differs on the stage alone is a finding of its own."""
    served = replace(CATALOG, findings=(*CATALOG.findings[:1], finding("catalog", METHODS[2], "404", Type.MISSING)))
    found = placed(Drift((CATALOG,), (), (), NOW, (StageDrift("live", served),)))

    assert ([("live",), ()], [("GET /items/{itemId}", "")], ["live"]) == (
        [place.also_on for _, place in found[:2]],
        [("GET /items/{itemId}", "")] if found[-1][0].is_served else [],
        [place.stage for _, place in found if place.stage],
    )


def test_ages_and_blame_are_those_of_the_fingerprint() -> None:
    """Of drafts, of stages that lag, and of what could not be read."""
    drift = fleet_drift()
    lagging, unread = drift.stages[1], drift.unread[0]
    names = [
        fingerprint(drift.targets[0].target, drift.targets[0].findings[0]),
        lag_fingerprint(lagging.drift.target, "live"),
        error_fingerprint(unread.environment, unread.region, "billing"),
    ]
    ages = {name: Age("known", str(number)) for number, name in enumerate(names)}
    facts = FleetFacts(ages=Ages(ages), blames={name: Blame((WRITE,)) for name in names})
    known = [place for _, place in placed(replace(drift, facts=facts)) if place.age]

    assert [(place.age.first_seen if place.age else "", place.manifest, bool(place.blame)) for place in known] == [
        ("0", "catalog", True),
        ("1", "chat", True),
        ("2", "billing", False),
    ]


def test_each_write_is_listed_once_the_latest_first() -> None:
    """However many findings it may have caused."""
    earlier = replace(WRITE, at="2026-11-28T00:00:00Z")
    _, place = placed(Drift((CATALOG,), (), (), NOW))[0]
    places = [replace(place, blame=Blame(changes)) for changes in ((earlier, WRITE), (WRITE,), ())]

    assert writes([*places, place]) == [(WRITE, place.site), (earlier, place.site)]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (DriftContent(Type.MISSING, "response", "the API has no path /x"), "missing in AWS: the API has no path /x"),
        (DriftContent(Type.UNEXPECTED, "response", DECLARED_ABSENT), DECLARED_ABSENT),
        (DriftContent(Type.CHANGED, "response", is_served=True), "differs on the stage (manifest -> deployed)"),
        (
            DriftContent(Type.MISSING, "methodResponse", "method response 404 is missing"),
            "method response 404 is missing",
        ),
    ],
)
def test_titles_say_what_differs(content: DriftContent, expected: str) -> None:
    """Nothing is said twice."""
    assert content.title == expected
