"""Reading and paging in the model, and what is not there."""

from typing import Any

import pytest

from reconciler.sandbox.model.errors import ModelError
from reconciler.sandbox.model.plane import ControlPlane


def test_methods_are_empty_unless_embedded(plane: ControlPlane, method: dict[str, Any]) -> None:
    """Without embed every verb is an empty object."""
    items = plane.call("GetResources", restApiId=method["restApiId"])["items"]

    assert [None, {"GET": {}}] == [item.get("resourceMethods") for item in items]


def test_embedded_methods_are_whole(plane: ControlPlane, method: dict[str, Any]) -> None:
    """With embed a verb is what GetMethod answers."""
    items = plane.call("GetResources", restApiId=method["restApiId"], embed=["methods"])["items"]

    assert {"GET": plane.call("GetMethod", **method)} == items[1]["resourceMethods"]


def test_integration_has_the_defaults_that_aws_adds(plane: ControlPlane, method: dict[str, Any]) -> None:
    """A mock that was put with nothing but its type reads back with AWS's defaults."""
    integration = plane.call("GetIntegration", **method)

    assert {
        "type": "MOCK",
        "passthroughBehavior": "WHEN_NO_MATCH",
        "timeoutInMillis": 29000,
        "cacheNamespace": method["resourceId"],
        "cacheKeyParameters": [],
    } == integration


@pytest.mark.parametrize(("count", "limit", "sizes"), [(25, None, [25]), (26, None, [25, 1]), (5, 2, [2, 2, 1])])
def test_listings_come_in_pages(plane: ControlPlane, count: int, limit: int | None, sizes: list[int]) -> None:
    """25 items a page unless a limit is given, and no position after the last one."""
    for number in range(count):
        plane.call("CreateRestApi", name=f"api {number}")
    pages, position = [], None
    while True:
        page = plane.call("GetRestApis", limit=limit, position=position)
        pages.append(len(page["items"]))
        position = page.get("position")
        if position is None:
            break

    assert sizes == pages


@pytest.mark.parametrize("asked", [{"limit": 501}, {"limit": 0}, {"limit": -1}, {"position": "nowhere"}])
def test_senseless_paging_is_refused(plane: ControlPlane, asked: dict[str, Any]) -> None:
    """More than 500 items a page, or a position that no page gave, is a bad request."""
    with pytest.raises(ModelError) as refused:
        plane.call("GetRestApis", **asked)

    assert "BadRequestException" == refused.value.code


@pytest.mark.parametrize(
    ("operation", "changed", "message"),
    [
        ("GetRestApi", {"restApiId": "gone"}, "Invalid API identifier specified 123456789012:gone"),
        ("GetResources", {"restApiId": "gone"}, "Invalid API identifier specified 123456789012:gone"),
        ("GetMethod", {"restApiId": "gone"}, "Invalid Resource identifier specified"),
        ("GetMethod", {"httpMethod": "PUT"}, "Invalid Method identifier specified"),
        ("DeleteMethod", {"httpMethod": "PUT"}, "Invalid Method identifier specified"),
        ("GetMethodResponse", {"statusCode": "200"}, "Invalid Response status code specified"),
        ("DeleteMethodResponse", {"statusCode": "200"}, "Invalid Response status code specified"),
        ("GetStage", {"stageName": "prod"}, "Invalid stage identifier specified"),
        ("GetDeployment", {"deploymentId": "none"}, "Invalid Deployment identifier specified"),
    ],
)
def test_what_is_not_there_is_not_found(
    plane: ControlPlane, method: dict[str, Any], operation: str, changed: dict[str, str], message: str
) -> None:
    """Each kind of missing thing has its own text."""
    with pytest.raises(ModelError) as refused:
        plane.call(operation, **{**method, **changed})

    assert (404, message) == (refused.value.status, refused.value.message)


def test_deleting_a_resource_takes_its_children(plane: ControlPlane, method: dict[str, Any]) -> None:
    """What lies below a deleted resource is gone; what only begins alike stays."""
    api, things = method["restApiId"], method["resourceId"]
    root = plane.call("GetRestApi", restApiId=api)["rootResourceId"]
    plane.call("CreateResource", restApiId=api, parentId=things, pathPart="{id}")
    plane.call("CreateResource", restApiId=api, parentId=root, pathPart="things-too")
    plane.call("DeleteResource", restApiId=api, resourceId=things)

    assert ["/", "/things-too"] == [one["path"] for one in plane.call("GetResources", restApiId=api)["items"]]


