"""adopt where a value comes from somewhere else: response sets, overlays, regions, routes."""

from pathlib import Path

from reconciler.engine.load.request import Request
from reconciler.errors import ExitCode
from reconciler.models.keys import MethodKey
from reconciler.models.responses import RestResponse, WebSocketResponse
from support.adopting import adopted, reasons
from support.apis import Method, make_api
from support.stage import Stage
from support.websocket import Integration, make_websocket_api

GET_PETS, GET_TOYS = MethodKey("/pets", "GET"), MethodKey("/toys", "GET")
SET = """\
apiVersion: reconciler/v1
kind: ResponseSet
metadata: {name: errors}
spec:
  for: RestApi
  responses:
    500: {selectionPattern: '5', contentHandling: CONVERT_TO_TEXT}  # ours
"""
MANIFEST = """\
apiVersion: reconciler/v1
kind: RestApi
metadata: {name: petstore}
spec:
  api: {name: petstore}
  resources:
    /pets: {GET: {use: [errors]}}
    /toys: {GET: {use: [errors]}}
"""
CONFIG = """\
apiVersion: reconciler/v1
kind: Config
environments:
  dev: {vars: {stage: dev}}
  prod: {vars: {stage: prod}}
"""
STAGED = """\
apiVersion: reconciler/v1
kind: RestApi
metadata: {name: petstore}
spec:
  api: {name: "petstore-${{ vars.stage }}"}
  resources:
    /pets:
      GET:
        responses:
          404: {selectionPattern: '404'}  # none
"""
CHAT = """\
apiVersion: reconciler/v1
kind: WebSocketApi
metadata: {name: chat}
spec:
  api: {name: chat}
  routes:
    # what is said
    send:
      responses:
        $default: {}
"""
OURS = RestResponse("5", "CONVERT_TO_TEXT")


def with_set(stage: Stage, pets: RestResponse, toys: RestResponse) -> None:
    """Two methods that use a set, and what is live of them."""
    declared: dict[str, list[str]] = {"500": []}
    stage.api("petstore", {GET_PETS: Method({"500": pets}, declared), GET_TOYS: Method({"500": toys}, declared)})
    stage.write(SET, "errors.yaml")
    stage.write(MANIFEST)


def text(file: str = "petstore.yaml") -> str:
    """What a file holds."""
    return Path(file).read_bytes().decode()


def test_values_of_a_set_are_overridden(stage: Stage) -> None:
    """A difference of one user of a set is written at its method; the set and its other users stay."""
    with_set(stage, RestResponse("6", "CONVERT_TO_TEXT"), OURS)
    adopted(stage)

    pets = "/pets: {GET: {use: [errors], responses: {500: {selectionPattern: '6'}}}}"
    assert (SET, MANIFEST.replace("/pets: {GET: {use: [errors]}}", pets)) == (text("errors.yaml"), text())


def test_what_a_set_has_and_aws_has_not_is_absent(stage: Stage) -> None:
    """A field that is not live is removed by name."""
    with_set(stage, RestResponse("5"), OURS)
    adopted(stage)

    pets = "/pets: {GET: {use: [errors], responses: {500: {contentHandling: absent}}}}"
    assert MANIFEST.replace("/pets: {GET: {use: [errors]}}", pets) == text()


def test_missing_responses_of_a_set_are_absent(stage: Stage) -> None:
    """So is a whole response."""
    declared: dict[str, list[str]] = {"500": []}
    with_set(stage, OURS, OURS)
    stage.plane.call("DeleteIntegrationResponse", **_where(stage, GET_PETS), statusCode="500")
    adopted(stage, accept_missing=True)

    pets = "/pets: {GET: {use: [errors], responses: {500: absent}}}"
    assert (MANIFEST.replace("/pets: {GET: {use: [errors]}}", pets), {"500": []}) == (text(), declared)


def _where(stage: Stage, key: MethodKey) -> dict[str, str]:
    api = stage.plane.call("GetRestApis")["items"][0]["id"]
    resources = stage.plane.call("GetResources", restApiId=api, limit=500)["items"]
    resource = next(one["id"] for one in resources if one["path"] == key.path)
    return {"restApiId": api, "resourceId": resource, "httpMethod": key.method}


def test_set_changes_if_all_users_drifted_alike(stage: Stage) -> None:
    """With --into-set, a difference that all users share is written into the set."""
    other = RestResponse("6", "CONVERT_TO_TEXT")
    with_set(stage, other, other)
    adopted(stage, into_set=True)

    assert (SET.replace("'5'", "'6'"), MANIFEST) == (text("errors.yaml"), text())


def test_set_changes_though_a_proxy_lists_it(stage: Stage) -> None:
    """A set does not apply to a proxy integration, so a proxy has no say in what the set holds."""
    other, declared = RestResponse("6", "CONVERT_TO_TEXT"), {"500": list[str]()}
    proxy = Method(type="HTTP_PROXY", declared=declared)
    stage.api("petstore", {GET_PETS: Method({"500": other}, declared), GET_TOYS: proxy})
    stage.write(SET, "errors.yaml")
    stage.write(MANIFEST)
    adopted(stage, into_set=True)

    assert (SET.replace("'5'", "'6'"), MANIFEST) == (text("errors.yaml"), text())


def test_set_stays_if_one_user_did_not_drift(stage: Stage) -> None:
    """If one user equals the set, the others get overrides."""
    with_set(stage, RestResponse("6", "CONVERT_TO_TEXT"), OURS)
    adopted(stage, into_set=True)

    assert SET == text("errors.yaml")


def test_set_stays_if_a_user_is_not_looked_at(stage: Stage) -> None:
    """Users that `--only` or a PATH leaves out are users."""
    other = RestResponse("6", "CONVERT_TO_TEXT")
    with_set(stage, other, other)
    adopted(stage, request=Request((".",), only=("petstore: GET /pets *",)), into_set=True)

    assert SET == text("errors.yaml")


