"""The stored state of a v2 control plane, and lookups in it.

Everything below `V2Api` is replaced, never changed in place, as in the REST half. Texts of "not found" follow the
pattern that users report for some of them; "Invalid IntegrationResponse identifier" is a guess.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from reconciler.sandbox.model.errors import NO_DEPLOYMENT, NO_INTEGRATION, NO_STAGE, not_found
from reconciler.sandbox.model.state import IdSource, Json

WEBSOCKET: Final = "WEBSOCKET"
NO_RESPONSE: Final = "Invalid IntegrationResponse identifier specified"
_NO_API: Final = "Invalid API identifier specified"
_NO_ROUTE: Final = "Invalid Route identifier specified"
_NO_ROUTE_RESPONSE: Final = "Invalid RouteResponse identifier specified"

_Stored = TypeVar("_Stored")


def _get(items: Mapping[str, _Stored], name: str, missing: str) -> _Stored:
    if name not in items:
        raise not_found(f"{missing} {name}")
    return items[name]


@dataclass(frozen=True, slots=True)
class V2Item:
    """A route or an integration as its Get operation shows it, and its responses by id."""

    description: Json
    responses: Mapping[str, Json] = field(default_factory=dict)

    def with_response(self, response_id: str, response: Json | None) -> "V2Item":
        """Return the item with a response stored, or without it if None; a new response comes last."""
        kept = {name: other for name, other in self.responses.items() if name != response_id or response is not None}
        return replace(self, responses=kept if response is None else kept | {response_id: response})


@dataclass(frozen=True, slots=True)
class PendingDeployment:
    """The future of a deployment: PENDING for `reads` reads, then served by `stage`, or FAILED if `failure` is set."""

    stage: str = ""
    reads: int = 0
    failure: str = ""


@dataclass(frozen=True, slots=True)
class V2Deployment:
    """A deployment as GetDeployment shows it, with its snapshot; `pending` is None once it has finished."""

    description: Json
    routes: Mapping[str, V2Item]
    integrations: Mapping[str, V2Item]
    pending: PendingDeployment | None = None


@dataclass(slots=True)
class V2Api:
    """One API: its description by GetApi, its draft, its deployments and its stages."""

    description: Json
    routes: dict[str, V2Item] = field(default_factory=dict)
    integrations: dict[str, V2Item] = field(default_factory=dict)
    deployments: dict[str, V2Deployment] = field(default_factory=dict)
    stages: dict[str, Json] = field(default_factory=dict)

    @property
    def is_websocket(self) -> bool:
        """Whether the API can have integration responses."""
        return bool(self.description["ProtocolType"] == WEBSOCKET)

    def copy(self) -> "V2Api":
        """Return an independent copy; everything below it is shared, because it never changes."""
        return V2Api(
            self.description, dict(self.routes), dict(self.integrations), dict(self.deployments), dict(self.stages)
        )


class V2State:
    """Every WebSocket and HTTP API of one account and region; `ids` and `clock` are those of the REST half."""

    def __init__(self, region: str, ids: IdSource, clock: Callable[[], int]) -> None:
        self.region = region
        self.ids = ids
        self.now = clock
        self.apis: dict[str, V2Api] = {}

    def copy(self, ids: IdSource, clock: Callable[[], int]) -> "V2State":
        """Return an independent copy with another source of ids and time."""
        twin = V2State(self.region, ids, clock)
        twin.apis = {api_id: api.copy() for api_id, api in self.apis.items()}
        return twin

    def api(self, request: Json) -> V2Api:
        """Return the API of a request. Raises 404."""
        return _get(self.apis, request["ApiId"], _NO_API)

    def route(self, request: Json) -> tuple[V2Api, V2Item]:
        """Return the route of a request. Raises 404."""
        api = self.api(request)
        return api, _get(api.routes, request["RouteId"], _NO_ROUTE)

    def integration(self, request: Json) -> tuple[V2Api, V2Item]:
        """Return the integration of a request. Raises 404."""
        api = self.api(request)
        return api, _get(api.integrations, request["IntegrationId"], NO_INTEGRATION)

    def deployment(self, request: Json) -> tuple[V2Api, V2Deployment]:
        """Return the deployment of a request. Raises 404."""
        api = self.api(request)
        return api, _get(api.deployments, request["DeploymentId"], NO_DEPLOYMENT)

    def stage(self, request: Json) -> tuple[V2Api, Json]:
        """Return the stage of a request. Raises 404."""
        api = self.api(request)
        return api, _get(api.stages, request["StageName"], NO_STAGE)


def integration_response(integration: V2Item, request: Json) -> Json:
    """Return the response of a request. Raises 404."""
    return _get(integration.responses, request["IntegrationResponseId"], NO_RESPONSE)


def route_response(route: V2Item, request: Json) -> Json:
    """Return the response of a request. Raises 404."""
    return _get(route.responses, request["RouteResponseId"], _NO_ROUTE_RESPONSE)
