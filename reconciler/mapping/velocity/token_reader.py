"""Read the tokens of a template one after the other, looking ahead as far as Velocity's parser does."""

from typing import Final, NoReturn

from reconciler.mapping.velocity import tokens as kinds
from reconciler.mapping.velocity.lexer import Lexer
from reconciler.mapping.velocity.source import Source
from reconciler.mapping.velocity.tokens import Token

DEEPEST: Final = 100
"""Levels of blocks, parentheses, brackets and strings within each other."""

_SHOWN: Final = 30


class TokenReader:
    """Looks at and reads the tokens of a source; `depth` is how deep the reader is within blocks and brackets."""

    def __init__(self, source: Source, depth: int) -> None:
        self.source = source
        self.text = source.text
        self.depth = depth
        self.lexer = Lexer(source)
        self.tokens: list[Token] = []
        self.at = 0

    def peek(self, ahead: int = 0) -> int:
        """Return the kind of the next token, or of one further on."""
        index = self.at + ahead
        while index >= len(self.tokens):
            token = self.lexer.next()
            self.source.count_token(token.start)
            self.tokens.append(token)
        return self.tokens[index].kind

    def take(self) -> Token:
        """Read the next token."""
        self.peek()
        self.at += 1
        return self.tokens[self.at - 1]

    def expect(self, kind: int, what: str) -> Token:
        """Read the next token, which has to be of `kind`."""
        if self.peek() != kind:
            self.unexpected(what)
        return self.take()

    def skip_space(self) -> None:
        """Pass over white space within a directive or the arguments of a method."""
        if self.peek() == kinds.WHITE_SPACE:
            self.at += 1

    def image(self, token: Token) -> str:
        """Return the text of a token."""
        return self.text[token.start : token.end]

    def unexpected(self, expected: str) -> NoReturn:
        """Raise the error that the next token is not what is expected."""
        self.peek()
        token = self.tokens[self.at]
        if token.kind == kinds.END_OF_INPUT:
            raise self.source.error(f"the template ends where {expected} is expected", token.start)
        shown = self.image(token).strip() or "white space"
        if len(shown) > _SHOWN:
            shown = shown[:_SHOWN] + "..."
        raise self.source.error(f"unexpected {shown}, where {expected} is expected", token.start)

    def deepen(self, offset: int) -> None:
        """Enter a level. Raises TemplateSyntaxError beyond the deepest."""
        self.depth += 1
        if self.depth > DEEPEST:
            message = f"the template nests deeper than {DEEPEST} levels"
            raise self.source.error(message, offset, is_certain=False)
