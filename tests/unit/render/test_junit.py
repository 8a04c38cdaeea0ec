"""Suites of cases as XML."""

import xml.etree.ElementTree as ET

import pytest

from reconciler.apply import Outcome, Published, Result
from reconciler.deployments import StagePlan
from reconciler.diagnostics import Location, error, warning
from reconciler.findings import find_drift
from reconciler.guard import Refusal
from reconciler.models.stages import Stage
from reconciler.plan import Plan, make_plan
from reconciler.render import remarks
from reconciler.render.junit import Case, Suite, junit
from reconciler.render.remarks import FileLocator
from reconciler.rules import GuardRule, InputRule
from reconciler.views import suites as cases
from support.junit import problems, results
from support.live import DEFAULT, GET_PETS, NOT_FOUND, live_of
from support.states import desired_of

ONE = make_plan(desired_of({GET_PETS: {"200": DEFAULT}}), live_of({GET_PETS: {"404": NOT_FOUND}}))
PLAN = Plan((ONE,))
SAME = make_plan(desired_of({GET_PETS: {"200": DEFAULT}}), live_of({GET_PETS: {"200": DEFAULT}}))


def document(*suites: Suite) -> ET.Element:
    """Read back."""
    return ET.fromstring(junit("plan", suites, FileLocator("/repo", "/repo")))  # noqa: S314 - our own


def became(suite: Suite) -> list[tuple[str, str]]:
    """Each case with what became of it."""
    return [(case.name, case.became) for case in suite.cases]


def test_counts_stand_at_every_level() -> None:
    """Readers believe them rather than count."""
    root = document(Suite("a", [Case("x"), Case("y", "failed", "why")]), Suite("b", [Case("z", "skipped", "no")]))

    assert [("3", "1", "0", "1"), ("2", "1", "0", "0"), ("1", "0", "0", "1")] == [
        (one.get("tests"), one.get("failures"), one.get("errors"), one.get("skipped"))
        for one in (root, *root.iter("testsuite"))
    ]


def test_readers_know_what_became_of_each_case() -> None:
    """A report is what the schema says, and a reader of the format counts each case as what it is."""
    place = Location("m/a.yaml", 7, 3)
    of_each = [
        Case("a", location=place),
        Case("b", "failed", "why", InputRule.SYNTAX, ["x"]),
        Case("c", "error", "why"),
        Case("d", "skipped", "why", location=place),
        Case("e", details=["said"]),
    ]
    report = junit("plan", [Suite("all", of_each)], FileLocator("/repo", "/repo"))

    assert ([], {"passed": 2, "failure": 1, "error": 1, "skipped": 1}) == (problems(report), results(report))


def test_a_suite_without_cases_is_left_out() -> None:
    """Jenkins refuses it."""
    assert ["b"] == [one.get("name") for one in document(Suite("a", []), Suite("b", [Case("x")])).iter("testsuite")]


def test_a_case_has_its_place() -> None:
    """As GitLab reads it."""
    case = document(Suite("a", [Case("x", location=Location("m/a.yaml", 7, 3))])).find("testsuite/testcase")

    assert ("plan.a", "m/a.yaml", "7") == (
        (case.get("classname"), case.get("file"), case.get("line")) if case is not None else ()
    )


@pytest.mark.parametrize("sign", ["\0", "\x1b", "\x85", "\ufffe", "\ud800", "\x0b"])
def test_what_xml_cannot_carry_is_spelt_out(sign: str) -> None:
    """In attributes and in texts."""
    root = document(Suite(sign, [Case(sign, "failed", sign, None, [sign])]))
    spelt = sign.encode("unicode_escape").decode()

    assert [spelt] * 4 == [
        root[0].get("name"),
        root[0][0].get("name"),
        root[0][0][0].get("message"),
        root[0][0][0].text,
    ]


