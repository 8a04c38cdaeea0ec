"""Responses that one JSON object cannot hold: its keys are the selection patterns, `default` is the key without one."""

from collections.abc import Iterator, Mapping

from reconciler.diagnostics import Diagnostic, Location, error
from reconciler.engine.openapi.desired import DeclaredMethod
from reconciler.models.keys import ResponseKey
from reconciler.models.responses import RestResponse
from reconciler.openapi import DEFAULT
from reconciler.rules import InputRule
from reconciler.wording import code


def clashes(listed: DeclaredMethod, responses: Mapping[str, RestResponse]) -> Iterator[Diagnostic]:
    """Yield an error for each response of a method whose key stands for another one."""
    first: dict[str, str] = {}
    for status, response in responses.items():
        pattern = response.selection_pattern
        if pattern == DEFAULT:
            message = f"{listed.address} {status}: the selection pattern `default` is the key of the default response"
            yield error(InputRule.RESPONSE_CLASH, message, "write it as `[d]efault`", _place(listed, status))
        elif pattern in first:
            yield _second(listed, pattern, first[pattern], status)
        else:
            first[pattern] = status


def _second(listed: DeclaredMethod, pattern: str, first: str, status: str) -> Diagnostic:
    is_listed = ResponseKey(listed.key, first) in listed.desired.responses
    also = f" at {_place(listed, first)}" if is_listed else " of the document"
    what = f"the selection pattern {code(pattern)}" if pattern else "no selection pattern"
    message = f"{listed.address}: {first}{also} and {status} both have {what}, which is one key in OpenAPI"
    return error(InputRule.RESPONSE_CLASH, message, "give one of them another pattern", _place(listed, status))


def _place(listed: DeclaredMethod, status: str) -> Location | None:
    return listed.desired.origin(ResponseKey(listed.key, status), "selectionPattern")
