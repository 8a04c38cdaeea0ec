"""Collect the layers of responses for every method that a manifest lists in an environment.

Pure. From the bottom up: the sets for the whole manifest, the sets of the method (route, integration), its responses,
then the sets and responses of the environment's overlay. A wrong listing is reported and left out.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias, assert_never

from reconciler.diagnostics import Diagnostic, error
from reconciler.globs import path_fits, route_fits
from reconciler.manifest.schema.documents import ManifestDocument
from reconciler.manifest.schema.entries import ListedEntry, body, overlay
from reconciler.manifest.schema.rest import RestUse
from reconciler.manifest.schema.websocket import WebSocketUse
from reconciler.models.keys import MethodKey, Scope
from reconciler.resolve.layers import Layer
from reconciler.resolve.sets import ResponseSets, without_repeats
from reconciler.rules import InputRule
from reconciler.step_budget import BudgetExceeded, StepBudget

MOST_MATCHING: Final = 1_000_000
"""Steps for matching a manifest's methods with the globs of its sets; 1,000 methods and 100 globs take some 200,000."""

MOST_LAYERS: Final = 500_000
"""Layers that the methods of a manifest get from its `use`, all methods together."""

_Shared: TypeAlias = list[tuple[Callable[[Scope], bool], tuple[Layer, ...]]]
"""Pairs of a predicate (does a set apply to a scope?) and the layers of the set."""


@dataclass(frozen=True, slots=True)
class ScopeLayers:
    """The layers of a scope. `entries` are its entry in the body, its entry in the overlay, or both."""

    entries: tuple[ListedEntry, ...]
    layers: tuple[Layer, ...]


def layers_by_method(
    document: ManifestDocument, sets: ResponseSets, environment: str | None
) -> tuple[dict[Scope, ScopeLayers], list[Diagnostic]]:
    """Return the layers of every listed scope, and the scopes that are listed twice.

    Problems with sets are in `sets` afterwards.
    """
    problems: list[Diagnostic] = []
    in_body, in_overlay = (
        _by_scope(entries, document, problems)
        for entries in (body(document.manifest), overlay(document.manifest, environment))
    )
    shared = _shared(document, sets, StepBudget(MOST_MATCHING))
    by_scope: dict[Scope, ScopeLayers] = {}
    layer_budget = StepBudget(MOST_LAYERS)
    for scope in {**in_body, **in_overlay}:
        entry, overlay_entry = in_body.get(scope), in_overlay.get(scope)
        try:
            below = [layer for applies, layers in shared if applies(scope) for layer in layers]
            layer_budget.spend(len(below))
        except BudgetExceeded:
            problems.append(_too_large(document))
            return by_scope, problems
        layers = (*_layers(entry, below, document, sets), *_layers(overlay_entry, (), document, sets))
        by_scope[scope] = ScopeLayers(tuple(listed for listed in (entry, overlay_entry) if listed), layers)
    return by_scope, problems


def _by_scope(
    entries: Iterable[ListedEntry], document: ManifestDocument, problems: list[Diagnostic]
) -> dict[Scope, ListedEntry]:
    """Only integration ids can be listed twice; all other scopes are keys of maps."""
    by_scope: dict[Scope, ListedEntry] = {}
    for entry in entries:
        first = by_scope.setdefault(entry.scope, entry)
        if first is not entry:
            place = document.places.of_value((*first.at, "id"))
            message = f"{entry.scope} is already listed at {place}"
            at = document.places.of_value((*entry.at, "id"))
            problems.append(error(InputRule.DUPLICATE_INTEGRATION, message, "list it once", at))
    return by_scope


def _too_large(document: ManifestDocument) -> Diagnostic:
    message = "`use` takes too long to resolve: too many sets or globs, for too many methods"
    at = document.places.of_key(("spec", "use"))
    return error(InputRule.TOO_LARGE, message, "use fewer sets and globs here, or split the manifest", at)


def _shared(document: ManifestDocument, sets: ResponseSets, work: StepBudget) -> _Shared:
    """Return the layers of each set for the whole manifest, with the scopes that it applies to."""
    return [
        (_predicate(use, work), sets.layers_of(use, document.places, ("spec", "use", index)))
        for index, use in enumerate(document.manifest.spec.use)
    ]


def _predicate(use: str | RestUse | WebSocketUse, work: StepBudget) -> Callable[[Scope], bool]:
    match use:
        case str():
            return _is_not_options
        case RestUse():
            return lambda scope: isinstance(scope, MethodKey) and _applies_to_method(use, scope, work)
        case WebSocketUse():
            return lambda scope: not isinstance(scope, MethodKey) and _applies_to_route(use, scope.route, work)
        case _:
            assert_never(use)


def _is_not_options(scope: Scope) -> bool:
    return not isinstance(scope, MethodKey) or scope.method != "OPTIONS"


def _applies_to_method(use: RestUse, scope: MethodKey, work: StepBudget) -> bool:
    work.spend()
    return scope.method in use.methods and any(_matches(path_fits, glob, scope.path, work) for glob in use.paths)


def _applies_to_route(use: WebSocketUse, route: str, work: StepBudget) -> bool:
    work.spend()
    return not use.routes or any(route and _matches(route_fits, glob, route, work) for glob in use.routes)


def _matches(matcher: Callable[[str, str, StepBudget], bool], glob: str, text: str, work: StepBudget) -> bool:
    """Match a glob; preparing it takes about a step for each of its stars."""
    work.spend(1 + glob.count("*"))
    return matcher(glob, text, work)


def _layers(
    entry: ListedEntry | None, below: Iterable[Layer], document: ManifestDocument, sets: ResponseSets
) -> Iterator[Layer]:
    if entry is None:
        yield from below
        return
    yield from without_repeats((*below, *sets.layers_of_all(entry.listed.use, document.places, (*entry.at, "use"))))
    yield Layer(entry.listed.responses, document.places, (*entry.at, "responses"), document.templates)
