"""Several environments, accounts and regions in one run."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from reconciler.engine.apply import Context, apply
from reconciler.engine.drift.drift import drift
from reconciler.engine.drift.result import Drift
from reconciler.engine.load.request import Request
from reconciler.engine.plan import Planned, plan
from reconciler.engine.validate import Validation, validate
from reconciler.errors import ApiNotFound, CredentialsError, ExitCode, Refused, UsageError
from reconciler.manifest import Disk
from reconciler.models.keys import MethodKey
from reconciler.models.responses import RestResponse
from reconciler.models.targets import Coordinates, Role
from support.accounts import OTHER_ACCOUNT, Accounts
from support.apis import Method, make_api
from support.clock import FakeClock
from support.runs import Journal

GET_PETS = MethodKey("/pets", "GET")
HEAD = "apiVersion: reconciler/v1\nkind: Config\n"
DEV = "{region: eu-west-1, vars: {stage: dev}}"
PROD = "{region: us-east-1, profile: other, vars: {stage: prod}}"


class Shop:
    """A folder with a configuration and a manifest for `pets-STAGE`, and AWS with several accounts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cloud = Accounts()
        self.dev = make_api(self.cloud.plane(), "pets-dev", {GET_PETS: Method()})
        self.prod = make_api(self.cloud.plane("us-east-1", OTHER_ACCOUNT), "pets-prod", {GET_PETS: Method()})
        self.configure()
        self.write()

    def configure(self, dev: str = DEV, prod: str = PROD, more: str = "") -> None:
        """Write the configuration."""
        text = f"{HEAD}manifests: [manifests]\nenvironments:\n  dev: {dev}\n  prod: {prod}\n{more}\n"
        (self.folder / "reconciler.yaml").write_text(text, encoding="utf-8")

    def write(self, metadata: str = "", api: str = '{name: "pets-${{ vars.stage }}"}', more: str = "") -> None:
        """Write the manifest."""
        (self.folder / "manifests").mkdir(exist_ok=True)
        (self.folder / "manifests" / "pets.yaml").write_text(
            f"apiVersion: reconciler/v1\nkind: RestApi\nmetadata: {{name: pets{metadata}}}\nspec:\n  api: {api}\n"
            "  methodResponses: ensure\n"
            f"  resources: {{/pets: {{GET: {{responses: {{200: {{}}}}}}}}}}\n{more}",
            encoding="utf-8",
        )

    def plan(self, *environments: str, **asked: Any) -> Planned:  # noqa: ANN401 - whatever a request has
        """Run `plan`."""
        return plan(Request(environments=environments, **asked), self.cloud, Disk(), FakeClock())

    def drift(self, *environments: str) -> Drift:
        """Run `drift`."""
        return drift(Request(environments=environments), self.cloud, Disk(), FakeClock())

    def validate(self, *environments: str, **asked: Any) -> Validation:  # noqa: ANN401 - whatever a request has
        """Run `validate`."""
        return validate(Request(environments=environments, **asked), Disk())


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """All is well in it."""
    monkeypatch.chdir(tmp_path)
    return Shop(tmp_path)


def targets(planned: Planned) -> list[tuple[str | None, str, str, str]]:
    """Environment, account, region and id of every target."""
    return [
        (target.target.environment, target.target.account_id, target.target.region, target.target.api_id)
        for target in planned.plan.targets
    ]


def problems(found: Sequence[object]) -> list[str]:
    """Diagnostics as texts."""
    return [str(one) for one in found]


def test_environment_decides_target(shop: Shop) -> None:
    """Variables, account and region are its own."""
    assert [("prod", OTHER_ACCOUNT, "us-east-1", shop.prod)] == targets(shop.plan("prod"))


@pytest.mark.parametrize("asked", [("all",), ("dev", "prod"), ("prod", "dev")])
def test_several_environments_in_one_run(shop: Shop, asked: tuple[str, ...]) -> None:
    """In the order of the configuration."""
    assert [
        ("dev", "123456789012", "eu-west-1", shop.dev),
        ("prod", OTHER_ACCOUNT, "us-east-1", shop.prod),
    ] == targets(shop.plan(*asked))


