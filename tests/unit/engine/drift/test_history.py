"""The history: what is new, known and resolved, and what each run leaves for the next."""

import json
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.diagnostics import Diagnostic
from reconciler.engine.drift.history import load_history, record_delivery, recorded, with_ages
from reconciler.engine.drift.result import Drift
from reconciler.errors import ExitCode
from reconciler.fleet.ages import Ages
from reconciler.fleet.facts import FleetFacts
from reconciler.fleet.history import Delivered
from reconciler.fleet.run_facts import INTERRUPTED, RunFacts
from reconciler.rules import RunRule
from support.histories import FIRST, SECOND, THIRD, MemoryHistory, drift_at, target_drift, unread

SCOPE = "everything"


def run(store: MemoryHistory, drift: Drift, scope: str = SCOPE, *, is_partial: bool = False) -> Drift:
    """One run with a history."""
    history = load_history(store, scope, is_partial=is_partial)
    return recorded(with_ages(drift, history), history)


def ages(drift: Drift) -> Ages:
    """The ages, which are known."""
    assert drift.facts.ages is not None
    return drift.facts.ages


def states(drift: Drift) -> list[tuple[str, str]]:
    """State and first sight of each finding."""
    return [(age.state, age.first_seen) for age in ages(drift).by_fingerprint.values()]


def resolved(drift: Drift) -> list[str]:
    """What is resolved."""
    return [finding.address for finding in ages(drift).resolved]


def warnings(drift: Drift) -> list[Diagnostic]:
    """The warnings about the history, which change no exit code."""
    found = [each for each in drift.diagnostics if each.rule is RunRule.HISTORY]
    assert not any(each.is_error for each in found)
    assert all(each.remedy for each in found)
    return found


def state_file(store: MemoryHistory) -> str:
    """The name of the one state."""
    (name,) = store.starting("state-")
    return name


def test_the_first_run_finds_everything_new() -> None:
    """There is nothing before it."""
    found = run(MemoryHistory(), drift_at(FIRST, target_drift("404", "500")))

    assert ([("new", FIRST)] * 2, [], "") == (states(found), resolved(found), ages(found).since)


def test_a_second_run_knows_the_first() -> None:
    """Each finding with the time when it was first seen, and when the run before was."""
    store = MemoryHistory()
    run(store, drift_at(FIRST, target_drift("404")))
    found = run(store, drift_at(SECOND, target_drift("404", "500")))

    assert ([("known", FIRST), ("new", SECOND)], FIRST) == (states(found), ages(found).since)


def test_what_is_fixed_is_resolved_once() -> None:
    """The next run has forgotten it; when it comes back, it is new."""
    store = MemoryHistory()
    run(store, drift_at(FIRST, target_drift("404")))
    second = run(store, drift_at(SECOND, target_drift()))
    third = run(store, drift_at(THIRD, target_drift("404")))

    assert ["petstore: GET /pets 404"] == resolved(second)
    assert ([("new", THIRD)], []) == (states(third), resolved(third))


def test_findings_of_an_unread_api_are_neither_resolved_nor_new() -> None:
    """They are there again, as old as they are, once it can be read; the error is resolved then."""
    store = MemoryHistory()
    run(store, drift_at(FIRST, target_drift("404")))
    second = run(store, drift_at(SECOND, unread=[unread()]))
    third = run(store, drift_at(THIRD, target_drift("404")))

    assert ([("new", SECOND)], []) == (states(second), resolved(second))
    assert ([("known", FIRST)], ["petstore"]) == (states(third), resolved(third))


def test_scopes_do_not_meet() -> None:
    """A run of one manifest does not resolve what it was not asked about."""
    store = MemoryHistory()
    run(store, drift_at(FIRST, target_drift("404"), target_drift("404", name="orders")))
    narrow = run(store, drift_at(SECOND, target_drift("404")), "petstore.yaml")
    again = run(store, drift_at(THIRD, target_drift("404"), target_drift("404", name="orders")))

    assert ([("new", SECOND)], []) == (states(narrow), resolved(narrow))
    assert [("known", FIRST)] * 2 == states(again)


def test_a_partial_run_shares_the_state_of_its_scope() -> None:
    """An event's run knows the nightly one, resolves what it read, and leaves the rest open."""
    store = MemoryHistory()
    run(store, drift_at(FIRST, target_drift("404"), target_drift("404", name="orders")))
    part = run(store, drift_at(SECOND, target_drift()), is_partial=True)
    whole = run(store, drift_at(THIRD, target_drift(), target_drift("404", name="orders")))

    assert ["petstore: GET /pets 404"] == resolved(part)
    assert [("known", FIRST)] == states(whole)


