"""Stages of REST APIs in the model, with and without a canary."""

from typing import Any

import pytest

from reconciler.sandbox.model.errors import ModelError
from reconciler.sandbox.model.plane import ControlPlane

CANNOT_REMOVE = "Cannot remove method setting canarySettings/{} because there is no method setting for this method "

SETTINGS = (
    "metrics/enabled, {0}logging/dataTrace, {0}logging/loglevel, {0}throttling/burstLimit{1}{0}throttling/rateLimit{1}"
    "{0}caching/ttlInSeconds, {0}caching/enabled, {0}caching/dataEncrypted, "
    "{0}caching/requireAuthorizationForCacheControl, {0}caching/unauthorizedCacheControlHeaderStrategy"
)
EACH, ALL = "/{resourcePath}/{httpMethod}/", "/*/*/"
PATHS = (
    "/deploymentId, /description, /cacheClusterEnabled, /cacheClusterSize, /clientCertificateId, /accessLogSettings, "
    f"/accessLogSettings/destinationArn, /accessLogSettings/format, {EACH}{SETTINGS.format(EACH, '')}, "
    f"{ALL}{SETTINGS.format(ALL, ' ')}, /variables/{{variable_name}}, /tracingEnabled"
)
"""The recorded list, which lacks commas around the throttling rows."""

BAD_COPY = (
    "Invalid copy operation with path: /deploymentId and from /canarySettings/percentTraffic. Valid copy:path are "
    "[/deploymentId, /variables] and valid copy:from are "
    "[/canarySettings/deploymentId, /canarySettings/stageVariableOverrides]"
)


@pytest.fixture
def stage(plane: ControlPlane, method: dict[str, Any]) -> dict[str, str]:
    """Stage prod of an API, which serves its first deployment."""
    where = {"restApiId": method["restApiId"], "stageName": "prod"}
    plane.call("CreateDeployment", **where, variables={"kept": "1", "changed": "1"})
    return where


def canary(percent: float = 50, **overrides: str) -> dict[str, Any]:
    """Canary settings of a request."""
    return (
        {"percentTraffic": percent, "stageVariableOverrides": overrides} if overrides else {"percentTraffic": percent}
    )


def patch(plane: ControlPlane, stage: dict[str, str], *operations: dict[str, str]) -> Any:  # noqa: ANN401 - JSON
    """The stage after a patch."""
    return plane.call("UpdateStage", **stage, patchOperations=list(operations))


def replace(path: str, value: str) -> dict[str, str]:
    """One patch operation."""
    return {"op": "replace", "path": path, "value": value}


def refusal(plane: ControlPlane, operation: str, **parameters: Any) -> tuple[int, str]:  # noqa: ANN401 - each operation has its own
    """Status and text of a refusal."""
    with pytest.raises(ModelError) as error:
        plane.call(operation, **parameters)
    return error.value.status, error.value.message


def test_canary_deployment_leaves_the_stage_where_it_is(plane: ControlPlane, stage: dict[str, str]) -> None:
    """A deployment with canary settings is served to some clients; the others are served what they were."""
    before = plane.call("GetStage", **stage)
    created = plane.call("CreateDeployment", **stage, canarySettings=canary(changed="2"))
    after = plane.call("GetStage", **stage)

    assert {
        **before,
        "lastUpdatedDate": after["lastUpdatedDate"],
        "canarySettings": {
            "deploymentId": created["id"],
            "percentTraffic": 50.0,
            "stageVariableOverrides": {"changed": "2"},
            "useStageCache": False,
        },
    } == after


def test_second_canary_takes_the_place_of_the_first(plane: ControlPlane, stage: dict[str, str]) -> None:
    """The settings of an earlier canary are gone."""
    plane.call("CreateDeployment", **stage, canarySettings=canary(changed="2"))
    created = plane.call("CreateDeployment", **stage, canarySettings=canary(10))

    assert {"deploymentId": created["id"], "percentTraffic": 10.0, "useStageCache": False} == plane.call(
        "GetStage", **stage
    )["canarySettings"]


@pytest.mark.parametrize(
    ("where", "text"),
    [
        ({}, "Non null and non empty stageName must be provided for canary deployment. Provided value is null"),
        ({"stageName": "gone"}, "Stage gone must already be created before making a canary release deployment"),
    ],
)
def test_canary_needs_a_stage(plane: ControlPlane, stage: dict[str, str], where: dict[str, str], text: str) -> None:
    """A canary deployment makes no stage, and is not made without one."""
    before = plane.call("GetDeployments", restApiId=stage["restApiId"])
    refused = refusal(plane, "CreateDeployment", restApiId=stage["restApiId"], canarySettings=canary(), **where)

    assert (400, f"Invalid deployment content specified.{text}") == refused
    assert before == plane.call("GetDeployments", restApiId=stage["restApiId"])


