"""The page of a drift report: the table of APIs, the history, the findings once for all places, and what else is known.

Its size is limited: what a page leaves out, it counts, and the JSON document has it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from reconciler.diagnostics import Diagnostic
from reconciler.engine.drift.result import Drift
from reconciler.fleet.facts import FleetFacts
from reconciler.fleet.ignored import IgnoredResponses
from reconciler.render.footer import Footer
from reconciler.render.html import page, protected_badges
from reconciler.render.html_chart import trend_chart
from reconciler.render.html_look import FILTER_SCRIPT
from reconciler.render.html_parts import sentence, tag, text
from reconciler.render.style import Style, plural
from reconciler.views.coverage_tally import coverage_text
from reconciler.views.drift_ages import day
from reconciler.views.drift_facts import rule_line
from reconciler.views.drift_groups import drift_groups, placed_findings
from reconciler.views.drift_html_findings import FilterIndexes, finding_blocks
from reconciler.views.drift_html_table import table_section
from reconciler.views.drift_table import SiteRows, drift_table
from reconciler.views.finding_ages import resolved_lines
from reconciler.views.remediation import remediation_lines
from reconciler.views.targets import protected_environments

MOST_LISTED: Final = 200
"""How many resolved findings, ignore rules, addresses of a rule, and rules of warnings a page lists."""

_MOST_OF_RULE: Final = 50
_MARKED: Final = Style(marked=True)


def drift_page(  # noqa: PLR0913 - the parts of a page
    drift: Drift, key: str, verdict: str, summary: str, notes: Sequence[str] = (), *, footer: Footer | None = None
) -> str:
    """Return the page; `summary` and `notes` are written in a marked style, and `key` names the environments."""
    footer = footer or Footer(created_at=drift.created_at)
    footer = replace(footer, seconds=drift.facts.run.seconds or footer.seconds)
    placed = list(placed_findings(drift))
    sites = drift_table(drift, placed)
    indexes = FilterIndexes()
    groups = drift_groups(placed)
    findings = finding_blocks(groups, indexes, drift.created_at)
    table = table_section(sites, indexes, drift.created_at, has_ages=drift.facts.ages is not None)
    suffix = f" ({key})" if key else ""
    having = [each.target for each in drift.targets if each.findings]
    body = (
        tag("h1", text(headline(sites)) + protected_badges(protected_environments(having))),
        f'<p class="summary">{sentence(summary)}</p>',
        *_alerts(drift),
        *table,
        *([trend_chart(drift.facts.trend)] if drift.facts.trend else ()),
        *(_findings_section(findings, indexes, len(groups)) if groups else ()),
        *_notes(notes),
        *_resolved(drift.facts, indexes),
        *_ignored(drift.facts.ignored, indexes),
        *_warnings([each for each in drift.diagnostics if not each.is_error]),
    )
    title = f"reconciler drift: {verdict}{suffix}"
    return page(title, body, footer, FILTER_SCRIPT if groups else "", _run_facts(drift))


def headline(sites: Sequence[SiteRows]) -> str:
    """Return the one thing to know."""
    apis, drifted = sum(site.apis for site in sites), sum(site.drifted for site in sites)
    if not apis:
        return "No API was compared"
    if not drifted:
        return f"{plural(apis, 'API')} in sync"
    return f"{drifted:,} of {plural(apis, 'API')} with findings" if apis > 1 else "1 API with findings"


def _alerts(drift: Drift) -> Iterator[str]:
    facts = drift.facts
    if facts.run.stopped:
        yield _alert("The run ended before it had read everything", facts.run.stopped)
    if facts.skipped:
        yield _alert("Nothing was read", facts.skipped)
    for line in remediation_lines(facts.remediation, _MARKED):
        yield f'<p class="alert">{sentence(line)}</p>'
    if facts.shard:
        yield _alert("This is a part of a run", f"part {facts.shard.index:,} of {facts.shard.count:,}")


def _alert(what: str, why: str) -> str:
    return f'<p class="alert"><strong>{what}:</strong> {sentence(why)}</p>'


def _findings_section(blocks: Iterable[str], indexes: FilterIndexes, count: int) -> Iterator[str]:
    shown = list(blocks)  # before the form, which offers what they name
    yield '<section aria-labelledby="findings"><h2><span id="findings">Findings</span></h2>'
    yield _form(indexes, count)
    yield from shown
    yield "</section>"


def _form(indexes: FilterIndexes, count: int) -> str:
    """Hidden until the script runs: without it, everything is shown."""
    selects = (
        _select("environment", "Environment", indexes.environments),
        _select("api", "API", indexes.manifests),
        _select("type", "Type", {kind: kind for kind in ("changed", "missing", "unexpected", "error")}),
    )
    search = '<label>Text <input type="search" name="query" autocomplete="off"></label>'
    return (
        f'<form id="filters" aria-label="Filter the findings" hidden>{"".join(selects)}{search}'
        f'<button type="reset">Show all</button><output id="shown" aria-live="polite">{count:,} shown</output></form>'
    )


def _select(name: str, label: str, options: "dict[str, str] | dict[str, int]") -> str:
    entries = "".join(tag("option", text(shown or "(none)"), value=str(value)) for shown, value in options.items())
    return f'<label>{label} <select name="{name}"><option value="">all</option>{entries}</select></label>'


def _notes(notes: Sequence[str]) -> Iterator[str]:
    if notes:
        items = "".join(f"<li>{sentence(note)}</li>" for note in notes[:MOST_LISTED])
        yield f'<section><h2>Stages</h2><ul class="rows">{items}</ul>{_more(len(notes), "line")}</section>'


def _resolved(facts: FleetFacts, indexes: FilterIndexes) -> Iterator[str]:
    ages = facts.ages
    if not ages or not ages.resolved:
        return
    shown = replace(ages, resolved=ages.resolved[:MOST_LISTED])
    _, *lines = resolved_lines(shown, Style(marked=True, full=True))
    after = f" since {text(day(ages.since))}" if ages.since else ""
    yield f'<section><h2>Resolved{after}</h2><ul class="rows">'
    for finding, line in zip(shown.resolved, lines, strict=True):
        yield tag(
            "li",
            sentence(line.strip()),
            data_e=indexes.environment(finding.environment),
            data_a=indexes.manifest_of(finding.address),
        )
    yield f"</ul>{_more(len(ages.resolved), 'resolved finding')}</section>"


def _ignored(ignored: Sequence[IgnoredResponses], indexes: FilterIndexes) -> Iterator[str]:
    if not ignored:
        return
    yield "<section><h2>Ignored differences</h2>"
    for rule in ignored[:MOST_LISTED]:
        items = "".join(f"<li><code>{text(address)}</code></li>" for address in rule.addresses[:MOST_LISTED])
        yield tag(
            "details",
            f"<summary>{sentence(rule_line(rule, _MARKED))}</summary><ul>{items}</ul>"
            f"{_more(len(rule.addresses), 'response')}",
            data_e=indexes.environment(rule.environment),
            data_a="",
        )
    yield f"{_more(len(ignored), 'rule')}</section>"


def _warnings(diagnostics: Sequence[Diagnostic]) -> Iterator[str]:
    """The warnings of a rule under one line."""
    if not diagnostics:
        return
    yield "<section><h2>Warnings</h2>"
    ordered = sorted(diagnostics, key=lambda each: each.rule)
    groups = [(rule, list(members)) for rule, members in groupby(ordered, key=lambda each: each.rule)]
    for rule, members in groups[:MOST_LISTED]:
        label = f'<span class="warning">{text(rule)}</span> {plural(len(members), "warning")}'
        yield f"<details{' open' if len(members) == 1 else ''}><summary>{label}</summary><ul>"
        yield from (f"<li>{_problem(each)}</li>" for each in members[:_MOST_OF_RULE])
        yield f"</ul>{_more(len(members), 'warning', _MOST_OF_RULE)}</details>"
    yield f"{_more(len(groups), 'rule')}</section>"


def _problem(diagnostic: Diagnostic) -> str:
    place = str(diagnostic.location) if diagnostic.location else diagnostic.address
    remedy = f"; {diagnostic.remedy}" if diagnostic.remedy else ""
    label = f"<code>{text(place)}</code> " if place else ""
    return f"{label}{sentence(diagnostic.message + remedy)}"


def _more(count: int, noun: str, most: int = MOST_LISTED) -> str:
    more = count - most
    return f'<p class="faint">{plural(more, f"more {noun}")}: --format json lists them</p>' if more > 0 else ""


def _run_facts(drift: Drift) -> Iterator[str]:
    run, coverage = drift.facts.run, drift.facts.coverage
    if run.usage.calls:
        throttled = f" ({plural(run.usage.throttles, 'throttle')})" if run.usage.throttles else ""
        yield f"{plural(run.usage.calls, 'AWS call')}{throttled}"
    if coverage:
        yield coverage_text(coverage)
    if drift.facts.configuration:
        yield f"configuration {drift.facts.configuration}"
