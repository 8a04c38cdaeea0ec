"""Find templates for JSON that give JSON for no input."""

import json
from collections.abc import Iterator, Sequence
from typing import Final

from reconciler.lint.templates.findings import TemplateFinding
from reconciler.lint.templates.scope import TemplateScope
from reconciler.lint.templates.sketch import OutputPiece, Unsketched, outputs
from reconciler.mapping.velocity.tree import StatementBlock, Text
from reconciler.rules import LintRule
from reconciler.strict_json import read_strict_json

_STAND_INS: Final = ("0", '"a": 0', "")
"""What a value may print outside of quotes; within quotes, `0`."""

_BYTE_ORDER_MARK: Final = "\ufeff"
"""Another rule's."""

_REASONS: Final = {
    "Expecting property name enclosed in double quotes": "a name in double quotes is expected here",
    "Illegal trailing comma before end of object": "the comma before the end of the object is not JSON",
    "Illegal trailing comma before end of array": "the comma before the end of the list is not JSON",
    "Expecting ',' delimiter": "a comma or the end is expected here",
    "Expecting ':' delimiter": "a colon is expected here",
    "Expecting value": "a value is expected here",
    "Extra data": "the JSON ends before this",
    "Unterminated string starting at": "this string is not closed",
    "Invalid control character at": "a string goes over a line end here",
    "Invalid \\escape": "JSON does not have this escape",
}


def not_json(tree: StatementBlock, scope: TemplateScope) -> Iterator[TemplateFinding]:
    """Yield a finding if no output of the template is JSON; empty outputs are left alone."""
    try:
        ways = outputs(tree, scope)
    except Unsketched:
        return
    problems: list[tuple[Sequence[OutputPiece], json.JSONDecodeError]] = []
    for way in ways:
        failures = [_failure("".join(_texts(way, stand_in))) for stand_in in _STAND_INS]
        if failures[0] is None or not all(failures):
            return
        problems.append((way, failures[0]))
    yield _finding(*max(problems, key=lambda problem: problem[1].pos))


def _failure(text: str) -> json.JSONDecodeError | None:
    """Return why a text is not JSON; None if it is, or if it is empty."""
    try:
        read_strict_json(text.removeprefix(_BYTE_ORDER_MARK) or "0")
    except json.JSONDecodeError as failure:
        return failure if text.strip() else None
    except (ValueError, RecursionError):  # a huge number, or too deep: JSON all the same
        return None
    return None


def _texts(way: Sequence[OutputPiece], stand_in: str) -> Iterator[str]:
    in_string = False
    for piece in way:
        if piece.text is None:
            yield "0" if in_string else stand_in
        else:
            yield piece.text
            in_string = _ends_in_string(piece.text, in_string=in_string)


def _ends_in_string(text: str, *, in_string: bool) -> bool:
    quotes = text.replace("\\\\", "").replace('\\"', "").count('"')
    return in_string != (quotes % 2 == 1)


def _finding(way: Sequence[OutputPiece], failure: json.JSONDecodeError) -> TemplateFinding:
    reason = _REASONS.get(failure.msg, failure.msg)
    line, column = _place(way, failure.pos)
    return TemplateFinding(LintRule.NOT_JSON, f"the output is not JSON, whatever the input: {reason}", line, column)


def _place(way: Sequence[OutputPiece], position: int) -> tuple[int, int]:
    """Return the line and column in the template of a position in the output with the first stand-in."""
    last = way[0].node
    for piece, text in zip(way, _texts(way, _STAND_INS[0]), strict=True):
        last = piece.node
        if position < len(text):
            break
        position -= len(text)
    if not isinstance(last, Text):
        return last.line, last.column
    before = last.text[:position]
    if "\n" in before:
        return last.line + before.count("\n"), len(before) - before.rfind("\n")
    return last.line, last.column + len(before)
