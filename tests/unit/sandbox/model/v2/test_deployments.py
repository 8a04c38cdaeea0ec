"""Deployments and stages of WebSocket and HTTP APIs in the model."""

from typing import Any

import pytest

from reconciler.sandbox.model.errors import ModelError
from reconciler.sandbox.model.faults import SlowDeployment
from reconciler.sandbox.model.plane import ControlPlane


@pytest.fixture
def routed(plane: ControlPlane, mock: dict[str, Any]) -> dict[str, Any]:
    """The mock, with a route that leads to it."""
    plane.call("CreateRoute", ApiId=mock["ApiId"], RouteKey="say", Target=f"integrations/{mock['IntegrationId']}")
    return mock


def keys(plane: ControlPlane, mock: dict[str, Any], stage: str = "prod") -> list[str]:
    """The keys of the mock's responses as a stage's clients meet them."""
    responses = plane.served(mock["ApiId"], stage)[mock["IntegrationId"]]
    return [response["IntegrationResponseKey"] for response in responses]


def refusal(plane: ControlPlane, operation: str, **parameters: Any) -> tuple[int, str]:  # noqa: ANN401 - each operation has its own
    """Status and text of a refusal."""
    with pytest.raises(ModelError) as error:
        plane.call(operation, **parameters)
    return error.value.status, error.value.message


def test_deployment_is_pending_and_then_deployed(plane: ControlPlane, routed: dict[str, Any]) -> None:
    """The answer to a create is not yet the end of it."""
    created = plane.call("CreateDeployment", ApiId=routed["ApiId"])
    found = plane.call("GetDeployment", ApiId=routed["ApiId"], DeploymentId=created["DeploymentId"])

    assert ("PENDING", "DEPLOYED") == (created["DeploymentStatus"], found["DeploymentStatus"])


def test_stage_serves_the_snapshot(plane: ControlPlane, routed: dict[str, Any]) -> None:
    """A response that is created after the deployment is served by the next one only."""
    api = {"ApiId": routed["ApiId"], "StageName": "prod"}
    plane.call("CreateStage", **api)
    plane.call("CreateDeployment", **api)
    plane.call("CreateIntegrationResponse", **routed, IntegrationResponseKey="$default")
    before = keys(plane, routed)
    plane.call("CreateDeployment", **api)

    assert ([], ["$default"]) == (before, keys(plane, routed))


def test_stage_rolls_back(plane: ControlPlane, routed: dict[str, Any]) -> None:
    """Pointing a stage at an earlier deployment serves the earlier state."""
    first = plane.call("CreateDeployment", ApiId=routed["ApiId"])["DeploymentId"]
    plane.call("CreateIntegrationResponse", **routed, IntegrationResponseKey="$default")
    second = plane.call("CreateDeployment", ApiId=routed["ApiId"])["DeploymentId"]
    plane.call("CreateStage", ApiId=routed["ApiId"], StageName="prod", DeploymentId=second)
    plane.call("UpdateStage", ApiId=routed["ApiId"], StageName="prod", DeploymentId=first)

    assert [] == keys(plane, routed)


def test_auto_deploy_follows_every_change(plane: ControlPlane, routed: dict[str, Any]) -> None:
    """A stage with AutoDeploy serves what was written last, by a deployment that says so."""
    plane.call("CreateStage", ApiId=routed["ApiId"], StageName="prod", AutoDeploy=True)
    plane.call("CreateIntegrationResponse", **routed, IntegrationResponseKey="$default")
    newest = plane.call("GetDeployments", ApiId=routed["ApiId"])["Items"][-1]
    stage = plane.call("GetStage", ApiId=routed["ApiId"], StageName="prod")

    assert (["$default"], True, newest["DeploymentId"]) == (
        keys(plane, routed),
        newest["AutoDeployed"],
        stage["DeploymentId"],
    )


def test_refused_change_deploys_nothing(plane: ControlPlane, routed: dict[str, Any]) -> None:
    """AutoDeploy hears of changes only."""
    plane.call("CreateStage", ApiId=routed["ApiId"], StageName="prod", AutoDeploy=True)
    before = plane.call("GetDeployments", ApiId=routed["ApiId"])["Items"]
    refusal(plane, "CreateIntegrationResponse", **routed, IntegrationResponseKey="200")

    assert before == plane.call("GetDeployments", ApiId=routed["ApiId"])["Items"]


def test_failed_auto_deployment_is_told_by_the_stage(plane: ControlPlane, mock: dict[str, Any]) -> None:
    """An API without routes cannot be deployed; the stage is made all the same and says why."""
    stage = plane.call("CreateStage", ApiId=mock["ApiId"], StageName="prod", AutoDeploy=True)

    assert ("At least one route is required before deploying the Api", False) == (
        stage["LastDeploymentStatusMessage"],
        "DeploymentId" in stage,
    )


def test_auto_deploying_stage_cannot_be_pointed(plane: ControlPlane, routed: dict[str, Any]) -> None:
    """Neither an update nor a deployment sets what such a stage serves."""
    api = {"ApiId": routed["ApiId"], "StageName": "prod"}
    made = plane.call("CreateDeployment", ApiId=routed["ApiId"])["DeploymentId"]
    plane.call("CreateStage", **api, AutoDeploy=True)
    said = (400, "Deployment ID cannot be set on this stage because AutoDeploy is enabled.")

    assert [said, said] == [
        refusal(plane, "UpdateStage", **api, DeploymentId=made),
        refusal(plane, "CreateDeployment", **api),
    ]


