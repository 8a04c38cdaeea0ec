"""Select the integration response for a backend's answer.

A pattern has to match the whole text: the error message of a Lambda function, "" when it returned without an error, and
the status code of all other backends (API reference, "IntegrationResponse"; recorded answers). If no pattern matches,
the default response is selected. Which of several matching responses is selected is not documented.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from reconciler.mapping.answer.answer import Considered
from reconciler.mapping.answer.quoted import listed, quoted
from reconciler.mapping.characters import InvalidPattern, NotFollowed
from reconciler.mapping.exchange import HttpResult, LambdaResult, MockResult
from reconciler.mapping.java.regex import PatternTimeout, matches_within
from reconciler.mapping.patterns import LONGEST_PATTERN, Pattern, read_pattern
from reconciler.mapping.rendering import Unknown
from reconciler.models.responses import Response, RestResponse

WEBSOCKET_DEFAULT: Final = "$default"

_STATUS_LENGTH: Final = 3
"""Texts of this length are matched within bounded time by any pattern that is read (see `patterns`)."""

_SECONDS: Final = 0.5
"""For all patterns of a method together."""

_NO_MATCH: Final = (
    "No match for output mapping and no default output mapping configured. Endpoint Response Status Code: "
)
"""As in the execution logs that users quote."""

Texts: TypeAlias = tuple[str, ...] | Unknown
"""The texts that patterns may be matched against: one if it is known, Unknown if it may be anything."""


@dataclass(frozen=True, slots=True)
class ResponseSelection:
    """The keys of the responses that may be selected, None among them for no response: one if it is known.

    `why` says why it is not known, or why no response is selected, else "".
    """

    keys: tuple[str | None, ...]
    considered: tuple[Considered, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A response: its pattern in words and as Java text, None if it is the default; `fault` if it cannot be read."""

    key: str
    words: str
    pattern: str | None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class _MatchOutcome:
    """Whether a candidate matches, None if that is not known, and a sentence part that says so."""

    matches: bool | None
    why: str


def selecting_texts(backend: LambdaResult | HttpResult | MockResult) -> Texts:
    """Return the text that selects a response."""
    return _lambda_texts(backend) if isinstance(backend, LambdaResult) else (str(backend.status),)


def _lambda_texts(result: LambdaResult) -> Texts:
    message = _error_message(result.payload)
    if result.failed:
        return (message,) if message is not None else Unknown("the payload of the failed function has no errorMessage")
    # The API reference lets the header for function errors decide; no recording has this case
    return ("",) if not message else ("", message)


@lru_cache(maxsize=256)
def _error_message(payload: str) -> str | None:
    try:
        value = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    message = value.get("errorMessage") if isinstance(value, dict) else None
    return message if isinstance(message, str) else None


def select(responses: Mapping[str, Response], texts: Texts, status: int) -> ResponseSelection:
    """Return the response for a text; `status` is that of the backend, which only the log of a failure shows."""
    candidates = [_candidate(key, responses[key]) for key in sorted(responses)]
    if isinstance(texts, Unknown):
        outcomes = {each.key: _MatchOutcome(None, f"{each.words} may match: {texts.why}") for each in candidates}
        keys = list(_possible(candidates, outcomes))
        return _selection(candidates, outcomes, keys, texts.why, status)
    seconds = _SECONDS / (len(candidates) * len(texts) or 1)
    by_text = {text: {each.key: _outcome(each, text, seconds) for each in candidates} for text in texts}
    keys = [key for outcomes in by_text.values() for key in _possible(candidates, outcomes)]
    return _selection(candidates, _joined(by_text), keys, _reason(candidates, by_text), status)


def _candidate(key: str, response: Response) -> _Candidate:
    if isinstance(response, RestResponse):
        words = f"selectionPattern {quoted(response.selection_pattern)}"
        return _Candidate(key, words, response.selection_pattern or None)
    if key == WEBSOCKET_DEFAULT:
        return _Candidate(key, "", None)
    if len(key) > 1 and key[0] == key[-1] == "/":
        return _Candidate(key, f"key {quoted(key)}", key[1:-1])
    return _Candidate(key, f"key {quoted(key)}", key, "AWS documents only $default and regular expressions in slashes")


