"""One API as it was wanted and as it is wanted."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from reconciler.models.desired import Desired, ManifestRef, Ownership
from reconciler.models.keys import IntegrationKey, MethodKey, ResponseKey, Scope
from reconciler.models.responses import RestResponse, WebSocketResponse
from reconciler.models.targets import ApiRef, Kind
from reconciler.review import ApiReview, ListingChange, MethodReview, Move, ReviewEffect, Setting, compare_desired
from support.states import Content, apis, desired_of

GET, POST = MethodKey("/pets", "GET"), MethodKey("/pets", "POST")
DEFAULT, BROKEN, OTHER = RestResponse(), RestResponse("5.."), RestResponse("5..", "CONVERT_TO_TEXT")

State = Mapping[str, RestResponse | None]


def effects(
    base: State, head: State, *, was_pruned: bool = True, prune: bool = True
) -> list[tuple[str, ReviewEffect, str]]:
    """Code, effect and note of what becomes of one method's responses."""
    found = compare_desired(desired_of({GET: base}, prune=was_pruned), desired_of({GET: head}, prune=prune))
    return [(response.key.code, response.effect, response.note) for response in found.responses]


@pytest.mark.parametrize(
    ("base", "head", "expected"),
    [
        ({}, {"200": DEFAULT}, [("200", ReviewEffect.CREATE, "")]),
        ({"200": None}, {"200": DEFAULT}, [("200", ReviewEffect.CREATE, "")]),
        ({"500": BROKEN}, {"500": OTHER}, [("500", ReviewEffect.UPDATE, "")]),
        ({"500": BROKEN}, {"500": BROKEN}, []),
        ({"500": BROKEN}, {}, [("500", ReviewEffect.DELETE, "no longer listed")]),
        ({"500": BROKEN}, {"500": None}, [("500", ReviewEffect.DELETE, "declared absent")]),
        ({}, {"500": None}, []),
        ({"500": None}, {}, []),
    ],
)
def test_pruned(base: State, head: State, expected: list[tuple[str, ReviewEffect, str]]) -> None:
    """What a manifest does not have goes, so that declaring it absent is no news."""
    assert expected == effects(base, head)


@pytest.mark.parametrize(
    ("base", "head", "expected"),
    [
        ({"500": BROKEN}, {}, [("500", ReviewEffect.RELEASE, "no longer listed")]),
        ({"500": BROKEN}, {"500": None}, [("500", ReviewEffect.DELETE, "declared absent")]),
        ({}, {"500": None}, [("500", ReviewEffect.DELETE, "declared absent")]),
        ({"500": None}, {}, []),
    ],
)
def test_not_pruned(base: State, head: State, expected: list[tuple[str, ReviewEffect, str]]) -> None:
    """What a manifest does not have any more stays, unless it is declared absent."""
    assert expected == effects(base, head, was_pruned=False, prune=False)


def test_protected_response_goes() -> None:
    """That it was protected is said: the guard asks only the manifest as it is."""
    base = desired_of({GET: {"200": DEFAULT}}, protected=frozenset({ResponseKey(GET, "200")}))

    assert ["no longer listed, and was protected"] == [
        response.note for response in compare_desired(base, desired_of({GET: {}})).responses
    ]


def test_newly_listed_method() -> None:
    """It is listed, and its responses are made; what is declared absent there pruning takes anyway."""
    found = compare_desired(desired_of({GET: {}}), desired_of({GET: {}, POST: {"200": DEFAULT, "500": None}}))

    assert (
        (MethodReview("petstore", POST, ListingChange.LISTED, prune=True),),
        [("200", ReviewEffect.CREATE)],
    ) == (found.methods, [(response.key.code, response.effect) for response in found.responses])


def test_method_not_listed_any_more() -> None:
    """Its responses stay as they are, whether they would have been pruned or not."""
    found = compare_desired(desired_of({GET: {}, POST: {"200": DEFAULT, "500": None}}), desired_of({GET: {}}))

    assert (
        (MethodReview("petstore", POST, ListingChange.RELEASED, prune=True),),
        [("200", ReviewEffect.RELEASE)],
    ) == (found.methods, [(response.key.code, response.effect) for response in found.responses])


@pytest.mark.parametrize("gone", [True, False])
def test_whole_api(*, gone: bool) -> None:
    """An API that no manifest was for has everything new; one that none is for any more is released."""
    api = desired_of({GET: {"200": DEFAULT}, POST: {"200": DEFAULT}})
    found = compare_desired(api, None) if gone else compare_desired(None, api)

    assert (
        [ReviewEffect.RELEASE if gone else ReviewEffect.CREATE] * 2,
        [ListingChange.RELEASED if gone else ListingChange.LISTED] * 2,
        ("petstore",),
    ) == (
        [response.effect for response in found.responses],
        [method.listing for method in found.methods],
        found.manifests,
    )


@pytest.mark.parametrize(
    ("base", "head", "moves"),
    [
        ({"200": "", "500": "5.."}, {"200": "2..", "500": ""}, [("", "200", "500")]),
        ({"200": ""}, {"200": "2.."}, [("", "200", None)]),
        ({"200": "2.."}, {"200": ""}, [("", None, "200")]),
        ({"400": "4..", "404": "404"}, {"400": "404", "404": "4.."}, [("4..", "400", "404"), ("404", "404", "400")]),
        ({"400": "4.."}, {"404": "4.."}, [("4..", "400", "404")]),
        ({"400": "4.."}, {"400": "40."}, []),
    ],
)
def test_what_patterns_select(
    base: Mapping[str, str], head: Mapping[str, str], moves: list[tuple[str, Any, Any]]
) -> None:
    """The default and patterns that select another status are told; a pattern that comes or goes is a value."""
    old, new = (desired_of({GET: {code: RestResponse(one) for code, one in side.items()}}) for side in (base, head))

    assert tuple(Move("petstore", GET, *move) for move in moves) == compare_desired(old, new).moves


