"""What an answer must have to be believed.

Promise: each function gives back the answer it was given, or raises ForeignAnswer. boto3 leaves out what it does not
find, so an answer of something else than API Gateway would read as an API without anything in it.
"""

import json
from collections.abc import Mapping
from typing import Any, Final, TypeAlias, get_args

from reconciler import openapi
from reconciler.aws.failures import InvalidResponse
from reconciler.models.live import LiveApi
from reconciler.models.stages import DeploymentStatus
from reconciler.models.targets import Target

Raw: TypeAlias = Mapping[str, Any]

_OK: Final = 200


def check_resources_page(page: Raw, *, first: bool) -> Raw:
    """A page of GetResources with methods embedded. An API always has its root resource, so the first is not empty."""
    resources = page.get("items") or ()
    if first and not resources:
        raise InvalidResponse(_OK, "the API has no resources, not even its root")
    for resource in resources:
        if not resource.get("id") or not resource.get("path"):
            raise InvalidResponse(_OK, "a resource without id or path")
        if not all((resource.get("resourceMethods") or {}).values()):
            raise InvalidResponse(_OK, f"the methods of {resource['path']} are not embedded, though asked for")
    return page


def check_rest_apis_page(page: Raw) -> Raw:
    """A page of GetRestApis; it may be empty."""
    if not all(api.get("id") for api in page.get("items") or ()):
        raise InvalidResponse(_OK, "an API without an id")
    return page


def check_models_page(page: Raw) -> Raw:
    """A page of GetModels; it may be empty."""
    return _check_page(page, "model", "name")


def check_request_validators_page(page: Raw) -> Raw:
    """A page of GetRequestValidators; it may be empty, and a validator needs no name."""
    return _check_page(page, "request validator", "id")


def check_gateway_responses_page(page: Raw, *, first: bool) -> Raw:
    """A page of GetGatewayResponses. Every type is listed, customised or not, so the first is not empty."""
    if first and not page.get("items"):
        raise InvalidResponse(_OK, "the API has no gateway responses, not even AWS's own")
    return _check_page(page, "gateway response", "responseType")


def _check_page(page: Raw, what: str, member: str) -> Raw:
    if not all(one.get(member) for one in page.get("items") or ()):
        raise InvalidResponse(_OK, f"a {what} without {member}")
    return page


def check_status(answer: Raw, code: str) -> Raw:
    """An integration response or method response: AWS always repeats its status code."""
    if answer.get("statusCode") != code:
        raise InvalidResponse(_OK, f"the answer is not about status {code}")
    return answer


def check_websocket_apis_page(page: Raw) -> Raw:
    """A page of GetApis; it may be empty."""
    for api in page.get("Items") or ():
        if not api.get("ApiId") or not api.get("ProtocolType"):
            raise InvalidResponse(_OK, "an API without id or protocol")
    return page


def check_api(answer: Raw, api_id: str) -> Raw:
    """GetApi's answer: AWS always repeats the id, and every API has a protocol (service model)."""
    if answer.get("ApiId") != api_id or not answer.get("ProtocolType"):
        raise InvalidResponse(_OK, f"the answer is not about API {api_id}")
    return answer


def check_routes_page(page: Raw) -> Raw:
    """A page of GetRoutes; it may be empty, and a route may have no target."""
    if not all(route.get("RouteKey") for route in page.get("Items") or ()):
        raise InvalidResponse(_OK, "a route without a key")
    return page


def check_integrations_page(page: Raw) -> Raw:
    """A page of GetIntegrations; it may be empty."""
    for integration in page.get("Items") or ():
        if not integration.get("IntegrationId") or not integration.get("IntegrationType"):
            raise InvalidResponse(_OK, "an integration without id or type")
    return page


def check_websocket_responses_page(page: Raw) -> Raw:
    """A page of GetIntegrationResponses; it may be empty."""
    for response in page.get("Items") or ():
        if not response.get("IntegrationResponseId") or not response.get("IntegrationResponseKey"):
            raise InvalidResponse(_OK, "an integration response without id or key")
    return page


