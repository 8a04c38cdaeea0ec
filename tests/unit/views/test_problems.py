"""The line that names the command for details about problems."""

from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.diagnostics import Diagnostic, Location, error, warning
from reconciler.engine.load.request import Request
from reconciler.engine.validate import validate
from reconciler.guard import Refusal
from reconciler.manifest import Disk
from reconciler.render.style import Style
from reconciler.rules import GuardRule, LintRule
from reconciler.views.plan import plan_text
from reconciler.views.problems import explain_lines, refusal_lines, warning_groups
from reconciler.views.validate import validate_text
from support.stage import Stage, manifest

TERMINAL = Style(hints=True)
PROBLEMS: list[Diagnostic | Refusal] = [
    warning(LintRule.NOT_JSON, "a"),
    error(LintRule.CONTENT_TYPE, "b"),
    error(LintRule.NOT_JSON, "c"),
    Refusal(GuardRule.PROTECT, "", "d"),
    error(LintRule.ALWAYS_TRUE, "e"),
]


def test_the_first_rules_are_explained_by_one_command() -> None:
    """Each once, by the name that the messages show."""
    assert ["For details: reconciler explain not-json content-type protect"] == list(explain_lines(PROBLEMS, TERMINAL))


@pytest.mark.parametrize("style", [Style(), Style(quiet=True, hints=True), Style(marked=True, full=True)])
def test_only_a_terminal_gets_the_hint(style: Style) -> None:
    """Neither files, nor reports, nor whoever wants it quiet."""
    assert [] == list(explain_lines(PROBLEMS, style))


def test_without_problems_there_is_nothing_to_explain() -> None:
    """A valid manifest needs no details."""
    none: list[Diagnostic] = []

    assert [] == list(explain_lines(none, TERMINAL))


def test_validate_shows_the_hint_once_before_its_summary(write: Callable[[str, str], str]) -> None:
    """After the problems."""
    write("petstore.yaml", manifest("{200: {selectionPattern: '-'}, 404: {selectionPattern: '404 '}}"))
    lines = validate_text(validate(Request((".",)), Disk()), TERMINAL).splitlines()

    assert "For details: reconciler explain dash-pattern pattern-whitespace" == lines[-2]


def test_a_plan_shows_the_hint_for_refusals_too(stage: Stage, tmp_path: Path) -> None:
    """By the name that `--force` takes."""
    assert tmp_path == stage.folder
    text = plan_text(stage.plan(), TERMINAL)

    assert "For details: reconciler explain emptySet\n" in text


def test_the_same_warning_is_one_line_with_its_places() -> None:
    """Three are named, the others counted; each has a line below."""
    every = [warning(LintRule.REMAPPED_HEADER, "m", "r", Location("a.yaml", line, 5)) for line in range(1, 6)]
    (group,) = warning_groups([*every, error(LintRule.REMAPPED_HEADER, "e", "r")], Style())

    assert "5 warnings: m [remapped-header]: a.yaml:1:5, a.yaml:2:5, a.yaml:3:5 and 2 more" == group.head
    assert len(group.lines) == 5


def test_a_single_warning_is_a_line() -> None:
    """There is nothing to unfold."""
    (group,) = warning_groups([warning(LintRule.REMAPPED_HEADER, "m", "r", Location("a.yaml", 1, 5))], Style())

    assert ("a.yaml:1:5: warning: m [remapped-header]; r", ()) == (group.head, group.lines)


def test_different_messages_of_a_rule_share_its_meaning() -> None:
    """The messages are below."""
    (group,) = warning_groups([warning(LintRule.REMAPPED_HEADER, message, "r") for message in "ab"], Style())

    assert group.head == f"2 warnings: {LintRule.REMAPPED_HEADER.meaning.rstrip('.')} [remapped-header]"


def test_a_rule_that_refuses_many_apis_is_one_line() -> None:
    """Unless each is asked for; other rules and few refusals keep a line each."""
    many = [Refusal(GuardRule.MAX_UPDATE, f"api{number}", f"{number} would be updated") for number in range(5)]
    few = [Refusal(GuardRule.MAX_DELETE, "api1", "2 would be deleted")]
    short, full = (list(refusal_lines([*many, *few], [], style)) for style in (Style(), Style(full=True)))

    assert ("refused: api0: 0 would be updated; and 4 more APIs (-v shows each) [maxUpdate]", 2, 6) == (
        short[0].partition("]")[0] + "]",
        len(short),
        len(full),
    )
