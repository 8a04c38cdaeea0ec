"""Saved plans: what was reviewed is what runs, or nothing does."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from reconciler import normal
from reconciler.engine.load.request import Request
from reconciler.engine.plan import Planned, plan
from reconciler.engine.saved_plan import saved_document
from reconciler.errors import ExitCode, Refused
from reconciler.manifest import Disk
from reconciler.models.keys import MethodKey
from reconciler.models.responses import RestResponse, WebSocketResponse
from reconciler.models.targets import Coordinates
from reconciler.rules import GuardRule
from support.apis import Method, make_api
from support.live import DEFAULT, GET_PETS, NOT_FOUND
from support.saving import Pipeline, addresses
from support.stage import manifest
from support.websocket import Integration, make_websocket_api

WANTED = "{200: {}, 404: {selectionPattern: '4..'}}"
TWO = {GET_PETS: Method({"200": DEFAULT, "404": NOT_FOUND}), MethodKey("/orders", "GET"): Method({"200": DEFAULT})}
REFUSED, OK = ExitCode.REFUSED, ExitCode.OK


@pytest.fixture
def pipeline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    """A folder with a manifest that AWS differs from in one response."""
    monkeypatch.chdir(tmp_path)
    made = Pipeline(tmp_path)
    make_api(made.plane, "petstore", TWO)
    made.write(manifest(WANTED))
    return made


def put(pipeline: Pipeline, path: str, code: str, response: RestResponse, name: str = "petstore") -> None:
    """Somebody changes a response by hand."""
    plane = pipeline.plane
    (api_id,) = [api["id"] for api in plane.call("GetRestApis")["items"] if api["name"] == name]
    (resource,) = [one["id"] for one in plane.call("GetResources", restApiId=api_id)["items"] if one["path"] == path]
    where = {"restApiId": api_id, "resourceId": resource, "httpMethod": "GET"}
    plane.call("PutIntegrationResponse", **where, statusCode=code, **normal.rest_request(response))
    plane.calls.clear()


def add(
    pipeline: Pipeline,
    path: str,
    responses: Mapping[str, RestResponse] | None = None,
    *,
    integration: str | None = "HTTP",
) -> None:
    """Another tool makes a GET method, with these responses."""
    plane = pipeline.plane
    (api_id,) = [api["id"] for api in plane.call("GetRestApis")["items"] if api["name"] == "petstore"]
    (root,) = [one["id"] for one in plane.call("GetResources", restApiId=api_id)["items"] if one["path"] == "/"]
    resource = plane.call("CreateResource", restApiId=api_id, parentId=root, pathPart=path.strip("/"))["id"]
    where = {"restApiId": api_id, "resourceId": resource, "httpMethod": "GET"}
    plane.call("PutMethod", **where, authorizationType="NONE")
    for code in ("200", "404"):
        plane.call("PutMethodResponse", **where, statusCode=code)
    if integration:
        uri = {"uri": "https://backend.example/", "integrationHttpMethod": "POST"}
        plane.call("PutIntegration", **where, type=integration, **uri)
    for code, response in (responses or {}).items():
        plane.call("PutIntegrationResponse", **where, statusCode=code, **normal.rest_request(response))
    plane.calls.clear()


def test_plan_that_is_the_same_still_is_applied(pipeline: Pipeline) -> None:
    """And leaves nothing to do."""
    applied = pipeline.apply(pipeline.save())

    assert (OK, ["petstore: GET /pets 404"], True) == (
        applied.exit_code,
        addresses(applied),
        pipeline.plan().plan.is_empty,
    )


def test_second_apply_writes_nothing(pipeline: Pipeline) -> None:
    """The plan is carried out: that is no reason to refuse it."""
    document = pipeline.save()
    pipeline.apply(document)
    pipeline.plane.calls.clear()
    again = pipeline.apply(document)

    assert (OK, (), 0) == (again.exit_code, again.reasons, pipeline.writes)


@pytest.mark.parametrize("max_age", [timedelta(0), timedelta(days=9)])
def test_second_apply_may_be_late(pipeline: Pipeline, max_age: timedelta) -> None:
    """There is nothing to do, however old the plan is."""
    document = pipeline.save()
    pipeline.apply(document)
    pipeline.clock.sleep(60)

    assert OK == pipeline.apply(document, max_age=max_age).exit_code


def test_apply_that_stopped_part_way_is_planned_anew(pipeline: Pipeline) -> None:
    """The rest is not what was reviewed: the live state that it starts from is another."""
    pipeline.write(manifest("{200: {contentHandling: CONVERT_TO_TEXT}, 404: {selectionPattern: '4..'}}"))
    document = pipeline.save()
    put(pipeline, "/pets", "404", RestResponse("4.."))

    assert (REFUSED, 0) == (pipeline.apply(document).exit_code, pipeline.writes)


def test_apply_that_stopped_between_two_apis_goes_on(pipeline: Pipeline) -> None:
    """One of them is as the plan wants it; the other is as the plan was made from."""
    make_api(pipeline.plane, "other", TWO)
    pipeline.write(manifest(WANTED, name="other", api="{name: other}"), "other.yaml")
    document = pipeline.save()
    put(pipeline, "/pets", "404", RestResponse("4.."))
    applied = pipeline.apply(document)

    assert (OK, ["other: GET /pets 404"]) == (applied.exit_code, addresses(applied))


def test_change_of_a_listed_method_stales(pipeline: Pipeline) -> None:
    """Also of a response that the plan does not touch; what would be done now is shown."""
    document = pipeline.save()
    put(pipeline, "/pets", "200", RestResponse(content_handling="CONVERT_TO_TEXT"))
    applied = pipeline.apply(document)
    assert applied.stale is not None

    assert (REFUSED, 0, ["AWS has changed since the plan was made"]) == (
        applied.exit_code,
        pipeline.writes,
        [reason.rpartition(": ")[2] for reason in applied.reasons],
    )
    assert ["200", "404"] == [action.key.code for _, _, action in applied.stale.plan.numbered()]


def test_change_of_another_method_stales_nothing(pipeline: Pipeline) -> None:
    """It is somebody else's."""
    document = pipeline.save()
    put(pipeline, "/orders", "200", RestResponse(content_handling="CONVERT_TO_TEXT"))
    add(pipeline, "/new", {"200": DEFAULT})

    assert OK == pipeline.apply(document).exit_code


