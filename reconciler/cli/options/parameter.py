"""The option that gives the parameters of a template their values."""

import click

from reconciler.cli.options.select import PairsType

parameter_option = click.option(
    "--parameter",
    "parameters",
    multiple=True,
    type=PairsType(several=False),
    metavar="NAME=VALUE",
    help="Value of a parameter of the template. Repeatable.",
)
"""--parameter, as `parameters`."""


def parameter_values(parameters: tuple[str, ...]) -> dict[str, str]:
    """Return the values of a template's parameters by name; the last value of a name counts."""
    return {name.strip(): value for name, _, value in (pair.partition("=") for pair in parameters)}
