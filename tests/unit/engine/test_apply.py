"""apply: two phases, outcomes, verification, exit codes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest

from reconciler.apply import ActionResult
from reconciler.engine.apply import Applied
from reconciler.engine.plan import Planned
from reconciler.errors import ConfigurationError, ExitCode
from reconciler.models.keys import MethodKey
from reconciler.models.responses import RestResponse
from reconciler.models.targets import Coordinates
from reconciler.ports import Connection, Writer
from reconciler.rules import GuardRule
from reconciler.sandbox.gateway import InMemoryCloud
from reconciler.sandbox.model.faults import (
    Fault,
    FixedAnswer,
    LostAnswer,
    NoConnection,
    Truncated,
    access_denied,
    throttled,
)
from reconciler.sandbox.model.plane import ControlPlane
from support.apis import Method
from support.live import BROKEN, DEFAULT, GET_PETS, NOT_FOUND, POST_PETS
from support.stage import Stage, manifest

PUT = "PutIntegrationResponse"
DECLARED: Mapping[str, list[str]] = {"200": [], "404": [], "410": [], "500": []}
ONE = {GET_PETS: Method({"200": DEFAULT}, DECLARED)}
THREE = "{200: {}, 404: {selectionPattern: '404'}, 500: {selectionPattern: '5..'}}"


def became(applied: Applied) -> list[ActionResult]:
    """What became of each action."""
    return [outcome.result for outcome in applied.outcomes]


def yes(_: Planned) -> bool:
    """Approve."""
    return True


def no(_: Planned) -> bool:
    """Do not."""
    return False


@dataclass
class Elsewhere:
    """Somebody else, at the API's own console."""

    plane: ControlPlane
    api_id: str

    def call(self, operation: str, scope: MethodKey = GET_PETS, **parameters: object) -> None:
        """Change something."""
        resources = self.plane.call("GetResources", restApiId=self.api_id)["items"]
        resource = next(one["id"] for one in resources if one["path"] == scope.path)
        self.plane.call(operation, restApiId=self.api_id, resourceId=resource, httpMethod=scope.method, **parameters)

    def put(self, code: str, pattern: str, scope: MethodKey = GET_PETS) -> None:
        """Put a response."""
        self.call(PUT, scope, statusCode=code, selectionPattern=pattern)


def two_apis(stage: Stage) -> tuple[str, str]:
    """`one` and `two`, with two responses to create on each."""
    ids = stage.api("one", ONE), stage.api("two", ONE)
    for name in ("one", "two"):
        stage.write(manifest(THREE, name=name, api=f"{{name: {name}}}"), f"{name}.yaml")
    return ids


def test_all_is_applied_and_verified(stage: Stage) -> None:
    """Exit 0, and a second plan is empty."""
    stage.api("petstore", ONE)
    stage.write(manifest(THREE))
    applied = stage.apply()

    assert (ExitCode.OK, [ActionResult.APPLIED] * 2, True, True) == (
        applied.exit_code,
        became(applied),
        applied.verified,
        stage.plan().plan.is_empty,
    )


def test_nothing_to_do_writes_nothing(stage: Stage) -> None:
    """Nobody is asked, nothing is verified."""
    stage.api("petstore", ONE)
    stage.write(manifest())
    applied = stage.apply(no)

    assert (ExitCode.OK, (), None, []) == (
        applied.exit_code,
        applied.outcomes,
        applied.verified,
        stage.plane.calls.writes(),
    )


@pytest.mark.parametrize("by_id", [True, False])
@pytest.mark.parametrize("approve", [None, yes])
def test_k_changes_are_k_writes_and_few_reads(
    stage: Stage, approve: Callable[[Planned], bool] | None, by_id: bool
) -> None:
    """One read to plan, one before writing where somebody took time to approve, one to verify; one to find a name."""
    api_id = stage.api("petstore", ONE)
    stage.write(manifest(THREE, api=f"{{id: {api_id}}}" if by_id else "{name: petstore}"))
    stage.apply(approve)
    listing = [] if by_id else ["GetRestApis"]
    asked = ["GetResources"] if approve else []

    assert [*listing, "GetResources", *asked, PUT, PUT, "GetResources"] == stage.plane.calls.names()


