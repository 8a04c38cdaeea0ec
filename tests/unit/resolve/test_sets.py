"""Response sets and overlays: the order in which they merge, and the origins of values."""

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.manifest.schema.documents import ManifestDocument, SetDocument
from reconciler.manifest.schema.response_set import ResponseSet
from reconciler.manifest.schema.rest import RestApiManifest
from reconciler.manifest.schema.validation import validated
from reconciler.models.desired import ABSENT, Desired, Wanted
from reconciler.models.keys import IntegrationKey, MethodKey, ResponseKey
from reconciler.models.responses import RestResponse, WebSocketResponse
from reconciler.resolve import check_sets, resolve
from reconciler.resolve.sets import limited_layers
from reconciler.yamlio.parse import read

Resolved = Callable[..., Desired]
Problems = Callable[..., list[str]]

GET = MethodKey("/carts", "GET")
OK = ResponseKey(GET, "200")
ERROR = ResponseKey(GET, "500")

MANIFEST = """\
apiVersion: reconciler/v1
kind: RestApi
metadata: {{name: shop}}
spec:
  api: {{name: shop}}
  use: {shared}
  overlays: {overlays}
  resources:
    /carts:
      GET:
        use: {use}
        responses: {responses}
{more}"""


def manifest(responses: str = "{}", use: str = "[]", shared: str = "[]", overlays: str = "{}", more: str = "") -> str:
    """A manifest with one method."""
    return MANIFEST.format(responses=responses, use=use, shared=shared, overlays=overlays, more=more)


def response_set(name: str, responses: str, *, use: str = "[]", kind: str = "RestApi") -> str:
    """A document with a set; its responses are in line 5."""
    head = f"---\napiVersion: reconciler/v1\nkind: ResponseSet\nmetadata: {{name: {name}}}\n"
    return head + f"spec: {{for: {kind}, use: {use}, responses: {responses}}}\n"


@pytest.mark.parametrize(
    ("below", "above", "expected"),
    [
        ("{selectionPattern: a}", "{}", RestResponse("a")),
        ("{selectionPattern: a}", "{selectionPattern: b}", RestResponse("b")),
        ("{selectionPattern: a}", "{selectionPattern: ''}", RestResponse()),
        ("{selectionPattern: a}", "{selectionPattern: absent}", RestResponse()),
        ("{selectionPattern: a}", "{contentHandling: CONVERT_TO_TEXT}", RestResponse("a", "CONVERT_TO_TEXT")),
        (
            "{responseTemplates: {a: x, b: x}}",
            "{responseTemplates: {b: y, c: y}}",
            RestResponse(response_templates={"a": "x", "b": "y", "c": "y"}),
        ),
        ("{responseTemplates: {a: x}}", "{responseTemplates: {}}", RestResponse(response_templates={"a": "x"})),
        ("{responseTemplates: {a: x}}", "{responseTemplates: {a: ''}}", RestResponse(response_templates={"a": ""})),
        ("{responseTemplates: {a: x}}", "{responseTemplates: absent}", RestResponse()),
        (
            "{responseParameters: {a: x, b: x}}",
            "{responseParameters: {a: absent}}",
            RestResponse(response_parameters={"b": "x"}),
        ),
        ("{responseTemplates: absent}", "{responseTemplates: {a: x}}", RestResponse(response_templates={"a": "x"})),
        ("{responseTemplates: {a: {file: t}}}", "{}", RestResponse(response_templates={"a": "text"})),
        ("{selectionPattern: a}", "absent", ABSENT),
        ("absent", "{selectionPattern: a}", RestResponse("a")),
        ("absent", "{}", RestResponse()),
    ],
)
def test_method_over_set(resolved: Resolved, below: str, above: str, expected: Wanted) -> None:
    """The method's own responses merge over those of a set, field by field and map key by map key."""
    text = manifest(f"{{500: {above}}}", use="[errors]") + response_set("errors", f"{{500: {below}}}")

    assert expected == resolved(text, templates={"t": "text"}).responses[ERROR]


