"""Find the OpenAPI definitions of REST APIs in a file.

The file is an OpenAPI document (version 2 or 3, JSON or YAML), or a template of SAM or CloudFormation whose resources
hold such documents (`DefinitionBody`, `Body`). It may come from anywhere: its size, depth and aliases are bounded while
it is read (`yamlio.parse`), and nothing that it names is opened.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from reconciler.diagnostics import Diagnostic, Location, error, warning
from reconciler.engine.call_inputs import InputFile
from reconciler.engine.openapi.functions import UnknownValue, evaluate
from reconciler.rules import InputRule
from reconciler.wording import code, shown
from reconciler.yamlio import parse
from reconciler.yamlio.nodes import Path, SourceMap

_BODIES: Final = {"AWS::Serverless::Api": "DefinitionBody", "AWS::ApiGateway::RestApi": "Body"}
"""Type of a resource -> its property that holds a definition (SAM specification, CloudFormation's resource types)."""

_FILES: Final = {"AWS::Serverless::Api": "DefinitionUri", "AWS::ApiGateway::RestApi": "BodyS3Location"}
_NO_DEFINITION: Final = "name an OpenAPI document with `openapi` or `swagger`, or a template with `DefinitionBody`"


@dataclass(frozen=True, slots=True)
class Definition:
    """One definition: its file, its path in the file, and the resource that holds it ("" for none).

    `values` are those of a template's parameters.
    """

    places: SourceMap
    path: Path = ()
    resource: str = ""
    values: Mapping[str, str] | None = None

    @property
    def words(self) -> str:
        """The file, and the resource in it."""
        return f"{self.places.file}: {self.resource}" if self.resource else self.places.file

    @property
    def title(self) -> str:
        """Return `info.title`. Raises UnknownValue."""
        info = self.node((*self.path, "info"))
        title = evaluate(info.get("title"), self.values or {}) if isinstance(info, Mapping) else None
        return title.strip() if isinstance(title, str) else ""

    def node(self, path: Path) -> Any:  # noqa: ANN401 - whatever a document holds
        """Return what is at a path of the file, None if there is nothing."""
        return self.places.node(path) if self.places.has(path) else None

    def evaluated(self, path: Path) -> Any:  # noqa: ANN401 - whatever a document holds
        """Return what is at a path of the file, functions evaluated. Raises UnknownValue."""
        return evaluate(self.node(path), self.values or {})

    def at(self, path: Path) -> Location:
        """Return the place of a key or item."""
        return self.places.of_key(path)


@dataclass(frozen=True, slots=True)
class FoundDefinitions:
    """The definitions of a file, and what is wrong with the file."""

    definitions: tuple[Definition, ...]
    diagnostics: tuple[Diagnostic, ...]


def find_definitions(file: InputFile, values: Mapping[str, str]) -> FoundDefinitions:
    """Return the definitions of a file, in its order; `values` are those of a template's parameters."""
    reading = parse.read(file.content, file.name, quoted=False, functions=True)
    if reading.diagnostics:
        return FoundDefinitions((), reading.diagnostics)
    if len(reading.documents) > 1:
        second = reading.documents[1].of_value(())
        message = "the file has more than one YAML document"
        return FoundDefinitions((), (error(InputRule.OPENAPI, message, "split it into several files", second),))
    places = reading.documents[0]
    root = places.root
    if isinstance(root, Mapping) and _is_openapi(root):
        return FoundDefinitions((Definition(places, values=values),), ())
    if isinstance(root, Mapping) and isinstance(root.get("Resources"), Mapping):
        return _in_template(places, root["Resources"], values)
    message = "this is neither an OpenAPI document nor a template"
    return FoundDefinitions((), (error(InputRule.OPENAPI, message, _NO_DEFINITION, places.of_value(())),))


def _is_openapi(root: object) -> bool:
    # YAML reads `swagger: 2.0` as a number
    return isinstance(root, Mapping) and any(
        isinstance(root.get(key), str | int | float) for key in ("openapi", "swagger")
    )


def _in_template(places: SourceMap, resources: Mapping[str, Any], values: Mapping[str, str]) -> FoundDefinitions:
    definitions: list[Definition] = []
    problems: list[Diagnostic] = []
    for name, resource in resources.items():
        for result in _in_resource(places, name, resource, values):
            if isinstance(result, Definition):
                definitions.append(result)
            else:
                problems.append(result)
    if not definitions and not problems:
        message = "no resource of this template holds an OpenAPI definition"
        problems.append(error(InputRule.OPENAPI, message, _NO_DEFINITION, places.of_key(("Resources",))))
    return FoundDefinitions(tuple(definitions), tuple(problems))


def _in_resource(
    places: SourceMap, name: str, resource: object, values: Mapping[str, str]
) -> Iterator[Definition | Diagnostic]:
    kind = resource.get("Type") if isinstance(resource, Mapping) else None
    if not isinstance(resource, Mapping) or not isinstance(kind, str) or kind not in _BODIES:
        return
    path = ("Resources", name, "Properties", _BODIES[kind])
    if not places.has(path):
        if places.has((*path[:-1], _FILES[kind])):
            yield _elsewhere(places, name, (*path[:-1], _FILES[kind]))
        return
    body = places.node(path)
    if _is_openapi(body):
        yield Definition(places, path, name, values)
    else:
        yield _unreadable_body(places, name, path, body)


def _elsewhere(places: SourceMap, name: str, path: Path) -> Diagnostic:
    """Return the warning for a definition in a file of its own, which only the user may open."""
    message = f"the definition of {shown(name)} is in another file"
    return warning(InputRule.OPENAPI, message, _pass(places.node(path)), places.of_key(path))


def _unreadable_body(places: SourceMap, name: str, path: Path, body: object) -> Diagnostic:
    included = body.get("Fn::Transform") if isinstance(body, Mapping) else None
    parameters = included.get("Parameters") if isinstance(included, Mapping) else None
    location = parameters.get("Location") if isinstance(parameters, Mapping) else None
    if included is not None:
        message = f"the definition of {shown(name)} is included from another file when the template is deployed"
        remedy = _pass(location)
    else:
        message = f"{code(str(path[-1]))} of {shown(name)} is not an OpenAPI document"
        remedy = "write the definition out, or pass the file that holds it"
    return error(InputRule.OPENAPI, message, remedy, places.of_key(path))


def _pass(location: object) -> str:
    return f"pass that file: {shown(location)}" if isinstance(location, str) else "pass that file"


def unknown_value(unknown: UnknownValue, at: Location) -> Diagnostic:
    """Return the error for a value that only a deployment knows."""
    return error(InputRule.FUNCTION, str(unknown), unknown.remedy, at)