def test_what_is_released_goes_on_selecting() -> None:
    """A default response that is not pruned is still there."""
    found = compare_desired(desired_of({GET: {"200": DEFAULT}}), desired_of({GET: {}}, prune=False))

    assert ([ReviewEffect.RELEASE], ()) == ([response.effect for response in found.responses], found.moves)


def test_released_by_a_manifest_that_is_called_otherwise() -> None:
    """What no manifest lists any more goes by the name of one that there is."""
    base = desired_of({GET: {"200": DEFAULT}, POST: {"200": DEFAULT}})
    head = desired_of({GET: {"200": DEFAULT}})
    renamed = replace(head, manifests=(ManifestRef("pets", ApiRef(name="petstore")),), owns={GET: Ownership("pets")})
    found = compare_desired(base, renamed)

    assert (["pets: POST /pets 200"], ["pets"]) == (
        [response.address for response in found.responses],
        [method.manifest for method in found.methods],
    )


def test_settings() -> None:
    """What says how responses are looked after is told, of methods and of responses."""
    state = {GET: {"200": DEFAULT}}
    found = compare_desired(
        desired_of(state),
        desired_of(state, prune=False, ensure=True, protected=frozenset({ResponseKey(GET, "200")})),
    )

    assert (
        Setting("petstore", "GET /pets", "prune", "true", "false"),
        Setting("petstore", "GET /pets", "methodResponses", "check", "ensure"),
        Setting("petstore", "GET /pets 200", "protect", "false", "true"),
    ) == found.settings


def test_own_of_a_method_is_told_once() -> None:
    """Not again of every response; of a response that says it itself, it is told of that."""
    base = desired_of({GET: {"200": DEFAULT, "500": BROKEN}})
    key = ResponseKey(GET, "200")
    of_method = replace(base, owns={GET: Ownership("petstore", own=("a", "b"))}, owned={key: ("a", "b")})
    of_response = replace(base, owned={key: ("a",)})

    assert (
        [Setting("petstore", "GET /pets", "own", "all fields", "a, b")],
        [Setting("petstore", "GET /pets 200", "own", "all fields", "a")],
    ) == (list(compare_desired(base, of_method).settings), list(compare_desired(base, of_response).settings))


def test_stages() -> None:
    """Which stages an API is deployed to is told of the API."""
    base = desired_of({GET: {}})
    head = replace(base, manifests=(replace(base.manifests[0], stages=("prod", "dev")),))

    assert (Setting("petstore", "", "deploy.stages", "none", "dev, prod"),) == compare_desired(base, head).settings


def test_names_of_manifests_are_no_change() -> None:
    """A manifest that is called otherwise, and a method that another manifest of the API lists, change nothing."""
    base = desired_of({GET: {"200": DEFAULT}, POST: {"200": DEFAULT}})
    head = replace(
        base,
        manifests=(ManifestRef("new", ApiRef(name="petstore")), ManifestRef("other", ApiRef(name="petstore"))),
        owns={GET: Ownership("new"), POST: Ownership("other")},
    )

    assert ApiReview(Kind.REST_API, ("new", "other"), unchanged=("new: GET /pets 200", "other: POST /pets 200")) == (
        compare_desired(base, head)
    )


def test_websocket() -> None:
    """Fields of WebSocket responses differ like others; of their keys only the default is told to come or go."""
    send = IntegrationKey("send")
    keys = {code: ResponseKey(send, code) for code in ("$default", "/4../")}
    manifests = (ManifestRef("chat", ApiRef(name="chat"), Kind.WEBSOCKET_API),)
    owns: dict[Scope, Ownership] = {send: Ownership("chat")}
    base = Desired(manifests, owns, {keys["$default"]: WebSocketResponse(), keys["/4../"]: WebSocketResponse("a")})
    head = Desired(manifests, owns, {keys["/4../"]: WebSocketResponse("b")})
    found = compare_desired(base, head)

    assert (
        [
            ("$default", ReviewEffect.DELETE, ()),
            ("/4../", ReviewEffect.UPDATE, (("templateSelectionExpression", "a", "b"),)),
        ],
        (Move("chat", send, "", "$default", None),),
    ) == (
        [
            (response.key.code, response.effect, tuple((f.path, f.before, f.after) for f in response.change.fields))
            for response in found.responses
        ],
        found.moves,
    )


@given(apis())
def test_nothing_between_equal_states(state: dict[MethodKey, Content]) -> None:
    """However it is made."""
    found = compare_desired(desired_of(state), desired_of(dict(reversed(state.items()))))

    assert (False, sum(map(len, state.values()))) == (found.is_changed, len(found.unchanged))


@given(apis(), apis())
def test_effects_lead_from_one_state_to_the_other(
    base: dict[MethodKey, Content], head: dict[MethodKey, Content]
) -> None:
    """Making, replacing, deleting and releasing what is told, and nothing else, turns the one into the other."""
    state = {ResponseKey(scope, code): one for scope, content in base.items() for code, one in content.items()}
    for one in compare_desired(desired_of(base), desired_of(head)).responses:
        if one.effect in {ReviewEffect.CREATE, ReviewEffect.UPDATE} and isinstance(one.change.after, RestResponse):
            state[one.key] = one.change.after
        else:
            del state[one.key]

    assert {ResponseKey(scope, code): one for scope, content in head.items() for code, one in content.items()} == state
