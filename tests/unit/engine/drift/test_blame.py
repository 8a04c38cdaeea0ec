"""drift --blame: who changed what drifted."""

from dataclasses import replace
from typing import Any

import pytest

from reconciler.engine.drift.blame import NO_TRAIL, with_blame
from reconciler.engine.drift.connections import ConnectionLog
from reconciler.engine.drift.result import Drift
from reconciler.errors import ExitCode
from reconciler.findings import StageDrift
from reconciler.fleet.blame import Blame
from reconciler.fleet.run_facts import RunFacts
from reconciler.sandbox.gateway import InMemoryCloud
from reconciler.sandbox.model.errors import ModelError
from reconciler.sandbox.model.event_log import Caller, calling_as
from reconciler.sandbox.model.faults import ErrorAnswer, NoConnection
from support.apis import Method
from support.live import BROKEN, DEFAULT, GET_PETS, NOT_FOUND
from support.stage import CHAT, Stage, manifest
from support.websocket import RICH, Integration, make_websocket_api

OPS = Caller("arn:aws:iam::123456789012:user/ops", "203.0.113.4", "aws-cli/2.15")
DENIED = ErrorAnswer(ModelError(400, "AccessDeniedException", "not authorized to perform: cloudtrail:LookupEvents"))


def where(stage: Stage, api_id: str) -> dict[str, Any]:
    """Where GET /pets is."""
    items = stage.plane.call("GetResources", restApiId=api_id)["items"]
    pets = next(item["id"] for item in items if item["path"] == "/pets")
    stage.plane.calls.clear()
    return {"restApiId": api_id, "resourceId": pets, "httpMethod": "GET"}


@pytest.fixture
def petstore(stage: Stage) -> Stage:
    """GET /pets with 200, and a 404 that somebody changed by hand."""
    api_id = stage.api("petstore", {GET_PETS: Method({"200": DEFAULT, "404": NOT_FOUND})})
    stage.write(manifest("{200: {}, 404: {selectionPattern: '404'}}"))
    with calling_as(OPS):
        stage.plane.call("PutIntegrationResponse", **where(stage, api_id), statusCode="404", selectionPattern="4..")
    return stage


def blames(drift: Drift) -> list[Blame]:
    """The blame of each finding."""
    return list((drift.facts.blames or {}).values())


def events(drift: Drift) -> list[list[tuple[str, str, str]]]:
    """Who did what to what, for each finding."""
    return [[(change.who, change.event, change.subject) for change in blame.changes] for blame in blames(drift)]


def test_a_hand_edit_is_blamed(petstore: Stage) -> None:
    """With the principal, the operation, and the response as the manifest names it."""
    drift = petstore.blamed()

    assert [[(OPS.arn, "PutIntegrationResponse", "GET /pets 404")]] == events(drift)
    change = blames(drift)[0].changes[0]
    assert (OPS.address, OPS.agent) == (change.address, change.agent)


def test_without_drift_nobody_is_asked(stage: Stage) -> None:
    """The event history has a quota that others use as well."""
    stage.api("petstore", {GET_PETS: Method({"200": DEFAULT})})
    stage.write(manifest())
    drift = stage.blamed()

    assert ({}, []) == (drift.facts.blames, stage.plane.calls.of("LookupEvents"))


def test_all_apis_of_a_region_share_the_lookups(stage: Stage) -> None:
    """A call for each name of an operation, however many APIs drifted."""
    for name in ("one", "two", "three"):
        stage.api(name, {GET_PETS: Method({"200": BROKEN})})
        stage.write(manifest(name=name, api=f"{{name: {name}}}"), f"{name}.yaml")
    drift = stage.blamed()

    assert (3, 4) == (len(blames(drift)), len(stage.plane.calls.of("LookupEvents")))
    assert all(len(blame.changes) == 1 for blame in blames(drift))


def test_failed_writes_are_not_blamed(petstore: Stage) -> None:
    """They changed nothing."""
    api_id = petstore.plane.call("GetRestApis")["items"][0]["id"]
    with calling_as(Caller("arn:aws:iam::123456789012:user/intern")), pytest.raises(ModelError):
        petstore.plane.call("PutIntegrationResponse", **where(petstore, api_id), statusCode="77")

    assert [[(OPS.arn, "PutIntegrationResponse", "GET /pets 404")]] == events(petstore.blamed())


