"""The questions of `adopt` on a terminal."""

from collections.abc import Mapping
from typing import Final

import click

from reconciler.cli.options.format import DisplayOptions
from reconciler.cli.terminal.editor import edit
from reconciler.cli.terminal.output import show, write_lines, write_stdout
from reconciler.cli.terminal.prompt import read_line
from reconciler.engine.adopt.choices import AdoptAnswer, AdoptQuestion, Reply
from reconciler.engine.adopt.edited_values import editable_text, edited_values
from reconciler.engine.adopt.proposal import Proposal
from reconciler.errors import ReconcilerError, nothing_written
from reconciler.render.style import printable
from reconciler.views.adopt import preview
from reconciler.views.adopt_question import blockers_text, difference_text, help_text, prompt_text, question_text

_FILE: Final = "values.yaml"
_WORDS: Final = {
    **{str(answer): answer for answer in AdoptAnswer},
    **{answer.name.lower(): answer for answer in AdoptAnswer},
}
"""What the user may enter: the letter, or the whole word."""


class AdoptPrompt:
    """The questions of `adopt`. Without `asks`, the changes are shown and approved."""

    def __init__(self, display: DisplayOptions, *, asks: bool) -> None:
        self._style = display.style()
        self._quiet = display.quiet
        self._asks = asks

    def ask(self, question: AdoptQuestion) -> Reply:
        """Show a difference, and ask until there is an answer."""
        with nothing_written():
            write_lines(f"\n{question_text(question, self._style)}")
            write_stdout(difference_text(question, self._style))  # not wrapped: its lines are those of a file
            write_lines(blockers_text(question, self._style))
        while True:
            word = answered(prompt_text(question))
            answer = _WORDS.get(word)
            if answer not in question.answers:
                show(help_text(question))
            elif answer is not AdoptAnswer.EDIT:
                return Reply(answer)
            elif values := self._edited(question):
                return Reply(answer, values)

    def _edited(self, question: AdoptQuestion) -> Mapping[str, str] | None:
        """Let the user edit the live values; None if they are not to be written."""
        text = editable_text(question.finding.finding.address, question.editable)
        while True:
            try:
                content = edit(text, _FILE)
            except ReconcilerError as failure:
                show(f"error: {printable(str(failure))}")
                return None
            try:
                return edited_values(content, _FILE, question.editable)
            except ReconcilerError as failure:
                show(f"error: {printable(str(failure))}")
            if answered("Edit it again [y,n]? ") not in {"", "y", "yes"}:
                return None
            text = content.decode(errors="replace")

    def approve(self, proposal: Proposal) -> bool:
        """Show the changes and ask whether to write them."""
        if self._asks or not self._quiet:
            with nothing_written():
                write_stdout(preview(proposal.rewrites, self._style))
        return not self._asks or answered("\nWrite these changes? Enter 'yes' to continue: ") == "yes"


def answered(question: str) -> str:
    """Return the line that the user enters. Raises Abort at the end of the input."""
    with nothing_written():
        show(question, end="")
    line = read_line()
    if not line:
        raise click.Abort
    return line.strip().lower()
