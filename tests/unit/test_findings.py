"""Drift as findings: what is missing, changed, unexpected, and why."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given

from reconciler.diagnostics import Location
from reconciler.diff import FieldChange
from reconciler.findings import DriftSummary, Finding, TargetDrift, Type, find_drift, summarise_drift
from reconciler.models.desired import Origin, Ownership
from reconciler.models.keys import MethodKey, ResponseKey
from reconciler.models.live import LiveApi
from reconciler.models.responses import RestResponse
from support.live import BROKEN, DEFAULT, GET_PETS, NOT_FOUND, POST_PETS, live_of
from support.states import Content, apis, desired_of

PARAMETER = "method.response.header.X-A"
MAPPED = replace(NOT_FOUND, response_parameters={PARAMETER: "'1'"})


def told(drift: TargetDrift) -> list[tuple[Type, str, str, str]]:
    """Type, subject, method with status, and note of every finding."""
    return [
        (finding.type, finding.subject, finding.address.removeprefix("petstore: "), finding.note)
        for finding in drift.findings
    ]


@given(state=apis())
def test_equal_states_have_no_findings(state: Mapping[MethodKey, Content]) -> None:
    """In sync is in sync."""
    drift = find_drift(desired_of(state), live_of(state))

    assert (0, sum(len(content) for content in state.values())) == (
        summarise_drift((drift,), 0).findings,
        summarise_drift((drift,), 0).in_sync,
    )


def test_a_response_is_missing_changed_or_unexpected() -> None:
    """Seen from the manifest."""
    drift = find_drift(
        desired_of({GET_PETS: {"200": DEFAULT, "404": NOT_FOUND, "500": None}}),
        live_of({GET_PETS: {"404": RestResponse("4.."), "410": RestResponse("410"), "500": BROKEN}}),
    )

    assert [
        (Type.MISSING, "response", "GET /pets 200", ""),
        (Type.CHANGED, "response", "GET /pets 404", ""),
        (Type.UNEXPECTED, "response", "GET /pets 410", ""),
        (Type.UNEXPECTED, "response", "GET /pets 500", "unexpected: in AWS, declared absent"),
    ] == told(drift)


def test_a_finding_goes_from_live_to_desired() -> None:
    """`before` is what AWS holds, as in a plan."""
    drift = find_drift(desired_of({GET_PETS: {"404": NOT_FOUND}}), live_of({GET_PETS: {"404": RestResponse("4..")}}))

    assert (FieldChange("selectionPattern", "4..", "404"),) == drift.findings[0].changes


@pytest.mark.parametrize(
    ("live", "note"),
    [
        (live_of({}), "the API has no path /pets"),
        (live_of({POST_PETS: {}}), "/pets has no method GET"),
        (live_of({MethodKey("/pets", "ANY"): {"200": DEFAULT}}), "/pets has no method GET"),
        (live_of({GET_PETS: {}}, type_=None), "GET /pets has no integration"),
        (live_of({GET_PETS: {}}), ""),
    ],
)
def test_what_is_missing_says_what_is_gone(live: LiveApi, note: str) -> None:
    """Path, method or integration."""
    drift = find_drift(desired_of({GET_PETS: {"200": DEFAULT}}), live)

    assert [(Type.MISSING, "response", "GET /pets 200", note)] == told(drift)


def test_a_gone_path_has_no_resource_id() -> None:
    """And one that is there has AWS's."""
    desired = desired_of({GET_PETS: {"200": DEFAULT}})

    lives = (live_of({}), live_of({GET_PETS: {}}))

    assert [None, "x1y2z3"] == [find_drift(desired, live).findings[0].resource_id for live in lives]


def test_a_missing_method_response_of_a_live_response_is_a_finding() -> None:
    """At run time its lack is a 500, though the response is as desired."""
    drift = find_drift(desired_of({GET_PETS: {"404": NOT_FOUND}}), live_of({GET_PETS: {"404": NOT_FOUND}}, declared={}))

    assert [
        (
            Type.MISSING,
            "methodResponse",
            "GET /pets 404",
            "method response 404 is missing: clients get a 500",
        )
    ] == told(drift)


