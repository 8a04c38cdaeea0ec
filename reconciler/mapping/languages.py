r"""Compare what selection patterns match: whether two have a text in common, and whether one covers the other.

The texts are unbounded, so patterns are compared as automata (`derivatives`). Lookaheads are intersections, negative
ones with a complement; they may be anywhere but in a repetition. What is not compared: references to groups,
lookbehinds, `\b`, possessive quantifiers, and patterns that take too many steps. Then there is no verdict.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from reconciler.mapping.alphabet import Alphabet
from reconciler.mapping.characters import InvalidPattern, NotFollowed
from reconciler.mapping.derivatives import NOTHING, Expression, Expressions
from reconciler.mapping.java_regex import translate
from reconciler.mapping.regex_reader import LINE_END, TreeReader, Undecided
from reconciler.mapping.regex_tree import Opaque, RegexTree, character_sets
from reconciler.step_budget import BudgetExceeded, StepBudget

LONGEST_COMPARED: Final = 1_000
"""In characters."""

MOST_STEPS_OF_PAIR: Final = 50_000
"""For one comparison, some 50 ms."""

_LEAST_STEPS: Final = 500
"""No comparison begins with fewer steps left than these."""

_LONGEST_PREFIX: Final = 50
_STATUS: Final = "[1-5][0-9]{2}"

_State: TypeAlias = tuple[Expression, ...]
_Trail: TypeAlias = "tuple[()] | tuple[_Trail, int]"
"""The sets of characters that led to a state, the last one first."""

_START: Final[_Trail] = ()


@dataclass(frozen=True, slots=True)
class Relation:
    """How the texts of two patterns relate.

    `common` is a short text that both match, a status code if possible; None if there is none. `first_is_covered`: the
    second pattern matches every text that the first one matches; False also if it takes too many steps to find out.
    """

    common: str | None
    first_is_covered: bool = False
    second_is_covered: bool = False


class Languages:
    """The languages of some patterns. All comparisons together take at most `most_steps`."""

    def __init__(self, patterns: Iterable[str], most_steps: int) -> None:
        self._trees = {pattern: _tree(pattern) for pattern in {*patterns, _STATUS}}
        self._alphabet = Alphabet([*(each for tree in self._trees.values() for each in character_sets(tree)), LINE_END])
        self._budget = StepBudget(most_steps)
        self._expressions = Expressions(self._alphabet.all, self._budget)
        self._expression_of: dict[str, Expression] = {}
        self._prefixes: dict[Expression, str] = {}
        self._relations: dict[tuple[str, str], Relation | None] = {}

    def relation(self, first: str, second: str) -> Relation | None:
        """Compare two of the patterns; None if that is not decided."""
        pair = first, second
        if pair not in self._relations:
            self._relations[pair] = self._compared(first, second)
        return self._relations[pair]

    def matches_nothing(self, pattern: str) -> bool:
        """Whether it is certain that one of the patterns matches no text at all."""
        relation = self.relation(pattern, pattern)
        return relation is not None and relation.common is None

    @property
    def is_exhausted(self) -> bool:
        """Whether the steps are used up, so that nothing more is decided."""
        return self._budget.most - self._budget.steps < _LEAST_STEPS

    def _compared(self, first: str, second: str) -> Relation | None:
        if self.is_exhausted:
            return None
        self._expressions.budget = StepBudget(MOST_STEPS_OF_PAIR, self._budget)
        try:
            one, other = self._expression(first), self._expression(second)
            begins, other_begins = self._prefix(one), self._prefix(other)
            if not begins.startswith(other_begins) and not other_begins.startswith(begins):
                return Relation(None)
            common = self._shortest((one, other))
        except (BudgetExceeded, Undecided):
            return None
        if common is None:
            return Relation(None)
        try:
            covered = self._covered(one, other)
            return Relation(self._shortest((self._expression(_STATUS), one, other)) or common, *covered)
        except BudgetExceeded:
            return Relation(common)

    def _expression(self, pattern: str) -> Expression:
        """Return what a pattern matches. Raises Undecided, or BudgetExceeded."""
        expression = self._expression_of.get(pattern)
        if expression is None:
            tree = self._trees[pattern]
            try:
                expression = self._expression_of[pattern] = TreeReader(self._expressions, self._alphabet).read(tree)
            except Undecided:
                self._trees[pattern] = Opaque()
                raise
        return expression

    def _prefix(self, expression: Expression) -> str:
        """Return what every text begins with, at most `_LONGEST_PREFIX` characters: different ones need no walk."""
        prefix = self._prefixes.get(expression)
        if prefix is None:
            prefix = self._prefixes[expression] = self._text(self._only_way(expression))
        return prefix

    def _only_way(self, expression: Expression) -> _Trail:
        trail = _START
        for _ in range(_LONGEST_PREFIX):
            ways = [(mask, after) for mask, after in self._expressions.moves(expression) if after != NOTHING]
            if self._expressions.accepts_empty(expression) or len(ways) != 1 or ways[0][0].bit_count() != 1:
                break
            mask, expression = ways[0]
            trail = (trail, mask)
        return trail

    def _shortest(self, all_of: tuple[Expression, ...]) -> str | None:
        """Return a shortest text that all of the expressions match; the empty one only if there is no other."""
        walk = self._walk(all_of, is_dead=lambda state: NOTHING in state)
        accepted = (trail for verdicts, trail in walk if all(verdicts))
        first = next(accepted, None)
        if first == _START:
            first = next(accepted, _START)
        return None if first is None else self._text(first)

    def _covered(self, first: Expression, second: Expression) -> tuple[bool, bool]:
        first_only = second_only = False
        for (in_first, in_second), _ in self._walk((first, second), is_dead=lambda state: state == (NOTHING, NOTHING)):
            first_only |= in_first and not in_second
            second_only |= in_second and not in_first
            if first_only and second_only:
                break
        return not first_only, not second_only

    def _walk(self, start: _State, is_dead: Callable[[_State], bool]) -> Iterator[tuple[tuple[bool, ...], _Trail]]:
        """Yield which of the expressions a text matches, shortest texts first, one text for each state.

        The start is yielded twice if a text leads back to it.
        """
        seen: set[_State] = set()
        queue: deque[tuple[_State, _Trail]] = deque([(start, _START)])
        while queue:
            state, trail = queue.popleft()
            yield tuple(map(self._expressions.accepts_empty, state)), trail
            for mask, after in self._moves(state):
                if after not in seen and not is_dead(after):
                    seen.add(after)
                    queue.append((after, (trail, mask)))

    def _moves(self, state: _State) -> list[tuple[int, _State]]:
        moves: list[tuple[int, _State]] = [(self._alphabet.all, ())]
        for each in map(self._expressions.moves, state):
            self._expressions.budget.spend(len(moves) * len(each))
            moves = [(common, (*to, after)) for mask, to in moves for other, after in each if (common := mask & other)]
        return moves

    def _text(self, trail: _Trail) -> str:
        characters = []
        while trail:
            trail, mask = trail
            characters.append(self._alphabet.readable(mask))
        return "".join(reversed(characters))


def _tree(pattern: str) -> RegexTree:
    if len(pattern) > LONGEST_COMPARED:
        return Opaque()
    try:
        return translate(pattern).tree
    except (InvalidPattern, NotFollowed):
        return Opaque()
