"""Trees to manifests: is it one, of a kind that we know, and is it sound?

Promise: `validated` gives every problem of the document; where that is unknown keys alone, what the document holds
without them as well, so that the rest of it can be looked at in the same run. Pure. Placeholders are substituted before
(`placeholders`): to what is looked at here, one is text like any other.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from reconciler.diagnostics import MOST, Diagnostic, error
from reconciler.models.targets import Kind
from reconciler.resolve import problems
from reconciler.resolve.documents import Manifest
from reconciler.resolve.nodes import Path, Places
from reconciler.resolve.response_set import ResponseSet
from reconciler.resolve.rest_manifest import RestApiManifest
from reconciler.resolve.shapes import SET_KIND
from reconciler.resolve.websocket_manifest import WebSocketApiManifest
from reconciler.resolve.wording import did_you_mean

_Model: TypeAlias = type[RestApiManifest] | type[WebSocketApiManifest] | type[ResponseSet]

_MODELS: Final[Mapping[str, _Model]] = {
    Kind.REST_API: RestApiManifest,
    Kind.WEBSOCKET_API: WebSocketApiManifest,
    SET_KIND: ResponseSet,
}
_KINDS: Final = (*_MODELS, "Config")


def validated(places: Places) -> Manifest | ResponseSet | tuple[Diagnostic, ...]:
    """What a sound document holds, or what is wrong with it."""
    manifest, told = looked_at(places)
    return told if told or manifest is None else manifest


def looked_at(places: Places) -> tuple[Manifest | ResponseSet | None, tuple[Diagnostic, ...]]:
    """What a document holds, as far as that can be told, and what is wrong with it."""
    model = _model(places)
    if isinstance(model, Diagnostic):
        return None, (model,)
    try:
        return model.model_validate(places.root), ()
    except ValidationError as failure:
        errors = failure.errors(include_url=False)
    told = _told(errors, places)
    if any(one["type"] != "extra_forbidden" for one in errors):
        return None, told
    known = _without(places.root, [problems.tree_path(one["loc"], places.root) for one in errors])
    try:
        return model.model_validate(known), told
    except ValidationError:
        return None, told


def _told(errors: Sequence[ErrorDetails], places: Places) -> tuple[Diagnostic, ...]:
    """Each of pydantic's errors in our words, as many as are listed anyway, and a count of the others."""
    found = [problems.diagnostic(one, places) for one in errors[:MOST]]
    if len(errors) > MOST:
        message = f"{len(errors) - MOST:,} more problems of this document are not listed"
        found.append(error("too-many-problems", message, "fix the listed ones first", places.of_value(())))
    return tuple(found)


def _without(node: Any, paths: Iterable[Path]) -> Any:  # noqa: ANN401 - any node
    """The tree without the entries at the ends of the paths; each map on the way is copied once."""
    below: dict[str | int, list[Path]] = {}
    for step, *rest in paths:
        below.setdefault(step, []).append(tuple(rest))
    copied: Any = list(node) if isinstance(node, list) else dict(node)
    for step, rests in below.items():
        if () in rests:
            del copied[step]
        else:
            copied[step] = _without(copied[step], rests)
    return copied


def _model(places: Places) -> _Model | Diagnostic:
    """What a document is to be validated as; or why it cannot be, the one thing worth saying about it then."""
    if not isinstance(places.root, dict):
        message = f"a manifest is a map, not {problems.kind_of(places.root)}"
        return error("wrong-kind", message, f"begin with `kind: {Kind.REST_API}`", places.of_value(()))
    kind = places.root.get("kind")
    found = _MODELS.get(kind) if isinstance(kind, str) else None
    return found or _wrong_kind(kind, places)


def _wrong_kind(kind: object, places: Places) -> Diagnostic:
    at = places.of_value(("kind",))
    if not places.has(("kind",)):
        remedy = f"add `kind: {Kind.REST_API}`, or keep files that are no manifests out of the way"
        return error("wrong-kind", "the manifest does not say its `kind`", remedy, at)
    if kind == "Config":
        remedy = "name the configuration with --config, or call its file reconciler.yaml"
        return error("wrong-kind", "this is a configuration, not a manifest", remedy, at)
    choices = ", ".join(_MODELS)
    remedy = did_you_mean(str(kind), _KINDS, f"write `kind: {Kind.REST_API}`")
    return error("wrong-kind", f"`kind` has to be one of {choices}, not {problems.kind_of(kind)}", remedy, at)
