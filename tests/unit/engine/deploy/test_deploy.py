"""apply --deploy and deploy: what is published, what is refused, and what happens when it goes wrong."""

import threading
from dataclasses import dataclass, replace

import pytest

from reconciler.apply import ActionResult
from reconciler.engine.apply import Applied, Context, apply
from reconciler.engine.load.request import Request
from reconciler.engine.plan import Planned, plan
from reconciler.errors import ExitCode, JournalError, UsageError
from reconciler.manifest import Disk
from reconciler.models.stages import Deployment
from reconciler.models.targets import Coordinates, Target
from reconciler.ports import Connection, Writer
from reconciler.render.style import Style
from reconciler.rules import GuardRule
from reconciler.sandbox.model.errors import ModelError
from reconciler.sandbox.model.faults import Dropped, ErrorAnswer, Fault, FixedAnswer, LostAnswer, throttled
from reconciler.sandbox.model.state import Json
from reconciler.views.deploy import published_lines
from support.apis import Method
from support.live import DEFAULT, GET_PETS, POST_PETS
from support.pets import PROD, PUT, TWO, Pets, deploying, pets_of
from support.runs import Journal
from support.stage import Stage, manifest

DEPLOY = "CreateDeployment"
INTEGRATIONS = {"extensions": "apigateway"}
REFUSED = ErrorAnswer(ModelError(400, "BadRequestException", "no"))


def export(pets: Pets) -> Json:
    """What AWS shows of the stage now."""
    asked = {"restApiId": pets.id, "stageName": "prod", "exportType": "oas30", "parameters": INTEGRATIONS}
    return pets.stage.plane.call("GetExport", **asked)


@pytest.fixture
def pets(stage: Stage) -> Pets:
    """The API, with a stage `prod`."""
    return pets_of(stage)


def became(applied: Applied) -> list[tuple[str, ActionResult]]:
    """What became of each stage."""
    return [(one.stage.name, one.result) for one in applied.published]


def items(planned: Planned) -> list[tuple[str, str, str, bool]]:
    """What would be published, and whether it lies within the plan."""
    return [(item.subject, item.op, item.address, not item.outside) for each in planned.stages for item in each.items]


def planned(request: Request, stage: Stage) -> Planned:
    """A plan."""
    return plan(request, stage.cloud, Disk(), stage.clock)


def test_what_is_written_is_deployed(stage: Stage, pets: Pets) -> None:
    """The write, then one deployment; the stage serves the desired responses."""
    applied = stage.apply(request=deploying())

    assert (ExitCode.OK, [("prod", ActionResult.APPLIED)], True) == (
        applied.exit_code,
        became(applied),
        applied.verified,
    )
    assert ([PUT, "CreateDeployment"], ["200", "404"]) == (pets.writes(), pets.served())


def test_before_and_after_are_told(stage: Stage, pets: Pets) -> None:
    """The ids of the deployments, for a rollback; they are in the log too."""
    before = pets.serves()
    [published] = stage.apply(request=deploying()).published

    assert (before, pets.serves()) == (published.before, published.after)
    assert before != pets.serves()


def test_a_second_deploy_does_nothing(stage: Stage, pets: Pets) -> None:
    """Nothing pending, nothing deployed."""
    stage.apply(request=deploying())
    stage.plane.calls.clear()
    applied = stage.apply(request=deploying())

    assert (ExitCode.OK, (), []) == (applied.exit_code, applied.published, pets.writes())


@pytest.mark.usefixtures("pets")
def test_a_plan_shows_what_would_be_published(stage: Stage) -> None:
    """The responses of the plan, which lie within it; that takes three reads more."""
    made = planned(deploying(), stage)

    assert [("response", "create", "petstore: GET /pets 404", True)] == items(made)
    assert ["GetStage", "GetDeployment", "GetExport"] == [call.operation for call in stage.plane.calls][-3:]
    assert ExitCode.DIFFERENCES == made.exit_code(detailed=True)


NOT_SEEN = (
    "AWS does not export what changes at petstore: GET /pets 200, so the next run may not deploy it. "
    "Roll back, then apply again."
)
PASSING = "{200: {responseTemplates: {application/json: ''}}}"


