"""JSON documents: their schemas, their keys, their counts."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from reconciler import __version__
from reconciler.apply import ActionResult, Outcome
from reconciler.diagnostics import Location, error, warning
from reconciler.documents import (
    apply_document,
    drift_document,
    dumped,
    plan_document,
    validation_document,
)
from reconciler.documents.drift import UncomparedManifest
from reconciler.engine.schemas import schema_text
from reconciler.findings import find_drift
from reconciler.guard import judge
from reconciler.models.desired import Desired, Origin, Ownership
from reconciler.models.keys import MethodKey, ResponseKey
from reconciler.models.live import LiveApi
from reconciler.models.responses import RestResponse
from reconciler.plan import Plan, make_plan
from reconciler.rules import GuardRule, InputRule
from support.live import BROKEN, DEFAULT, GET_PETS, NOT_FOUND, POST_PETS, TARGET, live_of
from support.states import Content, apis, desired_of

NOW = "2026-01-31T12:00:00Z"
PARAMETER = "method.response.header.X-A"
MAPPED = RestResponse("404", None, {PARAMETER: "'1'"}, {"application/json": "line\nline\n"})

DESIRED = replace(
    desired_of(
        {GET_PETS: {"200": RestResponse("b"), "201": RestResponse("a"), "404": MAPPED, "500": BROKEN}, POST_PETS: {}},
        ensure=True,
    ),
    owns={
        GET_PETS: Ownership("petstore", method_responses="ensure", location=Location("petstore.yaml", 8, 7)),
        POST_PETS: Ownership("petstore", location=Location("petstore.yaml", 20, 7)),
    },
    origins={(ResponseKey(GET_PETS, "404"), ""): Origin(Location("petstore.yaml", 10, 11))},
)
LIVE = live_of(
    {
        GET_PETS: {"200": RestResponse("a"), "201": RestResponse("b"), "500": BROKEN},
        POST_PETS: {"200": DEFAULT},
        MethodKey("/orders", "GET"): {"200": DEFAULT, "500": BROKEN},
    },
    declared={"200": [], "201": [], "500": []},
)


def planned(desired: Desired = DESIRED, live: LiveApi = LIVE) -> Plan:
    """The plan of every sort of action."""
    return Plan((make_plan(desired, live),))


def read(name: str, text: str) -> dict[str, Any]:
    """A document back from its text, held against its schema."""
    document: dict[str, Any] = json.loads(text)
    Draft202012Validator(json.loads(schema_text(name))).validate(document)
    return document


def plan_json(made: Plan | None = None) -> dict[str, Any]:
    """A plan with all that may stand against it."""
    made = made or planned()
    refused, forced = judge(made), judge(made, [GuardRule.EMPTY_METHOD])
    problems = (
        error(InputRule.SYNTAX, "words", "remedy", Location("a.yaml", 1, 2), "petstore: GET /pets 404"),
        warning(InputRule.SYNTAX, "x"),
    )
    return read("plan", dumped(plan_document(made, NOW, replace(refused, waivers=forced.waivers), problems)))


def apply_json(*results: ActionResult, verified: bool | None = True) -> dict[str, Any]:
    """An apply whose actions ended like this."""
    made = planned()
    outcomes = [
        Outcome(action_id, action, result, "why")
        for (action_id, _, action), result in zip(made.numbered(), results, strict=False)
    ]
    return read("apply", dumped(apply_document(plan_document(made, NOW), outcomes, NOW, verified=verified)))


def drift_json(desired: Desired = DESIRED, live: LiveApi = LIVE) -> dict[str, Any]:
    """A drift report with one target that was read and one that was not."""
    unread = [("orders", "access denied", Location("orders.yaml", 3, 1))]
    return read(
        "drift",
        dumped(
            drift_document(
                [find_drift(desired, live)],
                [UncomparedManifest(*one) for one in unread],
                NOW,
                [warning(InputRule.SYNTAX, "x")],
            )
        ),
    )


def validation_json() -> dict[str, Any]:
    """Two errors, one warning."""
    found = [
        error(InputRule.SYNTAX, "x", at=Location("a.yaml", 1, 2)),
        error(InputRule.SYNTAX, "y"),
        warning(InputRule.SYNTAX, "z"),
    ]
    return read("validation", dumped(validation_document(found, manifests=3, responses=44)))


def test_a_plan_has_the_keys_that_programs_rely_on() -> None:
    """In this order, with this format version."""
    document = plan_json()

    assert (
        ["formatVersion", "kind", "toolVersion", "createdAt"],
        ["summary", "targets", "actions", "waivers", "refusals", "diagnostics", "texts"],
        ("1.0", "Plan", __version__, NOW, {}),
    ) == (
        list(document)[:4],
        list(document)[4:11],
        tuple(document[key] for key in ("formatVersion", "kind", "toolVersion", "createdAt", "texts")),
    )


def test_a_summary_counts_responses() -> None:
    """Two swapped, one created, one deleted; the park and the declaration are none of them."""
    document = plan_json()

    assert (
        {
            "create": 1,
            "update": 2,
            "delete": 1,
            "unchanged": 1,
            "unmanaged": 2,
            "unmanagedMethods": 1,
            "notSelected": 0,
            "ignored": 0,
        },
        ["methodResponse", "park"],
        6,
    ) == (
        document["summary"],
        sorted(one["step"] for one in document["actions"] if one["step"]),
        len(document["actions"]),
    )


def test_a_target_says_which_api_and_which_state() -> None:
    """Who and where, and two digests."""
    made = planned()

    assert [
        {
            "manifests": ["petstore"],
            "kind": "RestApi",
            "environment": None,
            "protected": False,
            "accountId": TARGET.account_id,
            "region": TARGET.region,
            "apiId": TARGET.api_id,
            "apiName": "petstore",
            "liveDigest": made.targets[0].live_digest,
            "desiredDigest": made.targets[0].desired_digest,
        }
    ] == plan_json(made)["targets"]


def test_a_creation_says_all_there_is_to_say() -> None:
    """The address, the call, why, what it means to AWS, before and after, value by value, and the line."""
    found = next(one for one in plan_json()["actions"] if one["op"] == "create" and not one["step"])

    assert {
        "id": found["id"],
        "address": "petstore: GET /pets 404",
        "op": "create",
        "step": None,
        "operation": "PutIntegrationResponse",
        "reason": "not live yet",
        "target": {
            "manifest": "petstore",
            "kind": "RestApi",
            "apiId": TARGET.api_id,
            "resourceId": "x1y2z3",
            "path": "/pets",
            "method": "GET",
            "statusCode": "404",
            "environment": None,
            "accountId": TARGET.account_id,
            "region": TARGET.region,
        },
        "before": None,
        "after": {
            "selectionPattern": "404",
            "responseParameters": {PARAMETER: "'1'"},
            "responseTemplates": {"application/json": "line\nline\n"},
        },
        "changes": [
            {"path": "selectionPattern", "before": None, "after": "404"},
            {"path": f"responseParameters.{PARAMETER}", "before": None, "after": "'1'"},
            {"path": "responseTemplates.application/json", "before": None, "after": "line\nline\n"},
        ],
        "source": {"file": "petstore.yaml", "line": 10},
    } == {name: found[name] for name in list(found)[:11]}


def test_a_deletion_has_no_after() -> None:
    """What was there is in `before`; the line is the method's."""
    found = next(one for one in plan_json()["actions"] if one["op"] == "delete")

    assert ("DeleteIntegrationResponse", {}, None, {"file": "petstore.yaml", "line": 20}) == tuple(
        found[name] for name in ("operation", "before", "after", "source")
    )


