"""Trees to manifests, or every problem of them."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import ErrorDetails

from reconciler.diagnostics import MOST, Diagnostic
from reconciler.manifest.schema.problems import diagnostic
from reconciler.manifest.schema.rest import RestApiManifest, RestResponseModel
from reconciler.manifest.schema.validation import validated
from reconciler.yamlio.nodes import SourceMap, YamlMap
from reconciler.yamlio.parse import read

Tree = Callable[[str], SourceMap]

MANIFEST = """\
apiVersion: reconciler/v1
kind: RestApi
metadata: {name: shop}
spec:
  api: {name: shop}
  resources:
    /carts:
      GET:
        responses:
          200: %s
"""


def problems(text: str) -> list[str]:
    """What is wrong with the one document of a text, file name aside."""
    (places,) = read(text.encode(), "m.yaml").documents
    found = validated(places)
    return [str(one).removeprefix("m.yaml:") for one in found] if isinstance(found, tuple) else []


def response(text: str) -> RestResponseModel:
    """A sound response."""
    (places,) = read((MANIFEST % text).encode(), "m.yaml").documents
    manifest = validated(places)
    assert isinstance(manifest, RestApiManifest)
    found = manifest.spec.resources["/carts"]["GET"].responses["200"]
    assert isinstance(found, RestResponseModel)
    return found


def test_sound_manifest() -> None:
    """A manifest with nothing but what it must have is sound."""
    assert [] == problems(MANIFEST % "{}")


def test_everything_at_once() -> None:
    """A manifest may use every key there is."""
    text = """\
apiVersion: reconciler/v1
kind: RestApi
metadata: {name: a.b-C_1, labels: {team: pets}}
spec:
  api: {id: a1b2c3d4e5}
  prune: false
  methodResponses: ensure
  deploy: {stages: [prod]}
  resources:
    /:
      ANY: {responses: {}}
      PATCH:
        responses:
          200:
            selectionPattern: '2..'
            contentHandling: CONVERT_TO_TEXT
            responseParameters: {method.response.header.A: "'*'", method.response.header.B: absent}
            responseTemplates: {application/json: {file: t.vtl}, text/plain: '', text/html: absent}
            protect: true
            allow: [some-rule]
          404: {selectionPattern: absent, contentHandling: absent}
          405: {responseParameters: absent, responseTemplates: absent}
          "500": absent
