"""Give WebSocket routes and the integrations that they target one name on both sides.

Pure. An integration is named by its id and the first route key that lists it. Several routes may target one
integration if they declare the same for it; if they contradict each other, the first one counts. A route or integration
that the API lacks keeps its name.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias, TypeVar

from reconciler.diagnostics import Diagnostic, error
from reconciler.models.desired import Desired
from reconciler.models.keys import IntegrationKey, ResponseKey, Scope
from reconciler.models.live import LiveApi
from reconciler.models.views import listed_integrations, live_integrations
from reconciler.resolve.origins import RenamedOrigins
from reconciler.rules import InputRule

_T = TypeVar("_T")
_Names: TypeAlias = Mapping[Scope, IntegrationKey]


def unify_names(desired: Desired, live: LiveApi) -> tuple[Desired, LiveApi, tuple[Diagnostic, ...]]:
    """Return both sides with one name for each listed integration, and the contradictions between routes."""
    groups = _listed_by_id(desired, live)
    names: dict[Scope, IntegrationKey] = {
        scopes[0]: IntegrationKey(scopes[0].route, identifier) for identifier, scopes in groups.items()
    }
    repeated = {scope for scopes in groups.values() for scope in scopes[1:]}
    problems = tuple(_contradictions(desired, groups)) if repeated else ()
    return _renamed(desired, names, repeated), _renamed_live(live, names), problems


def use_live_names(desired: Desired, live: LiveApi) -> Desired:
    """Return the desired state under the names of `live`, so that two desired states can share a live one."""
    by_id = {scope.id: scope for scope in live.methods if isinstance(scope, IntegrationKey)}
    names: dict[Scope, IntegrationKey] = {
        scope: by_id[scope.id] for scope in listed_integrations(desired) if scope.id in by_id
    }
    return _renamed(desired, names, set())


def _listed_by_id(desired: Desired, live: LiveApi) -> dict[str, list[IntegrationKey]]:
    """Return the ids of the API's listed integrations, each with every scope that lists it."""
    existing = {integration.integration_id for integration in live_integrations(live).values()}
    by_id: dict[str, list[IntegrationKey]] = {}
    for scope in listed_integrations(desired):
        # A bound scope has an id too, but its route counts: the target may have changed
        identifier = live.routes.get(scope.route, "") if scope.route else scope.id
        if identifier in existing:
            by_id.setdefault(identifier, []).append(scope)
    return by_id


def _contradictions(desired: Desired, groups: Mapping[str, Sequence[IntegrationKey]]) -> Iterator[Diagnostic]:
    declared = _declarations(desired)
    for identifier, (first, *others) in groups.items():
        for second in others:
            if desired.owns[first].manifest != desired.owns[second].manifest:
                rule, reason = InputRule.DUPLICATE_METHOD, "which is in another manifest"
                remedy = "list an integration of an API in one manifest only"
            elif declared[first] != declared[second]:
                rule, reason = InputRule.CONTRADICTING_ROUTES, "with other responses"
                remedy = "declare the responses of an integration once, or identically"
            else:
                continue
            place = desired.owns[first].location
            message = f"integration {identifier} is listed here as `{second}` and at {place} as `{first}`, {reason}"
            yield error(rule, message, remedy, desired.owns[second].location)


def _declarations(desired: Desired) -> dict[Scope, object]:
    """Return everything that is declared for each scope, for comparing."""
    declared: dict[Scope, dict[str, object]] = {scope: {} for scope in desired.owns}
    for key, wanted in desired.responses.items():
        declared[key.scope][key.code] = (wanted, key in desired.protected, desired.owned.get(key))
    return {scope: (owner.prune, owner.own, declared[scope]) for scope, owner in desired.owns.items()}


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
        origins=RenamedOrigins(desired.origins, {after: before for before, after in names.items()}),
        owned=kept(desired.owned),
        from_sets=kept_keys(desired.from_sets),
        ignored=kept_keys(desired.ignored),
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