def test_apply_writes_to_every_environment(shop: Shop) -> None:
    """Each gets its own writes, and is verified."""
    world = Context(shop.cloud, Disk(), FakeClock(), Journal(), threading.Event())
    applied = apply(Request(environments=("all",)), world, None)

    assert (ExitCode.OK, True, ExitCode.OK) == (applied.exit_code, applied.verified, shop.drift("all").exit_code)


def test_one_manifest_goes_to_every_region(shop: Shop) -> None:
    """An environment may have several."""
    second = make_api(shop.cloud.plane("us-east-1"), "pets-dev", {GET_PETS: Method()})
    shop.configure(dev="{regions: [eu-west-1, us-east-1], vars: {stage: dev}}")

    assert [("eu-west-1", shop.dev), ("us-east-1", second)] == [target[2:] for target in targets(shop.plan("dev"))]


def test_no_environment_chosen(shop: Shop) -> None:
    """Where environments exist, a run that calls AWS has to choose."""
    with pytest.raises(UsageError, match="no environment is chosen; there are dev, prod; add --env dev"):
        shop.plan()

    assert [] == shop.cloud.calls()


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("prd", "did you mean `prod`?"),
        ("zzz", "choose one of dev, prod"),
        ("dev, prod", "repeat --env for each environment"),
        ("dev,zzz", "did you mean `dev`?"),
    ],
)
def test_unknown_environment(shop: Shop, name: str, remedy: str) -> None:
    """The nearest is suggested, offline too."""
    with pytest.raises(UsageError) as caught:
        shop.validate(name)

    assert f"there is no environment '{name}'; {remedy}" == str(caught.value)


def test_environment_where_there_are_none(shop: Shop) -> None:
    """What is asked for does not exist."""
    (shop.folder / "reconciler.yaml").write_text(HEAD)

    with pytest.raises(UsageError, match=r"there is no environment 'dev': no reconciler\.yaml"):
        shop.plan("dev")


def test_validate_looks_at_every_environment(shop: Shop) -> None:
    """A variable that only one of them lacks is found; the manifest counts once."""
    shop.configure(prod="{region: us-east-1}")
    found = shop.validate()

    assert [
        (
            "manifests/pets.yaml:5:15: error: the variable `stage` is not defined in environment prod "
            "[undefined-variable]; dev defines it: define it there, or pass --var stage=VALUE"
        )
    ] == problems(found.diagnostics)
    assert 1 == found.manifests


def test_validate_of_one_environment(shop: Shop) -> None:
    """What others lack is no matter then."""
    shop.configure(prod="{region: us-east-1}")

    assert ExitCode.OK is shop.validate("dev").exit_code


def test_command_line_wins_over_variables(shop: Shop) -> None:
    """`--var` wins over the variables of the environment."""
    other = make_api(shop.cloud.plane(), "pets-mine", {GET_PETS: Method()})

    assert [other] == [target[3] for target in targets(shop.plan("dev", variables={"stage": "mine"}))]


def test_command_line_wins_over_coordinates(shop: Shop) -> None:
    """`--region` and `--profile` too; the role stays."""
    arn = "arn:aws:iam::123456789012:role/ci"
    shop.configure(dev=f"{{regions: [a-1, b-1], profile: x, assumeRole: '{arn}', vars: {{stage: dev}}}}")
    shop.plan("dev", coordinates=Coordinates(region="eu-west-1", profile="y", endpoint_url="http://z"))

    assert [Coordinates("eu-west-1", "y", "http://z", Role(arn))] == shop.cloud.asked


def test_id_of_the_environment_wins(shop: Shop) -> None:
    """`apis` wins over the API that the manifest names."""
    shop.configure(dev=f"{{region: eu-west-1, vars: {{stage: none}}, apis: {{pets: {shop.dev}}}}}")
    planned = shop.plan("dev")

    assert ([shop.dev], ["GetResources"]) == ([target[3] for target in targets(planned)], shop.cloud.calls())


def test_id_by_region(shop: Shop) -> None:
    """An id is of one region; where none is given, the manifest counts."""
    second = make_api(shop.cloud.plane("us-east-1"), "unnamed", {GET_PETS: Method()})
    shop.configure(
        dev=f"{{regions: [eu-west-1, us-east-1], vars: {{stage: dev}}, apis: {{pets: {{us-east-1: {second}}}}}}}"
    )

    assert [("eu-west-1", shop.dev), ("us-east-1", second)] == [target[2:] for target in targets(shop.plan("dev"))]