def test_a_file_fails_for_its_errors_only() -> None:
    """Its warnings are told in passing."""
    bad, odd = Location("bad.yaml", 7), Location("odd.yaml", 8)
    suite = cases.of_files(
        [
            error(InputRule.SYNTAX, "one", "", bad),
            error(InputRule.SYNTAX, "two", "", bad),
            warning(InputRule.SYNTAX, "x", "", odd),
        ],
        "all",
    )

    assert ([("bad.yaml", "failed"), ("odd.yaml", "passed")], "one (and 1 more)") == (
        became(suite),
        suite.cases[0].message,
    )


def test_files_without_problems_are_one_case() -> None:
    """So that a report is never empty."""
    assert [("all", "passed")] == became(cases.of_files([], "all"))


def test_changes_of_a_plan_are_no_failures() -> None:
    """They are told as what the case printed; what stays is a case as well."""
    (suite,) = cases.of_plan(PLAN)
    (same,) = cases.of_plan(Plan((SAME,)))

    assert (
        [("GET /pets 200", "passed"), ("GET /pets 404", "passed")],
        "+ 200  not live yet",
        [("GET /pets 200", "passed")],
    ) == (
        became(suite),
        suite.cases[0].details[0],
        became(same),
    )


def test_refusals_fail_and_waivers_pass() -> None:
    """Each rule is a case."""
    suite = cases.of_guard([Refusal(GuardRule.PROTECT, "a", "x")], [Refusal(GuardRule.MAX_DELETE, "a", "y")])

    assert [("protect: a", "failed"), ("maxDelete: a", "passed")] == became(suite)


def test_drift_fails() -> None:
    """What is in sync passes."""
    drifted, same = (find_drift(one.desired, one.live) for one in (ONE, SAME))

    assert ([("GET /pets 200", "failed"), ("GET /pets 404", "failed")], [("GET /pets 200", "passed")]) == tuple(
        became(suite) for suite in cases.of_drift([drifted, same])
    )


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (Result.APPLIED, "passed"),
        (Result.SKIPPED, "passed"),
        (Result.FAILED, "failed"),
        (Result.UNKNOWN, "error"),
        (Result.NOT_RUN, "skipped"),
    ],
)
def test_every_outcome_is_a_case(result: Result, expected: str) -> None:
    """Failed, lost and not tried are different things."""
    outcomes = [Outcome(number, action, result, "why") for number, _, action in PLAN.numbered()]
    (suite,) = cases.of_outcomes(PLAN, outcomes)

    assert [("GET /pets 200", expected), ("GET /pets 404", expected)] == became(suite)


def test_verification_is_told_by_api() -> None:
    """What still differs has failed, what could not be read again is an error."""
    suite = cases.of_verification([find_drift(ONE.desired, ONE.live)], ["b: no answer"])

    assert [("petstore (eu-west-1)", "failed"), ("b: no answer", "error")] == became(suite)


@pytest.mark.parametrize(
    ("result", "is_verified", "expected"),
    [
        (Result.APPLIED, True, "passed"),
        (Result.APPLIED, False, "error"),
        (Result.FAILED, True, "failed"),
        (Result.NOT_RUN, True, "skipped"),
    ],
)
def test_every_stage_is_a_case(result: Result, is_verified: bool, expected: str) -> None:
    """What could not be seen to be served is an error."""
    stage = StagePlan(ONE.target, ("petstore",), "prod", Stage("prod"))
    suite = cases.of_published([Published(stage, "", "d1", result, "why", is_verified=is_verified)])

    assert [("petstore to prod", expected)] == became(suite)


@pytest.mark.parametrize(
    ("result", "is_verified", "expected"),
    [
        (Result.APPLIED, True, []),
        (Result.APPLIED, False, [("error", "deploy/unverified")]),
        (Result.FAILED, True, [("error", "deploy/failed")]),
        (Result.NOT_RUN, True, [("warning", "deploy/not-run")]),
    ],
)
def test_only_what_is_not_served_is_remarked(
    result: Result,
    is_verified: bool,
    expected: list[tuple[str, str]],
) -> None:
    """A stage that serves what it should needs nobody."""
    stage = StagePlan(ONE.target, ("petstore",), "prod", Stage("prod"))
    said = remarks.of_published([Published(stage, "", "d1", result, "why", is_verified=is_verified)], PLAN)

    assert expected == [(one.level, one.rule) for one in said]
