"""Read JSON as API Gateway does: with json-smart 2.6 in its permissive mode, the parser behind Jayway JSONPath.

Strict JSON is read by Python's own parser, which is fast; everything else by `lenient_json`.
"""

import json
import re
from collections.abc import Callable, Iterable
from typing import Any, Final, NoReturn

from reconciler.mapping.java.budget import CHARACTERS_OF_STEP, Budget, LimitExceeded
from reconciler.mapping.java.values import JavaMap, JsonArray, Value
from reconciler.mapping.lenient_json import DEEPEST, LONGEST_NUMBER, InvalidJson, read_decimal, read_lenient, too_deep

__all__ = ["InvalidJson", "read_json"]

_SMALL: Final = 250_000
_MOST_CONTAINERS: Final = 250_000
_MOST_VALUES: Final = 700_000
_VALUES_OF_STEP: Final = 3
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_LONG_NUMBER: Final = re.compile(rf"[0-9]{{{LONGEST_NUMBER // 2}}}")


def read_json(text: str, budget: Budget | None = None) -> Value:
    """Return the value that `text` stands for; raise InvalidJson if json-smart refuses it, LimitExceeded if it is huge.

    What follows the value is ignored. A text that does not begin as JSON is a string, as `a=b` is. The steps that it
    takes are counted in `budget`, which is that of the rendering.
    """
    budget = Budget() if budget is None else budget
    budget.spend(1 + len(text) // CHARACTERS_OF_STEP + sum(map(text.count, ",[{")) // _VALUES_OF_STEP)
    if len(text) > _SMALL:
        _check_size(text)
    start = _SPACE.match(text).end()  # type: ignore[union-attr]  # it matches nothing, too
    if text.startswith(("{", "["), start) and not _is_read_differently(text):
        try:
            value, _ = _scan(text, start)
        except (StopIteration, ValueError, RecursionError):
            pass  # the lenient reader knows what is wrong, if anything is
        else:
            return value if "[" not in text and text.count("{") <= DEEPEST else _with_arrays(value)
    return read_lenient(text, start, budget)


def _check_size(text: str) -> None:
    """Bound the memory of the values and keys, by counting brackets, commas and colons, within strings too."""
    if text.count("[") + text.count("{") > _MOST_CONTAINERS:
        raise LimitExceeded(f"a JSON text has more than {_MOST_CONTAINERS:,} arrays and objects")
    if text.count(",") + text.count(":") > _MOST_VALUES:
        raise LimitExceeded(f"a JSON text has more than {_MOST_VALUES:,} keys and values")


def _is_read_differently(text: str) -> bool:
    """Whether Python may accept what json-smart reads differently: DEL in a string with escapes, a long number."""
    return "\x7f" in text or (len(text) > LONGEST_NUMBER and _LONG_NUMBER.search(text) is not None)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)  # json-smart reads Infinity as a string and NaN as a Float


_DECODER: Final = json.JSONDecoder(object_pairs_hook=JavaMap, parse_float=read_decimal, parse_constant=_refuse)
_scan: Final[Callable[[str, int], tuple[Value, int]]] = _DECODER.scan_once  # type: ignore[attr-defined]


def _with_arrays(value: Value) -> Value:
    """Replace Python's lists by JSON arrays, level by level. Raises InvalidJson where there are too many levels."""
    holder = JavaMap(value=value)
    level: list[JavaMap | JsonArray] = [holder]
    for _ in range(DEEPEST + 1):
        level = [child for container in level for child in _replace_lists(container)]
        if not level:
            return holder["value"]
    raise too_deep()


def _replace_lists(container: JavaMap | JsonArray) -> list[JavaMap | JsonArray]:
    """Replace the lists that are directly in `container`; return all arrays and maps in it."""
    children: list[JavaMap | JsonArray] = []
    items: Iterable[tuple[Any, Any]] = container.items() if isinstance(container, JavaMap) else enumerate(container)
    for key, value in items:
        kind = type(value)
        if kind is JavaMap:
            children.append(value)
        elif kind is list:
            array = container[key] = JsonArray(value)
            children.append(array)
    return children
