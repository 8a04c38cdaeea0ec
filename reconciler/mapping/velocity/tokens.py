"""The kinds of tokens of a template, and the states of the lexer, named as in Velocity's grammar where it helps."""

from typing import Final, NamedTuple


class Token(NamedTuple):
    """A token: the characters from `start` to `end`.

    `skipped` is what a `$` or `#` that begins nothing prints before a text.
    """

    kind: int
    start: int
    end: int
    skipped: str


(
    END_OF_INPUT,
    TEXT,
    IDENTIFIER,
    DOT,
    OPEN_CURLY,
    CLOSE_CURLY,
    OPEN_INDEX,
    CLOSE_INDEX,
    OPEN_PARENTHESIS,
    CLOSE_PARENTHESIS,
    CLOSE_ARGUMENTS,
    OPEN_BRACKET,
    CLOSE_BRACKET,
    OPEN_MAP,
    CLOSE_MAP,
    COMMA,
    COLON,
    DOUBLE_DOT,
    WHITE_SPACE,
    STRING,
    TRUE,
    FALSE,
    INTEGER,
    FLOAT,
    WORD,
    BRACKETED_WORD,
    SET,
    IF,
    ELSEIF,
    ELSE,
    END,
    ASSIGN,
    NOT,
    ESCAPED_DIRECTIVE,
    BACKSLASH_PAIRS,
    BACKSLASH,
    NO_REFERENCE,
    LINE_COMMENT,
    LINE_END,
    COMMENT_END,
    TEXT_BLOCK,
) = range(41)

OR: Final = 50
AND: Final = 51
EQUAL: Final = 52
NOT_EQUAL: Final = 53
LESS: Final = 54
LESS_OR_EQUAL: Final = 55
GREATER: Final = 56
GREATER_OR_EQUAL: Final = 57
PLUS: Final = 58
MINUS: Final = 59
TIMES: Final = 60
DIVIDE: Final = 61
MODULO: Final = 62
