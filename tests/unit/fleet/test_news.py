"""What a channel is sent, and when."""

from hypothesis import given
from hypothesis import strategies as st

from reconciler.fleet.history import Delivered
from reconciler.fleet.news import News, news_for

SETS = st.frozensets(st.sampled_from("abcd"))


def test_the_first_findings_are_news() -> None:
    """A channel that has heard of nothing."""
    assert News("changed", frozenset("a"), frozenset(), frozenset()) == news_for(Delivered(), {"a"}, is_due=False)


def test_no_findings_are_no_news() -> None:
    """Neither at first, nor when a reminder is due."""
    assert news_for(Delivered(), frozenset(), is_due=True) is None


def test_a_part_that_clears_is_news() -> None:
    """With what is left."""
    delivered = Delivered("", frozenset("ab"))

    assert News("changed", frozenset(), frozenset("a"), frozenset("b")) == news_for(delivered, {"a"}, is_due=False)


def test_all_clear_is_news() -> None:
    """Once."""
    delivered = Delivered("", frozenset("a"))

    assert News("cleared", frozenset(), frozenset(), frozenset("a")) == news_for(delivered, set(), is_due=True)


def test_a_reminder_repeats_the_findings() -> None:
    """Only when it is due."""
    delivered = Delivered("", frozenset("a"))

    assert News("reminder", frozenset(), frozenset("a"), frozenset()) == news_for(delivered, {"a"}, is_due=True)
    assert news_for(delivered, {"a"}, is_due=False) is None


def test_what_failed_is_sent_again() -> None:
    """Also that all is well by now: the channel may have got the bad news, and its answer was lost."""
    failed = Delivered("", frozenset(), has_failed=True)

    assert News("cleared", frozenset(), frozenset(), frozenset()) == news_for(failed, frozenset(), is_due=False)


@given(SETS, SETS)
def test_nothing_changed_is_no_news(sent: frozenset[str], found: frozenset[str]) -> None:
    """And every change is."""
    assert (sent == found) == (news_for(Delivered("", sent), found, is_due=False) is None)
