"""Options on the display that are written before the command: `reconciler -v plan` is `reconciler plan -v`."""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import click
from click.core import ParameterSource

from reconciler.cli.options.group import Decorator

F = TypeVar("F", bound=Callable[..., object])

_TYPED: Final = "reconciler.leading"
"""The key in click's `meta` of what was typed before the command: name of the option -> its words."""


def leading(*options: Decorator[Any]) -> Decorator[Any]:
    """Declare the options for a group of commands, which keeps what is typed for `words_for`.

    Environment variables are left to the commands.
    """

    def decorate(group: F) -> F:
        for option in reversed(options):
            option(group)
        for parameter in getattr(group, "__click_params__", ()):
            if isinstance(parameter, click.Option) and parameter.callback is None:
                parameter.envvar, parameter.expose_value, parameter.callback = None, False, _keep
        return group

    return decorate


def _keep(context: click.Context, parameter: click.Parameter, value: object) -> object:
    if context.get_parameter_source(parameter.name or "") is ParameterSource.COMMANDLINE:
        words = (parameter.opts[-1],) if value is True else (parameter.opts[-1], str(value))
        context.meta.setdefault(_TYPED, {})[parameter.name] = words
    return value


def words_for(context: click.Context, command: click.Command | None, arguments: Sequence[str]) -> list[str]:
    """Return a command's arguments with the options before it in front, as far as the command has them."""
    taken = _option_names(command)
    typed = context.meta.get(_TYPED, {})
    words = [word for name, option in typed.items() if name in taken for word in option]
    # Of `report merge`, merge has the options
    depth = 1 if isinstance(command, click.Group) and arguments[:1] and arguments[0] in command.commands else 0
    return [*arguments[:depth], *words, *arguments[depth:]]


def _option_names(command: click.Command | None) -> frozenset[str | None]:
    """Return the names of a command's options; those of its commands, for a group."""
    if isinstance(command, click.Group):
        return frozenset().union(*map(_option_names, command.commands.values()))
    return (
        frozenset(parameter.name for parameter in command.params if isinstance(parameter, click.Option))
        if command
        else frozenset()
    )
