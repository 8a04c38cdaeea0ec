"""Reports as comments: what they show, and what they give up to fit."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reconciler.guard import Refusal, Verdict
from reconciler.models.keys import MethodKey
from reconciler.models.responses import RestResponse
from reconciler.plan import Plan, make_plan
from reconciler.render import markdown
from reconciler.render.comment import comment, in_words
from reconciler.render.footer import Footer
from reconciler.render.sections import Group, Report, ReportEntry, Section, Table, WarningGroup
from reconciler.render.style import Style
from reconciler.rules import GuardRule
from reconciler.views.plan import plan_report
from support.live import DEFAULT, GET_PETS, NOT_FOUND, live_of
from support.reads import planned_of
from support.states import desired_of

MARKED = Style(marked=True)
READER = MarkdownIt("commonmark")


def planned(*, refused: bool = False, key: str = "") -> str:
    """A plan that creates one response and deletes another."""
    one = make_plan(desired_of({GET_PETS: {"200": DEFAULT}}), live_of({GET_PETS: {"404": NOT_FOUND}}))
    refusals = (Refusal(GuardRule.EMPTY_METHOD, "petstore", "GET / would lose all"),) if refused else ()
    return comment("plan", key, lambda style: plan_report(planned_of(Plan((one,)), (), Verdict(refusals)), style))


def test_a_plan_as_a_comment() -> None:
    """The marker, the verdict, the summary; then each API, with the signs of a diff in the first column."""
    assert (
        "<!-- reconciler:plan -->\n"
        "\n"
        "### reconciler plan: changes\n"
        "\n"
        "Plan: **1 to create**, 0 to update, **1 to delete**. 0 unchanged.\n"
        "\n"
        "<details open>\n"
        "<summary><strong>petstore</strong> (RestApi <code>a1b2c3d4e5</code> 'petstore', account "
        "<code>123456789012</code>, <code>eu&#45;west&#45;1</code>): 1 to create, 1 to delete</summary>\n"
        "\n"
        "```diff\n"
        "@@ GET /pets @@\n"
        "+ 200  not live yet\n"
        "+     selectionPattern: (default response)\n"
        "- 404  not in the manifest\n"
        "-     selectionPattern: 404\n"
        "```\n"
        "\n"
        "</details>\n"
    ) == planned()


def test_a_refusal_stands_before_the_actions() -> None:
    """And is the verdict."""
    lines = planned(refused=True, key="prod").splitlines()

    assert (
        "<!-- reconciler:plan prod -->",
        "### reconciler plan: refused (prod)",
        "- **refused:** petstore: GET `/` would lose all `[emptyMethod]`; check the plan; if this is intended, add ",
    ) == (lines[0], lines[2], lines[8].partition("`--force`")[0])


@pytest.mark.parametrize(
    ("painted", "expected"),
    [
        ([("good", "In sync"), (None, ": 3 responses.")], "**In sync**: 3 responses."),
        ([(None, "in sync"), ("error", "; 1 failed"), (None, ".")], "in sync; **1 failed**."),
        ([("error", "1 failed"), ("error", "; 1 lost")], "**1 failed; 1 lost**"),
        ([("faint", "0 to do"), (None, ", "), ("update", "1 x")], "0 to do, **1 x**"),
        ([(None, "a/b: "), ("error", "error:"), (None, " it @is [rule]")], "`a/b`: **error:** it `@is [rule]`"),
    ],
)
def test_colours_become_bold(painted: list[tuple[str | None, str]], expected: str) -> None:
    """Also where Markdown would not see the end of it."""
    line = "".join(MARKED.paint(text, tone) if tone else text for tone, text in painted)  # type: ignore[arg-type]

    assert expected == in_words(line)


def report_of(apis: int, methods: int, responses: int, width: int, problems: int = 0) -> Report:
    """A report of so many of everything."""
    entry = ReportEntry(MARKED.paint("~ 200", "update"), tuple(["y" * width] if width else []), "to update")
    group = Group("GET /pets", (entry,) * responses)
    lines = tuple(f"{MARKED.paint('warning:', 'warning')} p{number} {'z' * 80}" for number in range(problems))
    worst = (f"{MARKED.paint('error:', 'error')} the worst",) if problems else ()
    return Report("changes", "Plan: so many.", (Section("petstore", (group,) * methods),) * apis, (*lines, *worst))


def level(report: Report, short: Report | None = None) -> str:
    """What the comment says that it left out; `short` is what it is with the shorter style."""
    text = comment("plan", "", lambda style: report if style.full else short or report)
    found = [line for line in text.splitlines() if line.startswith("_Shortened")]
    return found[0].rpartition(": ")[2] if found else ""


@pytest.mark.parametrize(
    ("report", "short", "expected"),
    [
        (report_of(1, 10, 10, 100), None, ""),
        (report_of(1, 10, 10, 1000), report_of(1, 10, 10, 100), "long texts cut._"),
        (report_of(1, 10, 10, 1000), None, "one line for each response._"),
        (report_of(1, 1000, 20, 10), None, "counts for each method._"),
        (report_of(20, 200, 20, 10), None, "counts for each API._"),
        (report_of(3000, 2, 2, 10), None, "totals only._"),
    ],
)
def test_detail_is_given_up_step_by_step(report: Report, short: Report | None, expected: str) -> None:
    """No more than is needed, and the comment says which."""
    assert expected == level(report, short)


@given(
    st.integers(0, 300),
    st.integers(0, 300),
    st.integers(0, 30),
    st.integers(0, 3000),
    st.integers(0, 2000),
)
@settings(max_examples=20, deadline=None)
def test_it_always_fits_and_is_never_cut(apis: int, methods: int, responses: int, width: int, problems: int) -> None:
    """Whatever there is of what: every fence and every part that folds is closed, and the worst problem is shown."""
    report = report_of(apis, min(methods, 3000 // (apis + 1)), responses, width, problems)
    text = comment("plan", "prod", lambda _: report)
    fences = [one for one in READER.parse(text) if one.type == "fence"]

    assert (True, text.count("<details"), text.count("\n```\n"), bool(problems)) == (
        markdown.size(text) <= markdown.LIMIT,
        text.count("</details>"),
        len(fences),
        "the worst" in text,
    )


def test_what_cannot_fit_is_not_even_made() -> None:
    """The full differences of ten thousand responses are never asked for."""

    def report(style: Style) -> Report:
        assert not style.full
        return report_of(1, 1000, 10, 10)

    assert "10,000 to update" in comment("plan", "", report)


def test_a_deep_key_does_not_make_it_long() -> None:
    """Very many environments are counted, and the marker still distinguishes them."""
    keys = [",".join(f"env{number}" for number in range(count)) for count in (2000, 2001)]
    made = [comment("plan", key, lambda _: report_of(0, 0, 0, 0)) for key in keys]

    assert (True, "### reconciler plan: changes (2,000 environments)", 2) == (
        max(map(len, made)) < 300,
        made[0].splitlines()[2],
        len({one.splitlines()[0] for one in made}),
    )


def test_a_changed_line_of_a_template_cannot_pose_as_another() -> None:
    """What stands in a line that did not change gives it no sign."""
    key = MethodKey("/pets", "GET")
    before, after = (RestResponse("", None, {}, {"a/b": f"+ x\n- y\n{last}"}) for last in ("1", "2"))
    one = make_plan(desired_of({key: {"200": after}}), live_of({key: {"200": before}}))
    text = comment("plan", "", lambda style: plan_report(planned_of(Plan((one,))), style))

    assert ["  + x", "  - y", "- 1", "+ 2"] == [
        re.sub("(?<=^.) +", " ", line) for line in text.splitlines() if line[-1:] in set("xy12")
    ]


def test_a_refusal_names_the_command_that_waives_it() -> None:
    """It is the command line of the run with what to force; what was waived already has a heading of its own."""
    report = Report("refused", "Plan.", refusals=("refused: x",), is_refused=True, rules_to_force=("maxDelete",))
    footer = Footer(words=("reconciler", "plan", "--env", "prod"), can_repeat=True)
    text = comment("plan", "", lambda _: report, footer)
    waived = comment("plan", "", lambda _: replace(report, is_refused=False, rules_to_force=()), footer)

    assert "\n#### Refused\n\n- refused: x\n\nTo apply it nevertheless: `reconciler plan --env prod --force" in text
    assert ("#### Waived" in waived, "nevertheless" in waived) == (True, False)


def test_parts_come_in_order_of_weight() -> None:
    """What overwrites others' changes first, then what is refused, the changes, and the warnings last."""
    section = Section("petstore", (Group("GET /", (ReportEntry("~ 200", (), "to update"),)),))
    warnings = (WarningGroup("warning: one"), WarningGroup("2 warnings: x [y]", ("warning: a", "warning: b")))
    report = Report("changes", "", (section,), reverts=(section,), refusals=("refused: x",), warnings=warnings)
    text = comment("plan", "", lambda _: report)

    assert ["Reverts changes made directly in AWS", "Waived", "Changes", "Warnings"] == re.findall("#### (.*)", text)
    assert "<summary>2 warnings: x <code>&#91;y&#93;</code></summary>\n\n- warning: a\n- warning: b\n" in text


def test_many_warnings_are_counted() -> None:
    """A comment is limited; each rule is a line until nothing fits."""
    group = WarningGroup("2 warnings: x", ("y" * 3000, "z" * 3000))
    text = comment("plan", "", lambda _: Report("changes", "", warnings=(group,) * 9))

    assert "more rules with warnings, too long for a comment_" in text


def test_an_overview_that_does_not_fit_is_left_out() -> None:
    """Only if nothing else can give way."""
    rows = tuple((("x" * 900, None),) for _ in range(90))
    text = comment("plan", "", lambda _: Report("changes", "", overview=Table(("API",), rows, leads=True)))

    assert "_Shortened to fit into a comment: no table._" in text