"""

    assert [] == problems(text)


QUOTE = "put it in quotes to make it text"
KEYS = "selectionPattern, contentHandling, responseParameters, responseTemplates, protect, allow, own"


@pytest.mark.parametrize(
    ("given", "sentence", "remedy"),
    [
        (
            "selectionPatern: x",
            "10:17: error: `selectionPatern` is not a key of this map [unknown-key]",
            "did you mean `selectionPattern`?",
        ),
        ("zzz: x", "10:17: error: `zzz` is not a key of this map [unknown-key]", f"the keys are {KEYS}"),
        ("own: [5]", "10:23: error: item 1 of `own` must be text, not the number 5 [wrong-type]", QUOTE),
        ("own: []", "10:22: error: `own` is empty [wrong-value]", "write a value, or remove the key"),
        (
            "own: [responseTemplate.*]",
            "10:23: error: `responseTemplate.*` is not a field of a response [field]",
            "did you mean `responseTemplates`?",
        ),
        (
            "own: [zzz]",
            "10:23: error: `zzz` is not a field of a response [field]",
            "the fields are selectionPattern, contentHandling, responseParameters, responseTemplates",
        ),
        (
            "own: [selectionPattern.x]",
            "10:23: error: `selectionPattern.x` is not a field of a response [field]",
            "did you mean `selectionPattern`?",
        ),
        (
            "selectionPattern: 404",
            "10:35: error: `selectionPattern` must be text, not the number 404 [wrong-type]",
            QUOTE,
        ),
        (
            "selectionPattern: ",
            "10:17: error: `selectionPattern` must be text, not null [wrong-type]",
            "leave the key out, or write `absent`",
        ),
        (
            "contentHandling: convert_to_text",
            "10:34: error: `convert_to_text` is not a content handling [wrong-value]",
            "did you mean `CONVERT_TO_TEXT`?",
        ),
        ("responseParameters: {a: true}", "10:41: error: `a` must be text, not true [wrong-type]", QUOTE),
        (
            "responseParameters: {a: null}",
            "10:38: error: `a` must be text, not null [wrong-type]",
            "write a mapping, or `absent`",
        ),
        (
            "responseParameters: none",
            "10:37: error: `responseParameters` must be a map or `absent`, not the text 'none' [wrong-type]",
            "write one or the other",
        ),
        (
            "responseTemplates: null",
            "10:17: error: `responseTemplates` must be a map or `absent`, not null [wrong-type]",
            "leave the key out, or write `absent`",
        ),
        (
            "responseTemplates: {application/json: }",
            "10:37: error: `application/json` must be template text or `{file: ...}`, not null [wrong-type]",
            "write '' to let the body pass through unmapped",
        ),
        (
            "responseTemplates: {a: [x]}",
            "10:40: error: `a` must be template text or `{file: ...}`, not a list [wrong-type]",
            "write one or the other",
        ),
        (
            "responseTemplates: {a: 5}",
            "10:40: error: `a` must be template text or `{file: ...}`, not the number 5 [wrong-type]",
            QUOTE,
        ),
        (
            "responseTemplates: {a: {fil: x, file: y}}",
            "10:41: error: `fil` is not a key of this map [unknown-key]",
            "did you mean `file`?",
        ),
        ("responseTemplates: {a: {}}", "10:37: error: `file` is missing from `a` [missing-key]", "add it"),
        (
            "responseTemplates: {a: {file: ''}}",
            "10:47: error: `file` is empty [wrong-value]",
            "write a value, or remove the key",
        ),
        (
            "protect: yes",
            "10:26: error: `protect` must be true or false, not the text 'yes' [wrong-type]",
            "write true or false, without quotes",
        ),
        (
            "allow: some-rule",
            "10:24: error: `allow` must be a list, not the text 'some-rule' [wrong-type]",
            "write [one, two]",
        ),
        (
            "allow: {some-rule: 1}",
            "10:24: error: `allow` must be a list, not a map [wrong-type]",
            "begin each item with `- `",
        ),
        ("allow: [1]", "10:25: error: item 1 of `allow` must be text, not the number 1 [wrong-type]", QUOTE),
    ],
)
def test_response(given: str, sentence: str, remedy: str) -> None:
    """Each mistake within a response is one problem, with its place and what to do."""
    assert [f"{sentence}; {remedy}"] == problems(MANIFEST % f"{{{given}}}")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "200: {}",
            "999: {}",
            "10:11: error: `999` is not a status code [status-code]",
        ),
        ("200: {}", "0x10: {}", "10:11: error: `0x10` is not a status code [status-code]; write three digits"),
        ("200: {}", "200: absnt", "10:16: error: `200` must be a map or `absent`, not the text 'absnt' [wrong-type]"),
        (
            "200: {}",
            "200:",
            "10:11: error: `200` must be a map or `absent`, not null [wrong-type]; write {} for",
        ),
        ("GET:", "get:", "8:7: error: `get` is not an HTTP verb of API Gateway [verb]; did you mean `GET`?"),
        ("GET:", "TRACE:", "8:7: error: `TRACE` is not an HTTP verb of API Gateway [verb]"),
        ("/carts:", "carts:", "7:5: error: `carts` is not a resource path [path]; write it as in `/pets/{petId}`"),
        ("name: shop}\nspec", "name: -shop}\nspec", "3:18: error: `-shop` is not a name [name]"),
        ("{name: shop}\n  res", "{}\n  res", "5:8: error: an API is addressed by exactly one of `id` and `name` [api]"),
        ("{name: shop}\n  res", "{name: a, id: b}\n  res", "5:8: error: an API is addressed by exactly one"),
        ("{name: shop}\n  res", "{name: }\n  res", "5:9: error: `name` must be text, not null [wrong-type]"),
        ("{name: shop}\n  res", "{id: 12}\n  res", "5:13: error: `id` must be text, not the number 12 [wrong-type]"),
        ("  api: {name: shop}\n", "", "4:1: error: `api` is missing from `spec` [missing-key]; add it"),
        ("apiVersion: reconciler/v1\n", "", "1:1: error: `apiVersion` is missing from the manifest [missing-key]"),
        (
            "reconciler/v1",
            "reconciler/v2",
            "1:13: error: `apiVersion` must be reconciler/v1, not the text 'reconciler/v2' [wrong-value]; did you",
        ),
        ("{name: shop}\nspec", "{name: shop, environments: []}\nspec", "3:38: error: `environments` is empty"),
        (
            "{name: shop}\nspec",
            "{name: shop, environments: [5]}\nspec",
            "3:39: error: item 1 of `environments` must be",
        ),
        ("  resources", "  use: a\n  resources", "6:8: error: `use` must be a list, not the text 'a' [wrong-type]"),
        (
            "  resources",
            "  use: [5]\n  resources",
            "6:9: error: item 1 of `use` must be the name of a set or `{set: ...}`, not the number 5 [wrong-type]",
        ),
        ("  resources", "  use: [{paths: [/]}]\n  resources", "6:9: error: `set` is missing from item 1 of `use`"),
        (
            "  resources",
            "  use: [{set: a, path: [/]}]\n  resources",
            "6:18: error: `path` is not a key of this map [unknown-key]; did you mean `paths`?",
        ),
        (
            "  resources",
            "  use: [{set: a, paths: [pets/*]}]\n  resources",
            "6:26: error: `pets/*` is not a glob over resource paths [path]; begin it with `/` or `**`",
        ),
        (
            "  resources",
            "  use: [{set: a, methods: [get]}]\n  resources",
            "6:28: error: `get` is not an HTTP verb of API Gateway [verb]; did you mean `GET`?",
        ),
        ("  resources", "  own: []\n  resources", "6:8: error: `own` is empty [wrong-value]"),
        (
            "  resources",
            "  overlays: {dev: }\n  resources",
            "6:14: error: `dev` must be a map, not null [wrong-type]",
        ),
        (
            "  resources",
            "  overlays: {dev: {resource: {}, resources: {}}}\n  resources",
            "6:20: error: `resource` is not a key of this map [unknown-key]; did you mean `resources`?",
        ),
        (
            "  resources",
            "  overlays: {dev: {resources: {/a: {GET: {responses: {999: {}}}}}}}\n  resources",
            "6:55: error: `999` is not a status code [status-code]",
        ),
        (
            "        responses",
            "        use: [{set: a, paths: [/a]}]\n        responses",
            "9:24: error: `paths` is not a key of this map [unknown-key]; the keys are set",
        ),
        (
            "        responses:\n          200: {}",
            "        own: [selectionPattern]",
            "8:7: error: `responses` is missing from `GET` [missing-key]; add it, {} for none, or `use` a set",
        ),
        (
            "  resources",
            "  routes: {}\n  resources",
            "6:3: error: `routes` is not a key of this map [unknown-key]; REST",
        ),
        ("kind: RestApi\n", "", "1:1: error: the manifest has no `kind` [wrong-kind]"),
        (
            "RestApi",
            "RestAPI",
            (
                "2:7: error: `kind` must be one of RestApi, WebSocketApi, ResponseSet, not the text 'RestAPI' "
                "[wrong-kind]; did you mean `RestApi`?"
            ),
        ),
        ("RestApi", "Config", "2:7: error: this is a configuration, not a manifest [wrong-kind]"),
        (
            "RestApi",
            "[a]",
            "2:7: error: `kind` must be one of RestApi, WebSocketApi, ResponseSet, not a list [wrong-kind]",
        ),
    ],
)
def test_manifest(old: str, new: str, expected: str) -> None:
    """Each mistake around the responses is one problem, with its place and what to do."""
    text = MANIFEST % "{}"
    assert old in text
    (actual,) = problems(text.replace(old, new))

    assert actual.startswith(expected)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("      GET:", "8:7: error: `GET` must be a map, not null [wrong-type]; write `responses: {}`"),
        ("        responses:", "9:9: error: `responses` must be a map, not null [wrong-type]; write {} for none"),
        ("  resources:", "6:3: error: `resources` must be a map, not null [wrong-type]; write a value"),
        ("spec:", "4:1: error: `spec` must be a map, not null [wrong-type]; write a value"),
    ],
)
def test_nothing_below_a_key(key: str, expected: str) -> None:
    """A map that was left empty is an error, never the same as `{}`."""
    (actual,) = problems((MANIFEST % "{}").partition(f"{key}\n")[0] + f"{key}\n")

    assert actual.startswith(expected)


SET = "apiVersion: reconciler/v1\nkind: ResponseSet\nmetadata: {name: errors}\n"


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("{for: RestApi, responses: {500: {}, 404: absent}}", []),
        ("{for: WebSocketApi, use: [a, {set: b}], responses: {$default: {}}}", []),
        ("{responses: {}}", ["4:1: error: `for` is missing from `spec` [missing-key]; add it"]),
        (
            "{for: RestAPI, responses: {}}",
            [
                (
                    "4:13: error: `for` must be RestApi or WebSocketApi, not the text 'RestAPI' [wrong-value]; did "
                    "you mean `RestApi`?"
                )
            ],
        ),
        (
            "{for: [RestApi], responses: {}}",
            [("4:13: error: `for` must be RestApi or WebSocketApi, not a list [wrong-value]; did you mean `RestApi`?")],
        ),
        ("[]", ["4:7: error: `spec` must be a map, not a list [wrong-type]; write `key: value` below it"]),
        ("", ["4:1: error: `spec` must be a map, not null [wrong-type]; write a value, or remove the key"]),
        (
            "{for: RestApi, responses: {500: }}",
            [
                (
                    "4:34: error: `500` must be a map or `absent`, not null [wrong-type]; write {} for "
                    "a response with nothing set, `absent` for one that must not exist"
                )
            ],
        ),
        (
            "{for: WebSocketApi, responses: {$default: {selectionPattern: x}}}",
            [
                (
                    "4:50: error: `selectionPattern` is not a key of this map [unknown-key]; the key of a WebSocket "
                    "response is its pattern, as in `'/4\\d\\d/'`"
                )
            ],
        ),
        (
            "{for: RestApi, prune: true, responses: {}}",
            ["4:22: error: `prune` is not a key of this map [unknown-key]; the keys are for, use, responses"],
        ),
    ],
)
def test_response_set(spec: str, expected: list[str]) -> None:
    """Each mistake in a set is one problem, with its place and what to do, for the kind that it is for."""
    assert expected == problems(f"{SET}spec: {spec}\n")


def test_set_of_which_hardly_anything_is_there() -> None:
    """Where it cannot be told what a set is for, its other problems are reported all the same."""
    assert ["missing-key", "unknown-key"] == [
        problem.partition("[")[2].partition("]")[0] for problem in problems(SET + "routes: {}\n")
    ]


@pytest.mark.parametrize(("root", "kind"), [("[a]", "a list"), ("hello", "the text 'hello'"), ("null", "null")])
def test_no_map(root: str, kind: str) -> None:
    """A document that is no map is no manifest."""
    assert [f"1:1: error: a manifest is a map, not {kind} [wrong-kind]; begin with `kind: RestApi`"] == problems(root)


def test_all_problems_in_one_run() -> None:
    """Every problem of a document is reported, whatever else is wrong."""
    text = (MANIFEST % "{protect: 1, foo: 2}").replace("GET", "get").replace("/carts:", "/a: {GET: }\n    /carts:")
    text = text.replace("name: shop}\nspec", "lables: {}}\nspec").replace("/carts", "carts")

    assert {"missing-key", "unknown-key", "path", "verb", "wrong-type"} == {
        problem.partition("[")[2].partition("]")[0] for problem in problems(text)
    }


def test_key_that_would_colour_the_terminal() -> None:
    """Control characters of a manifest do not reach the terminal."""
    (actual,) = problems(MANIFEST % '{"\\e[31mred": x}')

    assert actual.startswith("10:17: error: `\\x1b[31mred` is not a key of this map")


def test_left_out_is_not_absent() -> None:
    """Whether a field was written as `absent` or left out can still be told."""
    assert {"selectionPattern": "absent"} == response("{selectionPattern: absent}").written()


def test_keys_named_like_pydantics_own() -> None:
    """A map's key that is spelled like a part of pydantic's places is still found."""
    (actual,) = problems(MANIFEST % "{responseParameters: {'<map>': 5}}")

    assert actual.startswith("10:47: error: `<map>` must be text, not the number 5")


def test_error_that_has_no_sentence_of_ours() -> None:
    """An error type that pydantic may come to know keeps pydantic's sentence, and gets a place."""
    (places,) = read((MANIFEST % "{}").encode(), "m.yaml").documents
    unknown = ErrorDetails(type="brand_new", loc=("metadata", "name"), msg="Input should be better", input="shop")

    assert "m.yaml:3:18: error: `name` is not valid: Input should be better [wrong-value]; fix it" == str(
        diagnostic(unknown, places)
    )


