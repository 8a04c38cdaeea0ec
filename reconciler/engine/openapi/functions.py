"""Evaluate the functions of CloudFormation that make texts: `Ref`, `Fn::Sub` and `Fn::Join`.

Their parameters have the values that the caller gives. A parameter without a value, and any other function, raise
UnknownValue: nothing is guessed, not even from a parameter's default. Semantics: CloudFormation User Guide, intrinsic
functions. Pure.
"""

import re
from collections.abc import Mapping
from typing import Final

from reconciler.wording import code, shown

_REFERENCE: Final = re.compile(r"\$\{\s*(?P<literal>!?)\s*(?P<name>[^}]*?)\s*\}")
_PREFIX: Final = "Fn::"


class UnknownValue(ValueError):  # noqa: N818 - read as "raise UnknownValue"
    """A value that only a deployment knows; `remedy` says how to give it."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


def is_function(value: object) -> bool:
    """Whether a value is a call of a function."""
    if not isinstance(value, Mapping) or len(value) != 1:
        return False
    name = next(iter(value))
    return isinstance(name, str) and (name == "Ref" or name.startswith(_PREFIX))


def evaluate(value: object, values: Mapping[str, str]) -> object:
    """Return the text that a function makes; anything else is returned as it is. Raises UnknownValue."""
    if not is_function(value) or not isinstance(value, Mapping):
        return value
    name, argument = next(iter(value.items()))
    match name, argument:
        case "Ref", str():
            return _value(argument, values)
        case "Fn::Sub", str():
            return _substitute(argument, values)
        case "Fn::Sub", [str() as text, Mapping() as own]:
            return _substitute(text, {**values, **{key: _text(inner, values) for key, inner in own.items()}})
        case "Fn::Join", [str() as separator, list() as parts]:
            return separator.join(_text(part, values) for part in parts)
        case _:
            raise UnknownValue(f"{code(name)} is not evaluated here", "write the value out")


def _text(value: object, values: Mapping[str, str]) -> str:
    text = evaluate(value, values)
    if isinstance(text, str):
        return text
    raise UnknownValue("this argument of a function is not text", "write the value out")


def _substitute(text: str, values: Mapping[str, str]) -> str:
    return _REFERENCE.sub(lambda match: _reference(match, values), text)


def _reference(match: re.Match[str], values: Mapping[str, str]) -> str:
    """Return what stands for `${Name}`; `${!Name}` is the text `${Name}`."""
    return f"${{{match['name']}}}" if match["literal"] else _value(match["name"], values)


def _value(name: str, values: Mapping[str, str]) -> str:
    if name in values:
        return values[name]
    raise UnknownValue(
        f"the value of the parameter {code(name)} is not known", f"give it: --parameter {shown(name)}=VALUE"
    )