def staged(stage: Stage, **pets: RestResponse) -> None:
    """An API for each environment, with the GET /pets 404 that is live there."""
    for name, response in pets.items():
        make_api(stage.plane, f"petstore-{name}", {GET_PETS: Method({"404": response}, {"404": []})})
    stage.write(CONFIG, "reconciler.yaml")
    stage.write(STAGED)


def test_environments_get_overlays(stage: Stage) -> None:
    """A difference of one environment is written in its overlay, because the body serves the others too."""
    staged(stage, dev=RestResponse("404"), prod=RestResponse("4\\d\\d"))
    adopted(stage, request=Request(environments=("prod",)))

    overlay = """\
  overlays:
    prod:
      resources:
        /pets:
          GET:
            responses:
              404:
                selectionPattern: '4\\d\\d'
"""
    assert STAGED + overlay == text()


def test_every_environment_gets_its_own(stage: Stage) -> None:
    """Drift of several environments is adopted in one run."""
    staged(stage, dev=RestResponse("4.."), prod=RestResponse("4\\d\\d"))
    adopted(stage, request=Request(environments=("all",)))

    assert ExitCode.OK is adopted(stage, request=Request(environments=("all",))).exit_code


def test_manifest_for_one_environment_needs_no_overlay(stage: Stage) -> None:
    """If the body serves no other environment, it is changed."""
    staged(stage, dev=RestResponse("404"), prod=RestResponse("5"))
    only = STAGED.replace("{name: petstore}", "{name: petstore, environments: [prod]}")
    stage.write(only)
    adopted(stage, request=Request(environments=("prod",)))

    assert only.replace("'404'", "'5'") == text()


def test_missing_in_one_environment_is_absent_there(stage: Stage) -> None:
    """A method that one environment lacks stays listed for the others."""
    staged(stage, dev=RestResponse("404"))
    make_api(stage.plane, "petstore-prod", {GET_TOYS: Method({"200": RestResponse()})})
    adopted(stage, request=Request(environments=("prod",)), accept_missing=True)

    assert STAGED.splitlines() == text().splitlines()[: len(STAGED.splitlines())]


def test_regions_that_differ_are_told(stage: Stage) -> None:
    """One manifest for two regions cannot say what is live in one of them only."""
    for region, pattern in (("eu-west-1", "404"), ("us-east-1", "5")):
        method = Method({"404": RestResponse(pattern)}, {"404": []})
        make_api(stage.cloud.aws.plane(region=region), "petstore-prod", {GET_PETS: method})
    stage.write(CONFIG.replace("prod: {", "prod: {regions: [eu-west-1, us-east-1], "), "reconciler.yaml")
    stage.write(STAGED)
    made = adopted(stage, request=Request(environments=("prod",)))

    assert (STAGED, ["petstore: GET /pets 404"]) == (text(), [address for address, _, _ in reasons(made)])


def test_websocket_responses_are_adopted(stage: Stage) -> None:
    """A difference of a route's integration is written where the route is listed."""
    answer = WebSocketResponse(response_templates={"ok": "{}"})
    make_websocket_api(stage.plane, "chat", [Integration(["send"], {"$default": answer, "/4../": WebSocketResponse()})])
    stage.write(CHAT, "chat.yaml")
    adopted(stage)

    wanted = CHAT.replace(
        "$default: {}", "$default:\n          responseTemplates:\n            ok: '{}'\n        /4../: {}"
    )
    assert wanted == text("chat.yaml")


def test_routes_of_one_integration_change_together(stage: Stage) -> None:
    """Two routes to one integration go on saying the same."""
    answer = WebSocketResponse(response_templates={"ok": "{}"})
    make_websocket_api(stage.plane, "chat", [Integration(["send", "shout"], {"$default": answer})])
    stage.write(f"{CHAT}    shout:\n      responses:\n        $default: {{}}\n", "chat.yaml")
    adopted(stage)

    assert (2, ExitCode.OK) == (text("chat.yaml").count("ok: '{}'"), stage.drift().exit_code)


def test_overlays_list_integrations_by_id(stage: Stage) -> None:
    """In an overlay that does not list them yet, each entry gets its id."""
    answer = WebSocketResponse(response_templates={"ok": "{}"})
    integrations = [Integration([], {"$default": answer}), Integration([], {"$default": answer})]
    _, ids = make_websocket_api(stage.plane, "chat", integrations)
    head = CHAT.partition("  routes:")[0]
    listed = "".join(f"    - {{id: {one}, responses: {{$default: {{}}}}}}\n" for one in ids)
    stage.write(f"{head}  integrations:\n{listed}", "chat.yaml")
    stage.write(CONFIG, "reconciler.yaml")
    made = adopted(stage, request=Request(environments=("prod",)))

    assert (reasons(made), True) == ([], text("chat.yaml").startswith(f"{head}  integrations:\n{listed}"))


def test_integrations_by_id_are_adopted(stage: Stage) -> None:
    """So are those that no route targets."""
    answer = WebSocketResponse(response_templates={"ok": "{}"})
    _, (identifier,) = make_websocket_api(stage.plane, "chat", [Integration([], {"$default": answer})])
    head = CHAT.partition("  routes:")[0]
    stage.write(f"{head}  integrations:\n    - {{id: {identifier}, responses: {{$default: {{}}}}}}\n", "chat.yaml")
    adopted(stage)

    wanted = f"    - {{id: {identifier}, responses: {{$default: {{responseTemplates: {{ok: '{{}}'}}}}}}}}\n"
    assert f"{head}  integrations:\n{wanted}" == text("chat.yaml")
