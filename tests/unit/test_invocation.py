"""Suggested command lines: complete, quoted, and composed in one place."""

import ast
import importlib
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reconciler
from reconciler.cli.main import COMMANDS
from reconciler.invocation import OPTIONS, REPEATED, VERBS, Invocation, command_line

SOURCES: Final = Path(reconciler.__file__).parent
EXCEPTIONS: Final = {
    "cli/main.py": "the version",
    "cli/tour.py": "the demo shows the commands that it carries out itself",
    "engine/first_test.py": "the comment in a file that `init` writes",
    "journal/lock.py": "says which process holds a lock",
    "render/comment.py": "a heading",
    "render/footer.py": "the version",
    "render/html.py": "a title",
    "views/drift_html.py": "a title",
    "render/junit.py": "the name of the report",
    "rules/lint.py": "the remedy of a rule, for whatever manifest",
    "sandbox/server.py": "says which command a failure is of",
}
"""Files in which a text begins like a command and is none, and why."""

DECLARED: Final = "cli/commands/"
"""The folder of the commands, whose help has fixed examples; tests of their own run them."""

WORDS: Final = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=12)


def command(verb: str) -> click.Command:
    """The command object of a verb."""
    found = importlib.import_module(f"reconciler.cli.commands.{verb.replace('-', '_')}").command
    assert isinstance(found, click.Command)
    return found


def strings(file: Path) -> Iterator[str]:
    """Every text in a source file that is no docstring."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare:
            yield node.value


@pytest.mark.parametrize("verb", REPEATED)
def test_a_command_repeats_all_that_it_takes(verb: str) -> None:
    """What a command line says goes into each command that has an option for it, and into no other."""
    taken = {parameter.name for parameter in command(verb).params} & {"paths", *OPTIONS}

    assert taken == set(REPEATED[verb])


@pytest.mark.parametrize("verb", REPEATED)
def test_options_are_called_as_the_command_calls_them(verb: str) -> None:
    """The option of each name is one that the command knows under this name."""
    known = {parameter.name: parameter.opts for parameter in command(verb).params}

    assert [] == [name for name in REPEATED[verb] if name != "paths" and OPTIONS[name] not in known[name]]


def test_all_commands_are_known() -> None:
    """A sentence about any of them is seen as code."""
    assert set(COMMANDS) == set(VERBS)


@given(st.lists(WORDS, max_size=3))
def test_words_come_out_of_a_shell_as_they_went_in(words: list[str]) -> None:
    """Blanks, quotes, dollars and line ends included."""
    assert ["reconciler", *words] == shlex.split(command_line(*words))


def test_paths_come_first_and_words_last() -> None:
    """In the order in which a person would type them."""
    asked = Invocation(("it's here",), environments=("dev", "prod"), only=("a: GET /b *",), journal="j")

    assert "reconciler deploy 'it'\"'\"'s here' --env dev --env prod --journal j --stage x" == asked.command(
        "deploy", "--stage", "x"
    )


def test_a_run_comes_first() -> None:
    """Of a command that is about a run."""
    assert "reconciler rollback R --deploy --journal j" == Invocation(("a",), journal="j").command(
        "rollback", "R", "--deploy"
    )


def test_a_path_is_no_option() -> None:
    """One that begins with a hyphen is named by its folder."""
    assert "reconciler plan ./-x" == Invocation(("-x",)).command("plan")


def test_nobody_else_composes_commands() -> None:
    """No text in the source begins a command line of ours but where `Invocation` makes it."""
    begins = re.compile(rf"(?<![\w./-])reconciler (?:(?:{'|'.join(VERBS)})(?![\w.-])|--|$)")
    found = {
        file.relative_to(SOURCES).as_posix()
        for file in SOURCES.rglob("*.py")
        for text in strings(file)
        if begins.search(text)
    }

    assert set(EXCEPTIONS) == {file for file in found if not file.startswith(DECLARED)}
