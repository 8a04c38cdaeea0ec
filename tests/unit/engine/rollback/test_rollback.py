"""What a rollback restores, what it leaves, and what speaks against it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from reconciler.engine.apply import Applied
from reconciler.engine.load.request import Request
from reconciler.engine.rollback.prior_state import kept_method_responses, kept_routes
from reconciler.engine.rollback.rollback import RolledBack
from reconciler.engine.runs import find_run
from reconciler.errors import CredentialsError, ExitCode, JournalError, Refused, UsageError
from reconciler.models.keys import MethodKey
from reconciler.models.responses import RestResponse, WebSocketResponse
from reconciler.models.targets import Coordinates, Role
from reconciler.render.style import Style
from reconciler.rules import GuardRule
from reconciler.sandbox.model import faults
from reconciler.sandbox.model.errors import NO_STATUS, not_found
from reconciler.sandbox.model.faults import access_denied
from reconciler.views.plan import plan_text
from reconciler.views.rollback import RollbackFollowUp, rollback_text
from support.accounts import EXPIRED, OTHER_ACCOUNT, Accounts
from support.apis import Method, make_api
from support.killing import EVERYTHING, Death, Desk, killed, snapshot
from support.live import BROKEN, DEFAULT, GET_PETS, NOT_FOUND, POST_PETS
from support.stage import manifest
from support.websocket import Integration, make_websocket_api

DECLARED: Mapping[str, list[str]] = {"200": [], "404": [], "410": [], "500": []}
THREE = "{200: {}, 404: {selectionPattern: '404'}, 500: {selectionPattern: '5..'}}"
NOTHING: frozenset[GuardRule] = frozenset()
GONE = faults.ErrorAnswer(not_found(NO_STATUS))


@dataclass
class Scene:
    """A folder with manifests, the runs of it, and one API or several."""

    folder: Path
    desk: Desk

    def write(self, text: str, name: str = "petstore.yaml") -> None:
        """Write a manifest, or another file."""
        (self.folder / name).write_text(text, encoding="utf-8")

    def apply(self, death: Death | None = None, **asked: object) -> Applied:
        """Apply everything."""
        return self.desk.apply(Request((".",), forced=EVERYTHING, **asked), death)  # type: ignore[arg-type]

    def call(self, api_id: str, operation: str, scope: MethodKey = GET_PETS, **parameters: object) -> None:
        """Somebody else, at the API's own console."""
        items = self.desk.plane.call("GetResources", restApiId=api_id)["items"]
        resource = next(item["id"] for item in items if item["path"] == scope.path)
        where = {"restApiId": api_id, "resourceId": resource, "httpMethod": scope.method}
        self.desk.plane.call(operation, **where, **parameters)


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """The folder is the current one; there is no API yet."""
    monkeypatch.chdir(tmp_path)
    return Scene(tmp_path, Desk(tmp_path / ".reconciler" / "runs", Accounts()))


def petstore(scene: Scene, responses: Mapping[str, RestResponse]) -> str:
    """An API with these responses of GET /pets, and a manifest that wants 200, 404 and 500."""
    scene.write(manifest(THREE))
    return make_api(scene.desk.plane, "petstore", {GET_PETS: Method(responses, DECLARED)})


def problems(applied: Applied) -> list[tuple[str, str]]:
    """The errors that stand against a rollback: rule and message."""
    return [(diagnostic.rule, diagnostic.message) for diagnostic in applied.planned.diagnostics if diagnostic.is_error]


def test_what_a_run_created_deleted_and_updated_is_as_before(scene: Scene) -> None:
    """A response that it created is gone, one that it deleted is back."""
    petstore(scene, {"200": DEFAULT, "404": BROKEN, "410": RestResponse("410")})
    first = snapshot(scene.desk.plane)
    applied = scene.apply()
    undone = scene.desk.rollback()

    assert (ExitCode.OK, ExitCode.OK, True, first) == (
        applied.exit_code,
        undone.exit_code,
        undone.verified,
        snapshot(scene.desk.plane),
    )


def test_a_rollback_writes_once_per_response(scene: Scene) -> None:
    """And reads the API once to plan and once to verify."""
    petstore(scene, {"200": DEFAULT, "404": BROKEN})
    scene.apply()
    scene.desk.plane.calls.clear()
    scene.desk.rollback()

    assert ["GetResources", "PutIntegrationResponse", "DeleteIntegrationResponse", "GetResources"] == (
        scene.desk.plane.calls.names()
    )


