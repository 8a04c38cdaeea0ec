"""The dialogue of adopt on a terminal."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

import click
import pytest

from reconciler.atomic_write import FileReplacement
from reconciler.cli.options.format import DisplayOptions
from reconciler.cli.terminal import adopt_prompt
from reconciler.cli.terminal.adopt_prompt import AdoptPrompt
from reconciler.engine.adopt.choices import AdoptAnswer, AdoptQuestion, Reply
from reconciler.engine.adopt.proposal import FilePreview, Proposal, TargetFinding
from reconciler.errors import ReconcilerError
from reconciler.findings import find_drift
from reconciler.models.responses import RestResponse
from support.live import DEFAULT, GET_PETS, live_of
from support.reads import read_of
from support.states import desired_of

Type: TypeAlias = Callable[..., AdoptPrompt]
PROPOSAL = Proposal((FileReplacement("a.yaml", b"a: 1\n", b"a: 2\n"),))


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> Type:
    """A user who enters these lines; editors leave these files, or fail with these messages."""

    def user(*lines: str, edits: tuple[bytes | str, ...] = (), quiet: bool = False, asks: bool = True) -> AdoptPrompt:
        entered, edited = iter(lines), iter(edits)

        def edit(_text: str, _name: str) -> bytes:
            content = next(edited)
            if isinstance(content, str):
                raise ReconcilerError(content, "set $EDITOR")
            return content

        monkeypatch.setattr(adopt_prompt, "read_line", lambda: next(entered))
        monkeypatch.setattr(adopt_prompt, "edit", edit)
        return AdoptPrompt(DisplayOptions("never", quiet=quiet, verbose=False), asks=asks)

    return user


def asked() -> AdoptQuestion:
    """A question about a changed response."""
    desired, state = desired_of({GET_PETS: {"200": DEFAULT}}), live_of({GET_PETS: {"200": RestResponse("5")}})
    (finding,) = find_drift(desired, state).findings
    return AdoptQuestion(1, 1, (TargetFinding(0, read_of(desired, state), finding),), FilePreview())


@pytest.mark.parametrize(
    ("word", "answer"),
    [
        ("y", AdoptAnswer.YES),
        ("Yes", AdoptAnswer.YES),
        (" n ", AdoptAnswer.NO),
        ("quit", AdoptAnswer.QUIT),
        ("none", AdoptAnswer.NONE),
    ],
)
def test_letters_and_words_are_answers(typing: Type, word: str, answer: AdoptAnswer) -> None:
    """In upper or lower case."""
    assert Reply(answer) == typing(f"{word}\n").ask(asked())


def test_other_answers_print_the_help(typing: Type, capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong letter, an answer that makes no sense here, nothing, and a question mark; then the question again."""
    reply = typing("x\n", "s\n", "\n", "?\n", "y\n").ask(asked())

    assert (Reply(AdoptAnswer.YES), 4) == (reply, capsys.readouterr().err.count("? - print this help"))


def test_edited_values_are_the_answer(typing: Type) -> None:
    """They are what the editor leaves."""
    reply = typing("e\n", edits=(b"selectionPattern: x\n",)).ask(asked())

    assert Reply(AdoptAnswer.EDIT, {"selectionPattern": "x"}) == reply


def test_a_mistake_can_be_edited_again(typing: Type, capsys: pytest.CaptureFixture[str]) -> None:
    """The message has its place."""
    reply = typing("e\n", "y\n", edits=(b"a: b\n", b"selectionPattern: x\n")).ask(asked())

    assert Reply(AdoptAnswer.EDIT, {"selectionPattern": "x"}) == reply
    assert "error: values.yaml:1:1: a is not a field of this change" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("lines", "edits"),
    [
        (("e\n", "n\n", "y\n"), (b"a: b\n",)),
        (("e\n", "y\n"), (b"# nothing\n",)),
        (("e\n", "y\n"), ("the editor failed",)),
    ],
)
def test_no_edit_asks_again(typing: Type, lines: tuple[str, ...], edits: tuple[bytes | str, ...]) -> None:
    """A mistake that is not corrected, an empty file, an editor that fails."""
    assert Reply(AdoptAnswer.YES) == typing(*lines, edits=edits).ask(asked())


def test_the_end_of_the_input_ends_the_dialogue(typing: Type) -> None:
    """As Ctrl-D does."""
    with pytest.raises(click.Abort):
        typing("").ask(asked())


@pytest.mark.parametrize(("word", "is_approved"), [("yes\n", True), ("y\n", False), ("\n", False)])
def test_files_are_approved_with_yes(
    typing: Type, word: str, capsys: pytest.CaptureFixture[str], *, is_approved: bool
) -> None:
    """After they are shown."""
    assert is_approved is typing(word).approve(PROPOSAL)
    assert "+a: 2\n" in capsys.readouterr().out


@pytest.mark.parametrize("quiet", [True, False])
def test_nobody_is_asked_with_yes(typing: Type, capsys: pytest.CaptureFixture[str], *, quiet: bool) -> None:
    """With -q nothing is shown either."""
    assert typing(asks=False, quiet=quiet).approve(PROPOSAL)
    assert quiet is not ("+a: 2\n" in capsys.readouterr().out)


def test_a_terminal_wraps_the_reasons_and_not_the_difference(
    typing: Type, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The lines of a difference are those of a file."""
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    line = "a: " + "word " * 20
    rewrite = FileReplacement("a.yaml", b"", f"{line}\n".encode())
    blocked = FilePreview((rewrite,), blockers=(("responseTemplates", "a placeholder is in the middle of it"),))
    typing("n").ask(replace(asked(), preview=blocked))
    shown = capsys.readouterr().out.split("\n")

    assert f"+{line}" in shown
    assert ["not adoptable: responseTemplates: a", "  placeholder is in the middle of it"] == shown[-3:-1]
