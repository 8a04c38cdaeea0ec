"""plan: what is read, what is collected, which exit code follows."""

from collections.abc import Callable

import pytest

from reconciler.engine.plan import Planned
from reconciler.errors import ExitCode, Interrupted
from reconciler.models.keys import MethodKey
from reconciler.models.live import LiveApi
from reconciler.models.responses import RestResponse
from reconciler.models.targets import Coordinates, Target
from reconciler.ports import Connection
from reconciler.rules import GuardRule
from reconciler.sandbox.gateway import InMemoryCloud, InMemoryReader
from reconciler.sandbox.model.faults import Fault, NoConnection, Truncated, access_denied, server_error, throttled
from support.apis import Method
from support.live import BROKEN, DEFAULT, GET_PETS, NOT_FOUND
from support.stage import Stage, manifest

ONE = {GET_PETS: Method({"200": DEFAULT})}
TWO = {GET_PETS: Method({"200": DEFAULT, "404": NOT_FOUND})}
LARGE = {
    MethodKey(f"/r{resource}", verb): Method({"200": DEFAULT, "400": RestResponse("400"), "500": BROKEN})
    for resource in range(30)
    for verb in ("GET", "PUT", "POST")
}


def problems(planned: Planned) -> list[tuple[str, str]]:
    """Rule and message of every diagnostic."""
    return [(diagnostic.rule, diagnostic.message) for diagnostic in planned.diagnostics]


def test_a_plan_by_name_makes_two_reads(stage: Stage) -> None:
    """The listing of APIs and the API as a whole, however large it is."""
    stage.api("petstore", LARGE)
    stage.write(manifest(path="/r7"))
    stage.plan()

    assert ["GetRestApis", "GetResources"] == stage.plane.calls.names()


def test_a_plan_by_id_makes_one_read(stage: Stage) -> None:
    """Nothing must be looked for."""
    api_id = stage.api("petstore", LARGE)
    stage.write(manifest(path="/r7", api=f"{{id: {api_id}}}"))
    stage.plan()

    assert ["GetResources"] == stage.plane.calls.names()


def test_manifests_of_one_api_share_one_read(stage: Stage) -> None:
    """Whether they address it by id or by name."""
    api_id = stage.api("petstore", LARGE)
    stage.write(manifest(path="/r1"), "1.yaml")
    stage.write(manifest(path="/r2", name="other", api=f"{{id: {api_id}}}"), "2.yaml")
    planned = stage.plan()

    assert (["GetRestApis", "GetResources"], [["petstore", "other"]]) == (
        stage.plane.calls.names(),
        [[ref.name for ref in target.desired.manifests] for target in planned.plan.targets],
    )


def test_names_are_looked_up_once(stage: Stage) -> None:
    """One listing for all manifests, one read for each API."""
    for name in ("one", "two", "three"):
        stage.api(name, ONE)
        stage.write(manifest(name=name, api=f"{{name: {name}}}"), f"{name}.yaml")
    stage.plan()

    assert ["GetResources"] * 3 + ["GetRestApis"] == sorted(stage.plane.calls.names())


@pytest.mark.parametrize(
    ("responses", "expected"),
    [
        ("{200: {}, 404: {selectionPattern: '404'}}", ExitCode.OK),
        ("{200: {}}", ExitCode.DIFFERENCES),
        ("{}", ExitCode.REFUSED),
        ("{200: {}, 404: {selectionPattern: '4..'}, 410: {selectionPattern: '4..'}}", ExitCode.FAILED),
        ("{200: {nonsense: 1}}", ExitCode.FAILED),
    ],
)
def test_the_exit_code_derives_from_the_plan(stage: Stage, responses: str, expected: ExitCode) -> None:
    """Nothing to do, changes, refused, errors."""
    stage.api("petstore", TWO)
    stage.write(manifest(responses))

    assert expected is stage.plan().exit_code(detailed=True)


def test_changes_are_fine_without_detail(stage: Stage) -> None:
    """A plan was made: that is what was asked for."""
    stage.api("petstore", TWO)
    stage.write(manifest())

    assert ExitCode.OK is stage.plan().exit_code()


