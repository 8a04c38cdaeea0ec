"""`$input`: the body and the parameters of the request (Developer Guide, "mapping template ... variable reference")."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from reconciler.mapping.exchange import ClientRequest, Payload
from reconciler.mapping.java.budget import Budget, EvaluationFault
from reconciler.mapping.java.values import HostObject, JavaList, JavaMap, Value, json_text
from reconciler.mapping.json_reader import InvalidJson, read_json
from reconciler.mapping.jsonpath import evaluate_path, path_finds
from reconciler.mapping.rendering import TemplateInputs

_EMPTY_BODY: Final = "{}"


class _NotRead:
    """The body was not looked into yet."""


class Input(HostObject):
    """`$input` of one rendering; the body is parsed when it is first looked into, and once."""

    __slots__ = ("_document", "_looks", "_parameters", "body", "request")

    def __init__(self, inputs: TemplateInputs) -> None:
        self.body = _body_text(inputs.body)
        self.request = inputs.request
        self._document: Value | _NotRead = _NotRead()
        self._looks = 0
        self._parameters: JavaMap | None = None

    def document(self, budget: Budget) -> Value:
        """Return the body as a value. Raises EvaluationFault if it cannot be read (from ORA: `{a` fails)."""
        self._looks += 1
        if isinstance(self._document, _NotRead):
            try:
                self._document = read_json(self.body, budget)
            except InvalidJson as refused:
                raise EvaluationFault(f"the body cannot be read as JSON: {refused}") from None
        return self._document

    def printed(self, budget: Budget) -> str:
        """Return the text of `$input` by itself, which is not known."""
        budget.note_unknown("what $input prints by itself")
        return ""

    def note_changes(self, budget: Budget) -> None:
        """Note as unknown that the template changed the body's values, if it may have looked at them afterwards."""
        if (
            budget.has_changes
            and self._looks > 1
            and isinstance(self._document, JavaMap | JavaList)
            and self._document != read_json(self.body)
        ):
            budget.note_unknown("whether $input.path and $input.json see what the template changed in the body")

    def parameters(self) -> JavaMap:
        """Return what `$input.params()` gives."""
        if self._parameters is None:
            request = self.request
            self._parameters = JavaMap(
                path=JavaMap(request.path), querystring=JavaMap(request.query), header=JavaMap(request.headers)
            )
        return self._parameters


def _body_text(body: Payload) -> str:
    # An empty body reads as {} (recorded answers).
    return (body if isinstance(body, str) else body.decode(errors="replace")) or _EMPTY_BODY


def _body(host: Input, _: Budget) -> Value:
    return host.body


def _path(host: Input, arguments: Sequence[Value], budget: Budget) -> Value:
    match arguments:
        case [str(path)]:
            return evaluate_path(path, host.document(budget), budget)
        case _:
            return None


def _json(host: Input, arguments: Sequence[Value], budget: Budget) -> Value:
    match arguments:
        case [str(path)]:
            return _json_at(path, host.document(budget), budget)
        case _:
            return None


def _json_at(path: str, document: Value, budget: Budget) -> str:
    value = evaluate_path(path, document, budget)
    if value is not None:
        return json_text(value, budget)
    if not path_finds(path, document, budget):
        return '""'  # likely: Velocity 1.7 with Jayway, bound as documented
    budget.note_unknown("what $input.json gives for a JSON null")
    return "null"


def _params(host: Input, arguments: Sequence[Value], budget: Budget) -> Value:
    match arguments:
        case []:
            return host.parameters()
        case [str(name)]:
            return _parameter(host.request, name, budget)
        case _:
            return None


def _parameter(request: ClientRequest, name: str, budget: Budget) -> str:
    """Return a parameter of the path, the query string or a header, in this order; the empty text if there is none."""
    for parameters in (request.path, request.query, request.headers):
        if name in parameters:
            return parameters[name]
    return _header_in_another_case(request.headers, name, budget)


def _header_in_another_case(headers: Mapping[str, str], name: str, budget: Budget) -> str:
    for header, value in headers.items():
        if header.lower() == name.lower():
            budget.note_unknown(f"whether $input.params('{name}') finds the header {header}, in another case")
            return value
    return ""


Input.properties = MappingProxyType({"body": _body})
Input.methods = MappingProxyType({"path": _path, "json": _json, "params": _params})
