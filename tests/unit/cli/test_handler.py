"""The link between a command and its handler."""

import sys
from types import ModuleType

import click
import pytest

from reconciler.cli.handler import handled_by


@click.command("greet")
@click.option("--name")
@handled_by("handler_of_this_test")
def greet() -> None:
    """Greet somebody."""


def test_the_handler_gets_the_options(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it returns is the exit code; it is imported when the command runs."""
    module = ModuleType("handler_of_this_test")
    monkeypatch.setattr(module, "run", lambda name: len(name), raising=False)  # noqa: PLW0108 - called by keyword
    monkeypatch.setitem(sys.modules, module.__name__, module)

    assert 4 == greet.main(["--name", "four"], standalone_mode=False)


def test_a_declaration_needs_no_handler() -> None:
    """Without its handler a command still has its help."""
    assert "Greet somebody." == greet.help
