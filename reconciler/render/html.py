"""A report as a page: one HTML file for a browser, for the artifacts of a CI job, or for a printer.

It loads nothing, and a content security policy forbids everything but its own style sheet and, on pages with filters,
its own script; both are fixed texts (`render.html_look`).
"""

from collections.abc import Iterable, Iterator
from typing import Final

from reconciler import __version__
from reconciler.render.html_look import STYLESHEET, policy
from reconciler.render.html_parts import line, sentence, text
from reconciler.render.sections import Cell, Report, Section, Table, counts
from reconciler.render.style import problem_rank

_MOST_UNFOLDED: Final = 400
"""A page with more entries starts with its sections folded."""


def html_page(command: str, key: str, report: Report, created_at: str = "") -> str:
    """Return the page of a report; `key` names the environments, `created_at` is in ISO 8601."""
    suffix = f" ({key})" if key else ""
    title = f"reconciler {command}: {report.verdict}{suffix}"
    body = (
        f"<h1>{text(title)}</h1>",
        f'<p class="summary">{sentence(report.summary)}</p>',
        *_list(report.notes),
        *_list(sorted(report.problems, key=problem_rank)),
        *_table(report.table),
        *_sections(report),
    )
    return page(title, body, [created_at] if created_at else [])


def page(title: str, body: Iterable[str], facts: Iterable[str] = (), script: str = "") -> str:
    """Return a page with this body, which is HTML; `facts` about the run are in its footer.

    `script` is one of `render.html_look`, or "".
    """
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy(script)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{text(title)}</title>",
            f"<style>{STYLESHEET}</style>",
            "</head>",
            "<body>",
            *body,
            f"<footer>{', '.join([f'reconciler {__version__}', *map(text, facts)])}</footer>",
            *([f"<script>{script}</script>"] if script else ()),
            "</body>",
            "</html>",
        ]
    )


def _list(lines: Iterable[str]) -> Iterator[str]:
    items = [f"<li>{sentence(each.strip())}</li>" for each in lines]
    if items:
        yield from ("<ul>", *items, "</ul>")


def _table(table: Table | None) -> Iterator[str]:
    if table is None:
        return
    yield "<table>"
    yield f"<tr>{''.join(f'<th>{text(title)}</th>' for title in table.head)}</tr>"
    for row in table.rows:
        yield f"<tr>{''.join(map(_cell, row))}</tr>"
    yield "</table>"


def _cell(cell: Cell) -> str:
    content, tone = cell
    return f'<td class="{tone}">{text(content)}</td>' if tone else f"<td>{text(content)}</td>"


def _sections(report: Report) -> Iterator[str]:
    number = sum(1 for section in report.sections for _ in section.entries)
    is_open = " open" if number <= _MOST_UNFOLDED else ""
    for section in report.sections:
        yield f"<details{is_open}>"
        intro = f"{line(section.intro)} " if section.intro else ""
        yield f"<summary>{intro}{line(section.title)}: {counts(section.entries)}</summary>"
        yield from _groups(section)
        yield "</details>"


def _groups(section: Section) -> Iterator[str]:
    for group in section.groups:
        yield f"<h2>{line(group.title)}</h2>"
        lines = [
            each for entry in group.entries for each in (entry.line, *(f"    {detail}" for detail in entry.details))
        ]
        yield "<pre>" + "\n".join(map(line, lines)) + "</pre>"
