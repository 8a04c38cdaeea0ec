"""The JSON Schema of manifests, response sets and response tests (draft 2020-12).

It is for editors, and for checks without this tool.

It is generated from the models, so the loader refuses everything that the schema refuses, except for unknown rules in
`allow`, which the linter refuses. The schema cannot check what only the loader sees: two manifests with one name,
template files, duplicate keys, the values of placeholders. A placeholder may replace any scalar except those that
identify a document (`apiVersion`, `kind`, `for`). Pure.
"""

import json
from typing import Annotated, Any, Final, TypeAlias

from pydantic import Field, TypeAdapter

from reconciler.manifest.schema.response_set import ResponseSet
from reconciler.manifest.schema.response_test import ResponseTest
from reconciler.manifest.schema.rest import RestApiManifest
from reconciler.manifest.schema.websocket import WebSocketApiManifest
from reconciler.rules import LintRule

Schema: TypeAlias = dict[str, Any]

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_DOCUMENT: Final[TypeAdapter[object]] = TypeAdapter(
    Annotated[RestApiManifest | WebSocketApiManifest | ResponseSet | ResponseTest, Field(discriminator="kind")]
)
_PLACEHOLDER: Final = {
    "type": "string",
    "pattern": r"\$\{\{.*\}\}",
    "description": "A placeholder: `${{ vars.NAME }}` or `${{ env.NAME }}`.",
}
_IDENTIFYING_KEYS: Final = frozenset({"apiVersion", "kind", "for"})


def manifest_schema() -> Schema:
    """Return the schema of one document."""
    generated = _DOCUMENT.json_schema()
    added = {"Placeholder": _PLACEHOLDER, "LintRule": _lint_rule()}
    shapes = {"oneOf": generated["oneOf"], "$defs": {**generated["$defs"], **added}}
    return {"$schema": _DIALECT, "title": "Manifest of reconciler", **_tidy(shapes)}


def _lint_rule() -> Schema:
    """Return the schema of a rule in `allow:`; editors offer the ids, and show what each means."""
    rules = [{"const": rule.id, "description": rule.meaning} for rule in LintRule if rule.silenceable]
    return {"anyOf": [*rules, {"$ref": "#/$defs/Placeholder"}]}


def schema_text() -> str:
    """Return the text of `schemas/manifest.schema.json`."""
    return json.dumps(manifest_schema(), indent=2) + "\n"


def _tidy(schema: Schema) -> Schema:
    """Drop what pydantic adds for programs, and add what editors need to complete and refuse keys."""
    tidy: Schema = {}
    for key, value in schema.items():
        if _is_noise(key, value, schema):
            continue
        if key in {"$defs", "properties", "patternProperties"}:
            tidy[key] = {name: _tidy_named(name, child) for name, child in value.items()}
        elif key in {"anyOf", "oneOf"}:
            tidy[key] = [_with_placeholder(_tidy(child)) for child in value]
        elif key in {"items", "additionalProperties"} and isinstance(value, dict):
            tidy[key] = _with_placeholder(_tidy(value))
        else:
            tidy[key] = value
    return _closed(tidy)


def _tidy_named(name: str, schema: Schema) -> Schema:
    tidy = _tidy(schema)
    if name == "allow":
        tidy["items"] = {"$ref": "#/$defs/LintRule"}
    return tidy if name in {*_IDENTIFYING_KEYS, "Placeholder"} else _with_placeholder(tidy)


def _closed(schema: Schema) -> Schema:
    """Allow a map only the keys of its patterns or choices; choices become properties, which editors offer."""
    if "patternProperties" in schema:
        return {**schema, "additionalProperties": False}
    choices = schema.get("propertyNames", {}).get("enum")
    if not choices:
        return schema
    rest = {key: value for key, value in schema.items() if key != "propertyNames"}
    return {**rest, "properties": dict.fromkeys(choices, schema["additionalProperties"]), "additionalProperties": False}


def _with_placeholder(schema: Schema) -> Schema:
    """Allow a placeholder as well, for a scalar whose schema does not accept every string."""
    is_scalar = schema.get("type") in {"string", "boolean", "integer", "number"}
    if not is_scalar or (schema["type"] == "string" and not {"pattern", "enum", "const"} & schema.keys()):
        return schema
    around: Schema = {key: schema[key] for key in ("description", "default") if key in schema}
    wanted = {key: value for key, value in schema.items() if key not in around}
    return {**around, "anyOf": [wanted, {"$ref": "#/$defs/Placeholder"}]}


def _is_noise(key: str, value: object, around: Schema) -> bool:
    """Whether a keyword is a title made from a key name, or a default that only means "not set"."""
    made_of_key = key == "title" and around.get("type") != "object"
    return made_of_key or (key == "default" and not isinstance(value, bool) and value != "check")
