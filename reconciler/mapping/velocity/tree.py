"""The syntax tree of a template: what the renderer compiles and the linter walks.

Every node has its place in the template: `offset` counts characters from 0, `line` and `column` from 1. A node within
an interpolated string has its place in the template too. References and directives start at their `$` or `#`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a template and its place."""

    offset: int
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Text(Node):
    """Text that is printed as it is, escapes resolved."""

    text: str


@dataclass(frozen=True, slots=True)
class Property(Node):
    """`.name` of a reference."""

    name: str


@dataclass(frozen=True, slots=True)
class Method(Node):
    """`.name(arguments)` of a reference."""

    name: str
    arguments: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Index(Node):
    """`[index]` of a reference."""

    index: "Expression"


Access: TypeAlias = Property | Method | Index


@dataclass(frozen=True, slots=True)
class VariableReference(Node):
    """`$root.a.b(1)[2]`, `$!root` or `${root}`.

    `text` is the reference as it is written, without backslashes before it. `before` is printed before the value:
    what backslashes leave, and `$` or `#` that touch the reference. An `is_escaped` reference prints `before` and
    `text`, not its value. `is_broken`: a backslash stands between `$` and `!`, and the reference is never found.
    """

    root: str
    accesses: tuple[Access, ...]
    text: str
    is_quiet: bool = False
    is_formal: bool = False
    is_escaped: bool = False
    is_broken: bool = False
    before: str = ""


@dataclass(frozen=True, slots=True)
class BareWord(Node):
    """A word without `$` where a value is expected, as in `$map.put("key", null)`: Velocity passes null."""

    word: str


@dataclass(frozen=True, slots=True)
class StringLiteral(Node):
    """A text in quotes; `text` is its content with `""` and the like resolved.

    `content` is the parsed content of an interpolated string, one in double quotes with a `$` or `#`, else None.
    `is_cut`: the last character of what `content` renders is dropped, as Velocity does.
    """

    text: str
    is_double_quoted: bool
    content: "StatementBlock | None" = None
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Number(Node):
    """An integer or, with a point or an exponent, a double."""

    value: int | float


@dataclass(frozen=True, slots=True)
class Boolean(Node):
    """`true` or `false`."""

    value: bool


@dataclass(frozen=True, slots=True)
class ListLiteral(Node):
    """`[a, b]`."""

    items: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Entry(Node):
    """`key: value` of a map literal."""

    key: "Expression"
    value: "Expression"


@dataclass(frozen=True, slots=True)
class MapLiteral(Node):
    """`{key: value, ...}`."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Range(Node):
    """`[low..high]`; both are integers or references."""

    low: "Expression"
    high: "Expression"


@dataclass(frozen=True, slots=True)
class Not(Node):
    """`!operand`, `not operand`."""

    operand: "Expression"


Operator: TypeAlias = Literal["||", "&&", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%"]


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """`left operator right`; words such as `and` are given as their signs. A long chain is a deep tree to the left."""

    operator: Operator
    left: "Expression"
    right: "Expression"


Expression: TypeAlias = (
    VariableReference | BareWord | StringLiteral | Number | Boolean | ListLiteral | MapLiteral | Range | Not | Binary
)


@dataclass(frozen=True, slots=True)
class StatementBlock(Node):
    """Statements in a row."""

    statements: tuple["Statement", ...]


@dataclass(frozen=True, slots=True)
class Condition(Node):
    """`#if(condition)` or `#elseif(condition)` with its block."""

    directive: Literal["#if", "#elseif"]
    condition: Expression
    block: StatementBlock


@dataclass(frozen=True, slots=True)
class Else(Node):
    """`#else` with its block."""

    block: StatementBlock


@dataclass(frozen=True, slots=True)
class If(Node):
    """A whole `#if ... #end`."""

    conditions: tuple[Condition, ...]
    otherwise: Else | None


@dataclass(frozen=True, slots=True)
class Set(Node):
    """`#set(target = value)`."""

    target: VariableReference
    value: Expression


@dataclass(frozen=True, slots=True)
class Foreach(Node):
    """`#foreach(variable in iterable)`; without an `iterable` the body is never rendered.

    `is_incomplete`: it has no `in` either, and fails when it is rendered.
    """

    variable: str
    iterable: Expression | None
    block: StatementBlock
    is_incomplete: bool = False


@dataclass(frozen=True, slots=True)
class Define(Node):
    """`#define($variable)`."""

    variable: str
    block: StatementBlock


@dataclass(frozen=True, slots=True)
class Break(Node):
    """`#break`, `#break($foreach)`."""

    scope: Expression | None


@dataclass(frozen=True, slots=True)
class Stop(Node):
    """`#stop`."""


@dataclass(frozen=True, slots=True)
class Macro(Node):
    """`#macro(name ...) ... #end`, which prints nothing and defines nothing in API Gateway."""

    name: str


@dataclass(frozen=True, slots=True)
class Include(Node):
    """`#include(...)` or `#parse(...)`, which fail: there are no other templates in API Gateway."""

    name: Literal["include", "parse"]


@dataclass(frozen=True, slots=True)
class UnknownDirective(Node):
    """`#name` or `#name(...)` that is no directive, `#evaluate` and calls of macros too: prints as `text`.

    `#hash` is one too. `has_arguments`: there are parentheses.
    """

    name: str
    text: str
    has_arguments: bool


Statement: TypeAlias = (
    Text
    | VariableReference
    | BareWord
    | If
    | Set
    | Foreach
    | Define
    | Break
    | Stop
    | Macro
    | Include
    | UnknownDirective
)


def walk(node: Node) -> Iterator[Node]:
    """Yield `node` and every node below it, in the order of the template."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        pending += reversed(list(_children(current)))


def _children(node: Node) -> Iterator[Node]:
    fields: tuple[str, ...] = node.__match_args__[3:]
    for field in fields:
        value = getattr(node, field)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from value
