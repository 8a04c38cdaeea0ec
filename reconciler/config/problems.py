"""Turn pydantic's errors about a configuration into diagnostics.

Pure. `manifest.schema.problems` does the same for manifests.
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
"""The type of errors that our own validators raise; their context has rule, message and remedy."""

ACCOUNT_ID_PATTERN: Final = "^[0-9]{12}$"
VARIABLE_PATTERN: Final = "^[A-Za-z_][A-Za-z0-9_-]*$"
DATE_PATTERN: Final = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
REGION_PATTERN: Final = "^[a-z0-9-]+$"
ROLE_PATTERN: Final = "^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$"
SESSION_PATTERN: Final = "^[A-Za-z0-9_+=,.@-]{2,64}$"
"""From the service model of STS."""

_FORMS: Final[Mapping[str, tuple[Rule, str, str]]] = {
    ACCOUNT_ID_PATTERN: (InputRule.ACCOUNT_ID, "an account id", "write 12 digits"),
    VARIABLE_PATTERN: (
        InputRule.NAME,
        "a variable name",
        "use letters, digits, `_` and `-`; do not begin with a digit",
    ),
    DATE_PATTERN: (InputRule.WRONG_VALUE, "a date", "write it as in 2027-01-31"),
    REGION_PATTERN: (InputRule.WRONG_VALUE, "a region", "write it as in eu-west-1"),
    ROLE_PATTERN: (InputRule.WRONG_VALUE, "the ARN of a role", "write it as in arn:aws:iam::123456789012:role/ci"),
    SESSION_PATTERN: (InputRule.WRONG_VALUE, "a session name", "use 2 to 64 letters, digits and `_+=,.@-`"),
    NAME_PATTERN: (InputRule.NAME, "a name", "use letters, digits, `.`, `_` and `-`; begin with a letter or digit"),
}

_NO_NULL: Final = "write a value, or remove the key"

ANY: Final = "*"
Shapes: TypeAlias = Mapping[Path, type[BaseModel]]
"""The model of each map, by its path, in which `*` matches any step."""

_Sentence: TypeAlias = Callable[[ErrorDetails, str], tuple[Rule, str, str]]
"""Returns rule, message and remedy for an error about something of this name."""


def diagnostic(details: ErrorDetails, places: SourceMap, shapes: Shapes) -> Diagnostic:
    """Return the diagnostic for one of pydantic's errors about a document."""
    steps, is_key = details["loc"], details["loc"][-1:] == ("[key]",)
    path = tuple(step for step in (steps[:-1] if is_key else steps) if step not in TAGS)
    if details["type"] == "extra_forbidden":
        rule, message, remedy = _unknown_key(path, shapes)
    else:
        rule, message, remedy = _SENTENCES.get(details["type"], _in_pydantic_words)(details, _name(path))
    at_key = is_key or details["input"] is None or details["type"] in {"extra_forbidden", "missing"}
    return error(rule, message, remedy, places.of_key(path) if at_key else places.of_value(path))


def _name(path: Path) -> str:
    """Return what a reader would call the node at a path."""
    if not path:
        return "the configuration"
    last = path[-1]
    return f"item {last + 1} of `{path[-2]}`" if isinstance(last, int) else f"{code(last)}"


def _unknown_key(path: Path, shapes: Shapes) -> tuple[Rule, str, str]:
    key, model = str(path[-1]), next((model for at, model in shapes.items() if _matches(path[:-1], at)), None)
    known = [str(field.alias) for field in model.model_fields.values()] if model else []
    remedy = did_you_mean(key, known, f"the keys are {', '.join(known)}")
    return InputRule.UNKNOWN_KEY, f"{code(key)} is not a key of this map", remedy


def _matches(path: Path, pattern: Path) -> bool:
    return len(path) == len(pattern) and all(wanted in (ANY, step) for step, wanted in zip(path, pattern, strict=True))


def _missing(_: ErrorDetails, name: str) -> tuple[Rule, str, str]:
    return InputRule.MISSING_KEY, f"{name} is missing", "add it"


def _wrong_type(wanted: str, remedy: str) -> _Sentence:
    def sentence(details: ErrorDetails, name: str) -> tuple[Rule, str, str]:
        message = f"{name} must be {wanted}, not {kind_of(details['input'])}"
        return InputRule.WRONG_TYPE, message, _NO_NULL if details["input"] is None else remedy

    return sentence


def _wrong_choice(details: ErrorDetails, name: str) -> tuple[Rule, str, str]:
    choices = re.findall("'([^']*)'", str(details["ctx"].get("expected")))
    remedy = did_you_mean(str(details["input"]), choices, f"write {' or '.join(choices)}")
    return InputRule.WRONG_VALUE, f"{name} must be {' or '.join(choices)}, not {kind_of(details['input'])}", remedy


def _wrong_form(details: ErrorDetails, _: str) -> tuple[Rule, str, str]:
    pattern, text = details["ctx"]["pattern"], str(details["input"])
    rule, wanted, remedy = _FORMS[pattern]
    if pattern == REGION_PATTERN and re.fullmatch(pattern, region_name(text)):
        remedy = f"write {region_name(text)}"
    return rule, f"{code(text)} is not {wanted}", remedy


def _empty(_: ErrorDetails, name: str) -> tuple[Rule, str, str]:
    return InputRule.WRONG_VALUE, f"{name} is empty", _NO_NULL


def _negative(details: ErrorDetails, name: str) -> tuple[Rule, str, str]:
    return InputRule.WRONG_VALUE, f"{name} must be 0 or more, not {kind_of(details['input'])}", "fix it"


def _ours(details: ErrorDetails, _: str) -> tuple[Rule, str, str]:
    return details["ctx"]["rule"], details["ctx"]["message"], details["ctx"]["remedy"]


def _union(details: ErrorDetails, name: str) -> tuple[Rule, str, str]:
    return _wrong_type(details["msg"], "write one or the other")(details, name)


def _in_pydantic_words(details: ErrorDetails, name: str) -> tuple[Rule, str, str]:
    return InputRule.WRONG_VALUE, f"{name} is not valid: {details['msg']}", "fix it"


_MAP: Final = _wrong_type("a map", "write `key: value` below it, or {}")

_SENTENCES: Final[Mapping[str, _Sentence]] = {
    "missing": _missing,
    "string_type": _wrong_type("text", "put it in quotes to make it text"),
    "int_type": _wrong_type("a number", "write a whole number, without quotes"),
    "bool_type": _wrong_type("true or false", "write true or false, without quotes"),
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
