"""openapi: the responses of the manifests, written into an OpenAPI document.

An import of the document (PutRestApi) replaces every integration, responses included: with the manifests' responses in
the document, it wipes none. All or nothing: with an error, no edit is made. Offline.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reconciler.diagnostics import Diagnostic, any_error, error, in_order, limited, warning
from reconciler.engine.call_inputs import InputFile
from reconciler.engine.load.load import LoadResult, load_manifests, no_manifests
from reconciler.engine.load.request import Request
from reconciler.engine.openapi.definitions import Definition, find_definitions, unknown_value
from reconciler.engine.openapi.desired import rest_manifests
from reconciler.engine.openapi.functions import UnknownValue
from reconciler.engine.openapi.rewrite import MethodChange, Rewrite, rewrite
from reconciler.errors import ExitCode, UsageError
from reconciler.models.desired import Desired
from reconciler.models.targets import ApiRef
from reconciler.ports import Files
from reconciler.rules import InputRule
from reconciler.yamlio.foreign import edit_maps


@dataclass(frozen=True, slots=True)
class DefinitionUpdate:
    """A document before and after, the changes of each method, and the problems."""

    file: str
    before: bytes
    after: bytes
    changes: tuple[MethodChange, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def is_change(self) -> bool:
        """Whether the document changes."""
        return self.before != self.after

    @property
    def is_failed(self) -> bool:
        """Whether there are errors, so that nothing is to be written."""
        return any_error(self.diagnostics)

    def exit_code(self, *, check: bool) -> ExitCode:
        """1 with an error; 2 if a `check` finds that the document would change; else 0."""
        if self.is_failed:
            return ExitCode.FAILED
        return ExitCode.DIFFERENCES if check and self.is_change else ExitCode.OK


def update_definitions(
    request: Request, files: Files, document: InputFile, values: Mapping[str, str]
) -> DefinitionUpdate:
    """Return the document with the responses of the manifests of its APIs; `values` as in `find_definitions`.

    Raises UsageError as `load_manifests`, and if the manifests are for several environments.
    """
    loaded = load_manifests(request, files, today="")
    _require_one_environment(loaded)
    problems = list(loaded.diagnostics)
    if loaded.is_empty and not any_error(problems):
        problems.append(no_manifests(request))
    found = find_definitions(document, values)
    problems += found.diagnostics
    if any_error(problems):
        return _unchanged(document, problems)
    rewrites: list[Rewrite] = []
    for match in _matches(rest_manifests(loaded.projects), found.definitions):
        if isinstance(match, Diagnostic):
            problems.append(match)
        else:
            rewrites.append(rewrite(*match))
    problems += (problem for each in rewrites for problem in each.problems)
    changes = tuple(change for each in rewrites for change in each.changes)
    if any_error(problems):
        return _unchanged(document, problems, changes)
    return _edited(document, rewrites, problems, changes)


def _require_one_environment(loaded: LoadResult) -> None:
    names = [project.name for project in loaded.projects if project.name]
    if len(set(names)) > 1:
        message = f"a document has the responses of one environment, and {', '.join(names)} are selected"
        raise UsageError(message, f"choose one, as in --env {names[0]}")


def _unchanged(
    document: InputFile, problems: Sequence[Diagnostic], changes: tuple[MethodChange, ...] = ()
) -> DefinitionUpdate:
    return DefinitionUpdate(document.name, document.content, document.content, changes, limited(in_order(problems)))


def _edited(
    document: InputFile, rewrites: Sequence[Rewrite], problems: Sequence[Diagnostic], changes: tuple[MethodChange, ...]
) -> DefinitionUpdate:
    """Make the edits; if one of them cannot be made, none is."""
    edits = {path: edits for each in rewrites for path, edits in each.edits.items()}
    result = edit_maps(document.content, edits) if edits else None
    if result is None or result.rejected:
        rejected = result.rejected if result else ()
        places = find_definitions(document, {}).definitions[0].places
        refused = (
            error(InputRule.OPENAPI, f"this cannot be changed here: {each.reason}", "edit it by hand", at)
            for each in rejected
            for at in [places.of_key(each.edit.path)]
        )
        return _unchanged(document, [*problems, *refused], changes)
    return DefinitionUpdate(document.name, document.content, result.content, changes, limited(in_order(problems)))


def _matches(
    apis: Mapping[ApiRef, list[Desired]], definitions: Sequence[Definition]
) -> Iterator[tuple[Definition, Sequence[Desired]] | Diagnostic]:
    """Yield each definition with the manifests of its API: by name, or the only API there is."""
    named = {ref.name: manifests for ref, manifests in apis.items() if ref.name}
    alone = next(iter(apis.values())) if len(apis) == 1 and len(definitions) == 1 else None
    matched = False
    unmatched: list[Diagnostic] = []
    for definition in definitions:
        at = definition.at((*definition.path, "info", "title"))
        try:
            title = definition.title
        except UnknownValue as unknown:
            yield unknown_value(unknown, at)
            continue
        manifests = named.get(title, alone)
        if manifests is None:
            message = f"no manifest is for the API {title!r}"
            remedy = "select its manifest by PATH or --selector; `spec.api.name` has to be `info.title`"
            unmatched.append(error(InputRule.OPENAPI, message, remedy, at))
            continue
        if title not in named and (name := manifests[0].manifests[0].api.name):
            message = f"`info.title` is {title!r}, and the API of the manifest is named {name!r}"
            yield warning(InputRule.OPENAPI, message, "an import renames the API to `info.title`", at)
        matched = True
        yield definition, manifests
    # A template may hold APIs that nobody reconciles
    yield from () if matched else unmatched
