"""Sketch the outputs of a template without rendering it: every way through it, with a stand-in for each value.

A loop runs once or not at all, and each branch of an `#if` may be taken. So what an input can give is among the
outputs, up to the values: a template of which no output is JSON gives JSON for no input.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reconciler.lint.templates.scope import TemplateScope, last_name
from reconciler.mapping.velocity.tree import (
    BareWord,
    Boolean,
    Condition,
    Define,
    Expression,
    Foreach,
    If,
    ListLiteral,
    Macro,
    MapLiteral,
    Method,
    Node,
    Number,
    Set,
    Statement,
    StatementBlock,
    StringLiteral,
    Text,
    UnknownDirective,
    VariableReference,
)

MOST_OUTPUTS: Final = 32
_WORDS: Final = re.compile(r"[\w ]+")
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
    return _Sketch(scope).block(tree)


class _Sketch:
    """Sketches one template; `_values` are the variables that are known to hold whole values."""

    def __init__(self, scope: TemplateScope) -> None:
        self._scope = scope
        self._values: set[str] = set()

    def block(self, block: StatementBlock) -> list[list[OutputPiece]]:
        """Return the outputs of a block."""
        ways: list[list[OutputPiece]] = [[]]
        for statement in block.statements:
            following = self._statement(statement)
            if len(following) * len(ways) > MOST_OUTPUTS:
                raise Unsketched
            if len(following) == 1:
                for way in ways:
                    way.extend(following[0])
            else:
                ways = [[*before, *after] for before in ways for after in following]
        return ways

    def _statement(self, statement: Statement) -> Sequence[Sequence[OutputPiece]]:
        match statement:
            case Text(text=text) | UnknownDirective(text=text) | BareWord(word=text):
                return [[OutputPiece(statement, text)]]
            case VariableReference():
                return [self._reference(statement)]
            case If():
                return self._branches(statement)
            case Foreach(block=block):
                return [[], *self.block(block)]
            case Set() | Define() | Macro():
                return [[]]
            case _:  # whatever ends the output
                raise Unsketched

    def _branches(self, statement: If) -> Sequence[Sequence[OutputPiece]]:
        ways = [way for each in statement.conditions if not _is_of_next(each) for way in self.block(each.block)]
        return [*ways, *(self.block(statement.otherwise.block) if statement.otherwise else [[]])]

    def _reference(self, reference: VariableReference) -> Sequence[OutputPiece]:
        before = [OutputPiece(reference, reference.before)] if reference.before else []
        if reference.is_escaped:
            return [*before, OutputPiece(reference, reference.text)]
        self._require_value(reference)
        return [*before, OutputPiece(reference, None)]

    def _require_value(self, reference: VariableReference) -> None:
        """Accept what prints as a whole value, unless a text of the input's happens to be more than that."""
        pending: list[Expression] = [reference]
        while pending:
            value = pending.pop()
            if not _is_value(value) or (isinstance(value, VariableReference) and value.root in self._scope.defined):
                raise Unsketched
            if isinstance(value, VariableReference) and value.root not in self._values:
                self._values.add(value.root)
                pending += self._scope.values.get(value.root, [])


def _is_of_next(condition: Condition) -> bool:
    """Whether a branch is for all but the last turn of a loop, which runs once here."""
    match condition.condition:
        case VariableReference(root="foreach", accesses=(access,)):
            return last_name(access) == "hasNext"
        case VariableReference(root="velocityHasNext"):
            return True
        case _:
            return False


def _is_value(value: Expression) -> bool:
    match value:
        case Number() | Boolean() | ListLiteral() | MapLiteral():
            return True
        case StringLiteral(content=None, text=text):
            return _WORDS.fullmatch(text) is not None
        case VariableReference(accesses=(*_, Method(name=name))) if name in _PRINTED_CHANGES:
            return False
        case VariableReference(root="util", accesses=(Method(name=name), *_)):
            return name in _VALUES_OF_UTIL
        case _:
            return isinstance(value, VariableReference)
