"""When findings were first seen, and which are resolved, in words."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final, TypeAlias

from reconciler.fleet.ages import Age, Ages, Resolved
from reconciler.render.style import Style, plural, printable

AgeNotes: TypeAlias = Callable[[str], str]
"""The age of a finding in words, by its fingerprint; "" if it is unknown."""

_MOST_RESOLVED: Final = 5
_MOST_IN_FULL: Final = 200

_DAY: Final = len("2026-01-31")


def is_moment(at: str) -> bool:
    """Whether a text is a moment in ISO 8601."""
    return _moment(at) is not None


def day(at: str) -> str:
    """Return the day of a moment in ISO 8601, or the text as it is."""
    return at[:_DAY] if _moment(at) else at


def since(first_seen: str, now: str) -> str:
    """Return the day, and how long ago that is: `2026-01-31, 3 days ago`; only the day if it is today or unknown."""
    seen, current = _moment(first_seen), _moment(now)
    days = (current.date() - seen.date()).days if seen and current else 0
    return f"{day(first_seen)}, {plural(days, 'day')} ago" if days > 0 else day(first_seen)


def age_note(ages: Iterable[Age], findings: int, now: str) -> str:
    """Return the age of several findings in words, as in `2 new, first seen 2026-01-31, 3 days ago`; "" if unknown."""
    known = list(ages)
    if not known:
        return ""
    new = sum(age.state == "new" for age in known)
    if new == findings:
        return "new"
    prefix = f"{new:,} new, " if new else ""
    return f"{prefix}first seen {since(min(age.first_seen for age in known), now)}"


def age_notes(ages: Ages | None, now: str) -> AgeNotes | None:
    """Return what writes the ages of a run's findings; None without a history."""
    if ages is None:
        return None

    def note(fingerprint: str) -> str:
        age = ages.by_fingerprint.get(fingerprint)
        return age_note([age], 1, now) if age else ""

    return note


def age_counts(ages: Ages) -> str:
    """Return how many findings are new, known and resolved: `since 2026-01-31: 1 new, 2 known, 0 resolved`."""
    new = sum(age.state == "new" for age in ages.by_fingerprint.values())
    after = f"since {printable(day(ages.since))}: " if ages.since else ""
    known = len(ages.by_fingerprint) - new
    return f"{after}{new:,} new, {known:,} known, {len(ages.resolved):,} resolved"


def resolved_lines(ages: Ages | None, style: Style, now: str) -> Iterator[str]:
    """Yield what the run before found and this one does not; only the first findings unless the style is full."""
    if not ages or not ages.resolved:
        return
    after = f" since {printable(day(ages.since))}" if ages.since else ""
    yield f"Resolved{after}: {plural(len(ages.resolved), 'finding')}"
    most = _MOST_IN_FULL if style.full else _MOST_RESOLVED
    yield from (f"  {printable(resolved_text(finding, now))}" for finding in ages.resolved[:most])
    more = len(ages.resolved) - most
    yield from (style.paint(f"  ... and {more:,} more", "faint"),) if more > 0 else ()


def resolved_text(finding: Resolved, now: str) -> str:
    """Return a resolved finding on one line."""
    site = ", ".join(filter(None, (finding.environment, finding.region)))
    place = f" ({site})" if finding.environment else ""
    stage = f", stage {finding.stage}" if finding.stage else ""
    return f"{finding.address}{place}{stage}: {finding.type}, first seen {since(finding.first_seen, now)}"


def _moment(at: str) -> datetime | None:
    try:
        return datetime.fromisoformat(at)
    except ValueError:
        return None
