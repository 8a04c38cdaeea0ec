"""The types of values that templates compute with.

Java's types are told apart by Python's own: `str` is String, `bool` Boolean, `int` Integer, Long or BigInteger by its
size, `float` Double, `Decimal` BigDecimal, None null. No attribute of these objects can be reached from a template:
what can be reached stands in the tables of `methods`.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import ClassVar, Final, Literal, NamedTuple, TypeAlias

from reconciler.mapping.java.budget import Budget, NotEvaluated


class JavaChar(str):
    """A java.lang.Character; prints as its one character."""

    __slots__ = ()


class JavaKey(NamedTuple):
    """A key of a map that Python would take for another one: 1.0 and true for 1."""

    kind: str
    value: "str | bool | float | Decimal"


class JavaMap(dict["Value | JavaKey", "Value"]):
    """A java.util.LinkedHashMap; prints as `{a=b, c=d}`. Keys that are no texts and no integers: see `key_of`."""

    __slots__ = ()


class HiddenMap(JavaMap):
    """A map that prints as the empty text, as `$context.identity` does (recorded answers)."""

    __slots__ = ()


class JavaList(list["Value"]):
    """A java.util.ArrayList; prints as `[a, 1, true]`."""

    __slots__ = ()


class JsonArray(JavaList):
    """An array of a JSON document; prints as JSON, within maps too (recorded answers)."""

    __slots__ = ()


class SubList(JavaList):
    """What `subList` gives. It is a copy here, so it cannot be changed."""

    __slots__ = ()


class JavaArray(JavaList):
    """A Java array, such as `split` gives: a list of fixed length; `component` is Java's name for the type."""

    __slots__ = ("component",)

    def __init__(self, items: "list[Value]", component: str = "[Ljava.lang.String;") -> None:
        super().__init__(items)
        self.component = component


class JavaEntry:
    """A java.util.Map.Entry; prints as `a=b`."""

    __slots__ = ("key", "source")

    def __init__(self, source: JavaMap, key: "Value | JavaKey") -> None:
        self.source = source
        self.key = key


class MapView:
    """The keys, values or entries of a map as it is when they are looked at."""

    __slots__ = ("kind", "source")

    def __init__(self, source: JavaMap, kind: Literal["keys", "values", "entries"]) -> None:
        self.source = source
        self.kind = kind

    def items(self, budget: Budget) -> "list[Value]":
        """Return the items in order, as a list that may be changed."""
        budget.reserve_items(len(self.source) if self.kind == "entries" else len(self.source) // 8)
        match self.kind:
            case "keys":
                return [value_of(key) for key in self.source]
            case "values":
                return list(self.source.values())
            case _:
                return [JavaEntry(self.source, key) for key in self.source]


class JavaIterator:
    """A java.util.Iterator over the items that there were at its start."""

    __slots__ = ("left", "upcoming")

    def __init__(self, items: "list[Value]") -> None:
        self.upcoming: Iterator[Value] = iter(items)
        self.left = len(items)


class HostObject:
    """An object of API Gateway's: nothing of it can be reached but what its two tables name.

    `methods` maps a name to a function of the object, the list of arguments and the budget; `properties` maps a name to
    a function of the object and the budget.
    """

    __slots__ = ()

    methods: ClassVar[Mapping[str, Callable[..., "Value"]]] = MappingProxyType({})
    properties: ClassVar[Mapping[str, Callable[..., "Value"]]] = MappingProxyType({})

    def printed(self, budget: Budget) -> str:  # noqa: ARG002 - subclasses may build a text
        """Return what a reference to the object prints."""
        return ""


Value: TypeAlias = (
    str | bool | int | float | Decimal | JavaMap | JavaList | JavaEntry | MapView | JavaIterator | HostObject | None
)


def key_of(value: Value) -> "Value | JavaKey":
    """Return what stands for `value` among the keys of a JavaMap. Raises NotEvaluated for lists, maps and objects."""
    kind = type(value)
    if kind is str or kind is int or value is None:
        return value
    if isinstance(value, bool | float | JavaChar):
        return JavaKey(kind.__name__, value)
    if isinstance(value, Decimal):
        return JavaKey(f"{kind.__name__} {value.as_tuple().exponent}", value)
    raise NotEvaluated("a list, map or object as the key of a map is not evaluated here")


_NO_KEY: Final = JavaKey("none", "")


def searched_key(value: Value) -> "Value | JavaKey":
    """Return what stands for `value` among the keys of a JavaMap, or a key that no map has."""
    try:
        return key_of(value)
    except NotEvaluated:  # such keys are refused when they are put
        return _NO_KEY


def value_of(key: "Value | JavaKey") -> Value:
    """Return the value that `key_of` was given."""
    return key.value if isinstance(key, JavaKey) else key
