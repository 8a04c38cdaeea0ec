"""Find the method responses that integration responses need.

At run time, API Gateway answers 500 for a mapped status that the method does not declare ("Output mapping refers to an
invalid method response"), and it refuses a Put that maps an undeclared header with 400 (recorded
answers). Checks, plans and drift reports use this.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.models.desired import Desired
from reconciler.models.keys import MethodKey, ResponseKey
from reconciler.models.live import LiveApi, LiveMethod
from reconciler.models.views import rest_responses


@dataclass(frozen=True, slots=True)
class MethodResponseNeed:
    """A method response to create (`exists` False) or to extend by `parameters` (sorted `method.response.header.X`)."""

    scope: MethodKey
    code: str
    exists: bool
    parameters: tuple[str, ...]

    @property
    def key(self) -> ResponseKey:
        """The integration response that needs it."""
        return ResponseKey(self.scope, self.code)


def missing_method_responses(desired: Desired, live: LiveApi) -> Iterator[MethodResponseNeed]:
    """Yield what the desired responses of live methods need and lack, in the order of `desired`.

    Methods that are not live are skipped, and so are proxy integrations, whose integration responses AWS ignores.
    """
    for key, wanted in rest_responses(desired):
        method = live.methods.get(key.scope)
        if not isinstance(key.scope, MethodKey) or not isinstance(method, LiveMethod) or method.is_proxy:
            continue
        declared = method.method_responses.get(key.code)
        known = declared.parameters if declared else frozenset()
        lacking = tuple(sorted(name for name in wanted.response_parameters if name not in known))
        if declared is None or lacking:
            yield MethodResponseNeed(key.scope, key.code, exists=declared is not None, parameters=lacking)
