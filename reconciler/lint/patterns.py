r"""Check the regular expression that selects a response.

In a REST API that is the selection pattern, in a WebSocket API the text between the slashes of a response key.
"""

import re
from collections.abc import Iterator
from typing import Final, assert_never

from reconciler.lint.violations import Violation
from reconciler.mapping.expressions import shown
from reconciler.mapping.patterns import Broken, Pattern, Unverifiable, read_pattern
from reconciler.models.keys import ResponseKey
from reconciler.rules import LintRule

MOST_EVALUATED: Final = 20_000
"""How many patterns of one API are matched against all status codes: each takes 500 matches."""

# Two backslashes, not three, before a character whose meaning one backslash would change; without quantifiers, because
# `\\+` may well mean a row of backslashes.
_DOUBLED: Final = re.compile(r"(?<!\\)\\\\[dDwWsSbB.\[(]")

# A word that ends in `*`, as in `Invalid*`, `Error:*` or `5*`, but not `\\d*` or `.*`.
_GLOB: Final = re.compile(r"(?:^|(?<!\\)[A-Za-z0-9_ ])([A-Za-z0-9_ :-])\*$")
_STAR: Final = re.compile(r"^\*|\*$")

# `400`, `4\d\d`, `4\d{2}`, `5..`, `[45]\d\d`, `\d{3}`, and alternations of them: they are meant for a status code.
_DIGIT: Final = r"(?:[0-9]|\\d|\.|\[[0-9-]+\])"
_STATUS: Final = rf"(?:(?:[1-5]|\\d|\[[0-9-]+\])(?:{_DIGIT}{{2}}|{_DIGIT}\{{2\}})|(?:\\d|\[0-9\])\{{3\}})"
_STATUSES: Final = re.compile(rf"\^?(?:\((?:\?:)?)?{_STATUS}(?:\|{_STATUS})*\)?\$?")


def pattern_violations(key: ResponseKey, pattern: str, name: str, path: str, shift: int = 0) -> Iterator[Violation]:
    """Yield the violations of the pattern at `path`, called `name`, `shift` characters into the user's text."""
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
        message = f"{name} looks like a glob: `{glob[1]}*` matches any number of `{glob[1]}`, not any text"
        yield Violation(
            LintRule.GLOB_PATTERN, key, message, path, f"write .* for any text, as in {shown(_unglobbed(pattern))}"
        )
    if doubled := _DOUBLED.search(pattern):
        message = f"{name} has `{doubled[0]}`, which matches a literal backslash"
        yield Violation(LintRule.DOUBLED_BACKSLASH, key, message, path)


def _unglobbed(pattern: str) -> str:
    """Return the regular expression that a glob most likely stands for."""
    return _STAR.sub(".*", pattern)


def looks_for_status(pattern: Pattern) -> bool:
    """Whether the pattern is meant for a status code, as `404` or `5..` are."""
    return _STATUSES.fullmatch(pattern.text) is not None


def too_many(patterns: int) -> str:
    """Return the message for the first of the patterns that are not matched against status codes."""
    return f"{patterns:,} patterns from here on are not checked: the limit is {MOST_EVALUATED:,} per API"