def test_a_denied_history_is_a_note(petstore: Stage) -> None:
    """The findings are there all the same, and no error."""
    petstore.plane.faults.add(DENIED, "LookupEvents")
    drift = petstore.blamed()
    note = blames(drift)[0].note

    assert (ExitCode.DIFFERENCES, ()) == (drift.exit_code, drift.diagnostics)
    assert note.startswith("the event history of account 123456789012, eu-west-1 could not be read: ")
    assert "cloudtrail:LookupEvents" in note


def test_an_unreachable_history_is_a_note(petstore: Stage) -> None:
    """Whatever keeps it from being read."""
    petstore.plane.faults.add(NoConnection(), "LookupEvents")

    assert blames(petstore.blamed())[0].note.endswith("could not be read: cannot connect")


def test_no_write_is_a_note(petstore: Stage) -> None:
    """A change of more than 90 days ago is in no history."""
    drift = petstore.drift()
    forgotten = InMemoryCloud()
    connections = ConnectionLog(forgotten)
    connections.connect(petstore.request().coordinates)

    assert ["no write that may have caused it is in the event history of the last 90 days"] == [
        blame.note for blame in blames(with_blame(drift, connections, 1))
    ]


def test_an_endpoint_without_a_history_is_a_note(petstore: Stage) -> None:
    """As a connection that was not made in this run, such as that of a stored report."""
    assert [NO_TRAIL] == [
        blame.note for blame in blames(with_blame(petstore.drift(), ConnectionLog(petstore.cloud), 1))
    ]


def test_a_stage_is_blamed_on_its_deployment(petstore: Stage) -> None:
    """The draft on who wrote it, the stage on who deployed it."""
    api_id = petstore.plane.call("GetRestApis")["items"][0]["id"]
    with calling_as(Caller("arn:aws:iam::123456789012:user/deployer")):
        petstore.plane.call("CreateDeployment", restApiId=api_id, stageName="live")
    found = events(petstore.blamed(stages=("live",)))

    assert [
        [(OPS.arn, "PutIntegrationResponse", "GET /pets 404")],
        [("arn:aws:iam::123456789012:user/deployer", "CreateDeployment", "stage live")],
    ] == found


def test_a_websocket_response_is_blamed(stage: Stage) -> None:
    """By its key, which the answer to an update names."""
    make_websocket_api(stage.plane, "chat", [Integration(["send"], {"$default": RICH})])
    stage.write(CHAT, "chat.yaml")

    assert [[("arn:aws:iam::123456789012:user/sandbox", "CreateIntegrationResponse", "send $default")]] == events(
        stage.blamed()
    )


def test_a_lagging_stage_is_blamed_on_the_latest_responses(stage: Stage) -> None:
    """AWS does not show which of them it lacks."""
    make_websocket_api(stage.plane, "chat", [Integration(["send"], {"$default": RICH})])
    stage.write(CHAT, "chat.yaml")
    connections = ConnectionLog(stage.cloud)
    connections.connect(stage.request().coordinates)
    drift = stage.drift()
    target = drift.targets[0]
    lagging = Drift((), (), (), "", (StageDrift("live", target, "the draft is newer"),))
    found = events(with_blame(lagging, connections, 1))

    assert [("arn:aws:iam::123456789012:user/sandbox", "CreateIntegrationResponse", "")] in found


def test_after_a_run_that_ended_early_nobody_is_asked(petstore: Stage) -> None:
    """Whoever stopped it does not want to wait for two lookups a second."""
    drift = petstore.drift()
    stopped = replace(drift, facts=replace(drift.facts, run=RunFacts(stopped="interrupted")))
    found = with_blame(stopped, ConnectionLog(petstore.cloud), 1)

    assert ["the run ended before the event history was read"] == [blame.note for blame in blames(found)]
    assert [] == petstore.plane.calls.of("LookupEvents")
