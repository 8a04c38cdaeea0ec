"""Read the resources of a Terraform state, as `terraform show -json` prints a state or a saved plan.

Format: Terraform documentation, JSON output format (`values` of a state, `prior_state.values` of a plan). The file may
hold anything: it is no larger than the caller reads, depth is what Python's parser takes, and an address that is none
is an error, as it is written into a configuration.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from reconciler.engine.call_inputs import InputFile
from reconciler.errors import ReconcilerError
from reconciler.wording import shown

_INSTANCE: Final = re.compile(r'\[(?:[0-9]+|"(?:[^"\\]|\\.)*")\]')
_ADDRESS: Final = re.compile(r"(?:module\.[^\W\d][\w-]*\.)*[^\W\d][\w-]*\.[^\W\d][\w-]*")
_HOW: Final = "write it with: terraform show -json > state.json"


@dataclass(frozen=True, slots=True)
class StateResource:
    """An instance of a managed resource. `address` names the resource, without the keys of instances."""

    address: str
    instance: str
    type: str
    values: Mapping[str, Any]

    def text(self, name: str) -> str:
        """Return an attribute, "" if it is no text."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""


def read_state(file: InputFile) -> tuple[StateResource, ...]:
    """Return the managed resources of a state. Raises ReconcilerError."""
    try:
        document = json.loads(file.content)
    except (ValueError, RecursionError) as failure:
        raise ReconcilerError(f"{file.name} is not JSON that can be read", _HOW) from failure
    return tuple(_resources(_root(document, file), file))


def _root(document: object, file: InputFile) -> Mapping[str, Any]:
    node: object = document
    if isinstance(node, Mapping) and "prior_state" in node:
        node = node["prior_state"]
    for name in ("values", "root_module"):
        node = node.get(name) if isinstance(node, Mapping) else None
    if not isinstance(node, Mapping):
        raise ReconcilerError(f"{file.name} is not a state: it has no `values.root_module`", _HOW)
    return node


def _resources(root: Mapping[str, Any], file: InputFile) -> Iterator[StateResource]:
    modules = [root]
    while modules:
        module = modules.pop()
        modules += [child for child in _list(module, "child_modules") if isinstance(child, Mapping)]
        for resource in _list(module, "resources"):
            if isinstance(resource, Mapping) and resource.get("mode") == "managed":
                yield _resource(resource, file)


def _list(module: Mapping[str, Any], name: str) -> list[Any]:
    items = module.get(name)
    return items if isinstance(items, list) else []


def _resource(resource: Mapping[str, Any], file: InputFile) -> StateResource:
    instance, kind, values = (resource.get(name) for name in ("address", "type", "values"))
    address = _INSTANCE.sub("", instance) if isinstance(instance, str) else ""
    if not isinstance(instance, str) or not isinstance(kind, str) or not _ADDRESS.fullmatch(address):
        raise ReconcilerError(f"{file.name} has a resource with the address {shown(str(instance))!r}", _HOW)
    return StateResource(address, instance, kind, values if isinstance(values, Mapping) else {})
