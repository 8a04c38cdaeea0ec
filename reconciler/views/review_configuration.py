"""What a review says of configurations, file by file."""

from collections.abc import Iterable, Iterator
from typing import Final

from reconciler.render.sections import Group, ReportEntry, Section
from reconciler.render.style import Style, printable
from reconciler.review import ConfigurationChange

IN_SETTINGS: Final = "in settings"
"""What a change counts as that is not one of a response."""


def configuration_sections(changes: Iterable[ConfigurationChange], style: Style) -> Iterator[Section]:
    """Yield what changes in each file."""
    by_file: dict[str, list[ConfigurationChange]] = {}
    for change in changes:
        by_file.setdefault(change.file, []).append(change)
    for file, members in by_file.items():
        entries = tuple(_configuration_entry(change, style) for change in members)
        yield Section(style.paint(printable(file), "strong"), (Group(style.paint("configuration", "strong"), entries),))


def _configuration_entry(change: ConfigurationChange, style: Style) -> ReportEntry:
    text = printable(f"~ {change.name}: {change.before or 'none'} -> {change.after or 'none'}")
    suffix = f"  in {printable(change.environment)}" if change.environment else ""
    return ReportEntry(style.paint(text, "update") + suffix, (), IN_SETTINGS)
