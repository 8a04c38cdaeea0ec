"""Texts compared line by line."""

from difflib import unified_diff

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.line_diff import MOST_STEPS, LineDiff, limited_line_diffs, line_diff

texts = st.lists(st.sampled_from(["", "a", "b", "{", "}"]), max_size=30)


@given(texts, texts, st.integers(0, 3))
def test_it_is_what_difflib_gives(old: list[str], new: list[str], context: int) -> None:
    """Limits aside."""
    expected = LineDiff(tuple(list(unified_diff(old, new, n=context, lineterm=""))[2:]))

    assert expected == line_diff(old, new, context=context)


def _shuffled(count: int) -> tuple[list[str], list[str]]:
    """Two texts of the same lines, of which each stands many times, in different orders."""
    kinds = count // 90
    return [f"{n % kinds}" for n in range(count)], [f"{n * n % kinds}" for n in range(count)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        _shuffled(12_000),
        (["{", "}"] * 6_000, ["}", "}", "{"] * 4_000),
        ([f"{n}" for n in range(12_000)], [f"{n}" for n in reversed(range(12_000))]),
        (["x"] * 180, ["x", "y"] * 90),
    ],
)
def test_the_steps_are_limited(old: list[str], new: list[str]) -> None:
    """Whatever the texts are, no more steps are counted than one pair of them may take."""
    with limited_line_diffs() as work:
        line_diff(old, new)

    assert MOST_STEPS >= work.steps


def test_what_is_too_different_is_replaced_between_the_first_and_the_last_difference() -> None:
    """Nothing is lost: the lines that go and the lines that come are all there."""
    old, new = ["a", "b", "x", "y", "z", "c"], ["a", "b", "z", "y", "c"]
    with limited_line_diffs(0):
        found = line_diff(old, new, context=1)

    assert LineDiff(("@@ -2,5 +2,4 @@", " b", "-x", "-y", "-z", "+z", "+y", " c"), is_matched=False) == found


@given(texts, texts)
def test_what_is_too_different_is_complete(old: list[str], new: list[str]) -> None:
    """Both texts can be put together again from the lines."""
    with limited_line_diffs(0):
        lines = [line for line in line_diff(old, new, context=1_000).lines if not line.startswith("@")]

    assert old == new or (old, new) == (
        [line[1:] for line in lines if line[0] in " -"],
        [line[1:] for line in lines if line[0] in " +"],
    )


def test_all_texts_of_a_report_share_one_limit() -> None:
    """The last ones are not matched any more."""
    old, new = _shuffled(2_000)
    with limited_line_diffs(1_000) as work:
        found = [line_diff(old, new).is_matched for _ in range(100)]

    assert not found[-1]
    assert 1_000 >= work.steps
