"""The first table of a report: how many changes each API gets in each environment.

One environment has a column for each kind of change. A few have a column each, with the counts behind signs. Where
there are more, every API and environment is a row. Only what changes has a row; the rest is counted.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Self

from reconciler.models.desired import ManifestRef
from reconciler.models.targets import Target
from reconciler.render.sections import NOTHING, Cell, Table
from reconciler.render.style import Style, Tone, plural, printable
from reconciler.views.targets import manifest_names

MOST_ROWS: Final = 60
_MOST_COLUMNS: Final = 4
_FEWEST_CELLS: Final = 2
"""The summary says the same of a single API that changes in a single environment."""

_MARKED: Final = Style(marked=True)


@dataclass(frozen=True, slots=True)
class CountKind:
    """What is counted: a column's title, the sign that stands for it, its tone, and the sign's meaning."""

    title: str
    sign: str
    tone: Tone
    meaning: str


@dataclass(frozen=True, slots=True)
class ApiCounts:
    """The counts of an API in an environment and region, by the title of their kind."""

    api: str
    environment: str | None
    region: str
    counts: Mapping[str, int]
    is_protected: bool = False

    @classmethod
    def of(cls, target: Target, manifests: Iterable[ManifestRef], counts: Mapping[str, int]) -> Self:
        """Return the counts of a target."""
        return cls(manifest_names(manifests), target.environment, target.region, counts, target.is_protected)


@dataclass(frozen=True, slots=True)
class _Matrix:
    """The counts by API and environment, in the order in which they were given."""

    kinds: Sequence[CountKind]
    without: str
    cells: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)

    def add(self, entry: ApiCounts, column: str) -> None:
        """Add counts to a cell."""
        self.cells.setdefault((entry.api, column), Counter()).update(entry.counts)

    @property
    def apis(self) -> Sequence[str]:
        """The APIs with counts."""
        return tuple(dict.fromkeys(api for (api, _), counts in self.cells.items() if counts.total()))

    @property
    def environments(self) -> Sequence[str]:
        """All environments, also those without counts."""
        return tuple(dict.fromkeys(environment for _, environment in self.cells))

    @property
    def unchanged(self) -> str:
        """How many APIs have no counts; "" for none."""
        number = len({api for api, _ in self.cells}) - len(self.apis)
        return f"{plural(number, 'API')} {self.without}" if number else ""

    def sum(self, apis: Iterable[str], environments: Iterable[str]) -> Counter[str]:
        """Return the counts of these APIs in these environments together."""
        having = [self.cells[api, name] for api in apis for name in environments if (api, name) in self.cells]
        return sum(having, Counter())


def overview_table(
    kinds: Sequence[CountKind], entries: Iterable[ApiCounts], unchanged: str = "without changes"
) -> Table | None:
    """Return the table; None where the summary says the same. `unchanged` follows the number of APIs without counts."""
    every = list(entries)
    names = _names(every)
    matrix = _Matrix(kinds, unchanged)
    for entry in every:
        matrix.add(entry, names[entry.environment, entry.region])
    if sum(counts.total() > 0 for counts in matrix.cells.values()) < _FEWEST_CELLS:
        return None
    protected = frozenset(names[entry.environment, entry.region] for entry in every if entry.is_protected)
    if len(matrix.environments) == 1:
        return _by_kind(matrix)
    if len(matrix.environments) <= _MOST_COLUMNS:
        return _by_environment(matrix, protected)
    return _by_api_and_environment(matrix)


def _names(entries: Iterable[ApiCounts]) -> Mapping[tuple[str | None, str], str]:
    """Name each environment and region; the region only where the environment has several."""
    regions: dict[str | None, dict[str, None]] = {}
    for entry in entries:
        regions.setdefault(entry.environment, {})[entry.region] = None
    return {
        (environment, region): printable(
            ", ".join(filter(None, (environment, "" if environment and len(having) == 1 else region)))
        )
        for environment, having in regions.items()
        for region in having
    }


def _by_environment(matrix: _Matrix, protected: frozenset[str]) -> Table:
    rows = [
        ((printable(api), None), *(_signed(matrix.sum((api,), (name,)), matrix.kinds) for name in matrix.environments))
        for api in matrix.apis[:MOST_ROWS]
    ]
    totals = [_signed(matrix.sum(matrix.apis, (name,)), matrix.kinds) for name in matrix.environments]
    used = matrix.sum(matrix.apis, matrix.environments)
    caption = ", ".join(f"{kind.sign} {kind.meaning}" for kind in matrix.kinds if used[kind.title])
    return Table(
        ("API", *(name or "changes" for name in matrix.environments)),
        (*rows, *_last(matrix, totals, len(rows))),
        leads=True,
        caption=caption,
        protected=protected,
    )


def _by_kind(matrix: _Matrix) -> Table:
    used = matrix.sum(matrix.apis, matrix.environments)
    kinds = [kind for kind in matrix.kinds if used[kind.title]]
    rows = [_numbers(api, matrix.sum((api,), matrix.environments), kinds) for api in matrix.apis[:MOST_ROWS]]
    totals = _numbers("", used, kinds)[1:]
    return Table(
        ("API", *(kind.title for kind in kinds)), (*rows, *_last(matrix, totals, len(rows))), leads=True, has_words=True
    )


def _by_api_and_environment(matrix: _Matrix) -> Table:
    used = matrix.sum(matrix.apis, matrix.environments)
    kinds = [kind for kind in matrix.kinds if used[kind.title]]
    having = [(place, counts) for place, counts in matrix.cells.items() if counts.total()]
    rows = [_numbers(f"{api} ({name})", counts, kinds) for (api, name), counts in having[:MOST_ROWS]]
    more = len(having) - len(rows)
    rest = [_rest(f"{plural(more, 'more row')}", len(kinds))] if more else []
    unchanged = [_rest(matrix.unchanged, len(kinds))] if matrix.unchanged else []
    return Table(("API", *(kind.title for kind in kinds)), (*rows, *rest, *unchanged), leads=True, has_words=True)


def _last(matrix: _Matrix, totals: Sequence[Cell], shown: int) -> Iterator[tuple[Cell, ...]]:
    """The rows at the end: how many are left out, and the totals."""
    more = len(matrix.apis) - shown
    if more:
        yield _rest(plural(more, "more API"), len(totals))
    if len(matrix.apis) > 1:
        yield ((f"{len(matrix.apis):,} APIs in total", "strong"), *totals)
    if matrix.unchanged:
        yield _rest(matrix.unchanged, len(totals))


def _rest(text: str, columns: int) -> tuple[Cell, ...]:
    return ((text, "faint"), *((NOTHING, None),) * columns)


def _numbers(name: str, counts: Mapping[str, int], kinds: Iterable[CountKind]) -> tuple[Cell, ...]:
    cells = ((f"{counts[kind.title]:,}", kind.tone) if counts[kind.title] else (NOTHING, None) for kind in kinds)
    return (printable(name), None), *cells


def _signed(counts: Mapping[str, int], kinds: Iterable[CountKind]) -> Cell:
    parts = [_MARKED.paint(f"{kind.sign}{counts[kind.title]:,}", kind.tone) for kind in kinds if counts[kind.title]]
    return " ".join(parts) or NOTHING, None