def test_what_was_not_reached_is_not_restored(scene: Scene) -> None:
    """An action that was not run leaves its response to others, who may do with it what they like."""
    api_id = petstore(scene, {"200": DEFAULT})
    scene.desk.plane.faults.add(access_denied("PUT", "/"), "PutIntegrationResponse")
    applied = scene.apply()
    scene.call(api_id, "PutIntegrationResponse", statusCode="500", selectionPattern="else")
    undone = scene.desk.rollback(forced=NOTHING)

    assert (["failed", "not-run"], ExitCode.OK, ()) == (
        [outcome.result for outcome in applied.outcomes],
        undone.exit_code,
        undone.outcomes,
    )


def test_what_somebody_else_did_for_the_run_is_not_undone(scene: Scene) -> None:
    """A deletion that was skipped, as the response was gone already, brings nothing back."""
    api_id = petstore(scene, {"200": DEFAULT, "404": NOT_FOUND, "410": RestResponse("410")})
    scene.write(manifest("{200: {}, 404: {selectionPattern: '404'}}"))
    scene.desk.plane.faults.add(GONE, "DeleteIntegrationResponse")
    applied = scene.apply()
    scene.call(api_id, "DeleteIntegrationResponse", statusCode="410")

    assert (["skipped"], ()) == ([outcome.result for outcome in applied.outcomes], scene.desk.rollback().outcomes)


def test_method_responses_stay_and_are_named(scene: Scene) -> None:
    """What `ensure` made is never deleted."""
    make_api(scene.desk.plane, "petstore", {GET_PETS: Method({"200": DEFAULT}, {"200": []})})
    scene.write(manifest(THREE, spec="methodResponses: ensure"))
    first = snapshot(scene.desk.plane, declarations=False)
    scene.apply()
    undone = scene.desk.rollback()
    run = find_run(scene.desk.runs, "latest")

    assert (first, ["delete", "delete"], ("petstore: GET /pets 404", "petstore: GET /pets 500")) == (
        snapshot(scene.desk.plane, declarations=False),
        [outcome.action.op for outcome in undone.outcomes],
        kept_method_responses(run),
    )


def test_routes_stay_two_way_and_are_named(scene: Scene) -> None:
    """What `ensure` made of a route is never undone; the responses are."""
    api_id, _ = make_websocket_api(scene.desk.plane, "chat", [Integration(("ask",), {}, two_way=False)])
    scene.write(
        "apiVersion: reconciler/v1\nkind: WebSocketApi\nmetadata: {name: chat}\n"
        "spec: {api: {name: chat}, routeResponses: ensure, routes: {ask: {responses: {$default: {}}}}}\n"
    )
    applied = scene.apply()
    undone = scene.desk.rollback()
    route = scene.desk.plane.call("GetRoutes", ApiId=api_id)["Items"][0]

    assert (["delete"], ("chat: ask",), "$default") == (
        [outcome.action.op for outcome in undone.outcomes],
        kept_routes(find_run(scene.desk.runs, applied.run)),
        route["RouteResponseSelectionExpression"],
    )


def test_a_run_that_only_made_a_route_two_way_leaves_nothing_to_undo(scene: Scene) -> None:
    """So the manifests need no change; what is kept is named, and not said to be as before."""
    make_websocket_api(
        scene.desk.plane, "chat", [Integration(("ask",), {"$default": WebSocketResponse()}, two_way=False)]
    )
    scene.write(
        "apiVersion: reconciler/v1\nkind: WebSocketApi\nmetadata: {name: chat}\n"
        "spec: {api: {name: chat}, routeResponses: ensure, routes: {ask: {responses: {$default: {}}}}}\n"
    )
    applied = scene.apply()
    undone = find_run(scene.desk.runs, applied.run)
    rolled = RolledBack(applied.run, undone, scene.desk.rollback())
    lines = rollback_text(rolled, Style(), RollbackFollowUp(adopt="reconciler adopt")).splitlines()

    assert (
        False,
        "The run made the route chat: ask two-way, which is kept.",
        f"Nothing to do: every response that run {applied.run} changed is as it was before.",
    ) == (rolled.contradicts_manifests, *lines[-2:])


