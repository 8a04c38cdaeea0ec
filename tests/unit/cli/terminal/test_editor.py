"""A text in the user's editor."""

from pathlib import Path

import pytest

from reconciler.cli.terminal import editor
from reconciler.cli.terminal.editor import edit
from reconciler.errors import ReconcilerError


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An editor in a folder with a blank in its name."""
    monkeypatch.delenv("VISUAL", raising=False)
    script = tmp_path / "my editor"
    script.write_text('#!/bin/sh\nprintf "%s|" "$@" "$(cat "$2")" > "$1.seen"\necho edited > "$2"\n')
    script.chmod(0o755)
    return script


def test_the_editor_gets_its_words_and_the_file(script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """$EDITOR is split into words, none of which a shell sees; the file is gone afterwards."""
    argument = tmp_path / "$(touch pwned);x"
    monkeypatch.setenv("EDITOR", f"'{script}' '{argument}'")
    content = edit("text", "values.yaml")
    first, file, text, _ = Path(f"{argument}.seen").read_text().split("|")

    assert (b"edited\n", str(argument), "text", False) == (content, first, text, Path(file).parent.exists())
    assert (file.endswith("/values.yaml"), False) == (True, (tmp_path / "pwned").exists())


def test_visual_comes_first(script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in git."""
    monkeypatch.setenv("EDITOR", "false")
    monkeypatch.setenv("VISUAL", f"'{script}' '{tmp_path}/x'")

    assert b"edited\n" == edit("text", "v.yaml")


@pytest.mark.usefixtures("script")
@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("false", "the editor 'false' failed (exit code 1); set $VISUAL or $EDITOR"),
        ("/no/such/editor", "the editor '/no/such/editor' cannot be started: No such file or directory"),
        ("'open", 'the editor "\'open" cannot be started: No closing quotation'),
        ("rm", "the edited file cannot be read: No such file or directory"),
    ],
)
def test_an_editor_that_fails(command: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says why, and what to set."""
    monkeypatch.setenv("EDITOR", command)
    with pytest.raises(ReconcilerError) as raised:
        edit("text", "v.yaml")

    assert str(raised.value).startswith(message)


@pytest.mark.usefixtures("script")
def test_a_file_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not more than the limit is read."""
    monkeypatch.setenv("EDITOR", "true")
    monkeypatch.setattr(editor, "_MAX_BYTES", 3)

    with pytest.raises(ReconcilerError, match="larger than"):
        edit("text", "v.yaml")