def test_comments_and_moved_lines_stale_nothing(pipeline: Pipeline) -> None:
    """Nor does another order of keys or another way to write a value."""
    document = pipeline.save()
    pipeline.write("# A comment\n\n" + manifest('{404: {selectionPattern: "4.."}, "200": {}}'))

    assert OK == pipeline.apply(document).exit_code


@pytest.mark.parametrize(
    "edited",
    [
        manifest("{200: {}, 404: {selectionPattern: '40.'}}"),
        manifest("{200: {}, 404: {selectionPattern: '4..', responseTemplates: {application/json: ''}}}"),
        manifest(WANTED, spec="prune: false"),
        manifest(WANTED, name="other"),
    ],
)
def test_edited_manifest_stales(pipeline: Pipeline, edited: str) -> None:
    """Whatever it says otherwise, if the work is the same or not."""
    document = pipeline.save()
    pipeline.write(edited)
    applied = pipeline.apply(document)

    assert (REFUSED, 0) == (applied.exit_code, pipeline.writes)


def test_path_that_was_made_anew_stales(pipeline: Pipeline) -> None:
    """It holds the same, and has another id in AWS."""
    document = pipeline.save()
    plane = pipeline.plane
    (api_id,) = [api["id"] for api in plane.call("GetRestApis")["items"]]
    (old,) = [one["id"] for one in plane.call("GetResources", restApiId=api_id)["items"] if one["path"] == "/pets"]
    plane.call("DeleteResource", restApiId=api_id, resourceId=old)
    add(pipeline, "/pets", {"200": DEFAULT, "404": NOT_FOUND})
    applied = pipeline.apply(document)

    assert (REFUSED, 0, True) == (
        applied.exit_code,
        pipeline.writes,
        applied.reasons[0].endswith(
            "the actions differ: ids in AWS have changed, or another version of reconciler made the plan"
        ),
    )


def test_new_manifest_stales(pipeline: Pipeline) -> None:
    """Its target was not planned for."""
    document = pipeline.save()
    make_api(pipeline.plane, "other", TWO)
    pipeline.write(manifest("{200: {}}", name="other", api="{name: other}"), "other.yaml")
    applied = pipeline.apply(document)

    assert (REFUSED, ["is addressed by the manifests, but is not in the plan"]) == (
        applied.exit_code,
        [reason.partition(") ")[2] for reason in applied.reasons],
    )


