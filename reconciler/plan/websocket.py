"""Plan the actions of a WebSocket API.

Integration by integration: creates, updates and replacements before deletes, each in the order of the keys; then what
makes its routes two-way.
Keys are unique within an integration and no write takes the key of another, so nothing blocks and nothing is parked.

An update is a merge without nulls: a field that is not sent stays as it is, and of a map at least the sent entries are
stored (users' reports; whether the others stay is unknown). So an update sends each differing map whole, which is right
either way. It cannot clear contentHandlingStrategy or remove an entry from a map, and an empty entry is unsafe because
it removes the entry in a similar map. Where one of these is needed, the response is deleted and created again, and the
reason names it. A run that stops between the two leaves no response; the next plan creates it.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from reconciler.diff import ResponseChange
from reconciler.models.desired import Desired
from reconciler.models.fields import values_by_path
from reconciler.models.keys import IntegrationKey
from reconciler.models.live import LiveApi, LiveIntegration
from reconciler.models.needs import TwoWayNeed, missing_route_responses
from reconciler.models.responses import FieldValue, WebSocketResponse
from reconciler.models.routes import ROUTE_RESPONSE_KEY
from reconciler.models.views import live_integrations
from reconciler.plan.actions import (
    CreateReplacement,
    CreateRouteResponse,
    CreateWebSocketResponse,
    DeleteToReplace,
    DeleteWebSocketResponse,
    SelectRouteResponse,
    UpdateWebSocketResponse,
    WebSocketAction,
)
from reconciler.plan.reasons import delete_reason, listed, update_reason

_MOST_NAMED = 3


def websocket_actions(desired: Desired, live: LiveApi, changes: Iterable[ResponseChange]) -> list[WebSocketAction]:
    """Return the actions that make these changes, which are sorted by key.

    Integrations that are not live, and proxies, which have no responses, are skipped: a check reports them.
    """
    by_scope = {scope: tuple(of_scope) for scope, of_scope in groupby(changes, key=lambda change: change.key.scope)}
    needs = _needs(desired, live)
    actions: list[WebSocketAction] = []
    for scope, integration in sorted(live_integrations(live).items(), key=lambda item: item[0]):
        of_scope = () if integration.is_proxy else by_scope.get(scope, ())
        for change in sorted(of_scope, key=lambda change: change.after is None):
            actions.extend(_writes(desired, integration, change))
        actions.extend(_two_way(desired, integration, needs.get(scope, ())))
    return actions


def _needs(desired: Desired, live: LiveApi) -> dict[IntegrationKey, list[TwoWayNeed]]:
    needs: dict[IntegrationKey, list[TwoWayNeed]] = {}
    for need in missing_route_responses(desired, live):
        needs.setdefault(need.scope, []).append(need)
    return needs


def _two_way(
    desired: Desired, integration: LiveIntegration, needs: Iterable[TwoWayNeed]
) -> Iterator[CreateRouteResponse | SelectRouteResponse]:
    """Yield what makes the routes two-way, once their responses are there."""
    for need in needs:
        owner = desired.owns[need.scope]
        address = f"{owner.manifest}: {need.route} {ROUTE_RESPONSE_KEY}"
        parent, source, route_id = integration.integration_id, owner.location, need.live.id
        for part in need.lacks:
            if part == "response":
                reason = f"route {need.route} has no route response, so clients get nothing"
                yield CreateRouteResponse(need.key, address, parent, reason, source, need.route, route_id)
            else:
                reason = f"route {need.route} does not select its route response, so clients get nothing"
                yield SelectRouteResponse(need.key, address, parent, reason, source, need.route, route_id)


def _writes(desired: Desired, integration: LiveIntegration, change: ResponseChange) -> Iterator[WebSocketAction]:
    key, before, after = change.key, _websocket(change.before), _websocket(change.after)
    address, source = desired.address(key), desired.origin(key)
    parent, own = integration.integration_id, integration.response_ids.get(key.code, "")
    match before, after:
        case None, WebSocketResponse():
            yield CreateWebSocketResponse(key, address, parent, "not live yet", source, own, after, change.fields)
        case WebSocketResponse(), None:
            reason = delete_reason(desired, key)
            yield DeleteWebSocketResponse(key, address, parent, reason, source, own, before, change.fields)
        case WebSocketResponse(), WebSocketResponse() if obstacles := _obstacles(change, after):
            reason = "deleted so that the next action can create it again"
            yield DeleteToReplace(key, address, parent, reason, source, own, before)
            why = f"replaced: an update cannot {obstacles}"
            yield CreateReplacement(key, address, parent, why, source, own, before, after, change.fields)
        case WebSocketResponse(), WebSocketResponse():
            reason, sent = update_reason(change), _sent(change, after)
            yield UpdateWebSocketResponse(key, address, parent, reason, source, own, before, after, change.fields, sent)
        case _:
            raise AssertionError(change)  # a change has a before or an after, of the API's own kind


def _websocket(response: object) -> WebSocketResponse | None:
    return response if isinstance(response, WebSocketResponse) else None


def _sent(change: ResponseChange, after: WebSocketResponse) -> dict[str, FieldValue]:
    """Return the fields that an update sends, those that differ; "" clears an expression."""
    differing = {field.path.partition(".")[0] for field in change.fields}
    return {name: value for name, value in after.fields().items() if name in differing}


def _obstacles(change: ResponseChange, after: WebSocketResponse) -> str:
    """Return what an update would have to do and cannot, as the end of a sentence; "" for nothing."""
    unset = [field.path for field in change.fields if field.after is None]
    sent_maps = {name: value for name, value in _sent(change, after).items() if isinstance(value, Mapping)}
    verbs = {
        "remove": [path for path in unset if "." in path],
        "store the empty": [path for path, text in values_by_path(sent_maps).items() if not text],
        "clear": [path for path in unset if path == "contentHandlingStrategy"],
    }
    return " or ".join(f"{verb} {_some(names)}" for verb, names in verbs.items() if names)


def _some(names: list[str]) -> str:
    more = len(names) - _MOST_NAMED
    return listed([*names[:_MOST_NAMED], f"{more} more"] if more > 0 else names)
