"""Deployments: copies of an API that stages serve.

A deployment keeps the whole API as it was; later changes of the draft do not affect it.
"""

from collections.abc import Mapping
from typing import Any, Final

from reconciler.sandbox.model import shapes, stages
from reconciler.sandbox.model.errors import NO_DEPLOYMENT, bad_request, not_found
from reconciler.sandbox.model.state import Json, Resource, RestState, StoredDeployment, sent_members


def create_deployment(state: RestState, request: Json) -> Json:
    """Create a snapshot of the draft; with `stageName`, create that stage or point it at the snapshot.

    With `canarySettings`, the canary of the stage is pointed at it instead. As on AWS, missing method responses are not
    checked.
    """
    api = state.api(request)
    _check_deployable(api.resources)
    stages.check_canary(api, request)
    created = {"id": state.ids.next(), "createdDate": state.now(), **sent_members(request, "description")}
    api.deployments[created["id"]] = StoredDeployment(created, dict(api.resources), api.definitions)
    if shapes.text(request, "stageName"):
        stages.serve(state, api, request, created["id"])
    return created


def _check_deployable(resources: Mapping[str, Resource]) -> None:
    methods = [method for resource in resources.values() for method in resource.methods.values()]
    if not methods:
        raise bad_request("The REST API doesn't contain any methods")
    if any("methodIntegration" not in method for method in methods):
        raise bad_request("No integration defined for method")


def _deployment(state: RestState, request: Json) -> StoredDeployment:
    deployment = state.api(request).deployments.get(request["deploymentId"])
    if deployment is None:
        raise not_found(NO_DEPLOYMENT)
    return deployment


def get_deployment(state: RestState, request: Json) -> Json:
    """Return one deployment. The embedded summary has paths and verbs, but no responses."""
    deployment = _deployment(state, request)
    if "apisummary" not in (request.get("embed") or ()):
        return deployment.description
    summary = {
        resource.path: {
            verb: sent_members(method, "authorizationType", "apiKeyRequired") for verb, method in methods.items()
        }
        for resource in deployment.resources.values()
        if (methods := resource.methods)
    }
    return {**deployment.description, "apiSummary": summary}


def get_deployments(state: RestState, request: Json) -> Json:
    """Return a page of deployments."""
    return shapes.page(request, [deployment.description for deployment in state.api(request).deployments.values()])


def delete_deployment(state: RestState, request: Json) -> Json:
    """Delete a deployment that no stage serves."""
    api = state.api(request)
    _deployment(state, request)
    if any(request["deploymentId"] in stages.deployments_of(stage) for stage in api.stages.values()):
        raise bad_request("Active stages pointing to this deployment must be moved or deleted")
    del api.deployments[request["deploymentId"]]
    return {}


OPERATIONS: Final[Mapping[str, Any]] = {
    "CreateDeployment": create_deployment,
    "GetDeployment": get_deployment,
    "GetDeployments": get_deployments,
    "DeleteDeployment": delete_deployment,
}
