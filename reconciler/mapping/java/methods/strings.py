"""The methods of java.lang.String and java.lang.Character.

Offsets count units of UTF-16, as in Java. The callers count the steps of reading the text itself.
"""

from collections.abc import Sequence
from typing import Any, Final

from reconciler.mapping.java import regex
from reconciler.mapping.java.budget import Budget, EvaluationFault, width
from reconciler.mapping.java.code_units import characters, code_units, concatenated
from reconciler.mapping.java.equality import compare, equals, hash_code
from reconciler.mapping.java.formatter import formatted
from reconciler.mapping.java.objects import JavaArray, JavaChar, JavaList, MapView, Value
from reconciler.mapping.java.signatures import MethodTable
from reconciler.mapping.java.values import joined, text

_CONTROLS: Final = "".join(map(chr, range(33)))
_LAST_CODE_POINT: Final = 0x10FFFF
_IN_NO_TEXT: Final = "\U0010ffff"
"""No text in code units has it."""


def _given(argument: str | None) -> str:
    if argument is None:
        raise EvaluationFault("a method of String is given null")
    return argument


def _char_at(value: str, index: int) -> JavaChar:
    units = code_units(value)
    if not 0 <= index < len(units):
        raise EvaluationFault(f"index {index} is out of bounds for a text of {len(units)} characters")
    return JavaChar(units[index])


def _code_point_at(value: str, index: int) -> int:
    units = code_units(value)
    _char_at(value, index)
    return ord(characters(units[index : index + 2])[0])


def _substring(value: str, begin: int, end: int | None = None) -> str:
    units = code_units(value)
    last = len(units) if end is None else end
    if not 0 <= begin <= last <= len(units):
        raise EvaluationFault(f"{begin} to {last} is no part of a text of {len(units)} characters")
    return characters(units[begin:last])


def _index_of(value: str, wanted: str | int | None, start: int = 0) -> int:
    units = code_units(value)
    start = min(max(start, 0), len(units))
    return units.find(_searched(wanted), start)


def _last_index_of(value: str, wanted: str | int | None, start: int | None = None) -> int:
    units, searched = code_units(value), _searched(wanted)
    if start is None:
        return units.rfind(searched)
    return -1 if start < 0 else units.rfind(searched, 0, start + len(searched))


def _searched(wanted: str | int | None) -> str:
    if isinstance(wanted, int):
        return code_units(chr(wanted)) if 0 <= wanted <= _LAST_CODE_POINT else _IN_NO_TEXT
    return code_units(_given(wanted))


def _starts_with(value: str, prefix: str | None, start: int = 0) -> bool:
    units, searched = code_units(value), code_units(_given(prefix))
    return 0 <= start <= len(units) and units.startswith(searched, start)


def _folded(value: str) -> str:
    """Return what is compared when case is ignored: each character on its own, as in Java."""
    if value.isascii():
        return value.lower()
    return "".join(_one(_one(char, char.upper()), _one(char, char.upper()).lower()) for char in value)


def _one(char: str, changed: str) -> str:
    return changed if len(changed) == 1 else char


def _equals_ignoring_case(budget: Budget, value: str, other: str | None) -> bool:
    if other is None or len(other) != len(value):
        return False
    budget.spend(0 if value.isascii() else 2 * len(value))
    return _folded(value) == _folded(other)


def _compare_ignoring_case(budget: Budget, value: str, other: str | None) -> int:
    budget.spend(len(value) + len(_given(other)))
    return compare(_folded(value), _folded(_given(other)), budget)


def _region_matches(budget: Budget, value: str, *arguments: Any) -> bool:  # noqa: ANN401 - typed by the signature
    *ignored, start, other, other_start, size = arguments
    one, two = code_units(value), code_units(_given(other))
    budget.spend(len(one) + len(two))
    if not (0 <= start <= len(one) - size and 0 <= other_start <= len(two) - size):
        return False
    size = max(size, 0)
    first, second = one[start : start + size], two[other_start : other_start + size]
    return _folded(first) == _folded(second) if ignored == [True] else first == second


def _replace(budget: Budget, value: str, old: str | None, new: str | None) -> str:
    count = value.count(_given(old))
    budget.reserve(len(value) + count * (len(_given(new)) - len(_given(old))), max(width(value), width(_given(new))))
    return value.replace(_given(old), _given(new))


def _concat(budget: Budget, value: str, other: str | None) -> str:
    budget.reserve(len(value) + len(_given(other)), max(width(value), width(_given(other))))
    return concatenated(value, _given(other))


def _repeat(budget: Budget, value: str, count: int) -> str:
    if count < 0:
        raise EvaluationFault(f"a text cannot be repeated {count} times")
    budget.reserve(len(value) * count, width(value))
    return value * count


def _upper(budget: Budget, value: str) -> str:
    budget.reserve(len(value), width(value))
    return value.upper()


def _lower(budget: Budget, value: str) -> str:
    budget.reserve(len(value), width(value))
    return value.lower()


def _split(budget: Budget, value: str, pattern: str | None, limit: int = 0) -> JavaArray:
    parts: list[Value] = list(regex.split(_given(pattern), value, limit, budget))
    return JavaArray(parts)


def _matches(budget: Budget, value: str, pattern: str | None) -> bool:
    return regex.matches(_given(pattern), value, budget)


def _replace_all(budget: Budget, value: str, pattern: str | None, replacement: str | None) -> str:
    return regex.replace_all(_given(pattern), value, _given(replacement), budget)


