"""What a drift report adds to its findings: blame, ignore rules, what its signs mean."""

import json
from dataclasses import replace

import pytest

from reconciler.diagnostics import Location
from reconciler.engine.drift.result import Drift
from reconciler.engine.result_documents import document_of_drift
from reconciler.findings import StageDrift, find_drift
from reconciler.fleet.blame import AwsChange, Blame
from reconciler.fleet.facts import FleetFacts
from reconciler.fleet.fingerprint import fingerprint, lag_fingerprint
from reconciler.fleet.ignored import IgnoredResponses
from reconciler.fleet.remediation import LeftAlone, Remediation
from reconciler.models.responses import RestResponse
from reconciler.render.style import Style
from reconciler.views.drift import drift_view
from support.live import DEFAULT, GET_PETS, NOT_FOUND, TARGET, live_of
from support.states import desired_of

PLAIN, FULL, QUIET = Style(), Style(full=True), Style(quiet=True)
LONG = "\n".join(f"line {number}" for number in range(500))
DRAFT = find_drift(
    desired_of({GET_PETS: {"404": RestResponse("404", response_templates={"text/plain": "a\nb\nc"})}}),
    live_of({GET_PETS: {"404": RestResponse("404", response_templates={"text/plain": "a\nB\nc"})}}),
)
FINGERPRINT = fingerprint(TARGET, DRAFT.findings[0])
CHANGE = AwsChange(
    "2026-01-30T08:15:02Z",
    "arn:aws:sts::123456789012:assumed-role/admin/jo",
    "PutIntegrationResponse",
    "203.0.113.4",
    "APN/1.0 HashiCorp/1.0 Terraform/1.9.8 (+https://www.terraform.io) terraform-provider-aws/5.80",
    "GET /pets 404",
    "e-1",
)
SHORT = (
    "2026-01-30 08:15:02 UTC: PutIntegrationResponse GET /pets 404 by assumed-role/admin/jo from 203.0.113.4 "
    "with APN/1.0 HashiCorp/1.0 Terraform/1.9.8 ..."
)
RULE = IgnoredResponses(
    "petstore: * /old/** *",
    (),
    "migration",
    "2027-01-31",
    "prod",
    "eu-west-1",
    ("petstore: GET /old/a 200", "petstore: GET /old/b 200"),
    Location("reconciler.yaml", 7, 5),
)
FORMATS = ("text", "json", "markdown", "github", "sarif", "junit", "html")


def drift(blame: Blame | None = None, *ignored: IgnoredResponses, stages: tuple[StageDrift, ...] = ()) -> Drift:
    """A report of one finding."""
    blames = {FINGERPRINT: blame} if blame else None
    return Drift((DRAFT,), (), (), "", stages, (), FleetFacts(blames=blames, ignored=ignored))


def shown(result: Drift, form: str = "text", style: Style = PLAIN) -> str:
    """The report in a format, without what escapes put into it."""
    text = drift_view(result, "all", style)[form]()
    return text.replace("&#45;", "-").replace("&#x27;", "'").replace("`", "")


@pytest.mark.parametrize("form", ["text", "markdown", "github", "sarif", "junit", "html"])
def test_blame_is_in_every_format(form: str) -> None:
    """When, what, who, from where, and with what, in one line. JSON has the same in parts."""
    assert SHORT in shown(drift(Blame((CHANGE,))), form)


def test_blame_is_in_the_document() -> None:
    """With the whole ARN and the event's id."""
    (finding,) = document_of_drift(drift(Blame((CHANGE,)))).findings

    assert finding.blame is not None
    assert [(CHANGE.at, CHANGE.who, CHANGE.event_id)] == [
        (change.at, change.who, change.event_id) for change in finding.blame.changes
    ]


