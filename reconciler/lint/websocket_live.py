"""Check the desired state of a WebSocket API against the live API.

As `live`. A response key is matched against the error message of a Lambda function and the status code of an HTTP or
mock backend (Developer Guide, "Set up WebSocket API integration responses"). For other AWS services that is not
documented, so they are not checked. Nor is it documented whether the whole text has to match: a key is reported as
never selected only if it is not selected either way.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from reconciler.lint.patterns import MOST_EVALUATED, looks_for_status, too_many
from reconciler.lint.violations import Violation
from reconciler.lint.websocket_offline import CATCH_ALL, regex_of
from reconciler.mapping.expressions import shown
from reconciler.mapping.patterns import Pattern, read_pattern, statuses
from reconciler.models.desired import ABSENT, Desired
from reconciler.models.keys import IntegrationKey, ResponseKey, Scope
from reconciler.models.live import LiveApi, LiveIntegration
from reconciler.models.views import listed_integrations, live_integrations, websocket_responses
from reconciler.quoting import key as quoted_key
from reconciler.rules import LintRule
from reconciler.step_budget import BudgetExceeded, StepBudget
from reconciler.wording import did_you_mean

_Patterns: TypeAlias = list[tuple[ResponseKey, Pattern]]

_CONNECT: Final = "$connect"
"""The effect of its response on the handshake is not documented, so it is not reported as useless."""

_MOST_SUGGESTIONS: Final = 20


def websocket_checks(desired: Desired, live: LiveApi) -> Iterator[Violation]:
    """Yield the violations of every listed integration."""
    yield from _unknown(desired, live)
    integrations, wanted = live_integrations(live), _wanted(desired)
    evaluated = StepBudget(MOST_EVALUATED)
    for scope in listed_integrations(desired):
        integration, keys = integrations.get(scope), wanted.get(scope)
        if integration is None or not keys:
            continue
        if integration.is_proxy:
            yield _on_proxy(scope, integration)
            continue
        yield from _missing_default(desired, scope, integration)
        yield from _one_way(desired, scope, integration)
        if integration.is_lambda:
            yield from _on_lambda(_patterns(keys))
        elif integration.integration_type in {"HTTP", "MOCK"}:
            yield from _on_status(_patterns(keys), evaluated)


def _wanted(desired: Desired) -> Mapping[Scope, list[ResponseKey]]:
    keys: defaultdict[Scope, list[ResponseKey]] = defaultdict(list)
    for key, _ in websocket_responses(desired):
        keys[key.scope].append(key)
    return keys


def _patterns(keys: list[ResponseKey]) -> _Patterns:
    """Return the keys that can be evaluated, without defaults; `lint` reports the others."""
    read = ((key, read_pattern(pattern)) for key in keys if (pattern := regex_of(key)) is not None)
    return [(key, pattern) for key, pattern in read if isinstance(pattern, Pattern)]


def _unknown(desired: Desired, live: LiveApi) -> Iterator[Violation]:
    ids = {integration.integration_id for integration in live_integrations(live).values()}
    # `resolve.bind` has reported routes that have an integration but are not bound to it
    unknown = [
        scope
        for scope in listed_integrations(desired)
        if scope not in live.methods and live.routes.get(scope.route) not in ids
    ]
    # Close matches are slow to find; if very many routes are unknown, it is the wrong API
    for number, scope in enumerate(unknown):
        if scope.route:
            known = live.routes if number < _MOST_SUGGESTIONS else ()
            remedy = did_you_mean(scope.route, known, "", quoted_key)
            message = f"{live.target} has no route {shown(scope.route)} with an integration"
            yield Violation(LintRule.UNKNOWN_ROUTE, scope, message, remedy=remedy)
        else:
            yield Violation(LintRule.UNKNOWN_INTEGRATION, scope, f"{live.target} has no {scope}")


def _on_proxy(scope: IntegrationKey, integration: LiveIntegration) -> Violation:
    message = f"{scope} cannot have responses: {integration.integration_type} returns the backend's answer unchanged"
    return Violation(LintRule.PROXY_INTEGRATION, scope, message)


def _missing_default(desired: Desired, scope: IntegrationKey, integration: LiveIntegration) -> Iterator[Violation]:
    key, owner = ResponseKey(scope, CATCH_ALL), desired.owns[scope]
    is_left = key in desired.ignored or not owner.prune or owner.own is not None
    if key not in desired.responses:
        is_there = is_left and CATCH_ALL in integration.responses
    else:
        is_there = desired.responses[key] is not ABSENT
    if not is_there:
        yield Violation(LintRule.MISSING_DEFAULT, scope, f"{scope} has no {CATCH_ALL} response")


def _one_way(desired: Desired, scope: IntegrationKey, integration: LiveIntegration) -> Iterator[Violation]:
    """Check what was read; under `routeResponses: ensure`, the planner makes the listed routes two-way."""
    if desired.owns[scope].route_responses == "ensure" and integration.read_routes:
        return
    routes = integration.routes
    if routes and not integration.two_way_routes and _CONNECT not in routes:
        others = "" if routes == (scope.route,) else f" (routes: {', '.join(map(shown, routes))})"
        yield Violation(LintRule.ONE_WAY_ROUTE, scope, f"clients never get the responses of {scope}{others}")


def _on_lambda(patterns: _Patterns) -> Iterator[Violation]:
    for key, pattern in patterns:
        if looks_for_status(pattern):
            message = (
                f"response key {shown(key.code)} looks for a status code, but Lambda integrations match it "
                "against the error message"
            )
            remedy = r"match the message, as in `'/.*\[NotFound\].*/'`"
            yield Violation(LintRule.STATUS_ON_LAMBDA, key, message, remedy=remedy)


def _on_status(patterns: _Patterns, evaluated: StepBudget) -> Iterator[Violation]:
    try:
        evaluated.spend(len(patterns))
    except BudgetExceeded:
        if patterns:
            yield Violation(LintRule.UNVERIFIED_PATTERN, patterns[0][0], too_many(len(patterns)))
        return
    for key, pattern in patterns:
        if _never_found(pattern):
            message = f"response key {shown(key.code)} matches no status code from 100 to 599, so it is never selected"
            remedy = r"match three digits, as in `/404/` or `'/5\d{2}/'`"
            yield Violation(LintRule.NEVER_SELECTED, key, message, remedy=remedy)


def _never_found(pattern: Pattern) -> bool:
    """Whether no status code matches it, as a whole or in part."""
    if statuses(pattern):
        return False
    anywhere = read_pattern(f"(?s).*(?:{pattern.text}).*")
    return isinstance(anywhere, Pattern) and not statuses(anywhere)
