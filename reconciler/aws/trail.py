"""The event history: CloudTrail's LookupEvents, which everybody has without setting up a trail.

A lookup takes one attribute besides the time. The name of the operation keeps the number of calls smallest: nearly all
events of API Gateway are reads, and a fleet that is compared every hour makes most of them itself. Writes are few, so
that one page of 50 events for each name goes back for days or months, and it serves all APIs of the account and region
at once. `ResourceName` would be exact, but events of API Gateway name no resources (published events).
"""

import json
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Final

from reconciler.aws import calls
from reconciler.aws.response_checks import Raw
from reconciler.aws.retry import ApiCaller
from reconciler.models.writes import ApiWrite
from reconciler.ports import TrailWrites
from reconciler.trail_events import write_of

if TYPE_CHECKING:
    from types_boto3_cloudtrail import CloudTrailClient

MOST_PAGES: Final = 10
"""How many pages of 50 events are read for each name: other services have operations of the same names."""

_LONGEST_EVENT: Final = 300_000
"""The most characters of an event that is looked at; CloudTrail's own limit is 256 KB."""


class EventHistory:
    """`ports.Trail` of one account and region."""

    def __init__(self, client: "CloudTrailClient", caller: ApiCaller) -> None:
        self._client = client
        self._caller = caller

    def writes(self, api_ids: Collection[str], events: Collection[str]) -> TrailWrites:
        """Return the writes to these APIs, at most `MOST_PAGES` calls for each name. Raises AwsError, Interrupted."""
        writes: list[ApiWrite] = []
        is_complete = True
        for name in events:
            found, is_whole = self._named(name)
            writes += (write for write in found if write.api_id in api_ids)
            is_complete = is_complete and is_whole
        return TrailWrites(tuple(sorted(writes, key=lambda write: write.at, reverse=True)), is_complete)

    def _named(self, name: str) -> tuple[list[ApiWrite], bool]:
        """Return the writes of one name, and whether these are all of them."""
        found: list[ApiWrite] = []
        token = ""
        for _ in range(MOST_PAGES):
            page = self._page(name, token)
            found += (write for event in page.get("Events") or () if (write := _write(event)))
            token = page.get("NextToken") or ""
            if not token:
                return found, True
        return found, False

    def _page(self, name: str, token: str) -> Raw:
        call = calls.lookup_events(self._caller.destination, name)
        more: dict[str, Any] = {"NextToken": token} if token else {}
        return self._caller.call(
            call,
            lambda: self._client.lookup_events(
                LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": name}], MaxResults=50, **more
            ),
        )


def _write(event: Raw) -> ApiWrite | None:
    text = event.get("CloudTrailEvent") or ""
    if len(text) > _LONGEST_EVENT:
        return None
    try:
        return write_of(json.loads(text))
    except (ValueError, RecursionError):
        return None
