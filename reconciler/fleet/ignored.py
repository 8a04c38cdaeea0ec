"""What ignore rules leave out of a report."""

from dataclasses import dataclass

from reconciler.diagnostics import Location


@dataclass(frozen=True, slots=True)
class IgnoredResponses:
    """The differences that one ignore rule leaves out in an environment and region.

    `fields` are the rule's, () for whole responses; `addresses` are the responses that differ from their manifests but
    for the rule.
    """

    match: str
    fields: tuple[str, ...]
    reason: str
    until: str | None
    environment: str | None
    region: str
    addresses: tuple[str, ...] = ()
    location: Location | None = None
