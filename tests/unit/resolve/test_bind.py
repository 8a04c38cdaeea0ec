"""Desired state bound to live state: names, proxies, ownership, ignored values."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.diff import compare
from reconciler.lint import lint
from reconciler.models.desired import ABSENT, Desired, Wanted
from reconciler.models.digest import desired_digest
from reconciler.models.fields import fits
from reconciler.models.keys import IntegrationKey, MethodKey, ResponseKey, Scope
from reconciler.models.live import LiveApi, LiveIntegration, LiveMethod, LiveScope
from reconciler.models.responses import RestResponse, WebSocketResponse
from reconciler.models.targets import Kind, Target
from reconciler.plan import make_plan
from reconciler.resolve import merge
from reconciler.resolve.bind import (
    IGNORE_NOTHING,
    IGNORE_RESPONSE,
    NOT_SELECTED,
    IgnoredFields,
    bind,
    carry_live_values,
)
from support.states import METHODS, Content, apis, desired_of

Resolved = Callable[..., Desired]

FEW = settings(max_examples=25)

REST = Target("123456789012", "eu-west-1", "a1b2c3")
CHAT = Target("123456789012", "eu-west-1", "w1", kind=Kind.WEBSOCKET_API)
GET, POST, _ = METHODS
OK, ERROR = ResponseKey(GET, "200"), ResponseKey(GET, "500")


def live_of(state: Mapping[MethodKey, Content], integration_type: str = "HTTP") -> LiveApi:
    """A REST API with these responses."""
    methods: dict[Scope, LiveScope] = {
        scope: LiveMethod("r1", integration_type, responses=content) for scope, content in state.items()
    }
    return LiveApi(REST, frozenset(scope.path for scope in state), methods)


def chat_of(*integrations: LiveIntegration) -> LiveApi:
    """A WebSocket API with these integrations, as it is read when none of them is listed."""
    return LiveApi(
        CHAT,
        frozenset(),
        {
            IntegrationKey(next(iter(integration.routes), ""), integration.integration_id): integration
            for integration in integrations
        },
        {route: integration.integration_id for integration in integrations for route in integration.routes},
    )


SHARED = LiveIntegration("i1", "HTTP", routes=("history", "send"), responses={"$default": WebSocketResponse("live")})
ALONE = LiveIntegration("i2", "HTTP")

MANIFEST = """\
apiVersion: reconciler/v1
kind: WebSocketApi
metadata: {name: chat}
spec:
  api: {name: chat}
  %s
"""


def test_rest_stays_as_it_is() -> None:
    """Without sets and `own`, a REST API's desired state is bound as it is."""
    desired, live = desired_of({GET: {"200": RestResponse("x"), "404": None}}), live_of({GET: {}})
    bound = bind(desired, live)

    assert (desired, live, ()) == (bound.desired, bound.live, bound.diagnostics)


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ("routes: {send: {responses: {$default: {}}}}", IntegrationKey("send", "i1")),
        ("routes: {history: {responses: {$default: {}}}}", IntegrationKey("history", "i1")),
        ("integrations: [{id: i1, responses: {$default: {}}}]", IntegrationKey("", "i1")),
        ("integrations: [{id: i2, responses: {$default: {}}}]", IntegrationKey("", "i2")),
    ],
)
def test_names(resolved: Resolved, listed: str, expected: IntegrationKey) -> None:
    """Both sides call an integration by what lists it and by its id."""
    bound = bind(resolved(MANIFEST % listed), chat_of(SHARED, ALONE))

    assert [expected] == list(bound.desired.owns)
    assert [ResponseKey(expected, "$default")] == list(bound.desired.responses)
    assert expected in bound.live.methods
    assert 2 == len(bound.live.methods)


