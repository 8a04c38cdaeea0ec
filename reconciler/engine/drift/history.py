"""The history of drift runs: which findings are new, which are known, which are resolved.

A history is a folder, or a prefix of a bucket, that holds the document of each run and a small state for each scope:
the open findings with the time when they were first seen, and what each channel was last sent. A scope is what was
asked for (environments, PATHs, `--only` and so on): runs of different scopes do not share a state, because what one of
them did not look at is not resolved. A run that reads some targets of its scope only (`--event`, `--changed-since`, a
part of a sharded run) is partial: findings of other targets stay open.

Whatever is wrong with a history is a warning, and the run goes on: it changes no exit code. A state that cannot be
read, or that a later version wrote, is not overwritten; a damaged one is. Of two runs at the same time, the one that
ends last leaves its state.
"""

import datetime as dt
import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from reconciler.config.channels import DEFAULT_KEEP
from reconciler.diagnostics import Diagnostic, warning
from reconciler.documents import dumped
from reconciler.documents.history import (
    MAX_BYTES,
    MAX_FINDINGS,
    MAX_TREND,
    DamagedHistory,
    NewerHistory,
    read_history,
    write_history,
)
from reconciler.engine.drift.open_findings import Reach, open_findings
from reconciler.engine.drift.reading_facts import resolved_finding
from reconciler.engine.drift.result import Drift
from reconciler.engine.result_documents import document_of_drift
from reconciler.errors import HistoryError
from reconciler.fleet.ages import Age, Ages
from reconciler.fleet.history import Delivered, HistoryState, OpenFinding
from reconciler.fleet.trend import TrendPoint
from reconciler.ports import HistoryStore
from reconciler.rules import RunRule

_SCOPE_DIGITS: Final = 16
_TOKEN_BYTES: Final = 4
_MOST_DELETED: Final = 1_000
"""How many documents one run deletes: the others wait for the next one."""

_DOCUMENT: Final = re.compile(r"drift-([0-9]{8}T[0-9]{6})Z-[0-9a-f]{16}-[0-9a-f]{8}\.json")
_STAMP: Final = "%Y%m%dT%H%M%S"

_UPDATE: Final = "update reconciler, or choose another --history"


@dataclass(frozen=True, slots=True)
class History:
    """A history as a run finds it. `before` is None if it is unknown, and then `problem` says why.

    `scope` is 16 hexadecimal digits.
    `is_partial`: the run reads some targets of its scope only. `keeps_state`: the state may be replaced.
    """

    store: HistoryStore
    scope: str
    before: HistoryState | None = field(default_factory=HistoryState)
    problem: Diagnostic | None = None
    is_partial: bool = False
    keep: dt.timedelta = DEFAULT_KEEP
    keeps_state: bool = True

    @property
    def state_name(self) -> str:
        """The name of the file with the state."""
        return f"state-{self.scope}.json"


def load_history(
    store: HistoryStore, scope: str, *, is_partial: bool = False, keep: dt.timedelta = DEFAULT_KEEP
) -> History:
    """Read the state of a scope, whatever text names it. What is wrong with the state becomes `problem`."""
    digest = hashlib.sha256(scope.encode(errors="backslashreplace")).hexdigest()[:_SCOPE_DIGITS]
    history = History(store, digest, is_partial=is_partial, keep=keep)
    try:
        content = store.read(history.state_name, MAX_BYTES)
        if content is None:
            return history
        before, is_newer = read_history(content)
    except HistoryError as failure:
        message = f"{failure.message}; the ages of findings are unknown"
        return replace(history, before=None, problem=_warning(message, failure.remedy), keeps_state=False)
    except NewerHistory as failure:
        message = f"{_file(history)} was written by a later version of reconciler: {failure}; it is not used or changed"
        return replace(history, before=None, problem=_warning(message, _UPDATE), keeps_state=False)
    except DamagedHistory as failure:
        message = f"{_file(history)} is damaged: {failure}; the ages of findings are unknown, and start anew"
        return replace(history, before=None, problem=_warning(message, "check what else writes there"))
    newer = f"{_file(history)} was written by a later version of reconciler, and only the known part of it is used"
    return replace(history, before=before, problem=_warning(newer, _UPDATE) if is_newer else None)


def with_ages(drift: Drift, history: History) -> Drift:
    """Add which findings are new, known or resolved, and the trend; nothing where the history is unknown."""
    aged = replace(drift, diagnostics=(*drift.diagnostics, *_problems(drift, history)))
    if history.before is None or drift.facts.skipped:
        return aged
    now = state_after(drift, history)
    by_fingerprint = {
        identity: Age("known" if identity in history.before.open else "new", now.open[identity].first_seen)
        for identity in open_findings(drift)
        if identity in now.open
    }
    resolved = tuple(resolved_finding(finding) for finding in history.before.open.values() if _is_gone(finding, now))
    ages = Ages(by_fingerprint, resolved, history.before.at)
    return replace(aged, facts=replace(drift.facts, ages=ages, trend=now.trend))


