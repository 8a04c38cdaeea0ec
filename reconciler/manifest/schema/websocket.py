"""The schema of a `kind: WebSocketApi` manifest, as pydantic models.

What validates is structurally sound; lint and the live checks judge what the values mean to AWS. `parts` has what the
kinds share.
"""

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from reconciler.manifest.schema.parts import (
    ABSENT_WORD,
    NOTHING_LISTED,
    OWN,
    Allow,
    ApiAddress,
    ContentHandling,
    DeploySettings,
    ListedModel,
    ManifestModel,
    Metadata,
    NameOr,
    NonEmpty,
    OrAbsent,
    Parameters,
    Protect,
    Prune,
    ResponseModel,
    SetUse,
    Templates,
    Version,
    field_pattern,
)
from reconciler.normal import WEBSOCKET_FIELDS

RESPONSE_KEY_PATTERN: Final = r"^(\$default|/.+/)$"
"""The two forms that are documented (Developer Guide, integration responses of a WebSocket API)."""

FIELD_PATTERN: Final = field_pattern(WEBSOCKET_FIELDS)

ResponseKeyText: TypeAlias = Annotated[str, StringConstraints(pattern=RESPONSE_KEY_PATTERN)]
Own: TypeAlias = Annotated[list[Annotated[str, StringConstraints(pattern=FIELD_PATTERN)]], OWN]


class WebSocketResponseModel(ResponseModel):
    """One integration response: what a backend response of this kind is turned into."""

    template_selection_expression: str = Field(
        default=ABSENT_WORD,
        description="The expression that selects a template, as in `${integration.response.statuscode}`.",
    )
    content_handling_strategy: ContentHandling = Field(
        default=ABSENT_WORD,
        description="How the payload is converted; without it, the payload passes through unchanged.",
    )
    response_parameters: Parameters = Field(
        default=ABSENT_WORD,
        description="As in REST APIs. A WebSocket message has no headers; AWS does not document what these do there.",
    )
    response_templates: Templates = Field(
        default=ABSENT_WORD,
        description="Mapping templates by the value of the template selection expression: the text itself, or "
        "{file: ...}.",
    )
    protect: Protect = False
    allow: Allow
    own: Own


WebSocketResponses: TypeAlias = dict[ResponseKeyText, OrAbsent[WebSocketResponseModel]]
_RESPONSES: Final = (
    "The integration responses by key: `$default`, or a regular expression between slashes such as `/4\\d\\d/`. "
    "`absent` means that the response must not exist, {} for the whole map that there are only the responses of the "
    "sets in use."
)


class RouteModel(ListedModel):
    """A listed route: the manifest owns the integration responses of its target."""

    own: Own
    responses: WebSocketResponses = Field(default_factory=dict, description=_RESPONSES)


class IntegrationModel(ListedModel):
    """A listed integration: the manifest owns its integration responses."""

    id: NonEmpty = Field(description="The id of the integration.")
    own: Own
    responses: WebSocketResponses = Field(default_factory=dict, description=_RESPONSES)


class WebSocketUse(SetUse):
    """A response set for many integrations. It never applies to proxy integrations."""

    routes: list[NonEmpty] = Field(
        default_factory=list,
        description="The routes, by key; `*` is any text. Without it, all routes, and the integrations by id.",
    )


Routes: TypeAlias = Annotated[
    dict[NonEmpty, RouteModel],
    Field(
        default_factory=dict,
        description="The integrations that are targets of these routes, by route key. Others are never touched.",
    ),
]
Integrations: TypeAlias = Annotated[
    list[IntegrationModel],
    Field(default_factory=list, description="Integrations by their id, for those that no route targets."),
]


class _RoutesAndIntegrations(ManifestModel):
    """Routes, integrations, or both."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["routes"]}, {"required": ["integrations"]}]})

    routes: Routes
    integrations: Integrations

    @model_validator(mode="after")
    def _lists_something(self) -> "_RoutesAndIntegrations":
        if not {"routes", "integrations"} & self.model_fields_set:
            raise PydanticCustomError(NOTHING_LISTED, "neither `routes` nor `integrations` exists")
        return self


class WebSocketOverlay(_RoutesAndIntegrations):
    """The differences in one environment; what only the overlay lists is listed in that environment only."""


RouteResponses: TypeAlias = Literal["check", "ensure"]


class WebSocketSpec(_RoutesAndIntegrations):
    """The API, and its integration responses."""

    api: ApiAddress = Field(description="The WebSocket API.")
    prune: Prune = True
    route_responses: RouteResponses = Field(
        default="check",
        description="What happens if a listed route is one-way, so that clients never get its responses: `check`: a "
        "warning; `ensure`: it gets a `$default` route response and selects it. `$connect` and `$disconnect` stay.",
    )
    own: Own
    deploy: DeploySettings = Field(default=DeploySettings.model_construct(), description="How changes are deployed.")
    use: list[NameOr[WebSocketUse]] = Field(
        default_factory=list,
        description="Response sets for all that is listed, below those of the route or integration.",
    )
    overlays: dict[NonEmpty, WebSocketOverlay] = Field(
        default_factory=dict, description="The differences per environment, merged over everything else."
    )


class WebSocketApiManifest(ManifestModel):
    """The integration responses of one WebSocket API."""

    api_version: Version = Field(description="The version of this format.")
    kind: Literal["WebSocketApi"] = Field(description="The kind of API.")
    metadata: Metadata = Field(description="The name of the manifest, and what selects it.")
    spec: WebSocketSpec = Field(description="The API, and its integration responses.")
