"""What templates declare of exported responses."""

import pytest

from reconciler.engine.call_inputs import InputFile
from reconciler.engine.takeover.cloudformation import CloudFormationTakeover, cloudformation_takeover
from reconciler.engine.takeover.responses import taken_responses
from reconciler.engine.takeover.template import read_template
from support.takeovers import exported

TEMPLATE = """\
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: pets}}
  Pets:
    Type: AWS::ApiGateway::Resource
    Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: pets}
  Pet:
    Type: AWS::ApiGateway::Resource
    Properties: {RestApiId: !Ref Api, ParentId: !Ref Pets, PathPart: '{petId}'}
  GetPets:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Pets
      HttpMethod: get
      Integration:
        IntegrationResponses: [{StatusCode: 200}]
  PutPet:
    Type: AWS::ApiGateway::Method
    Properties:
      ResourceId: RESOURCE
      HttpMethod: PUT
      Integration: {IntegrationResponses: []}
  Bare: {Type: AWS::ApiGateway::Method, Properties: {HttpMethod: PUT}}
  Odd: text
  Sent: {Type: AWS::ApiGatewayV2::IntegrationResponse, Properties: {IntegrationResponseKey: $default}}
  Other: {Type: AWS::ApiGatewayV2::IntegrationResponse, Properties: {IntegrationResponseKey: !Ref X}}
  Sam: {Type: AWS::Serverless::Api, Properties: {DefinitionUri: api.yaml}}
"""


def takeover(text: str) -> CloudFormationTakeover:
    """What a template declares of the two APIs."""
    template = read_template(InputFile("stack.yaml", text.encode()))
    assert () == template.diagnostics
    return cloudformation_takeover(taken_responses(exported()), [template])


@pytest.mark.parametrize("resource", ["!Ref Pet", "res1"])
def test_methods_are_found_by_path_or_resource(resource: str) -> None:
    """Whichever the template says; with the place of what is to be removed."""
    result = takeover(TEMPLATE.replace("RESOURCE", resource))

    assert [
        ("GetPets", "stack.yaml:16:9", ["200", "404"]),
        ("PutPet", "stack.yaml:22:21", ["200"]),
    ] == [
        (each.method.logical_id, str(each.method.location), [found.identity.code for found in each.responses])
        for each in result.properties
    ]
    assert () == result.undeclared


@pytest.mark.parametrize(
    "resource", ["!ImportValue pet", "!Ref PutPet", "!Ref Nothing", "7", "other", "!GetAtt [Api, RootResourceId]"]
)
def test_a_method_of_another_path_is_not_taken(resource: str) -> None:
    """Nor one whose path the template does not say."""
    result = takeover(TEMPLATE.replace("RESOURCE", resource))

    assert ["GetPets"] == [each.method.logical_id for each in result.properties]
    assert ["pets: PUT /pets/{petId} 200"] == [each.address for each in result.undeclared]


def test_an_api_of_another_name_is_not_taken() -> None:
    """Two APIs of one template may have the same paths."""
    assert ["PutPet"] == [
        each.method.logical_id
        for each in takeover(TEMPLATE.replace("Name: pets", "Name: dogs").replace("RESOURCE", "res1")).properties
    ]


def test_resources_and_imports_are_found() -> None:
    """Responses of WebSocket APIs by their key; APIs that are made of a definition."""
    result = takeover(TEMPLATE)

    assert ([("Sent", ["chat: send $default"])], ["Sam"]) == (
        [(each.resource.logical_id, [found.address for found in each.candidates]) for each in result.resources],
        [each.logical_id for each in result.imports],
    )


def test_resources_in_a_cycle() -> None:
    """The search for the root ends."""
    loop = TEMPLATE.replace("!GetAtt Api.RootResourceId", "!Ref Pet").replace("RESOURCE", "!Ref Pet")

    assert () == takeover(loop).properties


@pytest.mark.parametrize("text", ["a: [", "a: 1", "Resources: 7"])
def test_what_is_no_template(text: str) -> None:
    """The problem has its place."""
    (problem,) = read_template(InputFile("stack.yaml", text.encode())).diagnostics

    assert problem.location is not None
