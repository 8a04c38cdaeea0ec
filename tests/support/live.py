"""What AWS holds, by hand: for tests of stages that take it as a value."""

from collections.abc import Iterable, Mapping

from reconciler.models.keys import MethodKey
from reconciler.models.live import LiveApi, LiveMethod
from reconciler.models.responses import MethodResponse, RestResponse
from reconciler.models.targets import Target
from reconciler.normal import HEADER_PREFIX
from support.states import CODES, HEADERS

TARGET = Target("123456789012", "eu-west-1", "a1b2c3d4e5", api_name="petstore")
GET_PETS = MethodKey("/pets", "GET")
POST_PETS = MethodKey("/pets", "POST")
EVERYTHING = dict.fromkeys(CODES, HEADERS)

DEFAULT = RestResponse()
NOT_FOUND = RestResponse("404")
BROKEN = RestResponse("5\\d\\d")


def live_of(
    state: Mapping[MethodKey, Mapping[str, RestResponse]],
    *,
    declared: Mapping[str, Iterable[str]] = EVERYTHING,
    type_: str | None = "HTTP",
    target: Target = TARGET,
) -> LiveApi:
    """An API whose methods hold these responses and declare these headers by status."""
    method_responses = {
        code: MethodResponse(frozenset(f"{HEADER_PREFIX}{name}" for name in names)) for code, names in declared.items()
    }
    return LiveApi(
        target,
        frozenset({"/", *(scope.path for scope in state)}),
        {
            scope: LiveMethod("x1y2z3", type_, "https://backend.example/", method_responses, responses)
            for scope, responses in state.items()
        },
    )
