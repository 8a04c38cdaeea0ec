"""adopt: the findings to choose from, the changes to the files, and the result."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Protocol

from reconciler.diagnostics import Diagnostic, any_error, error
from reconciler.engine.adopt.adopt import AdoptResult
from reconciler.engine.adopt.proposal import NotAdopted
from reconciler.line_diff import line_diff
from reconciler.render.grouping import FEWEST, repeated
from reconciler.render.style import Style, Tone, plural, printable
from reconciler.rules import RunRule
from reconciler.views.problems import diagnostic_lines, explain_lines
from reconciler.views.targets import with_environment
from reconciler.views.view import Renderings

_TONES: Final[Mapping[str, Tone]] = {"+": "create", "-": "delete", "@": "step"}


class FileChange(Protocol):
    """A file before and after."""

    @property
    def file(self) -> str:
        """The name under which the user knows it."""

    @property
    def before(self) -> bytes:
        """The current content."""

    @property
    def after(self) -> bytes:
        """The new content."""


def hunks(change: FileChange, style: Style) -> list[str]:
    """Return the changes to one file, without its name."""
    return list(_difference(change, style, ""))[2:]


def preview(files: Iterable[FileChange], style: Style, after: str = "with the live values") -> str:
    """Return the changes to the files in the format of `diff -u`; `after` describes the new contents."""
    return "\n".join(line for file in files for line in _difference(file, style, after))


def _difference(change: FileChange, style: Style, after: str) -> Iterator[str]:
    yield style.paint(printable(f"--- {change.file}"), "strong")
    yield style.paint(printable(f"+++ {change.file} ({after})"), "strong")
    for line in line_diff(_lines(change.before), _lines(change.after)).lines:
        text = printable(line.removesuffix("\r"))
        yield style.paint(text, _TONES[line[0]]) if line[0] in _TONES else text


def _lines(content: bytes) -> list[str]:
    """The lines; the last one is marked if it has no line end."""
    *lines, last = content.decode(errors="backslashreplace").split("\n")
    return [*lines, f"{last} (no line end)"] if last else lines


def adopt_view(adopted: AdoptResult, style: Style, again: str) -> Renderings:
    """Offer an adoption as text; `again` is the command that goes on after the user has quit."""
    return {"text": lambda: adopt_text(adopted, style, again)}


def adopt_text(adopted: AdoptResult, style: Style, again: str = "") -> str:
    """Return what was not adopted and why, the problems, the summary, and how to go on.

    When quiet: only what needs attention and the summary, and "" where there is neither.
    """
    leftovers = [leftover for leftover in adopted.proposal.not_adopted if not (style.quiet and leftover.by_choice)]
    every = tuple(_problems(adopted))
    problems = [diagnostic for diagnostic in every if diagnostic.is_error or not style.quiet]
    lines = [*_left_lines(leftovers, style), *diagnostic_lines(problems, style)]
    lines.extend(explain_lines(problems, style))
    if style.quiet and not lines and not adopted.written and not adopted.choices.left:
        return ""
    left = len(adopted.choices.left)
    more = [f"{plural(left, 'finding')} left to decide. To continue: {again}"] if left else []
    return "\n".join([*lines, _summary(adopted, style, is_complete=not any_error(every)), *more])


def _problems(adopted: AdoptResult) -> Iterator[Diagnostic]:
    yield from adopted.diagnostics
    yield from (unread.diagnostic for unread in adopted.unread)
    if adopted.failure:
        yield error(RunRule.NOT_WRITTEN, adopted.failure.message, adopted.failure.remedy)


def _left_lines(leftovers: Iterable[NotAdopted], style: Style) -> Iterator[str]:
    """Yield a line for each finding; unless the style is full, one for many that were left for the same reason."""
    for group in repeated(((leftover.reason, leftover.by_choice), leftover) for leftover in leftovers):
        (reason, by_choice), places = group.content, group.places
        if style.full or len(places) < FEWEST:
            yield from (_left_line(leftover, style) for leftover in places)
        else:
            first = with_environment(places[0].finding.finding.address, places[0].finding.state.live.target)
            text = f"{first} and {len(places) - 1:,} more: {reason} (-v shows each)"
            yield f"{_not_adopted(style, by_choice=by_choice)} {printable(text)}"


def _not_adopted(style: Style, *, by_choice: bool) -> str:
    return style.paint("not adopted:", "faint" if by_choice else "warning")


def _left_line(leftover: NotAdopted, style: Style) -> str:
    field = f" {leftover.field}" if leftover.field else ""
    address = with_environment(leftover.finding.finding.address, leftover.finding.state.live.target)
    return f"{_not_adopted(style, by_choice=leftover.by_choice)} {printable(f'{address}{field}: {leftover.reason}')}"


def _summary(adopted: AdoptResult, style: Style, *, is_complete: bool) -> str:
    proposal = adopted.proposal
    count = len({_identity(leftover) for leftover in proposal.not_adopted})
    tail = f"; {plural(count, 'finding')} not adopted" if count else ""
    if adopted.written:
        counts = f"{plural(len(proposal.adopted), 'finding')} in {plural(len(proposal.rewrites), 'file')}"
        return f"{style.paint('Adopted', 'good')}: {counts}{tail}."
    if proposal.adopted or count or adopted.choices.left or not is_complete:
        return f"Nothing was written{tail}."
    return f"{style.paint('In sync', 'good')}: nothing to adopt."


def _identity(leftover: NotAdopted) -> str:
    return with_environment(leftover.finding.finding.address, leftover.finding.state.live.target)
