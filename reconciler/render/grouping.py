"""Show the same content once, with every place that has it.

Pure, in linear time. It knows nothing of findings: whatever is hashable can be grouped, such as the changes of a plan.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

_Content = TypeVar("_Content", bound=Hashable)
_Place = TypeVar("_Place")

FEWEST: Final = 3
"""As many places make a group. Two of them are shorter where they belong than under a heading and as a list."""


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


def shared(pairs: Iterable[tuple[_Content, _Place]]) -> list[Repeated[_Content, _Place]]:
    """Return the groups of `repeated` that are worth showing as one."""
    return [group for group in repeated(pairs) if len(group.places) >= FEWEST]