@pytest.mark.parametrize(("part", "status"), [("things", 409), ("a b", 400), ("", 400), ("{id", 400), ("{id+}", 200)])
def test_path_parts_are_checked(plane: ControlPlane, method: dict[str, Any], part: str, status: int) -> None:
    """A sibling of the same name is a conflict, a malformed part a bad request."""
    root = plane.call("GetRestApi", restApiId=method["restApiId"])["rootResourceId"]
    got = 200
    try:
        plane.call("CreateResource", restApiId=method["restApiId"], parentId=root, pathPart=part)
    except ModelError as refused:
        got = refused.status

    assert status == got


def test_same_calls_give_same_ids() -> None:
    """Two planes of one seed are alike."""
    first, second = (ControlPlane().call("CreateRestApi", name="a") for _ in range(2))

    assert first == second


def test_copy_is_independent(plane: ControlPlane, method: dict[str, Any]) -> None:
    """What happens to a copy does not happen to the original."""
    plane.copy().call("DeleteMethod", **method)

    assert "GET" == plane.call("GetMethod", **method)["httpMethod"]


def test_every_call_is_logged(plane: ControlPlane, method: dict[str, Any]) -> None:
    """The log has refused calls too, and tells reads from writes."""
    plane.calls.clear()
    plane.call("GetMethod", **method)
    with pytest.raises(ModelError):
        plane.call("DeleteIntegrationResponse", **method, statusCode="200")

    assert [("GetMethod", False), ("DeleteIntegrationResponse", True)] == [
        (call.operation, call.writes) for call in plane.calls
    ]


def test_log_is_asked_by_kind_and_operation(plane: ControlPlane, method: dict[str, Any]) -> None:
    """Reads, writes and the calls of one operation can be counted."""
    plane.calls.clear()
    plane.call("GetMethod", **method)
    plane.call("PutIntegrationResponse", **method, statusCode="200")
    log = plane.calls

    assert (1, 1, 1) == (len(log.reads()), len(log.writes()), len(log.of("PutIntegrationResponse")))


def test_only_one_sibling_is_a_variable(plane: ControlPlane, method: dict[str, Any]) -> None:
    """Two path variables at one place would be ambiguous."""
    where = {"restApiId": method["restApiId"], "parentId": method["resourceId"]}
    plane.call("CreateResource", **where, pathPart="{id}")
    with pytest.raises(ModelError) as refused:
        plane.call("CreateResource", **where, pathPart="{name}")

    assert (400, "BadRequestException") == (refused.value.status, refused.value.code)


def test_single_resource_embeds_too(plane: ControlPlane, method: dict[str, Any]) -> None:
    """GetResource shows methods whole when it is asked to."""
    where = {"restApiId": method["restApiId"], "resourceId": method["resourceId"]}
    shown = plane.call("GetResource", **where, embed=["methods"])

    assert {"GET": plane.call("GetMethod", **method)} == shown["resourceMethods"]


@pytest.mark.parametrize(
    ("operation", "sent", "status"),
    [
        ("PutMethod", {"httpMethod": "FETCH"}, 400),
        ("PutMethod", {"httpMethod": "GET"}, 409),
        ("PutIntegration", {"type": "LAMBDA"}, 400),
        ("PutIntegration", {"type": "HTTP"}, 400),
        ("PutMethodResponse", {"statusCode": "200", "responseParameters": {"X-Error": True}}, 400),
        ("PutMethodResponse", {"statusCode": "200", "responseParameters": {"method.response.header.X": "true"}}, 400),
    ],
)
def test_malformed_method_is_refused(
    plane: ControlPlane, method: dict[str, Any], operation: str, sent: dict[str, Any], status: int
) -> None:
    """Unknown verbs and types, missing backends, names that are no response header, and repetition are refused."""
    with pytest.raises(ModelError) as refused:
        plane.call(operation, **{**method, **sent})

    assert status == refused.value.status


def test_unknown_operation_is_refused(plane: ControlPlane) -> None:
    """What the model does not have it says by name."""
    with pytest.raises(ModelError, match="does not implement the operation PutRestApi"):
        plane.call("PutRestApi")
