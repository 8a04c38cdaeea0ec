"""Compile the filters of a JSONPath, `[?(@.price > 10)]`, with the library python-jsonpath.

Of its syntax only what Jayway has is left: the lexer below is a closed list. So is what can be reached: paths are our
own, no function of the library can be called. This module is the only one that imports the library, which takes 48 ms.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from reconciler.errors import ReconcilerError
from reconciler.mapping.java.values import Value
from reconciler.mapping.json_reader import InvalidJson, read_json
from reconciler.mapping.jsonpath import compile_path
from reconciler.mapping.jsonpath_comparisons import MISSING, OPERATORS, Operand, compare, read_pattern
from reconciler.mapping.jsonpath_steps import Condition, Nodes
from reconciler.mapping.jsonpath_syntax import InvalidPath, unescape
from reconciler.wording import shown

try:
    from jsonpath import JSONPathEnvironment
    from jsonpath.exceptions import JSONPathError
    from jsonpath.filter import BaseExpression, FilterExpressionLiteral, InfixExpression
    from jsonpath.lex import Lexer
    from jsonpath.parse import Parser
    from jsonpath.selectors import FilterContext
    from jsonpath.stream import TokenStream
    from jsonpath.token import (
        TOKEN_AND,
        TOKEN_EOF,
        TOKEN_LPAREN,
        TOKEN_NOT,
        TOKEN_OR,
        Token,
    )
except ImportError:
    raise ReconcilerError(
        "the installed module jsonpath is not that of python-jsonpath",
        "run: pip uninstall jsonpath && pip install --force-reinstall python-jsonpath",
    ) from None

_STRING, _PATTERN, _JSON, _PATH, _NUMBER, _WORD = "STRING", "PATTERN", "JSON", "PATH", "NUMBER", "WORD"
_WORDS: Final[dict[str, Value]] = {"true": True, "false": False, "null": None}

_TOKENS: Final = re.compile(
    r"""
    (?P<STRING>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    |(?P<PATTERN>/(?:[^/\\]|\\.)*/[A-Za-z]*)
    |(?P<PATH>[$@])
    |(?P<JSON>[\[{])
    |(?P<NUMBER>[0-9.-][0-9.eE+-]*)
    |(?P<WORD>[A-Za-z]+)
    |(?P<TOKEN_NOT>!(?!=))
    |(?P<OPERATOR>[<>=~!]+)
    |(?P<TOKEN_AND>&&)
    |(?P<TOKEN_OR>\|\|)
    |(?P<TOKEN_LPAREN>\()
    |(?P<TOKEN_RPAREN>\))
    |(?P<TOKEN_WHITESPACE>[ ]+)
    """,
    re.VERBOSE | re.DOTALL,
)
_BRACKETS: Final = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|[\[\]{}]", re.DOTALL)
_PATH_PART: Final = re.compile(r"\(\)|[^ <>=~!\[()]+")


def compile_condition(text: str) -> Condition:
    """Return a function that says whether a node meets the condition between the parentheses of a filter.

    Raises InvalidPath, or PathNotFollowed where the condition is not evaluated here.
    """
    stream = TokenStream(_environment.lexer.tokenize(text))
    try:
        expression = _environment.parser.parse_filter_expression(stream)
    except JSONPathError as refused:
        raise InvalidPath(f"the filter ({shown(text)}) has an {refused.args[0]}") from None
    if stream.current().kind != TOKEN_EOF or isinstance(expression, FilterExpressionLiteral):
        raise InvalidPath(f"the filter ({shown(text)}) is no comparison or path")

    def holds(node: Value, nodes: Nodes) -> bool:
        context = FilterContext(env=_environment, current=node, root=nodes)  # type: ignore[arg-type]
        return _environment.is_truthy(expression.evaluate(context))

    return holds


class _Found:
    """What a path found; it exists, whatever it is."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value


class _FilterLexer(Lexer):
    def __init__(self, *, env: JSONPathEnvironment) -> None:
        self.env = env

    def tokenize(self, path: str) -> Iterator[Token]:
        at = 0
        while at < len(path):
            match = _TOKENS.match(path, at)
            if match is None:
                raise InvalidPath(f"the filter ({shown(path)}) has an unexpected {path[at]!r}")
            kind = match.lastgroup or ""
            start, at = at, match.end()
            if kind == _PATH:
                at = _path_end(path, at)
            elif kind == _JSON:
                at = _closing_bracket(path, start)
            yield Token(_kind(kind, path[start:at]), path[start:at], start, path)


def _kind(kind: str, value: str) -> str:
    """Return the kind of a token: operators are kinds of their own, in capitals if they are words."""
    if kind not in {"OPERATOR", _WORD} or value in _WORDS:
        return kind
    operator = value.upper()
    if operator not in OPERATORS:
        raise InvalidPath(f"{value} is no operator")
    return operator


def _closing_bracket(text: str, start: int) -> int:
    """Return the offset behind the bracket that closes the one at `start`."""
    depth = 0
    for match in _BRACKETS.finditer(text, start):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return match.end()
    raise InvalidPath("a bracket is not closed")


def _path_end(text: str, at: int) -> int:
    """Return the offset behind a path: it ends before a blank, a comparison or a parenthesis, but not before &&."""
    while at < len(text):
        part = _PATH_PART.match(text, at)
        if part:
            at = part.end()
        elif text[at] == "[":
            at = _closing_bracket(text, at)
        else:
            break
    return at


class _FilterPath(BaseExpression):
    __slots__ = ("is_relative", "path")

    def __init__(self, text: str) -> None:
        self.is_relative = text.startswith("@")
        self.path = compile_path(text)
        super().__init__()

    def evaluate(self, context: FilterContext) -> object:
        nodes: Nodes = context.root  # type: ignore[assignment]
        start: Value = context.current if self.is_relative else nodes.root  # type: ignore[assignment]
        if self.path.is_definite and not self.path.find(nodes, start):
            return MISSING
        return _Found(self.path.evaluate(nodes, start))

    async def evaluate_async(self, context: FilterContext) -> object:
        raise NotImplementedError

    def children(self) -> list[BaseExpression]:
        return []

    def set_children(self, children: list[BaseExpression]) -> None:
        raise NotImplementedError


class _FilterComparison(InfixExpression):
    __slots__ = ()

    def evaluate(self, context: FilterContext) -> bool:
        nodes: Nodes = context.root  # type: ignore[assignment]
        left, right = (_operand(side.evaluate(context)) for side in (self.left, self.right))
        return compare(left, self.operator, right, nodes.budget)


def _operand(value: object) -> Operand:
    return value.value if isinstance(value, _Found) else value  # type: ignore[return-value]


class _FilterParser(Parser):
    def __init__(self, *, env: JSONPathEnvironment) -> None:
        super().__init__(env=env)
        self.BINARY_OPERATORS = {TOKEN_AND: "&&", TOKEN_OR: "||", **{operator: operator for operator in OPERATORS}}
        self.PRECEDENCES = {
            **dict.fromkeys(OPERATORS, self.PRECEDENCE_RELATIONAL),
            TOKEN_AND: self.PRECEDENCE_LOGICAL_AND,
            TOKEN_OR: self.PRECEDENCE_LOGICAL_OR,
        }
        self.token_map = {
            _STRING: _literal(lambda text: unescape(text[1:-1])),
            _PATTERN: _literal(_read_pattern),
            _JSON: _literal(_read_json),
            _NUMBER: _literal(_read_number),
            _WORD: _literal(_WORDS.__getitem__),
            _PATH: lambda stream: _FilterPath(stream.next().value),
            TOKEN_LPAREN: self.parse_grouped_expression,
            TOKEN_NOT: self.parse_prefix_expression,
        }

    def parse_infix_expression(self, stream: TokenStream, left: BaseExpression) -> BaseExpression:
        operator = stream.next().kind
        if operator not in self.PRECEDENCES:
            raise InvalidPath("a comparison without an operator")
        right = self.parse_filter_expression(stream, self.PRECEDENCES[operator])
        is_logical = operator in {TOKEN_AND, TOKEN_OR}
        if any(isinstance(side, FilterExpressionLiteral if is_logical else InfixExpression) for side in (left, right)):
            raise InvalidPath(f"an operand of {self.BINARY_OPERATORS[operator]} is of the wrong kind")
        expression = InfixExpression if is_logical else _FilterComparison
        return expression(left, self.BINARY_OPERATORS[operator], right)


def _literal(read: Callable[[str], object]) -> Callable[[TokenStream], BaseExpression]:
    return lambda stream: FilterExpressionLiteral(value=read(stream.next().value))


def _read_pattern(text: str) -> object:
    java, _, flags = text[1:].rpartition("/")
    return read_pattern(java, flags)


def _read_json(text: str) -> Value:
    try:
        return read_json(text)
    except InvalidJson as refused:
        raise InvalidPath(f"{shown(text)} is no JSON: {refused}") from None


def _read_number(text: str) -> Value:
    number = read_json(text)
    if isinstance(number, str):
        raise InvalidPath(f"{shown(text)} is no number")
    return number


class _FilterEnvironment(JSONPathEnvironment):
    lexer_class = _FilterLexer
    parser_class = _FilterParser

    def setup_function_extensions(self) -> None:
        """Leave out all functions of the library."""

    def is_truthy(self, obj: object) -> bool:
        return obj is True or isinstance(obj, _Found)


_environment: Final = _FilterEnvironment(filter_caching=False)
