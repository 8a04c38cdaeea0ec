"""Paths give what Jayway gives, with its habits."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.mapping.java.budget import Budget, EvaluationFault, LimitExceeded
from reconciler.mapping.java.values import JavaList, JavaMap, JsonArray, Value
from reconciler.mapping.json_reader import read_json
from reconciler.mapping.jsonpath import evaluate_path

SHOP = read_json(
    """{"books": [{"title": "Ada", "price": 5, "tags": ["x", "y"]}, {"title": "Bo", "price": 12.5, "used": null}],
        "name": "Corner", "counts": [3, 1, 2], "empty": {}, "none": null, "a b": {"c.d": 1}, "n": [0, 1, 2, 3, 4, 5]}"""
)


def found(path: str, document: Value = SHOP) -> Value:
    """Return what the path gives; nothing about it is unknown."""
    budget = Budget()
    value = evaluate_path(path, document, budget)
    assert [] == budget.unknown
    return value


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$.name", "Corner"),
        ("name", "Corner"),
        ("books[0].title", "Ada"),
        ("  $.name  ", "Corner"),
        ("@.name", "Corner"),
        ("$['name']", "Corner"),
        ('$["name"]', "Corner"),
        ("$.['name']", "Corner"),
        ("$['a b']['c.d']", 1),
        ("$.books[0].price", 5),
        ("$.books[-1].title", "Bo"),
        ("$.books[ 1 ].title", "Bo"),
        ("$.none", None),
    ],
)
def test_definite_path(path: str, value: object) -> None:
    """A path of names and indexes gives the value itself."""
    assert value == found(path)


@pytest.mark.parametrize(
    "path",
    [
        "$.missing",
        "$.missing.x[0].y",
        "$.books.title",
        "$.books[9]",
        "$.books[-9]",
        "$.name.x",
        "$.none.x",
        "$.name[0]",
    ],
)
def test_a_definite_path_that_finds_nothing_gives_null(path: str) -> None:
    """Missing members and items give null, at any depth."""
    assert found(path) is None


@pytest.mark.parametrize(
    "path",
    ["$.missing[*]", "$.missing..x", "$.empty.*", "$.books[5:]", "$.name.*", "$.books[?(@.price > 99)]", "$..nowhere"],
)
def test_an_indefinite_path_that_finds_nothing_gives_an_empty_array(path: str) -> None:
    """Paths that can find several values give an array always."""
    value = found(path)

    assert isinstance(value, JsonArray)
    assert [] == value


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("$.books[*].title", ["Ada", "Bo"]),
        ("$.books.*.title", ["Ada", "Bo"]),
        ("$.books[0,1].title", ["Ada", "Bo"]),
        ("$.books[ 1 , 0 ].title", ["Bo", "Ada"]),
        ("$.n[1:3]", [1, 2]),
        ("$.n[4:]", [4, 5]),
        ("$.n[:2]", [0, 1]),
        ("$.n[-2:]", [4, 5]),
        ("$.n[-9:]", [0, 1, 2, 3, 4, 5]),
        ("$.n[:-4]", [0, 1]),
        ("$.n[1:-1]", []),
        ("$.n[-2:1]", [4, 5, 0]),
        ("$..title", ["Ada", "Bo"]),
        ("$.books..price", [5, 12.5]),
        ("$..books[0].title", ["Ada"]),
        ("$..['title','price']", [{"title": "Ada", "price": 5}, {"title": "Bo", "price": 12.5}]),
        ("$..['title','price'].x", []),
        ("$.books[*]['title','used']", [{"title": "Ada"}, {"title": "Bo", "used": None}]),
        ("$['books','counts'][0]", [{"title": "Ada", "price": 5, "tags": ["x", "y"]}, 3]),
        ("$.books[*].*", ["Ada", 5, ["x", "y"], "Bo", 12.5, None]),
        ("$..tags[1]", ["y"]),
        ("$..[?(@.used)].title", ["Bo"]),
        ("$.books[*].tags.length()", [2]),
    ],
)
def test_indefinite_path(path: str, values: list[object]) -> None:
    """Paths that can find several values give them in the document's order."""
    value = found(path)

    assert isinstance(value, JsonArray)
    assert values == value