def _replace_first(budget: Budget, value: str, pattern: str | None, replacement: str | None) -> str:
    return regex.replace_first(_given(pattern), value, _given(replacement), budget)


def _to_characters(budget: Budget, value: str) -> JavaArray:
    units = code_units(value)
    budget.reserve_items(len(units))
    return JavaArray(list(map(JavaChar, units)), "[C")


def _join_items(budget: Budget, _value: str, separator: str | None, items: JavaList | MapView | None) -> str | None:
    if items is None:  # fits two methods, and then Velocity calls none
        return None
    return _joined(budget, separator, items.items(budget) if isinstance(items, MapView) else items)


def _join(budget: Budget, _value: str, separator: str | None, *items: Value) -> str:
    if len(items) == 1 and isinstance(items[0], JavaArray):
        return _joined(budget, separator, items[0])
    return _joined(budget, separator, items)


def _joined(budget: Budget, separator: str | None, items: Sequence[Value]) -> str:
    if not all(type(item) is str or item is None for item in items):
        raise EvaluationFault("String.join joins only texts")
    size = len(_given(separator)) * len(items)
    budget.reserve(size, width(_given(separator)))
    return joined(
        "", [text(item, budget) if item is not None else "null" for item in items], _given(separator), "", budget
    )


def _value_of(budget: Budget, _value: str, argument: Value) -> str:
    return "null" if argument is None else text(argument, budget)


def _formatted(budget: Budget, _value: str, pattern: str | None, *arguments: Value) -> str:
    return formatted(_given(pattern), arguments, budget)


STRING: Final = MethodTable(
    "String",
    {
        "length:": lambda value: len(code_units(value)),
        "isEmpty:": lambda value: not value,
        "isBlank:": lambda value: not value.strip(),
        "charAt:i": _char_at,
        "codePointAt:i": _code_point_at,
        "substring:i": _substring,
        "substring:ii": _substring,
        "subSequence:ii": _substring,
        "indexOf:S": _index_of,
        "indexOf:Si": _index_of,
        "indexOf:i": _index_of,
        "indexOf:ii": _index_of,
        "lastIndexOf:S": _last_index_of,
        "lastIndexOf:Si": _last_index_of,
        "lastIndexOf:i": _last_index_of,
        "lastIndexOf:ii": _last_index_of,
        "contains:C": lambda value, other: _given(other) in value,
        "contentEquals:C": lambda value, other: value == _given(other),
        "startsWith:S": _starts_with,
        "startsWith:Si": _starts_with,
        "endsWith:S": lambda value, suffix: value.endswith(_given(suffix)),
        "trim:": lambda value: value.strip(_CONTROLS),
        "strip:": lambda value: value.strip(),
        "stripLeading:": lambda value: value.lstrip(),
        "stripTrailing:": lambda value: value.rstrip(),
        "intern:": lambda value: value,
        "toString:": lambda value: value,
    },
    {
        "equals:O": lambda budget, value, other: equals(value, other, budget),
        "equalsIgnoreCase:S": _equals_ignoring_case,
        "compareTo:O": lambda budget, value, other: compare(value, other, budget),
        "compareToIgnoreCase:S": _compare_ignoring_case,
        "regionMatches:iSii": _region_matches,
        "regionMatches:biSii": _region_matches,
        "hashCode:": lambda budget, value: hash_code(value, budget),
        "toUpperCase:": _upper,
        "toLowerCase:": _lower,
        "concat:S": _concat,
        "replace:CC": _replace,
        "replace:cc": _replace,
        "replaceAll:SS": _replace_all,
        "replaceFirst:SS": _replace_first,
        "matches:S": _matches,
        "split:S": _split,
        "split:Si": _split,
        "repeat:i": _repeat,
        "toCharArray:": _to_characters,
        "join:CL": _join_items,
        "join:C*": _join,
        "format:S*": _formatted,
        "valueOf:O": _value_of,
    },
    others=(
        "chars codePointBefore codePointCount codePoints copyValueOf describeConstable formatted getBytes getChars"
        " indent lines offsetByCodePoints resolveConstantDesc splitWithDelimiters stripIndent transform"
        " translateEscapes"
    ),
    recent="isBlank repeat strip stripLeading stripTrailing",
)

CHARACTER: Final = MethodTable(
    "Character",
    {
        "charValue:": lambda value: value,
        "toString:": str,
        "compare:cc": lambda _, one, other: ord(one) - ord(other),
        "isDigit:c": lambda _, char: char.isdecimal(),
        "isLetter:c": lambda _, char: char.isalpha(),
        "isLetterOrDigit:c": lambda _, char: char.isalpha() or char.isdecimal(),
        "isUpperCase:c": lambda _, char: char.isupper(),
        "isLowerCase:c": lambda _, char: char.islower(),
        "toUpperCase:c": lambda _, char: JavaChar(_one(char, char.upper())),
        "toLowerCase:c": lambda _, char: JavaChar(_one(char, char.lower())),
        "valueOf:c": lambda _, char: char,
        "toString:c": lambda _, char: str(char),
    },
    {
        "equals:O": lambda budget, value, other: equals(value, other, budget),
        "hashCode:": lambda budget, value: hash_code(value, budget),
        "compareTo:O": lambda budget, value, other: compare(value, other, budget),
    },
    others="getNumericValue getType isAlphabetic isSpaceChar isWhitespace isDefined toChars toTitleCase",
)
