"""Read what a template prints as text: comments, escapes and all that is neither reference nor directive."""

from collections.abc import Callable, Mapping
from typing import Final

from reconciler.mapping.velocity import tokens as kinds
from reconciler.mapping.velocity.expressions import ExpressionParser
from reconciler.mapping.velocity.source import Source
from reconciler.mapping.velocity.tokens import Token

DIRECTIVES: Final = frozenset({"foreach", "include", "parse", "macro", "literal", "break", "define", "stop"})
_ESCAPABLE: Final = DIRECTIVES | {"if", "end", "set", "else", "elseif"}
CONTROLS: Final = frozenset({kinds.IF, kinds.ELSE, kinds.ELSEIF, kinds.END})
_MARK: Final = len("#[[")


class TextParser(ExpressionParser):
    """Reads texts off a source; `macros` are the names that the template has defined so far."""

    def __init__(self, source: Source, depth: int) -> None:
        super().__init__(source, depth)
        self.macros: set[str] = set()

    def hash_of(self, token: Token) -> int:
        """Return where the `#` of a directive is; `$` or white space may be before it."""
        return token.start + max(self.image(token).rfind("#"), 0)

    def _text(self) -> str:
        token = self.take()
        return token.skipped + self.text[token.start : token.end]

    def _line_comment(self) -> str:
        image = self.image(self.take())
        if self.peek() == kinds.LINE_END:
            self.at += 1
        return image[: image.index("##")]

    def _comment(self) -> str:
        image = self.image(self.take())
        return image[: max(image.find("#*"), 0)]

    def _text_block(self) -> str:
        token = self.take()
        return self.text[token.start + _MARK : token.end - _MARK]

    def _escaped_directive(self) -> str:
        return self._resolved(self.take())

    def _resolved(self, token: Token) -> str:
        image = self.image(token)
        last = image.rfind("\\")
        name = image[last + 2 :].removeprefix("{").removesuffix("}")
        is_known = name in _ESCAPABLE or name in self.macros
        return image[: last // 2] + image[last + 1 :] if is_known else image

    def _backslash_pairs(self) -> str:
        image = self.image(self.take())
        kind = self.peek()
        name = self.image(self.tokens[self.at])[1:]
        return image[: len(image) // 2] if kind in CONTROLS or name in DIRECTIVES else image

    def literal(self, first: int, last: int) -> str:
        """Return what a directive that is none prints: its tokens from `first` to before `last`."""
        return "".join(map(self.printed, self.tokens[first:last]))

    def printed(self, token: Token) -> str:
        """Return a token as it is printed in a text: escapes resolved, nothing evaluated."""
        if token.kind == kinds.ESCAPED_DIRECTIVE:
            return self._resolved(token)
        image = self.image(token)
        if token.kind in {kinds.IDENTIFIER, kinds.OPEN_CURLY} and "$" in image and "\\!" not in image:
            return image[image.rfind("$") :]
        return image


# ruff: noqa: SLF001 - the tables hold the methods of the class above
TEXTS: Final[Mapping[int, Callable[[TextParser], str]]] = {
    **dict.fromkeys(
        (
            kinds.TEXT,
            kinds.DOT,
            kinds.CLOSE_PARENTHESIS,
            kinds.OPEN_PARENTHESIS,
            kinds.INTEGER,
            kinds.FLOAT,
            kinds.STRING,
            kinds.BACKSLASH,
            kinds.OPEN_CURLY,
            kinds.CLOSE_CURLY,
            kinds.NO_REFERENCE,
        ),
        TextParser._text,
    ),
    kinds.LINE_COMMENT: TextParser._line_comment,
    kinds.COMMENT_END: TextParser._comment,
    kinds.TEXT_BLOCK: TextParser._text_block,
    kinds.ESCAPED_DIRECTIVE: TextParser._escaped_directive,
    kinds.BACKSLASH_PAIRS: TextParser._backslash_pairs,
}
