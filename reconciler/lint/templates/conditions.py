"""Find existence tests that are always true.

In API Gateway only the boolean false is false (recorded answers): `#if($root.Item)` is true where there is no Item, and
for null, 0, empty texts and empty lists. A reference that may well be a boolean is not reported.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from reconciler.lint.templates.findings import TemplateFinding, found_at
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
    for node in nodes:
        if isinstance(node, Condition):
            for reference, is_negated in _truths(node.condition, is_negated=False):
                if not _may_be_boolean(reference, scope):
                    yield _finding(reference, node.directive, is_negated=is_negated)


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


def _may_be_boolean(reference: VariableReference, scope: TemplateScope) -> bool:
    root, accesses = reference.root, reference.accesses
    last = accesses[-1] if accesses else None
    if scope.has(root):
        return _member_may_be_boolean(reference, scope) if last else _variable_may_be_boolean(root, scope)
    match root, accesses:
        case "stageVariables", _:
            return False
        case "input", (Method(name=name),):
            return name not in _TEXTS_OF_INPUT
        case "context", (Property(name=name), *_):
            return name not in _TEXTS_OF_CONTEXT or isinstance(last, Method)
        case _:
            return True  # of a loop, or reported as undefined or unknown


def _member_may_be_boolean(reference: VariableReference, scope: TemplateScope) -> bool:
    last = reference.accesses[-1]
    if isinstance(last, Method) or _NAMED_AS_BOOLEAN.fullmatch(last_name(last)):
        return True
    if reference.root in scope.changed or isinstance(last, Index):
        return True
    assigned = scope.members.get(last_name(last), [])
    literals = [value for value in scope.values.get(reference.root, []) if isinstance(value, MapLiteral | ListLiteral)]
    return bool(literals) or any(_gives_boolean(value, scope, frozenset()) for value in assigned)


def _variable_may_be_boolean(name: str, scope: TemplateScope, seen: frozenset[str] = frozenset()) -> bool:
    if name in seen:
        return False
    seen |= {name}
    if any(_gives_boolean(value, scope, seen) for value in scope.values.get(name, [])):
        return True
    return any(isinstance(iterable, ListLiteral) for iterable in scope.items.get(name, []))


def _gives_boolean(value: Expression, scope: TemplateScope, seen: frozenset[str]) -> bool:
    match value:
        case Boolean() | Not():
            return True
        case Binary(operator=operator):
            return operator not in _ARITHMETIC
        case VariableReference(root=root, accesses=()):
            return _variable_may_be_boolean(root, scope, seen) if scope.has(root) else root in LOOP
        case VariableReference(accesses=accesses):
            last = accesses[-1]
            if isinstance(last, Method):
                return last.name not in _NO_BOOLEANS
            return value.root in LOOP or _NAMED_AS_BOOLEAN.fullmatch(last_name(last)) is not None
        case _:
            return False
