"""The list of runs."""

import json
from datetime import UTC

from reconciler.render.style import Style
from reconciler.views.moments import Moments
from reconciler.views.runs import RunsDisplay, runs_text, runs_view
from support.run_documents import counts, damaged, run_of, runs_of

TERMINAL = Moments("2026-12-01T12:00:00Z", UTC)
STOPPED = run_of(2, state="failed", summary=counts(3, 1, 2), actor="a-service-account")


def test_the_list_is_a_table() -> None:
    """Columns of which nothing is known are left out."""
    rows = [line.split("  ") for line in runs_text(runs_of(STOPPED, run_of()), RunsDisplay()).splitlines()]
    cells = [[cell.strip() for cell in row if cell] for row in rows]
    when = "2026-12-01T10:00:00Z"

    assert ["Run", "When", "Who", "Commit", "Environment", "Command", "Result", "Counts"] == cells[0]
    assert ["20261201T100002Z-3f9a2c", when, "a-service-account", "7b2f3ec", "prod", "apply"] == cells[1][:-2]
    assert ["stopped part-way", "3 applied, 1 failed, 2 not run"] == cells[1][-2:]
    assert ["20261201T100001Z-3f9a2c", when, "kim", "7b2f3ec", "prod", "apply", "applied", "8 applied"] == cells[2]


def test_on_a_terminal_of_120_columns() -> None:
    """It fits, with relative moments."""
    lines = runs_text(runs_of(run_of()), RunsDisplay(moments=TERMINAL, width=120)).splitlines()

    assert "20261201T100001Z-3f9a2c  2 hours ago  kim  7b2f3ec  prod         apply    applied  8 applied" == lines[1]


def test_on_a_narrow_terminal_runs_are_stacked() -> None:
    """Each run takes the lines that it needs, within the width."""
    display = RunsDisplay(moments=TERMINAL, width=60)
    lines = runs_text(runs_of(STOPPED, run_of(), damaged(3)), display).splitlines()

    assert [
        "20261201T100002Z-3f9a2c  2 hours ago",
        "  apply  a-service-account  7b2f3ec  prod",
        "  stopped part-way: 3 applied, 1 failed, 2 not run",
        "20261201T100001Z-3f9a2c  2 hours ago",
        "  apply  kim  7b2f3ec  prod  applied: 8 applied",
        "20261201T100003Z-3f9a2c",
        "  damaged",
        "  plan.json: it is\\x1b[31m cut off",
    ] == lines


def test_endpoints_that_are_not_aws() -> None:
    """Their hosts have a column, and each is named in full below, however it was typed."""
    runs = [run_of(number, endpoint_url=url) for number, url in enumerate(("http://127.0.0.1:4566", "http://[", "x"))]
    lines = runs_text(runs_of(*runs), RunsDisplay()).splitlines()

    assert ["127.0.0.1:4566", "http://[", "x"] == [line.split()[5] for line in lines[1:4]]
    assert ["not on AWS: http://127.0.0.1:4566", "not on AWS: http://[", "not on AWS: x"] == lines[4:]


def test_what_is_left_out_and_what_incomplete_means() -> None:
    """Below the table."""
    lines = runs_text(runs_of(run_of(state="torn"), omitted=3), RunsDisplay()).splitlines()

    assert ["incomplete: the process died before the run finished", "3 older runs not shown"] == lines[2:]


def test_in_full_each_run_has_its_details() -> None:
    """Below its row, wide or narrow."""
    displays = [RunsDisplay(Style(full=True)), RunsDisplay(Style(full=True), width=60)]
    last = "  petstore (RestApi a1b2c3d4e5, environment prod, account 123456789012, eu-west-1)"

    assert [last, last] == [runs_text(runs_of(run_of()), display).splitlines()[-1] for display in displays]


def test_when_quiet_only_the_counts_are_left() -> None:
    """Nothing where there is nothing."""
    quiet = RunsDisplay(Style(quiet=True))

    assert ["2 runs: 1 stopped part-way, 1 applied.", "", "No runs in runs."] == [
        runs_text(runs_of(STOPPED, run_of()), quiet),
        runs_text(runs_of(), quiet),
        runs_text(runs_of(), RunsDisplay()),
    ]


def test_other_formats() -> None:
    """Moments are exact in both, whatever the terminal is like."""
    view = runs_view(runs_of(run_of(), damaged(2)), RunsDisplay(moments=TERMINAL, width=60), "prod")
    markdown = view["markdown"]()

    assert "kim" == json.loads(view["json"]())["runs"][0]["actor"]
    assert "### reconciler runs: 2 runs (prod)" in markdown
    assert "| Run | When | Who |" in markdown
    assert "| kim |" in markdown
    assert "10&#58;00&#58;00Z" in markdown
    assert "cut off" in markdown


def test_markdown_without_runs() -> None:
    """A sentence, and no table."""
    markdown = runs_view(runs_of(), RunsDisplay())["markdown"]()

    assert (True, False) == ("No runs in runs." in markdown, "|" in markdown)
