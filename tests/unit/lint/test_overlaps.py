"""Patterns of one method that match the same text, and responses that may never be selected."""

import pytest

from reconciler.diagnostics import Diagnostic, Location
from reconciler.lint import lint
from reconciler.models.desired import ABSENT, Desired, ManifestRef, Origin, Ownership, Wanted
from reconciler.models.keys import IntegrationKey, MethodKey, ResponseKey
from reconciler.models.responses import RestResponse, WebSocketResponse
from reconciler.models.targets import ApiRef
from support.websocket import websocket_desired_of

GET = MethodKey("/pets", "GET")
SEND = IntegrationKey("sendMessage")
MANIFEST = "petstore.yaml"


def desired_of(patterns: dict[str, str], allowed: dict[str, set[str]] | None = None) -> Desired:
    """A method with these patterns by status, one per line from line 10 on."""
    wanted: dict[ResponseKey, Wanted] = {
        ResponseKey(GET, code): RestResponse(pattern) for code, pattern in patterns.items()
    }
    return Desired(
        manifests=(ManifestRef("petstore", ApiRef(id="a1b2c3d4e5")),),
        owns={GET: Ownership("petstore")},
        responses=wanted,
        allowed={ResponseKey(GET, code): frozenset(rules) for code, rules in (allowed or {}).items()},
        origins={
            (key, "selectionPattern"): Origin(Location(MANIFEST, 10 + place, 9)) for place, key in enumerate(wanted)
        },
    )


def linted(**patterns: str) -> list[str]:
    """What is said of a method with these patterns, by status with an underscore before it."""
    found = lint(desired_of({code.removeprefix("_"): pattern for code, pattern in patterns.items()}))
    return [one.message for one in found]


def ids(found: tuple[Diagnostic, ...]) -> list[str]:
    """The rules that they name."""
    return [one.rule for one in found]


def test_two_patterns_that_match_a_status_overlap() -> None:
    """The diagnostic is a warning at the second pattern, and shows the status."""
    found = lint(desired_of({"400": "40[0-4]", "404": "404|410"}))

    assert [
        (
            f"{MANIFEST}:11:9: warning: the patterns of 400 and 404 both match `404`; AWS does not document which it "
            r"selects [overlapping-patterns]; make the patterns disjoint, as `\[BadRequest\](\n|.)*` and "
            r"`\[NotFound\](\n|.)*` are"
        )
    ] == list(map(str, found))


def test_two_patterns_that_match_a_message_overlap() -> None:
    """What they are matched against is not known here, so any text counts."""
    assert [
        "the patterns of 400 and 404 both match `[NotFound][BadRequest]`; AWS does not document which it selects"
    ] == linted(_400=r".*\[BadRequest\].*", _404=r".*\[NotFound\].*")


def test_a_covered_pattern_may_never_be_selected() -> None:
    """The diagnostic is at the narrow pattern, and there is none about the overlap."""
    found = lint(desired_of({"400": r"4\d\d", "404": "404"}))

    assert [
        (
            f"{MANIFEST}:11:9: warning: every text that the pattern of 404 matches, such as `404`, also matches the "
            "pattern of 400; AWS does not document which it selects [unreachable-response]; exclude these texts from "
            r"the wider pattern, as in `(?!404$)4\d\d`, or remove the response"
        )
    ] == list(map(str, found))


@pytest.mark.parametrize(
    ("narrow", "wide", "written"),
    [
        ("404", r"4\d\d", r"(?!404$)4\d\d"),
        (r".*\[NotFound\].*", ".+", r"(?!.*\[NotFound\].*$).+"),
        ("404|410", r"4\d\d|500", r"(?!(?:404|410)$)(?:4\d\d|500)"),
    ],
)
def test_the_remedy_leaves_the_covered_texts_out(narrow: str, wide: str, written: str) -> None:
    """What it says to write has nothing in common with the narrow pattern."""
    (found,) = lint(desired_of({"400": wide, "404": narrow}))

    assert f"exclude these texts from the wider pattern, as in `{written}`, or remove the response" == found.remedy
    assert () == lint(desired_of({"400": written, "404": narrow}))


@pytest.mark.parametrize(("narrow", "wide"), [("^404$", r"4\d\d"), ("404", "(?s).*"), ("4" * 40, "4+")])
def test_what_cannot_be_put_together_has_the_general_remedy(narrow: str, wide: str) -> None:
    """Positions and flags would mean something else there."""
    (found, *_) = lint(desired_of({"400": wide, "404": narrow}))

    assert r"exclude these texts from the wider pattern, as in `(?!404)4\d\d`, or remove the response" == found.remedy


def test_a_covered_pattern_may_come_first() -> None:
    """The order of the responses does not matter."""
    assert [
        (
            "every text that the pattern of 405 matches, such as `four hundred`, also matches the pattern of 502; "
            "AWS does not document which it selects"
        )
    ] == linted(_405=".*four hundred.*", _502=".+")


def test_two_ways_to_write_a_pattern_are_reported_once() -> None:
    """Each covers the other; the second response is reported."""
    assert [
        (
            "every text that the pattern of 404 matches, such as `400`, also matches the pattern of 400; "
            "AWS does not document which it selects"
        )
    ] == linted(_400=r"4\d\d", _404="4[0-9]{2}")


