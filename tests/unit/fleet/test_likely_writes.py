"""Which writes to an API may have caused a finding."""

import pytest

from reconciler.findings import Finding, Subject, Type
from reconciler.fleet.likely_writes import MOST, events_of, likely_writes, stage_writes
from reconciler.models.keys import IntegrationKey, MethodKey, ResponseKey, Scope
from reconciler.models.targets import Kind
from reconciler.models.writes import ApiWrite

PETS = MethodKey("/pets", "GET")
SEND = IntegrationKey("send", "i1")


def finding(
    type_: Type = Type.CHANGED,
    scope: Scope = PETS,
    code: str = "404",
    subject: Subject = "response",
    resource_id: str | None = "r1",
) -> Finding:
    """A finding about GET /pets 404."""
    return Finding(
        type_, f"petstore: {scope} {code}", ResponseKey(scope, code), (), "petstore", subject, "", None, resource_id
    )


def write(event: str, day: int = 1, **ids: str) -> ApiWrite:
    """A write to GET /pets 404 on a day of January."""
    rest = {"resource_id": "r1", "method": "GET", "code": "404"} if "integration_id" not in ids else {}
    return ApiWrite(f"2026-01-{day:02}T00:00:00Z", event, "a1", "ops", **{**rest, **ids})


def blamed(about: Finding, *writes: ApiWrite, kind: Kind = Kind.REST_API) -> list[tuple[str, str]]:
    """Operation and subject of the chosen writes."""
    return [(change.event, change.subject) for change in likely_writes(kind, about, writes)]


def test_the_write_of_the_response_itself() -> None:
    """Named as in the manifest, though the event has ids."""
    assert [("UpdateIntegrationResponse", "GET /pets 404")] == blamed(finding(), write("UpdateIntegrationResponse"))


@pytest.mark.parametrize(
    "other", [{"code": "500"}, {"method": "POST"}, {"resource_id": "r2"}, {"method": "", "resource_id": "", "code": ""}]
)
def test_writes_of_other_responses_are_not_blamed(other: dict[str, str]) -> None:
    """Of another status, method or resource."""
    assert [] == blamed(finding(), write("PutIntegrationResponse", 1, **other))


def test_what_a_put_replaced_is_not_blamed() -> None:
    """Nothing is left of earlier writes to the same response."""
    puts = [
        write("UpdateIntegrationResponse", 9),
        write("PutIntegrationResponse", 8),
        write("PutIntegrationResponse", 7),
    ]

    assert ["UpdateIntegrationResponse", "PutIntegrationResponse"] == [event for event, _ in blamed(finding(), *puts)]


def test_at_most_three_are_named() -> None:
    """The latest."""
    writes = [write("UpdateIntegrationResponse", day) for day in range(9, 0, -1)]

    assert [f"2026-01-0{day}T00:00:00Z" for day in (9, 8, 7)] == [
        change.at for change in likely_writes(Kind.REST_API, finding(), writes)
    ]
    assert MOST == 3


def test_an_import_after_the_write_is_blamed_too() -> None:
    """It replaces the whole API, so it comes with no name."""
    writes = [write("PutRestApi", 9, resource_id="", method="", code=""), write("PutIntegrationResponse", 8)]

    assert [("PutRestApi", ""), ("PutIntegrationResponse", "GET /pets 404")] == blamed(finding(), *writes)


def test_an_import_before_the_write_is_not_blamed() -> None:
    """The later write is more precise."""
    writes = [write("UpdateIntegrationResponse", 9), write("PutRestApi", 8, resource_id="", method="", code="")]

    assert [("UpdateIntegrationResponse", "GET /pets 404")] == blamed(finding(), *writes)


def test_of_one_second_the_finest_counts() -> None:
    """A deployment tool writes method, integration and response within the same second."""
    writes = [write("PutIntegration", 9, code=""), write("PutIntegrationResponse", 9)]

    assert [("PutIntegrationResponse", "GET /pets 404")] == blamed(finding(), *writes)


def test_a_deleted_response() -> None:
    """Its deletion, or that of what it was in."""
    writes = [
        write("DeleteIntegration", 9, code=""),
        write("DeleteIntegrationResponse", 8),
        write("PutIntegrationResponse", 7),
    ]

    assert [("DeleteIntegration", "GET /pets"), ("DeleteIntegrationResponse", "GET /pets 404")] == blamed(
        finding(Type.MISSING), *writes
    )


