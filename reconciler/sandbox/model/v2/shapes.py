"""Pages, merges, and the checks that API Gateway v2 makes before any lookup.

Pure functions. JSON of the wrong type is refused as in v1 (by analogy: no recording of v2).
"""

from collections.abc import Sequence
from typing import Any, Final

from reconciler.sandbox.model import shapes
from reconciler.sandbox.model.errors import bad_request
from reconciler.sandbox.model.state import Json, sent_members, without_member

_DEFAULT_PAGE: Final = "25"
_MAXIMUM_PAGE: Final = 500


def required(request: Json, name: str) -> str:
    """Return a member that must be non-empty text."""
    value = shapes.text(request, name)
    if not value:
        raise bad_request(f"{name} is required")
    return value


def required_choice(request: Json, name: str, choices: Sequence[str]) -> str:
    """Return a required member that must be one of the choices."""
    value = required(request, name)
    if value not in choices:
        raise bad_request(f"{name} must be one of: {', '.join(choices)}")
    return value


def merge_update(
    before: Json, request: Json, texts: Sequence[str], maps: Sequence[str], others: Sequence[str] = ()
) -> Json:
    """Return the document after an update with those members that were sent; null counts as not sent.

    A text "" removes the member. Maps merge entry by entry, and "" removes an entry: that is proven for the request
    parameters of integrations (live probes by users), and assumed for every other map.
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
    """Return one page of a list. MaxResults is text (service model).

    The default and maximum size of a page are not recorded for v2: 25 and 500, as in v1.
    """
    max_results = shapes.text(request, "MaxResults") or _DEFAULT_PAGE
    if not (max_results.isascii() and max_results.isdecimal() and 1 <= int(max_results) <= _MAXIMUM_PAGE):
        raise bad_request(f"Invalid maxResults specified: {max_results}")
    answer = shapes.page({"limit": int(max_results), "position": request.get("NextToken")}, items, key)
    token = {"NextToken": answer["position"]} if "position" in answer else {}
    return {"Items": answer["items"], **token}
