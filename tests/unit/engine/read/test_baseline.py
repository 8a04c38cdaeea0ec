"""Plans compared with the revision that a branch started from, in a real repository."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from reconciler.engine.apply import Applied, Context, apply
from reconciler.engine.load.request import Request
from reconciler.engine.plan import Planned, plan
from reconciler.engine.read.baseline import BaseRevision
from reconciler.errors import ExitCode
from reconciler.git.history import merge_base
from reconciler.git.history import open_repository as around
from reconciler.git.revision import open_revision
from reconciler.manifest import Disk
from reconciler.models.keys import MethodKey
from reconciler.models.responses import RestResponse, WebSocketResponse
from reconciler.rules import GuardRule
from support.accounts import Accounts
from support.apis import Method, make_api
from support.clock import FakeClock
from support.live import DEFAULT, GET_PETS
from support.repositories import Repository, repository
from support.runs import Journal
from support.stage import manifest
from support.websocket import Integration, make_websocket_api

CONFIG = "apiVersion: reconciler/v1\nkind: Config\nmanifests: [manifests]\n"
SET = "apiVersion: reconciler/v1\nkind: ResponseSet\nmetadata: {name: s}\nspec: {for: RestApi, responses: {200: {}}}\n"
REFUSE = CONFIG + "guard: {revertsLive: refuse}\n"
BY_HAND = RestResponse("404|410")
ORDERS = MethodKey("/orders", "GET")


@dataclass
class Branch:
    """A repository on its own branch, and AWS."""

    repository: Repository
    cloud: Accounts = field(default_factory=Accounts)

    def write(self, responses: str, file: str = "manifests/petstore.yaml", **others: Any) -> None:  # noqa: ANN401 - whatever a manifest has
        """A manifest of the working tree."""
        self.repository.write(file, manifest(responses, **others))

    def leave(self) -> None:
        """Commit everything to main, and create a branch."""
        self.repository.commit()
        self.repository.git("checkout", "-b", "branch")

    def api(self, responses: Mapping[str, RestResponse], name: str = "petstore", path: str = "/pets") -> str:
        """An API whose one method holds these."""
        return make_api(self.cloud.plane(), name, {MethodKey(path, "GET"): Method({"200": DEFAULT, **responses})})

    def base(self) -> BaseRevision:
        """What `--base main` means."""
        return BaseRevision("main", open_revision(merge_base("main", around()).commit))

    def plan(self, *paths: str, **asked: Any) -> Planned:  # noqa: ANN401 - whatever a request has
        """`plan --base main`."""
        return plan(Request(paths, **asked), self.cloud, Disk(), FakeClock(), self.base())

    def apply(self, forced: Sequence[GuardRule] = ()) -> Applied:
        """`apply --base main --yes`."""
        world = Context(self.cloud, Disk(), FakeClock(), Journal(), threading.Event(), self.base())
        return apply(Request(forced=forced), world, None)


@pytest.fixture
def branch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Branch:
    """A repository whose main has a configuration."""
    made = Branch(repository(tmp_path / "work", monkeypatch))
    made.repository.write("reconciler.yaml", CONFIG)
    return made


def told(planned: Planned) -> dict[str, str | None]:
    """The causes by address."""
    return {action.address: one.cause(action) for _, one, action in planned.plan.numbered()}


def warnings(planned: Planned) -> list[str]:
    """The diagnostics about the base."""
    return [diagnostic.message for diagnostic in planned.diagnostics if diagnostic.rule in {"unknown-cause", "no-base"}]


def test_branch_and_hand_are_told_apart(branch: Branch) -> None:
    """What the branch commits or only writes is manifest, what differs on both revisions is drift."""
    branch.write("{200: {}, 404: {selectionPattern: '404'}}")
    branch.leave()
    branch.api({"404": BY_HAND})
    branch.write(
        "{200: {}, 404: {selectionPattern: '404'}, 500: {selectionPattern: '5..'}}", spec="methodResponses: ensure"
    )

    planned = branch.plan()

    assert ({"petstore: GET /pets 404": "drift", "petstore: GET /pets 500": "manifest"}, []) == (
        told(planned),
        warnings(planned),
    )


def test_base_is_where_the_branch_left(branch: Branch) -> None:
    """A later change on main counts neither as the branch's nor as made by hand: AWS has it already."""
    branch.write("{200: {}, 404: {selectionPattern: '404'}}")
    branch.leave()
    branch.repository.git("checkout", "main")
    branch.write("{200: {}, 404: {selectionPattern: '404|410'}}")
    branch.repository.commit()
    branch.repository.git("checkout", "branch")
    branch.api({"404": BY_HAND})

    assert {"petstore: GET /pets 404": "drift"} == told(branch.plan())


