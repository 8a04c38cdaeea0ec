"""The draft as it will be after a plan is applied."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar, assert_never

from reconciler.deployments.comparable import colliding
from reconciler.deployments.items import UnexportedChanges
from reconciler.diff import FieldChange, field_changes
from reconciler.models.keys import ResponseKey, Scope
from reconciler.models.live import LiveApi, LiveIntegration, LiveMethod, LiveScope
from reconciler.models.responses import MethodResponse, RestResponse, WebSocketResponse
from reconciler.normal import response_as_exported
from reconciler.plan.actions import Action, Op, declared_parameters, response_after, two_way_route

T = TypeVar("T")


def as_planned(live: LiveApi, actions: Iterable[Action]) -> LiveApi:
    """Return the API after these actions; new WebSocket responses have no ids yet."""
    methods: dict[Scope, LiveScope] = dict(live.methods)
    for action in actions:
        methods[action.key.scope] = _after(methods[action.key.scope], action)
    return replace(live, methods=methods)


def not_exported(live: LiveApi, draft: LiveApi, actions: Iterable[Action]) -> UnexportedChanges:
    """Return the changes to a REST API's responses that an export does not show."""
    writes: dict[ResponseKey, tuple[FieldChange, ...]] = {}
    for key in dict.fromkeys(action.key for action in actions):
        before, after = _response(live, key), _response(draft, key)
        if before != after and (_is_incomparable(draft, key) or _exports_the_same(before, after)):
            writes[key] = field_changes(before, after)
    return writes


def _is_incomparable(draft: LiveApi, key: ResponseKey) -> bool:
    method = draft.methods[key.scope]
    return isinstance(method, LiveMethod) and bool(colliding(method))


def _exports_the_same(before: RestResponse | None, after: RestResponse | None) -> bool:
    return before is not None and after is not None and response_as_exported(before) == response_as_exported(after)


def _response(live: LiveApi, key: ResponseKey) -> RestResponse | None:
    response = live.methods[key.scope].responses.get(key.code)
    return response if isinstance(response, RestResponse) else None


def _after(method: LiveScope, action: Action) -> LiveScope:
    match method:
        case LiveMethod():
            return _method_after(method, action)
        case LiveIntegration():
            return _integration_after(method, action)
        case _:
            assert_never(method)


def _method_after(method: LiveMethod, action: Action) -> LiveMethod:
    code, after = action.key.code, response_after(action)
    if action.step == "methodResponse":
        known = method.method_responses.get(code, MethodResponse())
        declared = replace(known, parameters=known.parameters.union(declared_parameters(action)))
        return replace(method, method_responses=_with(method.method_responses, code, declared))
    if after is None:
        return replace(method, responses=_without(method.responses, code))
    if isinstance(after, RestResponse):
        return replace(method, responses=_with(method.responses, code, after))
    raise TypeError(action)  # an action of a WebSocket API


def _integration_after(integration: LiveIntegration, action: Action) -> LiveIntegration:
    code, after = action.key.code, response_after(action)
    if action.step == "routeResponse":
        return _two_way(integration, two_way_route(action), action.op)
    if after is None:
        return replace(integration, responses=_without(integration.responses, code))
    if isinstance(after, WebSocketResponse):
        return replace(integration, responses=_with(integration.responses, code, after))
    raise TypeError(action)  # an action of a REST API


def _two_way(integration: LiveIntegration, key: str, op: Op) -> LiveIntegration:
    """An update makes the route select its response, a create gives it one."""
    route = integration.read_routes[key]
    after = replace(route, selects=True) if op == "update" else replace(route, responds=True)
    selecting = integration.two_way_routes.union({key} if after.selects else ())
    return replace(integration, two_way_routes=selecting, read_routes=_with(integration.read_routes, key, after))


def _with(entries: Mapping[str, T], code: str, value: T) -> dict[str, T]:
    return dict(sorted({**entries, code: value}.items()))


def _without(entries: Mapping[str, T], code: str) -> dict[str, T]:
    return {key: value for key, value in entries.items() if key != code}
