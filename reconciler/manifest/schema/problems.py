"""Turn pydantic's errors about a manifest into diagnostics.

`diagnostic` gives each error a rule, a message, a remedy and a position in the YAML. Pure. The table at the end lists
error types of pydantic 2 (its documentation, "Validation errors"); an error of another type keeps pydantic's message.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from pydantic_core import ErrorDetails

from reconciler.diagnostics import Diagnostic, error
from reconciler.manifest.schema import parts, response_test, rest, websocket
from reconciler.manifest.schema.shapes import SET_KIND, TEST_KIND, shape
from reconciler.models.responses import CONTENT_HANDLINGS
from reconciler.models.targets import Kind
from reconciler.normal import field_names
from reconciler.quoting import between_slashes
from reconciler.quoting import key as quoted_key
from reconciler.rules import InputRule, LintRule, Rule
from reconciler.wording import code, did_you_mean, shown
from reconciler.yamlio.nodes import Path, SourceMap, YamlList, YamlMap


@dataclass(frozen=True, slots=True)
class _PydanticError:
    """One of pydantic's errors, with its path in the tree."""

    path: Path
    value: object
    context: Mapping[str, Any]
    sentence: str
    root: object

    @property
    def name(self) -> str:
        """The name of the value that the error is about, as a user would call it."""
        return _called(self.path)


def _called(path: Path) -> str:
    if not path:
        return "the manifest"
    last = path[-1]
    return f"item {last + 1} of `{path[-2]}`" if isinstance(last, int) else f"{code(last)}"


@dataclass(frozen=True, slots=True)
class _Problem:
    rule: Rule
    message: str
    remedy: str


_Describe: TypeAlias = Callable[[_PydanticError], _Problem]


def diagnostic(details: ErrorDetails, places: SourceMap) -> Diagnostic:
    """Return one of pydantic's errors about a document as a diagnostic."""
    steps, is_key = details["loc"], details["loc"][-1:] == ("[key]",)
    path, value = tree_path(steps[:-1] if is_key else steps, places.root), details["input"]
    if details["type"] == parts.SET_FOR and isinstance(value, dict):
        path, value = (*path, "for"), value.get("for")
    failure = _PydanticError(path, value, details.get("ctx", {}), details["msg"], places.root)
    problem = _DESCRIPTIONS.get(details["type"], _in_words_of_pydantic)(failure)
    at_key = is_key or value is None or details["type"] in _AT_KEY
    return error(
        problem.rule, problem.message, problem.remedy, places.of_key(path) if at_key else places.of_value(path)
    )


def tree_path(steps: Path, root: object) -> Path:
    """Return the path of an error without pydantic's additions: the union members that it tried."""
    path: list[str | int] = []
    node: Any = root
    for step in steps:
        is_in_tree = step in node if isinstance(node, YamlMap) else isinstance(node, YamlList) and isinstance(step, int)
        if step in parts.TAGS and not is_in_tree:
            continue
        path.append(step)
        node = node[step] if is_in_tree else None
    return tuple(path)


