"""Stages and deployments by either way: what is deployed is served."""

from dataclasses import replace

import pytest

from reconciler import errors
from reconciler.models.keys import MethodKey
from reconciler.models.live import Access, LiveApi
from reconciler.models.responses import RestResponse
from reconciler.models.stages import Deployment, Stage
from reconciler.models.targets import Kind, ResponseRef, Target
from reconciler.normal import access, as_exported
from reconciler.ports import Connection
from reconciler.sandbox.building import HEADER, ApiBuilder, big_api
from reconciler.sandbox.model import faults
from reconciler.sandbox.model.plane import ACCOUNT_ID, REGION, ControlPlane
from reconciler.sandbox.seed import MINIMAL_ID, PETSTORE_ID
from reconciler.sandbox.seed_chat import CHAT_ID
from support.deployed import KINDS, serving

CHAT = Target(ACCOUNT_ID, REGION, CHAT_ID, Kind.WEBSOCKET_API)
PETS = MethodKey("/pets", "GET")


def both(connection: Connection, target: Target) -> tuple[LiveApi, LiveApi]:
    """The draft, and what stage prod serves."""
    return as_exported(connection.reader.rest_api(target)), as_exported(connection.reader.deployed(target, "prod"))


@KINDS
def test_stage_is_what_aws_shows(connection: Connection, plane: ControlPlane, target: Target) -> None:
    """A stage has its name and the deployment that it serves."""
    if target.kind is Kind.REST_API:
        [newest] = [one["id"] for one in plane.call("GetDeployments", restApiId=target.api_id)["items"]]
    else:
        [newest] = [one["DeploymentId"] for one in plane.call("GetDeployments", ApiId=target.api_id)["Items"]]

    assert Stage("prod", newest) == connection.reader.stage(target, "prod")


@KINDS
def test_every_stage_is_listed_by_name(connection: Connection, plane: ControlPlane, target: Target) -> None:
    """Each as it is when it is read alone; one call lists them all."""
    served = serving(connection, target)
    if target.kind is Kind.REST_API:
        plane.call("CreateStage", restApiId=target.api_id, stageName="beta", deploymentId=served)
    else:
        plane.call("CreateStage", ApiId=target.api_id, StageName="beta", DeploymentId=served)
    plane.calls.clear()
    listed, calls = connection.reader.stages(target), plane.calls.names()

    assert ["beta", "prod"] == [stage.name for stage in listed]
    assert [connection.reader.stage(target, stage.name) for stage in listed] == list(listed)
    assert ["GetStages"] == calls


@pytest.mark.parametrize("kind", Kind)
def test_stages_of_an_api_that_is_not_there(connection: Connection, kind: Kind) -> None:
    """An API that is gone is no API without stages."""
    with pytest.raises(errors.ApiNotFound, match="nosuchapi1"):
        connection.reader.stages(Target(ACCOUNT_ID, REGION, "nosuchapi1", kind))


@KINDS
def test_what_is_not_there(connection: Connection, target: Target) -> None:
    """An API without such a stage or deployment has none of that name."""
    assert (None, None) == (connection.reader.stage(target, "gone"), connection.reader.deployment(target, "gone"))


@pytest.mark.parametrize("kind", Kind)
def test_api_that_is_not_there(connection: Connection, kind: Kind) -> None:
    """It has no stages because there is no such API, and that is what is said."""
    gone = Target(ACCOUNT_ID, REGION, "nosuchapi1", kind)
    for ask in (connection.reader.stage, connection.reader.deployment):
        with pytest.raises(errors.ApiNotFound, match="nosuchapi1"):
            ask(gone, "prod")


def test_export_of_what_is_not_there(connection: Connection, target: Target) -> None:
    """Neither a stage nor an API that is not there serves an empty API."""
    with pytest.raises(errors.NotFound, match="stage"):
        connection.reader.deployed(target, "gone")
    with pytest.raises(errors.ApiNotFound):
        connection.reader.deployed(Target(ACCOUNT_ID, REGION, "nosuchapi1"), "prod")


def test_what_is_served_is_the_draft_as_it_was(connection: Connection, target: Target, builder: ApiBuilder) -> None:
    """Deployed and unchanged, both are equal; after a change they are not, until it is deployed."""
    first, first_served = both(connection, target)
    ref = ResponseRef(target.api_id, builder.resource(PETS.path), PETS, "404")
    connection.open_writer().put_response(ref, RestResponse("40[0-9]"))
    changed, changed_served = both(connection, target)
    connection.open_writer().deploy(target, "prod", "now")

    assert (first, first) == (first_served, changed_served)
    assert first != changed
    assert (changed, changed) == both(connection, target)


@pytest.mark.usefixtures("plane")
@pytest.mark.parametrize("api_id", [PETSTORE_ID, MINIMAL_ID])
def test_seeded_apis_are_served_as_they_are(connection: Connection, api_id: str) -> None:
    """The seed deploys what it makes."""
    draft, served = both(connection, Target(ACCOUNT_ID, REGION, api_id))

    assert draft == served


def test_big_api_is_exported_whole(connection: Connection, plane: ControlPlane) -> None:
    """However long the document is."""
    api_id = big_api(plane, resources=300, methods=2, responses=4)
    plane.call("CreateDeployment", restApiId=api_id, stageName="prod")
    draft, served = both(connection, Target(ACCOUNT_ID, REGION, api_id))

    assert (600, draft) == (len(served.methods), served)


