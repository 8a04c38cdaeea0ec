"""What the linter says of a desired response by itself."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.diagnostics import Diagnostic, Location
from reconciler.lint import Grade, lint
from reconciler.models.desired import ABSENT, Desired, ManifestRef, Origin, Ownership, Wanted
from reconciler.models.keys import MethodKey, ResponseKey
from reconciler.models.responses import RestResponse
from reconciler.models.targets import ApiRef
from reconciler.rules import Severity

GET = MethodKey("/pets", "GET")
HERE = Location("manifests/petstore.yaml", 9, 5)


def desired_of(responses: dict[str, Wanted], allowed: dict[str, set[str]] | None = None) -> Desired:
    """One listed method with these responses, the code of each standing at the column of its number."""
    keys = {code: ResponseKey(GET, code) for code in responses}
    return Desired(
        manifests=(ManifestRef("petstore", ApiRef(id="a1b2c3d4e5")),),
        owns={GET: Ownership("petstore", location=HERE)},
        responses={keys[code]: wanted for code, wanted in responses.items()},
        protected=frozenset({key for code, key in keys.items() if code == "503"}),
        allowed={keys[code]: frozenset(names) for code, names in (allowed or {}).items()},
        origins={
            (keys[code], ""): Origin(Location("manifests/petstore.yaml", 10 + place, 9))
            for place, code in enumerate(responses)
        },
    )


def ids(found: tuple[Diagnostic, ...]) -> list[str]:
    """The rules that they name."""
    return [one.rule for one in found]


def mapping(key: str, value: str = "'a'") -> RestResponse:
    """A response with one parameter."""
    return RestResponse("404", response_parameters={key: value})


def template(content_type: str, text: str = "{}") -> RestResponse:
    """A response with one template."""
    return RestResponse("404", response_templates={content_type: text})


HEADER = "method.response.header."

CONFLICT = "<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> feature\n"

BREACHES = [
    (mapping("X-Error"), "parameter-key", Severity.ERROR),
    (mapping(f"{HEADER}X-Error", "*"), "parameter-value", Severity.ERROR),
    (mapping(f"{HEADER}WWW-Authenticate"), "remapped-header", Severity.WARNING),
    (mapping(f"{HEADER}dAtE"), "remapped-header", Severity.WARNING),
    (mapping(f"{HEADER}Transfer-Encoding"), "dropped-header", Severity.ERROR),
    (mapping(f"{HEADER}X", f"'{'a' * 10240}'"), "header-size", Severity.ERROR),
    (mapping(f"{HEADER}X", f"'{'é' * 5120}'"), "header-size", Severity.ERROR),
    (
        RestResponse("404", response_parameters={f"{HEADER}X-A": "'1'", f"{HEADER}x-a": "'2'"}),
        "repeated-header",
        Severity.WARNING,
    ),
    (template("123"), "content-type", Severity.ERROR),
    (template("text/plain", "a" * 307_201), "template-size", Severity.ERROR),
    (template("text/plain", "é" * 153_601), "template-size", Severity.ERROR),
    (template("application/json", f"{{\n{CONFLICT}}}"), "merge-conflict", Severity.ERROR),
    (template("application/json", CONFLICT.replace("\n", "\r\n")), "merge-conflict", Severity.ERROR),
    (template("application/json", "\ufeff{}"), "template-bom", Severity.WARNING),
    (RestResponse("404", "CONVERT_TO_JSON"), "unknown-content-handling", Severity.WARNING),
    (
        RestResponse("404", "CONVERT_TO_BINARY", response_templates={"application/json": "{}"}),
        "binary-template",
        Severity.WARNING,
    ),
    (RestResponse("4{,2}"), "broken-pattern", Severity.ERROR),
    (RestResponse(r"\p{Digit}+"), "unverified-pattern", Severity.WARNING),
    (RestResponse("404 "), "pattern-whitespace", Severity.WARNING),
    (RestResponse("\t404"), "pattern-whitespace", Severity.WARNING),
    (RestResponse("-"), "dash-pattern", Severity.ERROR),
    (RestResponse("Invalid*"), "glob-pattern", Severity.WARNING),
    (RestResponse("Not Found*"), "glob-pattern", Severity.WARNING),
    (RestResponse(".*Error:*"), "glob-pattern", Severity.WARNING),
    (RestResponse("5*"), "glob-pattern", Severity.WARNING),
    (RestResponse("*Error"), "broken-pattern", Severity.ERROR),
    (RestResponse("default"), "default-pattern", Severity.ERROR),
    (RestResponse(r"4\\d\\d"), "doubled-backslash", Severity.WARNING),
    (RestResponse(r".*\\[NotFound\\].*"), "doubled-backslash", Severity.WARNING),
]

FINE = [
    RestResponse(),
    RestResponse(r".*C:\\\\Users.*"),
    RestResponse(r"(a|\\)+"),
    RestResponse(r"\w*"),
    RestResponse(r"Invalid.*"),
    RestResponse(r"[a-z]*"),
    RestResponse(r"(ab)*"),
    RestResponse(r"ab\*"),
    RestResponse(r"x\sd*"),
    RestResponse(r".*\\+"),
    RestResponse(r".*\\\[a\].*"),
    mapping(f"{HEADER}X", f"'{'a' * 10239}'"),
    mapping(f"{HEADER}Content-Type", "'text/html'"),
    template("application/json", ""),
    template("text/html; charset=utf-8"),
    template("text/plain", "a" * 307_200),
    template("text/plain", "Pets\n=======\n>>>>>>> all of them\n"),
    template("text/plain", f" {CONFLICT}"),
    RestResponse("404", "CONVERT_TO_TEXT", response_templates={"application/json": "{}"}),
    RestResponse("[d]efault"),
    RestResponse("Default"),
    RestResponse("404", "CONVERT_TO_BINARY", response_templates={"application/json": ""}),
    ABSENT,
]


@pytest.mark.parametrize(("wanted", "rule", "severity"), BREACHES)
def test_finds_the_one_breach(wanted: RestResponse, rule: str, severity: Severity) -> None:
    """A response with one thing wrong gives one diagnostic, of that rule and its severity."""
    found = lint(desired_of({"404": wanted}))

    assert [(rule, severity)] == [(one.rule, one.severity) for one in found]


@pytest.mark.parametrize("wanted", FINE)
def test_has_nothing_to_say_of_what_works(wanted: Wanted) -> None:
    """What AWS takes and delivers gives no diagnostic."""
    assert () == lint(desired_of({"404": wanted}))


def test_a_diagnostic_is_a_line_for_a_reviewer() -> None:
    """Place, severity, what is wrong, rule and remedy stand in one line."""
    found = lint(desired_of({"404": mapping("X-Error")}))

    assert [
        (
            "manifests/petstore.yaml:10:9: error: `X-Error` lacks the prefix [parameter-key]; "
            "write `method.response.header.X-Error`"
        )
    ] == list(map(str, found))


def test_a_diagnostic_knows_its_response() -> None:
    """The address tells plans whether they write the response."""
    found = lint(desired_of({"404": mapping("X-Error")}))

    assert ["petstore: GET /pets 404"] == [one.address for one in found]


def test_a_field_is_placed_where_it_stands() -> None:
    """A breach of one field points to that field's own line."""
    there = Location("sets.yaml", 3, 7)
    origins = {(ResponseKey(GET, "404"), "responseParameters.X-Error"): Origin(there)}
    desired = replace(desired_of({"404": mapping("X-Error")}), origins=origins)

    assert [there] == [one.location for one in lint(desired)]


