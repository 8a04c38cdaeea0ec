"""Several manifests of one API as one.

Promise: manifests own their methods side by side; a method is listed by one of them only. Pure.
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
    """Several manifests of one API (at least one) as one, and what they cannot agree on.

    Of a method that is listed twice, the first manifest's responses stand.
    """
    if len(desireds) == 1:
        return desireds[0], ()
    owns: dict[Scope, Ownership] = {}
    responses: dict[ResponseKey, Wanted] = {}
    clashes: list[Diagnostic] = []
    for desired in desireds:
        clashes += (clash(scope, owns[scope], desired.owns[scope]) for scope in desired.owns if scope in owns)
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
    return merged, tuple(clashes)


def clash(scope: Scope, first: Ownership, second: Ownership) -> Diagnostic:
    """Said of what two manifests list."""
    message = f"{scope} is listed by {second.manifest} here and by {first.manifest} at {first.location}"
    return error(InputRule.DUPLICATE_METHOD, message, "list a method of an API in one manifest only", second.location)


def _first_of(tables: Sequence[Mapping[_Key, _Value]]) -> Mapping[_Key, _Value]:
    return ChainMap(*cast("Sequence[MutableMapping[_Key, _Value]]", tables))