def test_change_of_a_set_or_a_template_is_the_branchs(branch: Branch) -> None:
    """What is compared is what the manifests resolve to."""
    branch.write("{200: {responseTemplates: {application/json: {file: ok.vtl}}}}")
    branch.repository.write("manifests/ok.vtl", "old")
    branch.leave()
    make_api(
        branch.cloud.plane(),
        "petstore",
        {GET_PETS: Method({"200": RestResponse(response_templates={"application/json": "old"})})},
    )
    branch.repository.write("manifests/ok.vtl", "new")

    assert {"petstore: GET /pets 200": "manifest"} == told(branch.plan())


def test_nothing_is_asked_of_aws_for_a_base(branch: Branch) -> None:
    """Names are found in the same listing, and no API is read twice."""
    branch.write("{200: {}}")
    branch.leave()
    branch.api({"404": BY_HAND})
    branch.plan()

    assert ["GetRestApis", "GetResources"] == branch.cloud.calls()


def test_api_that_base_means_by_name_and_head_by_id(branch: Branch) -> None:
    """It is the same one."""
    branch.write("{200: {}, 404: {selectionPattern: '404'}}")
    branch.leave()
    api_id = branch.api({"404": BY_HAND})
    branch.write("{200: {}, 404: {selectionPattern: '404'}}", api=f"{{id: {api_id}}}")

    assert {"petstore: GET /pets 404": "drift"} == told(branch.plan())


def test_manifest_that_got_another_name_and_file(branch: Branch) -> None:
    """What counts is the API."""
    branch.write("{200: {}, 404: {selectionPattern: '404'}}")
    branch.leave()
    branch.api({"404": BY_HAND})
    (branch.repository.folder / "manifests" / "petstore.yaml").unlink()
    branch.write("{200: {}, 404: {selectionPattern: '404'}}", "manifests/new.yaml", name="shop")

    assert {"shop: GET /pets 404": "drift"} == told(branch.plan())


@pytest.mark.parametrize("path", ["manifests/new.yaml", "manifests/other"])
def test_manifest_that_was_elsewhere_is_not_new(branch: Branch, path: str) -> None:
    """Under any PATH: otherwise a renaming would hide what is reverted, and get it past the guard."""
    branch.repository.write("reconciler.yaml", REFUSE)
    branch.write("{200: {}, 404: {selectionPattern: '404'}}")
    branch.write("{200: {}}", "manifests/orders.yaml", name="orders", api="{name: orders}", path="/orders")
    branch.leave()
    branch.api({"404": BY_HAND})
    (branch.repository.folder / "manifests" / "petstore.yaml").unlink()
    branch.write("{200: {}, 404: {selectionPattern: '404'}}", path if path.endswith(".yaml") else f"{path}/new.yaml")
    planned = branch.plan(path)

    assert ({"petstore: GET /pets 404": "drift"}, [], [GuardRule.REVERTS_LIVE]) == (
        told(planned),
        warnings(planned),
        [refusal.rule for refusal in planned.verdict.refusals],
    )


