"""Findings that are written into manifests: the files as they will be, and what became of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from reconciler.diagnostics import Diagnostic
from reconciler.findings import Finding
from reconciler.line_diff import line_diff
from reconciler.render.style import Style, Tone, counted, printable
from reconciler.views.drift import finding_lines
from reconciler.views.problems import diagnostic_lines

_TONES: dict[str, Tone] = {"+": "create", "-": "delete", "@": "step"}


class FileChange(Protocol):
    """A file before and after."""

    @property
    def file(self) -> str:
        """By the name that a person knows it by."""

    @property
    def before(self) -> bytes:
        """What it holds."""

    @property
    def after(self) -> bytes:
        """What it is to hold."""


@dataclass(frozen=True, slots=True)
class LeftText:
    """What is left of a finding and why; `field` "" for all of it. `chosen`: because somebody said so.

    `site` says in which environment and region the finding is, "" where there are no environments.
    """

    address: str
    field: str
    reason: str
    chosen: bool
    site: str = ""


def preview(files: Iterable[FileChange], style: Style) -> str:
    """The differences of the files, as `diff -u` has them."""
    return "\n".join(line for one in files for line in _difference(one, style))


def _difference(one: FileChange, style: Style) -> Iterator[str]:
    yield style.paint(printable(f"--- {one.file}"), "strong")
    yield style.paint(printable(f"+++ {one.file} (with what is live)"), "strong")
    for line in line_diff(_lines(one.before), _lines(one.after)).lines:
        text = printable(line.removesuffix("\r"))
        yield style.paint(text, _TONES[line[0]]) if line[0] in _TONES else text


def _lines(content: bytes) -> list[str]:
    """The lines; the last one says so if it is not ended."""
    *lines, last = content.decode(errors="backslashreplace").split("\n")
    return [*lines, f"{last} (no line end)"] if last else lines


def finding_text(finding: Finding, style: Style) -> str:
    """A finding to choose about."""
    lines = [style.paint(printable(finding.address), "strong"), *finding_lines(finding, style)]
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class AdoptText:
    """How many findings are adopted in how many files, what is left, and whether the files are written."""

    adopted: int
    files: int
    left: Sequence[LeftText]
    written: bool


def adopt_report(made: AdoptText, diagnostics: Sequence[Diagnostic], style: Style) -> str:
    """What became of all findings; when quiet, what needs a person and the summary, or nothing at all."""
    shown = [one for one in made.left if not (style.quiet and one.chosen)]
    problems = [diagnostic for diagnostic in diagnostics if diagnostic.is_error or not style.quiet]
    lines = [*(_left_line(one, style) for one in shown), *diagnostic_lines(problems, style)]
    summary = _summary(made, style, whole=not any(diagnostic.is_error for diagnostic in diagnostics))
    is_silent = style.quiet and not lines and not made.written
    return "\n".join([*lines, *([] if is_silent else [summary])])


def _left_line(one: LeftText, style: Style) -> str:
    field = f" {one.field}" if one.field else ""
    lead = style.paint("left:", "faint" if one.chosen else "warning")
    where = f" ({one.site})" if one.site else ""
    return f"{lead} {printable(f'{one.address}{where}{field}: {one.reason}')}"


def _summary(made: AdoptText, style: Style, *, whole: bool) -> str:
    rest = len({(one.address, one.site) for one in made.left})
    tail = f"; {counted(rest, 'finding')} left" if rest else ""
    if made.written:
        where = f"{counted(made.adopted, 'finding')} in {counted(made.files, 'file')}"
        return f"{style.paint('Adopted', 'good')}: {where}{tail}."
    if made.adopted or rest or not whole:
        return f"Nothing was written{tail}."
    return f"{style.paint('In sync', 'good')}: nothing to adopt."
