"""Plan the actions of a REST API.

Method by method: declarations come before the responses that need them, and no write takes a pattern that another
status holds (see `order`).
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

from reconciler.diagnostics import Diagnostic, error
from reconciler.diff import ResponseChange
from reconciler.mapping.expressions import shown
from reconciler.models.desired import Desired
from reconciler.models.keys import MethodKey, ResponseKey
from reconciler.models.live import LiveApi, LiveMethod
from reconciler.models.needs import MethodResponseNeed, missing_method_responses
from reconciler.models.responses import Response, RestResponse
from reconciler.models.views import live_methods
from reconciler.normal import HEADER_PREFIX
from reconciler.plan.actions import (
    CreateMethodResponse,
    CreateResponse,
    DeleteResponse,
    ExtendMethodResponse,
    ParkResponse,
    RestAction,
    UpdateResponse,
)
from reconciler.plan.order import BlockedPattern, Write, order_writes
from reconciler.plan.reasons import delete_reason, update_reason
from reconciler.rules import RunRule


def rest_actions(
    desired: Desired, live: LiveApi, changes: Iterable[ResponseChange]
) -> tuple[list[RestAction], list[Diagnostic]]:
    """Return the actions that make these changes, which are sorted by key, and the problems that prevent any."""
    needs = _needs(desired, live)
    by_method = {scope: tuple(of_method) for scope, of_method in groupby(changes, key=lambda change: change.key.scope)}
    actions: list[RestAction] = []
    diagnostics: list[Diagnostic] = []
    # A method that is not live is skipped: a check reports it
    for scope, method in sorted(live_methods(live).items(), key=lambda item: item[0]):
        actions.extend(_declare(desired, method, need) for need in needs.get(scope, ()))
        of_method = by_method.get(scope, ())
        try:
            writes = order_writes(of_method, method.responses)
        except BlockedPattern as blocked:
            diagnostics.extend(_blocked(desired, scope, blocked))
        else:
            actions.extend(_actions(desired, method, of_method, writes))
    return actions, diagnostics


def _needs(desired: Desired, live: LiveApi) -> dict[MethodKey, list[MethodResponseNeed]]:
    """Return the method responses to create under `methodResponses: ensure`; `check` reports them instead."""
    needs: dict[MethodKey, list[MethodResponseNeed]] = {}
    for need in sorted(missing_method_responses(desired, live), key=lambda need: need.key):
        if desired.owns[need.scope].method_responses == "ensure":
            needs.setdefault(need.scope, []).append(need)
    return needs


def _declare(desired: Desired, method: LiveMethod, need: MethodResponseNeed) -> RestAction:
    headers = ", ".join(name.removeprefix(HEADER_PREFIX) for name in need.parameters)
    address, source = desired.address(need.key), desired.origin(need.key)
    if not need.exists:
        reason = f"the method does not declare {need.code}" + (f" with {headers}" if headers else "")
        return CreateMethodResponse(need.key, address, method.resource_id, reason, source, need.parameters)
    reason = f"method response {need.code} does not declare {headers}"
    return ExtendMethodResponse(need.key, address, method.resource_id, reason, source, need.parameters)


def _actions(
    desired: Desired, method: LiveMethod, changes: Iterable[ResponseChange], writes: Iterable[Write]
) -> Iterator[RestAction]:
    change_of = {change.key.code: change for change in changes}
    for write in writes:
        yield _action(desired, method, change_of[write.code], write)


def _action(desired: Desired, method: LiveMethod, change: ResponseChange, write: Write) -> RestAction:
    key, before, after = change.key, _rest(change.before), _rest(change.after)
    address, source = desired.address(key), desired.origin(key)
    resource_id = method.resource_id
    if write.verb == "park" and before is not None and write.after is not None:
        reason = f"frees its pattern for {write.holder}; gets its own in a later step"
        return ParkResponse(key, address, resource_id, reason, source, before, write.after, change.fields)
    if after is None and before is not None:
        reason = delete_reason(desired, key)
        return DeleteResponse(key, address, resource_id, reason, source, before, change.fields)
    if before is None and after is not None:
        return CreateResponse(key, address, resource_id, "not live yet", source, after, change.fields)
    if before is not None and after is not None:
        return UpdateResponse(key, address, resource_id, update_reason(change), source, before, after, change.fields)
    raise AssertionError(write)  # a change has a before or an after


def _rest(response: Response | None) -> RestResponse | None:
    return response if isinstance(response, RestResponse) else None


def _blocked(desired: Desired, scope: MethodKey, blocked: BlockedPattern) -> Iterator[Diagnostic]:
    key, holder = ResponseKey(scope, blocked.code), ResponseKey(scope, blocked.holder)
    if not desired.owns_field(key, "selectionPattern"):
        yield _second_default(desired, key, blocked)
        return
    if holder in desired.responses and desired.owns_field(holder, "selectionPattern"):
        return  # the linter has reported that the manifest gives both the same pattern
    pattern = f"the pattern {shown(blocked.pattern)}" if blocked.pattern else "no pattern (the default response)"
    yield error(
        RunRule.PATTERN_TAKEN,
        f"{blocked.code} needs {pattern}, but live {blocked.holder} holds and keeps it",
        f"list {blocked.holder}, which `prune: false` keeps, with another pattern, or declare it `absent`",
        desired.origin(key, "selectionPattern"),
        desired.address(key),
    )


def _second_default(desired: Desired, key: ResponseKey, blocked: BlockedPattern) -> Diagnostic:
    """Where another tool owns the pattern, only a response that is not live yet has none."""
    return error(
        RunRule.PATTERN_TAKEN,
        f"{blocked.code} is not live, and would be a second default response next to {blocked.holder}",
        "create it with the tool that owns its `selectionPattern`, or own that field here",
        desired.origin(key),
        desired.address(key),
    )
