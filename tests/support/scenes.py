"""One method or integration that is to be changed, and what happens when it is."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final, Self

from reconciler.apply import ActionResult, Executor, Outcome
from reconciler.models.keys import IntegrationKey
from reconciler.models.responses import WebSocketResponse
from reconciler.models.views import live_integrations
from reconciler.plan import TargetPlan, make_plan
from reconciler.ports import Reader, StopSignal, Writer
from reconciler.sandbox.gateway import InMemoryCloud, InMemoryReader, InMemoryWriter
from reconciler.sandbox.model.faults import Fault
from reconciler.sandbox.model.plane import ControlPlane
from support import states, websocket
from support.apis import Method, make_api
from support.live import DEFAULT, GET_PETS, NOT_FOUND
from support.runs import Journal, numbered, planned
from support.states import desired_of
from support.websocket import Integration, make_websocket_api, read_websocket, websocket_desired_of

MAPPED: Final = replace(NOT_FOUND, response_parameters={"method.response.header.X-A": "'1'"})
KEY: Final = "/404/"
PLAIN: Final = WebSocketResponse()
OLD: Final = WebSocketResponse("404", response_templates={"404": "old", "500": "same"})
NEW: Final = WebSocketResponse("404", response_templates={"404": "new", "500": "same"})


class Scene(ABC):
    """A plan that is carried out on the strict model."""

    plane: ControlPlane
    plan: TargetPlan
    journal: Journal

    @abstractmethod
    def call(self, operation: str, **parameters: object) -> None:
        """Do what somebody else does meanwhile; the call log is empty after it."""

    @abstractmethod
    def delete(self) -> None:
        """Delete the response that is to be deleted, as somebody else."""

    def fault(self, fault: Fault, operation: str, times: int = 1) -> Self:
        """Let the operation go wrong."""
        self.plane.faults.add(fault, operation, times=times)
        return self

    def run(
        self, stop: StopSignal | None = None, reader: Reader | None = None, writer: Writer | None = None
    ) -> list[Outcome]:
        """Carry the plan out."""
        executor = Executor(
            self.plan.target,
            reader or InMemoryReader(self.plane),
            writer or InMemoryWriter(self.plane),
            self.journal,
            stop or threading.Event(),
        )
        return list(executor.run(numbered(self.plan)))


@dataclass
class RestScene(Scene):
    """A method of a REST API."""

    before: states.Content
    after: states.Content
    declared: dict[str, list[str]] = field(default_factory=lambda: {"200": [], "404": ["X-A"]})
    journal: Journal = field(default_factory=Journal)

    def __post_init__(self) -> None:
        cloud = InMemoryCloud()
        api_id = make_api(cloud.plane(), "petstore", {GET_PETS: Method(self.before, self.declared)})
        self.plane = cloud.plane()
        self.plan = planned(cloud, api_id, desired_of({GET_PETS: self.after}, ensure=True))
        self.plane.calls.clear()

    def call(self, operation: str, **parameters: object) -> None:
        """As everywhere."""
        api_id = self.plan.target.api_id
        resources = self.plane.call("GetResources", restApiId=api_id)["items"]
        pets = next(resource["id"] for resource in resources if resource["path"] == "/pets")
        self.plane.call(operation, restApiId=api_id, resourceId=pets, httpMethod="GET", **parameters)
        self.plane.calls.clear()

    def delete(self) -> None:
        """As everywhere."""
        self.call("DeleteIntegrationResponse", statusCode="404")


@dataclass
class WebSocketScene(Scene):
    """An integration of a WebSocket API."""

    before: websocket.Content
    after: websocket.Content
    journal: Journal = field(default_factory=Journal)

    def __post_init__(self) -> None:
        cloud = InMemoryCloud()
        self.plane = cloud.plane()
        self.api_id, (integration_id,) = make_websocket_api(
            self.plane, "chat", [Integration(("sendMessage",), self.before)]
        )
        desired = websocket_desired_of({IntegrationKey("sendMessage", integration_id): self.after})
        self.plan = make_plan(desired, read_websocket(cloud, self.api_id, desired))
        self.where = {"ApiId": self.api_id, "IntegrationId": integration_id}
        self.plane.calls.clear()

    def call(self, operation: str, **parameters: object) -> None:
        """As everywhere."""
        self.plane.call(operation, **self.where, **parameters)
        self.plane.calls.clear()

    def delete(self) -> None:
        """As everywhere."""
        (integration,) = live_integrations(self.plan.live).values()
        self.call("DeleteIntegrationResponse", IntegrationResponseId=integration.response_ids[KEY])

    @property
    def held(self) -> list[str]:
        """The keys that the integration holds, repeats included."""
        items = self.plane.call("GetIntegrationResponses", **self.where)["Items"]
        return [item["IntegrationResponseKey"] for item in items]


def creation() -> RestScene:
    """404 is to be made."""
    return RestScene({"200": DEFAULT}, {"200": DEFAULT, "404": NOT_FOUND})


def deletion() -> RestScene:
    """404 is to go."""
    return RestScene({"200": DEFAULT, "404": NOT_FOUND}, {"200": DEFAULT})


def declaration(declared: dict[str, list[str]] | None = None) -> RestScene:
    """404 is to be declared, or extended by a header, and made."""
    return RestScene({}, {"404": MAPPED}, {} if declared is None else declared)


def extension() -> RestScene:
    """404 is declared without its header."""
    return declaration({"404": []})


def websocket_creation() -> WebSocketScene:
    """/404/ is to be made."""
    return WebSocketScene({"$default": PLAIN}, {"$default": PLAIN, KEY: NEW})


def websocket_update() -> WebSocketScene:
    """/404/ is to change."""
    return WebSocketScene({KEY: OLD}, {KEY: NEW})


def websocket_deletion() -> WebSocketScene:
    """/404/ is to go."""
    return WebSocketScene({"$default": PLAIN, KEY: OLD}, {"$default": PLAIN})


def websocket_replacement() -> WebSocketScene:
    """/404/ is to lose its templates."""
    return WebSocketScene({KEY: OLD}, {KEY: PLAIN})


def results(outcomes: Iterable[Outcome]) -> list[ActionResult]:
    """What became of each."""
    return [outcome.result for outcome in outcomes]
