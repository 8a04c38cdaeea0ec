"""Manifests to desired state: a manifest by itself, and several manifests of one API."""

from collections.abc import Callable, Mapping

import pytest

from reconciler.manifest.schema.documents import ManifestDocument
from reconciler.manifest.schema.rest import RestApiManifest
from reconciler.manifest.schema.validation import validated
from reconciler.models.desired import ABSENT, Desired, ManifestRef, Ownership, Wanted
from reconciler.models.keys import MethodKey, ResponseKey
from reconciler.models.responses import RestResponse
from reconciler.models.targets import ApiRef
from reconciler.resolve import merge, resolve
from reconciler.yamlio.nodes import SourceMap

Tree = Callable[[str], SourceMap]
Resolved = Callable[..., Desired]
Problems = Callable[..., list[str]]

GET = MethodKey("/carts", "GET")
OK = ResponseKey(GET, "200")
NOT_FOUND = ResponseKey(GET, "404")

MANIFEST = """\
apiVersion: reconciler/v1
kind: RestApi
metadata: {{name: {name}}}
spec:
  api: {{name: shop}}{more}
  resources:
    {path}:
      GET:
        responses: {responses}
"""


@pytest.fixture
def declared(tree: Tree) -> Resolved:
    """The desired state of a manifest with these responses."""

    def declared(
        responses: str,
        *,
        name: str = "shop",
        path: str = "/carts",
        more: str = "",
        templates: Mapping[str, str] | None = None,
    ) -> Desired:
        places = tree(MANIFEST.format(responses=responses, name=name, path=path, more=more))
        manifest = validated(places)
        assert isinstance(manifest, RestApiManifest)
        desired, problems = resolve(ManifestDocument(manifest, places, templates or {}))
        assert () == problems
        return desired

    return declared


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("{}", RestResponse()),
        ("{selectionPattern: ''}", RestResponse()),
        ("{selectionPattern: '4..', contentHandling: CONVERT_TO_TEXT}", RestResponse("4..", "CONVERT_TO_TEXT")),
        ("{responseParameters: {b: x, a: y}}", RestResponse(response_parameters={"a": "y", "b": "x"})),
        ("{responseTemplates: {a: '', b: x}}", RestResponse(response_templates={"a": "", "b": "x"})),
        ("{responseTemplates: {a: {file: t.vtl}}}", RestResponse(response_templates={"a": "from a file"})),
        ("{responseTemplates: {a: {file: absent.vtl}}}", RestResponse(response_templates={"a": "absent"})),
        ("{responseTemplates: {a: absent}, responseParameters: {b: absent}}", RestResponse()),
        ("{selectionPattern: absent, contentHandling: absent}", RestResponse()),
        ("{responseTemplates: absent, responseParameters: absent}", RestResponse()),
        ("{responseTemplates: {}, responseParameters: {}}", RestResponse()),
        ("absent", ABSENT),
    ],
)
def test_response(declared: Resolved, given: str, expected: Wanted) -> None:
    """A response in normal form: `absent` and left out are one, '' in a template is passthrough."""
    desired = declared(f"{{200: {given}}}", templates={"t.vtl": "from a file", "absent.vtl": "absent"})

    assert expected == desired.responses[OK]


def test_manifest(declared: Resolved) -> None:
    """The manifest is known by its name, its API and its stages."""
    desired = declared("{}", more="\n  deploy: {stages: [prod, test]}")

    assert (ManifestRef("shop", ApiRef(name="shop"), stages=("prod", "test")),) == desired.manifests


def test_owns_a_method_without_responses(declared: Resolved) -> None:
    """A listed method is owned even if it lists no response."""
    desired = declared("{}")

    assert ({GET: Ownership("shop")}, {}) == (desired.owns, desired.responses)


def test_ownership_settings(declared: Resolved) -> None:
    """The manifest's settings for pruning and method responses apply to its methods."""
    desired = declared("{}", more="\n  prune: false\n  methodResponses: ensure")

    assert Ownership("shop", prune=False, method_responses="ensure") == desired.owns[GET]


def test_protected_and_allowed(declared: Resolved) -> None:
    """Protection and silenced rules belong to their response."""
    desired = declared("{200: {protect: true}, 404: {allow: [a, b]}, 500: absent}")

    assert {OK} == desired.protected
    assert {NOT_FOUND: frozenset({"a", "b"})} == desired.allowed


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("", "m.yaml:9:21"),
        ("selectionPattern", "m.yaml:9:27"),
        ("responseTemplates", "m.yaml:9:48"),
        ("responseTemplates.application/json", "m.yaml:9:68"),
        ("responseTemplates.a.b", "m.yaml:9:89"),
        ("contentHandling", "m.yaml:9:21"),
        ("responseTemplates.text/html", "m.yaml:9:48"),
    ],
)
def test_origin(declared: Resolved, path: str, expected: str) -> None:
    """The origin of a field is its place in the YAML; that of a missing field is the place where it belongs."""
    desired = declared("{200: {selectionPattern: x, responseTemplates: {application/json: y, a.b: z}}}")

    assert expected == str(desired.origin(OK, path))


