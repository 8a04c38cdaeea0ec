"""Apply a response template to the content of a backend's answer."""

from dataclasses import dataclass
from typing import Final

from reconciler.mapping.answer.content import Content, as_text
from reconciler.mapping.answer.gateway_errors import GatewayFailure
from reconciler.mapping.answer.overrides import combined, overrides_of_request, uncertain
from reconciler.mapping.exchange import Exchange, Payload
from reconciler.mapping.rendering import Branch, Overrides, Rendering, TemplateInputs, Unknown

_ON_BINARY: Final = "a template cannot be applied to a binary body; contentHandling CONVERT_TO_TEXT makes it text"


@dataclass(frozen=True, slots=True)
class MappedBody:
    """The body after its template, and the overrides of the request's and the response's template together."""

    body: Payload | Unknown
    overrides: Overrides
    branches: frozenset[Branch] = frozenset()


def mapped_body(template: str, content: Content | Unknown, exchange: Exchange) -> MappedBody:
    """Render a template with the content of the backend's answer; an empty template passes it unmapped.

    Raises:
        GatewayFailure: the template fails, or the content is binary.
    """
    earlier = overrides_of_request(exchange)
    if isinstance(content, Unknown):
        return MappedBody(content, Overrides(content, earlier.headers) if template else earlier)
    if not template:
        return MappedBody(content.payload, earlier)
    if content.is_binary and content.payload:
        raise GatewayFailure(_ON_BINARY)
    if content.is_binary:
        unknown = Unknown("whether a template can be applied to an empty body that is binary is not documented")
        return MappedBody(unknown, Overrides(unknown, earlier.headers))
    rendering = _render(template, _inputs(as_text(content.payload), exchange))
    if rendering.fault:
        raise GatewayFailure.of_template(rendering.fault, rendering.branches)
    if not rendering.unknown:
        return MappedBody(rendering.output, combined(earlier, rendering.overrides), rendering.branches)
    unknown = Unknown("; ".join(dict.fromkeys(each.why for each in rendering.unknown)))
    overrides = uncertain(combined(earlier, rendering.overrides), earlier, unknown)
    return MappedBody(unknown, overrides, rendering.branches)


def _inputs(body: str, exchange: Exchange) -> TemplateInputs:
    return TemplateInputs(body, exchange.request, exchange.context, exchange.stage_variables, exchange.state)


def _render(template: str, inputs: TemplateInputs) -> Rendering:
    try:
        from reconciler.mapping.template import render
    except ImportError:
        return Rendering(unknown=(Unknown("templates are not rendered yet"),))
    return render(template, inputs)