def test_broken_base_is_no_reason_to_call_a_path_new(branch: Branch) -> None:
    """It may be a manifest that had another name."""
    branch.write("{200: {}, 404: {selectionPattern: '404'}}")
    branch.repository.write("manifests/bad.yaml", "kind: [")
    branch.leave()
    branch.api({"404": BY_HAND})
    branch.repository.git("mv", "manifests/petstore.yaml", "manifests/new.yaml")
    planned = branch.plan("manifests/new.yaml")

    assert ({"petstore: GET /pets 404": None}, 1) == (told(planned), len(warnings(planned)))


@pytest.mark.parametrize("asked", [{}, {"paths": ("manifests/petstore.yaml",)}, {"paths": ("manifests",)}])
def test_new_manifest_is_the_branchs(branch: Branch, asked: Mapping[str, Any]) -> None:
    """Also where it is named, and base has nothing of that name."""
    branch.repository.write("manifests/sets/shared.yaml", SET)
    branch.leave()
    branch.api({"404": BY_HAND})
    branch.write("{200: {}, 404: {selectionPattern: '404'}}")
    planned = branch.plan(*asked.get("paths", ()))

    assert ({"petstore: GET /pets 404": "manifest"}, []) == (told(planned), warnings(planned))


def test_label_that_the_branch_gives_selects_at_base_too(branch: Branch) -> None:
    """A manifest that the selectors leave out at the base still existed there."""
    branch.write("{200: {}, 404: {selectionPattern: '404'}}")
    branch.leave()
    branch.api({"404": BY_HAND})
    branch.write("{200: {}, 404: {selectionPattern: '404'}}", name="petstore, labels: {team: pets}")

    assert {"petstore: GET /pets 404": "drift"} == told(branch.plan(selectors=({"team": "pets"},)))


def test_only_and_own_are_heads(branch: Branch) -> None:
    """What is left alone at head has no cause, and what others own is no part of one."""
    own = "own: [selectionPattern]"
    branch.write("{200: {}, 404: {selectionPattern: '404', contentHandling: CONVERT_TO_TEXT}}")
    branch.leave()
    branch.api({"404": BY_HAND})
    branch.write("{200: {}, 404: {selectionPattern: '404'}}", spec=own)
    of_all, of_none = branch.plan(), branch.plan(only=("petstore: GET /pets 200",))

    assert ({"petstore: GET /pets 404": "drift"}, {}) == (told(of_all), told(of_none))


def test_ignored_fields_have_no_part_in_a_cause(branch: Branch) -> None:
    """A field that is left alone differs nowhere."""
    ignore = "ignore:\n  - {match: '*', fields: [contentHandling], reason: theirs}\n"
    branch.write("{200: {}, 404: {selectionPattern: '404', contentHandling: CONVERT_TO_TEXT}}")
    branch.leave()
    branch.api({"404": BY_HAND})
    branch.repository.write("reconciler.yaml", CONFIG + ignore)
    branch.write("{200: {}, 404: {selectionPattern: '404'}}")

    assert {"petstore: GET /pets 404": "drift"} == told(branch.plan())


def test_websocket_routes_of_one_integration(branch: Branch) -> None:
    """Base may list it by another route, or by its id."""
    head = "apiVersion: reconciler/v1\nkind: WebSocketApi\nmetadata: {name: chat}\nspec:\n  api: {name: chat}\n"
    responses = "{responses: {$default: {templateSelectionExpression: x}}}"
    integration = Integration(("a", "b"), {"$default": WebSocketResponse()})
    _, (by_id,) = make_websocket_api(branch.cloud.plane(), "chat", [integration])
    branch.repository.write("manifests/chat.yaml", f"{head}  routes:\n    a: {responses}\n")
    branch.leave()
    branch.repository.write("manifests/chat.yaml", f"{head}  routes:\n    b: {responses}\n")
    by_route = told(branch.plan())
    listed = f"  integrations:\n    - {{id: {by_id}, {responses[1:]}\n"
    branch.repository.write("manifests/chat.yaml", f"{head}{listed}")
    by_its_id = told(branch.plan())

    assert ({"chat: b $default": "drift"}, ["drift"]) == (by_route, list(by_its_id.values()))