def test_after_two_periods_a_wildcard_visits_everything_once() -> None:
    """`$..*` gives every node below the root, parents before their children's neighbours."""
    assert [{"b": [1]}, [1], 1] == found("$..*", read_json('{"a": {"b": [1]}}'))


def test_after_two_periods_an_index_with_a_step_behind_it_means_every_item() -> None:
    """Jayway goes on from every item of an array in `$..[0].x`."""
    assert [1, 2] == found("$..[0].x", read_json('[{"x": 1}, {"x": 2}]'))


def test_after_two_periods_a_filter_that_an_array_meets_goes_on_from_its_items() -> None:
    """An array without the member meets `!@.x` itself."""
    assert ["p", "q"] == found("$..[?(!@.x)].y", read_json('[{"x": 1, "y": "p"}, {"x": 2, "y": "q"}]'))


def test_several_names_at_the_end_make_an_object() -> None:
    """`['a','b']` is definite at the end of a path, and leaves missing members out."""
    value = found("$['name','missing']")

    assert isinstance(value, JavaMap)
    assert {"name": "Corner"} == value


def test_a_filter_of_an_object_keeps_it_or_not() -> None:
    """A filter asks an object itself, not its members."""
    assert [{"c.d": 1}] == found("$['a b'][?(@['c.d'])]")


def test_the_length_after_two_periods_counts_what_all_arrays_hold() -> None:
    """`$..x.length()` is one number."""
    assert 5 == found("$..x.length()", read_json('[{"x": [1, 2]}, {"x": {"a": 1, "b": 2, "c": 3}}, {"x": 7}]'))


def test_a_sum_after_two_periods_takes_all_numbers() -> None:
    """`$..price.sum()` is one number."""
    assert 17.5 == found("$..price.sum()")


def test_keys_are_a_list() -> None:
    """`keys()` gives the names of an object."""
    value = found("$.books[0].keys()")

    assert isinstance(value, JavaList)
    assert ["title", "price", "tags"] == value


@pytest.mark.parametrize(
    "path",
    [
        "",
        " ",
        "$name",
        "$.",
        "$.a.",
        "$.a b",
        "$.a...b",
        "$.a[]",
        "$.a['b",
        "$.a[b]",
        "$.a[1,]",
        "$.a[:]",
        "$.a[1 :2]",
        "$.a[?]",
        "$.a[99999999999]",
        "$.a[--1]",
        "$.a[?(@.b]",
        "$.a[?(@.b) x]",
        "$.a[?@.b]",
        "$.a[?(1)]",
        "$.a[?(@.b ==)]",
        "$.a[?()]",
    ],
)
def test_a_path_that_jayway_refuses_is_a_fault(path: str) -> None:
    """AWS answers 500 there."""
    with pytest.raises(EvaluationFault, match="is not valid"):
        evaluate_path(path, SHOP, Budget())


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("$.counts.median()", "the function median()"),
        ("$.counts.sum($.n)", "a JSONPath function with arguments"),
        ("$.counts.length().x", "with steps behind it"),
        ("$..length()", "directly behind .."),
        ("$..books.keys()", "keys() behind .."),
        ("$.empty.sum()", "there are no numbers in an array"),
        ("$.a" + ".a" * 3000, "characters"),
        ("$.a" + "(" * 51, "parentheses"),
        ("$.books[?(@.title =~ /a/x)]", "the flags x"),
        (r"$.books[?(@.title =~ /\p{Alpha}/)]", "a regular expression"),
    ],
)
def test_what_is_not_evaluated_is_unknown(path: str, why: str) -> None:
    """The value is null then, and the budget knows why."""
    budget = Budget()

    assert evaluate_path(path, SHOP, budget) is None
    assert [True] == [why in reason for reason in budget.unknown]


def test_a_path_over_too_many_nodes_is_a_fault() -> None:
    """Paths that multiply nodes end at the bound on steps."""
    document = read_json('{"a":' * 90 + "[1,2,3]" + "}" * 90)

    with pytest.raises(LimitExceeded):
        evaluate_path("$..*..*..*..*..*", document, Budget())


@given(st.text(alphabet="$@.[]()?*'\"ab01:,-!=<>~/&| intruelsz\\", max_size=30))
def test_any_path_has_a_value_or_is_refused(path: str) -> None:
    """No path ends in another way than a value or a fault."""
    with suppress(EvaluationFault):
        evaluate_path(f"$.books{path}", SHOP, Budget())
