"""How progress is logged."""

from typing import Any, Final

import click

from reconciler.cli.options.group import Decorator


def _parsed(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    from reconciler.cli.terminal.output import LOG  # noqa: PLC0415 - it imports the options

    LOG.is_json = value == "json"
    return value


log_format_option: Final[Decorator[Any]] = click.option(
    "--log-format",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    envvar="RECONCILER_LOG_FORMAT",
    callback=_parsed,
    help="Progress on stderr: for people, or a JSON line for each API.",
)
"""--log-format, as `log_format`."""
