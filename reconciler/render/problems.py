"""Diagnostics, refusals and waivers, one line each."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from reconciler.diagnostics import Diagnostic
from reconciler.render.style import Style, printable

if TYPE_CHECKING:
    from reconciler.guard import Refusal


def diagnostic_lines(diagnostics: Iterable[Diagnostic], style: Style) -> Iterator[str]:
    """One line a problem, as compilers write them."""
    for one in diagnostics:
        place = f"{one.location}: " if one.location else f"{one.address}: " if one.address else ""
        severity = style.paint(f"{one.severity}:", "error" if one.is_error else "warning")
        remedy = f"; {one.remedy}" if one.remedy else ""
        yield f"{printable(place)}{severity} {printable(one.message)} [{one.rule}]{printable(remedy)}"


def refusal_lines(refusals: "Iterable[Refusal]", waivers: "Iterable[Refusal]", style: Style) -> Iterator[str]:
    """What the guard has against the plan, and what was waived."""
    for one in refusals:
        where = f"{one.target}: " if one.target else ""
        yield f"{style.paint('refused:', 'error')} {printable(where + one.message)} [{one.rule}]; {one.remedy}"
    for one in waivers:
        where = f"{one.target}: " if one.target else ""
        by = one.rule.waived_by
        yield f"{style.paint('waived:', 'warning')} {printable(where + one.message)} [{one.rule}], by {by}"
