"""Response sets -> layers.

Promise: a set is its own `use`, in order, and its responses laid over that. Every set counts once, at the last place
where it comes up, which makes the same responses as laying it down again each time. Whatever is wrong with the use of
sets is a problem with a place, and the set in question left out. Pure.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from reconciler.diagnostics import Diagnostic, Location, error, in_order
from reconciler.manifest.schema.documents import SetDocument
from reconciler.manifest.schema.parts import SetUse, set_name
from reconciler.models.targets import Kind
from reconciler.resolve.layers import Layer
from reconciler.rules import InputRule
from reconciler.step_budget import BudgetExceeded, SharedBudget, StepBudget
from reconciler.wording import code, did_you_mean
from reconciler.yamlio.nodes import Path, SourceMap

DEEPEST: Final = 50
"""How many sets may use each other in a row."""

MOST_LAYERS: Final = 3_000_000
"""Layers that sets and methods get from the sets that they use, all manifests and environments of a run together."""

_of_run: Final = SharedBudget("layers of sets")


@contextmanager
def limited_layers(most: int = MOST_LAYERS) -> Iterator[StepBudget]:
    """Limit the layers that are worked out within, all sets together."""
    with _of_run.limited(most) as work:
        yield work


class Sets:
    """The sets of a configuration for one kind of API, and the problems found so far in using them.

    Of sets that are `lost`, which are there and cannot be read, nothing is said.
    """

    def __init__(self, documents: Mapping[str, SetDocument], kind: Kind, lost: Collection[str] = ()) -> None:
        self.problems: list[Diagnostic] = []
        self._documents = documents
        self._kind = kind
        self._lost = lost
        self._known: dict[str, tuple[Layer, ...]] = {}
        self._work = StepBudget(MOST_LAYERS, _of_run.current)
        self._is_told = False

    def used(
        self, uses: Iterable[str | SetUse], places: SourceMap, at: Path, through: tuple[str, ...] = ()
    ) -> tuple[Layer, ...]:
        """The layers of the sets in a `use` that stands at this path. `through`: the sets that led here."""
        layers: list[Layer] = []
        for index, use in enumerate(uses):
            found = self.one(use, places, (*at, index), through)
            try:
                self._work.spend(len(found))
            except BudgetExceeded:
                self._tell_too_large(places, at)
                return ()
            layers += found
        return once(layers)

    def _tell_too_large(self, places: SourceMap, at: Path) -> None:
        if not self._is_told:
            self._is_told = True
            message = "response sets take too long to work out: too many of them use each other"
            self.problems.append(error(InputRule.TOO_LARGE, message, "use fewer sets in sets", places.of_key(at)))

    def one(self, use: str | SetUse, places: SourceMap, at: Path, through: tuple[str, ...] = ()) -> tuple[Layer, ...]:
        """The layers of a set that is named at this path."""
        # Of a name without `{set: ...}`, this is the place of the name
        return self._layers(set_name(use), places.of_value((*at, "set")), through)

    def _layers(self, name: str, place: Location, through: tuple[str, ...]) -> tuple[Layer, ...]:
        if name not in self._known:
            if name not in self._documents and name in self._lost:
                return ()
            problem = self._problem(name, place, through)
            if problem:
                self.problems.append(problem)
                return ()
            self._known[name] = self._of(self._documents[name], (*through, name))
        return self._known[name]

    def _of(self, document: SetDocument, through: tuple[str, ...]) -> tuple[Layer, ...]:
        spec, places = document.manifest.spec, document.places
        below = self.used(spec.use, places, ("spec", "use"), through)
        return (*below, Layer(spec.responses, places, ("spec", "responses"), document.templates, through[-1]))

    def _problem(self, name: str, place: Location, through: tuple[str, ...]) -> Diagnostic | None:
        document = self._documents.get(name)
        if document is None:
            remedy = did_you_mean(
                name, self._documents, "check the name; sets are loaded from the PATHs and from the configuration"
            )
            return error(InputRule.UNKNOWN_SET, f"there is no response set {code(name)}", remedy, place)
        if document.manifest.spec.for_ != self._kind:
            at = document.places.of_value(("spec", "for"))
            message = f"set `{name}` is for {document.manifest.spec.for_} ({at}), this is for {self._kind}"
            return error(InputRule.SET_KIND, message, f"use a set that is for {self._kind}", place)
        if name in through:
            return self._circle(through[through.index(name) :])
        if len(through) >= DEEPEST:
            return error(
                InputRule.CIRCULAR_USE, f"more than {DEEPEST} sets use each other in a row", "use fewer", place
            )
        return None

    def _circle(self, names: tuple[str, ...]) -> Diagnostic:
        """Told alike wherever the circle is entered."""
        first = names.index(min(names))
        circle = (*names[first:], *names[:first])
        closing = self._documents[circle[-1]]
        index = [set_name(use) for use in closing.manifest.spec.use].index(circle[0])
        message = f"response sets use each other in a circle: {' -> '.join((*circle, circle[0]))}"
        place = closing.places.of_value(("spec", "use", index, "set"))
        return error(InputRule.CIRCULAR_USE, message, "take one of them out of the other's `use`", place)


def once(layers: Iterable[Layer]) -> tuple[Layer, ...]:
    """The layers without those of a set that comes up again later."""
    kept = {layer.set: layer for layer in reversed(tuple(layers))}
    return tuple(reversed(kept.values()))


def check_sets(documents: Mapping[str, SetDocument], lost: Collection[str] = ()) -> tuple[Diagnostic, ...]:
    """What is wrong with the way in which sets use each other, whether a manifest uses them or not."""
    by_kind = {kind: Sets(documents, kind, lost) for kind in Kind}
    for document in documents.values():
        spec = document.manifest.spec
        by_kind[Kind(spec.for_)].one(document.manifest.metadata.name, document.places, ())
    return in_order(found for sets in by_kind.values() for found in sets.problems)
