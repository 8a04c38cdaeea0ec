"""plan, apply and drift of WebSocket APIs: from manifests in a folder to calls."""

from collections import Counter

import pytest

from reconciler.engine.plan import Planned
from reconciler.errors import ExitCode
from reconciler.models.responses import WebSocketResponse
from reconciler.sandbox.model import faults
from support.stage import Stage
from support.stage import manifest as rest_manifest
from support.websocket import Integration, make_websocket_api

PLAIN = WebSocketResponse()
TEXT = WebSocketResponse(response_templates={"404": "gone", "500": "later"})


def manifest(*routes: str, api: str = "{name: chat}", route_responses: str = "check") -> str:
    """A manifest of these routes, each a line of YAML."""
    lines = [
        *("apiVersion: reconciler/v1", "kind: WebSocketApi", "metadata: {name: chat}"),
        *("spec:", f"  api: {api}", f"  routeResponses: {route_responses}"),
        *("  routes:", *(f"    {route}" for route in routes)),
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


ROUTE_WRITES = ["CreateRouteResponse", "UpdateRoute"]


def two_way_stage(stage: Stage) -> str:
    """An API with a one-way route whose response is as the manifest wants it; gives the API's id."""
    api_id, _ = make_websocket_api(stage.plane, "chat", [Integration(("ask",), {"$default": PLAIN}, two_way=False)])
    stage.write(manifest(f"ask: {DEFAULT_ONLY}", route_responses="ensure"))
    return api_id


def route_of(stage: Stage, api_id: str) -> dict[str, str]:
    """The first route of an API, as AWS describes it."""
    route: dict[str, str] = stage.plane.call("GetRoutes", ApiId=api_id)["Items"][0]
    return route


def test_one_way_routes_are_made_two_way(stage: Stage) -> None:
    """The route response first, then the expression that selects it; then there is nothing left to do."""
    two_way_stage(stage)
    applied = stage.apply()

    assert (True, ROUTE_WRITES, True, ExitCode.OK) == (
        applied.verified,
        [call.operation for call in stage.plane.calls.writes()],
        stage.plan().is_empty,
        stage.drift().exit_code,
    )


def test_steps_alone_are_changes_for_the_exit_code(stage: Stage) -> None:
    """A plan that only makes routes two-way ends with 2 under --detailed-exitcode."""
    two_way_stage(stage)
    planned = stage.plan()

    assert (ExitCode.DIFFERENCES, 0, 2) == (
        planned.exit_code(detailed=True),
        planned.plan.summary.changes,
        planned.plan.summary.steps,
    )


def test_a_route_that_is_one_way_again_is_drift(stage: Stage) -> None:
    """Somebody deleted its route response."""
    api_id = two_way_stage(stage)
    stage.apply()
    route_id = route_of(stage, api_id)["RouteId"]
    where = {"ApiId": api_id, "RouteId": route_id}
    response_id = stage.plane.call("GetRouteResponses", **where)["Items"][0]["RouteResponseId"]
    stage.plane.call("DeleteRouteResponse", **where, RouteResponseId=response_id)
    found = stage.drift()

    assert (ExitCode.DIFFERENCES, [("missing", "routeResponse", "route ask is one-way: clients get no response")]) == (
        found.exit_code,
        [(finding.type, finding.subject, finding.note) for target in found.targets for finding in target.findings],
    )


def test_a_route_response_costs_one_call_more_for_each_route(stage: Stage) -> None:
    """And none under `check`."""
    make_websocket_api(stage.plane, "chat", [Integration((route,), {"$default": PLAIN}) for route in ("a", "b")])
    counts = []
    for mode in ("check", "ensure"):
        stage.write(manifest(f"a: {DEFAULT_ONLY}", f"b: {DEFAULT_ONLY}", route_responses=mode))
        stage.plane.calls.clear()
        stage.plan()
        counts.append(operations(stage).get("GetRouteResponses", 0))

    assert [0, 2] == counts


@pytest.mark.parametrize(
    ("fault", "operation"),
    [
        (faults.LostAnswer(), "CreateRouteResponse"),
        (faults.Dropped(), "CreateRouteResponse"),
        (faults.LostAnswer(), "UpdateRoute"),
    ],
)
def test_a_lost_answer_about_a_route_is_settled_by_reading_it(
    stage: Stage, fault: faults.Fault, operation: str
) -> None:
    """A create is sent again only if it had no effect; at the end the route is two-way, with one response."""
    api_id = two_way_stage(stage)
    stage.plane.faults.add(fault, operation)
    applied = stage.apply()
    route = route_of(stage, api_id)
    responses = stage.plane.call("GetRouteResponses", ApiId=api_id, RouteId=route["RouteId"])["Items"]

    assert (ExitCode.OK, "$default", 1, True) == (
        applied.exit_code,
        route["RouteResponseSelectionExpression"],
        len(responses),
        "GetRoute" in stage.plane.calls.names(),
    )


def test_an_update_of_a_route_without_effect_is_left_to_the_next_run(stage: Stage) -> None:
    """The adapter has repeated it already; the run stops, and the next one finishes."""
    two_way_stage(stage)
    stage.plane.faults.add(faults.Dropped(), "UpdateRoute")
    first, second = stage.apply(), stage.apply()

    assert (ExitCode.STOPPED, ExitCode.OK, ["UpdateRoute"]) == (
        first.exit_code,
        second.exit_code,
        [outcome.action.operation for outcome in second.outcomes],
    )


def test_a_route_that_is_gone_is_a_failure(stage: Stage) -> None:
    """Deleted between the plan and the write."""
    api_id = two_way_stage(stage)
    route_id = route_of(stage, api_id)["RouteId"]
    stage.before_writes = lambda: stage.plane.call("DeleteRoute", ApiId=api_id, RouteId=route_id)
    stage.plane.faults.add(faults.Dropped(), "CreateRouteResponse")
    applied = stage.apply()

    assert (ExitCode.STOPPED, []) == (applied.exit_code, stage.plane.call("GetRoutes", ApiId=api_id)["Items"])


def test_every_listed_route_of_a_shared_integration_is_made_two_way(stage: Stage) -> None:
    """A route of the same integration that is not listed stays as it is."""
    api_id, _ = make_websocket_api(
        stage.plane, "chat", [Integration(("ask", "tell", "shout"), {"$default": PLAIN}, two_way=False)]
    )
    stage.write(manifest(f"ask: {DEFAULT_ONLY}", f"tell: {DEFAULT_ONLY}", route_responses="ensure"))
    applied = stage.apply()
    routes = stage.plane.call("GetRoutes", ApiId=api_id)["Items"]

    assert (True, {"ask": "$default", "tell": "$default", "shout": None}) == (
        applied.verified,
        {route["RouteKey"]: route.get("RouteResponseSelectionExpression") for route in routes},
    )