def test_what_no_export_tells_is_deployed_by_who_writes_it(stage: Stage, pets: Pets) -> None:
    """A template that passes through is something else than none, but not in an export."""
    stage.write(manifest(PASSING, spec=PROD))
    shown = planned(deploying(), stage)
    applied = stage.apply(request=deploying())
    again = stage.apply(request=deploying())

    assert (
        [("response", "update", "petstore: GET /pets 200", True)],
        [("prod", ActionResult.APPLIED)],
        ExitCode.OK,
    ) == (
        items(shown),
        became(applied),
        applied.exit_code,
    )
    assert ([PUT, DEPLOY], []) == (pets.writes(), became(again))


@pytest.mark.usefixtures("pets")
def test_what_no_export_tells_and_is_not_deployed_is_told(stage: Stage) -> None:
    """The next run cannot know of it; going back and applying again deploys it."""
    stage.write(manifest(PASSING, spec=PROD))
    stage.plane.faults.add(REFUSED, DEPLOY)
    failed = stage.apply(request=deploying())

    assert (ExitCode.STOPPED, [("prod", ActionResult.FAILED)]) == (failed.exit_code, became(failed))
    assert [
        "The draft is complete. The next run with --deploy deploys it.",
        NOT_SEEN,
    ] == list(published_lines(failed.published, Style()))[1:]


def test_undeployed_edits_of_others_are_refused(stage: Stage, pets: Pets) -> None:
    """An edit on a method that no manifest lists: nothing is written."""
    pets.put("404", "404")
    stage.plane.calls.clear()
    applied = stage.apply(request=deploying())

    assert (ExitCode.REFUSED, [GuardRule.PUBLISHES_OTHERS], []) == (
        applied.exit_code,
        [refusal.rule for refusal in applied.planned.verdict.refusals],
        pets.writes(),
    )
    assert ("response", "create", "petstore: POST /pets 404", False) in items(applied.planned)


def test_publish_all_lifts_it(stage: Stage, pets: Pets) -> None:
    """Other people's edits are published too, and the waiver is shown."""
    pets.put("404", "404")
    applied = stage.apply(request=deploying(publish_all=True))

    assert (ExitCode.OK, [GuardRule.PUBLISHES_OTHERS], ["200", "404"]) == (
        applied.exit_code,
        [waiver.rule for waiver in applied.planned.verdict.waivers],
        pets.served(POST_PETS),
    )


def test_a_failed_deployment_is_made_up_by_the_next_run(stage: Stage, pets: Pets) -> None:
    """The writes are good, exit 3; the next run has nothing to write and deploys."""
    stage.plane.faults.add(REFUSED, DEPLOY)
    first = stage.apply(request=deploying())
    second = stage.apply(request=deploying())

    assert (ExitCode.STOPPED, [("prod", ActionResult.FAILED)], True) == (first.exit_code, became(first), first.verified)
    assert (ExitCode.OK, [("prod", ActionResult.APPLIED)], ()) == (second.exit_code, became(second), second.outcomes)
    assert ["200", "404"] == pets.served()


@pytest.mark.parametrize(("fault", "sent"), [(LostAnswer(), 1), (Dropped(), 2)], ids=["took effect", "did not"])
def test_a_lost_answer_is_settled(stage: Stage, pets: Pets, fault: Fault, sent: int) -> None:
    """By what the stage serves: sent again only where that is what it served before."""
    stage.plane.faults.add(fault, DEPLOY)
    applied = stage.apply(request=deploying())

    assert (ExitCode.OK, [("prod", ActionResult.APPLIED)], sent) == (
        applied.exit_code,
        became(applied),
        len(stage.plane.calls.of("CreateDeployment")),
    )
    assert pets.serves() == applied.published[0].after


def test_no_deployment_after_a_failed_write(stage: Stage, pets: Pets) -> None:
    """What is half done is not published."""
    stage.plane.faults.add(REFUSED, PUT)
    applied = stage.apply(request=deploying())

    assert (ExitCode.STOPPED, [("prod", ActionResult.NOT_RUN)], [PUT]) == (
        applied.exit_code,
        became(applied),
        pets.writes(),
    )


def test_an_unknown_stage_is_refused(stage: Stage, pets: Pets) -> None:
    """Before any write: AWS would make the stage."""
    applied = stage.apply(request=deploying(stages=["gone"]))

    assert (ExitCode.REFUSED, [GuardRule.UNKNOWN_STAGE], []) == (
        applied.exit_code,
        [refusal.rule for refusal in applied.planned.verdict.refusals],
        pets.writes(),
    )


