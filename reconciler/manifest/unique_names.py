"""Make unique names for files, manifests and sets from the names that AWS has.

A name consists of ASCII letters, digits, `.`, `_` and `-`, begins with a letter or digit, and is unique without regard
to case, as on some file systems. The same texts in the same order give the same names. Pure.
"""

import re
from typing import Final

_UNUSABLE: Final = re.compile(r"[^A-Za-z0-9_.]+")
_EDGES: Final = "-._"
_MAX_SLUG: Final = 100
"""Characters of a slug; file systems accept names of up to 255 bytes."""


def slug(text: str, default: str = "") -> str:
    """Return a text reduced to what a name may hold, `default` if nothing is left."""
    return _UNUSABLE.sub("-", text).strip(_EDGES)[:_MAX_SLUG].strip(_EDGES) or default


class UniqueNames:
    """The names that are already taken."""

    def __init__(self, *taken: str) -> None:
        self._taken = {name.casefold() for name in taken}

    def is_taken(self, name: str) -> bool:
        """Whether this name is taken."""
        return name.casefold() in self._taken

    def take(self, name: str) -> str:
        """Take and return this name, or the first free one of `NAME-2`, `NAME-3` ..."""
        number, candidate = 1, name
        while candidate.casefold() in self._taken:
            number += 1
            candidate = f"{name}-{number}"
        self._taken.add(candidate.casefold())
        return candidate
