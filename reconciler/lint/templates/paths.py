"""Find what part of the body a reference reads, as far as that is plain, and what is there in the bodies of tests."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Final, TypeAlias

from reconciler.lint.templates.scope import TemplateScope
from reconciler.mapping.velocity.tree import (
    Access,
    Expression,
    Index,
    Method,
    Property,
    StringLiteral,
    VariableReference,
)
from reconciler.step_budget import BudgetExceeded, StepBudget

BodyPath: TypeAlias = tuple[str | None, ...]
"""Names of members from the root of the body down; None is any item of a list."""

_JSONPATH: Final = re.compile(r"\$(?:\.[A-Za-z_][A-Za-z0-9_-]*|\['[^'\\]*'\]|\[(?:[0-9]+|\*)\])*")
_STEP: Final = re.compile(r"\.([A-Za-z_][A-Za-z0-9_-]*)|\['([^'\\]*)'\]|\[")
_LONGEST: Final = 20
_MOST_STEPS: Final = 50
"""For one reference: variables may be assigned from each other in many ways."""


def body_paths(reference: VariableReference, scope: TemplateScope) -> tuple[BodyPath, ...]:
    """Return the parts of the body that a reference may read; none if they are not plain to see."""
    paths: list[BodyPath] = []
    with suppress(BudgetExceeded):
        paths.extend(_paths(reference, scope, frozenset(), StepBudget(_MOST_STEPS)))
    return tuple(path for path in paths if len(path) <= _LONGEST)


def _paths(
    value: Expression | None, scope: TemplateScope, seen: frozenset[str], budget: StepBudget
) -> Iterator[BodyPath]:
    budget.spend()
    match value:
        case VariableReference(
            root="input", accesses=(Method(name="path", arguments=(StringLiteral(text=text),)), *rest)
        ):
            steps = _steps(rest)
            if _JSONPATH.fullmatch(text) and steps is not None:
                yield (*(name or quoted or None for name, quoted in _STEP.findall(text)), *steps)
        case VariableReference(root=root, accesses=accesses) if root not in seen:
            steps = _steps(accesses)
            if steps is not None:
                yield from ((*path, *steps) for path in _variable(root, scope, seen | {root}, budget))
        case _:
            pass


def _variable(root: str, scope: TemplateScope, seen: frozenset[str], budget: StepBudget) -> Iterator[BodyPath]:
    for value in scope.values.get(root, []):
        yield from _paths(value, scope, seen, budget)
    for iterable in scope.items.get(root, []):
        yield from ((*path, None) for path in _paths(iterable, scope, seen, budget))


def _steps(accesses: Iterable[Access]) -> BodyPath | None:
    steps: list[str | None] = []
    for access in accesses:
        match access:
            case Property(name=name) | Method(name="get", arguments=(StringLiteral(text=name),)):
                steps.append(name)
            case Index(index=StringLiteral(text=name)):
                steps.append(name)
            case Index():
                steps.append(None)
            case _:
                return None
    return tuple(steps)


def has_boolean(path: BodyPath, body: object) -> bool:
    """Whether there is a boolean at a path of a body."""
    found = [body]
    for step in path:
        found = [inner for each in found for inner in _inner(each, step)]
    return any(isinstance(each, bool) for each in found)


def _inner(value: object, step: str | None) -> Iterator[object]:
    if isinstance(value, dict):
        yield from value.values() if step is None else [value[step]] if step in value else []
    elif isinstance(value, list) and step is None:
        yield from value
