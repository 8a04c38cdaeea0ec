"""plan, apply and drift of WebSocket APIs: from manifests in a folder to calls."""

from collections import Counter

import pytest

from reconciler.engine.plan import Planned
from reconciler.errors import ExitCode
from reconciler.models.responses import WebSocketResponse
from support.stage import Stage
from support.stage import manifest as rest_manifest
from support.websocket import Integration, make_websocket_api

PLAIN = WebSocketResponse()
TEXT = WebSocketResponse(response_templates={"404": "gone", "500": "later"})


def manifest(*routes: str, api: str = "{name: chat}") -> str:
    """A manifest of these routes, each a line of YAML."""
    lines = [
        *("apiVersion: reconciler/v1", "kind: WebSocketApi", "metadata: {name: chat}"),
        *("spec:", f"  api: {api}", "  routes:", *(f"    {route}" for route in routes)),
    ]
    return "\n".join([*lines, ""])


DEFAULT_ONLY = "{responses: {$default: {}}}"


def operations(stage: Stage) -> dict[str, int]:
    """The calls so far, counted by operation."""
    return dict(Counter(stage.plane.calls.names()))


def test_three_hundred_integrations_are_planned_with_as_many_lists(stage: Stage) -> None:
    """One listing of APIs, routes and integrations each with all pages, and one list of responses per integration."""
    routes = [f"route{number}" for number in range(300)]
    make_websocket_api(stage.plane, "chat", [Integration((route,), {"$default": PLAIN}) for route in routes])
    stage.write(manifest(*(f"{route}: {DEFAULT_ONLY}" for route in routes)))
    planned = stage.plan()

    assert (300, {"GetApis": 1, "GetRoutes": 3, "GetIntegrations": 3, "GetIntegrationResponses": 300}) == (
        planned.plan.summary.unchanged,
        operations(stage),
    )


def test_what_is_not_listed_and_proxies_are_not_read(stage: Stage) -> None:
    """A listed integration costs a call, no other does."""
    integrations = [
        Integration(("sendMessage",), {"$default": PLAIN}),
        Integration(("history",), {"$default": PLAIN}),
        Integration(("$connect",), type="AWS_PROXY"),
    ]
    make_websocket_api(stage.plane, "chat", integrations)
    stage.write(manifest(f"sendMessage: {DEFAULT_ONLY}", "$connect: {responses: {}}"))
    planned = stage.plan()

    assert (ExitCode.OK, 1) == (planned.exit_code(detailed=True), operations(stage)["GetIntegrationResponses"])


def test_an_api_addressed_by_id_is_asked_for_its_protocol(stage: Stage) -> None:
    """One call instead of the listing."""
    api_id, _ = make_websocket_api(stage.plane, "chat", [Integration(("sendMessage",), {"$default": PLAIN})])
    stage.write(manifest(f"sendMessage: {DEFAULT_ONLY}", api=f"{{id: {api_id}}}"))
    stage.plan()

    assert {"GetApi": 1, "GetRoutes": 1, "GetIntegrations": 1, "GetIntegrationResponses": 1} == operations(stage)


def test_two_routes_to_one_integration_cost_one_list_and_one_write(stage: Stage) -> None:
    """It may be declared by both, alike."""
    make_websocket_api(stage.plane, "chat", [Integration(("sendMessage", "reply"))])
    stage.write(manifest(f"sendMessage: {DEFAULT_ONLY}", f"reply: {DEFAULT_ONLY}"))
    applied = stage.apply()

    assert (True, ["CreateIntegrationResponse"]) == (
        applied.verified,
        [call.operation for call in stage.plane.calls.writes()],
    )


