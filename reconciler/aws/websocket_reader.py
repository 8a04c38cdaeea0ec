"""The read half of the control plane, for WebSocket APIs.

Promise: as for REST APIs, every value is in normal form and out of whole, plausible answers, and an API that is not
there never reads as one with nothing in it. Nothing bulky exists: integration responses take a call for each
integration. These are sent in the order of the integrations, several at a time, and the first failure stops the rest.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final, TypedDict

from reconciler import normal
from reconciler.aws import calls, paging, response_checks
from reconciler.aws.calls import ApiCall, CallEffect
from reconciler.aws.response_checks import Raw
from reconciler.aws.websocket_client import OpenWebSocketClient
from reconciler.errors import ApiNotFound, Conflict, NotFound, WrongProtocol
from reconciler.models.keys import Scope
from reconciler.models.live import ApiSummary, LiveApi, LiveIntegration, LiveScope
from reconciler.models.responses import WebSocketResponse
from reconciler.models.stages import Deployment, Stage
from reconciler.models.targets import Target, WebSocketResponseRef
from reconciler.parallel import in_pool
from reconciler.ports import IntegrationSelection


class WebSocketPage(TypedDict, total=False):
    """How long a page may be, and where it begins: as the page before it said, the first has no token."""

    MaxResults: str
    NextToken: str


_PAGE: Final = "500"
"""Items of a page: text, not a number (service model). No maximum is documented: 500 is that of REST APIs, and scripts
that people publish ask for as many and more. An API has no more than 300 routes and 300 integrations (Developer Guide,
quotas), which is one page each; where AWS gives fewer, the next page is asked for."""

_WEBSOCKET: Final = "WEBSOCKET"


class WebSocketReader:
    """The WebSocket half of `ports.Reader`.

    `open_client` gives the one websocket whose client sends nothing but GET; it is asked for at the first call. At most
    `parallelism` lists of integration responses are read at once, whatever number of APIs is.
    """

    def __init__(self, open_client: OpenWebSocketClient, parallelism: int) -> None:
        self._open_client = open_client
        self._pool = ThreadPoolExecutor(max(1, parallelism), thread_name_prefix="integration-responses")
        self._protocols: dict[str, str] = {}  # by API id: a protocol is for life (service model: no update has it)

    def websocket_apis(self) -> list[ApiSummary]:
        """Every WebSocket and HTTP API of the region, by pages of 500. Raises AwsError, Interrupted."""
        websocket = self._open_client()
        found = self._items(
            calls.list_websocket_apis(websocket.caller.destination),
            lambda page: response_checks.check_websocket_apis_page(websocket.client.get_apis(**page)),
        )
        apis = [normal.websocket_summary(api) for api in found]
        self._protocols |= {api.id: api.protocol for api in apis}
        return apis

    def websocket_api(self, target: Target, listed: IntegrationSelection) -> LiveApi:
        """One API: GetApi unless its protocol is known already, GetRoutes, GetIntegrations, and responses as listed.

        Raises ApiNotFound when there is no such API, WrongProtocol when it is an HTTP API, AwsError, Interrupted.
        """
        self._require_websocket(target.api_id)
        routes = self._routes(target.api_id)
        found = normal.websocket_integrations(self._integrations(target.api_id), routes)
        integrations = {one.integration_id: one for one in found}
        covered = [integration for integration in integrations.values() if listed.covers(integration)]
        integrations |= {response.integration_id: response for response in self._with_responses(target.api_id, covered)}
        methods: dict[Scope, LiveScope] = {
            listed.key(integration): integration for integration in integrations.values()
        }
        return LiveApi(target, frozenset(), methods, normal.websocket_routes(routes))

    def websocket_response(self, ref: WebSocketResponseRef) -> WebSocketResponse | None:
        """One integration response by its id; None when the integration is there and this response of it is not.

        What AWS says of a missing response is not recorded, so a 404 alone does not tell which of API, integration and
        response it is that is missing: after one, the integration's list decides. Raises NotFound when there is no
        such integration, ValueError without an id, AwsError, Interrupted.
        """
        websocket = self._open_client()
        call = calls.websocket_response(websocket.caller.destination, ref, "GetIntegrationResponse", CallEffect.READS)
        asked = calls.websocket_response_arguments(ref)
        try:
            answer = websocket.caller.call(
                call,
                lambda: response_checks.check_response_id(
                    websocket.client.get_integration_response(**asked), ref.response_id
                ),
            )
        except NotFound:
            found = self.websocket_responses(ref.api_id, ref.integration_id).values()
            return next((response for response_id, response in found if response_id == ref.response_id), None)
        return normal.websocket_response(answer)

    def websocket_responses(self, api_id: str, integration_id: str) -> dict[str, tuple[str, WebSocketResponse]]:
        """Key -> id and response, of one integration.

        Raises NotFound when there is no such integration, Conflict when it has two responses of one key, AwsError,
        Interrupted.
        """
        return normal.websocket_responses(self._responses(api_id, integration_id))

    def websocket_stage(self, target: Target, name: str) -> Stage | None:
        """A stage; None when the API is there and has none of that name.

        Raises ApiNotFound when there is no such API, AwsError, Interrupted.
        """
        websocket = self._open_client()
        call = calls.stage(websocket.caller.destination, target, name, "GetStage", CallEffect.READS)
        answer = self._of_websocket_api(
            target,
            call,
            lambda: response_checks.check_websocket_stage(
                websocket.client.get_stage(ApiId=target.api_id, StageName=name), name
            ),
        )
        return None if answer is None else normal.websocket_stage(answer)

    def websocket_deployment(self, target: Target, deployment_id: str) -> Deployment | None:
        """A deployment; None and raises as `websocket_stage`."""
        websocket = self._open_client()
        call = calls.get_deployment(websocket.caller.destination, target, deployment_id)
        asked = {"ApiId": target.api_id, "DeploymentId": deployment_id}
        answer = self._of_websocket_api(
            target,
            call,
            lambda: response_checks.check_websocket_deployment(websocket.client.get_deployment(**asked), deployment_id),
        )
        return None if answer is None else normal.websocket_deployment(answer)

    def _of_websocket_api(self, target: Target, call: ApiCall, get: Callable[[], Raw]) -> Raw | None:
        """What `get` gives; None when it is not there, while the API is: after a 404, the list of routes decides."""
        try:
            return self._open_client().caller.call(call, get)
        except NotFound:
            self._routes(target.api_id)
            return None

    def _require_websocket(self, api_id: str) -> None:
        if api_id not in self._protocols:
            self._protocols[api_id] = self._protocol(api_id)
        if self._protocols[api_id] != _WEBSOCKET:
            raise WrongProtocol(api_id, self._protocols[api_id])

    def _protocol(self, api_id: str) -> str:
        websocket = self._open_client()
        call = calls.get_websocket_api(websocket.caller.destination, api_id)
        with _naming_missing_api(call, api_id):
            answer = websocket.caller.call(
                call, lambda: response_checks.check_api(websocket.client.get_api(ApiId=api_id), api_id)
            )
        return str(answer["ProtocolType"])

    def _routes(self, api_id: str) -> list[Raw]:
        websocket = self._open_client()
        call = calls.get_routes(websocket.caller.destination, api_id)
        with _naming_missing_api(call, api_id):
            return self._items(
                call, lambda page: response_checks.check_routes_page(websocket.client.get_routes(ApiId=api_id, **page))
            )

    def _integrations(self, api_id: str) -> list[Raw]:
        websocket = self._open_client()
        call = calls.get_integrations(websocket.caller.destination, api_id)
        with _naming_missing_api(call, api_id):
            return self._items(
                call,
                lambda page: response_checks.check_integrations_page(
                    websocket.client.get_integrations(ApiId=api_id, **page)
                ),
            )

    def _with_responses(self, api_id: str, integrations: list[LiveIntegration]) -> list[LiveIntegration]:
        return in_pool(
            self._pool,
            lambda one: normal.with_responses(one, self._responses(api_id, one.integration_id)),
            integrations,
        )

    def _responses(self, api_id: str, integration_id: str) -> list[Raw]:
        websocket = self._open_client()
        call = calls.get_websocket_responses(websocket.caller.destination, api_id, integration_id)

        def page(page: WebSocketPage) -> Raw:
            answer = websocket.client.get_integration_responses(ApiId=api_id, IntegrationId=integration_id, **page)
            return response_checks.check_websocket_responses_page(answer)

        found = self._items(call, page)
        _require_unique_keys(call, found)
        return found

    def _items(self, call: ApiCall, ask: Callable[[WebSocketPage], Raw]) -> list[Raw]:
        def page(token: str) -> Raw:
            return ask(WebSocketPage(MaxResults=_PAGE, NextToken=token) if token else WebSocketPage(MaxResults=_PAGE))

        return paging.all_items(self._open_client().caller, call, page, paging.WEBSOCKET)


@contextmanager
def _naming_missing_api(call: ApiCall, api_id: str) -> Iterator[None]:
    """Around calls that need nothing but the API: a 404 to them says that there is none."""
    try:
        yield
    except NotFound as error:
        said = error.message.removeprefix(f"{call}: ")
        raise ApiNotFound(
            f"there is no WebSocket API {api_id} in {call.destination} ({said})",
            "check the id, the region and the account (--region, --profile); a REST API is `kind: RestApi`",
        ) from error


def _require_unique_keys(call: ApiCall, responses: Iterable[Raw]) -> None:
    """Refuse two responses of one key: which of them counts is not known, and either could be somebody's work."""
    ids: dict[str, str] = {}
    for response in responses:
        key, response_id = response["IntegrationResponseKey"], response["IntegrationResponseId"]
        # The same one twice is a list that shifted between two pages
        if ids.setdefault(key, response_id) != response_id:
            raise Conflict(
                f"{call}: there are two responses with key {key}, {ids[key]} and {response_id}", "delete one of them"
            )
