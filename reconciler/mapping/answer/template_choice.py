"""Choose the response template.

REST APIs choose by the first media type of the request's Accept header; without a match they take `application/json`,
or else the first template, an order that the API does not define (Developer Guide, "Important notes"). WebSocket APIs
choose by `templateSelectionExpression`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from reconciler.mapping.answer.backends import IntegrationAnswer
from reconciler.mapping.answer.content import media_type, request_header
from reconciler.mapping.answer.quoted import listed, quoted
from reconciler.mapping.answer.selection_expressions import evaluate
from reconciler.mapping.exchange import Exchange
from reconciler.mapping.rendering import Unknown
from reconciler.models.responses import WebSocketResponse

_JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class TemplateChoice:
    """The keys of the templates that may be used, None for none of them: one if it is known, else `why` it is not."""

    keys: tuple[str | None, ...]
    why: str = ""


def template_by_accept(templates: Mapping[str, str], exchange: Exchange) -> TemplateChoice:
    """Return the template that a REST API uses."""
    if not templates:
        return TemplateChoice((None,))
    accepted = media_type(request_header(exchange, "accept"))
    if accepted in templates:
        return TemplateChoice((accepted,))
    alike = sorted(key for key in templates if accepted and _is_alike(key, accepted))
    fallback = (_JSON,) if _JSON in templates else tuple(sorted(templates))
    if alike:
        why = f"whether Accept {accepted} chooses the template {quoted(alike[0])} is not documented"
        return TemplateChoice(tuple(dict.fromkeys([*alike, *fallback])), why)
    if len(fallback) == 1:
        return TemplateChoice(fallback)
    names = listed([quoted(key) for key in fallback])
    return TemplateChoice(fallback, f"no template matches Accept, and which of {names} AWS takes is not defined")


def _is_alike(key: str, accepted: str) -> bool:
    """Whether the key of a template differs from a media type in case or parameters only."""
    return (media_type(key) or "").lower() == accepted.lower()


def template_by_expression(response: WebSocketResponse, exchange: Exchange, answer: IntegrationAnswer) -> str | Unknown:
    """Return the key of the template that a WebSocket API uses, "" for none."""
    templates, expression = response.response_templates, response.template_selection_expression
    if not templates:
        return ""
    if not expression:
        return Unknown("which template AWS uses without a templateSelectionExpression is not documented")
    key = evaluate(expression, exchange, answer)
    if isinstance(key, Unknown) or key in templates:
        return key
    return Unknown(
        f"templateSelectionExpression gives {quoted(key)}, and what AWS does without that template is not documented"
    )
