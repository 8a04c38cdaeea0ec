r"""Read and evaluate selection patterns as API Gateway does.

`read_pattern` classifies any text as a pattern. `selectionPattern` is a java.util.regex pattern that
has to match the *whole* text (Developer Guide, "Handle Lambda errors"): `404` does not match "error 404". `.` does not
cross line ends, so `.*` misses a message of several lines. The text is the status code for HTTP, MOCK and AWS service
integrations; for Lambda functions it is the error message, and the empty string when there was no error (recorded
answers).

The tool itself evaluates the empty string and three-digit status codes; for those the time is bounded (see
`fragments`). Matching longer texts, such as error messages, can take as long as Java would:
`java.regex.matches_within` gives up in time.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeAlias

from reconciler.mapping.characters import InvalidPattern, NotFollowed
from reconciler.mapping.fragments import TOO_MUCH
from reconciler.mapping.java_regex import FLAGS, translate

STATUSES: Final = tuple(map(str, range(100, 600)))

# Without groups, and with few repetitions, neither Java's verdict nor the time needs a closer look.
_PLAIN: Final = re.compile(
    r"(?:(?:[\w ,:;'\"@#%&=<>/!~`-]|\.|\\[\[\](){}.*+?|^$/\\dws-])(?:[*+?]|\{[1-9]\})?\|?)*+", re.ASCII
)
_FEW: Final = 12

LONGEST_PATTERN: Final = 5_000
"""In characters. Longer patterns are not read, which would take too long."""
_STATUS: Final = re.compile("[1-5][0-9]{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that Java compiles and that is evaluated here as in Java."""

    text: str

    def matches(self, whole: str) -> bool:
        """Whether API Gateway would select a response with this pattern for the text `whole`."""
        return _compiled(self.text).fullmatch(whole) is not None


@dataclass(frozen=True, slots=True)
class Broken:
    """A pattern that Java does not compile; `offset` counts characters from 0."""

    text: str
    reason: str
    offset: int


@dataclass(frozen=True, slots=True)
class Unverifiable:
    """A pattern with a construct that is not evaluated here: it may be valid or broken."""

    text: str
    construct: str


Reading: TypeAlias = Pattern | Broken | Unverifiable


@cache
def read_pattern(text: str) -> Reading:
    """Classify `text` as a selection pattern. The empty text, the default for AWS, matches only itself."""
    return _read(text) if len(text) <= LONGEST_PATTERN else Unverifiable(text, f"{len(text):,} characters")


def _read(text: str) -> Reading:
    if _PLAIN.fullmatch(text) and sum(map(text.count, "*+?")) <= _FEW:
        return Pattern(text)
    try:
        if translate(text).effort >= TOO_MUCH:
            return Unverifiable(text, "so many ways to match that trying them all would take too long")
        if "(?<" in text:
            _compiled(text)
    except InvalidPattern as refused:
        return Broken(text, refused.reason, refused.offset)
    except NotFollowed as unknown:
        return Unverifiable(text, str(unknown))
    except re.error:
        # Python wants look-behinds of one length, Java only of a greatest one.
        return Unverifiable(text, "a look-behind of variable length")
    return Pattern(text)


@cache
def statuses(pattern: Pattern) -> frozenset[str]:
    """Return the status codes from 100 to 599 that the pattern matches."""
    if _STATUS.fullmatch(pattern.text):
        return frozenset({pattern.text})
    return frozenset(filter(pattern.matches, STATUSES))


@cache
def _compiled(text: str) -> re.Pattern[str]:
    return re.compile(translate(text).python, FLAGS)
