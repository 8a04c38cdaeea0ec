"""The text of a drift report."""

from dataclasses import replace

import pytest

from reconciler.diagnostics import Diagnostic, Location, error, warning
from reconciler.findings import TargetDrift, find_drift
from reconciler.fleet.facts import FleetFacts
from reconciler.fleet.run_facts import RunFacts
from reconciler.models.responses import RestResponse
from reconciler.ports import Usage
from reconciler.render.style import Style
from reconciler.rules import InputRule, RunRule
from reconciler.views.drift import drift_summary, drift_text
from support.live import BROKEN, DEFAULT, GET_PETS, NOT_FOUND, live_of
from support.reads import drift_of
from support.states import desired_of

PLAIN, FULL, QUIET = Style(), Style(full=True), Style(quiet=True)
IN_SYNC = find_drift(desired_of({GET_PETS: {"200": DEFAULT}}), live_of({GET_PETS: {"200": DEFAULT}}))
DRIFTED = find_drift(
    desired_of({GET_PETS: {"200": DEFAULT, "404": NOT_FOUND}}),
    live_of({GET_PETS: {"404": RestResponse("4.."), "500": BROKEN}}),
)
UNREAD = error(RunRule.ACCESS_DENIED, "orders: access denied", "ask for it", Location("orders.yaml", 3, 1))


def report(*targets: TargetDrift, style: Style = PLAIN, problems: tuple[Diagnostic, ...] = ()) -> list[str]:
    """The lines of the text."""
    return drift_text(drift_of(*targets, problems=problems), style).splitlines()


def test_drift_is_shown_from_the_side_of_the_manifest() -> None:
    """A minus is what the manifest says and AWS lacks, a plus what AWS has beyond it."""
    assert [
        "- manifest, + live",
        "",
        "petstore  (RestApi a1b2c3d4e5 'petstore', account 123456789012, eu-west-1)",
        "",
        "  GET /pets",
        "    - 200  missing in AWS",
        "    ~ 404  changed in AWS (manifest -> live)",
        "        ~ selectionPattern: 404 -> 4..",
        "    + 500  unexpected: in AWS, not in the manifest",
        "        + selectionPattern: 5\\d\\d",
        "",
        "Drift: 1 changed, 1 missing, 1 unexpected; 0 responses in sync.",
    ] == report(DRIFTED)


def test_in_full_whole_responses_are_shown() -> None:
    """With the same signs."""
    found = report(DRIFTED, style=FULL)

    assert ["        + selectionPattern: 5\\d\\d"] == [line for line in found if "5\\d" in line]


def test_what_is_gone_is_said() -> None:
    """Of the path, once for each response."""
    found = find_drift(desired_of({GET_PETS: {"200": DEFAULT}}), live_of({}))

    assert "    - 200  missing in AWS: the API has no path /pets" == report(found)[5]


def test_a_method_response_is_distinguished_from_a_response() -> None:
    """The response itself is as it should be."""
    found = find_drift(desired_of({GET_PETS: {"404": NOT_FOUND}}), live_of({GET_PETS: {"404": NOT_FOUND}}, declared={}))

    assert "    - 404  method response 404 is missing: clients get a 500" == report(found)[5]


def test_in_sync_is_one_line() -> None:
    """APIs that are in sync are not named."""
    assert ["In sync: 1 response."] == report(IN_SYNC)


def test_quiet_and_in_sync_is_nothing() -> None:
    """A cron job that mails its output mails nothing."""
    assert [] == report(IN_SYNC, style=QUIET)


def test_quiet_is_the_summary() -> None:
    """One line where there is drift."""
    assert report(DRIFTED)[-1:] == report(DRIFTED, style=QUIET)


def test_what_could_not_be_read_is_said_where_there_is_no_drift() -> None:
    """To say "in sync" would be more than anybody knows."""
    assert [
        "orders.yaml:3:1: error: orders: access denied [access-denied]; ask for it",
        "",
        ("No drift in what could be compared: 1 response in sync; 1 error, so not everything could be compared."),
    ] == report(IN_SYNC, problems=(UNREAD,))


def test_nothing_could_be_compared() -> None:
    """Then no count of responses means anything."""
    assert "Nothing could be compared: 1 error." == report(problems=(UNREAD,))[-1]


def test_what_could_not_be_read_is_said_beside_drift() -> None:
    """In the same line as the counts."""
    last = report(DRIFTED, problems=(UNREAD, UNREAD))[-1]

    assert last.endswith("0 responses in sync; 2 errors, so not everything could be compared.")


@pytest.mark.parametrize("style", [PLAIN, QUIET])
def test_nothing_is_in_sync_where_nothing_was_compared(style: Style) -> None:
    """Broken manifests leave nothing to compare."""
    found = report(problems=(error(InputRule.SYNTAX, "no YAML"),), style=style)

    assert [] == [line for line in found if line.startswith("In sync")]


def test_quiet_leaves_warnings_out() -> None:
    """As plan and validate do: a cron job is not loud about what is no drift."""
    assert [] == report(IN_SYNC, style=QUIET, problems=(warning(InputRule.SYNTAX, "it is odd"),))


def test_large_counts_are_readable() -> None:
    """With separators."""
    in_sync = IN_SYNC.in_sync * 12_345
    text = drift_summary(drift_of(replace(IN_SYNC, in_sync=in_sync, unmanaged=6_789)), PLAIN)

    assert "In sync: 12,345 responses, 6,789 in no manifest." == text


def test_time_and_calls_are_in_the_summary() -> None:
    """How long the run took, what it sent, and why it ended early; throttled calls only if there were any."""
    run = RunFacts(1234.56, Usage(1_200, 3), "timed out after 20m")
    texts = [
        drift_summary(replace(drift_of(IN_SYNC), facts=FleetFacts(facts)), PLAIN)
        for facts in (run, RunFacts(0.31, Usage(1)), RunFacts(usage=Usage(1)))
    ]

    assert [
        "In sync: 1 response; in 1,234.6 s, 1,200 calls, 3 throttled; timed out after 20m.",
        "In sync: 1 response; in 0.3 s, 1 call.",
        "In sync: 1 response.",
    ] == texts
