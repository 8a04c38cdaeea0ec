"""What the description of a WebSocket deployment tells of what was deployed."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from reconciler.deployments import Fingerprint, fingerprint
from reconciler.deployments.fingerprint import found_in
from reconciler.models.desired import ABSENT, Desired, ManifestRef, Ownership, Wanted
from reconciler.models.keys import IntegrationKey, ResponseKey
from reconciler.models.live import LiveApi, LiveIntegration
from reconciler.models.responses import WebSocketResponse
from reconciler.models.routes import LiveRoute
from reconciler.models.targets import ApiRef, Kind, Target

TARGET = Target("123456789012", "eu-west-1", "w1", Kind.WEBSOCKET_API)
SEND, JOIN = IntegrationKey("send", "i1"), IntegrationKey("join", "i2")
PLAIN = WebSocketResponse()
TEXT = WebSocketResponse("$x", response_templates={"a": "b"})


def draft(responses: Mapping[str, WebSocketResponse], **more: object) -> LiveApi:
    """An API with these responses of the integration that is listed, and one that nobody lists."""
    send = replace(LiveIntegration("i1", "HTTP", "https://a.example/", ("send",), responses=responses), **more)  # type: ignore[arg-type]
    join = LiveIntegration("i2", "HTTP", "https://b.example/", ("join",), is_read=False)
    return LiveApi(TARGET, frozenset(), {SEND: send, JOIN: join}, {"send": "i1", "join": "i2"})


def declared(
    responses: Mapping[str, Wanted], *, prune: bool = True, own: Mapping[str, tuple[str, ...]] | None = None
) -> Desired:
    """A manifest that lists one integration."""
    wanted = {ResponseKey(SEND, code): one for code, one in responses.items()}
    owned = {ResponseKey(SEND, code): patterns for code, patterns in (own or {}).items()}
    refs = (ManifestRef("chat", ApiRef(id="w1"), Kind.WEBSOCKET_API),)
    return Desired(refs, {SEND: Ownership("chat", prune=prune)}, wanted, owned=owned)


MINE = declared({"$default": PLAIN})
BEFORE = fingerprint(draft({"$default": PLAIN}), MINE)


def test_a_mark_is_found_again() -> None:
    """At the end of a description, whatever stands before it."""
    assert BEFORE == found_in(f"reconciler run 1, git abc {BEFORE}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Automatic deployment",
        f"{BEFORE} and more",
        str(BEFORE)[:-2],
        str(BEFORE).upper(),
        "[state ..]",
        "[state " + ".".join(["\u0661" * 12] * 3) + "]",
    ],
)
def test_what_is_no_mark_says_nothing(text: str) -> None:
    """Foreign descriptions, and marks that were cut off."""
    assert found_in(text) is None


def parts(one: Fingerprint, other: Fingerprint) -> list[str]:
    """In what two marks differ."""
    return [name for name in ("listing", "responses", "others") if getattr(one, name) != getattr(other, name)]


def test_equal_state_equal_mark() -> None:
    """The order of maps does not matter, nor what AWS calls the responses."""
    one = draft({"$default": PLAIN, "/4../": TEXT})
    other = draft({"/4../": TEXT, "$default": PLAIN})
    live = one.methods[SEND]
    assert isinstance(live, LiveIntegration)
    named = replace(one, methods={**one.methods, SEND: replace(live, response_ids={"$default": "r1"})})

    assert [[], []] == [parts(fingerprint(one, MINE), fingerprint(there, MINE)) for there in (other, named)]


@pytest.mark.parametrize(
    ("now", "differs"),
    [
        (draft({"$default": TEXT}), ["responses"]),
        (draft({"$default": PLAIN, "/4../": PLAIN}), ["responses"]),
        (draft({"$default": PLAIN}, integration_uri="https://c.example/"), ["others"]),
        (replace(draft({"$default": PLAIN}), routes={"send": "i1"}), ["others"]),
    ],
)
def test_what_changed_is_told_apart(now: LiveApi, differs: list[str]) -> None:
    """Listed responses, pruned ones among them, and everything else."""
    assert differs == parts(BEFORE, fingerprint(now, MINE))


def test_what_is_wanted_has_no_part_in_the_listing() -> None:
    """A manifest that wants something else of the same integration can still be compared."""
    there = draft({"$default": PLAIN})

    assert [] == parts(BEFORE, fingerprint(there, declared({"$default": TEXT, "/4../": PLAIN, "/5../": ABSENT})))


def test_what_is_not_pruned_or_not_owned_is_of_others() -> None:
    """A response that is not listed under `prune: false`, and a field that is not owned."""
    loose = declared({"$default": PLAIN}, prune=False)
    owned = declared({"$default": PLAIN}, own={"$default": ("responseTemplates",)})
    before, more = draft({"$default": PLAIN}), draft({"$default": PLAIN, "/4../": PLAIN})
    chosen = draft({"$default": WebSocketResponse("$x")})

    assert ["others"] == parts(fingerprint(before, loose), fingerprint(more, loose))
    assert ["others"] == parts(fingerprint(before, owned), fingerprint(chosen, owned))


def test_another_listing_is_told() -> None:
    """Marks of it cannot be compared."""
    there = draft({"$default": PLAIN})

    assert "listing" in parts(BEFORE, fingerprint(there, declared({"$default": PLAIN}, prune=False)))


def test_routes_that_are_kept_two_way_count_as_listed() -> None:
    """What a plan does to them is within the plan: only the digest of the responses differs."""
    mine = replace(MINE, owns={SEND: Ownership("chat", route_responses="ensure")})

    def of(route: LiveRoute) -> Fingerprint:
        two_way = frozenset({"send"} if route.selects else ())
        return fingerprint(draft({"$default": PLAIN}, read_routes={"send": route}, two_way_routes=two_way), mine)

    before = of(LiveRoute("r1", selects=False, responds=False))
    after = of(LiveRoute("r1", selects=True, responds=True))

    assert (True, False, True) == (
        before.listing == after.listing,
        before.responses == after.responses,
        before.others == after.others,
    )
