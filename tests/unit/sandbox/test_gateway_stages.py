"""The in-memory cloud: stages and deployments over the model."""

from dataclasses import replace

import pytest

from reconciler import errors
from reconciler.models.keys import MethodKey
from reconciler.models.live import Access
from reconciler.models.responses import RestResponse, WebSocketResponse
from reconciler.models.stages import Deployment, Stage
from reconciler.models.targets import Coordinates, Kind, ResponseRef, Target, WebSocketResponseRef
from reconciler.models.views import live_methods
from reconciler.normal import access, as_exported
from reconciler.ports import Connection
from reconciler.sandbox.gateway import InMemoryCloud
from reconciler.sandbox.model.faults import Dropped, Fault, FixedAnswer, LostAnswer, Truncated, throttled
from reconciler.sandbox.model.plane import ACCOUNT_ID, REGION, ControlPlane
from reconciler.sandbox.seed import PETSTORE_ID
from reconciler.sandbox.seed_chat import CHAT_ID, PING_ID

PETSTORE = Target(ACCOUNT_ID, REGION, PETSTORE_ID)
CHAT = Target(ACCOUNT_ID, REGION, CHAT_ID, Kind.WEBSOCKET_API)
KINDS = pytest.mark.parametrize("target", [PETSTORE, CHAT], ids=["rest", "websocket"])


@pytest.fixture
def plane(cloud: InMemoryCloud) -> ControlPlane:
    """Its one control plane."""
    return cloud.plane()


@pytest.fixture
def changed(connection: Connection) -> Connection:
    """The same, after a change of either API that nobody has deployed."""
    writer = connection.open_writer()
    scope = MethodKey("/pets/{petId}", "GET")
    resource_id = live_methods(connection.reader.rest_api(PETSTORE))[scope].resource_id
    writer.put_response(ResponseRef(PETSTORE_ID, resource_id, scope, "418"), RestResponse("teapot"))
    writer.create_websocket_response(WebSocketResponseRef(CHAT_ID, PING_ID, "/418/"), WebSocketResponse())
    return connection


def serving(connection: Connection, target: Target) -> str:
    """The deployment that stage prod serves."""
    stage = connection.reader.stage(target, "prod")
    assert stage
    return stage.deployment_id


@KINDS
def test_stage_is_what_aws_shows(connection: Connection, plane: ControlPlane, target: Target) -> None:
    """A stage has its name and the deployment that it serves."""
    [newest] = plane.call("GetDeployments", restApiId=PETSTORE_ID)["items"]
    [chatty] = plane.call("GetDeployments", ApiId=CHAT_ID)["Items"]
    wanted = newest["id"] if target is PETSTORE else chatty["DeploymentId"]

    assert Stage("prod", wanted) == connection.reader.stage(target, "prod")


@KINDS
def test_no_such_stage_is_none(connection: Connection, target: Target) -> None:
    """An API without such a stage has none of that name."""
    assert connection.reader.stage(target, "gone") is None


@KINDS
def test_no_such_deployment_is_none(connection: Connection, target: Target) -> None:
    """An API without such a deployment has none of that id."""
    assert connection.reader.deployment(target, "gone") is None


@pytest.mark.parametrize("kind", Kind)
def test_no_such_api_is_not_no_such_stage(connection: Connection, kind: Kind) -> None:
    """Where the API itself is missing, that is what is said, of stages, deployments and exports."""
    gone = Target(ACCOUNT_ID, REGION, "gone", kind)
    with pytest.raises(errors.ApiNotFound):
        connection.reader.stage(gone, "prod")
    with pytest.raises(errors.ApiNotFound):
        connection.reader.deployment(gone, "d1")


def test_deployed_of_no_such_api(connection: Connection) -> None:
    """Nothing is served of an API that is not there."""
    with pytest.raises(errors.ApiNotFound):
        connection.reader.deployed(Target(ACCOUNT_ID, REGION, "gone"), "prod")


def test_deployed_of_no_such_stage(connection: Connection) -> None:
    """A stage that is not there serves no empty API."""
    with pytest.raises(errors.NotFound, match="stage"):
        connection.reader.deployed(PETSTORE, "gone")


def test_deployed_of_a_websocket_api(connection: Connection) -> None:
    """AWS has no call for it: whoever asks is mistaken."""
    with pytest.raises(TypeError):
        connection.reader.deployed(CHAT, "prod")


def test_what_is_deployed_is_the_draft_as_it_was(changed: Connection) -> None:
    """A stage serves what it served until the draft is deployed to it; then both are equal."""
    before = as_exported(changed.reader.deployed(PETSTORE, "prod"))
    draft = as_exported(changed.reader.rest_api(PETSTORE))
    changed.open_writer().deploy(PETSTORE, "prod", "now")

    assert (False, draft) == (before == draft, as_exported(changed.reader.deployed(PETSTORE, "prod")))


