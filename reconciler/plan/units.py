"""Which writes of a method depend on each other, so that their order matters and they are reviewed together.

The writes of one response do: its declaration, a park, a deletion that is only a step. So do the writes of responses
that pass a selection pattern on, because AWS refuses a pattern that another response still holds (`plan.order`).
Everything else could run in any order.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from reconciler.models.responses import Response, RestResponse
from reconciler.plan.actions import Action, response_after, response_before

Unit: TypeAlias = tuple[Action, ...]
"""Writes that depend on each other, in the order in which they run."""

_Touched: TypeAlias = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Joined:
    """Positions of writes that depend on each other, and the responses and patterns that they touch."""

    touched: _Touched
    positions: tuple[int, ...]


def dependent_writes(actions: Iterable[Action]) -> list[Unit]:
    """Split the actions of one method into units, in the order of their first writes; no action is lost."""
    writes = tuple(actions)
    if len(writes) == 1:
        return [writes]
    units: list[_Joined] = []
    for position, action in enumerate(writes):
        touched = _touched(action)
        joined = [unit for unit in units if unit.touched & touched]
        units = [unit for unit in units if not unit.touched & touched]
        units.append(
            _Joined(
                touched.union(*(unit.touched for unit in joined)),
                tuple(sorted((position, *(other for unit in joined for other in unit.positions)))),
            )
        )
    return [tuple(writes[at] for at in unit.positions) for unit in sorted(units, key=lambda unit: unit.positions)]


def _touched(action: Action) -> _Touched:
    """The response, and the patterns that it gives up or takes."""
    before, after = _pattern(response_before(action)), _pattern(response_after(action))
    moved = () if before == after else (before, after)
    return frozenset({("response", action.key.code), *(("pattern", each) for each in moved if each is not None)})


def _pattern(response: Response | None) -> str | None:
    return response.selection_pattern if isinstance(response, RestResponse) else None
