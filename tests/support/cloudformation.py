"""CloudFormation templates as data, for tests."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml


class _Loader(yaml.SafeLoader):
    """YAML with the short forms of CloudFormation's functions: `!Sub x` is `{"Fn::Sub": "x"}`."""


def _function(loader: _Loader, name: str, node: yaml.Node) -> dict[str, Any]:
    key = name if name in {"Ref", "Condition"} else f"Fn::{name}"
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        return {key: value.split(".", 1) if name == "GetAtt" else value}
    if isinstance(node, yaml.SequenceNode):
        return {key: loader.construct_sequence(node, deep=True)}
    raise TypeError(f"{name} of a mapping is not used here: {node.start_mark}")


_Loader.add_multi_constructor("!", _function)


def template(file: Path) -> dict[str, Any]:
    """Read a template."""
    read: dict[str, Any] = yaml.load(file.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a safe loader with more tags
    return read


def substituted(value: Any, variables: Mapping[str, str]) -> Any:  # noqa: ANN401 - a part of a template
    """Replace every `Fn::Sub` of pseudo parameters by its text."""
    if isinstance(value, list):
        return [substituted(item, variables) for item in value]
    if not isinstance(value, dict):
        return value
    if list(value) == ["Fn::Sub"]:
        text: str = value["Fn::Sub"]
        for name, replacement in variables.items():
            text = text.replace(f"${{{name}}}", replacement)
        return text
    return {key: substituted(item, variables) for key, item in value.items()}


def references(value: Any) -> set[str]:  # noqa: ANN401 - a part of a template
    """The names of parameters and resources that a part refers to, pseudo parameters excluded."""
    if isinstance(value, list):
        return {name for item in value for name in references(item)}
    if not isinstance(value, dict):
        return set()
    names = {name for key, item in value.items() if key not in {"Ref", "Fn::GetAtt"} for name in references(item)}
    names |= {value["Ref"]} if "Ref" in value else set()
    names |= {value["Fn::GetAtt"][0]} if "Fn::GetAtt" in value else set()
    return {name for name in names if not name.startswith("AWS::")}