@pytest.mark.parametrize("settings", ["text", {"percentTraffic": "much"}, {"useStageCache": "yes"}])
def test_canary_settings_have_their_types(plane: ControlPlane, stage: dict[str, str], settings: Any) -> None:  # noqa: ANN401 - the point
    """JSON of the wrong type is refused before anything is done."""
    assert 400 == refusal(plane, "CreateDeployment", **stage, canarySettings=settings)[0]


def test_canary_is_promoted(plane: ControlPlane, stage: dict[str, str]) -> None:
    """Copying gives everybody what the canary served; the canary is there until it is removed."""
    created = plane.call("CreateDeployment", **stage, canarySettings=canary(changed="2"))
    promoted = patch(
        plane,
        stage,
        {"op": "copy", "from": "/canarySettings/stageVariableOverrides", "path": "/variables"},
        {"op": "copy", "from": "/canarySettings/deploymentId", "path": "/deploymentId"},
    )
    alone = patch(plane, stage, {"op": "remove", "path": "/canarySettings"})

    assert (created["id"], {"kept": "1", "changed": "2"}, True) == (
        promoted["deploymentId"],
        promoted["variables"],
        "canarySettings" in promoted,
    )
    changed = {"canarySettings", "lastUpdatedDate"}
    assert {name: promoted[name] for name in promoted if name not in changed} == {
        name: alone[name] for name in alone if name != "lastUpdatedDate"
    }


def test_patching_makes_a_canary(plane: ControlPlane, stage: dict[str, str]) -> None:
    """One that is patched into being has no clients at first; one without a deployment of its own has the stage's."""
    first = plane.call("GetStage", **stage)["deploymentId"]
    other = plane.call("CreateDeployment", restApiId=stage["restApiId"])["id"]
    pointed = patch(plane, stage, replace("/canarySettings/deploymentId", other))["canarySettings"]
    patch(plane, stage, {"op": "remove", "path": "/canarySettings"})
    opened = patch(plane, stage, replace("/canarySettings/percentTraffic", "50"))["canarySettings"]

    assert {"deploymentId": other, "percentTraffic": 0.0, "useStageCache": False} == pointed
    assert {"deploymentId": first, "percentTraffic": 50.0, "useStageCache": False} == opened


def test_overrides_are_patched(plane: ControlPlane, stage: dict[str, str]) -> None:
    """A replacement adds an override where there was none."""
    plane.call("CreateDeployment", **stage, canarySettings=canary(changed="2"))
    path = "/canarySettings/stageVariableOverrides"
    after = patch(plane, stage, replace(f"{path}/changed", "3"), replace(f"{path}/new", "4"))

    assert {"changed": "3", "new": "4"} == after["canarySettings"]["stageVariableOverrides"]


@pytest.mark.parametrize(
    ("operation", "text"),
    [
        (
            {"op": "remove", "path": "/canarySettings/stageVariableOverrides"},
            CANNOT_REMOVE.format("stageVariableOverrides"),
        ),
        (
            {"op": "remove", "path": "/canarySettings/badPath"},
            CANNOT_REMOVE.format("badPath"),
        ),
        (
            replace("/canarySettings/badPath", "x"),
            f"Invalid method setting path: /canarySettings/badPath. Must be one of: [{PATHS}]",
        ),
        (
            {"op": "add", "path": "/canarySettings/deploymentId", "value": "x"},
            "Invalid add operation with path: /canarySettings/deploymentId",
        ),
        (replace("/canarySettings/deploymentId", "gone"), "Deployment id does not exist"),
        (replace("/canarySettings/percentTraffic", "101"), "Invalid percentage specified: 101"),
        (replace("/canarySettings/percentTraffic", "much"), "Invalid percentage specified: much"),
        (
            {"op": "copy", "from": "/canarySettings/percentTraffic", "path": "/deploymentId"},
            BAD_COPY,
        ),
    ],
)
def test_bad_patches_of_a_canary(
    plane: ControlPlane, stage: dict[str, str], operation: dict[str, str], text: str
) -> None:
    """What a canary does not have cannot be patched, and the stage stays as it was."""
    before = plane.call("GetStage", **stage)

    assert (400, text) == refusal(plane, "UpdateStage", **stage, patchOperations=[operation])
    assert before == plane.call("GetStage", **stage)


def test_deployment_of_a_canary_is_not_deleted(plane: ControlPlane, stage: dict[str, str]) -> None:
    """What a canary serves has to stay as well."""
    created = plane.call("CreateDeployment", **stage, canarySettings=canary())

    assert 400 == refusal(plane, "DeleteDeployment", restApiId=stage["restApiId"], deploymentId=created["id"])[0]


