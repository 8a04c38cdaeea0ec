"""Name response sets by what they hold.

`not-found` is a set with a 404, `standard-errors` one with errors of clients and servers, `cors` one of preflight
answers. A name that is taken gets the type of the content as well, as in `not-found-xml`, and then a number. Pure.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from reconciler.manifest.unique_names import UniqueNames, slug
from reconciler.models.responses import Response

_CLIENT_ERROR: Final = "4"
_SERVER_ERROR: Final = "5"

_STATUS_NAMES: Final[Mapping[str, str]] = {
    "301": "moved",
    "302": "redirect",
    "303": "see-other",
    "304": "not-modified",
    "307": "redirect",
    "308": "moved",
    "400": "bad-request",
    "401": "unauthorized",
    "402": "payment-required",
    "403": "forbidden",
    "404": "not-found",
    "405": "method-not-allowed",
    "406": "not-acceptable",
    "408": "request-timeout",
    "409": "conflict",
    "410": "gone",
    "412": "precondition-failed",
    "413": "too-large",
    "415": "unsupported-type",
    "422": "unprocessable",
    "429": "throttled",
    "500": "server-error",
    "501": "not-implemented",
    "502": "bad-gateway",
    "503": "unavailable",
    "504": "gateway-timeout",
}
_CORS: Final = "method.response.header.Access-Control-"
_TYPES: Final = ("json", "xml", "html", "text", "csv")


def is_cors(response: Response) -> bool:
    """Whether all that a response sets is headers of CORS, and there is one."""
    names = response.response_parameters
    return bool(names) and all(name.startswith(_CORS) for name in names)


def is_success(code: str) -> bool:
    """Whether a response is a success: its status is, or it is the default of a WebSocket integration."""
    return code.startswith("2") or code == "$default"


def set_name(responses: Mapping[str, Response], names: UniqueNames) -> str:
    """Return a name for a set with these responses, and take it."""
    name = _name(responses)
    if names.is_taken(name):
        kind = next(iter(_types(responses.values())), "plain")
        name = f"{name}-{kind}"
    return names.take(name)


def _name(responses: Mapping[str, Response]) -> str:
    if all(map(is_cors, responses.values())) and not any(one.response_templates for one in responses.values()):
        return "cors" if all(map(is_success, responses)) else "cors-errors"
    if all(map(is_success, responses)):
        return "cors" if all(map(is_cors, responses.values())) else "success"
    if len(responses) == 1:
        code = next(iter(responses))
        return _STATUS_NAMES.get(code) or _class_name({_class(code)}, code)
    return _class_name({_class(code) for code in responses})


def _class(code: str) -> str:
    """Return the first digit of a status, or of the statuses that the key of a WebSocket response names."""
    return code.lstrip("/^(")[:1]


def _class_name(classes: Collection[str], code: str = "") -> str:
    if classes == {_CLIENT_ERROR}:
        return f"error-{code}" if code.isdigit() else "client-errors"
    if classes == {_SERVER_ERROR}:
        return f"error-{code}" if code.isdigit() else "server-errors"
    if classes == {_CLIENT_ERROR, _SERVER_ERROR}:
        return "standard-errors"
    if classes == {"3"}:
        return "redirects"
    return slug(code.lower(), default="responses") if code else "responses"


def _types(responses: Iterable[Response]) -> Iterator[str]:
    """Yield the types of the templates' content, in words."""
    for response in responses:
        for content_type in response.response_templates:
            yield from (word for word in _TYPES if word in content_type.lower())