def test_bound_names_compare(resolved: Resolved) -> None:
    """The responses of a route are compared with those of its integration."""
    listed = "routes: {send: {responses: {$default: {templateSelectionExpression: live}}}}"
    bound = bind(resolved(MANIFEST % listed), chat_of(SHARED))

    assert () == compare(bound.desired, bound.live).changes


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ("routes: {nowhere: {responses: {}}}", IntegrationKey("nowhere")),
        ("integrations: [{id: i9, responses: {}}]", IntegrationKey(id="i9")),
    ],
)
def test_what_the_api_lacks_keeps_its_name(resolved: Resolved, listed: str, expected: IntegrationKey) -> None:
    """A route or id that the API lacks stays unbound."""
    assert [expected] == list(bind(resolved(MANIFEST % listed), chat_of(SHARED)).desired.owns)


def test_route_that_leads_elsewhere_by_now(resolved: Resolved) -> None:
    """What was bound once is bound anew by its route, not by the id of before."""
    before = bind(resolved(MANIFEST % "routes: {send: {responses: {}}}"), chat_of(SHARED)).desired
    moved = chat_of(replace(SHARED, routes=("history",)), replace(ALONE, routes=("send",)))

    assert [IntegrationKey("send", "i2")] == list(bind(before, moved).desired.owns)


@pytest.mark.parametrize(
    "listed",
    [
        "routes: {send: {responses: {/4../: {}}}, history: {responses: {/4../: {}}}}",
        "routes: {send: {responses: {/4../: {}}}}\n  integrations: [{id: i1, responses: {/4../: {}}}]",
    ],
)
def test_declared_alike(resolved: Resolved, listed: str) -> None:
    """An integration that is listed twice, and alike, is listed once, by the first route."""
    bound = bind(resolved(MANIFEST % listed), chat_of(SHARED))

    assert () == bound.diagnostics
    assert [ResponseKey(IntegrationKey("send", "i1"), "/4../")] == list(bound.desired.responses)


@pytest.mark.parametrize(
    "other",
    [
        "{responses: {}}",
        "{responses: {/4../: absent}}",
        "{responses: {/4../: {protect: true}}}",
        "{own: [responseTemplates], responses: {/4../: {}}}",
    ],
)
def test_contradicting_routes(resolved: Resolved, other: str) -> None:
    """Routes with different responses for one integration are an error that names both; the first one counts."""
    listed = f"routes:\n    send: {{responses: {{/4../: {{}}}}}}\n    history: {other}"
    bound = bind(resolved(MANIFEST % listed), chat_of(SHARED))

    assert [
        (
            "m.yaml:8:5: error: integration i1 is listed here as `history` and at m.yaml:7:5 as `send`, with "
            "other responses [contradicting-routes]; declare the responses of an integration once, or identically"
        )
    ] == [str(diagnostic) for diagnostic in bound.diagnostics]
    assert [ResponseKey(IntegrationKey("send", "i1"), "/4../")] == list(bound.desired.responses)


def test_two_manifests(resolved: Resolved) -> None:
    """An integration that two manifests list, by whatever name, is an error even if they say the same."""
    first = resolved(MANIFEST % "routes: {send: {responses: {}}}")
    second = resolved(
        (MANIFEST % "integrations: [{id: i1, responses: {}}]").replace("name: chat}\nspec", "name: b}\nspec")
    )
    merged, _ = merge([first, second])

    assert [
        (
            "m.yaml:6:18: error: integration i1 is listed here as `integration i1` and at m.yaml:6:12 as `send`, which "
            "is in another manifest [duplicate-method]; list an integration of an API in one manifest only"
        )
    ] == [str(diagnostic) for diagnostic in bind(merged, chat_of(SHARED)).diagnostics]


def test_origins_are_found_under_the_new_name(resolved: Resolved) -> None:
    """Values of a bound response are still known by their places."""
    listed = "routes: {send: {responses: {$default: {templateSelectionExpression: x}}}}"
    desired = bind(resolved(MANIFEST % listed), chat_of(SHARED)).desired
    key = ResponseKey(IntegrationKey("send", "i1"), "$default")

    assert "m.yaml:6:42" == str(desired.origin(key, "templateSelectionExpression"))
    assert [(key, ""), (key, "templateSelectionExpression")] == list(desired.origins)