def test_manifest_that_is_gone_stales(pipeline: Pipeline) -> None:
    """Its target is not reached any more."""
    make_api(pipeline.plane, "other", TWO)
    pipeline.write(manifest("{200: {}}", name="other", api="{name: other}"), "other.yaml")
    document = pipeline.save()
    (pipeline.folder / "other.yaml").unlink()
    applied = pipeline.apply(document)

    assert (REFUSED, ["is in the plan, but the manifests no longer address it"]) == (
        applied.exit_code,
        [reason.partition(") ")[2] for reason in applied.reasons],
    )


@pytest.mark.parametrize("coordinates", [Coordinates(profile="other"), Coordinates(region="us-east-1")])
def test_other_place_is_refused(pipeline: Pipeline, coordinates: Coordinates) -> None:
    """Before API Gateway is asked anything there: an account or region that the plan was not made for."""
    document = pipeline.save()
    with pytest.raises(Refused) as refusal:
        pipeline.apply(document, coordinates=coordinates)

    assert ([], True) == (
        pipeline.cloud.calls(),
        refusal.value.message.endswith("the plan was made for account 123456789012, eu-west-1"),
    )


def test_profile_of_the_machine_wins(pipeline: Pipeline) -> None:
    """Where the plan is applied the credentials may go by another name."""
    document = pipeline.save(coordinates=Coordinates(profile="mine"))
    applied = pipeline.apply(document, coordinates=Coordinates(profile="theirs"))

    assert (OK, ["mine", "theirs"]) == (applied.exit_code, [one.profile for one in pipeline.cloud.asked])


def test_environment_is_the_plans(pipeline: Pipeline) -> None:
    """It was chosen when the plan was made; a configuration that leads elsewhere since then stales it."""
    head = "apiVersion: reconciler/v1\nkind: Config\n"
    pipeline.write(
        f"{head}environments: {{dev: {{vars: {{api: petstore}}}}, prod: {{vars: {{api: shop}}}}}}\n", "reconciler.yaml"
    )
    pipeline.write(manifest(WANTED, api='{name: "${{ vars.api }}"}'))
    make_api(pipeline.plane, "shop", TWO)
    document = pipeline.save(environments=("dev",))
    fine = pipeline.apply(document)
    pipeline.write(f"{head}environments: {{dev: {{vars: {{api: shop}}}}}}\n", "reconciler.yaml")
    elsewhere = pipeline.apply(document)

    assert ([OK, REFUSED], 2) == ([fine.exit_code, elsewhere.exit_code], len(elsewhere.reasons))


@pytest.mark.parametrize("asked", [{"paths": ("petstore.yaml",)}, {"paths": (".",)}, {"config": "reconciler.yaml"}, {}])
def test_folder_in_which_it_was_not_made(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any]
) -> None:
    """Names are relative: what now is said, as nobody can name a PATH beside a saved plan."""
    pipeline.write("apiVersion: reconciler/v1\nkind: Config\nmanifests: [petstore.yaml]\n", "reconciler.yaml")
    request = Request(**asked)
    planned = plan(request, pipeline.cloud, Disk(), pipeline.clock)
    document = saved_document(planned, request, Disk())
    (pipeline.folder / "elsewhere").mkdir()
    (pipeline.folder / "reconciler.yaml").rename(pipeline.folder / "other.yaml")
    monkeypatch.chdir("elsewhere")
    with pytest.raises(Refused) as refusal:
        pipeline.apply(document)

    assert (REFUSED, "apply it in the folder where it was made, or make a new plan") == (
        refusal.value.exit_code,
        refusal.value.remedy,
    )


@pytest.mark.usefixtures("pipeline")
def test_environment_that_is_gone(pipeline: Pipeline) -> None:
    """It is the plan's, so it is no wrong usage but a refusal."""
    text = "apiVersion: reconciler/v1\nkind: Config\nmanifests: [petstore.yaml]\nenvironments: {%s: {}}\n"
    pipeline.write(text % "dev", "reconciler.yaml")
    document = pipeline.save("petstore.yaml", environments=("dev",))
    pipeline.write(text % "stage", "reconciler.yaml")
    with pytest.raises(Refused, match=r"the plan cannot be made again: .*'dev'"):
        pipeline.apply(document)


