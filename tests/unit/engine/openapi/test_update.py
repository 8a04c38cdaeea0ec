"""Manifests written into OpenAPI documents."""

import json
from collections.abc import Callable
from textwrap import dedent, indent

import pytest

from reconciler.engine.call_inputs import InputFile
from reconciler.engine.load.request import Request
from reconciler.engine.openapi.update import DefinitionUpdate, update_definitions
from reconciler.errors import UsageError
from reconciler.manifest import Disk

Write = Callable[[str, str], str]

DOCUMENT = """\
# the document
openapi: 3.0.1
info: {title: pets}
paths:
  /pets:
    get:
      x-amazon-apigateway-integration:
        type: http
        responses:
          default: {statusCode: 200}  # fine
          '5..': {statusCode: '500', responseParameters: {a: b}}
    post:
      x-amazon-apigateway-integration: {type: aws_proxy}
    put: {}
    x-amazon-apigateway-any-method:
      x-amazon-apigateway-integration: {type: mock}
"""


def manifest(resources: str, name: str = "pets", spec: str = "") -> str:
    """A manifest with these resources; further keys of its spec."""
    return (
        f"apiVersion: reconciler/v1\nkind: RestApi\nmetadata: {{name: {name}}}\nspec:\n  api: {{name: {name}}}\n"
        f"{indent(dedent(spec), '  ')}  resources:\n{indent(dedent(resources), '    ')}"
    )


def updated(document: str = DOCUMENT, request: Request | None = None, **values: str) -> DefinitionUpdate:
    """A document with the responses of the manifests in the current folder."""
    file = InputFile("api.yaml", document.encode())
    return update_definitions(request or Request(["."]), Disk(), file, values)


def problems(update: DefinitionUpdate) -> list[str]:
    """Its problems, as texts."""
    return [str(problem) for problem in update.diagnostics]


def test_only_what_differs_changes(write: Write) -> None:
    """Comments stay, also those in `responses`; responses that no manifest lists go."""
    write("pets.yaml", manifest("/pets: {GET: {responses: {200: {}, 404: {selectionPattern: 4..}}}}\n"))
    update = updated()

    old, new = (
        "          '5..': {statusCode: '500', responseParameters: {a: b}}\n",
        "          '4..':\n            statusCode: '404'\n",
    )
    assert (DOCUMENT.replace(old, new), ("404",), (), ("500",), ("200",)) == (
        update.after.decode(),
        update.changes[0].created,
        update.changes[0].updated,
        update.changes[0].deleted,
        update.changes[0].unchanged,
    )


def test_fields_change_one_by_one(write: Write) -> None:
    """A field of a map, a new map, one that goes."""
    write(
        "pets.yaml",
        manifest(
            """
            /pets:
              GET:
                responses:
                  200: {responseTemplates: {t/j: x}, contentHandling: CONVERT_TO_TEXT}
                  502: {selectionPattern: 5..}
            """
        ),
    )

    text = updated().after.decode()
    assert (True, True) == (
        "default: {statusCode: 200, contentHandling: CONVERT_TO_TEXT, responseTemplates: {t/j: x}}  # fine" in text,
        "'5..': {statusCode: '502'}" in text,
    )


def test_entries_of_maps_change_one_by_one(write: Write) -> None:
    """What stays keeps its place and its comment."""
    document = DOCUMENT.replace(
        "          '5..': {statusCode: '500', responseParameters: {a: b}}\n",
        "          '5..':\n            statusCode: '500'\n            contentHandling: CONVERT_TO_TEXT\n"
        "            responseTemplates:\n              t/a: x  # stays\n              t/b: x\n              t/c: x\n",
    )
    templates = "responseTemplates: {t/a: x, t/c: z, t/d: x}"
    write(
        "pets.yaml",
        manifest(f"/pets: {{GET: {{responses: {{200: {{}}, 500: {{selectionPattern: 5.., {templates}}}}}}}}}\n"),
    )

    wanted = document.replace(
        "              t/b: x\n              t/c: x\n", "              t/c: z\n              t/d: x\n"
    )
    assert wanted.replace("            contentHandling: CONVERT_TO_TEXT\n", "") == updated(document).after.decode(), (
        problems(updated(document))
    )


