"""From breaches of rules to diagnostics: placed, silenced, graded, softened.

Promise: what is silenced, re-graded or softened is decided here alone, by the rule's own row.
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
"""Severities by rule id that differ from the table's."""

DEFAULT_SEVERITIES: Final[SeverityOverrides] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule broken by a response, at one of its fields, or by a method as a whole.

    `remedy` "" is the rule's own.
    """

    rule: LintRule
    subject: ResponseKey | Scope
    message: str
    path: str = ""
    remedy: str = ""


def diagnose(desired: Desired, breaches: Iterable[Violation], grades: SeverityOverrides) -> tuple[Diagnostic, ...]:
    """What is to be said of them, in the order of the files. Silenced ones and rules graded "off" are left out.

    Raises nothing for `grades` of rules that do not exist; those of rules that are not silenceable have no effect.
    """
    places = cache(partial(_place, desired))
    counts: Counter[Severity] = Counter()
    found: list[Diagnostic] = []
    for breach in breaches:
        severity = _severity(desired, breach, grades)
        if severity is None:
            continue
        counts[severity] += 1
        if counts[severity] <= MOST:
            location, address = places(breach.subject, breach.path)
            remedy = breach.remedy or breach.rule.remedy
            found.append(Diagnostic(severity, breach.rule, breach.message, remedy, location, address))
    return in_order((*found, *_unlisted(counts)))


def _unlisted(counts: Counter[Severity]) -> Iterator[Diagnostic]:
    for severity, count in counts.items():
        if count > MOST:
            message = f"{count - MOST:,} more lint {severity}s of one manifest are not listed"
            yield Diagnostic(severity, InputRule.TOO_MANY_PROBLEMS, message, "fix the listed ones first")


def _severity(desired: Desired, breach: Violation, grades: SeverityOverrides) -> Severity | None:
    """How bad a breach is; None where it is silenced."""
    rule = breach.rule
    if rule.silenceable and rule in _allowed(desired, breach):
        return None
    grade = grades.get(rule, rule.severity) if rule.silenceable else rule.severity
    return Severity(grade) if grade and grade != "off" else None


def _allowed(desired: Desired, breach: Violation) -> AbstractSet[str]:
    return desired.allowed.get(breach.subject, frozenset()) if isinstance(breach.subject, ResponseKey) else frozenset()


def _place(desired: Desired, subject: ResponseKey | Scope, path: str) -> tuple[Location | None, str]:
    match subject:
        case ResponseKey() as key:
            return desired.origin(key, path), desired.address(key)
        case scope:
            return desired.owns[scope].location, ""


def downgrade_unplanned(diagnostics: Iterable[Diagnostic], written: AbstractSet[str]) -> tuple[Diagnostic, ...]:
    """Errors for the addresses that a plan writes, warnings for those it leaves alone.

    So a legacy API can be taken over as it is, and mended bit by bit. What concerns no single response stays as it is,
    and so do the rules that are not `soft` or not of the table.
    """
    return tuple(found if _stays(found, written) else found.softened() for found in diagnostics)


def _stays(found: Diagnostic, written: AbstractSet[str]) -> bool:
    return not found.address or found.address in written or not found.rule.soft