def test_a_broken_manifest_asks_nothing_of_aws(stage: Stage) -> None:
    """What cannot be read cannot be compared."""
    stage.api("petstore", ONE)
    stage.write(manifest(), "good.yaml")
    stage.write("kind: [", "bad.yaml")
    planned = stage.plan()

    assert ([], True) == (stage.plane.calls.names(), planned.plan.is_empty)


def test_one_method_in_two_manifests_is_an_error_that_names_both(stage: Stage) -> None:
    """Seen although one says the name and the other the id."""
    api_id = stage.api("petstore", ONE)
    stage.write(manifest(), "1.yaml")
    stage.write(manifest(name="other", api=f"{{id: {api_id}}}"), "2.yaml")
    found = next(diagnostic for diagnostic in stage.plan().diagnostics if diagnostic.is_error)

    assert ("duplicate-method", "2.yaml:9:7", "GET /pets is listed here by other, and at 1.yaml:9:7 by petstore") == (
        found.rule,
        str(found.location),
        found.message,
    )


def test_one_method_of_two_apis_is_fine(stage: Stage) -> None:
    """A path says nothing without its API."""
    for name in ("one", "two"):
        stage.api(name, ONE)
        stage.write(manifest(name=name, api=f"{{name: {name}}}"), f"{name}.yaml")

    assert [] == problems(stage.plan())


def test_an_api_that_is_not_there_has_a_nearest_name(stage: Stage) -> None:
    """The error is at the manifest and suggests what may have been meant."""
    stage.api("petstore-prod", ONE)
    stage.write(manifest(api="{name: petstore-prd}"))
    found = stage.plan().diagnostics[0]

    assert (
        "petstore.yaml:5",
        "petstore: no REST API is named 'petstore-prd' in account 123456789012, eu-west-1",
        "did you mean `petstore-prod`?",
    ) == (str(found.location).rpartition(":")[0], found.message, found.remedy)


def test_an_api_of_an_unlike_name_is_not_suggested(stage: Stage) -> None:
    """Then credentials and region are more likely wrong."""
    stage.api("orders", ONE)
    stage.write(manifest())

    assert "check the name, the region and the credentials" == stage.plan().diagnostics[0].remedy


def test_two_apis_of_one_name_are_listed(stage: Stage) -> None:
    """The ids are what to choose from."""
    ids = sorted(stage.api("petstore", ONE) for _ in range(2))
    stage.write(manifest())
    found = stage.plan().diagnostics[0]

    assert (
        f"petstore: 2 REST APIs are named 'petstore' in account 123456789012, eu-west-1: {ids[0]}, {ids[1]}",
        "address the right one by its id: `api: {id: ...}`",
    ) == (found.message, found.remedy)


UNREADABLE = (access_denied("GET", "/restapis/*"), Truncated(), NoConnection(), throttled(), server_error())


@pytest.mark.parametrize("fault", UNREADABLE)
@pytest.mark.parametrize("operation", ["GetResources", "GetRestApis"])
def test_what_cannot_be_read_is_an_error_and_no_plan(stage: Stage, operation: str, fault: Fault) -> None:
    """Never "everything was deleted": no action, no refusal, exit 1."""
    stage.api("petstore", TWO)
    stage.write(manifest("{500: {selectionPattern: '5..'}}"))
    stage.plane.faults.always(fault, operation)
    planned = stage.plan()

    assert (ExitCode.FAILED, True, (), [True]) == (
        planned.exit_code(detailed=True),
        planned.plan.is_empty,
        planned.verdict.refusals,
        [diagnostic.is_error for diagnostic in planned.diagnostics],
    )


def test_an_id_that_does_not_exist_is_an_error(stage: Stage) -> None:
    """AWS speaks of an invalid resource; we say which API."""
    stage.write(manifest(api="{id: nosuchapi0}"))
    found = stage.plan().diagnostics

    assert ([("api-not-found", True)], True) == (
        [(one.rule, one.is_error) for one in found],
        "nosuchapi0" in found[0].message,
    )


