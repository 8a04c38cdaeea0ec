"""Pieces of a translated pattern: their syntax tree, and how many steps a backtracking matcher may spend on them.

`effort` bounds the steps of a backtracking match of any text of at most `LONGEST` characters, so that a
pattern from a pull request cannot hang the tool. The bound is generous: it counts ways through the pattern as if every
character matched everywhere, and stops counting at `TOO_MUCH`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from reconciler.mapping.regex_tree import Alternation, CharacterSet, Concatenation, Opaque, RegexTree, Repetition

LONGEST: Final = 3
TOO_MUCH: Final = 20_000
_MANY: Final = 50

Ways: TypeAlias = tuple[int, ...]
"""At index n: the number of ways in which the piece consumes n characters, for n up to `LONGEST`."""

_NOTHING_READ: Final[Ways] = (1, 0, 0, 0)
_ONE_READ: Final[Ways] = (0, 1, 0, 0)


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a Python pattern, with its ways through and the steps that trying all of them takes."""

    python: str
    ways: Ways
    effort: int
    tree: RegexTree


def character(python: str) -> Fragment:
    """Return a piece that matches exactly one character."""
    return Fragment(python, _ONE_READ, 1, CharacterSet(python))


def position(python: str, tree: RegexTree, effort: int = 1) -> Fragment:
    """Return a piece that matches a position and reads nothing."""
    return Fragment(python, _NOTHING_READ, effort, tree)


def stretch(python: str) -> Fragment:
    """Return a piece that matches text of any length."""
    return Fragment(python, (1,) * (LONGEST + 1), 1, Opaque())


def chain(parts: Iterable[Fragment]) -> Fragment:
    """Join pieces in sequence."""
    python, trees, ways, effort = [], [], _NOTHING_READ, 0
    for part in parts:
        trees.append(part.tree)
        python.append(part.python)
        effort += sum(ways) * part.effort
        ways = _both(ways, part.ways)
    tree = trees[0] if len(trees) == 1 else Concatenation(tuple(trees))
    return Fragment("".join(python), ways, min(effort, TOO_MUCH), tree)


def either(branches: list[Fragment]) -> Fragment:
    """Join pieces as alternatives."""
    if len(branches) == 1:
        return branches[0]
    ways = tuple(map(sum, zip(*(branch.ways for branch in branches), strict=True)))
    effort = len(branches) + sum(branch.effort for branch in branches)
    tree = Alternation(tuple(branch.tree for branch in branches))
    return Fragment("|".join(branch.python for branch in branches), ways, min(effort, TOO_MUCH), tree)


def repeated(body: Fragment, sign: str, least: int, most: int | None) -> Fragment:
    """Repeat `body` from `least` to `most` times; `sign` is the quantifier as Python writes it.

    A possessive quantifier, such as `*+`, gives nothing back, so its texts depend on what follows: its tree is opaque.

    Past `least`, matchers leave a loop at the first turn that reads nothing: more than `LONGEST` + 1 turns never help.
    """
    tree = Opaque() if sign[1:].endswith("+") else Repetition(body.tree, least, most)
    if least > _MANY and body.ways[0]:
        return Fragment(f"(?:{body.python}){sign}", body.ways, TOO_MUCH, tree)
    last = least + LONGEST + 1 if most is None else min(most, least + LONGEST + 1)
    ways, effort, turn, total = _NOTHING_READ, 1, 0, [0] * (LONGEST + 1)
    while turn <= last and effort < TOO_MUCH and any(ways):
        if turn >= least:
            total = [sum(pair) for pair in zip(total, ways, strict=True)]
        effort += sum(ways) * (body.effort + 1)
        ways = _both(ways, body.ways)
        turn += 1
    return Fragment(f"(?:{body.python}){sign}", tuple(total), min(effort, TOO_MUCH), tree)


def _both(first: Ways, then: Ways) -> Ways:
    a, b, c, d = first
    w, x, y, z = then
    return (
        min(a * w, TOO_MUCH),
        min(a * x + b * w, TOO_MUCH),
        min(a * y + b * x + c * w, TOO_MUCH),
        min(a * z + b * y + c * x + d * w, TOO_MUCH),
    )