@pytest.mark.parametrize(("integration_type", "expected"), [("AWS_PROXY", [OK]), ("HTTP", [OK, ERROR])])
def test_proxies_are_spared_sets(integration_type: str, expected: list[ResponseKey]) -> None:
    """Responses that only sets declare do not apply to a proxy integration; those of the manifest itself do."""
    desired = desired_of({GET: {"200": RestResponse(), "500": RestResponse("x")}})
    desired = replace(desired, from_sets=frozenset({ERROR}), protected=frozenset({ERROR}))
    bound = bind(desired, live_of({GET: {}}, integration_type)).desired

    assert expected == list(bound.responses)
    assert bound.protected <= bound.responses.keys()


def test_own() -> None:
    """A response that is owned in part keeps its live values, except in the owned fields."""
    desired = desired_of({GET: {"200": RestResponse("mine", None, {}, {"a": "mine"}), "500": RestResponse("x")}})
    desired = replace(desired, owned={OK: ("responseTemplates.a",), ERROR: ("selectionPattern",)})
    live = live_of({GET: {"200": RestResponse("live", "CONVERT_TO_TEXT", {"h": "live"}, {"a": "live", "b": "live"})}})
    carried = RestResponse("live", "CONVERT_TO_TEXT", {"h": "live"}, {"a": "mine", "b": "live"})

    assert {OK: carried, ERROR: RestResponse("x")} == bind(desired, live).desired.responses


def test_own_prunes_nothing(resolved: Resolved) -> None:
    """Live responses that a method owned in part does not list stay."""
    text = """\
apiVersion: reconciler/v1
kind: RestApi
metadata: {name: petstore}
spec:
  api: {name: petstore}
  own: [responseParameters]
  resources: {/pets: {GET: {responses: {200: {}}}}}
"""
    bound = bind(resolved(text), live_of({GET: {"200": RestResponse("x"), "500": RestResponse()}}))
    found = compare(bound.desired, bound.live)

    assert ((), (OK,), (ERROR,)) == (found.changes, found.unchanged, found.unmanaged)


PATTERNS = ("selectionPattern", "responseTemplates", "responseParameters.*X-A", "*text/plain", "content*")
OWNED = st.dictionaries(
    st.sampled_from([ResponseKey(scope, code) for scope in METHODS for code in ("200", "404", "500")]),
    st.lists(st.sampled_from(PATTERNS), min_size=1).map(tuple),
)


@FEW
@given(apis(), apis(), OWNED)
def test_nothing_changes_outside_own(
    wanted: dict[MethodKey, Content], live: dict[MethodKey, Content], owned: dict[ResponseKey, tuple[str, ...]]
) -> None:
    """For any desired and live state, an update changes only owned fields."""
    bound = bind(replace(desired_of(wanted), owned=owned), live_of(live))
    updates = [change for change in compare(bound.desired, bound.live).changes if change.before and change.after]
    strangers = [
        (change.key, field.path)
        for change in updates
        for field in change.fields
        if change.key in owned and not fits(owned[change.key], field.path)
    ]

    assert [] == strangers


@FEW
@given(apis(), apis(), OWNED)
def test_everything_changes_within_own(
    wanted: dict[MethodKey, Content], live: dict[MethodKey, Content], owned: dict[ResponseKey, tuple[str, ...]]
) -> None:
    """If all fields are owned, binding does not change the desired state."""
    desired = replace(desired_of(wanted), owned=dict.fromkeys(owned, ("*",)))

    assert desired.responses == bind(desired, live_of(live)).desired.responses


@FEW
@given(apis(), apis(), OWNED, st.sampled_from(["HTTP", "AWS_PROXY"]))
def test_bind_is_idempotent(
    wanted: dict[MethodKey, Content],
    live: dict[MethodKey, Content],
    owned: dict[ResponseKey, tuple[str, ...]],
    integration_type: str,
) -> None:
    """To bind what is bound gives the same."""
    desired = desired_of(wanted)
    desired = replace(desired, owned=owned, from_sets=frozenset(owned) & desired.responses.keys())
    once = bind(desired, live_of(live, integration_type))

    assert once == bind(once.desired, once.live)


