"""Deployments and stages: what clients are served.

Promise: a deployment keeps the whole API as it was; changing the draft afterwards changes nothing that is deployed.
"""

from collections.abc import Mapping
from typing import Any, Final

from reconciler.sandbox.model import shapes
from reconciler.sandbox.model.errors import NO_DEPLOYMENT, NO_STAGE, bad_request, conflict, not_found
from reconciler.sandbox.model.patches import Entries, Paths, Scalar, patched
from reconciler.sandbox.model.state import Deployment, Json, Resource, RestApi, RestState, given

_UNKNOWN_DEPLOYMENT: Final = "Deployment id does not exist"
_STAGE_PATHS: Final = Paths(
    scalars={"deploymentId": Scalar(), "description": Scalar()},
    maps={"variables": Entries("Invalid stage variable specified")},
)


def create_deployment(state: RestState, asked: Json) -> Json:
    """A snapshot of the draft; with `stageName` the stage is created or pointed at it, without it serves nobody.

    Missing method responses are not checked, as on AWS.
    """
    api = state.api(asked)
    _check_deployable(api.resources)
    created = {"id": state.ids.next(), "createdDate": state.now(), **given(asked, "description")}
    api.deployments[created["id"]] = Deployment(created, dict(api.resources))
    if shapes.text(asked, "stageName"):
        _point(state, api, asked, created["id"])
    return created


def _check_deployable(resources: Mapping[str, Resource]) -> None:
    methods = [method for resource in resources.values() for method in resource.methods.values()]
    if not methods:
        raise bad_request("The REST API doesn't contain any methods")
    if any("methodIntegration" not in method for method in methods):
        raise bad_request("No integration defined for method")


def _point(state: RestState, api: RestApi, asked: Json, deployment_id: str) -> None:
    name = asked["stageName"]
    now = state.now()
    known = api.stages.get(name) or {
        "stageName": name,
        "cacheClusterEnabled": False,
        "cacheClusterStatus": "NOT_AVAILABLE",
        "methodSettings": {},
        "tracingEnabled": False,
        "createdDate": now,
        **({"description": asked["stageDescription"]} if asked.get("stageDescription") else {}),
    }
    settings = given(asked, "variables", "tracingEnabled")
    api.stages[name] = {**known, **settings, "deploymentId": deployment_id, "lastUpdatedDate": now}


def _deployment(state: RestState, asked: Json) -> Deployment:
    found = state.api(asked).deployments.get(asked["deploymentId"])
    if found is None:
        raise not_found(NO_DEPLOYMENT)
    return found


def get_deployment(state: RestState, asked: Json) -> Json:
    """One deployment. The embedded summary tells paths and verbs, nothing about responses."""
    deployment = _deployment(state, asked)
    if "apisummary" not in (asked.get("embed") or ()):
        return deployment.description
    summary = {
        resource.path: {verb: given(method, "authorizationType", "apiKeyRequired") for verb, method in methods.items()}
        for resource in deployment.resources.values()
        if (methods := resource.methods)
    }
    return {**deployment.description, "apiSummary": summary}


def get_deployments(state: RestState, asked: Json) -> Json:
    """A page of deployments."""
    return shapes.page(asked, [one.description for one in state.api(asked).deployments.values()])


def delete_deployment(state: RestState, asked: Json) -> Json:
    """A deployment that no stage serves."""
    api = state.api(asked)
    _deployment(state, asked)
    if any(stage["deploymentId"] == asked["deploymentId"] for stage in api.stages.values()):
        raise bad_request("Active stages pointing to this deployment must be moved or deleted")
    del api.deployments[asked["deploymentId"]]
    return {}


def create_stage(state: RestState, asked: Json) -> Json:
    """A new stage that serves a deployment."""
    api = state.api(asked)
    if asked["stageName"] in api.stages:
        raise conflict("Stage already exists")
    _check_deployment(api, asked["deploymentId"])
    _point(state, api, {**asked, "stageDescription": asked.get("description")}, asked["deploymentId"])
    return api.stages[asked["stageName"]]


def _check_deployment(api: RestApi, deployment_id: str) -> None:
    if deployment_id not in api.deployments:
        raise bad_request(_UNKNOWN_DEPLOYMENT)


def stage_of(state: RestState, asked: Json) -> Json:
    """The stage that a call means. Raises 404."""
    found = state.api(asked).stages.get(asked["stageName"])
    if found is None:
        raise not_found(NO_STAGE)
    return found


def get_stages(state: RestState, asked: Json) -> Json:
    """Every stage at once, or those that serve `deploymentId`. The member is `item` here, also for boto3."""
    wanted = asked.get("deploymentId")
    stages = state.api(asked).stages.values()
    return {"item": [stage for stage in stages if wanted in {None, stage["deploymentId"]}]}


def update_stage(state: RestState, asked: Json) -> Json:
    """Point a stage at another deployment, or change its description or variables."""
    operations = shapes.patch_operations(asked)
    shapes.require(shapes.misspelt("updateStageInput", operations))
    stage = {**patched(stage_of(state, asked), operations, _STAGE_PATHS), "lastUpdatedDate": state.now()}
    api = state.api(asked)
    _check_deployment(api, stage["deploymentId"])
    api.stages[asked["stageName"]] = stage
    return stage


def delete_stage(state: RestState, asked: Json) -> Json:
    """A stage; the deployment stays."""
    stage_of(state, asked)
    del state.api(asked).stages[asked["stageName"]]
    return {}


OPERATIONS: Final[Mapping[str, Any]] = {
    "CreateDeployment": create_deployment,
    "GetDeployment": get_deployment,
    "GetDeployments": get_deployments,
    "DeleteDeployment": delete_deployment,
    "CreateStage": create_stage,
    "GetStage": stage_of,
    "GetStages": get_stages,
    "UpdateStage": update_stage,
    "DeleteStage": delete_stage,
}
