"""The methods of String and Character. The expected values are those of Velocity 1.7 on Java 17."""

import pytest

from reconciler.mapping.java.access import call_method
from reconciler.mapping.java.budget import Budget, EvaluationFault, LimitExceeded
from reconciler.mapping.java.objects import JavaArray, JavaChar
from reconciler.mapping.java.values import JavaList, JavaMap, Value, text


def _call(value: Value, name: str, *arguments: Value) -> Value:
    return call_method(value, name, arguments, Budget())


@pytest.mark.parametrize(
    ("value", "name", "arguments", "expected"),
    [
        ("foobar", "length", (), 6),
        ("a😀b", "length", (), 4),
        ("", "isEmpty", (), True),
        ("abc", "substring", (1,), "bc"),
        ("something", "substring", (3, 6), "eth"),
        ("abc", "substring", (3,), ""),
        ("a😀b", "substring", (3,), "b"),
        ("a😀b", "substring", (1, 3), "😀"),
        ("abc", "subSequence", (0, 2), "ab"),
        ("abc", "charAt", (0,), "a"),
        ("a😀", "codePointAt", (1,), 0x1F600),
        ("hello", "indexOf", ("l",), 2),
        ("hello", "indexOf", ("l", 3), 3),
        ("hello", "indexOf", ("l", -5), 2),
        ("hello", "indexOf", ("", 100), 5),
        ("hello", "indexOf", (108,), 2),
        ("hello", "indexOf", (-1,), -1),
        ("hello", "indexOf", ("x",), -1),
        ("a😀b", "indexOf", ("b",), 3),
        ("hello", "lastIndexOf", ("l",), 3),
        ("hello", "lastIndexOf", ("l", 2), 2),
        ("hello", "lastIndexOf", ("l", -1), -1),
        ("hello", "lastIndexOf", (108, 9), 3),
        ("hello", "contains", ("ell",), True),
        ("hello", "contentEquals", ("hello",), True),
        ("hello", "startsWith", ("he",), True),
        ("hello", "startsWith", ("l", 2), True),
        ("hello", "startsWith", ("h", -1), False),
        ("hello", "endsWith", ("lo",), True),
        ("hello", "equals", ("hello",), True),
        ("5", "equals", (5,), False),
        ("hello", "equals", (None,), False),
        ("HELLO", "equalsIgnoreCase", ("hello",), True),
        ("É", "equalsIgnoreCase", ("é",), True),
        ("ß", "equalsIgnoreCase", ("ss",), False),
        ("a", "equalsIgnoreCase", (None,), False),
        ("a", "compareTo", ("b",), -1),
        ("B", "compareToIgnoreCase", ("a",), 1),
        ("hello", "regionMatches", (1, "xell", 1, 3), True),
        ("hello", "regionMatches", (True, 0, "HE", 0, 2), True),
        ("hello", "regionMatches", (0, "HE", 0, 2), False),
        ("hello", "regionMatches", (4, "oo", 0, 2), False),
        ("Hello ß", "toUpperCase", (), "HELLO SS"),
        ("ΑΣ", "toLowerCase", (), "ας"),
        (" a\t\n\x01", "trim", (), "a"),
        ("\xa0a\xa0", "trim", (), "\xa0a\xa0"),
        ("aXbX", "replace", ("X", ""), "ab"),
        ("ab", "replace", ("", "-"), "-a-b-"),
        ("a.b", "replace", (".", "$0"), "a$0b"),
        ("a.b", "replaceAll", (".", "-"), "---"),
        ("aXbX", "replaceFirst", ("X", "-"), "a-bX"),
        ("d123", "matches", ("[0-9]*",), False),
        ("a", "concat", ("b",), "ab"),
        ("a", "toString", (), "a"),
        ("a", "intern", (), "a"),
        ("hello", "hashCode", (), 99162322),
        ("", "format", ("%s=%d", "a", 1), "a=1"),
        ("", "join", ("-", "a", "b", None), "a-b-null"),
        ("", "join", ("-", JavaList(["a", "b"])), "a-b"),
        ("", "join", ("-", JavaArray(["a", "b"])), "a-b"),
        ("", "join", ("-", None), None),
        ("", "valueOf", (1.5,), "1.5"),
        ("", "valueOf", (None,), "null"),
        ("", "valueOf", (JavaList([1]),), "[1]"),
        ("abc", "charAt", ("1",), None),
        ("abc", "substring", (1.0,), None),
        ("abc", "substring", (3_000_000_000,), None),
        ("abc", "replace", ("a", 1), None),
        ("abc", "nope", (), None),
    ],
)
def test_methods_of_string(value: str, name: str, arguments: tuple[Value, ...], expected: Value) -> None:
    """Each method does what Java's does, and nothing for arguments that it does not take."""
    assert expected == _call(value, name, *arguments)


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("strip", (), "a b"),
        ("stripLeading", (), "a b "),
        ("stripTrailing", (), " a b"),
        ("isBlank", (), False),
        ("repeat", (2,), " a b  a b "),
    ],
)
def test_methods_after_java_8(name: str, arguments: tuple[Value, ...], expected: Value) -> None:
    """They are evaluated, with a note that AWS may not have them."""
    budget = Budget()

    assert expected == call_method(" a b ", name, arguments, budget)
    assert "Java 8" in budget.unknown[0]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("substring", (9,)),
        ("substring", (-1,)),
        ("substring", (2, 1)),
        ("charAt", (3,)),
        ("codePointAt", (-1,)),
        ("contains", (None,)),
        ("indexOf", (None,)),
        ("startsWith", (None,)),
        ("concat", (None,)),
        ("replace", (None, "a")),
        ("split", (None,)),
        ("matches", ("(",)),
        ("compareTo", (5,)),
        ("repeat", (-1,)),
        ("join", (",", JavaList([1]))),
        ("join", (None, "a")),
        ("format", (None,)),
        ("length", (1,)),
        ("trim", (" ",)),
    ],
)
def test_what_throws(name: str, arguments: tuple[Value, ...]) -> None:
    """Offsets outside of the text, null and arguments for a method without any end the rendering."""
    with pytest.raises(EvaluationFault):
        _call("abc", name, *arguments)