def test_a_status_beyond_aws_is_an_error() -> None:
    """Codes outside of 100 to 599 are refused by AWS, so here too."""
    assert ["status-code"] == ids(lint(desired_of({"999": RestResponse()})))


def test_two_responses_with_one_pattern_name_both_places() -> None:
    """The second holder of a pattern is the error, and the first one's place is told."""
    found = lint(desired_of({"404": RestResponse("x"), "410": RestResponse("x")}))

    assert [
        (
            "manifests/petstore.yaml:11:9: error: GET /pets 410 has the selection pattern `x`, as 404 already is "
            "(manifests/petstore.yaml:10:9) [duplicate-pattern]; "
            "give one of them another pattern, or join both conditions under one status with |"
        )
    ] == list(map(str, found))


def test_a_second_default_is_a_duplicate() -> None:
    """Only one response of a method may go without a pattern."""
    assert ["duplicate-pattern"] == ids(lint(desired_of({"200": RestResponse(), "500": RestResponse()})))


def test_an_absent_response_holds_no_pattern() -> None:
    """What is declared absent leaves its pattern to others."""
    assert () == lint(desired_of({"200": RestResponse(), "500": ABSENT}))


def test_a_protected_response_cannot_be_absent() -> None:
    """`protect: true` and `absent` contradict each other."""
    assert ["protected-absent"] == ids(lint(desired_of({"503": ABSENT})))


