"""The read half of the control plane.

Promise: every value is in normal form and out of a whole, plausible answer. What is cut off or foreign is
UnreadableAnswer, an API that is not there is ApiNotFound: neither ever reads as "nothing there".
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final, TypedDict

from reconciler import normal
from reconciler.aws import answers, calls
from reconciler.aws.answers import Raw
from reconciler.aws.calls import Call, Effect
from reconciler.aws.door import Door
from reconciler.aws.failures import NoSuchStatus
from reconciler.errors import ApiNotFound, NotFound, UnreadableAnswer
from reconciler.models.live import ApiSummary, LiveApi
from reconciler.models.responses import MethodResponse, RestResponse
from reconciler.models.targets import ResponseRef, Target

if TYPE_CHECKING:
    from types_boto3_apigateway import APIGatewayClient


class Position(TypedDict, total=False):
    """Where a page begins, as the page before it said; the first has none."""

    position: str


_PAGE: Final = 500
"""Items of a page; the default would be 25 (service model, API reference)."""


class AwsReader:
    """`ports.Reader` through a client that sends nothing but GET."""

    def __init__(self, client: "APIGatewayClient", door: Door) -> None:
        self._client = client
        self._door = door

    def rest_apis(self) -> list[ApiSummary]:
        """Every REST API of the region, by pages of 500. Raises AwsError, Interrupted."""

        def page(position: Position) -> Raw:
            return answers.page_of_apis(self._client.get_rest_apis(limit=_PAGE, **position))

        found = self._pages(calls.listing(self._door.place), page)
        return [ApiSummary(api["id"], api.get("name") or "") for api in found]

    def rest_api(self, target: Target) -> LiveApi:
        """One API whole: GetResources with methods embedded, by pages of 500 resources (the default quota is 300).

        Raises ApiNotFound when there is no such API, AwsError, Interrupted.
        """
        call = calls.resources(self._door.place, target.api_id)

        def page(position: Position) -> Raw:
            answer = self._client.get_resources(restApiId=target.api_id, embed=["methods"], limit=_PAGE, **position)
            return answers.page_of_resources(answer, first=not position)

        try:
            resources = self._pages(call, page)
        except NotFound as error:
            # "Invalid Resource identifier specified", as a rule: AWS does not say that it is the API that it misses
            said = error.message.removeprefix(f"{call}: ")
            message = f"there is no REST API {target.api_id} in {self._door.place} ({said})"
            raise ApiNotFound(message, "check the id, the region and the account (--region, --profile)") from error
        paths = frozenset(resource["path"] for resource in resources)
        if "/" not in paths:
            raise UnreadableAnswer(f"{call}: its pages lack the root resource", "run it again")
        return LiveApi(target, paths, normal.rest_methods(resources))

    def response(self, ref: ResponseRef) -> RestResponse | None:
        """One integration response; None when the method is there and this status of it is not.

        Raises NotFound when the method is not there either, AwsError, Interrupted.
        """
        call = calls.integration_response(self._door.place, ref, "GetIntegrationResponse", Effect.READS)
        answer = self._one(call, lambda: self._client.get_integration_response(**calls.arguments(ref)), ref)
        return None if answer is None else normal.rest_response(answer)

    def method_response(self, ref: ResponseRef) -> MethodResponse | None:
        """One method response; None and raises as `response`."""
        call = calls.method_response(self._door.place, ref, "GetMethodResponse", Effect.READS)
        answer = self._one(call, lambda: self._client.get_method_response(**calls.arguments(ref)), ref)
        return None if answer is None else normal.method_response(answer)

    def _one(self, call: Call, get: Callable[[], Raw], ref: ResponseRef) -> Raw | None:
        try:
            return self._door.call(call, lambda: answers.of_status(get(), ref.code))
        except NoSuchStatus:
            return None

    def _pages(self, call: Call, page: Callable[[Position], Raw]) -> list[Raw]:
        """The items of all pages."""
        items: list[Raw] = []
        seen: set[str] = set()
        position = Position()
        while True:
            answer = self._door.call(call, partial(page, position))
            items += answer.get("items") or ()
            token = answer.get("position")
            if not token:
                return items
            if token in seen:
                raise UnreadableAnswer(
                    f"{call}: the pages go in circles, position {token!r} came twice", "run it again"
                )
            seen.add(token)
            position = Position(position=token)
