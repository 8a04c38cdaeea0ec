"""Policies for manifests: every call of a run is allowed, no grant is idle, nothing else is granted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from reconciler.engine.coverage.coverage import coverage
from reconciler.engine.drift.drift import drift
from reconciler.engine.iam_policy import Mode, Permissions, Request, iam_policy
from reconciler.engine.plan import plan
from reconciler.engine.status import status
from reconciler.errors import ExitCode, Refused, UsageError
from reconciler.fleet.channel_name import ChannelName
from reconciler.fleet.coverage import CoverageThresholds
from reconciler.manifest import Disk
from reconciler.models.responses import RestResponse, WebSocketResponse
from reconciler.sandbox.model.faults import LostAnswer
from reconciler.sandbox.model.plane import REGION
from support.accounts import EXPIRED, OTHER_ACCOUNT, Accounts
from support.apis import Method, make_api
from support.clock import FakeClock
from support.killing import Desk
from support.live import GET_PETS
from support.policies import Asked, Policy, asked_by
from support.stage import Stage, manifest
from support.websocket import Integration, make_websocket_api

REST_WRITES = ("PutIntegrationResponse", "DeleteIntegrationResponse", "PutMethodResponse", "UpdateMethodResponse")
WEBSOCKET_WRITES = ("CreateIntegrationResponse", "UpdateIntegrationResponse", "DeleteIntegrationResponse")
RESPONSES = (
    "{200: {}, 404: {selectionPattern: '404', responseParameters: {method.response.header.X-A: \"'1'\"}},"
    " 409: {selectionPattern: '409'}}"
)
PLAIN = WebSocketResponse()
CHAT = """\
apiVersion: reconciler/v1
kind: WebSocketApi
metadata: {name: chat}
spec:
  api: %s
  deploy: {stages: [%s]}
  routes:
    sendMessage: {responses: {$default: {}, /404/: {templateSelectionExpression: "404"}}}