def test_a_second_run_changes_nothing(write: Write) -> None:
    """`--check` then says so."""
    write("pets.yaml", manifest("/pets: {GET: {responses: {200: {responseTemplates: {t/j: ''}}}}}\n"))
    first = updated()
    second = updated(first.after.decode())

    assert (2, 0, True, False) == (
        first.exit_code(check=True),
        second.exit_code(check=True),
        first.is_change,
        second.is_change,
    )


def test_json_gets_them_too(write: Write) -> None:
    """In the order of its keys."""
    write("pets.yaml", manifest("/pets: {GET: {responses: {200: {}, 404: {selectionPattern: '4\\d\\d'}}}}\n"))
    operation = {"x-amazon-apigateway-integration": {"responses": {"default": {"statusCode": 200}}, "type": "mock"}}
    document = {"openapi": "3.0.1", "info": {"title": "pets"}, "paths": {"/pets": {"get": operation}}}
    text = updated(json.dumps(document, indent=2)).after.decode()

    added = '          "4\\\\d\\\\d": {\n              "statusCode": "404"\n'
    assert (True, True) == (
        added.replace(" ", "") in text.replace(" ", ""),
        list(json.loads(text)["paths"]["/pets"]["get"]["x-amazon-apigateway-integration"]) == ["responses", "type"],
    )


def test_fields_that_are_not_owned_stay(write: Write) -> None:
    """As in a plan, where the live values are carried over; and nothing is removed then."""
    write(
        "pets.yaml",
        manifest(
            "/pets: {GET: {responses: {500: {responseTemplates: {t/j: x}}}}}\n", spec="own: [responseTemplates]\n"
        ),
    )

    assert "{statusCode: '500', responseParameters: {a: b}, responseTemplates: {t/j: x}}" in updated().after.decode()


def test_prune_false_removes_nothing_but_absent_ones(write: Write) -> None:
    """The others of the document stay."""
    write("pets.yaml", manifest("/pets: {GET: {responses: {500: absent}}}\n", spec="prune: false\n"))
    (change,) = updated().changes

    assert ((), ("500",), ("200",)) == (change.created, change.deleted, change.unchanged)


def test_a_method_without_responses_loses_them(write: Write) -> None:
    """An empty map says so."""
    write("pets.yaml", manifest("/pets: {GET: {responses: {}}}\n"))

    assert ("200", "500") == updated().changes[0].deleted


def test_a_missing_map_is_added(write: Write) -> None:
    """Where the integration has no responses yet."""
    write("pets.yaml", manifest("/pets: {ANY: {responses: {204: {}}}}\n"))

    assert "{responses: {default: {statusCode: '204'}}, type: mock}" in updated().after.decode()


def test_proxies_are_left_alone(write: Write) -> None:
    """Their responses have no effect: a warning."""
    write("pets.yaml", manifest("/pets: {POST: {responses: {200: {}}}}\n"))
    update = updated()

    assert (False, False, True) == (
        update.is_change,
        update.is_failed,
        "AWS_PROXY integrations ignore integration responses: nothing is written" in problems(update)[0],
    )


