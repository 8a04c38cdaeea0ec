"""The methods of an OpenAPI definition, each with the place of its integration.

Local references (`$ref: '#/...'`) are followed where a path, an integration or one of its responses may be one (OpenAPI
specification, reference object). References to files and URLs are not: nothing that a document names is opened.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from reconciler.diagnostics import Diagnostic, error
from reconciler.engine.openapi.definitions import Definition
from reconciler.engine.openapi.functions import is_function
from reconciler.models.keys import MethodKey
from reconciler.openapi import INTEGRATION, VERBS
from reconciler.rules import InputRule
from reconciler.wording import code
from reconciler.yamlio.nodes import Path

_MOST_REFERENCES: Final = 32
"""References that may lead from one to the next."""


class BadReference(ValueError):  # noqa: N818 - read as "raise BadReference"
    """A reference that leads nowhere; `problem` says which and why."""

    def __init__(self, problem: Diagnostic) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True, slots=True)
class DefinedOperation:
    """A method of a definition; `integration` is the path of its integration, None if it has none."""

    key: MethodKey
    path: Path
    integration: Path | None


def operations(definition: Definition) -> tuple[tuple[DefinedOperation, ...], tuple[Diagnostic, ...]]:
    """Return every method, in the order of the document, and the references that cannot be followed."""
    found: list[DefinedOperation] = []
    problems: list[Diagnostic] = []
    for result in _operations(definition):
        if isinstance(result, DefinedOperation):
            found.append(result)
        else:
            problems.append(result)
    return tuple(found), tuple(problems)


def _operations(definition: Definition) -> Iterator[DefinedOperation | Diagnostic]:
    paths = (*definition.path, "paths")
    items = definition.node(paths)
    if not isinstance(items, Mapping):
        at = definition.at(paths)
        yield error(InputRule.OPENAPI, "the definition has no `paths`", "pass an OpenAPI definition of a REST API", at)
        return
    for name in items:
        if name.startswith("/"):
            try:
                yield from _of_path(definition, name, follow(definition, (*paths, name)))
            except BadReference as bad:
                yield bad.problem


def _of_path(definition: Definition, name: str, path: Path) -> Iterator[DefinedOperation | Diagnostic]:
    item = definition.node(path)
    if is_function(item):
        yield _undecided(definition, path)
    for key in item if isinstance(item, Mapping) else ():
        if key not in VERBS:
            continue
        method, integration = MethodKey(name, VERBS[key]), (*path, key, INTEGRATION)
        if is_function(definition.node((*path, key))):
            yield _undecided(definition, (*path, key))
            continue
        try:
            has_integration = definition.places.has(integration)
            followed = follow(definition, integration) if has_integration else None
        except BadReference as bad:
            yield bad.problem
        else:
            yield DefinedOperation(method, (*path, key), followed)


def _undecided(definition: Definition, path: Path) -> Diagnostic:
    message = f"a function of CloudFormation makes {code(str(path[-1]))}, and is not evaluated here"
    return error(InputRule.FUNCTION, message, "write the value out", definition.at(path))


def follow(definition: Definition, path: Path) -> Path:
    """Return where a chain of references ends; the path itself if it is no reference. Raises BadReference."""
    start = path
    for _ in range(_MOST_REFERENCES):
        node = definition.node(path)
        reference = node.get("$ref") if isinstance(node, Mapping) else None
        if not isinstance(reference, str):
            return path
        path = _target(definition, path, reference)
    message = f"more than {_MOST_REFERENCES} references follow each other, or they form a cycle"
    raise _bad(definition, start, message, "write the value out")


def _target(definition: Definition, path: Path, reference: str) -> Path:
    if not reference.startswith("#/"):
        message = f"the reference {code(reference)} leads out of this document"
        raise _bad(definition, path, message, "bundle the document into one file, or write the value out")
    steps = (unquote(step).replace("~1", "/").replace("~0", "~") for step in reference[2:].split("/"))
    target = (*definition.path, *steps)
    if not definition.places.has(target):
        raise _bad(definition, path, f"nothing is at {code(reference)}", "correct the reference")
    return target


def _bad(definition: Definition, path: Path, message: str, remedy: str) -> BadReference:
    return BadReference(error(InputRule.OPENAPI, message, remedy, definition.at((*path, "$ref"))))
