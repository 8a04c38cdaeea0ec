"""Parse references, literals and expressions of a template, as Velocity 1.7's grammar has them."""

from collections.abc import Callable, Mapping
from typing import Final

from reconciler.mapping.velocity import tokens as kinds
from reconciler.mapping.velocity.strings import unescaped
from reconciler.mapping.velocity.token_reader import TokenReader
from reconciler.mapping.velocity.tokens import Token
from reconciler.mapping.velocity.tree import (
    Access,
    BareWord,
    Binary,
    Boolean,
    Entry,
    Expression,
    Index,
    ListLiteral,
    MapLiteral,
    Method,
    Not,
    Number,
    Operator,
    Property,
    Range,
    StatementBlock,
    StringLiteral,
    VariableReference,
)

MOST_DIGITS: Final = 1_000
"""Digits of a number."""

_OPERATORS: Final[Mapping[int, Operator]] = {
    kinds.OR: "||",
    kinds.AND: "&&",
    kinds.EQUAL: "==",
    kinds.NOT_EQUAL: "!=",
    kinds.LESS: "<",
    kinds.LESS_OR_EQUAL: "<=",
    kinds.GREATER: ">",
    kinds.GREATER_OR_EQUAL: ">=",
    kinds.PLUS: "+",
    kinds.MINUS: "-",
    kinds.TIMES: "*",
    kinds.DIVIDE: "/",
    kinds.MODULO: "%",
}
_LEVELS: Final[Mapping[int, int]] = {
    kinds.OR: 1,
    kinds.AND: 2,
    kinds.EQUAL: 3,
    kinds.NOT_EQUAL: 3,
    kinds.LESS: 4,
    kinds.LESS_OR_EQUAL: 4,
    kinds.GREATER: 4,
    kinds.GREATER_OR_EQUAL: 4,
    kinds.PLUS: 5,
    kinds.MINUS: 5,
    kinds.TIMES: 6,
    kinds.DIVIDE: 6,
    kinds.MODULO: 6,
}
VALUES: Final = frozenset(
    {
        kinds.STRING,
        kinds.INTEGER,
        kinds.FLOAT,
        kinds.OPEN_BRACKET,
        kinds.OPEN_MAP,
        kinds.TRUE,
        kinds.FALSE,
        kinds.IDENTIFIER,
        kinds.OPEN_CURLY,
    }
)
_INDEXES: Final = VALUES - {kinds.FLOAT, kinds.OPEN_BRACKET, kinds.OPEN_MAP}
_ARGUMENTS_START: Final = VALUES | {kinds.WHITE_SPACE, kinds.CLOSE_ARGUMENTS}
_REFERENCES: Final = frozenset({kinds.IDENTIFIER, kinds.OPEN_CURLY})