@pytest.mark.parametrize("change", ["put", "delete"])
def test_what_was_changed_since_is_refused(scene: Scene, change: str) -> None:
    """However it was changed; --force brings back what was before the run."""
    api_id = petstore(scene, {"200": DEFAULT, "404": BROKEN})
    first = snapshot(scene.desk.plane)
    scene.apply()
    if change == "put":
        scene.call(api_id, "PutIntegrationResponse", statusCode="404", selectionPattern="40.")
    else:
        scene.call(api_id, "DeleteIntegrationResponse", statusCode="404")
    refused = scene.desk.rollback(forced=NOTHING)
    forced = scene.desk.rollback(forced=frozenset({GuardRule.CHANGED_SINCE}))

    assert (ExitCode.REFUSED, [GuardRule.CHANGED_SINCE], (), ExitCode.OK, [GuardRule.CHANGED_SINCE], first) == (
        refused.exit_code,
        [refusal.rule for refusal in refused.planned.verdict.refusals],
        refused.outcomes,
        forced.exit_code,
        [waiver.rule for waiver in forced.planned.verdict.waivers],
        snapshot(scene.desk.plane),
    )


def test_a_later_run_is_named(scene: Scene) -> None:
    """It is to be rolled back first; then the earlier one can be."""
    petstore(scene, {"200": DEFAULT})
    first = snapshot(scene.desk.plane)
    one = scene.apply()
    scene.write(manifest(THREE.replace("'5..'", "'50.'")))
    two = scene.apply()
    refused = scene.desk.rollback(one.run, forced=NOTHING)
    undone = [scene.desk.rollback(run, forced=NOTHING).exit_code for run in (two.run, one.run)]

    (message,) = [refusal.message for refusal in refused.planned.verdict.refusals]

    assert (
        f"petstore: GET /pets 500 was changed after the run, by run {two.run}: selectionPattern differs",
        [ExitCode.OK, ExitCode.OK],
        first,
    ) == (message.partition(";")[0], undone, snapshot(scene.desk.plane))


def test_what_was_put_back_by_hand_is_left(scene: Scene) -> None:
    """It is what it was before the run."""
    api_id = petstore(scene, {"200": DEFAULT, "404": NOT_FOUND})
    scene.apply()
    scene.call(api_id, "DeleteIntegrationResponse", statusCode="500")

    assert (ExitCode.OK, ()) == ((undone := scene.desk.rollback(forced=NOTHING)).exit_code, undone.outcomes)


def test_the_guard_counts(scene: Scene) -> None:
    """A rollback that takes a method's default response away is refused, unless that is forced."""
    make_api(scene.desk.plane, "petstore", {GET_PETS: Method({"404": NOT_FOUND}, DECLARED)})
    scene.write(manifest(THREE))
    scene.apply()
    refused = scene.desk.rollback(forced=NOTHING)
    forced = scene.desk.rollback(forced=frozenset({GuardRule.DEFAULT_REMOVED}))

    assert (ExitCode.REFUSED, [GuardRule.DEFAULT_REMOVED], ExitCode.OK) == (
        refused.exit_code,
        [refusal.rule for refusal in refused.planned.verdict.refusals],
        forced.exit_code,
    )


def test_limits_are_those_of_the_configuration(scene: Scene) -> None:
    """Of the one that the run was under."""
    petstore(scene, {"200": DEFAULT})
    scene.write("apiVersion: reconciler/v1\nkind: Config\nguard: {maxDelete: 10%, from: 1}\n", "reconciler.yaml")
    scene.desk.apply(Request(forced=EVERYTHING))

    assert [GuardRule.MAX_DELETE] == [
        refusal.rule for refusal in scene.desk.rollback(forced=NOTHING).planned.verdict.refusals
    ]


def test_manifests_are_not_read(scene: Scene) -> None:
    """They may be broken, or gone."""
    petstore(scene, {"200": DEFAULT})
    first = snapshot(scene.desk.plane)
    scene.apply()
    scene.write("{")

    assert (ExitCode.OK, first) == (scene.desk.rollback().exit_code, snapshot(scene.desk.plane))


def test_bad_responses_are_restored_as_they_were(scene: Scene) -> None:
    """What the linter has against them was so before."""
    petstore(scene, {"200": DEFAULT, "404": RestResponse("*"), "500": RestResponse("[")})
    first = snapshot(scene.desk.plane)
    scene.apply()

    assert (ExitCode.OK, first) == (scene.desk.rollback().exit_code, snapshot(scene.desk.plane))


