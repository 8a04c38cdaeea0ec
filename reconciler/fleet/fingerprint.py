"""The stable name of a finding, by which two runs know that they found the same thing."""

import hashlib
from typing import Final

from reconciler.findings import Finding
from reconciler.models.targets import Target

_DIGITS: Final = 24


def fingerprint(target: Target, finding: Finding, stage: str = "") -> str:
    """Name a difference by its API, address, subject and type, whatever its values. `stage` is "" for the draft."""
    return _digest(
        target.account_id, target.region, target.api_id, stage, finding.address, finding.subject, finding.type.value
    )


def error_fingerprint(environment: str | None, region: str, address: str, stage: str = "") -> str:
    """Name what could not be compared, by where that is: a target that cannot be read may have no id."""
    return _digest("error", environment or "", region, stage, address)


def lag_fingerprint(target: Target, stage: str) -> str:
    """Name a stage of a WebSocket API that serves other responses than the draft has."""
    return _digest("lag", target.account_id, target.region, target.api_id, stage)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