@pytest.mark.parametrize(
    ("event", "ids", "subject"),
    [
        ("DeleteResource", {"resource_id": "r9", "method": "", "code": ""}, "resource r9"),
        ("DeleteMethod", {"resource_id": "r9", "method": "GET", "code": ""}, "GET of resource r9"),
    ],
)
def test_a_path_that_is_gone_has_no_id(event: str, ids: dict[str, str], subject: str) -> None:
    """So every deletion of a resource, or of such a method, may have been it."""
    gone = finding(Type.MISSING, resource_id=None)
    others = [write("DeleteMethod", method="POST", code=""), write("DeleteIntegrationResponse")]

    assert [(event, subject)] == blamed(gone, write(event, 9, **ids), *others)


def test_a_method_response() -> None:
    """Writes of method responses only."""
    about = finding(Type.MISSING, subject="methodResponse")
    writes = [write("DeleteMethodResponse", 9), write("DeleteIntegrationResponse", 8)]

    assert [("DeleteMethodResponse", "GET /pets 404")] == blamed(about, *writes)


def test_an_unlisted_method() -> None:
    """Whatever made it, and its responses of any status."""
    about = finding(Type.UNEXPECTED, code="", subject="method")
    writes = [write("PutIntegrationResponse", 9, code="200"), write("PutMethod", 8, code="")]

    assert [("PutIntegrationResponse", "GET /pets")] == blamed(about, *writes)
    assert [("PutMethod", "GET /pets")] == blamed(about, *writes[1:])


def test_a_websocket_response_by_its_key() -> None:
    """An event names it, or only the integration."""
    about = finding(scope=SEND, code="$default", resource_id="i1")
    named = write("CreateIntegrationResponse", 9, integration_id="i1", code="$default")
    unnamed = write("UpdateIntegrationResponse", 8, integration_id="i1", response_id="ir1")

    assert [("CreateIntegrationResponse", "send $default")] == blamed(about, named, kind=Kind.WEBSOCKET_API)
    assert [("UpdateIntegrationResponse", "send")] == blamed(about, unnamed, kind=Kind.WEBSOCKET_API)


@pytest.mark.parametrize(
    "ids", [{"integration_id": "i2", "code": "$default"}, {"integration_id": "i1", "code": "/4../"}]
)
def test_writes_of_other_websocket_responses_are_not_blamed(ids: dict[str, str]) -> None:
    """Of another integration or key."""
    about = finding(scope=SEND, code="$default", resource_id="i1")

    assert [] == blamed(about, write("UpdateIntegrationResponse", 1, **ids), kind=Kind.WEBSOCKET_API)


def test_a_missing_websocket_response_may_have_been_renamed() -> None:
    """An update can change the key."""
    about = finding(Type.MISSING, SEND, "$default", resource_id="i1")
    renamed = write("UpdateIntegrationResponse", integration_id="i1", code="/4../")

    assert [("UpdateIntegrationResponse", "send")] == blamed(about, renamed, kind=Kind.WEBSOCKET_API)


def test_a_missing_route() -> None:
    """Any change of routes and integrations may have been it, and no change of a response."""
    about = finding(Type.MISSING, IntegrationKey("send"), "$default", resource_id=None)
    writes = [
        write("UpdateRoute", 9, integration_id=""),
        write("DeleteIntegration", 8, integration_id="i7"),
        write("DeleteIntegrationResponse", 7, integration_id="i7"),
    ]

    assert [("UpdateRoute", ""), ("DeleteIntegration", "integration i7")] == blamed(
        about, *writes, kind=Kind.WEBSOCKET_API
    )


def test_an_unlisted_integration() -> None:
    """Whatever made it."""
    about = finding(Type.UNEXPECTED, SEND, "", "method", "i1")

    assert [("CreateIntegration", "send")] == blamed(
        about, write("CreateIntegration", integration_id="i1"), kind=Kind.WEBSOCKET_API
    )


def test_a_stage_is_what_was_deployed_to_it() -> None:
    """Deployments of other stages are not blamed."""
    writes = [
        ApiWrite("2026-01-09T00:00:00Z", "CreateDeployment", "a1", stage="test"),
        ApiWrite("2026-01-08T00:00:00Z", "UpdateStage", "a1", stage="prod"),
        ApiWrite("2026-01-07T00:00:00Z", "PutIntegrationResponse", "a1"),
    ]

    assert [("UpdateStage", "stage prod")] == [
        (change.event, change.subject) for change in stage_writes("prod", writes)
    ]


@pytest.mark.parametrize("type_", [Type.CHANGED, Type.MISSING, Type.UNEXPECTED])
@pytest.mark.parametrize("kind", Kind)
def test_few_operations_matter(kind: Kind, type_: Type) -> None:
    """Each costs a call of CloudTrail's two a second."""
    scope = PETS if kind is Kind.REST_API else SEND

    assert 1 < len(events_of(kind, finding(type_, scope))) <= 6
