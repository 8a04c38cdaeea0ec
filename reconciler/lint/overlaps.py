"""Find patterns of one method that match the same text, and responses that another pattern leaves nothing to.

What a pattern is matched against depends on the integration, which a manifest does not have: a status code, or the
error message of a Lambda function. So any text that two patterns match counts; a status code is the preferred example.

Of n patterns n * n / 2 pairs can overlap. A REST method has 500 statuses, and so at most 500 patterns; an integration
of a WebSocket API has no such limit, so each pattern is compared with the first `MOST_COMPARED` only, and no further
than to `MOST_NAMED` overlaps.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from reconciler.lint.violations import Violation
from reconciler.lint.websocket_offline import regex_of
from reconciler.mapping.expressions import shown
from reconciler.mapping.languages import Languages, Relation
from reconciler.models.desired import Desired
from reconciler.models.keys import ResponseKey, Scope
from reconciler.models.views import rest_responses, websocket_responses
from reconciler.rules import LintRule

MOST_COMPARED: Final = 500
"""How many patterns each pattern is compared with."""

MOST_NAMED: Final = 3
"""How many overlaps of one pattern are reported."""

MOST_STEPS: Final = 2_000_000
"""For all comparisons of one API, about a second; pairs beyond that are not compared."""

_UNDOCUMENTED: Final = "AWS does not document which it selects"

# These match themselves alone, so that two of them are equal or have nothing in common
_LITERAL: Final = re.compile(r"[A-Za-z0-9 _:,-]*")
# A pattern without positions in it always matches something
_POSITION: Final = re.compile(r"\(\?[=!]|.\^|\$.|\\[AZz]", re.DOTALL)


# Without positions and flags, which would mean something else within another pattern, and short enough to be shown
_JOINABLE: Final = re.compile(r"(?:[^^$\\(]|\((?!\?)|\\[^AZzbBQEG]){1,25}")


@dataclass(frozen=True, slots=True)
class Selector:
    """What selects a response: the pattern of a REST response, or the text in the key of a WebSocket response."""

    key: ResponseKey
    text: str
    is_key: bool
    is_literal: bool

    @property
    def path(self) -> str:
        """The field."""
        return "" if self.is_key else "selectionPattern"

    @property
    def label(self) -> str:
        """What messages name it by."""
        return shown(self.key.code) if self.is_key else self.key.code

    def __str__(self) -> str:
        return f"the {'key' if self.is_key else 'pattern of'} {self.label}"


def overlap_violations(desired: Desired) -> Iterator[Violation]:
    """Yield the violations by each pattern, compared with those of the same method that come before it."""
    methods = [method for method in _selectors(desired).values() if not all(each.is_literal for each in method)]
    if not methods:
        return
    languages = Languages((each.text for method in methods for each in method), MOST_STEPS)
    for method in methods:
        for each in method:
            if _POSITION.search(each.text) and languages.matches_nothing(each.text):
                yield Violation(LintRule.UNREACHABLE_RESPONSE, each.key, f"{each} matches no text", each.path)
        yield from _overlaps(method, languages)


def _selectors(desired: Desired) -> Mapping[Scope, list[Selector]]:
    """Return the patterns by method; default responses have none."""
    selectors: defaultdict[Scope, list[Selector]] = defaultdict(list)
    for key, wanted in rest_responses(desired):
        text = wanted.selection_pattern
        if text and desired.owns_field(key, "selectionPattern"):
            selectors[key.scope].append(_selector(key, text, is_key=False))
    for key, _ in websocket_responses(desired):
        if regex := regex_of(key):
            selectors[key.scope].append(_selector(key, regex, is_key=True))
    return selectors


def _selector(key: ResponseKey, text: str, *, is_key: bool) -> Selector:
    return Selector(key, text, is_key, _LITERAL.fullmatch(text) is not None)


def _overlaps(method: Sequence[Selector], languages: Languages) -> Iterator[Violation]:
    unreachable: set[ResponseKey] = set()
    for place, second in enumerate(method):
        named = 0
        for first in method[: min(place, MOST_COMPARED)]:
            relation = _relation(first, second, languages)
            if relation is None or relation.common is None:
                continue
            narrow, wide = (second, first) if relation.second_is_covered else (first, second)
            if not relation.first_is_covered and not relation.second_is_covered:
                named += 1
                yield _overlapping(first, second, relation.common, is_last=named == MOST_NAMED)
                if named == MOST_NAMED:
                    break
            elif narrow.key not in unreachable:
                unreachable.add(narrow.key)
                yield _unreachable(narrow, wide, relation.common)


def _relation(first: Selector, second: Selector, languages: Languages) -> Relation | None:
    if first.text == second.text or (first.is_literal and second.is_literal):
        return None
    return languages.relation(first.text, second.text)


def _unreachable(narrow: Selector, wide: Selector, common: str) -> Violation:
    message = f"every text that {narrow} matches, such as {_example(common)}, also matches {wide}; {_UNDOCUMENTED}"
    return Violation(LintRule.UNREACHABLE_RESPONSE, narrow.key, message, narrow.path, _without(narrow.text, wide.text))


def _without(narrow: str, wide: str) -> str:
    """Return the remedy with the wide pattern less the narrow one; "" where that cannot simply be put together."""
    if not _JOINABLE.fullmatch(narrow) or not _JOINABLE.fullmatch(wide):
        return ""
    excluded, rest = (f"(?:{text})" if "|" in text else text for text in (narrow, wide))
    return (
        f"exclude these texts from the wider pattern, as in {shown(f'(?!{excluded}$){rest}')}, or remove the response"
    )


def _overlapping(first: Selector, second: Selector, common: str, *, is_last: bool) -> Violation:
    both = f"the {'keys' if second.is_key else 'patterns of'} {first.label} and {second.label} both match"
    others = f"; {second.label} may overlap with others too" if is_last else ""
    message = f"{both} {_example(common)}; {_UNDOCUMENTED}{others}"
    return Violation(LintRule.OVERLAPPING_PATTERNS, second.key, message, second.path)


def _example(text: str) -> str:
    return shown(text) if text else "the empty text"
