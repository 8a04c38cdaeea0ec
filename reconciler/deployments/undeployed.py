"""Compare the draft of a REST API with what a stage serves.

Everything that a deployment would publish is an item, unlisted methods included; states that an export does not
distinguish (`normal.as_exported`) are equal. `outside` is "" for an item within the plan.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, TypeAlias

from reconciler.deployments.comparable import Uncompared, comparable, not_compared_in_methods
from reconciler.deployments.definitions import definition_items, not_compared_in_definitions
from reconciler.deployments.items import Item, Op, UnexportedChanges, op_of
from reconciler.diff import FieldChange, differences, field_changes
from reconciler.models.desired import ABSENT, Desired
from reconciler.models.fields import values_by_path
from reconciler.models.keys import MethodKey, ResponseKey
from reconciler.models.live import Access, LiveApi, LiveMethod
from reconciler.models.responses import FieldValue, MethodResponse, RestResponse
from reconciler.models.views import live_methods

DECLARED: Final = "declared"

_Access: TypeAlias = Mapping[MethodKey, Access]


def undeployed(  # noqa: PLR0913, PLR0917 - both sides, and what is known about them
    served: LiveApi,
    draft: LiveApi,
    declared: Desired,
    served_access: _Access | None = None,
    awaited: Collection[str] = (),
    not_exported: UnexportedChanges = MappingProxyType({}),
) -> tuple[Item, ...]:
    """Return what a deployment of `draft` would publish to a stage serving `served`, by path, verb and status.

    Definitions come last, and are compared if those of both sides were read.

    `declared` is the desired state, bound to the draft. `served_access`: who may call which method on the stage, None
    if unknown. `awaited` are the names of methods that were planned for before they existed.
    """
    before, whole = live_methods(served), live_methods(draft)
    items: list[Item] = []
    for scope in sorted({*before, *whole}):
        judge = _Judge(declared, scope, whole.get(scope))
        old, new = comparable(before.get(scope), whole.get(scope), draft.definitions)
        if old != new:
            items.extend(_items(judge, old, new))
        known = {item.code for item in items if item.scope == scope and item.subject == "response"}
        items.extend(
            _not_exported(
                judge, {key.code: change for key, change in not_exported.items() if key.scope == scope}, known
            )
        )
        if served_access and scope in served_access and scope in whole:
            items.extend(_access(judge, served_access[scope], whole[scope].access))
    items.extend(definition_items(served, draft, declared))
    return tuple(replace(item, outside="", is_awaited=True) if str(item.scope) in awaited else item for item in items)


def not_compared(served: LiveApi, draft: LiveApi) -> tuple[Uncompared, ...]:
    """Return what a deployment of `draft` might publish as well, because it cannot be compared with the stage."""
    return (*not_compared_in_methods(served, draft), *not_compared_in_definitions(served, draft))


def _not_exported(
    judge: "_Judge", written: Mapping[str, tuple[FieldChange, ...]], known: Collection[str]
) -> Iterator[Item]:
    for code, changes in written.items():
        if code not in known:
            address, outside = judge.declared.address(judge.key(code)), judge.of_response(code, changes)
            op: Op = "update" if judge.draft and code in judge.draft.responses else "delete"
            yield Item("response", op, address, judge.scope, code, changes, outside, is_not_exported=True)


def _access(judge: "_Judge", before: Access, after: Access) -> Iterator[Item]:
    changes = tuple(
        FieldChange(name, old, new)
        for name, old, new in (
            ("authorizationType", before.authorization, after.authorization),
            ("apiKeyRequired", str(before.needs_key).lower(), str(after.needs_key).lower()),
        )
        if old != new
    )
    if changes:
        outside = judge.of_method() or "manifests do not manage access to methods"
        address = judge.declared.method_address(judge.scope)
        yield Item("access", "update", address, judge.scope, "", changes, outside)


@dataclass(frozen=True, slots=True)
class _Judge:
    """Decides which items of a method are in the plan; `draft` is the future method, None if it is gone."""

    declared: Desired
    scope: MethodKey
    draft: LiveMethod | None

    def key(self, code: str) -> ResponseKey:
        return ResponseKey(self.scope, code)

    def of_method(self) -> str:
        return "" if self.scope in self.declared.owns else "no manifest lists the method"

    def of_response(self, code: str, changes: tuple[FieldChange, ...]) -> str:
        unlisted = self.of_method()
        if unlisted:
            return unlisted
        key = self.key(code)
        if not self._is_listed(key):
            return "no manifest lists the response"
        if not self._is_wanted(key):
            return "the draft differs from the manifest"
        foreign = [change.path for change in changes if not self.declared.owns_field(key, change.path)]
        return f"the manifest does not own {', '.join(foreign)}" if foreign else ""

    def of_declaration(self, code: str, before: MethodResponse | None, after: MethodResponse | None) -> str:
        """A method response is in the plan as far as a listed response needs it."""
        unlisted = self.of_method()
        if unlisted:
            return unlisted
        wanted = self.declared.responses.get(self.key(code))
        if not isinstance(wanted, RestResponse) or not self._is_wanted(self.key(code)):
            return "no listed response needs it"
        if after is None:
            return "it is no longer declared"
        known = before.parameters if before else frozenset()
        lost = known - after.parameters
        surplus = after.parameters - known - set(wanted.response_parameters)
        if lost:
            return f"{_names(lost)} is no longer declared"
        if surplus:
            return f"no listed response maps {_names(surplus)}"
        known_models = before.models if before else ""
        return "manifests do not manage models" if after.models != known_models else ""

    def _is_listed(self, key: ResponseKey) -> bool:
        owner = self.declared.owns[self.scope]
        return key in self.declared.responses or (owner.prune and key not in self.declared.ignored)

    def _is_wanted(self, key: ResponseKey) -> bool:
        wanted = self.declared.responses.get(key, ABSENT)
        response = self.draft.responses.get(key.code) if self.draft else None
        return response == (None if wanted is ABSENT else wanted)


def _items(judge: _Judge, before: LiveMethod | None, after: LiveMethod | None) -> Iterator[Item]:
    address = judge.declared.method_address(judge.scope)
    old, new = before or LiveMethod(""), after or LiveMethod("")
    if before is None or after is None:
        changes = differences({**_integration(old), **old.request}, {**_integration(new), **new.request})
        outside = "the method itself is new" if before is None else "the method is gone"
        yield Item("method", op_of(before, after), address, judge.scope, "", changes, judge.of_method() or outside)
    else:
        yield from _settings(judge, address, old, new)
    yield from _declarations(judge, old.method_responses, new.method_responses)
    yield from _responses(judge, old.responses, new.responses)


def _settings(judge: _Judge, address: str, before: LiveMethod, after: LiveMethod) -> Iterator[Item]:
    if changes := differences(_integration(before), _integration(after)):
        outside = judge.of_method() or "manifests do not manage integrations"
        yield Item("integration", "update", address, judge.scope, "", changes, outside)
    if changes := differences(before.request, after.request):
        outside = judge.of_method() or "manifests do not manage method requests"
        yield Item("method", "update", address, judge.scope, "", changes, outside)


def _declarations(
    judge: _Judge, before: Mapping[str, MethodResponse], after: Mapping[str, MethodResponse]
) -> Iterator[Item]:
    for code in sorted({*before, *after}):
        old, new = before.get(code), after.get(code)
        if old != new:
            address, outside = judge.declared.address(judge.key(code)), judge.of_declaration(code, old, new)
            changes = differences(_declared(old), _declared(new))
            yield Item("methodResponse", op_of(old, new), address, judge.scope, code, changes, outside)


def _declared(response: MethodResponse | None) -> dict[str, FieldValue]:
    """Return what a method response declares, as a document."""
    if response is None:
        return {}
    return {
        "methodResponse": {
            **dict.fromkeys(response.parameters, DECLARED),
            **({"models": response.models} if response.models else {}),
        }
    }


def _responses(judge: _Judge, before: Mapping[str, RestResponse], after: Mapping[str, RestResponse]) -> Iterator[Item]:
    for code in sorted({*before, *after}):
        old, new = before.get(code), after.get(code)
        if old != new:
            changes = field_changes(old, new)
            address, outside = judge.declared.address(judge.key(code)), judge.of_response(code, changes)
            yield Item("response", op_of(old, new), address, judge.scope, code, changes, outside)


def _integration(method: LiveMethod) -> dict[str, str]:
    """Return all of an integration but its responses, by path."""
    document = {"type": method.integration_type, "uri": method.integration_uri, **method.settings}
    return {path: text for path, text in values_by_path(document).items() if text}


def _names(parameters: frozenset[str]) -> str:
    return ", ".join(name.rpartition(".")[2] for name in sorted(parameters))
