"""Remarks as SARIF, beyond what its schema asks for."""

import json
from dataclasses import replace
from typing import Any

import pytest

from reconciler.diagnostics import Location
from reconciler.render.remarks import FileLocator, Remark
from reconciler.render.sarif import sarif
from reconciler.rules import InputRule, LintRule, ResultRule

HERE = FileLocator("/repo", "/repo")
PLACED = Remark(
    "error", LintRule.BROKEN_PATTERN, "it is wrong", "fix it", Location("a.yaml", 7, 3), "petstore: GET / 200"
)


def run_of(*remarks: Remark, command: str = "plan", key: str = "") -> Any:  # noqa: ANN401 - JSON
    """The one run of a log."""
    (run,) = json.loads(sarif(command, key, remarks, HERE, is_complete=True))["runs"]
    return run


def prints(*remarks: Remark) -> list[str]:
    """By what the results are recognised."""
    return [one["partialFingerprints"]["reconciler/v1"] for one in run_of(*remarks)["results"]]


def test_a_result_stays_the_same_when_its_lines_move() -> None:
    """Or when the values in its message do."""
    moved = replace(PLACED, location=Location("a.yaml", 90, 1), message="it is wrong in another way")

    assert prints(PLACED) == prints(moved)


@pytest.mark.parametrize(
    "other",
    [
        replace(PLACED, rule=InputRule.SYNTAX),
        replace(PLACED, location=Location("b.yaml", 7, 3)),
        replace(PLACED, identity="petstore: GET / 404"),
    ],
)
def test_another_result_is_another(other: Remark) -> None:
    """By rule, file and response."""
    assert prints(PLACED) != prints(other)


def test_equal_results_are_distinguished() -> None:
    """By their order."""
    assert 2 == len({*prints(PLACED, PLACED)})


def test_a_message_is_recognised_without_its_numbers() -> None:
    """Where nothing else says what it is about: they may be lines."""
    first, second = (
        Remark("error", InputRule.SYNTAX, text, "", Location("a.yaml"), text)
        for text in ("as in line 7", "as in line 12")
    )

    assert prints(first) == prints(second)


def test_what_has_no_place_is_a_notification() -> None:
    """GitHub refuses a log with a result without a place."""
    run = run_of(replace(PLACED, location=None))
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]

    assert ([], "error", "broken-pattern", "it is wrong; fix it") == (
        run["results"],
        notification["level"],
        notification["associatedRule"]["id"],
        notification["message"]["text"],
    )


def test_a_rule_is_explained() -> None:
    """With what it means and what is to be done."""
    (rule,) = run_of(PLACED)["tool"]["driver"]["rules"]

    assert (LintRule.BROKEN_PATTERN.meaning, "BrokenPattern", "error") == (
        rule["shortDescription"]["text"],
        rule["name"],
        rule["defaultConfiguration"]["level"],
    )
    assert "java.util.regex.Pattern" in rule["help"]["text"]
    assert "\n\n**Wrong**\n\n```yaml\nresponses:\n" in rule["help"]["markdown"]


def test_results_name_their_rules_by_number() -> None:
    """The gravest come first, whatever the order of the rules."""
    run = run_of(Remark("note", ResultRule.PLAN_CREATE, "x", "", Location("a.yaml")), PLACED)
    names = [one["id"] for one in run["tool"]["driver"]["rules"]]

    assert [("broken-pattern", "broken-pattern"), ("plan/create", "plan/create")] == [
        (one["ruleId"], names[one["ruleIndex"]]) for one in run["results"]
    ]


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("a b#ü.yaml", {"uri": "a%20b%23%C3%BC.yaml", "uriBaseId": "%SRCROOT%"}),
        ("c:d.yaml", {"uri": "c%3Ad.yaml", "uriBaseId": "%SRCROOT%"}),
        ("/else where/a.yaml", {"uri": "file:///else%20where/a.yaml"}),
    ],
)
def test_files_are_addresses(file: str, expected: dict[str, str]) -> None:
    """Percent-encoded, from the root of the repository or, outside of it, whole."""
    (result,) = run_of(replace(PLACED, location=Location(file)))["results"]

    assert {"artifactLocation": expected} == result["locations"][0]["physicalLocation"]


def test_links_are_not_read_in_messages() -> None:
    """SARIF has them even in plain text."""
    (result,) = run_of(replace(PLACED, message="[a](http://b)", remedy=""))["results"]

    assert r"[a\](http://b)" == result["message"]["text"]


@pytest.mark.parametrize(
    ("key", "expected"), [("", "reconciler/plan/"), ("prod", "reconciler/plan/prod/"), ("a/b", "reconciler/plan/a/b/")]
)
def test_runs_are_kept_apart_by_environment(key: str, expected: str) -> None:
    """A later upload replaces the earlier one of the same category only."""
    assert expected == run_of(key=key)["automationDetails"]["id"]


def test_more_results_than_anybody_takes_are_left_out() -> None:
    """Their number is reported; the most severe stay."""
    notes = (Remark("note", ResultRule.PLAN_CREATE, "x", "", Location("a.yaml")) for _ in range(25_000))
    run = run_of(*notes, PLACED)

    assert (25_000, "error", "1 result omitted, because there are too many.") == (
        len(run["results"]),
        run["results"][0]["level"],
        run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"],
    )
