"""Which APIs and methods no manifest lists."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CoverageCount:
    """How many of the REST and WebSocket APIs that were listed a manifest addresses."""

    apis: int
    covered: int
