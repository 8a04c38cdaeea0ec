"""Find the known names that are similar to an unknown one, capitals aside.

`wording.did_you_mean` puts them into a remedy, and is how every message suggests a name. The search compares letters
with letters, which takes quadratic time, and a message without a suggestion is still complete. So each search is
limited to `MOST_STEPS`, and all searches within `limited_suggestions` share one limit. Pure, except for that limit.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from reconciler.step_budget import BudgetExceeded, SharedBudget, StepBudget

MOST_STEPS: Final = 500_000
"""Steps for one unknown name; a step takes about as long as fetching a candidate."""

MOST_STEPS_OF_RUN: Final = 1_000_000
"""Steps for all unknown names of a run: a thousand names, or some dozens among thousands of candidates."""

LONGEST: Final = 200
"""Characters of a name that are compared; a longer candidate is not compared at all."""

_CUTOFF: Final = 0.6
"""The least similarity, from 0 to 1."""

_LEAST_STEPS: Final = 64
"""No search begins with fewer steps left than these."""

_of_run: Final = SharedBudget("suggestions")


@contextmanager
def limited_suggestions(most: int = MOST_STEPS_OF_RUN) -> Iterator[StepBudget]:
    """Limit the steps of all searches within; an outer limit stays in force."""
    outer = _of_run.current
    if outer is not None:
        yield outer
        return
    with _of_run.limited(most) as work:
        yield work


def close_matches(word: str, known: Iterable[str], most: int = 1) -> list[str]:
    """Return up to `most` of the known names, the most similar first, as far as the steps go.

    For names in lower case these are the names that `difflib.get_close_matches` gives.
    """
    if (run := _of_run.current) and run.most - run.steps < _LEAST_STEPS:
        return []
    work = StepBudget(MOST_STEPS, run)
    ranked: list[tuple[float, str, str]] = []
    with suppress(BudgetExceeded):
        ranked.extend(_similar(word[:LONGEST].casefold(), known, work))
    return [name for _, _, name in sorted(ranked, reverse=True)[:most]]


def _similar(word: str, known: Iterable[str], work: StepBudget) -> Iterator[tuple[float, str, str]]:
    """Return the similarity of each similar name, the name as it is compared, and the name itself."""
    from difflib import SequenceMatcher  # noqa: PLC0415 - only mistakes need it, and it slows down the start

    matcher: SequenceMatcher[str] = SequenceMatcher()
    matcher.set_seq2(word)
    for name in known:
        work.spend()
        # The most that two texts of these lengths can have in common
        if 2 * min(len(name), len(word)) < _CUTOFF * (len(name) + len(word)) or len(name) > LONGEST:
            continue
        work.spend(1 + (len(name) + len(word)) // 4)
        folded = name.casefold()
        matcher.set_seq1(folded)
        if matcher.quick_ratio() < _CUTOFF:
            continue
        # difflib takes cubic time at worst, and far less for most names
        work.spend(1 + len(name) * len(word) * min(len(name), len(word)) // 64)
        ratio = matcher.ratio()
        if ratio >= _CUTOFF:
            yield ratio, folded, name