class ExpressionParser(TokenReader):
    """Reads expressions off a source."""

    # References

    def reference(self) -> VariableReference | BareWord:
        """Read a reference, or a word without its `$`."""
        start = self.at
        first = self.tokens[start]
        self.deepen(first.start)
        in_curly = self.take().kind == kinds.OPEN_CURLY
        name = self.expect(kinds.IDENTIFIER, "a name after ${") if in_curly else first
        accesses = self._accesses()
        if in_curly:
            self.expect(kinds.CLOSE_CURLY, "} after the reference")
        self.depth -= 1
        rest = "".join(map(self.image, self.tokens[start + 1 : self.at]))
        return self._built(first, name, tuple(accesses), rest)

    def _accesses(self) -> list[Access]:
        accesses: list[Access] = []
        self._indexes(accesses)
        while self.peek() == kinds.DOT and self.peek(1) == kinds.IDENTIFIER:
            self.at += 1
            is_method = self.peek(1) == kinds.OPEN_PARENTHESIS and self.peek(2) in _ARGUMENTS_START
            accesses.append(self._method() if is_method else self._property())
            self._indexes(accesses)
        return accesses

    def _property(self) -> Property:
        token = self.take()
        return Property(*self.source.place(token.start), self.image(token))

    def _method(self) -> Method:
        token = self.take()
        self.at += 1
        arguments: list[Expression] = []
        if self.peek() != kinds.CLOSE_ARGUMENTS:
            arguments.append(self.parameter())
            while self.peek() == kinds.COMMA:
                self.at += 1
                arguments.append(self.parameter())
        self.expect(kinds.CLOSE_ARGUMENTS, ", or )")
        return Method(*self.source.place(token.start), self.image(token), tuple(arguments))

    def _indexes(self, accesses: list[Access]) -> None:
        while self.peek() == kinds.OPEN_INDEX:
            token = self.take()
            self.skip_space()
            if self.peek() not in _INDEXES:
                self.unexpected("a text, an integer or a reference")
            index = self.value()
            self.skip_space()
            self.expect(kinds.CLOSE_INDEX, "]")
            accesses.append(Index(*self.source.place(token.start), index))

    def _built(
        self, first: Token, name: Token, accesses: tuple[Access, ...], rest: str
    ) -> VariableReference | BareWord:
        image = self.image(first)
        dollar = image.rfind("$")
        if dollar < 0:
            return BareWord(*self.source.place(first.start), image)
        place = self.source.place(first.start + dollar)
        is_broken = "\\!" in image
        bare = image.lstrip("\\")
        backslashes = len(image) - len(bare)
        is_escaped = backslashes % 2 == 1 and not is_broken
        before = "\\" * (backslashes // 2) + ("" if is_escaped else bare[: bare.rfind("$")])
        sign = image[dollar:]
        is_formal = first is not name
        is_quiet = sign.startswith("$!")
        root = self.image(name) if is_formal else sign[2 if is_quiet else 1 :]
        return VariableReference(
            *place, root, accesses, sign + rest, is_quiet, is_formal, is_escaped, is_broken, before
        )

    # Values

    def parameter(self) -> Expression:
        """Read an item of a list, a map or the arguments of a method: a value, no operators."""
        self.skip_space()
        if self.peek() not in VALUES:
            self.unexpected("a value")
        value = self.value()
        self.skip_space()
        return value

    def value(self) -> Expression:
        """Read a value that starts at the next token, which is of `VALUES`."""
        return _READERS[self.peek()](self)

    def _boolean(self) -> Boolean:
        token = self.take()
        return Boolean(*self.source.place(token.start), token.kind == kinds.TRUE)

    def _integer(self) -> Number:
        return self._number(int)

    def _float(self) -> Number:
        return self._number(float)

    def _number(self, read: Callable[[str], int | float]) -> Number:
        token = self.take()
        if token.end - token.start > MOST_DIGITS:
            message = f"a number of more than {MOST_DIGITS:,} digits"
            raise self.source.error(message, token.start, is_certain=False)
        image = self.image(token)
        if image[0] in "$#\\":
            raise self.source.error(f"{image} is no number", token.start)
        return Number(*self.source.place(token.start), read(image))

    def _list_or_range(self) -> ListLiteral | Range:
        opening = self.take()
        self.deepen(opening.start)
        items: list[Expression] = []
        if self.peek() != kinds.CLOSE_BRACKET:
            items.append(self.parameter())
            if self.peek() == kinds.DOUBLE_DOT and isinstance(items[0], VariableReference | BareWord | Number):
                return self._range(opening, items[0])
            while self.peek() == kinds.COMMA:
                self.at += 1
                items.append(self.parameter())
        self.expect(kinds.CLOSE_BRACKET, ", or ]")
        self.depth -= 1
        return ListLiteral(*self.source.place(opening.start), tuple(items))

    def _range(self, opening: Token, low: Expression) -> Range:
        if isinstance(low, Number) and isinstance(low.value, float):
            self.unexpected(", or ]")
        self.at += 1
        self.skip_space()
        if self.peek() not in _REFERENCES | {kinds.INTEGER}:
            self.unexpected("an integer or a reference")
        high = self.value()
        self.skip_space()
        self.expect(kinds.CLOSE_BRACKET, "]")
        self.depth -= 1
        return Range(*self.source.place(opening.start), low, high)

    def _map(self) -> MapLiteral:
        opening = self.take()
        self.deepen(opening.start)
        entries: list[Entry] = []
        ahead = 1 if self.peek() == kinds.WHITE_SPACE else 0
        if self.peek(ahead) in VALUES:
            entries.append(self._entry())
            while self.peek() == kinds.COMMA:
                self.at += 1
                entries.append(self._entry())
        else:
            self.skip_space()
        if self.peek() not in {kinds.CLOSE_MAP, kinds.CLOSE_CURLY}:
            self.unexpected(", or }" if entries else "a key or }")
        self.at += 1
        self.depth -= 1
        return MapLiteral(*self.source.place(opening.start), tuple(entries))

    def _entry(self) -> Entry:
        key = self.parameter()
        self.expect(kinds.COLON, ":")
        return Entry(key.offset, key.line, key.column, key, self.parameter())

    # Strings

    def string(self) -> StringLiteral:
        """Read a string and, in double quotes, parse what it interpolates."""
        token = self.take()
        quote = self.text[token.start]
        raw = self.text[token.start + 1 : token.end - 1]
        place = self.source.place(token.start)
        is_double = quote == '"'
        text, offsets = unescaped(self.source, raw, token.start + 1, is_double=is_double)
        if not is_double or ("$" not in raw and "#" not in raw):
            return StringLiteral(*place, text, is_double)
        first = token.start + 1
        self.deepen(token.start)
        outer = offsets.__getitem__ if offsets else lambda offset: min(first + offset, token.end - 1)
        content, is_cut = self.content(text, outer)
        self.depth -= 1
        return StringLiteral(*place, text, is_double, content, is_cut)

    def content(self, text: str, outer: Callable[[int], int]) -> tuple[StatementBlock, bool]:
        """Parse the content of an interpolated string; whether its last character is to be dropped."""
        raise NotImplementedError

    # Expressions

    def expression(self, level: int = 1) -> Expression:
        """Read an expression of operators that bind at least as tightly as `level`."""
        left = self._unary()
        while True:
            kind = self.peek()
            found = _LEVELS.get(kind, 0)
            if found < level or not found:
                return left
            self.at += 1
            self.deepen(left.offset)
            right = self.expression(found + 1)
            self.depth -= 1
            left = Binary(left.offset, left.line, left.column, _OPERATORS[kind], left, right)

    def _unary(self) -> Expression:
        signs: list[Token] = []
        while self.peek(1 if self.peek() == kinds.WHITE_SPACE else 0) == kinds.NOT:
            self.skip_space()
            signs.append(self.take())
            self.deepen(signs[0].start)
        operand = self._primary()
        for sign in reversed(signs):
            operand = Not(*self.source.place(sign.start), operand)
            self.depth -= 1
        return operand

    def _primary(self) -> Expression:
        self.skip_space()
        kind = self.peek()
        if kind == kinds.OPEN_PARENTHESIS:
            operand = self._in_parentheses()
        elif kind in VALUES:
            operand = self.value()
        else:
            self.unexpected("a value")
        self.skip_space()
        return operand

    def _in_parentheses(self) -> Expression:
        self.deepen(self.take().start)
        operand = self.expression()
        self.expect(kinds.CLOSE_PARENTHESIS, ")")
        self.depth -= 1
        return operand


# ruff: noqa: SLF001 - the tables hold the methods of the class above
_READERS: Final[Mapping[int, Callable[[ExpressionParser], Expression]]] = {
    kinds.STRING: ExpressionParser.string,
    kinds.INTEGER: ExpressionParser._integer,
    kinds.FLOAT: ExpressionParser._float,
    kinds.OPEN_BRACKET: ExpressionParser._list_or_range,
    kinds.OPEN_MAP: ExpressionParser._map,
    kinds.TRUE: ExpressionParser._boolean,
    kinds.FALSE: ExpressionParser._boolean,
    kinds.IDENTIFIER: ExpressionParser.reference,
    kinds.OPEN_CURLY: ExpressionParser.reference,
}
