"""Read the integration responses of an OpenAPI definition.

In `responses` of an integration, each key is a selection pattern, `default` stands for the response without one, and
the status is a member (Developer Guide, x-amazon-apigateway-integration.responses). A method with a problem is left
out, with its place; the others are read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from reconciler.diagnostics import Diagnostic, any_error, error, warning
from reconciler.engine.openapi.definitions import Definition, unknown_value
from reconciler.engine.openapi.functions import UnknownValue
from reconciler.engine.openapi.operations import BadReference, DefinedOperation, follow, operations
from reconciler.models.keys import MethodKey
from reconciler.models.live import PROXY_TYPES
from reconciler.models.responses import CONTENT_HANDLINGS, RestResponse
from reconciler.openapi import integration_response
from reconciler.rules import InputRule
from reconciler.wording import code, shown
from reconciler.yamlio.nodes import Path

MAPS: Final = ("responseParameters", "responseTemplates")
_HANDLING: Final = "contentHandling"


@dataclass(frozen=True, slots=True)
class DefinedMethod:
    """A method: the path and the type, in upper case, of its integration, and its responses by status, sorted.

    `places`: where each response is, by status, which is the place of a reference where there is one.
    """

    integration: Path
    integration_type: str
    responses: Mapping[str, RestResponse] = field(default_factory=dict)
    places: Mapping[str, Path] = field(default_factory=dict)

    @property
    def is_proxy(self) -> bool:
        """Whether integration responses are ignored."""
        return self.integration_type in PROXY_TYPES


@dataclass(frozen=True, slots=True)
class ReadDefinition:
    """The methods of a definition that could be read, and the problems of the others.

    `operations` are all methods, those without an integration included. `broken`: references that lead nowhere.
    """

    operations: Mapping[MethodKey, DefinedOperation]
    methods: Mapping[MethodKey, DefinedMethod]
    problems: Mapping[MethodKey, tuple[Diagnostic, ...]]
    broken: tuple[Diagnostic, ...]

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Every problem."""
        return (*self.broken, *(problem for problems in self.problems.values() for problem in problems))


def read(definition: Definition) -> ReadDefinition:
    """Return the methods with an integration, and every problem."""
    found, broken = operations(definition)
    methods: dict[MethodKey, DefinedMethod] = {}
    problems: dict[MethodKey, tuple[Diagnostic, ...]] = {}
    for operation in found:
        if operation.integration is not None:
            reader = _MethodReader(definition, operation.key, operation.integration)
            method = reader.method()
            problems[operation.key] = tuple(reader.problems)
            if not any_error(reader.problems):
                methods[operation.key] = method
    return ReadDefinition({operation.key: operation for operation in found}, methods, problems, broken)


class _MethodReader:
    """Reads one method, and collects its problems."""

    def __init__(self, definition: Definition, key: MethodKey, integration: Path) -> None:
        self.problems: list[Diagnostic] = []
        self._definition = definition
        self._key = key
        self._integration = integration

    def method(self) -> DefinedMethod:
        """Return the method as far as it can be read."""
        if not isinstance(self._evaluated(self._integration), Mapping):
            if not self.problems:
                self._refuse(self._integration, "the integration is not a map")
            return DefinedMethod(self._integration, "")
        kind = self._text((*self._integration, "type"), "the type of the integration").upper()
        path = (*self._integration, "responses")
        raw = self._evaluated(path)
        if kind in PROXY_TYPES:
            self._note_ignored(kind, path, raw)
            return DefinedMethod(self._integration, kind)
        if raw is not None and not isinstance(raw, Mapping):
            self._refuse(path, "`responses` of the integration is not a map")
        places = self._places(path, raw) if isinstance(raw, Mapping) else {}
        responses = {status: self._response(place) for status, place in sorted(places.items())}
        return DefinedMethod(self._integration, kind, responses, places)

    def _note_ignored(self, kind: str, path: Path, raw: object) -> None:
        if raw:
            message = f"{self._key}: {kind} integrations ignore integration responses: these are left out"
            self.problems.append(
                warning(InputRule.OPENAPI, message, "remove them from the document", self._definition.at(path))
            )

    def _places(self, path: Path, raw: Mapping[str, Any]) -> dict[str, Path]:
        """Return the place of each response by its status."""
        places: dict[str, Path] = {}
        for pattern in raw:
            target = self._followed((*path, pattern))
            status = self._status(target) if target else ""
            if status in places:
                self._refuse_second((*path, pattern), status, places[status])
            elif status:
                places[status] = (*path, pattern)
        return places

    def _response(self, place: Path) -> RestResponse:
        return integration_response(str(place[-1]), self._fields(follow(self._definition, place)))

    def _refuse_second(self, path: Path, status: str, first: Path) -> None:
        message = (
            f"{self._key}: status {shown(status)} has two selection patterns: {code(str(first[-1]))} at "
            f"{self._definition.at(first)}, and {code(str(path[-1]))} here"
        )
        remedy = "join them into one pattern, as in `(A)|(B)`, or give one of them another status"
        self.problems.append(error(InputRule.RESPONSE_CLASH, message, remedy, self._definition.at(path)))

    def _followed(self, path: Path) -> Path | None:
        """Return where a response is, None if it is no map."""
        try:
            place = follow(self._definition, path)
        except BadReference as bad:
            self.problems.append(bad.problem)
            return None
        if isinstance(self._evaluated(place), Mapping):
            return place
        self._refuse(path, f"the response {code(str(path[-1]))} is not a map")
        return None

    def _status(self, place: Path) -> str:
        status = self._text((*place, "statusCode"), "`statusCode`")
        if not status and not self._definition.places.has((*place, "statusCode")):
            self._refuse(place, "the response has no `statusCode`")
        return status

    def _fields(self, place: Path) -> dict[str, Any]:
        handling = self._text((*place, _HANDLING), f"`{_HANDLING}`")
        if handling and handling not in CONTENT_HANDLINGS:
            self._refuse((*place, _HANDLING), f"`{_HANDLING}` is not one of {', '.join(CONTENT_HANDLINGS)}")
        return {_HANDLING: handling, **{name: self._map((*place, name)) for name in MAPS}}

    def _map(self, path: Path) -> dict[str, str]:
        raw = self._evaluated(path)
        if raw is not None and not isinstance(raw, Mapping):
            self._refuse(path, f"`{path[-1]}` is not a map")
        entries = raw if isinstance(raw, Mapping) else {}
        return {name: self._text((*path, name), code(name), numbers=False) for name in entries}

    def _text(self, path: Path, what: str, *, numbers: bool = True) -> str:
        """Return a text, "" for null or nothing. AWS takes a status that is a number, too."""
        value = self._evaluated(path)
        if value is None or isinstance(value, str):
            return value or ""
        if numbers and isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        self._refuse(path, f"{what} is not text", "put it in quotes")
        return ""

    def _evaluated(self, path: Path) -> Any:  # noqa: ANN401 - whatever a document holds
        try:
            return self._definition.evaluated(path)
        except UnknownValue as unknown:
            self.problems.append(unknown_value(unknown, self._definition.at(path)))
            return None

    def _refuse(self, path: Path, message: str, remedy: str = "correct the document") -> None:
        text = f"{self._key}: {message}"
        self.problems.append(error(InputRule.OPENAPI, text, remedy, self._definition.at(path)))
