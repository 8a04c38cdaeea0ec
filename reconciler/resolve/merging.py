"""Merge several manifests of one API.

Pure. Each manifest owns its own methods; a method may be listed by one of them only.
"""

from collections import ChainMap
from collections.abc import Mapping, MutableMapping, Sequence
from typing import TypeVar, cast

from reconciler.diagnostics import Diagnostic, error
from reconciler.models.desired import Desired, Ownership, Wanted
from reconciler.models.keys import ResponseKey, Scope
from reconciler.rules import InputRule

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def merge(desireds: Sequence[Desired]) -> tuple[Desired, tuple[Diagnostic, ...]]:
    """Return the manifests of one API (at least one) as one desired state, and their conflicts.

    If two manifests list a method, the first one's responses count.
    """
    if len(desireds) == 1:
        return desireds[0], ()
    owns: dict[Scope, Ownership] = {}
    responses: dict[ResponseKey, Wanted] = {}
    conflicts: list[Diagnostic] = []
    for desired in desireds:
        conflicts += (
            duplicate_method(scope, owns[scope], desired.owns[scope]) for scope in desired.owns if scope in owns
        )
        responses |= {key: wanted for key, wanted in desired.responses.items() if key.scope not in owns}
        owns |= {scope: owner for scope, owner in desired.owns.items() if scope not in owns}
    merged = Desired(
        manifests=tuple(manifest for desired in desireds for manifest in desired.manifests),
        owns=owns,
        responses=responses,
        protected=frozenset().union(*(desired.protected for desired in desireds)) & responses.keys(),
        allowed=_first_of([desired.allowed for desired in desireds]),
        origins=_first_of([desired.origins for desired in desireds]),
        owned=_first_of([desired.owned for desired in desireds]),
        from_sets=frozenset().union(*(desired.from_sets for desired in desireds)) & responses.keys(),
    )
    return merged, tuple(conflicts)


def duplicate_method(scope: Scope, first: Ownership, second: Ownership) -> Diagnostic:
    """Return the error for a method that two manifests list."""
    message = f"{scope} is listed here by {second.manifest}, and at {first.location} by {first.manifest}"
    return error(
        InputRule.DUPLICATE_METHOD, message, "list each method of an API in one manifest only", second.location
    )


def _first_of(tables: Sequence[Mapping[_Key, _Value]]) -> Mapping[_Key, _Value]:
    return ChainMap(*cast("Sequence[MutableMapping[_Key, _Value]]", tables))
