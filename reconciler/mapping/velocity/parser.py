"""Parse a template into its syntax tree, as Velocity 1.7 does with the directives of API Gateway.

There is no `#evaluate` in API Gateway, and what `#macro` defines cannot be called: both print as text (recorded
answers).
"""

from collections.abc import Callable, Mapping
from typing import Final, Literal, TypeAlias, cast

from reconciler.mapping.velocity import tokens as kinds
from reconciler.mapping.velocity.expressions import VALUES
from reconciler.mapping.velocity.source import Source
from reconciler.mapping.velocity.texts import CONTROLS, DIRECTIVES, TEXTS, TextParser
from reconciler.mapping.velocity.tokens import Token
from reconciler.mapping.velocity.tree import (
    BareWord,
    Break,
    Condition,
    Define,
    Else,
    Expression,
    Foreach,
    If,
    Include,
    Macro,
    Set,
    Statement,
    StatementBlock,
    Stop,
    Text,
    UnknownDirective,
    VariableReference,
)

_WITH_BLOCK: Final = frozenset({"foreach", "macro", "literal", "define"})
_ARGUMENTS: Final = VALUES | {kinds.WORD}
_SEPARATED: Final[Mapping[int, frozenset[int]]] = {
    kinds.WHITE_SPACE: _ARGUMENTS | {kinds.COMMA},
    kinds.COMMA: _ARGUMENTS | {kinds.WHITE_SPACE},
}
_ITERABLE: Final = 2
"""Where the list is in the arguments of #foreach."""

Argument: TypeAlias = Expression


def parse_block(text: str) -> StatementBlock:
    """Parse a template. Raises TemplateSyntaxError."""
    return TemplateParser(Source(text), 0).whole()