@pytest.mark.parametrize(
    ("resources", "problem"),
    [
        ("/dogs: {GET: {responses: {200: {}}}}\n", "pets.yaml:7:13: error: pets: GET /dogs is not in api.yaml"),
        ("/pets: {HEAD: {responses: {200: {}}}}\n", "`x-amazon-apigateway-any-method` there is another method, ANY"),
        (
            "/pets: {PUT: {responses: {200: {}}}}\n",
            "api.yaml:14:5: error: PUT /pets has no `x-amazon-apigateway-integration`",
        ),
    ],
)
def test_what_cannot_be_written(write: Write, resources: str, problem: str) -> None:
    """An error with its place; nothing is written, not even what could be."""
    write("pets.yaml", manifest(resources + "/pets/x: {GET: {responses: {200: {}}}}\n"))
    update = updated()

    assert (True, True, 1) == (
        any(problem in text for text in problems(update)),
        not update.is_change,
        update.exit_code(check=False),
    ), problems(update)


@pytest.mark.parametrize(
    ("response", "problem"),
    [
        ("201: {}", "200 of the document and 201 both have no selection pattern, which is one key in OpenAPI"),
        ("501: {selectionPattern: 5..}", "and 501 both have the selection pattern `5..`, which is one key in OpenAPI"),
        ("404: {selectionPattern: default}", "the selection pattern `default` is the key of the default response"),
    ],
)
def test_what_one_object_cannot_hold(write: Write, response: str, problem: str) -> None:
    """Two responses with one key, of the manifest and of what it leaves in the document."""
    write("reconciler.yaml", "apiVersion: reconciler/v1\nkind: Config\nlint: {default-pattern: 'off'}\n")
    write("pets.yaml", manifest(f"/pets: {{GET: {{responses: {{{response}}}}}}}\n", spec="prune: false\n"))

    assert problem in "".join(problems(updated()))


@pytest.mark.parametrize("responses", ["200: {}, 201: {}", "404: {selectionPattern: a}, 405: {selectionPattern: a}"])
def test_two_responses_of_a_manifest_with_one_pattern(write: Write, responses: str) -> None:
    """The manifest is invalid already; both places are named."""
    write("pets.yaml", manifest(f"/pets: {{GET: {{responses: {{{responses}}}}}}}\n"))
    (text,) = problems(updated())

    assert (2, True) == (text.count("pets.yaml:7:"), "[duplicate-pattern]" in text)


SHARED = """\
openapi: 3.0.1
info: {title: pets}
paths:
  /a: {get: {x-amazon-apigateway-integration: {$ref: '#/components/one'}}}
  /b: {get: {x-amazon-apigateway-integration: {$ref: '#/components/one'}}}
components:
  one: {type: mock, responses: {default: {statusCode: '200'}, b: {$ref: '#/components/two'}}}
  two: {statusCode: '404'}
"""


@pytest.mark.parametrize(
    ("second", "problem"),
    [
        ("{GET: {responses: {204: {}}}}", ""),
        ("{GET: {responses: {205: {}}}}", "pets: GET /b and pets: GET /a share one integration, and differ"),
        ("{}", "pets: GET /a shares its integration with GET /b, which is not listed"),
    ],
)
def test_an_integration_that_methods_share(write: Write, second: str, problem: str) -> None:
    """It changes if all of them are to change alike."""
    write("pets.yaml", manifest(f"/a: {{GET: {{responses: {{204: {{}}}}}}}}\n/b: {second}\n"))
    update = updated(SHARED)

    assert (not problem, problem) == (update.is_change, problem if problem in "".join(problems(update)) else "-")


def test_a_response_that_is_a_reference_is_written_out(write: Write) -> None:
    """Others may share what it refers to; if it is the same, it stays a reference."""
    both = "responses: {200: {}, 404: {selectionPattern: b%s}}"
    write("pets.yaml", manifest("".join(f"/{name}: {{GET: {{{both % ''}}}}}\n" for name in "ab")))
    same = updated(SHARED)
    write(
        "pets.yaml",
        manifest("".join(f"/{name}: {{GET: {{{both % ', contentHandling: CONVERT_TO_TEXT'}}}}}\n" for name in "ab")),
    )
    other = updated(SHARED).after.decode()

    assert (False, True, True) == (
        same.is_change,
        "b: {statusCode: '404', contentHandling: CONVERT_TO_TEXT}" in other,
        "two: {statusCode: '404'}" in other,
    )


