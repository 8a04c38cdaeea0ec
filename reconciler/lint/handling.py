"""Values of `contentHandling` and `contentHandlingStrategy` that are not known here.

AWS may add values, and an export writes them down as they are: a manifest that holds one is no mistake by itself. To
write one that the API does not have already is: AWS refuses what is not in its enumeration.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from reconciler.lint import rules
from reconciler.lint.violations import Violation
from reconciler.mapping.expressions import shown
from reconciler.models.desired import ABSENT, Desired
from reconciler.models.keys import ResponseKey
from reconciler.models.live import LiveApi
from reconciler.models.responses import CONTENT_HANDLINGS, Response, RestResponse
from reconciler.wording import did_you_mean

_WORDS: Final[Mapping[str, str]] = {
    "contentHandling": "content handling",
    "contentHandlingStrategy": "content handling strategy",
}


def unknown_handling(key: ResponseKey, wanted: Response) -> Iterator[Violation]:
    """Of a response by itself: at most one."""
    name, value = _handling(wanted)
    if value and value not in CONTENT_HANDLINGS:
        message = f"{shown(value)} is not a known {_WORDS[name]}"
        remedy = did_you_mean(value, CONTENT_HANDLINGS, "")
        yield Violation(rules.UNKNOWN_CONTENT_HANDLING, key, message, name, remedy)


def unwritable_handlings(desired: Desired, live: LiveApi) -> Iterator[Violation]:
    """The desired values that AWS would have to be sent, given what is live."""
    for key, wanted in desired.responses.items():
        if wanted is ABSENT:
            continue
        name, value = _handling(wanted)
        if not value or value in CONTENT_HANDLINGS or value == _live_value(key, live):
            continue
        remedy = f"write {' or '.join(CONTENT_HANDLINGS)}, or leave {name} out"
        yield Violation(rules.CONTENT_HANDLING, key, f"{shown(value)} is not a {_WORDS[name]}", name, remedy)


def _handling(response: Response) -> tuple[str, str | None]:
    if isinstance(response, RestResponse):
        return "contentHandling", response.content_handling
    return "contentHandlingStrategy", response.content_handling_strategy


def _live_value(key: ResponseKey, live: LiveApi) -> str | None:
    method = live.methods.get(key.scope)
    found = method.responses.get(key.code) if method else None
    return _handling(found)[1] if found else None
