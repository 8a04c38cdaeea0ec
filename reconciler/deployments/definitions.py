"""Compare models, request validators and gateway responses of a draft and a stage.

`definition_items` yields the differences that a deployment publishes, `not_compared_in_definitions` what cannot be
compared. A model or validator that no method of the draft uses may be missing from an export without being new: whether
AWS exports those is not recorded. The same holds for schema keywords that OpenAPI 3.0 does not have. Pure.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from reconciler.definitions import DEFAULT_MODELS, of_draft
from reconciler.deployments.comparable import Uncompared
from reconciler.deployments.items import Definition, Item, Op, op_of
from reconciler.diff import FieldChange, differences
from reconciler.models.definitions import Definitions
from reconciler.models.desired import Desired
from reconciler.models.live import LiveApi
from reconciler.models.responses import FieldValue
from reconciler.models.views import live_methods

_Values: TypeAlias = Mapping[str, FieldValue]

_WORDS: Final[Mapping[Definition, str]] = {
    "model": "model",
    "requestValidator": "request validator",
    "gatewayResponse": "gateway response",
}

_EXPORTED: Final = frozenset(
    {
        *("title", "description", "type", "format", "properties", "items", "required", "enum", "$ref", "allOf"),
        *("minimum", "maximum", "minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems"),
        *("additionalProperties", "multipleOf", "minProperties", "maxProperties", "default"),
    }
)
"""Schema keywords that an export keeps."""

_NAMED: Final = 3

_UNTOUCHED: Final = of_draft([{"name": name, "schema": text} for name, text in DEFAULT_MODELS.items()], (), ()).models


def definition_items(served: LiveApi, draft: LiveApi, declared: Desired) -> Iterator[Item]:
    """Yield the definitions that a deployment would publish; none if those of a side were not read."""
    old, new = served.definitions, draft.definitions
    if old is None or new is None:
        return
    name = declared.manifests[0].name
    models, validators = _used_models(draft, new), _used_validators(draft, new)
    yield from _models(name, old, new, models)
    for validator in sorted({*old.validators, *new.validators} - new.doubtful):
        before, after = old.validators.get(validator), new.validators.get(validator)
        if before is not None or validator in validators:
            yield from _item("requestValidator", name, validator, before, after)
    for type_ in sorted({*old.gateway_responses, *new.gateway_responses}):
        before_response, after_response = old.gateway_responses.get(type_), new.gateway_responses.get(type_)
        yield from _item("gatewayResponse", name, type_, before_response, after_response)


def not_compared_in_definitions(served: LiveApi, draft: LiveApi) -> Iterator[Uncompared]:
    """Yield the definitions that cannot be compared."""
    old, new = served.definitions, draft.definitions
    if old is None or new is None:
        return
    yield from _unused("model", _unused_models(old, new, _used_models(draft, new)))
    for name, values in new.models.items():
        before = old.models.get(name)
        if name in old.models and (values is None or before is None):
            yield Uncompared(f"model {name}", "its schema is not a JSON object")
        elif name in old.models and not _certain(before, values) and before != values:
            yield Uncompared(f"model {name}", f"a stage may not show {_keywords(before, values)}")
    used = _used_validators(draft, new)
    yield from _unused("request validator", sorted(new.validators.keys() - old.validators.keys() - used - new.doubtful))
    for name in sorted(new.doubtful):
        why = "several validators have this name" if name else "it has no name"
        yield Uncompared(f"request validator {name}".strip(), f"{why}, so a stage does not show which is which")


def _unused_models(old: Definitions, new: Definitions, used: Collection[str]) -> list[str]:
    """Return the new models that no method uses, without AWS's own two unless somebody changed them."""
    return [
        name
        for name, values in new.models.items()
        if name not in old.models and name not in used and not (name in _UNTOUCHED and values == _UNTOUCHED[name])
    ]


def _unused(what: str, names: Sequence[str]) -> Iterator[Uncompared]:
    if names:
        more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
        listed = ", ".join(names[:_NAMED]) + more
        is_one = len(names) == 1
        why = f"no method uses {'it' if is_one else 'them'}, and a stage may not show unused {what}s"
        yield Uncompared(f"{what if is_one else f'{what}s'} {listed}", why)


def _models(name: str, old: Definitions, new: Definitions, used: frozenset[str]) -> Iterator[Item]:
    for model in sorted({*old.models, *new.models}):
        before, after = old.models.get(model), new.models.get(model)
        if model not in old.models:
            if model in used:
                yield from _item("model", name, model, None, after or {})
        elif model not in new.models:
            yield from _item("model", name, model, before or {}, None)
        elif changes := _certain(before, after):
            yield _changed("model", name, model, "update", changes)


def _certain(before: Mapping[str, str] | None, after: Mapping[str, str] | None) -> tuple[FieldChange, ...]:
    """Return the certain differences of two schemas: of values that both have, or that an export would have."""
    if before is None or after is None:
        return ()
    return tuple(change for change in differences(before, after) if _is_certain(change))


def _is_certain(change: FieldChange) -> bool:
    if change.path.endswith("type") and ", " in f"{change.before}{change.after}":
        return False  # OpenAPI 3.0 has no lists of types
    return (change.before is not None and change.after is not None) or _unknown_keyword(change.path) == ""


def _unknown_keyword(path: str) -> str:
    """Return the first keyword of a path that exports may omit, "" for none. Names follow `properties`."""
    words = iter(path.split("."))
    for word in words:
        if word not in _EXPORTED and not word.isdecimal():
            return word
        if word == "properties":
            next(words, None)
    return ""


def _keywords(before: Mapping[str, str] | None, after: Mapping[str, str] | None) -> str:
    paths = [change.path for change in differences(before or {}, after or {})]
    return ", ".join(dict.fromkeys(_unknown_keyword(path) or path for path in paths))


def _used_models(draft: LiveApi, definitions: Definitions) -> frozenset[str]:
    """Return the models that methods use, and those that these refer to."""
    waiting = {
        name
        for method in live_methods(draft).values()
        for text in (
            method.request.get("requestModels") or "",
            *(response.models for response in method.method_responses.values()),
        )
        for name in (text.split(", ") if isinstance(text, str) and text else ())
    }
    used: set[str] = set()
    while waiting:
        name = waiting.pop()
        used.add(name)
        waiting |= definitions.used_models.get(name, frozenset()) - used
    return frozenset(used)


def _used_validators(draft: LiveApi, definitions: Definitions) -> frozenset[str]:
    ids = {method.validator for method in live_methods(draft).values() if method.validator}
    return frozenset(definitions.validator_names.get(validator, "") for validator in ids)


def _item(subject: Definition, name: str, key: str, before: _Values | None, after: _Values | None) -> Iterator[Item]:
    if before != after:
        changes = differences(before or {}, after or {})
        yield _changed(subject, name, key, op_of(before, after), changes)


def _changed(subject: Definition, name: str, key: str, op: Op, changes: tuple[FieldChange, ...]) -> Item:
    word = _WORDS[subject]
    return Item(subject, op, f"{name}: {word} {key}", changes=changes, outside=f"manifests do not manage {word}s")
