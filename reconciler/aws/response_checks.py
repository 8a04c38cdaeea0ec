"""What a response must contain to be accepted.

Each `check_` function returns the response it was given, or raises InvalidResponse. boto3 omits members that are
missing, so a response from something other than API Gateway would look like an empty API.
"""

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple, TypeAlias, get_args

from reconciler import openapi
from reconciler.aws.failures import InvalidResponse
from reconciler.models.invocations import InvocationResult
from reconciler.models.live import LiveApi
from reconciler.models.routes import ROUTE_RESPONSE_KEY
from reconciler.models.stages import DeploymentStatus
from reconciler.models.targets import Target

Raw: TypeAlias = Mapping[str, Any]

_OK: Final = 200


def check_resources_page(page: Raw, *, first: bool) -> Raw:
    """Check a page of GetResources with embedded methods. An API has a root resource, so the first is not empty."""
    resources = page.get("items") or ()
    if first and not resources:
        raise InvalidResponse(_OK, "the API has no resources, not even its root")
    for resource in resources:
        if not resource.get("id") or not resource.get("path"):
            raise InvalidResponse(_OK, "a resource has no id or path")
        if not all((resource.get("resourceMethods") or {}).values()):
            raise InvalidResponse(_OK, f"the methods of {resource['path']} are not embedded, although requested")
    return page


def check_rest_apis_page(page: Raw) -> Raw:
    """Check a page of GetRestApis; it may be empty."""
    if not all(api.get("id") for api in page.get("items") or ()):
        raise InvalidResponse(_OK, "an API has no id")
    return page


def check_models_page(page: Raw) -> Raw:
    """Check a page of GetModels; it may be empty."""
    return _check_page(page, "model", "name")


def check_request_validators_page(page: Raw) -> Raw:
    """Check a page of GetRequestValidators; it may be empty, and a validator needs no name."""
    return _check_page(page, "request validator", "id")


def check_gateway_responses_page(page: Raw, *, first: bool) -> Raw:
    """Check a page of GetGatewayResponses. Every type is listed, customised or not, so the first is not empty."""
    if first and not page.get("items"):
        raise InvalidResponse(_OK, "the API has no gateway responses, not even AWS's own")
    return _check_page(page, "gateway response", "responseType")


def _check_page(page: Raw, noun: str, member: str) -> Raw:
    if not all(item.get(member) for item in page.get("items") or ()):
        raise InvalidResponse(_OK, f"a {noun} has no {member}")
    return page


def check_status(response: Raw, code: str) -> Raw:
    """Check an integration response or method response: AWS always repeats its status code."""
    if response.get("statusCode") != code:
        raise InvalidResponse(_OK, f"the body is not about status {code}")
    return response


def check_websocket_apis_page(page: Raw) -> Raw:
    """Check a page of GetApis; it may be empty."""
    for api in page.get("Items") or ():
        if not api.get("ApiId") or not api.get("ProtocolType"):
            raise InvalidResponse(_OK, "an API has no id or protocol")
    return page


def check_api(response: Raw, api_id: str) -> Raw:
    """Check the response of GetApi: AWS always repeats the id, and every API has a protocol (service model)."""
    if response.get("ApiId") != api_id or not response.get("ProtocolType"):
        raise InvalidResponse(_OK, f"the body is not about API {api_id}")
    return response


def check_routes_page(page: Raw) -> Raw:
    """Check a page of GetRoutes; it may be empty, and a route may have no target."""
    if not all(route.get("RouteKey") and route.get("RouteId") for route in page.get("Items") or ()):
        raise InvalidResponse(_OK, "a route has no key or id")
    return page


def check_route(response: Raw, route_id: str) -> Raw:
    """Check a route: AWS always repeats its id."""
    if response.get("RouteId") != route_id:
        raise InvalidResponse(_OK, f"the body is not about route {route_id}")
    return response


def check_selecting_route(response: Raw, route_id: str) -> Raw:
    """Check a route that was just made to select its route response: AWS returns its new state."""
    if check_route(response, route_id).get("RouteResponseSelectionExpression") != ROUTE_RESPONSE_KEY:
        raise InvalidResponse(_OK, f"route {route_id} does not select its route response")
    return response


def check_route_responses_page(page: Raw) -> Raw:
    """Check a page of GetRouteResponses; it may be empty."""
    if not all(response.get("RouteResponseKey") for response in page.get("Items") or ()):
        raise InvalidResponse(_OK, "a route response has no key")
    return page


def check_created_route_response(response: Raw) -> Raw:
    """Check a new route response: AWS repeats its key and returns its id."""
    if response.get("RouteResponseKey") != ROUTE_RESPONSE_KEY or not response.get("RouteResponseId"):
        raise InvalidResponse(_OK, "the body is not about a new route response")
    return response


def check_integrations_page(page: Raw) -> Raw:
    """Check a page of GetIntegrations; it may be empty."""
    for integration in page.get("Items") or ():
        if not integration.get("IntegrationId") or not integration.get("IntegrationType"):
            raise InvalidResponse(_OK, "an integration has no id or type")
    return page


def check_websocket_responses_page(page: Raw) -> Raw:
    """Check a page of GetIntegrationResponses; it may be empty."""
    for response in page.get("Items") or ():
        if not response.get("IntegrationResponseId") or not response.get("IntegrationResponseKey"):
            raise InvalidResponse(_OK, "an integration response has no id or key")
    return page


def check_response_id(response: Raw, response_id: str) -> Raw:
    """Check an integration response of a WebSocket API: AWS always repeats its id."""
    if response.get("IntegrationResponseId") != response_id:
        raise InvalidResponse(_OK, f"the body is not about integration response {response_id}")
    return response


