"""Any plan, cut at any point: a rollback restores exactly what was there."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.engine.load.project import AccountRegion, ProjectSettings, ResolvedProject
from reconciler.engine.load.request import Request
from reconciler.engine.plan import Planned, judge_reads
from reconciler.engine.read.read import ReadRequest, ReadResult, target_state
from reconciler.models.desired import Desired
from reconciler.models.keys import IntegrationKey, MethodKey
from reconciler.models.responses import RestResponse
from reconciler.models.targets import Coordinates, Kind, Target
from reconciler.ports import Cloud, IntegrationSelection
from reconciler.rules import LintRule
from support import states, websocket
from support.apis import Method, make_api
from support.clock import FakeClock
from support.killing import EVERYTHING, Death, Desk, killed, snapshot
from support.states import CODES, HEADERS, METHODS, Content, desired_of
from support.websocket import Integration, make_websocket_api, websocket_desired_of

ROUTES = ("ack", "sendMessage")
REQUEST = Request(("manifests",), forced=EVERYTHING)
UNCHECKED = ProjectSettings(severities=dict.fromkeys((rule.id for rule in LintRule), "off"))

cuts = st.builds(Death, st.integers(0, 14), st.booleans())


def planned(cloud: Cloud, target: Target, desired: Desired) -> Planned:
    """The plan that a manifest's desired state gives, whatever the linter thinks of it."""
    connection = cloud.connect(Coordinates())
    reader = connection.reader
    is_rest = target.kind is Kind.REST_API
    live = reader.rest_api(target) if is_rest else reader.websocket_api(target, IntegrationSelection(frozenset(ROUTES)))
    read = target_state(
        ReadRequest(AccountRegion(ResolvedProject((desired,), settings=UNCHECKED), connection), target, desired), live
    )
    return judge_reads(ReadResult((read,)), (), REQUEST, FakeClock())


def rest_scene(folder: str, before: Mapping[MethodKey, Content], *, declared: bool) -> tuple[Desk, Target]:
    """A REST API that holds these responses."""
    desk = Desk(Path(folder) / "runs")
    everything = dict.fromkeys(CODES, HEADERS) if declared else None
    methods = {scope: Method(before.get(scope, {}), everything) for scope in METHODS}
    api_id = make_api(desk.plane, "petstore", methods)
    return desk, Target(desk.plane.account_id, desk.plane.region, api_id)


@settings(max_examples=60, deadline=None)
@given(before=states.apis(), after=states.apis(), cut=cuts, prune=st.booleans())
def test_rest(
    before: Mapping[MethodKey, Content], after: Mapping[MethodKey, Content], cut: Death, *, prune: bool
) -> None:
    """Swaps and parks among it; what the run did not touch is as it was too."""
    with tempfile.TemporaryDirectory() as folder:
        desk, target = rest_scene(folder, before, declared=True)
        first = snapshot(desk.plane)
        desired = desired_of(after, prune=prune)
        was_killed = killed(lambda: desk.carry_out(lambda cloud: planned(cloud, target, desired), REQUEST, cut))
        undone = desk.rollback() if desk.runs.is_dir() else None

        assert (first, 0, cut.came) == (snapshot(desk.plane), undone.exit_code if undone else 0, was_killed)


@settings(max_examples=40, deadline=None)
@given(before=states.apis(), after=states.apis(), cut=cuts)
def test_rest_with_declarations(
    before: Mapping[MethodKey, Content], after: Mapping[MethodKey, Content], cut: Death
) -> None:
    """What the run declared stays, everything else is as it was."""
    with tempfile.TemporaryDirectory() as folder:
        desk, target = rest_scene(folder, before, declared=False)
        first = snapshot(desk.plane, declarations=False)
        desired = desired_of(after, ensure=True)
        killed(lambda: desk.carry_out(lambda cloud: planned(cloud, target, desired), REQUEST, cut))
        undone = desk.rollback() if desk.runs.is_dir() else None

        assert (first, 0) == (snapshot(desk.plane, declarations=False), undone.exit_code if undone else 0)


@settings(max_examples=40, deadline=None)
@given(before=states.apis(), after=states.apis(), cut=cuts, second=cuts)
def test_rest_with_a_rollback_that_is_cut_too(
    before: Mapping[MethodKey, Content], after: Mapping[MethodKey, Content], cut: Death, second: Death
) -> None:
    """The next one goes on."""
    with tempfile.TemporaryDirectory() as folder:
        desk, target = rest_scene(folder, before, declared=True)
        first = snapshot(desk.plane)
        desired = desired_of(after)
        killed(lambda: desk.carry_out(lambda cloud: planned(cloud, target, desired), REQUEST, cut))
        if desk.runs.is_dir():
            killed(lambda: desk.rollback(death=second))
            desk.rollback()

        assert first == snapshot(desk.plane)


@settings(max_examples=60, deadline=None)
@given(
    before=st.dictionaries(st.sampled_from(ROUTES), websocket.contents(), min_size=1),
    after=st.dictionaries(st.sampled_from(ROUTES), websocket.contents(), min_size=1),
    cut=cuts,
    prune=st.booleans(),
)
def test_websocket(
    before: Mapping[str, websocket.Content], after: Mapping[str, websocket.Content], cut: Death, *, prune: bool
) -> None:
    """Between the halves of a replacement too."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder) / "runs")
        integrations = [Integration((route,), before.get(route, {})) for route in ROUTES]
        api_id, _ = make_websocket_api(desk.plane, "chat", integrations)
        target = Target(desk.plane.account_id, desk.plane.region, api_id, Kind.WEBSOCKET_API, "chat")
        first = snapshot(desk.plane)
        desired = websocket_desired_of({IntegrationKey(route): one for route, one in after.items()}, prune=prune)
        was_killed = killed(lambda: desk.carry_out(lambda cloud: planned(cloud, target, desired), REQUEST, cut))
        undone = desk.rollback() if desk.runs.is_dir() else None

        assert (first, 0, cut.came) == (snapshot(desk.plane), undone.exit_code if undone else 0, was_killed)


def test_nothing_is_written_where_nothing_is_to_be_done() -> None:
    """Then there is no run, and no folder of runs."""
    with tempfile.TemporaryDirectory() as folder:
        same = {METHODS[0]: {"200": RestResponse()}}
        desk, target = rest_scene(folder, same, declared=True)
        desk.carry_out(lambda cloud: planned(cloud, target, desired_of(same)), REQUEST)

        assert not desk.runs.exists()