def state_after(drift: Drift, history: History) -> HistoryState:
    """Return the state that a run leaves: its findings, and those of earlier runs that it does not settle."""
    before = history.before or HistoryState()
    reach = Reach.of(drift, is_partial=history.is_partial)
    found = open_findings(drift)
    left = {
        identity: finding
        for identity, finding in before.open.items()
        if identity not in found and not reach.settles(finding)
    }
    every = [*(_dated(finding, before.open, drift.created_at) for finding in found.values()), *left.values()]
    counts = drift.summary
    point = TrendPoint(drift.created_at, counts.changed, counts.missing, counts.unexpected, counts.errors)
    return HistoryState(
        at=drift.created_at,
        open={finding.fingerprint: finding for finding in every[:MAX_FINDINGS]},
        delivered=before.delivered,
        trend=(*before.trend, point)[-MAX_TREND:],
    )


def recorded(drift: Drift, history: History) -> Drift:
    """Store the document of a run and its state, and delete documents that are too old.

    A run that read nothing (`facts.skipped`) or was interrupted leaves no trace. Adds a warning for what cannot be
    written.
    """
    if drift.facts.skipped or drift.facts.run.is_interrupted:
        return drift
    try:
        history.store.write(_document_name(drift, history), dumped(document_of_drift(drift)).encode("ascii"))
        if history.keeps_state:
            _write_state(history, state_after(drift, history))
        _prune(history, drift.created_at)
    except HistoryError as failure:
        message = f"{failure.message}; the next run does not know this one as it should"
        return _with_warning(drift, _warning(message, failure.remedy))
    return drift


def record_delivery(drift: Drift, history: History, delivered: Mapping[str, Delivered]) -> Drift:
    """Store what channels were sent, by their names. Adds a warning where that fails."""
    if not history.keeps_state:
        return drift
    state = state_after(drift, history)
    try:
        _write_state(history, replace(state, delivered={**state.delivered, **delivered}))
    except HistoryError as failure:
        message = f"{failure.message}; the next run may send the same notifications again"
        return _with_warning(drift, _warning(message, failure.remedy))
    return drift


def _write_state(history: History, state: HistoryState) -> None:
    try:
        content = write_history(state)
    except ValueError as failure:
        raise HistoryError(f"the run has no valid time ({state.at[:40]!r})", "check the clock") from failure
    history.store.write(history.state_name, content)


def _problems(drift: Drift, history: History) -> tuple[Diagnostic, ...]:
    before = history.before
    problems = [history.problem] if history.problem else []
    if before and before.at > drift.created_at:
        message = f"the last run in {history.store.place} was at {before.at}, later than this one ({drift.created_at})"
        problems.append(_warning(message, "check the clocks of the machines, if no other run was under way"))
    if before and len(open_findings(drift)) > MAX_FINDINGS:
        message = f"there are more than {MAX_FINDINGS:,} findings: the ages of the others are not kept"
        problems.append(_warning(message, "split the run with --env or PATHs, each with a history of its own"))
    return tuple(problems)


def _dated(finding: OpenFinding, before: Mapping[str, OpenFinding], now: str) -> OpenFinding:
    """Return the finding with the time when it was first seen: not later than now, wherever the clock was then."""
    known = before.get(finding.fingerprint)
    return replace(finding, first_seen=min(known.first_seen, now) if known else now)


def _is_gone(finding: OpenFinding, now: HistoryState) -> bool:
    return finding.fingerprint not in now.open


def _document_name(drift: Drift, history: History) -> str:
    """Name a document so that names sort by time; the random end distinguishes runs of the same second."""
    stamp = _moment(drift.created_at).strftime(_STAMP)
    return f"drift-{stamp}Z-{history.scope}-{secrets.token_hex(_TOKEN_BYTES)}.json"


def _moment(text: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(text).astimezone(dt.UTC)
    except (ValueError, OverflowError) as failure:
        raise HistoryError(f"the run has no valid time ({text[:40]!r})", "check the clock") from failure


def _prune(history: History, now: str) -> None:
    """Delete documents that are too old, as seen from the run before: a clock that jumps ahead deletes nothing."""
    before = history.before.at if history.before else ""
    if not before:
        return
    try:
        limit = (min(_moment(before), _moment(now)) - history.keep).strftime(_STAMP)
    except OverflowError:
        return  # nothing is that old
    matches = filter(None, map(_DOCUMENT.fullmatch, history.store.names()))
    for name in [match[0] for match in matches if match[1] < limit][:_MOST_DELETED]:
        history.store.delete(name)


def _file(history: History) -> str:
    return f"{history.state_name} in {history.store.place}"


def _warning(message: str, remedy: str) -> Diagnostic:
    return warning(RunRule.HISTORY, f"history: {message}", remedy)


def _with_warning(drift: Drift, problem: Diagnostic) -> Drift:
    return replace(drift, diagnostics=(*drift.diagnostics, problem))
