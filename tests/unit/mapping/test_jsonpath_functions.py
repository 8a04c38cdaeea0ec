"""Functions at the end of a path compute as Jayway's do."""

import pytest

from reconciler.mapping.java.budget import Budget
from reconciler.mapping.json_reader import read_json
from reconciler.mapping.jsonpath import evaluate_path


@pytest.mark.parametrize(
    ("document", "function", "value"),
    [
        ("[3, 1, 2]", "length", 3),
        ("[3, 1, 2]", "size", 3),
        ('{"a": 1, "b": 2}', "length", 2),
        ('"text"', "length", None),
        ("[3, 1, 2]", "keys", None),
        ('[3, 1, "x", true]', "sum", 4.0),
        ("[3, 1, 2]", "min", 1.0),
        ("[3, 1, 2]", "max", 3.0),
        ("[3, 1, 2]", "avg", 2.0),
        ("[2, 4]", "stddev", 1.0),
        ("[3, 1, 2]", "first", 3),
        ("[3, 1, 2]", "last", 2),
        ('["a", 1, "b"]', "concat", "ab"),
        ("7", "concat", ""),
        (f"[{10**400}]", "max", float("inf")),
        (f"[-{10**400}]", "max", float("-inf")),
    ],
)
def test_function(document: str, function: str, value: object) -> None:
    """The function gives this; sums and the like are doubles."""
    result = evaluate_path(f"$.x.{function}()", read_json(f'{{"x": {document}}}'), Budget())

    assert (value, type(value)) == (result, type(result))


@pytest.mark.parametrize("function", ["sum", "min", "max", "avg", "stddev", "first", "last"])
def test_a_function_of_nothing_is_unknown(function: str) -> None:
    """Jayway throws there, and no source says what AWS makes of it."""
    budget = Budget()

    assert evaluate_path(f"$.{function}()", read_json("[]"), budget) is None
    assert 1 == len(budget.unknown)
