"""What the control plane holds now."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.models.keys import MethodKey
from reconciler.models.responses import MethodResponse, RestResponse
from reconciler.models.targets import Target

PROXY_TYPES = frozenset({"AWS_PROXY", "HTTP_PROXY"})


@dataclass(frozen=True, slots=True)
class LiveMethod:
    """A method with its integration. `integration_type` None: the method has no integration."""

    resource_id: str
    integration_type: str | None = None
    integration_uri: str = ""
    method_responses: Mapping[str, MethodResponse] = field(default_factory=dict)
    responses: Mapping[str, RestResponse] = field(default_factory=dict)

    @property
    def is_proxy(self) -> bool:
        """Whether AWS ignores the integration responses (it stores them all the same)."""
        return self.integration_type in PROXY_TYPES

    @property
    def is_lambda(self) -> bool:
        """Whether selection patterns are matched against a Lambda function's error message."""
        return self.integration_type == "AWS" and ":lambda:path/" in self.integration_uri


@dataclass(frozen=True, slots=True)
class LiveApi:
    """All of an API that matters here, from one bulk read."""

    target: Target
    paths: frozenset[str]
    methods: Mapping[MethodKey, LiveMethod]


@dataclass(frozen=True, slots=True, order=True)
class ApiSummary:
    """An API as a listing shows it."""

    id: str
    name: str
