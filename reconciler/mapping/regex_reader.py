"""Read the syntax tree of a pattern as an expression of the whole texts that it matches.

A lookahead is about everything that follows it, beyond the end of its group. So each part is read together with the
rest of the pattern behind it.
"""

from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias, assert_never

from reconciler.mapping.alphabet import Alphabet
from reconciler.mapping.derivatives import ANYTHING, EMPTY, NOTHING, UNLIMITED, Expression, Expressions
from reconciler.mapping.regex_tree import (
    Alternation,
    Anchor,
    CharacterSet,
    Concatenation,
    Lookahead,
    Opaque,
    RegexTree,
    Repetition,
    character_sets,
)

LINE_END: Final = r"[\n\r\x85\u2028\u2029]"

_MOST_LOOKAHEADS: Final = 20

_AtStart: TypeAlias = bool | None
"""Whether a part begins at the start of the text; None if that depends on the text."""


class Undecided(Exception):  # noqa: N818 - no failure of the pattern's
    """The pattern has a construct that is not read."""


class TreeReader:
    """Reads one pattern. Raises Undecided, or BudgetExceeded of the expressions."""

    def __init__(self, expressions: Expressions, alphabet: Alphabet) -> None:
        self._make = expressions
        self._alphabet = alphabet
        self._lookaheads = 0
        self._sets: frozenset[str] = frozenset()

    def read(self, tree: RegexTree) -> Expression:
        """Return the expression of the texts that match as a whole."""
        self._sets = frozenset(character_sets(tree))
        return self._before(tree, EMPTY, at_start=True)

    def _before(self, tree: RegexTree, rest: Expression, *, at_start: _AtStart) -> Expression:
        """Return the expression of a part with the rest behind it."""
        match tree:
            case CharacterSet(python=python):
                return self._make.then(self._make.one_of(self._alphabet.mask(python)), rest)
            case Concatenation(parts=parts):
                for part, starts in reversed([*zip(parts, _starts(parts, at_start), strict=True)]):
                    rest = self._before(part, rest, at_start=starts)
                return rest
            case Alternation(branches=branches):
                return self._alternatives(branches, rest, at_start)
            case Repetition():
                return self._repetition(tree, rest, at_start)
            case Anchor():
                return self._anchored(tree, rest, at_start)
            case Lookahead():
                return self._ahead(tree, rest, at_start)
            case Opaque():
                raise Undecided
            case unreachable:
                assert_never(unreachable)

    def _alone(self, tree: RegexTree) -> Expression:
        """Return the expression of a part that does not depend on what is around it."""
        if _has_position(tree):
            raise Undecided
        return self._before(tree, EMPTY, at_start=None)

    def _alternatives(self, branches: Sequence[RegexTree], rest: Expression, at_start: _AtStart) -> Expression:
        if any(map(_has_position, branches)):
            return self._make.either(self._before(branch, rest, at_start=at_start) for branch in branches)
        return self._make.then(self._make.either(map(self._alone, branches)), rest)

    def _repetition(self, tree: Repetition, rest: Expression, at_start: _AtStart) -> Expression:
        if (tree.least, tree.most) == (0, 1):
            return self._make.either((self._before(tree.body, rest, at_start=at_start), rest))
        most = UNLIMITED if tree.most is None else tree.most
        return self._make.then(self._make.times(self._alone(tree.body), tree.least, most), rest)

    def _anchored(self, anchor: Anchor, rest: Expression, at_start: _AtStart) -> Expression:
        match anchor:
            case Anchor.START:
                if at_start is None:
                    raise Undecided
                return rest if at_start else NOTHING
            case Anchor.END:
                return self._make.both((rest, EMPTY))
            case Anchor.LAST_LINE_END:
                return rest if rest == EMPTY else self._last_line_end(rest)

    def _last_line_end(self, rest: Expression) -> Expression:
        r"""Return what follows `$`, at most a line end. There is no `$` within `\r\n`, so no `\r` may be before it."""
        carriage_return, line_feed = (self._alphabet.mask(each) for each in ("\r", "\n"))
        if any(self._alphabet.mask(each) & carriage_return for each in self._sets):
            raise Undecided
        line_end = self._make.one_of(self._alphabet.mask(LINE_END))
        both = self._make.then(self._make.one_of(carriage_return), self._make.one_of(line_feed))
        return self._make.both((rest, self._make.either((EMPTY, line_end, both))))

    def _ahead(self, tree: Lookahead, rest: Expression, at_start: _AtStart) -> Expression:
        self._lookaheads += 1
        if self._lookaheads > _MOST_LOOKAHEADS:
            raise Undecided
        ahead = self._before(tree.body, ANYTHING, at_start=at_start)
        return self._make.both((rest, self._make.complement(ahead) if tree.is_negative else ahead))


def _starts(parts: Sequence[RegexTree], at_start: _AtStart) -> Iterator[_AtStart]:
    """Yield for each part in sequence whether it begins at the start."""
    for part in parts:
        yield at_start
        if _must_read(part):
            at_start = False
        elif at_start and _may_read(part):
            at_start = None


def _must_read(tree: RegexTree) -> bool:
    """Whether a part matches at least one character."""
    match tree:
        case CharacterSet():
            return True
        case Concatenation(parts=parts):
            return any(map(_must_read, parts))
        case Alternation(branches=branches):
            return all(map(_must_read, branches))
        case Repetition(body=body, least=least):
            return least > 0 and _must_read(body)
        case _:
            return False


def _may_read(tree: RegexTree) -> bool:
    """Whether a part can match a character."""
    match tree:
        case Concatenation(parts=parts) | Alternation(branches=parts):
            return any(map(_may_read, parts))
        case Repetition(body=body):
            return _may_read(body)
        case _:
            return isinstance(tree, CharacterSet | Opaque)


def _has_position(tree: RegexTree) -> bool:
    """Whether what a part matches depends on what is around it."""
    match tree:
        case Concatenation(parts=parts) | Alternation(branches=parts):
            return any(map(_has_position, parts))
        case Repetition(body=body):
            return _has_position(body)
        case _:
            return isinstance(tree, Anchor | Lookahead | Opaque)
