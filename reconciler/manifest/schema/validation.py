"""Trees to manifests: is it one, of a kind that we know, and is it sound?

Promise: `validated` gives every problem of the document; `validate` also what it holds without what is wrong, so that
the rest of it can be looked at in the same run. Pure. Placeholders are substituted before (`placeholders`): to what is
looked at here, one is text like any other.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeAlias, TypeVar, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from reconciler.diagnostics import MOST, Diagnostic, Location, error
from reconciler.manifest.schema import problems
from reconciler.manifest.schema.documents import Manifest
from reconciler.manifest.schema.response_set import ResponseSet
from reconciler.manifest.schema.rest import RestApiManifest
from reconciler.manifest.schema.salvage import salvaged
from reconciler.manifest.schema.shapes import SET_KIND
from reconciler.manifest.schema.websocket import WebSocketApiManifest
from reconciler.models.targets import Kind
from reconciler.rules import InputRule
from reconciler.step_budget import BudgetExceeded, StepBudget
from reconciler.wording import did_you_mean
from reconciler.yamlio.nodes import SourceMap

_Model: TypeAlias = type[RestApiManifest] | type[WebSocketApiManifest] | type[ResponseSet]

_MODELS: Final[Mapping[str, _Model]] = {
    Kind.REST_API: RestApiManifest,
    Kind.WEBSOCKET_API: WebSocketApiManifest,
    SET_KIND: ResponseSet,
}
_KINDS: Final = (*_MODELS, "Config")
_MOST_ERRORS: Final = 5 * MOST
"""Errors of pydantic's for one document that are all turned into dictionaries."""

_FIRST: Final = 1_000
"""Entries of one map or list that are looked at where a document has too many errors."""

_Entry = TypeVar("_Entry")


@dataclass(frozen=True, slots=True)
class Validated:
    """What a document holds, and what is wrong with it.

    `manifest` None: nothing of it can be told. Not `is_sound`: it is without what is wrong, and good for nothing but to
    look for further problems. `places` are those of what is left; of what is `doubtful`, nothing else is to be said.
    """

    manifest: Manifest | ResponseSet | None
    places: SourceMap
    diagnostics: tuple[Diagnostic, ...] = ()
    is_sound: bool = True
    doubtful: frozenset[Location] = frozenset()


def validated(places: SourceMap) -> Manifest | ResponseSet | tuple[Diagnostic, ...]:
    """What a sound document holds, or what is wrong with it."""
    looked = validate(places)
    return looked.diagnostics if looked.diagnostics or looked.manifest is None else looked.manifest


def validate(places: SourceMap) -> Validated:
    """What a document holds, as far as that can be told, and what is wrong with it.

    One that has unknown keys and is sound without them counts as sound.
    """
    model = _model(places)
    if isinstance(model, Diagnostic):
        return Validated(None, places, (model,), is_sound=False)
    try:
        return Validated(model.model_validate(places.root), places)
    except ValidationError as failure:
        if (count := failure.error_count()) > _MOST_ERRORS:
            # As dictionaries, so many errors take seconds and gigabytes
            return Validated(None, places, _told(_first_errors(model, places), places, count), is_sound=False)
        errors = failure.errors(include_url=False)
    diagnostics = _told(errors, places, len(errors))
    salvage = salvaged(places, model, errors)
    if salvage is None:
        return Validated(None, places, diagnostics, is_sound=False)
    is_sound = all(failure["type"] == "extra_forbidden" for failure in errors)
    return Validated(
        cast("Manifest | ResponseSet", salvage.manifest), salvage.places, diagnostics, is_sound, salvage.doubtful
    )


def _told(errors: Sequence[ErrorDetails], places: SourceMap, count: int) -> tuple[Diagnostic, ...]:
    """Each of these errors of pydantic's in our words, as many as are listed anyway, and how many others there are."""
    diagnostics = [problems.diagnostic(failure, places) for failure in errors[:MOST]]
    if count > len(diagnostics):
        message = f"{count - len(diagnostics):,} more problems of this document are not listed"
        diagnostics.append(
            error(InputRule.TOO_MANY_PROBLEMS, message, "fix the listed ones first", places.of_value(()))
        )
    return tuple(diagnostics)


def _first_errors(model: _Model, places: SourceMap) -> list[ErrorDetails]:
    """The errors of the first entries of every map and list."""
    try:
        model.model_validate(_first(places.root, StepBudget(MOST)))
    except ValidationError as failure:
        failures = failure.errors(include_url=False)
        return [failure for failure in failures if failure["type"] not in problems.OF_WHAT_IS_NOT_THERE]
    return []


def _first(node: object, work: StepBudget) -> object:
    """A copy that holds the first entries, as far as the steps go."""
    if isinstance(node, dict):
        return {key: _first(value, work) for key, value in _spent(node.items(), work)}
    if isinstance(node, list):
        return [_first(value, work) for value in _spent(node, work)]
    return node


def _spent(entries: Iterable[_Entry], work: StepBudget) -> Iterator[_Entry]:
    with suppress(BudgetExceeded):
        for entry in islice(entries, _FIRST):
            work.spend()
            yield entry


def _model(places: SourceMap) -> _Model | Diagnostic:
    """What a document is to be validated as; or why it cannot be, the one thing worth saying about it then."""
    if not isinstance(places.root, dict):
        message = f"a manifest is a map, not {problems.kind_of(places.root)}"
        return error(InputRule.WRONG_KIND, message, f"begin with `kind: {Kind.REST_API}`", places.of_value(()))
    kind = places.root.get("kind")
    model = _MODELS.get(kind) if isinstance(kind, str) else None
    return model or _wrong_kind(kind, places)


def _wrong_kind(kind: object, places: SourceMap) -> Diagnostic:
    at = places.of_value(("kind",))
    if not places.has(("kind",)):
        remedy = f"add `kind: {Kind.REST_API}`, or keep files that are no manifests out of the way"
        return error(InputRule.WRONG_KIND, "the manifest does not say its `kind`", remedy, at)
    if kind == "Config":
        remedy = "name the configuration with --config, or call its file reconciler.yaml"
        return error(InputRule.WRONG_KIND, "this is a configuration, not a manifest", remedy, at)
    choices = ", ".join(_MODELS)
    remedy = did_you_mean(str(kind), _KINDS, f"write `kind: {Kind.REST_API}`")
    return error(InputRule.WRONG_KIND, f"`kind` has to be one of {choices}, not {problems.kind_of(kind)}", remedy, at)
