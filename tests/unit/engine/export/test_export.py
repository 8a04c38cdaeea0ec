"""What export finds, reads and writes down, on AWS in memory."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.engine.export.export import ApiSelector, Exported, ExportRequest, export
from reconciler.engine.load.request import Request
from reconciler.engine.plan import plan
from reconciler.errors import ApiNotFound, ExitCode, ReconcilerError, WrongProtocol
from reconciler.manifest.writer import Layout, ManifestFile
from reconciler.models.keys import MethodKey
from reconciler.models.responses import RestResponse, WebSocketResponse
from reconciler.models.targets import Kind
from reconciler.sandbox.gateway import InMemoryCloud
from support.apis import Method, make_api
from support.clock import FakeClock
from support.exports import Folder, texts
from support.websocket import Integration, make_websocket_api

GET = MethodKey("/pets", "GET")
LAYOUTS = st.builds(Layout, template_files=st.booleans(), extract_sets=st.booleans())
ONE = {"200": RestResponse()}


def headers() -> st.SearchStrategy[dict[str, str]]:
    """Header mappings that AWS takes: any text, in single quotes."""
    values = texts().map(lambda text: f"'{text[:500]}'")
    return st.dictionaries(st.sampled_from(("method.response.header.X-A", "method.response.header.x.$b_")), values)


@st.composite
def rest_contents(draw: st.DrawFn) -> dict[str, RestResponse]:
    """Responses that AWS would hold in one method: no two have one pattern."""
    patterns = st.sets(texts().filter(lambda text: text != "-"), max_size=3)
    types = st.sampled_from(("application/json", "text/plain", "a/b; c='# d: \"'"))
    return {
        code: RestResponse(pattern, None, draw(headers()), draw(st.dictionaries(types, texts(), max_size=2)))
        for code, pattern in zip(("200", "404", "500"), draw(patterns), strict=False)
    }


@st.composite
def rest_methods(draw: st.DrawFn) -> dict[MethodKey, Method]:
    """Methods, some of them alike, with leftovers of proxies, without an integration, and with undeclared responses."""
    contents = draw(st.lists(rest_contents(), min_size=1, max_size=3))
    scopes = [MethodKey(path, verb) for path in ("/pets", "/pets/{id}") for verb in ("GET", "POST", "ANY")]
    chosen = draw(st.dictionaries(st.sampled_from(scopes), st.sampled_from(contents), min_size=1))
    return {
        scope: Method(
            content,
            None if any(one.response_parameters for one in content.values()) or draw(st.booleans()) else {},
            draw(st.sampled_from(("HTTP", "MOCK", "AWS", "HTTP_PROXY"))),
        )
        for scope, content in chosen.items()
    }


@st.composite
def websocket_contents(draw: st.DrawFn) -> dict[str, WebSocketResponse]:
    """Responses that AWS would hold in one integration."""
    keys = st.sampled_from(("$default", "/4\\d\\d/", "/.*# '\".*/"))
    templates = st.dictionaries(st.sampled_from(("404", "$default", "true", "# a: b")), texts(), max_size=2)
    return {
        key: WebSocketResponse(draw(texts()), None, draw(headers()), draw(templates))
        for key in draw(st.lists(keys, unique=True))
    }


@st.composite
def integrations(draw: st.DrawFn) -> list[Integration]:
    """Integrations, some of them alike, that up to two routes lead to."""
    contents = draw(st.lists(websocket_contents(), min_size=1, max_size=2))
    routes = ("$default", "$connect", "send", "null", "# a: b", "a\tb", "${{ x }}")
    return [
        Integration(routes[number::6], draw(st.sampled_from(contents)), two_way=draw(st.booleans()))
        for number in range(draw(st.integers(1, 6)))
    ]


def replanned(exported: Exported, cloud: InMemoryCloud) -> tuple[ExitCode, list[str]]:
    """How a plan on the exported files ends, and the errors that it tells."""
    planned = plan(Request((".",)), cloud, Folder(exported.files), FakeClock())
    return planned.exit_code(detailed=True), [
        str(diagnostic) for diagnostic in planned.diagnostics if diagnostic.is_error
    ]


def of_rest(*words: str) -> Sequence[ApiSelector]:
    """These REST APIs."""
    return [ApiSelector(Kind.REST_API, word) for word in words]


@settings(max_examples=50)
@given(rest_methods(), LAYOUTS)
def test_plan_on_an_exported_rest_api_is_empty(methods: Mapping[MethodKey, Method], layout: Layout) -> None:
    """Whatever AWS holds, planning what was exported finds no change and no error."""
    cloud = InMemoryCloud()
    make_api(cloud.plane(), "pets", methods)
    exported = export(ExportRequest(of_rest("pets"), layout), cloud)

    assert (ExitCode.OK, []) == replanned(exported, cloud)


@settings(max_examples=50)
@given(integrations(), LAYOUTS)
def test_plan_on_an_exported_websocket_api_is_empty(content: list[Integration], layout: Layout) -> None:
    """Whatever AWS holds, planning what was exported finds no change and no error."""
    cloud = InMemoryCloud()
    make_websocket_api(cloud.plane(), "chat", content)
    exported = export(ExportRequest([ApiSelector(Kind.WEBSOCKET_API, "chat")], layout), cloud)

    assert (ExitCode.OK, []) == replanned(exported, cloud)


def cloud_with(*names: str, **web: Mapping[str, WebSocketResponse]) -> tuple[InMemoryCloud, list[str]]:
    """An AWS with REST APIs of these names, each with one response, and WebSocket APIs; the ids of the former."""
    cloud = InMemoryCloud()
    for name, content in web.items():
        make_websocket_api(cloud.plane(), name, [Integration(("send",), content)])
    return cloud, [make_api(cloud.plane(), name, {GET: Method(ONE)}) for name in names]


def manifests(exported: Exported) -> list[str]:
    """The names of the manifests' files."""
    return [file.name for file in exported.files if isinstance(file, ManifestFile)]


