"""When something happened: as an exact moment for files, and as people say it on a terminal."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

from reconciler.render.style import plural, printable

_RELATIVE: Final = timedelta(days=7)
"""Older moments are shown as a date: nobody counts days back further."""

_UNITS: Final = (("day", 86_400), ("hour", 3_600), ("minute", 60))


@dataclass(frozen=True, slots=True)
class Moments:
    """How to write moments: in ISO 8601 as they are, or relative to `now` and in local time if `now` is given.

    `zone` is the local time zone, None for that of the system.
    """

    now: str = ""
    zone: tzinfo | None = None

    def brief(self, at: str) -> str:
        """Return a moment for a table: `2 hours ago`, `2026-01-31 12:00`."""
        moment, now = _moment(at), _moment(self.now)
        if not moment or not now:
            return printable(at)
        is_near = timedelta(0) <= now - moment < _RELATIVE
        return _ago(now - moment) if is_near else moment.astimezone(self.zone).strftime("%Y-%m-%d %H:%M")

    def full(self, at: str) -> str:
        """Return a moment for a sentence: `2026-01-31 12:00:00 CET, 2 hours ago`."""
        moment, now = _moment(at), _moment(self.now)
        if not moment or not now:
            return printable(at)
        local = moment.astimezone(self.zone).strftime("%Y-%m-%d %H:%M:%S %Z")
        return f"{local}, {_ago(now - moment)}" if now >= moment else local


def _ago(elapsed: timedelta) -> str:
    seconds = int(elapsed.total_seconds())
    for unit, size in _UNITS:
        if seconds >= size:
            return f"{plural(seconds // size, unit)} ago"
    return "just now"


def _moment(at: str) -> datetime | None:
    """Return a moment with its time zone; None for anything else."""
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
