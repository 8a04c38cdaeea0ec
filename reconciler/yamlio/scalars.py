"""Resolve plain scalars: YAML 1.2's core schema, with two rules of our own.

* `on`, `off`, `yes`, `no` are text, and so is everything that looks like a date.
* Digits with a leading zero are text, where YAML 1.2 reads a decimal: they are account ids (`012345678901`) far more
  often than numbers, and a zero must not get lost.

Of tags, only those are supported that change nothing (`is_text_tag`, `is_map_tag`, `is_list_tag`); `function_of` knows
the short forms of CloudFormation, for its templates. Pure.
"""

import re
from typing import Final, TypeAlias

Scalar: TypeAlias = str | int | float | bool | None

_CONSTANTS: Final[dict[str, Scalar]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_MAX_INTEGER_LENGTH: Final = 1000
_INTEGER: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_BASED: Final = re.compile(r"0x[0-9a-fA-F]+|0o[0-7]+")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_NUMBER_STARTS: Final = frozenset("0123456789+-.")

_TEXT_TAGS: Final = frozenset({"!", "tag:yaml.org,2002:str"})
_MAP_TAGS: Final = frozenset({"!", "tag:yaml.org,2002:map"})
_FUNCTION: Final = re.compile("!([A-Z][A-Za-z0-9]*)")
_WITHOUT_PREFIX: Final = frozenset({"Ref", "Condition"})
_LIST_TAGS: Final = frozenset({"!", "tag:yaml.org,2002:seq"})


def value(text: str) -> Scalar:
    """Return the value of a plain scalar. Quoted scalars, blocks and those tagged as text are texts."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in _NUMBER_STARTS or len(text) > _MAX_INTEGER_LENGTH:
        return text
    return _number(text)


def _number(text: str) -> Scalar:
    if _INTEGER.fullmatch(text):
        return int(text)
    if _BASED.fullmatch(text):
        return int(text, base=0)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text


def is_text_tag(tag: str | None) -> bool:
    """Whether a scalar may carry this tag."""
    return tag is None or tag in _TEXT_TAGS


def is_map_tag(tag: str | None) -> bool:
    """Whether a map may carry this tag."""
    return tag is None or tag in _MAP_TAGS


def is_list_tag(tag: str | None) -> bool:
    """Whether a list may carry this tag."""
    return tag is None or tag in _LIST_TAGS


def function_of(tag: str) -> str | None:
    """Return the function of CloudFormation whose short form a tag is (User Guide, intrinsic functions), else None."""
    name = _FUNCTION.fullmatch(tag)
    if name is None:
        return None
    return name[1] if name[1] in _WITHOUT_PREFIX else f"Fn::{name[1]}"


def is_writable_key(text: str) -> bool:
    """Whether a text may be a key: placeholders are not allowed in keys, and cannot be escaped there."""
    return "${{" not in text and not _SURROGATE.search(text)
