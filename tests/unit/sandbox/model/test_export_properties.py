"""Whatever a stage serves can be read out of its export."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reconciler import openapi
from reconciler.deployments import undeployed
from reconciler.models.targets import Target
from reconciler.normal import as_exported
from reconciler.sandbox.building import ApiBuilder
from reconciler.sandbox.gateway import InMemoryReader
from reconciler.sandbox.model.plane import ControlPlane
from support.exports import AWKWARD
from support.states import desired_of

PATHS = ("/", "/pets", "/pets/{petId}", "/a.b-c/{proxy+}")
VERBS = ("GET", "POST", "ANY", "OPTIONS")
STATUSES = ("200", "301", "404", "500")
HEADERS = ("X-A", "x-b", "Access-Control-Allow-Origin")

_TEXTS = st.sampled_from(AWKWARD) | st.text(st.characters(codec="utf-8"), max_size=10)
_TEMPLATES = st.dictionaries(st.sampled_from(("application/json", "text/plain; charset=utf-8")), st.none() | _TEXTS)
_REQUEST = "integration.request.header."


def _optional(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=members)


_INTEGRATIONS = st.builds(
    lambda required, chosen: {**required, **chosen},
    st.sampled_from(
        (
            {"type": "MOCK"},
            {"type": "HTTP", "uri": "https://backend.example/${stageVariables.x}", "integrationHttpMethod": "GET"},
            {"type": "AWS_PROXY", "uri": "arn:aws:apigateway:x:lambda:path/f", "integrationHttpMethod": "POST"},
            {
                "type": "HTTP_PROXY",
                "uri": "http://x",
                "integrationHttpMethod": "GET",
                "connectionType": "VPC_LINK",
                "connectionId": "link1",
            },
        )
    ),
    _optional(
        credentials=_TEXTS,
        contentHandling=st.sampled_from(("CONVERT_TO_TEXT", "CONVERT_TO_BINARY")),
        passthroughBehavior=st.sampled_from(("WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER")),
        requestParameters=st.dictionaries(st.sampled_from((f"{_REQUEST}A", f"{_REQUEST}B")), _TEXTS.map("'{}'".format)),
        requestTemplates=_TEMPLATES,
        timeoutInMillis=st.sampled_from((50, 29_000)),
        responseTransferMode=st.sampled_from(("BUFFERED", "STREAM")),
        tlsConfig=st.sampled_from(({}, {"insecureSkipVerification": True}, {"insecureSkipVerification": False})),
        integrationTarget=st.sampled_from(("", "arn:x")),
        cacheNamespace=st.sampled_from(("shared", "default")),
        cacheKeyParameters=st.lists(st.sampled_from(("method.request.path.a", "method.request.path.b")), unique=True),
    ),
)


@st.composite
def _responses(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    """Responses by status, each with a pattern of its own, as exports have them: `default` is none, and so is `-`."""
    texts = st.sampled_from(("", "default", "404")) | _TEXTS
    patterns = draw(
        st.lists(texts, unique_by=lambda text: "" if text in {"default", "-"} else text, max_size=len(STATUSES))
    )
    return {
        status: {
            "selectionPattern": pattern,
            **draw(
                _optional(
                    contentHandling=st.sampled_from(("CONVERT_TO_TEXT", "CONVERT_TO_BINARY")),
                    responseTemplates=_TEMPLATES,
                    responseParameters=st.dictionaries(
                        st.sampled_from(HEADERS).map("method.response.header.{}".format), st.just("'x'")
                    ),
                )
            ),
        }
        for status, pattern in zip(draw(st.permutations(STATUSES)), patterns, strict=False)
    }


_MODELS = st.sampled_from(("Empty", "Pet", "Loose"))
_REQUESTS = _optional(
    operationName=st.sampled_from(("", "ListPets")),
    requestParameters=st.dictionaries(
        st.sampled_from(("method.request.querystring.a.b", "method.request.header.X-A", "method.request.path.petId")),
        st.booleans(),
    ),
    requestModels=st.dictionaries(st.sampled_from(("application/json", "text/xml")), _MODELS, max_size=1),
    requestValidatorId=st.sampled_from(("body", "unnamed")),
)
"""What a method takes; a validator by its name, which becomes its id."""

_VALIDATORS = ({"name": "body", "validateRequestBody": True}, {"name": "other"})
_GATEWAY_RESPONSES = st.dictionaries(
    st.sampled_from(("UNAUTHORIZED", "DEFAULT_4XX")),
    _optional(
        statusCode=st.sampled_from(("401", "418")),
        responseParameters=st.dictionaries(st.just("gatewayresponse.header.X"), _TEXTS),
        responseTemplates=_TEMPLATES,
    ),
)
_SCHEMAS = st.fixed_dictionaries(
    {"type": st.just("object")},
    optional={
        "$schema": st.just("http://json-schema.org/draft-04/schema#"),
        "properties": st.dictionaries(
            st.sampled_from(("a", "required", "$ref", "x.y", "properties")),
            st.sampled_from(({"type": "string"}, {}, {"$ref": "https://x.example/restapis/a/models/Loose"})),
        ),
        "required": st.lists(st.sampled_from(("a", "b")), unique=True),
    },
)

_METHODS = st.tuples(_INTEGRATIONS, _responses(), st.sets(st.sampled_from(STATUSES)))


@given(
    methods=st.dictionaries(
        st.tuples(st.sampled_from(PATHS), st.sampled_from(VERBS)), _METHODS, min_size=1, max_size=4
    ),
    style=st.sampled_from(("oas30", "swagger")),
)
def test_what_is_exported_is_what_was_deployed(
    methods: Mapping[tuple[str, str], tuple[dict[str, Any], dict[str, dict[str, Any]], set[str]]], style: str
) -> None:
    """Any state that AWS can hold is read back out of either style of export, but for what no export can tell."""
    plane = ControlPlane()
    api = ApiBuilder(plane, "any")
    for (path, verb), (integration, responses, declared) in methods.items():
        api.method(path, verb, integration, dict.fromkeys((*responses, *declared), HEADERS))
        for status, fields in responses.items():
            api.response(path, verb, status, fields)
    api.deploy("prod")
    target = Target(plane.account_id, plane.region, api.id)
    asked = {"stageName": "prod", "exportType": style, "parameters": {"extensions": "apigateway"}}
    document = json.loads(plane.call("GetExport", restApiId=api.id, **asked)["body"])

    assert as_exported(InMemoryReader(plane).rest_api(target)) == as_exported(openapi.deployed(target, document))


@given(
    methods=st.dictionaries(
        st.tuples(st.sampled_from(PATHS), st.sampled_from(VERBS)),
        st.tuples(_METHODS, _REQUESTS),
        min_size=1,
        max_size=3,
    ),
    pet=_SCHEMAS,
    gateway=_GATEWAY_RESPONSES,
    style=st.sampled_from(("oas30", "swagger")),
)
def test_nothing_is_pending_right_after_a_deployment(
    methods: Mapping[
        tuple[str, str], tuple[tuple[dict[str, Any], dict[str, dict[str, Any]], set[str]], dict[str, Any]]
    ],
    pet: dict[str, Any],
    gateway: Mapping[str, dict[str, Any]],
    style: str,
) -> None:
    """Whatever the draft holds, its definitions included: it is what the stage serves."""
    plane = ControlPlane()
    api = ApiBuilder(plane, "any")
    for name, schema in (("Pet", pet), ("Loose", {})):
        plane.call("CreateModel", restApiId=api.id, name=name, schema=json.dumps(schema), contentType="a/b")
    ids = {
        one.get("name", "unnamed"): plane.call("CreateRequestValidator", restApiId=api.id, **one)["id"]
        for one in (*_VALIDATORS, {})
    }
    for type_, fields in gateway.items():
        plane.call("PutGatewayResponse", restApiId=api.id, responseType=type_, **fields)
    for (path, verb), ((integration, responses, declared), request) in methods.items():
        chosen = {
            **request,
            **({"requestValidatorId": ids[request["requestValidatorId"]]} if "requestValidatorId" in request else {}),
        }
        api.method(path, verb, integration, dict.fromkeys((*responses, *declared), HEADERS), chosen)
        for status, fields in responses.items():
            api.response(path, verb, status, fields)
    api.deploy("prod")
    target, reader = Target(plane.account_id, plane.region, api.id), InMemoryReader(plane)
    draft = replace(reader.rest_api(target), definitions=reader.definitions(target))
    asked = {"stageName": "prod", "exportType": style, "parameters": {"extensions": "apigateway"}}
    document = json.loads(plane.call("GetExport", restApiId=api.id, **asked)["body"])

    assert () == undeployed(openapi.deployed(target, document), draft, desired_of({}))
