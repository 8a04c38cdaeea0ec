"""Sketch the outputs of a template without rendering it: every way through it, with a stand-in for each value.

A loop runs once or not at all, and each branch of an `#if` may be taken. So what an input can give is among the
outputs, up to the values: a template of which no output is JSON gives JSON for no input.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from reconciler.lint.templates.scope import API_GATEWAY, LOOP, TemplateScope, last_name
from reconciler.mapping.velocity.tree import (
    BareWord,
    Boolean,
    Break,
    Condition,
    Define,
    Expression,
    Foreach,
    If,
    Include,
    ListLiteral,
    Macro,
    MapLiteral,
    Method,
    Node,
    Number,
    Set,
    Statement,
    StatementBlock,
    Stop,
    StringLiteral,
    Text,
    UnknownDirective,
    VariableReference,
)

MOST_OUTPUTS: Final = 64
_PRINTED_CHANGES: Final = frozenset({"put", "putAll", "add", "addAll", "set", "remove"})
_VALUES_OF_UTIL: Final = frozenset({"escapeJavaScript", "urlEncode", "urlDecode", "base64Encode", "base64Decode"})


class Unsketched(Exception):  # noqa: N818 - no failure of the template's
    """A value may be any part of a text, or there are too many ways through the template."""


@dataclass(frozen=True, slots=True)
class OutputPiece:
    """A part of an output: the node that prints it, and its text, None for a value."""

    node: Node
    text: str | None


def outputs(tree: StatementBlock, scope: TemplateScope) -> Sequence[Sequence[OutputPiece]]:
    """Return all outputs as pieces. Raises Unsketched."""
    return [list(output) for output in _block(tree, scope)]


def _block(block: StatementBlock, scope: TemplateScope) -> list[tuple[OutputPiece, ...]]:
    ways: list[tuple[OutputPiece, ...]] = [()]
    for statement in block.statements:
        following = _statement(statement, scope)
        if len(following) > 1 or following[0]:
            ways = [(*before, *after) for before in ways for after in following]
        if len(ways) > MOST_OUTPUTS:
            raise Unsketched
    return ways


def _statement(statement: Statement, scope: TemplateScope) -> list[tuple[OutputPiece, ...]]:
    match statement:
        case Text(text=text) | UnknownDirective(text=text) | BareWord(word=text):
            return [(OutputPiece(statement, text),)]
        case VariableReference():
            return [tuple(_reference(statement, scope))]
        case If():
            return _branches(statement, scope)
        case Foreach(block=block):
            return [(), *_block(block, scope)]
        case Set() | Define() | Macro():
            return [()]
        case Break() | Stop() | Include():
            raise Unsketched
        case _:
            raise Unsketched


def _branches(statement: If, scope: TemplateScope) -> list[tuple[OutputPiece, ...]]:
    ways = [way for each in statement.conditions if not _is_of_next(each) for way in _block(each.block, scope)]
    ways += _block(statement.otherwise.block, scope) if statement.otherwise else [()]
    return list(dict.fromkeys(ways))


def _is_of_next(condition: Condition) -> bool:
    """Whether a branch is for all but the last turn of a loop, which runs once here."""
    match condition.condition:
        case VariableReference(root="foreach", accesses=(access,)):
            return last_name(access) == "hasNext"
        case VariableReference(root="velocityHasNext"):
            return True
        case _:
            return False


def _reference(reference: VariableReference, scope: TemplateScope) -> Iterator[OutputPiece]:
    if reference.before:
        yield OutputPiece(reference, reference.before)
    if reference.is_escaped:
        yield OutputPiece(reference, reference.text)
    elif scope.has(reference.root) or reference.root in API_GATEWAY or reference.root in LOOP:
        _require_value(reference, scope, frozenset())
        yield OutputPiece(reference, None)


def _require_value(value: Expression, scope: TemplateScope, seen: frozenset[str]) -> None:
    """Accept what prints as a whole value, if it is no text of the input's that happens to be more than that."""
    match value:
        case Number() | Boolean() | ListLiteral() | MapLiteral():
            return
        case StringLiteral(content=None, text=text) if text.replace(" ", "").replace("_", "").isalnum():
            return
        case VariableReference(accesses=(*_, Method(name=name))) if name in _PRINTED_CHANGES:
            raise Unsketched
        case VariableReference(root="util", accesses=(Method(name=name), *_)):
            if name not in _VALUES_OF_UTIL:
                raise Unsketched
        case VariableReference(root=root) if root in seen or not scope.has(root):
            return
        case VariableReference(root=root):
            if root in scope.defined:
                raise Unsketched
            for assigned in scope.values.get(root, []):
                _require_value(assigned, scope, seen | {root})
        case _:
            raise Unsketched
