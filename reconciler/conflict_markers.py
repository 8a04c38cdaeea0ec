"""The marks that git leaves in a file where two branches changed the same lines.

Promise: `conflict_line` takes time in proportion to the text, whatever it holds. Pure.
"""

import re
from functools import lru_cache
from typing import Final

_MARKS: Final = tuple(re.compile(mark, re.MULTILINE) for mark in (r"^<{7} ", r"^={7}\r?$", r"^>{7} "))
"""How the lines begin that open, part and close a conflict, in this order."""


@lru_cache(maxsize=256)  # sets and aliases repeat texts
def conflict_line(text: str) -> int | None:
    """The line of the first mark of a merge conflict, from 1; None without one: a mark alone is none."""
    if "<<<<<<< " not in text:  # much faster than to look at every line, and true of nearly all texts
        return None
    places: list[int] = []
    for mark in _MARKS:
        found = mark.search(text, places[-1] if places else 0)
        if found is None:
            return None
        places.append(found.start())
    return text.count("\n", 0, places[0]) + 1
