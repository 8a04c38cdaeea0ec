"""REST manifests to desired state."""

from collections.abc import Callable, Mapping

import pytest

from reconciler.models.desired import ABSENT, Desired, ManifestRef, Ownership, Wanted
from reconciler.models.keys import MethodKey, ResponseKey
from reconciler.models.responses import RestResponse
from reconciler.models.targets import ApiRef
from reconciler.resolve import merge, resolve
from reconciler.resolve.documents import Document, RestApiManifest
from reconciler.resolve.nodes import Places
from reconciler.resolve.validation import validated

Tree = Callable[[str], Places]
Resolved = Callable[..., Desired]

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
def resolved(tree: Tree) -> Resolved:
    """What a manifest with these responses wants."""

    def resolved(
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
        return resolve(Document(manifest, places, templates or {}))

    return resolved


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
def test_response(resolved: Resolved, given: str, expected: Wanted) -> None:
    """A response in normal form: `absent` and left out are one, '' in a template is passthrough."""
    desired = resolved(f"{{200: {given}}}", templates={"t.vtl": "from a file", "absent.vtl": "absent"})

    assert expected == desired.responses[OK]


def test_manifest(resolved: Resolved) -> None:
    """The manifest is known by its name, its API and its stages."""
    desired = resolved("{}", more="\n  deploy: {stages: [prod, test]}")

    assert (ManifestRef("shop", ApiRef(name="shop"), stages=("prod", "test")),) == desired.manifests


def test_owns_a_method_without_responses(resolved: Resolved) -> None:
    """A listed method is owned even if it lists no response."""
    desired = resolved("{}")

    assert ({GET: Ownership("shop")}, {}) == (desired.owns, desired.responses)


def test_ownership_settings(resolved: Resolved) -> None:
    """What the manifest says about pruning and method responses holds for its methods."""
    desired = resolved("{}", more="\n  prune: false\n  methodResponses: ensure")

    assert Ownership("shop", prune=False, method_responses="ensure") == desired.owns[GET]


def test_protected_and_allowed(resolved: Resolved) -> None:
    """Protection and silenced rules belong to their response."""
    desired = resolved("{200: {protect: true}, 404: {allow: [a, b]}, 500: absent}")

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
def test_origin(resolved: Resolved, path: str, expected: str) -> None:
    """Every field is found where it stands; one that is not there, where it would belong."""
    desired = resolved("{200: {selectionPattern: x, responseTemplates: {application/json: y, a.b: z}}}")

    assert expected == str(desired.origin(OK, path))


def test_origin_of_a_response_that_is_not_listed(resolved: Resolved) -> None:
    """An unlisted response of a listed method has the place of its method."""
    assert "m.yaml:8:7" == str(resolved("{}").origin(OK))


def test_origins_are_a_table(resolved: Resolved) -> None:
    """The table of origins lists exactly what it answers."""
    origins = resolved("{200: {protect: true, responseParameters: {a: b}}, 404: absent}").origins

    assert [(OK, ""), (OK, "responseParameters"), (OK, "responseParameters.a"), (NOT_FOUND, "")] == list(origins)
    assert 4 == len(origins)
    assert (OK, "protect") not in origins
    assert all(origins[origin].line == 9 for origin in origins)


def test_merge_of_one(resolved: Resolved) -> None:
    """One manifest alone is what it is."""
    desired = resolved("{200: {}}")

    assert (desired, ()) == merge([desired])


def test_merge(resolved: Resolved) -> None:
    """Manifests of one API own their methods side by side."""
    carts = resolved("{200: {protect: true}}", name="carts")
    orders = resolved("{201: {allow: [x]}}", name="orders", path="/orders")
    merged, clashes = merge([carts, orders])
    created = ResponseKey(MethodKey("/orders", "GET"), "201")

    assert () == clashes
    assert ["carts", "orders"] == [one.name for one in merged.manifests]
    assert {OK, created} == merged.responses.keys()
    assert (frozenset({OK}), {created: frozenset({"x"})}) == (merged.protected, dict(merged.allowed))
    assert "orders: GET /orders 201" == merged.address(created)
    assert "m.yaml:9:21" == str(merged.origin(created))


def test_method_in_two_manifests(resolved: Resolved) -> None:
    """A method in two manifests is an error that names both places; the first one stands."""
    first, second = resolved("{200: {}}", name="a"), resolved("{404: {}}", name="b")
    merged, clashes = merge([first, second])

    assert ["m.yaml:8:7: error: GET /carts is listed by b here and by a at m.yaml:8:7 [duplicate-method]"] == [
        str(one).partition(";")[0] for one in clashes
    ]
    assert ([OK], "a") == (list(merged.responses), merged.owns[GET].manifest)


def test_resolving_twice_is_the_same(resolved: Resolved) -> None:
    """Equal manifests want equal things, wherever they stand."""
    assert resolved("{200: {}}") == resolved("{200: {},    }")
