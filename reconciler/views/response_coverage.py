"""Responses and branches of templates that no test reaches, as lines."""

from collections.abc import Iterator, Sequence
from typing import Final

from reconciler.diagnostics import Location
from reconciler.engine.response_tests.coverage import Coverage, UntakenBranch
from reconciler.render.sections import Group, ReportEntry, Section
from reconciler.render.style import Style, file_line, plural, printable

_MOST: Final = 5
"""How many uncovered responses, and branches, a text shows."""


def coverage_sections(coverage: Coverage, style: Style) -> Iterator[Section]:
    """Yield what the tests do not reach, if there is anything."""
    if not (coverage.unselected or coverage.untaken):
        return
    responses = [_response_entry(response.address, response.location, style) for response in coverage.unselected]
    branches = [_branch_entry(untaken, style) for untaken in coverage.untaken]
    groups = (
        Group("Responses that no test selects", _cut(responses, style)),
        Group("Branches of templates that no test takes", _cut(branches, style)),
    )
    title = f"{style.paint('Coverage', 'strong')}: {_coverage_counts(coverage)}"
    yield Section(title, tuple(group for group in groups if group.entries))


def _coverage_counts(coverage: Coverage) -> str:
    selected = coverage.responses - len(coverage.unselected)
    taken = coverage.branches - len(coverage.untaken)
    branches = f", {taken:,} of {plural(coverage.branches, 'branch', 'branches')}" if coverage.branches else ""
    return f"{selected:,} of {plural(coverage.responses, 'response')}{branches}"


def _response_entry(address: str, location: Location | None, style: Style) -> ReportEntry:
    place = f"  {style.paint(file_line(location), 'faint')}" if location else ""
    return ReportEntry(f"{printable(address)}{place}", (), "not selected")


def _branch_entry(untaken: UntakenBranch, style: Style) -> ReportEntry:
    branch = untaken.branch
    never = _NEVER.get((branch.directive, branch.taken), "never taken")
    place = untaken.location or f"line {branch.line} of {untaken.template}"
    text = f"{place}: {branch.directive} {never}"
    return ReportEntry(f"{printable(text)}  {style.paint(printable(untaken.address), 'faint')}", (), "not taken")


_NEVER: Final = {
    ("#if", True): "never true",
    ("#if", False): "never false",
    ("#elseif", True): "never true",
    ("#foreach", True): "never over any item",
    ("#foreach", False): "never over an empty list",
}
"""What a branch that no test takes says of its directive."""


def _cut(entries: Sequence[ReportEntry], style: Style) -> tuple[ReportEntry, ...]:
    """Return the first entries, and one that stands for the others; in full, all of them."""
    if style.full or len(entries) <= _MOST + 1:
        return tuple(entries)
    others = len(entries) - _MOST
    hint = "" if style.marked else " (-v shows all)"
    rest = ReportEntry(style.paint(f"... {others:,} more{hint}", "faint"), (), entries[0].counts_as, others)
    return (*entries[:_MOST], rest)
