"""The running command line as a value, for the commands that texts suggest."""

from typing import Any

import click
from click.core import ParameterSource

from reconciler.invocation import OPTIONS, Invocation


def invocation() -> Invocation:
    """What was typed of all that other command lines repeat; of what environment variables say, nothing.

    Outside of a command nothing was typed.
    """
    context = click.get_current_context(silent=True)
    if context is None:
        return Invocation()
    typed: dict[str, Any] = {
        name: value
        for name in ("paths", *OPTIONS)
        if (value := context.params.get(name)) and context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    }
    return Invocation(**typed)
