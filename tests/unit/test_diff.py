"""What differs between desired and live."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from random import Random
from types import MappingProxyType
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.diff import FieldChange, compare, differences, field_changes
from reconciler.models.keys import MethodKey, ResponseKey
from reconciler.models.responses import (
    CONTENT_HANDLINGS,
    FieldValue,
    Response,
    RestResponse,
    WebSocketResponse,
)
from support.live import BROKEN, DEFAULT, GET_PETS, NOT_FOUND, POST_PETS, live_of
from support.states import Content, apis, desired_of

Document: TypeAlias = Mapping[str, FieldValue]

JSON = "responseTemplates.application/json"
HEADER = "responseParameters.method.response.header.X-A"


def templates(text: str | None) -> RestResponse:
    """A response with one template, or without any."""
    return RestResponse(response_templates={} if text is None else {"application/json": text})


def changes(before: RestResponse | None, after: RestResponse | None) -> set[FieldChange]:
    """The field changes, in no order."""
    return set(field_changes(before, after))


@given(state=apis())
def test_equal_states_do_not_differ(state: Mapping[MethodKey, Content]) -> None:
    """What is desired as it is live makes no change, and all of it counts as unchanged."""
    comparison = compare(desired_of(state), live_of(state))

    assert ((), sum(len(content) for content in state.values()), ()) == (
        comparison.changes,
        len(comparison.unchanged),
        comparison.unmanaged,
    )


@settings(max_examples=50)
@given(before=apis(), after=apis())
def test_every_change_has_a_field(before: Mapping[MethodKey, Content], after: Mapping[MethodKey, Content]) -> None:
    """An update names at least one value, and no value that is the same on both sides."""
    updates = [
        change for change in compare(desired_of(after), live_of(before)).changes if change.before and change.after
    ]

    assert [] == [
        update for update in updates if not update.fields or any(field.before == field.after for field in update.fields)
    ]


@settings(max_examples=50)
@given(before=apis(), after=apis())
def test_every_response_is_in_one_class(
    before: Mapping[MethodKey, Content], after: Mapping[MethodKey, Content]
) -> None:
    """A response that is desired or live is changed, unchanged or unmanaged, and only one of them."""
    comparison = compare(desired_of(after), live_of(before))
    classes = [*(change.key for change in comparison.changes), *comparison.unchanged, *comparison.unmanaged]
    every = {ResponseKey(scope, code) for state in (before, after) for scope in state for code in state[scope]}

    assert sorted(every) == sorted(classes)


def test_a_response_that_is_not_live_is_created() -> None:
    """There is no before."""
    comparison = compare(desired_of({GET_PETS: {"404": NOT_FOUND}}), live_of({GET_PETS: {}}))

    assert [(ResponseKey(GET_PETS, "404"), None, NOT_FOUND)] == [
        (change.key, change.before, change.after) for change in comparison.changes
    ]


def test_a_live_response_that_is_not_listed_is_deleted() -> None:
    """A listed method owns its set of responses."""
    comparison = compare(desired_of({GET_PETS: {}}), live_of({GET_PETS: {"404": NOT_FOUND}}))

    assert [(ResponseKey(GET_PETS, "404"), NOT_FOUND, None)] == [
        (change.key, change.before, change.after) for change in comparison.changes
    ]


def test_without_prune_unlisted_responses_stay() -> None:
    """Under `prune: false` they are unmanaged."""
    comparison = compare(desired_of({GET_PETS: {}}, prune=False), live_of({GET_PETS: {"404": NOT_FOUND}}))

    assert ((), (ResponseKey(GET_PETS, "404"),)) == (comparison.changes, comparison.unmanaged)


def test_absent_is_deleted_whatever_prune_says() -> None:
    """`absent` speaks of that response."""
    comparison = compare(desired_of({GET_PETS: {"404": None}}, prune=False), live_of({GET_PETS: {"404": NOT_FOUND}}))

    assert [(NOT_FOUND, None)] == [(change.before, change.after) for change in comparison.changes]


def test_absent_and_not_live_is_nothing() -> None:
    """What is not there need not be deleted, and is not counted as unchanged."""
    comparison = compare(desired_of({GET_PETS: {"404": None}}), live_of({GET_PETS: {}}))

    assert ((), ()) == (comparison.changes, comparison.unchanged)


def test_methods_that_are_not_listed_are_only_counted() -> None:
    """Responses on them are unmanaged; a method without any does not count."""
    live = live_of({GET_PETS: {}, POST_PETS: {"200": DEFAULT, "500": BROKEN}, MethodKey("/", "GET"): {}})
    comparison = compare(desired_of({GET_PETS: {}}), live)

    assert ((), 2, 1) == (comparison.changes, len(comparison.unmanaged), comparison.unmanaged_methods)


def test_unlisted_responses_of_listed_methods_are_in_no_unlisted_method() -> None:
    """`prune: false` makes responses unmanaged, not their method."""
    comparison = compare(desired_of({GET_PETS: {}}, prune=False), live_of({GET_PETS: {"200": DEFAULT}}))

    assert (1, 0) == (len(comparison.unmanaged), comparison.unmanaged_methods)


def test_responses_of_a_method_that_is_gone_are_changes() -> None:
    """They are wanted and not there."""
    comparison = compare(desired_of({GET_PETS: {"200": DEFAULT}}), live_of({}))

    assert [(None, DEFAULT)] == [(change.before, change.after) for change in comparison.changes]


def test_changes_are_in_the_order_of_paths_verbs_and_statuses() -> None:
    """Whatever the order of the manifest."""
    comparison = compare(
        desired_of({POST_PETS: {"404": NOT_FOUND}, GET_PETS: {"500": BROKEN, "200": DEFAULT}}),
        live_of({POST_PETS: {}, GET_PETS: {}}),
    )

    assert ["GET /pets 200", "GET /pets 500", "POST /pets 404"] == [str(change.key) for change in comparison.changes]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (RestResponse(""), RestResponse("4"), FieldChange("selectionPattern", None, "4")),
        (RestResponse("4"), RestResponse(""), FieldChange("selectionPattern", "4", None)),
        (RestResponse("4"), RestResponse("5"), FieldChange("selectionPattern", "4", "5")),
        (RestResponse(), RestResponse("", "CONVERT_TO_TEXT"), FieldChange("contentHandling", None, "CONVERT_TO_TEXT")),
        (RestResponse("", "CONVERT_TO_TEXT"), RestResponse(), FieldChange("contentHandling", "CONVERT_TO_TEXT", None)),
        (templates(None), templates(""), FieldChange(JSON, None, "")),
        (templates(""), templates(None), FieldChange(JSON, "", None)),
        (templates(""), templates("x"), FieldChange(JSON, "", "x")),
        (templates("x"), templates(""), FieldChange(JSON, "x", "")),
        (templates("a\nb"), templates("a\r\nb"), FieldChange(JSON, "a\nb", "a\r\nb")),
        (templates("a"), templates("a "), FieldChange(JSON, "a", "a ")),
        (templates("a"), templates("A"), FieldChange(JSON, "a", "A")),
    ],
)
def test_one_value_that_differs_is_one_change(before: RestResponse, after: RestResponse, expected: FieldChange) -> None:
    """None is "not set", "" is a passthrough template; nothing is folded or trimmed."""
    assert {expected} == changes(before, after)


@pytest.mark.parametrize(
    "content_type",
    ["application/vnd.api+json", "a.b/c.d", "a['x']/b", "__private/x", "0", "", "application/jsön", "a\nb"],
)
def test_any_map_key_is_part_of_the_path_as_it_is(content_type: str) -> None:
    """Dots, slashes, brackets, underscores and what else a key may have."""
    before = RestResponse(response_templates={content_type: "old", "other": "x"})
    after = RestResponse(response_templates={content_type: "new", "other": "x"})

    assert {FieldChange(f"responseTemplates.{content_type}", "old", "new")} == changes(before, after)


def test_entries_that_come_go_and_stay() -> None:
    """Each entry of a map is a value of its own, also where most of the map is another."""
    prefix = "method.response.header."
    before = RestResponse(response_parameters={f"{prefix}A": "'1'", f"{prefix}B": "'1'", f"{prefix}C": "'1'"})
    after = RestResponse(response_parameters={f"{prefix}B": "'2'", f"{prefix}C": "'1'", f"{prefix}D": "'1'"})

    assert {
        FieldChange(f"responseParameters.{prefix}A", "'1'", None),
        FieldChange(f"responseParameters.{prefix}B", "'1'", "'2'"),
        FieldChange(f"responseParameters.{prefix}D", None, "'1'"),
    } == changes(before, after)


FULL = RestResponse("5", "CONVERT_TO_TEXT", {"method.response.header.X-A": "'1'"}, {"application/json": ""})
PATHS = ("selectionPattern", "contentHandling", HEADER, JSON)


def test_a_new_response_has_its_set_fields_as_changes() -> None:
    """Fields that are not set are not named."""
    assert set(zip(PATHS, ("5", "CONVERT_TO_TEXT", "'1'", ""), strict=True)) == {
        (change.path, change.after) for change in changes(None, FULL)
    }


def test_a_deleted_response_has_its_set_fields_as_changes() -> None:
    """Seen from the other side."""
    assert {FieldChange(change.path, change.after, change.before) for change in changes(None, FULL)} == changes(
        FULL, None
    )


@pytest.mark.parametrize("before", [None, RestResponse("4", "CONVERT_TO_BINARY", {}, {"application/json": "x"})])
def test_fields_are_in_the_order_of_aws(before: RestResponse | None) -> None:
    """Pattern, content handling, headers, templates."""
    live = live_of({GET_PETS: {} if before is None else {"500": before}})
    comparison = compare(desired_of({GET_PETS: {"500": FULL}}), live)

    assert list(PATHS) == [field.path for field in comparison.changes[0].fields]


def test_the_type_of_a_map_does_not_matter() -> None:
    """A read-only map and a dictionary are compared entry by entry."""
    before: Document = {"requestTemplates": MappingProxyType({"a/b": "1", "c/d": "2"}), "timeoutInMillis": "50"}
    after: Document = {"requestTemplates": {"a/b": "1", "c/d": "3"}, "timeoutInMillis": "50"}

    assert (FieldChange("requestTemplates.c/d", "2", "3"),) == differences(before, after)


def test_long_texts_are_compared_without_their_line_diff(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line diff takes cubic time: a template of 8,000 lines would take ten seconds."""
    monkeypatch.setattr(difflib, "unified_diff", None)

    assert {FieldChange(JSON, "a\nb", "a\nc")} == changes(templates("a\nb"), templates("a\nc"))


