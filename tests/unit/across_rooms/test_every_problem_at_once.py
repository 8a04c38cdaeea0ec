"""One run reports every problem of every manifest, each once, in the order of the files."""

from pathlib import Path
from typing import Final

import pytest

from reconciler.diagnostics import Location
from reconciler.engine.load.request import Request
from reconciler.engine.validate import Validation, validate
from reconciler.manifest import Disk

MANIFEST: Final = """\
apiVersion: reconciler/v1
kind: RestApi
metadata: {name: shop}
spec:
  api: {name: shop}
  prune: 5
  use: [std, broken, unread, nowhere]
  resources:
    /a:
      GET:
        responses:
          200: {}
          404:
            selectionPattern: 404
            responseParameters:
              method.response.header.X: ${{ vars.nope }}
              method.response.header.Y: integration.response.headers.Y
            responseTemplates:
              application/json: {file: lost.vtl}
              text/plain: 7
          500: null
          505: {contentHandling: X, selectionPattern: '-'}
"""
SETS: Final = """\
apiVersion: reconciler/v1
kind: ResponseSet
metadata: {name: std}
spec:
  for: RestApi
  responses:
    501: {selectionPattern: 7, responseParameters: {X-A: "'1'"}}
---
apiVersion: reconciler/v1
kind: ResponseSet
metadata: {name: broken}
spec:
  for: Rest
  responses: {}
"""
UNREAD: Final = "kind: ResponseSet\nmetadata: {name: unread}\nspec: {for: RestApi, responses: [}\n"
REST: Final = "apiVersion: reconciler/v1\nkind: RestApi\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)


def checked(**texts: str) -> Validation:
    """A validation of these files."""
    for name, text in texts.items():
        Path(f"{name}.yaml").write_text(text)
    return validate(Request(tuple(f"{name}.yaml" for name in texts)), Disk())


def told(found: Validation) -> list[tuple[str, int, str]]:
    """File, line and rule of all that is said, in order."""
    places = ((diagnostic.location or Location(""), diagnostic.rule) for diagnostic in found.diagnostics)
    return [(at.file, at.line, rule) for at, rule in places]


def test_of_every_kind_in_several_files() -> None:
    """Wrong types, an unknown variable and set, a mapping, a missing template; in sets too, and no follow-on."""
    assert [
        ("manifest.yaml", 6, "wrong-type"),
        ("manifest.yaml", 7, "unknown-set"),
        ("manifest.yaml", 14, "wrong-type"),
        ("manifest.yaml", 16, "undefined-variable"),
        ("manifest.yaml", 17, "parameter-value"),
        ("manifest.yaml", 19, "template-file"),
        ("manifest.yaml", 20, "wrong-type"),
        ("manifest.yaml", 21, "wrong-type"),
        ("manifest.yaml", 22, "unknown-content-handling"),
        ("manifest.yaml", 22, "dash-pattern"),
        ("sets.yaml", 7, "wrong-type"),
        ("sets.yaml", 7, "parameter-key"),
        ("sets.yaml", 13, "wrong-value"),
        ("unread.yaml", 3, "syntax"),
    ] == told(checked(manifest=MANIFEST, sets=SETS, unread=UNREAD))


def test_only_the_set_that_is_not_there_is_unknown() -> None:
    """One that has an error, or is in a file that has, is not."""
    found = checked(manifest=MANIFEST, sets=SETS, unread=UNREAD)

    assert ["there is no response set `nowhere`"] == [
        diagnostic.message for diagnostic in found.diagnostics if diagnostic.rule == "unknown-set"
    ]


def test_what_has_errors_is_not_counted_as_read() -> None:
    """It was looked at for more errors, which does not make it readable."""
    found = checked(manifest=MANIFEST)

    assert (0, 0) == (found.manifests, found.responses)


def test_two_manifests_of_one_name_with_errors() -> None:
    """That they share it is said besides."""
    body = "metadata: {name: shop}\nspec: {api: {name: shop}, prune: 5, resources: {}}\n"

    assert [
        ("a.yaml", 4, "wrong-type"),
        ("b.yaml", 3, "duplicate-name"),
        ("b.yaml", 4, "wrong-type"),
    ] == told(checked(a=REST + body, b=REST + body))


@pytest.mark.parametrize(
    ("wrong", "rules"),
    [
        ("api: 5", ["wrong-type"]),
        ("api: {}", ["api"]),
        ("prune: false", ["missing-key"]),
        ("api: {name: a}, own: [nothing]", ["field"]),
        ("api: {name: a}, use: [{set: 5}, [], gone]", ["wrong-type", "wrong-type", "unknown-set"]),
        ("api: {name: a}, deploy: [prod]", ["wrong-type"]),
        ("api: {name: a}, overlays: {dev: null}", ["unknown-environment", "wrong-type"]),
        ("api: {name: a}, methodResponses: maybe", ["wrong-value"]),
        ("api: {name: a}, nonsense: 1, prune: 1", ["unknown-key", "wrong-type"]),
    ],
)
def test_beside_any_structural_error(wrong: str, rules: list[str]) -> None:
    """Whatever is wrong with the spec, a mapping that AWS refuses is found as well, and no follow-on."""
    method = "{GET: {responses: {200: {responseParameters: {X: \"'1'\"}}}}}"
    text = f"{REST}metadata: {{name: shop}}\nspec:\n  {{{wrong},\n  resources: {{/a: {method}}}}}\n"

    assert sorted([*rules, "parameter-key"]) == sorted(rule for _, _, rule in told(checked(a=text)))


@pytest.mark.parametrize(
    ("response", "rules"),
    [
        ("{selectionPattern: 5}", ["wrong-type"]),
        ("{selectionPattern: null}", ["wrong-type"]),
        ("null", ["wrong-type"]),
        ("{protect: maybe}", ["wrong-type", "duplicate-pattern"]),
        ("{responseTemplates: 5, selectionPattern: x}", ["wrong-type"]),
        ("{responseTemplates: {a/b: {file: 5, x: 1}}, selectionPattern: x}", ["unknown-key", "wrong-type"]),
        ("{responseTemplates: {a/b: {}}, selectionPattern: x}", ["missing-key"]),
        ("{selectionPattern: '${{ vars.a }}'}", ["undefined-variable"]),
        ("{selectionPattern: '${{ vars.a'}", ["placeholder"]),
        ("{contentHandling: '${{ vars.a }}', selectionPattern: x}", ["undefined-variable"]),
        ("{protect: '${{ vars.a }}', selectionPattern: x}", ["undefined-variable"]),
        ("{'${{ vars.a }}': x, selectionPattern: x}", ["placeholder"]),
    ],
)
def test_nothing_follows_from_a_wrong_response(response: str, rules: list[str]) -> None:
    """A pattern that is wrong is not taken for none, and what is told once is not told again."""
    method = f"{{GET: {{responses: {{200: {{}}, 404: {response}}}}}}}"
    text = f"{REST}metadata: {{name: shop}}\nspec: {{api: {{name: a}}, resources: {{/a: {method}}}}}\n"

    assert sorted(rules) == sorted(rule for _, _, rule in told(checked(a=text)))


@pytest.mark.parametrize(
    "document", ["5", "[]", "{}", "{kind: RestApi}", "{kind: RestApi, spec: 5}", "{kind: Nothing}"]
)
def test_of_nothing_nothing_more_is_said(document: str) -> None:
    """A document that is not even a manifest with a spec has its own errors only."""
    found = checked(a=document)

    assert ({"a.yaml"}, True) == ({file for file, _, _ in told(found)}, len(told(found)) <= 3)
