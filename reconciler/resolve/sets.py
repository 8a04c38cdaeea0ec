"""Turn response sets into layers.

Pure. The layers of a set are those of its own `use`, in order, and then its responses. If a set occurs several times,
only the last occurrence counts; that gives the same responses as applying it each time. A wrong use of a set is
reported with its place, and that set is left out.
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
"""The longest chain of sets that use each other."""

MOST_LAYERS: Final = 3_000_000
"""Layers that sets and methods get from the sets that they use, in all manifests and environments of a run."""

_of_run: Final = SharedBudget("layers of sets")


@contextmanager
def limited_layers(most: int = MOST_LAYERS) -> Iterator[StepBudget]:
    """Limit the layers that all sets within get together."""
    with _of_run.limited(most) as work:
        yield work


class ResponseSets:
    """The sets of a configuration for one kind of API, and the problems found so far in their use.

    The sets that are `lost` exist but could not be read, and are not reported again.
    """

    def __init__(self, documents: Mapping[str, SetDocument], kind: Kind, lost: Collection[str] = ()) -> None:
        self.problems: list[Diagnostic] = []
        self._documents = documents
        self._kind = kind
        self._lost = lost
        self._known: dict[str, tuple[Layer, ...]] = {}
        self._work = StepBudget(MOST_LAYERS, _of_run.current)
        self._is_too_large = False

    def layers_of_all(
        self, uses: Iterable[str | SetUse], places: SourceMap, at: Path, through: tuple[str, ...] = ()
    ) -> tuple[Layer, ...]:
        """Return the layers of the sets in the `use` at a path. `through`: the sets whose `use` this is reached by."""
        layers: list[Layer] = []
        for index, use in enumerate(uses):
            of_set = self.layers_of(use, places, (*at, index), through)
            try:
                self._work.spend(len(of_set))
            except BudgetExceeded:
                self._report_too_large(places, at)
                return ()
            layers += of_set
        return without_repeats(layers)

    def _report_too_large(self, places: SourceMap, at: Path) -> None:
        if not self._is_too_large:
            self._is_too_large = True
            message = "response sets take too long to resolve: too many of them use each other"
            self.problems.append(
                error(InputRule.TOO_LARGE, message, "let fewer sets use other sets", places.of_key(at))
            )

    def layers_of(
        self, use: str | SetUse, places: SourceMap, at: Path, through: tuple[str, ...] = ()
    ) -> tuple[Layer, ...]:
        """Return the layers of the set that is named at a path."""
        # For a plain name without `{set: ...}`, this is the place of the name itself
        return self._layers(set_name(use), places.of_value((*at, "set")), through)

    def _layers(self, name: str, place: Location, through: tuple[str, ...]) -> tuple[Layer, ...]:
        if name not in self._known:
            if name not in self._documents and name in self._lost:
                return ()
            problem = self._problem(name, place, through)
            if problem:
                self.problems.append(problem)
                return ()
            self._known[name] = self._document_layers(self._documents[name], (*through, name))
        return self._known[name]

    def _document_layers(self, document: SetDocument, through: tuple[str, ...]) -> tuple[Layer, ...]:
        spec, places = document.manifest.spec, document.places
        below = self.layers_of_all(spec.use, places, ("spec", "use"), through)
        return (*below, Layer(spec.responses, places, ("spec", "responses"), document.templates, through[-1]))

    def _problem(self, name: str, place: Location, through: tuple[str, ...]) -> Diagnostic | None:
        document = self._documents.get(name)
        if document is None:
            remedy = did_you_mean(
                name, self._documents, "check the name; sets are loaded from the PATHs and the configuration"
            )
            return error(InputRule.UNKNOWN_SET, f"there is no response set {code(name)}", remedy, place)
        if document.manifest.spec.for_ != self._kind:
            at = document.places.of_value(("spec", "for"))
            message = f"set `{name}` is for {document.manifest.spec.for_} ({at}), but this is for {self._kind}"
            return error(InputRule.SET_KIND, message, f"use a set that is for {self._kind}", place)
        if name in through:
            return self._circle(through[through.index(name) :])
        if len(through) >= DEEPEST:
            return error(
                InputRule.CIRCULAR_USE, f"the chain of sets is longer than {DEEPEST}", "use fewer sets in sets", place
            )
        return None

    def _circle(self, names: tuple[str, ...]) -> Diagnostic:
        """Report a circle in the same way wherever it is entered."""
        first = names.index(min(names))
        circle = (*names[first:], *names[:first])
        closing = self._documents[circle[-1]]
        index = [set_name(use) for use in closing.manifest.spec.use].index(circle[0])
        message = f"response sets use each other in a cycle: {' -> '.join((*circle, circle[0]))}"
        place = closing.places.of_value(("spec", "use", index, "set"))
        return error(InputRule.CIRCULAR_USE, message, "remove one of them from the `use` of the other", place)


def without_repeats(layers: Iterable[Layer]) -> tuple[Layer, ...]:
    """Return the layers without those of a set that occurs again later."""
    kept = {layer.set: layer for layer in reversed(tuple(layers))}
    return tuple(reversed(kept.values()))


def check_sets(documents: Mapping[str, SetDocument], lost: Collection[str] = ()) -> tuple[Diagnostic, ...]:
    """Report problems in the way sets use each other, whether a manifest uses them or not."""
    by_kind = {kind: ResponseSets(documents, kind, lost) for kind in Kind}
    for document in documents.values():
        spec = document.manifest.spec
        by_kind[Kind(spec.for_)].layers_of(document.manifest.metadata.name, document.places, ())
    return in_order(problem for sets in by_kind.values() for problem in sets.problems)
