"""What AWS may hold and a manifest cannot say.

Promise: `obstacle` names the one thing that stands in the way of a faithful manifest; where it gives None, what
`writer` writes is read back as the same responses. Pure.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from reconciler.manifest.schema.parts import ABSENT_WORD
from reconciler.manifest.schema.rest import STATUS_PATTERN
from reconciler.manifest.schema.websocket import RESPONSE_KEY_PATTERN
from reconciler.models.keys import MethodKey, Scope
from reconciler.models.responses import Response, RestResponse
from reconciler.yamlio.scalars import writable_key

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_REST_CODE: Final = re.compile(STATUS_PATTERN)
_WEBSOCKET_CODE: Final = re.compile(RESPONSE_KEY_PATTERN)
_TEMPLATES: Final = "responseTemplates"


def obstacle(scope: Scope, responses: Mapping[str, Response]) -> str | None:
    """Why the responses of a method or integration cannot be written down, None when they can."""
    return next(_obstacles(scope, responses), None)


def _obstacles(scope: Scope, responses: Mapping[str, Response]) -> Iterator[str]:
    if isinstance(scope, MethodKey) and not writable_key(scope.path):
        yield "its path cannot be a key"
    for code, response in responses.items():
        form = _REST_CODE if isinstance(response, RestResponse) else _WEBSOCKET_CODE
        if not form.fullmatch(code) or not writable_key(code):
            yield f"{code} is not a valid response key here"
        for path, text in _values(response):
            if text == ABSENT_WORD and not path.startswith(f"{_TEMPLATES}."):  # a template goes into a file
                yield f"{path} of {code} is the word `{ABSENT_WORD}`, which would mean that it is not set"
            if _SURROGATE.search(text):
                yield f"{path} of {code} is not Unicode text"
            if not writable_key(path):
                yield f"{path} of {code} cannot be a key"


def _values(response: Response) -> Iterator[tuple[str, str]]:
    for name, value in response.document().items():
        if isinstance(value, str):
            yield name, value
        elif value is not None:
            yield from ((f"{name}.{entry}", text) for entry, text in value.items())
