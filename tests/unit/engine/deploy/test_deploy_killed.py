"""A run that deploys and is killed at any of its writes: the next one finishes it, and a rollback undoes it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reconciler.engine.apply import Applied
from reconciler.engine.load.request import Request
from reconciler.models.responses import WebSocketResponse
from reconciler.sandbox.gateway import InMemoryCloud
from support.apis import Method, make_api
from support.killing import EVERYTHING, Death, Desk, killed, snapshot
from support.live import DEFAULT, GET_PETS
from support.stage import manifest
from support.websocket import Integration, make_websocket_api

CHAT = """\
apiVersion: reconciler/v1
kind: WebSocketApi
metadata: {name: chat}
spec:
  api: {name: chat}
  deploy: {stages: [prod]}
  routes: {ack: {responses: {$default: {}, /404/: {responseTemplates: {a: new}}}}}
"""
NEW = "{200: {}, 404: {selectionPattern: '404'}}"


class Story:
    """Two APIs of which a REST one is deployed to two stages, as often as they are asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        self.request = Request((str(folder),), forced=EVERYTHING, parallelism=1, deploys=True)

    def desk(self) -> Desk:
        """Both, and no run yet."""
        self._count += 1
        desk = Desk(self._folder / f".{self._count}" / "runs", InMemoryCloud())
        rest = make_api(desk.plane, "petstore", {GET_PETS: Method({"200": DEFAULT}, {"200": [], "404": []})})
        chat, _ = make_websocket_api(desk.plane, "chat", [Integration(("ack",), {"$default": WebSocketResponse()})])
        for stage in ("beta", "prod"):
            desk.plane.call("CreateDeployment", restApiId=rest, stageName=stage)
        desk.plane.call("CreateStage", ApiId=chat, StageName="prod")
        desk.plane.call("CreateDeployment", ApiId=chat, StageName="prod")
        desk.plane.calls.clear()
        text = manifest(NEW, spec="deploy: {stages: [beta, prod]}")
        (self._folder / "all.yaml").write_text(f"{text}---\n{CHAT}", encoding="utf-8")
        return desk

    def deaths(self, of: Callable[[Desk, Death], Applied], before: Callable[[Desk], object]) -> Iterator[Death]:
        """At every write of a run, before and after it takes effect."""
        counted, desk = Death(), self.desk()
        before(desk)
        of(desk, counted)
        for at in range(1, counted.writes + 1):
            yield Death(at)
            yield Death(at, after=True)


def state(desk: Desk) -> object:
    """The drafts, and which deployment each stage serves."""
    rest = desk.plane.call("GetRestApis", limit=500)["items"][0]["id"]
    chat = desk.plane.call("GetApis")["Items"][0]["ApiId"]
    stages = [desk.plane.call("GetStage", restApiId=rest, stageName=one)["deploymentId"] for one in ("beta", "prod")]
    return snapshot(desk.plane), stages, desk.plane.call("GetStage", ApiId=chat, StageName="prod")["DeploymentId"]


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """The world."""
    return Story(tmp_path)


def applied(story: Story) -> Callable[[Desk, Death], Applied]:
    """An apply that may be killed."""
    return lambda desk, death: desk.apply(story.request, death)


def undone(desk: Desk, death: Death | None = None) -> Applied:
    """A rollback with the stages."""
    return desk.rollback(death=death, deploy=True)


def test_the_next_apply_finishes(story: Story) -> None:
    """Wherever the run is killed, in the end every stage serves its draft, which is as desired."""
    left = []
    for death in story.deaths(applied(story), lambda _: None):
        desk = story.desk()
        was_killed = killed(lambda desk=desk, death=death: desk.apply(story.request, death))  # type: ignore[misc]
        again = desk.apply(story.request)
        desk.plane.calls.clear()
        desk.apply(story.request)
        if not was_killed or again.exit_code or desk.plane.calls.writes():
            left.append(death)

    assert [] == left


def test_a_rollback_brings_the_first_state_back(story: Story) -> None:
    """Wherever the run was killed, drafts and stages are as they were."""
    first = state(story.desk())
    left = []
    for death in story.deaths(applied(story), lambda _: None):
        desk = story.desk()
        was_killed = killed(lambda desk=desk, death=death: desk.apply(story.request, death))  # type: ignore[misc]
        back = undone(desk)
        if not was_killed or back.exit_code or state(desk) != first:
            left.append((death, back.planned.diagnostics, state(desk) == first))

    assert [] == left


def test_a_rollback_that_was_killed_is_undone(story: Story) -> None:
    """By its own id: the stages that it took back serve again what the run deployed."""
    whole = story.desk()
    whole.apply(story.request)
    ends = state(whole)
    left = []
    for death in story.deaths(undone, lambda desk: desk.apply(story.request)):
        desk = story.desk()
        desk.apply(story.request)
        was_killed = killed(lambda desk=desk, death=death: undone(desk, death))  # type: ignore[misc]
        newest = max(one.name for one in desk.runs.iterdir() if not one.name.startswith("."))
        back = desk.rollback(newest, deploy=True)
        if not was_killed or back.exit_code or state(desk) != ends:
            left.append(death)

    assert [] == left
