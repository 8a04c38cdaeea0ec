"""The words of notifications."""

import json
from dataclasses import replace

import pytest

from reconciler.engine.drift.open_findings import open_findings
from reconciler.engine.drift.result import Drift
from reconciler.fleet.facts import FleetFacts
from reconciler.fleet.history import Delivered, OpenFinding
from reconciler.fleet.news import news_for
from reconciler.fleet.run_facts import RunFacts
from reconciler.ports import Notification
from reconciler.views.notification import ci_link, drift_notification
from support.histories import FIRST, drift_at, target_drift, unread

GITHUB = {
    "GITHUB_SERVER_URL": "https://github.example.com",
    "GITHUB_REPOSITORY": "team/apis",
    "GITHUB_RUN_ID": "42",
}
JOB = "https://github.example.com/team/apis/actions/runs/42"


def notification(
    drift: Drift, *known: str, resolved: frozenset[str] = frozenset(), is_due: bool = False
) -> Notification:
    """The notification of a run, to a channel that knows these addresses."""
    findings = {name: replace(finding, first_seen=FIRST) for name, finding in open_findings(drift).items()}
    sent = {name for name, finding in findings.items() if finding.address in known}
    news = news_for(Delivered("", frozenset(sent) | resolved), findings.keys(), is_due=is_due)
    assert news is not None
    return drift_notification(GITHUB)(drift, news, findings)


def test_new_findings_come_first() -> None:
    """With the environment, the counts, and the page of the job."""
    drift = drift_at(
        FIRST, target_drift("404", "500", environment="prod"), unread=[unread("orders", environment="dev")]
    )
    found = notification(drift, "petstore: GET /pets 404", resolved=frozenset("r"))

    assert [
        "API Gateway drift in dev, prod: 2 findings, 1 error.",
        "2 new, 1 known, 1 resolved since the last notification.",
        "- `petstore: GET /pets 500` (prod, eu-west-1): missing, new",
        "- `orders` (dev, eu-west-1): could not be compared, new",
        "- `petstore: GET /pets 404` (prod, eu-west-1): missing, known since 2026-01-01",
        JOB,
    ] == found.text.splitlines()
    assert "API Gateway drift in dev, prod: 2 findings, 1 error" == found.title


def test_all_clear() -> None:
    """Says how much is resolved."""
    found = notification(drift_at(FIRST, target_drift()), resolved=frozenset("ab"))

    assert ["API Gateway drift is cleared.", "2 resolved since the last notification.", JOB] == found.text.splitlines()


def test_a_reminder_says_that_it_is_one() -> None:
    """In its title."""
    found = notification(drift_at(FIRST, target_drift("404")), "petstore: GET /pets 404", is_due=True)

    assert "Reminder: API Gateway drift: 1 finding" == found.title


def test_a_long_list_is_cut() -> None:
    """The text after 20 findings, the document after 100."""
    targets = [target_drift("404", name=f"api{number:03}", environment=f"e{number}") for number in range(120)]
    found = notification(drift_at(FIRST, *targets))
    document = json.loads(found.document)

    assert ("- and 100 more", 100, 20, 120) == (
        found.text.splitlines()[-2],
        len(document["findings"]),
        document["omitted"],
        document["open"],
    )
    assert "API Gateway drift in e0, e1, e10 and 117 more: 120 findings" == found.title


def test_nothing_hostile_reaches_a_chat() -> None:
    """No mention of everybody, no line, no end of the quotes, no endless name."""
    finding = OpenFinding(
        "a" * 24, "changed", "<!channel>`@all\n\x1b[31m" + "x" * 9_999, "m", None, "", "", "<s>", FIRST
    )
    news = news_for(Delivered(), {finding.fingerprint}, is_due=False)
    assert news is not None
    found = drift_notification({})(drift_at(FIRST), news, {finding.fingerprint: finding})
    line = found.text.splitlines()[2]

    assert line.startswith("- `\u2039!channel\u203a'@all\\n\\x1b[31mxxx")
    assert line.endswith("xxx` (stage \u2039s\u203a): changed, new")
    assert len(found.text) < 500


def test_a_stopped_run_says_so() -> None:
    """There may be more findings than it shows."""
    drift = replace(drift_at(FIRST, target_drift("404")), facts=FleetFacts(run=RunFacts(stopped="timed out")))

    assert "The run was stopped before it had read everything: timed out." in notification(drift).text


def test_the_document_names_everything() -> None:
    """For programs."""
    document = json.loads(notification(drift_at(FIRST, target_drift("404")), resolved=frozenset({"b" * 24})).document)
    (finding,) = document["findings"]

    assert ("DriftNotification", "changed", FIRST, 1, 0, [finding["fingerprint"]], ["b" * 24], JOB) == tuple(
        document[key] for key in ("kind", "reason", "createdAt", "open", "errors", "new", "resolved", "link")
    )
    assert ("missing", "petstore: GET /pets 404", None, "123456789012", True) == tuple(
        finding[key] for key in ("type", "address", "environment", "accountId", "isNew")
    )


@pytest.mark.parametrize(
    ("process", "link"),
    [
        ({}, ""),
        (GITHUB, JOB),
        ({"CI_JOB_URL": "https://gitlab.example.com/-/jobs/1"}, "https://gitlab.example.com/-/jobs/1"),
        ({"BUILD_URL": "http://jenkins.example.com/1/"}, "http://jenkins.example.com/1/"),
        ({"BUILD_URL": "https://me:pass@jenkins.example.com/1"}, ""),
        ({"BUILD_URL": "javascript:alert(1)"}, ""),
        ({"BUILD_URL": "https://[x"}, ""),
        ({"BUILD_URL": "https://a.example.com/ b"}, ""),
    ],
)
def test_the_page_of_a_job(process: dict[str, str], link: str) -> None:
    """Only where it is a plain URL."""
    assert link == ci_link(process)
