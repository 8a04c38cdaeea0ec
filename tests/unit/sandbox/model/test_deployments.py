"""Deployments, stages and exports in the model."""

import json
from typing import Any

import pytest

from reconciler.sandbox.model.errors import ModelError
from reconciler.sandbox.model.plane import ControlPlane

EXTENSION = "x-amazon-apigateway-integration"


def export(plane: ControlPlane, api_id: str, style: str = "oas30", **query: str) -> Any:  # noqa: ANN401 - JSON
    """The exported document of stage prod."""
    answer = plane.call("GetExport", restApiId=api_id, stageName="prod", exportType=style, parameters=query)
    return json.loads(answer["body"])


def test_export_keys_responses_by_pattern(plane: ControlPlane, method: dict[str, Any]) -> None:
    """Responses are keyed by pattern, the one without is `default`, types are lower case, defaults are left out."""
    templates = {"application/json": "no"}
    plane.call("PutIntegrationResponse", **method, statusCode="200")
    plane.call(
        "PutIntegrationResponse", **method, statusCode="404", selectionPattern="4..", responseTemplates=templates
    )
    plane.call("CreateDeployment", restApiId=method["restApiId"], stageName="prod")
    document = export(plane, method["restApiId"], extensions="apigateway")

    assert {
        "type": "mock",
        "passthroughBehavior": "when_no_match",
        "responses": {
            "default": {"statusCode": "200"},
            "4..": {"statusCode": "404", "responseTemplates": templates},
        },
    } == document["paths"]["/things"]["get"][EXTENSION]


@pytest.mark.parametrize(("style", "version"), [("oas30", ("openapi", "3.0.1")), ("swagger", ("swagger", "2.0"))])
def test_export_without_extensions_has_no_integration(
    plane: ControlPlane, method: dict[str, Any], style: str, version: tuple[str, str]
) -> None:
    """Integrations are exported only when they are asked for, in either style."""
    plane.call("CreateDeployment", restApiId=method["restApiId"], stageName="prod")
    document = export(plane, method["restApiId"], style)

    assert (version[1], False) == (document[version[0]], EXTENSION in document["paths"]["/things"]["get"])


def test_export_shows_what_is_deployed(plane: ControlPlane, method: dict[str, Any]) -> None:
    """A change of the draft does not show until it is deployed."""
    plane.call("CreateDeployment", restApiId=method["restApiId"], stageName="prod")
    before = export(plane, method["restApiId"], extensions="apigateway")
    plane.call("PutIntegrationResponse", **method, statusCode="200")

    assert before == export(plane, method["restApiId"], extensions="apigateway")


def test_stage_rolls_back(plane: ControlPlane, method: dict[str, Any]) -> None:
    """Pointing a stage at an earlier deployment serves the earlier state."""
    api = method["restApiId"]
    first = plane.call("CreateDeployment", restApiId=api, stageName="prod")["id"]
    before = export(plane, api, extensions="apigateway")
    plane.call("PutIntegrationResponse", **method, statusCode="200")
    plane.call("CreateDeployment", restApiId=api, stageName="prod")
    operations = [{"op": "replace", "path": "/deploymentId", "value": first}]
    plane.call("UpdateStage", restApiId=api, stageName="prod", patchOperations=operations)

    assert before == export(plane, api, extensions="apigateway")


def test_deploying_again_keeps_the_settings_of_a_stage(plane: ControlPlane, method: dict[str, Any]) -> None:
    """A stage that exists is pointed at the new deployment, nothing else."""
    api = method["restApiId"]
    plane.call("CreateDeployment", restApiId=api, stageName="prod", variables={"a": "b"})
    second = plane.call("CreateDeployment", restApiId=api, stageName="prod")
    stage = plane.call("GetStage", restApiId=api, stageName="prod")

    assert (second["id"], {"a": "b"}) == (stage["deploymentId"], stage["variables"])


def test_deployment_in_use_is_not_deleted(plane: ControlPlane, method: dict[str, Any]) -> None:
    """A deployment that a stage serves has to stay."""
    created = plane.call("CreateDeployment", restApiId=method["restApiId"], stageName="prod")
    with pytest.raises(ModelError) as refused:
        plane.call("DeleteDeployment", restApiId=method["restApiId"], deploymentId=created["id"])

    expected = "Active stages pointing to this deployment must be moved or deleted"
    assert (400, expected) == (refused.value.status, refused.value.message)


@pytest.mark.parametrize(
    ("takes_away", "message"),
    [
        ("DeleteIntegration", "No integration defined for method"),
        ("DeleteMethod", "The REST API doesn't contain any methods"),
    ],
)
def test_unfinished_api_is_not_deployed(
    plane: ControlPlane, method: dict[str, Any], takes_away: str, message: str
) -> None:
    """An API needs a method, and every method an integration."""
    plane.call(takes_away, **method)
    with pytest.raises(ModelError) as refused:
        plane.call("CreateDeployment", restApiId=method["restApiId"])

    assert (400, message) == (refused.value.status, refused.value.message)


