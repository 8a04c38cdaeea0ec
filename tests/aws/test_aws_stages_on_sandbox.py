"""Stages and deployments through the adapter against the sandbox: what is deployed is served, trouble is told apart."""

from dataclasses import replace

import pytest

from reconciler import errors
from reconciler.models.live import LiveApi
from reconciler.models.stages import Deployment
from reconciler.models.targets import Kind, Target
from reconciler.normal import access, as_exported
from reconciler.ports import Connection
from reconciler.sandbox.building import HEADER, ApiBuilder, WebSocketBuilder, big_api
from reconciler.sandbox.gateway import InMemoryReader
from reconciler.sandbox.model import faults
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.seed import MINIMAL_ID, PETSTORE_ID
from reconciler.sandbox.seed_chat import CHAT_ID

BACKEND = {"type": "HTTP", "integrationHttpMethod": "GET", "uri": "https://backend.example"}
KINDS = pytest.mark.parametrize("target", [Kind.REST_API, Kind.WEBSOCKET_API], indirect=True, ids=["rest", "websocket"])


@pytest.fixture
def builder(plane: ControlPlane) -> ApiBuilder:
    """A REST API of one test, which stage prod serves."""
    api = ApiBuilder(plane, "of one test")
    api.method("/pets", "GET", BACKEND, {"200": ("X-A",), "404": ()})
    api.response("/pets", "GET", "200", {"responseTemplates": {"application/json": None}})
    api.response("/pets", "GET", "404", {"selectionPattern": "4\\d\\d", "contentHandling": "CONVERT_TO_TEXT"})
    api.deploy("prod")
    plane.calls.clear()
    return api


@pytest.fixture
def target(request: pytest.FixtureRequest, connection: Connection, plane: ControlPlane) -> Target:
    """An API of one test, of the kind asked for, which stage prod serves."""
    kind: Kind = getattr(request, "param", Kind.REST_API)
    if kind is Kind.REST_API:
        builder: ApiBuilder = request.getfixturevalue("builder")
        return Target(connection.account_id, connection.region, builder.id)
    api = WebSocketBuilder(plane, "of one test")
    api.route("say", api.integration({"IntegrationType": "MOCK"}))
    api.deploy("prod")
    plane.calls.clear()
    return Target(connection.account_id, connection.region, api.id, kind)


def serving(connection: Connection, target: Target) -> str:
    """The deployment that stage prod serves."""
    stage = connection.reader.stage(target, "prod")
    assert stage
    return stage.deployment_id


def both(connection: Connection, target: Target) -> tuple[LiveApi, LiveApi]:
    """The draft, and what stage prod serves."""
    return as_exported(connection.reader.rest_api(target)), as_exported(connection.reader.deployed(target, "prod"))


def test_what_is_served_is_the_draft_as_it_was(connection: Connection, target: Target, builder: ApiBuilder) -> None:
    """Deployed and unchanged, both are equal; after a change they are not, until it is deployed."""
    first, first_served = both(connection, target)
    builder.response("/pets", "GET", "404", {"selectionPattern": "4\\d\\d", "responseParameters": {}})
    changed, changed_served = both(connection, target)
    connection.open_writer().deploy(target, "prod", "now")

    assert (first, first) == (first_served, changed_served)
    assert first != changed
    assert (changed, changed) == both(connection, target)


@pytest.mark.parametrize("api_id", [PETSTORE_ID, MINIMAL_ID])
def test_seeded_apis_are_served_as_they_are(connection: Connection, plane: ControlPlane, api_id: str) -> None:
    """The seed deploys what it makes."""
    assert plane.account_id == connection.account_id
    draft, served = both(connection, Target(connection.account_id, connection.region, api_id))

    assert draft == served


def test_big_api_is_exported_whole(connection: Connection, plane: ControlPlane) -> None:
    """However long the document is."""
    api_id = big_api(plane, resources=300, methods=2, responses=4)
    plane.call("CreateDeployment", restApiId=api_id, stageName="prod")
    draft, served = both(connection, Target(connection.account_id, connection.region, api_id))

    assert (600, draft) == (len(served.methods), served)


