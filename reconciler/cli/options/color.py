"""The options that say whether results are coloured, and the decision where nobody says so."""

import os
import stat
from collections.abc import Mapping
from typing import Any, Final, TextIO

import click
from click.core import ParameterSource

from reconciler.cli.options.group import Decorator

AUTO: Final = "auto"
ALWAYS: Final = "always"
NEVER: Final = "never"

_CI_LOGS: Final = ("GITHUB_ACTIONS", "GITLAB_CI")
"""Variables of the CI systems whose logs show colours, although they are pipes."""

color_option: Final[Decorator[Any]] = click.option(
    "--color",
    type=click.Choice((AUTO, ALWAYS, NEVER)),
    metavar="WHEN",
    envvar="RECONCILER_COLOR",
    help="auto, always or never; default: auto, on a terminal and in the logs of GitHub and GitLab.",
)

no_color_option: Final[Decorator[Any]] = click.option(
    "--no-color", is_flag=True, envvar="RECONCILER_NO_COLOR", help="As --color never."
)


def chosen_color(color: str | None, *, no_color: bool) -> str:
    """Return the choice of the running command: what is typed outweighs the environment, --color --no-color."""
    context = click.get_current_context(silent=True)
    is_typed = context is not None and context.get_parameter_source("no_color") is ParameterSource.COMMANDLINE
    is_color_typed = context is not None and context.get_parameter_source("color") is ParameterSource.COMMANDLINE
    if color is not None and (is_color_typed or not is_typed):
        return color
    return NEVER if no_color else AUTO


def is_coloured(color: str, stream: TextIO, environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether a text on this stream is coloured.

    An option outweighs NO_COLOR (no-color.org: any value but an empty one), which outweighs FORCE_COLOR
    (force-color.org), which outweighs TERM=dumb, which outweighs the rest.
    """
    if color != AUTO:
        return color == ALWAYS
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return environment["FORCE_COLOR"] not in {"0", "false"}
    if environment.get("TERM") == "dumb":
        return False
    return stream.isatty() or (_is_ci_log(environment) and not _is_file(stream))


def _is_ci_log(environment: Mapping[str, str]) -> bool:
    return any(environment.get(name, "").lower() == "true" for name in _CI_LOGS)


def _is_file(stream: TextIO) -> bool:
    """Return whether the stream is redirected to a file, whose readers may not expect colours."""
    try:
        return stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    except (OSError, ValueError):  # a stream without a file, as in a test or a library
        return True