def test_broken_base_is_said_and_the_plan_goes_on(branch: Branch) -> None:
    """How many problems, and where the first is; causes are not known."""
    branch.write("{200: {pattern: x}, 404: {pattern: y}}")
    branch.leave()
    branch.api({"404": BY_HAND})
    branch.write("{200: {}}")
    planned = branch.plan()
    expected = (
        "at main, the manifests do not validate (2 problems, the first at manifests/petstore.yaml:9:31: "
        "`pattern` is not a key of this map): this branch's changes cannot be distinguished from changes made in AWS"
    )

    assert ({"petstore: GET /pets 404": None}, [expected], ExitCode.OK) == (
        told(planned),
        warnings(planned),
        planned.exit_code(),
    )


def test_api_that_base_does_not_lead_to_is_said(branch: Branch) -> None:
    """The causes of its manifests are unknown, those of the others are known."""
    branch.write("{200: {}}", api="{name: gone}")
    branch.write("{200: {}}", "manifests/other.yaml", name="other", api="{name: other}")
    branch.leave()
    branch.api({"404": BY_HAND})
    branch.api({"404": BY_HAND}, "other")
    branch.write("{200: {}}")
    planned = branch.plan()

    assert {"petstore: GET /pets 404": None, "other: GET /pets 404": "drift"} == told(planned)
    assert [True] == [
        warning.startswith("at main, petstore: no REST API is named 'gone'") for warning in warnings(planned)
    ]


def test_manifest_that_led_nowhere_may_have_been_for_any_api(branch: Branch) -> None:
    """Its name is new at the head, so it may have been for any API but those that the base is known to list."""
    branch.write("{200: {}, 404: {selectionPattern: '404'}}", api="{name: old}", name="old")
    branch.write("{200: {}}", "manifests/other.yaml", name="other", api="{name: other}")
    branch.leave()
    branch.api({"404": BY_HAND})
    branch.api({"404": BY_HAND}, "other")
    branch.write("{200: {}, 404: {selectionPattern: '404'}}")
    planned = branch.plan()

    assert {"petstore: GET /pets 404": None, "other: GET /pets 404": "drift"} == told(planned)
    assert [True] == [warning.startswith("at main, old: no REST API is named 'old'") for warning in warnings(planned)]


def test_base_that_lists_a_method_twice_is_said(branch: Branch) -> None:
    """It is unknown which of the two counted."""
    branch.write("{200: {}}")
    branch.write("{200: {}, 404: {}}", "manifests/twice.yaml", name="twice")
    branch.leave()
    branch.api({"404": BY_HAND})
    (branch.repository.folder / "manifests" / "twice.yaml").unlink()
    planned = branch.plan()

    assert ({"petstore: GET /pets 404": None}, 1) == (told(planned), len(warnings(planned)))


def test_environment_that_base_does_not_have_is_said(branch: Branch) -> None:
    """It may have had another name."""
    branch.write("{200: {}}")
    branch.leave()
    branch.api({"404": BY_HAND})
    branch.repository.write("reconciler.yaml", CONFIG + "environments: {prod: {region: eu-west-1}}\n")
    planned = branch.plan(environments=("prod",))

    assert {"petstore: GET /pets 404": None} == told(planned)
    assert [True] == ["there is no environment 'prod'" in warning for warning in warnings(planned)]


