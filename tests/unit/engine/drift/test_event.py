"""drift --event: the one API that an event names is checked, and nothing else is read."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest

from reconciler.engine.drift.event import drift_of_events
from reconciler.engine.drift.result import Drift
from reconciler.engine.load.request import Request
from reconciler.errors import ExitCode, Refused
from reconciler.fleet.event import parse_event
from reconciler.manifest import Disk
from reconciler.models.responses import WebSocketResponse
from reconciler.sandbox.model.faults import access_denied
from reconciler.sandbox.model.plane import ACCOUNT_ID, REGION
from support.accounts import EXPIRED, OTHER_ACCOUNT, Accounts
from support.apis import Method, make_api
from support.clock import FakeClock
from support.events import call_event
from support.live import GET_PETS
from support.stage import CHAT, manifest
from support.websocket import Integration, make_websocket_api

DRIFTED = {GET_PETS: Method({})}
OTHER_REGION = "us-east-1"


class Fleet:
    """A folder of manifests, and AWS with several accounts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.accounts = Accounts()

    def configure(self, *environments: str) -> None:
        """Write a configuration with these environments."""
        lines = ["apiVersion: reconciler/v1", "kind: Config", "manifests: ['*.manifest.yaml']", "environments:"]
        text = "\n".join([*lines, *(f"  {environment}" for environment in environments)])
        (self.folder / "reconciler.yaml").write_text(f"{text}\n", encoding="utf-8")

    def write(self, text: str, name: str = "petstore") -> None:
        """Write a manifest."""
        (self.folder / f"{name}.manifest.yaml").write_text(text, encoding="utf-8")

    def api(self, name: str = "petstore", region: str = REGION, account: str = ACCOUNT_ID) -> str:
        """Set an API up that lacks what the manifest declares; gives its id."""
        api_id = make_api(self.accounts.plane(region, account), name, DRIFTED)
        self.accounts.plane(region, account).calls.clear()
        return api_id

    def check(self, event: dict[str, Any], environments: Collection[str] = (), **request: Any) -> Drift:  # noqa: ANN401 - of the request
        """Run the check of an event."""
        wanted = Request((), environments=tuple(environments), **request)
        return drift_of_events([parse_event(event, "event.json")], wanted, self.accounts, Disk(), FakeClock())


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fleet:
    """An environment for each of two accounts; the manifests are for both."""
    monkeypatch.chdir(tmp_path)
    made = Fleet(tmp_path)
    made.configure(
        f"dev: {{region: {REGION}, accountId: '{ACCOUNT_ID}'}}",
        f"prod: {{regions: [{REGION}, {OTHER_REGION}], profile: other, accountId: '{OTHER_ACCOUNT}'}}",
    )
    made.write(manifest())
    return made


def missing(drift: Drift) -> list[tuple[str | None, str, str]]:
    """Environment, region and address of each finding."""
    return [
        (target.target.environment, target.target.region, finding.address)
        for target in drift.targets
        for finding in target.findings
    ]


def test_the_api_that_an_event_names_is_checked(fleet: Fleet) -> None:
    """By its name, in its own account and region."""
    fleet.api()
    api_id = fleet.api(region=OTHER_REGION, account=OTHER_ACCOUNT)
    event = call_event(parameters={"restApiId": api_id}, account=OTHER_ACCOUNT, region=OTHER_REGION)
    found = fleet.check(event)

    assert ([("prod", OTHER_REGION, "petstore: GET /pets 200")], ExitCode.DIFFERENCES, "") == (
        missing(found),
        found.exit_code,
        found.facts.skipped,
    )


def test_nothing_else_is_connected_or_read(fleet: Fleet) -> None:
    """One connection, one listing, one read."""
    fleet.api()
    fleet.write(CHAT, "chat")
    fleet.write(manifest(name="by-id", api="{id: zzzzzzzzzz}"), "by-id")
    fleet.write(manifest(name="orders", api="{name: orders}", path="/orders"), "orders")
    fleet.api("orders")
    api_id = fleet.api("spare")
    fleet.write(manifest(name="spare", api="{name: spare}"), "spare")
    fleet.check(call_event(parameters={"restApiId": api_id}))

    assert ([("dev", REGION)], ["GetRestApis", "GetResources"]) == (
        [(asked.environment, asked.region) for asked in fleet.accounts.asked],
        fleet.accounts.calls(),
    )


