"""What a template can read apart from its own variables: `$input`, `$util`, `$context`, `$stageVariables`.

Each is a closed table of names, or a map of texts; no attribute of Python can be reached through them.
"""

from reconciler.mapping.java.budget import Budget
from reconciler.mapping.java.values import JavaMap, Value
from reconciler.mapping.rendering import TemplateInputs
from reconciler.mapping.variables.context import make_context
from reconciler.mapping.variables.input import Input
from reconciler.mapping.variables.util import UTIL

__all__ = ["make_variables"]


def make_variables(inputs: TemplateInputs, budget: Budget) -> dict[str, Value]:
    """Return the variables that a template begins with, by name without the dollar."""
    return {
        "input": Input(inputs),
        "util": UTIL,
        "context": make_context(inputs, budget),
        "stageVariables": JavaMap(inputs.stage_variables),
    }
