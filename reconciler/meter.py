"""A meter that counts calls as they are made."""

import threading
from collections import defaultdict

from reconciler.ports import Usage

_CALL = Usage(calls=1)
_THROTTLE = Usage(throttles=1)


class CallMeter:
    """`ports.Meter`: every request counts as a call, and one that AWS throttled as a throttle too."""

    def __init__(self) -> None:
        self._total = Usage()
        self._by_api: defaultdict[str, Usage] = defaultdict(Usage)
        self._lock = threading.Lock()

    def usage(self, api_id: str | None = None) -> Usage:
        """Return the usage of one API, or of all of them and the listings."""
        with self._lock:
            return self._total if api_id is None else self._by_api.get(api_id, Usage())

    def called(self, api_id: str) -> None:
        """Count a request about an API; "" for one about several, such as a listing."""
        self._add(api_id, _CALL)

    def throttled(self, api_id: str) -> None:
        """Count a request, already counted as a call, that AWS throttled."""
        self._add(api_id, _THROTTLE)

    def _add(self, api_id: str, usage: Usage) -> None:
        with self._lock:
            self._total += usage
            if api_id:
                self._by_api[api_id] += usage