def test_applied_means_in_sync(stage: Stage) -> None:
    """After creates, a replacement and a delete, drift finds nothing."""
    make_websocket_api(stage.plane, "chat", [Integration(("sendMessage",), {"$default": TEXT, "/404/": PLAIN})])
    stage.write(manifest("sendMessage: {responses: {$default: {responseTemplates: {'500': later}}, /500/: {}}}"))
    applied = stage.apply()
    drift = stage.drift()

    assert (ExitCode.OK, True, ExitCode.OK) == (applied.exit_code, applied.verified, drift.exit_code)


def test_a_replacement_that_is_stopped_half_way_is_finished_by_the_next_run(stage: Stage) -> None:
    """What was deleted is created."""
    make_websocket_api(stage.plane, "chat", [Integration(("sendMessage",), {"$default": TEXT})])
    stage.write(manifest(f"sendMessage: {DEFAULT_ONLY}"))
    first = stage.apply(stop_after=1)
    second = stage.apply()

    assert (ExitCode.INTERRUPTED, ExitCode.OK, ["create"]) == (
        first.exit_code,
        second.exit_code,
        [outcome.action.op for outcome in second.outcomes],
    )


@pytest.mark.parametrize("again", ["deleted", "created again"])
def test_what_somebody_did_meanwhile_is_not_what_was_approved(stage: Stage, again: str) -> None:
    """A response that went, or came back under another id, stops the apply before it writes."""
    api_id, (integration_id,) = make_websocket_api(
        stage.plane, "chat", [Integration(("sendMessage",), {"$default": PLAIN, "/404/": TEXT})]
    )
    where = {"ApiId": api_id, "IntegrationId": integration_id}
    stage.write(manifest(f"sendMessage: {DEFAULT_ONLY}"))

    def approve(_: Planned) -> bool:
        items = stage.plane.call("GetIntegrationResponses", **where)["Items"]
        found = next(item for item in items if item["IntegrationResponseKey"] == "/404/")
        stage.plane.call("DeleteIntegrationResponse", **where, IntegrationResponseId=found["IntegrationResponseId"])
        if again == "created again":
            templates = dict(TEXT.response_templates)
            stage.plane.call(
                "CreateIntegrationResponse", **where, IntegrationResponseKey="/404/", ResponseTemplates=templates
            )
        return True

    applied = stage.apply(approve)

    assert (ExitCode.REFUSED, ()) == (applied.exit_code, applied.outcomes)


def test_an_http_api_is_explained(stage: Stage) -> None:
    """It has no integration responses; by id it is found out too."""
    api_id = stage.plane.call("CreateApi", Name="web", ProtocolType="HTTP")["ApiId"]
    texts = []
    for address in ("{name: web}", f"{{id: {api_id}}}"):
        stage.write(manifest(f"sendMessage: {DEFAULT_ONLY}", api=address))
        texts.append([diagnostic.rule for diagnostic in stage.plan().diagnostics])

    assert [["wrong-protocol"], ["wrong-protocol"]] == texts


def test_kinds_are_looked_up_apart(stage: Stage) -> None:
    """A REST API of the same name is none that a WebSocket manifest means."""
    stage.plane.call("CreateRestApi", name="chat")
    stage.write(manifest(f"sendMessage: {DEFAULT_ONLY}"))

    assert ["api-not-found"] == [diagnostic.rule for diagnostic in stage.plan().diagnostics]


def test_one_id_is_not_of_two_kinds(stage: Stage) -> None:
    """A REST manifest that names a WebSocket API by its id is told so, and does not mix with the other's."""
    api_id, _ = make_websocket_api(stage.plane, "chat", [Integration(("sendMessage",), {"$default": PLAIN})])
    stage.write(manifest(f"sendMessage: {DEFAULT_ONLY}", api=f"{{id: {api_id}}}"), "a.yaml")
    stage.write(rest_manifest(name="orders", api=f"{{id: {api_id}}}"), "b.yaml")
    planned = stage.plan()

    assert (1, ["api-not-found"]) == (
        planned.plan.summary.unchanged,
        [diagnostic.rule for diagnostic in planned.diagnostics],
    )