def test_id_for_a_manifest_that_is_not_there(shop: Shop) -> None:
    """A misspelt name would quietly have no effect."""
    shop.configure(dev="{region: eu-west-1, vars: {stage: dev}, apis: {pest: abc}}")

    assert [
        "reconciler.yaml:5:55: error: there is no manifest `pest` [unknown-manifest]; did you mean `pets`?"
    ] == problems(shop.validate().diagnostics)


def test_wrong_account_is_refused(shop: Shop) -> None:
    """Before API Gateway is asked anything, in any environment."""
    shop.configure(prod='{region: us-east-1, accountId: "999999999999", vars: {stage: prod}}')
    with pytest.raises(Refused) as caught:
        shop.plan("all")

    assert (
        ExitCode.REFUSED,
        "environment prod is for account 999999999999, but the credentials are for 123456789012",
        [],
    ) == (caught.value.exit_code, caught.value.message, shop.cloud.calls())


def test_right_account(shop: Shop) -> None:
    """There is no diagnostic."""
    shop.configure(prod=f"{{region: us-east-1, profile: other, accountId: {OTHER_ACCOUNT}, vars: {{stage: prod}}}}")

    assert ExitCode.OK is shop.plan("prod").exit_code()


def test_one_target_of_two_environments_is_refused(shop: Shop) -> None:
    """Both ways to it are named, and it is not even read."""
    shop.configure(prod="{region: eu-west-1, vars: {stage: dev}}")
    with pytest.raises(Refused) as caught:
        shop.plan("all")

    assert (
        f"RestApi {shop.dev} (account 123456789012, eu-west-1) is the target of environment dev of reconciler.yaml "
        "(pets at manifests/pets.yaml:5:3) and of environment prod of reconciler.yaml (pets at manifests/pets.yaml:5:3)"
    ) == caught.value.message
    assert ["GetRestApis", "GetRestApis"] == shop.cloud.calls()


def test_manifest_for_some_environments(shop: Shop) -> None:
    """In others it does not exist."""
    shop.write(metadata=", environments: [prod]")

    assert ["prod"] == [target[0] for target in targets(shop.plan("all"))]


def test_manifest_for_no_environment_of_the_run(shop: Shop) -> None:
    """An empty plan is refused, with the reason."""
    shop.write(metadata=", environments: [prod]")
    planned = shop.plan("dev")

    assert ExitCode.REFUSED is planned.exit_code()
    assert ["no manifest was found in reconciler.yaml for environment dev"] == [
        diagnostic.message for diagnostic in planned.diagnostics
    ]


@pytest.mark.parametrize(
    ("metadata", "more", "place"),
    [
        (", environments: [dev, prd]", "", "manifests/pets.yaml:3:44"),
        ("", "  overlays: {prd: {resources: {}}}\n", "manifests/pets.yaml:8:14"),
    ],
)
def test_environment_that_a_manifest_misspells(shop: Shop, metadata: str, more: str, place: str) -> None:
    """It would quietly be for nothing."""
    shop.write(metadata=metadata, more=more)

    assert [f"{place}: error: there is no environment `prd` [unknown-environment]; did you mean `prod`?"] == problems(
        shop.validate().diagnostics
    )


def test_overlay_of_the_environment(shop: Shop) -> None:
    """It merges over the manifest in its environment only."""
    overlay = "{resources: {/pets: {GET: {responses: {200: {contentHandling: CONVERT_TO_TEXT}}}}}}"
    shop.write(more=f"  overlays: {{prod: {overlay}}}\n")
    wanted = [list(target.desired.responses.values()) for target in shop.plan("all").plan.targets]

    assert [[RestResponse()], [RestResponse(content_handling="CONVERT_TO_TEXT")]] == wanted


def test_wrong_account_of_one_environment_spoils_no_drift_of_others(shop: Shop) -> None:
    """Reading goes on elsewhere; where every account is wrong, the run is refused."""
    shop.configure(prod='{region: us-east-1, accountId: "999999999999", vars: {stage: prod}}')
    found = shop.drift("all")
    said = [str(one.diagnostic) for one in found.unread]

    assert (ExitCode.FAILED, ["dev"]) == (found.exit_code, [target.target.environment for target in found.targets])
    assert ["environment prod is for account 999999999999" in line for line in said] == [True]
    with pytest.raises(Refused):
        shop.drift("prod")