def test_after_absent_starts_empty(resolved: Resolved) -> None:
    """What a response had before an `absent` does not come back when a later layer defines it again."""
    text = (
        manifest("{500: {contentHandling: CONVERT_TO_TEXT}}", use="[one, two]")
        + response_set("one", "{500: {selectionPattern: a}}")
        + response_set("two", "{500: absent}")
    )

    assert RestResponse(content_handling="CONVERT_TO_TEXT") == resolved(text).responses[ERROR]


@pytest.mark.parametrize(("use", "expected"), [("[a, b]", "b"), ("[b, a]", "a"), ("[{set: b}, {set: a}]", "a")])
def test_order_of_sets(resolved: Resolved, use: str, expected: str) -> None:
    """Of several sets the last one wins."""
    text = manifest(use=use)
    text += response_set("a", "{500: {selectionPattern: a}}") + response_set("b", "{500: {selectionPattern: b}}")

    assert RestResponse(expected) == resolved(text).responses[ERROR]


def test_set_of_sets(resolved: Resolved) -> None:
    """A set merges over the sets that it uses itself."""
    text = (
        manifest(use="[outer]")
        + response_set("outer", "{500: {selectionPattern: outer}}", use="[inner]")
        + response_set("inner", "{500: {selectionPattern: inner, contentHandling: CONVERT_TO_TEXT}}")
    )

    assert RestResponse("outer", "CONVERT_TO_TEXT") == resolved(text).responses[ERROR]


def test_manifest_then_method(resolved: Resolved) -> None:
    """The sets of the method merge over those of the manifest."""
    text = (
        manifest(use="[method]", shared="[all]")
        + response_set("method", "{500: {selectionPattern: method}}")
        + response_set("all", "{500: {selectionPattern: all, contentHandling: CONVERT_TO_TEXT}}")
    )

    assert RestResponse("method", "CONVERT_TO_TEXT") == resolved(text).responses[ERROR]


MORE = """\
      OPTIONS: {responses: {}}
      ANY: {responses: {}}
    /carts/{id}: {GET: {responses: {}}}
    /: {POST: {responses: {}}}
"""


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        ("errors", {"GET /carts", "ANY /carts", "GET /carts/{id}", "POST /"}),
        ("{set: errors}", {"GET /carts", "ANY /carts", "GET /carts/{id}", "POST /"}),
        ("{set: errors, methods: [OPTIONS, POST]}", {"OPTIONS /carts", "POST /"}),
        ("{set: errors, paths: [/carts]}", {"GET /carts", "ANY /carts"}),
        ("{set: errors, paths: [/carts/**]}", {"GET /carts", "ANY /carts", "GET /carts/{id}"}),
        ("{set: errors, paths: [/carts/*]}", {"GET /carts/{id}"}),
        ("{set: errors, paths: [/, '/*/{id}']}", {"GET /carts/{id}", "POST /"}),
        ("{set: errors, paths: [/], methods: [GET]}", set()),
        ("{set: errors, paths: []}", set()),
    ],
)
def test_coverage(resolved: Resolved, use: str, expected: set[str]) -> None:
    """A set for the whole manifest applies to all methods but OPTIONS, or to those that it names."""
    desired = resolved(manifest(shared=f"[{use}]", more=MORE) + response_set("errors", "{500: {}}"))

    assert expected == {str(key.scope) for key in desired.responses}


CHAT = """\
apiVersion: reconciler/v1
kind: WebSocketApi
metadata: {name: chat}
spec:
  api: {name: chat}
  use: [%s]
  routes:
    sendMessage: {responses: {$default: {contentHandlingStrategy: CONVERT_TO_TEXT}}}
    $connect: {responses: {}}
  integrations: [{id: abc, use: [], responses: {}}]
"""


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        ("errors", {"sendMessage", "$connect", "integration abc"}),
        ("{set: errors}", {"sendMessage", "$connect", "integration abc"}),
        ("{set: errors, routes: [send*]}", {"sendMessage"}),
        ("{set: errors, routes: ['*']}", {"sendMessage", "$connect"}),
    ],
)
def test_coverage_of_routes(resolved: Resolved, use: str, expected: set[str]) -> None:
    """In a WebSocket manifest it goes to all that is listed, or to its routes."""
    desired = resolved(CHAT % use + response_set("errors", "{/5../: {}}", kind="WebSocketApi"))

    assert expected == {str(key.scope) for key in desired.responses if key.code == "/5../"}


