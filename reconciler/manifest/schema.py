"""The manifest's JSON Schema (draft 2020-12), for editors and for checks without this tool.

Promise: generated from the models, so that what it refuses the loader refuses too. What only the loader can see (two
manifests of one name, template files, keys that stand twice) it does not know. Pure.
"""

import json
from typing import Any, Final, TypeAlias

from reconciler.resolve.documents import RestApiManifest

Schema: TypeAlias = dict[str, Any]

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def manifest_schema() -> Schema:
    """The schema of one document."""
    generated = RestApiManifest.model_json_schema()
    return {"$schema": _DIALECT, **_tidy(generated), "title": "Manifest of reconciler"}


def schema_text() -> str:
    """The schema as it stands in `schemas/manifest.schema.json`."""
    return json.dumps(manifest_schema(), indent=2) + "\n"


def _tidy(node: Any) -> Any:  # noqa: ANN401 - any JSON
    """The schema without what pydantic adds for programs, and with what editors need to complete and to refuse keys."""
    if isinstance(node, list):
        return [_tidy(one) for one in node]
    if not isinstance(node, dict):
        return node
    tidy = {key: _tidy(value) for key, value in node.items() if not _is_noise(key, value, node)}
    if "patternProperties" in tidy:
        tidy["additionalProperties"] = False
    if "propertyNames" in tidy:
        choices = tidy.pop("propertyNames")["enum"]
        tidy["properties"] = dict.fromkeys(choices, tidy["additionalProperties"])
        tidy["additionalProperties"] = False
    return tidy


def _is_noise(key: str, value: object, around: Schema) -> bool:
    """Titles made of key names, and defaults that only say "not set"; `properties` may have keys of these names."""
    made_of_key = key == "title" and isinstance(value, str) and around.get("type") != "object"
    return made_of_key or (key == "default" and not isinstance(value, bool) and value != "check")
