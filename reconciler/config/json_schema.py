"""Generate the JSON Schema of a configuration (draft 2020-12), for editors and for checks without this tool.

Pure. It is generated from the models, so the loader refuses everything that it refuses. It does not cover what only the
loader can check: a root outside the repository, `region` together with `regions`.
"""

import json
from typing import Any, Final, TypeAlias, get_args

from reconciler.config.schema import ConfigurationModel, RuleSeverity
from reconciler.rules import LintRule

Schema: TypeAlias = dict[str, Any]

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_NAMED: Final = frozenset({"$defs", "properties", "patternProperties"})


def schema_text() -> str:
    """Return the text of `schemas/config.schema.json`."""
    generated = _tidy(ConfigurationModel.model_json_schema())
    generated["properties"]["lint"] |= _lint_rules()
    return json.dumps({"$schema": _DIALECT, **generated, "title": "Configuration of reconciler"}, indent=2) + "\n"


def _lint_rules() -> Schema:
    """Return the keys of `lint`: editors offer them, and show what each means."""
    severity = {"enum": list(get_args(RuleSeverity)), "type": "string"}
    rules = {rule.id: {**severity, "description": rule.meaning} for rule in LintRule if rule.silenceable}
    return {"properties": rules, "additionalProperties": False}


def _tidy(node: Any) -> Any:  # noqa: ANN401 - any JSON
    """Remove what pydantic adds for programs, and add what editors need to refuse unknown keys."""
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    tidy = {
        key: {name: _tidy(schema) for name, schema in value.items()} if key in _NAMED else _tidy(value)
        for key, value in node.items()
        if key not in {"title", "default"}
    }
    if "patternProperties" in tidy:
        tidy["additionalProperties"] = False
    return tidy
