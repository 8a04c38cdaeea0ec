"""Causes of differences between AWS's answer and the offline one."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.response_tests.live_causes import WHY, LiveAnswers, agrees
from reconciler.mapping.answer.answer import Answer, AnswerError
from reconciler.mapping.rendering import Unknown

BASE = Answer("200", 200, {"X-A": "a"}, "body")
OTHER = replace(BASE, status=201)
NOT_SHOWN = Unknown("AWS does not say")


def told(**answers: Any) -> list[tuple[str, str, str]]:  # noqa: ANN401 - any answer
    """Return path, cause and reason of each difference; answers that are not given are alike."""
    given_answers = {name: answers.get(name, BASE) for name in ("offline", "live", "drafted", "in_context", "replayed")}
    rest = {name: answers[name] for name in ("doubts", "is_json_value") if name in answers}
    return [(each.path, each.cause, each.why) for each in LiveAnswers(**given_answers, **rest).differences()]


@pytest.mark.parametrize(
    ("answers", "cause"),
    [
        ({"live": OTHER}, "reconciler"),
        ({"replayed": OTHER}, "reconciler"),
        ({"live": OTHER, "replayed": OTHER}, "backend"),
        ({"live": OTHER, "replayed": OTHER, "in_context": OTHER}, "context"),
        ({"live": OTHER, "replayed": OTHER, "in_context": OTHER, "drafted": OTHER}, "draft"),
        ({"live": OTHER, "replayed": OTHER, "in_context": None}, "backend"),
        ({"live": OTHER, "replayed": OTHER, "drafted": None}, "draft"),
        ({"offline": replace(BASE, status=NOT_SHOWN), "drafted": replace(BASE, status=NOT_SHOWN)}, "context"),
    ],
)
def test_the_first_answer_that_agrees_names_the_cause(answers: dict[str, Any], cause: Any) -> None:  # noqa: ANN401
    """Each answer has more of what AWS had than the one before."""
    assert [("status", cause, WHY[cause])] == told(**answers)


def test_nothing_differs() -> None:
    """Five answers that are alike have no differences."""
    assert [] == told()


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"replayed": None, "doubts": ("the log is cut off",)}, "the log is cut off"),
        ({"replayed": replace(BASE, status=Unknown("two patterns match"))}, "two patterns match"),
        ({"doubts": ("the log is cut off", "and joined")}, "the log is cut off; and joined"),
    ],
)
def test_what_cannot_be_found_out(answers: dict[str, Any], why: str) -> None:
    """The cause is unknown, with the reason."""
    assert [("status", "unknown", why)] == told(live=OTHER, **answers)


def test_doubts_about_an_answer_that_agrees() -> None:
    """Doubts make nothing of what agrees, nor of a replay that disagrees where the offline answer does not."""
    assert [] == told(doubts=("the log is cut off",))
    assert [] == told(replayed=OTHER, doubts=("the log is cut off",))
    assert [("status", "backend", WHY["backend"])] == told(live=OTHER, replayed=OTHER, doubts=("the log is cut off",))


def test_a_binary_body() -> None:
    """How AWS would return it is not known."""
    (path, cause, _), *rest = told(live=replace(BASE, body="AAAA"), replayed=replace(BASE, body=b"\0\0\0"))

    assert ("body", "unknown", []) == (path, cause, rest)


def test_media_types_that_the_test_does_not_state() -> None:
    """A body that AWS encodes or decodes depends on binary media types, which are not read."""
    ours, theirs = replace(BASE, body="hello"), replace(BASE, body="aGVsbG8=")
    everywhere = ("offline", "drafted", "in_context", "replayed")
    encoded = told(live=theirs, **dict.fromkeys(everywhere, ours))
    decoded = told(live=ours, **dict.fromkeys(everywhere, theirs))

    assert [("body", "unknown")] == [(path, cause) for path, cause, _ in encoded]
    assert "binaryMediaTypes" in encoded[0][2]
    assert encoded == decoded


def test_renamed_headers() -> None:
    """Whether test calls rename headers is not known."""
    renamed = replace(BASE, headers={**BASE.headers, "x-amzn-Remapped-Date": "today"})

    assert [
        ("headers.x-amzn-Remapped-Date", "unknown", "whether TestInvokeMethod renames headers is not documented")
    ] == (told(offline=renamed, drafted=renamed, in_context=renamed, replayed=renamed))


def test_headers_of_an_error_of_aws() -> None:
    """Which of them a test call returns is not known (a user's log has x-amzn-ErrorType alone)."""
    error = replace(BASE, error=AnswerError("Internal server error", "no match"))
    live = replace(error, headers={"x-amzn-ErrorType": "InternalServerErrorException"})
    everywhere = dict.fromkeys(("offline", "drafted", "in_context", "replayed"), error)

    assert {("headers.X-A", "unknown"), ("headers.x-amzn-ErrorType", "unknown")} == {
        (path, cause) for path, cause, _ in told(live=live, **everywhere)
    }


def test_headers_are_compared_without_case_and_trace_ids_not_at_all() -> None:
    """AWS adds a trace id of its own to every call."""
    live = replace(BASE, headers={"x-a": ("a",), "X-Amzn-Trace-Id": "Root=1"})

    assert [] == told(live=live)


def test_a_response_that_aws_does_not_name() -> None:
    """The selected response is not compared where it is not known of AWS's answer."""
    assert [] == told(live=replace(BASE, selected=NOT_SHOWN), offline=replace(BASE, selected="404"))


def test_an_error_of_aws() -> None:
    """It differs from an answer with the same status."""
    error = replace(BASE, error=AnswerError("Internal server error", "no match"))

    assert [("error", "backend", WHY["backend"])] == told(live=error, replayed=error)


@pytest.mark.parametrize("is_json_value", [False, True])
def test_spacing_of_json(*, is_json_value: bool) -> None:
    """It counts only where it is known offline."""
    offline, live = replace(BASE, body='{"a":1}'), replace(BASE, body='{ "a": 1 }')
    differences = told(
        offline=offline, live=live, drafted=offline, in_context=offline, replayed=live, is_json_value=is_json_value
    )

    assert ([] if is_json_value else [("body", "backend", WHY["backend"])]) == differences


def test_agreement() -> None:
    """Two answers agree on status, headers, error and body; which response was selected does not matter."""
    assert (True, True, False, False) == (
        agrees(BASE, BASE),
        agrees(BASE, replace(BASE, selected="404")),
        agrees(BASE, OTHER),
        agrees(None, BASE),
    )


answers = st.builds(
    Answer,
    st.sampled_from(["200", "404", None, NOT_SHOWN]),
    st.sampled_from([200, 404, NOT_SHOWN]),
    st.dictionaries(st.sampled_from(["X-A", "x-a", "X-B"]), st.sampled_from(["a", ("a",), ("a", "b"), NOT_SHOWN])),
    st.sampled_from(["", "{}", "{ }", b"\0", NOT_SHOWN]),
    st.sampled_from([None, AnswerError("Internal server error", "why")]),
)


@given(answers, answers, st.none() | answers, st.none() | answers, st.none() | answers, st.booleans())
def test_every_difference_has_a_cause(  # noqa: PLR0913, PLR0917 - five answers
    offline: Answer, live: Answer, drafted: Answer, in_context: Answer, replayed: Answer, is_json_value: bool
) -> None:
    """Whatever the answers are, each value differs once at most and for a reason; equal ones only if a replay does."""
    differences = list(
        LiveAnswers(offline, live, drafted, in_context, replayed, (), is_json_value=is_json_value).differences()
    )

    assert len(differences) == len({difference.path.lower() for difference in differences})
    assert all(
        difference.cause == "reconciler"
        for difference in differences
        if difference.offline == difference.live and difference.live is not None
    )
    assert all(difference.why or replayed is None for difference in differences)
