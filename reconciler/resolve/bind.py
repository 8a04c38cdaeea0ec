"""Bind desired state to live state: the step between reading and comparing.

`bind` gives both sides the same names (WebSocket routes become the integrations that they target), drops what only sets
want of proxy integrations, and takes the live values of fields that `own` leaves to others. `carry_live_values` does
the latter for whatever else is ignored. Both are pure and idempotent, and change nothing that is owned. What the API
lacks stays in the desired state: lint and drift report it.
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
from reconciler.resolve.routes import unify_names, use_live_names


@dataclass(frozen=True, slots=True)
class Bound:
    """Both sides under the same names, and the contradictions that these names reveal."""

    desired: Desired
    live: LiveApi
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class IgnoredFields:
    """What is not compared of a response: the fields that match these patterns, or the whole response.

    `is_selected` False: `--only` does not select the response.
    """

    fields: tuple[str, ...] = ()
    whole_response: bool = False
    is_selected: bool = True


IGNORE_NOTHING: Final = IgnoredFields()
IGNORE_RESPONSE: Final = IgnoredFields(whole_response=True)
NOT_SELECTED: Final = IgnoredFields(whole_response=True, is_selected=False)


def bind(desired: Desired, live: LiveApi) -> Bound:
    """Return desired and live state under the same names."""
    named, same, problems = unify_names(desired, live) if listed_integrations(desired) else (desired, live, ())
    without_proxies = _without(named, frozenset(_from_sets_on_proxies(named, same)))
    return Bound(_carried(without_proxies, same, lambda key: _not_owned(without_proxies, key)), same, problems)


def bind_base(base: Desired, bound: Bound) -> Desired:
    """Bind the desired state of another revision to the live state of `bound`.

    It gets the same names, and live values also where `bound` leaves a field to others.
    """
    named = bind(base, bound.live).desired
    same = use_live_names(named, bound.live) if listed_integrations(named) else named
    return _carried(same, bound.live, lambda key: _not_owned(bound.desired, key))


def carry_live_values(desired: Desired, live: LiveApi, ignored: Callable[[ResponseKey], IgnoredFields]) -> Desired:
    """Return the desired state with live values wherever differences are ignored; both sides have to be bound.

    Ignored fields get their live values. A response that is ignored as a whole is not created, changed or deleted.
    """
    live_keys = (
        ResponseKey(scope, code)
        for scope, method in live.methods.items()
        if scope in desired.owns
        for code in method.responses
    )
    whole = frozenset(key for key in (*live_keys, *desired.responses) if ignored(key).whole_response)
    unselected = frozenset(key for key in whole if not ignored(key).is_selected and _is_compared(desired, live, key))
    kept = replace(
        _without(desired, whole), ignored=desired.ignored | whole, unselected=desired.unselected | unselected
    )
    return _carried(kept, live, lambda key: _matching(ignored(key).fields))


def _is_compared(desired: Desired, live: LiveApi, key: ResponseKey) -> bool:
    """Return whether a response is desired, or is live and would be deleted."""
    if desired.responses.get(key, ABSENT) is not ABSENT:
        return True
    owner = desired.owns.get(key.scope)
    is_owned = key in desired.responses or (owner is not None and owner.prune and key not in desired.ignored)
    return is_owned and _live(live, key) is not None


def _matching(patterns: tuple[str, ...]) -> Callable[[str], bool] | None:
    return (lambda path: fits(patterns, path)) if patterns else None


def _not_owned(desired: Desired, key: ResponseKey) -> Callable[[str], bool] | None:
    own = desired.owned.get(key)
    return None if own is None else lambda path: not fits(own, path)


def _carried(
    desired: Desired, live: LiveApi, is_live: Callable[[ResponseKey], Callable[[str], bool] | None]
) -> Desired:
    """Return the desired state with live values for the fields that `is_live` selects; None selects no field."""
    changed: dict[ResponseKey, Wanted] = {}
    for key, wanted in desired.responses.items():
        selects, response = is_live(key), _live(live, key)
        if selects and response and wanted is not ABSENT:
            changed[key] = carried(wanted, response, selects)
    return replace(desired, responses={**desired.responses, **changed}) if changed else desired


def _live(live: LiveApi, key: ResponseKey) -> Response | None:
    method = live.methods.get(key.scope)
    return method.responses.get(key.code) if method else None


def _from_sets_on_proxies(desired: Desired, live: LiveApi) -> Iterable[ResponseKey]:
    return (key for key in desired.from_sets if (method := live.methods.get(key.scope)) and method.is_proxy)


def _without(desired: Desired, keys: frozenset[ResponseKey]) -> Desired:
    """Return the desired state without these responses."""
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
