r"""Split a template into tokens as Velocity 1.7 does, whose lexer depends on what it has read.

The states and their tokens are in `grammar`. A `$` or `#` is no token of its own: it opens a state, and becomes part of
the token that follows; if none follows, it is printed before the next text. The longest match wins. So white space
before `#set` belongs to a text before it, and else to the `#set`; `$a.b.` leaves its last point to the text; `1-1` is
`1` and `-1`.

The parser asks for a token at a time, because it changes the state after the name of a directive. All work is linear in
the length of the text, whatever it is: runs of backslashes or blanks are read once.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from reconciler.mapping.velocity import grammar
from reconciler.mapping.velocity import tokens as kinds
from reconciler.mapping.velocity.source import Source
from reconciler.mapping.velocity.tokens import Token

_BACKSLASH_RUN: Final = re.compile(r"\\+")
_BLANK_RUN: Final = re.compile("[ \t]+")
_DOLLAR_OPENER: Final = re.compile(r"\$(?:\\*!)?")
_SET_AHEAD: Final = re.compile(grammar.SET_START)
_DIRECTIVE_AHEAD: Final = re.compile(rf"\#(?:{grammar.NAME}|{grammar.BRACKETED_NAME})")
_PARENTHESIS_AHEAD: Final = re.compile(r"[ \t\r\n]*+\(")


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
        self._state = grammar.IN_TEXT
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
            match, row_kinds = grammar.STATES[self._state]
            found = match(text, self.at)
            if found is None:
                return self._end(start, skipped)
            kind = row_kinds[found.lastindex or 0]
            before = self.at
            self.at = found.end()
            action = _ACTIONS.get(kind)
            if action is not None:
                kind = action(self, kind, before)
            if kind < grammar.TERMINATOR:
                return Token(kind, before if kind == kinds.DOT else start, self.at, skipped)
            if kind >= grammar.FIRST_PREFIX:
                continue
            if kind == grammar.TERMINATOR and start < self.at:
                skipped += _printed(text[start : self.at])
            start = self.at

    def _end(self, start: int, skipped: str) -> Token:
        if self.at < len(self.text):
            raise self.source.error(f"unexpected {_shown(self.text[self.at])}", self.at)
        if start == self.at:
            return Token(kinds.END_OF_INPUT, start, start, skipped)
        if self._state == grammar.IN_TEXT_BLOCK:
            raise self.source.error("#[[ is not closed; add ]]#", start)
        sign = self.text[-1]
        raise self.source.error(
            f"the template ends in {sign}, which Velocity does not parse; add a line end", self.at - 1
        )

    def enter_arguments(self) -> bool:
        """Whether parentheses follow the name of a directive; if so, read their inside from now on."""
        follows = _PARENTHESIS_AHEAD.match(self.text, self.at) is not None
        if follows:
            self._state = grammar.IN_DIRECTIVE
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
            self._state = grammar.IN_TEXT
            return False
        self._opened, self._closed, self._state = self._stack.pop()
        return True

    # Actions: what follows from a match. Each returns the kind that the match is.

    def _popping(self, kind: int, _start: int) -> int:
        self._pop()
        return kind

    def _open_index(self, kind: int, _start: int) -> int:
        self._push(grammar.IN_INDEX)
        return kind

    def _open_parenthesis(self, kind: int, _start: int) -> int:
        self._opened += 1
        if self._state == grammar.IN_MODIFIER:
            self._state = grammar.IN_ARGUMENTS
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
        self._state = grammar.IN_REFERENCE
        return kind

    def _dot(self, kind: int, _start: int) -> int:
        self._state = grammar.IN_MODIFIER
        return kind

    def _set(self, kind: int, _start: int) -> int:
        self._push(grammar.IN_DIRECTIVE)
        self._in_set = True
        self._opened += 1
        return kind

    def _condition(self, kind: int, _start: int) -> int:
        self._state = grammar.IN_DIRECTIVE
        return kind

    def _word(self, kind: int, start: int) -> int:
        return grammar.WORDS.get(self.text[start : self.at], kind) if self._state == grammar.IN_DIRECTIVE else kind

    def _string(self, kind: int, _start: int) -> int:
        if self._state == grammar.IN_DIRECTIVE and not self._in_set and not self._opened:
            self._pop()
        return kind

    def _number(self, kind: int, _start: int) -> int:
        is_inside = self._state == grammar.IN_ARGUMENTS or (self._state == grammar.IN_INDEX and kind == kinds.INTEGER)
        if not self._opened and not self._in_set and not is_inside:
            self._pop()
        return kind

    def _dollar(self, kind: int, _start: int) -> int:
        if not self._in_comment:
            if self._state == grammar.IN_REFERENCE:
                self._pop()
            self._push(grammar.IN_REFERENCE)
        return kind

    def _hash(self, kind: int, _start: int) -> int:
        if not self._in_comment:
            if self._state in {grammar.IN_REFERENCE, grammar.IN_MODIFIER}:
                self._pop()
            self._push(grammar.AFTER_HASH)
        return kind

    def _line_comment(self, kind: int, _start: int) -> int:
        if not self._in_comment:
            if self._state == grammar.IN_REFERENCE:
                self._pop()
            self._in_comment = True
            self._push(grammar.IN_LINE_COMMENT)
        return kind

    def _open_comment(self, kind: int, _start: int) -> int:
        if not self._in_comment:
            self._in_comment = True
            self._push(grammar.IN_COMMENT)
        return kind

    def _open_formal_comment(self, kind: int, start: int) -> int:
        if not self._in_comment:
            self.at -= 1
        return self._open_comment(kind, start)

    def _open_text_block(self, kind: int, _start: int) -> int:
        if not self._in_comment:
            self._in_comment = True
            self._push(grammar.IN_TEXT_BLOCK)
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
            return self._terminator(grammar.TERMINATOR, start)
        self.at = self._set_end
        return self._set(kinds.SET, start)

    def _backslashes(self, _kind: int, start: int) -> int:
        if start >= self._run_end:
            self._run_end = _end_of(_BACKSLASH_RUN.match(self.text, start), start)
        dollar = _DOLLAR_OPENER.match(self.text, self._run_end)
        if dollar is not None:
            self.at = dollar.end()
            return self._dollar(grammar.DOLLAR, start)
        if self._state == grammar.IN_TEXT:
            return self._escape(start)
        if self._in_comment:
            self.at = self._run_end
            return grammar.PREFIX if self._state == grammar.IN_TEXT_BLOCK else grammar.SKIPPED
        if self._state in {grammar.IN_REFERENCE, grammar.IN_MODIFIER, grammar.AFTER_HASH}:
            return self._terminator(grammar.TERMINATOR, start)
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
    grammar.TERMINATOR: Lexer._terminator,
    grammar.BLANK: Lexer._blank,
    grammar.BACKSLASHES: Lexer._backslashes,
    grammar.DOLLAR: Lexer._dollar,
    grammar.HASH: Lexer._hash,
    grammar.COMMENT_OPEN: Lexer._open_comment,
    grammar.FORMAL_COMMENT_OPEN: Lexer._open_formal_comment,
    grammar.TEXT_BLOCK_OPEN: Lexer._open_text_block,
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