def test_credentials_of_one_environment_spoil_no_other(shop: Shop) -> None:
    """Its manifests are errors, the others are compared."""
    shop.configure(prod="{region: us-east-1, profile: expired, vars: {stage: prod}}")
    found = shop.drift("all")

    assert (ExitCode.FAILED, ["dev"]) == (found.exit_code, [target.target.environment for target in found.targets])
    assert [
        (
            "manifests/pets.yaml:5:3: error: pets (prod, us-east-1): profile expired: the token has expired "
            "[credentials]; renew the credentials"
        )
    ] == [str(one.diagnostic) for one in found.unread]


def test_no_credentials_at_all(shop: Shop) -> None:
    """A run that reaches nothing has a result that says why."""
    shop.configure(prod="{region: us-east-1, profile: expired, vars: {stage: prod}}")
    (unread,) = shop.drift("prod").unread

    assert (("pets",), "prod", CredentialsError) == (unread.manifests, unread.environment, type(unread.failure))


def test_api_missing_in_one_environment(shop: Shop) -> None:
    """The failure names its manifests, and nothing is planned for deletion."""
    shop.configure(prod="{region: us-east-1, vars: {stage: prod}}")
    (unread,) = shop.drift("all").unread

    assert (("pets",), "prod", ApiNotFound) == (unread.manifests, unread.environment, type(unread.failure))


def test_guard_of_the_configuration(shop: Shop) -> None:
    """Its limits count for its targets."""
    live = {"200": RestResponse(), "404": RestResponse("404")}
    make_api(shop.cloud.plane(), "pets-full", {GET_PETS: Method(live)})
    shop.configure(more="guard: {maxDelete: 40%, from: 1}")
    refusals = shop.plan("dev", variables={"stage": "full"}).verdict.refusals

    assert ["deletes 1 of 2 live responses (50%); the limit is 40%"] == [refusal.message for refusal in refusals]


@pytest.mark.parametrize(("grade", "expected"), [("off", []), ("error", ["error"]), ("warning", ["warning"])])
def test_lint_severity_of_the_configuration(shop: Shop, grade: str, expected: list[str]) -> None:
    """It counts for its manifests."""
    shop.configure(more=f"lint: {{remapped-header: {grade}}}")
    more = "  overlays: {prod: {resources: {/pets: {GET: {responses: {200: {responseParameters: {%s: \"'x'\"}}}}}}}}\n"
    shop.write(more=more % "method.response.header.Server")

    assert expected == [diagnostic.severity for diagnostic in shop.validate("prod").diagnostics]


def test_unset_variable_offline(shop: Shop) -> None:
    """It is a warning, and lint does not judge such a value."""
    shop.configure(more="env: [PATTERN]")
    responses = "{200: {}, 500: {selectionPattern: '${{ env.PATTERN }}'}}"
    shop.write(more=f"  overlays: {{dev: {{resources: {{/pets: {{GET: {{responses: {responses}}}}}}}}}}}\n")

    assert ["unset-variable"] == [diagnostic.rule for diagnostic in shop.validate("dev").diagnostics]
    assert ["undefined-variable"] == [diagnostic.rule for diagnostic in shop.plan("dev").diagnostics]


def test_variable_of_the_process(shop: Shop) -> None:
    """One that is listed and set is put in."""
    shop.configure(more="env: [STAGE]")
    shop.write(api='{name: "pets-${{ env.STAGE }}"}')

    assert [shop.dev] == [target[3] for target in targets(shop.plan("dev", process={"STAGE": "dev"}))]


def test_configurations_of_a_monorepo(shop: Shop) -> None:
    """Each has its own environments; a project without the chosen one is skipped with a warning."""
    (shop.folder / "b").mkdir()
    (shop.folder / "b" / "reconciler.yaml").write_text(f"{HEAD}environments: {{qa: {{}}}}\n")
    text = (shop.folder / "manifests" / "pets.yaml").read_text()
    (shop.folder / "b" / "pets.yaml").write_text(text)
    planned = shop.plan("dev", paths=("manifests", "b"))

    assert (["dev"], ["b/reconciler.yaml: left-out"]) == (
        [target[0] for target in targets(planned)],
        [f"{diagnostic.location}: {diagnostic.rule}" for diagnostic in planned.diagnostics],
    )


