"""The schema of a `kind: RestApi` manifest, as pydantic models.

What validates is structurally sound; lint and the live checks judge what the values mean to AWS. `parts` has what the
kinds share.
"""

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field, StringConstraints

from reconciler.manifest.schema.parts import (
    ABSENT_WORD,
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
from reconciler.models.desired import MethodResponses
from reconciler.normal import REST_FIELDS

STATUS_PATTERN: Final = "^[1-5][0-9][0-9]$"
PATH_PATTERN: Final = r"^(/|(/[^/\s]+)+)$"
GLOB_PATTERN: Final = r"^(/|\*\*)"
FIELD_PATTERN: Final = field_pattern(REST_FIELDS)

Verb: TypeAlias = Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY"]
StatusCode: TypeAlias = Annotated[str, StringConstraints(pattern=STATUS_PATTERN)]
ResourcePath: TypeAlias = Annotated[str, StringConstraints(pattern=PATH_PATTERN)]
PathGlob: TypeAlias = Annotated[str, StringConstraints(pattern=GLOB_PATTERN)]
Own: TypeAlias = Annotated[list[Annotated[str, StringConstraints(pattern=FIELD_PATTERN)]], OWN]


class RestResponseModel(ResponseModel):
    """One integration response: what a backend response of this kind is turned into."""

    selection_pattern: str = Field(
        default=ABSENT_WORD,
        description="A Java regular expression that the whole error message (Lambda) or status code (HTTP, mock) has "
        "to match. Without it this is the method's default response.",
    )
    content_handling: ContentHandling = Field(
        default=ABSENT_WORD,
        description="How the payload is converted; without it, the payload passes through unchanged.",
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


RestResponses: TypeAlias = dict[StatusCode, OrAbsent[RestResponseModel]]


class MethodModel(ListedModel):
    """A listed method: the manifest owns its integration responses."""

    own: Own
    responses: RestResponses = Field(
        default_factory=dict,
        description="The integration responses by status code; `absent` means that the response must not exist, {} "
        "for the whole map that the method has only the responses of the sets in use.",
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


Resources: TypeAlias = dict[ResourcePath, dict[Verb, MethodModel]]


class RestOverlay(ManifestModel):
    """The differences in one environment."""

    resources: Resources = Field(
        description="Merged over `resources`, field by field; a method that only the overlay has is listed in its "
        "environment only."
    )


class RestSpec(ManifestModel):
    """The API, and its integration responses."""

    api: ApiAddress = Field(description="The REST API.")
    prune: Prune = True
    method_responses: MethodResponses = Field(
        default="check",
        description="What happens if a method response is missing: `check`: an error; `ensure`: it is created or "
        "extended first.",
    )
    own: Own
    deploy: DeploySettings = Field(default=DeploySettings.model_construct(), description="How changes are deployed.")
    use: list[NameOr[RestUse]] = Field(
        default_factory=list, description="Response sets for every listed method, below those of the method."
    )
    resources: Resources = Field(
        description="The listed methods by resource path and HTTP verb. Methods that are not listed are never touched."
    )
    overlays: dict[NonEmpty, RestOverlay] = Field(
        default_factory=dict, description="The differences per environment, merged over everything else."
    )


class RestApiManifest(ManifestModel):
    """The integration responses of one REST API."""

    api_version: Version = Field(description="The version of this format.")
    kind: Literal["RestApi"] = Field(description="The kind of API.")
    metadata: Metadata = Field(description="The name of the manifest, and what selects it.")
    spec: RestSpec = Field(description="The API, and its integration responses.")
