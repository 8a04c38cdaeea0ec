"""The text of a plan."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.diagnostics import Location, error, warning
from reconciler.findings import find_drift
from reconciler.guard import Refusal, Verdict
from reconciler.models.desired import ManifestRef, Ownership
from reconciler.models.keys import MethodKey, ResponseKey
from reconciler.models.responses import RestResponse
from reconciler.models.targets import ApiRef
from reconciler.plan import Plan, TargetPlan, make_plan
from reconciler.plan.causes import Cause
from reconciler.render.style import Style
from reconciler.rules import GuardRule, InputRule
from reconciler.views.drift import drift_text
from reconciler.views.plan import plan_text
from reconciler.views.plan_lines import plan_sections
from support.live import BROKEN, DEFAULT, GET_PETS, NOT_FOUND, POST_PETS, TARGET, live_of
from support.reads import drift_of, planned_of
from support.states import METHODS, Content, apis, desired_of

PLAIN, FULL, QUIET = Style(), Style(full=True), Style(quiet=True)
NOTHING = make_plan(desired_of({GET_PETS: {"200": DEFAULT}}), live_of({GET_PETS: {"200": DEFAULT}}))
SOMETHING = make_plan(desired_of({GET_PETS: {"200": DEFAULT}}), live_of({GET_PETS: {"404": NOT_FOUND}}))
STOP = error(InputRule.SYNTAX, "it is wrong", "fix it", Location("a.yaml", 7, 3))
BEWARE = warning(InputRule.SYNTAX, "it is odd", "", Location("a.yaml", 8, 3))
REFUSED = Verdict(refusals=(Refusal(GuardRule.EMPTY_METHOD, "RestApi x", "GET / would lose all"),))


def report(
    plan: Plan, style: Style = PLAIN, *, errors: bool = False, warnings: bool = False, verdict: Verdict | None = None
) -> list[str]:
    """The lines of the text."""
    problems = [*([STOP] if errors else []), *([BEWARE] if warnings else [])]
    return plan_text(planned_of(plan, problems, verdict), style).splitlines()


def body(
    before: Mapping[str, RestResponse], after: Mapping[str, RestResponse | None], style: Style = PLAIN
) -> list[str]:
    """What is said of one method."""
    one = make_plan(
        desired_of({GET_PETS: after}, ensure=True), live_of({GET_PETS: before}, declared={"200": [], "500": []})
    )
    return report(Plan((one,)), style)[3:-2]


def test_a_plan_names_api_method_and_response() -> None:
    """From the outside in, and the summary last."""
    assert [
        "petstore  (RestApi a1b2c3d4e5 'petstore', account 123456789012, eu-west-1)",
        "",
        "  GET /pets",
        "    + 200  not live yet",
        "        + selectionPattern: (default response)",
        "    - 404  not in the manifest",
        "        was selectionPattern 404",
        "",
        "Plan: 1 to create, 0 to update, 1 to delete. 0 unchanged.",
    ] == report(Plan((SOMETHING,)))


def test_a_creation_shows_all_that_is_set() -> None:
    """And that it is the default, if it is."""
    after = {"500": RestResponse("", "CONVERT_TO_TEXT", {}, {"application/json": ""})}

    assert [
        "    + 500  not live yet",
        "        + selectionPattern: (default response)",
        "        + contentHandling: CONVERT_TO_TEXT",
        "        + template application/json: (passthrough)",
    ] == body({}, after)


def test_a_deletion_says_in_a_line_what_goes() -> None:
    """Reviewers look at what comes; -v shows it all."""
    before = {"404": RestResponse("404", None, {"method.response.header.X-A": "'1'"}, {"a/b": "x", "c/d": ""})}

    assert (
        ["    - 404  not in the manifest", "        was selectionPattern 404, 1 header, 2 templates"],
        [
            "    - 404  not in the manifest",
            "        - selectionPattern: 404",
            "        - header X-A: '1'",
            "        - template a/b: x",
            "        - template c/d: (passthrough)",
        ],
    ) == (body(before, {}), body(before, {}, FULL))


def test_a_deleted_default_is_called_so() -> None:
    """It is what matters most about it."""
    assert (["        was the default response"], ["        - selectionPattern: (default response)"]) == (
        body({"200": DEFAULT}, {})[1:],
        body({"200": DEFAULT}, {}, FULL)[1:],
    )


def test_a_park_says_what_it_does() -> None:
    """Under which pattern, and that it never matches."""
    before = {"200": RestResponse("a"), "500": RestResponse("b")}
    after = {"200": RestResponse("b"), "500": RestResponse("a")}

    assert [
        "    > park 200  frees its pattern for 500; gets its own in a later step",
        "        stored for now under the pattern (?!)parked-200, which never matches",
    ] == body(before, after)[:2]


def test_a_declaration_shows_its_headers() -> None:
    """By their full names, as they will be declared."""
    after = {"404": replace(NOT_FOUND, response_parameters={"method.response.header.X-A": "'1'"})}

    assert [
        "    > declare 404  the method does not declare 404 with X-A",
        "        + method.response.header.X-A",
    ] == body({}, after)[:2]


def test_an_action_has_its_line() -> None:
    """Where a reviewer looks."""
    desired = replace(
        desired_of({GET_PETS: {}}), owns={GET_PETS: Ownership("petstore", location=Location("pets.yaml", 8, 7))}
    )
    one = make_plan(desired, live_of({GET_PETS: {"404": NOT_FOUND}}))

    assert "    - 404  not in the manifest  pets.yaml:8" == report(Plan((one,)))[3]


@pytest.mark.parametrize(
    ("one", "style", "verdict", "errors", "expected"),
    [
        (NOTHING, PLAIN, Verdict(), False, "No changes. 1 unchanged."),
        (NOTHING, PLAIN, Verdict(), True, "No plan was made. Fix the errors above."),
        (SOMETHING, PLAIN, Verdict(), False, "Plan: 1 to create, 0 to update, 1 to delete. 0 unchanged."),
        (
            SOMETHING,
            PLAIN,
            Verdict(),
            True,
            "Plan has errors and cannot be applied: 1 to create, 0 to update, 1 to delete. 0 unchanged.",
        ),
        (SOMETHING, PLAIN, REFUSED, False, "Plan refused: 1 to create, 0 to update, 1 to delete. 0 unchanged."),
        (SOMETHING, QUIET, REFUSED, False, "Plan refused: 1 to create, 0 to update, 1 to delete. 0 unchanged."),
    ],
)
def test_the_last_line_is_the_summary(
    one: TargetPlan, style: Style, verdict: Verdict, errors: bool, expected: str
) -> None:
    """It never calls fine what is not."""
    assert expected == report(Plan((one,)), style, errors=errors, verdict=verdict)[-1]


def test_a_plan_of_nothing_is_called_refused() -> None:
    """With the rule before it."""
    verdict = Verdict(refusals=(Refusal(GuardRule.EMPTY_SET, "", "no manifest was found"),))

    assert [
        "refused: no manifest was found [emptySet]; check the plan; if this is intended, add --force emptySet",
        "",
        "Plan refused.",
    ] == report(Plan(), verdict=verdict)


def test_the_summary_tells_what_is_left_alone() -> None:
    """Unmanaged responses, and methods that nobody lists; steps beside the changes."""
    live = live_of({GET_PETS: {"200": DEFAULT}, POST_PETS: {"200": DEFAULT, "500": BROKEN}}, declared={})
    one = make_plan(desired_of({GET_PETS: {"200": DEFAULT}}, ensure=True), live)

    assert (
        "Plan: 0 to create, 0 to update, 0 to delete (1 extra step). "
        "1 unchanged, 2 in no manifest (1 method that no manifest lists)."
    ) == report(Plan((one,)))[-1]


def test_problems_come_after_the_actions() -> None:
    """As compilers write them, one a line."""
    assert ["a.yaml:7:3: error: it is wrong [syntax]; fix it", "a.yaml:8:3: warning: it is odd [syntax]", ""] == report(
        Plan((SOMETHING,)), errors=True, warnings=True
    )[-4:-1]


def test_a_problem_without_place_has_its_address() -> None:
    """So that nobody asks of which response."""
    found = [error(InputRule.SYNTAX, "it is wrong", address="petstore: GET /pets 404")]

    assert (
        "petstore: GET /pets 404: error: it is wrong [syntax]"
        == plan_text(planned_of(Plan(), found), PLAIN).splitlines()[0]
    )


def test_a_waiver_is_shown() -> None:
    """Reviewers see what was forced."""
    verdict = Verdict(waivers=REFUSED.refusals)

    assert "waived: RestApi x: GET / would lose all [emptyMethod], by --force" in report(
        Plan((SOMETHING,)), verdict=verdict
    )


def test_quiet_says_nothing_when_there_is_nothing_to_say() -> None:
    """No changes, no problems; warnings are no problems."""
    assert [] == report(Plan((NOTHING,)), QUIET, warnings=True)


def test_quiet_keeps_summary_and_errors() -> None:
    """Of a plan with changes, without its actions."""
    assert [
        "a.yaml:7:3: error: it is wrong [syntax]; fix it",
        "",
        "Plan has errors and cannot be applied: 1 to create, 0 to update, 1 to delete. 0 unchanged.",
    ] == report(Plan((SOMETHING,)), QUIET, errors=True, warnings=True)


def test_targets_without_actions_are_not_named() -> None:
    """Hundreds of APIs, one of them with a change."""
    assert report(Plan((SOMETHING,)))[:-1] == report(Plan((NOTHING, SOMETHING, NOTHING)))[:-1]


@settings(max_examples=50)
@given(before=apis(), after=apis())
def test_no_line_ends_in_spaces(before: Mapping[MethodKey, Content], after: Mapping[MethodKey, Content]) -> None:
    """What looks empty is empty; spaces that AWS stores are spelt out."""
    one = make_plan(desired_of(after, ensure=True), live_of(before))

    assert [] == [line for style in (PLAIN, FULL) for line in report(Plan((one,)), style) if line != line.rstrip()]


_HOSTILE = st.text(st.sampled_from("a\\\x1b[\x07\n\r\t \x9b\x00\x7f\u202e\u200b\ud800\U000e0041漢"), max_size=30)


@st.composite
def _responses(draw: st.DrawFn) -> dict[str, RestResponse]:
    codes = draw(st.lists(st.sampled_from(("200", "404", "5\x1b0")), unique=True))
    return {
        code: RestResponse(
            draw(_HOSTILE),
            draw(_HOSTILE) or None,
            dict(draw(st.lists(st.tuples(_HOSTILE, _HOSTILE), max_size=2))),
            dict(draw(st.lists(st.tuples(_HOSTILE, _HOSTILE), max_size=2))),
        )
        for code in codes
    }


@settings(max_examples=100, deadline=None)
@given(before=_responses(), after=_responses(), name=_HOSTILE, full=st.booleans())
def test_no_hostile_text_reaches_the_terminal(
    before: dict[str, RestResponse], after: dict[str, RestResponse], name: str, full: bool
) -> None:
    """Whatever stands in patterns, headers, templates, names, paths, files and messages, in plans and drift alike."""
    scope = MethodKey(f"/{name}", "GET")
    place = Location(name, 1, 1)
    desired = replace(
        desired_of({scope: after}, ensure=True),
        manifests=(ManifestRef(name, ApiRef(name=name)),),
        owns={scope: Ownership(name, method_responses="ensure", location=place)},
        protected=frozenset({ResponseKey(scope, "200")}),
    )
    live = live_of({scope: before}, declared={"200": []}, target=replace(TARGET, api_name=name))
    one, style = make_plan(desired, live), Style(full=full)
    problems = [error(InputRule.SYNTAX, name, name, place, name), warning(InputRule.SYNTAX, name, name, None, name)]
    verdict = Verdict(
        refusals=(Refusal(GuardRule.PROTECT, name, name),), waivers=(Refusal(GuardRule.MAX_DELETE, name, name),)
    )
    drift = find_drift(desired, live)
    text = plan_text(planned_of(Plan((one,)), problems, verdict), style) + drift_text(
        drift_of(drift, problems=problems), style
    )

    assert "" == "".join(one for one in text if not one.isprintable() and one != "\n")


def with_causes(one: TargetPlan, **names: str) -> TargetPlan:
    """The plan with these causes of responses of GET /pets: `r404="drift"`."""
    causes = {ResponseKey(GET_PETS, key.removeprefix("r")): Cause(cause) for key, cause in names.items()}
    return replace(one, causes=causes)


def test_what_undoes_changes_made_in_aws_stands_apart() -> None:
    """In a section of its own after the rest; the summary counts it."""
    one = make_plan(desired_of({GET_PETS: {"200": DEFAULT, "404": BROKEN}}), live_of({GET_PETS: {"404": NOT_FOUND}}))
    lines = report(Plan((with_causes(one, r200="manifest", r404="drift"),)))

    assert [
        "petstore  (RestApi a1b2c3d4e5 'petstore', account 123456789012, eu-west-1)",
        "",
        "  GET /pets",
        "    + 200  not live yet",
        "        + selectionPattern: (default response)",
        "",
        "Reverts changes made directly in AWS:",
        "petstore  (RestApi a1b2c3d4e5 'petstore', account 123456789012, eu-west-1)",
        "",
        "  GET /pets",
        "    ~ 404  selectionPattern differs",
        "        ~ selectionPattern: 404 -> 5\\d\\d",
        "",
        "Plan: 1 to create, 1 to update, 0 to delete, of which 1 reverts a change made directly in AWS. 0 unchanged.",
    ] == lines


def test_sections_show_the_position_of_writes_that_they_reorder() -> None:
    """Writes that pass a pattern on run in a fixed order, which sections by cause hide. Two causes are shown too."""
    one = make_plan(
        desired_of({GET_PETS: {"200": DEFAULT, "404": BROKEN, "500": NOT_FOUND}}),
        live_of({GET_PETS: {"404": NOT_FOUND, "500": BROKEN}}),
    )
    lines = report(Plan((with_causes(one, r200="both", r404="manifest", r500="drift"),)))

    assert [
        "    > park 404  frees its pattern for 500; gets its own in a later step (write 1 of 3)",
        "    ~ 404  selectionPattern differs (write 3 of 3)",
        "    + 200  deleted in AWS (this branch changes it too)",
        "    ~ 500  selectionPattern differs (write 2 of 3)",
    ] == [line for line in lines if line.startswith("    ") and not line.startswith("     ")]


@settings(max_examples=60, deadline=None)
@given(before=apis(), after=apis(), data=st.data())
def test_every_action_is_shown_once_whatever_its_cause(
    before: Mapping[MethodKey, Content], after: Mapping[MethodKey, Content], data: st.DataObject
) -> None:
    """Sections hide nothing and repeat nothing."""
    one = make_plan(desired_of(after), live_of({scope: before.get(scope, {}) for scope in METHODS}))
    causes = {action.key: data.draw(st.sampled_from(Cause)) for action in one.actions}
    sections = plan_sections(Plan((replace(one, causes=causes),)), PLAIN)

    assert len(one.actions) == sum(entry.number for section in sections for entry in section.entries)