@pytest.mark.parametrize(("max_age", "expected"), [(timedelta(hours=2), OK), (timedelta(minutes=30), REFUSED)])
def test_plan_that_is_too_old(pipeline: Pipeline, max_age: timedelta, expected: ExitCode) -> None:
    """Its age is counted from when it was made."""
    document = pipeline.save()
    pipeline.clock.sleep(3_600)
    applied = pipeline.apply(document, max_age=max_age)

    assert expected == applied.exit_code
    assert [] == [
        reason for reason in applied.reasons if reason != "the plan was made 1 h ago, and may be 30 min old at most"
    ]


@pytest.mark.parametrize("created_at", ["", "yesterday", "2026-13-45T00:00:00Z"])
def test_plan_without_a_date_is_too_old(pipeline: Pipeline, created_at: str) -> None:
    """If somebody asks how old it is; else it does not matter."""
    document = pipeline.save().model_copy(update={"created_at": created_at})

    assert [REFUSED, OK] == [pipeline.apply(document, max_age=limit).exit_code for limit in (timedelta(days=1), None)]


def test_plan_from_the_future_has_no_age(pipeline: Pipeline) -> None:
    """Clocks may differ by less than a plan may be old; by more, nobody knows how old it is."""
    document = pipeline.save()
    ahead = document.model_copy(update={"created_at": "2026-01-31T14:00:00Z"})
    refused = pipeline.apply(ahead, max_age=timedelta(hours=1))

    assert (REFUSED, 0) == (refused.exit_code, pipeline.writes)
    assert ("the plan was made 2 h in the future: one of the two machines has a wrong clock",) == refused.reasons
    assert OK == pipeline.apply(ahead, max_age=timedelta(hours=3)).exit_code


def test_refused_plan_stays_refused(pipeline: Pipeline) -> None:
    """Though nobody may ask for the rule any more."""
    pipeline.write(manifest("{}"))
    document = pipeline.save()
    applied = pipeline.apply(document)

    assert (REFUSED, 0) == (applied.exit_code, pipeline.writes)


def test_waivers_travel(pipeline: Pipeline) -> None:
    """What was waived when the plan was made is when it is applied."""
    pipeline.write(manifest("{}"))
    document = pipeline.save(forced=[GuardRule.EMPTY_METHOD])
    applied = pipeline.apply(document)

    assert (OK, ["emptyMethod"], [GuardRule.EMPTY_METHOD]) == (
        applied.exit_code,
        [waiver.rule for waiver in document.waivers],
        [waiver.rule for waiver in applied.planned.verdict.waivers],
    )


def test_request_travels(pipeline: Pipeline) -> None:
    """Variables, selectors and `--only` are the plan's."""
    pipeline.write(
        manifest(
            "{200: {contentHandling: CONVERT_TO_TEXT}, 404: {selectionPattern: '${{ vars.pattern }}'}}",
            name="petstore, labels: {team: pets}",
        )
    )
    asked: dict[str, Any] = {
        "variables": {"pattern": "40."},
        "selectors": ({"team": "pets"},),
        "only": ("petstore: GET /pets 404",),
    }
    applied = pipeline.apply(pipeline.save(**asked))

    assert (OK, ["petstore: GET /pets 404"]) == (applied.exit_code, addresses(applied))


def test_absolute_path_below_the_folder_is_saved_as_a_relative_one(pipeline: Pipeline) -> None:
    """The plan is applied in another checkout."""
    request = pipeline.save(str(pipeline.folder / "petstore.yaml")).request

    assert request
    assert ["petstore.yaml"] == request.paths


def test_what_was_asked_and_changed_meanwhile_is_stale(pipeline: Pipeline) -> None:
    """A saved plan that is asked about is compared with AWS once more after the answer."""
    document = pipeline.save()

    def meddle(_: Planned) -> bool:
        put(pipeline, "/pets", "404", RestResponse("5.."))
        return True

    assert (REFUSED, 0) == (pipeline.apply(document, meddle).exit_code, pipeline.writes)


def test_broken_manifest_is_an_error(pipeline: Pipeline) -> None:
    """Not a plan that went stale."""
    document = pipeline.save()
    pipeline.write("nonsense")

    assert (ExitCode.FAILED, 0) == (pipeline.apply(document).exit_code, pipeline.writes)


NEW = manifest("{200: {}, 404: {selectionPattern: '404'}}", path="/new", name="new")


