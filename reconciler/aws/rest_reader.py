"""The read half of the control plane, for REST APIs.

Every value is in normal form and comes from a complete, plausible response. A truncated or foreign response raises
UnreadableAnswer, a missing API raises ApiNotFound: neither is ever taken for an empty API.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Required, TypedDict, TypeVar

from reconciler import definitions, normal
from reconciler.aws import calls, paging, response_checks
from reconciler.aws.calls import ApiCall, CallEffect
from reconciler.aws.failures import NoSuchStatus
from reconciler.aws.operations import EXPORT_FORMAT
from reconciler.aws.response_checks import Raw
from reconciler.aws.retry import ApiCaller
from reconciler.errors import ApiNotFound, NotFound, UnreadableAnswer
from reconciler.models.definitions import Definitions
from reconciler.models.live import ApiSummary, LiveApi
from reconciler.models.responses import MethodResponse, RestResponse
from reconciler.models.stages import Deployment, Stage
from reconciler.models.targets import ResponseRef, Target

if TYPE_CHECKING:
    from types_boto3_apigateway import APIGatewayClient


T = TypeVar("T")


class PagePosition(TypedDict, total=False):
    """The token of a page, from the page before it; the first page has none."""

    position: str


_PAGE: Final = 500
"""Items per page; the default is 25 (service model, API reference)."""


class RestReader:
    """The REST half of `ports.Reader`, through a client that sends only GET requests."""

    def __init__(self, client: "APIGatewayClient", caller: ApiCaller) -> None:
        self._client = client
        self._caller = caller

    def rest_apis(self) -> list[ApiSummary]:
        """Return every REST API of the region, in pages of 500. Raises AwsError, Interrupted."""

        def page(token: str) -> Raw:
            return response_checks.check_rest_apis_page(self._client.get_rest_apis(limit=_PAGE, **_position(token)))

        apis = paging.all_items(self._caller, calls.list_rest_apis(self._caller.destination), page, paging.REST)
        return [normal.rest_summary(api) for api in apis]

    def rest_api(self, target: Target) -> LiveApi:
        """Return one whole API: GetResources with embedded methods, in pages of 500 (default quota: 300 resources).

        Raises ApiNotFound if there is no such API, AwsError, Interrupted.
        """
        call = calls.get_resources(self._caller.destination, target.api_id)

        def page(token: str) -> Raw:
            response = self._client.get_resources(
                restApiId=target.api_id, embed=["methods"], limit=_PAGE, **_position(token)
            )
            return response_checks.check_resources_page(response, first=not token)

        try:
            resources = paging.all_items(self._caller, call, page, paging.REST)
        except NotFound as error:
            # Usually "Invalid Resource identifier specified": AWS does not say that the API is missing
            reason = error.message.removeprefix(f"{call}: ")
            message = f"there is no REST API {target.api_id} in {self._caller.destination} ({reason})"
            raise ApiNotFound(message, "check the id, the region and the account (--region, --profile)") from error
        paths = frozenset(resource["path"] for resource in resources)
        if "/" not in paths:
            raise UnreadableAnswer(f"{call}: the root resource is missing from the pages", "run the command again")
        return LiveApi(target, paths, normal.rest_methods(resources))

    def response(self, ref: ResponseRef) -> RestResponse | None:
        """Return one integration response; None if the method exists without this status.

        Raises NotFound if the method does not exist either, AwsError, Interrupted.
        """
        call = calls.integration_response(self._caller.destination, ref, "GetIntegrationResponse", CallEffect.READS)
        response = self._response_or_none(
            call, lambda: self._client.get_integration_response(**calls.response_arguments(ref)), ref
        )
        return None if response is None else normal.rest_response(response)

    def method_response(self, ref: ResponseRef) -> MethodResponse | None:
        """Return one method response; None and errors as for `response`."""
        call = calls.method_response(self._caller.destination, ref, "GetMethodResponse", CallEffect.READS)
        response = self._response_or_none(
            call, lambda: self._client.get_method_response(**calls.response_arguments(ref)), ref
        )
        return None if response is None else normal.method_response(response)

    def rest_stage(self, target: Target, name: str) -> Stage | None:
        """Return a stage; None if the API exists without a stage of that name.

        Raises ApiNotFound if there is no such API, AwsError, Interrupted.
        """
        call = calls.stage(self._caller.destination, target, name, "GetStage", CallEffect.READS)
        arguments = {"restApiId": target.api_id, "stageName": name}
        response = self._rest_unless_missing(
            target, call, lambda: response_checks.check_stage(self._client.get_stage(**arguments), name)
        )
        return None if response is None else normal.rest_stage(response)

    def rest_stages(self, target: Target) -> list[Stage]:
        """Return every stage by name. Raises ApiNotFound if there is no such API, AwsError, Interrupted."""
        call = calls.get_stages(self._caller.destination, target)
        try:
            response = self._caller.call(
                call, lambda: response_checks.check_stages(self._client.get_stages(restApiId=target.api_id))
            )
        except NotFound:
            self.rest_api(target)  # as in `_rest_unless_missing`
            raise
        return sorted(map(normal.rest_stage, response.get("item") or ()), key=lambda stage: stage.name)

    def rest_deployment(self, target: Target, deployment_id: str) -> Deployment | None:
        """Return a deployment with the summary of its methods; None and errors as for `rest_stage`."""
        call = calls.get_deployment(self._caller.destination, target, deployment_id)
        response = self._rest_unless_missing(
            target,
            call,
            lambda: response_checks.check_deployment(
                self._client.get_deployment(restApiId=target.api_id, deploymentId=deployment_id, embed=["apisummary"]),
                deployment_id,
            ),
        )
        return None if response is None else normal.rest_deployment(response)

    def rest_deployed(self, target: Target, stage_name: str) -> LiveApi:
        """Return what a stage serves: GetExport with the integrations.

        Raises ApiNotFound when there is no such API, NotFound if it has no such stage, AwsError, Interrupted.
        """
        call = calls.get_export(self._caller.destination, target, stage_name)

        def read() -> LiveApi:
            response = self._client.get_export(
                restApiId=target.api_id,
                stageName=stage_name,
                exportType=EXPORT_FORMAT,
                parameters={"extensions": "apigateway"},
                accepts="application/json",
            )
            return response_checks.parse_export(response, target)

        deployed = self._rest_unless_missing(target, call, read)
        if deployed is None:
            raise NotFound(f"{call}: there is no such stage", "check the stage name")
        return deployed

    def rest_definitions(self, target: Target) -> Definitions:
        """Return the models, request validators and gateway responses of the draft, in pages of 500.

        Raises ApiNotFound if there is no such API, AwsError, Interrupted.
        """
        client, api_id = self._client, target.api_id

        def models(token: str) -> Raw:
            return response_checks.check_models_page(client.get_models(**_page(api_id, token)))

        def validators(token: str) -> Raw:
            return response_checks.check_request_validators_page(client.get_request_validators(**_page(api_id, token)))

        def gateway_responses(token: str) -> Raw:
            response = client.get_gateway_responses(**_page(api_id, token))
            return response_checks.check_gateway_responses_page(response, first=not token)

        return definitions.of_draft(
            self._definitions(target, "GetModels", models),
            self._definitions(target, "GetRequestValidators", validators),
            self._definitions(target, "GetGatewayResponses", gateway_responses),
        )

    def _definitions(self, target: Target, name: str, page: Callable[[str], Raw]) -> list[Raw]:
        call = calls.get_definitions(self._caller.destination, target.api_id, name)
        try:
            return paging.all_items(self._caller, call, page, paging.REST)
        except NotFound:
            self.rest_api(target)  # no recording shows how AWS reports a missing API: this call finds out
            raise

    def _rest_unless_missing(self, target: Target, call: ApiCall, get: Callable[[], T]) -> T | None:
        """Return the result of `get`; None if the object does not exist but the API does.

        No recording shows what these calls return for a missing API, so a 404 alone is ambiguous: after one,
        GetResources decides. It needs no permission that a plan does not need. Raises ApiNotFound.
        """
        try:
            return self._caller.call(call, get)
        except NotFound:
            self.rest_api(target)
            return None

    def _response_or_none(self, call: ApiCall, get: Callable[[], Raw], ref: ResponseRef) -> Raw | None:
        try:
            return self._caller.call(call, lambda: response_checks.check_status(get(), ref.code))
        except NoSuchStatus:
            return None


class RestPage(PagePosition):
    """The arguments for a page of one API's definitions."""

    restApiId: Required[str]
    limit: Required[int]


def _page(api_id: str, token: str) -> RestPage:
    return RestPage(restApiId=api_id, limit=_PAGE, **_position(token))


def _position(token: str) -> PagePosition:
    return PagePosition(position=token) if token else PagePosition()
