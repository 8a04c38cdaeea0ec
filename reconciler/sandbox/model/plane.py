"""The control plane of one account and region, and the simulated AWS of all of them.

Every call goes through `call`, which records it, throttles it if quotas are enforced, lets a queued fault fire, and
runs the operation under a lock.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any, Final, TypeAlias, assert_never

from reconciler.sandbox.model import (
    apis,
    definitions,
    deployments,
    export,
    integrations,
    invocations,
    methods,
    responses,
    stages,
    v2,
)
from reconciler.sandbox.model.errors import ModelError, unsupported
from reconciler.sandbox.model.event_log import EventLog
from reconciler.sandbox.model.faults import (
    Dropped,
    ErrorAnswer,
    Fault,
    FaultQueue,
    FixedAnswer,
    LostAnswer,
    NoConnection,
    SlowDeployment,
    TransportFailure,
    Truncated,
    throttled,
)
from reconciler.sandbox.model.quotas import Quotas
from reconciler.sandbox.model.state import BackendAnswers, IdSource, Json, RestState
from reconciler.sandbox.model.v2.deployments import create_slow_deployment, served_integrations
from reconciler.sandbox.model.v2.state import V2State

ACCOUNT_ID: Final = "123456789012"
REGION: Final = "eu-west-1"

Operation: TypeAlias = Callable[[RestState, Json], Json]

_OPERATIONS: Final[Mapping[str, Operation]] = {
    **apis.OPERATIONS,
    **methods.OPERATIONS,
    **integrations.OPERATIONS,
    **responses.OPERATIONS,
    **invocations.OPERATIONS,
    **definitions.OPERATIONS,
    **deployments.OPERATIONS,
    **stages.OPERATIONS,
    **export.OPERATIONS,
}


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """A received call, whatever its result."""

    operation: str
    parameters: Json
    writes: bool


class CallLog(list[RecordedCall]):
    """Every received call, in order."""

    def names(self) -> list[str]:
        """Return the names of the operations, in order."""
        return [call.operation for call in self]

    def of(self, operation: str) -> list[RecordedCall]:
        """Return the calls of one operation."""
        return [call for call in self if call.operation == operation]

    def reads(self) -> list[RecordedCall]:
        """Return the calls that only read."""
        return [call for call in self if not call.writes]

    def writes(self) -> list[RecordedCall]:
        """Return the calls that write, successful or not."""
        return [call for call in self if call.writes]


class ControlPlane:
    """API Gateway in one account and region. The same seed and the same calls give the same ids and dates.

    `clock` gives the times of events in seconds since the epoch; None: they are made up, too.
    """

    def __init__(
        self,
        account_id: str = ACCOUNT_ID,
        region: str = REGION,
        seed: str = "",
        backends: BackendAnswers = MappingProxyType({}),
        clock: Callable[[], float] | None = None,
    ) -> None:
        self.account_id = account_id
        self.region = region
        self.calls = CallLog()
        self.faults = FaultQueue()
        self.quotas: Quotas | None = None
        self._state = RestState(account_id, region, seed, backends)
        self._events = EventLog(account_id, region, clock)
        self._v2 = V2State(region, self._state.ids, self._state.now)
        self._lock = threading.Lock()

    @property
    def ids(self) -> IdSource:
        """The source of ids for new objects."""
        return self._state.ids

    def call(self, operation: str, /, **parameters: Any) -> Json:  # noqa: ANN401 - each operation has its own
        """Run the operation of this name in boto3; of names in both versions, v2 is the one with `ApiId`.

        Raises ModelError for AWS's error responses, TransportFailure for a fault that leaves the caller without one.
        """
        with self._lock:
            self.calls.append(RecordedCall(operation, parameters, writes=not operation.startswith(("Get", "Lookup"))))
            fault = self._throttle(operation, parameters) or self.faults.take(operation, parameters)
            if fault is not None:
                return self._apply_fault(fault, operation, parameters)
            return self._run(operation, parameters)

    def _throttle(self, operation: str, parameters: Json) -> Fault | None:
        """Return the fault of a call that exceeds a quota; v2 has no Retry-After (service model).

        LookupEvents is CloudTrail's, with quotas of its own, which are not enforced.
        """
        retry_after = self.quotas.admit(operation) if self.quotas and operation != "LookupEvents" else 0
        return throttled(None if _is_v2(operation, parameters) else retry_after) if retry_after else None

    def _run(self, operation: str, parameters: Json) -> Json:
        try:
            outcome = self._outcome(operation, parameters)
        except ModelError as error:
            self._events.record(operation, parameters, error)
            raise
        self._events.record(operation, parameters, outcome)
        return outcome

    def _outcome(self, operation: str, parameters: Json) -> Json:
        if operation == "LookupEvents":
            return self._events.lookup(parameters)
        if _is_v2(operation, parameters):
            return v2.OPERATIONS[operation](self._v2, parameters)
        handler = _OPERATIONS.get(operation)
        if handler is None:
            raise unsupported(f"the operation {operation}")
        return handler(self._state, parameters)

    def _apply_fault(self, fault: Fault, operation: str, parameters: Json) -> Json:
        match fault:
            case ErrorAnswer(error):
                raise error.with_traceback(None)  # it may be raised many times
            case FixedAnswer(answer):
                return answer
            case SlowDeployment():
                return self._start_slowly(fault, operation, parameters)
            case NoConnection() | Dropped():
                raise TransportFailure(fault)
            case LostAnswer() | Truncated():
                raise TransportFailure(fault, self._lost_outcome(operation, parameters))
            case _:
                assert_never(fault)

    def _start_slowly(self, fault: SlowDeployment, operation: str, parameters: Json) -> Json:
        if operation != "CreateDeployment" or "ApiId" not in parameters:
            raise ValueError(f"{operation} finishes at once: only deployments of v2 can be slow")
        return create_slow_deployment(self._v2, parameters, fault.reads, fault.failure)

    def _lost_outcome(self, operation: str, parameters: Json) -> Json | ModelError:
        """Run the operation and return the result that gets lost, which may be an error."""
        try:
            return self._run(operation, parameters)
        except ModelError as error:
            return error

    def copy(self) -> "ControlPlane":
        """Return an independent plane in the same state, without call log and faults. Cheap: they share state."""
        twin = ControlPlane(self.account_id, self.region)
        twin._state = self._state.copy()
        twin._v2 = self._v2.copy(twin._state.ids, twin._state.now)
        return twin

    def served(self, api_id: str, stage_name: str) -> Mapping[str, Sequence[Json]]:
        """Return what a stage of a WebSocket API serves: integration id -> responses. AWS has no call for it."""
        with self._lock:
            integrations = served_integrations(self._v2, {"ApiId": api_id, "StageName": stage_name})
            return {
                integration_id: tuple(integration.responses.values())
                for integration_id, integration in integrations.items()
            }


def _is_v2(operation: str, parameters: Json) -> bool:
    return operation in v2.OPERATIONS and (operation not in _OPERATIONS or "ApiId" in parameters)


class SimulatedAws:
    """Every account and region, each created at its first use; `backends` answer test calls in all of them.

    `clock` is as in `ControlPlane`.
    """

    def __init__(
        self,
        seed: str = "",
        backends: BackendAnswers = MappingProxyType({}),
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._seed = seed
        self._backends = backends
        self._clock = clock
        self._new_quotas: Callable[[], Quotas | None] = lambda: None
        self._planes: dict[tuple[str, str], ControlPlane] = {}
        self._lock = threading.Lock()

    def plane(self, account_id: str = ACCOUNT_ID, region: str = REGION) -> ControlPlane:
        """Return the control plane of an account and region."""
        with self._lock:
            key = (account_id, region)
            if key not in self._planes:
                self._planes[key] = ControlPlane(account_id, region, self._seed, self._backends, self._clock)
                self._planes[key].quotas = self._new_quotas()
            return self._planes[key]

    def enforce_quotas(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Throttle calls from now on as AWS does; each account and region has its own quotas, with full bursts."""
        with self._lock:
            self._new_quotas = partial(Quotas, clock)
            for plane in self._planes.values():
                plane.quotas = self._new_quotas()