def test_an_unreadable_api_does_not_hide_the_plan_of_another(stage: Stage) -> None:
    """One run shows all there is to see, and fails."""
    bad, good = stage.api("bad", ONE), stage.api("good", ONE)
    stage.write(manifest(name="bad", api="{name: bad}"), "bad.yaml")
    stage.write(manifest("{200: {}, 500: {selectionPattern: '500'}}", name="good", api="{name: good}"), "good.yaml")
    stage.plane.faults.add(throttled(), "GetResources", when=lambda asked: asked["restApiId"] == bad)
    planned = stage.plan()

    assert (ExitCode.FAILED, [good], False) == (
        planned.exit_code(),
        [target.target.api_id for target in planned.plan.targets],
        planned.may_run,
    )


def test_apis_by_id_are_read_though_names_cannot_be_looked_up(stage: Stage) -> None:
    """Who may not list APIs may read the one that is addressed by its id."""
    api_id = stage.api("one", ONE)
    stage.write(manifest(name="one", api=f"{{id: {api_id}}}"), "1.yaml")
    stage.write(manifest(name="two", api="{name: two}"), "2.yaml")
    stage.plane.faults.always(access_denied("GET", "/restapis"), "GetRestApis")
    planned = stage.plan()

    assert ([api_id], [("access-denied", "two")]) == (
        [target.target.api_id for target in planned.plan.targets],
        [(rule, message.partition(":")[0]) for rule, message in problems(planned)],
    )


def test_no_manifest_is_refused(stage: Stage) -> None:
    """An empty folder is more likely a wrong path; nothing is asked of AWS."""
    planned = stage.plan()

    assert ([GuardRule.EMPTY_SET], ExitCode.REFUSED, []) == (
        [refusal.rule for refusal in planned.verdict.refusals],
        planned.exit_code(),
        stage.plane.calls.names(),
    )


def test_no_manifest_can_be_forced(stage: Stage) -> None:
    """Who means it says so."""
    assert ExitCode.OK is stage.plan([GuardRule.EMPTY_SET]).exit_code()


def test_errors_of_responses_that_are_left_alone_are_warnings(stage: Stage) -> None:
    """A legacy API can be taken over as it is."""
    stage.api("petstore", {GET_PETS: Method({"200": DEFAULT}, declared={})})
    stage.write(manifest())

    assert ([("missing-method-response", False)], ExitCode.OK) == (
        [(diagnostic.rule, diagnostic.is_error) for diagnostic in stage.plan().diagnostics],
        stage.plan().exit_code(detailed=True),
    )


def test_errors_of_responses_that_are_written_are_errors(stage: Stage) -> None:
    """What is put has to work."""
    stage.api("petstore", {GET_PETS: Method({"200": RestResponse("2..")}, declared={})})
    stage.write(manifest())

    assert [("missing-method-response", True)] == [
        (diagnostic.rule, diagnostic.is_error) for diagnostic in stage.plan().diagnostics
    ]


def test_a_plan_writes_nothing(stage: Stage) -> None:
    """Whatever there is to do."""
    stage.api("petstore", TWO)
    stage.write(manifest("{500: {selectionPattern: '500'}}", spec="methodResponses: ensure"))
    stage.plan([GuardRule.DEFAULT_REMOVED])

    assert [] == stage.plane.calls.writes()


class _Interrupted(InMemoryReader):
    """A reader that is asked to stop while it waits for its turn."""

    def rest_api(self, target: Target) -> LiveApi:
        raise Interrupted(f"stopped before {target} was read")


class _Stopping(InMemoryCloud):
    def connect(self, coordinates: Coordinates) -> Connection:
        found = super().connect(coordinates)
        return Connection(
            found.account_id, found.region, _Interrupted(self.plane()), found.open_writer, found.open_invoker
        )


@pytest.mark.parametrize("command", [Stage.plan, Stage.apply])
def test_an_interruption_is_no_unreadable_api(stage: Stage, command: Callable[[Stage], object]) -> None:
    """It ends the command (130) rather than being reported as a failure of each API."""
    stage.cloud = _Stopping()
    stage.api("petstore", ONE)
    stage.write(manifest())

    with pytest.raises(Interrupted):
        command(stage)
