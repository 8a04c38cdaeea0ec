"""Resolve a manifest, the sets that it uses and the overlay of an environment to desired state.

Pure. The desired state is in normal form. Problems are returned with it, never raised; the texts of template files have
been read before.
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
from reconciler.resolve.layers import Fields, MergedResponse, layers_by_key, merge_layers
from reconciler.resolve.layers_by_method import ScopeLayers, layers_by_method
from reconciler.resolve.origins import Origins
from reconciler.resolve.sets import ResponseSets
from reconciler.rules import InputRule
from reconciler.step_budget import BudgetExceeded, StepBudget

MOST_RESPONSES: Final = 100_000
"""Responses of a manifest. Response sets multiply: 3,000 methods that use a set of 30 responses have 90,000."""

MOST_OWN: Final = 2_000_000
"""Steps for matching fields with the patterns of `own`."""

NO_SETS: Final[Mapping[str, SetDocument]] = MappingProxyType({})


def resolve(
    document: ManifestDocument,
    sets: Mapping[str, SetDocument] = NO_SETS,
    environment: str | None = None,
    lost: Collection[str] = (),
) -> tuple[Desired, tuple[Diagnostic, ...]]:
    """Return the desired state of a manifest in an environment, and its problems in the order of the files.

    `sets` are those of the manifest's configuration, by name; `environment` None means that there are no environments.
    The sets that are `lost` could not be read, which is reported elsewhere.
    """
    kind = Kind(document.manifest.kind)
    known = ResponseSets(sets, kind, lost)
    listed, problems = layers_by_method(document, known, environment)
    owns = {scope: _ownership(document, layers) for scope, layers in listed.items()}
    responses = (
        (ResponseKey(scope, code), merged)
        for scope, layers in listed.items()
        for code, merged in _merged(layers, owns[scope])
    )
    by_key = dict(islice(responses, MOST_RESPONSES))
    if next(responses, None):
        problems.append(_too_many(document))
    desired = _desired(document, listed, owns, by_key)
    problems += [*known.problems, *_not_owned(desired, by_key)]
    return desired, in_order(problems)


def _too_many(document: ManifestDocument) -> Diagnostic:
    message = f"with its response sets, the manifest has more than {MOST_RESPONSES:,} responses"
    at = document.places.of_key(("spec", "resources"))
    return error(InputRule.TOO_LARGE, message, "split the manifest, or use smaller sets", at)


def _merged(scope_layers: ScopeLayers, owner: Ownership) -> Iterator[tuple[str, MergedResponse]]:
    for code, layers in layers_by_key(scope_layers.layers).items():
        merged = merge_layers(layers, code)
        # Where others own a part of each response, `absent` only cancels earlier layers and deletes nothing
        if owner.own is None or not merged.removes_earlier:
            yield code, merged


def _desired(
    document: ManifestDocument,
    listed: Mapping[Scope, ScopeLayers],
    owns: Mapping[Scope, Ownership],
    by_key: Mapping[ResponseKey, MergedResponse],
) -> Desired:
    kind = Kind(document.manifest.kind)
    responses = {key: _wanted(merged, kind) for key, merged in by_key.items()}
    return Desired(
        manifests=(_reference(document),),
        owns=owns,
        responses=responses,
        protected=frozenset(key for key, merged in by_key.items() if merged.protect),
        allowed={key: merged.allow for key, merged in by_key.items() if merged.allow},
        origins=Origins({scope: layers.layers for scope, layers in listed.items()}, responses, kind),
        owned={key: own for key, merged in by_key.items() if (own := _nearest(merged.own, owns[key.scope].own or ()))},
        from_sets=frozenset(key for key, merged in by_key.items() if merged.only_sets),
    )


def _reference(document: ManifestDocument) -> ManifestRef:
    manifest = document.manifest
    api = manifest.spec.api
    return ManifestRef(
        name=manifest.metadata.name,
        api=ApiRef(id=api.id or None, name=api.name or None),
        kind=Kind(manifest.kind),
        stages=tuple(manifest.spec.deploy.stages),
        location=document.places.of_key(("spec", "api")),  # for an API that is not found
    )


def _ownership(document: ManifestDocument, layers: ScopeLayers) -> Ownership:
    manifest = document.manifest
    own = _nearest(*(entry.listed.own for entry in reversed(layers.entries)), manifest.spec.own)
    return Ownership(
        manifest=manifest.metadata.name,
        prune=manifest.spec.prune and own is None,
        method_responses=manifest.spec.method_responses if isinstance(manifest, RestApiManifest) else "check",
        route_responses="check" if isinstance(manifest, RestApiManifest) else manifest.spec.route_responses,
        own=own,
        location=document.places.of_key(layers.entries[0].at),
    )


def _nearest(*owns: Sequence[str]) -> tuple[str, ...] | None:
    """Return the first of them that is not empty; None if it owns all fields, or if all are empty."""
    own = next((patterns for patterns in owns if patterns), ())
    return None if not own or "*" in own else tuple(own)


def _wanted(merged: MergedResponse, kind: Kind) -> Wanted:
    if merged.fields is None:
        return ABSENT
    match kind:
        case Kind.REST_API:
            return rest_response(merged.fields)
        case Kind.WEBSOCKET_API:
            return websocket_response(merged.fields)
        case _:
            assert_never(kind)


def _not_owned(desired: Desired, by_key: Mapping[ResponseKey, MergedResponse]) -> Iterator[Diagnostic]:
    """Report values of fields that `own` leaves to others: they would never be applied."""
    work = StepBudget(MOST_OWN)
    for key, own in desired.owned.items():
        fields = by_key[key].fields
        if fields is None:
            message = f"{key} is declared absent, but `own` leaves some of its fields to others"
            remedy = "remove the response, or own all of its fields: `own: ['*']`"
            yield error(InputRule.NOT_OWNED, message, remedy, desired.origin(key), desired.address(key))
            continue
        paths = list(_paths(fields))
        try:
            work.spend(len(own) * (len(paths) + PREPARING))
        except BudgetExceeded:
            message = "`own` takes too long to evaluate: too many patterns, for too many fields"
            yield error(InputRule.TOO_LARGE, message, "use fewer patterns", desired.origin(key), desired.address(key))
            return
        for path in paths:
            if not fits(own, path):
                message = f"`{path}` of {key} is set, but `own` leaves it to others"
                remedy = "remove it, or add it to `own`"
                yield error(InputRule.NOT_OWNED, message, remedy, desired.origin(key, path), desired.address(key))


def _paths(fields: Fields) -> Iterator[str]:
    for name, value in fields.items():
        yield from [name] if isinstance(value, str) else (f"{name}.{entry}" for entry in value)
