"""Fields by path: the values of a document, patterns of `own` and ignore rules, and responses made of two sides.

A field is named by its path, `selectionPattern` or `responseTemplates.application/json`. `*` in a pattern is
any text, dots included; a pattern that fits a field's name fits its whole map. Pure.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from reconciler.globs import text_fits
from reconciler.models.responses import FieldValue, Response


def values_by_path(document: Mapping[str, FieldValue]) -> dict[str, str]:
    """Return the texts of a document by path: `name`, or `name.key` for an entry of a map."""
    values: dict[str, str] = {}
    for name, value in document.items():
        if isinstance(value, str):
            values[name] = value
        elif isinstance(value, Mapping):
            values.update({f"{name}.{key}": text for key, text in value.items()})
    return values


def fits(patterns: Iterable[str], path: str) -> bool:
    """Whether one of the patterns matches this field."""
    name = path.partition(".")[0]
    return any(text_fits(pattern, path) or text_fits(pattern, name) for pattern in patterns)


def carried(wanted: Response, live: Response, leaves: Callable[[str], bool]) -> Response:
    """Return the desired response with the live values of the fields that are left alone; both of one kind."""
    if type(wanted) is not type(live):
        raise TypeError(f"{wanted} and {live} are of two kinds")
    held = live.fields()
    merged = {name: _value(name, value, held[name], leaves) for name, value in wanted.fields().items()}
    # Both list the fields in one order
    attributes = (attribute.name for attribute in fields(wanted))
    values: dict[str, Any] = dict(zip(attributes, merged.values(), strict=True))
    return replace(wanted, **values)


def _value(name: str, wanted: FieldValue, live: FieldValue, leaves: Callable[[str], bool]) -> FieldValue:
    if not isinstance(wanted, Mapping) or not isinstance(live, Mapping):
        return live if leaves(name) else wanted
    kept = {key: value for key, value in wanted.items() if not leaves(f"{name}.{key}")}
    ignored = {key: value for key, value in live.items() if leaves(f"{name}.{key}")}
    return dict(sorted((kept | ignored).items()))