def test_a_pattern_that_somebody_else_uses_now(scene: Scene) -> None:
    """Said before anything is written, with what to do."""
    api_id = petstore(scene, {"200": DEFAULT, "404": RestResponse("a")})
    scene.apply()
    scene.call(api_id, "PutIntegrationResponse", statusCode="410", selectionPattern="a")
    undone = scene.desk.rollback()

    [found] = undone.planned.diagnostics

    assert (ExitCode.FAILED, ()) == (undone.exit_code, undone.outcomes)
    assert (
        "pattern-taken",
        "404 needs the pattern `a`, but live 410 holds and keeps it",
        "the run did not touch it: give it another pattern or delete it, then roll back",
    ) == (found.rule, found.message, found.remedy)


def test_a_declaration_that_is_gone_since(scene: Scene) -> None:
    """Without it AWS would refuse the response."""
    mapped = RestResponse("404", response_parameters={"method.response.header.X": "'1'"})
    api_id = make_api(scene.desk.plane, "petstore", {GET_PETS: Method({"200": DEFAULT, "404": mapped})})
    scene.write(manifest("{200: {}}"))
    scene.apply()
    scene.call(api_id, "DeleteMethodResponse", statusCode="404")
    undone = scene.desk.rollback()

    assert (ExitCode.FAILED, ["undeclared-header"], ()) == (
        undone.exit_code,
        [rule for rule, _ in problems(undone)],
        undone.outcomes,
    )


def test_a_method_that_is_gone_since(scene: Scene) -> None:
    """There is nothing to write to."""
    api_id = petstore(scene, {"200": DEFAULT})
    scene.apply()
    scene.call(api_id, "DeleteMethod")

    assert ["unknown-method"] == [rule for rule, _ in problems(scene.desk.rollback())]


def test_an_api_that_is_gone_since(scene: Scene) -> None:
    """It is a failure, and the other APIs of the run are not written to either."""
    ids = [make_api(scene.desk.plane, name, {GET_PETS: Method({}, DECLARED)}) for name in ("one", "two")]
    for name in ("one", "two"):
        scene.write(manifest(THREE, name=name, api=f"{{name: {name}}}"), f"{name}.yaml")
    scene.apply()
    scene.desk.plane.call("DeleteRestApi", restApiId=ids[0])
    undone = scene.desk.rollback()

    assert (ExitCode.FAILED, ["api-not-found"], ()) == (
        undone.exit_code,
        [rule for rule, _ in problems(undone)],
        undone.outcomes,
    )


def test_a_websocket_response_is_found_by_its_integration(scene: Scene) -> None:
    """Also when the route leads to another one by now."""
    plain = WebSocketResponse()
    integrations = [Integration(("send",), {"$default": plain}), Integration(("other",), {"$default": plain})]
    api_id, (first, other) = make_websocket_api(scene.desk.plane, "chat", integrations)
    scene.write(
        "apiVersion: reconciler/v1\nkind: WebSocketApi\nmetadata: {name: chat}\nspec:\n  api: {name: chat}\n"
        "  routes: {send: {responses: {$default: {}, /404/: {}}}}\n"
    )
    state = snapshot(scene.desk.plane)
    scene.apply()
    routes = scene.desk.plane.call("GetRoutes", ApiId=api_id)["Items"]
    route = next(one["RouteId"] for one in routes if one["RouteKey"] == "send")
    scene.desk.plane.call("UpdateRoute", ApiId=api_id, RouteId=route, Target=f"integrations/{other}")
    undone = scene.desk.rollback()

    assert (ExitCode.OK, [f"chat: integration {first} /404/"], state) == (
        undone.exit_code,
        [outcome.action.address for outcome in undone.outcomes],
        snapshot(scene.desk.plane),
    )


CONFIGURATION = """\
apiVersion: reconciler/v1
kind: Config
manifests: [pets.yaml]
environments:
  dev: {region: eu-west-1}
  prod: {region: us-east-1, profile: other, assumeRole: "arn:aws:iam::210987654321:role/ci"}
"""


