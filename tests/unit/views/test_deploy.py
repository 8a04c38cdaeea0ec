"""The texts of deployments, and of stages in drift."""

from dataclasses import replace

import pytest

from reconciler.apply import ActionResult, Published
from reconciler.deployments import Item, StagePlan, Uncompared
from reconciler.diff import FieldChange
from reconciler.findings import StageDrift, find_drift
from reconciler.guard import Verdict, judge_deployments
from reconciler.models.keys import MethodKey
from reconciler.models.stages import Stage
from reconciler.plan import Plan, make_plan
from reconciler.render.sections import section_lines
from reconciler.render.style import Style
from reconciler.views.deploy import published_summary, stage_sections
from reconciler.views.drift import drift_text
from reconciler.views.plan import plan_text
from reconciler.views.run_result import RunEnd, run_text
from support.live import BROKEN, DEFAULT, GET_PETS, NOT_FOUND, POST_PETS, TARGET, live_of
from support.reads import planned_of, stage_drift_of
from support.states import desired_of

PLAIN, FULL, QUIET = Style(), Style(full=True), Style(quiet=True)
API = "petstore  (RestApi a1b2c3d4e5 'petstore', account 123456789012, eu-west-1)"
HOSTILE = "\x1b[31mpr\u202eod"
WANTED = desired_of({GET_PETS: {"200": DEFAULT, "404": NOT_FOUND}})
PLANNED = make_plan(WANTED, live_of({GET_PETS: {"200": DEFAULT}}))
OWN = Item(
    "response", "create", "petstore: GET /pets 404", GET_PETS, "404", (FieldChange("selectionPattern", None, "404"),)
)
OTHERS = Item(
    "response",
    "update",
    "petstore: POST /pets 200",
    POST_PETS,
    "200",
    (FieldChange("selectionPattern", "", "2.."),),
    "no manifest lists the method",
)
OUTSIDE = "Deploying to prod also publishes changes outside the plan."
REFUSED = (
    "refused: petstore, RestApi a1b2c3d4e5 (account 123456789012, eu-west-1): a deployment to prod would publish "
    "changes that are not in this plan: petstore: POST /pets 200 [publishesOthers]; "
    "check with the authors of these changes; to publish them too, add --publish-all"
)


def stage(*items: Item, name: str = "prod", serves: str = "d1") -> StagePlan:
    """A stage with what would be published."""
    return StagePlan(TARGET, ("petstore",), name, Stage(name, serves), items)


def planned(*stages: StagePlan, style: Style = PLAIN) -> list[str]:
    """The lines of a plan, after its action."""
    verdict = judge_deployments(stages, publish_all=False)
    text = plan_text(planned_of(Plan((PLANNED,)), (), verdict, stages), style).splitlines()
    return text[next((at for at, line in enumerate(text) if line.startswith("A deployment")), -1) :]


def test_a_stage_of_which_only_some_apis_are_deployed() -> None:
    """How many of how many, and how many not; a stage with all or none is only named."""
    made = [
        Published(replace(stage(OWN, name=name), target=replace(TARGET, api_id=f"{name}{number}")), "d1", "d2", result)
        for name, results in (("live", "AFFF"), ("beta", "AA"), ("prod", "FF"))
        for number, result in enumerate(ActionResult.APPLIED if one == "A" else ActionResult.FAILED for one in results)
    ]

    assert "deployed to beta; 1 of 4 APIs deployed to live; 3 not deployed; not deployed to prod" == published_summary(
        made, PLAIN
    )


def test_a_stage_that_only_some_apis_take_back() -> None:
    """As with deployments; of the other one nobody knows."""
    made = [
        Published(replace(stage(), target=replace(TARGET, api_id=f"a{number}"), back_to="d0"), "d1", "d0", result)
        for number, result in enumerate((ActionResult.APPLIED, ActionResult.UNKNOWN))
    ]

    assert "1 of 2 APIs rolled back on prod; 1 not verified" == published_summary(made, PLAIN)


def test_what_the_plan_writes_is_not_shown_again() -> None:
    """Where that is all, the last line says so."""
    last = "Plan: 1 to create, 0 to update, 0 to delete. 1 unchanged. Deploying to prod publishes only this plan."

    assert [last] == planned(stage(OWN))


def test_what_was_waited_for_is_called_so() -> None:
    """A method that another tool made is no wish of the manifest."""
    came = Item("method", "create", "petstore: POST /pets", POST_PETS, is_awaited=True)

    assert ["  POST /pets", "    + method  the plan was waiting for this method"] == planned(stage(came))[3:5]


