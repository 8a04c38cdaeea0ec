"""Trees to manifests: is it one, of a kind that we know, and is it sound?

Promise: `validated` gives the manifest, or every problem of the document, never both. Pure, but for the placeholders,
which are substituted in place.
"""

from typing import Final

from pydantic import ValidationError

from reconciler.diagnostics import Diagnostic, error
from reconciler.models.targets import Kind
from reconciler.resolve import problems
from reconciler.resolve.documents import RestApiManifest
from reconciler.resolve.nodes import Places
from reconciler.resolve.placeholders import substitute
from reconciler.resolve.wording import did_you_mean

_LATER_KINDS: Final = ("WebSocketApi", "ResponseSet", "Config")
_KINDS: Final = (*Kind, *_LATER_KINDS)


def validated(places: Places) -> RestApiManifest | tuple[Diagnostic, ...]:
    """The manifest in a document, or what is wrong with it."""
    stranger = _stranger(places)
    if stranger:
        return (stranger,)
    found = substitute(places)
    try:
        manifest = RestApiManifest.model_validate(places.root)
    except ValidationError as failure:
        errors = failure.errors(include_url=False)
        return (*found, *(problems.diagnostic(one, places) for one in errors))
    return found or manifest


def _stranger(places: Places) -> Diagnostic | None:
    """Why a document is not of the kind to be validated: the one thing worth saying about it then."""
    if not isinstance(places.root, dict):
        message = f"a manifest is a map, not {problems.kind_of(places.root)}"
        return error("wrong-kind", message, f"begin with `kind: {Kind.REST_API}`", places.of_value(()))
    kind = places.root.get("kind")
    at = places.of_value(("kind",))
    if kind == Kind.REST_API:
        return None
    if kind in _LATER_KINDS:
        return error("not-yet", f"manifests of kind {kind} are not available yet", "leave it out for now", at)
    if "kind" not in places.root:
        remedy = f"add `kind: {Kind.REST_API}`, or keep files that are no manifests out of the way"
        return error("wrong-kind", "the manifest does not say its `kind`", remedy, at)
    remedy = did_you_mean(str(kind), _KINDS, f"write `kind: {Kind.REST_API}`")
    return error("wrong-kind", f"`kind` has to be {Kind.REST_API}, not {problems.kind_of(kind)}", remedy, at)
