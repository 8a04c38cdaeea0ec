"""Pages, merges, and what API Gateway v2 refuses before it looks anything up.

Promise: pure functions. JSON of the wrong type is refused as in v1 (by analogy: no recording of v2).
"""

from collections.abc import Sequence
from typing import Any, Final

from reconciler.sandbox.model import shapes
from reconciler.sandbox.model.errors import bad_request
from reconciler.sandbox.model.state import Json, sent_members, without_member

_DEFAULT_PAGE: Final = "25"
_MAXIMUM_PAGE: Final = 500


def required(request: Json, name: str) -> str:
    """A member that must be text and not empty."""
    value = shapes.text(request, name)
    if not value:
        raise bad_request(f"{name} is required")
    return value


def required_choice(request: Json, name: str, choices: Sequence[str]) -> str:
    """A required member that is one of the choices."""
    value = required(request, name)
    if value not in choices:
        raise bad_request(f"{name} must be one of: {', '.join(choices)}")
    return value


def merge_update(
    before: Json, request: Json, texts: Sequence[str], maps: Sequence[str], others: Sequence[str] = ()
) -> Json:
    """The document after an update with what was sent of these members; null counts as not sent.

    A text "" takes the member away. Maps merge entry by entry, and "" takes an entry away: that is proven for the
    request parameters of integrations (live probes that users report), and assumed of every other map.
    """
    after = {**before, **sent_members(request, *others)}
    for name in texts:
        value = shapes.text(request, name)
        if value is not None:
            after = {**after, name: value} if value else without_member(after, name)
    for name in maps:
        sent = shapes.text_map(request, name) or {}
        entries = {**(after.get(name) or {}), **sent}
        if name in after or entries:
            after[name] = {key: value for key, value in entries.items() if value or key not in sent}
    return after


def page(request: Json, items: Sequence[Json], key: str) -> dict[str, Any]:
    """One page of a listing. MaxResults is text (service model).

    How many there are to a page by default and at most is not on record for v2: 25 and 500, as in v1.
    """
    asked_for = shapes.text(request, "MaxResults") or _DEFAULT_PAGE
    if not (asked_for.isascii() and asked_for.isdecimal() and 1 <= int(asked_for) <= _MAXIMUM_PAGE):
        raise bad_request(f"Invalid maxResults specified: {asked_for}")
    answer = shapes.page({"limit": int(asked_for), "position": request.get("NextToken")}, items, key)
    token = {"NextToken": answer["position"]} if "position" in answer else {}
    return {"Items": answer["items"], **token}
