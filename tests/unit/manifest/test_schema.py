"""The JSON Schema: current, and of one mind with the loader."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from reconciler.manifest.reader import read
from reconciler.manifest.schema import manifest_schema, schema_text
from reconciler.resolve.documents import RestApiManifest
from reconciler.resolve.nodes import Places
from reconciler.resolve.validation import validated

ROOT = Path(__file__).parents[3]
SAMPLES = sorted(file for file in (ROOT / "samples").rglob("*.yaml") if b"kind: RestApi" in file.read_bytes())
VALIDATOR = Draft202012Validator(manifest_schema())

MANIFEST = """\
apiVersion: reconciler/v1
kind: RestApi
metadata: {name: shop, labels: {team: x}}
spec:
  api: {name: shop}
  prune: true
  methodResponses: check
  deploy: {stages: [prod]}
  resources:
    /carts:
      GET:
        responses:
          200: {}
          404:
            selectionPattern: x
            contentHandling: CONVERT_TO_TEXT
            responseParameters: {method.response.header.A: "'*'"}
            responseTemplates: {application/json: x, text/plain: {file: t.vtl}}
            protect: false
            allow: [a]
          500: absent
"""


def document(text: str) -> Places:
    """The one document of a text."""
    (places,) = read(text.encode(), "m.yaml").documents
    return places


def loads(places: Places) -> bool:
    """Whether the loader takes it."""
    return isinstance(validated(places), RestApiManifest)


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


def test_whole_manifest() -> None:
    """A manifest with every key is sound by both."""
    places = document(MANIFEST)

    assert (True, True) == (VALIDATOR.is_valid(places.root), loads(places))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("reconciler/v1", "reconciler/v2"),
        ("kind: RestApi", "kind: WebSocketApi"),
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
        ("  prune", "  use: []\n  prune"),
        ("  prune", "  overlays: {}\n  prune"),
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
        ("CONVERT_TO_TEXT", "TEXT"),
        ("\"'*'\"", "5"),
        ("json: x", "json: null"),
        ("json: x", "json: 5"),
        ("{file: t.vtl}", "{file: ''}"),
        ("{file: t.vtl}", "{path: t.vtl}"),
        ("protect: false", "protect: 0"),
        ("allow: [a]", "allow: a"),
    ],
)
def test_broken_manifests(old: str, new: str) -> None:
    """What the loader refuses, the schema refuses too."""
    assert old in MANIFEST
    places = document(MANIFEST.replace(old, new, 1))

    assert (False, False) == (VALIDATOR.is_valid(places.root), loads(places))


def _everywhere(node: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    below = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, value in below:
        yield (*path, step)
        yield from _everywhere(value, (*path, step))


_SCALARS: list[object] = [None, True, 5, 1.5, "x", "absent", "check"]
_NODES: list[object] = [{}, {"x": "y"}, [], ["x"], [5], {"200": {}}, {"999": {}}, {"file": "x"}]


@given(st.sampled_from(list(_everywhere(document(MANIFEST).root))), st.sampled_from(_SCALARS + _NODES))
def test_schema_and_loader_agree(path: tuple[Any, ...], value: object) -> None:
    """Put anything anywhere: schema and loader take it, or both refuse it."""
    places = document(MANIFEST)
    around: Any = places.node(path[:-1])
    around[path[-1]] = copy.deepcopy(value)

    assert VALIDATOR.is_valid(places.root) == loads(places)


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
    methods = manifest_schema()["$defs"]["Spec"]["properties"]["resources"]["patternProperties"]["^/"]

    assert ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY"] == list(methods["properties"])