@pytest.fixture
def deferred(pipeline: Pipeline) -> Pipeline:
    """Beside the other manifest there is one of a method that nobody has made yet."""
    pipeline.write(NEW, "new.yaml")
    return pipeline


def test_missing_method_is_an_error_unless_it_may_be(deferred: Pipeline) -> None:
    """With `--allow-missing` its responses wait, and the rest is planned."""
    strict, lenient = deferred.plan(), deferred.plan(allow_missing=True)

    assert ([ExitCode.FAILED, OK], ["new: GET /new 200", "new: GET /new 404"], ["petstore: GET /pets 404"]) == (
        [strict.exit_code(), lenient.exit_code()],
        [one.address for one in lenient.plan.deferred],
        [action.address for _, _, action in lenient.plan.numbered()],
    )


@pytest.mark.parametrize("held", [{}, {"200": DEFAULT}, {"200": DEFAULT, "404": NOT_FOUND}])
def test_method_that_came_meanwhile_is_written_to(deferred: Pipeline, held: dict[str, RestResponse]) -> None:
    """If it holds nothing, or nothing but what the plan wants there."""
    document = deferred.save(allow_missing=True)
    add(deferred, "/new", held)
    applied = deferred.apply(document)

    assert (OK, 3 - len(held)) == (applied.exit_code, len(applied.outcomes))
    assert deferred.plan().plan.is_empty


def test_plan_with_what_was_deferred_is_applied_twice(deferred: Pipeline) -> None:
    """The second time there is nothing to do."""
    document = deferred.save(allow_missing=True)
    add(deferred, "/new")
    deferred.apply(document)
    deferred.plane.calls.clear()

    assert (OK, 0) == (deferred.apply(document).exit_code, deferred.writes)


def test_plan_that_still_waits_is_applied_twice(deferred: Pipeline) -> None:
    """The second time there is nothing to do but to wait, however old the plan is by then."""
    document = deferred.save(allow_missing=True)
    first = deferred.apply(document)
    deferred.plane.calls.clear()
    again = deferred.apply(document, max_age=timedelta(0))

    assert (1, 0, ExitCode.STOPPED, (), ["new: GET /new 200", "new: GET /new 404"]) == (
        len(first.outcomes),
        deferred.writes,
        again.exit_code,
        again.reasons,
        [one.address for one in again.waiting],
    )


@pytest.mark.parametrize("held", [{"404": RestResponse("4..")}, {"500": RestResponse("5..")}])
def test_method_that_holds_something_unknown_is_refused(deferred: Pipeline, held: dict[str, RestResponse]) -> None:
    """Nobody reviewed that it would be overwritten or deleted; nothing is written at all."""
    document = deferred.save(allow_missing=True)
    add(deferred, "/new", held)
    applied = deferred.apply(document)
    (code,) = held

    assert (REFUSED, 0, (f"new: GET /new was added with a {code} that the plan does not show",)) == (
        applied.exit_code,
        deferred.writes,
        applied.reasons,
    )


def test_method_that_came_as_a_proxy_is_refused(deferred: Pipeline) -> None:
    """What was reviewed cannot be so there."""
    document = deferred.save(allow_missing=True)
    add(deferred, "/new", integration="HTTP_PROXY")

    assert (True, 0) == (deferred.apply(document).exit_code in {REFUSED, ExitCode.FAILED}, deferred.writes)


@pytest.mark.parametrize("integration", [None, "no method"])
def test_what_is_still_missing_is_told(deferred: Pipeline, integration: str | None) -> None:
    """The rest is applied, and the exit code says that it is not all."""
    document = deferred.save(allow_missing=True)
    if integration is None:
        add(deferred, "/new", integration=None)
    applied = deferred.apply(document)

    assert (ExitCode.STOPPED, ["petstore: GET /pets 404"], ["new: GET /new 200", "new: GET /new 404"]) == (
        applied.exit_code,
        addresses(applied),
        [one.address for one in applied.waiting],
    )


def test_nothing_but_what_is_missing_is_not_all_either(deferred: Pipeline) -> None:
    """Nothing is written, and that is told."""
    (deferred.folder / "petstore.yaml").unlink()
    document = deferred.save(allow_missing=True)
    applied = deferred.apply(document)

    assert (ExitCode.STOPPED, (), 0) == (applied.exit_code, applied.outcomes, deferred.writes)