@pytest.mark.parametrize("publish_all", [False, True])
def test_an_active_canary_is_refused(stage: Stage, pets: Pets, *, publish_all: bool) -> None:
    """It cannot be forced."""
    stage.plane.call("CreateDeployment", restApiId=pets.id, stageName="prod", canarySettings={"percentTraffic": 10.0})
    stage.plane.calls.clear()
    applied = stage.apply(request=deploying(publish_all=publish_all))

    assert (ExitCode.REFUSED, [GuardRule.ACTIVE_CANARY], []) == (
        applied.exit_code,
        [refusal.rule for refusal in applied.planned.verdict.refusals],
        pets.writes(),
    )


@pytest.mark.parametrize("takes_away", [True, False])
def test_a_method_without_integration_is_refused(stage: Stage, pets: Pets, *, takes_away: bool) -> None:
    """AWS would refuse the deployment after the writes; --publish-all changes nothing about it."""
    if takes_away:
        pets.call("DeleteIntegration")
    else:
        resources = stage.plane.call("GetResources", restApiId=pets.id)["items"]
        root = next(resource["id"] for resource in resources if resource["path"] == "/")
        where = {"restApiId": pets.id, "resourceId": root, "httpMethod": "PUT"}
        stage.plane.call("PutMethod", **where, authorizationType="NONE")
    stage.plane.calls.clear()
    applied = stage.apply(request=deploying(publish_all=True))

    assert (ExitCode.REFUSED, [GuardRule.UNDEPLOYABLE], []) == (
        applied.exit_code,
        [refusal.rule for refusal in applied.planned.verdict.refusals],
        pets.writes(),
    )


def test_two_stages_serve_one_deployment(stage: Stage) -> None:
    """One is made, the other stage is pointed at it: both serve the same copy."""
    pets = pets_of(stage, "prod", "beta")
    applied = stage.apply(request=deploying())

    assert (ExitCode.OK, [PUT, "CreateDeployment", "UpdateStage"]) == (applied.exit_code, pets.writes())
    assert pets.serves("prod") == pets.serves("beta")


def test_only_the_stage_that_lags_is_deployed_to(stage: Stage) -> None:
    """The other one serves the draft already."""
    pets = pets_of(stage, "prod", "beta")
    stage.apply(request=deploying(stages=["prod"]))
    before = pets.serves("prod")
    applied = stage.apply(request=deploying())

    assert ([("beta", ActionResult.APPLIED)], before) == (became(applied), pets.serves("prod"))


@pytest.mark.usefixtures("pets")
def test_no_stage_at_all_is_an_error(stage: Stage) -> None:
    """The message says what to declare."""
    stage.write(manifest(TWO))
    with pytest.raises(UsageError, match=r"deploy: \{stages: \[prod\]\}"):
        stage.apply(request=deploying())


def test_an_edit_between_approval_and_deployment_is_not_published(stage: Stage, pets: Pets) -> None:
    """What was approved is written, and what was not shown is not deployed: exit 3."""

    def approve(_: Planned) -> bool:
        return True

    stage.before_writes = lambda: pets.put("500", "5..")
    applied = stage.apply(approve, request=deploying())

    assert (ExitCode.STOPPED, [("prod", ActionResult.NOT_RUN)], True) == (
        applied.exit_code,
        became(applied),
        applied.verified,
    )
    assert ["200"] == pets.served()


def test_an_edit_while_it_is_asked_is_refused(stage: Stage, pets: Pets) -> None:
    """An unlisted method was edited after the plan was shown: with --deploy that is another plan."""

    def approve(_: Planned) -> bool:
        pets.put("500", "5..")
        return True

    applied = stage.apply(approve, request=deploying())

    assert (ExitCode.REFUSED, ["200"]) == (applied.exit_code, pets.served())
    assert applied.stale is not None


def test_deploy_publishes_what_an_apply_left(stage: Stage, pets: Pets) -> None:
    """Nothing is written to the draft."""
    stage.apply()
    stage.plane.calls.clear()
    applied = stage.apply(request=deploying(writes=False))

    assert (ExitCode.OK, ["CreateDeployment"], ["200", "404"]) == (applied.exit_code, pets.writes(), pets.served())


def test_deploy_refuses_a_draft_that_drifted(stage: Stage, pets: Pets) -> None:
    """A listed response that differs from the manifest is outside the plan."""
    stage.apply(request=deploying())
    pets.put("404", "40.", GET_PETS)
    stage.plane.calls.clear()
    applied = stage.apply(request=deploying(writes=False))

    assert (ExitCode.REFUSED, [("response", "update", "petstore: GET /pets 404", False)], []) == (
        applied.exit_code,
        items(applied.planned),
        pets.writes(),
    )