def kind_of(value: object) -> str:
    """Describe a value, for messages of the form "X must be ..., not ..."."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case int() | float():
            return f"the number {value}"
        case str():
            return f"the text '{shown(value)}'"
        case dict():
            return "a map"
        case _:
            return "a list"


def _wrong_type(wanted: str, remedy: str) -> _Describe:
    def describe(failure: _PydanticError) -> _Problem:
        message = f"{failure.name} must be {wanted}, not {kind_of(failure.value)}"
        return _Problem(InputRule.WRONG_TYPE, message, _instead_of_null(failure) if failure.value is None else remedy)

    return describe


def _wrong_list(failure: _PydanticError) -> _Problem:
    remedy = "begin each item with `- `" if isinstance(failure.value, dict) else "write [one, two]"
    return _wrong_type("a list", remedy)(failure)


def _instead_of_null(failure: _PydanticError) -> str:
    known = shape(failure.root, failure.path)
    return (known and known.instead_of_null) or "write a value, or remove the key"


def _wrong_form(failure: _PydanticError) -> _Problem:
    number = isinstance(failure.value, int | float)
    remedy = "put it in quotes to make it text" if number else "write one or the other"
    return _wrong_type(failure.sentence, remedy)(failure)


def _wrong_boolean(failure: _PydanticError) -> _Problem:
    message = f"{failure.name} must be true or false, not {kind_of(failure.value)}"
    return _Problem(InputRule.WRONG_TYPE, message, "write true or false, without quotes")


def _missing(failure: _PydanticError) -> _Problem:
    return _Problem(InputRule.MISSING_KEY, f"{failure.name} is missing from {_called(failure.path[:-1])}", "add it")


_ELSEWHERE: Final[Mapping[tuple[str, str], str]] = {
    (Kind.WEBSOCKET_API, "resources"): "WebSocket APIs have `routes` and `integrations`",
    (Kind.WEBSOCKET_API, "methodResponses"): "WebSocket APIs have no method responses; did you mean `routeResponses`?",
    (Kind.REST_API, "routeResponses"): "REST APIs have no route responses; did you mean `methodResponses`?",
    (Kind.WEBSOCKET_API, "selectionPattern"): r"the key of a WebSocket response is its pattern, as in `'/4\d\d/'`",
    (Kind.REST_API, "routes"): "REST APIs have `resources`",
    (Kind.REST_API, "integrations"): "REST APIs have `resources`",
    (TEST_KIND, "querystring"): "did you mean `query`?",
    (TEST_KIND, "header"): "did you mean `headers`?",
    (TEST_KIND, "path"): "did you mean `method`, as in `GET /pets/{petId}`?",
    (TEST_KIND, "statusCode"): "did you mean `status`?",
    (TEST_KIND, "responses"): "put `backend` and `expect` in each test",
}
"""The remedies for keys that belong to another kind."""


def _unknown_key(failure: _PydanticError) -> _Problem:
    key = str(failure.path[-1])
    around = shape(failure.root, failure.path[:-1])
    known = around.keys() if around else []
    elsewhere = _ELSEWHERE.get((_api_kind(failure.root), key))
    remedy = elsewhere or did_you_mean(key, known, f"the keys are {', '.join(known)}", quoted_key)
    return _Problem(InputRule.UNKNOWN_KEY, f"{code(key)} is not a key of this map", remedy)


def _api_kind(root: Any) -> str:  # noqa: ANN401 - a tree that is not sound
    """Return the kind of API that a document is for; "" if it is unknown."""
    match root:
        case {"kind": str(kind)} if kind != SET_KIND:
            return kind
        case {"spec": {"for": str(kind)}}:
            return kind
        case _:
            return ""


def _wrong_choice(failure: _PydanticError) -> _Problem:
    choices = re.findall("'([^']*)'", str(failure.context.get("expected")))
    if choices == [parts.ABSENT_WORD]:
        return _wrong_type("a map or `absent`", "write one or the other")(failure)
    if "OPTIONS" in choices:
        return _wrong_verb(str(failure.value), choices)
    message = f"{failure.name} must be {' or '.join(choices)}, not {kind_of(failure.value)}"
    return _Problem(
        InputRule.WRONG_VALUE, message, did_you_mean(str(failure.value), choices, f"write {' or '.join(choices)}")
    )


def _wrong_verb(verb: str, verbs: list[str]) -> _Problem:
    message = f"{code(verb)} is not an HTTP verb of API Gateway"
    return _Problem(InputRule.VERB, message, did_you_mean(verb, verbs, f"the verbs are {', '.join(verbs)}"))


def _response_key(key: str) -> str:
    pattern = between_slashes(key) or "such as `/404/`"
    fallback = f"write a regular expression between slashes, {pattern}, or `$default`"
    return did_you_mean(key, ["$default"], fallback, quoted_key)


def _field_of(kind: Kind) -> Callable[[str], str]:
    names = field_names(kind)
    return lambda pattern: did_you_mean(pattern.partition(".")[0], names, f"the fields are {', '.join(names)}")


_UNKNOWNS: Final = ("selected", "status", "body", "delivered")

_FORMS: Final[Mapping[str, tuple[Rule, str, Callable[[str], str]]]] = {
    rest.STATUS_PATTERN: (LintRule.STATUS_CODE, "a status code", lambda _: "write three digits, 100 to 599"),
    rest.PATH_PATTERN: (
        InputRule.PATH,
        "a resource path",
        lambda _: "write it as in `/pets/{petId}`",
    ),
    rest.GLOB_PATTERN: (InputRule.PATH, "a glob over resource paths", lambda _: "begin it with `/` or `**`"),
    websocket.RESPONSE_KEY_PATTERN: (LintRule.RESPONSE_KEY, "a key of an integration response", _response_key),
    rest.FIELD_PATTERN: (InputRule.FIELD, "a field of a response", _field_of(Kind.REST_API)),
    websocket.FIELD_PATTERN: (InputRule.FIELD, "a field of a response", _field_of(Kind.WEBSOCKET_API)),
    parts.HANDLING_PATTERN: (
        InputRule.WRONG_VALUE,
        "a content handling",
        lambda text: did_you_mean(text.upper(), CONTENT_HANDLINGS, f"write {' or '.join(CONTENT_HANDLINGS)}"),
    ),
    response_test.METHOD_PATTERN: (
        InputRule.VERB,
        "a method",
        lambda _: "write a verb and a resource path, as in `GET /pets/{petId}`",
    ),
    response_test.UNKNOWN_PATTERN: (
        InputRule.WRONG_VALUE,
        "a value of an answer",
        lambda text: did_you_mean(text, _UNKNOWNS, f"write {', '.join(_UNKNOWNS)} or headers.NAME"),
    ),
    response_test.BASE64_PATTERN: (
        InputRule.WRONG_VALUE,
        "base64",
        lambda _: "encode the bytes with `base64 -w0 FILE`",
    ),
    parts.NAME_PATTERN: (
        InputRule.NAME,
        "a name",
        lambda _: "use letters, digits, `.`, `_` and `-`, and begin with a letter or digit",
    ),
}


def _wrong_form_of_text(failure: _PydanticError) -> _Problem:
    text = str(failure.value)
    rule, wanted, remedy = _FORMS[failure.context["pattern"]]
    return _Problem(rule, f"{code(text)} is not {wanted}", remedy(text))


def _no_responses(failure: _PydanticError) -> _Problem:
    return _Problem(
        InputRule.MISSING_KEY, f"`responses` is missing from {failure.name}", "add it, {} for none, or `use` a set"
    )


def _nothing_listed(failure: _PydanticError) -> _Problem:
    return _Problem(InputRule.MISSING_KEY, f"{failure.name} has neither `routes` nor `integrations`", "add one of them")


def _set_for(failure: _PydanticError) -> _Problem:
    if isinstance(failure.path[-1], str) and failure.path[-1] != "for":
        return _wrong_type("a map", "write `key: value` below it")(failure)
    if failure.value is None:
        return _missing(failure)
    message = f"`for` must be {' or '.join(Kind)}, not {kind_of(failure.value)}"
    return _Problem(
        InputRule.WRONG_VALUE, message, did_you_mean(str(failure.value), Kind, f"write {' or '.join(Kind)}")
    )


def _too_short(failure: _PydanticError) -> _Problem:
    remedy = "add a test" if failure.path == ("spec", "tests") else "write a value, or remove the key"
    return _Problem(InputRule.WRONG_VALUE, f"{failure.name} is empty", remedy)


def _api(failure: _PydanticError) -> _Problem:
    return _Problem(InputRule.API, failure.sentence, "write {name: ...} or {id: ...}")


_STATUS: Final = "write three digits, as in 404"


def _status(failure: _PydanticError) -> _Problem:
    message = f"{failure.name} must be a status code, not {kind_of(failure.value)}"
    return _Problem(InputRule.WRONG_TYPE, message, _instead_of_null(failure) if failure.value is None else _STATUS)


def _one_body(failure: _PydanticError) -> _Problem:
    around = shape(failure.root, failure.path)
    keys = ", ".join(f"`{key}`" for key in (around.keys() if around else ()))
    return _Problem(InputRule.WRONG_VALUE, f"{failure.name} must have exactly one of {keys}", "keep one of them")


def _in_words_of_pydantic(failure: _PydanticError) -> _Problem:
    return _Problem(InputRule.WRONG_VALUE, f"{failure.name} is not valid: {failure.sentence}", "fix it")


_DESCRIPTIONS: Final[Mapping[str, _Describe]] = {
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    "string_type": _wrong_type("text", "put it in quotes to make it text"),
    "bool_type": _wrong_boolean,
    "dict_type": _wrong_type("a map", "write `key: value` below it, or {}"),
    "model_type": _wrong_type("a map", "write `key: value` below it, or {}"),
    "model_attributes_type": _wrong_type("a map", "write `key: value` below it, or {}"),
    "list_type": _wrong_list,
    "literal_error": _wrong_choice,
    "string_pattern_mismatch": _wrong_form_of_text,
    "string_too_short": _too_short,
    "too_short": _too_short,
    parts.WRONG_FORM: _wrong_form,
    parts.NO_RESPONSES: _no_responses,
    parts.NOTHING_LISTED: _nothing_listed,
    parts.SET_FOR: _set_for,
    response_test.STATUS: _status,
    response_test.ONE_BODY: _one_body,
    "api": _api,
}

ERRORS_OF_MISSING_ENTRIES: Final = frozenset({"missing", "too_short", parts.NO_RESPONSES, parts.NOTHING_LISTED})
"""Error types that a part of a document may have although the whole document does not."""

_AT_KEY: Final = frozenset({"extra_forbidden", "missing", parts.NO_RESPONSES, parts.NOTHING_LISTED})
"""The error types that are reported at a key, because they concern its whole map."""
