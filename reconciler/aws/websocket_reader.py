"""The read half of the control plane, for WebSocket APIs.

As for REST APIs, every value is in normal form and comes from complete, plausible responses, and a missing API is never
taken for an empty one. There is no bulk read: integration responses take a call for each integration. These calls are
sent in the order of the integrations, several at a time, and the first failure stops the rest.
"""

from collections.abc import Callable, Iterable, Iterator
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
from reconciler.models.routes import LiveRoute, RouteRef
from reconciler.models.stages import Deployment, Stage
from reconciler.models.targets import Target, WebSocketResponseRef
from reconciler.parallel import PoolWhileUsed, in_pool
from reconciler.ports import IntegrationSelection


class WebSocketPage(TypedDict, total=False):
    """The size of a page and its token, which comes from the page before it; the first has none."""

    MaxResults: str
    NextToken: str


_PAGE: Final = "500"
"""Items per page: text, not a number (service model). No maximum is documented: 500 is that of REST APIs, and published
scripts request as many and more. An API has at most 300 routes and 300 integrations (Developer Guide, quotas), which is
one page each; if AWS returns fewer, the next page is requested."""

_WEBSOCKET: Final = "WEBSOCKET"


class WebSocketReader:
    """The WebSocket half of `ports.Reader`.

    `open_client` creates, at the first call, a client that sends only GET requests. At most `parallelism` lists of
    integration responses are read at once, however many APIs there are.
    """

    def __init__(self, open_client: OpenWebSocketClient, parallelism: int) -> None:
        self._open_client = open_client
        self._pool = PoolWhileUsed(parallelism, "integration-responses")
        self._protocols: dict[str, str] = {}  # by API id: a protocol never changes (service model: no update has it)

    def websocket_apis(self) -> list[ApiSummary]:
        """Return every WebSocket and HTTP API of the region, in pages of 500. Raises AwsError, Interrupted."""
        websocket = self._open_client()
        items = self._items(
            calls.list_websocket_apis(websocket.caller.destination),
            lambda page: response_checks.check_websocket_apis_page(websocket.client.get_apis(**page)),
        )
        apis = [normal.websocket_summary(api) for api in items]
        self._protocols |= {api.id: api.protocol for api in apis}
        return apis

    def websocket_api(self, target: Target, listed: IntegrationSelection) -> LiveApi:
        """Return one API: GetApi unless its protocol is known, GetRoutes, GetIntegrations, and the selected responses.

        Route responses are read last, a call for each route of `listed.two_way`.

        Raises ApiNotFound if there is no such API, WrongProtocol if it is an HTTP API, AwsError, Interrupted.
        """
        self._require_websocket(target.api_id)
        routes = self._routes(target.api_id)
        drafts = normal.websocket_integrations(self._integrations(target.api_id), routes)
        integrations = {integration.integration_id: integration for integration in drafts}
        covered = [integration for integration in integrations.values() if listed.covers(integration)]
        integrations |= {response.integration_id: response for response in self._with_responses(target.api_id, covered)}
        read_routes = self._read_routes(target.api_id, routes, integrations.values(), listed)
        methods: dict[Scope, LiveScope] = {
            listed.key(integration): normal.with_read_routes(integration, read_routes)
            for integration in integrations.values()
        }
        return LiveApi(target, frozenset(), methods, normal.websocket_routes(routes))

    def websocket_response(self, ref: WebSocketResponseRef) -> WebSocketResponse | None:
        """Return one integration response by its id; None if the integration exists without this response.

        No recording shows what AWS returns for a missing response, so a 404 alone does not show whether API,
        integration or response is missing: after one, the integration's list decides. Raises NotFound if there is no
        such integration, ValueError without an id, AwsError, Interrupted.
        """
        websocket = self._open_client()
        call = calls.websocket_response(websocket.caller.destination, ref, "GetIntegrationResponse", CallEffect.READS)
        arguments = calls.websocket_response_arguments(ref)
        try:
            response = websocket.caller.call(
                call,
                lambda: response_checks.check_response_id(
                    websocket.client.get_integration_response(**arguments), ref.response_id
                ),
            )
        except NotFound:
            existing = self.websocket_responses(ref.api_id, ref.integration_id).values()
            return next((response for response_id, response in existing if response_id == ref.response_id), None)
        return normal.websocket_response(response)

    def websocket_responses(self, api_id: str, integration_id: str) -> dict[str, tuple[str, WebSocketResponse]]:
        """Return the responses of one integration: key -> id and response.

        Raises NotFound if there is no such integration, Conflict if it has two responses with one key, AwsError,
        Interrupted.
        """
        return normal.websocket_responses(self._responses(api_id, integration_id))

    def route(self, ref: RouteRef) -> LiveRoute | None:
        """Return a route with what makes it two-way; None if there is no such route. Raises AwsError, Interrupted."""
        websocket = self._open_client()
        call = calls.route(websocket.caller.destination, ref, "GetRoute", CallEffect.READS)
        arguments = calls.route_arguments(ref)
        try:
            route = websocket.caller.call(
                call, lambda: response_checks.check_route(websocket.client.get_route(**arguments), ref.id)
            )
            responses = self._route_responses(ref)
        except NotFound:
            return None
        return normal.live_routes([route], {route["RouteKey"]: responses})[route["RouteKey"]]

    def websocket_stage(self, target: Target, name: str) -> Stage | None:
        """Return a stage; None if the API exists without a stage of that name.

        Raises ApiNotFound if there is no such API, AwsError, Interrupted.
        """
        websocket = self._open_client()
        call = calls.stage(websocket.caller.destination, target, name, "GetStage", CallEffect.READS)
        response = self._websocket_unless_missing(
            target,
            call,
            lambda: response_checks.check_websocket_stage(
                websocket.client.get_stage(ApiId=target.api_id, StageName=name), name
            ),
        )
        return None if response is None else normal.websocket_stage(response)

    def websocket_stages(self, target: Target) -> list[Stage]:
        """Return every stage by name. Raises ApiNotFound if there is no such API, AwsError, Interrupted."""
        websocket = self._open_client()
        call = calls.get_stages(websocket.caller.destination, target)

        def page(page: WebSocketPage) -> Raw:
            return response_checks.check_websocket_stages_page(websocket.client.get_stages(ApiId=target.api_id, **page))

        with _naming_missing_api(call, target.api_id):
            stages = map(normal.websocket_stage, self._items(call, page))
        return sorted(stages, key=lambda stage: stage.name)

    def websocket_deployment(self, target: Target, deployment_id: str) -> Deployment | None:
        """Return a deployment; None and errors as for `websocket_stage`."""
        websocket = self._open_client()
        call = calls.get_deployment(websocket.caller.destination, target, deployment_id)
        arguments = {"ApiId": target.api_id, "DeploymentId": deployment_id}
        response = self._websocket_unless_missing(
            target,
            call,
            lambda: response_checks.check_websocket_deployment(
                websocket.client.get_deployment(**arguments), deployment_id
            ),
        )
        return None if response is None else normal.websocket_deployment(response)

    def _websocket_unless_missing(self, target: Target, call: ApiCall, get: Callable[[], Raw]) -> Raw | None:
        """Return the result of `get`; None if only the object is missing: after a 404, the list of routes decides."""
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
            response = websocket.caller.call(
                call, lambda: response_checks.check_api(websocket.client.get_api(ApiId=api_id), api_id)
            )
        return str(response["ProtocolType"])

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
        with self._pool.opened() as pool:
            return in_pool(
                pool,
                lambda integration: normal.with_responses(
                    integration, self._responses(api_id, integration.integration_id)
                ),
                integrations,
            )

    def _read_routes(
        self, api_id: str, routes: Iterable[Raw], integrations: Iterable[LiveIntegration], listed: IntegrationSelection
    ) -> dict[str, LiveRoute]:
        ids = {route["RouteKey"]: route["RouteId"] for route in routes}
        keys = [key for integration in integrations for key in listed.read_routes(integration)]
        if not keys:
            return {}
        with self._pool.opened() as pool:
            responses = in_pool(pool, lambda key: self._route_responses(RouteRef(api_id, ids[key], key)), keys)
        return normal.live_routes(routes, dict(zip(keys, responses, strict=True)))

    def _route_responses(self, ref: RouteRef) -> list[Raw]:
        websocket = self._open_client()
        call = calls.route(websocket.caller.destination, ref, "GetRouteResponses", CallEffect.READS)
        arguments = calls.route_arguments(ref)
        return list(
            self._items(
                call,
                lambda page: response_checks.check_route_responses_page(
                    websocket.client.get_route_responses(**arguments, **page)
                ),
            )
        )

    def _responses(self, api_id: str, integration_id: str) -> list[Raw]:
        websocket = self._open_client()
        call = calls.get_websocket_responses(websocket.caller.destination, api_id, integration_id)

        def page(page: WebSocketPage) -> Raw:
            response = websocket.client.get_integration_responses(ApiId=api_id, IntegrationId=integration_id, **page)
            return response_checks.check_websocket_responses_page(response)

        responses = self._items(call, page)
        _require_unique_keys(call, responses)
        return responses

    def _items(self, call: ApiCall, request: Callable[[WebSocketPage], Raw]) -> list[Raw]:
        def page(token: str) -> Raw:
            return request(
                WebSocketPage(MaxResults=_PAGE, NextToken=token) if token else WebSocketPage(MaxResults=_PAGE)
            )

        return paging.all_items(self._open_client().caller, call, page, paging.WEBSOCKET)


@contextmanager
def _naming_missing_api(call: ApiCall, api_id: str) -> Iterator[None]:
    """Wrap calls that need only the API: a 404 means that the API is missing."""
    try:
        yield
    except NotFound as error:
        reason = error.message.removeprefix(f"{call}: ")
        raise ApiNotFound(
            f"there is no WebSocket API {api_id} in {call.destination} ({reason})",
            "check the id, the region and the account (--region, --profile); a REST API is `kind: RestApi`",
        ) from error


def _require_unique_keys(call: ApiCall, responses: Iterable[Raw]) -> None:
    """Refuse two responses with one key: it is unknown which one counts, and either may be somebody's work."""
    ids: dict[str, str] = {}
    for response in responses:
        key, response_id = response["IntegrationResponseKey"], response["IntegrationResponseId"]
        # The same response twice means that the list shifted between two pages
        if ids.setdefault(key, response_id) != response_id:
            raise Conflict(
                f"{call}: two responses have the key {key}: {ids[key]} and {response_id}", "delete one of them"
            )
