r"""Java's regular expressions over texts of any length, within bounded time.

`translate` writes patterns for Python's `re`; the `regex` module reads them alike and gives up after a timeout, which
it measures, as is done here, in the time of the processor. A search begins behind the last match, one character further
if that was empty, as `Matcher.find` does and Python's own loops do not.
"""

import re
import time
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

from reconciler.mapping.characters import InvalidPattern, NotFollowed
from reconciler.mapping.java.budget import (
    REGEX_SECONDS,
    Budget,
    EvaluationFault,
    LimitExceeded,
    NotEvaluated,
    width,
)
from reconciler.mapping.java.replacement import RegexReplacement, read_replacement
from reconciler.mapping.java_regex import translate

if TYPE_CHECKING:
    import regex

    _Compiled: TypeAlias = regex.Pattern[str]
    _Match: TypeAlias = regex.Match[str]

LONGEST_PATTERN: Final = 500
"""In characters. The tables that the `regex` module makes of longer ones can take seconds, without a timeout."""

LONGEST_SUBJECT: Final = 1_000_000
"""Characters of a text that a regular expression is evaluated over."""

MOST_TURNS: Final = 400_000
"""Turns of groups in a text: the `regex` module takes about 100 bytes for each."""


class PatternTimeout(Exception):  # noqa: N818 - no failure of the pattern's
    """Matching takes longer than is allowed here: whether the text matches is not known."""


def matches_within(pattern: str, whole: str, seconds: float = REGEX_SECONDS) -> bool:
    """Whether the Java pattern matches the whole text.

    Raises InvalidPattern, NotFollowed, and PatternTimeout after `seconds` of the processor's time, or at once if the
    pattern or the text is too long.
    """
    too_long = _excess(pattern, whole)
    if too_long:
        raise PatternTimeout(too_long)
    try:
        return _compiled(pattern).fullmatch(whole, timeout=seconds) is not None
    except TimeoutError:
        raise PatternTimeout(f"matching takes longer than {seconds} s") from None


def matches(pattern: str, whole: str, budget: Budget) -> bool:
    """Return what `String.matches` gives. Raises EvaluationFault for a pattern that Java refuses, and LimitExceeded."""
    return _PatternRun(pattern, whole, budget).fullmatch()


def replace_all(pattern: str, whole: str, replacement: str, budget: Budget) -> str:
    """Return what `String.replaceAll` gives. Raises EvaluationFault, LimitExceeded."""
    return _replaced(_PatternRun(pattern, whole, budget), replacement, None)


def replace_first(pattern: str, whole: str, replacement: str, budget: Budget) -> str:
    """Return what `String.replaceFirst` gives. Raises EvaluationFault, LimitExceeded."""
    return _replaced(_PatternRun(pattern, whole, budget), replacement, 1)


def split(pattern: str, whole: str, limit: int, budget: Budget) -> list[str]:
    """Return the parts that `String.split` gives: with the limit 0, empty ones at the end are dropped."""
    parts: list[str] = []
    at = 0
    for match in _PatternRun(pattern, whole, budget).matches():
        if 0 < limit <= len(parts) + 1:
            break
        start, end = match.span()
        if end == 0:  # an empty match at the start makes no part
            continue
        budget.reserve_items(1)
        parts.append(whole[at:start])
        at = end
    budget.reserve(len(whole), width(whole))
    parts.append(whole[at:])
    while limit == 0 and at and parts and not parts[-1]:
        parts.pop()
    return parts


def _replaced(run: "_PatternRun", replacement: str, most: int | None) -> str:
    parts: list[str] = []
    at = 0
    reading: RegexReplacement | None = None
    for count, match in enumerate(run.matches(), start=1):
        if reading is None:  # a replacement that Java refuses does no harm without a match
            reading = read_replacement(replacement, match.re.groups, match.re.groupindex)
        parts += [run.whole[at : match.start()], *reading.parts(match)]
        at = match.end()
        run.budget.reserve(sum(map(len, parts[-1 - len(reading) :])) + 16)
        if count == most:
            break
    parts.append(run.whole[at:])
    run.budget.reserve(sum(map(len, parts)), max(map(width, parts)))
    return "".join(parts)


class _PatternRun:
    """One pattern over one text: each search takes its time from the budget."""

    def __init__(self, pattern: str, whole: str, budget: Budget) -> None:
        too_long = _excess(pattern, whole)
        if too_long:
            raise LimitExceeded(too_long)
        if not whole.isascii() and re.search(r"\\b", pattern, re.IGNORECASE):
            budget.note_unknown(r"whether \b knows letters beyond ASCII, which depends on the version of Java")
        self.whole = whole
        self.budget = budget
        budget.read(whole)
        start = time.thread_time()
        self.pattern = _checked(pattern)
        self._take(start)

    def fullmatch(self) -> bool:
        start = time.thread_time()
        try:
            return self.pattern.fullmatch(self.whole, timeout=self.budget.regex_seconds) is not None
        except TimeoutError:
            raise _too_long() from None
        finally:
            self._take(start)

    def matches(self) -> Iterator["_Match"]:
        at = 0
        while at <= len(self.whole):
            match = self._search(at)
            if match is None:
                return
            self.budget.spend()
            yield match
            at = match.end() + (match.start() == match.end())

    def _search(self, at: int) -> "_Match | None":
        start = time.thread_time()
        try:
            return self.pattern.search(self.whole, at, timeout=self.budget.regex_seconds)
        except TimeoutError:
            raise _too_long() from None
        finally:
            self._take(start)

    def _take(self, start: float) -> None:
        self.budget.regex_seconds -= time.thread_time() - start
        if self.budget.regex_seconds <= 0:
            raise _too_long()


def _excess(pattern: str, whole: str) -> str:
    """Return why the pattern or the text is too long, or nothing."""
    if len(pattern) > LONGEST_PATTERN:
        return f"a regular expression has more than {LONGEST_PATTERN:,} characters"
    groups = pattern.count("(")
    longest = MOST_TURNS // (groups + 1) if groups else LONGEST_SUBJECT
    return f"a regular expression is applied to more than {longest:,} characters" if len(whole) > longest else ""


def _too_long() -> LimitExceeded:
    return LimitExceeded(f"the regular expressions take longer than {REGEX_SECONDS} s")


def _checked(pattern: str) -> "_Compiled":
    try:
        return _compiled(pattern)
    except InvalidPattern as refused:
        raise EvaluationFault(f"Java does not compile the regular expression {pattern}: {refused}") from None
    except NotFollowed as construct:
        raise NotEvaluated(f"the regular expression {pattern} has {construct}, which is not evaluated here") from None


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> "_Compiled":
    import regex  # noqa: PLC0415 - takes 14 ms, and most commands have no use for it

    try:
        return regex.compile(translate(pattern).python, regex.ASCII | regex.DOTALL | regex.V0)
    except regex.error as error:
        raise NotFollowed(f"a construct that Python does not follow ({error})") from None