def test_method_response_is_published_too(connection: Connection, plane: ControlPlane, builder: ApiBuilder) -> None:
    """What a method declares belongs to what differs."""
    where = {"restApiId": builder.id, "resourceId": builder.resource(PETS.path), "httpMethod": "GET"}
    plane.call("PutMethodResponse", **where, statusCode="500", responseParameters={f"{HEADER}X-B": True})
    draft, served = both(connection, Target(ACCOUNT_ID, REGION, builder.id))

    assert draft != served


@pytest.mark.parametrize("body", ['{"openapi": "3.0', '{"openapi": "3.0.1", "paths": {}}'])
def test_export_that_is_none(connection: Connection, plane: ControlPlane, target: Target, body: str) -> None:
    """What is cut off or empty is no API."""
    plane.faults.add(faults.FixedAnswer({"body": body}), "GetExport", times=9)

    with pytest.raises(errors.UnreadableAnswer):
        connection.reader.deployed(target, "prod")


@KINDS
def test_a_deployment_is_read_back(connection: Connection, target: Target) -> None:
    """What was made is there, with its description, and its stage serves it."""
    made = connection.open_writer().deploy(target, "prod", "run 1, é\u2028")
    found = connection.reader.deployment(target, made.id)

    assert found
    assert Deployment(made.id, "run 1, é\u2028") == replace(found, access=None)
    assert made.id == serving(connection, target)


@KINDS
def test_only_a_websocket_deployment_is_pending_at_first(connection: Connection, target: Target) -> None:
    """The answer to the call is not yet the end of it; a REST deployment is there at once."""
    expected = "DEPLOYED" if target.kind is Kind.REST_API else "PENDING"

    assert expected == connection.open_writer().deploy(target, "prod", "").status


def test_who_may_call_what_is_deployed(connection: Connection, plane: ControlPlane, builder: ApiBuilder) -> None:
    """Authorization that was changed in the draft is not what is served, and an export would not tell."""
    target = Target(ACCOUNT_ID, REGION, builder.id)
    before = access(connection.reader.rest_api(target))
    where = {"restApiId": builder.id, "resourceId": builder.resource(PETS.path), "httpMethod": "HEAD"}
    plane.call("PutMethod", **where, authorizationType="AWS_IAM", apiKeyRequired=True)
    after = access(connection.reader.rest_api(target))
    served = connection.reader.deployment(target, serving(connection, target))

    assert served
    assert before == served.access
    assert {**before, MethodKey(PETS.path, "HEAD"): Access("AWS_IAM", needs_key=True)} == after


@KINDS
def test_a_stage_is_pointed_back(connection: Connection, target: Target) -> None:
    """A stage serves an earlier deployment again."""
    before = serving(connection, target)
    connection.open_writer().deploy(target, "prod", "")
    connection.open_writer().point_stage(target, "prod", before)

    assert before == serving(connection, target)


@KINDS
def test_a_stage_is_not_pointed_at_nothing(connection: Connection, target: Target) -> None:
    """AWS refuses a deployment that is not there."""
    with pytest.raises((errors.BadRequest, errors.NotFound)):
        connection.open_writer().point_stage(target, "prod", "gone")


def test_canary_shows(connection: Connection, plane: ControlPlane, target: Target) -> None:
    """A stage with a canary is known by it."""
    plane.call("CreateDeployment", restApiId=target.api_id, stageName="prod", canarySettings={"percentTraffic": 10})
    stage = connection.reader.stage(target, "prod")

    assert stage
    assert stage.has_canary


def test_stage_that_deploys_by_itself_refuses_others(connection: Connection, plane: ControlPlane) -> None:
    """It is known before anybody tries."""
    plane.call("CreateStage", ApiId=CHAT_ID, StageName="auto", AutoDeploy=True)
    stage = connection.reader.stage(CHAT, "auto")
    with pytest.raises(errors.BadRequest, match="AutoDeploy is enabled"):
        connection.open_writer().deploy(CHAT, "auto", "")
    plane.call("DeleteStage", ApiId=CHAT_ID, StageName="auto")

    assert stage
    assert (True, f"Successfully deployed stage with deployment ID '{stage.deployment_id}'") == (
        stage.auto_deploys,
        stage.message,
    )


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
        connection.open_writer().deploy(Target(ACCOUNT_ID, REGION, builder.id), "prod", "")


@pytest.mark.parametrize(
    ("target", "asked"),
    [
        (Kind.REST_API, ["GetStage", "GetDeployment", "GetExport", "GetStage", "GetResources"]),
        (Kind.WEBSOCKET_API, ["GetStage", "GetDeployment", "GetStage", "GetRoutes"]),
    ],
    indirect=["target"],
    ids=["rest", "websocket"],
)
def test_calls(connection: Connection, plane: ControlPlane, target: Target, asked: list[str]) -> None:
    """One call each, and for what is not there one more that every plan makes too: no permission beyond a plan's."""
    connection.reader.deployment(target, serving(connection, target))
    if target.kind is Kind.REST_API:
        connection.reader.deployed(target, "prod")
    connection.reader.stage(target, "gone")

    assert asked == plane.calls.names()


@KINDS
def test_calls_for_a_deployment_that_is_not_there(connection: Connection, plane: ControlPlane, target: Target) -> None:
    """One more call tells whether the API is there."""
    connection.reader.deployment(target, "gone")

    assert ["GetDeployment", "GetResources" if target.kind is Kind.REST_API else "GetRoutes"] == plane.calls.names()
