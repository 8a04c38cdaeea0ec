"""Check the desired state against the live API: what AWS would refuse, and what it would accept but never work.

`check` works on one reading of the API and makes no calls. A missing path, method or integration is reported once, not
once per response. Nothing is reported where the planner acts: under `methodResponses: ensure`, missing declarations
become steps.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Final, TypeAlias, assert_never

from reconciler.diagnostics import Diagnostic
from reconciler.lint.handling import unwritable_handlings
from reconciler.lint.patterns import MOST_EVALUATED, looks_for_status, too_many
from reconciler.lint.replaced_integrations import replacement_violations
from reconciler.lint.violations import DEFAULT_SEVERITIES, SeverityOverrides, Violation, diagnose
from reconciler.lint.websocket_live import websocket_checks
from reconciler.mapping.expressions import shown
from reconciler.mapping.patterns import Pattern, read_pattern, statuses
from reconciler.models.desired import ABSENT, Desired
from reconciler.models.keys import MethodKey, ResponseKey, Scope
from reconciler.models.live import LiveApi, LiveMethod
from reconciler.models.needs import MethodResponseNeed, missing_method_responses
from reconciler.models.targets import Kind
from reconciler.models.views import listed_methods, live_methods, rest_responses
from reconciler.normal import HEADER_PREFIX
from reconciler.quoting import key as quoted_key
from reconciler.rules import LintRule
from reconciler.step_budget import BudgetExceeded, StepBudget
from reconciler.suggest import limited_suggestions
from reconciler.wording import did_you_mean

_Patterns: TypeAlias = list[tuple[ResponseKey, Pattern]]

_MOST_SUGGESTIONS: Final = 20


def check(desired: Desired, live: LiveApi, grades: SeverityOverrides = DEFAULT_SEVERITIES) -> tuple[Diagnostic, ...]:
    """Return every violation by the desired state, given the live API, in file order."""
    match live.target.kind:
        case Kind.REST_API:
            of_kind = _rest_checks(desired, live)
        case Kind.WEBSOCKET_API:
            of_kind = websocket_checks(desired, live)
        case _:
            assert_never(live.target.kind)
    of_both = chain(unwritable_handlings(desired, live), replacement_violations(desired, live))
    with limited_suggestions():
        return diagnose(desired, chain(of_kind, of_both), grades)


def _rest_checks(desired: Desired, live: LiveApi) -> Iterator[Violation]:
    yield from _unknown_paths(desired, live)
    yield from _unknown_methods(desired, live)
    methods = live_methods(live)
    patterns, evaluated = _patterns(desired), StepBudget(MOST_EVALUATED)
    for scope in listed_methods(desired):
        method = methods.get(scope)
        if method is None or method.is_proxy:
            continue
        if method.integration_type is None:
            yield Violation(LintRule.NO_INTEGRATION, scope, f"{scope} has no integration")
        elif method.is_lambda:
            yield from _on_lambda(patterns.get(scope, []))
        elif _by_status(method):
            yield from _on_status(patterns.get(scope, []), evaluated)
    yield from _ignored(desired, live)
    for need in missing_method_responses(desired, live):
        yield from _undeclared(desired, need, methods[need.scope])


def _unknown_paths(desired: Desired, live: LiveApi) -> Iterator[Violation]:
    unknown = sorted({scope.path for scope in listed_methods(desired)} - live.paths)
    # Close matches are slow to find; if very many paths are unknown, it is the wrong API
    known = sorted(live.paths)
    remedies = {path: did_you_mean(path, known, "", quoted_key) for path in unknown[:_MOST_SUGGESTIONS]}
    for scope in listed_methods(desired):
        if scope.path in live.paths:
            continue
        message = f"{scope}: {live.target} has no resource at that path"
        yield Violation(LintRule.UNKNOWN_PATH, scope, message, remedy=remedies.get(scope.path, ""))


def _unknown_methods(desired: Desired, live: LiveApi) -> Iterator[Violation]:
    unknown = [scope for scope in listed_methods(desired) if scope.path in live.paths and scope not in live.methods]
    if not unknown:
        return
    verbs: defaultdict[str, list[str]] = defaultdict(list)
    for scope in live_methods(live):
        verbs[scope.path].append(scope.method)
    for scope in unknown:
        yield _unknown_method(scope, sorted(verbs[scope.path]))


def _unknown_method(scope: MethodKey, verbs: list[str]) -> Violation:
    message = (
        f"{scope.path} has no method {scope.method}, only {', '.join(verbs)}"
        if verbs
        else f"{scope.path} has no methods"
    )
    if "ANY" not in verbs:
        return Violation(LintRule.UNKNOWN_METHOD, scope, message)
    message += f"; {scope.method} does not fall back to ANY"
    return Violation(LintRule.UNKNOWN_METHOD, scope, message, remedy="list the responses under ANY")


def _patterns(desired: Desired) -> Mapping[Scope, _Patterns]:
    """Return the patterns that can be evaluated, without defaults; `lint` reports the others."""
    patterns: defaultdict[Scope, _Patterns] = defaultdict(list)
    for key, wanted in rest_responses(desired):
        if not wanted.selection_pattern:
            continue
        pattern = read_pattern(wanted.selection_pattern)
        if isinstance(pattern, Pattern):
            patterns[key.scope].append((key, pattern))
    return patterns


def _by_status(method: LiveMethod) -> bool:
    """Whether patterns are matched against a status: HTTP, MOCK, and AWS services other than Lambda."""
    return method.integration_type in {"HTTP", "MOCK"} or bool(method.integration_uri)


def _on_lambda(patterns: _Patterns) -> Iterator[Violation]:
    for key, pattern in patterns:
        if looks_for_status(pattern):
            message = (
                f"selection pattern {shown(pattern.text)} looks for a status code, but Lambda integrations match it "
                "against the error message"
            )
            yield Violation(LintRule.STATUS_ON_LAMBDA, key, message, "selectionPattern")
        elif pattern.matches(""):
            message = f"selection pattern {shown(pattern.text)} also matches successful results of the Lambda function"
            yield Violation(LintRule.SWALLOWS_SUCCESS, key, message, "selectionPattern")


def _on_status(patterns: _Patterns, evaluated: StepBudget) -> Iterator[Violation]:
    try:
        evaluated.spend(len(patterns))
    except BudgetExceeded:
        if patterns:
            yield Violation(LintRule.UNVERIFIED_PATTERN, patterns[0][0], too_many(len(patterns)), "selectionPattern")
        return
    for key, pattern in patterns:
        if not statuses(pattern):
            name = f"selection pattern {shown(pattern.text)}"
            message = f"{name} matches no status code from 100 to 599, so it is never selected"
            yield Violation(LintRule.NEVER_SELECTED, key, message, "selectionPattern")


def _ignored(desired: Desired, live: LiveApi) -> Iterator[Violation]:
    for key, wanted in desired.responses.items():
        method = live.methods.get(key.scope)
        if wanted is not ABSENT and method is not None and method.is_proxy:
            message = f"{key} has no effect: {method.integration_type} integrations ignore integration responses"
            yield Violation(LintRule.IGNORED_BY_PROXY, key, message)


def _undeclared(desired: Desired, need: MethodResponseNeed, method: LiveMethod) -> Iterator[Violation]:
    key = need.key
    if desired.owns[key.scope].method_responses == "ensure" or method.integration_type is None:
        return
    headers = [name.removeprefix(HEADER_PREFIX) for name in need.parameters if name.startswith(HEADER_PREFIX)]
    if not need.exists:
        with_headers = f" (headers {', '.join(headers)})" if headers else ""
        message = f"method response {key.code} does not exist{with_headers}: clients would get a 500"
        yield Violation(LintRule.MISSING_METHOD_RESPONSE, key, message)
        return
    declared = {name.removeprefix(HEADER_PREFIX).lower(): name for name in method.method_responses[key.code].parameters}
    for header in headers:
        message = f"method response {key.code} does not declare header {header}"
        other = declared.get(header.lower())
        if other:
            message += f", only {other.removeprefix(HEADER_PREFIX)}: header names are case-sensitive here"
        yield Violation(LintRule.UNDECLARED_HEADER, key, message, f"responseParameters.{HEADER_PREFIX}{header}")
