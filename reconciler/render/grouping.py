"""Show the same content once, with every place that has it.

Pure, in linear time. It knows nothing of findings: whatever is hashable can be grouped, such as the changes of a plan.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

_Content = TypeVar("_Content", bound=Hashable)
_Place = TypeVar("_Place")
_Owner = TypeVar("_Owner", bound=Hashable)
_Item = TypeVar("_Item", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Repeated(Generic[_Content, _Place]):
    """Content, and the places that have it, at least one."""

    content: _Content
    places: tuple[_Place, ...]


def repeated(pairs: Iterable[tuple[_Content, _Place]]) -> list[Repeated[_Content, _Place]]:
    """Group places by equal content: what has the most places first, else in the given order."""
    places: dict[_Content, list[_Place]] = {}
    for content, place in pairs:
        places.setdefault(content, []).append(place)
    groups = [Repeated(content, tuple(having)) for content, having in places.items()]
    return sorted(groups, key=lambda group: -len(group.places))


def sharing(pairs: Iterable[tuple[_Owner, _Item]]) -> list[tuple[tuple[_Owner, ...], tuple[_Item, ...]]]:
    """Return owners that have equal items together: `dev` and `prod` with the same methods are listed once."""
    items: dict[_Owner, list[_Item]] = {}
    for owner, item in pairs:
        items.setdefault(owner, []).append(item)
    owners: dict[tuple[_Item, ...], list[_Owner]] = {}
    for owner, having in items.items():
        owners.setdefault(tuple(having), []).append(owner)
    return [(tuple(together), having) for having, together in owners.items()]
