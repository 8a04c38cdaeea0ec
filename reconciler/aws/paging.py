"""Lists that come in pages.

Promise: `all_items` gives the items of all pages, each page a call through the caller, or raises. Pages that go in
circles end in UnreadableAnswer.
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
    """What boto3 calls the items of a page, and the token that leads to the next."""

    items: str
    token: str


REST: Final = PageMembers("items", "position")
WEBSOCKET: Final = PageMembers("Items", "NextToken")


def all_items(caller: ApiCaller, call: ApiCall, page: Callable[[str], Raw], spelling: PageMembers) -> list[Raw]:
    """The items of all pages; `page` asks for the one that a token leads to, "" for the first.

    Raises AwsError, Interrupted.
    """
    found: list[Raw] = []
    seen: set[str] = set()
    token = ""
    while True:
        answer = caller.call(call, partial(page, token))
        found += answer.get(spelling.items) or ()
        token = answer.get(spelling.token) or ""
        if not token:
            return found
        if token in seen:
            raise UnreadableAnswer(
                f"{call}: the pages go in circles, {spelling.token} {token!r} came twice", "run it again"
            )
        seen.add(token)
