"""Read what templates of CloudFormation declare about integration responses.

The path of a method is that of its resource, part by part up to the root (`AWS::ApiGateway::Resource`); where a
template takes it from outside, it is not known. Pure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from reconciler.diagnostics import Diagnostic, Location, error
from reconciler.engine.call_inputs import InputFile
from reconciler.rules import InputRule
from reconciler.yamlio import parse
from reconciler.yamlio.nodes import SourceMap

_RESPONSES: Final = ("Properties", "Integration", "IntegrationResponses")
_IMPORTS: Final = {
    "AWS::Serverless::Api": ("DefinitionBody", "DefinitionUri"),
    "AWS::ApiGateway::RestApi": ("Body", "BodyS3Location"),
}
_DEEPEST: Final = 64
"""Parts of a path; AWS takes fewer."""


@dataclass(frozen=True, slots=True)
class TemplateMethod:
    """A method with integration responses: its logical id and place. What the template does not say is ""."""

    logical_id: str
    location: Location
    api_name: str
    path: str
    resource_id: str
    verb: str


@dataclass(frozen=True, slots=True)
class TemplateResponse:
    """An integration response of a WebSocket API, which is a resource of its own."""

    logical_id: str
    location: Location
    key: str


@dataclass(frozen=True, slots=True)
class TemplateImport:
    """An API that is imported from an OpenAPI definition."""

    logical_id: str
    location: Location


@dataclass(frozen=True, slots=True)
class TemplateContents:
    """What a template declares, and why it cannot be read."""

    methods: tuple[TemplateMethod, ...] = ()
    responses: tuple[TemplateResponse, ...] = ()
    imports: tuple[TemplateImport, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def read_template(file: InputFile) -> TemplateContents:
    """Return what a template declares."""
    reading = parse.read(file.content, file.name, quoted=False, functions=True)
    if reading.diagnostics:
        return TemplateContents(diagnostics=reading.diagnostics)
    places = reading.documents[0]
    root = places.root
    resources = root.get("Resources") if isinstance(root, Mapping) else None
    if not isinstance(resources, Mapping):
        message = "this is not a template of CloudFormation: it has no `Resources`"
        problem = error(InputRule.OPENAPI, message, "pass the template of the stack", places.of_value(()))
        return TemplateContents(diagnostics=(problem,))
    return _TemplateReader(places, resources).contents()


class _TemplateReader:
    """The resources of one template."""

    def __init__(self, places: SourceMap, resources: Mapping[str, Any]) -> None:
        self._places = places
        self._resources = resources

    def contents(self) -> TemplateContents:
        """Return what they declare about integration responses."""
        return TemplateContents(tuple(self._methods()), tuple(self._responses()), tuple(self._imports()))

    def _methods(self) -> Iterator[TemplateMethod]:
        for name, properties in self._of_type("AWS::ApiGateway::Method"):
            place = ("Resources", name, *_RESPONSES)
            if self._places.has(place):
                resource = properties.get("ResourceId")
                verb = properties.get("HttpMethod")
                yield TemplateMethod(
                    name,
                    self._places.of_key(place),
                    self._api_name(properties.get("RestApiId")),
                    self._path(resource),
                    resource if isinstance(resource, str) else "",
                    verb.upper() if isinstance(verb, str) else "",
                )

    def _responses(self) -> Iterator[TemplateResponse]:
        for name, properties in self._of_type("AWS::ApiGatewayV2::IntegrationResponse"):
            key = properties.get("IntegrationResponseKey")
            yield TemplateResponse(name, self._places.of_key(("Resources", name)), key if isinstance(key, str) else "")

    def _imports(self) -> Iterator[TemplateImport]:
        for kind, names in _IMPORTS.items():
            for name, properties in self._of_type(kind):
                place = next((each for each in names if each in properties), None)
                if place:
                    yield TemplateImport(name, self._places.of_key(("Resources", name, "Properties", place)))

    def _of_type(self, kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for name, resource in self._resources.items():
            properties = resource.get("Properties") if isinstance(resource, Mapping) else None
            if isinstance(properties, Mapping) and resource.get("Type") == kind:
                yield name, properties

    def _properties(self, logical_id: str) -> Mapping[str, Any]:
        resource = self._resources.get(logical_id)
        properties = resource.get("Properties") if isinstance(resource, Mapping) else None
        return properties if isinstance(properties, Mapping) else {}

    def _api_name(self, api: object) -> str:
        name = self._properties(_referred(api)).get("Name")
        return name if isinstance(name, str) else ""

    def _path(self, resource: object) -> str:
        """Return the path of a resource, "" if the template does not say it."""
        parts: list[str] = []
        for _ in range(_DEEPEST):
            if _is_root(resource):
                return "/" + "/".join(reversed(parts))
            properties = self._properties(_referred(resource))
            part, resource = properties.get("PathPart"), properties.get("ParentId")
            if not isinstance(part, str):
                return ""
            parts.append(part)
        return ""


def _referred(value: object) -> str:
    name = value.get("Ref") if isinstance(value, Mapping) else None
    return name if isinstance(name, str) else ""


def _is_root(value: object) -> bool:
    attribute = value.get("Fn::GetAtt") if isinstance(value, Mapping) else None
    if isinstance(attribute, list):
        return len(attribute) > 1 and attribute[-1] == "RootResourceId"
    return isinstance(attribute, str) and attribute.endswith(".RootResourceId")
