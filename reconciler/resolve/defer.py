"""What is wanted of methods that do not exist yet, set aside for later.

Promise: pure. `defer` takes out of the desired state all that concerns methods (REST) and integrations (WebSocket)
which the API lacks, or which have no integration to respond for; what is left can be planned as if nobody had listed
them.
Both sides have to be bound. What is set aside is in the order of its keys.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace

from reconciler.models.deferred import Deferred
from reconciler.models.desired import ABSENT, Desired
from reconciler.models.keys import IntegrationKey, MethodKey, ResponseKey, Scope
from reconciler.models.live import LiveApi, LiveMethod


def missing(desired: Desired, live: LiveApi) -> frozenset[Scope]:
    """The listed methods to which nothing can be written."""
    return frozenset(scope for scope in desired.owns if _lacks(live, scope))


def defer(desired: Desired, live: LiveApi) -> tuple[Desired, tuple[Deferred, ...]]:
    """What can be planned now, and what waits for its method."""
    scopes = missing(desired, live)
    if not scopes:
        return desired, ()
    return without(desired, scopes), tuple(_deferred(desired, live, scopes))


def without(desired: Desired, scopes: Collection[Scope]) -> Desired:
    """The desired state as if these methods were not listed."""

    def stays(key: ResponseKey) -> bool:
        return key.scope not in scopes

    return replace(
        desired,
        owns={scope: owner for scope, owner in desired.owns.items() if scope not in scopes},
        responses={key: wanted for key, wanted in desired.responses.items() if stays(key)},
        protected=frozenset(filter(stays, desired.protected)),
        allowed={key: allowed for key, allowed in desired.allowed.items() if stays(key)},
        owned={key: own for key, own in desired.owned.items() if stays(key)},
        from_sets=frozenset(filter(stays, desired.from_sets)),
        left=frozenset(filter(stays, desired.left)),
    )


def _deferred(desired: Desired, live: LiveApi, scopes: Collection[Scope]) -> Iterator[Deferred]:
    target = live.target
    site = f"{target.environment}, {target.region}" if target.environment else ""
    for key, wanted in sorted(desired.responses.items(), key=lambda item: item[0]):
        if key.scope in scopes and wanted is not ABSENT:
            manifest = desired.owns[key.scope].manifest
            yield Deferred(key, manifest, wanted, _lacks(live, key.scope), desired.origin(key), site)


def _lacks(live: LiveApi, scope: Scope) -> str:
    """What the API lacks, in words; "" when it lacks nothing."""
    found = live.methods.get(scope)
    match scope:
        case MethodKey() if scope.path not in live.paths:
            return f"the API has no path {scope.path} yet"
        case MethodKey() if found is None:
            return f"{scope.path} has no method {scope.method} yet"
        case MethodKey() if isinstance(found, LiveMethod) and found.integration_type is None:
            return f"{scope} has no integration yet"
        case IntegrationKey() if found is None:
            return f"the API has no {f'route {scope} with an integration' if scope.route else scope} yet"
        case _:
            return ""