def test_origin_of_a_response_that_is_not_listed(declared: Resolved) -> None:
    """An unlisted response of a listed method has the place of its method."""
    assert "m.yaml:8:7" == str(declared("{}").origin(OK))


def test_origins_are_a_table(declared: Resolved) -> None:
    """The table of origins lists exactly what it answers."""
    origins = declared("{200: {protect: true, responseParameters: {a: b}}, 404: absent}").origins

    assert [(OK, ""), (OK, "responseParameters"), (OK, "responseParameters.a"), (NOT_FOUND, "")] == list(origins)
    assert 4 == len(origins)
    assert (OK, "protect") not in origins
    assert all(origins[origin].location.line == 9 for origin in origins)


def test_merge_of_one(declared: Resolved) -> None:
    """One manifest alone is what it is."""
    desired = declared("{200: {}}")

    assert (desired, ()) == merge([desired])


def test_merge(declared: Resolved) -> None:
    """Manifests of one API own their methods side by side."""
    carts = declared("{200: {protect: true}}", name="carts")
    orders = declared("{201: {allow: [x]}}", name="orders", path="/orders")
    merged, clashes = merge([carts, orders])
    created = ResponseKey(MethodKey("/orders", "GET"), "201")

    assert () == clashes
    assert ["carts", "orders"] == [manifest.name for manifest in merged.manifests]
    assert {OK, created} == merged.responses.keys()
    assert (frozenset({OK}), {created: frozenset({"x"})}) == (merged.protected, dict(merged.allowed))
    assert "orders: GET /orders 201" == merged.address(created)
    assert "m.yaml:9:21" == str(merged.origin(created))


def test_method_in_two_manifests(declared: Resolved) -> None:
    """A method in two manifests is an error that names both places; the first one counts."""
    first, second = declared("{200: {}}", name="a"), declared("{404: {}}", name="b")
    merged, clashes = merge([first, second])

    assert ["m.yaml:8:7: error: GET /carts is listed here by b, and at m.yaml:8:7 by a [duplicate-method]"] == [
        str(clash).partition(";")[0] for clash in clashes
    ]
    assert ([OK], "a") == (list(merged.responses), merged.owns[GET].manifest)


def test_resolving_twice_is_the_same(declared: Resolved) -> None:
    """Equal manifests have equal desired states, in any file."""
    assert declared("{200: {}}") == declared("{200: {},    }")


OWNING = """\
apiVersion: reconciler/v1
kind: RestApi
metadata: {name: shop}
spec:
  api: {name: shop}
%s  resources:
    /carts:
      GET:
%s        responses:
          200: %s
"""

HEADERS = "responseParameters.method.response.header.X-*"


@pytest.mark.parametrize(
    ("manifest", "method", "response", "expected"),
    [
        ("", "", "{}", (None, None)),
        ("  own: [selectionPattern]\n", "", "{}", (("selectionPattern",), ("selectionPattern",))),
        ("  own: [selectionPattern]\n", "        own: [a*]\n", "{}", (("a*",), ("a*",))),
        ("  own: [selectionPattern]\n", "        own: ['*']\n", "{}", (None, None)),
        ("", "        own: [a*]\n", "{own: [b*]}", (("a*",), ("b*",))),
        ("", "        own: [a*]\n", "{own: ['*']}", (("a*",), None)),
        ("", "", "{own: [b*]}", (None, ("b*",))),
    ],
)
def test_nearest_own(resolved: Resolved, manifest: str, method: str, response: str, expected: object) -> None:
    """The nearest `own` counts, for the method and for the response; `*` is all."""
    desired = resolved(OWNING % (manifest, method, response))

    assert expected == (desired.owns[GET].own, desired.owned.get(OK))


def test_own_of_an_overlay(resolved: Resolved) -> None:
    """An overlay's `own` is nearer than the body's."""
    overlay = "  overlays: {dev: {resources: {/carts: {GET: {own: [b*], responses: {}}}}}}\n"
    text = OWNING % (overlay, "        own: [a*]\n", "{}")

    assert ("b*",) == resolved(text, "dev").owns[GET].own


def test_own_ends_pruning(resolved: Resolved) -> None:
    """A method that is owned in part is not pruned; one with a response that is, still is."""
    restricted = resolved(OWNING % ("", "        own: [a*]\n", "{}"))
    response_only = resolved(OWNING % ("", "", "{own: [a*]}"))

    assert (False, True) == (restricted.owns[GET].prune, response_only.owns[GET].prune)


