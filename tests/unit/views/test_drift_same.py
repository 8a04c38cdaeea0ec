"""The same difference in many places, in text and Markdown."""

from dataclasses import replace

import pytest

from reconciler.engine.drift.result import Drift
from reconciler.findings import StageDrift, TargetDrift
from reconciler.fleet.ages import Age, Ages
from reconciler.fleet.blame import AwsChange, Blame
from reconciler.fleet.facts import FleetFacts
from reconciler.fleet.fingerprint import fingerprint
from reconciler.render.style import Style
from reconciler.views.drift import drift_report, drift_text
from support.fleet_reports import NOW, fleet_drift, of_api, set_change

PLAIN, FULL, MARKED = Style(), Style(full=True), Style(marked=True, full=True)
THREE = set_change("catalog")[:3]
LINE = "header Access-Control-Allow-Origin: 'https://shop.example' -> '*'"


def lines(*targets: TargetDrift, style: Style = PLAIN, facts: FleetFacts | None = None) -> list[str]:
    """The text of a report."""
    return drift_text(Drift(targets, (), (), NOW, facts=facts or FleetFacts()), style).splitlines()


def test_three_equal_changes_are_shown_once() -> None:
    """Every line that names a method names its environments."""
    found = lines(of_api("dev", "catalog", *THREE), of_api("prod", "catalog", *THREE[:1]), of_api("prod", "users"))

    assert found[2:] == [
        "The same difference on 3 responses of catalog (4 in dev, prod)",
        "",
        "  ~ changed in AWS (manifest -> live)",
        f"    ~ {LINE}",
        "    catalog: GET /items 200 (dev, prod)",
        "    catalog: PUT /items 200 (dev)",
        "    catalog: POST /items 200 (dev)",
        "",
        "  dev, eu-west-1: 3 findings",
        "  prod, us-east-1: 1 finding",
        "Drift: 4 changed, 0 missing, 0 unexpected; 27 responses in sync.",
    ]


def test_two_equal_changes_are_shown_api_by_api() -> None:
    """A section of their own would be longer."""
    assert [line for line in lines(of_api("dev", "catalog", *THREE[:2])) if "same difference" in line] == []


def test_in_full_each_is_shown_where_it_is() -> None:
    """As -v promises."""
    found = lines(of_api("dev", "catalog", *THREE), style=FULL)

    assert ([], 3) == ([line for line in found if "same difference" in line], sum(LINE in line for line in found))


def test_many_places_are_cut_and_counted() -> None:
    """Nobody reads a list of hundreds on a terminal; a file lists them."""
    target = of_api("dev", "catalog", *set_change("catalog"))
    report = drift_report(Drift((target,), (), (), NOW), MARKED)

    assert ("    ... and 11 more (-v shows each)", 17, 16) == (
        next(line for line in lines(target) if "more" in line),
        sum(1 for _ in report.sections[0].entries),
        sum(entry.number for entry in report.sections[0].entries),
    )


def test_ages_and_writes_are_said_once() -> None:
    """Of all the places together; earlier writes are counted."""
    target = of_api("dev", "catalog", *THREE)
    names = [fingerprint(target.target, found) for found in target.findings]
    written = tuple(AwsChange(f"2026-11-2{day}T00:00:00Z", "sam", "ImportRestApi") for day in range(5, 0, -1))
    ages = {name: Age("new", NOW) for name in names}
    found = lines(target, facts=FleetFacts(ages=Ages(ages), blames=dict.fromkeys(names, Blame(written))))

    assert [line.strip() for line in found[4:10]] == [
        "~ changed in AWS (manifest -> live)  new",
        f"~ {LINE}",
        "2026-11-25 00:00:00 UTC: ImportRestApi by sam",
        "2026-11-24 00:00:00 UTC: ImportRestApi by sam",
        "2026-11-23 00:00:00 UTC: ImportRestApi by sam",
        "... and 2 earlier writes",
    ]


@pytest.mark.parametrize(("style", "expected"), [(PLAIN, False), (Style(marked=True), False), (MARKED, True)])
def test_values_of_missing_responses_need_the_full_style(style: Style, expected: bool) -> None:
    """The manifest has them."""
    missing = tuple(
        replace(found, type=found.type.MISSING, changes=(replace(found.changes[0], before=None),)) for found in THREE
    )
    report = drift_report(Drift((of_api("dev", "catalog", *missing),), (), (), NOW), style)

    assert (next(report.sections[0].entries).number == 0) is expected


def test_stages_are_named() -> None:
    """The draft is in sync, and what the stage serves is not."""
    draft = of_api("dev", "catalog")
    drift = Drift((draft,), (), (), NOW, (StageDrift("live", replace(draft, findings=THREE)),))

    assert [
        "  ~ differs on the stage (manifest -> deployed)",
        f"    ~ {LINE}",
        "    catalog: GET /items 200 (dev, stage live)",
    ] == drift_text(drift, PLAIN).splitlines()[2:5]


def test_every_finding_is_counted_in_some_section() -> None:
    """Those that are shown once, and those API by API."""
    drift = fleet_drift()
    report = drift_report(drift, PLAIN)
    repeated = 4  # on a stage as in the draft

    assert drift.summary.findings - repeated == sum(
        entry.number for section in report.sections for entry in section.entries
    )
