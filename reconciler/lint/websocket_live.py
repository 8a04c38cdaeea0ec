"""What is desired of a WebSocket API beside what is live.

Promise: as `live`. A response key is matched against the error message of a Lambda function and the status code of an
HTTP or mock backend (Developer Guide, "Set up WebSocket API integration responses"); of other AWS services that is not
documented, so nothing is said there. Nor is it documented whether the whole text has to match: what is called never
selected is so either way.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from reconciler.lint import rules
from reconciler.lint.overlaps import MOST_EVALUATED, counted_others, overlaps, too_many
from reconciler.lint.patterns import looks_for_status
from reconciler.lint.violations import Violation
from reconciler.lint.websocket_offline import CATCH_ALL, regex_of
from reconciler.mapping.expressions import shown
from reconciler.mapping.patterns import Pattern, read_pattern, statuses
from reconciler.models.desired import ABSENT, Desired
from reconciler.models.keys import IntegrationKey, ResponseKey, Scope
from reconciler.models.live import LiveApi, LiveIntegration
from reconciler.models.views import listed_integrations, live_integrations, websocket_responses
from reconciler.quoting import key as quoted_key
from reconciler.step_budget import BudgetExceeded, StepBudget
from reconciler.wording import did_you_mean

_Patterns: TypeAlias = list[tuple[ResponseKey, Pattern]]

_CONNECT: Final = "$connect"
"""What its response does to the handshake is not documented, so it is not called useless."""

_MOST_SUGGESTIONS: Final = 20


def websocket_checks(desired: Desired, live: LiveApi) -> Iterator[Violation]:
    """Of every integration that is listed."""
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
        yield from _one_way(scope, integration)
        if integration.is_lambda:
            yield from _on_lambda(_patterns(keys))
        elif integration.integration_type in {"HTTP", "MOCK"}:
            yield from _on_status(_patterns(keys), evaluated)


def _wanted(desired: Desired) -> Mapping[Scope, list[ResponseKey]]:
    found: defaultdict[Scope, list[ResponseKey]] = defaultdict(list)
    for key, _ in websocket_responses(desired):
        found[key.scope].append(key)
    return found


def _patterns(keys: list[ResponseKey]) -> _Patterns:
    """The keys that can be evaluated, without the defaults; the linter speaks of the others."""
    read = ((key, read_pattern(pattern)) for key in keys if (pattern := regex_of(key)) is not None)
    return [(key, pattern) for key, pattern in read if isinstance(pattern, Pattern)]


def _unknown(desired: Desired, live: LiveApi) -> Iterator[Violation]:
    ids = {integration.integration_id for integration in live_integrations(live).values()}
    # Of a route that leads somewhere and is not bound to it, `resolve.bind` has spoken.
    unknown = [
        scope
        for scope in listed_integrations(desired)
        if scope not in live.methods and live.routes.get(scope.route) not in ids
    ]
    # Looking for the nearest takes its time; where very many are unknown, the API is the wrong one.
    for number, scope in enumerate(unknown):
        if scope.route:
            known = live.routes if number < _MOST_SUGGESTIONS else ()
            remedy = did_you_mean(scope.route, known, "", quoted_key)
            message = f"{live.target} has no route {shown(scope.route)} with an integration"
            yield Violation(rules.UNKNOWN_ROUTE, scope, message, remedy=remedy)
        else:
            yield Violation(rules.UNKNOWN_INTEGRATION, scope, f"{live.target} has no {scope}")


def _on_proxy(scope: IntegrationKey, integration: LiveIntegration) -> Violation:
    message = f"{scope} can have no responses: {integration.integration_type} passes every answer on as it is"
    return Violation(rules.PROXY_INTEGRATION, scope, message)


def _missing_default(desired: Desired, scope: IntegrationKey, integration: LiveIntegration) -> Iterator[Violation]:
    key, owner = ResponseKey(scope, CATCH_ALL), desired.owns[scope]
    is_left = key in desired.ignored or not owner.prune or owner.own is not None
    if key not in desired.responses:
        is_there = is_left and CATCH_ALL in integration.responses
    else:
        is_there = desired.responses[key] is not ABSENT
    if not is_there:
        yield Violation(rules.MISSING_DEFAULT, scope, f"{scope} has no {CATCH_ALL} response")


def _one_way(scope: IntegrationKey, integration: LiveIntegration) -> Iterator[Violation]:
    routes = integration.routes
    if routes and not integration.two_way_routes and _CONNECT not in routes:
        others = "" if routes == (scope.route,) else f" (routes: {', '.join(map(shown, routes))})"
        yield Violation(rules.ONE_WAY_ROUTE, scope, f"the responses of {scope} reach no client{others}")


def _on_lambda(patterns: _Patterns) -> Iterator[Violation]:
    for key, pattern in patterns:
        if looks_for_status(pattern):
            message = (
                f"response key {shown(key.code)} looks for a status, and Lambda integrations have none: "
                "it is matched against the error message"
            )
            remedy = r"match the message, as in `'/.*\[NotFound\].*/'`"
            yield Violation(rules.STATUS_ON_LAMBDA, key, message, remedy=remedy)


def _on_status(patterns: _Patterns, evaluated: StepBudget) -> Iterator[Violation]:
    try:
        evaluated.spend(len(patterns))
    except BudgetExceeded:
        if patterns:
            yield Violation(rules.UNVERIFIED_PATTERN, patterns[0][0], too_many(len(patterns)))
        return
    for key, pattern in patterns:
        if _never_found(pattern):
            message = f"response key {shown(key.code)} matches no status from 100 to 599, so it is never selected"
            remedy = r"match three digits, as in `/404/` or `'/5\d{2}/'`"
            yield Violation(rules.NEVER_SELECTED, key, message, remedy=remedy)
    for overlap in overlaps([(key.code, statuses(pattern)) for key, pattern in patterns]):
        (first, _), (second, _) = patterns[overlap.first], patterns[overlap.second]
        message = (
            f"the keys {shown(first.code)} and {shown(second.code)} both match status {overlap.status}; "
            f"which is selected is not documented{counted_others(overlap)}"
        )
        yield Violation(rules.OVERLAPPING_PATTERNS, second, message)


def _never_found(pattern: Pattern) -> bool:
    """Whether no status has it, as a whole or in part."""
    if statuses(pattern):
        return False
    anywhere = read_pattern(f"(?s).*(?:{pattern.text}).*")
    return isinstance(anywhere, Pattern) and not statuses(anywhere)