"""


@dataclass
class World:
    """Two APIs that runs have everything to do with, each addressed in this way."""

    stage: Stage
    way: str
    stages: str = ""

    def __post_init__(self) -> None:
        live = {"200": RestResponse(), "500": RestResponse("5\\d\\d")}
        rest = self.stage.api("petstore", {GET_PETS: Method(live, {"200": [], "404": [], "500": []})})
        chat, _ = make_websocket_api(
            self.stage.plane, "chat", [Integration(("sendMessage",), {"/404/": PLAIN, "/5../": PLAIN})]
        )
        self.ids = (rest, chat)
        spec = f"methodResponses: ensure\n  deploy: {{stages: [{self.stages}]}}"
        petstore = manifest(RESPONSES, api=self._api("petstore", rest), spec=spec)
        self.stage.write(f"{petstore}---\n{CHAT % (self._api('chat', chat), self.stages)}")

    def _api(self, name: str, api_id: str) -> str:
        return f"{{id: {api_id}}}" if self.way == "id" else f"{{name: {name}}}"

    def policy(self, mode: Mode) -> Policy:
        """The policy, for which nothing is remembered of what it took to make it."""
        made = granted(self.stage, mode)
        self.stage.plane.calls.clear()
        assert made.policy is not None
        return Policy(made.policy)

    def read(self) -> list[Asked]:
        """What plan and drift ask for."""
        self.stage.plan()
        self.stage.drift()
        return self.asked()

    def write(self) -> list[Asked]:
        """What an apply asks for of which every sort of write loses an answer."""
        for operation in (*REST_WRITES, *WEBSOCKET_WRITES):
            self.stage.plane.faults.add(LostAnswer(), operation)
        applied = self.desk.apply(self.stage.request())
        assert ExitCode.OK == applied.exit_code
        return self.asked()

    def look(self) -> list[Asked]:
        """What looking at the stages asks for: status, drift, and a plan that is to be deployed."""
        request = Request((".",), deploys=True, compares_stages=True)
        status(request, self.stage.cloud, Disk(), self.stage.clock)
        drift(request, self.stage.cloud, Disk(), self.stage.clock)
        plan(request, self.stage.cloud, Disk(), self.stage.clock)
        return self.asked()

    def compare(self) -> list[Asked]:
        """What status asks for of stages that no manifest declares."""
        status(Request((".",)), self.stage.cloud, Disk(), self.stage.clock)
        return self.asked()

    def undo(self) -> list[Asked]:
        """What going back to before the last run asks for of which every sort of write loses an answer."""
        for operation in (*REST_WRITES, *WEBSOCKET_WRITES):
            self.stage.plane.faults.add(LostAnswer(), operation)
        assert ExitCode.OK == self.desk.rollback().exit_code
        return self.asked()

    def deploy(self) -> list[Asked]:
        """What an apply that deploys, going back from it, and deploying what is there ask for; answers are lost."""
        request = Request((".",), deploys=True, publish_all=True)
        for operation in (*REST_WRITES, *WEBSOCKET_WRITES, "CreateDeployment", "UpdateStage"):
            self.stage.plane.faults.add(LostAnswer(), operation)
        assert ExitCode.OK == self.desk.apply(request).exit_code
        assert ExitCode.OK == self.desk.rollback(deploy=True).exit_code
        assert ExitCode.OK == self.desk.apply(replace(request, deploys=False)).exit_code
        deployed = self.desk.apply(replace(request, writes=False))
        assert (ExitCode.OK, 2) == (deployed.exit_code, len(deployed.published))
        return self.asked()

    @property
    def desk(self) -> Desk:
        """Where runs are journaled."""
        return Desk(self.stage.folder / ".reconciler" / "runs", self.stage.cloud, self.stage.clock)

    @property
    def paths(self) -> tuple[str, str]:
        """The REST API and the WebSocket API, as IAM names them."""
        rest, chat = self.ids
        return f"/restapis/{rest}", f"/apis/{chat}"

    def asked(self) -> list[Asked]:
        """Everything so far."""
        return [asked_by(call) for call in self.stage.plane.calls]


def served(stage: Stage, way: str) -> World:
    """The same APIs with a stage each, which their manifests name."""
    world = World(stage, way, "prod")
    deployed(world)
    return world


def deployed(world: World) -> None:
    """Give both APIs a stage."""
    rest, chat = world.ids
    plane = world.stage.plane
    plane.call("CreateDeployment", restApiId=rest, stageName="prod")
    plane.call("CreateStage", ApiId=chat, StageName="prod")
    plane.call("CreateDeployment", ApiId=chat, StageName="prod")
    plane.calls.clear()


def granted(
    stage: Stage, mode: Mode = Mode.PLAN, stages: Sequence[str] = (), region: str = "", *, test_live: bool = False
) -> Permissions:
    """The policy for all manifests of the folder."""
    process = {"AWS_REGION": region} if region else {}
    request = Request((".",), process=process)
    return iam_policy(request, mode, stages, stage.cloud, Disk(), stage.clock, test_live=test_live)


@pytest.fixture(params=["name", "id"])
def world(stage: Stage, request: pytest.FixtureRequest) -> World:
    """A REST API and a WebSocket API that differ from their manifests in every way."""
    return World(stage, request.param)


def test_plan_is_allowed_and_nothing_more(world: World) -> None:
    """Plan, drift and status make no call that is not allowed, and leave no grant unused."""
    deployed(world)
    policy = world.policy(Mode.PLAN)
    asked = [*world.read(), *world.compare()]

    assert ([], []) == ([one for one in asked if not policy.allows(one)], policy.idle(asked))


def test_apply_is_allowed_and_nothing_more(world: World) -> None:
    """An apply makes every sort of write and settles every sort of lost answer, and no grant is left unused."""
    deployed(world)
    policy = world.policy(Mode.APPLY)
    asked = [*world.read(), *world.compare(), *world.write()]

    assert ([], []) == ([one for one in asked if not policy.allows(one)], policy.idle(asked))


@pytest.mark.parametrize("way", ["name", "id"])
def test_stages_are_looked_at_and_nothing_more(stage: Stage, way: str) -> None:
    """Status, drift and a plan may look at what the stages serve, and leave no grant unused when they do."""
    world = served(stage, way)
    policy = world.policy(Mode.PLAN)
    asked = [*world.read(), *world.look()]

    assert ([], []) == ([one for one in asked if not policy.allows(one)], policy.idle(asked))


@pytest.mark.parametrize("way", ["name", "id"])
def test_deploy_is_allowed_and_nothing_more(stage: Stage, way: str) -> None:
    """An apply that deploys, going back from it with its stages, and deploying alone leave no grant unused."""
    world = served(stage, way)
    policy = world.policy(Mode.DEPLOY)
    asked = [*world.read(), *world.look(), *world.deploy()]

    assert ([], []) == ([one for one in asked if not policy.allows(one)], policy.idle(asked))


def test_coverage_is_allowed_and_nothing_more(world: World) -> None:
    """Each kind is listed, and the methods of the covered APIs are read; drift uses what is left of the grants."""
    stage, request = world.stage, Request((".",))
    made = iam_policy(request, Mode.DRIFT, (), stage.cloud, Disk(), stage.clock, coverage=True)
    stage.plane.calls.clear()
    policy = Policy(made.policy or {})
    found = coverage(request, CoverageThresholds(), stage.cloud, Disk(), stage.clock, methods=True)
    stage.drift()
    asked = world.asked()

    assert (2, 2) == (found.counts.covered, found.method_counts.covered)
    assert ([], []) == ([one for one in asked if not policy.allows(one)], policy.idle(asked))


NOTIFY = """\
apiVersion: reconciler/v1
kind: Config
manifests: [petstore.yaml]
notify:
  team: {kind: sns, topic: "arn:aws:sns:eu-west-1:123456789012:drift"}
  ops: {kind: webhook, url: {env: RECONCILER_NOTIFY_OPS}}
