"""Patch operations on integration responses, method responses and stages."""

from typing import Any

import pytest

from reconciler.sandbox.model.errors import ModelError
from reconciler.sandbox.model.plane import ControlPlane

HEADER = "method.response.header.X"
INVALID_MAPPING = "Invalid mapping expression specified: Validation Result: warnings : [], errors :"
JSON_PATH = "/responseTemplates/application~1json"


@pytest.fixture
def response(plane: ControlPlane, method: dict[str, Any]) -> dict[str, Any]:
    """Where the response for 200 is: it maps a header, has a template, a pattern and a content handling."""
    where = {**method, "statusCode": "200"}
    plane.call("PutMethodResponse", **where, responseParameters={HEADER: False})
    plane.call(
        "PutIntegrationResponse",
        **where,
        selectionPattern="a",
        contentHandling="CONVERT_TO_TEXT",
        responseParameters={HEADER: "'x'"},
        responseTemplates={"application/json": "t"},
    )
    return where


def patch(plane: ControlPlane, where: dict[str, Any], *operations: tuple[str, str, str | None]) -> Any:  # noqa: ANN401 - AWS's shape
    """The response after these operations."""
    listed = [{"op": op, "path": path, "value": value} for op, path, value in operations]
    return plane.call("UpdateIntegrationResponse", **where, patchOperations=listed)


@pytest.mark.parametrize(
    ("operation", "member", "value"),
    [
        (("replace", "/selectionPattern", ""), "selectionPattern", ""),
        (("replace", "/contentHandling", ""), "contentHandling", "gone"),
        (("replace", "/contentHandling", "CONVERT_TO_BINARY"), "contentHandling", "CONVERT_TO_BINARY"),
        (("replace", JSON_PATH, ""), "responseTemplates", {"application/json": None}),
        (("remove", JSON_PATH, "superfluous"), "responseTemplates", "gone"),
        (("add", "/responseTemplates/a~1b", "u"), "responseTemplates", {"application/json": "t", "a/b": "u"}),
        (("replace", f"/responseParameters/{HEADER}", "'y'"), "responseParameters", {HEADER: "'y'"}),
    ],
)
def test_patch_changes_one_member(
    plane: ControlPlane, response: dict[str, Any], operation: tuple[str, str, str], member: str, value: object
) -> None:
    """A supported operation on a member or map entry has its effect."""
    after = patch(plane, response, operation)

    assert value == after.get(member, "gone")


@pytest.mark.parametrize(
    ("operation", "status", "message"),
    [
        (("remove", "/selectionPattern", None), 400, "Invalid patch path /selectionPattern"),
        (("add", "/contentHandling", "CONVERT_TO_TEXT"), 400, "Invalid patch path /contentHandling"),
        (
            ("replace", "/responseTemplates/application/json", "u"),
            400,
            "Invalid patch path /responseTemplates/application/json",
        ),
        (("replace", "/responseTemplates", "u"), 400, "Invalid patch path /responseTemplates"),
        (("replace", "responseTemplates/a~1b", "u"), 400, "Invalid patch path responseTemplates/a~1b"),
        (("replace", "", "u"), 400, "Invalid patch path "),
        (("copy", JSON_PATH, "u"), 400, "Invalid patch operation specified. Must be one of: [add, remove, replace]"),
        (("replace", "/responseTemplates/a~1b", "u"), 404, "Content-Type specified was not found"),
        (("remove", f"/responseParameters/{HEADER}Y", None), 404, "Invalid parameter name specified"),
        (
            ("replace", f"/responseParameters/{HEADER}", "y"),
            400,
            f"{INVALID_MAPPING} [Invalid mapping expression specified: y]",
        ),
    ],
)
def test_patch_is_refused(
    plane: ControlPlane, response: dict[str, Any], operation: tuple[str, str, str], status: int, message: str
) -> None:
    """Paths and operations that AWS does not know, and entries that are not there, are refused."""
    with pytest.raises(ModelError) as refused:
        patch(plane, response, operation)

    assert (status, message) == (refused.value.status, refused.value.message)


def test_failing_list_changes_nothing(plane: ControlPlane, response: dict[str, Any]) -> None:
    """When one operation of a list is refused, those before it have no effect."""
    before = plane.call("GetIntegrationResponse", **response)
    with pytest.raises(ModelError):
        patch(plane, response, ("replace", "/selectionPattern", "b"), ("replace", "/wrong", "c"))

    assert before == plane.call("GetIntegrationResponse", **response)


def test_patch_to_a_pattern_in_use_conflicts(plane: ControlPlane, response: dict[str, Any]) -> None:
    """A patch cannot give a response the pattern of another one."""
    plane.call("PutIntegrationResponse", **{**response, "statusCode": "500"})
    with pytest.raises(ModelError) as refused:
        patch(plane, response, ("replace", "/selectionPattern", ""))

    assert 409 == refused.value.status


def test_shape_errors_come_together(plane: ControlPlane, response: dict[str, Any]) -> None:
    """A wrong word and a wrong status code are told in one message, the body's problem first."""
    with pytest.raises(ModelError) as refused:
        patch(plane, {**response, "statusCode": "2000"}, ("put", "/selectionPattern", "b"))

    parts = refused.value.message.split("; ")
    assert (
        "2 validation errors detected: Value 'put' at 'updateIntegrationResponseInput.patchOperations.1.member.op'",
        "Value '2000' at 'statusCode'",
    ) == (parts[0].partition(" failed")[0], parts[1].partition(" failed")[0])


def test_header_is_declared_by_patch(plane: ControlPlane, response: dict[str, Any]) -> None:
    """UpdateMethodResponse adds a header whose flag is sent as text."""
    operations = [{"op": "add", "path": "/responseParameters/method.response.header.Y", "value": "true"}]
    after = plane.call("UpdateMethodResponse", **response, patchOperations=operations)

    assert {HEADER: False, "method.response.header.Y": True} == after["responseParameters"]
