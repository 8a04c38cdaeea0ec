"""Check the desired responses of WebSocket APIs by themselves.

As `offline`. What AWS leaves undocumented is not a violation, such as which template runs without a selection
expression.
"""

import re
from collections.abc import Iterator
from typing import Final

from reconciler.lint.handling import unknown_handling
from reconciler.lint.patterns import pattern_violations
from reconciler.lint.template_texts import text_violations
from reconciler.lint.violations import Violation
from reconciler.mapping.expressions import Mistake, read_key, read_value, shown
from reconciler.models.desired import Desired
from reconciler.models.keys import ResponseKey
from reconciler.models.responses import WebSocketResponse
from reconciler.models.views import websocket_responses
from reconciler.quoting import between_slashes
from reconciler.rules import LintRule

LONGEST_PARAMETER: Final = 512
LONGEST_TEMPLATE: Final = 32_768
"""Characters (the service model's documentation)."""

CATCH_ALL: Final = "$default"
"""The response key, and the template key, that is used when no other matches (Developer Guide)."""

_REGEX_KEY: Final = re.compile("/(.+)/", re.DOTALL)
_VARIABLE: Final = re.compile(r"(?<!\\)\$")


def websocket_violations(desired: Desired) -> Iterator[Violation]:
    """Yield the violations of every desired response of a WebSocket API."""
    for key, wanted in websocket_responses(desired):
        yield from _key(key)
        if wanted.response_parameters:
            yield from _parameters(key, wanted)
        if wanted.response_templates:
            yield from _templates(key, wanted)
        yield from unknown_handling(key, wanted)


def regex_of(key: ResponseKey) -> str | None:
    """Return the text between the slashes of a response key; None if it has no slashes."""
    match = _REGEX_KEY.fullmatch(key.code)
    return match[1] if match else None


def _key(key: ResponseKey) -> Iterator[Violation]:
    pattern = regex_of(key)
    if pattern is not None:
        yield from pattern_violations(key, pattern, f"response key {shown(key.code)}", "", shift=1)
    elif key.code != CATCH_ALL:
        message = f"{shown(key.code)} is neither {CATCH_ALL} nor a regular expression between slashes"
        remedy = f"write `{CATCH_ALL}`, or {meant}" if (meant := between_slashes(key.code)) else ""
        yield Violation(LintRule.RESPONSE_KEY, key, message, remedy=remedy)


def _parameters(key: ResponseKey, wanted: WebSocketResponse) -> Iterator[Violation]:
    message = f"{shown(key.code)} maps response parameters, but messages of a WebSocket API have no headers"
    yield Violation(LintRule.WEBSOCKET_PARAMETERS, key, message, "responseParameters")
    for parameter, value in wanted.response_parameters.items():
        path = f"responseParameters.{parameter}"
        header, source = read_key(parameter), read_value(value)
        if isinstance(source, Mistake):
            yield Violation(LintRule.PARAMETER_VALUE, key, source.message, path, source.remedy)
        if isinstance(header, Mistake):
            yield Violation(LintRule.PARAMETER_KEY, key, header.message, path, header.remedy)
        if len(value) > LONGEST_PARAMETER:
            size = f"the mapping has {len(value):,} characters; API Gateway accepts {LONGEST_PARAMETER}"
            yield Violation(LintRule.PARAMETER_SIZE, key, size, path)


def _templates(key: ResponseKey, wanted: WebSocketResponse) -> Iterator[Violation]:
    selected = _selected(wanted)
    for name, template in wanted.response_templates.items():
        path = f"responseTemplates.{name}"
        if len(template) > LONGEST_TEMPLATE:
            size = f"the template has {len(template):,} characters; API Gateway accepts {LONGEST_TEMPLATE:,}"
            yield Violation(LintRule.TEMPLATE_SIZE, key, size, path)
        yield from text_violations(key, template, path)
        if selected is not None and name != selected:
            message = f"template {shown(name)} is never selected: templateSelectionExpression always selects"
            text = _static(wanted.template_selection_expression)
            yield Violation(LintRule.UNSELECTED_TEMPLATE, key, f"{message} {shown(text or '')}", path)


def _selected(wanted: WebSocketResponse) -> str | None:
    """Return the only template key that can be selected; None if that depends on the message or is unknown."""
    text = _static(wanted.template_selection_expression)
    if text is None:
        return None
    return text if text in wanted.response_templates else CATCH_ALL


def _static(expression: str) -> str | None:
    r"""Return the constant value of an expression without variables; `\$` is a dollar sign (Developer Guide)."""
    return None if not expression or _VARIABLE.search(expression) else expression.replace("\\$", "$")
