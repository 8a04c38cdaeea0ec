"""The schema of a `kind: ResponseTest` document, as pydantic models.

What validates is sound part by part. Whether the parts of a test fit together is only known once the defaults are
merged under it (`engine.response_tests`): one kind of backend, one method, at least one expectation. `parts` has what
the kinds share.
"""

import re
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from reconciler.manifest.schema.parts import (
    LIST_TAG,
    MAP_TAG,
    TEXT_TAG,
    WRONG_FORM,
    ManifestModel,
    Name,
    NonEmpty,
    Version,
    text_or_map,
)

STATUS: Final = "status"
ONE_BODY: Final = "one-body"

METHOD_PATTERN: Final = r"^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|ANY) (/|(/[^/\s]+)+)$"
UNKNOWN_PATTERN: Final = r"^(selected|status|body|delivered|headers\..+)$"
BASE64_PATTERN: Final = r"^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"

_STATUSES: Final = range(100, 1000)
_STATUS_TEXT: Final = re.compile("[1-9][0-9][0-9]")


def _status(value: object) -> object:
    """Return a status as a number, whether it is written as one or as a text."""
    number = int(value) if isinstance(value, str) and _STATUS_TEXT.fullmatch(value) else value
    if isinstance(number, bool) or not isinstance(number, int) or number not in _STATUSES:
        raise PydanticCustomError(STATUS, "a status code")
    return number


def _key(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _text_or_list(value: object) -> str | None:
    if isinstance(value, str):
        return TEXT_TAG
    return LIST_TAG if isinstance(value, list) else None


Status: TypeAlias = Annotated[
    int,
    BeforeValidator(_status),
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 100, "maximum": 999}, {"type": "string", "pattern": "^[1-9]\\d\\d$"}]}
    ),
]
ResponseCode: TypeAlias = Annotated[
    str, BeforeValidator(_key), WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "integer"}]})
]
HeaderText: TypeAlias = Annotated[
    Annotated[str, Tag(TEXT_TAG)] | Annotated[list[str], Tag(LIST_TAG)],
    Discriminator(_text_or_list, custom_error_type=WRONG_FORM, custom_error_message="a text or a list of texts"),
]
Headers: TypeAlias = dict[NonEmpty, HeaderText]
Texts: TypeAlias = dict[NonEmpty, str]
JsonMap: TypeAlias = dict[str, Any]

_BODY_KEYS: Final = ("json", "file", "base64")


def _without_default(schema: JsonMap) -> None:
    """Drop the default of a truth value that is compared or guessed where it is not written."""
    del schema["default"]


def _one_of(*keys: str) -> dict[str, Any]:
    return {"oneOf": [{"required": [key]} for key in keys]}


