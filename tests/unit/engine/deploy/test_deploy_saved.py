"""Saved plans with deployments, and runs that deployed and are rolled back."""

import threading
from pathlib import Path

import pytest

from reconciler import planfile
from reconciler.apply import ActionResult
from reconciler.documents import PlanDocument
from reconciler.engine.apply import Applied, Context
from reconciler.engine.apply import carry_out as carry_out_plan
from reconciler.engine.load.request import Request
from reconciler.engine.plan import plan
from reconciler.engine.saved_plan import ApprovedPlan, plan_saved, saved_document, saved_request
from reconciler.errors import ExitCode
from reconciler.manifest import Disk
from reconciler.rules import GuardRule
from reconciler.sandbox.model.errors import ModelError
from reconciler.sandbox.model.faults import ErrorAnswer
from support.killing import EVERYTHING, Death, Desk, Killed
from support.pets import PUT, Pets, deploying, pets_of
from support.runs import Journal
from support.stage import Stage

REFUSED = ErrorAnswer(ModelError(400, "BadRequestException", "no"))
DEPLOY = "CreateDeployment"


@pytest.fixture
def pets(stage: Stage) -> Pets:
    """The API, with a stage `prod`; the manifest adds a 404."""
    return pets_of(stage)


@pytest.fixture
def desk(stage: Stage, tmp_path: Path) -> Desk:
    """Where runs are journaled."""
    return Desk(tmp_path / "runs", stage.cloud)


def save(stage: Stage, request: Request | None = None) -> PlanDocument:
    """`plan --deploy --out`, as it comes back from disk."""
    asked = request or deploying()
    document = saved_document(plan(asked, stage.cloud, Disk(), stage.clock), asked, Disk())
    stage.plane.calls.clear()
    return planfile.understood(planfile.written(document).encode(), "plan.json")


def carry_out(stage: Stage, document: PlanDocument) -> Applied:
    """`apply --plan --yes`."""
    assert document.request is not None
    world = Context(stage.cloud, Disk(), stage.clock, Journal(), threading.Event())
    request = saved_request(document.request, Request(), Disk())
    planned = plan_saved(ApprovedPlan(document), request, stage.cloud, Disk(), stage.clock)
    return carry_out_plan(planned, request, world, None)


def became(applied: Applied) -> list[tuple[str, ActionResult]]:
    """What became of each stage."""
    return [(one.stage.name, one.result) for one in applied.published]


def test_a_saved_plan_deploys_what_it_shows(stage: Stage, pets: Pets) -> None:
    """The plan implies --deploy; the second time there is nothing to do."""
    document = save(stage)
    first, second = carry_out(stage, document), carry_out(stage, document)

    assert (ExitCode.OK, [("prod", ActionResult.APPLIED)], ["200", "404"]) == (
        first.exit_code,
        became(first),
        pets.served(),
    )
    assert (ExitCode.OK, [], [PUT, DEPLOY]) == (second.exit_code, became(second), pets.writes())


def test_the_plan_shows_everything(stage: Stage, pets: Pets) -> None:
    """With values, and the reason why it is outside the plan."""
    pets.put("404", "4..")
    document = save(stage, deploying(publish_all=True, stages=["prod"]))
    [there] = document.deployments
    assert document.request is not None

    assert [
        ("petstore: GET /pets 404", None, "404"),
        ("petstore: POST /pets 404", "no manifest lists the method", "4.."),
    ] == [(one.address, one.outside, one.changes[0].after) for one in there.pending]
    assert (True, True, ["prod"]) == (document.request.deploy, document.request.publish_all, document.request.stages)


def test_an_edit_since_the_plan_stales_it(stage: Stage, pets: Pets) -> None:
    """On a method that nobody lists: without --deploy it would not."""
    document, plain = save(stage), save(stage, Request((".",)))
    pets.put("404", "404")
    stage.plane.calls.clear()
    applied = carry_out(stage, document)

    assert (ExitCode.REFUSED, []) == (applied.exit_code, pets.writes())
    assert ["would publish something other than the plan shows" in reason for reason in applied.reasons] == [True]
    assert ExitCode.OK == carry_out(stage, plain).exit_code


def test_publish_all_does_not_cover_what_came_later(stage: Stage, pets: Pets) -> None:
    """The approval covers what the plan shows."""
    document = save(stage, deploying(publish_all=True))
    pets.put("404", "404")
    applied = carry_out(stage, document)

    assert (ExitCode.REFUSED, ["200"]) == (applied.exit_code, pets.served())


def test_a_failed_deployment_is_made_up_by_the_same_plan(stage: Stage, pets: Pets) -> None:
    """The writes are done, and what is to be published is the same."""
    document = save(stage)
    stage.plane.faults.add(REFUSED, DEPLOY)
    first, second = carry_out(stage, document), carry_out(stage, document)

    assert (ExitCode.STOPPED, ExitCode.OK) == (first.exit_code, second.exit_code)
    assert ([("prod", ActionResult.APPLIED)], ["200", "404"]) == (became(second), pets.served())


