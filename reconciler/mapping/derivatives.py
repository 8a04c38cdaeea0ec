"""Regular expressions over sets of characters, with intersection and complement, and the automata they stand for.

The state after a character is itself an expression, its derivative (Brzozowski, "Derivatives of Regular Expressions",
1964), so an automaton is built no further than it is walked. Expressions are numbers: equal ones, up to order and
grouping, have the same number. Steps are counted, because a short expression can have billions of states.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, Literal, TypeAlias

from reconciler.step_budget import StepBudget

Expression: TypeAlias = int
Moves: TypeAlias = tuple[tuple[int, Expression], ...]
"""Disjoint sets of characters, as bits, with the expression after one of them. Together they hold every character."""

NOTHING: Final[Expression] = 0
"""Matches no text."""

EMPTY: Final[Expression] = 1
"""Matches the empty text."""

ANYTHING: Final[Expression] = 3
"""Matches every text."""

UNLIMITED: Final = -1

_Kind: TypeAlias = Literal["either", "both", "not", "empty", "set", "then", "times"]
_Node: TypeAlias = tuple[_Kind, tuple[int, ...]]


class Expressions:
    """Expressions over an alphabet whose characters are the bits of `all_characters`.

    Every method raises BudgetExceeded when the steps of `budget` are used up; what was made before stays valid.
    """

    def __init__(self, all_characters: int, budget: StepBudget) -> None:
        self.budget = budget
        self._all = all_characters
        self._nodes: list[_Node] = []
        self._numbers: dict[_Node, Expression] = {}
        self._accepting: list[bool] = []
        self._moves: dict[Expression, Moves] = {}
        self._make("either", (), accepts=False)
        self._make("empty", (), accepts=True)
        self._make("times", (self._make("set", (all_characters,), accepts=False), 0, UNLIMITED), accepts=True)

    def accepts_empty(self, expression: Expression) -> bool:
        """Whether the empty text matches."""
        return self._accepting[expression]

    def moves(self, expression: Expression) -> Moves:
        """Return where each character leads, the set with the most readable character first."""
        moves = self._moves.get(expression)
        if moves is None:
            moves = self._moves[expression] = self._derived(expression)
        return moves

    def one_of(self, mask: int) -> Expression:
        """Match one character of a set."""
        return self._make("set", (mask,), accepts=False) if mask else NOTHING

    def then(self, first: Expression, rest: Expression) -> Expression:
        """Match one expression after the other."""
        if NOTHING in {first, rest}:
            return NOTHING
        for head in reversed([*self._heads(first)]):
            if head == EMPTY:
                continue
            accepts = self._accepting[head] and self._accepting[rest]
            rest = head if rest == EMPTY else self._make("then", (head, rest), accepts=accepts)
        return rest

    def either(self, parts: Iterable[Expression]) -> Expression:
        """Match what any of the parts matches."""
        flat = self._flat("either", parts)
        sets = [part for part in flat if self._nodes[part][0] == "set"]
        if len(sets) > 1:
            mask = 0
            for part in sets:
                mask |= self._nodes[part][1][0]
            flat = flat.difference(sets) | {self.one_of(mask)}
        if ANYTHING in flat or len(flat) == 1:
            return ANYTHING if ANYTHING in flat else flat.pop()
        return self._make("either", tuple(sorted(flat)), accepts=any(self._accepting[part] for part in flat))

    def both(self, parts: Iterable[Expression]) -> Expression:
        """Match what all of the parts match."""
        flat = self._flat("both", parts) - {ANYTHING}
        accepts = all(self._accepting[part] for part in flat)
        if NOTHING in flat or (EMPTY in flat and not accepts):
            return NOTHING
        if EMPTY in flat or len(flat) < 2:  # noqa: PLR2004 - not a pair yet
            return EMPTY if EMPTY in flat else flat.pop() if flat else ANYTHING
        return self._make("both", tuple(sorted(flat)), accepts=accepts)

    def complement(self, part: Expression) -> Expression:
        """Match every text that the part does not match."""
        kind, parts = self._nodes[part]
        if kind == "not":
            return parts[0]
        if part in {NOTHING, ANYTHING}:
            return ANYTHING if part == NOTHING else NOTHING
        return self._make("not", (part,), accepts=not self._accepting[part])

    def times(self, body: Expression, least: int, most: int) -> Expression:
        """Match the body from `least` to `most` times, which may be `UNLIMITED`."""
        if self._accepting[body]:
            least = 0
        if most == 0 or body in {EMPTY, NOTHING}:
            return EMPTY if least == 0 or body == EMPTY else NOTHING
        kind, parts = self._nodes[body]
        if (least, most) == (1, 1) or (kind == "times" and parts[1:] == (0, UNLIMITED)):
            return body
        return self._make("times", (body, least, most), accepts=least == 0)

    def _make(self, kind: _Kind, parts: tuple[int, ...], *, accepts: bool) -> Expression:
        node: _Node = (kind, parts)
        number = self._numbers.get(node)
        if number is None:
            self.budget.spend()
            number = self._numbers[node] = len(self._nodes)
            self._nodes.append(node)
            self._accepting.append(accepts)
        return number

    def _heads(self, expression: Expression) -> Iterator[Expression]:
        """Yield what is matched in sequence."""
        kind, parts = self._nodes[expression]
        while kind == "then":
            self.budget.spend()
            yield parts[0]
            expression = parts[1]
            kind, parts = self._nodes[expression]
        yield expression

    def _flat(self, kind: _Kind, parts: Iterable[Expression]) -> set[Expression]:
        """Return the parts without repetitions, those of the same kind as their own parts."""
        flat: set[Expression] = set()
        for part in parts:
            part_kind, inner = self._nodes[part]
            flat.update(inner if part_kind == kind else (part,))
        self.budget.spend(len(flat))
        return flat

    def _derived(self, expression: Expression) -> Moves:
        kind, parts = self._nodes[expression]
        match kind:
            case "either" | "both":
                return self._joined(
                    [self.moves(part) for part in parts], self.either if kind == "either" else self.both
                )
            case "not":
                return self._mapped(self.moves(parts[0]), self.complement)
            case "then":
                return self._sequence(expression)
            case "times":
                body, least, most = parts
                rest = self.times(body, max(0, least - 1), most if most == UNLIMITED else most - 1)
                return self._followed(body, rest)
            case "empty" | "set":
                mask = parts[0] if parts else 0
                return self._merged([(mask, EMPTY), (self._all & ~mask, NOTHING)])

    def _sequence(self, expression: Expression) -> Moves:
        """Return the moves of the first expression in a sequence, and of those that it can do without."""
        moves: list[Moves] = []
        kind, parts = self._nodes[expression]
        while kind == "then":
            moves.append(self._followed(*parts))
            if not self._accepting[parts[0]]:
                return self._joined(moves, self.either)
            expression = parts[1]
            kind, parts = self._nodes[expression]
        return self._joined([*moves, self.moves(expression)], self.either)

    def _followed(self, first: Expression, rest: Expression) -> Moves:
        """Return the moves within the first of two expressions."""
        return self._mapped(self.moves(first), lambda after: self.then(after, rest))

    def _mapped(self, moves: Moves, becomes: Callable[[Expression], Expression]) -> Moves:
        return self._merged([(mask, becomes(after)) for mask, after in moves])

    def _joined(self, each: Sequence[Moves], join: Callable[[Iterable[Expression]], Expression]) -> Moves:
        if len(each) == 1:
            return each[0]
        groups: list[tuple[int, tuple[Expression, ...]]] = [(self._all, ())]
        for moves in each:
            self.budget.spend(len(groups) * len(moves))
            groups = [
                (common, (*before, after))
                for mask, before in groups
                for other, after in moves
                if (common := mask & other)
            ]
        return self._merged([(mask, join(after)) for mask, after in groups])

    def _merged(self, moves: Iterable[tuple[int, Expression]]) -> Moves:
        """Return each expression once, sorted by the lowest bit."""
        masks: dict[Expression, int] = {}
        for mask, after in moves:
            if mask:
                masks[after] = masks.get(after, 0) | mask
        self.budget.spend(len(masks))
        return tuple(sorted(((mask, after) for after, mask in masks.items()), key=lambda move: move[0] & -move[0]))
