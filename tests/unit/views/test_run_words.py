"""What became of a run, in words."""

from typing import Any

import pytest

from reconciler.views.run_words import count_words, detail_lines, environment_words, state_tone, state_words, who
from support.run_documents import api, counts, damaged, run_of


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({}, "applied"),
        ({"command": "deploy"}, "deployed"),
        ({"command": "rollback"}, "restored"),
        ({"rolled_back_by": "x"}, "rolled back"),
        ({"state": "failed", "summary": counts(3, 1, 2)}, "stopped part-way"),
        ({"state": "failed"}, "finished with errors"),
        ({"state": "interrupted"}, "interrupted"),
        ({"state": "running"}, "in progress"),
        ({"state": "torn"}, "incomplete"),
    ],
)
def test_states(members: dict[str, Any], words: str) -> None:
    """Each has a word that says what it means for the API."""
    assert words == state_words(run_of(**members))


def test_what_was_rolled_back_is_no_good_news_any_more() -> None:
    """It is faint; so the runs that count stand out."""
    assert ["good", "faint", "error"] == [state_tone(run) for run in (run_of(), run_of(rolled_back_by="x"), damaged())]


def test_counts() -> None:
    """Outcomes that are none are left out, and deployments are counted."""
    assert ["3 applied, 1 failed, 2 not run, 1 stage deployed", "", ""] == [
        count_words(run_of(summary=counts(3, 1, 2), deployed=1)),
        count_words(run_of(summary=counts())),
        count_words(damaged()),
    ]


def test_who_started_it() -> None:
    """The actor, else what the credentials are called."""
    role = "arn:aws:sts::123456789012:assumed-role/ci/run-7"

    assert ["kim", "assumed-role/ci/run-7", ""] == [
        who(run_of(principals=[role])),
        who(run_of(actor=None, principals=[role])),
        who(run_of(actor=None)),
    ]


def test_environments() -> None:
    """Each once; none without environments."""
    assert ["prod, dev", ""] == [
        environment_words(run_of(targets=[api(), api("dev"), api()])),
        environment_words(run_of(targets=[api(None)])),
    ]


def test_all_that_is_known() -> None:
    """One line each, of what is there."""
    run = run_of(rolls_back="a", rolled_back_by="b", principals=["arn:c"], job="https://d", endpoint_url="http://e\x1b")

    assert [
        "rolls back a",
        "rolled back by b",
        "AWS principal arn:c",
        "CI job https://d",
        "not on AWS: http://e\\x1b",
        "petstore (RestApi a1b2c3d4e5, environment prod, account 123456789012, eu-west-1)",
    ] == list(detail_lines(run))