ROUTES = ("a", "b", "c", "$connect")


@st.composite
def chats(draw: st.DrawFn) -> LiveApi:
    """A WebSocket API whose routes each target one of three integrations, or none."""
    targets = draw(st.dictionaries(st.sampled_from(ROUTES), st.sampled_from(("i1", "i2", "i3"))))
    types = draw(st.lists(st.sampled_from(("HTTP", "AWS_PROXY")), min_size=3, max_size=3))
    return chat_of(
        *(
            LiveIntegration(name, kind, routes=tuple(sorted(route for route, to in targets.items() if to == name)))
            for name, kind in zip(("i1", "i2", "i3"), types, strict=True)
        )
    )


@FEW
@given(
    chats(),
    st.dictionaries(
        st.sampled_from([*map(IntegrationKey, ROUTES), *(IntegrationKey(id=one) for one in ("i1", "i4"))]),
        st.dictionaries(st.sampled_from(("$default", "/4../")), st.sampled_from((ABSENT, WebSocketResponse("x")))),
    ),
)
def test_bind_of_routes_is_idempotent(live: LiveApi, wanted: dict[Scope, dict[str, Wanted]]) -> None:
    """To bind routes that are bound gives the same, and no two scopes for one integration."""
    desired = desired_of({})
    owner = desired_of({GET: {}}).owns[GET]
    responses = {ResponseKey(scope, key): one for scope, content in wanted.items() for key, one in content.items()}
    desired = replace(desired, owns=dict.fromkeys(wanted, owner), responses=responses)
    once = bind(desired, live)
    ids = [scope.id for scope in once.desired.owns if scope in once.live.methods and isinstance(scope, IntegrationKey)]
    again = bind(once.desired, once.live)

    assert (once.desired, once.live) == (again.desired, again.live)
    assert sorted(set(ids)) == sorted(ids)


def leaving(**leaves: IgnoredFields) -> Callable[[ResponseKey], IgnoredFields]:
    """What is left alone, by status code (`_200=...`)."""
    return lambda key: leaves.get(f"_{key.code}", IGNORE_NOTHING)


WANTED = {GET: {"200": RestResponse("mine", None, {}, {"a": "mine"}), "404": RestResponse("x"), "500": None}}
LIVE = live_of(
    {GET: {"200": RestResponse("live", None, {}, {"a": "live"}), "500": RestResponse(), "503": RestResponse("s")}}
)


def test_carry_nothing() -> None:
    """Without ignored values, the desired state stays the same."""
    assert desired_of(WANTED) == carry_live_values(desired_of(WANTED), LIVE, leaving())


def test_carry_fields() -> None:
    """Fields that are to be left alone get their live values."""
    desired = carry_live_values(desired_of(WANTED), LIVE, leaving(_200=IgnoredFields(fields=("responseTemplates",))))

    assert RestResponse("mine", None, {}, {"a": "live"}) == desired.responses[OK]


def test_carry_fields_of_what_is_not_live() -> None:
    """A response that does not exist yet is created with the desired values."""
    desired = carry_live_values(desired_of(WANTED), LIVE, leaving(_404=IgnoredFields(fields=("selectionPattern",))))

    assert RestResponse("x") == desired.responses[ResponseKey(GET, "404")]


@pytest.mark.parametrize("code", ["200", "404", "500", "503"])
def test_carry_everything(code: str) -> None:
    """A response that is ignored as a whole is not created, changed or deleted."""
    desired = carry_live_values(desired_of(WANTED), LIVE, leaving(**{f"_{code}": IGNORE_RESPONSE}))
    before = {change.key.code for change in compare(desired_of(WANTED), LIVE).changes}

    assert {"200", "404", "500", "503"} == before
    assert before - {code} == {change.key.code for change in compare(desired, LIVE).changes}