def test_split_gives_an_array() -> None:
    """The parts have a size, items by get and index, and no place for more."""
    parts = _call("a,b,,", "split", ",")

    assert [2, "b", True] == [_call(parts, "size"), _call(parts, "get", 1), _call(parts, "contains", "a")]
    assert "a" == _call(parts, "set", 0, "z")
    assert ["z", "b"] == parts
    assert 4 == _call(_call("a,b,,", "split", ",", -1), "size")
    with pytest.raises(EvaluationFault, match="does not support"):
        _call(parts, "add", "c")


@pytest.mark.parametrize(
    ("value", "name", "arguments"),
    [
        ("ab", "repeat", (2_000_000_000,)),
        ("a" * 9_000_000, "concat", ("a" * 9_000_000,)),
        ("a" * 5000, "replace", ("a", "b" * 5000)),
        ("", "join", ("x" * 1_000_000, *("a",) * 20)),
        ("a" * 900_000, "toCharArray", ()),
    ],
)
def test_texts_that_are_too_long(value: str, name: str, arguments: tuple[Value, ...]) -> None:
    """A method refuses to build what does not fit into the memory."""
    with pytest.raises(LimitExceeded):
        _call(value, name, *arguments)


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("charValue", (), "h"),
        ("toString", (), "h"),
        ("hashCode", (), 104),
        ("equals", ("h",), False),
        ("equals", (JavaChar("h"),), True),
        ("compareTo", (JavaChar("a"),), 7),
        ("compare", (JavaChar("b"), JavaChar("a")), 1),
        ("isDigit", (JavaChar("5"),), True),
        ("isLetter", (JavaChar("5"),), False),
        ("isLetterOrDigit", (JavaChar("5"),), True),
        ("isUpperCase", (JavaChar("H"),), True),
        ("isLowerCase", (JavaChar("H"),), False),
        ("toUpperCase", (JavaChar("ß"),), "ß"),
        ("toLowerCase", (JavaChar("H"),), "h"),
        ("valueOf", (JavaChar("x"),), "x"),
        ("toString", (JavaChar("x"),), "x"),
        ("toUpperCase", ("h",), None),
    ],
)
def test_methods_of_character(name: str, arguments: tuple[Value, ...], expected: Value) -> None:
    """A character has its own methods, and is no text to them."""
    assert expected == _call(_call("hello", "charAt", 0), name, *arguments)


def test_a_character_is_replaced_by_another() -> None:
    """`replace` takes two characters or two texts."""
    assert "jello" == _call("hello", "replace", JavaChar("h"), JavaChar("j"))
    assert _call("hello", "replace", "h", JavaChar("j")) is None
    assert "[a, b]" == text(JavaList(_call("ab", "toCharArray")), Budget())  # type: ignore[arg-type]
    assert "{}" == _call("", "valueOf", JavaMap())
