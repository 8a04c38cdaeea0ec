"""Apply a response template to the content of a backend's answer."""

from dataclasses import dataclass, replace
from typing import Final

from reconciler.mapping.answer.content import Content, as_text
from reconciler.mapping.answer.gateway_errors import GatewayFailure
from reconciler.mapping.answer.overrides import combined, overrides_of_request, uncertain
from reconciler.mapping.exchange import Exchange, Payload
from reconciler.mapping.rendering import Branch, Overrides, Rendering, TemplateInputs, Unknown
from reconciler.mapping.template import render

_ON_BINARY: Final = "a template cannot be applied to a binary body; contentHandling CONVERT_TO_TEXT makes it text"


@dataclass(frozen=True, slots=True)
class MappedBody:
    """The body after its template, and the overrides of the request's and the response's template together.

    `assumed` is as in `Rendering`.
    """

    body: Payload | Unknown
    overrides: Overrides
    branches: frozenset[Branch] = frozenset()
    assumed: tuple[str, ...] = ()


def mapped_body(template: str, content: Content | Unknown, exchange: Exchange) -> MappedBody:
    """Render a template with the content of the backend's answer; an empty template passes it unmapped.

    Raises:
        GatewayFailure: the template fails, or the content is binary.
    """
    earlier = overrides_of_request(exchange)
    if not template:
        return MappedBody(content if isinstance(content, Unknown) else content.payload, earlier)
    if isinstance(content, Content) and content.is_binary:
        if content.payload:
            raise GatewayFailure(_ON_BINARY)
        content = Unknown("whether a template can be applied to an empty body that is binary is not documented")
    if isinstance(content, Unknown):
        return _unknown(content, earlier)
    rendering = render(template, _inputs(as_text(content.payload), exchange))
    return replace(_mapped(rendering, earlier), branches=rendering.branches, assumed=rendering.assumed)


def _inputs(body: str, exchange: Exchange) -> TemplateInputs:
    return TemplateInputs(body, exchange.request, exchange.context, exchange.stage_variables, exchange.state)


def _mapped(rendering: Rendering, earlier: Overrides) -> MappedBody:
    """Return what a rendering gives, without its branches."""
    fault = rendering.fault
    whys = [each.why for each in rendering.unknown]
    if fault and (not fault.is_certain or whys):
        return _unknown(Unknown("; ".join([*whys, f"the template is not rendered here: {fault.message}"])), earlier)
    if fault:
        raise GatewayFailure.of_template(fault, rendering.branches)
    overrides = combined(earlier, rendering.overrides)
    if not whys:
        return MappedBody(rendering.output, overrides)
    unknown = Unknown("; ".join(whys))
    return MappedBody(unknown, uncertain(overrides, earlier, unknown))


def _unknown(unknown: Unknown, earlier: Overrides) -> MappedBody:
    """Return the outcome of a template that is not rendered, and may set the status."""
    return MappedBody(unknown, Overrides(unknown, earlier.headers))
