"""The read half of the control plane, for REST APIs.

Promise: every value is in normal form and out of a whole, plausible answer. What is cut off or foreign is
UnreadableAnswer, an API that is not there is ApiNotFound: neither ever reads as "nothing there".
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
    """Where a page begins, as the page before it said; the first has none."""

    position: str


_PAGE: Final = 500
"""Items of a page; the default would be 25 (service model, API reference)."""


class RestReader:
    """The REST half of `ports.Reader`, through a client that sends nothing but GET."""

    def __init__(self, client: "APIGatewayClient", caller: ApiCaller) -> None:
        self._client = client
        self._caller = caller

    def rest_apis(self) -> list[ApiSummary]:
        """Every REST API of the region, by pages of 500. Raises AwsError, Interrupted."""

        def page(token: str) -> Raw:
            return response_checks.check_rest_apis_page(self._client.get_rest_apis(limit=_PAGE, **_position(token)))

        found = paging.all_items(self._caller, calls.list_rest_apis(self._caller.destination), page, paging.REST)
        return [normal.rest_summary(api) for api in found]

    def rest_api(self, target: Target) -> LiveApi:
        """One API whole: GetResources with methods embedded, by pages of 500 resources (the default quota is 300).

        Raises ApiNotFound when there is no such API, AwsError, Interrupted.
        """
        call = calls.get_resources(self._caller.destination, target.api_id)

        def page(token: str) -> Raw:
            answer = self._client.get_resources(
                restApiId=target.api_id, embed=["methods"], limit=_PAGE, **_position(token)
            )
            return response_checks.check_resources_page(answer, first=not token)

        try:
            resources = paging.all_items(self._caller, call, page, paging.REST)
        except NotFound as error:
            # "Invalid Resource identifier specified", as a rule: AWS does not say that it is the API that it misses
            said = error.message.removeprefix(f"{call}: ")
            message = f"there is no REST API {target.api_id} in {self._caller.destination} ({said})"
            raise ApiNotFound(message, "check the id, the region and the account (--region, --profile)") from error
        paths = frozenset(resource["path"] for resource in resources)
        if "/" not in paths:
            raise UnreadableAnswer(f"{call}: its pages lack the root resource", "run it again")
        return LiveApi(target, paths, normal.rest_methods(resources))

    def response(self, ref: ResponseRef) -> RestResponse | None:
        """One integration response; None when the method is there and this status of it is not.

        Raises NotFound when the method is not there either, AwsError, Interrupted.
        """
        call = calls.integration_response(self._caller.destination, ref, "GetIntegrationResponse", CallEffect.READS)
        answer = self._one(call, lambda: self._client.get_integration_response(**calls.response_arguments(ref)), ref)
        return None if answer is None else normal.rest_response(answer)

    def method_response(self, ref: ResponseRef) -> MethodResponse | None:
        """One method response; None and raises as `response`."""
        call = calls.method_response(self._caller.destination, ref, "GetMethodResponse", CallEffect.READS)
        answer = self._one(call, lambda: self._client.get_method_response(**calls.response_arguments(ref)), ref)
        return None if answer is None else normal.method_response(answer)

    def rest_stage(self, target: Target, name: str) -> Stage | None:
        """A stage; None when the API is there and has none of that name.

        Raises ApiNotFound when there is no such API, AwsError, Interrupted.
        """
        call = calls.stage(self._caller.destination, target, name, "GetStage", CallEffect.READS)
        asked = {"restApiId": target.api_id, "stageName": name}
        answer = self._of_rest_api(
            target, call, lambda: response_checks.check_stage(self._client.get_stage(**asked), name)
        )
        return None if answer is None else normal.rest_stage(answer)

    def rest_deployment(self, target: Target, deployment_id: str) -> Deployment | None:
        """A deployment, with the summary of its methods; None and raises as `rest_stage`."""
        call = calls.get_deployment(self._caller.destination, target, deployment_id)
        answer = self._of_rest_api(
            target,
            call,
            lambda: response_checks.check_deployment(
                self._client.get_deployment(restApiId=target.api_id, deploymentId=deployment_id, embed=["apisummary"]),
                deployment_id,
            ),
        )
        return None if answer is None else normal.rest_deployment(answer)

    def rest_deployed(self, target: Target, stage_name: str) -> LiveApi:
        """What a stage serves: GetExport with the integrations.

        Raises ApiNotFound when there is no such API, NotFound when it has no such stage, AwsError, Interrupted.
        """
        call = calls.get_export(self._caller.destination, target, stage_name)

        def read() -> LiveApi:
            answer = self._client.get_export(
                restApiId=target.api_id,
                stageName=stage_name,
                exportType=EXPORT_FORMAT,
                parameters={"extensions": "apigateway"},
                accepts="application/json",
            )
            return response_checks.parse_export(answer, target)

        found = self._of_rest_api(target, call, read)
        if found is None:
            raise NotFound(f"{call}: there is no such stage", "check the name of the stage")
        return found

    def rest_definitions(self, target: Target) -> Definitions:
        """The models, request validators and gateway responses of the draft, by pages of 500.

        Raises ApiNotFound when there is no such API, AwsError, Interrupted.
        """
        client, api_id = self._client, target.api_id

        def models(at: str) -> Raw:
            return response_checks.check_models_page(client.get_models(**_page(api_id, at)))

        def validators(at: str) -> Raw:
            return response_checks.check_request_validators_page(client.get_request_validators(**_page(api_id, at)))

        def gateway_responses(at: str) -> Raw:
            answer = client.get_gateway_responses(**_page(api_id, at))
            return response_checks.check_gateway_responses_page(answer, first=not at)

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
            self.rest_api(target)  # what AWS answers when the API is missing is not recorded: this call tells
            raise

    def _of_rest_api(self, target: Target, call: ApiCall, get: Callable[[], T]) -> T | None:
        """What `get` gives; None when it is not there, while the API is.

        What these calls answer when it is the API that is missing is not recorded, so a 404 alone does not tell: after
        one, the bulk read decides. It needs no permission that a plan would not need. Raises ApiNotFound.
        """
        try:
            return self._caller.call(call, get)
        except NotFound:
            self.rest_api(target)
            return None

    def _one(self, call: ApiCall, get: Callable[[], Raw], ref: ResponseRef) -> Raw | None:
        try:
            return self._caller.call(call, lambda: response_checks.check_status(get(), ref.code))
        except NoSuchStatus:
            return None


class RestPage(PagePosition):
    """A page of one API's things."""

    restApiId: Required[str]
    limit: Required[int]


def _page(api_id: str, token: str) -> RestPage:
    return RestPage(restApiId=api_id, limit=_PAGE, **_position(token))


def _position(token: str) -> PagePosition:
    return PagePosition(position=token) if token else PagePosition()
