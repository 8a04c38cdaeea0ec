"""The live state, as the control plane has it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from reconciler.models.definitions import Definitions
from reconciler.models.keys import Scope
from reconciler.models.responses import FieldValue, MethodResponse, RestResponse, WebSocketResponse
from reconciler.models.routes import LiveRoute
from reconciler.models.targets import Target

PROXY_TYPES = frozenset({"AWS_PROXY", "HTTP_PROXY"})


@dataclass(frozen=True, slots=True)
class Access:
    """Who may call a REST method: AWS's authorization type, and whether an API key is required."""

    authorization: str = "NONE"
    needs_key: bool = False


@dataclass(frozen=True, slots=True)
class LiveMethod:
    """A method with its integration. `integration_type` None: the method has no integration.

    `settings`: what else a deployment would publish of the integration, under AWS's own names and without what is
    unset; `request`: the same of the method. `validator` is the id of the method's request validator in a draft, the
    name of it on a stage. `foreign`: members of either that are not known here. None of these nor `access` belong to
    anybody here, or are in a digest: they are for comparing the draft with what a stage serves.
    """

    resource_id: str
    integration_type: str | None = None
    integration_uri: str = ""
    method_responses: Mapping[str, MethodResponse] = field(default_factory=dict)
    responses: Mapping[str, RestResponse] = field(default_factory=dict)
    settings: Mapping[str, FieldValue] = field(default_factory=dict)
    access: Access = Access()
    request: Mapping[str, FieldValue] = field(default_factory=dict)
    validator: str = ""
    foreign: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_proxy(self) -> bool:
        """Whether AWS ignores the integration responses (it stores them all the same)."""
        return self.integration_type in PROXY_TYPES

    @property
    def is_lambda(self) -> bool:
        """Whether selection patterns are matched against a Lambda function's error message."""
        return self.integration_type == "AWS" and ":lambda:path/" in self.integration_uri


@dataclass(frozen=True, slots=True)
class LiveIntegration:
    """A WebSocket integration. `routes` are the keys of the routes that target it, sorted.

    `responses` is by integration response key, `response_ids` has AWS's ids of the same. Both are empty, and `is_read`
    is False, if they were not requested: reading them takes a call for each integration. `read_routes` are the routes
    whose route responses were requested (`ports.IntegrationSelection.two_way`), by key: a call for each.
    """

    integration_id: str
    integration_type: str | None = None
    integration_uri: str = ""
    routes: tuple[str, ...] = ()
    two_way_routes: frozenset[str] = frozenset()
    responses: Mapping[str, WebSocketResponse] = field(default_factory=dict)
    response_ids: Mapping[str, str] = field(default_factory=dict)
    is_read: bool = True
    read_routes: Mapping[str, LiveRoute] = field(default_factory=dict)

    @property
    def is_proxy(self) -> bool:
        """Whether the backend's output passes through unchanged, without integration responses."""
        return self.integration_type in PROXY_TYPES

    @property
    def is_lambda(self) -> bool:
        """Whether response keys are matched against a Lambda function's error message."""
        return self.integration_type == "AWS" and ":lambda:path/" in self.integration_uri


LiveScope: TypeAlias = LiveMethod | LiveIntegration


@dataclass(frozen=True, slots=True)
class LiveApi:
    """The relevant parts of an API, from one reading.

    `methods` has a REST API's methods or a WebSocket API's integrations. `paths` (REST): every resource. `routes`
    (WebSocket): route key -> id of the integration that is its target. `definitions` (REST): None if not read.
    """

    target: Target
    paths: frozenset[str]
    methods: Mapping[Scope, LiveScope]
    routes: Mapping[str, str] = field(default_factory=dict)
    definitions: Definitions | None = None


@dataclass(frozen=True, slots=True, order=True)
class ApiSummary:
    """An API as a listing shows it. `protocol` is REST, WEBSOCKET or HTTP.

    `stack` is the CloudFormation stack that created it, "" for none.
    """

    id: str
    name: str
    protocol: str = "REST"
    stack: str = ""
