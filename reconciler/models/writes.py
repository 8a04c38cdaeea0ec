"""Writes to APIs, as the event history of their account records them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ApiWrite:
    """A write that AWS accepted.

    `at` is ISO 8601 in UTC, `event` the operation, `who` the principal as CloudTrail names it, `address` the IP address
    or AWS service that the call came from, `agent` the program. The other members say what the event names: the API,
    a method by its resource (REST), an integration (WebSocket), a response by its status or key, a stage; "" where it
    names none.
    """

    at: str
    event: str
    api_id: str
    who: str = ""
    address: str = ""
    agent: str = ""
    event_id: str = ""
    resource_id: str = ""
    method: str = ""
    code: str = ""
    integration_id: str = ""
    response_id: str = ""
    stage: str = ""
