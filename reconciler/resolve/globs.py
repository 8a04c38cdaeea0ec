"""Globs over resource paths and route keys.

Promise: a glob matches as a whole, and case counts. In a path `*` is any text within one part and `**`, as a part, any
number of parts, none included: `/pets/**` has `/pets` too. In a route key `*` is any text. All else, the braces of path
parameters too, stands for itself. Pure.
"""

import re
from functools import cache

_PARTS = re.compile(r"(/\*\*(?=/|$)|\*\*|\*)")
_IN_PATHS = {"/**": "(?:/.*)?", "**": ".*", "*": "[^/]*"}


def path_fits(glob: str, path: str) -> bool:
    """Whether a resource path fits."""
    return _path_pattern(glob).fullmatch(path) is not None


def route_fits(glob: str, route: str) -> bool:
    """Whether a route key fits."""
    return _route_pattern(glob).fullmatch(route) is not None


@cache
def _path_pattern(glob: str) -> re.Pattern[str]:
    parts = [_IN_PATHS.get(part, re.escape(part)) for part in _PARTS.split(glob)]
    return re.compile("".join(parts), re.DOTALL)


@cache
def _route_pattern(glob: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, glob.split("*"))), re.DOTALL)
