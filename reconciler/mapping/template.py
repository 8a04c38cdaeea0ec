"""Render a mapping template: the one door to templates, for requests and responses alike."""

from typing import cast

from reconciler.mapping.java.budget import Budget
from reconciler.mapping.rendering import Rendering, TemplateFault, TemplateInputs, Unknown
from reconciler.mapping.variables import make_variables
from reconciler.mapping.variables.context import Context, read_overrides
from reconciler.mapping.velocity.source import TemplateSyntaxError
from reconciler.mapping.velocity.template import parse


def render(template: str, inputs: TemplateInputs) -> Rendering:
    """Render a template as API Gateway does; every template with any inputs ends in a Rendering, within the bounds.

    What no source describes is in `unknown`, with the output that is likely.
    """
    try:
        parsed = parse(template)
    except TemplateSyntaxError as error:
        return Rendering(fault=TemplateFault(error.message, error.line, error.column, is_certain=error.is_certain))
    budget = Budget()
    variables = make_variables(inputs, budget)
    rendered = parsed.render(variables, budget)
    if rendered.fault is not None:
        return Rendering(fault=rendered.fault, unknown=_unknown(budget), branches=rendered.branches)
    context = cast("Context", variables["context"])  # what `#set($context = 1)` leaves in its place has no effect
    overrides = read_overrides(context, budget)
    return Rendering(
        rendered.output,
        overrides,
        None,
        _unknown(budget),
        rendered.branches,
        {str(key): context[key] for key in context},
    )


def _unknown(budget: Budget) -> tuple[Unknown, ...]:
    return tuple(map(Unknown, budget.unknown))
