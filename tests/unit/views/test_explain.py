"""explain: pages and the list, as text, JSON and Markdown."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

from reconciler.engine.schemas import schema_text
from reconciler.render.style import Style
from reconciler.rules import RULES, GuardRule, LintRule
from reconciler.views.explain import explain_view, list_view

PAGE = """\
dash-pattern (error, offline)

AWS stores the pattern `-` as no pattern, so the response becomes the
default and always shows a difference.

API Gateway reads `-` as "no pattern" and returns an empty one. What the
manifest says and what AWS returns then differ forever.

Wrong:

    responses:
      200:
        selectionPattern: '-'

Right:

    responses:
      200: {}

Fix: Leave selectionPattern out for the default response, or write
`'[-]'`.

Silence: `allow: [dash-pattern]` on the response silences it there.
`lint: {dash-pattern: "off"}` in `reconciler.yaml` silences it
everywhere, and `warning` or `error` in place of `"off"` changes its
severity.

Source: Public issue reports of the Terraform provider for AWS."""


def test_a_page_as_text() -> None:
    """From what it means to its source; code is indented and not wrapped."""
    assert PAGE == explain_view([LintRule.DASH_PATTERN], Style(), 72)["text"]()


@pytest.mark.parametrize("width", [60, 120])
def test_text_fits_the_terminal(width: int) -> None:
    """Except for code, which is copied: on lines of its own, or in a sentence."""
    lines = explain_view([*RULES.values()], Style(), width)["text"]().splitlines()

    assert [] == [line for line in lines if len(line) > width and not line.startswith("    ") and "`" not in line]


def test_a_guard_rule_has_no_severity() -> None:
    """It is refused, and `--force` takes its name."""
    assert explain_view([GuardRule.MAX_DELETE], Style(), 80)["text"]().startswith("maxDelete (guard rule, needs AWS)\n")


def test_labels_are_coloured() -> None:
    """Wrong in red, right in green."""
    text = explain_view([LintRule.DASH_PATTERN], Style(colour=True), 80)["text"]()

    assert "\x1b[31m\x1b[1mWrong:\x1b[0m\n" in text
    assert "\x1b[32mRight:\x1b[0m\n" in text


def test_several_pages_follow_each_other() -> None:
    """With two empty lines in between."""
    text = explain_view([LintRule.DASH_PATTERN, LintRule.NOT_JSON], Style(), 72)["text"]()

    assert text.startswith(f"{PAGE}\n\n\nnot-json (warning, offline)\n")


def test_code_stays_in_its_block_in_markdown() -> None:
    """As readers of Markdown see it: a heading for each rule, and the code of examples in between."""
    rules = [*RULES.values()]
    tokens = MarkdownIt().parse(explain_view(rules, Style(), 80)["markdown"]())

    assert {"yaml", "console"} == {token.info for token in tokens if token.type == "fence"}
    assert [str(rule) for rule in rules] == [
        tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open"
    ]


def test_json_of_the_list_is_valid_and_has_every_page() -> None:
    """For programs, there is no difference between the list and the pages."""
    document: Any = json.loads(list_view(Style(), 80)["json"]())

    assert [] == [*Draft202012Validator(json.loads(schema_text("explanation"))).iter_errors(document)]
    assert [*RULES] == [rule["id"] for rule in document["rules"]]


def test_json_of_a_page() -> None:
    """What can be done about a rule is a value of its own."""
    document: Any = json.loads(explain_view([GuardRule.PUBLISHES_OTHERS, LintRule.NOT_JSON], Style(), 80)["json"]())
    keys = ("names", "family", "severity", "needsAws", "silenceable", "waivedBy")

    assert [
        (["publishesOthers", "guard/publishesOthers"], "guard", None, True, False, "--publish-all"),
        (["not-json"], "lint", "warning", False, True, None),
    ] == [tuple(rule[key] for key in keys) for rule in document["rules"]]


def test_the_list_has_a_line_for_each_rule() -> None:
    """By family, with the meanings in a second column."""
    lines = list_view(Style(), 100)["text"]().splitlines()

    assert "  status-code               AWS accepts status codes from 100 to 599 only." in lines
    assert {str(rule) for rule in RULES.values()} <= {line.split()[0] for line in lines if line.startswith("  ")}
    assert "For details: reconciler explain RULE" == lines[-1]


@pytest.mark.parametrize("width", [40, 60, 80])
def test_the_list_fits_the_terminal(width: int) -> None:
    """On a narrow one, meanings come below the names."""
    assert [] == [
        line for line in list_view(Style(), width)["text"]().splitlines() if len(line) > width and "`" not in line
    ]


def test_quiet_lists_names() -> None:
    """For scripts."""
    assert [str(rule) for rule in RULES.values()] == list_view(Style(quiet=True), 80)["text"]().splitlines()


def test_the_list_as_markdown_is_a_table_for_each_family() -> None:
    """With a row for each rule."""
    rows = [line for line in list_view(Style(), 80)["markdown"]().splitlines() if line.startswith("| `")]

    assert len(RULES) == len(rows)
