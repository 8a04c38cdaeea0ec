"""What manifests of every kind are made of, as pydantic models and types.

Promise: unknown keys are refused, and values keep the type that YAML gave them. Descriptions are for people: they
become the JSON Schema that editors show. The keys in YAML are AWS's own, in camelCase; here they are snake_case.

`absent` counts as not set, as the value of a field, of a map's key, or of a response: it takes away what earlier layers
(response sets, the manifest under an overlay) say.
"""

from typing import Annotated, Any, Final, Literal, TypeAlias

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

_TEXT: Final = "<text>"
_MAP: Final = "<map>"
TAGS: Final = frozenset({_TEXT, _MAP, "<RestApi>", "<WebSocketApi>"})
"""What pydantic puts into the place of an error without it being in the YAML."""


def _form(value: object) -> str | None:
    if isinstance(value, str):
        return _TEXT
    return _MAP if isinstance(value, dict | BaseModel) else None


def text_or_map(wanted: str) -> Discriminator:
    """Choose by the YAML's form, so that one mistake is one error; `wanted` says what fits."""
    return Discriminator(_form, custom_error_type=WRONG_FORM, custom_error_message=wanted)


class ManifestModel(BaseModel):
    """A map in a manifest."""

    # Built once, as part of the whole: building each part for itself as well costs every start 20 ms.
    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        alias_generator=to_camel,
        defer_build=True,
        # Editors show the title: there it is the thing, not our model of it
        model_title_generator=lambda model: model.__name__.removesuffix("Model"),
    )


class TemplateFile(ManifestModel):
    """A mapping template in a file of its own."""

    file: NonEmpty = Field(
        description="The file, relative to the document that names it and within its root. One newline at its end is "
        "not part of the template."
    )


Template: TypeAlias = Annotated[
    Annotated[str, Tag(_TEXT)] | Annotated[TemplateFile, Tag(_MAP)], text_or_map("template text or `{file: ...}`")
]
Parameters: TypeAlias = Annotated[
    Annotated[AbsentWord, Tag(_TEXT)] | Annotated[dict[str, str], Tag(_MAP)], text_or_map("a map or `absent`")
]
Templates: TypeAlias = Annotated[
    Annotated[AbsentWord, Tag(_TEXT)] | Annotated[dict[str, Template], Tag(_MAP)], text_or_map("a map or `absent`")
]
HANDLING_PATTERN: Final = "^([A-Z][A-Z0-9_]*|absent)$"
ContentHandling: TypeAlias = Annotated[
    str,
    StringConstraints(pattern=HANDLING_PATTERN),
    # Editors offer the known ones; a value that AWS adds later is exported, and has to be taken back
    WithJsonSchema(
        {"anyOf": [{"enum": [*CONTENT_HANDLINGS, ABSENT_WORD]}, {"pattern": HANDLING_PATTERN, "type": "string"}]}
    ),
]

Protect: TypeAlias = Annotated[bool, Field(description="A plan that deletes this response is refused.")]
Allow: TypeAlias = Annotated[
    list[str], Field(default_factory=list, description="The lint rules that are silenced for this response.")
]
Prune: TypeAlias = Annotated[
    bool, Field(description="Whether live responses of what is listed, that are not listed themselves, are deleted.")
]
OWN: Final[Any] = Field(
    default_factory=list,
    description="The fields that are owned, as patterns: `responseTemplates`, `*`, "
    "`responseParameters.method.response.header.X-*`. Others are neither compared nor changed, and live responses that "
    "are not listed stay. The nearest `own` counts; without any, all fields are owned.",
    min_length=1,
)


Written: TypeAlias = dict[str, str | dict[str, str] | dict[str, str | TemplateFile]]
"""The fields of a response that were written, under AWS's own names, `absent` as the word."""


class SetUse(ManifestModel):
    """A response set by its name."""

    set: NonEmpty = Field(description="The name of the response set.")


Use: TypeAlias = Annotated[
    Annotated[NonEmpty, Tag(_TEXT)] | Annotated[SetUse, Tag(_MAP)], text_or_map("the name of a set or `{set: ...}`")
]
Uses: TypeAlias = Annotated[
    list[Use],
    Field(
        default_factory=list,
        description="Response sets, each laid over the ones before; the responses here are laid over all.",
    ),
]


def set_name(use: str | SetUse) -> str:
    """The set that is meant."""
    return use if isinstance(use, str) else use.set


class ApiAddress(ManifestModel):
    """Which API it is: by exactly one of `id` and `name`."""

    # The one that is not given reads as "".
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
    """What becomes of changes once they are made."""

    stages: list[NonEmpty] = Field(
        default_factory=list, description="The stages that `--deploy` deploys to, and that drift compares as well."
    )


class Metadata(ManifestModel):
    """What the manifest is called."""

    name: Name = Field(
        description="Unique among the manifests that are loaded together. It begins every address, as in `petstore: "
        "GET /pets 200`."
    )
    labels: dict[str, str] = Field(default_factory=dict, description="What `--selector` selects by.")
    environments: list[NonEmpty] = Field(
        default_factory=list,
        min_length=1,
        description="The only environments that the manifest is for; without it, all.",
    )


class ListedModel(ManifestModel):
    """What a manifest lists, and so owns the responses of."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["responses"]}, {"required": ["use"]}]})

    use: Uses

    @model_validator(mode="after")
    def _says_which_responses(self) -> "ListedModel":
        if not {"responses", "use"} & self.model_fields_set:
            raise PydanticCustomError(NO_RESPONSES, "neither `responses` nor `use` is there")
        return self