def test_a_covered_response_is_reported_once() -> None:
    """One pattern that covers it is enough."""
    found = lint(desired_of({"400": "40.", "404": "404", "500": ".0."}))

    assert [10, 11] == [one.location.line if one.location else 0 for one in found]
    assert {"unreachable-response"} == set(ids(found))


def test_a_pattern_without_a_text_is_never_selected() -> None:
    """Positions that contradict each other match nothing."""
    assert ["the pattern of 404 matches no text"] == linted(_404="(?!40)404")


def test_texts_in_common_may_be_empty() -> None:
    """The empty text is the message of a Lambda function that succeeds."""
    assert ["the patterns of 400 and 404 both match the empty text; AWS does not document which it selects"] == linted(
        _400="()|a", _404="()|b"
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("404", "410"),
        ("404", ".*not found.*"),
        (r"4\d{2}", r"5\d{2}"),
        (r"\[BadRequest\](\n|.)*", r"(?!\[BadRequest\])(\n|.)+"),
        (r"(?!404)4\d\d", "404"),
        ("", ".*"),
        ("(", "[("),
        (r"\p{Alpha}+", "a"),
        (r"(a)\1", "aa"),
    ],
)
def test_disjoint_patterns_and_patterns_that_are_not_compared_pass(first: str, second: str) -> None:
    """Neither rule fires, in either order; the default response has no pattern."""
    for patterns in ({"400": first, "404": second}, {"400": second, "404": first}):
        assert not {"overlapping-patterns", "unreachable-response"}.intersection(ids(lint(desired_of(patterns))))


def test_equal_patterns_are_duplicates_only() -> None:
    """One fact is reported once."""
    assert ["duplicate-pattern"] == ids(lint(desired_of({"400": ".+", "404": ".+"})))


def test_patterns_of_different_methods_are_not_compared() -> None:
    """A backend's answer reaches one method."""
    keys = [ResponseKey(GET, "404"), ResponseKey(MethodKey("/pets", "PUT"), "404")]
    desired = desired_of({})

    assert () == lint(
        Desired(
            desired.manifests,
            {key.scope: Ownership("petstore") for key in keys},
            dict.fromkeys(keys, RestResponse(".+")),
        )
    )


def test_absent_responses_and_patterns_of_others_are_not_compared() -> None:
    """A response that must not exist has no pattern, and whoever owns a pattern chooses it."""
    keys = {code: ResponseKey(GET, code) for code in ("400", "404", "500")}
    desired = Desired(
        desired_of({}).manifests,
        {GET: Ownership("petstore", own=("responseTemplates",))},
        {keys["400"]: RestResponse(".+"), keys["404"]: ABSENT, keys["500"]: RestResponse("a.*")},
        owned={keys["400"]: ("responseTemplates",)},
    )

    assert () == lint(desired)


def test_a_warning_is_silenced_at_its_response() -> None:
    """As for the other rules."""
    patterns = {"400": "a.*", "404": ".*b", "500": ".*b."}
    allowed = {"404": {"overlapping-patterns"}, "500": {"overlapping-patterns"}}

    assert [] == ids(lint(desired_of(patterns, allowed)))


def test_of_many_overlaps_three_are_reported() -> None:
    """Five hundred patterns that all match 404 would be 125,000 pairs."""
    found = lint(desired_of({str(code): f"404|{code}" for code in range(100, 600)}))
    messages = [one.message for one in found if one.location and one.location.line == 10 + 499]

    assert [
        "the patterns of 100 and 599 both match `404`; AWS does not document which it selects",
        "the patterns of 101 and 599 both match `404`; AWS does not document which it selects",
        (
            "the patterns of 102 and 599 both match `404`; AWS does not document which it selects; "
            "599 may overlap with others too"
        ),
    ] == messages


def test_keys_of_websocket_responses_overlap() -> None:
    """They are matched like patterns; `$default` is none."""
    keys = ["$default", r"/4\d\d/", "/40.|500/", "/404/"]
    found = lint(websocket_desired_of({SEND: {key: WebSocketResponse() for key in keys}}))

    assert [
        (
            "overlapping-patterns",
            r"the keys `/4\d\d/` and `/40.|500/` both match `400`; AWS does not document which it selects",
        ),
        (
            "unreachable-response",
            (
                r"every text that the key `/404/` matches, such as `404`, also matches the key `/4\d\d/`; AWS does "
                "not document which it selects"
            ),
        ),
    ] == [(one.rule, one.message) for one in found]


@pytest.mark.parametrize("form", [r".*\[Error{}\].*", r"\[Error{}\](\n|.)*", "{}", r"(a|b{})*(.*a.{{20}}|c)"])
def test_five_hundred_patterns_of_a_method_take_bounded_steps(form: str) -> None:
    """125,000 pairs that all overlap, that differ in the middle, that are literal, or that have huge automata."""
    found = lint(desired_of({str(code): form.format(code) for code in range(100, 600)}))

    assert len(found) <= 3 * 500