def test_in_full_nothing_of_it_is_cut() -> None:
    """Neither the ARN nor the user agent; and the event can be looked up."""
    text = shown(drift(Blame((CHANGE,))), style=FULL)

    assert f"by {CHANGE.who} from 203.0.113.4 with {CHANGE.agent} (event e-1)" in text


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (replace(CHANGE, who="arn:aws:iam::999999999999:root", agent=""), "by root of account 999999999999 from 203"),
        (replace(CHANGE, who="AIDA:me", agent=""), "by AIDA:me from 203.0.113.4"),
        (replace(CHANGE, who="", address="", agent=""), "GET /pets 404 by an unknown principal\n"),
        (
            replace(CHANGE, address="cloudformation.amazonaws.com", agent="cloudformation.amazonaws.com"),
            "jo from cloudf",
        ),
        (replace(CHANGE, agent="x" * 50), f"with {'x' * 40} ...\n"),
        (replace(CHANGE, who="\x1b[31mred", agent=""), "by \\x1b[31mred from"),
    ],
)
def test_what_an_event_lacks_is_left_out(change: AwsChange, text: str) -> None:
    """And what it has is escaped."""
    assert text in shown(drift(Blame((change,))))


def test_a_service_is_named_once() -> None:
    """CloudFormation is its own address and program."""
    change = replace(CHANGE, address="cloudformation.amazonaws.com", agent="cloudformation.amazonaws.com")

    assert 1 == shown(drift(Blame((change,)))).count("cloudformation")


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_an_unknown_blame_is_a_note(form: str) -> None:
    """Findings without one for the same reason are counted."""
    text = shown(drift(Blame(note="the event history could not be read: access denied")), form)

    assert "Blame unknown for 1 finding: the event history could not be read: access denied" in text


def test_an_unknown_blame_is_in_the_document() -> None:
    """At the finding."""
    (finding,) = document_of_drift(drift(Blame(note="there is none"))).findings

    assert finding.blame is not None
    assert "there is none" == finding.blame.note


def test_stages_have_blame_of_their_own() -> None:
    """In the text, in annotations and in test cases."""
    stage = StageDrift("prod", find_drift(desired_of({GET_PETS: {"200": DEFAULT}}), live_of({GET_PETS: {}})))
    deployed = replace(CHANGE, event="CreateDeployment", subject="stage prod")
    name = fingerprint(TARGET, stage.drift.findings[0], "prod")
    result = Drift((), (), (), "", (stage,), (), FleetFacts(blames={name: Blame((deployed,))}))

    assert [1, 1, 1] == [
        shown(result, form).count("CreateDeployment stage prod by assumed-role/admin/jo")
        for form in ("text", "github", "junit")
    ]


def test_a_lag_has_blame() -> None:
    """In the text and in annotations."""
    lag = StageDrift("prod", find_drift(desired_of({GET_PETS: {}}), live_of({GET_PETS: {}})), "it is older")
    blames = {lag_fingerprint(TARGET, "prod"): Blame((CHANGE,))}
    result = Drift((), (), (), "", (lag,), (), FleetFacts(blames=blames))

    assert [True, True] == [SHORT in shown(result, form) for form in ("text", "github")]


@pytest.mark.parametrize("form", ["text", "markdown", "github", "sarif", "junit", "html"])
def test_ignore_rules_are_in_every_format(form: str) -> None:
    """What, where, how much, why, until when."""
    text = shown(drift(None, RULE), form)

    for part in ("petstore: * /old/** *", "(prod, eu-west-1): 2 differences", "migration", "2027-01-31"):
        assert part in text


def test_ignore_rules_are_a_block_of_the_text() -> None:
    """The addresses only in full."""
    rule = "petstore: * /old/** * (prod, eu-west-1): 2 differences (migration, until 2027-01-31)  reconciler.yaml:7"

    assert f"Ignored: 2 differences by 1 rule\n  {rule}\n" in shown(drift(None, RULE))
    assert "petstore: GET /old/a 200" not in shown(drift(None, RULE))
    assert "    petstore: GET /old/a 200 (prod, eu-west-1)\n" in shown(drift(None, RULE), style=FULL)


