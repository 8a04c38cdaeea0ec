"""Several options that reach a command as one value."""

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

F = TypeVar("F", bound=Callable[..., object])

Decorator: TypeAlias = Callable[[F], F]


def option_group(name: str, make: Callable[..., object], *options: Decorator[Any]) -> Decorator[Any]:
    """Declare options and pass the command what `make` makes of their values, as its parameter `name`.

    `make` has one parameter for each option, of the same name. Options are listed in this order.
    """
    names = frozenset(inspect.signature(make).parameters)

    def decorate(function: F) -> Callable[..., object]:
        @functools.wraps(function)
        def command(**values: Any) -> object:  # noqa: ANN401 - passed on
            own = {parameter: values.pop(parameter) for parameter in names & values.keys()}
            return function(**{name: make(**own)}, **values)

        decorated: Any = command
        for option in reversed(options):
            decorated = option(decorated)
        return decorated  # type: ignore[no-any-return]

    return decorate
