"""How completions are written for each shell, and the scripts."""

import pytest
from click.shell_completion import ShellComplete

from reconciler.cli.completion.shells import SHELLS, Bash, Fish, Zsh
from reconciler.cli.main import commands, run


def answer(shell: type[ShellComplete], monkeypatch: pytest.MonkeyPatch, line: str) -> list[str]:
    """The lines that a shell gets."""
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", ":=")
    return shell(commands, {}, "reconciler", "_RECONCILER_COMPLETE").complete().splitlines()


def test_bash_gets_the_type_and_the_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """On one line."""
    assert ["plain,plan"] == answer(Bash, monkeypatch, "reconciler pla")


def test_bash_gets_what_follows_the_break(monkeypatch: pytest.MonkeyPatch) -> None:
    """As readline replaces nothing before it."""
    assert ["plain,always"] == answer(Bash, monkeypatch, "reconciler plan --color=al")


def test_zsh_gets_three_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Type, word, help."""
    assert ["plain", "plan", "Show what apply would do, read-only."] == answer(Zsh, monkeypatch, "reconciler pla")


def test_zsh_gets_a_sign_for_no_help(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty line would be lost."""
    assert ["plain", "always", "_"] == answer(Zsh, monkeypatch, "reconciler plan --color al")


def test_fish_gets_the_whole_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the option in front, and the help after a tab."""
    assert ["plain,--color=always"] == answer(Fish, monkeypatch, "reconciler plan --color=al")
    assert ["plain,plan\tShow what apply would do, read-only."] == answer(Fish, monkeypatch, "reconciler pla")


@pytest.mark.parametrize("shell", SHELLS)
def test_script_is_printed(shell: type[ShellComplete], capsys: pytest.CaptureFixture[str]) -> None:
    """It calls the program by click's protocol, and silently."""
    assert 0 == run(["completion", shell.name])
    script = capsys.readouterr().out
    assert f"_RECONCILER_COMPLETE={shell.name}_complete" in script
    assert "2>/dev/null" in script


def test_unknown_shell(capsys: pytest.CaptureFixture[str]) -> None:
    """The message lists the shells."""
    assert 64 == run(["completion", "ksh"])
    assert "'bash', 'zsh', 'fish'" in capsys.readouterr().err
