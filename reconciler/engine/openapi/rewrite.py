"""The edits that give the integrations of a definition the responses of the manifests. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reconciler.diagnostics import Diagnostic, any_error, error, warning
from reconciler.engine.openapi.clashes import clashes
from reconciler.engine.openapi.definitions import Definition
from reconciler.engine.openapi.desired import DeclaredMethod, declared_methods
from reconciler.engine.openapi.operations import follow
from reconciler.engine.openapi.read import MAPS, DefinedMethod, ReadDefinition, read
from reconciler.models.desired import Desired
from reconciler.models.keys import MethodKey
from reconciler.models.responses import RestResponse
from reconciler.openapi import DEFAULT, INTEGRATION
from reconciler.rules import InputRule
from reconciler.yamlio.edit import Edit
from reconciler.yamlio.nodes import Path


@dataclass(frozen=True, slots=True)
class MethodChange:
    """What changes in the responses of a method: their statuses."""

    address: str
    created: tuple[str, ...]
    updated: tuple[str, ...]
    deleted: tuple[str, ...]
    unchanged: tuple[str, ...]

    @property
    def is_change(self) -> bool:
        """Whether anything changes."""
        return bool(self.created or self.updated or self.deleted)


@dataclass(slots=True)
class Rewrite:
    """The edits of a file by the map that each is in, what they change, and what prevents them."""

    edits: dict[Path, list[Edit]] = field(default_factory=dict)
    changes: list[MethodChange] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)


def rewrite(definition: Definition, manifests: Sequence[Desired]) -> Rewrite:
    """Return the edits for every method that the manifests of one API list."""
    return _Rewriter(definition, declared_methods(manifests)).run()


class _Rewriter:
    """Makes the edits of one definition."""

    def __init__(self, definition: Definition, listed: Sequence[DeclaredMethod]) -> None:
        self._definition = definition
        self._listed = listed
        self._read: ReadDefinition = read(definition)
        self._result = Rewrite()
        self._written: dict[Path, tuple[DeclaredMethod, Mapping[str, RestResponse]]] = {}

    def run(self) -> Rewrite:
        """Return the edits of all methods."""
        self._result.problems += self._read.broken
        for listed in self._listed:
            problems = list(self._problems(listed))
            self._result.problems += problems
            if not any_error(problems) and not self._read.methods[listed.key].is_proxy:
                self._write(listed, self._read.methods[listed.key])
        return self._result

    def _problems(self, listed: DeclaredMethod) -> Iterator[Diagnostic]:
        """Yield what keeps a method from being written."""
        operation = self._read.operations.get(listed.key)
        if operation is None:
            yield self._missing(listed)
        elif operation.integration is None:
            message = f"{listed.key} has no `{INTEGRATION}`"
            at = self._definition.at(operation.path)
            yield error(InputRule.OPENAPI, message, f"add it, or remove the method of {listed.address}", at)
        elif listed.key not in self._read.methods:
            yield from self._read.problems[listed.key]
        elif self._read.methods[listed.key].is_proxy and listed.has_own_responses():
            kind = self._read.methods[listed.key].integration_type
            message = f"{listed.address}: {kind} integrations ignore integration responses: nothing is written"
            remedy = "remove the method from the manifest, or use a non-proxy integration"
            yield warning(InputRule.OPENAPI, message, remedy, listed.ownership.location)

    def _missing(self, listed: DeclaredMethod) -> Diagnostic:
        has_any = MethodKey(listed.key.path, "ANY") in self._read.operations
        other = "; `x-amazon-apigateway-any-method` there is another method, ANY" if has_any else ""
        message = f"{listed.address} is not in {self._definition.words}{other}"
        remedy = "add the method to the document, or remove it from the manifest"
        return error(InputRule.OPENAPI, message, remedy, listed.ownership.location)

    def _write(self, listed: DeclaredMethod, method: DefinedMethod) -> None:
        responses = listed.responses(method.responses)
        problems = list(clashes(listed, responses))
        if not problems and responses != method.responses:
            problems += self._sharing(listed, method.integration, responses)
        self._result.problems += problems
        self._result.changes.append(_change(listed.address, method.responses, responses))
        if not problems and method.integration not in self._written:
            edits = list(_edits(self._definition, method, responses))
            if edits:
                self._result.edits[*method.integration, "responses"] = edits
        self._written.setdefault(method.integration, (listed, responses))

    def _sharing(
        self, listed: DeclaredMethod, integration: Path, responses: Mapping[str, RestResponse]
    ) -> Iterator[Diagnostic]:
        """Yield an error if other methods share the integration by reference, and are to stay or become different."""
        first, written = self._written.get(integration, (listed, responses))
        if written != responses:
            message = f"{listed.address} and {first.address} share one integration, and differ in their responses"
            yield self._shared(message, listed)
        keys = {each.key for each in self._listed}
        for key, method in self._read.methods.items():
            if method.integration == integration and key not in keys:
                yield self._shared(f"{listed.address} shares its integration with {key}, which is not listed", listed)

    def _shared(self, message: str, listed: DeclaredMethod) -> Diagnostic:
        remedy = f"write the integration of {listed.key} out, without `$ref`, or give them the same responses"
        return error(InputRule.OPENAPI, message, remedy, listed.ownership.location)


def _change(address: str, before: Mapping[str, RestResponse], after: Mapping[str, RestResponse]) -> MethodChange:
    common = sorted(before.keys() & after.keys())
    return MethodChange(
        address,
        created=tuple(sorted(after.keys() - before.keys())),
        updated=tuple(status for status in common if before[status] != after[status]),
        deleted=tuple(sorted(before.keys() - after.keys())),
        unchanged=tuple(status for status in common if before[status] == after[status]),
    )


def _edits(definition: Definition, method: DefinedMethod, responses: Mapping[str, RestResponse]) -> Iterator[Edit]:
    """Yield the edits that turn the responses of a method into these."""
    path = (*method.integration, "responses")
    wanted = {
        response.selection_pattern or DEFAULT: _KeyedResponse(status, response)
        for status, response in responses.items()
    }
    if not isinstance(definition.node(path), Mapping):
        if wanted:
            yield Edit(0, path, {key: entry.content() for key, entry in wanted.items()})
        return
    held = {str(place[-1]): _KeyedResponse(status, method.responses[status]) for status, place in method.places.items()}
    names = {key: "" if key == DEFAULT and "" in held else key for key in wanted}
    yield from (Edit(0, (*path, name), None) for name in held if name not in names.values())
    for key, entry in wanted.items():
        yield from _entry_edits(definition, (*path, names[key]), held.get(names[key]), entry)


def _entry_edits(
    definition: Definition, place: Path, old: "_KeyedResponse | None", new: "_KeyedResponse"
) -> Iterator[Edit]:
    """Yield the edits of one response; one that is a reference is written out, as others may share it."""
    if old == new:
        return
    if old is None or follow(definition, place) != place:
        yield Edit(0, place, new.content())
    else:
        yield from _field_edits(place, old, new)


@dataclass(frozen=True, slots=True)
class _KeyedResponse:
    """An entry of `responses`."""

    status: str
    response: RestResponse

    def content(self) -> dict[str, str | dict[str, str]]:
        """Return it as it is written."""
        fields = {name: value for name, value in self.response.document().items() if name != "selectionPattern"}
        return {
            "statusCode": self.status,
            **{name: value if isinstance(value, str) else dict(value or {}) for name, value in fields.items()},
        }


def _field_edits(place: Path, old: _KeyedResponse, new: _KeyedResponse) -> Iterator[Edit]:
    """Yield the edits of the fields that differ."""
    if old.status != new.status:
        yield Edit(0, (*place, "statusCode"), new.status)
    if old.response.content_handling != new.response.content_handling:
        yield Edit(0, (*place, "contentHandling"), new.response.content_handling)
    before, after = old.response.fields(), new.response.fields()
    for name in MAPS:
        yield from _map_edits((*place, name), before[name], after[name])


def _map_edits(path: Path, before: object, after: object) -> Iterator[Edit]:
    if not isinstance(before, Mapping) or not isinstance(after, Mapping) or before == after:
        return
    if not after or not before:
        yield Edit(0, path, dict(after) or None)
        return
    for key in dict.fromkeys((*before, *after)):
        if before.get(key) != after.get(key):
            yield Edit(0, (*path, key), after.get(key))