def check_created_response(response: Raw, key: str) -> Raw:
    """Check a new integration response of a WebSocket API: AWS repeats its key and returns its id."""
    if response.get("IntegrationResponseKey") != key or not response.get("IntegrationResponseId"):
        raise InvalidResponse(_OK, f"the body is not about a new integration response {key}")
    return response


def check_stage(response: Raw, name: str) -> Raw:
    """Check a stage of a REST API: AWS repeats its name, and every stage serves a deployment (recorded answers)."""
    if response.get("stageName") != name or not response.get("deploymentId"):
        raise InvalidResponse(_OK, f"the body is not about stage {name}, or names no deployment")
    return response


def check_stages(response: Raw) -> Raw:
    """Check the stages of a REST API, which come in one page (service model); there may be none."""
    for stage in response.get("item") or ():
        if not stage.get("stageName") or not stage.get("deploymentId"):
            raise InvalidResponse(_OK, "a stage has no name, or names no deployment")
    return response


def check_websocket_stages_page(page: Raw) -> Raw:
    """Check a page of the stages of a WebSocket API; a stage may serve nothing yet (service model)."""
    if not all(stage.get("StageName") for stage in page.get("Items") or ()):
        raise InvalidResponse(_OK, "a stage has no name")
    return page


def check_websocket_stage(response: Raw, name: str) -> Raw:
    """Check a stage of a WebSocket API: AWS always repeats its name. It may serve nothing yet (service model)."""
    if response.get("StageName") != name:
        raise InvalidResponse(_OK, f"the body is not about stage {name}")
    return response


def check_stage_deployment(response: Raw, deployment_id: str) -> Raw:
    """Check a stage of either kind of API that was just pointed at a deployment: AWS returns its new state."""
    if deployment_id not in {response.get("deploymentId"), response.get("DeploymentId")}:
        raise InvalidResponse(_OK, f"the stage does not serve deployment {deployment_id}")
    return response


def check_deployment(response: Raw, deployment_id: str) -> Raw:
    """Check a deployment of a REST API: AWS always repeats its id."""
    if response.get("id") != deployment_id:
        raise InvalidResponse(_OK, f"the body is not about deployment {deployment_id}")
    return response


def check_created_deployment(response: Raw) -> Raw:
    """Check a new deployment of a REST API: AWS returns its id."""
    if not response.get("id"):
        raise InvalidResponse(_OK, "the body names no deployment")
    return response


def check_websocket_deployment(response: Raw, deployment_id: str | None = None) -> Raw:
    """Check the id and the status of a deployment of a WebSocket API; `deployment_id` is None for a new one."""
    returned_id = response.get("DeploymentId")
    if not returned_id:
        raise InvalidResponse(_OK, "the body names no deployment")
    if deployment_id not in {None, returned_id}:
        raise InvalidResponse(_OK, f"the body is not about deployment {deployment_id}")
    if response.get("DeploymentStatus") not in get_args(DeploymentStatus):
        raise InvalidResponse(_OK, f"deployment {returned_id} has no known status")
    return response


def parse_invocation(response: Raw) -> InvocationResult:
    """Return the result of TestInvokeMethod: AWS always sends the status that a client would get (recorded answers)."""
    status = response.get("status")
    if not isinstance(status, int):
        raise InvalidResponse(_OK, "the body has no status")
    headers = response.get("multiValueHeaders") or {
        name: [value] for name, value in (response.get("headers") or {}).items()
    }
    return InvocationResult(
        status,
        {name: tuple(values) for name, values in headers.items()},
        response.get("body") or "",
        response.get("log") or "",
        response.get("latency") or 0,
    )


def parse_export(response: Raw, target: Target) -> LiveApi:
    """Read the response of GetExport to its end and return what the stage serves."""
    body: bytes = response["body"].read()
    try:
        return openapi.deployed(target, parse_json_object(_OK, body))
    except openapi.BadExport as error:
        raise InvalidResponse(_OK, f"the export is not valid: {error}") from error


def parse_json_object(status: int, body: bytes) -> dict[str, Any]:
    """Parse a body that is one JSON object."""
    try:
        content = json.loads(body.decode())  # not json.loads(body), which accepts a byte order mark, as boto3 does not
    except (ValueError, RecursionError) as error:
        raise InvalidResponse(status, f"the body is {_looks_like(body)}") from error
    if not isinstance(content, dict):
        raise InvalidResponse(status, "the body is JSON, but not an object")
    return content


def _looks_like(body: bytes) -> str:
    start = body.lstrip()[:1]
    return {b"": "empty", b"<": "HTML or XML, not JSON", b"{": "JSON that is truncated or invalid"}.get(
        start, "not JSON"
    )


class CallerIdentity(NamedTuple):
    """The account of credentials, and their ARN; "" if the response has none."""

    account_id: str
    principal: str


def parse_identity(response: Raw) -> CallerIdentity:
    """Return the identity from the response of GetCallerIdentity."""
    account_id, principal = response.get("Account"), response.get("Arn")
    if not isinstance(account_id, str) or not account_id:
        raise InvalidResponse(_OK, "the body names no account")
    return CallerIdentity(account_id, principal if isinstance(principal, str) else "")


def parse_role_credentials(response: Raw) -> Raw:
    """Return the credentials from the response of AssumeRole."""
    credentials: Raw = response.get("Credentials") or {}
    if not all(credentials.get(name) for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")):
        raise InvalidResponse(_OK, "the body has no credentials")
    return credentials
