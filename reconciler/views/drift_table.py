"""The first thing that a drift report shows: every API in every environment, with its counts and ages."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from reconciler.engine.drift.result import Drift
from reconciler.findings import Type, summarise_drift
from reconciler.views.drift_groups import DriftContent, DriftPlace, Placed, Site, site_of

MOST_ROWS: Final = 60
"""A longer table leaves out the APIs that are in sync, and counts them for each environment."""


@dataclass(frozen=True, slots=True)
class ApiRow:
    """An API in an environment and region: counts of responses, and of differences on its stages.

    `errors` are manifests and stages that could not be compared, and `failure` is why the API as a whole could not.
    `oldest` is when the first of its findings was first seen, "" if that is unknown; `new` counts those that no earlier
    run saw.
    """

    site: Site
    manifests: tuple[str, ...]
    in_sync: int = 0
    unmanaged: int = 0
    changed: int = 0
    missing: int = 0
    unexpected: int = 0
    deployed: int = 0
    errors: int = 0
    oldest: str = ""
    new: int = 0
    failure: str = ""
    apis: int = 1

    @property
    def findings(self) -> int:
        """The number of differences and errors."""
        return self.changed + self.missing + self.unexpected + self.deployed + self.errors

    @property
    def is_in_sync(self) -> bool:
        """Whether the API was compared, and nothing differs."""
        return not self.findings


@dataclass(frozen=True, slots=True)
class SiteRows:
    """The APIs of an environment and region."""

    site: Site
    rows: tuple[ApiRow, ...]

    @property
    def drifted(self) -> int:
        """How many APIs differ or could not be compared."""
        return sum(not row.is_in_sync for row in self.rows)

    @property
    def apis(self) -> int:
        """How many APIs there are."""
        return sum(row.apis for row in self.rows)

    def without_synced(self) -> "SiteRows":
        """Return the rows with findings; one more, without a name, stands for all the others."""
        synced = [row for row in self.rows if row.is_in_sync]
        rest = (total(synced, self.site),) if synced else ()
        return replace(self, rows=(*(row for row in self.rows if not row.is_in_sync), *rest))


_RowKey: TypeAlias = tuple[str | None, str, str]


def drift_table(drift: Drift, placed: Iterable[Placed]) -> list[SiteRows]:
    """Return the rows by environment and region, in the order of the run. Takes linear time."""
    counted = _counted(placed)
    rows: dict[tuple[str | None, str], list[ApiRow]] = {}
    for row in _bare_rows(drift):
        rows.setdefault((row.site.environment, row.site.region), []).append(_filled(row, counted))
    return [SiteRows(having[0].site, tuple(having)) for having in rows.values()]


def shortened(sites: Sequence[SiteRows], most: int = MOST_ROWS) -> list[SiteRows]:
    """Return a table without the APIs in sync if it has more than `most` rows."""
    if sum(len(site.rows) for site in sites) <= most:
        return list(sites)
    return [site.without_synced() for site in sites]


def total(rows: Iterable[ApiRow], site: Site) -> ApiRow:
    """Return the sum of rows, without a name."""
    every = list(rows)

    def summed(count: Callable[[ApiRow], int]) -> int:
        return sum(map(count, every))

    return ApiRow(
        site,
        (),
        in_sync=summed(lambda row: row.in_sync),
        unmanaged=summed(lambda row: row.unmanaged),
        changed=summed(lambda row: row.changed),
        missing=summed(lambda row: row.missing),
        unexpected=summed(lambda row: row.unexpected),
        deployed=summed(lambda row: row.deployed),
        errors=summed(lambda row: row.errors),
        oldest=min(filter(None, (row.oldest for row in every)), default=""),
        new=summed(lambda row: row.new),
        apis=summed(lambda row: row.apis),
    )


def _bare_rows(drift: Drift) -> Iterator[ApiRow]:
    for target in drift.targets:
        names = tuple(manifest.name for manifest in target.manifests)
        counts = summarise_drift((target,), 0)
        yield ApiRow(site_of(target.target), names, in_sync=counts.in_sync, unmanaged=counts.unmanaged)
    for unread in drift.unread:
        site = Site(unread.environment, unread.region, unread.account_id)
        yield ApiRow(site, unread.manifests, failure=unread.failure.message)


@dataclass(slots=True)
class _Count:
    """What was found of one manifest at one site."""

    numbers: Counter[str]
    oldest: str = ""


def _counted(placed: Iterable[Placed]) -> Mapping[_RowKey, _Count]:
    counts: dict[_RowKey, _Count] = {}
    for content, place in placed:
        count = counts.setdefault((place.site.environment, place.site.region, place.manifest), _Count(Counter()))
        count.numbers[_count_name(content, place)] += 1
        count.numbers["deployed"] += len(place.also_on)
        if place.age:
            count.numbers["new"] += place.age.state == "new"
            count.oldest = min(filter(None, (count.oldest, place.age.first_seen)), default="")
    return counts


def _count_name(content: DriftContent, place: DriftPlace) -> str:
    if content.type is Type.ERROR:
        return "errors"
    return "deployed" if place.stage else content.type.value


def _filled(row: ApiRow, counted: Mapping[_RowKey, _Count]) -> ApiRow:
    counts = [counted.get((row.site.environment, row.site.region, name)) for name in row.manifests]
    having = [count for count in counts if count]
    numbers: Counter[str] = sum((count.numbers for count in having), Counter())
    return replace(
        row,
        changed=numbers["changed"],
        missing=numbers["missing"],
        unexpected=numbers["unexpected"],
        deployed=numbers["deployed"],
        errors=numbers["errors"],
        new=numbers["new"],
        oldest=min(filter(None, (count.oldest for count in having)), default=""),
    )
