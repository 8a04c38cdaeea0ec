"""The execution log that TestInvokeMethod returns, written as AWS writes it.

One entry for each step, each with the time, in this order; an entry of more than 1,024 bytes is cut off (recorded
answers for mock integrations, users' logs for others; Developer Guide, "Set up CloudWatch logging").
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

from reconciler.mapping.exchange import Payload
from reconciler.mapping.execution_log import BINARY, TRUNCATED

_LONGEST: Final = 1_024


def java_map(entries: Mapping[str, str | Iterable[str]]) -> str:
    """Return a map as Java prints it; the values of a repeated header are joined with commas (users' logs)."""
    texts = {name: value if isinstance(value, str) else ",".join(value) for name, value in entries.items()}
    return f"{{{', '.join(f'{name}={value}' for name, value in texts.items())}}}"


def logged(payload: Payload) -> str:
    """Return a body as the log shows it."""
    return payload if isinstance(payload, str) else BINARY


def execution_log(request_id: str, seconds: int, entries: Iterable[str]) -> str:
    """Return the log of a request that was received at a time in seconds since the epoch."""
    time = datetime.fromtimestamp(seconds, UTC).strftime("%a %b %d %H:%M:%S UTC %Y")
    lines = [f"{time} : {_cut(entry)}" for entry in (f"Starting execution for request: {request_id}", *entries)]
    return "\n".join((f"Execution log for request {request_id}", *lines, ""))


def _cut(entry: str) -> str:
    encoded = entry.encode()
    if len(encoded) <= _LONGEST:
        return entry
    return encoded[: _LONGEST - len(TRUNCATED)].decode(errors="ignore") + TRUNCATED
