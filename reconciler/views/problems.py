"""Diagnostics, refusals and waivers, one line each."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from reconciler.diagnostics import Diagnostic, Location
from reconciler.quoting import span
from reconciler.render.style import Style, counted, printable
from reconciler.rules import Severity

if TYPE_CHECKING:
    from reconciler.guard import Refusal


_MOST: Final = 100
"""Errors that a text shows, and as many warnings: nobody works through more at once."""


def diagnostic_lines(diagnostics: Iterable[Diagnostic], style: Style) -> Iterator[str]:
    """One line a problem, as compilers write them.

    A text shows the first of each severity and the number of the others, unless it is to be full.
    """
    shown: Counter[Severity] = Counter()
    for diagnostic in diagnostics:
        shown[diagnostic.severity] += 1
        if shown[diagnostic.severity] <= _MOST or style.full or style.marked:
            yield _line(diagnostic, style)
    if not (style.full or style.marked):
        yield from _left_out(shown, style)


def _left_out(found: Counter[Severity], style: Style) -> Iterator[str]:
    more = [counted(found[one] - _MOST, f"more {one}") for one in Severity if found[one] > _MOST]
    if more:
        yield style.paint(f"... and {' and '.join(more)} (-v shows all)", "faint")


def _line(one: Diagnostic, style: Style) -> str:
    place = f"{_location(one.location, style)}: " if one.location else f"{one.address}: " if one.address else ""
    severity = style.paint(f"{one.severity}:", "error" if one.is_error else "warning")
    remedy = f"; {one.remedy}" if one.remedy else ""
    return f"{printable(place)}{severity} {printable(one.message)} [{one.rule}]{printable(remedy)}"


def _location(location: Location, style: Style) -> str:
    """As one piece of code where there is code: a path may hold blanks, quotes and back-ticks."""
    text = str(location)
    return span(text) if style.marked and text.isprintable() else text


def refusal_lines(refusals: "Iterable[Refusal]", waivers: "Iterable[Refusal]", style: Style) -> Iterator[str]:
    """What the guard has against the plan, and what was waived."""
    for refusal in refusals:
        where = f"{refusal.target}: " if refusal.target else ""
        lead = style.paint("refused:", "error")
        yield f"{lead} {printable(where + refusal.message)} [{refusal.rule}]; {refusal.remedy}"
    for waiver in waivers:
        where = f"{waiver.target}: " if waiver.target else ""
        by = waiver.rule.waived_by
        yield f"{style.paint('waived:', 'warning')} {printable(where + waiver.message)} [{waiver.rule}], by {by}"
