"""The state of a history, written and read."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.documents.history import MAX_TEXT, DamagedHistory, NewerHistory, read_history, write_history
from reconciler.fleet.history import Delivered, HistoryState, OpenFinding
from reconciler.fleet.trend import TrendPoint
from support.histories import FIRST, SECOND

FINDING = OpenFinding(
    "a" * 24, "missing", "petstore: GET /pets 404", "petstore", "prod", "1" * 12, "eu-west-1", "live", FIRST
)
STATE = HistoryState(
    SECOND,
    {FINDING.fingerprint: FINDING},
    {"webhook:ops": Delivered(FIRST, frozenset({"b" * 24})), "sns:team": Delivered(has_failed=True)},
    (TrendPoint(FIRST, 1, 2, 3, 4),),
)
WRITTEN: dict[str, Any] = json.loads(write_history(STATE))


def test_what_is_written_is_read() -> None:
    """All of it, and it is of this version."""
    assert (STATE, False) == read_history(write_history(STATE))


def test_texts_are_bounded_and_unicode() -> None:
    """The name of a file can be anything, and an address may be long."""
    odd = HistoryState(
        SECOND, {"a" * 24: OpenFinding("a" * 24, "error", "\udcff" + "x" * 9_999, "", None, "", "", None, FIRST)}
    )
    state, _ = read_history(write_history(odd))
    (finding,) = state.open.values()

    assert ("\\udcffx", MAX_TEXT) == (finding.address[:7], len(finding.address))


def test_a_later_version_of_the_format_is_read() -> None:
    """Its further keys are ignored, wherever they are."""
    newer = {**WRITTEN, "formatVersion": "1.9", "more": 1, "open": [{**WRITTEN["open"][0], "more": 1}]}

    assert (STATE, True) == read_history(json.dumps(newer).encode())


def test_another_format_is_not_read() -> None:
    """Its keys may mean something else."""
    with pytest.raises(NewerHistory, match=r"its formatVersion is '2.0'"):
        read_history(json.dumps({**WRITTEN, "formatVersion": "2.0"}).encode())


@pytest.mark.parametrize(
    "change",
    [
        {"formatVersion": 1},
        {"formatVersion": "1.x"},
        {"kind": "Drift"},
        {"at": "2026-99-99T00:00:00Z"},
        {"at": "2026-01-01T00:00:00+01:00"},
        {"open": [{**WRITTEN["open"][0], "fingerprint": "../../etc"}]},
        {"open": [{**WRITTEN["open"][0], "type": "odd"}]},
        {"open": [{**WRITTEN["open"][0], "address": "x" * 4_001}]},
        {"open": WRITTEN["open"] * 100_001},
        {"delivered": {str(number): WRITTEN["delivered"]["sns:team"] for number in range(51)}},
        {"trend": [{**WRITTEN["trend"][0], "errors": -1}]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_does_not_fit_is_damaged(change: dict[str, Any]) -> None:
    """Whoever wrote it."""
    with pytest.raises(DamagedHistory):
        read_history(json.dumps({**WRITTEN, **change}).encode())


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff", b"null", b"[" * 100_000, b'{"formatVersion": NaN}', b"1" * 5_000]
)
def test_what_is_no_json_is_damaged(content: bytes) -> None:
    """Or is no map."""
    with pytest.raises(DamagedHistory):
        read_history(content)


@given(st.integers(0, len(write_history(STATE)) - 1))
def test_a_part_of_the_file_is_damaged(length: int) -> None:
    """Wherever it was cut off."""
    with pytest.raises(DamagedHistory):
        read_history(write_history(STATE)[:length])
