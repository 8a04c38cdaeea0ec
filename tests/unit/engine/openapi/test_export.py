"""OpenAPI definitions as manifests."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.engine.call_inputs import InputFile
from reconciler.engine.openapi.export import OpenApiExport, export_definitions
from reconciler.manifest.writer import Layout, ManifestFile, WrittenManifests
from reconciler.models.keys import MethodKey
from reconciler.models.responses import RestResponse
from support.definitions import defined
from support.exports import in_order, read_back, texts

ONE = "{type: http, responses: {default: {statusCode: 200}}}"


def exported(*contents: str, layout: Layout | None = None, **values: str) -> OpenApiExport:
    """The manifests of files with these contents."""
    files = [InputFile(f"{number}.yaml", content.encode()) for number, content in enumerate(contents)]
    return export_definitions(files, values, layout or Layout())


def names(result: OpenApiExport) -> list[str]:
    """The names of its files."""
    return [file.name for file in result.exported.files]


def test_the_title_names_the_api() -> None:
    """`basePath` and servers have no say; the first comment says where the manifest comes from."""
    text = defined(f"/pets: {{get: {{x-amazon-apigateway-integration: {ONE}}}}}", "basePath: /v1\nhost: x.example\n")

    (file,) = exported(text).exported.files
    assert (True, True, "pets.yaml") == (
        "api: {name: pets}" in file.text,
        "# The definition of pets in 0.yaml." in file.text,
        file.name,
    )


def test_two_definitions_of_one_name() -> None:
    """Each has a file of its own."""
    text = defined(f"/pets: {{get: {{x-amazon-apigateway-integration: {ONE}}}}}")

    assert ["pets.yaml", "pets-2.yaml"] == names(exported(text, text))


def test_a_definition_without_a_title() -> None:
    """Nothing is made up: no manifest could find its API."""
    text = f"openapi: 3.0.1\ninfo: {{}}\npaths: {{/a: {{get: {{x-amazon-apigateway-integration: {ONE}}}}}}}"

    result = exported(text)
    assert ([], 1, "openapi") == (names(result), result.exit_code, result.diagnostics[0].rule)


def test_a_title_that_only_a_deployment_knows() -> None:
    """It has to be given."""
    text = (
        f"openapi: 3.0.1\ninfo: {{title: !Ref T}}\npaths: {{/a: {{get: {{x-amazon-apigateway-integration: {ONE}}}}}}}"
    )

    assert (([], ["function"]), ["x.yaml"]) == (
        (names(exported(text)), [problem.rule for problem in exported(text).diagnostics]),
        names(exported(text, T="x")),
    )


def test_nothing_to_write_is_an_error() -> None:
    """Whoever passes a file expects a manifest."""
    result = exported(defined("/a: {get: {}}"))

    assert ([], 1) == (names(result), result.exit_code)


def test_a_broken_method_does_not_stop_the_others() -> None:
    """They are written, and the exit code says that something is missing."""
    text = defined(
        f"/a: {{get: {{x-amazon-apigateway-integration: {ONE}}}, "
        "put: {x-amazon-apigateway-integration: {type: http, responses: {a: {}}}}}"
    )

    result = exported(text)
    assert (["pets.yaml"], 1) == (names(result), result.exit_code)


def test_what_no_manifest_can_hold() -> None:
    """A status that is none, a value that means something else there: an error with its place."""
    integration = "{type: http, responses: {default: {statusCode: 2xx}}}"

    result = exported(defined(f"/a: {{get: {{x-amazon-apigateway-integration: {integration}}}}}"))
    (text,) = map(str, result.diagnostics)
    assert ([], True, True) == (
        names(result),
        text.startswith("0.yaml:4:"),
        "GET /a: no manifest can hold this: 2xx is not a valid response key here" in text,
    )


def contents() -> st.SearchStrategy[dict[str, RestResponse]]:
    """Responses of one method that have a key each: no two patterns are equal, none is the word for no pattern."""
    # YAML, and so our reader of JSON too, takes keys of up to 1,024 characters
    keys = texts().filter(lambda text: text not in {"default", "absent"} and len(json.dumps(text)) < 1000)
    patterns = st.lists(keys, unique=True, max_size=3)
    maps = st.dictionaries(st.sampled_from(("application/json", "# a: b", "200")), texts(), max_size=2)
    response = st.builds(
        RestResponse, content_handling=st.sampled_from((None, "CONVERT_TO_TEXT")), response_templates=maps.map(in_order)
    )
    return st.builds(
        lambda keys, values: {
            status: RestResponse(key, value.content_handling, {}, value.response_templates)
            for status, key, value in zip(("200", "404", "500"), keys, values, strict=False)
        },
        patterns,
        st.lists(response, min_size=3, max_size=3),
    )


def document(responses: dict[str, RestResponse]) -> str:
    """A definition with one method in JSON."""
    entries = {
        response.selection_pattern or "default": {
            "statusCode": status,
            **{name: value for name, value in response.document().items() if name != "selectionPattern"},
        }
        for status, response in responses.items()
    }
    operation = {"x-amazon-apigateway-integration": {"type": "mock", "responses": entries}}
    return json.dumps({"openapi": "3.0.1", "info": {"title": "pets"}, "paths": {"/pets": {"get": operation}}})


@settings(max_examples=40)
@given(contents(), st.booleans())
def test_a_manifest_holds_what_the_definition_holds(responses: dict[str, RestResponse], template_files: bool) -> None:
    """Whatever the texts are, reading the manifest gives the same responses."""
    result = exported(document(responses), layout=Layout(template_files=template_files))
    files = result.exported.files
    subjects = [file.subject for file in files if isinstance(file, ManifestFile)]

    assert [{MethodKey("/pets", "GET"): responses}] * bool(responses) == [
        read_back(subject.live, WrittenManifests(files, ())) for subject in subjects
    ]
