"""Desired state beside what is live: the stage between reading and comparing.

Promise: `bind` and `carry` are pure, change nothing that is owned, and are idempotent: to bind what is bound gives the
same. `bind` gives both sides the same names (WebSocket routes become the integrations that they lead to), spares proxy
integrations what only sets want of them, and carries the live values of what `own` leaves to others. `carry` does that
for whatever else is to be left alone. What the API lacks stays as it is: checks and drift speak of it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from reconciler.diagnostics import Diagnostic
from reconciler.models.desired import ABSENT, Desired, Wanted
from reconciler.models.fields import carried, fits
from reconciler.models.keys import ResponseKey
from reconciler.models.live import LiveApi
from reconciler.models.responses import Response
from reconciler.models.views import listed_integrations
from reconciler.resolve.routes import named_alike, named_as


@dataclass(frozen=True, slots=True)
class Bound:
    """Both sides under the same names, and what contradicts itself now that the names are known."""

    desired: Desired
    live: LiveApi
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class IgnoredFields:
    """What is not compared of a response: the fields that fit these patterns, or all of it, its being there too.

    `is_selected`: the run was not narrowed to other responses.
    """

    fields: tuple[str, ...] = ()
    everything: bool = False
    is_selected: bool = True


NOTHING: Final = IgnoredFields()
EVERYTHING: Final = IgnoredFields(everything=True)
UNSELECTED: Final = IgnoredFields(everything=True, is_selected=False)


def bind(desired: Desired, live: LiveApi) -> Bound:
    """Desired state and what it is compared with."""
    named, same, problems = named_alike(desired, live) if listed_integrations(desired) else (desired, live, ())
    spared = _without(named, frozenset(_of_sets_on_proxies(named, same)))
    return Bound(_carried(spared, same, lambda key: _not_owned(spared, key)), same, problems)


def bind_beside(base: Desired, bound: Bound) -> Desired:
    """What another revision of the manifests wants, beside what `bound` wants and sees.

    It has the same names, and live values wherever `bound` leaves a field to others too.
    """
    named = bind(base, bound.live).desired
    alike = named_as(named, bound.live) if listed_integrations(named) else named
    return _carried(alike, bound.live, lambda key: _not_owned(bound.desired, key))


def carry(desired: Desired, live: LiveApi, leaves: Callable[[ResponseKey], IgnoredFields]) -> Desired:
    """What is wanted of an API, but with what is live wherever it is to be left alone.

    Fields get their live values. A response that is left as a whole is neither created, changed nor deleted. Both sides
    have to be bound.
    """
    of_methods = (
        ResponseKey(scope, code)
        for scope, method in live.methods.items()
        if scope in desired.owns
        for code in method.responses
    )
    left = frozenset(key for key in (*of_methods, *desired.responses) if leaves(key).everything)
    unselected = frozenset(key for key in left if not leaves(key).is_selected and _is_compared(desired, live, key))
    kept = replace(_without(desired, left), left=desired.left | left, unselected=desired.unselected | unselected)
    return _carried(kept, live, lambda key: _fitting(leaves(key).fields))


def _is_compared(desired: Desired, live: LiveApi, key: ResponseKey) -> bool:
    """Whether there is something to compare: a response that is wanted, or a live one that would be deleted."""
    if desired.responses.get(key, ABSENT) is not ABSENT:
        return True
    owner = desired.owns.get(key.scope)
    is_owned = key in desired.responses or (owner is not None and owner.prune and key not in desired.left)
    return is_owned and _live(live, key) is not None


def _fitting(patterns: tuple[str, ...]) -> Callable[[str], bool] | None:
    return (lambda path: fits(patterns, path)) if patterns else None


def _not_owned(desired: Desired, key: ResponseKey) -> Callable[[str], bool] | None:
    own = desired.owned.get(key)
    return None if own is None else lambda path: not fits(own, path)


def _carried(desired: Desired, live: LiveApi, leaves: Callable[[ResponseKey], Callable[[str], bool] | None]) -> Desired:
    """With the live values of the fields that a response's predicate names; None stands for no field."""
    changed: dict[ResponseKey, Wanted] = {}
    for key, wanted in desired.responses.items():
        left, found = leaves(key), _live(live, key)
        if left and found and wanted is not ABSENT:
            changed[key] = carried(wanted, found, left)
    return replace(desired, responses={**desired.responses, **changed}) if changed else desired


def _live(live: LiveApi, key: ResponseKey) -> Response | None:
    method = live.methods.get(key.scope)
    return method.responses.get(key.code) if method else None


def _of_sets_on_proxies(desired: Desired, live: LiveApi) -> Iterable[ResponseKey]:
    return (key for key in desired.from_sets if (method := live.methods.get(key.scope)) and method.is_proxy)


def _without(desired: Desired, keys: frozenset[ResponseKey]) -> Desired:
    """What is wanted without these responses."""
    if keys.isdisjoint(desired.responses):
        return desired
    return replace(
        desired,
        responses={key: wanted for key, wanted in desired.responses.items() if key not in keys},
        protected=desired.protected - keys,
        allowed={key: allowed for key, allowed in desired.allowed.items() if key not in keys},
        owned={key: own for key, own in desired.owned.items() if key not in keys},
        from_sets=desired.from_sets - keys,
    )
