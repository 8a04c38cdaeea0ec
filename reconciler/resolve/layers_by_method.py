"""What a manifest lists in an environment, each with its stack of layers.

Promise: bottom up, a stack is the sets for the whole manifest, the sets of the method (route, integration), its
responses; then the sets and responses of the environment's overlay. What is wrong with the listing is a problem, and
left out. Pure.
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
from reconciler.resolve.sets import Sets, once
from reconciler.rules import InputRule
from reconciler.step_budget import BudgetExceeded, StepBudget

MOST_MATCHING: Final = 1_000_000
"""Steps for finding out which sets a manifest's methods use; 1,000 methods and 100 globs need some 200,000."""

MOST_LAYERS: Final = 500_000
"""Sets that the methods of a manifest get from its `use`, all methods together."""

_Shared: TypeAlias = list[tuple[Callable[[Scope], bool], tuple[Layer, ...]]]


@dataclass(frozen=True, slots=True)
class ScopeLayers:
    """A scope with all that is said of it. `entries` is what the body says, what the overlay says, or both."""

    entries: tuple[ListedEntry, ...]
    layers: tuple[Layer, ...]


def layers_by_method(
    document: ManifestDocument, sets: Sets, environment: str | None
) -> tuple[dict[Scope, ScopeLayers], list[Diagnostic]]:
    """Every scope that is listed, and what is listed twice. What is wrong with sets, `sets` has afterwards."""
    problems: list[Diagnostic] = []
    in_body, in_overlay = (
        _by_scope(entries, document, problems)
        for entries in (body(document.manifest), overlay(document.manifest, environment))
    )
    shared = _shared(document, sets, StepBudget(MOST_MATCHING))
    made: dict[Scope, ScopeLayers] = {}
    laid = StepBudget(MOST_LAYERS)
    for scope in {**in_body, **in_overlay}:
        entry, over = in_body.get(scope), in_overlay.get(scope)
        try:
            below = [layer for covers, layers in shared if covers(scope) for layer in layers]
            laid.spend(len(below))
        except BudgetExceeded:
            problems.append(_too_large(document))
            return made, problems
        layers = (*_layers(entry, below, document, sets), *_layers(over, (), document, sets))
        made[scope] = ScopeLayers(tuple(one for one in (entry, over) if one), layers)
    return made, problems


def _by_scope(
    entries: Iterable[ListedEntry], document: ManifestDocument, problems: list[Diagnostic]
) -> dict[Scope, ListedEntry]:
    """Only ids can be there twice: all else are keys of maps."""
    found: dict[Scope, ListedEntry] = {}
    for entry in entries:
        first = found.setdefault(entry.scope, entry)
        if first is not entry:
            place = document.places.of_value((*first.at, "id"))
            message = f"{entry.scope} is listed already, at {place}"
            at = document.places.of_value((*entry.at, "id"))
            problems.append(error(InputRule.DUPLICATE_INTEGRATION, message, "list it once", at))
    return found


def _too_large(document: ManifestDocument) -> Diagnostic:
    message = "`use` takes too long to work out: too many sets or globs, for too many methods"
    at = document.places.of_key(("spec", "use"))
    return error(InputRule.TOO_LARGE, message, "use fewer sets and globs here, or split the manifest", at)


def _shared(document: ManifestDocument, sets: Sets, work: StepBudget) -> _Shared:
    """The layers of each set for the whole manifest, and what it covers."""
    return [
        (_coverage(use, work), sets.one(use, document.places, ("spec", "use", index)))
        for index, use in enumerate(document.manifest.spec.use)
    ]


def _coverage(use: str | RestUse | WebSocketUse, work: StepBudget) -> Callable[[Scope], bool]:
    match use:
        case str():
            return _all_but_options
        case RestUse():
            return lambda scope: isinstance(scope, MethodKey) and _covers_method(use, scope, work)
        case WebSocketUse():
            return lambda scope: not isinstance(scope, MethodKey) and _covers_route(use, scope.route, work)
        case _:
            assert_never(use)


def _all_but_options(scope: Scope) -> bool:
    return not isinstance(scope, MethodKey) or scope.method != "OPTIONS"


def _covers_method(use: RestUse, scope: MethodKey, work: StepBudget) -> bool:
    work.spend()
    return scope.method in use.methods and any(_fits(path_fits, glob, scope.path, work) for glob in use.paths)


def _covers_route(use: WebSocketUse, route: str, work: StepBudget) -> bool:
    work.spend()
    return not use.routes or any(route and _fits(route_fits, glob, route, work) for glob in use.routes)


def _fits(matcher: Callable[[str, str, StepBudget], bool], glob: str, text: str, work: StepBudget) -> bool:
    """Preparing a glob takes about a step for each of its stars."""
    work.spend(1 + glob.count("*"))
    return matcher(glob, text, work)


def _layers(
    entry: ListedEntry | None, below: Iterable[Layer], document: ManifestDocument, sets: Sets
) -> Iterator[Layer]:
    if entry is None:
        yield from below
        return
    yield from once((*below, *sets.used(entry.listed.use, document.places, (*entry.at, "use"))))
    yield Layer(entry.listed.responses, document.places, (*entry.at, "responses"), document.templates)
