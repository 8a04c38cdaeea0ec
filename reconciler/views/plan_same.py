"""The same change in many places of a plan, as one section, so that a reviewer sees it once."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from reconciler.models.targets import Kind
from reconciler.plan.actions import Action
from reconciler.render.sections import Group, ReportEntry, Section
from reconciler.render.style import Style
from reconciler.views.plan_entry import action_line, action_values, counted_as, provenance, why
from reconciler.views.plan_groups import PlacedUnit, SameChange
from reconciler.views.same import SamePlace, place_entries, same_title, some, value_entries


@dataclass(frozen=True, slots=True)
class WriteWords:
    """How a report puts a write of a unit.

    `line` is its line for these codes, with its source, which is "" or printable; `counts_as` is as in `ReportEntry`.
    """

    line: Callable[[PlacedUnit, Action, str, str], str]
    counts_as: Callable[[Action], str]


def planned_words(style: Style) -> WriteWords:
    """Return how a plan puts its writes."""

    def line(unit: PlacedUnit, action: Action, codes: str, source: str) -> str:
        return action_line(action, codes, why(unit.target, action, unit.note(action)), source, style)

    return WriteWords(line, counted_as)


def same_section(change: SameChange, words: WriteWords, style: Style, intro: str = "") -> Section:
    """Return the section of a change: what happens once, then the responses or methods."""
    units = change.places
    sources, places = _sourced(units)
    write = _lone if len(units[0].actions) == 1 else _ordered
    return Section(_title(units, places, style), (write(units, places, sources, words, style),), intro)


def _title(units: Sequence[PlacedUnit], places: Sequence[SamePlace], style: Style) -> str:
    actions = units[0].actions
    number, has_steps = len(actions), any(action.step for action in actions)
    what = "change" if number == 1 else f"{number} {'writes' if has_steps else 'changes'}"
    is_of_one_status = len({unit.actions[0].key.code for unit in units}) == 1
    method = "integration" if units[0].target.target.kind is Kind.WEBSOCKET_API else "method"
    return same_title(what, method if is_of_one_status else "response", places, style)


def _sourced(units: Sequence[PlacedUnit]) -> tuple[list[str], list[SamePlace]]:
    """Return what the sources of each write have in common in all places; the places name the rest."""
    rows = [[provenance(unit.target.desired, action) for action in unit.actions] for unit in units]
    common = [set(column[0]).intersection(*column) for column in zip(*rows, strict=True)]
    shown = ["; ".join(part for part in parts if part in of_all) for parts, of_all in zip(rows[0], common, strict=True)]
    return shown, [replace(unit.place, note=_own(row, common)) for unit, row in zip(units, rows, strict=True)]


def _own(row: Sequence[tuple[str, ...]], common: Sequence[Collection[str]]) -> str:
    own = (part for parts, of_all in zip(row, common, strict=True) for part in parts if part not in of_all)
    return "; ".join(dict.fromkeys(own))


def _lone(
    units: Sequence[PlacedUnit], places: Sequence[SamePlace], sources: Sequence[str], words: WriteWords, style: Style
) -> Group:
    """One write, which heads its values; the places count."""
    unit, action = units[0], units[0].actions[0]
    codes = some(sorted({each.actions[0].key.code for each in units}))
    counts_as = words.counts_as(action)
    values = value_entries(action_values(unit.target.desired, action, style), counts_as)
    line = words.line(unit, action, codes, sources[0])
    return Group(line, (*values, *place_entries(places, counts_as, style)))


def _ordered(
    units: Sequence[PlacedUnit], places: Sequence[SamePlace], sources: Sequence[str], words: WriteWords, style: Style
) -> Group:
    """Several writes in their order, each of which counts for every place."""
    unit = units[0]
    writes = [
        ReportEntry(
            words.line(unit, action, action.key.code, source),
            tuple(action_values(unit.target.desired, action, style)),
            words.counts_as(action),
            len(units),
        )
        for action, source in zip(unit.actions, sources, strict=True)
    ]
    title = style.paint("on each, in this order", "strong")
    return Group(title, (*writes, *place_entries(places, writes[0].counts_as, style, is_counted=False)))
