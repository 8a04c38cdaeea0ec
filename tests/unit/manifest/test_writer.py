"""APIs, written down as manifests."""

import dataclasses
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import ReconcilerError
from reconciler.manifest.writer import Layout, ManifestFile, SetsFile, Subject, WrittenManifests, write
from reconciler.models.keys import MethodKey
from reconciler.models.live import LiveApi, LiveIntegration, LiveMethod
from reconciler.models.responses import Response, RestResponse, WebSocketResponse
from reconciler.models.targets import ApiRef
from reconciler.yamlio import parse
from support.exports import held, read_back, rest_api, rest_apis, websocket_api, websocket_apis, written

LAYOUTS = st.builds(Layout, template_files=st.booleans(), extract_sets=st.booleans())
PLAIN = Layout()
FILES = Layout(template_files=True)
SETS = Layout(extract_sets=True)
GET = MethodKey("/pets", "GET")
LONG = "line\n" * 20


def one_method(*responses: RestResponse, kind: str = "HTTP") -> LiveApi:
    """An API with one method; its responses have the statuses 200, 201 ..."""
    return rest_api({GET: LiveMethod("x1", kind, responses=numbered(*responses))})


def numbered(*responses: RestResponse) -> Mapping[str, RestResponse]:
    """Responses by status, from 200 on."""
    return {str(200 + number): one for number, one in enumerate(responses)}


def template(text: str) -> RestResponse:
    """A response with this template."""
    return RestResponse(response_templates={"application/json": text})


def on_methods(*contents: Mapping[str, RestResponse], kind: str = "HTTP") -> LiveApi:
    """An API with a method for each of these."""
    return rest_api(
        {
            MethodKey(f"/r{number}", "GET"): LiveMethod("x1", kind, responses=content)
            for number, content in enumerate(contents)
        }
    )


def spec(export: WrittenManifests) -> str:
    """What stands below `spec:` in the first manifest, without its indentation."""
    _, _, text = export.files[0].text.partition("spec:\n")
    return "".join(line.removeprefix("  ") for line in text.splitlines(keepends=True))


def comments(export: WrittenManifests) -> list[str]:
    """The comment lines of the first manifest."""
    return [line.strip() for line in export.files[0].text.splitlines() if line.strip().startswith("#")]


def names(export: WrittenManifests) -> list[str]:
    """The files."""
    return [file.name for file in export.files]


@given(rest_apis(), LAYOUTS)
def test_rest_api_is_read_back(live: LiveApi, layout: Layout) -> None:
    """The files declare exactly the texts of a REST API, in every layout."""
    export = written(live, layout)

    assert held(live, export) == read_back(live, export)


@given(websocket_apis(), LAYOUTS)
def test_websocket_api_is_read_back(live: LiveApi, layout: Layout) -> None:
    """The files declare exactly the texts of a WebSocket API, in every layout."""
    export = written(live, layout)

    assert held(live, export) == read_back(live, export)


@given(rest_apis(), LAYOUTS)
def test_order_of_the_input_does_not_show(live: LiveApi, layout: Layout) -> None:
    """The same state gives the same bytes, whatever order it was read in."""
    turned = dataclasses.replace(live, methods=dict(reversed(list(live.methods.items()))))
    same = [(file.name, file.text) for file in written(live, layout).files]

    assert same == [(file.name, file.text) for file in written(turned, layout).files]


def test_manifest_as_a_reviewer_reads_it() -> None:
    """Only fields that are set are written, in AWS's order, templates as blocks."""
    response = RestResponse(
        r".*\[NotFound\].*", None, {"method.response.header.X": "'*'"}, {"application/json": '{\n  "a": 1\n}'}
    )
    expected = r"""api: {id: a1b2c3d4e5}
resources:
  /pets:
    GET:
      responses:
        200: {}
        201:
          selectionPattern: '.*\[NotFound\].*'
          responseParameters:
            method.response.header.X: "'*'"
          responseTemplates:
            application/json: |-
              {
                "a": 1
              }
"""

    assert expected == spec(written(one_method(RestResponse(), response), PLAIN))


def test_head_names_schema_and_api() -> None:
    """The first line is for editors, then a comment names the API; there is no date."""
    expected = [
        "# yaml-language-server: $schema=../schemas/manifest.schema.json",
        "#",
        "# The draft of REST API pets (a1b2c3d4e5) in account 123456789012, eu-west-1, as exported.",
    ]

    assert expected == comments(written(one_method(), PLAIN))


def test_method_without_responses_is_not_listed() -> None:
    """Listing it would claim it."""
    assert "api: {id: a1b2c3d4e5}\nresources: {}\n" == spec(written(one_method(), PLAIN))


