"""Reports as pages."""

import base64
import hashlib
import re
from dataclasses import replace

import pytest

from reconciler.render.footer import Footer
from reconciler.render.html import html_page
from reconciler.render.sections import Group, Report, ReportEntry, Section, Table, WarningGroup
from reconciler.render.style import Style

MARKED = Style(marked=True)
ENTRY = ReportEntry(
    f"{MARKED.paint('+ 200', 'create')}  not live yet", (MARKED.paint("+ x < y", "create"),), "to create"
)
REPORT = Report("changes", "Plan: 1.", (Section("petstore", (Group("GET /pets", (ENTRY,)),)),), ("p",), ("n",))


def test_a_page_shows_the_report() -> None:
    """Colours are classes, and the signs stay."""
    text = html_page("plan", "prod", REPORT, Footer(created_at="2026-01-31T00:00:00Z"))

    assert (
        "<title>reconciler plan: changes (prod)</title>",
        "<summary>petstore: 1 to create</summary>",
        '<pre><span class="create">+ 200</span>  not live yet\n    <span class="create">+ x &lt; y</span></pre>',
    ) == (
        re.findall("<title>.*</title>", text)[0],
        re.findall("<summary>.*</summary>", text)[0],
        re.findall("<pre>.*</pre>", text, re.DOTALL)[0],
    )


def test_a_page_needs_nothing_and_runs_nothing() -> None:
    """Its policy allows its own style sheet, by its digest, and nothing besides; it holds nothing that would ask."""
    text = html_page("plan", "", REPORT)
    look = re.findall("<style>(.*)</style>", text, re.DOTALL)[0]
    digest = base64.b64encode(hashlib.sha256(look.encode()).digest()).decode()

    assert (
        [f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"],
        [],
    ) == (
        re.findall('Content-Security-Policy" content="([^"]*)"', text),
        re.findall(r"<script|<link|<img|<iframe|\bon\w+=|\bstyle=|\bsrc=|\bhref=|url\(|@import|https?:", text),
    )


@pytest.mark.parametrize(("entries", "expected"), [(400, " open"), (401, "")])
def test_a_long_page_begins_folded(entries: int, expected: str) -> None:
    """So that one finds the API that one looks for."""
    report = Report("changes", "", (Section("a", (Group("g", (ENTRY,) * entries),)),))

    assert [expected] == re.findall("<details(.*)>", html_page("plan", "", report))


def test_parts_of_a_page() -> None:
    """In order of weight, with the command that waives a refusal."""
    (section,) = REPORT.sections
    group = WarningGroup("2 warnings: x", ("a", "b"))
    report = replace(
        REPORT,
        problems=("error: e",),
        reverts=(section,),
        refusals=("refused: r",),
        is_refused=True,
        rules_to_force=("protect",),
        warnings=(WarningGroup("warning: w"), group),
        protected=("prod",),
    )
    page = html_page("plan", "prod", report, Footer(words=("reconciler", "plan"), can_repeat=True))
    headings = [re.sub("<.*?>", "", each) for each in re.findall("<h2>(.*?)</h2>", page)]

    assert ["Errors", "Reverts changes made directly in AWS", "Refused", "Changes", "Warnings"] == [
        each for each in headings if each != "GET /pets"
    ]
    assert "<pre>reconciler plan --force protect</pre>" in page
    assert "<summary>2 warnings: x</summary>" in page
    assert '<span class="badge protected">prod is protected</span>' in page


def test_tables_of_a_page() -> None:
    """The overview says which environment is protected; a long detailed table is folded."""
    overview = Table(
        ("API", "prod"), ((("a", None), ("+1", "create")),), leads=True, caption="+ x", protected=frozenset(("prod",))
    )
    table = Table(("response", "prod"), ((("a", None), ("-", None)),) * 16)
    page = html_page("review", "", replace(REPORT, overview=overview, table=table))

    assert '<th scope="col" class="protected">prod <span class="badge protected">protected</span></th>' in page
    assert "<caption>+ x</caption>" in page
    assert "<summary>All 16 rows</summary>" in page


def test_a_wide_table_scrolls_by_itself() -> None:
    """A table scrolls in a box that the keyboard reaches, and its numbers and environments stay on one line."""
    overview = Table(("API", "dev"), ((("a", None), ("+1 ~63", "create")),), leads=True)
    page = html_page("plan", "", replace(REPORT, overview=overview))

    assert '<div class="scrolls" tabindex="0"><table class="overview">' in page
    assert "</table></div>" in page
    assert ".scrolls td, .scrolls thead th { white-space: nowrap; }" in page
