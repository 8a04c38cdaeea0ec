"""The event history of the model, in this process."""

import json
from collections.abc import Collection

from reconciler.models.writes import ApiWrite
from reconciler.ports import TrailWrites
from reconciler.sandbox.plane_client import PlaneClient
from reconciler.trail_events import write_of


class InMemoryTrail(PlaneClient):
    """The event history, as `reconciler.ports.Trail` describes it."""

    def writes(self, api_ids: Collection[str], events: Collection[str]) -> TrailWrites:
        """Return the writes to these APIs by operations of these names, the latest first."""
        writes: list[ApiWrite] = []
        for name in events:
            attribute = {"AttributeKey": "EventName", "AttributeValue": name}
            page = self._call("LookupEvents", LookupAttributes=[attribute])
            found = (write_of(json.loads(event["CloudTrailEvent"])) for event in page["Events"])
            writes += (write for write in found if write and write.api_id in api_ids)
        return TrailWrites(tuple(sorted(writes, key=lambda write: write.at, reverse=True)))
