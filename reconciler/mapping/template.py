"""Render a mapping template: the one door to templates, for requests and responses alike."""

from dataclasses import replace
from typing import Final, cast

from reconciler.mapping.java.budget import Budget
from reconciler.mapping.java.values import without_lone_surrogates
from reconciler.mapping.rendering import Rendering, TemplateFault, TemplateInputs, Unknown
from reconciler.mapping.variables import make_variables
from reconciler.mapping.variables.context import ContextMap, read_overrides
from reconciler.mapping.variables.input import Input
from reconciler.mapping.velocity.source import TemplateSyntaxError
from reconciler.mapping.velocity.template import parse
from reconciler.wording import shown

_LONGEST_REASON: Final = 300
"""In characters: reasons may quote what a template or a body holds."""


def render(template: str, inputs: TemplateInputs) -> Rendering:
    """Render a template as API Gateway does; every template with any inputs ends in a Rendering, within the bounds.

    What no source describes is in `unknown`, with the output that is likely.
    """
    try:
        parsed = parse(template)
    except TemplateSyntaxError as error:
        return Rendering(fault=_fault(TemplateFault(error.message, error.line, error.column, error.is_certain)))
    budget = Budget()
    variables = make_variables(inputs, budget)
    rendered = parsed.render(variables, budget)
    if rendered.fault is not None:
        return Rendering(fault=_fault(rendered.fault), unknown=_unknown(budget), branches=rendered.branches)
    cast("Input", variables["input"]).note_changes(budget)
    context = cast("ContextMap", variables["context"])  # what `#set($context = 1)` leaves in its place has no effect
    overrides = read_overrides(context, budget)
    state = context.left()
    output = without_lone_surrogates(rendered.output)
    assumed = tuple(budget.assumed)
    return Rendering(output, overrides, None, _unknown(budget), rendered.branches, state, assumed)


def _unknown(budget: Budget) -> tuple[Unknown, ...]:
    return tuple(Unknown(shown(why, _LONGEST_REASON)) for why in budget.unknown)


def _fault(fault: TemplateFault) -> TemplateFault:
    return replace(fault, message=shown(fault.message, _LONGEST_REASON))
