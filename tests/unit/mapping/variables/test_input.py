"""`$input` gives the body and the parameters of the request, and nothing else."""

import pytest

from reconciler.mapping.exchange import ClientRequest
from reconciler.mapping.java.access import call_method, read_index, read_property
from reconciler.mapping.java.budget import Budget, EvaluationFault
from reconciler.mapping.java.values import JavaMap, Value
from reconciler.mapping.rendering import TemplateInputs
from reconciler.mapping.variables.input import Input

REQUEST = ClientRequest(
    path={"id": "7", "same": "path"},
    query={"page": "2", "same": "query", "other": "query"},
    headers={"X-Trace": "t-1", "same": "header", "other": "header"},
)


def make_input(body: str | bytes = "") -> Input:
    """Return the `$input` of a call with these parameters."""
    return Input(TemplateInputs(body=body, request=REQUEST))


def called(method: str, *arguments: Value, body: str | bytes = "") -> Value:
    """Return what a method gives, about which nothing is unknown."""
    budget = Budget()
    value = call_method(make_input(body), method, arguments, budget)
    assert [] == budget.unknown
    return value


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("", "{}"),
        (b"", "{}"),
        (" ", " "),
        ('{"a": 1}', '{"a": 1}'),
        ("raw", "raw"),
        (b"caf\xc3\xa9 \xff", "caf\u00e9 \ufffd"),
    ],
)
def test_body(body: str | bytes, text: str) -> None:
    """The body is its text; an empty one is {}, and bytes that are no UTF-8 are replaced."""
    assert text == read_property(make_input(body), "body", Budget())


def test_the_body_is_never_parsed_for_itself() -> None:
    """`$input.body` of a broken body is its text."""
    assert "{a" == read_property(make_input("{a"), "body", Budget())


@pytest.mark.parametrize("method", ["path", "json"])
def test_a_broken_body_fails_when_it_is_looked_into(method: str) -> None:
    """`{a` is no JSON, not even to json-smart."""
    with pytest.raises(EvaluationFault, match="the body cannot be read as JSON: unexpected end of the text"):
        call_method(make_input("{a"), method, ["$"], Budget())


@pytest.mark.parametrize(
    ("body", "path", "value"),
    [
        ('{"a": {"b": [1]}}', "$.a.b[0]", 1),
        ('{"a": {"b": [1]}}', "a.b[0]", 1),
        ('{"a": null}', "$.a", None),
        ("{}", "$.a", None),
        ("", "$", {}),
        ("a=b", "$", "a=b"),
        ("a=b", "$.a", None),
    ],
)
def test_path(body: str, path: str, value: object) -> None:
    """`$input.path` gives values."""
    assert value == called("path", path, body=body)


@pytest.mark.parametrize(
    ("body", "path", "json"),
    [
        ('{"a": {"b": [1, "x"]}}', "$.a", '{"b":[1,"x"]}'),
        ('{"a": "x"}', "$.a", '"x"'),
        ('{"a": 1.50}', "$.a", "1.5"),
        ('{"a": 1743263483.047}', "$.a", "1.743263483047E9"),
        ('{"a": 1e3}', "$.a", "1000.0"),
        ("{}", "$.a", '""'),
        ("{}", "$.a.b", '""'),
        ("{}", "$.a[*]", "[]"),
        ("", "$", "{}"),
    ],
)
def test_json(body: str, path: str, json: str) -> None:
    """`$input.json` gives JSON text, with Java's numbers, and an empty text in quotes for nothing."""
    assert json == called("json", path, body=body)


def test_json_of_a_null_is_unknown() -> None:
    """No source says what a null in the body becomes."""
    budget = Budget()

    assert "null" == call_method(make_input('{"a": null}'), "json", ["$.a"], budget)
    assert ["what $input.json gives for a JSON null"] == budget.unknown


def test_json_of_a_path_that_is_not_evaluated_is_unknown_once() -> None:
    """The reason is that of the path."""
    budget = Budget()

    call_method(make_input("[1]"), "json", ["$.median()"], budget)

    assert 1 == len(budget.unknown)


@pytest.mark.parametrize(
    ("name", "value"),
    [("id", "7"), ("page", "2"), ("X-Trace", "t-1"), ("same", "path"), ("other", "query"), ("missing", "")],
)
def test_a_parameter_is_sought_in_path_query_string_and_headers(name: str, value: str) -> None:
    """The path comes first and the headers last; what is missing is the empty text."""
    assert value == called("params", name)


def test_a_header_in_another_case_is_found_but_unknown() -> None:
    """No source says whether the names of headers are compared with their case."""
    budget = Budget()

    assert "t-1" == call_method(make_input(), "params", ["x-trace"], budget)
    assert ["whether $input.params('x-trace') finds the header X-Trace, in another case"] == budget.unknown


def test_all_parameters() -> None:
    """`$input.params()` is a map of three maps, the same each time."""
    host = make_input()
    budget = Budget()
    parameters = call_method(host, "params", [], budget)

    assert isinstance(parameters, JavaMap)
    assert {"path": REQUEST.path, "querystring": REQUEST.query, "header": REQUEST.headers} == parameters
    assert parameters is call_method(host, "params", [], budget)


@pytest.mark.parametrize("method", ["path", "json", "params"])
@pytest.mark.parametrize("arguments", [[1], ["a", "b"], [None]])
def test_other_arguments_match_no_method(method: str, arguments: list[Value]) -> None:
    """Velocity finds no method for them, which gives null."""
    assert called(method, *arguments) is None


@pytest.mark.parametrize(
    "name", ["__class__", "__init__", "request", "_document", "document", "parameters", "methods", "path"]
)
def test_nothing_else_is_reachable(name: str) -> None:
    """Attributes of the Python object are no properties, items or methods."""
    host = make_input()
    budget = Budget()

    assert read_property(host, name, budget) is None
    assert read_index(host, name, budget) is None
    assert name == "path" or call_method(host, name, [], budget) is None