def test_an_api_that_is_addressed_by_its_id_needs_no_listing(fleet: Fleet) -> None:
    """It is read at once."""
    api_id = fleet.api()
    fleet.write(manifest(api=f"{{id: {api_id}}}"))
    fleet.check(call_event(parameters={"restApiId": api_id}), ["dev"])

    assert ["GetResources"] == fleet.accounts.calls()


def test_a_websocket_api_is_checked(fleet: Fleet) -> None:
    """v2 has events of its own."""
    plane = fleet.accounts.plane()
    api_id, _ = make_websocket_api(plane, "chat", [Integration(("send",), {"/5../": WebSocketResponse()})])
    fleet.write(CHAT, "chat")
    plane.calls.clear()
    found = fleet.check(call_event("CreateIntegrationResponse", {"apiId": api_id}))

    assert (2, False) == (len(missing(found)), "GetRestApis" in fleet.accounts.calls())


def test_env_narrows(fleet: Fleet) -> None:
    """An event of another environment is skipped."""
    api_id = fleet.api()
    found = fleet.check(call_event(parameters={"restApiId": api_id}), ["prod"])

    assert (ExitCode.OK, f"no manifest is for REST API {api_id} (account {ACCOUNT_ID}, {REGION})", []) == (
        found.exit_code,
        found.facts.skipped,
        fleet.accounts.asked,
    )


@pytest.mark.parametrize(
    ("event", "asked"),
    [
        (call_event(parameters={"restApiId": "zzzzzzzzzz"}), 1),
        (call_event(account="111111111111"), 0),
        (call_event(region="ap-south-1"), 0),
        (call_event("CreateApiKey", {"name": "key"}), 0),
        (call_event(errorCode="AccessDenied"), 0),
        (call_event("DeleteRestApi", account="111111111111"), 0),
    ],
)
def test_what_no_manifest_is_for_is_skipped(fleet: Fleet, event: dict[str, Any], asked: int) -> None:
    """Exit 0, with the reason; only the listing of a name is read."""
    fleet.api()
    found = fleet.check(event)

    assert (ExitCode.OK, True, asked, (), ()) == (
        found.exit_code,
        bool(found.facts.skipped),
        len(fleet.accounts.asked),
        found.targets,
        found.diagnostics,
    )


def test_a_deleted_api_is_a_finding(fleet: Fleet) -> None:
    """Whether the manifest has its id."""
    fleet.write(manifest(api="{id: a1b2c3d4e5}"))
    found = fleet.check(call_event("DeleteRestApi"))

    assert (ExitCode.FAILED, [("petstore",)]) == (found.exit_code, [failure.manifests for failure in found.unread])


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ("DeleteRestApi", ExitCode.FAILED),
        ("UpdateRestApi", ExitCode.FAILED),  # perhaps renamed
        ("PutMethod", ExitCode.OK),  # of an API that is there, so of another one
    ],
)
def test_a_name_that_is_gone_is_a_finding_if_the_event_can_be_why(fleet: Fleet, event: str, code: ExitCode) -> None:
    """What else happens to other APIs of the region is no reason to report it."""
    found = fleet.check(call_event(event))

    assert code == found.exit_code


def test_a_name_that_several_apis_have_is_a_finding_of_each(fleet: Fleet) -> None:
    """Nobody knows which of them the manifest is for; other APIs have nothing to do with it."""
    first, second, other = fleet.api(), fleet.api(), fleet.api("orders")
    codes = [fleet.check(call_event(parameters={"restApiId": api})).exit_code for api in (first, second, other)]

    assert [ExitCode.FAILED, ExitCode.FAILED, ExitCode.OK] == codes


def test_a_listing_that_is_denied_is_an_error(fleet: Fleet) -> None:
    """Nobody knows whether the API is one of a manifest."""
    api_id = fleet.api()
    fleet.accounts.plane().faults.add(access_denied("GET", "/restapis"), "GetRestApis")
    found = fleet.check(call_event(parameters={"restApiId": api_id}))

    assert (ExitCode.FAILED, "") == (found.exit_code, found.facts.skipped)


def test_an_account_that_is_not_configured_is_known_once_connected(fleet: Fleet) -> None:
    """What turns out to be another account is not read."""
    fleet.configure(f"dev: {{region: {REGION}}}", f"prod: {{region: {REGION}, profile: other}}")
    api_id = fleet.api(account=OTHER_ACCOUNT)
    fleet.api()
    found = fleet.check(call_event(parameters={"restApiId": api_id}, account=OTHER_ACCOUNT))

    assert ([("prod", REGION, "petstore: GET /pets 200")], ["GetRestApis", "GetResources"]) == (
        missing(found),
        fleet.accounts.calls(),
    )