def test_a_run_that_read_nothing_leaves_no_trace() -> None:
    """An event about something else."""
    store = MemoryHistory()
    found = run(store, replace(drift_at(FIRST), facts=FleetFacts(skipped="not of API Gateway")))

    assert ({}, None) == (store.files, found.facts.ages)


def test_an_interrupted_run_leaves_no_trace() -> None:
    """What it did not reach is no finding of the next run."""
    store = MemoryHistory()
    run(store, replace(drift_at(FIRST), facts=FleetFacts(RunFacts(stopped=INTERRUPTED))))

    assert {} == store.files


def test_each_run_leaves_its_document() -> None:
    """That of `--format json`, with the ages, and named so that names sort by time."""
    store = MemoryHistory()
    for at in (FIRST, SECOND, SECOND):
        run(store, drift_at(at, target_drift("404")))
    names = store.starting("drift-")
    documents = [json.loads(store.files[name]) for name in names]

    assert [FIRST, SECOND, SECOND] == [document["createdAt"] for document in documents]
    assert ["new", "known", "known"] == [document["findings"][0]["age"] for document in documents]


def test_the_trend_counts_every_run() -> None:
    """The oldest first, this one last."""
    store = MemoryHistory()
    run(store, drift_at(FIRST, target_drift("404", "500")))
    found = run(store, drift_at(SECOND, unread=[unread()]))

    assert [(FIRST, 2, 0), (SECOND, 0, 1)] == [(point.at, point.missing, point.errors) for point in found.facts.trend]


def test_old_documents_are_deleted() -> None:
    """Those older than `keep` at the time of the run before; other files stay."""
    store = MemoryHistory({"notes.json": b"mine"})
    for at in (FIRST, "2026-03-01T03:00:00Z", "2026-06-01T03:00:00Z", "2026-06-02T03:00:00Z"):
        run(store, drift_at(at, target_drift()))

    assert ["drift-20260601", "drift-20260602"] == [name[:14] for name in store.starting("drift-")]
    assert "notes.json" in store.files


def test_a_clock_that_jumps_ahead_deletes_nothing() -> None:
    """Age counts from the run before."""
    store = MemoryHistory()
    for at in (FIRST, SECOND, "2036-01-01T03:00:00Z"):
        run(store, drift_at(at, target_drift()))

    assert 3 == len(store.starting("drift-"))


def test_everything_can_be_kept() -> None:
    """However long `keep` is."""
    store = MemoryHistory()
    run(store, drift_at(FIRST))
    history = load_history(store, SCOPE, keep=timedelta(days=999_999))

    assert [] == warnings(recorded(drift_at(SECOND), history))


def test_a_clock_that_jumps_back_is_a_warning() -> None:
    """The findings are compared all the same, and none was first seen in the future."""
    store = MemoryHistory()
    run(store, drift_at("2036-01-01T03:00:00Z", target_drift("404")))
    found = run(store, drift_at(FIRST, target_drift("404")))
    later = run(store, drift_at(SECOND, target_drift("404")))

    assert [
        "history: the last run in memory was at 2036-01-01T03:00:00Z, later than this one (2026-01-01T03:00:00Z)"
    ] == [each.message for each in warnings(found)]
    assert [("known", FIRST)] == states(found) == states(later)
    assert [] == warnings(later)


def test_an_unreadable_history_is_a_warning() -> None:
    """Ages are unknown, the findings are reported, and the state is not replaced by one that knows nothing."""
    store = MemoryHistory()
    run(store, drift_at(FIRST, target_drift("404")))
    before = store.files[state_file(store)]
    store.unreadable = True
    found = run(store, drift_at(SECOND, target_drift("404")))

    assert (ExitCode.DIFFERENCES, None) == (found.exit_code, found.facts.ages)
    assert "history: memory is lost; the ages of findings are unknown" == warnings(found)[0].message
    assert before == store.files[state_file(store)]


def test_an_unwritable_history_is_a_warning() -> None:
    """The ages are known, and the exit code is that of the findings."""
    store = MemoryHistory()
    run(store, drift_at(FIRST, target_drift()))
    store.unwritable = True
    found = run(store, drift_at(SECOND, target_drift()))

    assert (ExitCode.OK, 1) == (found.exit_code, len(warnings(found)))