def test_what_only_leaves_out_lies_outside(stage: Stage, pets: Pets) -> None:
    """A listed response that drifted, and that --only leaves alone."""
    stage.write(manifest("{200: {}, 404: {selectionPattern: '404'}, 500: {selectionPattern: '5..'}}", spec=PROD))
    stage.apply(request=deploying())
    pets.put("404", "40.", GET_PETS)
    pets.put("500", "50.", GET_PETS)
    made = planned(replace(deploying(), only=("* 500",)), stage)

    assert [("response", "update", "petstore: GET /pets 404", False)] == items(made)


def test_a_stopped_run_deploys_nothing(stage: Stage, pets: Pets) -> None:
    """Ctrl-C after the last write: exit 130, and the stage serves what it served."""
    applied = stage.apply(request=deploying(), stop_after=1)

    assert (ExitCode.INTERRUPTED, ["200"]) == (applied.exit_code, pets.served())
    assert [("prod", ActionResult.NOT_RUN)] == became(applied)


def test_a_second_stage_that_cannot_be_pointed_is_told(stage: Stage) -> None:
    """The first one serves the deployment; the next run makes the second one up."""
    pets = pets_of(stage, "prod", "beta")
    stage.plane.faults.add(REFUSED, "UpdateStage")
    first, second = stage.apply(request=deploying()), stage.apply(request=deploying())

    assert [("prod", ActionResult.APPLIED), ("beta", ActionResult.FAILED)] == became(first)
    assert (ExitCode.STOPPED, ExitCode.OK, [("beta", ActionResult.APPLIED)]) == (
        first.exit_code,
        second.exit_code,
        became(second),
    )
    assert ["200", "404"] == pets.served(name="beta")


def test_after_a_failed_deployment_no_other_stage_is_touched(stage: Stage) -> None:
    """There is nothing that it could serve."""
    pets = pets_of(stage, "prod", "beta")
    stage.plane.faults.add(REFUSED, DEPLOY)
    applied = stage.apply(request=deploying())

    assert [("prod", ActionResult.FAILED), ("beta", ActionResult.NOT_RUN)] == became(applied)
    assert [PUT, DEPLOY] == pets.writes()


def test_a_pointing_whose_answer_is_lost_is_settled(stage: Stage) -> None:
    """By what the stage serves."""
    pets = pets_of(stage, "prod", "beta")
    stage.plane.faults.add(LostAnswer(), "UpdateStage")
    applied = stage.apply(request=deploying())

    assert (ExitCode.OK, pets.serves("prod")) == (applied.exit_code, pets.serves("beta"))


def test_an_export_that_lags_is_looked_at_again(stage: Stage, pets: Pets) -> None:
    """AWS may show a change late; it is reported as a failure only after a few checks."""
    old = export(pets)
    deployed = {"yes": False}

    def is_after(_: object) -> bool:
        deployed["yes"] = deployed["yes"] or bool(stage.plane.calls.of(DEPLOY))
        return deployed["yes"]

    stage.plane.faults.add(FixedAnswer(old), "GetExport", when=is_after)
    applied = stage.apply(request=deploying())

    assert (ExitCode.OK, True) == (applied.exit_code, applied.published[0].is_verified)


def test_an_export_that_goes_on_lagging_is_told(stage: Stage, pets: Pets) -> None:
    """Deployed, and not seen to serve the draft: exit 3."""
    old = export(pets)
    stage.plane.faults.always(FixedAnswer(old), "GetExport")
    applied = stage.apply(request=deploying())

    assert (ExitCode.STOPPED, [("prod", ActionResult.APPLIED)], False) == (
        applied.exit_code,
        became(applied),
        applied.published[0].is_verified,
    )


def test_what_somebody_deployed_meanwhile_is_not_deployed_again(stage: Stage, pets: Pets) -> None:
    """The stage serves the draft already when its turn comes."""

    def approve(_: Planned) -> bool:
        return True

    stage.apply()
    stage.plane.calls.clear()

    stage.before_writes = pets.deploy
    applied = stage.apply(approve, request=deploying(writes=False))

    assert (ExitCode.OK, [("prod", ActionResult.SKIPPED)], 1) == (
        applied.exit_code,
        became(applied),
        len(stage.plane.calls.of(DEPLOY)),
    )