def test_a_role_says_its_account(fleet: Fleet) -> None:
    """Its ARN has it."""
    fleet.configure(f"prod: {{region: {REGION}, assumeRole: 'arn:aws:iam::{OTHER_ACCOUNT}:role/drift'}}")
    fleet.check(call_event())

    assert [] == fleet.accounts.asked


def test_credentials_that_do_not_work_may_be_for_the_account(fleet: Fleet) -> None:
    """So they are an error, until the API is found in another environment."""
    expired = f"old: {{region: {REGION}, profile: {EXPIRED}}}"
    fleet.configure(expired, f"dev: {{region: {REGION}}}")
    api_id = fleet.api()
    found = fleet.check(call_event(parameters={"restApiId": api_id}))
    lost = fleet.check(call_event(parameters={"restApiId": "zzzzzzzzzz"}))

    assert (ExitCode.DIFFERENCES, ExitCode.FAILED) == (found.exit_code, lost.exit_code)


def test_credentials_that_do_not_work_are_an_error_if_the_account_is_the_events(fleet: Fleet) -> None:
    """Wherever else the API is."""
    fleet.configure(f"old: {{region: {REGION}, profile: {EXPIRED}, accountId: '{ACCOUNT_ID}'}}")
    found = fleet.check(call_event())

    assert (ExitCode.FAILED, ["old"]) == (found.exit_code, [failure.environment for failure in found.unread])


def test_a_wrong_account_is_refused(fleet: Fleet) -> None:
    """As in every other run."""
    fleet.configure(f"prod: {{region: {REGION}, profile: other, accountId: '{ACCOUNT_ID}'}}")

    with pytest.raises(Refused):
        fleet.check(call_event())


def test_the_command_line_may_name_the_region(fleet: Fleet) -> None:
    """It wins over the configuration, as always; an environment without regions takes that of the process."""
    fleet.configure("dev: {}")
    api_id = fleet.api()
    event = call_event(parameters={"restApiId": api_id})
    elsewhere = fleet.check(event, process={"AWS_REGION": OTHER_REGION})
    here = fleet.check(event, process={"AWS_REGION": REGION})

    assert (True, ExitCode.DIFFERENCES) == (bool(elsewhere.facts.skipped), here.exit_code)


def test_manifests_need_no_configuration(fleet: Fleet) -> None:
    """Then they are for the account and region of the credentials."""
    (fleet.folder / "reconciler.yaml").unlink()
    api_id = fleet.api()
    event = parse_event(call_event(parameters={"restApiId": api_id}), "event.json")
    found = drift_of_events([event], Request((".",)), fleet.accounts, Disk(), FakeClock())

    assert ExitCode.DIFFERENCES == found.exit_code


def test_several_events_are_one_run(fleet: Fleet) -> None:
    """Each API is read once, however many events name it."""
    first, second = fleet.api(), fleet.api("orders")
    fleet.write(manifest(name="orders", api="{name: orders}"), "orders")
    events = [parse_event(call_event(parameters={"restApiId": api}), "event.json") for api in (first, second, first)]
    found = drift_of_events(events, Request(), fleet.accounts, Disk(), FakeClock())

    assert (2, ["GetRestApis", "GetResources", "GetResources"]) == (
        len(found.targets),
        fleet.accounts.calls(),
    )


@pytest.mark.parametrize("text", ["kind: RestApi\n", None])
def test_a_broken_configuration_is_an_error(fleet: Fleet, text: str | None) -> None:
    """Nothing is read, and nothing is skipped."""
    if text is None:
        (fleet.folder / "petstore.manifest.yaml").unlink()
    else:
        fleet.write(text)
    found = fleet.check(call_event())

    assert (ExitCode.FAILED, "", []) == (found.exit_code, found.facts.skipped, fleet.accounts.asked)


def test_the_coverage_of_one_api_is_unknown(fleet: Fleet) -> None:
    """Not even if all APIs of its region were listed to find it by its name."""
    api_id = fleet.api()
    fleet.api("orders")

    assert fleet.check(call_event(parameters={"restApiId": api_id}), ["all"]).facts.coverage is None


def test_only_need_not_match_the_api(fleet: Fleet) -> None:
    """The pattern is that of every run, the API that of this one."""
    api_id = fleet.api()
    found = fleet.check(call_event(parameters={"restApiId": api_id}), only=("orders: *",))

    assert ExitCode.OK == found.exit_code
