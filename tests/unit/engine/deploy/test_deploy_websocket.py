"""Deployments of WebSocket APIs: fingerprints show what AWS does not, and late changes are waited for."""

from dataclasses import dataclass

import pytest

from reconciler.apply import ActionResult
from reconciler.engine.apply import Applied
from reconciler.engine.drift.drift import drift
from reconciler.engine.plan import Planned, plan
from reconciler.engine.status import status
from reconciler.errors import ExitCode
from reconciler.manifest import Disk
from reconciler.models.responses import WebSocketResponse
from reconciler.rules import GuardRule
from reconciler.sandbox.model.faults import Dropped, Fault, LostAnswer, SlowDeployment
from support.pets import deploying
from support.stage import Stage
from support.websocket import Integration, make_websocket_api

DEPLOY = "CreateDeployment"
PLAIN = WebSocketResponse()
MANIFEST = """\
apiVersion: reconciler/v1
kind: WebSocketApi
metadata: {name: chat}
spec:
  api: {name: chat}
  deploy: {stages: [prod]}
  routes:
    sendMessage: {responses: {$default: {}, '/4../': {}}}
"""


@dataclass
class Chat:
    """An API `chat` whose one listed integration lacks a response, and another that nobody lists."""

    stage: Stage
    id: str
    integrations: list[str]

    def deploy(self) -> None:
        """Somebody else deploys it."""
        self.stage.plane.call(DEPLOY, ApiId=self.id, StageName="prod")

    def respond(self, key: str, integration: int = 0) -> None:
        """Somebody else makes a response."""
        where = {"ApiId": self.id, "IntegrationId": self.integrations[integration]}
        self.stage.plane.call("CreateIntegrationResponse", **where, IntegrationResponseKey=key)

    def route(self, key: str) -> None:
        """Somebody else makes a route."""
        self.stage.plane.call("CreateRoute", ApiId=self.id, RouteKey=key, Target=f"integrations/{self.integrations[1]}")

    def serves(self) -> str:
        """The deployment that the stage serves."""
        return str(self.stage.plane.call("GetStage", ApiId=self.id, StageName="prod").get("DeploymentId", ""))

    def deployments(self) -> int:
        """How often it was asked to be deployed."""
        return len(self.stage.plane.calls.of(DEPLOY))


def chat_of(stage: Stage, *, auto_deploys: bool = False) -> Chat:
    """The API with a stage."""
    integrations = [Integration(("sendMessage",), {"$default": PLAIN}), Integration(("join",), {"$default": PLAIN})]
    api_id, ids = make_websocket_api(stage.plane, "chat", integrations)
    stage.plane.call("CreateStage", ApiId=api_id, StageName="prod", AutoDeploy=auto_deploys)
    stage.plane.calls.clear()
    stage.write(MANIFEST)
    return Chat(stage, api_id, ids)


@pytest.fixture
def chat(stage: Stage) -> Chat:
    """The API, deployed by hand."""
    made = chat_of(stage)
    made.deploy()
    stage.plane.calls.clear()
    return made


def became(applied: Applied) -> list[tuple[str, ActionResult]]:
    """What became of each stage."""
    return [(one.stage.name, one.result) for one in applied.published]


def items(planned: Planned) -> list[tuple[str, bool]]:
    """What would be published, and whether it lies within the plan."""
    return [(item.address, not item.outside) for each in planned.stages for item in each.items]


def rules(planned: Planned) -> list[str]:
    """The rules of all diagnostics."""
    return [diagnostic.rule for diagnostic in planned.diagnostics]


def again(stage: Stage) -> Planned:
    """A plan with --deploy."""
    return plan(deploying(), stage.cloud, Disk(), stage.clock)


def test_what_cannot_be_told_is_said_and_deployed(stage: Stage, chat: Chat) -> None:
    """Somebody else deployed it last: a warning; with --deploy it is deployed."""
    applied = stage.apply(request=deploying())

    assert (["deployed-unknown"], ExitCode.OK, [("prod", ActionResult.APPLIED)]) == (
        rules(applied.planned),
        applied.exit_code,
        became(applied),
    )
    assert chat.serves() == applied.published[0].after


def test_a_stage_that_serves_nothing_is_deployed_to(stage: Stage) -> None:
    """There is no deployment before."""
    chat = chat_of(stage)
    [published] = stage.apply(request=deploying()).published

    assert ("", chat.serves(), ActionResult.APPLIED) == (published.before, published.after, published.result)


@pytest.mark.usefixtures("chat")
def test_after_a_deployment_it_is_known(stage: Stage) -> None:
    """The fingerprint in the description shows that nothing is undeployed."""
    stage.apply(request=deploying())
    planned = again(stage)

    assert ([], [], True) == (rules(planned), items(planned), planned.is_empty)


def test_own_changes_lie_within(stage: Stage, chat: Chat) -> None:
    """A draft that equals the manifest, or will after the apply, is published."""
    stage.apply(request=deploying())
    stage.write(MANIFEST.replace("'/4../'", "'/5../'"))
    planned = again(stage)
    applied = stage.apply(request=deploying())

    assert ([("chat: listed responses", True)], ExitCode.OK) == (items(planned), applied.exit_code)
    assert 2 == chat.deployments()


