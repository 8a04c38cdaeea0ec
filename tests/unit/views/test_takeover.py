"""What to take out of the other tool, as text."""

import hcl2
import pytest

from reconciler.engine.call_inputs import InputFile
from reconciler.engine.takeover.cloudformation import cloudformation_takeover
from reconciler.engine.takeover.responses import taken_responses
from reconciler.engine.takeover.state import read_state
from reconciler.engine.takeover.template import read_template
from reconciler.engine.takeover.terraform import terraform_takeover
from reconciler.models.targets import Kind
from reconciler.views.takeover import cloudformation_text, terraform_text
from support.takeovers import REST, exported, resource, response, state


def terraform(file: InputFile | None) -> str:
    """The text for Terraform."""
    found = terraform_takeover(taken_responses(exported()), None if file is None else read_state(file))
    return terraform_text(found, "out put")


def removed(text: str) -> list[str]:
    """The addresses that a reader of HCL finds in blocks that destroy nothing."""
    blocks = hcl2.loads(text + "\n").get("removed", [])
    assert all(block["lifecycle"][0]["destroy"] is False for block in blocks)
    return [block["from"].removeprefix("${").removesuffix("}") for block in blocks]


def test_blocks_are_what_terraform_reads() -> None:
    """One for each resource, which names all its instances at once."""
    text = terraform(state(response(f"module.a[0].{REST}.b"), response(f"module.a[1].{REST}.b", "200")))

    assert [f"module.a.{REST}.b"] == removed(text)
    assert (True, True) == ("# pets: GET /pets 404\n" in text, "reconciler plan 'out put'" in text)


def test_a_block_that_would_release_more_is_a_comment() -> None:
    """It says which instances no manifest declares."""
    text = terraform(state(response(f"{REST}.b[0]"), response(f"{REST}.b[1]", "503")))

    assert ([], True, True) == (removed(text), f"#   {REST}.b[1]\n" in text, f"#   from = {REST}.b\n" in text)


def test_what_the_state_lacks_is_listed() -> None:
    """With the id by which it could be imported."""
    assert "#   pets: GET /pets 200 (rest000001/res0/GET/200)" in terraform(state())


def test_an_imported_api_keeps_its_document() -> None:
    """The responses have to be in it."""
    api = resource("aws_api_gateway_rest_api.a", "aws_api_gateway_rest_api", id="rest000001", body="{}")

    assert "reconciler openapi --into FILE 'out put'" in terraform(state(api))


def test_names_are_placeholders_without_a_state() -> None:
    """Each is different, and the comment above has the import id."""
    text = terraform(None)
    names = removed(text)

    assert (4, f"{REST}.REPLACE_pets_GET_pets_200", True) == (
        len(set(names)),
        next(name for name in names if name.endswith("GET_pets_200")),
        "# pets: GET /pets 200, import id rest000001/res0/GET/200\n" in text,
    )


def test_placeholders_that_would_be_equal_are_numbered() -> None:
    """Two blocks with one address are an error of Terraform."""
    twice = [each for each in taken_responses(exported()) if each.kind is Kind.REST_API][:1] * 2

    assert [f"{REST}.REPLACE_pets_GET_pets_200", f"{REST}.REPLACE_pets_GET_pets_200_2"] == removed(
        terraform_text(terraform_takeover(twice, None), "out")
    )


TEMPLATE = """\
Resources:
  Get:
    Type: AWS::ApiGateway::Method
    Properties: {HttpMethod: GET, ResourceId: res0, Integration: {IntegrationResponses: []}}
  Sent: {Type: AWS::ApiGatewayV2::IntegrationResponse, Properties: {IntegrationResponseKey: $default}}
  Sam: {Type: AWS::Serverless::Api, Properties: {DefinitionUri: api.yaml}}
"""


def cloudformation(*texts: str) -> str:
    """The text for CloudFormation."""
    templates = [read_template(InputFile("stack.yaml", text.encode())) for text in texts]
    found = cloudformation_takeover(taken_responses(exported()), templates)
    return cloudformation_text(found, "out", has_templates=bool(texts))


@pytest.mark.parametrize(
    "line",
    [
        "# stack.yaml:4:67: Get: remove Integration.IntegrationResponses\n#   pets: GET /pets: 200, 404\n",
        "# stack.yaml:5:3: Sent: set `DeletionPolicy: Retain`, update the\n",
        "# stack.yaml:6:50: Sam is imported from an OpenAPI definition",
        "# In none of the templates:\n#   pets: PUT /pets/{petId} 200",
        "Not documented: whether the update that removes `IntegrationResponses` deletes the live responses.",
    ],
)
def test_the_places_in_templates_are_named(line: str) -> None:
    """What to remove, what else holds responses, what no template has, and what nobody knows."""
    assert line in cloudformation(TEMPLATE)


def test_methods_are_listed_without_a_template() -> None:
    """With their responses."""
    assert "#   pets: GET /pets: 200, 404\n#   pets: PUT /pets/{petId}: 200" in cloudformation()


def test_a_template_that_declares_nothing() -> None:
    """That is said."""
    assert "# No template declares any of these responses." in cloudformation("Resources: {}")
