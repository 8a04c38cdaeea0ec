"""The order of writes within a method."""

import itertools
from collections.abc import Iterator, Mapping

import pytest

from reconciler.diff import ResponseChange
from reconciler.models.keys import MethodKey, ResponseKey
from reconciler.models.responses import RestResponse
from reconciler.plan.order import BlockedPattern, Write, order_writes

SCOPE = MethodKey("/pets", "GET")
CODES = ("200", "400", "404", "500")
PATTERNS = ("", "a", "b", "c")


def states() -> Iterator[dict[str, str]]:
    """Every way in which up to four statuses can hold up to four patterns."""
    for size in range(len(CODES) + 1):
        for codes in itertools.combinations(CODES, size):
            for patterns in itertools.permutations(PATTERNS, size):
                yield dict(zip(codes, patterns, strict=True))


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[ResponseChange]:
    """What differs between two states."""
    return [
        ResponseChange(ResponseKey(SCOPE, code), response(before.get(code)), response(after.get(code)), ())
        for code in sorted(before.keys() | after.keys())
        if before.get(code) != after.get(code)
    ]


def response(pattern: str | None) -> RestResponse | None:
    """A response with this pattern."""
    return None if pattern is None else RestResponse(selection_pattern=pattern)


def ordered(before: Mapping[str, str], after: Mapping[str, str]) -> list[Write]:
    """The writes from one state to the other."""
    live = {code: RestResponse(selection_pattern=pattern) for code, pattern in before.items()}
    return order_writes(changes(before, after), live)


def outcome(before: Mapping[str, str], writes: list[Write]) -> dict[str, str] | str:
    """The state after the writes, or what AWS would have refused."""
    now = dict(before)
    deleted = set()
    for write in writes:
        if write.after is None:
            del now[write.code]
            deleted.add(write.code)
            continue
        pattern = write.after.selection_pattern
        if write.code in deleted:
            return f"{write.code} is deleted and made again"
        if any(held == pattern and code != write.code for code, held in now.items()):
            return f"{write.code} takes {pattern!r}, which is held"
        now[write.code] = pattern
    return now


def test_every_pair_of_states_of_four_statuses() -> None:
    """From any state to any other, no step is refused, nothing is deleted and made again, and the end is right."""
    every = list(states())
    wrong = [
        (before, after, result)
        for before, after in itertools.product(every, every)
        if (result := outcome(before, ordered(before, after))) != after
    ]

    assert (43_681, []) == (len(every) ** 2, wrong)


def test_a_cycle_costs_one_write_more() -> None:
    """Two statuses that swap patterns take three puts, the first of them a park."""
    writes = ordered({"200": "", "404": "a"}, {"200": "a", "404": ""})

    assert [("park", "200"), ("put", "404"), ("put", "200")] == [(write.verb, write.code) for write in writes]


def test_a_chain_needs_no_park() -> None:
    """Where the last of a chain moves to a free pattern, each put frees the next one's."""
    writes = ordered({"200": "a", "400": "b", "404": "c"}, {"200": "b", "400": "c", "404": ""})

    assert [("put", "404"), ("put", "400"), ("put", "200")] == [(write.verb, write.code) for write in writes]


def test_a_delete_that_frees_a_pattern_comes_first() -> None:
    """The default moves from a response that goes away: delete it, then put."""
    writes = ordered({"200": "", "404": "a"}, {"404": ""})

    assert [("delete", "200"), ("put", "404")] == [(write.verb, write.code) for write in writes]


def test_a_delete_that_blocks_nothing_comes_last() -> None:
    """What can be put is put before anything is taken away."""
    writes = ordered({"404": "a"}, {"200": ""})

    assert [("put", "200"), ("delete", "404")] == [(write.verb, write.code) for write in writes]


def test_parking_pattern_is_unique() -> None:
    """A live response that holds the parking pattern already is not collided with."""
    before = {"200": "", "400": "(?!)parked-200", "404": "a"}
    writes = ordered(before, {"200": "a", "400": "(?!)parked-200", "404": ""})

    assert {"200": "a", "400": "(?!)parked-200", "404": ""} == outcome(before, writes)


def test_parked_response_carries_its_desired_content() -> None:
    """A run that stops after the park has lost no content."""
    wanted = RestResponse("a", response_templates={"application/json": "new"})
    other = RestResponse("")
    live = {"200": other, "404": RestResponse("a")}
    swap = [
        ResponseChange(ResponseKey(SCOPE, "200"), live["200"], wanted, ()),
        ResponseChange(ResponseKey(SCOPE, "404"), live["404"], other, ()),
    ]
    parked = order_writes(swap, live)[0].after

    assert parked is not None
    assert wanted.response_templates == parked.response_templates


def test_a_pattern_that_nobody_frees_is_an_error() -> None:
    """A response that the plan may not touch keeps its pattern, and who wants it is named."""
    live = {"200": RestResponse("")}
    wish = [ResponseChange(ResponseKey(SCOPE, "404"), None, RestResponse(""), ())]

    with pytest.raises(BlockedPattern) as caught:
        order_writes(wish, live)
    assert ("404", "200", "") == (caught.value.code, caught.value.holder, caught.value.pattern)
