"""What a rendering may cost is counted before it is spent."""

import pytest

from reconciler.mapping.java.budget import (
    LONGEST_TEXT,
    MOST_MEMORY,
    Budget,
    EvaluationFault,
    LimitExceeded,
    NotEvaluated,
    width,
)


def test_steps_run_out() -> None:
    """The step after the last one ends the rendering."""
    budget = Budget(steps=2)
    budget.spend(2)

    with pytest.raises(LimitExceeded, match="steps"):
        budget.spend()


def test_one_text_has_a_limit_of_its_own() -> None:
    """A text longer than AWS's payloads is refused, however much memory is left."""
    with pytest.raises(LimitExceeded, match="10,000,000 characters"):
        Budget(memory=100 * LONGEST_TEXT).reserve(LONGEST_TEXT + 1)


def test_memory_is_shared_by_all_texts() -> None:
    """Texts count together, by the width of their characters."""
    budget = Budget()
    budget.reserve(LONGEST_TEXT, 4)

    with pytest.raises(LimitExceeded, match="48,000,000 bytes"):
        budget.reserve(LONGEST_TEXT, 1)


def test_items_take_memory() -> None:
    """More items than fit into the memory are refused before they are added."""
    with pytest.raises(LimitExceeded, match="bytes"):
        Budget().reserve_items(MOST_MEMORY)


def test_long_texts_take_steps_to_read() -> None:
    """Reading is counted by length, and texts beyond ASCII take more."""
    plain, other = Budget(), Budget()
    plain.read("a" * 6400)
    other.read("é" * 6400)

    assert plain.steps > other.steps
    assert Budget().steps - 100 == plain.steps


def test_an_unknown_is_noted_once() -> None:
    """The same reason is noted once, reasons keep their order."""
    budget = Budget()
    for why in ("b", "a", "b"):
        budget.note_unknown(why)

    assert ["b", "a"] == budget.unknown


def test_a_limit_is_no_verdict_on_aws() -> None:
    """Whoever catches NotEvaluated learns of limits too, and not of what AWS refuses."""
    assert issubclass(LimitExceeded, NotEvaluated)
    assert not isinstance(EvaluationFault("x"), NotEvaluated)
    assert "x" == EvaluationFault("x").message


def test_width_of_characters() -> None:
    """ASCII takes a byte, anything else is counted as four."""
    assert (1, 4) == (width("abc"), width("é"))
