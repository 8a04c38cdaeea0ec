"""A manifest, the sets that it uses and the overlay of an environment -> desired state.

Promise: `resolve` gives what the manifest wants there, in normal form, and what is wrong with that; it raises nothing.
Pure: the texts of template files are read already.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import Final, assert_never

from reconciler.diagnostics import Diagnostic, error, in_order
from reconciler.globs import PREPARING
from reconciler.manifest.schema.documents import ManifestDocument, SetDocument
from reconciler.manifest.schema.rest import RestApiManifest
from reconciler.models.desired import ABSENT, Desired, ManifestRef, Ownership, Wanted
from reconciler.models.fields import fits
from reconciler.models.keys import ResponseKey, Scope
from reconciler.models.targets import ApiRef, Kind
from reconciler.normal import rest_response, websocket_response
from reconciler.resolve.layers import Fields, Merged, by_key, merged
from reconciler.resolve.layers_by_method import ScopeLayers, layers_by_method
from reconciler.resolve.origins import Origins
from reconciler.resolve.sets import Sets
from reconciler.rules import InputRule
from reconciler.step_budget import BudgetExceeded, StepBudget

MOST_RESPONSES: Final = 100_000
"""Responses of a manifest. Response sets multiply: 3,000 methods that use a set of 30 responses want 90,000."""

MOST_OWN: Final = 2_000_000
"""Fields that are held against patterns of `own`, each time that one is."""

NO_SETS: Final[Mapping[str, SetDocument]] = MappingProxyType({})


def resolve(
    document: ManifestDocument,
    sets: Mapping[str, SetDocument] = NO_SETS,
    environment: str | None = None,
    lost: Collection[str] = (),
) -> tuple[Desired, tuple[Diagnostic, ...]]:
    """What a manifest wants in an environment, and what is wrong with it, in the order of the files.

    `sets` are those of the manifest's configuration, by name; `environment` None means that there are none. Sets that
    are `lost` could not be read, which is said elsewhere.
    """
    kind = Kind(document.manifest.kind)
    known = Sets(sets, kind, lost)
    listed, problems = layers_by_method(document, known, environment)
    owns = {scope: _ownership(document, stack) for scope, stack in listed.items()}
    responses = ((scope, code, one) for scope, stack in listed.items() for code, one in _laid(stack, owns[scope]))
    made = {ResponseKey(scope, code): one for scope, code, one in islice(responses, MOST_RESPONSES)}
    if next(responses, None):
        problems.append(_too_many(document))
    desired = _desired(document, listed, owns, made)
    problems += [*known.problems, *_not_owned(desired, made)]
    return desired, in_order(problems)


def _too_many(document: ManifestDocument) -> Diagnostic:
    message = f"with its response sets, the manifest wants more than {MOST_RESPONSES:,} responses"
    at = document.places.of_key(("spec", "resources"))
    return error(InputRule.TOO_LARGE, message, "split the manifest, or use smaller sets", at)


def _laid(stack: ScopeLayers, owner: Ownership) -> Iterator[tuple[str, Merged]]:
    for code, layers in by_key(stack.layers).items():
        one = merged(layers, code)
        # Where others own a part of each response, `absent` unsays what came before and deletes nothing
        if owner.own is None or not one.took_away:
            yield code, one


def _desired(
    document: ManifestDocument,
    listed: Mapping[Scope, ScopeLayers],
    owns: Mapping[Scope, Ownership],
    made: Mapping[ResponseKey, Merged],
) -> Desired:
    kind = Kind(document.manifest.kind)
    responses = {key: _wanted(one, kind) for key, one in made.items()}
    return Desired(
        manifests=(_reference(document),),
        owns=owns,
        responses=responses,
        protected=frozenset(key for key, one in made.items() if one.protect),
        allowed={key: one.allow for key, one in made.items() if one.allow},
        origins=Origins({scope: stack.layers for scope, stack in listed.items()}, responses, kind),
        owned={key: own for key, one in made.items() if (own := _nearest(one.own, owns[key.scope].own or ()))},
        from_sets=frozenset(key for key, one in made.items() if one.only_sets),
    )


def _reference(document: ManifestDocument) -> ManifestRef:
    manifest = document.manifest
    api = manifest.spec.api
    return ManifestRef(
        name=manifest.metadata.name,
        api=ApiRef(id=api.id or None, name=api.name or None),
        kind=Kind(manifest.kind),
        stages=tuple(manifest.spec.deploy.stages),
        location=document.places.of_key(("spec", "api")),  # where the API that cannot be found is named
    )


def _ownership(document: ManifestDocument, stack: ScopeLayers) -> Ownership:
    manifest = document.manifest
    own = _nearest(*(entry.listed.own for entry in reversed(stack.entries)), manifest.spec.own)
    return Ownership(
        manifest=manifest.metadata.name,
        prune=manifest.spec.prune and own is None,
        method_responses=manifest.spec.method_responses if isinstance(manifest, RestApiManifest) else "check",
        own=own,
        location=document.places.of_key(stack.entries[0].at),
    )


def _nearest(*owns: Sequence[str]) -> tuple[str, ...] | None:
    """The first of them that says something; None if that is everything, or if none does."""
    said = next((own for own in owns if own), ())
    return None if not said or "*" in said else tuple(said)


def _wanted(one: Merged, kind: Kind) -> Wanted:
    if one.fields is None:
        return ABSENT
    match kind:
        case Kind.REST_API:
            return rest_response(one.fields)
        case Kind.WEBSOCKET_API:
            return websocket_response(one.fields)
        case _:
            assert_never(kind)


def _not_owned(desired: Desired, made: Mapping[ResponseKey, Merged]) -> Iterator[Diagnostic]:
    """Values that are listed although `own` leaves their fields to others: they would never come about."""
    work = StepBudget(MOST_OWN)
    for key, own in desired.owned.items():
        fields = made[key].fields
        if fields is None:
            message = f"{key} is declared absent, and `own` leaves fields of it to others"
            remedy = "leave it out, or own all fields here: `own: ['*']`"
            yield error(InputRule.NOT_OWNED, message, remedy, desired.origin(key), desired.address(key))
            continue
        paths = list(_paths(fields))
        try:
            work.spend(len(own) * (len(paths) + PREPARING))
        except BudgetExceeded:
            message = "`own` takes too long to work out: too many patterns, for too many fields"
            yield error(InputRule.TOO_LARGE, message, "use fewer patterns", desired.origin(key), desired.address(key))
            return
        for path in paths:
            if not fits(own, path):
                message = f"`{path}` of {key} is set, and `own` leaves it to others"
                remedy = "take it out, or add it to `own`"
                yield error(InputRule.NOT_OWNED, message, remedy, desired.origin(key, path), desired.address(key))


def _paths(fields: Fields) -> Iterator[str]:
    for name, value in fields.items():
        yield from [name] if isinstance(value, str) else (f"{name}.{entry}" for entry in value)