def test_environments_are_told_apart(branch: Branch) -> None:
    """The variable of one is changed, the API of the other was."""

    def config(dev: str) -> str:
        patterns = {"dev": dev, "prod": "404"}
        lines = [f"  {name}: {{vars: {{api: {name}, pattern: '{one}'}}}}\n" for name, one in patterns.items()]
        return f"{CONFIG}environments:\n{''.join(lines)}"

    branch.repository.write("reconciler.yaml", config("404"))
    branch.write("{200: {}, 404: {selectionPattern: '${{ vars.pattern }}'}}", api="{name: '${{ vars.api }}'}")
    branch.leave()
    branch.api({"404": RestResponse("404")}, "dev")
    branch.api({"404": BY_HAND}, "prod")
    branch.repository.write("reconciler.yaml", config("4.."))
    planned = branch.plan(environments=("all",))

    assert {"dev": ["manifest"], "prod": ["drift"]} == {
        target.target.environment or "": [target.cause(action) for action in target.actions]
        for target in planned.plan.targets
    }


def test_guard_refuses_to_undo(branch: Branch) -> None:
    """With `revertsLive: refuse`; nothing is written, and --force waives it."""
    branch.repository.write("reconciler.yaml", REFUSE)
    branch.write("{200: {}, 404: {selectionPattern: '404'}}")
    branch.leave()
    branch.api({"404": BY_HAND})
    refused = branch.apply()
    written = len(branch.cloud.plane().calls.writes())
    waived = branch.apply([GuardRule.REVERTS_LIVE])

    assert (ExitCode.REFUSED, 0, [GuardRule.REVERTS_LIVE]) == (
        refused.exit_code,
        written,
        [refusal.rule for refusal in refused.planned.verdict.refusals],
    )
    assert (ExitCode.OK, [GuardRule.REVERTS_LIVE]) == (
        waived.exit_code,
        [waiver.rule for waiver in waived.planned.verdict.waivers],
    )


def test_what_only_the_branch_changes_is_not_refused(branch: Branch) -> None:
    """Nothing is undone."""
    branch.repository.write("reconciler.yaml", REFUSE)
    branch.write("{200: {}}")
    branch.leave()
    branch.api({})
    branch.write("{200: {responseTemplates: {application/json: new}}}")

    assert ExitCode.OK == branch.apply().exit_code


def test_without_a_base_it_is_said_that_the_rule_is_not_judged(branch: Branch) -> None:
    """On a plan with something to do; one without has nothing to undo."""
    branch.repository.write("reconciler.yaml", REFUSE)
    branch.write("{200: {}}")
    branch.api({"404": BY_HAND})
    request = Request()
    differing = plan(request, branch.cloud, Disk(), FakeClock())
    branch.write("{200: {}, 404: {selectionPattern: '404|410'}}")
    alike = plan(request, branch.cloud, Disk(), FakeClock())

    assert ([1, 0], ExitCode.OK) == ([len(warnings(one)) for one in (differing, alike)], differing.exit_code())


def test_base_is_beside_what_is_read_again(branch: Branch) -> None:
    """If AWS changes between the question and the answer, the plan is stale, with its causes."""
    branch.repository.write("reconciler.yaml", REFUSE)
    branch.write("{200: {}, 404: {selectionPattern: '404'}}")
    branch.leave()
    api_id = branch.api({"404": RestResponse("404")})
    branch.write("{200: {responseTemplates: {application/json: new}}, 404: {selectionPattern: '404'}}")
    resource = branch.cloud.plane().call("GetResources", restApiId=api_id)["items"][-1]["id"]

    def meddle(_: Planned) -> bool:
        where = {"restApiId": api_id, "resourceId": resource, "httpMethod": "GET", "statusCode": "404"}
        branch.cloud.plane().call("PutIntegrationResponse", **where, selectionPattern="4..")
        return True

    world = Context(branch.cloud, Disk(), FakeClock(), Journal(), threading.Event(), branch.base())
    applied = apply(Request(), world, meddle)
    stale = applied.stale
    assert stale is not None

    assert {"petstore: GET /pets 200": "manifest", "petstore: GET /pets 404": "drift"} == told(stale)


