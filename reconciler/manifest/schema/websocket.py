"""The shape of a `kind: WebSocketApi` manifest, as pydantic models.

Promise: what validates is structurally sound; what its values mean to AWS is for lint and the live checks. See `parts`.
"""

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import ConfigDict, Field, StringConstraints, Tag, model_validator
from pydantic_core import PydanticCustomError

from reconciler.manifest.schema.parts import (
    ABSENT_WORD,
    NOTHING_LISTED,
    OWN,
    AbsentWord,
    Allow,
    ApiAddress,
    ContentHandling,
    DeploySettings,
    ListedModel,
    ManifestModel,
    Metadata,
    NonEmpty,
    Parameters,
    Protect,
    Prune,
    SetUse,
    Templates,
    Version,
    Written,
    text_or_map,
)

RESPONSE_KEY_PATTERN: Final = r"^(\$default|/.+/)$"
"""The two forms that are documented (Developer Guide, integration responses of a WebSocket API)."""

FIELD_PATTERN: Final = (
    r"^([^*?\[.]*[*?\[].*|templateSelectionExpression|contentHandlingStrategy"
    r"|(responseParameters|responseTemplates)(\..+)?)$"
)

ResponseKeyText: TypeAlias = Annotated[str, StringConstraints(pattern=RESPONSE_KEY_PATTERN)]
Own: TypeAlias = Annotated[list[Annotated[str, StringConstraints(pattern=FIELD_PATTERN)]], OWN]


class WebSocketResponseModel(ManifestModel):
    """One integration response: what a backend's answer of this kind is turned into."""

    # A field that is left out reads as `absent`; `written` tells the two apart.
    template_selection_expression: str = Field(
        default=ABSENT_WORD,
        description="What selects among the templates, as in `${integration.response.statuscode}`.",
    )
    content_handling_strategy: ContentHandling = Field(
        default=ABSENT_WORD,
        description="How the payload is converted; without it, it passes through as it is.",
    )
    response_parameters: Parameters = Field(
        default=ABSENT_WORD,
        description="As in REST APIs. A WebSocket message has no headers: what these do there is not documented.",
    )
    response_templates: Templates = Field(
        default=ABSENT_WORD,
        description="Mapping templates by what the template selection expression gives: the text itself, or "
        "{file: ...}.",
    )
    protect: Protect = False
    allow: Allow
    own: Own

    def written(self) -> Written:
        """The fields that were written, under AWS's own names."""
        fields = (
            ("template_selection_expression", "templateSelectionExpression", self.template_selection_expression),
            ("content_handling_strategy", "contentHandlingStrategy", self.content_handling_strategy),
            ("response_parameters", "responseParameters", self.response_parameters),
            ("response_templates", "responseTemplates", self.response_templates),
        )
        return {name: value for attribute, name, value in fields if attribute in self.model_fields_set}


WebSocketResponses: TypeAlias = dict[
    ResponseKeyText,
    Annotated[
        Annotated[AbsentWord, Tag("<text>")] | Annotated[WebSocketResponseModel, Tag("<map>")],
        text_or_map("a response (a map) or `absent`"),
    ],
]
_RESPONSES: Final = (
    "The integration responses by key: `$default`, or a regular expression between slashes such as `/4\\d\\d/`. "
    "`absent` says that one must not be there, {} as a whole that there are none but those of the sets in use."
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


WebSocketUses: TypeAlias = list[
    Annotated[
        Annotated[NonEmpty, Tag("<text>")] | Annotated[WebSocketUse, Tag("<map>")],
        text_or_map("the name of a set or `{set: ...}`"),
    ]
]

Routes: TypeAlias = Annotated[
    dict[NonEmpty, RouteModel],
    Field(
        default_factory=dict,
        description="The integrations that are targets of these routes, by route key. Others are never touched.",
    ),
]
Integrations: TypeAlias = Annotated[
    list[IntegrationModel],
    Field(default_factory=list, description="Integrations by their id, for those that no route leads to."),
]


class _RoutesAndIntegrations(ManifestModel):
    """Routes, integrations, or both."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["routes"]}, {"required": ["integrations"]}]})

    routes: Routes
    integrations: Integrations

    @model_validator(mode="after")
    def _lists_something(self) -> "_RoutesAndIntegrations":
        if not {"routes", "integrations"} & self.model_fields_set:
            raise PydanticCustomError(NOTHING_LISTED, "neither `routes` nor `integrations` is there")
        return self


class WebSocketOverlay(_RoutesAndIntegrations):
    """What is different in one environment; what is listed only here is listed in that environment only."""


class WebSocketSpec(_RoutesAndIntegrations):
    """The API, and its integration responses."""

    api: ApiAddress = Field(description="Which WebSocket API it is.")
    prune: Prune = True
    own: Own
    deploy: DeploySettings = Field(
        default=DeploySettings.model_construct(), description="What becomes of changes once they are made."
    )
    use: WebSocketUses = Field(
        default_factory=list,
        description="Response sets for all that is listed, below those of the route or integration.",
    )
    overlays: dict[NonEmpty, WebSocketOverlay] = Field(
        default_factory=dict, description="What is different per environment, laid over all else."
    )


class WebSocketApiManifest(ManifestModel):
    """The integration responses of one WebSocket API."""

    api_version: Version = Field(description="The version of this format.")
    kind: Literal["WebSocketApi"] = Field(description="What sort of API it is.")
    metadata: Metadata = Field(description="What the manifest is called.")
    spec: WebSocketSpec = Field(description="The API, and its integration responses.")