def test_a_park_has_the_parking_pattern_after() -> None:
    """It is the write that is made, not the one that is wanted."""
    found = next(one for one in plan_json()["actions"] if one["step"] == "park")

    assert ("update", "PutIntegrationResponse", {"selectionPattern": "a"}, {"selectionPattern": "(?!)parked-200"}) == (
        tuple(found[name] for name in ("op", "operation", "before", "after"))
    )


def test_a_declaration_names_its_call_and_headers() -> None:
    """As PutMethodResponse takes them: a flag, which means nothing."""
    found = next(one for one in plan_json()["actions"] if one["step"] == "methodResponse")

    assert ("create", "PutMethodResponse", {"responseParameters": {PARAMETER: "false"}}) == tuple(
        found[name] for name in ("op", "operation", "after")
    )


def test_action_ids_count_from_one() -> None:
    """In the order in which they would run."""
    assert ["1", "2", "3", "4", "5", "6"] == [one["id"] for one in plan_json()["actions"]]


def test_refusals_and_waivers_have_the_words_of_the_rule() -> None:
    """The same, whether it stands or was waived."""
    document = plan_json()

    assert (["emptyMethod"], document["refusals"]) == (
        [one["rule"] for one in document["refusals"]],
        document["waivers"],
    )


def test_a_diagnostic_has_a_place_or_nulls() -> None:
    """Never an empty file name, never line 0 of nothing."""
    assert [
        {
            "severity": "error",
            "rule": "syntax",
            "message": "words",
            "remedy": "remedy",
            "file": "a.yaml",
            "line": 1,
            "column": 2,
            "address": "petstore: GET /pets 404",
            "also": [],
        },
        {
            "severity": "warning",
            "rule": "syntax",
            "message": "x",
            "remedy": "",
            "file": None,
            "line": None,
            "column": None,
            "address": None,
            "also": [],
        },
    ] == plan_json()["diagnostics"]


