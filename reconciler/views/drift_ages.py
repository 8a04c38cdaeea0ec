"""When findings were first seen, and how long ago that is: where a report has room for it, and for several findings."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from reconciler.fleet.ages import Age
from reconciler.render.style import plural

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


def _moment(at: str) -> datetime | None:
    try:
        return datetime.fromisoformat(at)
    except ValueError:
        return None
