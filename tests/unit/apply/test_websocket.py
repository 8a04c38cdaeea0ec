"""Actions on WebSocket APIs, carried out on the strict model: what becomes of each, when all goes well and when not."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pytest

from reconciler.apply import ActionResult, Executor, Outcome
from reconciler.models.keys import IntegrationKey
from reconciler.models.responses import WebSocketResponse
from reconciler.models.views import live_integrations
from reconciler.plan import TargetPlan, make_plan
from reconciler.ports import StopSignal
from reconciler.sandbox.gateway import InMemoryCloud, InMemoryReader, InMemoryWriter
from reconciler.sandbox.model.faults import Dropped, Fault, FixedAnswer, LostAnswer, NoConnection, Truncated, throttled
from reconciler.sandbox.model.plane import ControlPlane
from support.runs import Journal, StopAfter, numbered
from support.websocket import Content, Integration, make_websocket_api, read_websocket, websocket_desired_of

CREATE, UPDATE, DELETE = "CreateIntegrationResponse", "UpdateIntegrationResponse", "DeleteIntegrationResponse"
LIST, GET = "GetIntegrationResponses", "GetIntegrationResponse"
KEY = "/404/"
PLAIN = WebSocketResponse()
OLD = WebSocketResponse("404", response_templates={"404": "old", "500": "same"})
NEW = WebSocketResponse("404", response_templates={"404": "new", "500": "same"})
TOOK_EFFECT = "the answer was lost; a second read shows that the call took effect"


@dataclass
class Scene:
    """One integration that is to be changed, and what happens when it is."""

    before: Content
    after: Content
    journal: Journal = field(default_factory=Journal)

    def __post_init__(self) -> None:
        cloud = InMemoryCloud()
        self.plane: ControlPlane = cloud.plane()
        self.api_id, (integration_id,) = make_websocket_api(
            self.plane, "chat", [Integration(("sendMessage",), self.before)]
        )
        desired = websocket_desired_of({IntegrationKey("sendMessage", integration_id): self.after})
        self.plan: TargetPlan = make_plan(desired, read_websocket(cloud, self.api_id, desired))
        self.where = {"ApiId": self.api_id, "IntegrationId": integration_id}
        self.plane.calls.clear()

    def fault(self, fault: Fault, operation: str, times: int = 1) -> "Scene":
        """Let the operation go wrong."""
        self.plane.faults.add(fault, operation, times=times)
        return self

    def run(self, stop: StopSignal | None = None) -> list[Outcome]:
        """Carry the plan out."""
        reader, writer = InMemoryReader(self.plane), InMemoryWriter(self.plane)
        executor = Executor(self.plan.target, reader, writer, self.journal, stop or threading.Event())
        return list(executor.run(numbered(self.plan)))

    def call(self, operation: str, **parameters: object) -> None:
        """What somebody else does meanwhile."""
        self.plane.call(operation, **self.where, **parameters)
        self.plane.calls.clear()

    @property
    def response_id(self) -> str:
        """The id of the response of `KEY` when the plan was made."""
        (integration,) = live_integrations(self.plan.live).values()
        return integration.response_ids[KEY]

    @property
    def held(self) -> list[str]:
        """The keys that the integration holds, repeats included."""
        items = self.plane.call(LIST, **self.where)["Items"]
        return [item["IntegrationResponseKey"] for item in items]


def results(outcomes: Iterable[Outcome]) -> list[ActionResult]:
    """What became of each."""
    return [outcome.result for outcome in outcomes]


def creation() -> Scene:
    """/404/ is to be made."""
    return Scene({"$default": PLAIN}, {"$default": PLAIN, KEY: NEW})


def update() -> Scene:
    """/404/ is to change."""
    return Scene({KEY: OLD}, {KEY: NEW})


def deletion() -> Scene:
    """/404/ is to go."""
    return Scene({"$default": PLAIN, KEY: OLD}, {"$default": PLAIN})


def replacement() -> Scene:
    """/404/ is to lose its templates."""
    return Scene({KEY: OLD}, {KEY: PLAIN})


@pytest.mark.parametrize(
    ("scene", "calls"),
    [(creation, [CREATE]), (update, [UPDATE]), (deletion, [DELETE]), (replacement, [DELETE, CREATE])],
)
def test_each_action_is_one_call(scene: Callable[[], Scene], calls: list[str]) -> None:
    """And no read, where all goes well."""
    now = scene()

    assert ([ActionResult.APPLIED] * len(calls), calls) == (results(now.run()), now.plane.calls.names())


@pytest.mark.parametrize("fault", [LostAnswer(), Truncated()])
@pytest.mark.parametrize(
    ("scene", "operation", "settling"), [(creation, CREATE, LIST), (update, UPDATE, GET), (deletion, DELETE, GET)]
)
def test_a_lost_answer_is_settled_by_reading(
    scene: Callable[[], Scene], operation: str, settling: str, fault: Fault
) -> None:
    """A create by the integration's list, for its id was lost too; the others by their id."""
    now = scene().fault(fault, operation)
    outcome = now.run()[0]

    assert (ActionResult.APPLIED, TOOK_EFFECT, [operation, settling]) == (
        outcome.result,
        outcome.detail,
        now.plane.calls.names(),
    )


def test_a_create_without_effect_is_sent_again() -> None:
    """Reading shows that none of its key is there, so it cannot become two."""
    scene = creation().fault(Dropped(), CREATE)

    assert ([ActionResult.APPLIED], [CREATE, LIST, CREATE]) == (results(scene.run()), scene.plane.calls.names())


