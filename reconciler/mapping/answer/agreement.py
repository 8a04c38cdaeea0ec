"""Join the answers that are possible into one: what all of them have in common is known."""

from collections.abc import Sequence
from functools import reduce
from typing import TypeVar

from reconciler.mapping.answer.answer import Answer, AnswerError, HeaderValue
from reconciler.mapping.rendering import Unknown

_T = TypeVar("_T")
_U = TypeVar("_U")


def agreement(answers: Sequence[Answer], why: str) -> Answer:
    """Return the answer in which everything that differs between `answers` is Unknown, for the reason `why`."""
    first, *others = answers
    return reduce(lambda joined, each: _join(joined, each, Unknown(why)), others, first)


def _join(one: Answer, other: Answer, unknown: Unknown) -> Answer:
    return Answer(
        selected=_common(one.selected, other.selected, unknown),
        status=_common(one.status, other.status, unknown),
        headers=_common_headers(one, other, unknown),
        body=_common(one.body, other.body, unknown),
        error=_common_error(one.error, other.error),
        is_delivered=_common(one.is_delivered, other.is_delivered, unknown),
        template=_common(one.template, other.template, None),
        branches=one.branches & other.branches,
        considered=one.considered,
        assumed=one.assumed,
    )


def _common(one: _T, other: _T, unknown: _U) -> _T | _U:
    return one if one == other else unknown


def _common_headers(one: Answer, other: Answer, unknown: Unknown) -> dict[str, HeaderValue | Unknown]:
    names = dict.fromkeys([*one.headers, *other.headers])
    return {name: _common(one.headers.get(name, unknown), other.headers.get(name, unknown), unknown) for name in names}


def _common_error(one: AnswerError | None, other: AnswerError | None) -> AnswerError | None:
    """Return the error that both are, if both are one; their reasons may differ."""
    if one is None or other is None or one == other:
        return one if one == other else None
    return AnswerError(one.message, f"{one.why}; or {other.why}") if one.message == other.message else None
