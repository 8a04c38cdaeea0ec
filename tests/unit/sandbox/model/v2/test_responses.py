"""Integration responses of WebSocket APIs in the model."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler import normal
from reconciler.sandbox.model.errors import ModelError
from reconciler.sandbox.model.plane import ControlPlane

HEADER = "method.response.header."


def create(plane: ControlPlane, where: dict[str, Any], key: str = "$default", **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - each field has its own
    """A response; the parameters that address it."""
    created = plane.call("CreateIntegrationResponse", **where, IntegrationResponseKey=key, **fields)
    return {**where, "IntegrationResponseId": created["IntegrationResponseId"]}


def content(plane: ControlPlane, response: dict[str, Any]) -> dict[str, Any]:
    """What a response has besides its names."""
    stored = plane.call("GetIntegrationResponse", **response)
    return {name: value for name, value in stored.items() if not name.startswith("IntegrationResponse")}


def test_fresh_response_has_empty_maps(plane: ControlPlane, mock: dict[str, Any]) -> None:
    """A response with nothing but a key reads back with two empty maps and neither text."""
    assert {"ResponseParameters": {}, "ResponseTemplates": {}} == content(plane, create(plane, mock))


def test_ids_are_given_by_the_service(plane: ControlPlane, mock: dict[str, Any]) -> None:
    """Two responses have two ids, which are not their keys."""
    ids = {create(plane, mock, key)["IntegrationResponseId"] for key in ("$default", "/200/")}

    assert (2, set()) == (len(ids), ids & {"$default", "/200/"})


@pytest.mark.parametrize(
    ("key", "accepted"),
    [
        ("$default", True),
        (r"/2\d\d/", True),
        ("/a\nb/", True),
        ("/", False),
        ("//", False),
        ("200", False),
        ("$connect", False),
        (" $default", False),
        ("/200", False),
        ("", False),
    ],
)
def test_key_forms(plane: ControlPlane, mock: dict[str, Any], key: str, *, accepted: bool) -> None:
    """A key is $default or a pattern between slashes; anything else is a bad request."""
    said = None
    try:
        create(plane, mock, key)
    except ModelError as refused:
        said = (refused.status, refused.code)

    assert (None if accepted else (400, "BadRequestException")) == said


def test_key_is_unique_in_its_integration(plane: ControlPlane, mock: dict[str, Any]) -> None:
    """A second response with one key is a conflict."""
    create(plane, mock, "/200/")
    with pytest.raises(ModelError) as refused:
        create(plane, mock, "/200/")

    assert (409, "ConflictException") == (refused.value.status, refused.value.code)


def test_other_integration_may_have_the_key(plane: ControlPlane, mock: dict[str, Any]) -> None:
    """Keys of two integrations have nothing to do with each other."""
    other = plane.call("CreateIntegration", ApiId=mock["ApiId"], IntegrationType="MOCK")
    create(plane, mock)

    assert create(plane, {**mock, "IntegrationId": other["IntegrationId"]})["IntegrationId"] == other["IntegrationId"]


def test_update_to_a_taken_key_is_refused(plane: ControlPlane, mock: dict[str, Any]) -> None:
    """A key can be changed, but not to one that another response has."""
    create(plane, mock, "/200/")
    second = create(plane, mock, "/201/")
    with pytest.raises(ModelError) as refused:
        plane.call("UpdateIntegrationResponse", **second, IntegrationResponseKey="/200/")

    assert 409 == refused.value.status


def test_key_can_be_changed(plane: ControlPlane, mock: dict[str, Any]) -> None:
    """An update of the key keeps the id and frees the old key."""
    response = create(plane, mock, "/200/")
    plane.call("UpdateIntegrationResponse", **response, IntegrationResponseKey="/201/")
    create(plane, mock, "/200/")
    found = plane.call("GetIntegrationResponse", **response)

    assert "/201/" == found["IntegrationResponseKey"]


FULL: dict[str, Any] = {
    "TemplateSelectionExpression": "${request.body.a}",
    "ContentHandlingStrategy": "CONVERT_TO_TEXT",
    "ResponseParameters": {f"{HEADER}X": "'x'"},
    "ResponseTemplates": {"a": "1", "b": "2"},
}


@pytest.mark.parametrize(
    ("sent", "changed"),
    [
        ({}, {}),
        ({"ResponseTemplates": None, "ContentHandlingStrategy": None}, {}),
        ({"TemplateSelectionExpression": "a"}, {"TemplateSelectionExpression": "a"}),
        ({"TemplateSelectionExpression": ""}, {"TemplateSelectionExpression": None}),
        ({"ContentHandlingStrategy": "CONVERT_TO_BINARY"}, {"ContentHandlingStrategy": "CONVERT_TO_BINARY"}),
        ({"ResponseTemplates": {}}, {}),
        ({"ResponseTemplates": {"b": "3", "c": "4"}}, {"ResponseTemplates": {"a": "1", "b": "3", "c": "4"}}),
        ({"ResponseTemplates": {"b": "", "d": ""}}, {"ResponseTemplates": {"a": "1"}}),
        ({"ResponseParameters": {f"{HEADER}X": ""}}, {"ResponseParameters": {}}),
    ],
)
def test_update_merges(
    plane: ControlPlane, mock: dict[str, Any], sent: dict[str, Any], changed: dict[str, Any]
) -> None:
    """What is not sent stays, "" clears the expression and takes entries away, maps merge entry by entry."""
    response = create(plane, mock, **FULL)
    plane.call("UpdateIntegrationResponse", **response, **sent)

    expected = {name: value for name, value in {**FULL, **changed}.items() if value is not None}
    assert expected == content(plane, response)


def test_update_keeps_empty_entries_that_are_not_sent(plane: ControlPlane, mock: dict[str, Any]) -> None:
    """Only an entry that is sent as "" goes; one that was empty before stays."""
    response = create(plane, mock, ResponseTemplates={"a": "", "b": "2"})
    plane.call("UpdateIntegrationResponse", **response, ResponseTemplates={"b": "3"})

    assert {"a": "", "b": "3"} == content(plane, response)["ResponseTemplates"]


def test_content_handling_cannot_be_cleared(plane: ControlPlane, mock: dict[str, Any]) -> None:
    """Once set, it can only be set to the other value: "" is refused."""
    response = create(plane, mock, **FULL)
    with pytest.raises(ModelError) as refused:
        plane.call("UpdateIntegrationResponse", **response, ContentHandlingStrategy="")

    assert (400, "CONVERT_TO_TEXT") == (refused.value.status, content(plane, response)["ContentHandlingStrategy"])


def test_empty_template_can_be_created(plane: ControlPlane, mock: dict[str, Any]) -> None:
    """A template of no characters is within its limits."""
    response = create(plane, mock, ResponseTemplates={"a": ""})

    assert {"a": ""} == content(plane, response)["ResponseTemplates"]


@pytest.mark.parametrize(
    ("fields", "accepted"),
    [
        ({"ResponseTemplates": {"a": "x" * 32_768}}, True),
        ({"ResponseTemplates": {"a": "x" * 32_769}}, False),
        ({"ResponseParameters": {f"{HEADER}X": f"'{'x' * 510}'"}}, True),
        ({"ResponseParameters": {f"{HEADER}X": f"'{'x' * 511}'"}}, False),
        ({"ResponseParameters": {f"{HEADER}X": ""}}, False),
        ({"ResponseParameters": {f"{HEADER}X": "integration.response.body.a"}}, True),
        ({"ResponseParameters": {f"{HEADER}X": "a"}}, False),
        ({"ResponseParameters": {"X": "'a'"}}, False),
        ({"ContentHandlingStrategy": "CONVERT"}, False),
        ({"ContentHandlingStrategy": ""}, False),
        ({"ResponseTemplates": ["a"]}, False),
        ({"ResponseTemplates": {"a": 1}}, False),
        ({"TemplateSelectionExpression": 1}, False),
    ],
    ids=lambda value: str(value)[:40],
)
def test_content_is_checked(
    plane: ControlPlane, mock: dict[str, Any], fields: dict[str, Any], *, accepted: bool
) -> None:
    """Limits of 32,768 and 1 to 512 characters, known words and mapping expressions; else nothing is stored."""
    status = 201
    try:
        create(plane, mock, **fields)
    except ModelError as refused:
        status = refused.status
    stored = plane.call("GetIntegrationResponses", **mock)["Items"]

    assert (201 if accepted else 400, int(accepted)) == (status, len(stored))


@pytest.mark.parametrize("operation", ["CreateIntegrationResponse", "GetIntegrationResponses"])
def test_http_apis_have_no_responses(plane: ControlPlane, web: dict[str, Any], operation: str) -> None:
    """HTTP APIs are refused."""
    with pytest.raises(ModelError) as refused:
        plane.call(operation, **web, IntegrationResponseKey="$default")

    assert (400, "BadRequestException") == (refused.value.status, refused.value.code)


def test_proxies_have_no_responses(plane: ControlPlane, mock: dict[str, Any]) -> None:
    """A proxy integration takes no response."""
    proxy = {"IntegrationType": "HTTP_PROXY", "IntegrationUri": "http://backend.example/"}
    plane.call("UpdateIntegration", **mock, **proxy)
    with pytest.raises(ModelError) as refused:
        create(plane, mock)

    assert 400 == refused.value.status


@pytest.mark.parametrize("operation", ["Get", "Update", "Delete"])
@pytest.mark.parametrize("missing", ["ApiId", "IntegrationId", "IntegrationResponseId"])
def test_what_is_not_there_is_not_found(
    plane: ControlPlane, mock: dict[str, Any], operation: str, missing: str
) -> None:
    """An unknown API, integration or response is a 404 for every operation."""
    response = {**create(plane, mock), missing: "gone"}
    with pytest.raises(ModelError) as refused:
        plane.call(f"{operation}IntegrationResponse", **response)

    assert (404, "NotFoundException") == (refused.value.status, refused.value.code)


def test_deleted_response_is_gone(plane: ControlPlane, mock: dict[str, Any]) -> None:
    """A second delete finds nothing."""
    response = create(plane, mock)
    plane.call("DeleteIntegrationResponse", **response)
    with pytest.raises(ModelError) as refused:
        plane.call("DeleteIntegrationResponse", **response)

    assert 404 == refused.value.status


@pytest.mark.parametrize(("count", "size", "sizes"), [(25, None, [25]), (26, None, [25, 1]), (5, "2", [2, 2, 1])])
def test_responses_come_in_pages(
    plane: ControlPlane, mock: dict[str, Any], count: int, size: str | None, sizes: list[int]
) -> None:
    """MaxResults of them to a page, and no token after the last one."""
    for number in range(count):
        create(plane, mock, f"/{number}/")
    pages, token = [], None
    while True:
        page = plane.call("GetIntegrationResponses", **mock, MaxResults=size, NextToken=token)
        pages.append(len(page["Items"]))
        token = page.get("NextToken")
        if token is None:
            break

    assert sizes == pages


@pytest.mark.parametrize("asked", [{"MaxResults": 5}, {"MaxResults": "0"}, {"MaxResults": "x"}, {"NextToken": "x"}])
def test_senseless_paging_is_refused(plane: ControlPlane, mock: dict[str, Any], asked: dict[str, Any]) -> None:
    """MaxResults that is not text or no number of items, and a token that no page gave, are refused."""
    with pytest.raises(ModelError) as refused:
        plane.call("GetIntegrationResponses", **mock, **asked)

    assert 400 == refused.value.status


def test_answers_given_earlier_stay_what_they_were(plane: ControlPlane, mock: dict[str, Any]) -> None:
    """Later writes do not change an answer that somebody holds."""
    response = create(plane, mock, **FULL)
    held = plane.call("GetIntegrationResponse", **response)
    plane.call("UpdateIntegrationResponse", **response, ResponseTemplates={"a": "other"})

    assert FULL["ResponseTemplates"] == held["ResponseTemplates"]


def test_copy_is_independent(plane: ControlPlane, mock: dict[str, Any]) -> None:
    """What happens to a copy does not happen to the original."""
    response = create(plane, mock)
    plane.copy().call("DeleteIntegrationResponse", **response)

    assert {"ResponseParameters": {}, "ResponseTemplates": {}} == content(plane, response)


TEXTS = st.text(max_size=5)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "templateSelectionExpression": TEXTS,
        "contentHandlingStrategy": st.sampled_from(["CONVERT_TO_TEXT", "CONVERT_TO_BINARY"]) | st.none(),
        "responseTemplates": st.dictionaries(TEXTS, TEXTS, max_size=3),
        "responseParameters": st.dictionaries(st.just(f"{HEADER}X"), st.just("'x'"), max_size=1),
    },
)


@given(FIELDS)
@settings(max_examples=50)
def test_what_is_created_from_normal_form_reads_back_equal(fields: dict[str, Any]) -> None:
    """The request made of a normal form stores exactly that normal form."""
    plane = ControlPlane()
    api = plane.call("CreateApi", Name="talk", ProtocolType="WEBSOCKET", RouteSelectionExpression="a")
    mock = plane.call("CreateIntegration", ApiId=api["ApiId"], IntegrationType="MOCK")
    where = {"ApiId": api["ApiId"], "IntegrationId": mock["IntegrationId"], "IntegrationResponseKey": "$default"}
    wanted = normal.websocket_response(fields)
    stored = plane.call("CreateIntegrationResponse", **where, **normal.websocket_request(wanted))

    assert wanted == normal.websocket_response(stored)