def test_an_allowed_rule_is_silent() -> None:
    """`allow:` silences its rule for its response."""
    desired = desired_of({"404": mapping(f"{HEADER}Date")}, allowed={"404": {"remapped-header"}})

    assert () == lint(desired)


def test_allowing_what_is_not_broken_is_no_breach() -> None:
    """An `allow:` that silences nothing is left alone."""
    assert () == lint(desired_of({"404": RestResponse()}, allowed={"404": {"remapped-header"}}))


def test_duplicates_cannot_be_allowed() -> None:
    """A rule that planning stands on is not silenced, and the attempt is told."""
    desired = desired_of({"404": RestResponse("x"), "410": RestResponse("x")}, allowed={"410": {"duplicate-pattern"}})

    assert ["duplicate-pattern", "unknown-rule"] == ids(lint(desired))


def test_an_unknown_allowance_suggests_the_nearest() -> None:
    """A misspelt rule id is an error that names the right one."""
    found = lint(desired_of({"404": RestResponse()}, allowed={"404": {"remaped-header"}}))

    assert [("unknown-rule", "did you mean `remapped-header`?")] == [(one.rule, one.remedy) for one in found]


@pytest.mark.parametrize(
    ("grade", "expected"), [("off", []), ("warning", [Severity.WARNING]), ("error", [Severity.ERROR])]
)
def test_severities_can_be_changed(grade: Grade, expected: list[Severity]) -> None:
    """A rule has the severity that the caller gives it."""
    found = lint(desired_of({"404": mapping(f"{HEADER}Date")}), {"remapped-header": grade})

    assert expected == [one.severity for one in found]


def test_duplicates_cannot_be_switched_off() -> None:
    """A changed severity has no effect on what planning stands on."""
    desired = desired_of({"404": RestResponse("x"), "410": RestResponse("x")})

    assert [Severity.ERROR] == [one.severity for one in lint(desired, {"duplicate-pattern": "off"})]


@given(st.text(max_size=12), st.text(max_size=12), st.text(max_size=12))
@settings(max_examples=60)
def test_any_text_is_linted(pattern: str, key: str, value: str) -> None:
    """No text of a user's makes the linter fail, and every line it says is one line."""
    wanted = RestResponse(pattern, value, {key: value}, {key: value})

    assert not any("\n" in str(one) for one in lint(desired_of({"404": wanted})))


@pytest.mark.parametrize(
    ("pattern", "meant"), [("Invalid*", "Invalid.*"), ("*Error", ".*Error"), ("*Not Found*", ".*Not Found.*")]
)
def test_a_glob_is_told_as_a_regular_expression(pattern: str, meant: str) -> None:
    """The remedy is the pattern that was meant, and it breaks no rule itself."""
    (found,) = lint(desired_of({"404": RestResponse(pattern)}))[:1]

    assert (f"write .* for any text, as in `{meant}`", ()) == (
        found.remedy,
        lint(desired_of({"404": RestResponse(meant)})),
    )
