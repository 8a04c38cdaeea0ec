"""What pydantic finds wrong with a manifest, in our own words.

Promise: `diagnostic` gives for one of pydantic's errors a rule, a sentence, a remedy and the place in the YAML. Pure.
The table at the end has pydantic 2's error types (its documentation, "Validation errors"); an error of a type that is
not in it keeps pydantic's own sentence.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from reconciler.diagnostics import Diagnostic, error
from reconciler.resolve import documents
from reconciler.resolve.nodes import Path, Places, YamlList, YamlMap
from reconciler.resolve.wording import did_you_mean, shown

ANY: Final = "*"
_METHOD: Final = ("spec", "resources", ANY, ANY)
_RESPONSES: Final = (*_METHOD, "responses")
_RESPONSE: Final = (*_RESPONSES, ANY)
_TEMPLATE: Final = (*_RESPONSE, "responseTemplates", ANY)


@dataclass(frozen=True, slots=True)
class _Shape:
    """One row: what model a map at this path is, and the keys that are to come."""

    at: Path
    model: type[BaseModel]
    later: tuple[str, ...] = ()

    def keys(self) -> list[str]:
        """The keys that may stand there."""
        return [str(known.alias) for known in self.model.model_fields.values()]


_SHAPES: Final = (
    _Shape((), documents.RestApiManifest),
    _Shape(("metadata",), documents.Metadata, later=("environments",)),
    _Shape(("spec",), documents.Spec, later=("use", "own", "overlays")),
    _Shape(("spec", "api"), documents.Api),
    _Shape(("spec", "deploy"), documents.Deploy),
    _Shape(_METHOD, documents.Method, later=("use", "own")),
    _Shape(_RESPONSE, documents.Response, later=("own",)),
    _Shape(_TEMPLATE, documents.TemplateFile),
)

_INSTEAD_OF_NULL: Final[tuple[tuple[Path, str], ...]] = (
    (_METHOD, "write `responses: {}` for a method without responses"),
    (_RESPONSES, "write {} for none"),
    (_RESPONSE, "write {} for a response with nothing set, `absent` for one that must not be there"),
    ((*_RESPONSE, ANY), "leave the key out, or write `absent`"),
    ((*_RESPONSE, "responseParameters", ANY), "write a mapping, or `absent`"),
    (_TEMPLATE, "write '' to let the body pass through unmapped"),
)


@dataclass(frozen=True, slots=True)
class _Failure:
    """One of pydantic's errors, with its place in the tree."""

    path: Path
    value: object
    context: Mapping[str, Any]
    sentence: str

    @property
    def name(self) -> str:
        """What it concerns, as a reader would call it."""
        if not self.path:
            return "the manifest"
        last = self.path[-1]
        return f"item {last + 1} of `{self.path[-2]}`" if isinstance(last, int) else f"`{shown(last)}`"


@dataclass(frozen=True, slots=True)
class _Finding:
    rule: str
    message: str
    remedy: str


_Telling: TypeAlias = Callable[[_Failure], _Finding]


def diagnostic(found: ErrorDetails, places: Places) -> Diagnostic:
    """One of pydantic's errors about the document of these places."""
    steps, is_key = found["loc"], found["loc"][-1:] == ("[key]",)
    path = _tree_path(steps[:-1] if is_key else steps, places.root)
    failure = _Failure(path, found["input"], found.get("ctx", {}), found["msg"])
    told = _TELLINGS.get(found["type"], _in_pydantic_words)(failure)
    at_key = is_key or failure.value is None or found["type"] in {"extra_forbidden", "missing"}
    return error(told.rule, told.message, told.remedy, places.of_key(path) if at_key else places.of_value(path))


def _tree_path(steps: Path, root: object) -> Path:
    """The place without what pydantic adds to it: which member of a union was tried."""
    path: list[str | int] = []
    node: Any = root
    for step in steps:
        here = isinstance(node, YamlMap | YamlList) and (step in node or isinstance(step, int))
        if step in documents.TAGS and not here:
            continue
        path.append(step)
        node = node[step] if here else None
    return tuple(path)


def _matches(path: Path, pattern: Path) -> bool:
    return len(path) == len(pattern) and all(wanted in (ANY, step) for step, wanted in zip(path, pattern, strict=True))


def kind_of(value: object) -> str:
    """What a value is, for a sentence that says that it should be something else."""
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


