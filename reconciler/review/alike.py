"""Group equal changes of several environments or methods, so that each is shown once.

Pure; nothing is lost: every change keeps its environments and methods. The order is that of manifests, then of paths,
verbs and statuses.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeAlias, TypeVar

from reconciler.diagnostics import Location
from reconciler.diff import FieldChange
from reconciler.models.keys import ResponseKey, Scope
from reconciler.models.responses import RestResponse
from reconciler.review.shapes import PlacedReview, ResponseReview, ReviewEffect

Environments: TypeAlias = tuple[str | None, ...]
"""Environments; None stands for a project without environments."""

Owner: TypeAlias = tuple[str, str]
"""The file of a configuration, and a manifest of it."""

_Content = TypeVar("_Content", bound=Hashable)
_Subject = TypeVar("_Subject", bound=Hashable)


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One response, with its effect in each environment that has one."""

    owner: Owner
    address: str
    key: ResponseKey
    effects: Mapping[str | None, ReviewEffect]


@dataclass(frozen=True, slots=True)
class SharedChanges:
    """Field changes and their environments; `environments` is empty if they apply wherever the block does."""

    environments: Environments
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class ChangeBlock:
    """The change of a response. For one that is created or deleted, being the default is a field of its own."""

    code: str
    effect: ReviewEffect
    note: str
    parts: tuple[SharedChanges, ...]


@dataclass(frozen=True, slots=True)
class PlacedBlock:
    """A block, the methods and environments that share it, and its source, if it has only one."""

    block: ChangeBlock
    scopes: tuple[Scope, ...]
    environments: Environments
    source: Location | None
    set: str


@dataclass(frozen=True, slots=True)
class Alike(Generic[_Content, _Subject]):
    """Equal content of several subjects in several environments."""

    content: _Content
    subjects: tuple[_Subject, ...]
    environments: Environments


def alike(changes: Iterable[tuple[_Content, _Subject, str | None]]) -> list[Alike[_Content, _Subject]]:
    """Group content by equal environments: once for all subjects that have it in the same ones."""
    places: dict[tuple[_Content, _Subject], dict[str | None, None]] = {}
    for content, subject, environment in changes:
        places.setdefault((content, subject), {})[environment] = None
    groups: dict[tuple[_Content, Environments], list[_Subject]] = {}
    for (content, subject), environments in places.items():
        groups.setdefault((content, tuple(environments)), []).append(subject)
    return [Alike(content, tuple(subjects), environments) for (content, environments), subjects in groups.items()]


def rows(apis: Iterable[PlacedReview]) -> list[ReviewRow]:
    """Return every response that changes in any environment."""
    by_key: dict[tuple[Owner, ResponseKey], dict[str | None, ResponseReview]] = {}
    for api in apis:
        for response in api.review.responses:
            at = by_key.setdefault(((api.place.file, response.manifest), response.key), {})
            at.setdefault(api.place.environment, response)
    owners = {owner: number for number, owner in enumerate(dict.fromkeys(owner for owner, _ in by_key))}
    in_order = sorted(by_key, key=lambda at: (owners[at[0]], at[1]))
    return [
        ReviewRow(
            owner,
            next(iter(by_key[owner, key].values())).address,
            key,
            {environment: response.effect for environment, response in by_key[owner, key].items()},
        )
        for owner, key in in_order
    ]


def blocks(apis: Iterable[PlacedReview], *, each: bool = False) -> dict[Owner, list[PlacedBlock]]:
    """Return the changes to the responses of each manifest's methods; if `each`, one for every method."""
    by_owner: dict[Owner, dict[ResponseKey, dict[str | None, ResponseReview]]] = {}
    for api in apis:
        for response in api.review.responses:
            of_owner = by_owner.setdefault((api.place.file, response.manifest), {})
            of_owner.setdefault(response.key, {}).setdefault(api.place.environment, response)
    return {owner: _blocks(by_key, each=each) for owner, by_key in by_owner.items()}


def of_sets(changes: Mapping[Owner, Iterable[PlacedBlock]]) -> dict[PlacedBlock, dict[Owner, PlacedBlock]]:
    """Return the changes that a set makes to several manifests, without methods, with those of each manifest."""
    shared: dict[PlacedBlock, dict[Owner, PlacedBlock]] = {}
    for owner, blocks_ in changes.items():
        for change in blocks_:
            if change.set:
                shared.setdefault(replace(change, scopes=()), {})[owner] = change
    return {change: owners for change, owners in shared.items() if len(owners) > 1}


def _blocks(by_key: Mapping[ResponseKey, Mapping[str | None, ResponseReview]], *, each: bool) -> list[PlacedBlock]:
    changes = [
        (block, key.scope, environment)
        for key in sorted(by_key)
        for block, environments in _of_response(by_key[key])
        for environment in environments
    ]
    groups = alike(changes)
    if each:
        groups = [replace(group, subjects=(scope,)) for group in groups for scope in group.subjects]
    return [_placed_block(group, by_key) for group in groups]


def _placed_block(
    group: Alike[ChangeBlock, Scope], by_key: Mapping[ResponseKey, Mapping[str | None, ResponseReview]]
) -> PlacedBlock:
    reviews = (
        by_key[ResponseKey(scope, group.content.code)][environment]
        for scope in group.subjects
        for environment in group.environments
    )
    sources = {(review.source, review.set) for review in reviews}
    source, from_set = next(iter(sources)) if len(sources) == 1 else (None, "")
    return PlacedBlock(group.content, group.subjects, group.environments, source, from_set)


def _of_response(reviews: Mapping[str | None, ResponseReview]) -> Iterator[tuple[ChangeBlock, Environments]]:
    """Yield the changes of one response, once for all environments that share them."""
    groups: dict[tuple[ReviewEffect, str], dict[str | None, ResponseReview]] = {}
    for environment, review in reviews.items():
        groups.setdefault((review.effect, review.note), {})[environment] = review
    for (effect, note), members in groups.items():
        code = next(iter(members.values())).key.code
        yield ChangeBlock(code, effect, note, tuple(_parts(members))), tuple(members)


def _parts(members: Mapping[str | None, ResponseReview]) -> Iterator[SharedChanges]:
    """Yield field changes, those that all environments share first."""
    places: dict[FieldChange, list[str | None]] = {}
    for environment, review in members.items():
        for change in _fields(review):
            places.setdefault(change, []).append(environment)
    by_places: dict[Environments, list[FieldChange]] = {}
    for change, having in places.items():
        by_places.setdefault(tuple(having), []).append(change)
    common = by_places.pop(tuple(members), [])
    if common:
        yield SharedChanges((), tuple(common))
    for shared, fields in by_places.items():
        yield SharedChanges(shared, tuple(fields))


def _fields(review: ResponseReview) -> tuple[FieldChange, ...]:
    before, after = review.change.before, review.change.after
    if before and after:
        return review.change.fields
    lone = before or after
    if isinstance(lone, RestResponse) and not lone.selection_pattern:
        return (FieldChange("selectionPattern", None if after else "", "" if after else None), *review.change.fields)
    return review.change.fields
