"""What else a deployment publishes, and what an export can tell of it."""

from typing import Any

import pytest
from hypothesis import given

from reconciler.models.keys import MethodKey
from reconciler.models.live import LiveApi, LiveIntegration, LiveMethod
from reconciler.models.responses import MethodResponse, RestResponse
from reconciler.models.stages import Deployment, Stage
from reconciler.models.targets import Target
from reconciler.normal import (
    as_exported,
    integration_settings,
    rest_deployment,
    rest_method,
    rest_stage,
    websocket_deployment,
    websocket_stage,
)
from support.exports import rest_apis, websocket_api

TARGET = Target("123456789012", "eu-west-1", "a1b2c3d4e5")
GET_PETS = MethodKey("/pets", "GET")


def api(method: LiveMethod) -> LiveApi:
    """An API with one method."""
    return LiveApi(TARGET, frozenset({"/", "/pets"}), {GET_PETS: method})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {"passthroughBehavior": "WHEN_NO_MATCH"}),
        ({}, {"passthroughBehavior": "when_no_match"}),
        ({}, {"timeoutInMillis": 29000}),
        ({}, {"connectionType": "INTERNET"}),
        ({}, {"cacheKeyParameters": []}),
        ({}, {"responseTransferMode": "BUFFERED", "tlsConfig": {"insecureSkipVerification": False}}),
        ({}, {"requestParameters": {}, "requestTemplates": None}),
        ({}, {"credentials": "", "contentHandling": None, "httpMethod": ""}),
        ({}, {"type": "MOCK", "uri": "x", "integrationResponses": {"200": {}}, "responses": {"default": {}}}),
        ({"passthroughBehavior": "never"}, {"passthroughBehavior": "NEVER"}),
        ({"requestTemplates": {"a/b": None}}, {"requestTemplates": {"a/b": ""}}),
    ],
)
def test_settings_that_mean_the_same_are_equal(one: dict[str, Any], other: dict[str, Any]) -> None:
    """What is default is unset, whether a read adds it or an export leaves it out."""
    assert integration_settings(one) == integration_settings(other)


def test_settings_are_texts_and_maps() -> None:
    """Under AWS's own names, maps sorted, numbers as texts."""
    raw = {
        "httpMethod": "POST",
        "credentials": "arn:aws:iam::123456789012:role/x",
        "contentHandling": "CONVERT_TO_TEXT",
        "passthroughBehavior": "NEVER",
        "timeoutInMillis": 50,
        "connectionType": "VPC_LINK",
        "connectionId": "link1",
        "requestParameters": {"integration.request.header.B": "'x'", "integration.request.header.A": "'y'"},
        "requestTemplates": {"application/json": "{}"},
    }
    expected = {**raw, "timeoutInMillis": "50", "requestParameters": dict(sorted(raw["requestParameters"].items()))}  # type: ignore[attr-defined] # one value of many

    assert expected == integration_settings(raw)
    assert list(expected["requestParameters"]) == list(integration_settings(raw)["requestParameters"])  # type: ignore[arg-type,call-overload] # as above