def test_a_swap_costs_one_write_more(stage: Stage) -> None:
    """The parked pattern, which is nowhere to be seen afterwards."""
    stage.api("petstore", {GET_PETS: Method({"200": DEFAULT, "404": RestResponse("a"), "410": RestResponse("b")})})
    stage.write(manifest("{200: {}, 404: {selectionPattern: b}, 410: {selectionPattern: a}}"))
    applied = stage.apply()

    assert (ExitCode.OK, True, [PUT] * 3) == (
        applied.exit_code,
        applied.verified,
        [call.operation for call in stage.plane.calls.writes()],
    )


def test_ensure_declares_first(stage: Stage) -> None:
    """And the second plan is empty."""
    stage.api("petstore", {GET_PETS: Method({"200": DEFAULT}, {"200": []})})
    mapped = "{200: {}, 404: {selectionPattern: '404', responseParameters: {method.response.header.X: \"'1'\"}}}"
    stage.write(manifest(mapped, spec="methodResponses: ensure"))
    applied = stage.apply()

    assert (ExitCode.OK, ["PutMethodResponse", PUT], True) == (
        applied.exit_code,
        [call.operation for call in stage.plane.calls.writes()],
        stage.plan().plan.is_empty,
    )


def test_one_write_queue_for_manifests_of_one_api(stage: Stage) -> None:
    """Their actions are verified together, by one read."""
    stage.api("petstore", {**ONE, MethodKey("/orders", "GET"): Method({}, DECLARED)})
    stage.write(manifest(THREE), "1.yaml")
    stage.write(manifest(name="orders", path="/orders"), "2.yaml")
    applied = stage.apply()

    assert (ExitCode.OK, 3, 3) == (applied.exit_code, len(applied.outcomes), len(stage.plane.calls.reads()))


# -- phase one: all or nothing ---------------------------------------------------------------------------------------


def _unreadable(stage: Stage) -> None:
    stage.plane.faults.always(access_denied("GET", "/restapis/*"), "GetResources")


def _no_such_api(stage: Stage) -> None:
    stage.write(manifest(name="gone", api="{name: gone}"), "gone.yaml")


def _broken(stage: Stage) -> None:
    stage.write("kind: [", "broken.yaml")


def _unsafe(stage: Stage) -> None:
    stage.api("unsafe", ONE)
    stage.write(manifest("{}", name="unsafe", api="{name: unsafe}"), "unsafe.yaml")


def _undeclared(stage: Stage) -> None:
    stage.api("undeclared", {GET_PETS: Method({}, {})})
    stage.write(manifest(name="undeclared", api="{name: undeclared}"), "undeclared.yaml")


def _contradicting(stage: Stage) -> None:
    stage.write(manifest(name="again", api="{name: two}"), "zwei.yaml")


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (_unreadable, ExitCode.FAILED),
        (_no_such_api, ExitCode.FAILED),
        (_broken, ExitCode.FAILED),
        (_unsafe, ExitCode.REFUSED),
        (_undeclared, ExitCode.FAILED),
        (_contradicting, ExitCode.FAILED),
    ],
)
def test_one_target_that_may_not_be_written_keeps_all_from_being_written(
    stage: Stage, spoil: Callable[[Stage], None], expected: ExitCode
) -> None:
    """Nobody is asked, no call writes, the exit code says why."""
    two_apis(stage)
    spoil(stage)
    stage.plane.calls.clear()
    applied = stage.apply(yes)

    assert (expected, (), []) == (
        applied.exit_code,
        applied.outcomes,
        stage.plane.calls.writes(),
    )


def test_a_forced_rule_lets_it_through(stage: Stage) -> None:
    """What was refused is applied, and the waiver is on record."""
    stage.api("petstore", ONE)
    stage.write(manifest("{}"))
    applied = stage.apply(forced=[GuardRule.EMPTY_METHOD])

    assert (ExitCode.OK, [GuardRule.EMPTY_METHOD]) == (
        applied.exit_code,
        [waiver.rule for waiver in applied.planned.verdict.waivers],
    )