def test_what_lies_outside_is_shown_with_its_values() -> None:
    """Beside what is planned, and refused."""
    assert [
        "A deployment to stage prod, which now serves deployment d1, publishes:",
        API,
        "",
        "  GET /pets",
        "    + 404  as planned",
        "",
        "  POST /pets",
        "    ~ 200  outside the plan: no manifest lists the method",
        "        ~ selectionPattern: (default response) -> 2..",
        "",
        REFUSED,
        "",
        f"Plan refused: 1 to create, 0 to update, 0 to delete. 1 unchanged. {OUTSIDE}",
    ] == planned(stage(OWN, OTHERS))


MODEL = Item(
    "model",
    "update",
    "petstore: model Pet",
    changes=(FieldChange("properties.a.type", "string", "array"),),
    outside="manifests do not manage models",
)
VALIDATOR = Item("requestValidator", "delete", "petstore: request validator body", outside="nobody's")
GATEWAY = Item("gatewayResponse", "create", "petstore: gateway response UNAUTHORIZED", outside="nobody's")


def test_definitions_are_shown_by_name() -> None:
    """After the methods, with their values."""
    assert [
        "  API",
        "    ~ model Pet  outside the plan: manifests do not manage models",
        "        ~ properties.a.type: string -> array",
        "    - request validator body  outside the plan: nobody's",
        "    + gateway response UNAUTHORIZED  outside the plan: nobody's",
    ] == planned(stage(OWN, MODEL, VALIDATOR, GATEWAY))[6:11]


@pytest.mark.parametrize(
    ("not_compared", "extent"),
    [
        ((), "publishes only this plan."),
        ((Uncompared("model Pet", "no method uses it"),), "may publish more than is shown."),
    ],
)
def test_only_this_plan_is_promised_where_all_can_be_compared(
    not_compared: tuple[Uncompared, ...], extent: str
) -> None:
    """What cannot be compared may be published as well."""
    last = planned(replace(stage(OWN), not_compared=not_compared))[-1]

    assert last.endswith(f" Deploying to prod {extent}")


def test_a_stage_without_items_has_no_section() -> None:
    """Not even in full: a report would have an empty part that folds."""
    assert [] == list(stage_sections(Plan(), [stage()], FULL))


def test_a_stage_that_serves_the_draft_is_not_due() -> None:
    """That nothing is deployed is said."""
    assert "Nothing to deploy." == planned(stage())[-1][-len("Nothing to deploy.") :]


def test_a_stage_that_cannot_be_deployed_to_is_not_called_served() -> None:
    """It is refused, and nothing is said of its serving the draft."""
    gone = StagePlan(TARGET, ("petstore",), "gone", None)

    assert "Nothing to deploy" not in planned(gone)[-1]


def test_a_stage_that_goes_back() -> None:
    """Whose it is, and from which deployment to which."""
    back = StagePlan(TARGET, ("petstore",), "prod", Stage("prod", "d2"), back_to="d1")

    assert "Stages to roll back: prod of petstore from d2 to d1." in planned(back)[-1]


def test_stages_of_several_regions_say_where_they_are() -> None:
    """Both where they are to go back, and when they have."""
    back = [
        StagePlan(replace(TARGET, region=region), ("petstore",), "prod", Stage("prod", "d2"), back_to="d1")
        for region in ("eu-west-1", "us-east-1")
    ]
    shown = plan_text(planned_of(Plan(), stages=back), PLAIN).splitlines()[-1]

    assert "prod of petstore (eu-west-1) from d2 to d1, prod of petstore (us-east-1) from d2 to d1." in shown
    assert [
        "  applied  roll back stage prod of petstore (eu-west-1): deployment d1",
        "  applied  roll back stage prod of petstore (us-east-1): deployment d1",
    ] == applied(*(Published(one, "d2", "d1", ActionResult.APPLIED) for one in back))[:2]


def test_a_refused_deployment_without_writes_is_called_refused() -> None:
    """Not `No changes`, as of one that may run."""
    nothing = make_plan(desired_of({GET_PETS: {"200": DEFAULT}}), live_of({GET_PETS: {"200": DEFAULT}}))
    last = [
        plan_text(
            planned_of(Plan((nothing,)), (), judge_deployments([one], publish_all=False), [one]), PLAIN
        ).splitlines()[-1]
        for one in (stage(OTHERS), stage(OWN))
    ]

    assert [
        f"Plan refused. 1 unchanged. {OUTSIDE}",
        "No changes. 1 unchanged. Deploying to prod publishes only what is in the manifests.",
    ] == last


def test_unknown_stage_and_canary_are_refused() -> None:
    """Each with what to do."""
    gone = StagePlan(TARGET, ("petstore",), "gone", None)
    split = StagePlan(TARGET, ("petstore",), "prod", Stage("prod", "d1", has_canary=True))
    refused: Verdict = judge_deployments([gone, split], publish_all=True)

    assert [("unknownStage", True), ("activeCanary", True)] == [
        (refusal.rule, bool(refusal.remedy)) for refusal in refused.refusals
    ]


