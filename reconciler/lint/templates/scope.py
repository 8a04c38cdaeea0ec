"""The variables of a template: which it has, and what is ever assigned to them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from reconciler.mapping.velocity.tree import (
    Access,
    Define,
    Expression,
    Foreach,
    Method,
    Node,
    Property,
    Set,
    VariableReference,
)

API_GATEWAY: Final = frozenset({"input", "util", "context", "stageVariables"})
"""What every template has (Developer Guide, "mapping template and access logging variable reference")."""

LOOP: Final = frozenset({"foreach", "velocityCount", "velocityHasNext"})
"""What Velocity sets in a loop."""

_CHANGES: Final = frozenset({"put", "putAll", "add", "addAll", "set"})


@dataclass(frozen=True, slots=True)
class TemplateScope:
    """What a template assigns, anywhere in it.

    `values` are those of `#set` by variable, `members` those of `#set($variable.name = ...)` by the last name;
    `items` are the iterables of each loop variable. `defined` are the blocks of `#define`. `changed` are the variables
    that a method such as `put` changes.
    """

    values: dict[str, list[Expression]] = field(default_factory=dict)
    members: dict[str, list[Expression]] = field(default_factory=dict)
    items: dict[str, list[Expression | None]] = field(default_factory=dict)
    defined: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)

    def has(self, name: str) -> bool:
        """Whether a variable is ever set."""
        return name in self.values or name in self.items or name in self.defined


def scope_of(nodes: Iterable[Node]) -> TemplateScope:
    """Return what the nodes of a template assign."""
    scope = TemplateScope()
    for node in nodes:
        match node:
            case Set(target=VariableReference(root=root, accesses=()), value=value):
                scope.values.setdefault(root, []).append(value)
            case Set(target=VariableReference(accesses=accesses), value=value):
                scope.members.setdefault(last_name(accesses[-1]), []).append(value)
            case Foreach(variable=variable, iterable=iterable):
                scope.items.setdefault(variable, []).append(iterable)
            case Define(variable=variable):
                scope.defined.add(variable)
            case VariableReference(root=root, accesses=accesses) if any(map(_is_change, accesses)):
                scope.changed.add(root)
            case _:
                pass
    return scope


def last_name(access: Access) -> str:
    """Return the name of a property or method; "" for an index."""
    return access.name if isinstance(access, Property | Method) else ""


def _is_change(access: Access) -> bool:
    return isinstance(access, Method) and access.name in _CHANGES
