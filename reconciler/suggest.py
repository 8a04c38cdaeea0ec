"""Names that are similar to one that nobody knows.

Looking for them compares letters with letters, which takes quadratic time. A message that suggests nothing is still a
complete message, so the search is limited: of one name to `MOST_STEPS`, and within `limited_suggestions` of all names
together. Pure, but for what is left of that limit.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from reconciler.step_budget import BudgetExceeded, SharedBudget, StepBudget

MOST_STEPS: Final = 500_000
"""Steps for one name: about as long as a look at a candidate takes."""

MOST_STEPS_OF_RUN: Final = 1_000_000
"""Steps for all names of a run: a thousand names, or some dozens where there are thousands of candidates."""

LONGEST: Final = 200
"""Characters of a name, and of a candidate, that are compared."""

_CUTOFF: Final = 0.6
_LEAST_STEPS: Final = 64
"""With fewer than these, looking for similar names is not begun."""

_of_run: Final = SharedBudget("suggestions")


@contextmanager
def limited_suggestions(most: int = MOST_STEPS_OF_RUN) -> Iterator[StepBudget]:
    """Limit what is spent within, all suggestions together. An outer limit holds on."""
    outer = _of_run.current
    if outer is not None:
        yield outer
        return
    with _of_run.limited(most) as work:
        yield work


def close_matches(word: str, known: Iterable[str], n: int = 1, cutoff: float = _CUTOFF) -> list[str]:
    """The up to `n` known names that are most similar, the best first, of those that the steps suffice for.

    `cutoff`: the least similarity, from 0 to 1. It gives what `difflib.get_close_matches` gives.
    """
    return [name for _, name, _ in _ranked(word, ((name, name) for name in known), cutoff)[:n]]


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known name that is most similar, capitals aside; None when none is similar."""
    found = _ranked(word[:LONGEST].casefold(), ((name.casefold(), name) for name in known), _CUTOFF)
    return found[0][2] if found else None


def _ranked(word: str, known: Iterable[tuple[str, str]], cutoff: float) -> list[tuple[float, str, str]]:
    """The known names, each given with how it is compared, the most similar first; as far as the steps go."""
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
    from difflib import SequenceMatcher  # noqa: PLC0415 - what only a mistake needs does not slow down the start

    matcher: SequenceMatcher[str] = SequenceMatcher()
    matcher.set_seq2(word)
    for name, meant in known:
        work.spend()
        # The most that two texts of these lengths can have in common
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