def test_an_undeclared_header_of_a_live_response_is_a_finding() -> None:
    """The method response is there, and lacks what is mapped."""
    drift = find_drift(
        desired_of({GET_PETS: {"404": MAPPED}}), live_of({GET_PETS: {"404": MAPPED}}, declared={"404": ["X-B"]})
    )

    assert [(Type.CHANGED, (FieldChange(f"methodResponse.{PARAMETER}", None, "declared"),))] == [
        (finding.type, finding.changes) for finding in drift.findings
    ]


def test_what_is_not_live_needs_no_declaration_yet() -> None:
    """It is missing itself, which is enough."""
    drift = find_drift(desired_of({GET_PETS: {"404": MAPPED}}), live_of({GET_PETS: {}}, declared={}))

    assert [(Type.MISSING, "response", "GET /pets 404", "")] == told(drift)


def test_a_header_that_live_does_not_map_yet_needs_no_declaration_yet() -> None:
    """That the mapping is missing is the finding."""
    drift = find_drift(
        desired_of({GET_PETS: {"404": MAPPED}}), live_of({GET_PETS: {"404": NOT_FOUND}}, declared={"404": []})
    )

    assert [(Type.CHANGED, "response", "GET /pets 404", "")] == told(drift)


def test_proxy_integrations_need_no_declarations() -> None:
    """AWS ignores their integration responses."""
    live = live_of({GET_PETS: {"404": NOT_FOUND}}, declared={}, type_="HTTP_PROXY")

    assert [] == told(find_drift(desired_of({GET_PETS: {"404": NOT_FOUND}}), live))


def test_findings_are_in_the_order_of_responses() -> None:
    """The method response of a status after its response."""
    live = live_of({GET_PETS: {"404": RestResponse("4..")}, POST_PETS: {}}, declared={})
    drift = find_drift(desired_of({POST_PETS: {"200": DEFAULT}, GET_PETS: {"404": NOT_FOUND, "200": DEFAULT}}), live)

    assert [
        ("GET /pets 200", "response"),
        ("GET /pets 404", "methodResponse"),
        ("GET /pets 404", "response"),
        ("POST /pets 200", "response"),
    ] == [(where, subject) for _, subject, where, _ in told(drift)]


def test_a_finding_has_a_line() -> None:
    """That of its response, else that of its method."""
    desired = replace(
        desired_of({GET_PETS: {"404": NOT_FOUND}}),
        owns={GET_PETS: Ownership("petstore", location=Location("petstore.yaml", 8, 7))},
        origins={(ResponseKey(GET_PETS, "404"), ""): Origin(Location("petstore.yaml", 10, 11))},
    )

    assert [10, 8] == [
        finding.source.line
        for finding in find_drift(desired, live_of({GET_PETS: {"410": BROKEN}})).findings
        if finding.source
    ]


def test_what_nobody_lists_is_no_drift() -> None:
    """It is counted as unmanaged."""
    drift = find_drift(desired_of({GET_PETS: {}}, prune=False), live_of({GET_PETS: {"404": NOT_FOUND}, POST_PETS: {}}))

    assert DriftSummary(unmanaged=1) == summarise_drift((drift,), 0)


def test_counts_are_over_all_targets() -> None:
    """And errors are added to them."""
    drift = find_drift(
        desired_of({GET_PETS: {"200": DEFAULT, "404": NOT_FOUND, "500": BROKEN}}),
        live_of({GET_PETS: {"200": DEFAULT, "404": BROKEN, "410": NOT_FOUND}}),
    )

    assert DriftSummary(in_sync=2, changed=2, missing=2, unexpected=2, unmanaged=0, errors=3) == summarise_drift(
        (drift, drift), 3
    )


def test_errors_are_no_findings() -> None:
    """What could not be read may be in sync."""
    assert 0 == DriftSummary(errors=2).findings


def test_a_finding_is_a_plain_value() -> None:
    """Two runs on the same state find the same."""
    findings: list[tuple[Finding, ...]] = [
        find_drift(desired_of({GET_PETS: {"200": DEFAULT}}), live_of({GET_PETS: {}})).findings for _ in range(2)
    ]

    assert findings[0] == findings[1]