def test_a_stage_that_cannot_be_read_stops_the_run(stage: Stage, pets: Pets) -> None:
    """Exit 1 before any write."""
    stage.plane.faults.always(throttled(), "GetExport")
    applied = stage.apply(request=deploying())

    assert (ExitCode.FAILED, []) == (applied.exit_code, pets.writes())


def test_an_api_without_a_stage_beside_one_with(stage: Stage, pets: Pets) -> None:
    """It stays a draft, with a warning; the other one is deployed."""
    stage.api("other", {GET_PETS: Method({"200": DEFAULT}, {"200": [], "404": []})})
    stage.write(manifest(TWO, name="other", api="{name: other}"), "other.yaml")
    applied = stage.apply(request=deploying())

    assert (ExitCode.OK, ["no-stage"], [("prod", ActionResult.APPLIED)]) == (
        applied.exit_code,
        [diagnostic.rule for diagnostic in applied.planned.diagnostics],
        became(applied),
    )
    assert ["200", "404"] == pets.served()


def test_a_failure_stops_its_own_api_only(stage: Stage, pets: Pets) -> None:
    """Of two APIs, one whose write fails is not deployed; the other one is."""
    other = stage.api("other", {GET_PETS: Method({"200": DEFAULT}, {"200": [], "404": []})})
    stage.plane.call(DEPLOY, restApiId=other, stageName="prod")
    stage.write(manifest(TWO, name="other", api="{name: other}", spec=PROD), "other.yaml")
    stage.plane.faults.add(REFUSED, PUT, when=lambda asked: bool(asked["restApiId"] == other))
    applied = stage.apply(request=deploying())

    assert (ExitCode.STOPPED, {("other", ActionResult.NOT_RUN), ("petstore", ActionResult.APPLIED)}) == (
        applied.exit_code,
        {(one.stage.manifests[0], one.result) for one in applied.published},
    )
    assert ["200", "404"] == pets.served()


@dataclass
class Meddler:
    """A cloud in which somebody else edits just before a deployment, or just after one."""

    pets: Pets
    after: bool = False

    def connect(self, coordinates: Coordinates) -> Connection:
        """As the cloud does."""
        there = self.pets.stage.cloud.connect(coordinates)
        return replace(there, open_writer=lambda: self._writer(there.open_writer()))

    def _writer(self, writer: Writer) -> Writer:
        deploy = writer.deploy

        def meddled(target: Target, stage_name: str, description: str) -> Deployment:
            if not self.after:
                self.pets.put("500", "5..")
            made = deploy(target, stage_name, description)
            if self.after:
                self.pets.put("500", "5..")
            return made

        writer.deploy = meddled  # type: ignore[method-assign]
        return writer


def meddled(stage: Stage, pets: Pets, *, after: bool) -> Applied:
    """An apply in that cloud."""
    stop = threading.Event()
    world = Context(Meddler(pets, after), Disk(), stage.clock, Journal(), stop)
    return apply(deploying(), world, None)


def test_an_edit_at_the_very_moment_of_the_deployment_is_told(stage: Stage, pets: Pets) -> None:
    """It is published, which cannot be prevented; the exit code is 3."""
    applied = meddled(stage, pets, after=False)

    assert (ExitCode.STOPPED, False) == (applied.exit_code, applied.published[0].is_verified)
    assert "petstore: POST /pets 500" in applied.published[0].detail


def test_an_edit_after_the_deployment_is_the_next_ones(stage: Stage, pets: Pets) -> None:
    """What is served is what was shown, whatever the draft is by now."""
    applied = meddled(stage, pets, after=True)

    assert (ExitCode.OK, ["200"]) == (applied.exit_code, pets.served(POST_PETS))


class FullDisk(Journal):
    """A run log that has no room for a deployment."""

    def deploying(self, target: Target, stage: str) -> None:
        """Say so before it is made."""
        super().deploying(target, stage)
        raise JournalError("the journal cannot be written")


def test_what_cannot_be_journaled_is_not_deployed(stage: Stage, pets: Pets) -> None:
    """As with writes: the journal is asked before the call goes out."""
    before = pets.serves()
    world = Context(stage.cloud, Disk(), stage.clock, FullDisk(), threading.Event())
    applied = apply(deploying(), world, None)

    assert ([("prod", ActionResult.NOT_RUN)], before, ExitCode.STOPPED) == (
        became(applied),
        pets.serves(),
        applied.exit_code,
    )
