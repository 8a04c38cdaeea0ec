"""What commands report as test cases."""

import pytest

from reconciler.apply import ActionResult, Outcome, Published
from reconciler.deployments import StagePlan
from reconciler.diagnostics import Location, error, warning
from reconciler.findings import find_drift
from reconciler.guard import Refusal
from reconciler.models.stages import Stage
from reconciler.plan import Plan, make_plan
from reconciler.render.junit import Suite
from reconciler.rules import GuardRule, InputRule
from reconciler.views.apply import verification_suite
from reconciler.views.deploy import published_remarks, published_suite
from reconciler.views.drift_lines import drift_suites
from reconciler.views.outcomes import outcome_suites
from reconciler.views.plan import target_suites
from reconciler.views.problems import guard_suite, manifest_suite
from support.live import DEFAULT, GET_PETS, NOT_FOUND, live_of
from support.states import desired_of

ONE = make_plan(desired_of({GET_PETS: {"200": DEFAULT}}), live_of({GET_PETS: {"404": NOT_FOUND}}))
PLAN = Plan((ONE,))
SAME = make_plan(desired_of({GET_PETS: {"200": DEFAULT}}), live_of({GET_PETS: {"200": DEFAULT}}))


def statuses(suite: Suite) -> list[tuple[str, str]]:
    """Each case with its status."""
    return [(case.name, case.status) for case in suite.cases]


def test_a_file_fails_for_its_errors_only() -> None:
    """Warnings are details of the same case."""
    bad, odd = Location("bad.yaml", 7), Location("odd.yaml", 8)
    suite = manifest_suite(
        [
            error(InputRule.SYNTAX, "one", "", bad),
            error(InputRule.SYNTAX, "two", "", bad),
            warning(InputRule.SYNTAX, "x", "", odd),
        ],
        "all",
    )

    assert ([("bad.yaml", "failed"), ("odd.yaml", "passed")], "one (and 1 more)") == (
        statuses(suite),
        suite.cases[0].message,
    )


def test_files_without_problems_are_one_case() -> None:
    """So that a report is never empty."""
    assert [("all", "passed")] == statuses(manifest_suite([], "all"))


def test_changes_of_a_plan_are_no_failures() -> None:
    """They are the output of passed cases; a response that stays is a case as well."""
    (suite,) = target_suites(PLAN)
    (same,) = target_suites(Plan((SAME,)))

    assert (
        [("GET /pets 200", "passed"), ("GET /pets 404", "passed")],
        "+ 200  not live yet",
        [("GET /pets 200", "passed")],
    ) == (
        statuses(suite),
        suite.cases[0].details[0],
        statuses(same),
    )


def test_refusals_fail_and_waivers_pass() -> None:
    """Each rule is a case."""
    suite = guard_suite([Refusal(GuardRule.PROTECT, "a", "x")], [Refusal(GuardRule.MAX_DELETE, "a", "y")])

    assert [("protect: a", "failed"), ("maxDelete: a", "passed")] == statuses(suite)


def test_drift_fails() -> None:
    """What is in sync passes."""
    drifted, same = (find_drift(one.desired, one.live) for one in (ONE, SAME))

    assert ([("GET /pets 200", "failed"), ("GET /pets 404", "failed")], [("GET /pets 200", "passed")]) == tuple(
        statuses(suite) for suite in drift_suites([drifted, same])
    )


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (ActionResult.APPLIED, "passed"),
        (ActionResult.SKIPPED, "passed"),
        (ActionResult.FAILED, "failed"),
        (ActionResult.UNKNOWN, "error"),
        (ActionResult.NOT_RUN, "skipped"),
    ],
)
def test_every_outcome_is_a_case(result: ActionResult, expected: str) -> None:
    """Failed, lost and not tried are different things."""
    outcomes = [Outcome(number, action, result, "why") for number, _, action in PLAN.numbered()]
    (suite,) = outcome_suites(PLAN, outcomes)

    assert [("GET /pets 200", expected), ("GET /pets 404", expected)] == statuses(suite)


def test_verification_has_a_case_for_each_api() -> None:
    """What still differs has failed, what could not be read again is an error."""
    suite = verification_suite([find_drift(ONE.desired, ONE.live)], ["b: no answer"])

    assert [("petstore (eu-west-1)", "failed"), ("b: no answer", "error")] == statuses(suite)


@pytest.mark.parametrize(
    ("result", "is_verified", "expected"),
    [
        (ActionResult.APPLIED, True, "passed"),
        (ActionResult.APPLIED, False, "error"),
        (ActionResult.FAILED, True, "failed"),
        (ActionResult.NOT_RUN, True, "skipped"),
    ],
)
def test_every_stage_is_a_case(result: ActionResult, is_verified: bool, expected: str) -> None:
    """What could not be seen to be served is an error."""
    stage = StagePlan(ONE.target, ("petstore",), "prod", Stage("prod"))
    suite = published_suite([Published(stage, "", "d1", result, "why", is_verified=is_verified)])

    assert [("petstore to prod", expected)] == statuses(suite)


@pytest.mark.parametrize(
    ("result", "is_verified", "expected"),
    [
        (ActionResult.APPLIED, True, []),
        (ActionResult.APPLIED, False, [("error", "deploy/unverified")]),
        (ActionResult.FAILED, True, [("error", "deploy/failed")]),
        (ActionResult.NOT_RUN, True, [("warning", "deploy/not-run")]),
    ],
)
def test_only_what_is_not_served_is_remarked(
    result: ActionResult,
    is_verified: bool,
    expected: list[tuple[str, str]],
) -> None:
    """A stage that serves what it should needs nobody."""
    stage = StagePlan(ONE.target, ("petstore",), "prod", Stage("prod"))
    said = published_remarks([Published(stage, "", "d1", result, "why", is_verified=is_verified)], PLAN)

    assert expected == [(one.level, one.rule) for one in said]
