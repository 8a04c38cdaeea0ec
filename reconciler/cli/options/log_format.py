"""How progress is logged."""

from typing import Any, Final

import click

from reconciler.cli.options.group import Decorator

log_format_option: Final[Decorator[Any]] = click.option(
    "--log-format",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    envvar="RECONCILER_LOG_FORMAT",
    help="Progress on stderr: for people, or a JSON line for each API.",
)
"""--log-format, as `log_format`."""