def test_what_is_not_approved_is_not_written(stage: Stage) -> None:
    """Exit 4: refused by who was asked."""
    two_apis(stage)
    applied = stage.apply(no)

    assert (ExitCode.REFUSED, True, []) == (
        applied.exit_code,
        applied.declined,
        stage.plane.calls.writes(),
    )


def approving_while(change: Callable[[], None], plane: ControlPlane) -> Callable[[Planned], bool]:
    """Approve; but before the answer is there, somebody changes something."""

    def approve(_: Planned) -> bool:
        change()
        plane.calls.clear()
        return True

    return approve


@pytest.mark.parametrize(
    ("code", "pattern"), [("404", "404"), ("200", "2.."), ("503", "503")], ids=["same", "changed", "more"]
)
def test_what_changed_since_it_was_shown_is_not_written(stage: Stage, code: str, pattern: str) -> None:
    """Even where somebody did what the plan would have done: exit 4, and the plan as it would be now."""
    elsewhere = Elsewhere(stage.plane, stage.api("petstore", ONE))
    stage.write(manifest(THREE))
    applied = stage.apply(approving_while(lambda: elsewhere.put(code, pattern), stage.plane))

    assert (ExitCode.REFUSED, True, []) == (
        applied.exit_code,
        applied.stale is not None,
        stage.plane.calls.writes(),
    )


def test_a_change_to_one_api_keeps_all_from_being_written(stage: Stage) -> None:
    """The plan was approved as a whole."""
    _, two = two_apis(stage)
    elsewhere = Elsewhere(stage.plane, two)
    applied = stage.apply(approving_while(lambda: elsewhere.put("503", "503"), stage.plane))

    assert (ExitCode.REFUSED, []) == (applied.exit_code, stage.plane.calls.writes())


def test_a_declaration_that_went_meanwhile_is_a_change(stage: Stage) -> None:
    """The plan is stale, and what is to be written would not work: 1 outweighs 4."""
    elsewhere = Elsewhere(stage.plane, stage.api("petstore", ONE))
    stage.write(manifest(THREE))
    approve = approving_while(lambda: elsewhere.call("DeleteMethodResponse", statusCode="404"), stage.plane)
    applied = stage.apply(approve)

    assert (ExitCode.FAILED, True, []) == (applied.exit_code, applied.stale is not None, stage.plane.calls.writes())


def test_an_api_that_cannot_be_read_again_is_not_written(stage: Stage) -> None:
    """That is a failure, not only a refusal."""
    stage.api("petstore", ONE)
    stage.write(manifest(THREE))
    approve = approving_while(lambda: stage.plane.faults.always(throttled(), "GetResources"), stage.plane)
    applied = stage.apply(approve)

    assert (ExitCode.FAILED, []) == (applied.exit_code, stage.plane.calls.writes())


def test_a_change_to_an_unlisted_method_stales_nothing(stage: Stage) -> None:
    """Another team's work elsewhere on the API is none of ours."""
    elsewhere = Elsewhere(stage.plane, stage.api("petstore", {**ONE, POST_PETS: Method({"200": DEFAULT}, DECLARED)}))
    stage.write(manifest(THREE))
    applied = stage.apply(approving_while(lambda: elsewhere.put("503", "503", POST_PETS), stage.plane))

    assert (ExitCode.OK, True) == (applied.exit_code, applied.verified)


class _NoWriters(InMemoryCloud):
    """Credentials that read one API after the other, and open one writer only."""

    def connect(self, coordinates: Coordinates) -> Connection:
        found = super().connect(coordinates)
        writers = iter([found.open_writer()])

        def open_writer() -> Writer:
            writer = next(writers, None)
            if writer is None:
                raise ConfigurationError("no such profile")
            return writer

        return Connection(found.account_id, found.region, found.reader, open_writer, found.open_invoker)


