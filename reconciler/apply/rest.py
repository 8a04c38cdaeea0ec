"""The calls of REST APIs: each action is one call, and a put sends the whole response."""

from dataclasses import dataclass
from typing import assert_never

from reconciler.apply.calls import ObservedEffect
from reconciler.errors import NotFound
from reconciler.models.keys import MethodKey
from reconciler.models.targets import ResponseRef, Target
from reconciler.plan.actions import (
    CreateMethodResponse,
    CreateResponse,
    DeleteResponse,
    ExtendMethodResponse,
    ParkResponse,
    RestAction,
    UpdateResponse,
)
from reconciler.ports import Reader, Writer


@dataclass(frozen=True, slots=True)
class RestCall:
    """An `ActionCall`."""

    target: Target
    reader: Reader
    writer: Writer
    action: RestAction

    @property
    def adds(self) -> bool:
        """True for declarations: AWS refuses a method response that exists."""
        return isinstance(self.action, CreateMethodResponse | ExtendMethodResponse)

    def send(self) -> bool:
        """Put, delete or declare."""
        match self.action:
            case CreateResponse() | UpdateResponse() | ParkResponse():
                self.writer.put_response(self._ref, self.action.after)
            case DeleteResponse():
                return self.writer.delete_response(self._ref)
            case CreateMethodResponse():
                self.writer.put_method_response(self._ref, self.action.parameters)
            case ExtendMethodResponse():
                self.writer.add_parameters(self._ref, self.action.parameters)
            case _:
                assert_never(self.action)
        return True

    def effect(self) -> ObservedEffect:
        """Read the response again."""
        return ObservedEffect.TAKEN if self._took_effect() else ObservedEffect.NONE

    def _took_effect(self) -> bool:
        match self.action:
            case CreateResponse() | UpdateResponse() | ParkResponse():
                return self.reader.response(self._ref) == self.action.after
            case DeleteResponse():
                return self._is_gone()
            case CreateMethodResponse() | ExtendMethodResponse():
                method_response = self.reader.method_response(self._ref)
                return method_response is not None and method_response.parameters.issuperset(self.action.parameters)
            case _:
                assert_never(self.action)

    def _is_gone(self) -> bool:
        try:
            return self.reader.response(self._ref) is None
        except NotFound:  # the method or resource was deleted too
            return True

    @property
    def _ref(self) -> ResponseRef:
        scope = self.action.key.scope
        if not isinstance(scope, MethodKey):
            raise TypeError(scope)  # these actions are of REST APIs only
        return ResponseRef(self.target.api_id, self.action.resource_id, scope, self.action.key.code)
