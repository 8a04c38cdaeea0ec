"""The maps of a document by path: their keys, and what to write instead of null.

There is one table per kind. `ANY` in a path matches any key or index. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel

from reconciler.manifest.schema import response_set, response_test, rest, websocket
from reconciler.manifest.schema.parts import ApiAddress, DeploySettings, Metadata, SetUse, TemplateFile
from reconciler.models.targets import Kind
from reconciler.yamlio.nodes import Path

ANY: Final = "*"
SET_KIND: Final = "ResponseSet"
TEST_KIND: Final = "ResponseTest"


@dataclass(frozen=True, slots=True)
class Shape:
    """The map at a path: the model of its keys, if it has one, and what to write instead of null."""

    at: Path
    model: type[BaseModel] | None = None
    instead_of_null: str = ""

    def keys(self) -> list[str]:
        """Return the keys that are allowed in the map."""
        return [str(known.alias) for known in self.model.model_fields.values()] if self.model else []


def shape(root: object, path: Path) -> Shape | None:
    """Return the shape of the map at this path of a document."""
    return next((candidate for candidate in shapes(root) if _matches(path, candidate.at)), None)


def shapes(root: object) -> Sequence[Shape]:
    """Return the shapes of all maps of a document, by its kind."""
    if not isinstance(root, dict):
        return ()
    kind = root.get("kind")
    return _shapes_of_set(root) if kind == SET_KIND else _SHAPES.get(str(kind), ())


def _matches(path: Path, pattern: Path) -> bool:
    return len(path) == len(pattern) and all(wanted in (ANY, step) for step, wanted in zip(path, pattern, strict=True))


def _responses(at: Path, model: type[BaseModel]) -> tuple[Shape, ...]:
    """Return the shapes of a map of responses and of the maps in it."""
    return (
        Shape(at, None, "write {} for none"),
        Shape((*at, ANY), model, "write {} for a response with nothing set, `absent` for one that must not exist"),
        Shape((*at, ANY, "responseTemplates", ANY), TemplateFile, "write '' to let the body pass through unmapped"),
        Shape((*at, ANY, "responseParameters", ANY), None, "write a mapping, or `absent`"),
        Shape((*at, ANY, ANY), None, "leave the key out, or write `absent`"),
    )


def _listed(at: Path, what: str, model: type[BaseModel], response: type[BaseModel]) -> tuple[Shape, ...]:
    """Return the shapes of an entry with responses: a method, a route, an integration."""
    return (
        Shape(at, model, f"write `responses: {{}}` for {what} without responses"),
        Shape((*at, "use", ANY), SetUse),
        *_responses((*at, "responses"), response),
    )


def _methods(around: Path) -> tuple[Shape, ...]:
    at = (*around, "resources", ANY, ANY)
    return _listed(at, "a method", rest.MethodModel, rest.RestResponseModel)


def _integrations(around: Path) -> tuple[Shape, ...]:
    response = websocket.WebSocketResponseModel
    return (
        *_listed((*around, "routes", ANY), "a route", websocket.RouteModel, response),
        *_listed((*around, "integrations", ANY), "an integration", websocket.IntegrationModel, response),
    )


_SPEC: Final = ("spec",)
_OVERLAY: Final = ("spec", "overlays", ANY)
_COMMON: Final = (
    Shape(("metadata",), Metadata),
    Shape(("spec", "api"), ApiAddress),
    Shape(("spec", "deploy"), DeploySettings),
)


def _test(at: Path, model: type[BaseModel]) -> tuple[Shape, ...]:
    """Return the shapes of a test, or of the defaults of tests, and of the maps in it."""
    return (
        Shape(at, model),
        Shape((*at, "api"), response_test.ApiFactsModel),
        Shape((*at, "request"), response_test.RequestModel),
        Shape((*at, "request", "body"), response_test.BodyModel, "write '' for an empty body, {json: null} for null"),
        Shape((*at, "backend"), response_test.BackendModel),
        Shape((*at, "backend", "body"), response_test.BodyModel, "write '' for an empty body, {json: null} for null"),
        Shape((*at, "expect"), response_test.ExpectModel),
        Shape((*at, "expect", "headers", ANY), None, "write `absent` for a header that is not sent"),
        Shape((*at, "expect", "body"), response_test.ExpectedBodyModel, "write '' for an empty body"),
    )


_SHAPES: Final[Mapping[str, tuple[Shape, ...]]] = {
    Kind.REST_API: (
        Shape((), rest.RestApiManifest),
        Shape(_SPEC, rest.RestSpec),
        Shape((*_SPEC, "use", ANY), rest.RestUse),
        Shape(_OVERLAY, rest.RestOverlay),
        *_COMMON,
        *_methods(_SPEC),
        *_methods(_OVERLAY),
    ),
    Kind.WEBSOCKET_API: (
        Shape((), websocket.WebSocketApiManifest),
        Shape(_SPEC, websocket.WebSocketSpec),
        Shape((*_SPEC, "use", ANY), websocket.WebSocketUse),
        Shape(_OVERLAY, websocket.WebSocketOverlay),
        *_COMMON,
        *_integrations(_SPEC),
        *_integrations(_OVERLAY),
    ),
    TEST_KIND: (
        Shape((), response_test.ResponseTest),
        Shape(("metadata",), response_test.ResponseTestMetadata),
        Shape(_SPEC, response_test.ResponseTestSpec),
        Shape((*_SPEC, "api"), response_test.ApiFactsModel),
        *_test((*_SPEC, "defaults"), response_test.ResponseTestDefaults),
        *_test((*_SPEC, "tests", ANY), response_test.ResponseTestEntry),
    ),
}


def _set(spec: type[BaseModel], response: type[BaseModel]) -> tuple[Shape, ...]:
    return (
        Shape((), response_set.ResponseSet),
        Shape(("metadata",), response_set.SetMetadata),
        Shape(_SPEC, spec),
        Shape((*_SPEC, "use", ANY), SetUse),
        *_responses((*_SPEC, "responses"), response),
    )


_REST_SET: Final = _set(response_set.RestSetSpec, rest.RestResponseModel)
_WEBSOCKET_SET: Final = _set(response_set.WebSocketSetSpec, websocket.WebSocketResponseModel)


def _shapes_of_set(root: Mapping[str, Any]) -> tuple[Shape, ...]:
    spec = root.get("spec")
    wanted = spec.get("for") if isinstance(spec, dict) else None
    return _WEBSOCKET_SET if wanted == Kind.WEBSOCKET_API else _REST_SET
