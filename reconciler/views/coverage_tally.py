"""Counts of coverage in words."""

import math
from fractions import Fraction
from typing import Final

from reconciler.fleet.coverage import ALL, CoverageCount, CoverageTally, CoverageThresholds
from reconciler.models.targets import Kind
from reconciler.render.style import plural

_EVERYTHING: Final = CoverageThresholds()


def coverage_line(count: CoverageCount) -> str:
    """Return the coverage as a line of another report."""
    return f"Coverage: {coverage_text(count)}."


def coverage_text(count: CoverageCount) -> str:
    """Return the coverage as a clause, which says what was counted if not all kinds of APIs were."""
    noun = "API" if len(count.kinds) == len(Kind) else count.kinds[0].words
    return _apis(CoverageTally(count.covered, count.apis - count.covered, count.ignored), noun, ALL)


def tally_text(apis: CoverageTally, methods: CoverageTally | None, thresholds: CoverageThresholds = _EVERYTHING) -> str:
    """Return the counts as a clause: `18 of 20 APIs have a manifest, 15 required, 1 ignored`.

    `methods` None: they were not read. What is required is left out if that is all.
    """
    text = _apis(apis, "API", thresholds.apis)
    if methods is None:
        return text
    verb = "is" if _is_singular(methods) else "are"
    return f"{text}; {_of(methods, 'method')} of these {verb} listed{_rest(methods, thresholds.methods)}"


def _apis(apis: CoverageTally, noun: str, least: Fraction) -> str:
    return f"{_of(apis, noun)} {'has' if _is_singular(apis) else 'have'} a manifest{_rest(apis, least)}"


def _is_singular(tally: CoverageTally) -> bool:
    return 1 in {tally.covered, tally.total}


def _of(tally: CoverageTally, noun: str) -> str:
    return f"{tally.covered:,} of {plural(tally.total, noun)}"


def _rest(tally: CoverageTally, least: Fraction) -> str:
    required = f", {math.ceil(least * tally.total):,} required" if least < ALL else ""
    return required + (f", {tally.ignored:,} ignored" if tally.ignored else "")
