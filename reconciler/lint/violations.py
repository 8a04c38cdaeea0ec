"""Turn violations of lint rules into diagnostics: located, silenced, graded, downgraded.

Nothing else silences, regrades or downgrades a lint rule; the rule's row in the registry says what is allowed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache, partial
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from reconciler.diagnostics import MOST, Diagnostic, Location, in_order
from reconciler.models.desired import Desired
from reconciler.models.keys import ResponseKey, Scope
from reconciler.rules import InputRule, LintRule, Severity

Grade: TypeAlias = Literal["off", "warning", "error"]
SeverityOverrides: TypeAlias = Mapping[str, Grade]
"""Severities by rule id that override the defaults."""

DEFAULT_SEVERITIES: Final[SeverityOverrides] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule broken by a response, at one of its fields (`path`), or by a method as a whole.

    `remedy` "" stands for the rule's own. `inside` is a line and column of the text at `path`, counted from 1.
    `reads` are parts of the backend's answer, as in `templates.findings`.
    """

    rule: LintRule
    subject: ResponseKey | Scope
    message: str
    path: str = ""
    remedy: str = ""
    inside: tuple[int, int] | None = None
    reads: tuple[tuple[str | None, ...], ...] = ()


def diagnose(desired: Desired, violations: Iterable[Violation], grades: SeverityOverrides) -> tuple[Diagnostic, ...]:
    """Return the diagnostics in file order, without silenced violations and rules graded "off".

    `grades` of unknown rules and of rules that cannot be silenced have no effect.
    """
    places = cache(partial(_place, desired))
    counts: Counter[Severity] = Counter()
    diagnostics: list[Diagnostic] = []
    for violation in violations:
        severity = _severity(desired, violation, grades)
        if severity is None:
            continue
        counts[severity] += 1
        if counts[severity] <= MOST:
            location, address = places(violation.subject, violation.path, violation.inside)
            remedy = violation.remedy or violation.rule.remedy
            diagnostics.append(Diagnostic(severity, violation.rule, violation.message, remedy, location, address))
    return in_order((*diagnostics, *_unlisted(counts)))


def _unlisted(counts: Counter[Severity]) -> Iterator[Diagnostic]:
    for severity, count in counts.items():
        if count > MOST:
            message = f"{count - MOST:,} more lint {severity}s of one manifest are not listed"
            yield Diagnostic(severity, InputRule.TOO_MANY_PROBLEMS, message, "fix the listed ones first")


def _severity(desired: Desired, violation: Violation, grades: SeverityOverrides) -> Severity | None:
    """Return the severity of a violation, None if it is silenced."""
    rule = violation.rule
    if rule.silenceable and rule in _allowed(desired, violation):
        return None
    grade = grades.get(rule, rule.severity) if rule.silenceable else rule.severity
    return Severity(grade) if grade and grade != "off" else None


def _allowed(desired: Desired, violation: Violation) -> AbstractSet[str]:
    return (
        desired.allowed.get(violation.subject, frozenset())
        if isinstance(violation.subject, ResponseKey)
        else frozenset()
    )


def _place(
    desired: Desired, subject: ResponseKey | Scope, path: str, inside: tuple[int, int] | None
) -> tuple[Location | None, str]:
    match subject:
        case ResponseKey() as key:
            location = desired.place_inside(key, path, *inside) if inside else desired.origin(key, path)
            return location, desired.address(key)
        case scope:
            return desired.owns[scope].location, ""


def downgrade_unplanned(diagnostics: Iterable[Diagnostic], written: AbstractSet[str]) -> tuple[Diagnostic, ...]:
    """Turn errors about responses that the plan does not write into warnings.

    So a legacy API can be adopted as it is, and fixed step by step. Diagnostics without an address and rules that are
    not `soft` keep their severity.
    """
    return tuple(
        diagnostic if _keeps_severity(diagnostic, written) else diagnostic.softened() for diagnostic in diagnostics
    )


def _keeps_severity(diagnostic: Diagnostic, written: AbstractSet[str]) -> bool:
    is_planned = not diagnostic.address or not written.isdisjoint((diagnostic.address, *diagnostic.also))
    return is_planned or not diagnostic.rule.soft
