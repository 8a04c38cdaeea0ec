"""Problems as values: severity, rule, message, remedy and place.

Diagnostics are collected, sorted and rendered; nothing here prints or decides an exit code. Every diagnostic has a
registered rule, which users can look up, and says what to do.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from reconciler.rules import InputRule, Rule, Severity, require_rule


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file; line and column count from 1, 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem: what is wrong (`message`), what to do (`remedy`), and where.

    `address` names the response that it concerns, if any: problems of responses that a plan does not write become
    warnings. `also` names the other responses that it concerns, if they share the place, such as a response set or a
    template file. Raises TypeError for a rule that is not registered.
    """

    severity: Severity
    rule: Rule
    message: str
    remedy: str = ""
    location: Location | None = None
    address: str = ""
    also: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        require_rule(self.rule)

    def __str__(self) -> str:
        place = f"{self.location}: " if self.location else ""
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{place}{self.severity}: {self.message} [{self.rule}]{remedy}"

    @property
    def is_error(self) -> bool:
        """Whether the problem stops the command."""
        return self.severity is Severity.ERROR

    def softened(self) -> "Diagnostic":
        """Return the same problem as a warning."""
        return replace(self, severity=Severity.WARNING)


def error(rule: Rule, message: str, remedy: str = "", at: Location | None = None, address: str = "") -> Diagnostic:
    """Make a diagnostic that stops the command."""
    return Diagnostic(Severity.ERROR, rule, message, remedy, at, address)


def warning(rule: Rule, message: str, remedy: str = "", at: Location | None = None, address: str = "") -> Diagnostic:
    """Make a diagnostic that is shown and stops nothing."""
    return Diagnostic(Severity.WARNING, rule, message, remedy, at, address)


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sort by file, line and column; the same problem at the same place of several responses becomes one."""
    unplaced = Location("")
    groups: dict[tuple[object, ...], list[Diagnostic]] = {}
    for each in diagnostics:
        subject = "" if each.location else each.address
        groups.setdefault((each.severity, each.rule, each.message, each.remedy, each.location, subject), []).append(
            each
        )
    return tuple(
        sorted(
            map(_merged, groups.values()),
            key=lambda diagnostic: (
                diagnostic.location or unplaced,
                diagnostic.severity,
                diagnostic.rule,
                diagnostic.message,
            ),
        )
    )


def _merged(same: Sequence[Diagnostic]) -> Diagnostic:
    """Join diagnostics that differ in their responses only; if one is about no response in particular, so are all."""
    first, *others = same
    if not others:
        return first
    if not all(each.address for each in same):
        return replace(first, address="", also=())
    address, *also = dict.fromkeys(address for each in same for address in (each.address, *each.also))
    return replace(first, address=address, also=tuple(also))


MOST: Final = 20_000
"""How many diagnostics of one run are listed, in every format."""


def limited(diagnostics: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Keep the first `MOST`, errors before warnings; an extra one at the start counts those left out."""
    if len(diagnostics) <= MOST:
        return tuple(diagnostics)
    errors = [diagnostic for diagnostic in diagnostics if diagnostic.is_error][:MOST]
    warnings = [diagnostic for diagnostic in diagnostics if not diagnostic.is_error][: MOST - len(errors)]
    return in_order((_left_out(len(diagnostics) - MOST, is_error=bool(errors)), *errors, *warnings))


def _left_out(count: int, *, is_error: bool) -> Diagnostic:
    message = f"{count:,} more problems are not listed"
    remedy = "fix the listed ones first, then run the same command again"
    return (error if is_error else warning)(InputRule.TOO_MANY_PROBLEMS, message, remedy)


def any_error(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of the problems stops the command."""
    return any(diagnostic.is_error for diagnostic in diagnostics)