def address(exported: Exported) -> str:
    """How the first manifest addresses its API."""
    return next(line.strip() for line in exported.files[0].text.splitlines() if line.startswith("  api: "))


def test_api_by_id() -> None:
    """An id is found as such."""
    cloud, ids = cloud_with("pets", "shop")

    assert ["shop.yaml"] == manifests(export(ExportRequest(of_rest(ids[1])), cloud))


def test_api_that_is_named_twice_is_exported_once() -> None:
    """By its id and by its name it is the same."""
    cloud, ids = cloud_with("pets")

    assert ["pets.yaml"] == manifests(export(ExportRequest(of_rest(ids[0], "pets")), cloud))


def test_unique_name_is_the_address() -> None:
    """People know an API by its name, and it stays when the API is made anew."""
    cloud, _ = cloud_with("pets", "shop")

    assert "api: {name: pets}" == address(export(ExportRequest(of_rest("pets")), cloud))


def test_shared_name_is_no_address() -> None:
    """Where two APIs have one name, the manifest has the id."""
    cloud, ids = cloud_with("pets", "pets")

    assert f"api: {{id: {ids[0]}}}" == address(export(ExportRequest(of_rest(ids[0])), cloud))


def test_shared_name_does_not_choose() -> None:
    """It says which ids there are."""
    cloud, ids = cloud_with("pets", "pets")
    with pytest.raises(ApiNotFound, match=", ".join(sorted(ids))):
        export(ExportRequest(of_rest("pets")), cloud)


def test_api_whose_name_is_another_ones_id() -> None:
    """The id wins."""
    cloud, ids = cloud_with("pets")
    make_api(cloud.plane(), ids[0], {GET: Method(ONE)})

    assert ["pets.yaml"] == manifests(export(ExportRequest(of_rest(ids[0])), cloud))