def test_a_failed_deployment_is_made_up_by_the_next_run(stage: Stage, chat: Chat) -> None:
    """AWS takes it and fails later: exit 3, the stage serves what it served; the next run deploys."""
    stage.apply(request=deploying())
    before = chat.serves()
    stage.write(MANIFEST.replace("'/4../'", "'/5../'"))
    stage.plane.faults.add(SlowDeployment(2, "no such certificate"), DEPLOY)
    first = stage.apply(request=deploying())
    assert (ExitCode.STOPPED, [("prod", ActionResult.FAILED)], before) == (
        first.exit_code,
        became(first),
        chat.serves(),
    )
    assert "no such certificate" in first.published[0].detail
    second = stage.apply(request=deploying())

    assert (ExitCode.OK, [("prod", ActionResult.APPLIED)], ()) == (second.exit_code, became(second), second.outcomes)


@pytest.mark.parametrize(("edit", "address"), [("respond", "chat: listed responses"), ("route", "chat: routes and")])
def test_edits_of_others_lie_outside(stage: Stage, chat: Chat, edit: str, address: str) -> None:
    """A new route, or with --only a listed integration that differs from the manifest."""
    stage.apply(request=deploying())
    chat.respond("/7../") if edit == "respond" else chat.route("leave")
    stage.plane.calls.clear()
    applied = stage.apply(request=deploying(only=("* $default",)))

    assert (ExitCode.REFUSED, [GuardRule.PUBLISHES_OTHERS], []) == (
        applied.exit_code,
        [refusal.rule for refusal in applied.planned.verdict.refusals],
        stage.plane.calls.writes(),
    )
    assert [(address, False)] == [(found[: len(address)], within) for found, within in items(applied.planned)]


def test_another_listing_cannot_be_told(stage: Stage, chat: Chat) -> None:
    """Marks of another listing say nothing."""
    stage.apply(request=deploying())
    stage.write(f"{MANIFEST}    join: {{responses: {{$default: {{}}}}}}\n")
    planned = again(stage)

    assert ["deployed-unknown"] == rules(planned)
    assert 1 == chat.deployments()


def test_it_is_waited_for(stage: Stage, chat: Chat) -> None:
    """PENDING for a while, then DEPLOYED."""
    stage.plane.faults.add(SlowDeployment(3), DEPLOY)
    applied = stage.apply(request=deploying())

    assert (ExitCode.OK, [("prod", ActionResult.APPLIED)]) == (applied.exit_code, became(applied))
    assert chat.serves() == applied.published[0].after


def test_it_is_not_waited_for_without_end(stage: Stage, chat: Chat) -> None:
    """After a minute the result is unknown: exit 3, with what to check."""
    before = chat.serves()
    stage.plane.faults.add(SlowDeployment(1000), DEPLOY)
    applied = stage.apply(request=deploying())

    assert (ExitCode.STOPPED, [("prod", ActionResult.UNKNOWN)], before) == (
        applied.exit_code,
        became(applied),
        chat.serves(),
    )
    assert "still reports deployment" in applied.published[0].detail


@pytest.mark.parametrize(("fault", "sent"), [(LostAnswer(), 1), (Dropped(), 2)], ids=["took effect", "did not"])
def test_a_lost_answer_is_settled(stage: Stage, chat: Chat, fault: Fault, sent: int) -> None:
    """By what the stage serves and that deployment's description."""
    stage.plane.faults.add(fault, DEPLOY)
    applied = stage.apply(request=deploying())

    assert (ExitCode.OK, [("prod", ActionResult.APPLIED)], sent) == (
        applied.exit_code,
        became(applied),
        chat.deployments(),
    )


def test_a_stage_that_deploys_by_itself_is_left_to_it(stage: Stage) -> None:
    """There is nothing to deploy, and the message of AWS about the last deployment is shown."""
    chat = chat_of(stage, auto_deploys=True)
    applied = stage.apply(request=deploying())
    [told] = [diagnostic.message for diagnostic in applied.planned.diagnostics]

    assert (ExitCode.OK, (), 0) == (applied.exit_code, applied.published, chat.deployments())
    assert "deploys every change automatically" in told


def test_drift_knows_whether_a_stage_lags(stage: Stage, chat: Chat) -> None:
    """In sync after a deployment; a draft that went on is drift of the stage."""
    stage.apply(request=deploying())
    known = drift(deploying(), stage.cloud, Disk(), stage.clock)
    chat.respond("/5../")
    stage.write(MANIFEST.replace("'/4../': {}", "'/4../': {}, '/5../': {}"))
    lagging = drift(deploying(), stage.cloud, Disk(), stage.clock)

    assert (ExitCode.OK, 1, ExitCode.DIFFERENCES, 0, 1) == (
        known.exit_code,
        known.summary.stages,
        lagging.exit_code,
        lagging.summary.missing,
        lagging.summary.deployed,
    )


@pytest.mark.usefixtures("chat")
def test_status_says_what_is_known(stage: Stage) -> None:
    """Unknown before the first deployment from here, then alike."""
    before = status(deploying(), stage.cloud, Disk(), stage.clock)
    stage.apply(request=deploying())
    after = status(deploying(), stage.cloud, Disk(), stage.clock)

    assert [
        ("chat: sendMessage $default", "as wanted", "unknown"),
        ("chat: sendMessage /4../", "missing", "unknown"),
    ] == [(row.address, row.live, row.deployed) for row in before.rows]
    assert (ExitCode.OK, {"as wanted"}) == (after.exit_code, {row.deployed for row in after.rows})