def test_nothing_is_written_unless_everything_can_be(stage: Stage) -> None:
    """All writers are opened before the first one writes."""
    stage.cloud = _NoWriters()
    two_apis(stage)

    with pytest.raises(ConfigurationError):
        stage.apply()
    assert [] == stage.plane.calls.writes()


# -- phase two: what became of it ------------------------------------------------------------------------------------


def test_a_failure_stops_its_own_api_only(stage: Stage) -> None:
    """Exit 3; of the other API everything is applied."""
    one, two = two_apis(stage)
    stage.plane.faults.add(throttled(), PUT, when=lambda asked: asked["restApiId"] == one)
    applied = stage.apply()
    written = {
        call.parameters["restApiId"] for call in stage.plane.calls.writes() if call.parameters["restApiId"] == two
    }

    assert (
        ExitCode.STOPPED,
        [ActionResult.FAILED, ActionResult.NOT_RUN, ActionResult.APPLIED, ActionResult.APPLIED],
        False,
        {two},
    ) == (
        applied.exit_code,
        became(applied),
        applied.verified,
        written,
    )


@pytest.mark.parametrize("fault", [throttled(), NoConnection(), access_denied("PUT", "/restapis/*")])
def test_running_again_finishes_the_job(stage: Stage, fault: Fault) -> None:
    """Only what is left is written."""
    stage.api("petstore", ONE)
    stage.write(manifest(THREE))
    stage.plane.faults.add(fault, PUT, when=lambda asked: asked["statusCode"] == "500")
    first = stage.apply()
    stage.plane.faults.clear()
    second = stage.apply()

    assert ([ActionResult.APPLIED, ActionResult.FAILED], [ActionResult.APPLIED], ExitCode.OK, True) == (
        became(first),
        became(second),
        second.exit_code,
        stage.plan().plan.is_empty,
    )


def test_a_lost_answer_that_can_be_settled_is_no_failure(stage: Stage) -> None:
    """One read more, exit 0."""
    stage.api("petstore", ONE)
    stage.write(manifest(THREE))
    stage.plane.faults.add(LostAnswer(), PUT)
    applied = stage.apply()

    assert (ExitCode.OK, True, 1) == (
        applied.exit_code,
        applied.verified,
        len(stage.plane.calls.of("GetIntegrationResponse")),
    )


def test_an_unknown_outcome_stops_part_way(stage: Stage) -> None:
    """Exit 3, and the rest is not run."""
    stage.api("petstore", ONE)
    stage.write(manifest(THREE))
    stage.plane.faults.add(LostAnswer(), PUT)
    stage.plane.faults.add(Truncated(), "GetIntegrationResponse")
    applied = stage.apply()

    assert (ExitCode.STOPPED, [ActionResult.UNKNOWN, ActionResult.NOT_RUN]) == (applied.exit_code, became(applied))


@pytest.mark.parametrize("after", [0, 1])
def test_a_request_to_stop_leaves_the_rest_undone(stage: Stage, after: int) -> None:
    """Exit 130; what was done is reported as done."""
    stage.api("petstore", ONE)
    stage.write(manifest(THREE))
    applied = stage.apply(stop_after=after)

    assert (ExitCode.INTERRUPTED, [*[ActionResult.APPLIED] * after, *[ActionResult.NOT_RUN] * (2 - after)], after) == (
        applied.exit_code,
        became(applied),
        len(stage.plane.calls.writes()),
    )


def test_a_stop_before_the_first_write_has_written_nothing(stage: Stage) -> None:
    """Then there is nothing to verify either."""
    stage.api("petstore", ONE)
    stage.write(manifest(THREE))
    applied = stage.apply(stop_after=0)

    assert (False, None) == (applied.wrote, applied.verified)


def test_a_stop_after_the_last_write_leaves_it_unverified(stage: Stage) -> None:
    """All is applied, and nobody looked: that must not read as verified."""
    stage.api("petstore", ONE)
    stage.write(manifest(THREE))
    applied = stage.apply(stop_after=2)

    assert (ExitCode.INTERRUPTED, [ActionResult.APPLIED] * 2, False, 1) == (
        applied.exit_code,
        became(applied),
        applied.verified,
        len(applied.unverified),
    )