def test_nothing_but_what_was_missing_is_written(deferred: Pipeline) -> None:
    """A plan that was empty but for that is no plan of nothing."""
    (deferred.folder / "petstore.yaml").unlink()
    planned, document = deferred.plan(allow_missing=True), deferred.save(allow_missing=True)
    add(deferred, "/new")
    applied = deferred.apply(document)

    assert (ExitCode.DIFFERENCES, OK, 2) == (
        planned.exit_code(detailed=True),
        applied.exit_code,
        len(applied.outcomes),
    )


def test_what_waits_makes_no_refusal_a_stop(deferred: Pipeline) -> None:
    """A plan that is refused was not begun."""
    deferred.write(manifest("{}"))
    document = deferred.save(allow_missing=True)

    assert (REFUSED, 0) == (deferred.apply(document).exit_code, deferred.writes)


def test_plan_of_which_some_waited_is_applied_again(deferred: Pipeline) -> None:
    """First what can be, then what waited, once its method is there."""
    document = deferred.save(allow_missing=True)
    first = deferred.apply(document)
    add(deferred, "/new")
    second = deferred.apply(document)

    assert ([ExitCode.STOPPED, OK], ["new: GET /new 200", "new: GET /new 404"]) == (
        [first.exit_code, second.exit_code],
        sorted(addresses(second)),
    )


def test_live_change_stales_also_beside_what_is_deferred(deferred: Pipeline) -> None:
    """And a new method does not hide it."""
    document = deferred.save(allow_missing=True)
    add(deferred, "/new")
    put(deferred, "/pets", "404", RestResponse("5.."))

    assert (REFUSED, 0) == (deferred.apply(document).exit_code, deferred.writes)


def test_edit_of_what_is_deferred_stales(deferred: Pipeline) -> None:
    """Whether the method is there by then or not."""
    document = deferred.save(allow_missing=True)
    deferred.write(NEW.replace("'404'", "'4..'"), "new.yaml")
    missing = deferred.apply(document)
    add(deferred, "/new")
    there = deferred.apply(document)

    assert ([REFUSED, REFUSED], 0) == ([missing.exit_code, there.exit_code], deferred.writes)


def test_fields_of_others_do_not_stale_what_was_deferred(deferred: Pipeline) -> None:
    """A method that came with its responses, of which the manifest owns a field, is as planned."""
    deferred.write(NEW.replace("spec:\n", "spec:\n  own: [selectionPattern]\n"), "new.yaml")
    document = deferred.save(allow_missing=True)
    add(deferred, "/new", {"200": RestResponse(content_handling="CONVERT_TO_TEXT")})

    assert OK == deferred.apply(document).exit_code


@pytest.mark.parametrize("narrowed", ["*", "new: GET /new 404"])
def test_only_narrows_what_is_deferred(deferred: Pipeline, narrowed: str) -> None:
    """What it does not name neither waits nor is written."""
    document = deferred.save(allow_missing=True, only=("petstore: *", narrowed))
    add(deferred, "/new")
    applied = deferred.apply(document)
    expected = {"*": ["200", "404"], "new: GET /new 404": ["404"]}

    assert (OK, expected[narrowed]) == (
        applied.exit_code,
        [outcome.action.key.code for outcome in applied.outcomes if outcome.action.address.startswith("new")],
    )


CHAT = "apiVersion: reconciler/v1\nkind: WebSocketApi\nmetadata: {name: chat}\nspec:\n  api: {name: chat}\n  routes:\n"
PLAIN = "{responses: {$default: {}}}"


@pytest.fixture
def chat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    """A WebSocket API in which one of the two routes of the manifest is missing."""
    monkeypatch.chdir(tmp_path)
    made = Pipeline(tmp_path)
    make_websocket_api(made.plane, "chat", [Integration(("send",), {"$default": WebSocketResponse()})])
    made.write(f"{CHAT}    send: {PLAIN}\n    history: {PLAIN}\n")
    return made