def applied(*published: Published, style: Style = PLAIN) -> list[str]:
    """The lines of a deployment without writes."""
    return run_text(Plan(), (), RunEnd(deploys=True, published=published), style).splitlines()


def test_what_became_of_stages() -> None:
    """A line for each, then what to do, then the summary."""
    assert [
        "  applied  deploy petstore to prod: deployment d2",
        "  failed   deploy petstore to beta: AWS says no",
        "The draft is complete. The next run with --deploy deploys it.",
        "Deploy incomplete: deployed to prod; not deployed to beta.",
    ] == applied(
        Published(stage(OWN), "d1", "d2", ActionResult.APPLIED),
        Published(stage(OWN, name="beta"), "d1", "d1", ActionResult.FAILED, "AWS says no"),
    )


@pytest.mark.parametrize("result", [ActionResult.APPLIED, ActionResult.UNKNOWN])
def test_deployed_and_not_seen_is_not_done(result: ActionResult) -> None:
    """It counts neither as deployed nor as not deployed: nobody knows."""
    late = Published(stage(OWN), "d1", "d2", result, "it still differs", is_verified=False)

    assert "Deploy incomplete: deployment to prod not verified." == applied(late)[-1]


def test_a_stage_of_which_nobody_has_seen_some_apis() -> None:
    """They are counted apart from those that are certainly not deployed."""
    made = [
        Published(replace(stage(OWN), target=replace(TARGET, api_id=f"a{number}")), "d1", "d2", result)
        for number, result in enumerate((ActionResult.APPLIED, ActionResult.FAILED, ActionResult.UNKNOWN))
    ]

    assert "1 of 3 APIs deployed to prod; 1 not deployed; 1 not verified" == published_summary(made, PLAIN)


def drift(*served: StageDrift, style: Style = PLAIN) -> list[str]:
    """The lines of a drift report of a draft that lacks the 404."""
    return drift_text(stage_drift_of(WANTED, live_of({GET_PETS: {"200": DEFAULT}}), *served), style).splitlines()


def test_a_stage_is_shown_apart_from_the_draft() -> None:
    """What both lack in one line, what only the stage has with its values."""
    served = StageDrift("prod", find_drift(WANTED, live_of({GET_PETS: {"200": BROKEN}})))
    compared = "1 response in sync, 1 stage compared with 2 differences"

    assert [
        "Differences on stage prod (- manifest, + deployed):",
        API,
        "",
        "  GET /pets",
        "    ~ 200  differs on the stage (manifest -> deployed)",
        "        ~ selectionPattern: (default response) -> 5\\d\\d",
        "",
        "petstore: stage prod has the same 1 difference as the draft",
        "",
        f"Drift: 0 changed, 1 missing, 0 unexpected; {compared}.",
    ] == drift(served)[7:]


def test_a_lag_is_shown() -> None:
    """Where AWS does not show in what."""
    served = StageDrift("prod", find_drift(desired_of({GET_PETS: {}}), live_of({GET_PETS: {}})), "it is older")

    assert "    ~ listed responses  it is older" in drift(served)


def test_a_hostile_stage_name_stays_text() -> None:
    """Of plan, apply and drift."""
    texts = [
        *planned(stage(OWN, OTHERS, name=HOSTILE, serves=HOSTILE)),
        *applied(Published(stage(OWN, name=HOSTILE), HOSTILE, HOSTILE, ActionResult.FAILED, HOSTILE)),
        *drift(StageDrift(HOSTILE, find_drift(WANTED, live_of({GET_PETS: {}})), HOSTILE)),
    ]

    assert [] == [line for line in texts if not line.isprintable()]


def test_the_same_item_on_many_methods_is_shown_once() -> None:
    """For stages of the same name; elsewhere it stays with its API."""
    methods = [MethodKey(f"/{name}", "GET") for name in "ab"]
    items = [replace(OTHERS, scope=scope, address=f"petstore: {scope} 200") for scope in methods]
    stages = [
        replace(stage(*items, name=name), target=replace(TARGET, environment=environment))
        for name, environment in (("live", "dev"), ("live", "prod"), ("beta", "dev"))
    ]
    found = [section_lines(section) for section in stage_sections(Plan(), stages, PLAIN)]
    alone = [section_lines(section) for section in stage_sections(Plan(), stages, FULL)]

    assert [
        [
            "Deployments to stage live publish:",
            "The same change on 2 methods of petstore (4 in dev, prod)",
            "",
            "  ~ 200  outside the plan: no manifest lists the method",
            "    ~ selectionPattern: (default response) -> 2..",
            "    petstore: GET /a 200",
            "    petstore: GET /b 200",
        ],
        ["A deployment to stage beta, which now serves deployment d1, publishes:"],
    ] == [list(found[0]), list(found[1])[:1]]
    assert (2, 3) == (len(found), len(alone))