@KINDS
def test_a_deployment_is_read_back(connection: Connection, target: Target) -> None:
    """It is there with its description, and its stage serves it."""
    made = connection.open_writer().deploy(target, "prod", "run 1, é\u2028")
    found = connection.reader.deployment(target, made.id)

    assert found
    assert Deployment(made.id, "run 1, é\u2028") == replace(found, access=None)
    assert made.id == serving(connection, target)


def test_who_may_call_what_is_deployed(connection: Connection, target: Target) -> None:
    """The summary of a deployment has every method of the draft that was deployed."""
    found = connection.reader.deployment(target, serving(connection, target))

    assert found
    assert access(connection.reader.rest_api(target)) == found.access


@KINDS
def test_a_stage_is_pointed_back(connection: Connection, target: Target) -> None:
    """A stage serves an earlier deployment again."""
    before = serving(connection, target)
    connection.open_writer().deploy(target, "prod", "")
    connection.open_writer().point_stage(target, "prod", before)

    assert before == serving(connection, target)


@KINDS
def test_what_is_not_there(connection: Connection, target: Target) -> None:
    """Neither stage nor deployment."""
    assert (None, None) == (connection.reader.stage(target, "gone"), connection.reader.deployment(target, "gone"))


@pytest.mark.parametrize("kind", Kind)
def test_api_that_is_not_there(connection: Connection, kind: Kind) -> None:
    """It has no stages because there is no such API, and that is what is said."""
    gone = Target(connection.account_id, connection.region, "nosuchapi1", kind)
    for ask in (connection.reader.stage, connection.reader.deployment):
        with pytest.raises(errors.ApiNotFound, match="nosuchapi1"):
            ask(gone, "prod")


def test_export_of_what_is_not_there(connection: Connection, target: Target) -> None:
    """A stage that is not there, and an API that is not there."""
    with pytest.raises(errors.NotFound, match="no such stage"):
        connection.reader.deployed(target, "gone")
    with pytest.raises(errors.ApiNotFound):
        connection.reader.deployed(Target(connection.account_id, connection.region, "nosuchapi1"), "prod")


def test_canary_shows(connection: Connection, plane: ControlPlane, target: Target) -> None:
    """A stage with a canary is known by it."""
    plane.call("CreateDeployment", restApiId=target.api_id, stageName="prod", canarySettings={"percentTraffic": 10})
    stage = connection.reader.stage(target, "prod")

    assert stage
    assert stage.has_canary


def test_stage_that_deploys_by_itself_refuses_others(connection: Connection, plane: ControlPlane) -> None:
    """It is known before anybody tries."""
    chat = Target(connection.account_id, connection.region, CHAT_ID, Kind.WEBSOCKET_API)
    plane.call("CreateStage", ApiId=CHAT_ID, StageName="auto", AutoDeploy=True)
    stage = connection.reader.stage(chat, "auto")

    assert stage
    assert (True, f"Successfully deployed stage with deployment ID '{stage.deployment_id}'") == (
        stage.auto_deploys,
        stage.message,
    )
    with pytest.raises(errors.BadRequest, match="AutoDeploy is enabled"):
        connection.open_writer().deploy(chat, "auto", "")


@pytest.mark.parametrize("target", [Kind.WEBSOCKET_API], indirect=True)
def test_deployment_that_fails(connection: Connection, plane: ControlPlane, target: Target) -> None:
    """It is pending first, then it has failed and says why; the stage serves what it served."""
    before = serving(connection, target)
    plane.faults.add(faults.SlowDeployment(1, "no such luck"), "CreateDeployment")
    made = connection.open_writer().deploy(target, "prod", "run 1")

    pending = Deployment(made.id, "run 1", "PENDING")
    read = [connection.reader.deployment(target, made.id) for _ in range(2)]

    assert pending == made
    assert [pending, Deployment(made.id, "run 1", "FAILED", "no such luck")] == read
    assert before == serving(connection, target)


