"""Find names that are similar to an unknown one.

The search compares letters with letters, which takes quadratic time. A message without a suggestion is still complete,
so the search is limited: to `MOST_STEPS` for one name, and within `limited_suggestions` for all names together. Pure,
except for the rest of that limit.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from reconciler.step_budget import BudgetExceeded, SharedBudget, StepBudget

MOST_STEPS: Final = 500_000
"""Steps for one name; a step takes about as long as a look at a candidate."""

MOST_STEPS_OF_RUN: Final = 1_000_000
"""Steps for all names of a run: a thousand names, or some dozens with thousands of candidates."""

LONGEST: Final = 200
"""How many characters of a name, and of a candidate, are compared."""

_CUTOFF: Final = 0.6
_LEAST_STEPS: Final = 64
"""With fewer steps left, no search is started."""

_of_run: Final = SharedBudget("suggestions")


@contextmanager
def limited_suggestions(most: int = MOST_STEPS_OF_RUN) -> Iterator[StepBudget]:
    """Limit the steps of all suggestions in this context together. An outer limit stays in effect."""
    outer = _of_run.current
    if outer is not None:
        yield outer
        return
    with _of_run.limited(most) as work:
        yield work


def close_matches(word: str, known: Iterable[str], n: int = 1, cutoff: float = _CUTOFF) -> list[str]:
    """Return up to `n` known names that are most similar, the best first, as far as the steps suffice.

    `cutoff` is the least similarity, from 0 to 1. The results are those of `difflib.get_close_matches`.
    """
    return [name for _, name, _ in _ranked(word, ((name, name) for name in known), cutoff)[:n]]


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the most similar known name, ignoring case; None if none is similar."""
    found = _ranked(word[:LONGEST].casefold(), ((name.casefold(), name) for name in known), _CUTOFF)
    return found[0][2] if found else None


def _ranked(word: str, known: Iterable[tuple[str, str]], cutoff: float) -> list[tuple[float, str, str]]:
    """Rank known names, each given with the form to compare, the most similar first, as far as the steps go."""
    if (run := _of_run.current) and run.most - run.steps < _LEAST_STEPS:
        return []
    work = StepBudget(MOST_STEPS, run)
    found: list[tuple[float, str, str]] = []
    with suppress(BudgetExceeded):
        found.extend(_similar(word[:LONGEST], known, cutoff, work))
    return sorted(found, reverse=True)


def _similar(
    word: str, known: Iterable[tuple[str, str]], cutoff: float, work: StepBudget
) -> Iterator[tuple[float, str, str]]:
    from difflib import SequenceMatcher  # noqa: PLC0415 - only mistakes need it

    matcher: SequenceMatcher[str] = SequenceMatcher()
    matcher.set_seq2(word)
    for name, meant in known:
        work.spend()
        # An upper bound for texts of these lengths
        if 2 * min(len(name), len(word)) < cutoff * (len(name) + len(word)) or len(name) > LONGEST:
            continue
        work.spend(1 + (len(name) + len(word)) // 4)
        matcher.set_seq1(name)
        if matcher.quick_ratio() < cutoff:
            continue
        # difflib takes cubic time at worst, and far less for most names
        work.spend(1 + len(name) * len(word) * min(len(name), len(word)) // 64)
        ratio = matcher.ratio()
        if ratio >= cutoff:
            yield ratio, name, meant