def test_unknown_api_suggests_the_nearest() -> None:
    """A slip of the pen is the most likely reason."""
    cloud, _ = cloud_with("petstore")
    with pytest.raises(ApiNotFound) as caught:
        export(ExportRequest(of_rest("petstor")), cloud)

    assert "did you mean `petstore`?" == caught.value.remedy


def test_http_api_is_explained() -> None:
    """It is in the listing of WebSocket APIs, and has no integration responses."""
    cloud, _ = cloud_with()
    cloud.plane().call("CreateApi", Name="web", ProtocolType="HTTP")
    with pytest.raises(WrongProtocol):
        export(ExportRequest([ApiSelector(Kind.WEBSOCKET_API, "web")]), cloud)


def test_all_passes_over_what_has_no_responses() -> None:
    """HTTP APIs cannot have any, others may have none; both are told."""
    cloud, _ = cloud_with("pets", chat={"$default": WebSocketResponse()}, quiet={})
    cloud.plane().call("CreateApi", Name="web", ProtocolType="HTTP")
    exported = export(ExportRequest(None), cloud)

    assert (["chat.yaml", "pets.yaml"], ["quiet", "web"]) == (
        manifests(exported),
        sorted(api.name for api, _ in exported.passed_over),
    )


def test_named_api_without_responses_is_written() -> None:
    """Somebody asked for it, and begins there."""
    cloud, _ = cloud_with(quiet={})

    assert ["quiet.yaml"] == manifests(export(ExportRequest([ApiSelector(Kind.WEBSOCKET_API, "quiet")]), cloud))


def test_all_of_nothing_is_an_error() -> None:
    """A wrong region is more likely than the wish for no file."""
    with pytest.raises(ApiNotFound, match="no API has integration responses"):
        export(ExportRequest(None), InMemoryCloud())


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("My Pets (v2)",), ["My-Pets-v2.yaml"]),
        (("../../etc/passwd",), ["etc-passwd.yaml"]),
        (("a/b", "a b", "c"), ["a-b-ID0.yaml", "a-b-ID1.yaml", "c.yaml"]),
        (("Pets", "pets"), ["Pets-ID0.yaml", "pets-ID1.yaml"]),
        (("response-sets",), ["response-sets-ID0.yaml"]),
        (("日本",), ["ID0.yaml"]),
        (("x" * 300,), ["x" * 100 + ".yaml"]),
    ],
    ids=repr,
)
def test_file_names(names: Sequence[str], expected: Sequence[str]) -> None:
    """They are made of the APIs' names, safe anywhere, and made unique by ids."""
    cloud, ids = cloud_with(*names)
    exported = export(ExportRequest(None), cloud)
    by_id = {f"ID{number}": api_id for number, api_id in enumerate(ids)}

    assert sorted(manifests(exported)) == sorted(
        next((name.replace(key, api_id) for key, api_id in by_id.items() if key in name), name) for name in expected
    )


def test_name_does_not_hang_on_what_else_is_exported() -> None:
    """So that exporting one API again replaces its own file."""
    cloud, ids = cloud_with("pets", "Pets")
    alone = export(ExportRequest(of_rest(ids[0])), cloud)

    assert set(manifests(alone)) < set(manifests(export(ExportRequest(None), cloud)))


def test_second_export_is_the_same() -> None:
    """Byte for byte: nothing says when it was made."""
    cloud, _ = cloud_with("pets", "shop", chat={"$default": WebSocketResponse()})

    assert export(ExportRequest(None), cloud).files == export(ExportRequest(None), cloud).files


def test_reads_of_one_api() -> None:
    """A listing, for the name, and the API."""
    cloud, _ = cloud_with("pets", "shop")
    cloud.plane().calls.clear()
    export(ExportRequest(of_rest("pets")), cloud)

    assert ["GetRestApis", "GetResources"] == cloud.plane().calls.names()


def test_one_failure_leaves_nothing() -> None:
    """All or nothing: an export lacks no API that was asked for."""
    cloud, ids = cloud_with("pets", "shop")
    with pytest.raises(ReconcilerError):
        export(ExportRequest(of_rest(ids[0], "nope")), cloud)
