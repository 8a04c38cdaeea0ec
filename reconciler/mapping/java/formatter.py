"""`String.format`: the conversions that templates use, of java.util.Formatter in English."""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

from reconciler.mapping.java.budget import Budget, EvaluationFault, NotEvaluated, width
from reconciler.mapping.java.numbers import INT, LONG, MOST_DIGITS, checked
from reconciler.mapping.java.objects import Value
from reconciler.mapping.java.values import text

_SPECIFIER: Final = re.compile(r"%(?:([1-9][0-9]*)\$|(<))?([-#+ 0,(]*)([1-9][0-9]*)?(?:\.([0-9]+))?([a-zA-Z%])")
_MOST_DIGITS_OF_SIZE: Final = 7
_FOLLOWED: Final = frozenset("sSdxXfbBn%")
_OTHERS: Final = frozenset("hHcCoeEgGaAtT")
_CONTEXT: Final = Context(prec=5 * MOST_DIGITS)


def formatted(pattern: str, arguments: Sequence[Value], budget: Budget) -> str:
    """Return what `String.format` gives. Raises EvaluationFault where it throws, NotEvaluated for a rare conversion."""
    parts: list[str] = []
    taken = at = 0
    while at < len(pattern):
        percent = pattern.find("%", at)
        if percent < 0:
            break
        parts.append(pattern[at:percent])
        match = _SPECIFIER.match(pattern, percent)
        if match is None:
            raise EvaluationFault(f"String.format does not know {pattern[percent : percent + 2]}")
        budget.spend()
        at = match.end()
        if match[6] in {"%", "n"}:
            parts.append(_padded("%", match, budget) if match[6] == "%" else "\n")
            continue
        if match[1] or match[2]:
            raise NotEvaluated("an argument that String.format takes by its number is not evaluated here")
        if taken >= len(arguments):
            raise EvaluationFault(f"String.format has no argument for {match[0]}")
        parts.append(_converted(match, arguments[taken], budget))
        taken += 1
    parts.append(pattern[at:])
    budget.reserve(sum(map(len, parts)), max(map(width, parts)))
    return "".join(parts)


def _converted(match: re.Match[str], argument: Value, budget: Budget) -> str:
    conversion = match[6]
    if conversion in _OTHERS:
        raise NotEvaluated(f"the conversion {match[0]} of String.format is not evaluated here")
    if conversion not in _FOLLOWED:
        raise EvaluationFault(f"String.format does not know {match[0]}")
    if conversion in "dxXf" and argument is not None:
        shown = _number(match, argument)
    else:
        shown = _words(match, argument, budget)
    shown = _padded(shown, match, budget)
    return shown.upper() if conversion.isupper() else shown


def _words(match: re.Match[str], argument: Value, budget: Budget) -> str:
    if match[6] in "bB":
        shown = text(argument, budget) if isinstance(argument, bool) else str(argument is not None).lower()
    else:
        shown = "null" if argument is None else text(argument, budget)
    return shown if match[5] is None else shown[: _size(match[5])]


def _number(match: re.Match[str], argument: Value) -> str:
    if match[6] == "f":
        digits = _fixed(match, argument)
    elif type(argument) is not int:
        raise EvaluationFault(f"String.format takes an integer for {match[0]}")
    elif match[5] is not None:
        raise EvaluationFault(f"String.format takes no precision in {match[0]}")
    elif match[6] == "d":
        digits = str(argument)
    else:
        return _filled("", _hexadecimal(argument), match)
    return _signed(digits, match)


def _hexadecimal(argument: int) -> str:
    if -INT <= argument < 0:
        return f"{argument + 2 * INT:x}"
    return f"{argument + 2 * LONG:x}" if -LONG <= argument < 0 else f"{argument:x}"


def _fixed(match: re.Match[str], argument: Value) -> str:
    if not isinstance(argument, float | Decimal):
        raise EvaluationFault(f"String.format takes a number with a fraction for {match[0]}")
    if isinstance(argument, float) and argument - argument != 0:
        raise NotEvaluated("the format of Infinity and NaN is not evaluated here")
    precision = 6 if match[5] is None else _size(match[5])
    if precision > MOST_DIGITS:
        raise NotEvaluated(f"a number is formatted with more than {MOST_DIGITS:,} digits")
    number = checked(Decimal(repr(argument)) if isinstance(argument, float) else argument)
    return f"{number.quantize(Decimal((0, (1,), -precision)), rounding=ROUND_HALF_UP, context=_CONTEXT):f}"


def _signed(digits: str, match: re.Match[str]) -> str:
    flags = match[3]
    is_negative = digits.startswith("-")
    whole, point, fraction = digits.removeprefix("-").partition(".")
    if "," in flags:
        whole = f"{int(whole):,}"
    if is_negative and "(" in flags:
        return f"({_filled('', whole + point + fraction, match)})"
    sign = "-" if is_negative else "+" if "+" in flags else " " if " " in flags else ""
    return _filled(sign, whole + point + fraction, match)


def _filled(sign: str, digits: str, match: re.Match[str]) -> str:
    if "0" not in match[3] or match[4] is None:
        return sign + digits
    size = min(_size(match[4]), MOST_DIGITS)
    return sign + "0" * (size - len(sign) - len(digits)) + digits


def _padded(shown: str, match: re.Match[str], budget: Budget) -> str:
    if match[4] is None:
        return shown
    size = _size(match[4])
    budget.reserve(size)
    return shown.ljust(size) if "-" in match[3] else shown.rjust(size)


def _size(digits: str) -> int:
    if len(digits) > _MOST_DIGITS_OF_SIZE:
        raise NotEvaluated("a width or precision of String.format is too large to be evaluated here")
    return int(digits)