def test_many_ignored_addresses_are_counted() -> None:
    """Even in full."""
    rule = replace(RULE, addresses=tuple(f"petstore: GET /old/{number} 200" for number in range(300)))

    assert "    ... and 100 more\n" in shown(drift(None, rule), style=FULL)


def test_a_rule_without_a_reason_has_no_parentheses() -> None:
    """But its fields are named."""
    rule = replace(RULE, reason="", until=None, environment=None, fields=("selectionPattern",), location=None)

    assert "  petstore: * /old/** *: 2 differences in selectionPattern\n" in shown(drift(None, rule))


def test_one_rule_in_two_environments_is_one_rule() -> None:
    """With a line each."""
    text = shown(drift(None, RULE, replace(RULE, environment="dev")))

    assert "Ignored: 4 differences by 1 rule\n" in text


def test_quiet_leaves_them_out() -> None:
    """A cron job mails the counts."""
    assert 1 == len(shown(drift(Blame((CHANGE,)), RULE), style=QUIET).splitlines())


@pytest.mark.parametrize("form", ["text", "markdown", "junit"])
def test_the_direction_is_stated(form: str) -> None:
    """Once for each block of differences."""
    assert "- manifest, + live" in shown(drift(), form)


@pytest.mark.parametrize("form", ["github", "sarif"])
def test_a_message_shows_the_change_in_its_direction(form: str) -> None:
    """Long texts by their size."""
    part = "petstore: GET /pets 404 is changed in AWS (manifest -> live): template text/plain: (3 lines) -> (3 lines)"

    assert part in shown(drift(), form)


def test_a_stage_has_a_direction_of_its_own() -> None:
    """What is compared is deployed, not live."""
    stage = StageDrift("prod", DRAFT)
    result = Drift((), (), (), "", (stage,))

    assert "Differences on stage prod (- manifest, + deployed):" in shown(result)
    assert "changed in AWS (manifest -> deployed)" in shown(result, "github")


def test_a_change_of_lines_is_a_line_diff_in_the_document() -> None:
    """From the manifest to live, with context; programs can post it as it is."""
    (change,) = json.loads(shown(drift(), "json"))["findings"][0]["changes"]

    assert ["@@ -1,3 +1,3 @@", " a", "-b", "+B", " c"] == change["diff"]
    assert ("a\nB\nc", "a\nb\nc") == (change["before"], change["after"])


def test_a_change_of_one_line_is_no_line_diff() -> None:
    """Both values are there already."""
    found = find_drift(desired_of({GET_PETS: {"404": NOT_FOUND}}), live_of({GET_PETS: {"404": RestResponse("4..")}}))
    (finding,) = document_of_drift(Drift((found,), (), (), "")).findings

    assert [[]] == [change.diff for change in finding.changes]


def test_a_long_line_diff_is_cut() -> None:
    """The last line counts what is left out."""
    found = find_drift(
        desired_of({GET_PETS: {"404": RestResponse("404", response_templates={"text/plain": LONG})}}),
        live_of({GET_PETS: {"404": RestResponse("404", response_templates={"text/plain": ""})}}),
    )
    (finding,) = document_of_drift(Drift((found,), (), (), "")).findings
    (diff,) = [change.diff for change in finding.changes]

    assert (201, "\\ 302 more lines") == (len(diff), diff[-1])


@pytest.mark.parametrize("format_", ["text", "markdown", "github", "sarif", "junit", "html"])
def test_every_format_says_why_nothing_was_applied(format_: str) -> None:
    """Exit 4 needs a reason wherever it is read."""
    left = LeftAlone(TARGET, ("catalog",), "it is too old")
    done = Remediation(refusals=("the branch moved",), left=(left,))
    drift = Drift((), (), (), "2026-01-31T06:00:00Z", facts=FleetFacts(remediation=done))
    shown = drift_view(drift, "dev", Style())[format_]()

    assert "the branch moved" in shown
    assert "it is too old" in shown
