"""Notify channels of drift, and remember what was delivered.

With a history, a channel hears of each change of the set of findings (unread targets included), when it clears, and
again after its `remindAfter`. Without one, it hears of every run that has findings or errors. A notification that
cannot be delivered is a warning, changes no exit code, and is sent by the next run.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from reconciler.config.channels import Channel
from reconciler.diagnostics import Diagnostic, Location, warning
from reconciler.engine.drift.history import History, record_delivery, state_after
from reconciler.engine.drift.open_findings import open_findings
from reconciler.engine.drift.result import Drift
from reconciler.errors import NotificationError
from reconciler.fleet.history import Delivered, OpenFinding
from reconciler.fleet.news import News, news_for
from reconciler.ports import Notification, Notifier
from reconciler.rules import RunRule


@dataclass(frozen=True, slots=True)
class OpenChannel:
    """A channel, and how to open it: `open` raises NotificationError."""

    channel: Channel
    open: Callable[[], Notifier]


Compose: TypeAlias = Callable[[Drift, News, Mapping[str, OpenFinding]], Notification]
"""Words a notification: of a run, what is new, and the open findings by fingerprint."""


def notified(drift: Drift, history: History | None, channels: Iterable[OpenChannel], compose: Compose) -> Drift:
    """Send what each channel has not heard yet, and record it in the history.

    Adds a warning for each failure. A run that read nothing (`facts.skipped`) or was interrupted sends
    nothing.
    """
    if drift.facts.skipped or drift.facts.run.is_interrupted:
        return drift
    findings = state_after(drift, history).open if history else open_findings(drift)
    before = history.before.delivered if history and history.before else {}
    results: dict[str, Delivered] = {}
    problems: list[Diagnostic] = []
    for each in channels:
        channel, last = each.channel, before.get(each.channel.key, Delivered())
        elapsed = _elapsed(last.at, drift.created_at)
        remind_after = channel.remind_after
        is_due = elapsed is not None and remind_after is not None and elapsed >= remind_after
        news = news_for(last, findings.keys(), is_due=is_due)
        if news is None:
            if elapsed is not None and elapsed < dt.timedelta(0):
                results[channel.key] = replace(last, at=drift.created_at)  # else a wrong clock delays reminders
            continue
        try:
            each.open().send(compose(drift, news, findings))
            results[channel.key] = Delivered(drift.created_at, frozenset(findings))
        except NotificationError as failure:
            results[channel.key] = replace(last, has_failed=True)
            problems.append(undelivered(channel.key, failure, channel.location, is_sent_later=history is not None))
    reported = replace(drift, diagnostics=(*drift.diagnostics, *problems))
    return record_delivery(reported, history, results) if history and results else reported


def undelivered(key: str, failure: NotificationError, at: Location | None, *, is_sent_later: bool) -> Diagnostic:
    """Return the warning about a notification that was not delivered."""
    later = "; the next run sends it again" if is_sent_later else ""
    return warning(RunRule.NOTIFICATION, f"{key}: not notified: {failure.message}{later}", failure.remedy, at)


def _elapsed(since: str, now: str) -> dt.timedelta | None:
    try:
        return dt.datetime.fromisoformat(now) - dt.datetime.fromisoformat(since)
    except (ValueError, TypeError):
        return None