def test_websocket_fields_are_merged(resolved: Resolved) -> None:
    """A WebSocket response is made of layers as a REST one is."""
    text = CHAT % "errors" + response_set("errors", "{$default: {templateSelectionExpression: x}}", kind="WebSocketApi")
    expected = WebSocketResponse("x", "CONVERT_TO_TEXT")

    assert expected == resolved(text).responses[ResponseKey(IntegrationKey("sendMessage"), "$default")]


def test_method_without_responses_of_its_own(resolved: Resolved) -> None:
    """A method may have nothing but sets."""
    text = manifest(more="    /a: {PUT: {use: [errors]}}\n") + response_set("errors", "{500: {}}")

    assert {ResponseKey(MethodKey("/a", "PUT"), "500")} == resolved(text).responses.keys()


def test_settings_are_fields(resolved: Resolved) -> None:
    """`protect` and `allow` come from sets too; a later layer wins."""
    text = manifest("{200: {}, 500: {protect: false, allow: []}}", use="[a]")
    text += response_set("a", "{200: {protect: true, allow: [x]}, 500: {protect: true, allow: [x]}}")
    desired = resolved(text)

    assert {OK} == desired.protected
    assert {OK: frozenset({"x"})} == desired.allowed


def test_from_sets(resolved: Resolved) -> None:
    """What only sets have is known as such; a word of the manifest's own, in the body or the overlay, ends that."""
    text = manifest("{200: {}}", use="[a]", overlays="{dev: {resources: {/carts: {GET: {responses: {404: {}}}}}}}")
    text += response_set("a", "{200: {}, 404: {}, 500: {}}")

    assert {ERROR} == resolved(text, "dev").from_sets


@pytest.mark.parametrize(
    ("path", "place", "name"),
    [
        ("", "m.yaml:12:21", ""),
        ("contentHandling", "m.yaml:12:27", ""),
        ("selectionPattern", "m.yaml:17:49", "a"),
        ("responseTemplates.x", "m.yaml:17:90", "a"),
        ("responseTemplates.y", "m.yaml:12:81", ""),
        ("responseParameters", "m.yaml:12:21", ""),
    ],
)
def test_origin(resolved: Resolved, path: str, place: str, name: str) -> None:
    """Every value is known by its place, and by the set that the place is in."""
    own = "{500: {contentHandling: CONVERT_TO_TEXT, responseTemplates: {y: own}}}"
    text = manifest(own, use="[a]") + response_set(
        "a", "{500: {selectionPattern: x, responseTemplates: {x: set, y: set}}}"
    )
    desired = resolved(text)

    assert (place, name) == (str(desired.origin(ERROR, path)), desired.set_of(ERROR, path))


def test_origin_behind_absent(resolved: Resolved) -> None:
    """The origin of a removed value is the entry that removes it."""
    text = manifest("{500: {responseTemplates: absent}}", use="[a]")
    text += response_set("a", "{500: {responseTemplates: {x: set}}}")

    assert "m.yaml:12:27" == str(resolved(text).origin(ERROR, "responseTemplates.x"))


def test_origins_are_a_table(resolved: Resolved) -> None:
    """The mapping lists every value of any layer once."""
    text = manifest("{500: {responseTemplates: {y: own}}}", use="[a]")
    text += response_set("a", "{500: {responseTemplates: {x: set, y: set}, protect: true}}")
    origins = resolved(text).origins
    templates = ["responseTemplates", "responseTemplates.x", "responseTemplates.y"]

    assert [(ERROR, ""), *((ERROR, template) for template in templates)] == list(origins)


OVERLAY = "{dev: {resources: {/carts: {GET: {use: [b], responses: {500: {contentHandling: absent}}}}}}}"


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        (None, RestResponse("a", "CONVERT_TO_TEXT")),
        ("prod", RestResponse("a", "CONVERT_TO_TEXT")),
        ("dev", RestResponse("b")),
    ],
)
def test_overlay(resolved: Resolved, environment: str | None, expected: Wanted) -> None:
    """The overlay of the environment, its sets first, merges over all else; other overlays do not count."""
    text = manifest("{500: {selectionPattern: a, contentHandling: CONVERT_TO_TEXT}}", overlays=OVERLAY)

    assert expected == resolved(text + response_set("b", "{500: {selectionPattern: b}}"), environment).responses[ERROR]


