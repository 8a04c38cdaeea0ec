"""What the real API Gateway answers: situation -> HTTP status, error code, message, fields.

Every row is a fact with its source; the inputs are ours. Of the prepared API, `ROOT` and `GREEDY` stand for the ids
of its resources / and /{proxy+}.
Sources: "LS x#t" is LocalStack's snapshot test t in test_apigateway_x, answers that were recorded from AWS; "users" is
what several users report of AWS.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

HEADER: Final = "method.response.header.X-Trace"
"""The one header that the prepared method declares, for status 200."""

_LS_IR = "LS api#test_integration_response_"
_LS_MR = "LS api#test_update_method_"
_LS_PUT = "LS integrations#test_put_integration_validation"
_RESOURCE = "Invalid Resource identifier specified"
_METHOD = "Invalid Method identifier specified"
_INTEGRATION = "Invalid Integration identifier specified"
_STATUS = "Invalid Response status code specified"
_WORDS = "Member must satisfy enum value set: [add, remove, move, test, replace, copy]"
_NO_STATUS = (
    r"Value 'teapot' at 'statusCode' failed to satisfy constraint: Member must satisfy regular expression pattern: "
    r"[1-5]\d\d"
)
_LAMBDA = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/f/invocations"


@dataclass(frozen=True)
class Refusal:
    """A call that AWS refuses. `sent` is laid over the address of the prepared method, whose status 200 is taken."""

    situation: str
    operation: str
    sent: Mapping[str, Any]
    status: int
    code: str
    message: str
    source: str


def _mapped(text: str) -> str:
    return f"Invalid mapping expression specified: Validation Result: warnings : [], errors : [{text}]"


def _word(position: int) -> str:
    name = f"updateMethodResponseInput.patchOperations.{position}.member.op"
    return f"Value 'paint' at '{name}' failed to satisfy constraint: {_WORDS}"


def _patch(*words: str, path: str = f"/responseParameters/{HEADER}", value: str = "true") -> dict[str, Any]:
    return {"patchOperations": [{"op": word, "path": path, "value": value} for word in words]}


def _not_found(situation: str, operation: str, sent: Mapping[str, Any], message: str, source: str) -> Refusal:
    return Refusal(situation, operation, sent, 404, "NotFoundException", message, source)


def _bad(situation: str, operation: str, sent: Mapping[str, Any], message: str, source: str) -> Refusal:
    return Refusal(situation, operation, sent, 400, "BadRequestException", message, source)


def _conflict(situation: str, operation: str, sent: Mapping[str, Any], message: str, source: str) -> Refusal:
    return Refusal(situation, operation, sent, 409, "ConflictException", message, source)


def _invalid(situation: str, operation: str, sent: Mapping[str, Any], problems: list[str], source: str) -> Refusal:
    count = "1 validation error" if len(problems) == 1 else f"{len(problems)} validation errors"
    message = f"{count} detected: {'; '.join(problems)}"
    return Refusal(situation, operation, sent, 400, "ValidationException", message, source)


def _addresses(operation: str, verb_text: str, source: str, **sent: Any) -> list[Refusal]:  # noqa: ANN401 - JSON
    """An API, a resource and a verb that are not there; unknown and malformed verbs are alike."""
    return [
        _not_found("unknown API", operation, {**sent, "restApiId": "nowhere000"}, _RESOURCE, source),
        _not_found("unknown resource", operation, {**sent, "resourceId": "nowhere000"}, _RESOURCE, source),
        _not_found("verb without a method", operation, {**sent, "httpMethod": "PATCH"}, verb_text, source),
        _not_found("no verb at all", operation, {**sent, "httpMethod": "FETCH"}, verb_text, source),
    ]


def _put(kind: str, **sent: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"httpMethod": "POST", "type": kind, **sent}


def _without_verb() -> list[Refusal]:
    text = "Enumeration value for HttpMethod must be non-empty"
    cases = {"HTTP": "https://backend.example/", "HTTP_PROXY": "https://backend.example/", "AWS": _LAMBDA}
    return [
        _bad(f"{kind} without a verb", "PutIntegration", _put(kind, uri=uri), text, _LS_PUT)
        for kind, uri in cases.items()
    ]


def _bad_uris() -> list[Refusal]:
    endpoint, arn = "Invalid HTTP endpoint specified for URI", "Invalid ARN specified in the request"
    target = "AWS ARN for integration must contain path or action"
    proxy = "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations."
    role, tables = "arn:aws:iam::123456789012:role/caller", "arn:aws:apigateway:eu-west-1:dynamodb:action/PutItem"
    rows = [
        *((kind, "not an address", endpoint) for kind in ("HTTP", "HTTP_PROXY")),
        *((kind, "https://backend.example/", arn) for kind in ("AWS", "AWS_PROXY")),
        *((kind, role, target) for kind in ("AWS", "AWS_PROXY")),
        ("AWS_PROXY", tables, proxy),
    ]
    return [
        _bad(
            f"{kind} with the URI {uri}",
            "PutIntegration",
            _put(kind, uri=uri, integrationHttpMethod="POST"),
            text,
            "LS lambda#test_put_integration_aws_proxy_uri" if uri == tables else _LS_PUT,
        )
        for kind, uri, text in rows
    ]


REFUSALS: Final[tuple[Refusal, ...]] = (
    *_addresses("PutIntegrationResponse", _METHOD, f"{_LS_IR}wrong_*", statusCode="418"),
    *_addresses("GetIntegrationResponse", _METHOD, f"{_LS_IR}wrong_*", statusCode="200"),
    *_addresses(
        "DeleteIntegrationResponse", _INTEGRATION, "LS api#test_delete_integration_response_errors", statusCode="200"
    ),
    *_addresses("PutIntegration", _METHOD, "LS api#test_put_integration_response_validation", type="MOCK"),
    *_addresses("GetIntegration", _METHOD, "aws-semantics 12.4 (LS)"),
    *_addresses("TestInvokeMethod", _METHOD, "LS api#test_invoke_test_method"),
    *_addresses("UpdateMethodResponse", _METHOD, f"{_LS_MR}response_negative_tests", statusCode="200", **_patch("add")),
    _not_found("no integration", "GetIntegration", {"httpMethod": "POST"}, _INTEGRATION, "aws-semantics 12.4 (LS)"),
    _not_found(
        "no integration",
        "GetIntegrationResponse",
        {"httpMethod": "POST", "statusCode": "200"},
        _INTEGRATION,
        f"{_LS_IR}invalid_integration",
    ),
    _not_found(
        "no integration",
        "PutIntegrationResponse",
        {"httpMethod": "POST", "statusCode": "200"},
        "No integration defined for method",
        "users (carrot/terraform-api-gateway-method-module#3)",
    ),
    _not_found(
        "no such status", "GetIntegrationResponse", {"statusCode": "418"}, _STATUS, f"{_LS_IR}wrong_status_code"
    ),
    _not_found(
        "no such status",
        "DeleteIntegrationResponse",
        {"statusCode": "418"},
        _STATUS,
        "LS api#test_delete_integration_response_errors",
    ),
    _not_found(
        "status that is not declared",
        "UpdateMethodResponse",
        {"statusCode": "418", **_patch("add")},
        _STATUS,
        f"{_LS_MR}response_negative_tests",
    ),
    *(
        _invalid("no status at all", operation, {"statusCode": "teapot"}, [_NO_STATUS], f"{_LS_IR}invalid_statuscode")
        for operation in ("PutIntegrationResponse", "GetIntegrationResponse")
    ),
    _invalid(
        "no status at all and a word that is none",
        "UpdateMethodResponse",
        {"statusCode": "teapot", **_patch("paint")},
        [_word(1), _NO_STATUS],
        f"{_LS_MR}response_negative_tests",
    ),
    *(
        _invalid(
            f"words {', '.join(words)}",
            "UpdateMethodResponse",
            {"statusCode": "200", **_patch(*words)},
            [_word(position) for position, word in enumerate(words, 1) if word == "paint"],
            f"{_LS_MR}response_wrong_operations",
        )
        for words in (("paint",), ("paint", "add"), ("paint",) * 4, ("paint", "replace", "paint"))
    ),
    *(
        _not_found(
            f"{word} of a header that is not declared",
            "UpdateMethodResponse",
            {"statusCode": "200", **_patch(word, path="/responseParameters/method.response.header.Gone")},
            "Invalid parameter name specified",
            f"{_LS_MR}wrong_param_names",
        )
        for word in ("replace", "remove")
    ),
    *(
        _not_found(
            f"{word} of a model that is not declared",
            "UpdateMethodResponse",
            {"statusCode": "200", **_patch(word, path="/responseModels/text~1csv", value="Empty")},
            "Content-Type specified was not found",
            f"{_LS_MR}wrong_param_names",
        )
        for word in ("replace", "remove")
    ),
    _bad(
        "a member that method responses do not have",
        "UpdateMethodResponse",
        {"statusCode": "200", **_patch("add", path="/colour/blue")},
        "Invalid patch path /colour/blue",
        f"{_LS_MR}lack_response_parameters_and_models",
    ),
    _conflict(
        "status that is declared already",
        "PutMethodResponse",
        {"statusCode": "200"},
        "Response already exists for this resource",
        "users (deployment scripts that match the text)",
    ),
    _conflict(
        "method that already exists",
        "PutMethod",
        {"authorizationType": "NONE"},
        "Method already exists for this resource",
        "users (aws/aws-cli#3992)",
    ),
    *(
        _conflict(
            f"a second response {situation}",
            "PutIntegrationResponse",
            {"statusCode": "418", **sent},
            f"Integration response with selection pattern {named} already exists",
            source,
        )
        for situation, sent, named, source in (
            ("without a pattern", {}, "default", "users (hashicorp/terraform#5893)"),
            ("with an empty pattern", {"selectionPattern": ""}, "default", "users (hashicorp/terraform#5893)"),
            ("with a pattern that is taken", {"selectionPattern": "5.."}, "5..", "aws-semantics 1.1 (inferred)"),
        )
    ),
    *(
        Refusal(
            f"{name} in place of a template",
            "PutIntegrationResponse",
            {"statusCode": "200", "responseTemplates": {"application/json": value}},
            400,
            "SerializationException",
            f"class {name} can not be converted to an String",
            source,
        )
        for name, value, source in (
            (
                "com.amazon.coral.value.json.numbers.TruncatingBigNumber",
                42,
                f"{_LS_IR}invalid_responsetemplates",
            ),
            ("java.lang.Boolean", True, "aws-semantics 12.4 (LS)"),
        )
    ),
    _bad(
        "a content type that is none",
        "PutIntegrationResponse",
        {"statusCode": "200", "responseTemplates": {"pdf": "x"}},
        "Validation Result: warnings : [], errors : [Invalid content type specified: pdf]",
        f"{_LS_IR}invalid_responsetemplates",
    ),
    _bad(
        "a mapping for a status that is not declared",
        "PutIntegrationResponse",
        {"statusCode": "418", "selectionPattern": "tea.*", "responseParameters": {HEADER: "'x'"}},
        _mapped("No method response exists for method."),
        "users (amazon-archives/aws-apigateway-importer#121)",
    ),
    _bad(
        "a header that is not declared",
        "PutIntegrationResponse",
        {"statusCode": "200", "responseParameters": {"method.response.header.X-Other": "'x'"}},
        _mapped("Invalid mapping expression parameter specified: method.response.header.X-Other"),
        "users (aws-solutions-constructs#1130)",
    ),
    _bad(
        "a mapping without quotes",
        "PutIntegrationResponse",
        {"statusCode": "200", "responseParameters": {HEADER: '"*"'}},
        _mapped('Invalid mapping expression specified: "*"'),
        "users (awsdocs/amazon-api-gateway-developer-guide#7)",
    ),
    _bad(
        "a header that is not declared and a mapping that is none",
        "PutIntegrationResponse",
        {"statusCode": "200", "responseParameters": {"method.response.header.X-Other": "''", HEADER: "true"}},
        _mapped(
            "Invalid mapping expression parameter specified: method.response.header.X-Other, "
            "Invalid mapping expression specified: true"
        ),
        "aws-semantics 1.1 (the wrapper is a list)",
    ),
    *_without_verb(),
    *_bad_uris(),
    _bad(
        "a request mapping without quotes",
        "PutIntegration",
        _put("MOCK", requestParameters={"integration.request.header.X-On": "true"}),
        _mapped("Invalid mapping expression specified: true"),
        "LS api#test_put_integration_request_parameter_bool_type",
    ),
    Refusal(
        "a boolean for a request mapping",
        "PutIntegration",
        _put("MOCK", requestParameters={"integration.request.header.X-On": True}),
        400,
        "SerializationException",
        "class java.lang.Boolean can not be converted to an String",
        "LS api#test_put_integration_request_parameter_bool_type",
    ),
    _bad(
        "a promotion without a canary",
        "UpdateStage",
        {
            "patchOperations": [
                {"op": "copy", "from": "/canarySettings/deploymentId", "path": "/deploymentId"},
            ]
        },
        "Promotion not available. Canary does not exist.",
        "aws-semantics 12.4 (LS)",
    ),
    _bad(
        "a stage that is pointed at an unknown deployment",
        "UpdateStage",
        {"patchOperations": [{"op": "replace", "path": "/deploymentId", "value": "nowhere000"}]},
        "Deployment id does not exist",
        "LS canary, LS api deployments",
    ),
    _bad(
        "a child of a greedy path variable",
        "CreateResource",
        {"parentId": "GREEDY", "pathPart": "below"},
        "Cannot create a child of a resource with a greedy path variable: {proxy+}",
        "LS-code, CreateResource (the refusal is certain, the text likely)",
    ),
    *(
        _bad(
            f"{part} next to {{proxy+}}",
            "CreateResource",
            {"parentId": "ROOT", "pathPart": part},
            "A sibling ({proxy+}) of this resource already has a variable path part -- only one is allowed",
            "users (a migration away from {proxy+}, 2026)",
        )
        for part in ("{id}", "{rest+}")
    ),
    _bad(
        "a deployment of an API with a method without integration",
        "CreateDeployment",
        {},
        "No integration defined for method",
        "users",
    ),
)


@dataclass(frozen=True)
class Reply:
    """A call that AWS answers: the members of the answer, and the HTTP status of the wire.

    `first`: calls that come before it, on the same method. `gone`: members that the answer does not have.
    """

    situation: str
    operation: str
    sent: Mapping[str, Any]
    status: int
    members: Mapping[str, Any]
    source: str
    first: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    gone: frozenset[str] = field(default_factory=frozenset)


_PUT_IR = "PutIntegrationResponse"
_TEMPLATES = "LS api#test_put_integration_response_templates"
_FULL = {"statusCode": "200", "selectionPattern": "", "responseTemplates": {"text/plain": "hello"}}
_DECLARED = {"responseParameters": {HEADER: True}, "responseModels": {"application/json": "Empty"}}
_EMPTY: Final[Mapping[str, Any]] = {"responseParameters": {}, "responseModels": {}}

_FIELDS: Final = {"selectionPattern", "responseTemplates", "responseParameters", "contentHandling"}
_STORED: Final[tuple[tuple[str, Mapping[str, Any], Mapping[str, Any], str], ...]] = (
    *(
        (
            f"a template that is {value!r}",
            {"responseTemplates": {"application/json": value}},
            {"responseTemplates": {"application/json": None}},
            _TEMPLATES,
        )
        for value in ("", None)
    ),
    ("an empty map of templates", {"responseTemplates": {}}, {"responseTemplates": {}}, _TEMPLATES),
    ("neither pattern nor templates", {}, {}, "LS lambda#test_lambda_aws_integration"),
    ("nulls", {"selectionPattern": None, "responseTemplates": None}, {}, "aws-semantics 1.1 (inferred)"),
    (
        "an empty map of mappings",
        {"responseParameters": {}},
        {"responseParameters": {}},
        "aws-semantics 1.1 (inferred)",
    ),
    (
        "an empty pattern",
        {"selectionPattern": ""},
        {"selectionPattern": ""},
        "LS api#test_lifecycle_integration_response",
    ),
    (
        "the pattern -",
        {"selectionPattern": "-"},
        {"selectionPattern": ""},
        "users (hashicorp/terraform-provider-aws#10222)",
    ),
    (
        "a mapping to a part of the body",
        {"responseParameters": {HEADER: "integration.response.body.items[0].id"}},
        {"responseParameters": {HEADER: "integration.response.body.items[0].id"}},
        "API Reference, PutIntegrationResponse",
    ),
    (
        "a handling of the content",
        {"contentHandling": "CONVERT_TO_TEXT"},
        {"contentHandling": "CONVERT_TO_TEXT"},
        "LS integrations#test_put_integration_responses",
    ),
)
"""What is put, what is there then, and nothing else."""


def _stored(situation: str, sent: Mapping[str, Any], stored: Mapping[str, Any], source: str) -> Reply:
    return Reply(
        situation,
        "GetIntegrationResponse",
        {"statusCode": "200"},
        200,
        {"statusCode": "200", **stored},
        source,
        first=((_PUT_IR, {"statusCode": "200", **sent}),),
        gone=frozenset(_FIELDS - stored.keys()),
    )


REPLIES: Final[tuple[Reply, ...]] = (
    Reply("a put that creates", _PUT_IR, _FULL, 201, _FULL, "LS api#test_lifecycle_integration_response"),
    Reply(
        "a put that overwrites",
        _PUT_IR,
        {"statusCode": "200", "selectionPattern": "again"},
        201,
        {"statusCode": "200", "selectionPattern": "again"},
        _TEMPLATES,
        first=((_PUT_IR, _FULL),),
        gone=frozenset({"responseTemplates"}),
    ),
    *(_stored(*row) for row in _STORED),
    Reply(
        "a response for a status that is not declared",
        "GetIntegration",
        {},
        200,
        {"integrationResponses": {"504": {"statusCode": "504", "selectionPattern": "late"}}},
        "LS lambda#test_lambda_selection_patterns",
        first=((_PUT_IR, {"statusCode": "504", "selectionPattern": "late"}),),
    ),
    Reply(
        "a new pattern",
        "UpdateIntegrationResponse",
        {"statusCode": "200", "patchOperations": [{"op": "replace", "path": "/selectionPattern", "value": "new"}]},
        200,
        {"selectionPattern": "new", "responseTemplates": {"text/plain": "hello"}},
        "LS api#test_lifecycle_integration_response",
        first=((_PUT_IR, _FULL),),
    ),
    Reply(
        "a response that is deleted",
        "DeleteIntegrationResponse",
        {"statusCode": "200"},
        204,
        {},
        "LS api#test_lifecycle_integration_response",
        first=((_PUT_IR, _FULL),),
    ),
    Reply(
        "empty maps of a method response",
        "PutMethodResponse",
        {"statusCode": "204", **_EMPTY},
        201,
        {"statusCode": "204", **_EMPTY},
        "LS api#test_lifecycle_method_response",
    ),
    Reply(
        "the last entries of a method response removed",
        "UpdateMethodResponse",
        {
            "statusCode": "204",
            "patchOperations": [
                {"op": "remove", "path": f"/responseParameters/{HEADER}"},
                {"op": "remove", "path": "/responseModels/application~1json"},
            ],
        },
        201,
        {"statusCode": "204"},
        "LS api#test_update_method_response",
        first=(("PutMethodResponse", {"statusCode": "204", **_DECLARED}),),
        gone=frozenset({"responseParameters", "responseModels"}),
    ),
    Reply(
        "a mock that is put with a verb",
        "PutIntegration",
        {"type": "MOCK", "integrationHttpMethod": "POST"},
        201,
        {
            "type": "MOCK",
            "passthroughBehavior": "WHEN_NO_MATCH",
            "timeoutInMillis": 29_000,
            "cacheKeyParameters": [],
        },
        "aws-semantics 12.4 (LS); LS lambda for the defaults",
        gone=frozenset({"httpMethod", "connectionType"}),
    ),
    Reply(
        "an HTTP integration",
        "PutIntegration",
        {"type": "HTTP", "integrationHttpMethod": "GET", "uri": "https://backend.example/{id}"},
        201,
        {"httpMethod": "GET", "connectionType": "INTERNET"},
        "LS integrations",
    ),
    Reply(
        "members that newer integrations have",
        "GetIntegration",
        {},
        200,
        {"responseTransferMode": "STREAM", "tlsConfig": {"insecureSkipVerification": True}},
        "botocore 1.44.8",
        first=(
            (
                "PutIntegration",
                {
                    "type": "HTTP_PROXY",
                    "integrationHttpMethod": "GET",
                    "uri": "https://backend.example/",
                    "responseTransferMode": "STREAM",
                    "tlsConfig": {"insecureSkipVerification": True},
                },
            ),
        ),
    ),
    Reply(
        "a second integration",
        "GetIntegration",
        {},
        200,
        {"type": "MOCK"},
        "users (hashicorp/terraform#9877)",
        first=((_PUT_IR, _FULL), ("PutIntegration", {"type": "MOCK"})),
        gone=frozenset({"integrationResponses"}),
    ),
    Reply(
        "the last response deleted",
        "GetIntegration",
        {},
        200,
        {"type": "MOCK"},
        "LS integrations#test_put_integration_responses",
        first=((_PUT_IR, _FULL), ("DeleteIntegrationResponse", {"statusCode": "200"})),
        gone=frozenset({"integrationResponses"}),
    ),
    Reply(
        "an integration that is updated",
        "UpdateIntegration",
        {"patchOperations": [{"op": "replace", "path": "/timeoutInMillis", "value": "1000"}]},
        200,
        {"timeoutInMillis": 1000, "integrationResponses": {"200": _FULL}},
        "aws-semantics 0.6 (users)",
        first=((_PUT_IR, _FULL),),
    ),
    Reply(
        "another VPC link",
        "UpdateIntegration",
        {"patchOperations": [{"op": "replace", "path": "/connectionId", "value": "link2"}]},
        200,
        {"connectionId": "link2"},
        "API Reference, Patch Operations",
        first=(
            (
                "PutIntegration",
                {
                    "type": "HTTP_PROXY",
                    "integrationHttpMethod": "GET",
                    "uri": "https://backend.example/",
                    "connectionType": "VPC_LINK",
                    "connectionId": "link1",
                },
            ),
        ),
    ),
    *(
        Reply(
            f"a test call of a mock, {situation}",
            "TestInvokeMethod",
            sent,
            200,
            {
                "status": 200,
                "body": {"page": page},
                "headers": {"Content-Type": "application/json"},
                "multiValueHeaders": {"Content-Type": ["application/json"]},
            },
            "LS api#test_invoke_test_method",
            first=(
                ("PutIntegration", {"type": "MOCK", "requestTemplates": {"application/json": '{"statusCode": 200}'}}),
                (
                    _PUT_IR,
                    {
                        "statusCode": "200",
                        "responseTemplates": {"application/json": '{"page": "$input.params(\'page\')"}'},
                    },
                ),
            ),
        )
        for situation, sent, page in (
            ("its path alone", {"pathWithQueryString": "/"}, ""),
            ("with a query string", {"pathWithQueryString": "/?page=2"}, "2"),
            ("without a path", {}, ""),
            ("with a path that is another's", {"pathWithQueryString": "/elsewhere"}, ""),
            ("with a body", {"pathWithQueryString": "/", "body": '{"a": "b"}'}, ""),
        )
    ),
    Reply(
        "a test call of a mock whose request names no status",
        "TestInvokeMethod",
        {},
        200,
        {"status": 500, "body": {"message": "Internal server error"}},
        "users (the log says: statusCode should be an integer which defined in request template)",
        first=((_PUT_IR, _FULL),),
    ),
    Reply(
        "authorization in small letters",
        "PutMethod",
        {"httpMethod": "PUT", "authorizationType": "none"},
        201,
        {"authorizationType": "NONE"},
        "aws-semantics 12.4 (LS)",
    ),
    *(
        Reply(
            f"a new API with endpoints {types}",
            "CreateRestApi",
            {"name": "endpoints", "endpointConfiguration": {"types": types}},
            201,
            {"endpointConfiguration": {"types": types, "ipAddressType": address}},
            "aws-semantics 12.4 (LS)",
        )
        for types, address in ((["EDGE"], "ipv4"), (["REGIONAL"], "ipv4"), (["PRIVATE"], "dualstack"))
    ),
)
"""The prepared method has no integration responses here."""
