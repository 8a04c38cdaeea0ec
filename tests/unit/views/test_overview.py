"""The table of APIs and environments."""

from collections.abc import Sequence

from reconciler.render.sections import Table
from reconciler.render.style import strip_marks
from reconciler.views.overview import MOST_ROWS, ApiCounts, CountKind, overview_table

KINDS = (CountKind("create", "+", "create", "to create"), CountKind("delete", "-", "delete", "to delete"))


def counts(api: str, environment: str | None, create: int = 0, delete: int = 0, region: str = "r") -> ApiCounts:
    """The counts of an API."""
    return ApiCounts(api, environment, region, {"create": create, "delete": delete}, environment == "prod")


def texts(table: Table | None) -> Sequence[Sequence[str]]:
    """The rows as plain text, the head first."""
    assert table is not None
    return [list(table.head), *([strip_marks(text) for text, _ in row] for row in table.rows)]


def test_one_environment_has_a_column_for_each_kind() -> None:
    """Kinds that nothing has are left out, and so are APIs."""
    table = overview_table(KINDS, [counts("a", "dev", 1), counts("b", "dev", 2), counts("c", "dev")])

    assert [
        ["API", "create"],
        ["a", "1"],
        ["b", "2"],
        ["2 APIs in total", "3"],
        ["1 API without changes", "-"],
    ] == texts(table)


def test_a_few_environments_have_a_column_each() -> None:
    """The caption says what the signs mean, and a protected one is known."""
    table = overview_table(KINDS, [counts("a", "dev", 1, 2), counts("a", "prod", 3), counts("b", "prod")])

    assert [["API", "dev", "prod"], ["a", "+1 -2", "+3"], ["1 API without changes", "-", "-"]] == texts(table)
    assert table is not None
    assert ("+ to create, - to delete", frozenset(("prod",))) == (table.caption, table.protected)


def test_many_environments_are_rows() -> None:
    """A table that is wider than a phone helps nobody."""
    table = overview_table(KINDS, [counts("a", f"e{number}", 1) for number in range(5)])

    assert [["API", "create"], ["a (e0)", "1"]] == list(texts(table))[:2]


def test_regions_are_named_where_there_are_several() -> None:
    """Otherwise the environment is enough; without one, the region is the name."""
    several = overview_table(KINDS, [counts("a", "dev", 1, region="r1"), counts("a", "dev", 1, region="r2")])
    bare = overview_table(KINDS, [counts("a", None, 1, region="r1"), counts("a", None, 1, region="r2")])

    assert (["API", "dev, r1", "dev, r2"], ["API", "r1", "r2"]) == (texts(several)[0], texts(bare)[0])


def test_one_api_needs_no_table() -> None:
    """The summary says the same."""
    assert overview_table(KINDS, [counts("a", "dev", 1), counts("b", "dev"), counts("a", "prod")]) is None


def test_long_tables_are_cut_and_counted() -> None:
    """Of APIs in either form."""
    few = overview_table(KINDS, [counts(f"a{number}", "dev", 1) for number in range(MOST_ROWS + 2)])
    many = overview_table(KINDS, [counts(f"a{number}", f"e{number}", 1) for number in range(MOST_ROWS + 3)])

    assert (["2 more APIs", "-"], ["3 more rows", "-"]) == (texts(few)[MOST_ROWS + 1], texts(many)[-1])