@pytest.mark.parametrize(
    "response",
    ["{responseParameters: {method.response.header.X-A: x}}", "{selectionPattern: absent}", "{responseTemplates: {}}"],
)
def test_owned_values(problems: Problems, response: str) -> None:
    """Owned fields may be listed without the others."""
    assert [] == problems(OWNING % (f"  own: ['{HEADERS}']\n", "", response))


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        ("{selectionPattern: x}", "11:17: error: `selectionPattern` of GET /carts 200 is set"),
        ("{selectionPattern: ''}", "11:17: error: `selectionPattern` of GET /carts 200 is set"),
        ("{responseTemplates: {a: x}}", "11:37: error: `responseTemplates.a` of GET /carts 200 is set"),
        (
            "{responseParameters: {method.response.header.Y: x}}",
            "11:38: error: `responseParameters.method.response.header.Y` of GET /carts 200 is set",
        ),
        (
            "absent",
            (
                "11:11: error: GET /carts 200 is declared absent, but `own` leaves some of its fields to others "
                "[not-owned]; remove the response, or own all of its fields: `own: ['*']`"
            ),
        ),
    ],
)
def test_not_owned(problems: Problems, response: str, expected: str) -> None:
    """A value that `own` leaves to others is an error where it is listed."""
    (actual,) = problems(OWNING % (f"  own: ['{HEADERS}']\n", "", response))

    assert actual.removeprefix("m.yaml:").startswith(expected)


SET = """\
---
apiVersion: reconciler/v1
kind: ResponseSet
metadata: {name: errors}
spec: {for: RestApi, responses: {200: {responseParameters: {method.response.header.X-A: x}}, 500: {}}}
"""


def test_absent_under_own(resolved: Resolved) -> None:
    """If others own a part of a response, `absent` cancels what a set says and deletes nothing."""
    text = OWNING % (f"  own: ['{HEADERS}']\n  use: [errors]\n", "", "absent") + SET

    assert {"500"} == {key.code for key in resolved(text).responses}


def test_set_that_is_not_owned(problems: Problems) -> None:
    """A set's value that `own` leaves to others is an error too, in the set."""
    text = OWNING % ("  own: [selectionPattern]\n", "        use: [errors]\n", "{}") + SET
    (actual,) = problems(text)

    assert actual.startswith("m.yaml:17:61: error: `responseParameters.method.response.header.X-A` of GET /carts 200")


def test_responses_of_a_manifest_are_limited(problems: Problems) -> None:
    """Sets multiply: 250 methods that use a set of 500 responses have 125,000 of them."""
    methods = "".join(f"    /p{number}: {{GET: {{use: [s]}}}}\n" for number in range(250))
    responses = ", ".join(f"{code}: {{selectionPattern: x{code}}}" for code in range(100, 600))

    (found,) = problems(f"{SMALL}  resources:\n{methods}{SMALL_SET % responses}")
    assert found.startswith(
        "m.yaml:6:3: error: with its response sets, the manifest has more than 100,000 responses [too-large]"
    )


def test_globs_of_a_use_are_limited(problems: Problems) -> None:
    """Two thousand methods and a thousand globs are two million comparisons."""
    methods = "".join(f"    /p{number}: {{GET: {{responses: {{200: {{}}}}}}}}\n" for number in range(2_000))
    globs = ", ".join(f"/q{number}*" for number in range(1_000))
    (found,) = problems(f"{SMALL}  use: [{{set: s, paths: [{globs}]}}]\n  resources:\n{methods}{SMALL_SET % '500: {}'}")

    assert found.startswith("m.yaml:6:3: error: `use` takes too long to resolve")


def test_patterns_of_own_are_limited(problems: Problems) -> None:
    """Two thousand patterns and two thousand headers are four million comparisons."""
    own = ", ".join(f"responseParameters.q{number}*" for number in range(2_000))
    headers = ", ".join(f"method.response.header.X{number}: \"'x'\"" for number in range(2_000))
    method = f"    /p: {{GET: {{own: [{own}], responses: {{200: {{responseParameters: {{{headers}}}}}}}}}}}\n"
    (found,) = problems(f"{SMALL}  resources:\n{method}{SMALL_SET % '500: {}'}")

    assert "`own` takes too long to evaluate" in found


SMALL = "apiVersion: reconciler/v1\nkind: RestApi\nmetadata: {name: a}\nspec:\n  api: {name: shop}\n"
SMALL_SET = """\
---
apiVersion: reconciler/v1
kind: ResponseSet
metadata: {name: s}
spec: {for: RestApi, responses: {%s}}
"""