@pytest.mark.parametrize("version", ["2.0", "10.0"])
def test_a_history_of_the_future_is_not_touched(version: str) -> None:
    """A later version of this program can go on with it; the run's document is stored."""
    store = MemoryHistory()
    run(store, drift_at(FIRST, target_drift("404")))
    name = state_file(store)
    store.files[name] = store.files[name].replace(b'"1.0"', f'"{version}"'.encode())
    before = store.files[name]
    found = run(store, drift_at(SECOND, target_drift("404")))

    assert (None, before, 2) == (found.facts.ages, store.files[name], len(store.starting("drift-")))
    assert "later version" in warnings(found)[0].message
    assert found == record_delivery(found, load_history(store, SCOPE), {"webhook:ops": Delivered(SECOND)})
    assert before == store.files[name]


def test_a_history_with_more_keys_is_read() -> None:
    """A later version of the same format adds keys; that they are lost is a warning."""
    store = MemoryHistory()
    run(store, drift_at(FIRST, target_drift("404")))
    name = state_file(store)
    store.files[name] = store.files[name].replace(b'"1.0"', b'"1.9","more":[1]')
    found = run(store, drift_at(SECOND, target_drift("404")))

    assert [("known", FIRST)] == states(found)
    assert ["update reconciler, or choose another --history"] == [each.remedy for each in warnings(found)]


def test_a_damaged_history_starts_anew() -> None:
    """Half of a file: the ages of one run are unknown, and the next run knows that one."""
    store = MemoryHistory()
    run(store, drift_at(FIRST, target_drift("404")))
    name = state_file(store)
    store.files[name] = store.files[name][:100]
    second = run(store, drift_at(SECOND, target_drift("404")))
    third = run(store, drift_at(THIRD, target_drift("404")))

    assert (None, 1) == (second.facts.ages, len(warnings(second)))
    assert [("known", SECOND)] == states(third)


def test_a_run_without_a_time_is_not_stored() -> None:
    """A report of an earlier run may say anything."""
    found = run(MemoryHistory(), drift_at("yesterday", target_drift()))

    assert ["history: the run has no valid time ('yesterday'); the next run does not know this one as it should"] == [
        each.message for each in warnings(found)
    ]


def test_too_many_findings_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first ones are kept, and a warning says so from the second run on."""
    monkeypatch.setattr("reconciler.engine.drift.history.MAX_FINDINGS", 1)
    store = MemoryHistory()
    run(store, drift_at(FIRST, target_drift("404", "500")))
    found = run(store, drift_at(SECOND, target_drift("404", "500")))

    assert ([("known", FIRST)], 1) == (states(found), len(warnings(found)))


def test_deliveries_are_kept() -> None:
    """Each by its channel, over further runs; that they could not be stored is a warning."""
    store = MemoryHistory()
    for channel in ("webhook:ops", "sns:team"):
        record_delivery(drift_at(FIRST), load_history(store, SCOPE), {channel: Delivered(FIRST, frozenset({"a" * 24}))})
    run(store, drift_at(SECOND))
    before = load_history(store, SCOPE).before
    store.unwritable = True
    failed = record_delivery(drift_at(SECOND), load_history(store, SCOPE), {"webhook:ops": Delivered()})

    assert before is not None
    assert {"webhook:ops", "sns:team"} == set(before.delivered)
    assert "history: memory is lost; the next run may send the same notifications again" == warnings(failed)[0].message


@given(st.lists(st.sets(st.sampled_from(("201", "400", "404", "500"))), min_size=2, max_size=5))
def test_every_finding_is_new_known_or_resolved(runs: list[set[str]]) -> None:
    """Of two runs, one after the other, whatever they find."""
    store = MemoryHistory()
    times = [f"2026-01-{number + 1:02}T00:00:00Z" for number in range(len(runs))]
    found = [run(store, drift_at(at, target_drift(*codes))) for at, codes in zip(times, runs, strict=True)]

    for (before, after), drift in zip(pairwise(runs), found[1:], strict=True):
        counts = [state for state, _ in states(drift)]
        assert (len(after - before), len(after & before), len(before - after)) == (
            counts.count("new"),
            counts.count("known"),
            len(resolved(drift)),
        )


def test_a_delivery_without_a_time_is_not_stored() -> None:
    """The next run does not know of it."""
    failed = record_delivery(drift_at("yesterday"), load_history(MemoryHistory(), SCOPE), {"webhook:ops": Delivered()})

    assert (
        "history: the run has no valid time ('yesterday'); the next run may send the same notifications again"
        == warnings(failed)[0].message
    )