def test_stages_are_found_by_deployment(plane: ControlPlane, method: dict[str, Any]) -> None:
    """GetStages can be asked for the stages of one deployment."""
    api = method["restApiId"]
    first = plane.call("CreateDeployment", restApiId=api, stageName="prod")["id"]
    plane.call("CreateDeployment", restApiId=api, stageName="dev")
    found = plane.call("GetStages", restApiId=api, deploymentId=first)["item"]

    assert ["prod"] == [stage["stageName"] for stage in found]


def test_summary_tells_verbs_and_nothing_of_responses(plane: ControlPlane, method: dict[str, Any]) -> None:
    """An embedded summary has paths, verbs and authorization."""
    api = method["restApiId"]
    created = plane.call("CreateDeployment", restApiId=api)
    shown = plane.call("GetDeployment", restApiId=api, deploymentId=created["id"], embed=["apisummary"])

    assert {"/things": {"GET": {"authorizationType": "NONE", "apiKeyRequired": False}}} == shown["apiSummary"]


def test_unused_deployment_is_deleted(plane: ControlPlane, method: dict[str, Any]) -> None:
    """A deployment that no stage serves can go."""
    api = method["restApiId"]
    created = plane.call("CreateDeployment", restApiId=api)
    plane.call("DeleteDeployment", restApiId=api, deploymentId=created["id"])

    assert [] == plane.call("GetDeployments", restApiId=api)["items"]


def test_stage_is_made_for_a_deployment(plane: ControlPlane, method: dict[str, Any]) -> None:
    """CreateStage serves a deployment that was made without a stage."""
    api = method["restApiId"]
    created = plane.call("CreateDeployment", restApiId=api)
    plane.call("CreateStage", restApiId=api, stageName="prod", deploymentId=created["id"])

    assert created["id"] == plane.call("GetStage", restApiId=api, stageName="prod")["deploymentId"]


def test_deleted_stage_leaves_its_deployment(plane: ControlPlane, method: dict[str, Any]) -> None:
    """Without its stage a deployment is still there."""
    api = method["restApiId"]
    created = plane.call("CreateDeployment", restApiId=api, stageName="prod")
    plane.call("DeleteStage", restApiId=api, stageName="prod")

    assert created == plane.call("GetDeployment", restApiId=api, deploymentId=created["id"])


def test_any_method_has_its_own_key_in_exports(plane: ControlPlane, method: dict[str, Any]) -> None:
    """OpenAPI has no verb for ANY: AWS's extension stands in."""
    where = {**method, "httpMethod": "ANY"}
    plane.call("PutMethod", **where, authorizationType="NONE")
    plane.call("PutIntegration", **where, type="MOCK")
    plane.call("CreateDeployment", restApiId=method["restApiId"], stageName="prod")

    assert ["get", "x-amazon-apigateway-any-method"] == list(export(plane, method["restApiId"])["paths"]["/things"])


@pytest.mark.parametrize(
    ("style", "where"),
    [
        (
            "oas30",
            {
                "servers": [
                    {
                        "url": "https://API.execute-api.eu-west-1.amazonaws.com/{basePath}",
                        "variables": {"basePath": {"default": "prod"}},
                    }
                ]
            },
        ),
        ("swagger", {"host": "API.execute-api.eu-west-1.amazonaws.com", "basePath": "/prod", "schemes": ["https"]}),
    ],
)
def test_export_names_the_host_of_the_api(
    plane: ControlPlane, method: dict[str, Any], style: str, where: dict[str, Any]
) -> None:
    """An export says whose it is."""
    api = method["restApiId"]
    plane.call("CreateDeployment", restApiId=api, stageName="prod")
    document = export(plane, api, style)

    assert json.loads(json.dumps(where).replace("API", api)) == {name: document[name] for name in where}


def test_exported_file_is_named_after_the_version(plane: ControlPlane, method: dict[str, Any]) -> None:
    """Without a version of its own, an API has the date on which it was made for one."""
    where = {"restApiId": method["restApiId"], "stageName": "prod"}
    plane.call("CreateDeployment", **where)
    answer = plane.call("GetExport", **where, exportType="oas30")

    assert (
        f'attachment; filename="oas30_{json.loads(answer["body"])["info"]["version"]}.json"'
        == (answer["contentDisposition"])
    )


def test_settings_that_are_not_default_are_exported(plane: ControlPlane, method: dict[str, Any]) -> None:
    """A link to a private network and a shorter timeout show; the way through the internet does not."""
    backend = {"type": "HTTP", "integrationHttpMethod": "GET", "uri": "https://backend.example"}
    link = {"connectionType": "VPC_LINK", "connectionId": "link1"}
    plane.call("PutIntegration", **method, **backend, **link, timeoutInMillis=50)
    plane.call("PutMethod", **{**method, "httpMethod": "PUT"}, authorizationType="NONE")
    plane.call("PutIntegration", **{**method, "httpMethod": "PUT"}, **backend)
    plane.call("CreateDeployment", restApiId=method["restApiId"], stageName="prod")
    verbs = export(plane, method["restApiId"], extensions="apigateway")["paths"]["/things"]
    plain = {"type": "http", "passthroughBehavior": "when_no_match", "httpMethod": "GET", "uri": backend["uri"]}

    assert [{**plain, "timeoutInMillis": 50, **link}, plain] == [
        {name: value for name, value in verbs[verb][EXTENSION].items() if name != "responses"}
        for verb in ("get", "put")
    ]
