"""The table of APIs in Markdown."""

import pytest

from reconciler.engine.drift.result import Drift
from reconciler.findings import TargetDrift, Type
from reconciler.models.keys import MethodKey
from reconciler.render import markdown
from reconciler.render.comment import comment
from reconciler.render.sections import NOTHING
from reconciler.views.drift import drift_report
from reconciler.views.drift_groups import placed_findings
from reconciler.views.drift_summary_table import MOST_ROWS, summary_table
from reconciler.views.drift_table import drift_table
from support.fleet_reports import METHODS, NOW, finding, fleet_drift, of_api


def comment_of(drift: Drift) -> str:
    """The report as a comment."""
    return comment("drift", "", lambda style: drift_report(drift, style))


def _api(number: int, *scopes: MethodKey) -> TargetDrift:
    """An API with a difference of its own in each of these methods."""
    name = f"api{number}"
    findings = (finding(name, scope, "200", Type.CHANGED, note=f"{number} {scope}") for scope in scopes)
    return of_api("dev", name, *findings)


def test_the_table_comes_first() -> None:
    """Before the problems and the findings, with failed APIs as such."""
    text = comment_of(fleet_drift())
    blocks = text.split("\n\n")

    # No response is unmanaged, so there is no such column
    assert blocks[3].startswith("| API | In sync | Changed | Missing | Unexpected | On stages | Errors | New |")
    assert "<strong>not read</strong> | - | - | - | - | <strong>1</strong>" in blocks[3]


def test_one_api_needs_no_table() -> None:
    """The summary says the same."""
    drift = Drift((of_api("dev", "catalog"),), (), (), NOW)

    assert summary_table(drift_table(drift, placed_findings(drift)), has_ages=False) is None


@pytest.mark.parametrize(("has_ages", "expected"), [(True, ["New", "First seen"]), (False, [])])
def test_ages_are_columns_with_a_history(has_ages: bool, expected: list[str]) -> None:
    """Without one they are unknown."""
    drift = fleet_drift()
    table = summary_table(drift_table(drift, placed_findings(drift)), has_ages=has_ages)

    assert table is not None
    assert [title for title in table.head if title in {"New", "First seen"}] == expected


def test_long_tables_are_cut_and_counted() -> None:
    """First what is in sync, then the rows at the end."""
    targets = tuple(_api(number, *METHODS[: number % 2]) for number in range(300))
    drift = Drift(targets, (), (), NOW)
    table = summary_table(drift_table(drift, placed_findings(drift)), has_ages=False)

    assert table is not None
    assert (MOST_ROWS + 1, "51 more rows", {NOTHING}) == (
        len(table.rows),
        table.rows[-1][0][0],
        {text for text, _ in table.rows[-1][1:]},
    )


def test_a_long_report_keeps_its_table() -> None:
    """The rest is shortened until both fit."""
    targets = tuple(_api(number, *METHODS) for number in range(300))
    text = comment_of(Drift(targets, (), (), NOW))

    assert (True, True, True) == (
        "| API |" in text,
        "_Shortened to fit into a comment: counts for each API._" in text,
        markdown.size(text) <= markdown.LIMIT,
    )
