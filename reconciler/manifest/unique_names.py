"""Names for files, manifests and sets, made from whatever AWS's names hold.

Promise: a name has ASCII letters, digits, `.`, `_` and `-` only, begins with a letter or digit, and is taken once,
upper and lower case aside (as file systems have it). The same texts in the same order give the same names. Pure.
"""

import re
from typing import Final

_UNUSABLE: Final = re.compile(r"[^A-Za-z0-9_.]+")
_EDGES: Final = "-._"
_MAX_SLUG: Final = 100
"""Of a slug: file systems take names of up to 255 bytes."""


def slug(text: str, otherwise: str = "") -> str:
    """What is left of a text in a name; `otherwise` where nothing is."""
    return _UNUSABLE.sub("-", text).strip(_EDGES)[:_MAX_SLUG].strip(_EDGES) or otherwise


class UniqueNames:
    """The names that are taken."""

    def __init__(self, *taken: str) -> None:
        self._taken = {name.casefold() for name in taken}

    def take(self, name: str) -> str:
        """This name, or the first of `NAME-2`, `NAME-3` ... that nobody has."""
        number, free = 1, name
        while free.casefold() in self._taken:
            number += 1
            free = f"{name}-{number}"
        self._taken.add(free.casefold())
        return free