class TemplateParser(TextParser):
    """Reads statements off a source."""

    def whole(self) -> StatementBlock:
        """Read the whole source."""
        block = self._block()
        kind = self.peek()
        if kind in CONTROLS:
            token = self.take()
            name = self.image(token).strip().lstrip("$")
            raise self.source.error(f"{name} belongs to no open directive", self.hash_of(token))
        if kind != kinds.END_OF_INPUT:
            self.unexpected("text")
        return block

    def content(self, text: str, outer: Callable[[int], int]) -> tuple[StatementBlock, bool]:
        """Parse the content of an interpolated string.

        Velocity puts a blank behind it, and drops the last character of what it renders; not if there is a `##`.
        """
        has_comment = "##" in text
        parser = TemplateParser(self.source.inner(text + " " * (not has_comment), outer), self.depth)
        block = parser.whole()
        last = block.statements[-1] if block.statements else None
        if has_comment or not isinstance(last, Text):
            return block, not has_comment
        rest = (Text(last.offset, last.line, last.column, last.text[:-1]),) if len(last.text) > 1 else ()
        return StatementBlock(block.offset, block.line, block.column, (*block.statements[:-1], *rest)), False

    # Blocks

    def _block(self) -> StatementBlock:
        self.peek()
        start = self.tokens[self.at].start
        statements: list[Statement] = []
        texts: list[str] = []
        text_start = start
        while True:
            kind = self.peek()
            token = self.tokens[self.at]
            read_text = TEXTS.get(kind)
            if read_text is not None and not (kind == kinds.OPEN_CURLY and self.peek(1) == kinds.IDENTIFIER):
                if not texts:
                    text_start = token.start
                texts.append(read_text(self))
                continue
            read = _STATEMENTS.get(kind)
            if texts:
                self._add_text(statements, texts, text_start)
                texts = []
            if read is None:
                return StatementBlock(*self.source.place(start), tuple(statements))
            statements.append(read(self))

    def _add_text(self, statements: list[Statement], texts: list[str], start: int) -> None:
        text = "".join(texts)
        if text:
            statements.append(Text(*self.source.place(start), text))

    def _body(self, opening: Token, name: str) -> StatementBlock:
        """Read a block and its `#end`."""
        block = self._nested_block(opening)
        self._end(opening, name)
        return block

    def _nested_block(self, opening: Token) -> StatementBlock:
        self.deepen(self.hash_of(opening))
        block = self._block()
        self.depth -= 1
        return block

    def _end(self, opening: Token, name: str) -> None:
        if self.peek() == kinds.END_OF_INPUT:
            raise self.source.error(f"#{name} is not closed; add #end", self.hash_of(opening))
        self.expect(kinds.END, f"#end of the #{name} in line {self.source.place(opening.start)[1]}")

    # Directives

    def _if(self) -> If:
        opening = self.take()
        place = self.source.place(self.hash_of(opening))
        conditions = [self._condition("#if", opening, opening)]
        while self.peek() == kinds.ELSEIF:
            conditions.append(self._condition("#elseif", opening, self.take()))
        otherwise = None
        if self.peek() == kinds.ELSE:
            token = self.take()
            otherwise = Else(*self.source.place(self.hash_of(token)), self._nested_block(opening))
        self._end(opening, "if")
        return If(*place, tuple(conditions), otherwise)

    def _condition(self, name: Literal["#if", "#elseif"], opening: Token, token: Token) -> Condition:
        self.skip_space()
        self.expect(kinds.OPEN_PARENTHESIS, f"( after {name}")
        condition = self.expression()
        self.expect(kinds.CLOSE_PARENTHESIS, ")")
        return Condition(*self.source.place(self.hash_of(token)), name, condition, self._nested_block(opening))

    def _set(self) -> Set:
        token = self.take()
        place = self.source.place(self.hash_of(token))
        self.skip_space()
        if self.peek() not in {kinds.IDENTIFIER, kinds.OPEN_CURLY}:
            self.unexpected("a reference to set")
        target = self.reference()
        self.skip_space()
        self.expect(kinds.ASSIGN, "=")
        value = self.expression()
        self.expect(kinds.CLOSE_PARENTHESIS, ")")
        self.lexer.leave_set()
        if isinstance(target, BareWord):
            raise self.source.error("#set needs a reference with $", token.start)
        return Set(*place, target, value)

    def _directive(self) -> Statement:
        first = self.at
        token = self.take()
        image = self.image(token)
        name = image[2:-1] if token.kind == kinds.BRACKETED_WORD else image[1:]
        has_arguments = self.lexer.enter_arguments()
        arguments = self._arguments(name) if has_arguments else []
        if name.startswith("@"):
            if has_arguments:
                self._body(token, name)
            return self._unknown(token, first, name, has_arguments=has_arguments)
        build = _DIRECTIVES.get(name)
        if build is None:
            return self._unknown(token, first, name, has_arguments=has_arguments)
        if name in _WITH_BLOCK and not has_arguments:
            raise self.source.error(f"#{name} needs parentheses after its name", self.hash_of(token))
        return build(self, token, arguments)

    def _unknown(self, token: Token, first: int, name: str, *, has_arguments: bool) -> UnknownDirective:
        text = self.literal(first, self.at)
        return UnknownDirective(*self.source.place(self.hash_of(token)), name, text, has_arguments)

    def _arguments(self, name: str) -> list[Argument]:
        self.skip_space()
        self.expect(kinds.OPEN_PARENTHESIS, "(")
        arguments: list[Argument] = []
        while self._argument_follows():
            self.skip_space()
            if self.peek() == kinds.COMMA:
                self.at += 1
                self.skip_space()
            arguments.append(self._argument(name, len(arguments)))
        self.skip_space()
        self.expect(kinds.CLOSE_PARENTHESIS, ")")
        return arguments

    def _argument_follows(self) -> bool:
        kind = self.peek()
        return kind in _ARGUMENTS or (kind in _SEPARATED and self.peek(1) in _SEPARATED[kind])

    def _argument(self, name: str, position: int) -> Argument:
        kind = self.peek()
        if kind not in _ARGUMENTS:
            self.unexpected("an argument")
        is_name_of_macro = name == "macro" and position == 0
        if kind != kinds.WORD:
            if is_name_of_macro:
                self.unexpected("the name of the macro")
            return self.value()
        if name in DIRECTIVES and not is_name_of_macro and not (name == "foreach" and position == 1):
            self.unexpected("a value")
        token = self.take()
        return BareWord(*self.source.place(token.start), self.image(token))

    def _foreach(self, token: Token, arguments: list[Argument]) -> Statement:
        place = self.source.place(self.hash_of(token))
        block = self._body(token, "foreach")
        iterable = arguments[2] if len(arguments) > _ITERABLE else None
        if len(arguments) > _ITERABLE + 1:  # Velocity renders the first argument too many, not the block
            surplus = arguments[_ITERABLE + 1]
            shown = (surplus,) if isinstance(surplus, VariableReference) else ()
            block = StatementBlock(block.offset, block.line, block.column, shown)
        first = arguments[0] if arguments else None
        variable = first.root if isinstance(first, VariableReference) else ""
        return Foreach(*place, variable, iterable, block, len(arguments) < _ITERABLE)

    def _define(self, token: Token, arguments: list[Argument]) -> Statement:
        place = self.source.place(self.hash_of(token))
        if len(arguments) != 1:
            raise self.source.error("#define needs one reference, as in #define($block)", place[0])
        block = self._body(token, "define")
        first = arguments[0]
        is_plain = isinstance(first, VariableReference) and not (first.is_formal or first.is_quiet)
        return Define(*place, first.root if isinstance(first, VariableReference) and is_plain else "", block)

    def _macro(self, token: Token, arguments: list[Argument]) -> Statement:
        place = self.source.place(self.hash_of(token))
        if not arguments or not isinstance(arguments[0], BareWord):
            raise self.source.error("#macro needs a name", place[0])
        self._body(token, "macro")
        name = arguments[0].word
        self.macros.add(name)
        return Macro(*place, name)

    def _literal_block(self, token: Token, arguments: list[Argument]) -> Statement:
        first = self.at
        self._body(token, "literal")
        inside = self.tokens[first : self.at - 1]
        if arguments or not inside:
            message = "#literal needs empty parentheses and a block"
            raise self.source.error(message, self.hash_of(token), is_certain=not arguments)
        shown = [part.skipped + self.printed(part) for part in inside if part.kind != kinds.COMMENT_END]
        return Text(*self.source.place(token.start), "".join(shown))

    def _break(self, token: Token, arguments: list[Argument]) -> Statement:
        if len(arguments) > 1:
            raise self.source.error("#break takes one scope at most", self.hash_of(token))
        return Break(*self.source.place(self.hash_of(token)), arguments[0] if arguments else None)

    def _stop(self, token: Token, arguments: list[Argument]) -> Statement:
        if len(arguments) > 1:
            raise self.source.error("#stop takes one argument at most", self.hash_of(token))
        return Stop(*self.source.place(self.hash_of(token)))

    def _include(self, token: Token, arguments: list[Argument]) -> Statement:
        place = self.source.place(self.hash_of(token))
        name = "parse" if "parse" in self.image(token) else "include"
        if not arguments:
            if name == "parse":
                raise self.source.error("#parse needs an argument", place[0])
            return Text(*place, "")
        return Include(*place, cast("Literal['include', 'parse']", name))


# ruff: noqa: SLF001 - the tables hold the methods of the class above
_DIRECTIVES: Final[Mapping[str, Callable[[TemplateParser, Token, list[Argument]], Statement]]] = {
    "foreach": TemplateParser._foreach,
    "define": TemplateParser._define,
    "macro": TemplateParser._macro,
    "literal": TemplateParser._literal_block,
    "break": TemplateParser._break,
    "stop": TemplateParser._stop,
    "include": TemplateParser._include,
    "parse": TemplateParser._include,
}

_STATEMENTS: Final[Mapping[int, Callable[[TemplateParser], Statement]]] = {
    kinds.IDENTIFIER: TemplateParser.reference,
    kinds.OPEN_CURLY: TemplateParser.reference,
    kinds.IF: TemplateParser._if,
    kinds.SET: TemplateParser._set,
    kinds.WORD: TemplateParser._directive,
    kinds.BRACKETED_WORD: TemplateParser._directive,
}
