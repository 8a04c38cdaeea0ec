"""Find what AWS holds and a manifest cannot express.

`export_blocker` returns the first reason why a manifest would not be faithful. If it returns None, the manifest that
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
from reconciler.yamlio.scalars import is_writable_key

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_REST_CODE: Final = re.compile(STATUS_PATTERN)
_WEBSOCKET_CODE: Final = re.compile(RESPONSE_KEY_PATTERN)
_TEMPLATES: Final = "responseTemplates"


def export_blocker(scope: Scope, responses: Mapping[str, Response]) -> str | None:
    """Return why the responses of a method or integration cannot be written to a manifest, None if they can."""
    return next(_blockers(scope, responses), None)


def _blockers(scope: Scope, responses: Mapping[str, Response]) -> Iterator[str]:
    if isinstance(scope, MethodKey) and not is_writable_key(scope.path):
        yield "its path cannot be a key"
    for code, response in responses.items():
        pattern = _REST_CODE if isinstance(response, RestResponse) else _WEBSOCKET_CODE
        if not pattern.fullmatch(code) or not is_writable_key(code):
            yield f"{code} is not a valid response key here"
        for path, text in _texts(response):
            if text == ABSENT_WORD and not path.startswith(f"{_TEMPLATES}."):  # a template goes into a file
                yield f'{path} of {code} is the text `{ABSENT_WORD}`, which means "not set" in a manifest'
            if _SURROGATE.search(text):
                yield f"{path} of {code} is not valid Unicode text"
            if not is_writable_key(path):
                yield f"{path} of {code} cannot be a key"


def _texts(response: Response) -> Iterator[tuple[str, str]]:
    for name, value in response.document().items():
        if isinstance(value, str):
            yield name, value
        elif value is not None:
            yield from ((f"{name}.{entry}", text) for entry, text in value.items())
