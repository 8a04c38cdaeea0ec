"""The shape of a manifest, as pydantic models: what may stand where, and what it means.

Promise: a `RestApiManifest` is structurally sound; what its values mean to AWS is for lint and the live checks. Unknown
keys are refused. Descriptions are for people: they become the JSON Schema that editors show. The keys in YAML are AWS's
own, in camelCase; here they are snake_case.

`absent` counts as not set, as the value of a field, of a map's key, or of a response: it takes away what comes from
elsewhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StringConstraints, Tag, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from reconciler.models.desired import MethodResponses
from reconciler.resolve.nodes import Path, Places

ABSENT_WORD: Final = "absent"
WRONG_FORM: Final = "wrong-form"

STATUS_PATTERN: Final = "^[1-5][0-9][0-9]$"
PATH_PATTERN: Final = "^/"
NAME_PATTERN: Final = "^[A-Za-z0-9][A-Za-z0-9._-]*$"

AbsentWord: TypeAlias = Literal["absent"]
Verb: TypeAlias = Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY"]
StatusCode: TypeAlias = Annotated[str, StringConstraints(pattern=STATUS_PATTERN)]
ResourcePath: TypeAlias = Annotated[str, StringConstraints(pattern=PATH_PATTERN)]
Name: TypeAlias = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
NonEmpty: TypeAlias = Annotated[str, StringConstraints(min_length=1)]

_TEXT: Final = "<text>"
_MAP: Final = "<map>"
TAGS: Final = frozenset({_TEXT, _MAP})
"""What pydantic puts into the place of an error without it being in the YAML."""


def _form(value: object) -> str | None:
    if isinstance(value, str):
        return _TEXT
    return _MAP if isinstance(value, dict) else None


def _text_or_map(wanted: str) -> Discriminator:
    """Choose by the YAML's form, so that one mistake is one error; `wanted` says what fits."""
    return Discriminator(_form, custom_error_type=WRONG_FORM, custom_error_message=wanted)


class _Model(BaseModel):
    # Built once, as part of the whole: building each part for itself as well costs every start 20 ms.
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, alias_generator=to_camel, defer_build=True)


class TemplateFile(_Model):
    """A mapping template in a file of its own."""

    file: NonEmpty = Field(
        description="The file, relative to the manifest and within its root. One newline at its end is not part of "
        "the template."
    )


Template: TypeAlias = Annotated[
    Annotated[str, Tag(_TEXT)] | Annotated[TemplateFile, Tag(_MAP)], _text_or_map("template text or `{file: ...}`")
]
Parameters: TypeAlias = Annotated[
    Annotated[AbsentWord, Tag(_TEXT)] | Annotated[dict[str, str], Tag(_MAP)], _text_or_map("a map or `absent`")
]
Templates: TypeAlias = Annotated[
    Annotated[AbsentWord, Tag(_TEXT)] | Annotated[dict[str, Template], Tag(_MAP)], _text_or_map("a map or `absent`")
]


class Response(_Model):
    """One integration response: what a backend's answer of this kind is turned into."""

    # A field that is left out reads as `absent`; `model_fields_set` tells the two apart.
    selection_pattern: str = Field(
        default=ABSENT_WORD,
        description="A Java regular expression that the whole error message (Lambda) or status code (HTTP, mock) has "
        "to match. Without it this is the method's default response.",
    )
    content_handling: Literal["CONVERT_TO_BINARY", "CONVERT_TO_TEXT", "absent"] = Field(
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
    protect: bool = Field(default=False, description="A plan that deletes this response is refused.")
    allow: list[str] = Field(default=[], description="The lint rules that are silenced for this response.")


ResponseOrAbsent: TypeAlias = Annotated[
    Annotated[AbsentWord, Tag(_TEXT)] | Annotated[Response, Tag(_MAP)], _text_or_map("a response (a map) or `absent`")
]


class Method(_Model):
    """A listed method: the manifest owns its integration responses."""

    responses: dict[StatusCode, ResponseOrAbsent] = Field(
        description="The integration responses by status code; `absent` says that one must not be there, {} as a whole "
        "that the method has none."
    )


class Api(_Model):
    """Which REST API it is: by exactly one of `id` and `name`."""

    # The one that is not given reads as "".
    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["id"]}, {"required": ["name"]}]})

    id: NonEmpty = Field(default="", description="The id of the API, as in a1b2c3d4e5.")
    name: NonEmpty = Field(
        default="", description="The name of the API; exactly one API of the account and region must have it."
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> "Api":
        if bool(self.id) == bool(self.name):
            raise PydanticCustomError("api", "an API is addressed by exactly one of `id` and `name`")
        return self


class Deploy(_Model):
    """What becomes of changes once they are made."""

    stages: list[NonEmpty] = Field(
        default=[], description="The stages that `--deploy` deploys to, and that drift compares as well."
    )


class Metadata(_Model):
    """What the manifest is called."""

    name: Name = Field(
        description="Unique among the manifests that are loaded together. It begins every address, as in `petstore: "
        "GET /pets 200`."
    )
    labels: dict[str, str] = Field(default={}, description="What `--selector` selects by.")


class Spec(_Model):
    """The API, and its integration responses."""

    api: Api = Field(description="Which REST API it is.")
    prune: bool = Field(
        default=True,
        description="Whether live responses of the listed methods that are not listed themselves are deleted.",
    )
    method_responses: MethodResponses = Field(
        default="check",
        description="What a missing method response is: `check`: an error; `ensure`: it is created or extended first.",
    )
    deploy: Deploy = Field(default=Deploy.model_construct(), description="What becomes of changes once they are made.")
    resources: dict[ResourcePath, dict[Verb, Method]] = Field(
        description="The listed methods by resource path and HTTP verb. Methods that are not listed are never touched."
    )


class RestApiManifest(_Model):
    """The integration responses of one REST API."""

    api_version: Literal["reconciler/v1"] = Field(description="The version of this format.")
    kind: Literal["RestApi"] = Field(description="What sort of API it is.")
    metadata: Metadata = Field(description="What the manifest is called.")
    spec: Spec = Field(description="The API, and its integration responses.")


@dataclass(frozen=True, slots=True)
class Document:
    """A sound manifest, where all of it stands, and the texts of its template files by the name it gives them."""

    manifest: RestApiManifest
    places: Places
    templates: Mapping[str, str] = field(default_factory=dict)


def response_path(path: str, verb: str, code: str) -> Path:
    """Where a response stands in a manifest."""
    return ("spec", "resources", path, verb, "responses", code)


def listed(manifest: RestApiManifest) -> Iterator[tuple[str, str, Method]]:
    """Every listed method with its path and verb."""
    for path, methods in manifest.spec.resources.items():
        for verb, method in methods.items():
            yield path, verb, method


def template_files(manifest: RestApiManifest) -> Iterator[tuple[Path, str]]:
    """Every `{file: ...}` of a manifest: where its name stands, and the name."""
    for path, verb, method in listed(manifest):
        for code, response in method.responses.items():
            templates = (*response_path(path, verb, code), "responseTemplates")
            for content_type, template in _templates_of(response).items():
                if isinstance(template, TemplateFile):
                    yield (*templates, content_type, "file"), template.file


def _templates_of(response: Response | AbsentWord) -> Mapping[str, str | TemplateFile]:
    if isinstance(response, str) or isinstance(response.response_templates, str):
        return {}
    return response.response_templates
