"""Which findings are new, known since when, or resolved, as words and lines."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from reconciler.fleet.ages import Age, Ages, Resolved
from reconciler.fleet.facts import FleetFacts
from reconciler.render.style import Style, plural, printable

_MOST: Final = 50
_DAY: Final = len("2026-01-31")


def age_of(facts: FleetFacts, name: str) -> Age | None:
    """Return the age of a finding by its fingerprint, None without a history."""
    return facts.ages.by_fingerprint.get(name) if facts.ages else None


def age_words(age: Age | None) -> str:
    """Return `new`, or `known since 2026-01-31`; "" without a history."""
    if age is None:
        return ""
    return "new" if age.state == "new" else f"known since {_day(age.first_seen)}"


def age_counts(ages: Ages | None) -> str:
    """Return how many findings are new, known and resolved since the run before; "" without a history."""
    if ages is None:
        return ""
    counts = Counter(age.state for age in ages.by_fingerprint.values())
    since = f"since {_day(ages.since)}: " if ages.since else ""
    return f"{since}{counts['new']:,} new, {counts['known']:,} known, {len(ages.resolved):,} resolved"


def resolved_lines(ages: Ages | None, style: Style) -> Iterator[str]:
    """Yield what is resolved since the run before; the first ones, unless the style is full."""
    if not ages or not ages.resolved:
        return
    shown = ages.resolved if style.full else ages.resolved[:_MOST]
    yield f"{style.paint('Resolved', 'good')} since {_day(ages.since)}:"
    yield from (f"  {_line(finding, style)}" for finding in shown)
    if len(ages.resolved) > len(shown):
        yield style.paint(f"  ... and {plural(len(ages.resolved) - len(shown), 'other')}", "faint")


def _line(finding: Resolved, style: Style) -> str:
    places = (finding.environment, finding.region, f"stage {finding.stage}" if finding.stage else "")
    place = ", ".join(filter(None, places))
    what = "could not be compared" if finding.type == "error" else finding.type
    since = style.paint(f"  since {_day(finding.first_seen)}", "faint")
    return f"{printable(f'{finding.address} ({place})' if place else finding.address)}: was {what}{since}"


def _day(at: str) -> str:
    return printable(at[:_DAY])
