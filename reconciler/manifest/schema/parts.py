"""The parts that manifests of every kind share, as pydantic models and types.

Unknown keys are refused, and values keep the type that YAML gave them. Descriptions are for people: they become the
JSON Schema that editors show. The keys in YAML are AWS's own, in camelCase; here they are snake_case.

`absent` as the value of a field, of a map's key or of a response means "not set": it removes what earlier layers
(response sets, the manifest under an overlay) say.
"""

from collections.abc import Iterable
from typing import Annotated, Any, Final, Literal, TypeAlias, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    WithJsonSchema,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from reconciler.models.responses import CONTENT_HANDLINGS
from reconciler.normal import FieldRow

_T = TypeVar("_T")

ABSENT_WORD: Final = "absent"
WRONG_FORM: Final = "wrong-form"
NO_RESPONSES: Final = "no-responses"
NOTHING_LISTED: Final = "nothing-listed"
SET_FOR: Final = "set-for"

NAME_PATTERN: Final = "^[A-Za-z0-9][A-Za-z0-9._-]*$"

AbsentWord: TypeAlias = Literal["absent"]
Version: TypeAlias = Literal["reconciler/v1"]
Name: TypeAlias = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
NonEmpty: TypeAlias = Annotated[str, StringConstraints(min_length=1)]

TEXT_TAG: Final = "<text>"
MAP_TAG: Final = "<map>"
LIST_TAG: Final = "<list>"
TAGS: Final = frozenset({TEXT_TAG, MAP_TAG, LIST_TAG, "<RestApi>", "<WebSocketApi>"})
"""Path steps that pydantic adds to an error and that are not in the YAML."""


def _form(value: object) -> str | None:
    if isinstance(value, str):
        return TEXT_TAG
    return MAP_TAG if isinstance(value, dict | BaseModel) else None


def text_or_map(wanted: str) -> Discriminator:
    """Choose a union's member by the form of the YAML, so one mistake gives one error; `wanted` names both forms."""
    return Discriminator(_form, custom_error_type=WRONG_FORM, custom_error_message=wanted)


class ManifestModel(BaseModel):
    """A map in a manifest."""

    # Built once, as part of a whole manifest: building each part too costs every start 20 ms.
    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        alias_generator=to_camel,
        defer_build=True,
        # Editors show the title: it names the thing, not our model of it
        model_title_generator=lambda model: model.__name__.removesuffix("Model"),
    )


class TemplateFile(ManifestModel):
    """A mapping template in a separate file."""

    file: NonEmpty = Field(
        description="The file, relative to the document that names it and within its root. One newline at its end is "
        "not part of the template."
    )


Template: TypeAlias = Annotated[
    Annotated[str, Tag(TEXT_TAG)] | Annotated[TemplateFile, Tag(MAP_TAG)], text_or_map("template text or `{file: ...}`")
]
OrAbsent: TypeAlias = Annotated[
    Annotated[AbsentWord, Tag(TEXT_TAG)] | Annotated[_T, Tag(MAP_TAG)], text_or_map("a map or `absent`")
]
Parameters: TypeAlias = OrAbsent[dict[str, str]]
Templates: TypeAlias = OrAbsent[dict[str, Template]]
HANDLING_PATTERN: Final = "^([A-Z][A-Z0-9_]*|absent)$"
ContentHandling: TypeAlias = Annotated[
    str,
    StringConstraints(pattern=HANDLING_PATTERN),
    # Editors offer the known values; one that AWS adds later is exported, and has to validate again
    WithJsonSchema(
        {"anyOf": [{"enum": [*CONTENT_HANDLINGS, ABSENT_WORD]}, {"pattern": HANDLING_PATTERN, "type": "string"}]}
    ),
]