_MAPS = st.dictionaries(
    st.sampled_from(("a/b", "a.b", "_", "__x", "", "a['x']", "a'\"b", "a\nb")),
    st.sampled_from(("", "1", "x\ny", "x\nz")),
)
_REST = st.builds(
    RestResponse,
    selection_pattern=st.sampled_from(("", "4", "a.b")),
    content_handling=st.sampled_from((None, *CONTENT_HANDLINGS)),
    response_parameters=_MAPS,
    response_templates=_MAPS,
)
_WEBSOCKET = st.builds(
    WebSocketResponse,
    template_selection_expression=st.sampled_from(("", "4", "a.b")),
    content_handling_strategy=st.sampled_from((None, *CONTENT_HANDLINGS)),
    response_parameters=_MAPS,
    response_templates=_MAPS,
)
_PAIRS = st.one_of(st.tuples(_REST, _REST), st.tuples(_WEBSOCKET, _WEBSOCKET))


def applied(fields: Iterable[FieldChange], response: Response) -> dict[str, FieldValue]:
    """The document of a response once every changed value is put in the place of the old one."""
    document = response.document()
    texts = {name: value for name, value in document.items() if isinstance(value, str)}
    maps = {name: dict(value) for name, value in document.items() if isinstance(value, Mapping)}
    for field in fields:
        name, is_entry, key = field.path.partition(".")
        place, at = (maps.setdefault(name, {}), key) if is_entry else (texts, name)
        assert field.before == place.get(at) != field.after
        if field.after is None:
            del place[at]
        else:
            place[at] = field.after
    return {**texts, **{name: entries for name, entries in maps.items() if entries}}


@given(pair=_PAIRS)
def test_field_changes_applied_to_the_live_document_give_the_desired_one(pair: tuple[Response, Response]) -> None:
    """Each change starts from the live value, and all of them together miss nothing and invent nothing."""
    live, desired = pair

    assert desired.document() == applied(field_changes(live, desired), live)


@given(pair=_PAIRS, random=st.randoms(use_true_random=False))
def test_the_order_of_keys_does_not_matter(pair: tuple[Response, Response], random: Random) -> None:
    """The same changes come in the same order, in whatever order the two maps of each side were written."""
    shuffled = [
        replace(
            response,
            response_parameters=_shuffled(response.response_parameters, random),
            response_templates=_shuffled(response.response_templates, random),
        )
        for response in pair
    ]

    assert field_changes(*pair) == field_changes(*shuffled)


def _shuffled(entries: Mapping[str, str], random: Random) -> dict[str, str]:
    return dict(random.sample(list(entries.items()), len(entries)))