def _wrong_type(wanted: str, remedy: str) -> _Telling:
    def tell(failure: _Failure) -> _Finding:
        message = f"{failure.name} has to be {wanted}, not {kind_of(failure.value)}"
        return _Finding("wrong-type", message, _instead_of_null(failure.path) if failure.value is None else remedy)

    return tell


def _instead_of_null(path: Path) -> str:
    known = (remedy for pattern, remedy in _INSTEAD_OF_NULL if _matches(path, pattern))
    return next(known, "write a value, or leave the key out")


def _wrong_form(failure: _Failure) -> _Finding:
    number = isinstance(failure.value, int | float)
    remedy = "put it in quotes if it is meant as text" if number else "write one or the other"
    return _wrong_type(failure.sentence, remedy)(failure)


def _wrong_boolean(failure: _Failure) -> _Finding:
    message = f"{failure.name} has to be true or false, not {kind_of(failure.value)}"
    return _Finding("wrong-type", message, "write true or false, without quotes")


def _missing(failure: _Failure) -> _Finding:
    around = f"`{shown(str(failure.path[-2]))}`" if len(failure.path) > 1 else "the manifest"
    return _Finding("missing-key", f"{failure.name} is missing from {around}", "add it")


def _unknown_key(failure: _Failure) -> _Finding:
    key = str(failure.path[-1])
    shape = next((one for one in _SHAPES if _matches(failure.path[:-1], one.at)), None)
    if shape and key in shape.later:
        return _Finding("not-yet", f"`{key}` is not available yet", "leave it out for now")
    known = shape.keys() if shape else []
    remedy = did_you_mean(key, known, f"known here: {', '.join(known)}")
    return _Finding("unknown-key", f"`{shown(key)}` is not a key of this map", remedy)


def _wrong_choice(failure: _Failure) -> _Finding:
    choices = re.findall("'([^']*)'", str(failure.context.get("expected")))
    if choices == [documents.ABSENT_WORD]:
        return _wrong_type("a map or `absent`", "write one or the other")(failure)
    if _matches(failure.path, _METHOD):
        return _wrong_verb(str(failure.value), choices)
    message = f"{failure.name} has to be {' or '.join(choices)}, not {kind_of(failure.value)}"
    return _Finding("wrong-value", message, did_you_mean(str(failure.value), choices, f"write {' or '.join(choices)}"))


def _wrong_verb(verb: str, verbs: list[str]) -> _Finding:
    message = f"`{shown(verb)}` is not an HTTP verb of API Gateway"
    return _Finding("verb", message, did_you_mean(verb, verbs, f"the verbs are {', '.join(verbs)}"))


_FORMS: Final[Mapping[str, tuple[str, str, str]]] = {
    documents.STATUS_PATTERN: ("status-code", "a status code", "write three digits, 100 to 599"),
    documents.PATH_PATTERN: ("path", "a resource path", "begin it with /"),
    documents.NAME_PATTERN: (
        "name",
        "a name for a manifest",
        "use letters, digits, `.`, `_` and `-`, and begin with a letter or digit",
    ),
}


def _wrong_form_of_text(failure: _Failure) -> _Finding:
    rule, wanted, remedy = _FORMS[failure.context["pattern"]]
    return _Finding(rule, f"`{shown(str(failure.value))}` is not {wanted}", remedy)


def _too_short(failure: _Failure) -> _Finding:
    return _Finding("wrong-value", f"{failure.name} is empty", "write a value, or leave the key out")


def _api(failure: _Failure) -> _Finding:
    return _Finding("api", failure.sentence, "write {name: ...} or {id: ...}")


def _in_pydantic_words(failure: _Failure) -> _Finding:
    return _Finding("wrong-value", f"{failure.name} is not right: {failure.sentence}", "mend it")


_TELLINGS: Final[Mapping[str, _Telling]] = {
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    "string_type": _wrong_type("text", "put it in quotes if it is meant as text"),
    "bool_type": _wrong_boolean,
    "dict_type": _wrong_type("a map", "write `key: value` below it, or {}"),
    "model_type": _wrong_type("a map", "write `key: value` below it, or {}"),
    "model_attributes_type": _wrong_type("a map", "write `key: value` below it, or {}"),
    "list_type": _wrong_type("a list", "write [one, two]"),
    "literal_error": _wrong_choice,
    "string_pattern_mismatch": _wrong_form_of_text,
    "string_too_short": _too_short,
    documents.WRONG_FORM: _wrong_form,
    "api": _api,
}
