"""The link between a command's declaration and its handler.

`commands/` declares what can be typed, and imports little, so that `--help` is quick. `handlers/` has a module of the
same name, which imports what the command needs; it is imported when the command runs.
"""

import functools
import importlib
from collections.abc import Callable


def handled_by(module: str) -> Callable[[Callable[[], None]], Callable[..., object]]:
    """Let a command call `run` of this module with the values of its options, and exit with its return value."""

    def decorate(declaration: Callable[[], None]) -> Callable[..., object]:
        @functools.wraps(declaration)
        def command(**values: object) -> object:
            return importlib.import_module(module).run(**values)

        return command

    return decorate