def _everywhere(node: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    below = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(found for step, value in below for found in _everywhere(value, (*path, step)))]


_SOUND = MANIFEST % "{selectionPattern: x, responseTemplates: {a: b, c: {file: d}}, allow: [x]}"
_PATHS = _everywhere(read(_SOUND.encode(), "m.yaml").documents[0].root)[1:]
_SCALARS: list[object] = [None, True, 5, 1.5, "x", "absent", ""]
_NODES: list[object] = [{}, {"x": {}}, [], [None], {"200": None}, {"file": 3}]


@given(st.sampled_from(_PATHS), st.sampled_from(_SCALARS + _NODES))
def test_junk_anywhere_is_a_problem_with_a_place(path: tuple[Any, ...], junk: object) -> None:
    """Whatever stands wherever, there is a manifest or there are problems with places, never a failure."""
    (places,) = read(_SOUND.encode(), "m.yaml").documents
    around: Any = places.node(path[:-1])
    around[path[-1]] = copy.deepcopy(junk)
    found = validated(places)

    assert isinstance(found, RestApiManifest) or [] == [one for one in found if not _placed(one)]


def _placed(found: object) -> bool:
    return isinstance(found, Diagnostic) and found.location is not None and found.location.line > 0


def test_maps_of_the_tree_are_what_pydantic_takes(tree: Tree) -> None:
    """The reader's maps pass as dicts in strict mode, and the manifest holds plain ones."""
    manifest = validated(tree(MANIFEST % "{responseParameters: {a: b}}"))

    assert isinstance(manifest, RestApiManifest)
    assert not isinstance(manifest.spec.resources, YamlMap)


def test_many_unknown_keys_are_counted() -> None:
    """Beyond a limit they are not listed, which is said; the rest of the document is looked at all the same."""
    found = problems(MANIFEST % f"{{{', '.join(f'k{number}: x' for number in range(MOST + 3))}}}")

    assert "1:1: error: 3 more problems in this document are not listed [too-many-problems]" in found[-1]
    assert MOST + 1 == len(found)


def test_very_many_errors_are_told_of_the_first_entries() -> None:
    """Of 125,000 wrong values the first of each list are listed and all are counted, without a dictionary for each."""
    allow = f"[{', '.join('1' for _ in range(5_000))}]"
    responses = ", ".join(f"{code}: {{allow: {allow}}}" for code in range(200, 225))
    text = MANIFEST.replace("\n          200: %s", " {%s}") % responses
    *listed, last = problems(text)

    assert "item 1 of `allow` must be text, not the number 1" in listed[0]
    assert f"1:1: error: {125_000 - len(listed):,} more problems in this document are not listed" in last