Protect: TypeAlias = Annotated[bool, Field(description="Refuse a plan that deletes this response.")]
Allow: TypeAlias = Annotated[
    list[str], Field(default_factory=list, description="The lint rules to silence for this response.")
]
Prune: TypeAlias = Annotated[
    bool, Field(description="Whether to delete live responses that a listed method (route, integration) does not list.")
]
OWN: Final[Any] = Field(
    default_factory=list,
    description="The fields that are owned, as patterns: `responseTemplates`, `*`, "
    "`responseParameters.method.response.header.X-*`. Others are neither compared nor changed, and live responses that "
    "are not listed stay. The nearest `own` counts; without any, all fields are owned.",
    min_length=1,
)


Written: TypeAlias = dict[str, str | dict[str, str] | dict[str, str | TemplateFile]]
"""The written fields of a response, under AWS's own names, with `absent` as that word."""

SETTINGS: Final = frozenset({"protect", "allow", "own"})
"""The keys of a response that say how it is handled; all others are fields of the response in AWS."""


class ResponseModel(ManifestModel):
    """One integration response.

    A field that is left out has the value `absent`; only `written` distinguishes the two.
    """

    def written(self) -> Written:
        """Return the written fields under AWS's own names."""
        written = self.model_fields_set - SETTINGS
        return {to_camel(name): getattr(self, name) for name in type(self).model_fields if name in written}


class SetUse(ManifestModel):
    """A response set by its name."""

    set: NonEmpty = Field(description="The name of the response set.")


NameOr: TypeAlias = Annotated[
    Annotated[NonEmpty, Tag(TEXT_TAG)] | Annotated[_T, Tag(MAP_TAG)], text_or_map("the name of a set or `{set: ...}`")
]
Uses: TypeAlias = Annotated[
    list[NameOr[SetUse]],
    Field(
        default_factory=list,
        description="Response sets, each merged over the ones before; the responses here are merged over all of them.",
    ),
]


def set_name(use: str | SetUse) -> str:
    """Return the name of the set."""
    return use if isinstance(use, str) else use.set


class ApiAddress(ManifestModel):
    """The API, by exactly one of `id` and `name`."""

    # A missing one has the value ""
    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["id"]}, {"required": ["name"]}]})

    id: NonEmpty = Field(default="", description="The id of the API, as in a1b2c3d4e5.")
    name: NonEmpty = Field(
        default="", description="The name of the API; exactly one API of the account and region must have it."
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> "ApiAddress":
        if bool(self.id) == bool(self.name):
            raise PydanticCustomError("api", "an API is addressed by exactly one of `id` and `name`")
        return self


class DeploySettings(ManifestModel):
    """How changes are deployed."""

    stages: list[NonEmpty] = Field(
        default_factory=list, description="The stages that `--deploy` deploys to, and that drift compares as well."
    )


class Metadata(ManifestModel):
    """The name of the manifest, and what selects it."""

    name: Name = Field(
        description="Unique among the manifests that are loaded together. Begins every address, as in `petstore: "
        "GET /pets 200`."
    )
    labels: dict[str, str] = Field(default_factory=dict, description="The labels that `--selector` matches.")
    environments: list[NonEmpty] = Field(
        default_factory=list,
        min_length=1,
        description="The environments that the manifest is for; all of them if omitted.",
    )


class ListedModel(ManifestModel):
    """An entry that a manifest lists; the manifest owns its responses."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["responses"]}, {"required": ["use"]}]})

    use: Uses

    @model_validator(mode="after")
    def _says_which_responses(self) -> "ListedModel":
        if not {"responses", "use"} & self.model_fields_set:
            raise PydanticCustomError(NO_RESPONSES, "neither `responses` nor `use` exists")
        return self


def field_pattern(rows: Iterable[FieldRow]) -> str:
    """Return the pattern of a field in `own`: a glob, the name of a field, or a map's name with one of its keys."""
    texts = [row.name for row in rows if row.form == "text"]
    maps = [row.name for row in rows if row.form == "map"]
    return rf"^([^*?\[.]*[*?\[].*|{'|'.join(texts)}|({'|'.join(maps)})(\..+)?)$"