"""


@pytest.mark.parametrize(
    ("region", "history", "names", "granted"),
    [
        (
            "eu-west-1",
            "s3://my-bucket/drift/a*",
            ["team", "ops"],
            {
                "KeepHistory": {"arn:aws:s3:::my-bucket/drift/a${*}/*"},
                "ListHistory": {"arn:aws:s3:::my-bucket"},
                "PublishNotifications": {"arn:aws:sns:eu-west-1:123456789012:drift"},
            },
        ),
        (
            "cn-north-1",
            "s3://my-bucket",
            [],
            {"KeepHistory": {"arn:aws-cn:s3:::my-bucket/*"}, "ListHistory": {"arn:aws-cn:s3:::my-bucket"}},
        ),
        ("eu-west-1", "history", ["ops"], {}),
        ("eu-west-1", None, [], {}),
    ],
)
def test_histories_and_topics_are_granted(
    stage: Stage, region: str, history: str | None, names: list[str], granted: dict[str, set[str]]
) -> None:
    """A folder and a webhook need nothing; a star in a prefix is no pattern."""
    (stage.folder / "reconciler.yaml").write_text(NOTIFY, encoding="utf-8")
    stage.write(manifest(api="{id: abc}"))
    channels = [ChannelName("sns" if name == "team" else "webhook", name) for name in names]
    request = Request((".",), process={"AWS_REGION": region})
    made = iam_policy(request, Mode.DRIFT, (), stage.cloud, Disk(), stage.clock, history=history, notify=channels)
    found: dict[str, set[str]] = {}
    for sid, _, resource in Policy(made.policy or {}).grants():
        found.setdefault(sid, set()).add(resource)
    del found["ReadRestApis"]

    assert (granted, bool(granted)) == (found, made.is_split)


def test_a_history_elsewhere_gives_no_policy(stage: Stage) -> None:
    """Wrong usage, and so is a channel that is not there."""
    stage.write(manifest(api="{id: abc}"))
    ports = (stage.cloud, Disk(), stage.clock)
    with pytest.raises(UsageError, match="not at another URL"):
        iam_policy(Request((".",)), Mode.DRIFT, (), *ports, history="https://example.com")
    with pytest.raises(UsageError, match="there is no channel"):
        iam_policy(Request((".",)), Mode.DRIFT, (), *ports, notify=[ChannelName("sns", "team")])


def test_coverage_lists_both_kinds_in_every_region(stage: Stage) -> None:
    """Those of environments without manifests too; nothing but listing is added."""
    environments = "{a: {regions: [eu-west-1, us-east-1]}, b: {region: cn-north-1}}"
    (stage.folder / "reconciler.yaml").write_text(
        f"apiVersion: reconciler/v1\nkind: Config\nmanifests: [petstore.yaml]\nenvironments: {environments}\n",
        encoding="utf-8",
    )
    stage.write(manifest(api="{id: a1b2c3d4e5}").replace("{name: petstore}", "{name: petstore, environments: [a]}"))
    request = Request(environments=("all",))
    made = [
        iam_policy(request, Mode.DRIFT, (), stage.cloud, Disk(), stage.clock, coverage=wanted).policy
        for wanted in (False, True)
    ]
    before, after = ({(action, resource) for _, action, resource in Policy(one or {}).grants()} for one in made)

    assert {
        ("apigateway:GET", f"arn:{partition}:apigateway:{region}::/{path}")
        for partition, region in (("aws", "eu-west-1"), ("aws", "us-east-1"), ("aws-cn", "cn-north-1"))
        for path in ("restapis", "apis")
    } == after - before


def test_a_rollback_is_allowed_where_an_apply_is(world: World) -> None:
    """Going back asks for nothing that an apply is not allowed, whatever answers are lost."""
    policy = world.policy(Mode.APPLY)
    world.write()
    world.stage.plane.calls.clear()
    asked = world.undo()

    assert (True, []) == (bool(asked), [one for one in asked if not policy.allows(one)])


def test_apply_does_not_deploy(stage: Stage) -> None:
    """Neither a deployment nor another one for a stage is allowed to who may write to the draft only."""
    world = served(stage, "name")
    policy = world.policy(Mode.APPLY)
    denied = {asked for asked in world.deploy() if not policy.allows(asked)}

    assert {
        *(("apigateway:POST", f"arn:aws:apigateway:{REGION}::{api}/deployments") for api in world.paths),
        *(("apigateway:PATCH", f"arn:aws:apigateway:{REGION}::{api}/stages/prod") for api in world.paths),
    } == denied


def test_plan_allows_no_write(world: World) -> None:
    """Of what an apply asks for beyond reading nothing is allowed, the reading that settles writes neither."""
    policy = world.policy(Mode.PLAN)
    reads = set(world.read())
    writes = set(world.write()) - reads

    verbs = {action.partition(":")[2] for action, _ in writes}

    assert ({"GET", "PUT", "POST", "PATCH", "DELETE"}, []) == (verbs, [one for one in writes if policy.allows(one)])


def test_other_apis_are_not_allowed(world: World) -> None:
    """The same calls for an API whose id begins alike, or is the beginning, are denied."""
    policy = world.policy(Mode.APPLY)
    asked = [one for one in (*world.read(), *world.write()) if any(f"/{api_id}/" in one[1] for api_id in world.ids)]
    others = [
        (action, resource.replace(f"/{api_id}/", f"/{other}/"))
        for action, resource in asked
        for api_id in world.ids
        for other in (f"{api_id}x", api_id[:-1], f"x{api_id}", f"{api_id}*")
        if f"/{api_id}/" in resource
    ]

    assert (True, []) == (len(others) > len(asked), [one for one in others if policy.allows(one)])


def test_ids_and_a_known_region_ask_nothing_of_aws(stage: Stage) -> None:
    """There is a policy before there are credentials."""
    cloud = Accounts()
    stage.write(manifest(api="{id: abc}"))
    made = iam_policy(
        Request((".",), process={"AWS_DEFAULT_REGION": "cn-north-1"}), Mode.PLAN, (), cloud, Disk(), FakeClock()
    )

    api = "arn:aws-cn:apigateway:cn-north-1::/restapis/abc"

    assert ([], [f"{api}/stages", f"{api}/resources", f"{api}/stages/*/exports/oas30"]) == (
        cloud.asked,
        [resource for _, _, resource in Policy(made.policy or {}).grants()],
    )


def test_an_unknown_region_is_asked_for(stage: Stage) -> None:
    """boto3 may find one in a profile: the connection tells."""
    stage.write(manifest(api="{id: abc}"))

    assert ["arn:aws:apigateway:eu-west-1::/restapis/abc/resources"] == [
        resource for _, _, resource in Policy(granted(stage, Mode.DRIFT).policy or {}).grants()
    ]


def test_manifests_of_one_api_give_its_grants_once(stage: Stage) -> None:
    """Each way of addressing it counts: the name for the listing, the id for GetApi."""
    _, rest = World(stage, "id").ids, manifest(name="other", api="{name: petstore}", path="/other")
    stage.write(rest, "other.yaml")
    sids = [sid for sid, _, _ in Policy(granted(stage, Mode.DRIFT).policy or {}).grants()]

    assert ["IdentifyWebSocketApis", "ListRestApis", "ReadRestApis", *["ReadWebSocketApis"] * 3] == sids


def test_ensure_is_granted_where_a_manifest_says_so(stage: Stage) -> None:
    """Method responses are nobody's business under `check`."""
    stage.write(manifest(api="{id: abc}") + "---\n" + manifest(name="b", api="{id: b}", spec="methodResponses: ensure"))
    made = Policy(granted(stage, Mode.APPLY, region="eu-west-1").policy or {})
    ensured = [resource for sid, _, resource in made.grants() if sid == "EnsureRestMethodResponses"]

    assert {"arn:aws:apigateway:eu-west-1::/restapis/b/resources/*/methods/*/responses/*"} == set(ensured)


