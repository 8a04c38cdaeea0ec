r"""What is wrong with a regular expression that selects a response, wherever it is written.

Promise: of REST the selection pattern is meant, of WebSocket APIs what stands between the slashes of a response key.
"""

import re
from collections.abc import Iterator
from typing import Final, assert_never

from reconciler.lint.violations import Violation
from reconciler.mapping.expressions import shown
from reconciler.mapping.patterns import Broken, Pattern, Unverifiable, read_pattern
from reconciler.models.keys import ResponseKey
from reconciler.rules import LintRule

# Two backslashes and no third, before what one backslash gives or takes a meaning; quantifiers are left out, because
# `\\+` may well mean a row of backslashes.
_DOUBLED: Final = re.compile(r"(?<!\\)\\\\[dDwWsSbB.\[(]")

# A word that ends in `*`, as in `Invalid*`, `Error:*` or `5*`: `\\d*` and `.*` are no such thing.
_GLOB: Final = re.compile(r"(?:^|(?<!\\)[A-Za-z0-9_ ])([A-Za-z0-9_ :-])\*$")
_STAR: Final = re.compile(r"^\*|\*$")

# `400`, `4\d\d`, `4\d{2}`, `5..`, `[45]\d\d`, `\d{3}`, and alternations of them: what is meant is a status.
_DIGIT: Final = r"(?:[0-9]|\\d|\.|\[[0-9-]+\])"
_STATUS: Final = rf"(?:(?:[1-5]|\\d|\[[0-9-]+\])(?:{_DIGIT}{{2}}|{_DIGIT}\{{2\}})|(?:\\d|\[0-9\])\{{3\}})"
_STATUSES: Final = re.compile(rf"\^?(?:\((?:\?:)?)?{_STATUS}(?:\|{_STATUS})*\)?\$?")


def pattern_breaches(key: ResponseKey, pattern: str, name: str, path: str, shift: int = 0) -> Iterator[Violation]:
    """Of the pattern of a response, called `name`, at `path`; it begins `shift` characters into what the user wrote."""
    match read_pattern(pattern):
        case Broken(reason=reason, offset=offset):
            message = f"{name} has {reason}, at character {offset + shift + 1}"
            remedy = f"write .* for any text, as in {shown(_unglobbed(pattern))}" if pattern.startswith("*") else ""
            yield Violation(LintRule.BROKEN_PATTERN, key, message, path, remedy)
        case Unverifiable(construct=construct):
            yield Violation(
                LintRule.UNVERIFIED_PATTERN, key, f"{name} has {construct}, which is not checked here", path
            )
        case Pattern():
            pass
        case unreachable:
            assert_never(unreachable)
    if pattern != pattern.strip():
        yield Violation(LintRule.PATTERN_WHITESPACE, key, f"{name} begins or ends with white space", path)
    if glob := _GLOB.search(pattern):
        message = f"{name} looks like a glob: `{glob[1]}*` matches any number of `{glob[1]}`, not any text after it"
        yield Violation(
            LintRule.GLOB_PATTERN, key, message, path, f"write .* for any text, as in {shown(_unglobbed(pattern))}"
        )
    if doubled := _DOUBLED.search(pattern):
        message = f"{name} has `{doubled[0]}`, which matches a backslash"
        yield Violation(LintRule.DOUBLED_BACKSLASH, key, message, path)


def _unglobbed(pattern: str) -> str:
    """What a glob is most likely meant to be as a regular expression."""
    return _STAR.sub(".*", pattern)


def looks_for_status(pattern: Pattern) -> bool:
    """Whether a status is meant, as by `404` or `5..`."""
    return _STATUSES.fullmatch(pattern.text) is not None
