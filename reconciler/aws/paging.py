"""Paginated lists.

`all_items` returns the items of all pages, with one call for each page, or raises. A list whose pages repeat raises
UnreadableAnswer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from reconciler.aws.calls import ApiCall
from reconciler.aws.response_checks import Raw
from reconciler.aws.retry import ApiCaller
from reconciler.errors import UnreadableAnswer


@dataclass(frozen=True, slots=True)
class PageMembers:
    """The members of a page in boto3's response: its items, and the token of the next page."""

    items: str
    token: str


REST: Final = PageMembers("items", "position")
WEBSOCKET: Final = PageMembers("Items", "NextToken")


def all_items(caller: ApiCaller, call: ApiCall, page: Callable[[str], Raw], members: PageMembers) -> list[Raw]:
    """Return the items of all pages; `page` requests the page of a token, "" for the first.

    Raises AwsError, Interrupted.
    """
    collected: list[Raw] = []
    seen: set[str] = set()
    token = ""
    while True:
        response = caller.call(call, partial(page, token))
        collected += response.get(members.items) or ()
        token = response.get(members.token) or ""
        if not token:
            return collected
        if token in seen:
            raise UnreadableAnswer(
                f"{call}: the pages repeat: {members.token} {token!r} was returned twice", "run the command again"
            )
        seen.add(token)
