"""The JSON Schema: current, and of one mind with the loader."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from reconciler.manifest.schema.json_schema import manifest_schema, schema_text
from reconciler.manifest.schema.rest import PATH_PATTERN
from reconciler.manifest.schema.validation import validated
from reconciler.rules import LintRule
from reconciler.yamlio.nodes import SourceMap
from reconciler.yamlio.parse import read
from support.project import OTHER_FILES, ROOT

SAMPLES = sorted(
    file
    for file in (ROOT / "samples").rglob("*.yaml")
    if OTHER_FILES.isdisjoint(file.parts) and b"reconciler/v1\nkind: Config" not in file.read_bytes()
)
VALIDATOR = Draft202012Validator(manifest_schema())

REST = """\
apiVersion: reconciler/v1
kind: RestApi
metadata: {name: shop, labels: {team: x}, environments: [prod]}
spec:
  api: {name: shop}
  prune: true
  methodResponses: check
  own: [selectionPattern]
  deploy: {stages: [prod]}
  use: [errors, {set: cors, methods: [GET], paths: [/**]}]
  resources:
    /carts:
      GET:
        use: [errors, {set: cors}]
        own: ['*']
        responses:
          200: {}
          404:
            selectionPattern: x
            contentHandling: CONVERT_TO_TEXT
            responseParameters: {method.response.header.A: "'*'"}
            responseTemplates: {application/json: x, text/plain: {file: t.vtl}}
            protect: false
            allow: [remapped-header]
            own: [responseTemplates.*]
          500: absent
  overlays: {prod: {resources: {/carts: {POST: {use: [errors]}}}}}
"""

WEBSOCKET = """\
apiVersion: reconciler/v1
kind: WebSocketApi
metadata: {name: chat}
spec:
  api: {id: a1b2c3}
  prune: false
  own: [templateSelectionExpression]
  deploy: {stages: []}
  use: [errors, {set: cors, routes: [send*]}]
  routes:
    sendMessage:
      use: [errors]
      own: [contentHandlingStrategy]
      responses:
        $default: {}
        /200/:
          templateSelectionExpression: x
          contentHandlingStrategy: CONVERT_TO_BINARY
          responseParameters: absent
          responseTemplates: {a: x, b: {file: t.vtl}}
          protect: true
          allow: []
          own: [responseTemplates]
        /4../: absent
  integrations: [{id: abc, responses: {}}]
  overlays: {dev: {routes: {}}, prod: {integrations: []}}
"""

REST_SET = """\
apiVersion: reconciler/v1
kind: ResponseSet
metadata: {name: errors}
spec:
  for: RestApi
  use: [other, {set: more}]
  responses:
    500: {selectionPattern: x, responseTemplates: {application/json: {file: t.vtl}}}
    404: absent
"""

WEBSOCKET_SET = """\
apiVersion: reconciler/v1
kind: ResponseSet
metadata: {name: errors}
spec:
  for: WebSocketApi
  responses: {$default: {templateSelectionExpression: x}}
"""

DOCUMENTS = (REST, WEBSOCKET, REST_SET, WEBSOCKET_SET)


def document(text: str) -> SourceMap:
    """The one document of a text."""
    (places,) = read(text.encode(), "m.yaml").documents
    return places


def loads(places: SourceMap) -> bool:
    """Whether the loader takes it."""
    return not isinstance(validated(places), tuple)


def test_schema_is_current() -> None:
    """The file in schemas/ is what the models say now."""
    assert (ROOT / "schemas" / "manifest.schema.json").read_text(encoding="utf-8") == schema_text()


def test_schema_is_one() -> None:
    """It is a schema of the draft that it names."""
    Draft202012Validator.check_schema(manifest_schema())

    assert "https://json-schema.org/draft/2020-12/schema" == manifest_schema()["$schema"]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda file: file.name)
def test_samples_validate(sample: Path) -> None:
    """Every sample is sound by the schema."""
    documents = read(sample.read_bytes(), sample.name).documents

    assert [] == [problem.message for one in documents for problem in VALIDATOR.iter_errors(one.root)]


@pytest.mark.parametrize("text", DOCUMENTS)
def test_whole_document(text: str) -> None:
    """A document with every key is sound by both."""
    places = document(text)

    assert (True, True) == (VALIDATOR.is_valid(places.root), loads(places))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("reconciler/v1", "reconciler/v2"),
        ("kind: RestApi", "kind: WebSocketApi"),
        ("kind: RestApi", "kind: Config"),
        ("kind: RestApi", "kind: RestApi\nextra: 1"),
        ("name: shop, labels", "labels"),
        ("{name: shop, labels", "{name: '-a', labels"),
        ("{team: x}", "{team: 1}"),
        ("api: {name: shop}", "api: {}"),
        ("api: {name: shop}", "api: {name: a, id: b}"),
        ("api: {name: shop}", "api: {name: ''}"),
        ("prune: true", "prune: 'yes'"),
        ("prune: true", "prun: true"),
        ("check", "maybe"),
        ("[prod]", "prod"),
        ("own: [selectionPattern]", "own: []"),
        ("own: [selectionPattern]", "own: [selectionPatern]"),
        ("paths: [/**]", "paths: [carts]"),
        ("methods: [GET]", "methods: [get]"),
        ("environments: [prod]", "environments: []"),
        ("overlays: {prod: {resources", "overlays: {prod: {use"),
        ("{POST: {use: [errors]}}", "{POST: {own: ['*']}}"),
        ("/carts", "carts"),
        ("GET", "get"),
        ("GET", "TRACE"),
        ("200: {}", "999: {}"),
        ("200: {}", "20: {}"),
        ("200: {}", "2000: {}"),
        ("200: {}", "default: {}"),
        ("200: {}", "200: null"),
        ("200: {}", "200: gone"),
        ("200: {}", "200: []"),
        ("selectionPattern: x", "selectionPattern: 4"),
        ("selectionPattern: x", "selectionPattern:"),
        ("selectionPattern: x", "selectionpattern: x"),
        ("CONVERT_TO_TEXT", "text"),
        ("\"'*'\"", "5"),
        ("json: x", "json: null"),
        ("json: x", "json: 5"),
        ("{file: t.vtl}", "{file: ''}"),
        ("{file: t.vtl}", "{path: t.vtl}"),
        ("protect: false", "protect: 0"),
        ("allow: [remapped-header]", "allow: remapped-header"),
    ],
)
def test_broken_manifests(old: str, new: str) -> None:
    """What the loader refuses, the schema refuses too."""
    assert old in REST
    places = document(REST.replace(old, new, 1))

    assert (False, False) == (VALIDATOR.is_valid(places.root), loads(places))


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        (WEBSOCKET, "prune: false", "methodResponses: check"),
        (WEBSOCKET, "$default", "default"),
        (WEBSOCKET, "/200/", "200"),
        (WEBSOCKET, "/200/", "//"),
        (WEBSOCKET, "templateSelectionExpression: x", "selectionPattern: x"),
        (WEBSOCKET, "own: [contentHandlingStrategy]", "own: [contentHandling]"),
        (WEBSOCKET, "id: abc", "id: ''"),
        (WEBSOCKET, "{id: abc, responses: {}}", "{id: abc}"),
        (WEBSOCKET, "{routes: {}}", "{}"),
        (WEBSOCKET, "routes: [send*]", "paths: [/**]"),
        (WEBSOCKET, "sendMessage", "''"),
        (REST_SET, "for: RestApi", "for: WebSocketApi"),
        (REST_SET, "for: RestApi", "for: Lambda"),
        (REST_SET, "  for: RestApi\n", ""),
        (REST_SET, "{name: errors}", "{name: errors, labels: {}}"),
        (REST_SET, "responses:", "resources:"),
        (WEBSOCKET_SET, "for: WebSocketApi", "for: RestApi"),
    ],
)
def test_broken_documents_of_other_kinds(text: str, old: str, new: str) -> None:
    """What the loader refuses, the schema refuses too, whatever the kind."""
    assert old in text
    places = document(text.replace(old, new, 1))

    assert (False, False) == (VALIDATOR.is_valid(places.root), loads(places))


def _everywhere(node: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    below = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, value in below:
        yield (*path, step)
        yield from _everywhere(value, (*path, step))


_SCALARS: list[object] = [None, True, 5, 1.5, "x", "absent", "check", "RestApi", "*"]
_NODES: list[object] = [{}, {"x": "y"}, [], ["x"], [5], {"200": {}}, {"999": {}}, {"$default": {}}, {"file": "x"}]
_MUTABLE = [
    (text, path)
    for text in DOCUMENTS
    for path in _everywhere(document(text).root)
    if "allow" not in path  # it is the linter that knows the rules
]


@settings(max_examples=300)
@given(st.sampled_from(_MUTABLE), st.sampled_from(_SCALARS + _NODES))
def test_schema_and_loader_agree(at: tuple[str, tuple[Any, ...]], value: object) -> None:
    """Put anything anywhere: schema and loader take it, or both refuse it."""
    text, path = at
    places = document(text)
    around: Any = places.node(path[:-1])
    around[path[-1]] = copy.deepcopy(value)

    assert VALIDATOR.is_valid(places.root) == loads(places)


@pytest.mark.parametrize("rule", LintRule)
def test_allow_takes_the_rules_that_can_be_silenced(rule: LintRule) -> None:
    """The linter refuses all others."""
    assert rule.silenceable == VALIDATOR.is_valid(document(DOCUMENTS[0].replace("remapped-header", rule)).root)


def test_editors_show_what_a_rule_means() -> None:
    """Each has its meaning as its description."""
    rules = manifest_schema()["$defs"]["LintRule"]["anyOf"]

    assert {"const": "dropped-header", "description": LintRule.DROPPED_HEADER.meaning} in rules


_NEVER_SUBSTITUTED = {"apiVersion", "kind", "for"}


@pytest.mark.parametrize("text", DOCUMENTS)
def test_placeholders_stand_wherever_a_scalar_does(text: str) -> None:
    """The schema takes `${{ ... }}` for any scalar but those that say what a document is."""
    places = document(text)
    scalars = [path for path in _everywhere(places.root) if not isinstance(places.node(path), dict | list)]
    for path in scalars:
        if path[-1] not in _NEVER_SUBSTITUTED:
            around: Any = places.node(path[:-1])
            around[path[-1]] = "${{ vars.x }}"

    assert [] == [problem.message for problem in VALIDATOR.iter_errors(places.root)]


def test_every_property_is_described() -> None:
    """An editor has something to say about every key."""
    schema = manifest_schema()
    shapes = [schema, *schema["$defs"].values()]
    mute = [
        key
        for shape in shapes
        for key, one in shape.get("properties", {}).items()
        if not (one.get("description") or "$ref" in one)
    ]

    assert [] == mute


def test_editors_are_offered_the_verbs() -> None:
    """The verbs are properties, which editors complete, not a pattern."""
    methods = manifest_schema()["$defs"]["RestSpec"]["properties"]["resources"]["patternProperties"][PATH_PATTERN]

    assert ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY"] == list(methods["properties"])
