"""Deployments: copies of an API, for stages to serve.

Promise: a deployment keeps the whole API as it was; changing the draft afterwards changes nothing that is deployed.
"""

from collections.abc import Mapping
from typing import Any, Final

from reconciler.sandbox.model import shapes, stages
from reconciler.sandbox.model.errors import NO_DEPLOYMENT, bad_request, not_found
from reconciler.sandbox.model.state import Json, Resource, RestState, StoredDeployment, sent_members


def create_deployment(state: RestState, asked: Json) -> Json:
    """A snapshot of the draft; with `stageName` the stage is created or pointed at it, without it serves nobody.

    With `canarySettings` it is the stage's canary that is pointed at it. Missing method responses are not checked, as
    on AWS.
    """
    api = state.api(asked)
    _check_deployable(api.resources)
    stages.check_canary(api, asked)
    created = {"id": state.ids.next(), "createdDate": state.now(), **sent_members(asked, "description")}
    api.deployments[created["id"]] = StoredDeployment(created, dict(api.resources), api.definitions)
    if shapes.text(asked, "stageName"):
        stages.serve(state, api, asked, created["id"])
    return created


def _check_deployable(resources: Mapping[str, Resource]) -> None:
    methods = [method for resource in resources.values() for method in resource.methods.values()]
    if not methods:
        raise bad_request("The REST API doesn't contain any methods")
    if any("methodIntegration" not in method for method in methods):
        raise bad_request("No integration defined for method")


def _deployment(state: RestState, asked: Json) -> StoredDeployment:
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
        resource.path: {
            verb: sent_members(method, "authorizationType", "apiKeyRequired") for verb, method in methods.items()
        }
        for resource in deployment.resources.values()
        if (methods := resource.methods)
    }
    return {**deployment.description, "apiSummary": summary}


def get_deployments(state: RestState, asked: Json) -> Json:
    """A page of deployments."""
    return shapes.page(asked, [deployment.description for deployment in state.api(asked).deployments.values()])


def delete_deployment(state: RestState, asked: Json) -> Json:
    """A deployment that no stage serves."""
    api = state.api(asked)
    _deployment(state, asked)
    if any(asked["deploymentId"] in stages.deployments_of(stage) for stage in api.stages.values()):
        raise bad_request("Active stages pointing to this deployment must be moved or deleted")
    del api.deployments[asked["deploymentId"]]
    return {}


OPERATIONS: Final[Mapping[str, Any]] = {
    "CreateDeployment": create_deployment,
    "GetDeployment": get_deployment,
    "GetDeployments": get_deployments,
    "DeleteDeployment": delete_deployment,
}