@KINDS
def test_a_deployment_is_read_back(connection: Connection, target: Target) -> None:
    """What was made is there, with its description, and its stage serves it."""
    made = connection.open_writer().deploy(target, "prod", "run 1")
    found = connection.reader.deployment(target, made.id)

    assert found
    assert Deployment(made.id, "run 1") == replace(found, access=None)
    assert made.id == serving(connection, target)


def test_a_websocket_deployment_is_pending_at_first(connection: Connection) -> None:
    """The answer to the call is not yet the end of it; a REST deployment is there at once."""
    writer = connection.open_writer()

    assert ("PENDING", "DEPLOYED") == (
        writer.deploy(CHAT, "prod", "").status,
        writer.deploy(PETSTORE, "prod", "").status,
    )


@KINDS
def test_a_stage_is_pointed_back(changed: Connection, target: Target) -> None:
    """A stage serves an earlier deployment again; the draft stays as it is."""
    before = serving(changed, target)
    changed.open_writer().deploy(target, "prod", "")
    changed.open_writer().point_stage(target, "prod", before)

    assert before == serving(changed, target)


@KINDS
def test_a_stage_is_not_pointed_at_nothing(connection: Connection, target: Target) -> None:
    """AWS refuses a deployment that is not there."""
    with pytest.raises((errors.BadRequest, errors.NotFound)):
        connection.open_writer().point_stage(target, "prod", "gone")


def test_who_may_call_what_is_deployed(connection: Connection, plane: ControlPlane) -> None:
    """Authorization that was changed in the draft is not what is served, and an export would not tell."""
    scope = MethodKey("/pets/{petId}", "GET")
    resource_id = live_methods(connection.reader.rest_api(PETSTORE))[scope].resource_id
    served = connection.reader.deployment(PETSTORE, serving(connection, PETSTORE))
    before = connection.reader.rest_api(PETSTORE)
    where = {"restApiId": PETSTORE_ID, "resourceId": resource_id, "httpMethod": "HEAD"}
    plane.call("PutMethod", **where, authorizationType="AWS_IAM", apiKeyRequired=True)
    after = access(connection.reader.rest_api(PETSTORE))

    assert served
    assert access(before) == served.access
    assert {**access(before), MethodKey("/pets/{petId}", "HEAD"): Access("AWS_IAM", needs_key=True)} == after


@pytest.mark.parametrize("body", ['{"openapi": "3.0', '{"openapi": "3.0.1", "paths": {}}'])
def test_export_that_is_none(connection: Connection, plane: ControlPlane, body: str) -> None:
    """What is cut off or empty is no API."""
    plane.faults.add(FixedAnswer({"body": body}), "GetExport")

    with pytest.raises(errors.UnreadableAnswer):
        connection.reader.deployed(PETSTORE, "prod")


@KINDS
@pytest.mark.parametrize(
    ("fault", "kind", "effect"),
    [
        (throttled(), errors.Throttled, False),
        (Dropped(), errors.AnswerLost, False),
        (LostAnswer(), errors.AnswerLost, True),
        (Truncated(), errors.UnreadableAnswer, True),
    ],
)
def test_trouble_with_a_deployment(
    cloud: InMemoryCloud, target: Target, fault: Fault, kind: type[Exception], *, effect: bool
) -> None:
    """What the stage serves tells whether a deployment whose answer was lost took effect."""
    connection = cloud.connect(Coordinates())
    before = serving(connection, target)
    cloud.plane().faults.add(fault, "CreateDeployment")
    with pytest.raises(kind):
        connection.open_writer().deploy(target, "prod", "")

    assert effect == (before != serving(connection, target))


@pytest.mark.parametrize(
    ("target", "asked"),
    [
        (PETSTORE, ["GetStage", "GetDeployment", "GetExport", "GetStage", "GetResources"]),
        (CHAT, ["GetStage", "GetDeployment", "GetStage", "GetRoutes"]),
    ],
    ids=["rest", "websocket"],
)
def test_calls_are_those_of_the_adapter(
    connection: Connection, plane: ControlPlane, target: Target, asked: list[str]
) -> None:
    """One call each, and for what is not there one more that every plan makes too: no permission beyond a plan's."""
    plane.calls.clear()
    connection.reader.deployment(target, serving(connection, target))
    if target is PETSTORE:
        connection.reader.deployed(target, "prod")
    connection.reader.stage(target, "gone")

    assert asked == plane.calls.names()
