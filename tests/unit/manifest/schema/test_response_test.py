"""Documents with response tests: what is sound, and what is wrong with the others."""

import json

import pytest
from jsonschema import Draft202012Validator

from reconciler.manifest.schema.json_schema import manifest_schema
from reconciler.manifest.schema.validation import validate_tests
from reconciler.yamlio.parse import read

HEAD = "apiVersion: reconciler/v1\nkind: ResponseTest\nmetadata: {name: t}\n"
SPEC = "spec: {manifest: pets, tests: [%s]}\n"
EVERYTHING = """\
apiVersion: reconciler/v1
kind: ResponseTest
metadata: {name: a.b-C_1}
spec:
  manifest: pets
  api: {binaryMediaTypes: [image/*], methodResponses: ['200', 404], integrationType: HTTP, routeResponse: false}
  defaults:
    request: {headers: {Accept: application/json}}
    stageVariables: {tier: gold}
  tests:
    - name: a
      method: GET /pets/{petId}
      request: {path: {}, query: {page: "2"}, headers: {}, body: ""}
      context: {requestId: r-1, identity: {sourceIp: "::1"}}
      state: {requestOverride: {path: {x: "1"}}}
      backend: {lambda: {errorMessage: no}, failed: true}
      expect: {status: 404, selected: '404', headers: {A: b, C: absent, D: [e]}, body: {json: null}, error: false}
    - {name: b, route: $default, backend: {lambdaText: text}, expect: {delivered: true, unknown: [body, headers.X]}}
    - {name: c, integration: a1, backend: {status: '200', headers: {A: [b]}, body: {base64: AA==}}, expect: {}}
    - {name: d, method: ANY /, backend: {mock: 200}, expect: {body: {contains: []}}}
    - {name: e, method: ANY /, backend: {error: timeout}, expect: {body: {file: a.json}}}
"""


def problems(text: str) -> list[str]:
    """What is wrong with the one document of a text, file name aside."""
    (places,) = read(text.encode(), "m.yaml").documents
    return [str(problem).removeprefix("m.yaml:") for problem in validate_tests(places).diagnostics]


def test_everything_at_once() -> None:
    """A document may use every key there is."""
    assert [] == problems(EVERYTHING)


def test_schema_of_editors() -> None:
    """The schema accepts what the loader accepts."""
    (places,) = read(EVERYTHING.encode(), "m.yaml").documents
    validator = Draft202012Validator(manifest_schema())

    assert [] == list(map(str, validator.iter_errors(json.loads(json.dumps(places.root)))))


