"""APIs, their resources and their tags.

The operations here take and return what boto3 takes and returns; the package docstring has what they share.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from reconciler.sandbox.model import definitions, shapes
from reconciler.sandbox.model.errors import bad_request, conflict, not_found, unsupported
from reconciler.sandbox.model.state import Json, Resource, RestApi, RestState, sent_members

_PATH_PART: Final = re.compile(r"[a-zA-Z0-9._:-]+|\{[a-zA-Z0-9._:-]+\+?\}")
_BAD_PATH_PART: Final = (
    "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable "
    "and curly braces at the beginning and the end."
)


def create_rest_api(state: RestState, request: Json) -> Json:
    """Create an API with its root resource."""
    if not shapes.text(request, "name"):
        raise bad_request("API name must not be blank")
    if request.get("cloneFrom"):
        raise unsupported("APIs that are cloned from another one")
    api_id, root_id = state.ids.next(), state.ids.next()
    description = {
        "id": api_id,
        "createdDate": state.now(),
        "apiKeySource": "HEADER",
        "endpointConfiguration": _endpoints(shapes.structure(request, "endpointConfiguration") or {}),
        "disableExecuteApiEndpoint": False,
        "rootResourceId": root_id,
        **sent_members(request, "name", "description", "version", "tags", "binaryMediaTypes"),
    }
    state.apis[api_id] = RestApi(
        description, {root_id: Resource(root_id, "/")}, definitions=definitions.default_definitions()
    )
    return description


def _endpoints(request: Json) -> Json:
    """Return the endpoints with the address type that AWS adds: private ones are dual-stack (aws-semantics 12.4)."""
    types = request.get("types") or ["EDGE"]
    return {"types": types, "ipAddressType": "dualstack" if "PRIVATE" in types else "ipv4", **request}


def get_rest_api(state: RestState, request: Json) -> Json:
    """Return one API."""
    return state.api(request).description


def get_rest_apis(state: RestState, request: Json) -> Json:
    """Return a page of APIs."""
    return shapes.page(request, [api.description for api in state.apis.values()])


def delete_rest_api(state: RestState, request: Json) -> Json:
    """Delete an API with everything in it."""
    state.api(request)
    del state.apis[request["restApiId"]]
    return {}


def get_tags(state: RestState, request: Json) -> Json:
    """Return the tags of an API, by its ARN."""
    api = state.apis.get(request["resourceArn"].rpartition("/")[2])
    if api is None:
        raise not_found("Invalid ARN specified in the request")
    return {"tags": api.description.get("tags", {})}


def create_resource(state: RestState, request: Json) -> Json:
    """Create a child of the resource `parentId`."""
    api, parent = state.resource({**request, "resourceId": request["parentId"]})
    part = shapes.text(request, "pathPart") or ""
    _check_path_part(api, parent, part)
    path = f"{parent.path.rstrip('/')}/{part}"
    created = Resource(state.ids.next(), path, parent.id, part)
    api.resources[created.id] = created
    return created.description()


def _check_path_part(api: RestApi, parent: Resource, part: str) -> None:
    if not _PATH_PART.fullmatch(part):
        raise bad_request(_BAD_PATH_PART)
    if _is_greedy(parent.path_part or ""):
        raise bad_request(f"Cannot create a child of a resource with a greedy path variable: {parent.path_part}")
    siblings = [resource.path_part or "" for resource in api.resources.values() if resource.parent_id == parent.id]
    if part in siblings:
        raise conflict(f"Another resource with the same parent already has this name: {part}")
    variable = next((sibling for sibling in siblings if sibling.startswith("{")), None)
    if variable and part.startswith("{"):
        raise bad_request(
            f"A sibling ({variable}) of this resource already has a variable path part -- only one is allowed"
        )


def _is_greedy(part: str) -> bool:
    return part.endswith("+}")


def get_resource(state: RestState, request: Json) -> Json:
    """Return one resource; each of its methods is `{}` unless embedded."""
    _, resource = state.resource(request)
    return _shown(resource, request)


def get_resources(state: RestState, request: Json) -> Json:
    """Return a page of resources; each of their methods is `{}` unless embedded."""
    resources = state.api(request).resources
    page = shapes.page(request, [{"id": name} for name in resources])
    return {**page, "items": [_shown(resources[item["id"]], request) for item in page["items"]]}


def _shown(resource: Resource, request: Json) -> dict[str, Any]:
    shown = resource.description()
    if resource.methods:
        embedded = "methods" in (request.get("embed") or ())
        shown["resourceMethods"] = resource.methods if embedded else {verb: {} for verb in resource.methods}
    return shown


def delete_resource(state: RestState, request: Json) -> Json:
    """Delete a resource with everything below it."""
    api, resource = state.resource(request)
    if resource.parent_id is None:
        raise bad_request("Root resource cannot be deleted")
    prefix = f"{resource.path}/"
    for descendant in list(api.resources.values()):
        if f"{descendant.path}/".startswith(prefix):
            del api.resources[descendant.id]
    return {}


OPERATIONS: Final[Mapping[str, Any]] = {
    "CreateRestApi": create_rest_api,
    "GetRestApi": get_rest_api,
    "GetRestApis": get_rest_apis,
    "DeleteRestApi": delete_rest_api,
    "GetTags": get_tags,
    "CreateResource": create_resource,
    "GetResource": get_resource,
    "GetResources": get_resources,
    "DeleteResource": delete_resource,
}
