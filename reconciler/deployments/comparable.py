"""Reduce a draft and a stage to what can be compared, and report the rest.

`comparable` returns the two sides of a method as far as an export shows them; `not_compared_in_methods` names what was
left out, and why. So a gap in an export is never reported as a difference, and never ignored silently. Pure.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from reconciler.members import CACHE_NAMESPACE
from reconciler.models.definitions import Definitions
from reconciler.models.keys import MethodKey, Scope
from reconciler.models.live import LiveApi, LiveMethod
from reconciler.models.responses import FieldValue, MethodResponse
from reconciler.models.views import live_methods
from reconciler.normal import exported_pattern, method_as_exported

_NAMED: Final = 3
_VALIDATOR: Final = "requestValidator"
_SEVERAL: Final = ", "  # between the names of several models


@dataclass(frozen=True, slots=True)
class Uncompared:
    """A part of a draft or a stage that cannot be compared; `scope` is None if it is not about one method."""

    what: str
    why: str
    scope: Scope | None = None

    def __str__(self) -> str:
        return f"{self.what}: {self.why}"


def colliding(method: LiveMethod | None) -> tuple[str, ...]:
    """Return the statuses that an export would write under the same key, so that all but one are lost."""
    if method is None:
        return ()
    codes = [code for code, response in method.responses.items() if not exported_pattern(response)]
    return tuple(codes) if len(codes) > 1 else ()


def incomparable(draft: LiveApi) -> frozenset[Scope]:
    """Return the methods of a draft whose responses cannot be compared with those of a stage."""
    return frozenset(scope for scope, method in live_methods(draft).items() if colliding(method))


def comparable(
    served: LiveMethod | None, draft: LiveMethod | None, definitions: Definitions | None
) -> tuple[LiveMethod | None, LiveMethod | None]:
    """Return both sides of a method as an export shows them; `definitions` are the draft's, None if not read."""
    old, new = served and method_as_exported(served), draft and method_as_exported(draft)
    if served and draft and old and new:
        old = _without_own_cache(old, draft)
        old, new = _with_foreign(old, served, draft), _with_foreign(new, draft, served)
        old, new = _of_known_models(old, new), _of_known_models(new, old)
        if definitions and (named := _validators(served, draft, definitions)):
            old, new = _with_validator(old, named[0]), _with_validator(new, named[1])
    if colliding(draft) or colliding(served):
        old, new = old and replace(old, responses={}), new and replace(new, responses={})
    return old, new


def _without_own_cache(served: LiveMethod, draft: LiveMethod) -> LiveMethod:
    """Remove the default cache namespace, the id of the resource, which a read leaves out."""
    if served.settings.get(CACHE_NAMESPACE) != draft.resource_id:
        return served
    return replace(
        served, settings={name: setting for name, setting in served.settings.items() if name != CACHE_NAMESPACE}
    )


def _with_foreign(method: LiveMethod, whole: LiveMethod, other: LiveMethod) -> LiveMethod:
    """Add the members that are unknown here and that both sides have."""
    both = {name: text for name, text in whole.foreign.items() if name in other.foreign}
    of_integration = {_plain(name): text for name, text in both.items() if name.startswith("integration.")}
    of_method = {_plain(name): text for name, text in both.items() if not name.startswith("integration.")}
    return replace(method, settings={**method.settings, **of_integration}, request={**method.request, **of_method})


def _plain(name: str) -> str:
    return name.partition(".")[2]


def _of_known_models(method: LiveMethod, other: LiveMethod) -> LiveMethod:
    declared = {
        code: replace(response, models="") if _is_ambiguous(response, other.method_responses.get(code)) else response
        for code, response in method.method_responses.items()
    }
    return replace(method, method_responses=declared)


def _is_ambiguous(response: MethodResponse, other: MethodResponse | None) -> bool:
    """Whether the models differ and one side has several: it is not recorded whether an export names each."""
    return other is not None and response.models != other.models and _SEVERAL in f"{response.models}{other.models}"


def _validators(served: LiveMethod, draft: LiveMethod, definitions: Definitions) -> tuple[str, str] | None:
    """Return the names of both validators, None if that of the draft has no unique name."""
    name = definitions.validator_names.get(draft.validator, "") if draft.validator else ""
    is_named = not draft.validator or (name and name not in definitions.doubtful)
    return (served.validator, name) if is_named and served.validator not in definitions.doubtful else None


def _with_validator(method: LiveMethod, name: str) -> LiveMethod:
    request: Mapping[str, FieldValue] = {**method.request, **({_VALIDATOR: name} if name else {})}
    return replace(method, request=request)


def not_compared_in_methods(served: LiveApi, draft: LiveApi) -> Iterator[Uncompared]:
    """Yield what `comparable` left out, method by method; unknown members once each, with their methods."""
    before, after = live_methods(served), live_methods(draft)
    one_sided: dict[tuple[str, str], list[MethodKey]] = {}
    for scope in sorted({*before, *after}):
        old, new = before.get(scope), after.get(scope)
        yield from _collisions(scope, old, new)
        if old and new:
            yield from _unclear(scope, old, new, draft.definitions)
            for name in sorted(old.foreign.keys() ^ new.foreign.keys()):
                one_sided.setdefault((name, "draft" if name in new.foreign else "stage"), []).append(scope)
    for (name, side), scopes in one_sided.items():
        why = f"only the {side} shows it ({_some(scopes)}), and reconciler does not know its default"
        yield Uncompared(name, why)


def _collisions(scope: MethodKey, served: LiveMethod | None, draft: LiveMethod | None) -> Iterator[Uncompared]:
    codes = colliding(draft) or colliding(served)
    if codes:
        why = f"AWS exports the pattern `default` and the default response under one key ({_joined(codes)})"
        yield Uncompared(f"{scope} responses", why, scope)


def _unclear(
    scope: MethodKey, served: LiveMethod, draft: LiveMethod, definitions: Definitions | None
) -> Iterator[Uncompared]:
    for code, response in draft.method_responses.items():
        other = served.method_responses.get(code)
        if _is_ambiguous(response, other):
            yield Uncompared(f"{scope} {code} models", "an export may omit some of several models", scope)
    if definitions and (served.validator or draft.validator) and _validators(served, draft, definitions) is None:
        yield Uncompared(f"{scope} request validator", "it has no name, or shares it with another one", scope)


def _some(scopes: Collection[MethodKey]) -> str:
    named = ", ".join(str(scope) for scope in list(scopes)[:_NAMED])
    more = len(scopes) - _NAMED
    return named + (f" and {more:,} more" if more > 0 else "")


def _joined(codes: Collection[str]) -> str:
    return " and ".join(codes)
