"""Give the methods and integrations of an API the same keys in all environments.

A REST method has its path and verb. An integration of a WebSocket API has an id that differs everywhere, so that it is
listed by a route that leads to it: by the one with which most environments have it. Where no route does, integrations
are paired if every environment has as many of them with the same responses; a variable then has their ids. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reconciler.engine.export.unify import Pattern, ValueSlot
from reconciler.models.keys import IntegrationKey, MethodKey, Scope
from reconciler.models.live import LiveIntegration, LiveScope
from reconciler.yamlio.scalars import is_writable_key


@dataclass(slots=True)
class Aligned:
    """The methods of each environment by common keys. `ids`: the ids of paired integrations, as patterns."""

    methods: dict[str, dict[Scope, LiveScope]]
    ids: dict[Scope, Pattern] = field(default_factory=dict)


def align(methods: Mapping[str, Mapping[Scope, LiveScope]], *, pairs: bool = True) -> Aligned:
    """Align the methods of each environment; `pairs`: integrations without a route may be paired."""
    aligned = Aligned({name: {} for name in methods})
    waiting: dict[str, list[LiveIntegration]] = {name: [] for name in methods}
    for name, of_environment in methods.items():
        for scope, method in of_environment.items():
            if isinstance(scope, MethodKey):
                aligned.methods[name][scope] = method
            elif isinstance(method, LiveIntegration):
                waiting[name].append(method)
    _by_route(waiting, aligned)
    _by_id(waiting, aligned, pairs=pairs)
    return aligned


def _by_route(waiting: Mapping[str, list[LiveIntegration]], aligned: Aligned) -> None:
    counts: dict[str, int] = {}
    for integrations in waiting.values():
        for route in {route for each in integrations for route in each.routes if is_writable_key(route)}:
            counts[route] = counts.get(route, 0) + 1
    for route in sorted(counts, key=lambda route: (-counts[route], route)):
        for name, integrations in waiting.items():
            found = next((each for each in integrations if route in each.routes), None)
            if found:
                aligned.methods[name][IntegrationKey(route)] = found
                integrations.remove(found)


def _by_id(waiting: Mapping[str, Sequence[LiveIntegration]], aligned: Aligned, *, pairs: bool) -> None:
    columns = [sorted(each, key=_content) for each in waiting.values()]
    is_paired = pairs and len(columns) > 1 and len({tuple(map(_content, column)) for column in columns}) == 1
    if is_paired:
        for number, row in enumerate(zip(*columns, strict=True)):
            ids = dict(zip(waiting, (each.integration_id for each in row), strict=True))
            key = IntegrationKey("", f"integration {number}")
            aligned.ids[key] = (ValueSlot(tuple(ids.items()), "integrationId: "),)
            for name, integration in zip(waiting, row, strict=True):
                aligned.methods[name][key] = integration
        return
    for name, integrations in waiting.items():
        for integration in integrations:
            aligned.methods[name][IntegrationKey("", integration.integration_id)] = integration


def _content(integration: LiveIntegration) -> str:
    return repr([(code, response.document()) for code, response in sorted(integration.responses.items())])