def test_leftovers_of_a_proxy_are_listed_with_a_comment() -> None:
    """They exist, and the comment says that they have no effect."""
    assert "# AWS_PROXY: ignored at run time." in comments(written(one_method(RestResponse(), kind="AWS_PROXY"), PLAIN))


def test_integration_is_listed_under_its_first_route() -> None:
    """An integration of several routes is listed once, and the comment names the others."""
    live = websocket_api([LiveIntegration("i1", "AWS", routes=("a", "b"), responses={"$default": WebSocketResponse()})])
    expected = "routes:\n  # Also the target of b.\n  a:\n    responses:\n      $default: {}\n"

    assert f"api: {{id: w1b2c3d4e5}}\n{expected}" == spec(written(live, PLAIN))


def test_integration_without_a_route_is_listed_by_id() -> None:
    """Without a route, the integration is listed by its id."""
    live = websocket_api([LiveIntegration("i1", "AWS", responses={"$default": WebSocketResponse()})])
    expected = "routes: {}\nintegrations:\n  - id: i1\n    responses:\n      $default: {}\n"

    assert f"api: {{id: w1b2c3d4e5}}\n{expected}" == spec(written(live, PLAIN))


@pytest.mark.parametrize(
    "response",
    [
        RestResponse(selection_pattern="absent"),
        RestResponse(response_parameters={"method.response.header.X": "absent"}),
        RestResponse(response_parameters={"method.response.header.${{ x }}": "'1'"}),
        RestResponse(selection_pattern="\ud800"),
        WebSocketResponse(template_selection_expression="absent"),
        WebSocketResponse(response_templates={"${{ x }}": "a"}),
        WebSocketResponse(response_templates={"a": "\udfff"}),
    ],
    ids=repr,
)
def test_inexpressible_method_is_omitted(response: Response) -> None:
    """The method is not listed, so that its responses stay as they are; all others are."""
    fine, lost = (
        (RestResponse("404"), "200") if isinstance(response, RestResponse) else (WebSocketResponse(), "$default")
    )
    if isinstance(response, RestResponse) and isinstance(fine, RestResponse):
        live = on_methods({lost: response}, {lost: fine})
    else:
        live = websocket_api(
            [LiveIntegration(name, "AWS", responses={lost: one}) for name, one in (("i1", response), ("i2", fine))]  # type: ignore[dict-item]
        )
    export = written(live, PLAIN)

    assert (1, 1, held(live, export)) == (len(export.omitted), len(held(live, export)), read_back(live, export))


def test_manifest_names_what_it_omits() -> None:
    """A comment says what is left out, and why."""
    export = written(one_method(RestResponse("absent")), PLAIN)
    reason = 'selectionPattern of 200 is the text `absent`, which means "not set" in a manifest'

    assert f"# Left out: GET /pets: {reason}." == comments(export)[-1]


@pytest.mark.parametrize("key", ["200", "//", "/a\nb/", "/${{ x }}/"])
def test_integration_with_an_invalid_key_is_omitted(key: str) -> None:
    """AWS documents two forms of response keys, and a manifest accepts no other."""
    live = websocket_api([LiveIntegration("i1", "AWS", responses={key: WebSocketResponse()})])

    assert 1 == len(written(live, PLAIN).omitted)


def test_template_that_is_the_word_absent_goes_into_a_file() -> None:
    """In the manifest it would mean that there is no template."""
    live = one_method(template("absent"))
    export = written(live, PLAIN)

    assert (["exported.yaml", "templates/exported/pets-GET-200.vtl"], held(live, export)) == (
        names(export),
        read_back(live, export),
    )


def test_long_template_goes_into_a_file() -> None:
    """The file has one more newline, which is not part of the template."""
    export = written(one_method(template(LONG)), FILES)

    assert [LONG + "\n"] == [file.text for file in export.files[1:]]


@pytest.mark.parametrize(("text", "files"), [("line\n" * 15, 1), ("line\n" * 14, 0), ("x" * 1025, 1), ("é" * 512, 0)])
def test_long_is_more_than_15_lines_or_a_kilobyte(text: str, files: int) -> None:
    """Shorter templates stay with their response."""
    assert files == len(written(one_method(template(text)), FILES).files) - 1


def test_long_template_stays_in_the_manifest_unless_asked() -> None:
    """Files are written on request only."""
    assert ["exported.yaml"] == names(written(one_method(template(LONG)), PLAIN))


