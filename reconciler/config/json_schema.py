"""The JSON Schema of a configuration (draft 2020-12), for editors and for checks without this tool.

Promise: generated from the models, so that what it refuses the loader refuses too. What only the loader can see (lint
rules that do not exist, a root that reaches too far, `region` beside `regions`) it does not know. Pure.
"""

import json
from typing import Any, Final, TypeAlias

from reconciler.config.schema import ConfigurationModel

Schema: TypeAlias = dict[str, Any]

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_NAMED: Final = frozenset({"$defs", "properties", "patternProperties"})


def schema_text() -> str:
    """The schema as it stands in `schemas/config.schema.json`."""
    generated = _tidy(ConfigurationModel.model_json_schema())
    return json.dumps({"$schema": _DIALECT, **generated, "title": "Configuration of reconciler"}, indent=2) + "\n"


def _tidy(node: Any) -> Any:  # noqa: ANN401 - any JSON
    """The schema without what pydantic adds for programs, and with what editors need to refuse keys."""
    if isinstance(node, list):
        return [_tidy(one) for one in node]
    if not isinstance(node, dict):
        return node
    tidy = {
        key: {name: _tidy(one) for name, one in value.items()} if key in _NAMED else _tidy(value)
        for key, value in node.items()
        if key not in {"title", "default"}
    }
    if "patternProperties" in tidy:
        tidy["additionalProperties"] = False
    return tidy
