"""APIs that a manifest addresses in the wrong way: the error says what they are and what to write."""

import pytest

from reconciler.engine.export.export import ApiSelector, ExportRequest, export
from reconciler.errors import ApiNotFound, WrongProtocol
from reconciler.models.responses import WebSocketResponse
from reconciler.models.targets import Kind
from reconciler.sandbox.building import WebSocketBuilder
from reconciler.sandbox.model.faults import access_denied
from support.apis import Method
from support.live import DEFAULT, GET_PETS
from support.stage import Stage, manifest
from support.websocket import Integration, make_websocket_api

CHAT = """\
apiVersion: reconciler/v1
kind: WebSocketApi
metadata: {{name: chat}}
spec:
  api: {api}
  routes: {{send: {{responses: {{$default: {{}}}}}}}}
"""


@pytest.fixture
def ids(stage: Stage) -> dict[str, str]:
    """The ids of an API of each kind, by name."""
    chat, _ = make_websocket_api(stage.plane, "chat", [Integration(("send",), {"$default": WebSocketResponse()})])
    web = WebSocketBuilder(stage.plane, "web", None, protocol="HTTP").id
    pets = stage.api("pets", {GET_PETS: Method({"200": DEFAULT})})
    stage.plane.calls.clear()
    return {"pets": pets, "chat": chat, "web": web}


def told(stage: Stage, text: str) -> tuple[type[Exception], str, str]:
    """What kind of failure it is, its message and its remedy."""
    stage.write(text)
    (unread,) = stage.drift().unread
    return type(unread.failure), unread.failure.message, unread.failure.remedy


def test_an_id_where_a_name_belongs(stage: Stage, ids: dict[str, str]) -> None:
    """The remedy is what to write."""
    _, _, remedy = told(stage, manifest(api=f"{{name: {ids['pets']}}}"))

    assert f"{ids['pets']} is the id of the REST API 'pets'; write `api: {{id: {ids['pets']}}}`" == remedy


def test_an_id_where_the_name_of_a_websocket_api_belongs(stage: Stage, ids: dict[str, str]) -> None:
    """So it is with the other kind."""
    _, _, remedy = told(stage, CHAT.format(api=f"{{name: {ids['chat']}}}"))

    assert f"{ids['chat']} is the id of the WebSocket API 'chat'; write `api: {{id: {ids['chat']}}}`" == remedy


@pytest.mark.parametrize("way", ["name: web", "id: {web}", "name: '{web}'"])
@pytest.mark.parametrize("kind", ["RestApi", "WebSocketApi"])
def test_an_http_api_is_said_to_be_one(stage: Stage, ids: dict[str, str], kind: str, way: str) -> None:
    """By its name or its id, whatever kind the manifest is of."""
    api = f"{{{way.format(**ids)}}}"
    kind_of_failure, message, _ = told(stage, manifest(api=api) if kind == "RestApi" else CHAT.format(api=api))

    assert (WrongProtocol, True) == (kind_of_failure, f"API {ids['web']} is an HTTP API" in message)


@pytest.mark.parametrize("way", ["name: chat", "id: {chat}"])
def test_a_websocket_api_is_said_to_be_one(stage: Stage, ids: dict[str, str], way: str) -> None:
    """The error for a REST manifest says which kind to write."""
    kind, message, remedy = told(stage, manifest(api=f"{{{way.format(**ids)}}}"))

    assert (ApiNotFound, f"API {ids['chat']} ('chat') is a WebSocket API, not a REST API", True) == (
        kind,
        message,
        "write `kind: WebSocketApi`" in remedy,
    )


@pytest.mark.parametrize("way", ["name: pets", "id: {pets}"])
def test_a_rest_api_is_said_to_be_one(stage: Stage, ids: dict[str, str], way: str) -> None:
    """And the other way round."""
    kind, message, remedy = told(stage, CHAT.format(api=f"{{{way.format(**ids)}}}"))

    assert (ApiNotFound, f"API {ids['pets']} ('pets') is a REST API, not a WebSocket API", True) == (
        kind,
        message,
        "write `kind: RestApi`" in remedy,
    )


@pytest.mark.usefixtures("ids")
def test_what_may_not_be_listed_changes_nothing(stage: Stage) -> None:
    """Credentials for REST APIs alone give the failure as it was."""
    stage.plane.faults.always(access_denied("GET", "/apis"), "GetApis")
    _, message, _ = told(stage, manifest(api="{name: web}"))

    assert message.startswith("no REST API is named 'web' in account")


@pytest.mark.usefixtures("ids")
def test_the_other_kind_is_listed_once(stage: Stage) -> None:
    """Whatever number of manifests is wrong."""
    for number in range(3):
        stage.write(manifest(name=f"m{number}", api=f"{{name: nobody{number}}}"), f"{number}.yaml")
    stage.drift()

    assert ["GetRestApis", "GetApis"] == stage.plane.calls.names()


def test_nothing_more_is_asked_where_all_is_found(stage: Stage, ids: dict[str, str]) -> None:
    """Only a failed search costs a call."""
    stage.write(manifest(api=f"{{id: {ids['pets']}}}", path="/pets"))
    stage.drift()

    assert ["GetResources"] == stage.plane.calls.names()


def test_export_of_an_http_api_by_the_wrong_option(stage: Stage, ids: dict[str, str]) -> None:
    """The error for `--rest-api web` says what that API is."""
    with pytest.raises(WrongProtocol, match=f"API {ids['web']} is an HTTP API"):
        export(ExportRequest([ApiSelector(Kind.REST_API, "web")]), stage.cloud)


@pytest.mark.usefixtures("ids")
def test_export_by_the_option_of_the_other_kind(stage: Stage) -> None:
    """The option that works is named."""
    with pytest.raises(ApiNotFound, match="use --websocket-api chat"):
        export(ExportRequest([ApiSelector(Kind.REST_API, "chat")]), stage.cloud)
