"""Which method Velocity calls for the arguments of a template."""

import pytest

from reconciler.mapping.java.budget import Budget, EvaluationFault
from reconciler.mapping.java.signatures import MethodTable

TABLE = MethodTable(
    "Thing",
    {"size:": len, "isOpen:": lambda _: True, "getURL:": lambda _: "u", "at:i": lambda _, index: f"int {index}"},
    {"at:S": lambda _budget, _value, key: f"text {key}", "all:S*": lambda _budget, _value, *rest: f"{rest}"},
    void={"clear:": lambda *_: 5},
    others="stream",
    recent="isOpen",
)


def _call(name: str, *arguments: object) -> object:
    return TABLE.call("abc", name, arguments, Budget())  # type: ignore[arg-type]


def test_overloads_are_chosen_by_their_parameters() -> None:
    """An int and a text go to different methods; null fits only the text."""
    assert ["int 1", "text x", "text None"] == [_call("at", argument) for argument in (1, "x", None)]


def test_arguments_that_fit_no_method() -> None:
    """A method that does not exist, or not for these arguments, gives nothing."""
    assert [None] * 5 == [_call("nope"), _call("at"), _call("at", 1.5), _call("at", 2**31), _call("all", 1)]


def test_a_method_without_parameters_refuses_arguments() -> None:
    """Velocity 1.7 calls it all the same, and Java throws."""
    with pytest.raises(EvaluationFault, match="takes no arguments"):
        _call("size", 1)


def test_void_methods_give_the_empty_text() -> None:
    """What returns nothing prints nothing."""
    assert "" == _call("clear")


def test_any_number_of_arguments() -> None:
    """A last * takes what is left."""
    assert ["('a',)", "('a', 1, None)"] == [_call("all", "a"), _call("all", "a", 1, None)]


@pytest.mark.parametrize("name", ["stream", "getClass", "isOpen"])
def test_what_is_not_known_is_noted(name: str) -> None:
    """Methods that are not evaluated, and those that came after Java 8, leave a note."""
    budget = Budget()
    TABLE.call("abc", name, (), budget)

    assert 1 == len(budget.unknown)
    assert name in budget.unknown[0]


def test_properties_are_getters() -> None:
    """`getX()` and `isX()` make the properties x and X."""
    assert {"open", "Open", "uRL", "URL"} == TABLE.properties.keys()
    assert {"size", "isOpen", "getURL", "at", "all", "clear"} == set(TABLE.names())
