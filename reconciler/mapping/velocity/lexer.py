r"""Split a template into tokens as Velocity 1.7 does, whose lexer depends on what it has read.

The states and their tokens are those of Velocity's grammar (Parser.jjt of 1.7). A `$` or `#` is no token of its own: it
opens a state, and becomes part of the token that follows; if none follows, it is printed before the next text. The
longest match wins. So white space before `#set` belongs to a text before it, and else to the `#set`; `$a.b` at the end
of a sentence leaves its point to the text; `1-1` is `1` and `-1`.

The parser asks for a token at a time, because it changes the state after the name of a directive. All work is linear in
the length of the text, whatever it is: runs of backslashes or blanks are read once.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from reconciler.mapping.velocity import tokens as kinds
from reconciler.mapping.velocity.source import Source
from reconciler.mapping.velocity.tokens import Token

# States.
_DEFAULT: Final = 0
_REFERENCE: Final = 1  # after `$`
_MODIFIER: Final = 2  # after the point in `$a.b`
_ARGUMENTS: Final = 3  # within the parentheses of a method
_INDEX: Final = 4  # within the brackets of a reference
_AFTER_HASH: Final = 5
_DIRECTIVE: Final = 6  # within the parentheses of a directive
_LINE_COMMENT: Final = 7
_COMMENT: Final = 8
_TEXT_BLOCK: Final = 9

# What is matched and is no token. From _FIRST_PREFIX on: opens a state, and stays part of what follows.
_TERMINATOR: Final = 100
_SKIPPED: Final = 101
_BLANK: Final = 102
_BACKSLASHES: Final = 103
_FIRST_PREFIX: Final = 110
_DOLLAR: Final = 110
_HASH: Final = 111
_COMMENT_OPEN: Final = 112
_FORMAL_COMMENT_OPEN: Final = 113
_TEXT_BLOCK_OPEN: Final = 114
_PREFIX: Final = 115

_SET: Final = r"#(?:set|\{set\}) *\("
_TO_LINE_END: Final = r"(?:[ \t]*(?:\r\n|\n|\r))?"
_NAME: Final = "[a-zA-Z_@][a-zA-Z0-9_@]*"
_BRACKETED_NAME: Final = r"\{[a-zA-Z_][a-zA-Z0-9_@]*\}"
_EXPONENT: Final = "[eE][+-]?[0-9]+"

_Rows = tuple[tuple[int, str], ...]

_LINE_COMMENT_START: Final[_Rows] = ((kinds.LINE_COMMENT, "##"),)
_OPENERS: Final[_Rows] = (
    (_TEXT_BLOCK_OPEN, r"\#\[\["),
    (_FORMAL_COMMENT_OPEN, r"\#\*\*[^#]"),
    (_COMMENT_OPEN, r"\#\*"),
    (_HASH, r"\#"),
    (_DOLLAR, r"\$(?:\\*!)?"),
    (_BACKSLASHES, r"\\"),
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
    (_BLANK, "[ \t]"),
    (_TERMINATOR, r"[\s\S]"),
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
_WORDS: Final[Mapping[str, int]] = {
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
    _DEFAULT: (
        (kinds.TEXT, r"[^$\#\\ \t][^$\#\\]*"),
        *_NO_REFERENCE,
        (kinds.SET, rf"[ \t]*+{_SET}"),
        (kinds.TEXT, r"[^$\#\\]+"),
        *_LINE_COMMENT_START,
        *_OPENERS,
    ),
    _REFERENCE: (
        *_IDENTIFIERS,
        (kinds.OPEN_INDEX, r"\["),
        *_NO_REFERENCE,
        (kinds.SET, _SET),
        *_LINE_COMMENT_START,
        *_OPENERS,
        *_REFERENCE_END,
    ),
    _MODIFIER: (
        *_IDENTIFIERS,
        (kinds.OPEN_PARENTHESIS, r"\("),
        (kinds.OPEN_INDEX, r"\["),
        (kinds.SET, _SET),
        *_OPENERS,
        *_REFERENCE_END,
    ),
    _ARGUMENTS: (
        (kinds.CLOSE_ARGUMENTS, r"\)"),
        (kinds.SET, rf"[ \t]*+{_SET}"),
        *_OPENERS,
        *_WHITE_SPACE,
        *_STRINGS,
        *_NUMBERS,
        *_IDENTIFIERS,
        *_BRACKETS,
    ),
    _INDEX: (
        (kinds.CLOSE_INDEX, r"\]"),
        *_OPENERS,
        *_WHITE_SPACE,
        *_STRINGS,
        (kinds.TRUE, "true"),
        (kinds.FALSE, "false"),
        *_NUMBERS,
    ),
    _AFTER_HASH: (
        (kinds.END, rf"(?:end{_NOT_IN_NAME}|\{{end\}}){_TO_LINE_END}"),
        (kinds.IF, rf"if{_NOT_IN_NAME}|\{{if\}}"),
        (kinds.ELSEIF, rf"elseif{_NOT_IN_NAME}|\{{elseif\}}"),
        (kinds.ELSE, rf"(?:else{_NOT_IN_NAME}|\{{else\}}){_TO_LINE_END}"),
        (kinds.WORD, _NAME),
        (kinds.BRACKETED_WORD, _BRACKETED_NAME),
        *_LINE_COMMENT_START,
        *_OPENERS,
        *_NUMBERS,
        (_TERMINATOR, r"[\s\S]"),
    ),
    _DIRECTIVE: (
        *_WHITE_SPACE,
        *_LINE_COMMENT_START,
        *_OPENERS,
        (kinds.CLOSE_PARENTHESIS, rf"\){_TO_LINE_END}"),
        (kinds.OPEN_PARENTHESIS, r"\("),
        *_STRINGS,
        (kinds.WORD, _NAME),
        *_NUMBERS,
        (kinds.BRACKETED_WORD, _BRACKETED_NAME),
        *_OPERATORS,
        *_BRACKETS,
    ),
    _LINE_COMMENT: (
        (kinds.LINE_END, r"\r\n|\n|\r"),
        *_OPENERS,
        (_SKIPPED, r"[^$\#\\\r\n]+"),
    ),
    _COMMENT: (
        (kinds.COMMENT_END, r"\*\#"),
        *_OPENERS,
        (_SKIPPED, r"[^$\#\\*]+|\*"),
    ),
    _TEXT_BLOCK: (
        (kinds.TEXT_BLOCK, r"\]\]\#"),
        *_OPENERS,
        (_PREFIX, r"[^$\#\\\]]+|\]"),
    ),
}

_BACKSLASH_RUN: Final = re.compile(r"\\+")
_BLANK_RUN: Final = re.compile("[ \t]+")
_DOLLAR_OPENER: Final = re.compile(r"\$(?:\\*!)?")
_SET_AHEAD: Final = re.compile(_SET)
_DIRECTIVE_AHEAD: Final = re.compile(rf"\#(?:{_NAME}|{_BRACKETED_NAME})")
_PARENTHESIS_AHEAD: Final = re.compile(r"[ \t\r\n]*+\(")

_Match = Callable[[str, int], re.Match[str] | None]


def _compiled(rows: _Rows) -> tuple[_Match, tuple[int, ...]]:
    pattern = "|".join(f"({part})" for _, part in rows)
    return re.compile(pattern).match, (0, *(kind for kind, _ in rows))


_STATES: Final = tuple(_compiled(rows) for rows in _GRAMMAR.values())


class Lexer:
    """Reads tokens off a source, one at a time."""

    __slots__ = (
        "_blanks_end",
        "_closed",
        "_in_comment",
        "_in_set",
        "_opened",
        "_run_end",
        "_set_end",
        "_stack",
        "_state",
        "at",
        "source",
        "text",
    )

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.at = 0
        self._state = _DEFAULT
        self._stack: list[tuple[int, int, int]] = []
        self._opened = 0
        self._closed = 0
        self._in_comment = False
        self._in_set = False
        self._run_end = -1
        self._blanks_end = -1
        self._set_end = 0

    def next(self) -> Token:
        """Read a token. Raises TemplateSyntaxError where no token fits."""
        text = self.text
        start = self.at
        skipped = ""
        while True:
            match, row_kinds = _STATES[self._state]
            found = match(text, self.at)
            if found is None:
                return self._end(start, skipped)
            kind = row_kinds[found.lastindex or 0]
            before = self.at
            self.at = found.end()
            action = _ACTIONS.get(kind)
            if action is not None:
                kind = action(self, kind, before)
            if kind < _TERMINATOR:
                return Token(kind, before if kind == kinds.DOT else start, self.at, skipped)
            if kind >= _FIRST_PREFIX:
                continue
            if kind == _TERMINATOR and start < self.at:
                skipped += _printed(text[start : self.at])
            start = self.at

    def _end(self, start: int, skipped: str) -> Token:
        if self.at < len(self.text):
            raise self.source.error(f"unexpected {_shown(self.text[self.at])}", self.at)
        if start == self.at:
            return Token(kinds.END_OF_INPUT, start, start, skipped)
        if self._state == _TEXT_BLOCK:
            raise self.source.error("#[[ is not closed; add ]]#", start)
        sign = self.text[-1]
        raise self.source.error(f"the template ends in {sign}, which Velocity does not parse", self.at - 1)

    def enter_arguments(self) -> bool:
        """Whether parentheses follow the name of a directive; if so, read their inside from now on."""
        follows = _PARENTHESIS_AHEAD.match(self.text, self.at) is not None
        if follows:
            self._state = _DIRECTIVE
        else:
            self._pop()
        return follows

    def leave_set(self) -> None:
        """Note that a #set is complete."""
        self._in_set = False

    def _push(self, state: int) -> None:
        self._stack.append((self._opened, self._closed, self._state))
        self._opened = 0
        self._state = state

    def _pop(self) -> bool:
        if not self._stack:
            self._opened = 0
            self._state = _DEFAULT
            return False
        self._opened, self._closed, self._state = self._stack.pop()
        return True

    # Actions: what follows from a match. Each returns the kind that the match is.

    def _popping(self, kind: int, _start: int) -> int:
        self._pop()
        return kind

    def _open_index(self, kind: int, _start: int) -> int:
        self._push(_INDEX)
        return kind

    def _open_parenthesis(self, kind: int, _start: int) -> int:
        self._opened += 1
        if self._state == _MODIFIER:
            self._state = _ARGUMENTS
        return kind

    def _close_parenthesis(self, kind: int, _start: int) -> int:
        while not self._opened:
            if not self._pop():
                return kind
        if self._opened == self._closed + 1:
            self._pop()
        else:
            self._closed += 1
        return kind

    def _close_arguments(self, kind: int, _start: int) -> int:
        self._state = _REFERENCE
        return kind

    def _dot(self, kind: int, _start: int) -> int:
        self._state = _MODIFIER
        return kind

    def _set(self, kind: int, _start: int) -> int:
        self._push(_DIRECTIVE)
        self._in_set = True
        self._opened += 1
        return kind

    def _condition(self, kind: int, _start: int) -> int:
        self._state = _DIRECTIVE
        return kind

    def _word(self, kind: int, start: int) -> int:
        return _WORDS.get(self.text[start : self.at], kind) if self._state == _DIRECTIVE else kind

    def _string(self, kind: int, _start: int) -> int:
        if self._state == _DIRECTIVE and not self._in_set and not self._opened:
            self._pop()
        return kind

    def _number(self, kind: int, _start: int) -> int:
        is_inside = self._state == _ARGUMENTS or (self._state == _INDEX and kind == kinds.INTEGER)
        if not self._opened and not self._in_set and not is_inside:
            self._pop()
        return kind

    def _dollar(self, kind: int, _start: int) -> int:
        if not self._in_comment:
            if self._state == _REFERENCE:
                self._pop()
            self._push(_REFERENCE)
        return kind

    def _hash(self, kind: int, _start: int) -> int:
        if not self._in_comment:
            if self._state in {_REFERENCE, _MODIFIER}:
                self._pop()
            self._push(_AFTER_HASH)
        return kind

    def _line_comment(self, kind: int, _start: int) -> int:
        if not self._in_comment:
            if self._state == _REFERENCE:
                self._pop()
            self._in_comment = True
            self._push(_LINE_COMMENT)
        return kind

    def _open_comment(self, kind: int, _start: int) -> int:
        if not self._in_comment:
            self._in_comment = True
            self._push(_COMMENT)
        return kind

    def _open_formal_comment(self, kind: int, start: int) -> int:
        if not self._in_comment:
            self.at -= 1
        return self._open_comment(kind, start)

    def _open_text_block(self, kind: int, _start: int) -> int:
        if not self._in_comment:
            self._in_comment = True
            self._push(_TEXT_BLOCK)
        return kind

    def _close_comment(self, kind: int, _start: int) -> int:
        self._in_comment = False
        self._pop()
        return kind

    def _terminator(self, kind: int, start: int) -> int:
        self.at = start
        self._pop()
        return kind

    def _blank(self, _kind: int, start: int) -> int:
        if start >= self._blanks_end:
            self._blanks_end = _end_of(_BLANK_RUN.match(self.text, start), start)
            self._set_end = _end_of(_SET_AHEAD.match(self.text, self._blanks_end), 0)
        if not self._set_end:
            return self._terminator(_TERMINATOR, start)
        self.at = self._set_end
        return self._set(kinds.SET, start)

    def _backslashes(self, _kind: int, start: int) -> int:
        if start >= self._run_end:
            self._run_end = _end_of(_BACKSLASH_RUN.match(self.text, start), start)
        dollar = _DOLLAR_OPENER.match(self.text, self._run_end)
        if dollar is not None:
            self.at = dollar.end()
            return self._dollar(_DOLLAR, start)
        if self._state == _DEFAULT:
            return self._escape(start)
        if self._in_comment:
            self.at = self._run_end
            return _PREFIX if self._state == _TEXT_BLOCK else _SKIPPED
        if self._state in {_REFERENCE, _MODIFIER, _AFTER_HASH}:
            return self._terminator(_TERMINATOR, start)
        raise self.source.error("unexpected \\", start)

    def _escape(self, start: int) -> int:
        count = self._run_end - start
        if count % 2:
            directive = _DIRECTIVE_AHEAD.match(self.text, self._run_end)
            if directive is not None:
                self.at = directive.end()
                return kinds.ESCAPED_DIRECTIVE
        if count == 1:
            return kinds.BACKSLASH
        self.at = start + count // 2 * 2
        return kinds.BACKSLASH_PAIRS