def test_a_refused_plan_is_not_applied(stage: Stage, pets: Pets) -> None:
    """It is saved, with its refusals."""
    pets.put("404", "404")
    document = save(stage)
    applied = carry_out(stage, document)

    assert (["publishesOthers"], ExitCode.REFUSED, []) == (
        [refusal.rule for refusal in document.refusals],
        applied.exit_code,
        [call for call in stage.plane.calls.writes() if call.operation == DEPLOY],
    )


def test_a_run_is_rolled_back_with_its_stage(pets: Pets, desk: Desk) -> None:
    """The draft and what is served are as they were, without another deployment."""
    before = pets.serves()
    run = desk.apply(deploying())
    rolled = desk.rollback(deploy=True)

    assert (ExitCode.OK, ExitCode.OK, [("prod", ActionResult.APPLIED)]) == (
        run.exit_code,
        rolled.exit_code,
        became(rolled),
    )
    assert (before, 1) == (pets.serves(), pets.writes().count(DEPLOY))


def test_without_deploy_the_stage_stays(pets: Pets, desk: Desk) -> None:
    """Only the draft is restored."""
    desk.apply(deploying())
    serving = pets.serves()
    rolled = desk.rollback()

    assert (ExitCode.OK, [], serving) == (rolled.exit_code, became(rolled), pets.serves())


def test_what_somebody_deployed_since_is_not_undone(pets: Pets, desk: Desk) -> None:
    """Refused before any write; unless it is forced."""
    desk.apply(deploying())
    serving = pets.deploy()
    refused = desk.rollback(deploy=True)
    forced = desk.rollback(deploy=True, forced=EVERYTHING | {GuardRule.CHANGED_SINCE})

    assert (ExitCode.REFUSED, [GuardRule.CHANGED_SINCE], ExitCode.OK) == (
        refused.exit_code,
        [refusal.rule for refusal in refused.planned.verdict.refusals],
        forced.exit_code,
    )
    assert serving != pets.serves()


def test_a_run_that_only_deployed_is_rolled_back(pets: Pets, desk: Desk) -> None:
    """There is nothing to write, and the stage goes back; the second time there is nothing to do."""
    desk.apply(Request((".",)))
    before = pets.serves()
    deployed = desk.apply(deploying(writes=False))
    rolled = desk.rollback(deployed.run, deploy=True)
    again = desk.rollback(deployed.run, deploy=True)

    assert (ExitCode.OK, before, (), []) == (rolled.exit_code, pets.serves(), rolled.outcomes, became(again))


def test_a_deployment_that_is_gone_cannot_be_served(stage: Stage, pets: Pets, desk: Desk) -> None:
    """Told before anything is written."""
    before = pets.serves()
    desk.apply(deploying())
    stage.plane.call("DeleteDeployment", restApiId=pets.id, deploymentId=before)
    stage.plane.calls.clear()
    rolled = desk.rollback(deploy=True)

    assert (ExitCode.FAILED, ["deployment-gone"], []) == (
        rolled.exit_code,
        [diagnostic.rule for diagnostic in rolled.planned.diagnostics if diagnostic.is_error],
        pets.writes(),
    )


@pytest.mark.parametrize("after", [False, True])
def test_killed_at_the_deployment(pets: Pets, desk: Desk, *, after: bool) -> None:
    """Another apply makes it up, or finds it done."""
    with pytest.raises(Killed):
        desk.apply(deploying(), Death(at=2, after=after))
    again = desk.apply(deploying())

    assert (ExitCode.OK, ["200", "404"], 1) == (again.exit_code, pets.served(), pets.writes().count(DEPLOY))


def test_a_run_that_was_killed_at_the_deployment_is_rolled_back(pets: Pets, desk: Desk) -> None:
    """Its journal does not say that it deployed; the deployment's description does."""
    before = pets.serves()
    with pytest.raises(Killed):
        desk.apply(deploying(), Death(at=2, after=True))
    rolled = desk.rollback(deploy=True)

    assert (ExitCode.OK, [("prod", ActionResult.APPLIED)], before) == (rolled.exit_code, became(rolled), pets.serves())


def test_what_a_killed_run_did_not_deploy_stays(pets: Pets, desk: Desk) -> None:
    """A deployment by somebody else does not count as the run's."""
    with pytest.raises(Killed):
        desk.apply(deploying(), Death(at=2))
    serving = pets.deploy()
    rolled = desk.rollback(deploy=True)

    assert (ExitCode.OK, [], serving) == (rolled.exit_code, became(rolled), pets.serves())


def test_the_description_says_who_deployed(pets: Pets, desk: Desk) -> None:
    """In AWS's console, and where a lost answer is settled."""
    applied = desk.apply(deploying())

    assert f"reconciler run {applied.run}" == pets.description()