def test_settings_are_read_with_the_method() -> None:
    """A bulk read has them all."""
    raw = {"methodIntegration": {"type": "HTTP", "httpMethod": "GET", "timeoutInMillis": 29000}}

    assert {"httpMethod": "GET"} == rest_method("x1", raw).settings


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LiveMethod("x1", "MOCK"), LiveMethod("", "MOCK")),
        (
            LiveMethod("x1", responses={"200": RestResponse(response_templates={"a/b": ""})}),
            LiveMethod("x1", responses={"200": RestResponse()}),
        ),
        (
            LiveMethod("x1", responses={"200": RestResponse("default")}),
            LiveMethod("x1", responses={"200": RestResponse()}),
        ),
        (LiveMethod("x1", settings={"requestTemplates": {"a/b": ""}}), LiveMethod("x1")),
    ],
)
def test_what_an_export_does_not_tell_is_equal(one: LiveMethod, other: LiveMethod) -> None:
    """Ids of resources, templates that pass through, and a pattern that looks like none."""
    assert as_exported(api(one)) == as_exported(api(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LiveMethod("x1", "MOCK"), LiveMethod("x1", "HTTP")),
        (LiveMethod("x1", "HTTP", "https://a"), LiveMethod("x1", "HTTP", "https://b")),
        (LiveMethod("x1", responses={"200": RestResponse()}), LiveMethod("x1")),
        (LiveMethod("x1", responses={"200": RestResponse("a")}), LiveMethod("x1", responses={"200": RestResponse()})),
        (
            LiveMethod("x1", responses={"200": RestResponse(response_templates={"a/b": " "})}),
            LiveMethod("x1", responses={"200": RestResponse()}),
        ),
        (LiveMethod("x1", method_responses={"200": MethodResponse()}), LiveMethod("x1")),
        (LiveMethod("x1", settings={"credentials": "a"}), LiveMethod("x1")),
        (LiveMethod("x1", settings={"requestParameters": {"a": ""}}), LiveMethod("x1")),
    ],
)
def test_what_an_export_tells_stays_different(one: LiveMethod, other: LiveMethod) -> None:
    """All else of a method counts."""
    assert as_exported(api(one)) != as_exported(api(other))


def test_paths_without_methods_do_not_count() -> None:
    """An export has no path for a folder of others; the root is always there."""
    live = LiveApi(TARGET, frozenset({"/", "/a", "/pets"}), {GET_PETS: LiveMethod("x1")})

    assert frozenset({"/", "/pets"}) == as_exported(live).paths


def test_websocket_apis_have_no_exports() -> None:
    """Nothing would be left of one: whoever asks is mistaken."""
    with pytest.raises(TypeError):
        as_exported(websocket_api([LiveIntegration("i1")]))


@given(rest_apis())
def test_as_exported_is_idempotent(live: LiveApi) -> None:
    """What is in the form already stays as it is."""
    once = as_exported(live)

    assert once == as_exported(once)


@pytest.mark.parametrize(
    ("raw", "stage"),
    [
        ({"stageName": "prod", "deploymentId": "d1"}, Stage("prod", "d1")),
        (
            {
                "stageName": "prod",
                "deploymentId": "d1",
                "canarySettings": {"percentTraffic": 0.0, "deploymentId": "d2"},
            },
            Stage("prod", "d1", has_canary=True),
        ),
        ({"stageName": "prod", "deploymentId": "d1", "canarySettings": None}, Stage("prod", "d1")),
    ],
)
def test_rest_stage(raw: dict[str, Any], stage: Stage) -> None:
    """A canary counts even if it has no clients yet."""
    assert stage == rest_stage(raw)


@pytest.mark.parametrize(
    ("raw", "stage"),
    [
        ({"StageName": "prod"}, Stage("prod")),
        ({"StageName": "prod", "DeploymentId": "d1", "AutoDeploy": False}, Stage("prod", "d1")),
        (
            {"StageName": "prod", "DeploymentId": "d1", "AutoDeploy": True, "LastDeploymentStatusMessage": "done"},
            Stage("prod", "d1", auto_deploys=True, message="done"),
        ),
    ],
)
def test_websocket_stage(raw: dict[str, Any], stage: Stage) -> None:
    """A stage may serve nothing, and it may deploy by itself."""
    assert stage == websocket_stage(raw)


def test_deployments() -> None:
    """One of a REST API is there or not; one of a WebSocket API has a status and perhaps a reason for it."""
    failed = {"DeploymentId": "d1", "DeploymentStatus": "FAILED", "DeploymentStatusMessage": "no"}

    assert (Deployment("d1", "x"), Deployment("d1"), Deployment("d1", status="FAILED", message="no")) == (
        rest_deployment({"id": "d1", "description": "x"}),
        rest_deployment({"id": "d1"}),
        websocket_deployment(failed),
    )