def test_what_is_ignored_is_not_unmanaged() -> None:
    """A live response that an ignore rule leaves alone counts as ignored: its method is listed."""
    found = compare(carry_live_values(desired_of(WANTED), LIVE, leaving(_503=IGNORE_RESPONSE)), LIVE)

    assert ((ResponseKey(GET, "503"),), ()) == (found.ignored, found.unmanaged)


def test_what_is_not_selected_is_not_unmanaged() -> None:
    """A live response and one that is only desired both count as not selected."""
    wanted = {GET: {**WANTED[GET], "418": RestResponse()}}
    found = compare(carry_live_values(desired_of(wanted), LIVE, leaving(_503=NOT_SELECTED, _418=NOT_SELECTED)), LIVE)

    keys = (ResponseKey(GET, "418"), ResponseKey(GET, "503"))
    assert (keys, (), ()) == (found.unselected, found.ignored, found.unmanaged)


LEAVES = st.dictionaries(
    st.sampled_from([f"_{code}" for code in ("200", "404", "500")]),
    st.just(IGNORE_RESPONSE) | st.lists(st.sampled_from(PATTERNS)).map(lambda fields: IgnoredFields(tuple(fields))),
)


@FEW
@given(apis(), apis(), LEAVES)
def test_carry_is_idempotent(
    wanted: dict[MethodKey, Content], live: dict[MethodKey, Content], leaves: dict[str, IgnoredFields]
) -> None:
    """To carry what is carried gives the same."""
    once = carry_live_values(desired_of(wanted), live_of(live), leaving(**leaves))

    assert once == carry_live_values(once, live_of(live), leaving(**leaves))


@FEW
@given(apis(), apis())
def test_leave_everything(wanted: dict[MethodKey, Content], live: dict[MethodKey, Content]) -> None:
    """If everything is ignored, the plan is empty."""
    desired = carry_live_values(desired_of(wanted), live_of(live), lambda _: IGNORE_RESPONSE)

    assert () == compare(desired, live_of(live)).changes


HEADERS_ONLY = """\
apiVersion: reconciler/v1
kind: RestApi
metadata: {name: petstore}
spec:
  api: {name: petstore}
  own: ['responseParameters.method.response.header.X-*']
  resources:
    /pets:
      GET:
        responses:
          200: {responseParameters: {method.response.header.X-A: "'1'"}}
          500: {responseParameters: {method.response.header.X-A: "'1'"}}
"""
THEIRS = {"method.response.header.Y": "'2'"}
BOTH = {"method.response.header.X-A": "'1'", **THEIRS}


def test_headers_beside_another_tool(resolved: Resolved) -> None:
    """A manifest that owns only headers changes only headers, not the templates and patterns of another tool."""
    desired = resolved(HEADERS_ONLY)
    live = live_of({GET: {"200": RestResponse("", None, THEIRS, {"a": "x"}), "500": RestResponse("5..", None, THEIRS)}})
    bound = bind(desired, live)

    assert () == lint(desired)
    assert [RestResponse("", None, BOTH, {"a": "x"}), RestResponse("5..", None, BOTH)] == [
        change.after for change in compare(bound.desired, bound.live).changes
    ]


def test_what_is_not_live_makes_no_second_default(resolved: Resolved) -> None:
    """A response whose pattern others own cannot be created next to a default response; the plan says so."""
    bound = bind(resolved(HEADERS_ONLY), live_of({GET: {"200": RestResponse()}}))

    assert ["500 is not live, and would be a second default response next to 200"] == [
        diagnostic.message for diagnostic in make_plan(bound.desired, bound.live).diagnostics
    ]


def test_own_is_in_the_digest(resolved: Resolved) -> None:
    """What is owned, by method or by response, is part of the digest of desired state."""
    desired = resolved(HEADERS_ONLY)
    others = [resolved(HEADERS_ONLY.replace("X-*", "*")), replace(desired, owned={})]

    assert 3 == len({desired_digest(one) for one in (desired, *others)})
