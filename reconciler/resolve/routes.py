"""WebSocket routes -> the integrations that they lead to.

Promise: an integration goes by its id and the first route key by which it is listed, on both sides. Several routes may
lead to one integration, if all say the same of it; where they do not, the first one stands. A route or integration that
the API lacks keeps its name. Pure.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias, TypeVar

from reconciler.diagnostics import Diagnostic, error
from reconciler.models.desired import Desired
from reconciler.models.keys import IntegrationKey, ResponseKey, Scope
from reconciler.models.live import LiveApi
from reconciler.models.views import listed_integrations, live_integrations
from reconciler.resolve.origins import Renamed
from reconciler.rules import InputRule

_T = TypeVar("_T")
_Names: TypeAlias = Mapping[Scope, IntegrationKey]


def named_alike(desired: Desired, live: LiveApi) -> tuple[Desired, LiveApi, tuple[Diagnostic, ...]]:
    """Both sides with one name for each listed integration, and which routes contradict each other."""
    groups = _listed_by_id(desired, live)
    names: dict[Scope, IntegrationKey] = {
        scopes[0]: IntegrationKey(scopes[0].route, identifier) for identifier, scopes in groups.items()
    }
    again = {scope for scopes in groups.values() for scope in scopes[1:]}
    problems = tuple(_contradictions(desired, groups)) if again else ()
    return _renamed(desired, names, again), _renamed_live(live, names), problems


def named_as(desired: Desired, live: LiveApi) -> Desired:
    """What is wanted under the names that `live` has, for two desired states beside the same live one."""
    by_id = {scope.id: scope for scope in live.methods if isinstance(scope, IntegrationKey)}
    names: dict[Scope, IntegrationKey] = {
        scope: by_id[scope.id] for scope in listed_integrations(desired) if scope.id in by_id
    }
    return _renamed(desired, names, set())


def _listed_by_id(desired: Desired, live: LiveApi) -> dict[str, list[IntegrationKey]]:
    """The integrations of the API that are listed, each with all that lists it."""
    there = {integration.integration_id for integration in live_integrations(live).values()}
    found: dict[str, list[IntegrationKey]] = {}
    for scope in listed_integrations(desired):
        # A bound scope has an id too; the route counts, because it may lead elsewhere by now
        identifier = live.routes.get(scope.route, "") if scope.route else scope.id
        if identifier in there:
            found.setdefault(identifier, []).append(scope)
    return found


def _contradictions(desired: Desired, groups: Mapping[str, Sequence[IntegrationKey]]) -> Iterator[Diagnostic]:
    said = _said(desired)
    for identifier, (first, *others) in groups.items():
        for second in others:
            if desired.owns[first].manifest != desired.owns[second].manifest:
                rule, why = InputRule.DUPLICATE_METHOD, "which is another manifest"
                remedy = "list an integration of an API in one manifest only"
            elif said[first] != said[second]:
                rule, why = InputRule.CONTRADICTING_ROUTES, "where something else is said of it"
                remedy = "declare the responses of an integration once, or alike"
            else:
                continue
            place = desired.owns[first].location
            message = f"integration {identifier} is listed here as `{second}` and at {place} as `{first}`, {why}"
            yield error(rule, message, remedy, desired.owns[second].location)


def _said(desired: Desired) -> dict[Scope, object]:
    """What is said of each scope, for comparing."""
    said: dict[Scope, dict[str, object]] = {scope: {} for scope in desired.owns}
    for key, wanted in desired.responses.items():
        said[key.scope][key.code] = (wanted, key in desired.protected, desired.owned.get(key))
    return {scope: (owner.prune, owner.own, said[scope]) for scope, owner in desired.owns.items()}


def _renamed(desired: Desired, names: _Names, dropped: set[IntegrationKey]) -> Desired:
    if not dropped and all(before == after for before, after in names.items()):
        return desired

    def kept(table: Mapping[ResponseKey, _T]) -> dict[ResponseKey, _T]:
        return {_name(key, names): value for key, value in table.items() if key.scope not in dropped}

    def kept_keys(keys: frozenset[ResponseKey]) -> frozenset[ResponseKey]:
        return frozenset(kept(dict.fromkeys(keys)))

    return replace(
        desired,
        owns={names.get(scope, scope): owner for scope, owner in desired.owns.items() if scope not in dropped},
        responses=kept(desired.responses),
        protected=kept_keys(desired.protected),
        allowed=kept(desired.allowed),
        origins=Renamed(desired.origins, {after: before for before, after in names.items()}),
        owned=kept(desired.owned),
        from_sets=kept_keys(desired.from_sets),
        left=kept_keys(desired.left),
        unselected=kept_keys(desired.unselected),
    )


def _name(key: ResponseKey, names: _Names) -> ResponseKey:
    name = names.get(key.scope)
    return ResponseKey(name, key.code) if name else key


def _renamed_live(live: LiveApi, names: _Names) -> LiveApi:
    by_id = {name.id: name for name in names.values()}
    methods = {
        by_id.get(scope.id, scope) if isinstance(scope, IntegrationKey) else scope: method
        for scope, method in live.methods.items()
    }
    return replace(live, methods=methods)
