"""Notifications: who is sent what, and what the next run knows of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from reconciler.config.channels import Channel, UrlSource
from reconciler.diagnostics import Location
from reconciler.engine.drift.history import load_history, recorded, with_ages
from reconciler.engine.drift.notify import OpenChannel, notified
from reconciler.engine.drift.result import Drift
from reconciler.errors import ExitCode, NotificationError
from reconciler.fleet.facts import FleetFacts
from reconciler.fleet.history import OpenFinding
from reconciler.fleet.news import News
from reconciler.fleet.run_facts import INTERRUPTED, RunFacts
from reconciler.ports import Notification, Notifier
from reconciler.rules import RunRule
from support.histories import FIRST, SECOND, THIRD, MemoryHistory, Receiver, drift_at, target_drift, unread

OPS = Channel("ops", "webhook", UrlSource("RECONCILER_NOTIFY_OPS"), location=Location("reconciler.yaml", 4, 3))


def compose(_: Drift, news: News, findings: Mapping[str, OpenFinding]) -> Notification:
    """A notification that says no more than is tested here."""
    counts = f"{len(news.new)} new, {len(news.known)} known, {len(news.resolved)} resolved"
    return Notification(news.reason, f"{news.reason}: {counts}, {len(findings)} open", "{}")


class Runs:
    """Runs with one channel, one after the other."""

    def __init__(self, store: MemoryHistory | None = None, remind_after: timedelta | None = None) -> None:
        self.store = store
        self.receiver = Receiver()
        channel = Channel(OPS.name, OPS.kind, OPS.url, "", remind_after, OPS.location)
        self.channel = OpenChannel(channel, lambda: self.receiver)

    def run(self, drift: Drift) -> tuple[Drift, list[str]]:
        """One run; gives what it was sent."""
        self.receiver.received.clear()
        history = load_history(self.store, "all") if self.store else None
        if history:
            drift = recorded(with_ages(drift, history), history)
        drift = notified(drift, history, [self.channel], compose)
        return drift, [notification.text for notification in self.receiver.received]

    def sent(self, drift: Drift) -> list[str]:
        """What one run sends."""
        return self.run(drift)[1]


@pytest.fixture
def runs() -> Runs:
    """Runs with a history, without reminders."""
    return Runs(MemoryHistory())


def test_the_first_run_with_drift_notifies(runs: Runs) -> None:
    """One without does not."""
    assert [] == runs.sent(drift_at(FIRST, target_drift()))
    assert ["changed: 1 new, 0 known, 0 resolved, 1 open"] == runs.sent(drift_at(SECOND, target_drift("404")))


def test_the_same_findings_are_sent_once(runs: Runs) -> None:
    """However many runs find them."""
    runs.sent(drift_at(FIRST, target_drift("404")))

    assert [] == runs.sent(drift_at(SECOND, target_drift("404")))


def test_every_change_is_sent(runs: Runs) -> None:
    """More, less, and nothing any more, which is sent once."""
    runs.sent(drift_at(FIRST, target_drift("404")))

    assert ["changed: 1 new, 1 known, 0 resolved, 2 open"] == runs.sent(drift_at(SECOND, target_drift("404", "500")))
    assert ["changed: 0 new, 1 known, 1 resolved, 1 open"] == runs.sent(drift_at(SECOND, target_drift("500")))
    assert ["cleared: 0 new, 0 known, 1 resolved, 0 open"] == runs.sent(drift_at(THIRD, target_drift()))
    assert [] == runs.sent(drift_at(THIRD, target_drift()))


def test_an_unread_target_is_a_change(runs: Runs) -> None:
    """As is that it can be read again; its findings stay open meanwhile."""
    runs.sent(drift_at(FIRST, target_drift("404")))

    assert ["changed: 1 new, 1 known, 0 resolved, 2 open"] == runs.sent(drift_at(SECOND, unread=[unread()]))
    assert ["changed: 0 new, 1 known, 1 resolved, 1 open"] == runs.sent(drift_at(THIRD, target_drift("404")))


def test_a_first_run_that_reads_only_a_part_notifies(runs: Runs) -> None:
    """There is no drift in what it could read."""
    found, sent = runs.run(drift_at(FIRST, target_drift(), unread=[unread("orders")]))

    assert (ExitCode.FAILED, 1) == (found.exit_code, len(sent))


def test_reminders_repeat_findings() -> None:
    """After the time that the channel asks for, and again after that; never when all is well."""
    runs = Runs(MemoryHistory(), timedelta(days=1))
    times = (FIRST, "2026-01-01T23:00:00Z", SECOND, "2026-01-02T04:00:00Z")

    assert ["changed", "", "reminder", ""] == [
        "".join(text.partition(":")[0] for text in runs.sent(drift_at(at, target_drift("404")))) for at in times
    ]
    runs.sent(drift_at("2026-01-02T05:00:00Z", target_drift()))
    assert [] == runs.sent(drift_at("2026-02-01T05:00:00Z", target_drift()))


def test_a_clock_in_the_future_delays_no_reminder_for_long() -> None:
    """The time counts anew from the next run."""
    runs = Runs(MemoryHistory(), timedelta(days=1))
    runs.sent(drift_at("2036-01-01T00:00:00Z", target_drift("404")))

    assert [] == runs.sent(drift_at(FIRST, target_drift("404")))
    assert ["reminder: 0 new, 1 known, 0 resolved, 1 open"] == runs.sent(drift_at(SECOND, target_drift("404")))


def test_what_was_not_delivered_is_sent_by_the_next_run(runs: Runs) -> None:
    """A warning at the channel's place, which changes no exit code."""
    runs.receiver.deaf = True
    failed, _ = runs.run(drift_at(FIRST, target_drift("404")))
    runs.receiver.deaf = False

    (warning,) = failed.diagnostics

    assert (ExitCode.DIFFERENCES, RunRule.NOTIFICATION, OPS.location, "wake them") == (
        failed.exit_code,
        warning.rule,
        warning.location,
        warning.remedy,
    )
    assert "webhook:ops: not notified: nobody listens; the next run sends it again" == warning.message
    assert ["changed: 1 new, 0 known, 0 resolved, 1 open"] == runs.sent(drift_at(SECOND, target_drift("404")))
    assert [] == runs.sent(drift_at(THIRD, target_drift("404")))


