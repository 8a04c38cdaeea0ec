"""A run that is killed at any of its writes: the next apply finishes it, and a rollback undoes it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.engine.load.request import Request
from reconciler.errors import ExitCode
from reconciler.models.keys import MethodKey
from reconciler.models.responses import RestResponse, WebSocketResponse
from reconciler.sandbox.gateway import InMemoryCloud
from support.apis import Method, make_api
from support.killing import EVERYTHING, Death, Desk, killed, snapshot
from support.live import DEFAULT, GET_PETS, POST_PETS
from support.websocket import Integration, make_websocket_api

REST = """\
apiVersion: reconciler/v1
kind: RestApi
metadata: {name: NAME}
spec:
  api: {name: NAME}
  methodResponses: MODE
  resources:
    /pets:
      GET:
        responses:
          200: {responseTemplates: {application/json: new}}
          404: {selectionPattern: b}
          410: {selectionPattern: a}
          500: {selectionPattern: '5..', responseParameters: {method.response.header.X: "'1'"}}
      POST: {responses: {200: {}, 201: {selectionPattern: '201'}}}
"""
WEBSOCKET = """\
apiVersion: reconciler/v1
kind: WebSocketApi
metadata: {name: NAME}
spec:
  api: {name: NAME}
  routes:
    ack: {responses: {$default: {}, /404/: {responseTemplates: {a: new}}}}
    sendMessage:
      responses:
        $default: {contentHandlingStrategy: CONVERT_TO_TEXT}
        /404/: {responseTemplates: {a: new}}
        /500/: {responseTemplates: {a: new}}
"""


def rest(desk: Desk, name: str, mode: str) -> str:
    """An API to be swapped, created, deleted and updated; what must be declared is, unless that is to be ensured."""
    parked = {
        "200": replace(DEFAULT, response_templates={"application/json": "old"}),
        "404": RestResponse("a"),
        "410": RestResponse("b"),
        "503": RestResponse("503"),
    }
    declared = {"200": [], "404": [], "410": [], "503": [], **({} if mode == "ensure" else {"500": ["X"]})}
    posts = Method({"200": DEFAULT, "409": RestResponse("409")}, {"200": [], "201": [], "409": []})
    make_api(desk.plane, name, {GET_PETS: Method(parked, declared), POST_PETS: posts, MethodKey("/", "GET"): posts})
    return REST.replace("NAME", name).replace("MODE", mode)


def websocket(desk: Desk, name: str, _: str) -> str:
    """An API of which a response is replaced, one created, one updated and one deleted."""
    old, longer = WebSocketResponse(response_templates={"a": "old"}), WebSocketResponse(response_templates={"b": "old"})
    integrations = [
        Integration(("ack",), {"$default": WebSocketResponse(), "/404/": old}),
        Integration(("sendMessage",), {"$default": WebSocketResponse(), "/404/": longer, "/502/": old}),
        Integration(("other",), {"$default": old}),
    ]
    make_websocket_api(desk.plane, name, integrations)
    return WEBSOCKET.replace("NAME", name)


class Story:
    """The same world, as often as it is asked for."""

    def __init__(self, folder: Path, make: Callable[[Desk, str, str], str], mode: str, parallelism: int) -> None:
        self._folder = folder
        self._make = make
        self._mode = mode
        self._count = 0
        self.request = Request((str(folder),), forced=EVERYTHING, parallelism=parallelism)

    def desk(self) -> Desk:
        """Two APIs, the manifests of both, and no run yet."""
        self._count += 1
        desk = Desk(self._folder / f".{self._count}" / "runs", InMemoryCloud())
        for name in ("one", "two"):
            (self._folder / f"{name}.yaml").write_text(self._make(desk, name, self._mode), encoding="utf-8")
        return desk

    def deaths(self) -> Iterator[Death]:
        """At every write, before and after it takes effect."""
        counted = Death()
        self.desk().apply(self.request, counted)
        for at in range(1, counted.writes + 1):
            yield Death(at)
            yield Death(at, after=True)


@pytest.fixture(params=[(rest, "check"), (rest, "ensure"), (websocket, "")], ids=["rest", "ensure", "websocket"])
def story(request: pytest.FixtureRequest, tmp_path: Path) -> Story:
    """A world of each sort, whose APIs are written one after the other."""
    make, mode = request.param
    return Story(tmp_path, make, mode, 1)


@pytest.fixture(params=[rest, websocket])
def at_once(request: pytest.FixtureRequest, tmp_path: Path) -> Story:
    """A world whose APIs are written at the same time."""
    return Story(tmp_path, request.param, "check", 4)


def test_there_are_writes_to_die_at(story: Story) -> None:
    """Parks, declarations and replacements among them."""
    assert len(list(story.deaths())) > 2 * 2 * 5


def test_the_next_apply_finishes(story: Story) -> None:
    """Wherever a run was killed, the next ends well and leaves what one that is not killed leaves."""
    whole = story.desk()
    whole.apply(story.request)
    left = []
    for death in story.deaths():
        desk = story.desk()
        was_killed = killed(lambda desk=desk, death=death: desk.apply(story.request, death))  # type: ignore[misc]
        again = desk.apply(story.request)
        if not was_killed or again.exit_code or snapshot(desk.plane) != snapshot(whole.plane):
            left.append(death)

    assert [] == left


def test_a_rollback_brings_the_first_state_back(story: Story) -> None:
    """Wherever a run was killed; but for method responses that it made."""
    first = snapshot(story.desk().plane, declarations=False)
    left = []
    for death in story.deaths():
        desk = story.desk()
        was_killed = killed(lambda desk=desk, death=death: desk.apply(story.request, death))  # type: ignore[misc]
        undone = desk.rollback()
        if not was_killed or undone.exit_code or snapshot(desk.plane, declarations=False) != first:
            left.append(death)

    assert [] == left


def test_runs_of_several_apis_at_once(at_once: Story) -> None:
    """Each API is as far as it got, and both are brought back, to the last declaration."""
    first = snapshot(at_once.desk().plane)
    left = []
    for death in at_once.deaths():
        desk = at_once.desk()
        was_killed = killed(lambda desk=desk, death=death: desk.apply(at_once.request, death))  # type: ignore[misc]
        undone = desk.rollback()
        if not was_killed or undone.exit_code or snapshot(desk.plane) != first:
            left.append(death)

    assert [] == left


def test_a_rollback_that_is_killed_is_finished_by_the_next(story: Story) -> None:
    """Rolling the same run back again goes on from there."""
    first = snapshot(story.desk().plane, declarations=False)
    whole = story.desk()
    whole.apply(story.request)
    counted = Death()
    whole.rollback(death=counted)
    left: list[object] = [] if counted.writes else ["no write to die at"]
    for at in range(1, counted.writes + 1):
        desk = story.desk()
        desk.apply(story.request)
        death = Death(at, after=bool(at % 2))
        was_killed = killed(lambda desk=desk, death=death: desk.rollback(death=death))  # type: ignore[misc]
        undone = desk.rollback()
        if not was_killed or undone.exit_code or snapshot(desk.plane, declarations=False) != first:
            left.append(death)

    assert [] == left


def test_a_rollback_is_undone_by_its_own_id(story: Story) -> None:
    """It is a run like any other."""
    desk = story.desk()
    desk.apply(story.request)
    applied = snapshot(desk.plane)
    undone = desk.rollback()

    assert (ExitCode.OK, applied) == (desk.rollback(undone.run).exit_code, snapshot(desk.plane))