def test_method_in_the_overlay_only(resolved: Resolved) -> None:
    """A method that only an overlay has is listed in that environment, and gets the manifest's sets."""
    text = manifest(shared="[a]", overlays="{dev: {resources: {/debug: {GET: {responses: {200: {}}}}}}}")
    text += response_set("a", "{500: {}}")
    debug = MethodKey("/debug", "GET")

    assert {GET, debug} == resolved(text, "dev").owns.keys()
    assert {"200", "500"} == {key.code for key in resolved(text, "dev").responses if key.scope == debug}
    assert {GET} == resolved(text).owns.keys()


def test_overlay_of_integrations(resolved: Resolved) -> None:
    """An integration that is listed by id is overlaid by id, at any position in the list."""
    overlay = (
        "  overlays: {dev: {integrations: [{id: abc, responses: {$default: {templateSelectionExpression: x}}}]}}\n"
    )
    desired = resolved(CHAT.replace("[%s]", "[]") + overlay, "dev")

    assert WebSocketResponse("x") == desired.responses[ResponseKey(IntegrationKey(id="abc"), "$default")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            manifest(use="[eror]") + response_set("errors", "{}"),
            ["m.yaml:11:15: error: there is no response set `eror` [unknown-set]; did you mean `errors`?"],
        ),
        (
            manifest(use="[{set: a}]"),
            [
                (
                    "m.yaml:11:21: error: there is no response set `a` [unknown-set]; "
                    "check the name; sets are loaded from the PATHs and the configuration"
                )
            ],
        ),
        (
            manifest(shared="[{set: a, paths: [/x]}]"),
            [
                (
                    "m.yaml:6:15: error: there is no response set `a` [unknown-set]; "
                    "check the name; sets are loaded from the PATHs and the configuration"
                )
            ],
        ),
        (
            manifest(use="[a]") + response_set("a", "{}", kind="WebSocketApi"),
            [
                (
                    "m.yaml:11:15: error: set `a` is for WebSocketApi (m.yaml:17:13), but this is for RestApi "
                    "[set-kind]; use a set that is for RestApi"
                )
            ],
        ),
        (
            manifest(use="[b]") + response_set("a", "{}", use="[b]") + response_set("b", "{}", use="[a]"),
            [
                (
                    "m.yaml:22:28: error: response sets use each other in a cycle: a -> b -> a [circular-use]; "
                    "remove one of them from the `use` of the other"
                )
            ],
        ),
        (
            manifest(use="[a]") + response_set("a", "{}", use="[a]"),
            [
                (
                    "m.yaml:17:28: error: response sets use each other in a cycle: a -> a [circular-use]; "
                    "remove one of them from the `use` of the other"
                )
            ],
        ),
    ],
)
def test_wrong_use(problems: Problems, text: str, expected: list[str]) -> None:
    """A set that is missing, of another kind or part of a circle is an error at the place that names it."""
    assert expected == problems(text)


def sets_of(text: str) -> dict[str, SetDocument]:
    """The sets of a text."""
    found = [(validated(places), places) for places in read(text.encode(), "s.yaml").documents]
    return {one.metadata.name: SetDocument(one, places) for one, places in found if isinstance(one, ResponseSet)}


def test_sets_are_checked_unused() -> None:
    """What is wrong between sets is found, though no manifest uses them; a circle once, wherever it is entered."""
    text = "".join(
        [
            response_set("a", "{}", use="[b]"),
            response_set("b", "{}", use="[c]"),
            response_set("c", "{}", use="[b, w]"),
            response_set("w", "{}", kind="WebSocketApi"),
        ]
    )

    assert ["circular-use", "set-kind"] == [one.rule for one in check_sets(sets_of(text))]


def test_many_sets_in_a_row() -> None:
    """A chain of sets without end is refused, not followed for ever."""
    text = "".join(response_set(f"s{number}", "{}", use=f"[s{number + 1}]") for number in range(80))
    found = check_sets(sets_of(text + response_set("s80", "{}")))

    assert {"circular-use"} == {one.rule for one in found}


