"""A report as a page: one HTML file for a browser, for the artifacts of a CI job, or for a printer.

It loads nothing, and a content security policy forbids everything but its own style sheet and, on pages with filters,
its own script; both are fixed texts (`render.html_look`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from reconciler import __version__
from reconciler.render.footer import Footer
from reconciler.render.html_look import STYLESHEET, policy
from reconciler.render.html_parts import line, sentence, tag, text
from reconciler.render.sections import REVERTS, Cell, Report, Section, Table, WarningGroup, counts
from reconciler.render.style import plural, problem_rank

_MOST_UNFOLDED: Final = 400
"""A page with more entries starts with its sections folded."""

_MOST_ROWS: Final = 15
"""A longer detailed table is folded."""


def html_page(command: str, key: str, report: Report, footer: Footer | None = None) -> str:
    """Return the page of a report; `key` names the environments."""
    suffix = f" ({key})" if key else ""
    title = f"reconciler {command}: {report.verdict}{suffix}"
    footer = footer or Footer()
    body = (
        f"<h1>{text(title)}{protected_badges(report.protected)}</h1>",
        f'<p class="summary">{sentence(report.summary)}</p>',
        *_table(report.overview),
        *_list(report.notes),
        *_alert("Errors", report.problems),
        *_headed(REVERTS, list(_sections(report, report.reverts)), "warning"),
        *_refusals(report, footer),
        *_folded_table(report.table),
        *_headed("Changes" if report.reverts or report.refusals else "", list(_sections(report, report.sections))),
        *_headed("Warnings", list(_warnings(report.warnings))),
    )
    return page(title, body, footer)


def protected_badges(environments: Iterable[str]) -> str:
    """Return a mark for each protected environment."""
    return "".join(f' <span class="badge protected">{text(name)} is protected</span>' for name in environments)


def page(title: str, body: Iterable[str], footer: Footer, script: str = "", facts: Iterable[str] = ()) -> str:
    """Return a page with this body, which is HTML; `footer` and `facts` about the run are at its end.

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
            f"<footer>{', '.join([*_footer(footer), *map(text, facts)])}</footer>",
            *([f"<script>{script}</script>"] if script else ()),
            "</body>",
            "</html>",
        ]
    )


def _footer(footer: Footer) -> Iterator[str]:
    for part in replace(footer, version=footer.version or __version__).parts:
        content = tag("code", text(part.text)) if part.is_code else text(part.text)
        yield f"{part.label} {content}".strip()


def _list(lines: Iterable[str]) -> Iterator[str]:
    items = [f"<li>{sentence(each.strip())}</li>" for each in lines]
    if items:
        yield from ("<ul>", *items, "</ul>")


def _headed(heading: str, blocks: Sequence[str], tone: str = "") -> Iterator[str]:
    if blocks:
        yield from (tag("h2", tag("span", text(heading), class_=tone) if tone else text(heading)),) if heading else ()
        yield from blocks


def _alert(heading: str, lines: Iterable[str], after: Iterable[str] = ()) -> Iterator[str]:
    items = list(_list(sorted(lines, key=problem_rank)))
    yield from _headed(heading, ['<div class="alert">', *items, *after, "</div>"] if items else (), "error")


def _refusals(report: Report, footer: Footer) -> Iterator[str]:
    forced = footer.forcing(report.rules_to_force)
    command = [f"<p>To apply it nevertheless:</p><pre>{text(forced)}</pre>"] if forced else []
    yield from _alert("Refused" if report.is_refused else "Waived", report.refusals, command)


def _warnings(groups: Iterable[WarningGroup]) -> Iterator[str]:
    every = list(groups)
    yield from _list(group.head for group in every if not group.lines)
    for group in every:
        if group.lines:
            yield f"<details><summary>{sentence(group.head)}</summary>"
            yield from _list(group.lines)
            yield "</details>"


def _folded_table(table: Table | None) -> Iterator[str]:
    if table is None or len(table.rows) <= _MOST_ROWS:
        yield from _table(table)
        return
    yield f"<details><summary>All {plural(len(table.rows), 'row')}</summary>"
    yield from _table(table)
    yield "</details>"


def _table(table: Table | None) -> Iterator[str]:
    if table is None:
        return
    yield f'<div class="scrolls" tabindex="0"><table class="{"overview" if table.leads else "rows"}">'
    yield from [tag("caption", sentence(table.caption))] if table.caption else []
    subject, *titles = table.head
    heads = (_head(title, is_protected=title in table.protected) for title in titles)
    yield f'<thead><tr><th scope="col">{text(subject)}</th>{"".join(heads)}</tr></thead><tbody>'
    for (name, tone), *cells in table.rows:
        row = "".join(map(_cell, cells))
        yield f'<tr><th scope="row"{f" class={tone}" if tone else ""}>{text(name)}</th>{row}</tr>'
    yield "</tbody></table></div>"


def _head(title: str, *, is_protected: bool) -> str:
    if not is_protected:
        return tag("th", text(title), scope="col")
    return tag("th", f'{text(title)} <span class="badge protected">protected</span>', scope="col", class_="protected")


def _cell(cell: Cell) -> str:
    content, tone = cell
    return f'<td class="{tone}">{text(content)}</td>' if tone else f"<td>{line(content)}</td>"


def _sections(report: Report, sections: Iterable[Section]) -> Iterator[str]:
    number = sum(1 for section in report.all_sections for _ in section.entries)
    is_open = " open" if number <= _MOST_UNFOLDED else ""
    for section in sections:
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