def route(pipeline: Pipeline, key: str, *responses: str, to: str | None = None) -> str:
    """Another tool makes a route with an integration that holds these, or leads to one; the integration's id."""
    plane = pipeline.plane
    (api_id,) = [api["ApiId"] for api in plane.call("GetApis")["Items"] if api["Name"] == "chat"]
    where = {"IntegrationUri": "https://backend.example/", "IntegrationMethod": "POST"}
    made = to or plane.call("CreateIntegration", ApiId=api_id, IntegrationType="HTTP", **where)["IntegrationId"]
    plane.call(
        "CreateRoute",
        ApiId=api_id,
        RouteKey=key,
        Target=f"integrations/{made}",
        RouteResponseSelectionExpression="$default",
    )
    for response in responses:
        plane.call("CreateIntegrationResponse", ApiId=api_id, IntegrationId=made, IntegrationResponseKey=response)
    plane.calls.clear()
    return str(made)


@pytest.mark.parametrize(
    ("responses", "expected", "codes"),
    [((), OK, ["$default"]), (("$default",), OK, []), (("/404/",), REFUSED, [])],
)
def test_route_that_came_meanwhile(
    chat: Pipeline, responses: tuple[str, ...], expected: ExitCode, codes: list[str]
) -> None:
    """As with methods: written to, if it holds nothing unknown."""
    document = chat.save(allow_missing=True)
    route(chat, "history", *responses)
    applied = chat.apply(document)

    assert (expected, codes) == (applied.exit_code, [outcome.action.key.code for outcome in applied.outcomes])


def test_route_that_is_still_missing(chat: Pipeline) -> None:
    """Exit code 3."""
    applied = chat.apply(chat.save(allow_missing=True))

    assert (ExitCode.STOPPED, ["chat: history $default"]) == (
        applied.exit_code,
        [one.address for one in applied.waiting],
    )


def test_route_that_leads_to_an_integration_which_is_known(chat: Pipeline) -> None:
    """It is the same as another one's: nothing is left to do."""
    document = chat.save(allow_missing=True)
    (api,) = chat.plane.call("GetApis")["Items"]
    (known,) = chat.plane.call("GetIntegrations", ApiId=api["ApiId"])["Items"]
    route(chat, "history", to=known["IntegrationId"])

    assert OK == chat.apply(document).exit_code


def test_routes_that_came_with_one_integration(chat: Pipeline) -> None:
    """Its response is made once."""
    chat.write(f"{CHAT}    send: {PLAIN}\n    history: {PLAIN}\n    past: {PLAIN}\n")
    document = chat.save(allow_missing=True)
    made = route(chat, "history")
    route(chat, "past", to=made)
    applied = chat.apply(document)

    assert (OK, ["chat: history $default"]) == (applied.exit_code, addresses(applied))


def test_integration_by_id_that_came_meanwhile(chat: Pipeline) -> None:
    """It waits and is written to under its id."""
    chat.write(f"{CHAT}    send: {PLAIN}\n  integrations:\n    - {{id: abc1234, {PLAIN[1:]}\n")
    document = chat.save(allow_missing=True)
    chat.plane.ids.reserve("abc1234")
    route(chat, "elsewhere")
    applied = chat.apply(document)

    assert (OK, ["chat: integration abc1234 $default"]) == (applied.exit_code, addresses(applied))


def deployed(pipeline: Pipeline) -> None:
    """The API as it is has a stage."""
    (api_id,) = [api["id"] for api in pipeline.plane.call("GetRestApis")["items"] if api["name"] == "petstore"]
    pipeline.plane.call("CreateDeployment", restApiId=api_id, stageName="prod")


@pytest.mark.parametrize("held", [{}, {"200": DEFAULT}])
def test_method_that_was_waited_for_is_deployed_with_the_rest(
    deferred: Pipeline, held: dict[str, RestResponse]
) -> None:
    """The plan said that it would come, so that publishing it is no surprise."""
    deployed(deferred)
    document = deferred.save(allow_missing=True, deploys=True, stages=("prod",))
    add(deferred, "/new", held)
    applied = deferred.apply(document)

    assert (OK, ["applied"], True) == (
        applied.exit_code,
        [one.result for one in applied.published],
        deferred.plan(deploys=True, stages=("prod",)).is_empty,
    )


def test_method_that_nobody_waited_for_is_not_published_with_it(deferred: Pipeline) -> None:
    """It was not there when the plan was reviewed."""
    deployed(deferred)
    document = deferred.save(allow_missing=True, deploys=True, stages=("prod",))
    add(deferred, "/new")
    add(deferred, "/other")

    assert (REFUSED, 0) == (deferred.apply(document).exit_code, deferred.writes)