def test_what_an_anchor_shares_is_not_changed(write: Write) -> None:
    """The error says where, and nothing is written."""
    document = DOCUMENT.replace("default: {", "default: &ok {").replace("put: {}", "put: {x: *ok}")
    write("pets.yaml", manifest("/pets: {GET: {responses: {200: {contentHandling: CONVERT_TO_TEXT}}}}\n"))
    update = updated(document)

    assert (False, True) == (
        update.is_change,
        "api.yaml:10:11: error: this cannot be changed here" in problems(update)[0],
    ), problems(update)


def test_functions_are_compared_by_their_values(write: Write) -> None:
    """A text that is the same stays a function; without its values it is an error."""
    document = DOCUMENT.replace("{a: b}", "{method.response.header.A: !Sub \"'${X}'\"}")
    parameters = "responseParameters: {method.response.header.A: \"'v'\"}"
    write(
        "pets.yaml",
        manifest(f"/pets: {{GET: {{responses: {{200: {{}}, 500: {{selectionPattern: 5.., {parameters}}}}}}}}}\n"),
    )

    assert (False, True) == (
        updated(document, X="v").is_change,
        "--parameter X=VALUE" in problems(updated(document))[0],
    )


def test_the_api_is_found_by_its_name(write: Write) -> None:
    """Of several."""
    write("pets.yaml", manifest("/pets: {GET: {responses: {200: {}}}}\n"))
    write("shop.yaml", manifest("/shop: {GET: {responses: {200: {}}}}\n", "shop"))

    assert ["pets: GET /pets"] == [change.address for change in updated().changes]


def test_no_manifest_is_for_the_api(write: Write) -> None:
    """Where there are several, none is taken by chance."""
    write("a.yaml", manifest("/pets: {GET: {responses: {200: {}}}}\n", "a"))
    write("b.yaml", manifest("/pets: {GET: {responses: {200: {}}}}\n", "b"))

    assert "no manifest is for the API 'pets'" in problems(updated())[0]


def test_another_name_is_a_warning(write: Write) -> None:
    """If there is only one API, it is meant; but an import renames it."""
    write("a.yaml", manifest("/pets: {GET: {responses: {200: {}}}}\n", "a"))
    update = updated()

    assert (True, "an import renames the API to `info.title`" in problems(update)[0]) == (update.is_change, True)


def test_a_title_that_only_a_deployment_knows(write: Write) -> None:
    """Then it is not known which API is meant."""
    write("a.yaml", manifest("/pets: {GET: {responses: {200: {}}}}\n"))

    assert "--parameter T=VALUE" in problems(updated(DOCUMENT.replace("pets}", "!Ref T}")))[0]


def test_one_environment_is_written(write: Write) -> None:
    """A document holds one set of responses."""
    write(
        "reconciler.yaml",
        "apiVersion: reconciler/v1\nkind: Config\nmanifests: [pets.yaml]\nenvironments: {a: {}, b: {}}\n",
    )
    write("pets.yaml", manifest("/pets: {GET: {responses: {200: {}}}}\n"))
    with pytest.raises(UsageError, match="one environment"):
        updated(request=Request(["."], environments=("all",)))

    assert updated(request=Request(["pets.yaml"], environments=("a",))).is_change


@pytest.mark.parametrize("name", ["none", "broken"])
def test_manifests_that_cannot_be_used(write: Write, name: str) -> None:
    """Nothing is written, and the problem is theirs."""
    write("a/broken.yaml", "kind: RestApi\n")
    update = updated(request=Request([f"a/{name}.yaml"]))

    assert (True, False) == (update.is_failed, update.is_change)


def test_a_broken_document(write: Write) -> None:
    """Its problems are reported."""
    write("pets.yaml", manifest("/pets: {GET: {responses: {200: {}}}}\n"))

    assert updated("a: [").is_failed
