"""Counts of coverage in words."""

import math

from reconciler.fleet.coverage import CoverageCount, CoverageTally
from reconciler.models.targets import Kind
from reconciler.render.style import plural


def coverage_line(count: CoverageCount) -> str:
    """Return the coverage as a line of another report."""
    noun = "API" if len(count.kinds) == len(Kind) else count.kinds[0].words
    return f"Coverage: {_apis(CoverageTally(count.covered, count.apis - count.covered, count.ignored), noun)}."


def tally_text(apis: CoverageTally, methods: CoverageTally | None) -> str:
    """Return the counts as a clause: `18 of 20 APIs have a manifest (90%), 1 ignored`; `methods` None: not read."""
    if methods is None:
        return _apis(apis, "API")
    verb = "is" if _is_singular(methods) else "are"
    return f"{_apis(apis, 'API')}; {_of(methods, 'method')} of these {verb} listed{_rest(methods)}"


def _apis(apis: CoverageTally, noun: str) -> str:
    return f"{_of(apis, noun)} {'has' if _is_singular(apis) else 'have'} a manifest{_rest(apis)}"


def _is_singular(tally: CoverageTally) -> bool:
    return 1 in {tally.covered, tally.total}


def _of(tally: CoverageTally, noun: str) -> str:
    return f"{tally.covered:,} of {plural(tally.total, noun)}"


def _rest(tally: CoverageTally) -> str:
    # Rounded down, so that only all is 100%
    share = f" ({math.floor(tally.share * 1000) / 10:g}%)" if tally.total else ""
    return share + (f", {tally.ignored:,} ignored" if tally.ignored else "")