def test_many_sets_that_use_many(problems: Problems) -> None:
    """Sets upon sets are worked out as far as a limit goes, which all of a run share."""
    text = manifest(use="[s0]")
    text += "".join(response_set(f"s{one}", "{}", use=f"[s{one + 1}]") for one in range(29))
    with limited_layers(100) as work:
        found = problems(text + response_set("s29", "{}"))

    assert ["too-large"] == [one.rpartition("[")[2].partition("]")[0] for one in found]
    assert 100 >= work.steps


def test_sets_that_double_each_time(resolved: Resolved) -> None:
    """Sets that use each other twice, thirty levels deep, are each applied once."""
    text = manifest(use="[s0]") + response_set("s30", "{500: {selectionPattern: x}}")
    text += "".join(response_set(f"s{one}", "{}", use=f"[s{one + 1}, s{one + 1}]") for one in range(30))

    assert RestResponse("x") == resolved(text).responses[ERROR]


_FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "selectionPattern": st.sampled_from(["", "a", "absent"]),
        "contentHandling": st.sampled_from(["CONVERT_TO_TEXT", "absent"]),
        "responseTemplates": st.just("absent")
        | st.dictionaries(st.sampled_from("xyz"), st.sampled_from(["", "t", "absent"])),
    },
)
_RESPONSES = st.dictionaries(st.sampled_from(["200", "404", "500"]), st.just("absent") | _FIELDS)


def _laid_by_hand(layers: list[Mapping[str, object]]) -> dict[str, object]:
    """The merge, as its description has it."""
    merged: dict[str, object] = {}
    for layer in layers:
        for code, response in layer.items():
            below = merged.get(code)
            merged[code] = "absent" if response == "absent" else _merged(below, response)
    return merged


def _merged(below: object, above: object) -> object:
    if not isinstance(above, dict):
        return above
    merged: dict[str, object] = {**below} if isinstance(below, dict) else {}
    for key, value in above.items():
        if value == "absent":
            merged.pop(key, None)
        else:
            merged[key] = _merged(merged.get(key), value)
    return merged


@given(st.lists(_RESPONSES, min_size=1, max_size=4))
def test_layers_are_one_manifest(layers: list[Mapping[str, object]]) -> None:
    """Spreading responses over sets gives the same desired state as one place for all of them."""
    sets = {f"s{index}": _set_document(f"s{index}", one) for index, one in enumerate(layers[:-1])}
    spread, _ = resolve(_manifest_document(layers[-1], list(sets)), sets)
    whole, _ = resolve(_manifest_document(_laid_by_hand(layers), []))

    assert whole.responses == spread.responses


def _set_document(name: str, responses: Mapping[str, object]) -> SetDocument:
    (places,) = read(response_set(name, "{}").encode(), "s.yaml").documents
    spec = {"for": "RestApi", "responses": responses}
    raw = {"apiVersion": "reconciler/v1", "kind": "ResponseSet", "metadata": {"name": name}, "spec": spec}
    return SetDocument(ResponseSet.model_validate(raw), places)


def _manifest_document(responses: Mapping[str, object], use: list[str]) -> ManifestDocument:
    (places,) = read(manifest().encode(), "m.yaml").documents
    resources = {"/carts": {"GET": {"use": use, "responses": responses}}}
    spec = {"api": {"name": "shop"}, "resources": resources}
    raw = {"apiVersion": "reconciler/v1", "kind": "RestApi", "metadata": {"name": "shop"}, "spec": spec}
    return ManifestDocument(RestApiManifest.model_validate(raw), places)


def test_absent_does_not_lift_a_protection(resolved: Resolved) -> None:
    """The contradiction stays visible to the linter, which names it."""
    protected = manifest("{200: {protect: true}, 500: absent}", use="[base]")
    text = protected + response_set("base", "{200: {}, 500: {protect: true}}")

    assert {OK, ERROR} == resolved(text).protected


def test_what_is_declared_again_after_absent_is_not_protected(resolved: Resolved) -> None:
    """It starts empty, without the settings of earlier layers."""
    text = manifest("{500: {}}", use="[base, none]")
    text += response_set("base", "{500: {protect: true}}") + response_set("none", "{500: absent}")

    assert frozenset() == resolved(text).protected