def released(planned: Planned) -> list[tuple[str, str | None]]:
    """The warnings about released methods and APIs, each with its file."""
    found = [diagnostic for diagnostic in planned.diagnostics if diagnostic.rule == "released"]
    return [(one.message, one.location.file if one.location else None) for one in found]


STAYS = "its live responses stay as they are"


def test_method_that_is_listed_no_more_is_said(branch: Branch) -> None:
    """The warning names the manifest that listed it; there is no action and no error."""
    orders = "    /orders: {GET: {responses: {200: {}}}}\n"
    branch.repository.write("manifests/petstore.yaml", manifest() + orders)
    branch.leave()
    make_api(branch.cloud.plane(), "petstore", dict.fromkeys((GET_PETS, ORDERS), Method({"200": DEFAULT})))
    before = branch.plan()
    branch.write("{200: {}}")
    planned = branch.plan("manifests/petstore.yaml")

    assert (
        [],
        {},
        ExitCode.OK,
        [(f"petstore no longer lists GET /orders, as it did at main: {STAYS}", "manifests/petstore.yaml")],
    ) == (
        released(before),
        told(planned),
        planned.exit_code(detailed=True),
        released(planned),
    )


def test_method_that_another_manifest_lists_is_not_released(branch: Branch) -> None:
    """Whatever it is called; but the run has to see it to know."""
    branch.write("{200: {}}")
    branch.write("{200: {}}", "manifests/orders.yaml", name="orders", path="/orders")
    branch.leave()
    make_api(branch.cloud.plane(), "petstore", dict.fromkeys((GET_PETS, ORDERS), Method({"200": DEFAULT})))
    branch.repository.git("rm", "--quiet", "manifests/orders.yaml")
    branch.write("{200: {}}", "manifests/new.yaml", name="new", path="/orders")
    of_all, of_one = branch.plan(), branch.plan("manifests/petstore.yaml")

    assert ([], []) == (released(of_all), released(of_one))


def test_manifest_that_is_gone_is_said(branch: Branch) -> None:
    """For an API with other manifests, and for one without; a run of some manifests cannot know."""
    branch.write("{200: {}}")
    branch.write("{200: {}}", "manifests/orders.yaml", name="orders", path="/orders")
    branch.write("{200: {}}", "manifests/users.yaml", name="users", api="{name: users}")
    branch.leave()
    make_api(branch.cloud.plane(), "petstore", dict.fromkeys((GET_PETS, ORDERS), Method({"200": DEFAULT})))
    users = branch.api({}, "users")
    branch.repository.git("rm", "--quiet", "manifests/orders.yaml", "manifests/users.yaml")
    whole, part = branch.plan(), branch.plan("manifests/petstore.yaml")
    api = f"RestApi {users} (account 123456789012, eu-west-1)"

    assert (
        [
            (f"no manifest is for {api} any more, as users was at main: {STAYS}", None),
            (f"orders no longer lists GET /orders, as it did at main: {STAYS}", None),
        ],
        [],
    ) == (
        released(whole),
        released(part),
    )


def test_route_that_is_listed_no_more_is_said(branch: Branch) -> None:
    """But not one whose integration is listed by another of its routes."""
    head = (
        "apiVersion: reconciler/v1\nkind: WebSocketApi\nmetadata: {name: chat}\nspec:\n  api: {name: chat}\n  routes:\n"
    )
    responses = "{responses: {$default: {}}}"
    shared, alone = ("a", "b"), ("c",)
    integrations = [Integration(routes, {"$default": WebSocketResponse()}) for routes in (shared, alone)]
    make_websocket_api(branch.cloud.plane(), "chat", integrations)
    branch.repository.write("manifests/chat.yaml", f"{head}    a: {responses}\n    c: {responses}\n")
    branch.leave()
    branch.repository.write("manifests/chat.yaml", f"{head}    b: {responses}\n")

    assert [(f"chat no longer lists c, as it did at main: {STAYS}", "manifests/chat.yaml")] == released(branch.plan())
