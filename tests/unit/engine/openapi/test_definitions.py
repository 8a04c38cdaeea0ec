"""Finding OpenAPI definitions in files."""

import json

import pytest

from reconciler.engine.call_inputs import InputFile
from reconciler.engine.openapi.definitions import FoundDefinitions, find_definitions
from support.definitions import problems_read

TEMPLATE = """\
Resources:
  Table: {Type: AWS::DynamoDB::Table}
  Odd: text
  Pets:
    Type: AWS::Serverless::Api
    Properties:
      DefinitionBody:
        swagger: 2.0
        info: {title: !Sub 'pets-${Stage}'}
        paths: {}
  Shop:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body: {openapi: 3.0.1, info: {title: shop}, paths: {}}
"""


def found(text: str, **values: str) -> FoundDefinitions:
    """What is found in a file of this text."""
    return find_definitions(InputFile("api.yaml", text.encode()), values)


@pytest.mark.parametrize("version", ['{"openapi": "3.1.0"}', '{"swagger": "2.0"}', "swagger: 2.0"])
def test_a_document_is_a_definition(version: str) -> None:
    """Version 2 and 3, JSON and YAML, and a version that YAML reads as a number."""
    (definition,) = found(version).definitions

    assert ("api.yaml", "") == (definition.words, definition.title)


def test_a_template_holds_several() -> None:
    """Resources of SAM and CloudFormation; functions in their titles are evaluated."""
    pets, shop = found(TEMPLATE, Stage="prod").definitions

    assert [("api.yaml: Pets", "pets-prod"), ("api.yaml: Shop", "shop")] == [
        (each.words, each.title) for each in (pets, shop)
    ]


def resource(kind: str, properties: str) -> str:
    """A template with one resource."""
    return f"Resources:\n  Pets:\n    Type: {kind}\n    Properties:\n      {properties}\n"


@pytest.mark.parametrize(
    ("properties", "problem"),
    [
        (
            "DefinitionUri: api/pets.yaml",
            "api.yaml:5:7: warning: the definition of Pets is in another file [openapi]; pass that file: api/pets.yaml",
        ),
        ("DefinitionUri: {Bucket: b}", "the definition of Pets is in another file [openapi]; pass that file"),
        (
            "DefinitionBody: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/api.yaml}}}",
            "api.yaml:5:7: error: the definition of Pets is included from another file when the template is deployed",
        ),
        (
            "DefinitionBody: !Transform {Name: AWS::Include}",
            "from another file when the template is deployed [openapi]; pass that file",
        ),
        ("DefinitionBody: !If [a, b, c]", "`DefinitionBody` of Pets is not an OpenAPI document [openapi]"),
        ("DefinitionBody: 7", "`DefinitionBody` of Pets is not an OpenAPI document [openapi]"),
    ],
)
def test_a_definition_elsewhere_is_reported(properties: str, problem: str) -> None:
    """Nothing that a template names is opened: the message says which file to pass."""
    (text,) = problems_read(resource("AWS::Serverless::Api", properties))

    assert problem in text


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1", "api.yaml:1:1: error: this is neither an OpenAPI document nor a template [openapi]"),
        ("[]", "api.yaml:1:1: error: this is neither an OpenAPI document nor a template [openapi]"),
        ("Resources: {}", "api.yaml:1:1: error: no resource of this template holds an OpenAPI definition [openapi]"),
        ("openapi: 3.0.1\n---\nb: 1", "api.yaml:3:1: error: the file has more than one YAML document [openapi]"),
        ("openapi: [", "[syntax]"),
        ("openapi: !other x", "[tag]"),
        (resource("AWS::Serverless::Api", "Name: x"), "no resource of this template holds"),
    ],
)
def test_what_is_no_definition(text: str, problem: str) -> None:
    """Each is an error with its place."""
    (message,) = problems_read(text)

    assert problem in message


def test_no_file_is_quoted_that_is_no_definition() -> None:
    """The name may be that of any file of the machine."""
    assert "hunter2" not in "".join(problems_read("password: hunter2\npassword: hunter2"))


def test_aliases_do_not_explode() -> None:
    """A few hundred bytes cannot stand for millions of values."""
    levels = "".join(f"l{level}: &l{level} [{', '.join([f'*l{level - 1}'] * 9)}]\n" for level in range(1, 9))

    (message,) = problems_read(f"openapi: 3.0.1\nl0: &l0 [x]\n{levels}")

    assert "[too-large]" in message


def test_depth_is_bounded() -> None:
    """JSON nested without end is refused while it is read."""
    assert "[too-deep]" in "".join(problems_read('{"openapi": "3.0.1", "a": ' + "[" * 500))


def test_json_is_indented_with_tabs() -> None:
    """As some editors write it."""
    text = json.dumps({"openapi": "3.0.1", "info": {"title": "pets"}}, indent="\t")

    assert "pets" == found(text).definitions[0].title
