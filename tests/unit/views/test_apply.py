"""The text of an apply."""

from collections.abc import Sequence
from dataclasses import replace

from reconciler.apply import ActionResult, Outcome
from reconciler.models.keys import MethodKey
from reconciler.models.responses import RestResponse
from reconciler.plan import Plan, TargetPlan, make_plan
from reconciler.render.sections import section_lines
from reconciler.render.style import Style
from reconciler.views.run_result import ROLLBACK, RunEnd, run_report, run_text
from support.live import BROKEN, DEFAULT, GET_PETS, NOT_FOUND, POST_PETS, TARGET, live_of
from support.states import desired_of

PLAN = make_plan(
    desired_of({GET_PETS: {"200": DEFAULT, "404": NOT_FOUND}}), live_of({GET_PETS: {"200": BROKEN, "410": NOT_FOUND}})
)
NOT_DEPLOYED = "Applied to the draft. No stage serves these changes yet."
DEPLOY = "reconciler deploy petstore.yaml --stage NAME"
LOUD = f"{NOT_DEPLOYED} To deploy: {DEPLOY}"


def ended(*results: ActionResult, detail: str = "") -> list[Outcome]:
    """The plan's actions, and what became of them."""
    return [
        Outcome(action_id, action, result, "" if result is ActionResult.APPLIED else detail)
        for (action_id, _, action), result in zip(Plan((PLAN,)).numbered(), results, strict=False)
    ]


GOOD = ended(ActionResult.APPLIED, ActionResult.APPLIED, ActionResult.APPLIED)
BAD = ended(ActionResult.FAILED, ActionResult.NOT_RUN, ActionResult.NOT_RUN)


def report(
    outcomes: Sequence[Outcome],
    leftovers: Sequence[TargetPlan] = (),
    unverified: Sequence[str] = (),
    stages: Sequence[str] = (),
    style: Style | None = None,
) -> list[str]:
    """The lines of the text."""
    after = RunEnd(leftovers, unverified, (), stages, deploy_command=DEPLOY)
    return run_text(Plan(), outcomes, after, style or Style()).splitlines()


def test_when_all_went_well_the_counts_are_enough() -> None:
    """The plan was shown before; that nothing is deployed is said loudly."""
    assert [LOUD, "Apply complete: 3 applied. Verified: AWS matches the manifests."] == report(GOOD)


def test_the_full_style_shows_every_action() -> None:
    """Also when all went well."""
    assert [
        "  applied  update petstore: GET /pets 200",
        "  applied  delete petstore: GET /pets 410",
        "  applied  create petstore: GET /pets 404",
    ] == report(GOOD, style=Style(full=True))[:3]


def test_regions_share_addresses() -> None:
    """Where a run is about several of them, each line says which one is meant."""
    there = replace(PLAN, target=replace(TARGET, region="us-east-1", environment="prod"))
    plan = Plan((PLAN, there))
    outcomes = [Outcome(number, action, ActionResult.APPLIED) for number, _, action in plan.numbered()]
    lines = run_text(plan, outcomes, RunEnd(), Style(full=True)).splitlines()

    assert [
        "  applied  update petstore: GET /pets 200 (eu-west-1)",
        "  applied  update petstore: GET /pets 200 (prod, us-east-1)",
    ] == [line for line in lines if "GET /pets 200" in line]


def test_the_outcome_of_every_action_is_shown() -> None:
    """Every action, with the reason where it is not simply applied."""
    assert [
        "  applied  update petstore: GET /pets 200",
        "  failed   delete petstore: GET /pets 410: too many requests",
        "  not-run  create petstore: GET /pets 404: too many requests",
        LOUD,
        "Apply incomplete: 1 applied, 1 failed, 1 not-run.",
    ] == report(ended(ActionResult.APPLIED, ActionResult.FAILED, ActionResult.NOT_RUN, detail="too many requests"))


def test_where_nothing_was_written_nothing_waits_for_a_deployment() -> None:
    """The loud line is for what is in the draft."""
    assert "Apply incomplete: 1 failed, 2 not-run." == report(BAD)[-1]


