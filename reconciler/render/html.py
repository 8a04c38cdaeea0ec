"""A report as a page: one HTML file for a browser, for the artifacts of a CI job, or for a printer.

It loads nothing and runs nothing: no script, no link, no image, and a content security policy that forbids all of them.
Whatever a colour shows, a sign shows as well.
"""

import base64
import hashlib
import html
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from reconciler import __version__
from reconciler.render.code_spans import code_parts
from reconciler.render.sections import Cell, Report, Section, Table, counts
from reconciler.render.style import printable, problem_rank, spans

_MOST_UNFOLDED: Final = 400
"""A page with more entries starts with its sections folded."""

_STYLESHEET: Final = """
:root { color-scheme: light dark; --ink: #1f2328; --paper: #fff; --soft: #f6f8fa; --line: #d1d9e0; --faint: #59636e;
  --create: #116329; --update: #7d4e00; --delete: #a40e26; --step: #0550ae; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --soft: #161b22; --line: #3d444d;
  --faint: #9198a1; --create: #56d364; --update: #e3b341; --delete: #ff7b72; --step: #79c0ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem; max-width: 76rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; margin: 0; }
h2 { font: 600 .9rem/1.5 ui-monospace, monospace; margin: 1rem 0 .25rem; overflow-wrap: anywhere; }
.summary { font-size: 1.1rem; margin: .25rem 0 1rem; }
ul { padding-left: 1.25rem; }
li { overflow-wrap: anywhere; }
details { border: 1px solid var(--line); border-radius: .4rem; margin: .75rem 0; padding: 0 1rem; }
summary { cursor: pointer; margin: 0 -1rem; padding: .6rem 1rem; background: var(--soft); border-radius: .4rem;
  overflow-wrap: anywhere; }
code { font: .9em ui-monospace, monospace; background: var(--soft); padding: 0 .2em; border-radius: .2rem;
  overflow-wrap: anywhere; }
pre { margin: 0 0 .75rem; font: .85rem/1.45 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
table { border-collapse: collapse; font: .85rem/1.45 ui-monospace, monospace; }
th, td { border: 1px solid var(--line); padding: .2rem .6rem; text-align: left; overflow-wrap: anywhere; }
footer, .faint { color: var(--faint); }
footer { font-size: .85rem; margin-top: 1.5rem; }
.strong { font-weight: 600; }
.create, .good { color: var(--create); }
.update, .warning { color: var(--update); }
.delete, .error { color: var(--delete); }
.step { color: var(--step); }
.error, .warning, .good { font-weight: 600; }
@media print {
  :root { color-scheme: light; --ink: #000; --paper: #fff; --soft: #fff; --line: #999; --faint: #444; --create: #116329;
    --update: #7d4e00; --delete: #a40e26; --step: #0550ae; }
  body { max-width: none; padding: 0; }
  details::details-content { content-visibility: visible; height: auto; }
  h2, summary { break-after: avoid; }
}
"""


def html_page(command: str, key: str, report: Report, created_at: str = "") -> str:
    """Return the page; `key` names the environments, `created_at` is in ISO 8601."""
    suffix = f" ({key})" if key else ""
    title = _text(f"reconciler {command}: {report.verdict}{suffix}")
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_policy()}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{title}</title>",
            f"<style>{_STYLESHEET}</style>",
            "</head>",
            "<body>",
            f"<h1>{title}</h1>",
            f'<p class="summary">{_sentence(report.summary)}</p>',
            *_list(report.notes),
            *_list(sorted(report.problems, key=problem_rank)),
            *_table(report.table),
            *_sections(report),
            f"<footer>reconciler {__version__}{f', {_text(created_at)}' if created_at else ''}</footer>",
            "</body>",
            "</html>",
        ]
    )


def _policy() -> str:
    digest = base64.b64encode(hashlib.sha256(_STYLESHEET.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _list(lines: Iterable[str]) -> Iterator[str]:
    items = [f"<li>{_sentence(line.strip())}</li>" for line in lines]
    if items:
        yield from ("<ul>", *items, "</ul>")


def _table(table: Table | None) -> Iterator[str]:
    if table is None:
        return
    yield "<table>"
    yield f"<tr>{''.join(f'<th>{_text(title)}</th>' for title in table.head)}</tr>"
    for row in table.rows:
        yield f"<tr>{''.join(map(_cell, row))}</tr>"
    yield "</table>"


def _cell(cell: Cell) -> str:
    text, tone = cell
    return f'<td class="{tone}">{_text(text)}</td>' if tone else f"<td>{_text(text)}</td>"


def _sections(report: Report) -> Iterator[str]:
    number = sum(1 for section in report.sections for _ in section.entries)
    is_open = " open" if number <= _MOST_UNFOLDED else ""
    for section in report.sections:
        yield f"<details{is_open}>"
        intro = f"{_line(section.intro)} " if section.intro else ""
        yield f"<summary>{intro}{_line(section.title)}: {counts(section.entries)}</summary>"
        yield from _groups(section)
        yield "</details>"


def _groups(section: Section) -> Iterator[str]:
    for group in section.groups:
        yield f"<h2>{_line(group.title)}</h2>"
        lines = [
            line for entry in group.entries for line in (entry.line, *(f"    {detail}" for detail in entry.details))
        ]
        yield "<pre>" + "\n".join(map(_line, lines)) + "</pre>"


def _line(line: str) -> str:
    return _painted(line, _text)


def _sentence(line: str) -> str:
    """A line in which text in backticks and commands are code."""
    return _painted(line, _with_code)


def _painted(line: str, shown: Callable[[str], str]) -> str:
    return "".join(f'<span class="{tone}">{shown(text)}</span>' if tone else shown(text) for tone, text in spans(line))


def _with_code(text: str) -> str:
    return "".join(f"<code>{_text(part)}</code>" if is_code else _text(part) for is_code, part in code_parts(text))


def _text(text: str) -> str:
    return html.escape(printable(text))