def test_stages_are_those_of_each_manifest_and_of_the_command_line(stage: Stage) -> None:
    """A stage of one API is none of another; one that is named counts for all."""
    stage.write(
        manifest(api="{id: a}", spec="deploy: {stages: [prod]}") + "---\n" + manifest(name="b", api="{id: b}"),
    )
    pointed = [
        [resource.partition("::")[2] for sid, _, resource in made.grants() if sid == "PointRestStages"]
        for stages in ((), ("dev",))
        for made in [Policy(granted(stage, Mode.DEPLOY, stages, "eu-west-1").policy or {})]
    ]

    assert [
        ["/restapis/a/stages/prod"],
        ["/restapis/a/stages/dev", "/restapis/a/stages/prod", "/restapis/b/stages/dev"],
    ] == pointed


def test_deploy_without_stages(stage: Stage) -> None:
    """What to declare is said, with the place."""
    stage.write(manifest(api="{id: abc}"))
    made = granted(stage, Mode.DEPLOY, region="eu-west-1")
    (problem,) = made.diagnostics

    assert (None, ExitCode.FAILED, "no-stages", "petstore.yaml") == (
        made.policy,
        made.exit_code,
        problem.rule,
        problem.location and problem.location.file,
    )


@pytest.mark.parametrize(
    ("api", "spec", "rule"),
    [
        ("{id: '*'}", "", "api-id"),
        ("{id: 'a?c'}", "", "api-id"),
        ("{id: 'abc/../*'}", "", "api-id"),
        ('{id: "${aws:username}"}', "", "api-id"),
        ('{id: "abc\\n"}', "", "api-id"),
        ("{id: abc}", "deploy: {stages: ['*']}", "stage-name"),
        ("{id: abc}", "deploy: {stages: ['prod/../../x']}", "stage-name"),
        ("{name: nosuch}", "", "api-not-found"),
    ],
)
def test_what_is_no_api_or_stage_gives_no_policy(stage: Stage, api: str, spec: str, rule: str) -> None:
    """What IAM would read as a pattern never gets into a policy; the manifest's place is told."""
    stage.write(manifest(api=api, spec=spec))
    made = granted(stage)

    assert (None, [(rule, True)]) == (
        made.policy,
        [(diagnostic.rule, diagnostic.location is not None) for diagnostic in made.diagnostics],
    )


