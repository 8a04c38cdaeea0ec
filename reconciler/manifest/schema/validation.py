"""Validate a tree as a manifest, a response set or response tests.

`validated` returns the document, or all of its problems; `validate` returns problems together with the rest of the
document, so that the rest can be checked in the same run. Pure. Placeholders are substituted before (`placeholders`):
here, a placeholder is text like any other.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeAlias, TypeVar, cast

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from reconciler.diagnostics import MOST, Diagnostic, Location, error
from reconciler.manifest.schema import problems
from reconciler.manifest.schema.documents import Manifest
from reconciler.manifest.schema.response_set import ResponseSet
from reconciler.manifest.schema.response_test import ResponseTest
from reconciler.manifest.schema.rest import RestApiManifest
from reconciler.manifest.schema.salvage import salvaged
from reconciler.manifest.schema.shapes import SET_KIND, TEST_KIND
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
_KINDS: Final = (*_MODELS, TEST_KIND, "Config")
_MOST_ERRORS: Final = 5 * MOST
"""The number of pydantic errors of one document up to which all are turned into dictionaries."""

_FIRST: Final = 1_000
"""The number of entries of a map or list that are validated if a document has too many errors."""

_Entry = TypeVar("_Entry")


@dataclass(frozen=True, slots=True)
class Validated:
    """A document and its problems.

    `manifest` None: nothing in the document is usable. `is_sound` False: values with errors were removed, and the
    manifest serves only to find further problems. `places` belong to the remaining document; `doubtful` positions get
    no further diagnostics.
    """

    manifest: Manifest | ResponseSet | None
    places: SourceMap
    diagnostics: tuple[Diagnostic, ...] = ()
    is_sound: bool = True
    doubtful: frozenset[Location] = frozenset()


def validated(places: SourceMap) -> Manifest | ResponseSet | tuple[Diagnostic, ...]:
    """Return the document if it is valid, else its problems."""
    result = validate(places)
    return result.diagnostics if result.diagnostics or result.manifest is None else result.manifest


def validate(places: SourceMap) -> Validated:
    """Return a document, without its invalid values, and its problems.

    A document whose only problems are unknown keys counts as sound.
    """
    model = _model(places)
    if isinstance(model, Diagnostic):
        return Validated(None, places, (model,), is_sound=False)
    try:
        return Validated(model.model_validate(places.root), places)
    except ValidationError as failure:
        if (count := failure.error_count()) > _MOST_ERRORS:
            # As dictionaries, so many errors take seconds and gigabytes
            return Validated(None, places, _diagnostics(_first_errors(model, places), places, count), is_sound=False)
        errors = failure.errors(include_url=False)
    diagnostics = _diagnostics(errors, places, len(errors))
    salvage = salvaged(places, model, errors)
    if salvage is None:
        return Validated(None, places, diagnostics, is_sound=False)
    is_sound = all(failure["type"] == "extra_forbidden" for failure in errors)
    return Validated(
        cast("Manifest | ResponseSet", salvage.manifest), salvage.places, diagnostics, is_sound, salvage.doubtful
    )


@dataclass(frozen=True, slots=True)
class ValidatedTests:
    """A document with response tests and its problems.

    `tests` None: no test can run. `unsound` are the positions of the tests that have problems, from 0.
    """

    tests: ResponseTest | None
    diagnostics: tuple[Diagnostic, ...] = ()
    unsound: frozenset[int] = frozenset()


def validate_tests(places: SourceMap) -> ValidatedTests:
    """Return a document with response tests, and the problems of those of its tests that are unsound.

    A problem outside of the tests concerns them all.
    """
    try:
        return ValidatedTests(ResponseTest.model_validate(places.root))
    except ValidationError as failure:
        if (count := failure.error_count()) > _MOST_ERRORS:
            return ValidatedTests(None, _diagnostics(_first_errors(ResponseTest, places), places, count))
        errors = failure.errors(include_url=False)
    diagnostics = _diagnostics(errors, places, len(errors))
    unsound = {step for error in errors if (step := _test_of(error)) is not None}
    if any(_test_of(error) is None for error in errors):
        return ValidatedTests(None, diagnostics)
    return ValidatedTests(_with_stand_ins(places, unsound), diagnostics, frozenset(unsound))


def _test_of(error: ErrorDetails) -> int | None:
    """Return the position of the test that an error is about."""
    match error["loc"]:
        case ("spec", "tests", int(position), *_):
            return position
        case _:
            return None


def _with_stand_ins(places: SourceMap, unsound: Collection[int]) -> ResponseTest:
    """Return the document with an empty test in place of each unsound one, so that the others keep their positions."""
    root = cast("dict[str, dict[str, list[object]]]", places.root)
    spec = root["spec"]
    tests = [{"name": "unsound"} if position in unsound else test for position, test in enumerate(spec["tests"])]
    return ResponseTest.model_validate({**root, "spec": {**spec, "tests": tests}})


def _diagnostics(errors: Sequence[ErrorDetails], places: SourceMap, count: int) -> tuple[Diagnostic, ...]:
    """Each of these errors of pydantic's in our words, as many as are listed anyway, and how many others there are."""
    diagnostics = [problems.diagnostic(failure, places) for failure in errors[:MOST]]
    if count > len(diagnostics):
        message = f"{count - len(diagnostics):,} more problems in this document are not listed"
        diagnostics.append(
            error(InputRule.TOO_MANY_PROBLEMS, message, "fix the listed ones first", places.of_value(()))
        )
    return tuple(diagnostics)


def _first_errors(model: type[BaseModel], places: SourceMap) -> list[ErrorDetails]:
    """Return the errors of the first entries of every map and list."""
    try:
        model.model_validate(_first(places.root, StepBudget(MOST)))
    except ValidationError as failure:
        failures = failure.errors(include_url=False)
        return [failure for failure in failures if failure["type"] not in problems.ERRORS_OF_MISSING_ENTRIES]
    return []


def _first(node: object, work: StepBudget) -> object:
    """Return a copy with the first entries of every map and list, within the step budget."""
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
    """Return the model for a document's kind, or the diagnostic that explains why there is none."""
    if not isinstance(places.root, dict):
        message = f"a manifest is a map, not {problems.kind_of(places.root)}"
        return error(InputRule.WRONG_KIND, message, f"begin with `kind: {Kind.REST_API}`", places.of_value(()))
    kind = places.root.get("kind")
    model = _MODELS.get(kind) if isinstance(kind, str) else None
    return model or _wrong_kind(kind, places)


def _wrong_kind(kind: object, places: SourceMap) -> Diagnostic:
    at = places.of_value(("kind",))
    if not places.has(("kind",)):
        remedy = f"add `kind: {Kind.REST_API}`, or move files that are not manifests elsewhere"
        return error(InputRule.WRONG_KIND, "the manifest has no `kind`", remedy, at)
    if kind == "Config":
        remedy = "pass it with --config, or name the file reconciler.yaml"
        return error(InputRule.WRONG_KIND, "this is a configuration, not a manifest", remedy, at)
    choices = ", ".join(_MODELS)
    remedy = did_you_mean(str(kind), _KINDS, f"write `kind: {Kind.REST_API}`")
    return error(InputRule.WRONG_KIND, f"`kind` must be one of {choices}, not {problems.kind_of(kind)}", remedy, at)
