"""The texts of plans and drift of WebSocket APIs."""

from collections.abc import Mapping
from dataclasses import replace

from reconciler.apply import ActionResult, Outcome
from reconciler.findings import find_drift
from reconciler.models.keys import IntegrationKey, Scope
from reconciler.models.live import LiveApi, LiveIntegration, LiveScope
from reconciler.models.responses import WebSocketResponse
from reconciler.models.targets import Kind, Target
from reconciler.plan import Plan, make_plan
from reconciler.render.style import Style
from reconciler.views.drift_lines import drift_lines
from reconciler.views.plan import plan_summary
from reconciler.views.plan_lines import plan_lines
from reconciler.views.run_result import RunEnd, run_text
from support.websocket import Content, websocket_desired_of

SEND = IntegrationKey("sendMessage", "int1")
UNROUTED = IntegrationKey("", "int2")
PLAIN = WebSocketResponse()
TEXT = WebSocketResponse("${integration.response.statuscode}", "CONVERT_TO_TEXT", {}, {"404": "gone"})


def live_of(state: Mapping[IntegrationKey, Content], *, type_: str = "HTTP") -> LiveApi:
    """An API whose integrations hold these responses."""
    methods: dict[Scope, LiveScope] = {
        scope: LiveIntegration(scope.id, type_, responses=content, response_ids=dict.fromkeys(content, "r1"))
        for scope, content in state.items()
    }
    return LiveApi(Target("123456789012", "eu-west-1", "ws1", Kind.WEBSOCKET_API, "chat"), frozenset(), methods)


def plan_text(before: Content, after: Content, style: Style | None = None) -> list[str]:
    """What is said of one integration."""
    one = make_plan(websocket_desired_of({SEND: after}), live_of({SEND: before}))
    return list(plan_lines(Plan((one,)), style or Style()))[1:-1]


def drift_text(live: LiveApi, wanted: Mapping[IntegrationKey, Content]) -> list[str]:
    """The findings."""
    return list(drift_lines([find_drift(websocket_desired_of(wanted), live)], Style()))[1:-1]


def test_integrations_that_no_manifest_lists() -> None:
    """They are called integrations, not methods."""
    one = make_plan(
        websocket_desired_of({SEND: {"$default": PLAIN}}),
        live_of({SEND: {"$default": PLAIN}, UNROUTED: {"$default": PLAIN}}),
    )

    assert "No changes. 1 unchanged, 1 in no manifest (1 integration that no manifest lists)." == plan_summary(
        Plan((one,)).summary, Style()
    )


def test_integrations_go_by_route_or_id() -> None:
    """Whichever the manifest lists them by."""
    one = make_plan(
        websocket_desired_of({SEND: {"$default": PLAIN}, UNROUTED: {"$default": PLAIN}}),
        live_of({SEND: {}, UNROUTED: {}}),
    )

    assert [
        "chat  (WebSocketApi ws1 'chat', account 123456789012, eu-west-1)",
        "",
        "  integration int2",
        "    + $default  not live yet",
        "",
        "  sendMessage",
        "    + $default  not live yet",
        "",
    ] == list(plan_lines(Plan((one,)), Style()))


def test_a_new_response_shows_its_fields() -> None:
    """Under AWS's names; of a template its key."""
    assert [
        "",
        "  sendMessage",
        "    + $default  not live yet",
        "        + templateSelectionExpression: ${integration.response.statuscode}",
        "        + contentHandlingStrategy: CONVERT_TO_TEXT",
        "        + template 404: gone",
    ] == plan_text({}, {"$default": TEXT})


def test_a_replacement_is_a_step_and_an_update() -> None:
    """With the reason at what counts."""
    changed = WebSocketResponse(TEXT.template_selection_expression, TEXT.content_handling_strategy)

    assert [
        "",
        "  sendMessage",
        "    > delete /404/  deleted so that the next action can create it again",
        "    ~ /404/  replaced: an update cannot remove responseTemplates.404",
        "        - template 404: gone",
    ] == plan_text({"/404/": TEXT}, {"/404/": changed})


def test_an_update_shows_values() -> None:
    """Before and after."""
    changed = replace(TEXT, template_selection_expression="404")

    assert [
        "    ~ /404/  templateSelectionExpression differs",
        "        ~ templateSelectionExpression: ${integration.response.statuscode} -> 404",
    ] == plan_text({"/404/": TEXT}, {"/404/": changed})[2:]


def test_a_deletion_tells_what_was_there() -> None:
    """In a line."""
    assert [
        "    - $default  not in the manifest",
        "        was empty",
        "    - /404/  not in the manifest",
        "        was templateSelectionExpression ${integration.response.statuscode}, 1 template",
    ] == plan_text({"$default": PLAIN, "/404/": TEXT}, {})[2:]


def test_a_deletion_in_full_shows_every_field() -> None:
    """And no pattern, which these responses do not have."""
    assert [
        "    - $default  not in the manifest",
        "    - /404/  not in the manifest",
        "        - templateSelectionExpression: ${integration.response.statuscode}",
        "        - contentHandlingStrategy: CONVERT_TO_TEXT",
        "        - template 404: gone",
    ] == plan_text({"$default": PLAIN, "/404/": TEXT}, {}, Style(full=True))[2:]


def test_a_key_cannot_reach_the_terminal() -> None:
    """A response key is a text of anybody's."""
    key = "/\x1b[31m/"

    assert ["    + /\\x1b[31m/  not live yet", "    + /\\x1b[31m/  unexpected: in AWS, not in the manifest"] == [
        plan_text({}, {key: PLAIN})[2],
        drift_text(live_of({SEND: {key: PLAIN}}), {SEND: {}})[2],
    ]


def test_drift_tells_why_something_is_missing() -> None:
    """No route, no integration, or a proxy."""
    wanted = {scope: {"$default": PLAIN} for scope in (SEND, IntegrationKey("gone"), IntegrationKey("", "int9"))}

    assert [
        "    - $default  missing in AWS: the API has no integration int9",
        "    - $default  missing in AWS: the API has no route gone with an integration",
        "    - $default  missing in AWS: sendMessage is a proxy integration, which has no integration responses",
    ] == [line for line in drift_text(live_of({SEND: {}}, type_="AWS_PROXY"), wanted) if "missing" in line]


def test_a_stage_may_deploy_by_itself() -> None:
    """Without --deploy no stage was looked at, so nobody knows that none serves what was written."""
    plan = Plan((make_plan(websocket_desired_of({SEND: {"$default": PLAIN}}), live_of({SEND: {}})),))
    outcomes = [Outcome(number, action, ActionResult.APPLIED) for number, _, action in plan.numbered()]

    assert (
        "Applied to the draft. No stage serves these changes yet, unless it has autoDeploy."
        == run_text(plan, outcomes, RunEnd(), Style()).splitlines()[0]
    )
