"""What integration responses need of their method's own declarations.

At run time a mapped status that the method does not declare is answered with 500 ("Output mapping refers to an invalid
method response"), and a Put that maps an undeclared header is refused with 400 (recorded answers). Checks, plans and
drift reports ask here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.models.desired import ABSENT, Desired
from reconciler.models.keys import ResponseKey
from reconciler.models.live import LiveApi


@dataclass(frozen=True, slots=True)
class Need:
    """A method response to make (`exists` False) or to extend by `parameters` (`method.response.header.X`, sorted)."""

    key: ResponseKey
    exists: bool
    parameters: tuple[str, ...]


def missing_method_responses(desired: Desired, live: LiveApi) -> Iterator[Need]:
    """What the desired responses of live methods need and do not find, in the order of `desired`.

    Methods that are not live are passed over, and so are proxy integrations: AWS ignores their integration responses.
    """
    for key, wanted in desired.responses.items():
        method = live.methods.get(key.scope)
        if wanted is ABSENT or method is None or method.is_proxy:
            continue
        declared = method.method_responses.get(key.code)
        known = declared.parameters if declared else frozenset()
        lacking = tuple(sorted(name for name in wanted.response_parameters if name not in known))
        if declared is None or lacking:
            yield Need(key, exists=declared is not None, parameters=lacking)
