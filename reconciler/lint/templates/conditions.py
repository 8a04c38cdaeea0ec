"""Find existence tests that are always true.

In API Gateway only the boolean false is false (recorded answers): `#if($root.Item)` is true where there is no Item, and
for null, 0, empty texts and empty lists. A reference that may well be a boolean is not reported.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Final

from reconciler.lint.templates.findings import TemplateFinding, found_at
from reconciler.lint.templates.paths import body_paths
from reconciler.lint.templates.scope import LOOP, TemplateScope, last_name
from reconciler.mapping.velocity.tree import (
    Binary,
    Boolean,
    Condition,
    Expression,
    Index,
    ListLiteral,
    MapLiteral,
    Method,
    Node,
    Not,
    Property,
    VariableReference,
)
from reconciler.rules import LintRule
from reconciler.wording import code

_LOGIC: Final = frozenset({"&&", "||"})
_ARITHMETIC: Final = frozenset({"+", "-", "*", "/", "%"})
_TEXTS_OF_INPUT: Final = frozenset({"params", "json"})
_NO_BOOLEANS: Final = frozenset(
    {
        "path",
        "json",
        "params",
        "parseJson",
        "escapeJavaScript",
        "urlEncode",
        "urlDecode",
        "base64Encode",
        "base64Decode",
    }
    | {
        "get",
        "size",
        "length",
        "keySet",
        "values",
        "entrySet",
        "split",
        "replace",
        "replaceAll",
        "replaceFirst",
        "trim",
    }
    | {"substring", "indexOf", "lastIndexOf", "toString", "toLowerCase", "toUpperCase", "concat", "intValue"}
)
"""Methods that give no boolean, or one only where the body itself has a boolean."""

_NAMED_AS_BOOLEAN: Final = re.compile(
    r"(?:is|has|can|should|was|are)[A-Z_].*|enabled|disabled|success|active|deleted|valid"
)
_TEXTS_OF_CONTEXT: Final = frozenset({"authorizer", "identity", "error"})


def always_true(nodes: Iterable[Node], scope: TemplateScope) -> Iterator[TemplateFinding]:
    """Yield each reference in a condition whose mere existence is tested."""
    booleans = _boolean_variables(scope)
    for node in nodes:
        if isinstance(node, Condition):
            for reference, is_negated in _truths(node.condition, is_negated=False):
                if not _may_be_boolean(reference, scope, booleans):
                    finding = _finding(reference, node.directive, is_negated=is_negated)
                    yield replace(finding, reads=body_paths(reference, scope))


def _finding(reference: VariableReference, directive: str, *, is_negated: bool) -> TemplateFinding:
    sign, verdict = ("!", "false") if is_negated else ("", "true")
    test = code(f"{directive}({sign}{reference.text})")
    message = f"{test} is {verdict} for every value but the boolean false, even if there is no value"
    compared = code(f'{directive}({reference.text} {"==" if is_negated else "!="} "")')
    return found_at(reference, LintRule.ALWAYS_TRUE, message, f"write {compared} to test whether there is a value")


def _truths(condition: Expression, *, is_negated: bool) -> Iterator[tuple[VariableReference, bool]]:
    """Yield the references that are taken as true or false themselves, and whether they are negated."""
    pending = [(condition, is_negated)]
    while pending:
        expression, negated = pending.pop()
        match expression:
            case VariableReference():
                yield expression, negated
            case Not(operand=operand):
                pending.append((operand, not negated))
            case Binary(operator=operator, left=left, right=right) if operator in _LOGIC:
                pending += [(right, negated), (left, negated)]
            case _:
                pass


def _may_be_boolean(reference: VariableReference, scope: TemplateScope, booleans: AbstractSet[str]) -> bool:
    root, accesses = reference.root, reference.accesses
    last = accesses[-1] if accesses else None
    if scope.has(root):
        return _member_may_be_boolean(reference, scope, booleans) if last else root in booleans
    match root, accesses:
        case "stageVariables", _:
            return False
        case "input", (Method(name=name),):
            return name not in _TEXTS_OF_INPUT
        case "context", (Property(name=name), *_):
            return name not in _TEXTS_OF_CONTEXT or isinstance(last, Method)
        case _:
            return True  # of a loop, or reported as undefined or unknown


def _member_may_be_boolean(reference: VariableReference, scope: TemplateScope, booleans: AbstractSet[str]) -> bool:
    last = reference.accesses[-1]
    if isinstance(last, Method) or _NAMED_AS_BOOLEAN.fullmatch(last_name(last)):
        return True
    if reference.root in scope.changed or isinstance(last, Index):
        return True
    literals = (isinstance(value, MapLiteral | ListLiteral) for value in scope.values.get(reference.root, ()))
    assigned = scope.members.get(last_name(last), ())
    return any(literals) or any(_gives_boolean(value, scope) or _variable(value) in booleans for value in assigned)


def _boolean_variables(scope: TemplateScope) -> AbstractSet[str]:
    """Return the variables that may be a boolean, by any assignment."""
    copies: defaultdict[str, list[str]] = defaultdict(list)
    pending: list[str] = []
    for name, values in scope.values.items():
        for value in values:
            copies[_variable(value)].append(name)
        if any(_gives_boolean(value, scope) for value in values):
            pending.append(name)
    pending += [name for name, items in scope.items.items() if any(isinstance(each, ListLiteral) for each in items)]
    booleans: set[str] = set()
    while pending:
        name = pending.pop()
        if name not in booleans:
            booleans.add(name)
            pending += copies[name]
    return booleans


def _variable(value: Expression) -> str:
    """Return the variable that a value is a copy of; "" for any other value."""
    return value.root if isinstance(value, VariableReference) and not value.accesses else ""


def _gives_boolean(value: Expression, scope: TemplateScope) -> bool:
    """Whether a value may be a boolean by itself, not as a copy of a variable."""
    match value:
        case Boolean() | Not():
            return True
        case Binary(operator=operator):
            return operator not in _ARITHMETIC
        case VariableReference(root=root, accesses=()):
            return root in LOOP and not scope.has(root)
        case VariableReference(accesses=accesses):
            last = accesses[-1]
            if isinstance(last, Method):
                return last.name not in _NO_BOOLEANS
            return value.root in LOOP or _NAMED_AS_BOOLEAN.fullmatch(last_name(last)) is not None
        case _:
            return False