def test_a_passthrough_template_is_an_empty_text() -> None:
    """And "not set" is null or no key: the two are told apart."""
    after = RestResponse(response_templates={"application/json": ""})
    made = planned(desired_of({GET_PETS: {"200": after}}), live_of({GET_PETS: {"200": DEFAULT}}))
    action = plan_json(made)["actions"][0]

    assert ({}, {"responseTemplates": {"application/json": ""}}, [(None, "")]) == (
        action["before"],
        action["after"],
        [(one["before"], one["after"]) for one in action["changes"]],
    )


def test_an_apply_counts_outcomes_of_actions() -> None:
    """Steps included, for each is a write."""
    every = (
        ActionResult.APPLIED,
        ActionResult.SKIPPED,
        ActionResult.FAILED,
        ActionResult.UNKNOWN,
        ActionResult.NOT_RUN,
        ActionResult.NOT_RUN,
    )
    document = apply_json(*every)

    assert ({"applied": 1, "skipped": 1, "failed": 1, "unknown": 1, "notRun": 2}, [str(one) for one in every]) == (
        document["summary"],
        [one["outcome"] for one in document["outcomes"]],
    )


def test_an_apply_carries_its_plan_and_outcomes() -> None:
    """An outcome belongs to an action by its id."""
    document = apply_json(ActionResult.APPLIED)

    assert (
        {"id": "1", "address": document["plan"]["actions"][0]["address"], "outcome": "applied", "detail": "why"},
        False,
    ) == (document["outcomes"][0], document["deployed"])


@pytest.mark.parametrize("verified", [True, False, None])
def test_an_apply_says_whether_it_was_verified(verified: bool | None) -> None:
    """Null: nothing was written."""
    assert verified is apply_json(verified=verified)["verified"]


def test_drift_counts_and_finds() -> None:
    """Responses, method responses, and manifests that could not be compared."""
    document = drift_json()
    counts = {"inSync": 1, "changed": 2, "missing": 1, "unexpected": 1, "unmanaged": 2, "errors": 1}

    assert (
        {**counts, "notSelected": 0, "ignored": 0, "stages": 0, "deployed": 0},
        ["changed", "changed", "error", "missing", "unexpected"],
    ) == (document["summary"], sorted(one["type"] for one in document["findings"]))