def test_template_files_are_named_after_their_responses() -> None:
    """By path, verb and status; by the content type, too, where that is not the usual one; each name once."""
    both = RestResponse(response_templates={"application/json": LONG, "text/plain": LONG})
    scopes = [MethodKey("/", "GET"), MethodKey("/a/{b}", "GET"), MethodKey("/a_{b}", "GET"), MethodKey("/a-b", "GET")]
    live = rest_api({scope: LiveMethod("x1", "HTTP", responses={"200": both}) for scope in scopes[:2]})
    more = rest_api({scope: LiveMethod("x1", "HTTP", responses={"200": template(LONG)}) for scope in scopes[1:]})
    folder = "templates/exported/"

    assert [
        ["GET-200.vtl", "GET-200-text-plain.vtl", "a-b-GET-200.vtl", "a-b-GET-200-text-plain.vtl"],
        ["a-b-GET-200.vtl", "a-b-GET-200-2.vtl", "a_-b-GET-200.vtl"],
    ] == [[name.removeprefix(folder) for name in names(written(one, FILES))[1:]] for one in (live, more)]


def test_response_of_three_methods_becomes_a_set() -> None:
    """The methods use the set, and list only their own responses."""
    error, own = RestResponse("5.."), RestResponse(response_templates={"a/b": "x"})
    export = written(on_methods({"500": error, "200": own}, {"500": error}, {"500": error}), SETS)
    expected = """resources:
  /r0:
    GET:
      use: [server-error]
      responses:
        200:
          responseTemplates:
            a/b: x
  /r1:
    GET:
      use: [server-error]
  /r2:
    GET:
      use: [server-error]
"""

    assert (f"api: {{id: a1b2c3d4e5}}\n{expected}", "response-sets.yaml") == (spec(export), export.files[1].name)


def test_responses_of_the_same_methods_share_a_set() -> None:
    """Responses that the same methods share are in one set."""
    content = {"404": RestResponse("404"), "500": RestResponse("5..")}
    export = written(on_methods(content, content, content), SETS)

    assert [True] == ["name: standard-errors" in file.text for file in export.files if isinstance(file, SetsFile)]


def test_response_of_two_methods_is_no_set() -> None:
    """Two methods are not enough for a set."""
    content = {"404": RestResponse("404")}

    assert ["exported.yaml"] == names(written(on_methods(content, content, {}), SETS))


def test_response_without_a_field_is_no_set() -> None:
    """`200: {}` is shorter than the name of any set."""
    content = {"200": RestResponse()}

    assert ["exported.yaml"] == names(written(on_methods(content, content, content), SETS))


def test_proxy_integrations_use_no_set() -> None:
    """Sets do not apply to proxy integrations."""
    content = {"404": RestResponse("404")}

    assert ["exported.yaml"] == names(written(on_methods(content, content, content, kind="HTTP_PROXY"), SETS))


def test_two_sets_have_two_names() -> None:
    """If methods differ in one status, the type of the content distinguishes the sets."""
    one, other = {"500": RestResponse("5..")}, {"500": RestResponse("50.")}
    export = written(on_methods(one, one, one, other, other, other), SETS)

    assert (True, True) == ("use: [server-error]" in spec(export), "use: [server-error-plain]" in spec(export))


def test_sets_are_shared_between_apis() -> None:
    """Three methods are enough, even of different APIs."""
    live = on_methods({"404": RestResponse("404")})
    targets = [dataclasses.replace(live.target, api_id=name) for name in ("a", "b", "c")]
    subjects = [
        Subject(target.api_id, ApiRef(id=target.api_id), dataclasses.replace(live, target=target)) for target in targets
    ]

    assert ["a.yaml", "b.yaml", "c.yaml", "response-sets.yaml"] == names(write(subjects, SETS))


def test_manifest_that_could_not_be_read_is_not_written() -> None:
    """A manifest beyond the reader's size limit is refused, with a remedy."""
    with pytest.raises(ReconcilerError, match="--template-files"):
        written(one_method(template("x" * (parse.MAX_BYTES + 1))), PLAIN)


def test_template_of_300_kilobytes() -> None:
    """The largest template that AWS accepts is written and read back."""
    live = one_method(template("0123456789abcde\n" * 20 * 960))
    export = written(live, PLAIN)

    assert held(live, export) == read_back(live, export)


def test_counts_of_what_is_listed() -> None:
    """A manifest knows how many methods and responses it lists."""
    export = written(on_methods({"200": RestResponse(), "404": RestResponse("404")}, {}), PLAIN)

    assert [(1, 2)] == [(file.methods, file.responses) for file in export.files if isinstance(file, ManifestFile)]
