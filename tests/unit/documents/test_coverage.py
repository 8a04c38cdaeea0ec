"""The JSON document of a coverage report."""

import json
from typing import Any

from jsonschema import Draft202012Validator

from reconciler.engine.schemas import schema_text
from reconciler.views.coverage import coverage_json
from support.covered import DENIED, EVERYTHING, HALF, LISTED, coverage_of

SCHEMA = Draft202012Validator(json.loads(schema_text("coverage")))


def document(**report: Any) -> Any:  # noqa: ANN401 - JSON
    """The document of everything, which fits its schema."""
    made = json.loads(coverage_json(coverage_of(EVERYTHING, LISTED, **report)))
    SCHEMA.validate(made)
    return made


def test_the_summary_counts_what_was_read_and_what_was_not() -> None:
    """Both are in it: what is uncovered, and that something could not be read."""
    assert {
        "apis": {"total": 5, "covered": 3, "uncovered": 2, "ignored": 1},
        "methods": {"total": 7, "covered": 5, "uncovered": 2, "ignored": 1},
        "errors": 1,
        "minApis": 0.5,
        "minMethods": 0.5,
        "enough": True,
    } == document(failures=(DENIED,), thresholds=HALF)["summary"]


def test_each_account_and_region_has_its_counts() -> None:
    """In the order of the run."""
    assert [(["dev", "test"], 2), (["prod"], 0)] == [
        (region["environments"], region["apis"]["uncovered"]) for region in document()["accountRegions"]
    ]


def test_what_has_no_manifest_is_listed() -> None:
    """With where it is."""
    assert {
        "environments": ["dev", "test"],
        "accountId": "123456789012",
        "region": "eu-west-1",
        "kind": "RestApi",
        "apiId": "b2",
        "apiName": "orders",
        "stack": "shop",
    } == document()["uncovered"][0]


def test_methods_are_listed_by_their_keys() -> None:
    """Those of REST APIs by path and verb, those of WebSocket APIs by route and integration."""
    keys = ("address", "path", "method", "routeKey", "integrationId", "integrationType")

    assert [
        ["pets: GET /pets", "/pets", "GET", None, None, "AWS"],
        ["talk: send", None, None, "send", "i1", "HTTP"],
    ] == [[method[key] for key in keys] for method in document()["unlisted"]]


def test_what_is_ignored_is_listed_with_its_rule() -> None:
    """APIs and methods."""
    made = document()

    assert [{"match": "old*", "reason": "retired", "until": "2027-01-31"}] == [api["rule"] for api in made["ignored"]]
    assert [("pets: OPTIONS /pets", "pets: OPTIONS *")] == [
        (method["address"], method["rule"]["match"]) for method in made["ignoredMethods"]
    ]


def test_what_could_not_be_read_is_listed() -> None:
    """And is a diagnostic."""
    made = document(failures=(DENIED,))

    assert [("WebSocketApi", None, "access-denied", "not allowed")] == [
        (part["kind"], part["apiId"], part["rule"], part["message"]) for part in made["unread"]
    ]
    assert ["access-denied"] == [diagnostic["rule"] for diagnostic in made["diagnostics"]]


def test_without_methods_nothing_is_claimed_of_them() -> None:
    """Null is not zero."""
    made = document(methods=False)

    assert (None, None, None) == (
        made["summary"]["methods"],
        made["summary"]["minMethods"],
        made["accountRegions"][0]["methods"],
    )
