"""Actions on WebSocket APIs alone, carried out on the strict model: creations without a key of ours, replacements."""

from reconciler.apply import ActionResult
from reconciler.sandbox.model.faults import Dropped, FixedAnswer, LostAnswer, throttled
from support.runs import StopAfter
from support.scenes import (
    KEY,
    NEW,
    OLD,
    PLAIN,
    WebSocketScene,
    results,
    websocket_creation,
    websocket_deletion,
    websocket_replacement,
    websocket_update,
)

CREATE, UPDATE, DELETE = "CreateIntegrationResponse", "UpdateIntegrationResponse", "DeleteIntegrationResponse"
LIST, GET = "GetIntegrationResponses", "GetIntegrationResponse"


def test_a_create_without_effect_is_sent_again() -> None:
    """Reading shows that none of its key is there, so it cannot become two."""
    scene = websocket_creation().fault(Dropped(), CREATE)

    assert ([ActionResult.APPLIED], [CREATE, LIST, CREATE]) == (results(scene.run()), scene.plane.calls.names())


def test_a_create_is_not_sent_for_ever() -> None:
    """Twice more, each time after a look."""
    scene = websocket_creation().fault(Dropped(), CREATE, times=9)

    assert ([ActionResult.FAILED], [CREATE, LIST] * 3) == (results(scene.run()), scene.plane.calls.names())


def test_a_create_is_not_sent_again_after_a_request_to_stop() -> None:
    """The call in flight is settled, no more."""
    scene = websocket_creation().fault(Dropped(), CREATE)

    assert ([ActionResult.FAILED], [CREATE, LIST]) == (results(scene.run(StopAfter(1))), scene.plane.calls.names())


def test_a_lost_create_that_shows_late_does_not_become_two() -> None:
    """The list lags behind, so it is sent again; AWS refuses the second, and a second look finds the first."""
    scene = websocket_creation().fault(LostAnswer(), CREATE).fault(FixedAnswer({"Items": []}), LIST)
    outcome = scene.run()[0]

    assert (ActionResult.APPLIED, ["$default", KEY]) == (outcome.result, sorted(scene.held))


def test_a_create_is_not_sent_again_where_somebody_made_another() -> None:
    """Whether AWS takes two of one key is not to be tried out."""
    scene = websocket_creation()
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
    scene = websocket_creation()
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
    scene = websocket_creation()
    scene.call(CREATE, IntegrationResponseKey=KEY)
    outcome = scene.run()[0]

    assert (ActionResult.FAILED, True) == (outcome.result, "already exists" in outcome.detail)


def test_an_update_of_what_is_gone_has_failed() -> None:
    """404: it is created by the next plan."""
    scene = websocket_update()
    scene.delete()

    assert [ActionResult.FAILED] == results(scene.run())


def test_a_deletion_is_settled_where_the_integration_went_too() -> None:
    """No integration, no response."""
    scene = websocket_deletion().fault(Dropped(), DELETE)
    routes = scene.plane.call("GetRoutes", ApiId=scene.api_id)["Items"]
    scene.plane.call("DeleteRoute", ApiId=scene.api_id, RouteId=routes[0]["RouteId"])
    scene.call("DeleteIntegration")

    assert [ActionResult.APPLIED] == results(scene.run())


def test_a_replacement_whose_first_half_fails_leaves_the_response() -> None:
    """Nothing is created beside it."""
    scene = websocket_replacement().fault(throttled(), DELETE)

    assert ([ActionResult.FAILED, ActionResult.NOT_RUN], [KEY]) == (results(scene.run()), scene.held)


def test_a_replacement_that_is_half_done_says_so() -> None:
    """Where it failed, and where it was stopped, its response is gone until the next plan."""
    said = "; the response that it replaces is already deleted; the next plan creates it"
    failed = websocket_replacement().fault(throttled(), CREATE).run()[1]
    stopped = websocket_replacement().run(StopAfter(1))[1]

    assert [(ActionResult.FAILED, True), (ActionResult.NOT_RUN, True)] == [
        (one.result, one.detail.endswith(said)) for one in (failed, stopped)
    ]


def test_only_the_replacement_itself_is_half_done() -> None:
    """What comes after it is not run, and nothing more."""
    scene = WebSocketScene({"$default": OLD, KEY: OLD}, {"$default": PLAIN, KEY: PLAIN}).fault(throttled(), CREATE)

    assert ["", "after 2 failed", "after 2 failed"] == [
        one.detail for one in scene.run() if one.result is not ActionResult.FAILED
    ]
