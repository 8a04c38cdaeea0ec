"""The table of a status: a column for the draft and each stage, a line for the responses of a method that are alike.

The signs come first, as in `git status --short`, so that a narrow terminal breaks no column.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from reconciler.deployments.sync_status import ApiStatus, StageStatus, SyncStatus
from reconciler.models.keys import ResponseKey, Scope
from reconciler.render.style import Style, Tone, plural, printable

SIGNS: Final[Mapping[SyncStatus, tuple[str, Tone]]] = {
    SyncStatus.IN_SYNC: ("=", "faint"),
    SyncStatus.CHANGED: ("~", "update"),
    SyncStatus.MISSING: ("-", "delete"),
    SyncStatus.UNEXPECTED: ("+", "create"),
    SyncStatus.AS_LIVE: ('"', "update"),
    SyncStatus.LAGS: ("<", "update"),
    SyncStatus.UNKNOWN: ("?", "warning"),
}
WORDS: Final[Mapping[SyncStatus, str]] = {
    SyncStatus.IN_SYNC: "in sync",
    SyncStatus.CHANGED: "changed",
    SyncStatus.MISSING: "missing",
    SyncStatus.UNEXPECTED: "unexpected",
    SyncStatus.AS_LIVE: "as the draft",
    SyncStatus.LAGS: "older than the draft",
    SyncStatus.UNKNOWN: "unknown",
}
DRAFT: Final = "draft"

_MOST_METHODS: Final = 3
"""More methods than these, alike in everything, are one line."""

_NAMED: Final = 4
"""How many of them are named."""

_Statuses: TypeAlias = tuple[SyncStatus, ...]


@dataclass(frozen=True, slots=True)
class TableRow:
    """A response: how the draft and each shown stage compare with the manifest."""

    key: ResponseKey
    statuses: _Statuses

    @property
    def is_in_sync(self) -> bool:
        """Whether all of them are in sync."""
        return set(self.statuses) == {SyncStatus.IN_SYNC}


def shown_stages(api: ApiStatus, *, full: bool = False) -> tuple[StageStatus, ...]:
    """Return the stages that have a column: those of which single responses are known.

    If any stage counts, the others have a column only in a full text.
    """
    is_shown = full or not api.counted_stages
    return tuple(stage for stage in api.stages if stage.served and not stage.served.lag and (stage.counts or is_shown))


def table_rows(api: ApiStatus, *, full: bool = False) -> tuple[TableRow, ...]:
    """Return a row for every response of the draft or of a shown stage.

    What has no row in one of them is neither wanted nor there, and so in sync.
    """
    columns = [{row.key: row.live for row in api.rows}]
    columns += [
        {row.key: row.deployed or SyncStatus.UNKNOWN for row in stage.rows} for stage in shown_stages(api, full=full)
    ]
    keys = sorted({key for column in columns for key in column})
    return tuple(TableRow(key, tuple(column.get(key, SyncStatus.IN_SYNC) for column in columns)) for key in keys)


def legend(rows: Iterable[TableRow], style: Style) -> str:
    """Return what the signs of these rows mean."""
    used = {status for row in rows for status in row.statuses}
    return style.paint(
        ", ".join(f"{SIGNS[status][0]} {WORDS[status]}" for status in SyncStatus if status in used), "faint"
    )


def status_table(api: ApiStatus, rows: Sequence[TableRow], style: Style) -> Iterator[str]:
    """Yield the head and the rows, those alike in one line."""
    heads = [DRAFT, *(printable(stage.stage.name) for stage in shown_stages(api, full=style.full))]
    widths = [len(head) + 2 for head in heads]
    yield style.paint("".join(f"{head:<{width}}" for head, width in zip(heads, widths, strict=True)).rstrip(), "faint")
    for statuses, lines in _alike(rows, style):
        signs = "".join(_sign(status, width, style) for status, width in zip(statuses, widths, strict=True))
        yield from (signs + line for line in lines[:1])
        yield from (" " * sum(widths) + line for line in lines[1:])


def _sign(status: SyncStatus, width: int, style: Style) -> str:
    sign, tone = SIGNS[status]
    return style.paint(sign, tone) + " " * (width - 1)


def _alike(rows: Sequence[TableRow], style: Style) -> Iterator[tuple[_Statuses, tuple[str, ...]]]:
    """Yield the lines of the responses, with how they compare: alike ones of a method, or of many methods, together."""
    codes: dict[tuple[Scope, _Statuses], list[str]] = {}
    for row in rows:
        codes.setdefault((row.key.scope, row.statuses), []).append(printable(row.key.code))
    methods: dict[tuple[_Statuses, str], list[str]] = {}
    for (scope, statuses), numbers in codes.items():
        methods.setdefault((statuses, ", ".join(numbers)), []).append(printable(str(scope)))
    merged = {key for key, names in methods.items() if len(names) > _MOST_METHODS and not style.full}
    for (scope, statuses), numbers in codes.items():
        key = (statuses, ", ".join(numbers))
        if key not in merged:
            yield statuses, (f"{printable(str(scope))} {key[1]}",)
        elif names := methods.pop(key, None):
            yield statuses, tuple(_of_methods(key[1], names, style))


def _of_methods(codes: str, names: Sequence[str], style: Style) -> Iterator[str]:
    yield f"{codes} of {plural(len(names), 'method')}:"
    rest = len(names) - _NAMED
    yield from (f"  {name}" for name in names[: _NAMED if rest > 1 else None])
    if rest > 1:
        yield style.paint(f"  and {rest:,} more (-v shows all)", "faint")