def _outcome(candidate: _Candidate, text: str, seconds: float) -> _MatchOutcome:
    if candidate.pattern is None:
        return _MatchOutcome(False, "")
    outcome = candidate.fault or _matches(candidate.pattern, text, seconds)
    if isinstance(outcome, str):
        return _MatchOutcome(None, f"{candidate.words} may match {quoted(text)}: {outcome}")
    return _MatchOutcome(outcome, f"{candidate.words} {'matches' if outcome else 'does not match'} {quoted(text)}")


@lru_cache(maxsize=4096)
def _matches(pattern: str, text: str, seconds: float) -> bool | str:
    """Whether a pattern matches a whole text, or why that is not known."""
    if len(text) <= _STATUS_LENGTH:
        reading = read_pattern(pattern)
        if isinstance(reading, Pattern):
            return reading.matches(text)
    if len(pattern) > LONGEST_PATTERN:
        return f"it has more than {LONGEST_PATTERN:,} characters"
    try:
        return matches_within(pattern, text, seconds)
    except InvalidPattern as invalid:
        return f"Java does not compile it ({invalid.reason})"
    except NotFollowed as construct:
        return f"it has a construct that is not evaluated here ({construct})"
    except PatternTimeout:
        return "matching takes too long"


def _possible(candidates: Iterable[_Candidate], outcomes: Mapping[str, _MatchOutcome]) -> Iterator[str | None]:
    """Yield every key that may be selected for one text."""
    keys = [key for key, outcome in outcomes.items() if outcome.matches]
    yield from keys
    yield from (each.key for each in candidates if _is_open(each, outcomes))
    if not keys:
        defaults = [each.key for each in candidates if each.pattern is None]
        yield from defaults or (None,)


def _is_open(candidate: _Candidate, outcomes: Mapping[str, _MatchOutcome]) -> bool:
    """Whether it is not known if the pattern matches."""
    return candidate.pattern is not None and outcomes[candidate.key].matches is None


def _joined(by_text: Mapping[str, Mapping[str, _MatchOutcome]]) -> dict[str, _MatchOutcome]:
    """Join the outcomes on several texts; those on one text stay as they are."""
    first, *others = by_text.values()
    return {
        key: outcome if not others else _MatchOutcome(None, "; ".join(each[key].why for each in by_text.values()))
        for key, outcome in first.items()
    }


def _reason(candidates: list[_Candidate], by_text: Mapping[str, Mapping[str, _MatchOutcome]]) -> str:
    """Return why it is not known which response is selected, where it is not."""
    if len(by_text) > 1:
        return "whether the errorMessage of a function that did not fail selects a response is not recorded"
    [(text, outcomes)] = by_text.items()
    unread = [outcomes[each.key].why for each in candidates if _is_open(each, outcomes)]
    if unread:
        return "; ".join(unread)
    matching = [each.key for each in candidates if outcomes[each.key].matches]
    if matching:
        return f"{listed(matching)} match {quoted(text)}, and which of them AWS selects is not documented"
    defaults = [each.key for each in candidates if each.pattern is None]
    return f"{listed(defaults)} are all defaults, which AWS does not allow" if defaults else ""


def _selection(
    candidates: list[_Candidate],
    outcomes: Mapping[str, _MatchOutcome],
    possible: Iterable[str | None],
    why: str,
    status: int,
) -> ResponseSelection:
    keys = tuple(dict.fromkeys(possible))
    selected = keys[0] if len(keys) == 1 else None
    considered = [
        Considered(
            each.key, each.key == selected, _of_default(each, keys) if each.pattern is None else outcomes[each.key].why
        )
        for each in candidates
    ]
    considered.sort(key=lambda each: not each.is_selected)
    if keys == (None,):
        why = f"no response matches and there is no default ({_NO_MATCH}{status})"
    return ResponseSelection(keys, tuple(considered), why if selected is None else "")


def _of_default(candidate: _Candidate, keys: tuple[str | None, ...]) -> str:
    """Return why the default response is selected or not."""
    if candidate.key not in keys:
        return "is the default and another response matches"
    if len(keys) == 1:
        return "is the default and no other response matches"
    return "is the default and another response may match"
