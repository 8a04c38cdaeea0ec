"""From breaches of rules to diagnostics: placed, silenced, graded, softened.

Promise: what is silenced, re-graded or softened is decided here alone, by the rule's own row.
"""

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache, partial
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from reconciler.diagnostics import Diagnostic, Location, Severity, in_order
from reconciler.lint.rules import RULES, Rule
from reconciler.models.desired import Desired
from reconciler.models.keys import ResponseKey, Scope

Grade: TypeAlias = Literal["off", "warning", "error"]
Grades: TypeAlias = Mapping[str, Grade]
"""Severities by rule id that differ from the table's."""

_Places: TypeAlias = Callable[[ResponseKey | Scope, str], tuple[Location | None, str]]
"""Where a subject, or one of its fields, stands, and its address."""

AS_IN_THE_TABLE: Final[Grades] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule broken by a response, at one of its fields, or by a method as a whole.

    `remedy` "" is the rule's own.
    """

    rule: Rule
    subject: ResponseKey | Scope
    message: str
    path: str = ""
    remedy: str = ""


def diagnose(desired: Desired, breaches: Iterable[Breach], grades: Grades) -> tuple[Diagnostic, ...]:
    """What is to be said of them, in the order of the files. Silenced ones and rules graded "off" are left out.

    Raises nothing for `grades` of rules that do not exist; those of rules that are not silenceable have no effect.
    """
    places = cache(partial(_place, desired))
    return in_order(found for breach in breaches if (found := _diagnostic(desired, breach, grades, places)))


def _diagnostic(desired: Desired, breach: Breach, grades: Grades, places: _Places) -> Diagnostic | None:
    rule = breach.rule
    severity = rule.severity
    if rule.silenceable:
        grade = grades.get(rule.id, severity.value)
        if grade == "off" or rule.id in _allowed(desired, breach):
            return None
        severity = Severity(grade)
    location, address = places(breach.subject, breach.path)
    return Diagnostic(severity, rule.id, breach.message, breach.remedy or rule.remedy, location, address)


def _allowed(desired: Desired, breach: Breach) -> AbstractSet[str]:
    return desired.allowed.get(breach.subject, frozenset()) if isinstance(breach.subject, ResponseKey) else frozenset()


def _place(desired: Desired, subject: ResponseKey | Scope, path: str) -> tuple[Location | None, str]:
    match subject:
        case ResponseKey() as key:
            return desired.origin(key, path), desired.address(key)
        case scope:
            return desired.owns[scope].location, ""


def settle(diagnostics: Iterable[Diagnostic], written: AbstractSet[str]) -> tuple[Diagnostic, ...]:
    """Errors for the addresses that a plan writes, warnings for those it leaves alone.

    So a legacy API can be taken over as it is, and mended bit by bit. What concerns no single response stays as it is,
    and so do the rules that are not `soft` or not of the table.
    """
    return tuple(found if _stays(found, written) else found.softened() for found in diagnostics)


def _stays(found: Diagnostic, written: AbstractSet[str]) -> bool:
    rule = RULES.get(found.rule)
    return not found.address or found.address in written or rule is None or not rule.soft