def test_no_deployment_is_missed_where_nothing_was_written() -> None:
    """Nothing is claimed to be applied."""
    assert [] == [line for line in report(BAD) if "To deploy" in line]


def test_stages_are_named() -> None:
    """Each once, in order; they need not be named to deploy to them."""
    sentence = f"Applied to the draft. No stage (beta, prod) serves these changes yet. To deploy: {DEPLOY}"
    assert sentence in report(GOOD, stages=("prod", "beta", "prod"))


def test_several_apis_differ_and_one_differs() -> None:
    """The verb follows the number."""
    last = [report(GOOD, leftovers=[PLAN] * number)[-1] for number in (1, 2)]

    assert ["; 1 API still differs.", "; 2 APIs still differ."] == [line[line.index(";") :] for line in last]


def test_a_rollback_is_not_sent_to_deploy() -> None:
    """The manifests want something else, so that `deploy` would refuse what was brought back."""
    assert NOT_DEPLOYED == run_text(Plan(), GOOD, RunEnd(), Style(), ROLLBACK).splitlines()[0]


def test_quiet_keeps_the_counts() -> None:
    """Quiet, the summary says what was done, and nothing else is said."""
    assert ["Apply complete: 3 applied. Verified: AWS matches the manifests."] == report(GOOD, style=Style(quiet=True))


def test_what_still_differs_is_shown_as_drift() -> None:
    """And nothing is said to match."""
    left = make_plan(desired_of({GET_PETS: {"404": NOT_FOUND}}), live_of({GET_PETS: {"404": RestResponse("4..")}}))
    found = report(GOOD, leftovers=[left])

    assert (
        ["After the apply, AWS still differs from the manifests:", "        ~ selectionPattern: 404 -> 4.."],
        "Apply incomplete: 3 applied; 1 API still differs.",
    ) == ([found[0], found[5]], found[-1])


def test_a_method_that_went_is_shown_as_such() -> None:
    """There is nothing left to write to, and it says why."""
    left = make_plan(desired_of({GET_PETS: {"200": DEFAULT}}), live_of({POST_PETS: {}}))

    assert "    - 200  missing in AWS: /pets has no method GET" in report(GOOD, leftovers=[left])


def test_what_could_not_be_verified_is_said() -> None:
    """And nothing is said to match."""
    found = report(GOOD, unverified=["petstore: access\x1b denied"])

    assert (
        "not verified: petstore: access\\x1b denied",
        "Apply incomplete: 3 applied; 1 API could not be read again.",
    ) == (
        found[0],
        found[-1],
    )


def test_the_report_shows_the_same_result_once() -> None:
    """For the methods with the same change and the same result; the others are where they are."""
    methods = [MethodKey(f"/{name}", "GET") for name in "abcd"]
    one = make_plan(
        desired_of({scope: {"404": BROKEN} for scope in methods}),
        live_of({scope: {"404": NOT_FOUND} for scope in methods}),
    )
    results = (*[ActionResult.APPLIED] * 3, ActionResult.FAILED)
    outcomes = [
        Outcome(number, action, result, "" if result is ActionResult.APPLIED else "too many requests")
        for (number, _, action), result in zip(Plan((one,)).numbered(), results, strict=True)
    ]
    report = run_report(Plan((one,)), outcomes, RunEnd(), Style())

    assert [
        "The same change on 3 methods of petstore",
        "",
        "  applied  update 404",
        "    ~ selectionPattern: 404 -> 5\\d\\d",
        "    petstore: GET /a 404",
        "    petstore: GET /b 404",
        "    petstore: GET /c 404",
        "petstore  (RestApi a1b2c3d4e5 'petstore', account 123456789012, eu-west-1)",
        "",
        "  GET /d",
        "    failed   update petstore: GET /d 404: too many requests",
        "        ~ selectionPattern: 404 -> 5\\d\\d",
    ] == [line for section in report.sections for line in section_lines(section)]