class BodyModel(ManifestModel):
    """A body that is not written as a text: exactly one of the keys."""

    model_config = ConfigDict(json_schema_extra=_one_of(*_BODY_KEYS))

    json_: Any = Field(default=None, alias="json", description="Any value; the body is its JSON.")
    file: NonEmpty = Field(
        default="",
        description="A file, relative to the document that names it and within its root. One newline at its end is not "
        "part of the body. A file that is not UTF-8 is a binary body.",
    )
    base64: Annotated[str, StringConstraints(pattern=BASE64_PATTERN)] = Field(
        default="", description="The base64 of a binary body."
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> "BodyModel":
        if len(self.model_fields_set) != 1:
            raise PydanticCustomError(ONE_BODY, "the body")
        return self


class ExpectedBodyModel(BodyModel):
    """The body that is expected, if it is not written as a text: exactly one of the keys."""

    model_config = ConfigDict(json_schema_extra=_one_of(*_BODY_KEYS, "contains"))

    json_: Any = Field(default=None, alias="json", description="The value that the body is the JSON of.")
    contains: Any = Field(
        default=None,
        description="A value whose members the JSON of the body has to have, at any depth. It may have more; of a list "
        "all items are compared.",
    )


_BODY_FORMS: Final = "text or one of `{json: ...}`, `{file: ...}`, `{base64: ...}`"
Body: TypeAlias = Annotated[
    Annotated[str, Tag(TEXT_TAG)] | Annotated[BodyModel, Tag(MAP_TAG)], text_or_map(_BODY_FORMS)
]
ExpectedBody: TypeAlias = Annotated[
    Annotated[str, Tag(TEXT_TAG)] | Annotated[ExpectedBodyModel, Tag(MAP_TAG)],
    text_or_map("text or one of `{json: ...}`, `{contains: ...}`, `{file: ...}`, `{base64: ...}`"),
]


class RequestModel(ManifestModel):
    """The client's request, as `$input.params()` sees it."""

    path: Texts = Field(default_factory=dict, description="The path parameters.")
    query: Texts = Field(default_factory=dict, description="The query string parameters.")
    headers: Texts = Field(default_factory=dict, description="The headers; `Accept` chooses the template.")
    body: Body = Field(default="", description="The body of the request.")


class BackendModel(ManifestModel):
    """What the backend answered: a Lambda function, an HTTP backend or AWS service, a mock integration, or nothing."""

    lambda_: Any = Field(
        default=None,
        alias="lambda",
        description="The value that the Lambda function returned; of a failed one {errorMessage: ..., errorType: ...}.",
    )
    lambda_text: str = Field(default="", description="What the Lambda function returned, if it is no JSON.")
    failed: bool = Field(
        default=False,
        json_schema_extra=_without_default,
        description="Whether the Lambda function failed. Without it: whether its value has `errorMessage` at the top.",
    )
    status: Status = Field(default=200, description="The status code of an HTTP backend or AWS service.")
    headers: Headers = Field(default_factory=dict, description="Its headers; a list is a header that is sent often.")
    body: Body = Field(default="", description="Its body.")
    mock: Status = Field(default=200, description="The `statusCode` that the request template of a mock produced.")
    error: Literal["timeout", "connection"] = Field(
        default="timeout", description="The backend did not answer, or could not be reached."
    )


class ExpectModel(ManifestModel):
    """What the client should get. What is not named is not compared."""

    status: Status = Field(default=200, description="The status code that the client gets (REST).")
    selected: ResponseCode = Field(
        default="", description="The integration response that is selected, by its status code or key."
    )
    headers: Headers = Field(
        default_factory=dict,
        description="Headers by name (REST); `absent` for one that is not sent, a list for one that is sent often.",
    )
    body: ExpectedBody = Field(default="", description="The body.")
    error: bool = Field(
        default=False,
        json_schema_extra=_without_default,
        description="Whether API Gateway answers with an error of its own.",
    )
    delivered: bool = Field(
        default=True,
        json_schema_extra=_without_default,
        description="Whether the client gets the answer at all (WebSocket).",
    )
    unknown: list[Annotated[str, StringConstraints(pattern=UNKNOWN_PATTERN)]] = Field(
        default_factory=list,
        description="The values that nobody can know, because no source says what API Gateway does: `selected`, "
        "`status`, `body`, `delivered`, `headers.NAME`.",
    )


class ApiFactsModel(ManifestModel):
    """What a manifest does not hold, and the answer depends on."""

    binary_media_types: list[NonEmpty] = Field(
        default_factory=list, description="The binary media types of the API, as in `image/*`."
    )
    method_responses: list[Status] = Field(
        default_factory=list,
        description="The statuses that the method declares (REST); any other is answered with a 500. Without it, all "
        "are declared.",
    )
    integration_type: Literal["AWS", "AWS_PROXY", "HTTP", "HTTP_PROXY", "MOCK"] = Field(
        default="AWS", description="The type of the integration; without it, one that fits the backend."
    )
    route_response: bool = Field(
        default=True, description="Whether the route has a route response (WebSocket); without one it is one-way."
    )


# Shared, as pydantic would copy a default for each test
_NO_FACTS: Final = ApiFactsModel.model_construct()
_NO_REQUEST: Final = RequestModel.model_construct()
_NO_BACKEND: Final = BackendModel.model_construct()
_NO_EXPECTATION: Final = ExpectModel.model_construct()


class ResponseTestDefaults(ManifestModel):
    """What tests have in common. A test's own values are merged over it, map by map; bodies replace each other."""

    method: Annotated[str, StringConstraints(pattern=METHOD_PATTERN)] = Field(
        default="", description="The method, as in `GET /pets/{petId}` (REST)."
    )
    route: NonEmpty = Field(default="", description="The key of a route (WebSocket).")
    integration: NonEmpty = Field(default="", description="The id of an integration that no route targets (WebSocket).")
    api: ApiFactsModel = Field(
        default_factory=lambda: _NO_FACTS, description="What a manifest does not hold; merged over `spec.api`."
    )
    request: RequestModel = Field(default_factory=lambda: _NO_REQUEST, description="The client's request.")
    context: JsonMap = Field(default_factory=dict, description="What `$context` holds, as in {requestId: r-1}.")
    stage_variables: Texts = Field(default_factory=dict, description="What `$stageVariables` holds.")
    state: JsonMap = Field(
        default_factory=dict,
        description="What the request template left in `$context`: `requestOverride`, `responseOverride`, own keys.",
    )
    backend: BackendModel = Field(default_factory=lambda: _NO_BACKEND, description="What the backend answered.")
    expect: ExpectModel = Field(default_factory=lambda: _NO_EXPECTATION, description="What the client should get.")


class ResponseTestEntry(ResponseTestDefaults):
    """One test: an answer of the backend, and what the client should get for it."""

    name: NonEmpty = Field(description="Unique within the document.")


_NO_DEFAULTS: Final = ResponseTestDefaults.model_construct()


class ResponseTestSpec(ManifestModel):
    """The manifest that is tested, and the tests."""

    manifest: NonEmpty = Field(description="The name of the manifest.")
    api: ApiFactsModel = Field(
        default_factory=lambda: _NO_FACTS, description="What a manifest does not hold, for all tests."
    )
    defaults: ResponseTestDefaults = Field(default_factory=lambda: _NO_DEFAULTS, description="Merged under each test.")
    tests: list[ResponseTestEntry] = Field(description="The tests.", min_length=1)


class ResponseTestMetadata(ManifestModel):
    """The name of the document."""

    name: Name = Field(description="Unique among the documents with response tests that are loaded together.")


class ResponseTest(ManifestModel):
    """Tests of what a client would get, which run offline."""

    api_version: Version = Field(description="The version of this format.")
    kind: Literal["ResponseTest"] = Field(description="Tests of responses.")
    metadata: ResponseTestMetadata = Field(description="The name of the document.")
    spec: ResponseTestSpec = Field(description="The manifest that is tested, and the tests.")
