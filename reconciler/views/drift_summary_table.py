"""The table of APIs in Markdown."""

from collections.abc import Iterator, Sequence
from typing import Final

from reconciler.render.sections import NOTHING, Cell, Table
from reconciler.render.style import Tone, plural, printable
from reconciler.views.drift_ages import day, is_moment
from reconciler.views.drift_table import ApiRow, SiteRows, shortened
from reconciler.views.overview import ApiCounts, CountKind, overview_table

MOST_ROWS: Final = 100
"""How many rows a comment shows."""

_MOST_UNSHORTENED: Final = 10


_KINDS: Final = (
    CountKind("changed", "~", "update", "changed"),
    CountKind("missing", "-", "delete", "missing"),
    CountKind("unexpected", "+", "create", "unexpected"),
    CountKind("on stages", "^", "update", "differs on stages"),
    CountKind("errors", "!", "error", "could not be compared"),
)


def summary_table(sites: Sequence[SiteRows], *, has_ages: bool) -> Table | None:
    """Return the table, None for a single API. Without ages, environments are columns and only differences are shown.

    Long tables leave out what is in sync, then the rows at the end. Columns without any count are left out.
    """
    if sum(len(site.rows) for site in sites) < 2:  # noqa: PLR2004 - the summary says the same of one
        return None
    if len(sites) > 1 and not has_ages:
        return overview_table(_KINDS, (_counts(row) for site in sites for row in site.rows), unchanged="in sync")
    has_stages = any(row.deployed for site in sites for row in site.rows)
    stages = ("On stages",) if has_stages else ()
    ages = ("New", "First seen") if has_ages else ()
    head = ("API", "In sync", "Changed", "Missing", "Unexpected", *stages, "Errors", "Unmanaged", *ages)
    rows = [row for site in shortened(sites, _MOST_UNSHORTENED) for row in site.rows]
    cells = [tuple(_cells(row, has_stages=has_stages, has_ages=has_ages)) for row in rows[:MOST_ROWS]]
    if len(rows) > MOST_ROWS:
        rest = f"{plural(len(rows) - MOST_ROWS, 'more row')}"
        cells.append(((rest, None), *((NOTHING, None),) * (len(head) - 1)))
    used = [
        column for column, title in enumerate(head) if column == 0 or any(row[column][0] != NOTHING for row in cells)
    ]
    return Table(
        tuple(head[column] for column in used),
        tuple(tuple(row[column] for column in used) for row in cells),
        leads=True,
        has_words=True,
    )


def _counts(row: ApiRow) -> ApiCounts:
    counts = {
        "changed": row.changed,
        "missing": row.missing,
        "unexpected": row.unexpected,
        "on stages": row.deployed,
        "errors": row.errors,
    }
    site = row.site
    return ApiCounts(", ".join(row.manifests), site.environment, site.region, counts, site.is_protected)


def _cells(row: ApiRow, *, has_stages: bool, has_ages: bool) -> Iterator[Cell]:
    name = ", ".join(row.manifests) if row.manifests else f"{plural(row.apis, 'API')} in sync"
    yield printable(f"{name} ({row.site})" if str(row.site) else name), None
    yield ("not read", "error") if row.failure else _number(row.in_sync, "good")
    yield _number(row.changed, "update")
    yield _number(row.missing, "delete")
    yield _number(row.unexpected, "create")
    if has_stages:
        yield _number(row.deployed, "update")
    yield _number(row.errors, "error")
    yield _number(row.unmanaged, None)
    if has_ages:
        yield _number(row.new, "update")
        yield day(row.oldest) if is_moment(row.oldest) else NOTHING, None


def _number(count: int, tone: Tone | None) -> Cell:
    return (f"{count:,}", tone) if count else (NOTHING, None)
