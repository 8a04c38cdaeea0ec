"""Find git's merge conflict markers.

`conflict_line` takes time proportional to the length of the text. Pure.
"""

import re
from functools import lru_cache
from typing import Final

_MARKS: Final = tuple(re.compile(mark, re.MULTILINE) for mark in (r"^<{7} ", r"^={7}\r?$", r"^>{7} "))
"""The beginnings of the lines that open, divide and close a conflict, in this order."""


@lru_cache(maxsize=256)  # sets and aliases repeat texts
def conflict_line(text: str) -> int | None:
    """Return the line of the first merge conflict, from 1; None without one. A single marker is not a conflict."""
    if "<<<<<<< " not in text:  # fast path for nearly all texts
        return None
    places: list[int] = []
    for mark in _MARKS:
        found = mark.search(text, places[-1] if places else 0)
        if found is None:
            return None
        places.append(found.start())
    return text.count("\n", 0, places[0]) + 1
