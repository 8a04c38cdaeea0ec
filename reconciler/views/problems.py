"""Diagnostics, refusals and waivers: one line, one remark and one test case for each."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

from reconciler.diagnostics import Diagnostic, Location
from reconciler.invocation import command_line
from reconciler.quoting import span
from reconciler.render.grouping import FEWEST, repeated
from reconciler.render.remarks import Level, Remark
from reconciler.render.sections import WarningGroup
from reconciler.render.style import Style, plural, printable
from reconciler.rules import Severity

if TYPE_CHECKING:
    from reconciler.guard import Refusal
    from reconciler.plan import Plan
    from reconciler.render.junit import Case, Suite

ALL_READ: Final = "all manifests can be read"
"""The case of a run that found no error in its manifests."""

_MOST: Final = 100
"""How many errors, and how many warnings, a text shows: nobody works through more at once."""
_MOST_PLACES: Final = 3
"""How many places the line of several warnings names."""

_MOST_EXPLAINED: Final = 3
"""How many rules the command that explains them names."""

_PLAIN: Final = Style()


def diagnostic_lines(diagnostics: Iterable[Diagnostic], style: Style) -> Iterator[str]:
    """Yield one line for each problem, in the form that compilers use.

    Unless the style is full, only the first problems of each severity are shown and the others counted.
    """
    shown: Counter[Severity] = Counter()
    for diagnostic in diagnostics:
        shown[diagnostic.severity] += 1
        if shown[diagnostic.severity] <= _MOST or style.full or style.marked:
            yield _line(diagnostic, style)
    if not (style.full or style.marked):
        yield from _omitted(shown, style)


def _omitted(counts: Counter[Severity], style: Style) -> Iterator[str]:
    more = [plural(counts[severity] - _MOST, f"more {severity}") for severity in Severity if counts[severity] > _MOST]
    if more:
        yield style.paint(f"... and {' and '.join(more)} (-v shows all)", "faint")


def error_lines(diagnostics: Iterable[Diagnostic], style: Style) -> tuple[str, ...]:
    """Return the lines of the errors."""
    return tuple(diagnostic_lines((problem for problem in diagnostics if problem.is_error), style))


def warning_groups(diagnostics: Iterable[Diagnostic], style: Style) -> tuple[WarningGroup, ...]:
    """Return the warnings by rule, in the order of the first of each."""
    by_rule: dict[str, list[Diagnostic]] = {}
    for problem in diagnostics:
        if not problem.is_error:
            by_rule.setdefault(problem.rule, []).append(problem)
    return tuple(_warning_group(members, style) for members in by_rule.values())


def _warning_group(members: Sequence[Diagnostic], style: Style) -> WarningGroup:
    first, *others = members
    if not others:
        return WarningGroup(_line(first, style))
    label = style.paint(f"{plural(len(members), 'warning')}:", "warning")
    if any((other.message, other.remedy) != (first.message, first.remedy) for other in others):
        what = first.rule.meaning.rstrip(".")
        return WarningGroup(f"{label} {what} [{first.rule}]", tuple(_line(each, style) for each in members))
    places = list(dict.fromkeys(filter(None, (_place(member, style) for member in members))))
    more = len(places) - _MOST_PLACES
    named = ", ".join(map(printable, places[:_MOST_PLACES])) + (f" and {more:,} more" if more > 0 else "")
    head = f"{label} {printable(first.message)} [{first.rule}]{f': {named}' if named else ''}"
    return WarningGroup(head, tuple(_line(each, style) for each in members))


def _place(diagnostic: Diagnostic, style: Style) -> str:
    return _location(diagnostic.location, style) if diagnostic.location else diagnostic.address


def _line(diagnostic: Diagnostic, style: Style) -> str:
    prefix = _place(diagnostic, style)
    label = f"{prefix}: " if prefix else ""
    severity = style.paint(f"{diagnostic.severity}:", "error" if diagnostic.is_error else "warning")
    remedy = f"; {diagnostic.remedy}" if diagnostic.remedy else ""
    return f"{printable(label)}{severity} {printable(diagnostic.message)} [{diagnostic.rule}]{printable(remedy)}"


def _location(location: Location, style: Style) -> str:
    """One piece of code in formats that have code: a path may contain spaces, quotes and backticks."""
    text = str(location)
    return span(text) if style.marked and text.isprintable() else text


def refusal_lines(refusals: "Iterable[Refusal]", waivers: "Iterable[Refusal]", style: Style) -> Iterator[str]:
    """Yield the guard's refusals of a plan, and the refusals that were waived.

    Unless the style is full, a rule that refuses many APIs has one line, with the numbers of the first.
    """
    for text, refusal in _by_rule(refusals, style):
        yield f"{style.paint('refused:', 'error')} {text} [{refusal.rule}]; {refusal.remedy}"
    for text, waiver in _by_rule(waivers, style):
        yield f"{style.paint('waived:', 'warning')} {text} [{waiver.rule}], by {waiver.rule.waived_by}"


def _by_rule(refusals: "Iterable[Refusal]", style: Style) -> "Iterator[tuple[str, Refusal]]":
    """Yield what was refused, with a refusal that has its rule and remedy."""
    for group in repeated(((refusal.rule, refusal.remedy), refusal) for refusal in refusals):
        first, *others = group.places
        text = _subject(first) + first.message
        if style.full or len(group.places) < FEWEST:
            yield from ((printable(_subject(each) + each.message), each) for each in group.places)
        else:
            hint = "" if style.marked else " (-v shows each)"
            yield f"{printable(text)}; and {len(others):,} more APIs{hint}", first


def _subject(refusal: "Refusal") -> str:
    return f"{refusal.target}: " if refusal.target else ""


def explain_lines(problems: "Iterable[Diagnostic | Refusal]", style: Style) -> Iterator[str]:
    """Yield the command that explains the rules of these problems, or those of the first few; only on a terminal."""
    rules = list(dict.fromkeys(str(problem.rule) for problem in problems))[:_MOST_EXPLAINED]
    if rules and style.hints and not style.quiet:
        yield style.paint(f"For details: {command_line('explain', *rules)}", "faint")


def diagnostic_remarks(diagnostics: Iterable[Diagnostic]) -> Iterator[Remark]:
    """Yield a remark for each diagnostic, under the diagnostic's own rule."""
    for diagnostic in diagnostics:
        level: Level = "error" if diagnostic.is_error else "warning"
        # A message may quote values, but it names no line
        yield Remark(
            level,
            diagnostic.rule,
            _responses(diagnostic) + diagnostic.message,
            diagnostic.remedy,
            diagnostic.location,
            diagnostic.address or diagnostic.message,
        )