TESTS = [
    ("{}", "4:32: error: `name` is missing from item 1 of `tests` [missing-key]; add it"),
    (
        "{name: t, method: GET pets}",
        "4:50: error: `GET pets` is not a method [verb]; write a verb and a resource path, as in `GET /pets/{petId}`",
    ),
    (
        "{name: t, method: get /pets}",
        "4:50: error: `get /pets` is not a method [verb]; write a verb and a resource path, as in `GET /pets/{petId}`",
    ),
    (
        "{name: t, metod: GET /}",
        "4:42: error: `metod` is not a key of this map [unknown-key]; did you mean `method`?",
    ),
    (
        "{name: t, expect: {statusCode: 200}}",
        "4:51: error: `statusCode` is not a key of this map [unknown-key]; did you mean `status`?",
    ),
    (
        "{name: t, request: {querystring: {}}}",
        "4:52: error: `querystring` is not a key of this map [unknown-key]; did you mean `query`?",
    ),
    (
        "{name: t, expect: {status: many}}",
        "4:59: error: `status` must be a status code, not the text 'many' [wrong-type]; write three digits, as in 404",
    ),
    (
        "{name: t, expect: {status: true}}",
        "4:59: error: `status` must be a status code, not true [wrong-type]; write three digits, as in 404",
    ),
    (
        "{name: t, expect: {status: 99}}",
        "4:59: error: `status` must be a status code, not the number 99 [wrong-type]; write three digits, as in 404",
    ),
    (
        "{name: t, expect: {status: null}}",
        "4:51: error: `status` must be a status code, not null [wrong-type]; write a value, or remove the key",
    ),
    (
        "{name: t, expect: {headers: {X: null}}}",
        (
            "4:61: error: `X` must be a text or a list of texts, not null [wrong-type]; "
            "write `absent` for a header that is not sent"
        ),
    ),
    (
        "{name: t, expect: {headers: {X: 1}}}",
        (
            "4:64: error: `X` must be a text or a list of texts, not the number 1 [wrong-type]; "
            "put it in quotes to make it text"
        ),
    ),
    (
        "{name: t, expect: {body: {json: 1, file: a}}}",
        (
            "4:57: error: `body` must have exactly one of `json`, `file`, `base64`, `contains` [wrong-value]; "
            "keep one of them"
        ),
    ),
    (
        "{name: t, request: {body: {}}}",
        "4:58: error: `body` must have exactly one of `json`, `file`, `base64` [wrong-value]; keep one of them",
    ),
    (
        "{name: t, expect: {body: null}}",
        (
            "4:51: error: `body` must be text or one of `{json: ...}`, `{contains: ...}`, `{file: ...}`, "
            "`{base64: ...}`, not null [wrong-type]; write '' for an empty body"
        ),
    ),
    (
        "{name: t, request: {body: {contains: 1}}}",
        "4:59: error: `contains` is not a key of this map [unknown-key]; the keys are json, file, base64",
    ),
    (
        "{name: t, request: {body: {base64: 'no base64'}}}",
        "4:67: error: `no base64` is not base64 [wrong-value]; encode the bytes with `base64 -w0 FILE`",
    ),
    (
        "{name: t, request: {query: {page: 2}}}",
        "4:66: error: `page` must be text, not the number 2 [wrong-type]; put it in quotes to make it text",
    ),
    (
        "{name: t, expect: {unknown: [bodi]}}",
        "4:61: error: `bodi` is not a value of an answer [wrong-value]; did you mean `body`?",
    ),
    (
        "{name: t, expect: {unknown: [X]}}",
        (
            "4:61: error: `X` is not a value of an answer [wrong-value]; "
            "write selected, status, body, delivered or headers.NAME"
        ),
    ),
    (
        "{name: t, backend: {error: late}}",
        (
            "4:59: error: `error` must be timeout or connection, not the text 'late' [wrong-value]; "
            "write timeout or connection"
        ),
    ),
]


@pytest.mark.parametrize(("test", "problem"), TESTS)
def test_problems_of_a_test(test: str, problem: str) -> None:
    """Each is reported at its place, with what to do."""
    found = problems(HEAD + SPEC % test)

    assert problem in found
    assert 1 == len(found) or "exactly one" in found[1]


def test_problems_of_the_document() -> None:
    """Nothing of a document without a manifest can run."""
    text = HEAD + "spec: {tests: []}\n"
    (places,) = read(text.encode(), "m.yaml").documents
    validated = validate_tests(places)

    assert None is validated.tests
    assert [
        "4:1: error: `manifest` is missing from `spec` [missing-key]; add it",
        "4:15: error: `tests` is empty [wrong-value]; add a test",
    ] == problems(text)


def test_sound_tests_of_a_document() -> None:
    """Tests without problems keep their positions when the others are left out."""
    (places,) = read((HEAD + SPEC % "{name: a, x: 1}, {name: b}, {}").encode(), "m.yaml").documents
    validated = validate_tests(places)

    assert frozenset({0, 2}) == validated.unsound
    assert validated.tests
    assert "b" == validated.tests.spec.tests[1].name


def test_many_problems() -> None:
    """A document with very many problems is reported without all of them, in time."""
    tests = ", ".join("{x: 1}" for _ in range(60_000))
    (places,) = read((HEAD + SPEC % tests).encode(), "m.yaml").documents
    validated = validate_tests(places)

    assert (None, "too-many-problems") == (validated.tests, validated.diagnostics[-1].rule)