def check_response_id(answer: Raw, response_id: str) -> Raw:
    """An integration response of a WebSocket API: AWS always repeats its id."""
    if answer.get("IntegrationResponseId") != response_id:
        raise InvalidResponse(_OK, f"the answer is not about integration response {response_id}")
    return answer


def check_created_response(answer: Raw, key: str) -> Raw:
    """An integration response of a WebSocket API that was just created: AWS repeats its key and says its id."""
    if answer.get("IntegrationResponseKey") != key or not answer.get("IntegrationResponseId"):
        raise InvalidResponse(_OK, f"the answer is not about a new integration response {key}")
    return answer


def check_stage(answer: Raw, name: str) -> Raw:
    """A stage of a REST API: AWS always repeats its name, and each serves a deployment (recorded answers)."""
    if answer.get("stageName") != name or not answer.get("deploymentId"):
        raise InvalidResponse(_OK, f"the answer is not about stage {name}, or does not say what it serves")
    return answer


def check_websocket_stage(answer: Raw, name: str) -> Raw:
    """A stage of a WebSocket API: AWS always repeats its name. It may serve nothing yet (service model)."""
    if answer.get("StageName") != name:
        raise InvalidResponse(_OK, f"the answer is not about stage {name}")
    return answer


def check_stage_deployment(answer: Raw, deployment_id: str) -> Raw:
    """A stage of either kind of API that was just pointed at a deployment: AWS shows it as it is then."""
    if deployment_id not in {answer.get("deploymentId"), answer.get("DeploymentId")}:
        raise InvalidResponse(_OK, f"the stage does not serve deployment {deployment_id}")
    return answer


def check_deployment(answer: Raw, deployment_id: str) -> Raw:
    """A deployment of a REST API: AWS always repeats its id."""
    if answer.get("id") != deployment_id:
        raise InvalidResponse(_OK, f"the answer is not about deployment {deployment_id}")
    return answer


def check_created_deployment(answer: Raw) -> Raw:
    """A deployment of a REST API that was just made: AWS says its id."""
    if not answer.get("id"):
        raise InvalidResponse(_OK, "the answer names no deployment")
    return answer


def check_websocket_deployment(answer: Raw, deployment_id: str | None = None) -> Raw:
    """A deployment of a WebSocket API, one that was just made without an id to ask for: its id and its status."""
    found = answer.get("DeploymentId")
    if not found or deployment_id not in {None, found}:
        raise InvalidResponse(
            _OK, f"the answer is not about {f'deployment {deployment_id}' if deployment_id else 'one'}"
        )
    if answer.get("DeploymentStatus") not in get_args(DeploymentStatus):
        raise InvalidResponse(_OK, f"deployment {found} has no status that is known")
    return answer


def parse_export(answer: Raw, target: Target) -> LiveApi:
    """GetExport's answer, read to its end: what the stage serves."""
    body: bytes = answer["body"].read()
    try:
        return openapi.deployed(target, parse_json_object(_OK, body))
    except openapi.BadExport as error:
        raise InvalidResponse(_OK, f"the export is none: {error}") from error


def parse_json_object(status: int, body: bytes) -> dict[str, Any]:
    """The JSON object that is the whole of a body."""
    try:
        content = json.loads(body.decode())  # not json.loads(body): it accepts a byte order mark, boto3 does not
    except (ValueError, RecursionError) as error:
        raise InvalidResponse(status, f"the answer is {_looks_like(body)}") from error
    if not isinstance(content, dict):
        raise InvalidResponse(status, "the answer is JSON, but not an object")
    return content


def _looks_like(body: bytes) -> str:
    start = body.lstrip()[:1]
    return {b"": "empty", b"<": "HTML or XML, not JSON", b"{": "JSON that is cut off or broken"}.get(start, "not JSON")


def parse_account(answer: Raw) -> str:
    """The account id out of GetCallerIdentity's answer."""
    account_id = answer.get("Account")
    if not isinstance(account_id, str) or not account_id:
        raise InvalidResponse(_OK, "the answer names no account")
    return account_id


def parse_role_credentials(answer: Raw) -> Raw:
    """The credentials out of AssumeRole's answer."""
    given: Raw = answer.get("Credentials") or {}
    if not all(given.get(name) for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")):
        raise InvalidResponse(_OK, "the answer has no credentials")
    return given