def test_sets_come_from_the_whole_configuration(shop: Shop) -> None:
    """Also when one manifest alone is asked for."""
    (shop.folder / "manifests" / "sets.yaml").write_text(
        "apiVersion: reconciler/v1\nkind: ResponseSet\nmetadata: {name: errors}\n"
        "spec: {for: RestApi, responses: {500: {selectionPattern: '5..'}}}\n"
    )
    shop.write(more="  use: [{set: errors}]\n")

    assert (1, 2, ()) == (
        (found := shop.validate(paths=("manifests/pets.yaml",))).manifests,
        found.responses,
        found.diagnostics,
    )


def test_method_in_two_manifests(shop: Shop) -> None:
    """Both places are named, once for each environment's API."""
    text = (shop.folder / "manifests" / "pets.yaml").read_text()
    (shop.folder / "manifests" / "twin.yaml").write_text(text.replace("name: pets}", "name: twin}"))
    planned = shop.plan("dev")

    assert (ExitCode.FAILED, ["duplicate-method"]) == (
        planned.exit_code(),
        [diagnostic.rule for diagnostic in planned.diagnostics],
    )


def test_nothing_to_ask_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without PATH and configuration, the run is an error."""
    monkeypatch.chdir(tmp_path)

    with pytest.raises(UsageError, match="no PATH is given"):
        validate(Request(), Disk())


def test_variables_of_environments_that_a_manifest_is_not_for(shop: Shop) -> None:
    """What it is not for need not define them."""
    shop.configure(prod="{region: us-east-1}")
    shop.write(metadata=", environments: [dev]")

    assert () == shop.validate().diagnostics


def test_name_taken_in_another_environment(shop: Shop) -> None:
    """A name is unique within a configuration, whatever the environments of the manifests."""
    shop.write(metadata=", environments: [dev]")
    text = (shop.folder / "manifests" / "pets.yaml").read_text()
    (shop.folder / "manifests" / "twin.yaml").write_text(text.replace("[dev]", "[prod]"))

    assert ["duplicate-name"] == [diagnostic.rule for diagnostic in shop.plan("dev").diagnostics]


def test_variable_that_nothing_reads(shop: Shop) -> None:
    """A misspelt `--var` would quietly have no effect."""
    assert [
        "warning: no manifest reads the variable `stge` of --var [unread-variable]; did you mean `stage`?"
    ] == problems(shop.validate("dev", variables={"stge": "x"}).diagnostics)


def test_error_of_one_environment_is_no_error_of_another(shop: Shop) -> None:
    """A response that is ignored in one is reported there, although the other writes it."""
    text = (shop.folder / "manifests" / "pets.yaml").read_text().replace("methodResponses: ensure", "prune: true")
    (shop.folder / "manifests" / "pets.yaml").write_text(text)
    undeclared = make_api(shop.cloud.plane(), "pets-old", {GET_PETS: Method({"200": RestResponse()}, {})})
    make_api(shop.cloud.plane("us-east-1", OTHER_ACCOUNT), "pets-new", {GET_PETS: Method({}, {"200": []})})
    shop.configure(
        dev="{region: eu-west-1, vars: {stage: old}}", prod="{region: us-east-1, profile: other, vars: {stage: new}}"
    )
    planned = shop.plan("all")

    assert (undeclared, [("missing-method-response", "warning")], True) == (
        planned.plan.targets[0].target.api_id,
        [(diagnostic.rule, diagnostic.severity) for diagnostic in planned.diagnostics],
        planned.may_run,
    )


def test_only_where_an_environment_cannot_be_reached(shop: Shop) -> None:
    """A glob that matches nothing in the others may match something there."""
    shop.configure(prod="{region: us-east-1, profile: expired, vars: {stage: prod}}")

    assert ["credentials"] == [
        diagnostic.rule for diagnostic in shop.plan("all", only=("pets: GET /pest *",)).diagnostics
    ]
