"""Find out which APIs of several environments are one API.

They are of one kind, and have one name once the name of the environment is taken out of it. If an environment has two
such APIs, those whose names are built alike belong together, with a note about the others. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reconciler.engine.export.apis import FoundApi
from reconciler.engine.export.labels import Label, NameShape, named_environments, shape
from reconciler.models.targets import Kind
from reconciler.ports import Connection


@dataclass(frozen=True, slots=True)
class ExportSite:
    """An account and region of an environment, and the APIs that are listed there.

    `others`: environments that are not exported and that reach the same place.
    """

    environment: str
    connection: Connection
    apis: tuple[FoundApi, ...]
    others: tuple[str, ...] = ()

    @property
    def place(self) -> tuple[str, str]:
        """The account and the region."""
        return self.connection.account_id, self.connection.region


@dataclass(frozen=True, slots=True)
class LocatedApi:
    """An API of an environment in one of its regions."""

    site: ExportSite
    api: FoundApi


@dataclass(frozen=True, slots=True)
class ApiGroup:
    """An API in its environments: `members` are one for each region of each environment. `base`: its common name."""

    kind: Kind
    base: str
    members: Mapping[str, tuple[LocatedApi, ...]]
    shapes: Mapping[str, NameShape]

    def words(self) -> Iterator[str]:
        """Yield the texts that select it: its common name, and the names and ids of its APIs."""
        yield self.base
        for located in self.members.values():
            for each in located:
                yield from (each.api.summary.name, each.api.summary.id)


@dataclass(slots=True)
class Grouping:
    """The groups in the order of their names, and notes about what is not as one would expect."""

    groups: list[ApiGroup] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def group(sites: Sequence[ExportSite], known: Sequence[Label]) -> Grouping:
    """Group the APIs of all sites."""
    grouping = Grouping()
    by_base: dict[tuple[Kind, str], dict[str, list[LocatedApi]]] = {}
    shapes: dict[int, NameShape] = {}
    for located in _owned(sites, known, grouping.notes):
        name = located.api.summary.name
        shapes[id(located)] = shape(name, located.site.environment, known)
        key = located.api.kind, shapes[id(located)].base
        by_base.setdefault(key, {}).setdefault(located.site.environment, []).append(located)
    for (kind, base), members in sorted(by_base.items(), key=lambda item: (item[0][1], item[0][0])):
        grouping.groups += _groups(kind, base, members, shapes, grouping.notes)
    return grouping


def _owned(sites: Sequence[ExportSite], known: Sequence[Label], notes: list[str]) -> list[LocatedApi]:
    """Return each API for the environment that it belongs to, if several reach its account and region."""
    owned: list[LocatedApi] = []
    for site in sites:
        rivals = list(dict.fromkeys(other.environment for other in sites if other.place == site.place))
        for api in site.apis:
            owner = _owner(api, [*rivals, *site.others], known)
            if owner == site.environment:
                owned.append(LocatedApi(site, api))
                if len(rivals) > 1 and api.has_responses and not _named(api, rivals, known):
                    notes.append(_shared(api, rivals))
            elif owner in site.others and api.has_responses:
                words = f"{api.kind.words} {api.summary.name} ({api.summary.id})"
                notes.append(f"{words} is skipped: its name has {owner}, which is not exported")
    return owned


def _named(api: FoundApi, rivals: Sequence[str], known: Sequence[Label]) -> list[str]:
    return [name for name in named_environments(api.summary.name, known) if name in rivals]


def _owner(api: FoundApi, rivals: Sequence[str], known: Sequence[Label]) -> str:
    named = _named(api, rivals, known)
    return named[0] if named else rivals[0]


def _shared(api: FoundApi, rivals: Sequence[str]) -> str:
    return (
        f"{api.kind.words} {api.summary.name} ({api.summary.id}) is for {rivals[0]} only: {' and '.join(rivals)} reach "
        "the same account and region, and the API's name has none of them"
    )


def _groups(
    kind: Kind,
    base: str,
    members: Mapping[str, Sequence[LocatedApi]],
    shapes: Mapping[int, NameShape],
    notes: list[str],
) -> Iterator[ApiGroup]:
    """Yield the group of a base name: several if an environment has more than one API with it."""
    located = [each for of_environment in members.values() for each in of_environment]
    if _is_clear(located):
        yield _group(kind, base, located, shapes)
        return
    names = sorted({each.api.summary.name for each in located})
    notes.append(
        f"{', '.join(names)} are separate manifests: more than one of them is {base!r} without its environment"
    )
    by_pieces: dict[tuple[str, ...], list[LocatedApi]] = {}
    for each in located:
        by_pieces.setdefault(shapes[id(each)].pieces, []).append(each)
    for pieces, alike in sorted(by_pieces.items()):
        if _is_clear(alike):
            yield _group(kind, base if len(pieces) > 1 else pieces[0], alike, shapes)
        else:
            yield from (_group(kind, each.api.summary.name, [each], shapes) for each in alike)


def _is_clear(located: Iterable[LocatedApi]) -> bool:
    """Whether no environment has more than one of these APIs in a region."""
    places = [(each.site.environment, each.site.place) for each in located]
    return len(places) == len(set(places))


def _group(kind: Kind, base: str, located: Sequence[LocatedApi], shapes: Mapping[int, NameShape]) -> ApiGroup:
    members: dict[str, tuple[LocatedApi, ...]] = {}
    for each in located:
        members[each.site.environment] = (*members.get(each.site.environment, ()), each)
    first = {name: shapes[id(of_environment[0])] for name, of_environment in members.items()}
    return ApiGroup(kind, base, members, first)
