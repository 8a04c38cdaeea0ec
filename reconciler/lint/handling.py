"""Check for unknown values of `contentHandling` and `contentHandlingStrategy`.

AWS may add values, and `export` writes them as they are, so an unknown value is only a warning. Writing one that the
API does not already have is an error: AWS refuses values outside of its enumeration.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from reconciler.lint.violations import Violation
from reconciler.mapping.expressions import shown
from reconciler.models.desired import ABSENT, Desired
from reconciler.models.keys import ResponseKey
from reconciler.models.live import LiveApi
from reconciler.models.responses import CONTENT_HANDLINGS, Response, RestResponse
from reconciler.rules import LintRule
from reconciler.wording import did_you_mean

_WORDS: Final[Mapping[str, str]] = {
    "contentHandling": "content handling",
    "contentHandlingStrategy": "content handling strategy",
}


def unknown_handling(key: ResponseKey, wanted: Response) -> Iterator[Violation]:
    """Yield at most one violation, for a response by itself."""
    name, value = _handling(wanted)
    if value and value not in CONTENT_HANDLINGS:
        message = f"{shown(value)} is not a known {_WORDS[name]}"
        remedy = did_you_mean(value, CONTENT_HANDLINGS, "")
        yield Violation(LintRule.UNKNOWN_CONTENT_HANDLING, key, message, name, remedy)


def unwritable_handlings(desired: Desired, live: LiveApi) -> Iterator[Violation]:
    """Yield the unknown values that would have to be written, given the live API."""
    for key, wanted in desired.responses.items():
        if wanted is ABSENT:
            continue
        name, value = _handling(wanted)
        if not value or value in CONTENT_HANDLINGS or value == _live_value(key, live):
            continue
        remedy = f"write {' or '.join(CONTENT_HANDLINGS)}, or leave {name} out"
        yield Violation(LintRule.CONTENT_HANDLING, key, f"{shown(value)} is not a {_WORDS[name]}", name, remedy)


def _handling(response: Response) -> tuple[str, str | None]:
    if isinstance(response, RestResponse):
        return "contentHandling", response.content_handling
    return "contentHandlingStrategy", response.content_handling_strategy


def _live_value(key: ResponseKey, live: LiveApi) -> str | None:
    method = live.methods.get(key.scope)
    response = method.responses.get(key.code) if method else None
    return _handling(response)[1] if response else None