def test_unfinished_method_is_not_deployed(connection: Connection, plane: ControlPlane, builder: ApiBuilder) -> None:
    """Every method needs an integration, whoever made it: AWS's reason is told."""
    where = {"restApiId": builder.id, "resourceId": builder.resource("/new"), "httpMethod": "GET"}
    plane.call("PutMethod", **where, authorizationType="NONE")

    with pytest.raises(errors.BadRequest, match="No integration defined for method"):
        connection.open_writer().deploy(Target(connection.account_id, connection.region, builder.id), "prod", "")


def test_method_response_is_published_too(connection: Connection, plane: ControlPlane, builder: ApiBuilder) -> None:
    """What a method declares belongs to what differs."""
    target = Target(connection.account_id, connection.region, builder.id)
    where = {"restApiId": builder.id, "resourceId": builder.resource("/pets"), "httpMethod": "GET"}
    plane.call("PutMethodResponse", **where, statusCode="500", responseParameters={f"{HEADER}X-B": True})
    draft, served = both(connection, target)

    assert draft != served


@KINDS
@pytest.mark.parametrize(
    ("fault", "effect"),
    [
        (faults.Dropped(), False),
        (faults.server_error(), False),
        (faults.LostAnswer(), True),
        (faults.Truncated(), True),
    ],
)
def test_lost_deployment_is_settled_by_looking(
    connection: Connection, plane: ControlPlane, target: Target, fault: faults.Fault, *, effect: bool
) -> None:
    """It is sent once, and what the stage serves tells whether it took effect."""
    before = serving(connection, target)
    plane.faults.add(fault, "CreateDeployment")
    with pytest.raises(errors.AnswerLost):
        connection.open_writer().deploy(target, "prod", "")

    assert effect == (before != serving(connection, target))
    assert 1 == len(plane.calls.of("CreateDeployment"))


@KINDS
@pytest.mark.parametrize("fault", [faults.throttled(3), faults.concurrent_modification()])
def test_deployment_that_was_turned_away_gets_through(
    connection: Connection, plane: ControlPlane, target: Target, fault: faults.Fault
) -> None:
    """It costs one more call and makes one deployment."""
    plane.faults.add(fault, "CreateDeployment", times=2)
    made = connection.open_writer().deploy(target, "prod", "")

    assert (made.id, 3) == (serving(connection, target), len(plane.calls.of("CreateDeployment")))


@pytest.mark.parametrize("fault", [faults.throttled(3), faults.Dropped(), faults.Truncated(), faults.unavailable()])
def test_export_gets_through(connection: Connection, plane: ControlPlane, target: Target, fault: faults.Fault) -> None:
    """Passing trouble costs one more call, and the whole API is there."""
    plane.faults.add(fault, "GetExport")
    draft, served = both(connection, target)

    assert (draft, 2) == (served, len(plane.calls.of("GetExport")))


@KINDS
@pytest.mark.parametrize("fault", [faults.Dropped(), faults.LostAnswer(), faults.Truncated(), faults.server_error()])
def test_pointing_gets_through(
    connection: Connection, plane: ControlPlane, target: Target, fault: faults.Fault
) -> None:
    """Passing trouble costs one more call."""
    before = serving(connection, target)
    connection.open_writer().deploy(target, "prod", "")
    plane.faults.add(fault, "UpdateStage")
    connection.open_writer().point_stage(target, "prod", before)

    assert (before, 2) == (serving(connection, target), len(plane.calls.of("UpdateStage")))


@KINDS
def test_calls_are_those_of_the_in_memory_cloud(connection: Connection, plane: ControlPlane, target: Target) -> None:
    """Whoever counts calls, or writes a policy for them, may count on either."""
    made = []
    for reader in (connection.reader, InMemoryReader(plane)):
        plane.calls.clear()
        for ask in (reader.stage, reader.deployment):
            ask(target, "gone")
        if target.kind is Kind.REST_API:
            reader.deployed(target, "prod")
        made.append(plane.calls.names())

    assert made[0] == made[1]
