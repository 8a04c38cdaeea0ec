"""Who changed the APIs that differ from their manifests."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AwsChange:
    """A write to an API in the account's event history (CloudTrail LookupEvents).

    `at` is ISO 8601 in UTC. `who` is the principal as CloudTrail names it, `address` the IP address or service it came
    from, `agent` the program. `event` is the operation, as in `UpdateIntegrationResponse`. `subject` is what the event
    names of the API, as in `GET /pets 404`, "" for the API as a whole.
    """

    at: str
    who: str
    event: str
    address: str = ""
    agent: str = ""
    subject: str = ""
    event_id: str = ""


@dataclass(frozen=True, slots=True)
class Blame:
    """The changes that may have caused a finding, the latest first; `note` says why there are none."""

    changes: tuple[AwsChange, ...] = ()
    note: str = ""