def test_turning_auto_deploy_on_deploys(plane: ControlPlane, routed: dict[str, Any]) -> None:
    """A stage that served nothing serves the draft from then on."""
    api = {"ApiId": routed["ApiId"], "StageName": "prod"}
    plane.call("CreateStage", **api)
    plane.call("UpdateStage", **api, AutoDeploy=True)

    assert [] == keys(plane, routed)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("mock", "At least one route is required before deploying the Api"),
        ("web", "Unable to deploy API because no routes exist in this API"),
    ],
)
def test_api_without_routes_is_not_deployed(
    plane: ControlPlane, request: pytest.FixtureRequest, name: str, text: str
) -> None:
    """Each protocol has its own text for it."""
    api_id = request.getfixturevalue(name)["ApiId"]

    assert (400, text) == refusal(plane, "CreateDeployment", ApiId=api_id)


def test_stage_needs_a_deployment_that_exists(plane: ControlPlane, routed: dict[str, Any]) -> None:
    """An unknown deployment is not found, and no stage is made."""
    api = {"ApiId": routed["ApiId"], "StageName": "prod"}
    status, _ = refusal(plane, "CreateStage", **api, DeploymentId="gone")

    assert (404, []) == (status, plane.call("GetStages", ApiId=routed["ApiId"])["Items"])


def test_stage_is_made_once(plane: ControlPlane, mock: dict[str, Any]) -> None:
    """A second stage of one name is a conflict."""
    plane.call("CreateStage", ApiId=mock["ApiId"], StageName="prod")

    assert 409 == refusal(plane, "CreateStage", ApiId=mock["ApiId"], StageName="prod")[0]


def test_deployment_in_use_is_not_deleted(plane: ControlPlane, routed: dict[str, Any]) -> None:
    """A deployment goes when its stage is gone."""
    made = {"ApiId": routed["ApiId"], "DeploymentId": plane.call("CreateDeployment", **routed)["DeploymentId"]}
    plane.call("CreateStage", **made, StageName="prod")
    status, _ = refusal(plane, "DeleteDeployment", **made)
    plane.call("DeleteStage", ApiId=routed["ApiId"], StageName="prod")
    plane.call("DeleteDeployment", **made)

    assert (400, []) == (status, plane.call("GetDeployments", ApiId=routed["ApiId"])["Items"])


def test_deployment_that_fails(plane: ControlPlane, routed: dict[str, Any]) -> None:
    """It is accepted like any other, is FAILED when read again and says why; the stage serves what it served."""
    api = {"ApiId": routed["ApiId"], "StageName": "prod"}
    plane.call("CreateStage", **api)
    first = plane.call("CreateDeployment", **api)["DeploymentId"]
    plane.faults.add(SlowDeployment(failure="no such luck"), "CreateDeployment")
    created = plane.call("CreateDeployment", **api, Description="second")
    found = plane.call("GetDeployment", ApiId=routed["ApiId"], DeploymentId=created["DeploymentId"])

    assert {**created, "DeploymentStatus": "FAILED", "DeploymentStatusMessage": "no such luck"} == found
    assert ("PENDING", first) == (created["DeploymentStatus"], plane.call("GetStage", **api)["DeploymentId"])


@pytest.mark.parametrize(("operation", "sent"), [("GetApi", {}), ("CreateDeployment", {"restApiId": "a1"})])
def test_only_deployments_take_their_time(
    plane: ControlPlane, routed: dict[str, Any], operation: str, sent: dict[str, str]
) -> None:
    """Whoever queues this fault for anything else is mistaken."""
    plane.faults.add(SlowDeployment(), operation)

    with pytest.raises(ValueError, match="finishes at once"):
        plane.call(operation, **(sent or {"ApiId": routed["ApiId"]}))


@pytest.mark.parametrize(("failure", "end"), [("", "DEPLOYED"), ("no such luck", "FAILED")])
def test_deployment_that_takes_its_time(plane: ControlPlane, routed: dict[str, Any], failure: str, end: str) -> None:
    """It is PENDING for a while, and its stage serves it once it is DEPLOYED."""
    api = {"ApiId": routed["ApiId"], "StageName": "prod"}
    plane.call("CreateStage", **api)
    plane.faults.add(SlowDeployment(2, failure), "CreateDeployment")
    made = {"ApiId": routed["ApiId"], "DeploymentId": plane.call("CreateDeployment", **api)["DeploymentId"]}
    seen = [
        (plane.call("GetDeployment", **made)["DeploymentStatus"], "DeploymentId" in plane.call("GetStage", **api))
        for _ in range(4)
    ]

    assert [("PENDING", False)] * 2 + [(end, end == "DEPLOYED")] * 2 == seen


def test_deployment_outlives_its_stage(plane: ControlPlane, routed: dict[str, Any]) -> None:
    """A stage that is gone by then serves nothing, and the deployment is there all the same."""
    api = {"ApiId": routed["ApiId"], "StageName": "prod"}
    plane.call("CreateStage", **api)
    plane.faults.add(SlowDeployment(1), "CreateDeployment")
    made = {"ApiId": routed["ApiId"], "DeploymentId": plane.call("CreateDeployment", **api)["DeploymentId"]}
    plane.call("DeleteStage", **api)

    assert ["PENDING", "DEPLOYED"] == [plane.call("GetDeployment", **made)["DeploymentStatus"] for _ in range(2)]
    assert [] == plane.call("GetStages", ApiId=routed["ApiId"])["Items"]


def test_auto_deploying_stage_fails_no_deployment(plane: ControlPlane, routed: dict[str, Any]) -> None:
    """Where nothing can be deployed, nothing fails either."""
    api = {"ApiId": routed["ApiId"], "StageName": "prod"}
    plane.call("CreateStage", **api, AutoDeploy=True)
    plane.faults.add(SlowDeployment(), "CreateDeployment")

    assert 400 == refusal(plane, "CreateDeployment", **api)[0]
