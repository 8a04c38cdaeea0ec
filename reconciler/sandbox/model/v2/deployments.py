"""Deployments and stages of WebSocket and HTTP APIs.

A deployment keeps routes and integrations as they were. A stage with AutoDeploy gets a new one at every change.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from reconciler.sandbox.model import shapes as json_shapes
from reconciler.sandbox.model.errors import ModelError, bad_request, conflict
from reconciler.sandbox.model.state import Json, sent_members
from reconciler.sandbox.model.v2 import shapes
from reconciler.sandbox.model.v2.state import PendingDeployment, V2Api, V2Deployment, V2Item, V2State

_NO_ROUTES: Final = {
    True: "At least one route is required before deploying the Api",
    False: "Unable to deploy API because no routes exist in this API",
}
_STAGE_TEXTS: Final = ("Description", "ClientCertificateId")


def create_deployment(state: V2State, request: Json) -> Json:
    """Create a snapshot of the draft for the stage `StageName`. It is PENDING now and DEPLOYED when read again.

    That an unknown stage is a 404, as in UpdateStage, is a guess.
    """
    return create_slow_deployment(state, request, reads=0)


def create_slow_deployment(state: V2State, request: Json, reads: int, failure: str = "") -> Json:
    """Like `create_deployment`, but PENDING for as many reads, and finally FAILED if `failure` is set.

    The stage serves it once it is DEPLOYED (a guess: no recording).
    """
    api, name = state.api(request), json_shapes.text(request, "StageName")
    if name:
        _check_manual(state.stage(request)[1])
    created = _deploy(state, api, {**sent_members(request, "Description"), "DeploymentStatus": "PENDING"})
    deployment_id = created["DeploymentId"]
    pending = PendingDeployment(name or "", reads, failure)
    api.deployments[deployment_id] = replace(api.deployments[deployment_id], pending=pending)
    if not reads:
        _finish(state, api, deployment_id, pending)
    return created


def _finish(state: V2State, api: V2Api, deployment_id: str, pending: PendingDeployment) -> Json:
    deployment = api.deployments[deployment_id]
    outcome = {"DeploymentStatus": "DEPLOYED"}
    if pending.failure:
        outcome = {"DeploymentStatus": "FAILED", "DeploymentStatusMessage": pending.failure}
    elif pending.stage in api.stages:
        _store_stage(state, api, {**api.stages[pending.stage], "DeploymentId": deployment_id})
    api.deployments[deployment_id] = replace(
        deployment, description={**deployment.description, **outcome}, pending=None
    )
    return api.deployments[deployment_id].description


def _deploy(state: V2State, api: V2Api, content: Json) -> Json:
    if not api.routes:
        raise bad_request(_NO_ROUTES[api.is_websocket])
    created = {
        "AutoDeployed": False,
        "CreatedDate": state.now(),
        "DeploymentId": state.ids.next(),
        "DeploymentStatus": "DEPLOYED",
        **content,
    }
    api.deployments[created["DeploymentId"]] = V2Deployment(created, dict(api.routes), dict(api.integrations))
    return created


def _check_manual(stage: Json) -> None:
    if stage["AutoDeploy"]:
        raise bad_request("Deployment ID cannot be set on this stage because AutoDeploy is enabled.")


def _store_stage(state: V2State, api: V2Api, stage: Json) -> Json:
    api.stages[stage["StageName"]] = {**stage, "LastUpdatedDate": state.now()}
    return api.stages[stage["StageName"]]


def with_auto_deploy(operation: Callable[[V2State, Json], Json]) -> Callable[[V2State, Json], Json]:
    """Return the operation with automatic deployments to the stages with AutoDeploy."""

    def run(state: V2State, request: Json) -> Json:
        answer = operation(state, request)
        api = state.api(request)
        for stage in list(api.stages.values()):
            if stage["AutoDeploy"]:
                _auto_deploy(state, api, stage)
        return answer

    return run


def _auto_deploy(state: V2State, api: V2Api, stage: Json) -> Json:
    """Deploy and return the stage. After a failure, the stage reports it (service model) and keeps its deployment."""
    try:
        created = _deploy(state, api, {"AutoDeployed": True, "Description": "Automatic deployment"})
    except ModelError as error:
        return _store_stage(state, api, {**stage, "LastDeploymentStatusMessage": error.message})
    message = f"Successfully deployed stage with deployment ID '{created['DeploymentId']}'"
    outcome = {"DeploymentId": created["DeploymentId"], "LastDeploymentStatusMessage": message}
    return _store_stage(state, api, {**stage, **outcome})


def get_deployment(state: V2State, request: Json) -> Json:
    """Return one deployment, without its content. Each read of a pending one brings it closer to its end."""
    api, deployment = state.deployment(request)
    pending = deployment.pending
    if pending is None:
        return deployment.description
    if not pending.reads:
        return _finish(state, api, request["DeploymentId"], pending)
    api.deployments[request["DeploymentId"]] = replace(deployment, pending=replace(pending, reads=pending.reads - 1))
    return deployment.description


def get_deployments(state: V2State, request: Json) -> Json:
    """Return a page of deployments."""
    shown = [deployment.description for deployment in state.api(request).deployments.values()]
    return shapes.page(request, shown, "DeploymentId")


def delete_deployment(state: V2State, request: Json) -> Json:
    """Delete a deployment that no stage serves (refused as in v1, by analogy)."""
    api, _ = state.deployment(request)
    if any(stage.get("DeploymentId") == request["DeploymentId"] for stage in api.stages.values()):
        raise bad_request("Active stages pointing to this deployment must be moved or deleted")
    del api.deployments[request["DeploymentId"]]
    return {}


def create_stage(state: V2State, request: Json) -> Json:
    """Create a stage, which serves nothing unless a deployment is named or AutoDeploy is on."""
    api, name = state.api(request), shapes.required(request, "StageName")
    if name in api.stages:
        raise conflict("Stage already exists")
    defaults = {"AutoDeploy": False, "CreatedDate": state.now(), "RouteSettings": {}, "StageVariables": {}, "Tags": {}}
    return _update(state, api, {"StageName": name, **defaults, **sent_members(request, "Tags")}, request)


def _update(state: V2State, api: V2Api, before: Json, request: Json) -> Json:
    json_shapes.boolean(request, "AutoDeploy")
    stage = shapes.merge_update(before, request, _STAGE_TEXTS, ("StageVariables",), ("AutoDeploy",))
    if request.get("DeploymentId") is not None:
        _check_manual(stage)
        state.deployment(request)
        stage = {**stage, "DeploymentId": request["DeploymentId"]}
    if stage["AutoDeploy"] and not before["AutoDeploy"]:
        return _auto_deploy(state, api, stage)
    return _store_stage(state, api, stage)


def get_stage(state: V2State, request: Json) -> Json:
    """Return one stage."""
    return state.stage(request)[1]


def get_stages(state: V2State, request: Json) -> Json:
    """Return a page of stages."""
    return shapes.page(request, list(state.api(request).stages.values()), "StageName")


def update_stage(state: V2State, request: Json) -> Json:
    """Change the members of a stage that are sent, such as the deployment that it serves."""
    api, stage = state.stage(request)
    return _update(state, api, stage, request)


def delete_stage(state: V2State, request: Json) -> Json:
    """Delete a stage; its deployment stays."""
    api, _ = state.stage(request)
    del api.stages[request["StageName"]]
    return {}


def served_integrations(state: V2State, request: Json) -> Mapping[str, V2Item]:
    """Return the integrations that a stage serves, by id; AWS has no call to read them."""
    api, stage = state.stage(request)
    deployment = api.deployments.get(stage.get("DeploymentId", ""))
    return deployment.integrations if deployment else {}


OPERATIONS: Final[Mapping[str, Any]] = {
    "CreateDeployment": create_deployment,
    "GetDeployment": get_deployment,
    "GetDeployments": get_deployments,
    "DeleteDeployment": delete_deployment,
    "CreateStage": create_stage,
    "GetStage": get_stage,
    "GetStages": get_stages,
    "UpdateStage": update_stage,
    "DeleteStage": delete_stage,
}
