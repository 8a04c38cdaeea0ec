"""The shape of a `kind: RestApi` manifest, as pydantic models.

Promise: what validates is structurally sound; what its values mean to AWS is for lint and the live checks. See `parts`.
"""

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field, StringConstraints, Tag

from reconciler.manifest.schema.parts import (
    ABSENT_WORD,
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
from reconciler.models.desired import MethodResponses

STATUS_PATTERN: Final = "^[1-5][0-9][0-9]$"
PATH_PATTERN: Final = r"^(/|(/[^/\s]+)+)$"
GLOB_PATTERN: Final = r"^(/|\*\*)"
FIELD_PATTERN: Final = (
    r"^([^*?\[.]*[*?\[].*|selectionPattern|contentHandling|(responseParameters|responseTemplates)(\..+)?)$"
)

Verb: TypeAlias = Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY"]
StatusCode: TypeAlias = Annotated[str, StringConstraints(pattern=STATUS_PATTERN)]
ResourcePath: TypeAlias = Annotated[str, StringConstraints(pattern=PATH_PATTERN)]
PathGlob: TypeAlias = Annotated[str, StringConstraints(pattern=GLOB_PATTERN)]
Own: TypeAlias = Annotated[list[Annotated[str, StringConstraints(pattern=FIELD_PATTERN)]], OWN]


class RestResponseModel(ManifestModel):
    """One integration response: what a backend's answer of this kind is turned into."""

    # A field that is left out reads as `absent`; `written` tells the two apart.
    selection_pattern: str = Field(
        default=ABSENT_WORD,
        description="A Java regular expression that the whole error message (Lambda) or status code (HTTP, mock) has "
        "to match. Without it this is the method's default response.",
    )
    content_handling: ContentHandling = Field(
        default=ABSENT_WORD,
        description="How the payload is converted; without it, it passes through as it is.",
    )
    response_parameters: Parameters = Field(
        default=ABSENT_WORD,
        description="Headers by `method.response.header.NAME`. Values: `integration.response.header.NAME`, "
        "`integration.response.body.PATH`, `context.VARIABLE`, `stageVariables.VARIABLE`, or static text in single "
        "quotes that are part of the value, as in \"'*'\".",
    )
    response_templates: Templates = Field(
        default=ABSENT_WORD,
        description="Mapping templates by content type: the text itself, or {file: ...}. '' lets the body pass through "
        "unmapped.",
    )
    protect: Protect = False
    allow: Allow
    own: Own

    def written(self) -> Written:
        """The fields that were written, under AWS's own names."""
        fields = (
            ("selection_pattern", "selectionPattern", self.selection_pattern),
            ("content_handling", "contentHandling", self.content_handling),
            ("response_parameters", "responseParameters", self.response_parameters),
            ("response_templates", "responseTemplates", self.response_templates),
        )
        return {name: value for attribute, name, value in fields if attribute in self.model_fields_set}


RestResponses: TypeAlias = dict[
    StatusCode,
    Annotated[
        Annotated[AbsentWord, Tag("<text>")] | Annotated[RestResponseModel, Tag("<map>")],
        text_or_map("a response (a map) or `absent`"),
    ],
]


class MethodModel(ListedModel):
    """A listed method: the manifest owns its integration responses."""

    own: Own
    responses: RestResponses = Field(
        default_factory=dict,
        description="The integration responses by status code; `absent` says that one must not be there, {} as a whole "
        "that the method has none but those of the sets in use.",
    )


class RestUse(SetUse):
    """A response set for many methods. It never applies to proxy integrations."""

    methods: list[Verb] = Field(
        default=["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "ANY"],
        description="The methods, by verb; without it, all but OPTIONS.",
    )
    paths: list[PathGlob] = Field(
        default=["/**"],
        description="The methods, by path: `*` is any text within one part of a path, `**` any number of parts. "
        "Without it, all.",
    )


RestUses: TypeAlias = list[
    Annotated[
        Annotated[NonEmpty, Tag("<text>")] | Annotated[RestUse, Tag("<map>")],
        text_or_map("the name of a set or `{set: ...}`"),
    ]
]
Resources: TypeAlias = dict[ResourcePath, dict[Verb, MethodModel]]


class RestOverlay(ManifestModel):
    """What is different in one environment."""

    resources: Resources = Field(
        description="Laid over `resources`, field by field; a method that stands only here is listed here only."
    )


class RestSpec(ManifestModel):
    """The API, and its integration responses."""

    api: ApiAddress = Field(description="Which REST API it is.")
    prune: Prune = True
    method_responses: MethodResponses = Field(
        default="check",
        description="What a missing method response is: `check`: an error; `ensure`: it is created or extended first.",
    )
    own: Own
    deploy: DeploySettings = Field(
        default=DeploySettings.model_construct(), description="What becomes of changes once they are made."
    )
    use: RestUses = Field(
        default_factory=list, description="Response sets for every listed method, below those of the method."
    )
    resources: Resources = Field(
        description="The listed methods by resource path and HTTP verb. Methods that are not listed are never touched."
    )
    overlays: dict[NonEmpty, RestOverlay] = Field(
        default_factory=dict, description="What is different per environment, laid over all else."
    )


class RestApiManifest(ManifestModel):
    """The integration responses of one REST API."""

    api_version: Version = Field(description="The version of this format.")
    kind: Literal["RestApi"] = Field(description="What sort of API it is.")
    metadata: Metadata = Field(description="What the manifest is called.")
    spec: RestSpec = Field(description="The API, and its integration responses.")