_Action = Callable[[Lexer, int, int], int]

# ruff: noqa: SLF001 - the actions are the lexer's own
_ACTIONS: Final[Mapping[int, _Action]] = {
    kinds.CLOSE_CURLY: Lexer._popping,
    kinds.CLOSE_INDEX: Lexer._popping,
    kinds.END: Lexer._popping,
    kinds.ELSE: Lexer._popping,
    kinds.OPEN_INDEX: Lexer._open_index,
    kinds.OPEN_PARENTHESIS: Lexer._open_parenthesis,
    kinds.CLOSE_PARENTHESIS: Lexer._close_parenthesis,
    kinds.CLOSE_ARGUMENTS: Lexer._close_arguments,
    kinds.DOT: Lexer._dot,
    kinds.SET: Lexer._set,
    kinds.IF: Lexer._condition,
    kinds.ELSEIF: Lexer._condition,
    kinds.WORD: Lexer._word,
    kinds.STRING: Lexer._string,
    kinds.INTEGER: Lexer._number,
    kinds.FLOAT: Lexer._number,
    kinds.LINE_COMMENT: Lexer._line_comment,
    kinds.LINE_END: Lexer._close_comment,
    kinds.COMMENT_END: Lexer._close_comment,
    kinds.TEXT_BLOCK: Lexer._close_comment,
    _TERMINATOR: Lexer._terminator,
    _BLANK: Lexer._blank,
    _BACKSLASHES: Lexer._backslashes,
    _DOLLAR: Lexer._dollar,
    _HASH: Lexer._hash,
    _COMMENT_OPEN: Lexer._open_comment,
    _FORMAL_COMMENT_OPEN: Lexer._open_formal_comment,
    _TEXT_BLOCK_OPEN: Lexer._open_text_block,
}

_ESCAPED_DOLLAR: Final = re.compile(r"\\++\$")


def _end_of(found: re.Match[str] | None, otherwise: int) -> int:
    return found.end() if found else otherwise


def _printed(prefix: str) -> str:
    r"""Return what Velocity prints of a prefix that begins nothing: `$`, `#` and `\$`, not the `!` of `$!`."""
    if prefix in {"$", "#"}:
        return prefix
    printed = ""
    at = 0
    while at < len(prefix):
        escaped = _ESCAPED_DOLLAR.match(prefix, at)
        if escaped is not None:
            printed += escaped[0]
            at = escaped.end() + 1  # Velocity passes over one character too many
            continue
        if prefix[at] in "$#":
            printed += prefix[at]
        at += 1
    return printed


def _shown(char: str) -> str:
    return char if char.isprintable() and char != " " else f"character U+{ord(char):04X}"
