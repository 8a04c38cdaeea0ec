"""The tokens of each state of the lexer, those of Velocity 1.7's grammar (Parser.jjt).

Each state is one regular expression; its alternatives are ordered so that the first that matches is the longest.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from reconciler.mapping.velocity import tokens as kinds

# States.
IN_TEXT: Final = 0
IN_REFERENCE: Final = 1  # after `$`
IN_MODIFIER: Final = 2  # after the point in `$a.b`
IN_ARGUMENTS: Final = 3  # within the parentheses of a method
IN_INDEX: Final = 4  # within the brackets of a reference
AFTER_HASH: Final = 5
IN_DIRECTIVE: Final = 6  # within the parentheses of a directive
IN_LINE_COMMENT: Final = 7
IN_COMMENT: Final = 8
IN_TEXT_BLOCK: Final = 9

# What is matched and is no token. From FIRST_PREFIX on: opens a state, and stays part of what follows.
TERMINATOR: Final = 100
SKIPPED: Final = 101
BLANK: Final = 102
BACKSLASHES: Final = 103
FIRST_PREFIX: Final = 110
DOLLAR: Final = 110
HASH: Final = 111
COMMENT_OPEN: Final = 112
FORMAL_COMMENT_OPEN: Final = 113
TEXT_BLOCK_OPEN: Final = 114
PREFIX: Final = 115

SET_START: Final = r"#(?:set|\{set\}) *\("
_TO_LINE_END: Final = r"(?:[ \t]*(?:\r\n|\n|\r))?"
NAME: Final = "[a-zA-Z_@][a-zA-Z0-9_@]*"
BRACKETED_NAME: Final = r"\{[a-zA-Z_][a-zA-Z0-9_@]*\}"
_EXPONENT: Final = "[eE][+-]?[0-9]+"

_Rows = tuple[tuple[int, str], ...]

_LINE_COMMENT_START: Final[_Rows] = ((kinds.LINE_COMMENT, "##"),)
_OPENERS: Final[_Rows] = (
    (TEXT_BLOCK_OPEN, r"\#\[\["),
    (FORMAL_COMMENT_OPEN, r"\#\*\*[^#]"),
    (COMMENT_OPEN, r"\#\*"),
    (HASH, r"\#"),
    (DOLLAR, r"\$(?:\\*!)?"),
    (BACKSLASHES, r"\\"),
)
_NO_REFERENCE: Final[_Rows] = ((kinds.NO_REFERENCE, r"\$\.|\$(?:\\?!)?\["),)
_STRINGS: Final[_Rows] = ((kinds.STRING, """"[^"]*+(?:""[^"]*+)*"|'[^']*+(?:''[^']*+)*'"""),)
_NUMBERS: Final[_Rows] = (
    (kinds.INTEGER, r"-?[0-9]++(?=\.\.)"),
    (kinds.FLOAT, rf"-?(?:[0-9]+\.[0-9]*(?:{_EXPONENT})?|\.[0-9]+(?:{_EXPONENT})?|[0-9]+{_EXPONENT})"),
    (kinds.INTEGER, "-?[0-9]+"),
)
_IDENTIFIERS: Final[_Rows] = (
    (kinds.TRUE, "true(?![a-zA-Z0-9_-])"),
    (kinds.FALSE, "false(?![a-zA-Z0-9_-])"),
    (kinds.IDENTIFIER, "[a-zA-Z_][a-zA-Z0-9_-]*"),
    (kinds.DOT, r"\.(?=[a-zA-Z])"),
)
_BRACKETS: Final[_Rows] = (
    (kinds.OPEN_BRACKET, r"\["),
    (kinds.CLOSE_BRACKET, r"\]"),
    (kinds.COMMA, ","),
    (kinds.COLON, ":"),
    (kinds.OPEN_MAP, r"\{"),
    (kinds.CLOSE_MAP, r"\}"),
    (kinds.DOUBLE_DOT, r"\.\."),
)
_WHITE_SPACE: Final[_Rows] = ((kinds.WHITE_SPACE, "[ \t\r\n]+"),)
_REFERENCE_END: Final[_Rows] = (
    (kinds.OPEN_CURLY, r"\{"),
    (kinds.CLOSE_CURLY, r"\}"),
    (BLANK, "[ \t]"),
    (TERMINATOR, r"[\s\S]"),
)
_OPERATORS: Final[_Rows] = (
    (kinds.EQUAL, "=="),
    (kinds.ASSIGN, "="),
    (kinds.NOT_EQUAL, "!="),
    (kinds.NOT, "!"),
    (kinds.AND, "&&"),
    (kinds.OR, r"\|\|"),
    (kinds.LESS_OR_EQUAL, "<="),
    (kinds.LESS, "<"),
    (kinds.GREATER_OR_EQUAL, ">="),
    (kinds.GREATER, ">"),
    (kinds.PLUS, r"\+"),
    (kinds.MINUS, "-"),
    (kinds.TIMES, r"\*"),
    (kinds.DIVIDE, "/"),
    (kinds.MODULO, "%"),
)
WORDS: Final[Mapping[str, int]] = {
    "true": kinds.TRUE,
    "false": kinds.FALSE,
    "and": kinds.AND,
    "or": kinds.OR,
    "not": kinds.NOT,
    "eq": kinds.EQUAL,
    "ne": kinds.NOT_EQUAL,
    "lt": kinds.LESS,
    "le": kinds.LESS_OR_EQUAL,
    "gt": kinds.GREATER,
    "ge": kinds.GREATER_OR_EQUAL,
}
_NOT_IN_NAME: Final = "(?![a-zA-Z0-9_@])"

_GRAMMAR: Final[Mapping[int, _Rows]] = {
    IN_TEXT: (
        (kinds.TEXT, r"[^$\#\\ \t][^$\#\\]*"),
        *_NO_REFERENCE,
        (kinds.SET, rf"[ \t]*+{SET_START}"),
        (kinds.TEXT, r"[^$\#\\]+"),
        *_LINE_COMMENT_START,
        *_OPENERS,
    ),
    IN_REFERENCE: (
        *_IDENTIFIERS,
        (kinds.OPEN_INDEX, r"\["),
        *_NO_REFERENCE,
        (kinds.SET, SET_START),
        *_LINE_COMMENT_START,
        *_OPENERS,
        *_REFERENCE_END,
    ),
    IN_MODIFIER: (
        *_IDENTIFIERS,
        (kinds.OPEN_PARENTHESIS, r"\("),
        (kinds.OPEN_INDEX, r"\["),
        (kinds.SET, SET_START),
        *_OPENERS,
        *_REFERENCE_END,
    ),
    IN_ARGUMENTS: (
        (kinds.CLOSE_ARGUMENTS, r"\)"),
        (kinds.SET, rf"[ \t]*+{SET_START}"),
        *_OPENERS,
        *_WHITE_SPACE,
        *_STRINGS,
        *_NUMBERS,
        *_IDENTIFIERS,
        *_BRACKETS,
    ),
    IN_INDEX: (
        (kinds.CLOSE_INDEX, r"\]"),
        *_OPENERS,
        *_WHITE_SPACE,
        *_STRINGS,
        (kinds.TRUE, "true"),
        (kinds.FALSE, "false"),
        *_NUMBERS,
    ),
    AFTER_HASH: (
        (kinds.END, rf"(?:end{_NOT_IN_NAME}|\{{end\}}){_TO_LINE_END}"),
        (kinds.IF, rf"if{_NOT_IN_NAME}|\{{if\}}"),
        (kinds.ELSEIF, rf"elseif{_NOT_IN_NAME}|\{{elseif\}}"),
        (kinds.ELSE, rf"(?:else{_NOT_IN_NAME}|\{{else\}}){_TO_LINE_END}"),
        (kinds.WORD, NAME),
        (kinds.BRACKETED_WORD, BRACKETED_NAME),
        *_LINE_COMMENT_START,
        *_OPENERS,
        *_NUMBERS,
        (TERMINATOR, r"[\s\S]"),
    ),
    IN_DIRECTIVE: (
        *_WHITE_SPACE,
        *_LINE_COMMENT_START,
        *_OPENERS,
        (kinds.CLOSE_PARENTHESIS, rf"\){_TO_LINE_END}"),
        (kinds.OPEN_PARENTHESIS, r"\("),
        *_STRINGS,
        (kinds.WORD, NAME),
        *_NUMBERS,
        (kinds.BRACKETED_WORD, BRACKETED_NAME),
        *_OPERATORS,
        *_BRACKETS,
    ),
    IN_LINE_COMMENT: (
        (kinds.LINE_END, r"\r\n|\n|\r"),
        *_OPENERS,
        (SKIPPED, r"[^$\#\\\r\n]+"),
    ),
    IN_COMMENT: (
        (kinds.COMMENT_END, r"\*\#"),
        *_OPENERS,
        (SKIPPED, r"[^$\#\\*]+|\*"),
    ),
    IN_TEXT_BLOCK: (
        (kinds.TEXT_BLOCK, r"\]\]\#"),
        *_OPENERS,
        (PREFIX, r"[^$\#\\\]]+|\]"),
    ),
}

_Match = Callable[[str, int], re.Match[str] | None]


def _compiled(rows: _Rows) -> tuple[_Match, tuple[int, ...]]:
    pattern = "|".join(f"({part})" for _, part in rows)
    return re.compile(pattern).match, (0, *(kind for kind, _ in rows))


STATES: Final = tuple(_compiled(rows) for rows in _GRAMMAR.values())