def test_a_pattern_as_a_stage_of_the_command_line(stage: Stage) -> None:
    """Wrong usage."""
    stage.write(manifest())

    with pytest.raises(UsageError, match="is not a stage name"):
        granted(stage, Mode.DEPLOY, ("*",))


def test_no_manifest(stage: Stage) -> None:
    """An empty set is a wrong path, and IAM takes no policy without statements."""
    made = granted(stage)

    assert (None, ["empty-set"]) == (made.policy, [diagnostic.rule for diagnostic in made.diagnostics])


ENVIRONMENTS = """\
apiVersion: reconciler/v1
kind: Config
manifests: [pets.yaml]
environments:
  dev: {region: eu-west-1, vars: {stage: dev}}
  prod: {regions: [us-east-1, cn-north-1], profile: other, vars: {stage: prod},
         assumeRole: "arn:aws:iam::210987654321:role/ci", apis: {pets: {cn-north-1: cn123}}}
"""


def test_environments_and_regions_are_one_policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each region has the listing that it needs and its own ids, and roles are told."""
    monkeypatch.chdir(tmp_path)
    Path("reconciler.yaml").write_text(ENVIRONMENTS, encoding="utf-8")
    Path("pets.yaml").write_text(manifest(name="pets", api='{name: "pets-${{ vars.stage }}"}'), encoding="utf-8")
    cloud = Accounts()
    dev = make_api(cloud.plane(), "pets-dev", {GET_PETS: Method()})
    prod = make_api(cloud.plane("us-east-1", OTHER_ACCOUNT), "pets-prod", {GET_PETS: Method()})
    make_api(cloud.plane("cn-north-1", OTHER_ACCOUNT), "pets-prod", {GET_PETS: Method()})
    made = iam_policy(Request(environments=("all",)), Mode.DRIFT, (), cloud, Disk(), FakeClock())

    assert (
        ("arn:aws:iam::210987654321:role/ci",),
        {
            "ListRestApis": ["arn:aws:apigateway:eu-west-1::/restapis", "arn:aws:apigateway:us-east-1::/restapis"],
            "ReadRestApis": [
                "arn:aws-cn:apigateway:cn-north-1::/restapis/cn123/resources",
                f"arn:aws:apigateway:eu-west-1::/restapis/{dev}/resources",
                f"arn:aws:apigateway:us-east-1::/restapis/{prod}/resources",
            ],
        },
    ) == (made.roles, {one["Sid"]: one["Resource"] for one in (made.policy or {})["Statement"]})


def test_an_environment_that_cannot_be_reached_gives_no_policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a policy would fail a run later."""
    monkeypatch.chdir(tmp_path)
    text = ENVIRONMENTS.replace("profile: other", f"profile: {EXPIRED}")
    Path("reconciler.yaml").write_text(text, encoding="utf-8")
    Path("pets.yaml").write_text(manifest(name="pets", api='{name: "pets-${{ vars.stage }}"}'), encoding="utf-8")
    cloud = Accounts()
    make_api(cloud.plane(), "pets-dev", {GET_PETS: Method()})
    made = iam_policy(Request(environments=("all",)), Mode.PLAN, (), cloud, Disk(), FakeClock())

    assert (None, True) == (
        made.policy,
        any("the token has expired" in diagnostic.message for diagnostic in made.diagnostics),
    )


def test_a_wrong_account_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As everywhere: nothing is asked there."""
    monkeypatch.chdir(tmp_path)
    text = ENVIRONMENTS.replace("region: eu-west-1,", "region: eu-west-1, accountId: '999999999999',")
    Path("reconciler.yaml").write_text(text, encoding="utf-8")
    Path("pets.yaml").write_text(manifest(name="pets", api='{name: "pets-${{ vars.stage }}"}'), encoding="utf-8")

    with pytest.raises(Refused, match="environment dev is for account 999999999999"):
        iam_policy(Request(environments=("all",)), Mode.PLAN, (), Accounts(), Disk(), FakeClock())


def test_calls_of_methods_are_granted_for_rest_apis_on_request(world: World) -> None:
    """`--test-live` adds one grant: POST on the methods of the REST API."""
    without, with_calls = (granted(world.stage, Mode.DRIFT, test_live=live).policy for live in (False, True))
    assert without
    assert with_calls
    rest, _ = world.paths

    assert [("TestRestMethods", "apigateway:POST", f"arn:aws:apigateway:{REGION}::{rest}/resources/*/methods/*")] == [
        grant for grant in Policy(with_calls).grants() if grant not in Policy(without).grants()
    ]