def test_stage_is_made_with_a_canary(plane: ControlPlane, stage: dict[str, str]) -> None:
    """The canary may have a deployment of its own."""
    first = plane.call("GetStage", **stage)["deploymentId"]
    other = plane.call("CreateDeployment", restApiId=stage["restApiId"])["id"]
    made = [
        plane.call("CreateStage", restApiId=stage["restApiId"], stageName=name, deploymentId=first, canarySettings=one)
        for name, one in (("dev", canary()), ("test", {**canary(), "deploymentId": other}))
    ]

    assert [(first, first), (first, other)] == [
        (one["deploymentId"], one["canarySettings"]["deploymentId"]) for one in made
    ]


def test_export_leaves_the_canary_out(plane: ControlPlane, stage: dict[str, str], method: dict[str, Any]) -> None:
    """A canary does not show in an export."""
    before = plane.call("GetExport", **stage, exportType="oas30", parameters={"extensions": "apigateway"})
    plane.call("PutIntegrationResponse", **method, statusCode="200")
    plane.call("CreateDeployment", **stage, canarySettings=canary())

    assert before == plane.call("GetExport", **stage, exportType="oas30", parameters={"extensions": "apigateway"})


def test_stage_is_made_once(plane: ControlPlane, stage: dict[str, str]) -> None:
    """A second stage of one name is a conflict."""
    deployment_id = plane.call("GetStage", **stage)["deploymentId"]

    assert (409, "Stage already exists") == refusal(plane, "CreateStage", **stage, deploymentId=deployment_id)


@pytest.mark.parametrize(
    ("path", "value", "stored"),
    [
        ("/*/*/throttling/burstLimit", "20", ("*/*", "throttlingBurstLimit", 20)),
        ("/*/*/throttling/rateLimit", "10", ("*/*", "throttlingRateLimit", 10.0)),
        ("/*/*/caching/enabled", "true", ("*/*", "cachingEnabled", True)),
        ("/things/GET/logging/loglevel", "INFO", ("things/GET", "loggingLevel", "INFO")),
        ("/~1a~1{id}/POST/metrics/enabled", "true", ("a/{id}/POST", "metricsEnabled", True)),
        ("/g/{proxy+}/GET/caching/ttlInSeconds", "5", ("g/{proxy+}/GET", "cacheTtlInSeconds", 5)),
    ],
)
def test_method_settings_are_stored(
    plane: ControlPlane, stage: dict[str, str], path: str, value: str, stored: tuple[str, str, object]
) -> None:
    """UpdateStage takes the settings of one method, and of all of them."""
    settings = patch(plane, stage, replace(path, value))["methodSettings"]

    assert stored == next(
        (method, member, one)
        for method, members in settings.items()
        for member, one in members.items()
        if member == stored[1]
    )


def test_method_settings_are_removed(plane: ControlPlane, stage: dict[str, str]) -> None:
    """The settings of a method go as a whole."""
    patch(plane, stage, replace("/*/*/throttling/burstLimit", "20"))

    assert {} == patch(plane, stage, {"op": "remove", "path": "/*/*"})["methodSettings"]


@pytest.mark.parametrize(
    ("operation", "text"),
    [
        (
            {"op": "remove", "path": "/*/*"},
            "Cannot remove method setting */* because there is no method setting for this method ",
        ),
        *(
            (replace(path, "1"), f"Invalid method setting path: {path}. Must be one of: [{PATHS}]")
            for path in ("/things/ANY/caching/enabled", "/things/*/caching/enabled", "/*/*/caching/colour", "/colour")
        ),
    ],
)
def test_bad_method_settings(plane: ControlPlane, stage: dict[str, str], operation: dict[str, str], text: str) -> None:
    """What is no setting is refused with the list of those that are; ANY and single wildcards have none."""
    assert (400, text) == refusal(plane, "UpdateStage", **stage, patchOperations=[operation])


def test_log_settings_are_patched(plane: ControlPlane, stage: dict[str, str]) -> None:
    """Access logs are set member by member, and removed as a whole."""
    arn = "arn:aws:logs:eu-west-1:123456789012:log-group:requests"
    logged = patch(plane, stage, replace("/accessLogSettings/destinationArn", arn) | {"op": "add"})
    after = patch(plane, stage, {"op": "remove", "path": "/accessLogSettings"})

    assert ({"destinationArn": arn}, None) == (logged["accessLogSettings"], after.get("accessLogSettings"))


def test_stages_are_filtered_by_deployment(plane: ControlPlane, stage: dict[str, str]) -> None:
    """GetStages gives those that serve the deployment that is asked for."""
    other = plane.call("CreateDeployment", restApiId=stage["restApiId"], stageName="dev")
    found = plane.call("GetStages", restApiId=stage["restApiId"], deploymentId=other["id"])["item"]

    assert ["dev"] == [one["stageName"] for one in found]