def _responses(diagnostic: Diagnostic) -> str:
    if not diagnostic.address or diagnostic.address in diagnostic.message:
        return ""
    others = f" and {plural(len(diagnostic.also), 'more response')}" if diagnostic.also else ""
    return f"{diagnostic.address}{others}: "


def refusal_remarks(refusals: "Iterable[Refusal]", plan: "Plan") -> Iterator[Remark]:
    """Yield a remark for each refusal, at the manifest of the API that it is about."""
    for refusal in refusals:
        targets = (target for target in plan.targets if refusal.target.endswith(str(target.target)))
        location = next((target.desired.manifests[0].location for target in targets), None)
        message = _subject(refusal) + refusal.message
        yield Remark("error", refusal.rule, message, refusal.remedy, location, refusal.target)


def manifest_suite(diagnostics: Sequence[Diagnostic], valid: str = ALL_READ) -> "Suite":
    """Return a case for each file that has problems, and for each problem that belongs to no file.

    Without errors there is also a case called `valid` that passes, so that the report is not empty.
    """
    from reconciler.render.junit import Case, Suite  # noqa: PLC0415 - only JUnit needs it

    cases = [] if any(diagnostic.is_error for diagnostic in diagnostics) else [Case(valid)]
    ordered = sorted(diagnostics, key=_file_or_subject)
    cases += (_file_case(name, list(problems)) for name, problems in groupby(ordered, key=_file_or_subject))
    return Suite("manifests", cases)


def _file_or_subject(diagnostic: Diagnostic) -> str:
    return diagnostic.location.file if diagnostic.location else diagnostic.address or diagnostic.rule


def _file_case(name: str, diagnostics: Sequence[Diagnostic]) -> "Case":
    from reconciler.render.junit import Case  # noqa: PLC0415 - only JUnit needs it

    errors = [diagnostic for diagnostic in diagnostics if diagnostic.is_error]
    first = (errors or diagnostics)[0]
    return Case(
        name,
        "failed" if errors else "passed",
        first.message if len(errors) <= 1 else f"{first.message} (and {len(errors) - 1:,} more)",
        first.rule,
        list(diagnostic_lines(diagnostics, _PLAIN)),
        first.location,
    )


def guard_suite(refusals: "Iterable[Refusal]", waivers: "Iterable[Refusal]") -> "Suite":
    """Return a case for each guard rule that refuses the plan, or would refuse it without --force."""
    from reconciler.render.junit import Case, Suite  # noqa: PLC0415 - only JUnit needs it

    refused = [
        Case(_rule(refusal), "failed", refusal.message, refusal.rule, (refusal.message, refusal.remedy))
        for refusal in refusals
    ]
    waived = [
        Case(_rule(waiver), details=(f"{waiver.message}; waived by {waiver.rule.waived_by}",)) for waiver in waivers
    ]
    return Suite("guard", [*refused, *waived])


def _rule(refusal: "Refusal") -> str:
    return f"{refusal.rule}: {refusal.target}" if refusal.target else str(refusal.rule)
