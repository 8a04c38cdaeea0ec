"""The table of a drift page: every API in every environment. On a narrow screen each row is a card."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from reconciler.render.html_parts import tag, text
from reconciler.render.style import plural
from reconciler.views.drift_ages import since
from reconciler.views.drift_groups import Site
from reconciler.views.drift_html_findings import FilterIndexes
from reconciler.views.drift_table import ApiRow, SiteRows, shortened, total

MOST_ROWS: Final = 1_000
"""How many rows a page shows, those of environments as a whole included."""

_LONGEST: Final = 300


def table_section(sites: Sequence[SiteRows], indexes: FilterIndexes, now: str, *, has_ages: bool) -> Iterator[str]:
    """Yield the table with the sums, and how many rows are left out; nothing without APIs."""
    if not sites:
        return
    has_stages = any(row.deployed for site in sites for row in site.rows)
    columns = _Columns(now, has_ages=has_ages, has_stages=has_stages)
    heads = "".join(tag("th", text(name), scope="col") for name in ("API", *columns.names))
    yield '<section aria-label="APIs"><table class="apis">'
    yield f"<caption>Responses by environment and API</caption><thead><tr>{heads}</tr></thead>"
    yield from _bodies(shortened(sites), columns, indexes)
    yield "</table></section>"


class _Columns:
    """The columns after the first: what a table shows depends on what is known."""

    def __init__(self, now: str, *, has_ages: bool, has_stages: bool) -> None:
        self.now = now
        self.has_ages = has_ages
        self.has_stages = has_stages

    @property
    def names(self) -> tuple[str, ...]:
        """The titles."""
        stages = ("On stages",) if self.has_stages else ()
        ages = ("New", "First seen") if self.has_ages else ()
        return ("In sync", "Changed", "Missing", "Unexpected", *stages, "Errors", "Unmanaged", *ages)

    def cells(self, row: ApiRow) -> Iterator[str]:
        """Yield the counts."""
        yield _number("In sync", row.in_sync, "good")
        yield _number("Changed", row.changed, "update")
        yield _number("Missing", row.missing, "delete")
        yield _number("Unexpected", row.unexpected, "create")
        if self.has_stages:
            yield _number("On stages", row.deployed, "update")
        yield _number("Errors", row.errors, "error")
        yield _number("Unmanaged", row.unmanaged, "plain")
        if self.has_ages:
            yield _number("New", row.new, "new")
            shown = text(since(row.oldest, self.now)) if row.oldest else "-"
            yield f'<td class="{"age" if row.oldest else "zero"}" data-label="First seen">{shown}</td>'


def _number(label: str, count: int, tone: str) -> str:
    return f'<td class="{tone if count else "zero"}" data-label="{label}">{count:,}</td>'


def _bodies(sites: Iterable[SiteRows], columns: _Columns, indexes: FilterIndexes) -> Iterator[str]:
    left = MOST_ROWS
    width = len(columns.names) + 1
    omitted = 0
    every: list[ApiRow] = []
    for site in sites:
        every.extend(site.rows)
        shown = site.rows[: max(0, left - 1)]
        omitted += len(site.rows) - len(shown)
        left -= len(shown) + 1
        if shown:
            yield f'<tbody data-e="{indexes.environment(site.site.environment)}">'
            yield f'<tr class="site"><th scope="rowgroup" colspan="{width}">{_site_title(site)}</th></tr>'
            yield from (_row(row, columns, indexes) for row in shown)
            yield "</tbody>"
    if omitted:
        note = f"{plural(omitted, 'more row')}: --format json lists them"
        yield f'<tbody><tr><td colspan="{width}" class="faint">{note}</td></tr></tbody>'
    if len(every) > 1:
        cells = "".join(columns.cells(total(every, Site(None, "", ""))))
        yield f'<tfoot><tr><th scope="row">Total</th>{cells}</tr></tfoot>'


def _site_title(site: SiteRows) -> str:
    account = f"account {site.site.account_id}" if site.site.account_id else ""
    count = f"{site.drifted:,} of {site.apis:,} with findings" if site.drifted else "in sync"
    name = tag("span", text(str(site.site) or "no region"), class_="name")
    return f'{name} <span class="faint">{text(account)}</span> <span class="count">{count}</span>'


def _row(row: ApiRow, columns: _Columns, indexes: FilterIndexes) -> str:
    sign, tone = ("!", "error") if row.errors else ("✓", "good") if row.is_in_sync else ("~", "update")
    name = ", ".join(row.manifests) if row.manifests else f"{plural(row.apis, 'API')} in sync"
    head = f'<th scope="row"><span class="{tone}" aria-hidden="true">{sign}</span> {text(name)}</th>'
    if row.failure:
        cells = f'<td class="failed" colspan="{len(columns.names)}">not read: {text(row.failure[:_LONGEST])}</td>'
    else:
        cells = "".join(columns.cells(row))
    manifests = " ".join(dict.fromkeys(map(indexes.manifest, row.manifests)))
    return tag("tr", head + cells, data_e=indexes.environment(row.site.environment), data_a=manifests)
