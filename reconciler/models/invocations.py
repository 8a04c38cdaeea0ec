"""One test call of a REST method's draft through TestInvokeMethod, and what AWS answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.models.keys import MethodKey


@dataclass(frozen=True, slots=True)
class MethodInvocation:
    """A test call of one method of one REST API.

    `path` is the path with the query string, percent-encoded, as in `/pets/7?page=2`. The body is text.
    """

    api_id: str
    resource_id: str
    scope: MethodKey
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    stage_variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InvocationResult:
    """What a client would get, as TestInvokeMethod returns it, and the execution log of the call.

    `headers` has every value of each header. `latency` is in milliseconds.
    """

    status: int
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    body: str = ""
    log: str = ""
    latency: int = 0
