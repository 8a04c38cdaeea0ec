"""What pydantic finds wrong with a configuration, in our own words.

Promise: as `problems`, which has the sentences that manifests and configurations share; here are those of a
configuration's own forms and keys. Pure.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from reconciler.diagnostics import Diagnostic, error
from reconciler.manifest.schema.parts import NAME_PATTERN, TAGS, WRONG_FORM
from reconciler.manifest.schema.problems import kind_of
from reconciler.models.targets import region_name
from reconciler.rules import InputRule, Rule
from reconciler.wording import code, did_you_mean
from reconciler.yamlio.nodes import Path, SourceMap

CUSTOM: Final = "configuration"
"""The type of our own errors; their context has rule, message and remedy."""

ACCOUNT_ID_PATTERN: Final = "^[0-9]{12}$"
VARIABLE_PATTERN: Final = "^[A-Za-z_][A-Za-z0-9_-]*$"
DATE_PATTERN: Final = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
REGION_PATTERN: Final = "^[a-z0-9-]+$"
ROLE_PATTERN: Final = "^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$"
SESSION_PATTERN: Final = "^[A-Za-z0-9_+=,.@-]{2,64}$"
"""AWS's own (service model of STS)."""

_FORMS: Final[Mapping[str, tuple[Rule, str, str]]] = {
    ACCOUNT_ID_PATTERN: (InputRule.ACCOUNT_ID, "an account id", "write 12 digits"),
    VARIABLE_PATTERN: (
        InputRule.NAME,
        "a name for a variable",
        "use letters, digits, `_` and `-`, and begin with no digit",
    ),
    DATE_PATTERN: (InputRule.WRONG_VALUE, "a date", "write it as in 2027-01-31"),
    REGION_PATTERN: (InputRule.WRONG_VALUE, "a region", "write it as in eu-west-1"),
    ROLE_PATTERN: (InputRule.WRONG_VALUE, "the ARN of a role", "write it as in arn:aws:iam::123456789012:role/ci"),
    SESSION_PATTERN: (InputRule.WRONG_VALUE, "a session name", "use 2 to 64 letters, digits and `_+=,.@-`"),
    NAME_PATTERN: (InputRule.NAME, "a name", "use letters, digits, `.`, `_` and `-`, and begin with a letter or digit"),
}

_NO_NULL: Final = "write a value, or leave the key out"

ANY: Final = "*"
Shapes: TypeAlias = Mapping[Path, type[BaseModel]]
"""What model a map is, by its path, in which `*` stands for any step."""

_Telling: TypeAlias = Callable[[ErrorDetails, str], tuple[Rule, str, str]]
"""Rule, message and remedy of an error that concerns what goes by a name."""


def diagnostic(found: ErrorDetails, places: SourceMap, shapes: Shapes) -> Diagnostic:
    """One of pydantic's errors about the document of these places."""
    steps, is_key = found["loc"], found["loc"][-1:] == ("[key]",)
    path = tuple(step for step in (steps[:-1] if is_key else steps) if step not in TAGS)
    if found["type"] == "extra_forbidden":
        rule, message, remedy = _unknown_key(path, shapes)
    else:
        rule, message, remedy = _TELLINGS.get(found["type"], _in_pydantic_words)(found, _name(path))
    at_key = is_key or found["input"] is None or found["type"] in {"extra_forbidden", "missing"}
    return error(rule, message, remedy, places.of_key(path) if at_key else places.of_value(path))


def _name(path: Path) -> str:
    """What a path leads to, as a reader would call it."""
    if not path:
        return "the configuration"
    last = path[-1]
    return f"item {last + 1} of `{path[-2]}`" if isinstance(last, int) else f"{code(last)}"


def _unknown_key(path: Path, shapes: Shapes) -> tuple[Rule, str, str]:
    key, model = str(path[-1]), next((model for at, model in shapes.items() if _matches(path[:-1], at)), None)
    known = [str(field.alias) for field in model.model_fields.values()] if model else []
    remedy = did_you_mean(key, known, f"known here: {', '.join(known)}")
    return InputRule.UNKNOWN_KEY, f"{code(key)} is not a key of this map", remedy


def _matches(path: Path, pattern: Path) -> bool:
    return len(path) == len(pattern) and all(wanted in (ANY, step) for step, wanted in zip(path, pattern, strict=True))


def _missing(_: ErrorDetails, name: str) -> tuple[Rule, str, str]:
    return InputRule.MISSING_KEY, f"{name} is missing", "add it"


def _wrong_type(wanted: str, remedy: str) -> _Telling:
    def tell(found: ErrorDetails, name: str) -> tuple[Rule, str, str]:
        message = f"{name} has to be {wanted}, not {kind_of(found['input'])}"
        return InputRule.WRONG_TYPE, message, _NO_NULL if found["input"] is None else remedy

    return tell


def _wrong_choice(found: ErrorDetails, name: str) -> tuple[Rule, str, str]:
    choices = re.findall("'([^']*)'", str(found["ctx"].get("expected")))
    remedy = did_you_mean(str(found["input"]), choices, f"write {' or '.join(choices)}")
    return InputRule.WRONG_VALUE, f"{name} has to be {' or '.join(choices)}, not {kind_of(found['input'])}", remedy


def _wrong_form(found: ErrorDetails, _: str) -> tuple[Rule, str, str]:
    pattern, text = found["ctx"]["pattern"], str(found["input"])
    rule, wanted, remedy = _FORMS[pattern]
    if pattern == REGION_PATTERN and re.fullmatch(pattern, region_name(text)):
        remedy = f"write {region_name(text)}"
    return rule, f"{code(text)} is not {wanted}", remedy


def _empty(_: ErrorDetails, name: str) -> tuple[Rule, str, str]:
    return InputRule.WRONG_VALUE, f"{name} is empty", _NO_NULL


def _negative(found: ErrorDetails, name: str) -> tuple[Rule, str, str]:
    return InputRule.WRONG_VALUE, f"{name} has to be 0 or more, not {kind_of(found['input'])}", "correct it"


def _ours(found: ErrorDetails, _: str) -> tuple[Rule, str, str]:
    return found["ctx"]["rule"], found["ctx"]["message"], found["ctx"]["remedy"]


def _union(found: ErrorDetails, name: str) -> tuple[Rule, str, str]:
    return _wrong_type(found["msg"], "write one or the other")(found, name)


def _in_pydantic_words(found: ErrorDetails, name: str) -> tuple[Rule, str, str]:
    return InputRule.WRONG_VALUE, f"{name} is not valid: {found['msg']}", "correct it"


_MAP: Final = _wrong_type("a map", "write `key: value` below it, or {}")

_TELLINGS: Final[Mapping[str, _Telling]] = {
    "missing": _missing,
    "string_type": _wrong_type("text", "put it in quotes to make it text"),
    "int_type": _wrong_type("a number", "write a whole number, without quotes"),
    "dict_type": _MAP,
    "model_type": _MAP,
    "model_attributes_type": _MAP,
    "list_type": _wrong_type("a list", "write [one, two]"),
    "literal_error": _wrong_choice,
    "string_pattern_mismatch": _wrong_form,
    "string_too_short": _empty,
    "too_short": _empty,
    "greater_than_equal": _negative,
    WRONG_FORM: _union,
    CUSTOM: _ours,
}
"""By pydantic 2's error types (its documentation, "Validation errors")."""
