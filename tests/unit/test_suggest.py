"""Similar names."""

from difflib import get_close_matches

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.suggest import LONGEST, MOST_STEPS_OF_RUN, close_matches, limited_suggestions

words = st.text("abc", max_size=8)


@given(words, st.lists(words, max_size=6), st.integers(1, 3))
def test_it_is_what_difflib_gives(word: str, known: list[str], n: int) -> None:
    """The names and their order are those of difflib, limits aside."""
    assert get_close_matches(word, known, n) == close_matches(word, known, n)


def test_capitals_do_not_count() -> None:
    """The known spelling is given."""
    assert ["selectionPattern"] == close_matches("SELECTIONPATERN", ["contentHandling", "selectionPattern"])


def test_all_names_of_a_run_share_one_limit() -> None:
    """However many names are unknown, the steps are those of the limit; the last ones get no suggestion."""
    known = [f"standard-errors-{number}" for number in range(2_000)]
    with limited_suggestions() as work:
        found = [close_matches(f"standard-errorz-{number}", known) for number in range(3_000)]

    assert MOST_STEPS_OF_RUN >= work.steps
    assert (True, []) == (found[0] != [], found[-1])


def test_an_outer_limit_of_suggestions_holds() -> None:
    """A part of a run gets no limit of its own."""
    with limited_suggestions(100) as outer, limited_suggestions() as inner:
        assert outer is inner


@pytest.mark.parametrize("word", ["ab" * LONGEST, "a" * 1_000_000])
def test_long_names_are_cut_or_left_alone(word: str) -> None:
    """Comparing takes cubic time, so long candidates are not compared."""
    with limited_suggestions() as work:
        assert [] == close_matches(word, [word] * 1_000)

    assert 1_000 >= work.steps


def test_no_candidate_is_looked_at_once_the_steps_are_used_up() -> None:
    """A known name is taken from the list only while there are steps left."""
    names = iter([f"name-{number}" for number in range(1_000)])
    with limited_suggestions(10):
        close_matches("nome", names)

    assert 980 < len(list(names))


def test_nothing_is_prepared_once_the_limit_is_reached() -> None:
    """A hundred thousand names after that cost nothing, whatever the candidates."""
    with limited_suggestions(10) as work:
        found = [close_matches(f"name{number}", ["name"]) for number in range(3)]

    assert [[], [], []] == found
    assert 0 == work.steps
