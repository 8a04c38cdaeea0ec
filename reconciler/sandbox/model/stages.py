"""Stages: which deployment clients are served, and which clients a canary serves a different one.

A stage always serves an existing deployment; the members shown here are recorded. A canary is created by a deployment
with canary settings, by creating a stage with them, or by patching them. Until it is removed, a deployment without them
changes what all other clients are served (a guess: no recording).
"""

from collections.abc import Mapping
from typing import Any, Final

from reconciler.sandbox.model import shapes
from reconciler.sandbox.model.errors import NO_STAGE, bad_request, conflict, not_found
from reconciler.sandbox.model.stage_patches import CANARY, apply_stage_patch, canary_settings
from reconciler.sandbox.model.state import Json, RestApi, RestState, sent_members

_UNKNOWN_DEPLOYMENT: Final = "Deployment id does not exist"
_BAD_CANARY: Final = "Invalid deployment content specified."


def check_canary(api: RestApi, request: Json) -> None:
    """Refuse a deployment for the canary of a missing stage, and invalid canary settings."""
    settings = shapes.structure(request, CANARY)
    if settings is None:
        return
    canary_settings(settings, "")
    name = shapes.text(request, "stageName")
    if not name:
        shown = "null" if name is None else name
        raise bad_request(
            f"{_BAD_CANARY}Non null and non empty stageName must be provided for canary deployment. "
            f"Provided value is {shown}"
        )
    if name not in api.stages:
        raise bad_request(
            f"{_BAD_CANARY}Stage {name} must already be created before making a canary release deployment"
        )


def serve(state: RestState, api: RestApi, request: Json, deployment_id: str) -> None:
    """Make the stage `stageName`, or its canary, serve a deployment; creates a missing stage."""
    if request.get(CANARY) is not None:
        stage = {**api.stages[request["stageName"]], CANARY: canary_settings(request[CANARY], deployment_id)}
    else:
        before = api.stages.get(request["stageName"]) or _new(state, request, request.get("stageDescription"))
        stage = {**before, **sent_members(request, "variables", "tracingEnabled"), "deploymentId": deployment_id}
    _store(state, api, stage)


def _new(state: RestState, request: Json, description: str | None) -> Json:
    return {
        "stageName": request["stageName"],
        "cacheClusterEnabled": False,
        "cacheClusterStatus": "NOT_AVAILABLE",
        "methodSettings": {},
        "tracingEnabled": False,
        "createdDate": state.now(),
        **({"description": description} if description else {}),
    }


def _store(state: RestState, api: RestApi, stage: Json) -> Json:
    for deployment_id in deployments_of(stage):
        if deployment_id not in api.deployments:
            raise bad_request(_UNKNOWN_DEPLOYMENT)
    stored = {**stage, "lastUpdatedDate": state.now()}
    api.stages[stage["stageName"]] = stored
    return stored


def deployments_of(stage: Json) -> set[str]:
    """Return the ids of the deployments that a stage and its canary serve."""
    return {stage["deploymentId"], stage.get(CANARY, stage)["deploymentId"]}


def create_stage(state: RestState, request: Json) -> Json:
    """Create a stage that serves a deployment."""
    api = state.api(request)
    if request["stageName"] in api.stages:
        raise conflict("Stage already exists")
    stage = {**_new(state, request, request.get("description")), **sent_members(request, "variables", "tracingEnabled")}
    stage["deploymentId"] = request["deploymentId"]
    settings = shapes.structure(request, CANARY)
    if settings is not None:
        stage[CANARY] = canary_settings(settings, settings.get("deploymentId") or request["deploymentId"])
    return _store(state, api, stage)


def stage_of(state: RestState, request: Json) -> Json:
    """Return the stage of a request. Raises 404."""
    stage = state.api(request).stages.get(request["stageName"])
    if stage is None:
        raise not_found(NO_STAGE)
    return stage


def get_stages(state: RestState, request: Json) -> Json:
    """Return every stage, or those that serve `deploymentId`. The member is `item` here, in boto3 too."""
    deployment_id = request.get("deploymentId")
    stages = state.api(request).stages.values()
    return {"item": [stage for stage in stages if deployment_id in {None, stage["deploymentId"]}]}


def update_stage(state: RestState, request: Json) -> Json:
    """Point a stage or its canary at another deployment, promote or remove the canary, change other settings."""
    operations = shapes.patch_operations(request)
    shapes.reject(shapes.unknown_patch_ops("updateStageInput", operations))
    stage = stage_of(state, request)
    for operation in operations:
        stage = apply_stage_patch(stage, operation)
    return _store(state, state.api(request), stage)


def delete_stage(state: RestState, request: Json) -> Json:
    """Delete a stage; its deployment stays."""
    stage_of(state, request)
    del state.api(request).stages[request["stageName"]]
    return {}


OPERATIONS: Final[Mapping[str, Any]] = {
    "CreateStage": create_stage,
    "GetStage": stage_of,
    "GetStages": get_stages,
    "UpdateStage": update_stage,
    "DeleteStage": delete_stage,
}