def test_a_finding_has_the_keys_that_programs_rely_on() -> None:
    """Type, address, target, changes, source."""
    found = next(one for one in drift_json()["findings"] if one["type"] == "missing")

    assert (
        "response",
        "petstore: GET /pets 404",
        "404",
        ["selectionPattern", f"responseParameters.{PARAMETER}", "responseTemplates.application/json"],
        {"file": "petstore.yaml", "line": 10, "column": 11},
    ) == (
        found["subject"],
        found["address"],
        found["target"]["statusCode"],
        [one["path"] for one in found["changes"]],
        found["source"],
    )


def test_what_could_not_be_read_is_a_finding_of_type_error() -> None:
    """It names manifest, reason and place, and no response."""
    found = drift_json()["findings"][-1]

    assert {
        "type": "error",
        "subject": "target",
        "stage": None,
        "environment": None,
        "address": "orders",
        "target": None,
        "message": "access denied",
        "changes": [],
        "source": {"file": "orders.yaml", "line": 3, "column": 1},
    }.items() <= found.items()


def test_a_gone_path_has_no_resource_id() -> None:
    """The finding still says which response."""
    found = drift_json(live=live_of({}))["findings"][0]

    assert (None, "/pets", "the API has no path /pets") == (
        found["target"]["resourceId"],
        found["target"]["path"],
        found["message"],
    )


def test_a_missing_method_response_is_told_from_a_missing_response() -> None:
    """By its subject."""
    live = live_of({GET_PETS: {"404": NOT_FOUND}}, declared={})

    assert [("missing", "methodResponse")] == [
        (one["type"], one["subject"])
        for one in drift_json(desired_of({GET_PETS: {"404": NOT_FOUND}}), live)["findings"]
        if one["type"] != "error"
    ]


def test_a_validation_counts() -> None:
    """Manifests, responses, errors and warnings."""
    document = validation_json()

    assert ({"manifests": 3, "responses": 44, "errors": 2, "warnings": 1, "tests": 0}, 3) == (
        document["summary"],
        len(document["diagnostics"]),
    )


@settings(max_examples=30)
@given(before=apis(), after=apis())
def test_any_plan_and_any_drift_fits_its_schema(
    before: Mapping[MethodKey, Content], after: Mapping[MethodKey, Content]
) -> None:
    """And counts its own entries."""
    document = plan_json(planned(desired_of(after), live_of(before)))
    drift = drift_json(desired_of(after), live_of(before))
    ops = [one["op"] for one in document["actions"] if not one["step"]]
    types = [one["type"] for one in drift["findings"]]

    assert {
        **{op: ops.count(op) for op in ("create", "update", "delete")},
        **{name: types.count(name) for name in ("changed", "missing", "unexpected")},
    } == {
        **{op: document["summary"][op] for op in ("create", "update", "delete")},
        **{name: drift["summary"][name] for name in ("changed", "missing", "unexpected")},
    }


_ANY_TEXT = st.text(st.characters(), min_size=1, max_size=20)


@given(text=_ANY_TEXT)
def test_documents_are_plain_ascii(text: str) -> None:
    """Whatever AWS holds reaches no terminal as a control sequence, and no file in a wrong encoding."""
    made = planned(desired_of({GET_PETS: {"200": DEFAULT}}), live_of({GET_PETS: {"200": RestResponse(text)}}))
    printed = dumped(plan_document(made, NOW))

    assert set() == {one for one in printed if not " " <= one <= "~" and one != "\n"}


@given(text=_ANY_TEXT)
def test_texts_come_back_as_they_were(text: str) -> None:
    """Also lone surrogates, which file names may have."""
    response = RestResponse(response_templates={"application/json": text})
    made = planned(desired_of({GET_PETS: {"200": response}}), live_of({GET_PETS: {"200": DEFAULT}}))

    assert text == plan_json(made)["actions"][0]["after"]["responseTemplates"]["application/json"]


@given(text=_ANY_TEXT)
def test_file_names_come_back_as_they_were(text: str) -> None:
    """Their bytes need not be UTF-8."""
    found = error(InputRule.SYNTAX, "words", at=Location(text, 1, 1))

    assert (
        text
        == read("validation", dumped(validation_document([found], manifests=1, responses=1)))["diagnostics"][0]["file"]
    )
