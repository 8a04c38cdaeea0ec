"""The same content once, with its places."""

from reconciler.render.grouping import Repeated, repeated, shared


def test_the_most_frequent_content_comes_first() -> None:
    """Places keep their order, and so does content that is equally frequent."""
    groups = repeated([("a", 1), ("b", 2), ("c", 3), ("b", 4)])

    assert groups == [Repeated("b", (2, 4)), Repeated("a", (1,)), Repeated("c", (3,))]


def test_nothing_is_no_group() -> None:
    """An empty report has no blocks."""
    assert repeated([]) == []


def test_two_places_are_not_worth_a_group() -> None:
    """A heading and a list of two are longer than both."""
    assert shared([*zip("aabbb", range(5), strict=True)]) == [Repeated("b", (2, 3, 4))]
