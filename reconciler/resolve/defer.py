"""Set aside the responses of methods that do not exist yet.

Pure. `defer` removes from the desired state everything about methods (REST) and integrations (WebSocket) that the API
lacks, or that have no integration to respond for. The rest can be planned as if nobody had listed them. Both sides have
to be bound. Deferred responses are in the order of their keys.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace

from reconciler.models.deferred import Deferred
from reconciler.models.desired import ABSENT, Desired
from reconciler.models.keys import IntegrationKey, MethodKey, ResponseKey, Scope
from reconciler.models.live import LiveApi, LiveMethod


def missing_scopes(desired: Desired, live: LiveApi) -> frozenset[Scope]:
    """Return the listed methods to which nothing can be written yet."""
    return frozenset(scope for scope in desired.owns if _obstacle(scope, live))


def defer(desired: Desired, live: LiveApi) -> tuple[Desired, tuple[Deferred, ...]]:
    """Return what can be planned now, and the responses that wait for their method."""
    scopes = missing_scopes(desired, live)
    if not scopes:
        return desired, ()
    return without_scopes(desired, scopes), tuple(_deferred(desired, live, scopes))


def without_scopes(desired: Desired, scopes: Collection[Scope]) -> Desired:
    """Return the desired state as if these methods were not listed."""

    def is_kept(key: ResponseKey) -> bool:
        return key.scope not in scopes

    return replace(
        desired,
        owns={scope: owner for scope, owner in desired.owns.items() if scope not in scopes},
        responses={key: wanted for key, wanted in desired.responses.items() if is_kept(key)},
        protected=frozenset(filter(is_kept, desired.protected)),
        allowed={key: allowed for key, allowed in desired.allowed.items() if is_kept(key)},
        owned={key: own for key, own in desired.owned.items() if is_kept(key)},
        from_sets=frozenset(filter(is_kept, desired.from_sets)),
        ignored=frozenset(filter(is_kept, desired.ignored)),
    )


def _deferred(desired: Desired, live: LiveApi, scopes: Collection[Scope]) -> Iterator[Deferred]:
    target = live.target
    site = f"{target.environment}, {target.region}" if target.environment else ""
    for key, wanted in sorted(desired.responses.items(), key=lambda item: item[0]):
        if key.scope in scopes and wanted is not ABSENT:
            manifest = desired.owns[key.scope].manifest
            yield Deferred(key, manifest, wanted, _obstacle(key.scope, live), desired.origin(key), site)


def _obstacle(scope: Scope, live: LiveApi) -> str:
    """Return what the API lacks for a method, in words; "" for nothing."""
    method = live.methods.get(scope)
    match scope:
        case MethodKey() if scope.path not in live.paths:
            return f"the API has no path {scope.path} yet"
        case MethodKey() if method is None:
            return f"{scope.path} has no method {scope.method} yet"
        case MethodKey() if isinstance(method, LiveMethod) and method.integration_type is None:
            return f"{scope} has no integration yet"
        case IntegrationKey() if method is None:
            return f"the API has no {f'route {scope} with an integration' if scope.route else scope} yet"
        case _:
            return ""
