"""Groups of options."""

from typing import NamedTuple

import click

from reconciler.cli.options.group import option_group


class Pair(NamedTuple):
    """What the group makes of its options."""

    left: str
    right: str


@click.command("show")
@click.option("--own")
@option_group("pair", Pair, click.option("--left"), click.option("--right"))
def show(own: str, pair: Pair) -> tuple[str, Pair]:
    """Return what the command was called with."""
    return own, pair


def test_a_group_reaches_the_command_as_one_value() -> None:
    """Options outside of the group are passed as they are."""
    called = show.main(["--right", "r", "--own", "o", "--left", "l"], standalone_mode=False)

    assert ("o", Pair("l", "r")) == called


def test_options_are_listed_in_their_order() -> None:
    """As written: above the group, then those of the group."""
    assert ["own", "left", "right"] == [parameter.name for parameter in show.params]


def test_help_is_that_of_the_command() -> None:
    """A group hides neither the docstring nor the name."""
    assert ("show", "Return what the command was called with.") == (show.name, show.help)