def test_a_create_is_not_sent_for_ever() -> None:
    """Twice more, each time after a look."""
    scene = creation().fault(Dropped(), CREATE, times=9)

    assert ([ActionResult.FAILED], [CREATE, LIST] * 3) == (results(scene.run()), scene.plane.calls.names())


def test_a_create_is_not_sent_again_after_a_request_to_stop() -> None:
    """The call in flight is settled, no more."""
    scene = creation().fault(Dropped(), CREATE)

    assert ([ActionResult.FAILED], [CREATE, LIST]) == (results(scene.run(StopAfter(1))), scene.plane.calls.names())


def test_a_lost_create_that_shows_late_does_not_become_two() -> None:
    """The list lags behind, so it is sent again; AWS refuses the second, and a second look finds the first."""
    scene = creation().fault(LostAnswer(), CREATE).fault(FixedAnswer({"Items": []}), LIST)
    outcome = scene.run()[0]

    assert (ActionResult.APPLIED, ["$default", KEY]) == (outcome.result, sorted(scene.held))


def test_a_create_is_not_sent_again_where_somebody_made_another() -> None:
    """Whether AWS takes two of one key is not to be tried out."""
    scene = creation()
    scene.call(CREATE, IntegrationResponseKey=KEY)
    scene.fault(Dropped(), CREATE)
    outcome = scene.run()[0]

    assert (ActionResult.FAILED, True, [CREATE, LIST]) == (
        outcome.result,
        outcome.detail.endswith("; a second read shows that something else is in its place"),
        scene.plane.calls.names(),
    )


def test_somebody_else_made_the_same() -> None:
    """409, and what is wanted is there."""
    scene = creation()
    templates = dict(NEW.response_templates)
    scene.call(CREATE, IntegrationResponseKey=KEY, TemplateSelectionExpression="404", ResponseTemplates=templates)
    outcome = scene.run()[0]

    assert (ActionResult.SKIPPED, "someone else created it in the meantime", [CREATE, LIST]) == (
        outcome.result,
        outcome.detail,
        scene.plane.calls.names(),
    )


def test_somebody_else_made_another() -> None:
    """409, and what is there is not what is wanted: failed, in AWS's words."""
    scene = creation()
    scene.call(CREATE, IntegrationResponseKey=KEY)
    outcome = scene.run()[0]

    assert (ActionResult.FAILED, True) == (outcome.result, "already exists" in outcome.detail)


def test_a_delete_that_finds_nothing_is_skipped() -> None:
    """Somebody was faster: that is as good as done."""
    scene = deletion()
    scene.call(DELETE, IntegrationResponseId=scene.response_id)
    outcome = scene.run()[0]

    assert (ActionResult.SKIPPED, "it was already deleted") == (outcome.result, outcome.detail)


def test_an_update_of_what_is_gone_has_failed() -> None:
    """404: it is created by the next plan."""
    scene = update()
    scene.call(DELETE, IntegrationResponseId=scene.response_id)

    assert [ActionResult.FAILED] == results(scene.run())


def test_a_deletion_is_settled_where_the_integration_went_too() -> None:
    """No integration, no response."""
    scene = deletion().fault(Dropped(), DELETE)
    routes = scene.plane.call("GetRoutes", ApiId=scene.api_id)["Items"]
    scene.plane.call("DeleteRoute", ApiId=scene.api_id, RouteId=routes[0]["RouteId"])
    scene.call("DeleteIntegration")

    assert [ActionResult.APPLIED] == results(scene.run())


@pytest.mark.parametrize(
    ("scene", "operation", "settling"), [(creation, CREATE, LIST), (update, UPDATE, GET), (deletion, DELETE, GET)]
)
def test_what_cannot_be_settled_is_unknown(scene: Callable[[], Scene], operation: str, settling: str) -> None:
    """The answer was lost and re-reading fails: neither "applied" nor "failed" would be true."""
    now = scene().fault(LostAnswer(), operation).fault(throttled(), settling)

    assert ([ActionResult.UNKNOWN], [operation, settling]) == (results(now.run()), now.plane.calls.names())


@pytest.mark.parametrize(("scene", "operation"), [(creation, CREATE), (update, UPDATE), (deletion, DELETE)])
def test_what_never_reached_aws_is_not_settled(scene: Callable[[], Scene], operation: str) -> None:
    """Nothing listens there: it failed, and there is nobody to ask either."""
    now = scene().fault(NoConnection(), operation)

    assert ([ActionResult.FAILED], [operation]) == (results(now.run()), now.plane.calls.names())


def test_a_replacement_whose_first_half_fails_leaves_the_response() -> None:
    """Nothing is created beside it."""
    scene = replacement().fault(throttled(), DELETE)

    assert ([ActionResult.FAILED, ActionResult.NOT_RUN], [KEY]) == (results(scene.run()), scene.held)


def test_a_replacement_that_is_half_done_says_so() -> None:
    """Where it failed, and where it was stopped, its response is gone until the next plan."""
    said = "; the response that it replaces is already deleted; the next plan creates it"
    failed = replacement().fault(throttled(), CREATE).run()[1]
    stopped = replacement().run(StopAfter(1))[1]

    assert [(ActionResult.FAILED, True), (ActionResult.NOT_RUN, True)] == [
        (one.result, one.detail.endswith(said)) for one in (failed, stopped)
    ]


def test_only_the_replacement_itself_is_half_done() -> None:
    """What comes after it is not run, and nothing more."""
    scene = Scene({"$default": OLD, KEY: OLD}, {"$default": PLAIN, KEY: PLAIN}).fault(throttled(), CREATE)

    assert ["", "after 2 failed", "after 2 failed"] == [
        one.detail for one in scene.run() if one.result is not ActionResult.FAILED
    ]