# -- verification ----------------------------------------------------------------------------------------------------


def stale_after(stage: Stage, api_id: str, times: int) -> None:
    """Let so many reads after the first write show the API as it is now."""
    seen = stage.plane.call("GetResources", restApiId=api_id, embed=["methods"], limit=500)
    stage.plane.calls.clear()
    stage.plane.faults.add(
        FixedAnswer(seen), "GetResources", times=times, when=lambda _: bool(stage.plane.calls.writes())
    )


@pytest.mark.parametrize(("times", "naps"), [(0, []), (1, [1.0]), (2, [1.0, 2.0])])
def test_a_stale_read_is_repeated_after_a_pause(stage: Stage, times: int, naps: list[float]) -> None:
    """GetResources may lag behind a write."""
    api_id = stage.api("petstore", ONE)
    stage.write(manifest(THREE))
    stale_after(stage, api_id, times)
    applied = stage.apply()

    assert (ExitCode.OK, True, naps) == (applied.exit_code, applied.verified, stage.clock.naps)


def test_what_still_differs_after_all_pauses_is_left_over(stage: Stage) -> None:
    """Exit 3: not as planned."""
    api_id = stage.api("petstore", ONE)
    stage.write(manifest(THREE))
    stale_after(stage, api_id, 99)
    applied = stage.apply()

    assert (ExitCode.STOPPED, False, [2], [1.0, 2.0]) == (
        applied.exit_code,
        applied.verified,
        [len(leftover.actions) for leftover in applied.leftovers],
        stage.clock.naps,
    )


def test_a_method_that_went_during_the_apply_is_left_over(stage: Stage) -> None:
    """There is nothing to write to, so there are no actions; yet the responses are not there."""
    api_id = stage.api("petstore", ONE)
    stage.write(manifest(THREE))
    root = {"items": [{"id": "r0", "path": "/"}]}
    stage.plane.faults.add(
        FixedAnswer(root),
        "GetResources",
        times=9,
        when=lambda asked: bool(stage.plane.calls.writes()) and asked["restApiId"] == api_id,
    )
    applied = stage.apply()

    assert (ExitCode.STOPPED, False, [(0, 3)]) == (
        applied.exit_code,
        applied.verified,
        [(len(leftover.actions), len(leftover.comparison.changes)) for leftover in applied.leftovers],
    )


def test_an_api_that_cannot_be_read_again_is_unverified(stage: Stage) -> None:
    """Exit 3: all was written, and nobody can say that it is so."""
    stage.api("petstore", ONE)
    stage.write(manifest(THREE))
    stage.plane.faults.add(
        access_denied("GET", "/restapis/*"), "GetResources", times=9, when=lambda _: bool(stage.plane.calls.writes())
    )
    applied = stage.apply()

    assert (ExitCode.STOPPED, False, [("petstore",)], [ActionResult.APPLIED] * 2) == (
        applied.exit_code,
        applied.verified,
        [one.manifests for one in applied.unverified],
        became(applied),
    )


def test_only_what_was_written_is_verified(stage: Stage) -> None:
    """An API without changes is read once, and so is one that failed."""
    one, two = two_apis(stage)
    unchanged = stage.api("unchanged", {GET_PETS: Method({"500": BROKEN, "404": NOT_FOUND})})
    text = "{404: {selectionPattern: '404'}, 500: {selectionPattern: '5\\d\\d'}}"
    stage.write(manifest(text, name="unchanged", api="{name: unchanged}"), "unchanged.yaml")
    stage.plane.faults.add(throttled(), PUT, when=lambda asked: asked["restApiId"] == one)
    stage.apply()
    reads = [call.parameters["restApiId"] for call in stage.plane.calls.of("GetResources")]

    assert {one: 1, two: 2, unchanged: 1} == {api_id: reads.count(api_id) for api_id in (one, two, unchanged)}
