"""Tables of Java methods, and which of the overloads Velocity calls for the arguments that a template gives.

A table maps `name:KINDS` to a function of the value and the arguments. There is a letter for each parameter: S String,
C CharSequence, c char, O Object, i int, j long, d double, b boolean, B BigInteger, D BigDecimal, L Collection, M Map,
and a last * for any number of Objects. Velocity takes null for every parameter of an object type, and no text for a
number.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from reconciler.mapping.java.budget import Budget, EvaluationFault
from reconciler.mapping.java.numbers import INT, LONG
from reconciler.mapping.java.objects import JavaArray, JavaChar, JavaList, JavaMap, MapView, Value

JavaMethod: TypeAlias = Callable[..., Value]
"""A function of the value and the arguments, which fit the letters of its signature."""


def _is_text(value: Value) -> bool:
    return value is None or type(value) is str


def _is_int(value: Value) -> bool:
    return type(value) is int and -INT <= value < INT


def _is_long(value: Value) -> bool:
    return type(value) is int and -LONG <= value < LONG


def _is_double(value: Value) -> bool:
    return type(value) is float or _is_long(value)


def _is_collection(value: Value) -> bool:
    return value is None or (isinstance(value, JavaList | MapView) and not isinstance(value, JavaArray))


def _is_big(value: Value) -> bool:
    return type(value) is int and not -LONG <= value < LONG


_FITS: Final[Mapping[str, Callable[[Value], bool]]] = {
    "S": _is_text,
    "C": _is_text,
    "c": lambda value: isinstance(value, JavaChar),
    "O": lambda value: True,  # noqa: ARG005 - any value is an Object
    "i": _is_int,
    "j": _is_long,
    "d": _is_double,
    "b": lambda value: isinstance(value, bool),
    "B": _is_big,
    "D": lambda value: isinstance(value, Decimal),
    "L": _is_collection,
    "M": lambda value: value is None or isinstance(value, JavaMap),
}

_CLASS_METHODS: Final = frozenset({"getClass", "notify", "notifyAll", "wait"})


_Overload: TypeAlias = tuple[tuple[Callable[[Value], bool], ...], JavaMethod]


class MethodTable:
    """The methods of a Java class that are evaluated here, the others that it has, and its properties."""

    def __init__(  # noqa: PLR0913 - each says what kind of methods it names
        self,
        java_name: str,
        plain: Mapping[str, JavaMethod],
        bounded: Mapping[str, JavaMethod] = MappingProxyType({}),
        *,
        void: Mapping[str, JavaMethod] = MappingProxyType({}),
        others: str = "",
        recent: str = "",
    ) -> None:
        """Read the tables: `plain` methods are cheap and take no budget, `bounded` and `void` ones take it first.

        Void methods give "", which Velocity prints. `others` names methods, separated by blanks, that the class has and
        that are not evaluated here; `recent` names those in the tables that came after Java 8.
        """
        self.java_name = java_name
        self.others = frozenset(others.split())
        self.recent = frozenset(recent.split())
        self.properties: dict[str, str] = {}
        self._overloads: dict[tuple[str, int], list[_Overload]] = {}
        self._open: dict[str, _Overload] = {}
        for signature, function in plain.items():
            self._add(signature, _without_budget(function))
        for signature, function in bounded.items():
            self._add(signature, function)
        for signature, function in void.items():
            self._add(signature, _void(function))

    def _add(self, signature: str, function: JavaMethod) -> None:
        name, _, kinds = signature.partition(":")
        if name in self.recent:
            function = _noted(function, f"whether AWS knows {self.java_name}.{name}, which Java 8 does not have")
        if kinds.endswith("*"):
            self._open[name] = tuple(_FITS[kind] for kind in kinds[:-1]), function
            return
        overload = tuple(_FITS[kind] for kind in kinds), function
        self._overloads.setdefault((name, len(kinds)), []).append(overload)
        if not kinds:
            self._add_properties(name)

    def _add_properties(self, method: str) -> None:
        for prefix in ("is", "get"):
            name = method.removeprefix(prefix)
            if name and name != method and name[0].isupper():
                self.properties[name] = self.properties[name[0].lower() + name[1:]] = method

    def call(self, value: Value, name: str, arguments: Sequence[Value], budget: Budget) -> Value:
        """Call the method that Velocity would; None if there is none. Raises EvaluationFault where it throws."""
        for kinds, function in self._overloads.get((name, len(arguments)), ()):
            if not kinds or _all_fit(kinds, arguments):
                return function(budget, value, *arguments)
        return self._call_open(value, name, arguments, budget)

    def _call_open(self, value: Value, name: str, arguments: Sequence[Value], budget: Budget) -> Value:
        overload = self._open.get(name)
        if overload is not None and len(arguments) >= len(overload[0]) and _all_fit(overload[0], arguments):
            return overload[1](budget, value, *arguments)
        if name in self.others or name in _CLASS_METHODS:
            budget.note_unknown(f"what {self.java_name}.{name} gives")
        elif arguments and (name, 0) in self._overloads:
            # Velocity 1.7 takes a method without parameters for any arguments, and then Java refuses them.
            raise EvaluationFault(f"{self.java_name}.{name} takes no arguments")
        return None

    def names(self) -> Iterable[str]:
        """Return the names of all methods that can be called."""
        return {name for name, _ in self._overloads} | self._open.keys()


def _all_fit(kinds: Iterable[Callable[[Value], bool]], arguments: Sequence[Value]) -> bool:
    for fits, argument in zip(kinds, arguments, strict=False):  # noqa: SIM110 - all() takes twice the time
        if not fits(argument):
            return False
    return True


def _noted(function: JavaMethod, why: str) -> JavaMethod:
    def method(budget: Budget, *arguments: Value) -> Value:
        budget.note_unknown(why)
        return function(budget, *arguments)

    return method


def _without_budget(function: JavaMethod) -> JavaMethod:
    def method(budget: Budget, *arguments: Value) -> Value:  # noqa: ARG001 - methods are called alike
        return function(*arguments)

    return method


def _void(function: JavaMethod) -> JavaMethod:
    def method(*arguments: Any) -> Value:  # noqa: ANN401 - passed on as they are
        function(*arguments)
        return ""

    return method