def test_one_channel_does_not_stop_the_others() -> None:
    """One that cannot even be opened comes first."""
    other = Receiver()

    def fail() -> Notifier:
        raise NotificationError("RECONCILER_NOTIFY_OPS is not set", "set it")

    channels = [OpenChannel(OPS, fail), OpenChannel(Channel("team", "sns", None, "arn"), lambda: other)]
    found = notified(drift_at(FIRST, target_drift("404")), None, channels, compose)

    assert ([RunRule.NOTIFICATION], 1) == ([each.rule for each in found.diagnostics], len(other.received))


def test_without_a_history_every_run_with_findings_notifies() -> None:
    """Also one that can only read a part; one that is in sync does not."""
    runs = Runs()
    drifts = (drift_at(FIRST, target_drift("404")), drift_at(SECOND, target_drift("404")), drift_at(THIRD))

    assert [1, 1, 0] == [len(runs.sent(drift)) for drift in drifts]
    assert 1 == len(runs.sent(drift_at(THIRD, unread=[unread()])))


def test_an_unreadable_history_is_none() -> None:
    """Rather twice than never."""
    runs = Runs(MemoryHistory())
    runs.sent(drift_at(FIRST, target_drift("404")))
    assert runs.store is not None
    runs.store.unreadable = True

    assert [1, 1] == [len(runs.sent(drift_at(SECOND, target_drift("404")))) for _ in range(2)]


def test_an_interrupted_run_sends_nothing(runs: Runs) -> None:
    """Whoever stops it knows, and the next run says what is true."""
    found = drift_at(FIRST, target_drift("404"))

    assert [] == runs.sent(replace(found, facts=FleetFacts(RunFacts(stopped=INTERRUPTED))))


def test_a_run_that_read_nothing_sends_nothing(runs: Runs) -> None:
    """An event about something else does not mean that all is well."""
    runs.sent(drift_at(FIRST, target_drift("404")))
    skipped = Drift((), (), (), SECOND, facts=FleetFacts(skipped="not of API Gateway"))

    assert [] == runs.sent(skipped)
    assert [] == runs.sent(drift_at(THIRD, target_drift("404")))