def shop(scene: Scene) -> Accounts:
    """A manifest for two environments in two accounts and regions, which was applied to both."""
    cloud = scene.desk.cloud
    assert isinstance(cloud, Accounts)
    for plane in (cloud.plane(), cloud.plane("us-east-1", OTHER_ACCOUNT)):
        make_api(plane, "petstore", {GET_PETS: Method({}, DECLARED), POST_PETS: Method({"200": DEFAULT}, DECLARED)})
    scene.write(CONFIGURATION, "reconciler.yaml")
    scene.write(manifest(THREE), "pets.yaml")
    scene.desk.apply(Request(environments=("all",), forced=EVERYTHING))
    cloud.asked.clear()
    return cloud


def test_each_api_is_reached_as_its_environment_says(scene: Scene) -> None:
    """With profile, role and region; and a rollback of the rollback too."""
    cloud = shop(scene)
    undone = scene.desk.rollback()
    redone = scene.desk.rollback(undone.run)

    assert (ExitCode.OK, ExitCode.OK, 6, 6) == (
        undone.exit_code,
        redone.exit_code,
        len(undone.outcomes),
        len(redone.outcomes),
    )
    assert {
        Coordinates("eu-west-1"),
        Coordinates("us-east-1", "other", role=Role("arn:aws:iam::210987654321:role/ci")),
    } == set(cloud.asked)


def test_another_account_is_refused(scene: Scene) -> None:
    """What is said on the command line wins, and is not trusted: nothing at all is written."""
    cloud = shop(scene)
    with pytest.raises(Refused, match=f"account {OTHER_ACCOUNT}: nothing was written"):
        scene.desk.rollback(coordinates=Coordinates(profile="other"))

    assert {"other"} == {one.profile for one in cloud.asked}


def test_credentials_that_do_not_work(scene: Scene) -> None:
    """Say so."""
    shop(scene)
    with pytest.raises(CredentialsError):
        scene.desk.rollback(coordinates=Coordinates(profile=EXPIRED))


def test_without_its_configuration_the_account_is_looked_at(scene: Scene) -> None:
    """What leads to an environment is gone, so it is the wrong account for it."""
    shop(scene)
    (scene.folder / "reconciler.yaml").unlink()

    with pytest.raises(Refused):
        scene.desk.rollback()


def test_a_run_that_touched_nothing_leaves_nothing_to_do(scene: Scene) -> None:
    """AWS is not even asked."""
    petstore(scene, {"200": DEFAULT})
    killed(lambda: scene.apply(Death(1)))
    lines = next(scene.desk.runs.glob("*/outcomes.jsonl"))
    with lines.open("a", encoding="utf-8") as file:
        file.write('{"line": "end", "exitCode": 130, "at": "2026-01-31T12:00:00Z"}\n')
    scene.desk.plane.calls.clear()
    undone = scene.desk.rollback()

    assert (ExitCode.OK, (), []) == (undone.exit_code, undone.outcomes, scene.desk.plane.calls.names())


def test_without_runs_there_is_no_latest(scene: Scene) -> None:
    """Which is wrong usage."""
    with pytest.raises(UsageError, match="there is no run in"):
        scene.desk.rollback()


def test_a_plan_that_was_tampered_with(scene: Scene) -> None:
    """Nothing is done by it; it is said which file it is."""
    petstore(scene, {"200": DEFAULT})
    scene.apply()
    plan = next(scene.desk.runs.glob("*/plan.json"))
    plan.write_text(plan.read_text(encoding="utf-8").replace("5..", "4.."), encoding="utf-8")

    with pytest.raises(JournalError, match=r"plan\.json was changed after it was written"):
        scene.desk.rollback()


@pytest.mark.parametrize(("before", "after"), [("true", "false"), ("false", "true")])
def test_a_protected_environment_is_marked(scene: Scene, before: str, after: str) -> None:
    """Whether it was protected when the run was made, or is now."""
    configuration = "apiVersion: reconciler/v1\nkind: Config\nenvironments: {prod: {protected: %s}}\n"
    petstore(scene, {"200": DEFAULT})
    scene.write(configuration % before, "reconciler.yaml")
    scene.desk.apply(Request(("petstore.yaml",), environments=("prod",), forced=EVERYTHING))
    scene.write(configuration % after, "reconciler.yaml")
    planned = scene.desk.rollback().planned

    assert (("prod",), True) == (
        planned.protected_environments,
        "environment prod (protected), account" in plan_text(planned, Style()),
    )
