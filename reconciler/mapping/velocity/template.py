"""Templates: parsed and compiled once, rendered any number of times."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from reconciler.mapping.java.budget import Budget, EvaluationFault, NotEvaluated
from reconciler.mapping.java.values import Value
from reconciler.mapping.rendering import Branch, TemplateFault
from reconciler.mapping.velocity.compiler import TemplateCompiler
from reconciler.mapping.velocity.evaluation import BreakLoop, LocatedFault, StopRendering, TemplateRun
from reconciler.mapping.velocity.parser import parse_block
from reconciler.mapping.velocity.tree import StatementBlock

_MOST_TEMPLATES: Final = 128
_MOST_LONG_TEMPLATES: Final = 4
_LONG: Final = 16_000
"""Characters from which a template is long: a compiled template takes up to 200 bytes for a character."""


@dataclass(frozen=True, slots=True)
class RenderedTemplate:
    """What a template printed, or why it failed, and the branches that it took.

    `variables` are the values as the template left them. What is unknown about the output is in the budget.
    """

    output: str
    fault: TemplateFault | None
    branches: frozenset[Branch]
    variables: Mapping[str, Value]


class Template:
    """A template that parses; `tree` is its syntax tree, `branches` are all the ways that it can take."""

    __slots__ = ("_branches", "_render", "branches", "tree")

    def __init__(self, tree: StatementBlock) -> None:
        compiler = TemplateCompiler()
        self.tree = tree
        self._render = compiler.block(tree)
        self._branches = tuple(compiler.branches)
        self.branches = frozenset(self._branches)

    def render(self, variables: Mapping[str, Value], budget: Budget) -> RenderedTemplate:
        """Render the template with `variables`, which stay as they are; values in them may change."""
        run = TemplateRun(variables, budget)
        parts: list[str] = []
        fault = None
        try:
            self._render(run, parts.append)
        except (StopRendering, BreakLoop):
            pass
        except LocatedFault as located:
            fault = _template_fault(located.fault, located.node.line, located.node.column)
        except EvaluationFault as unlocated:
            fault = _template_fault(unlocated, 1, 1)
        except RecursionError:
            fault = TemplateFault("values or blocks nest too deeply", 1, 1, is_certain=False)
        output = "" if fault else "".join(parts)
        return RenderedTemplate(output, fault, frozenset(map(self._branches.__getitem__, run.taken)), run.variables)


def _template_fault(fault: EvaluationFault, line: int, column: int) -> TemplateFault:
    return TemplateFault(fault.message, line, column, is_certain=not isinstance(fault, NotEvaluated))


def parse(text: str) -> Template:
    """Parse and compile a template; the last ones are kept, few of the long ones. Raises TemplateSyntaxError."""
    return _parse_long(text) if len(text) > _LONG else _parse_short(text)


@lru_cache(maxsize=_MOST_TEMPLATES)
def _parse_short(text: str) -> Template:
    return Template(parse_block(text))


@lru_cache(maxsize=_MOST_LONG_TEMPLATES)
def _parse_long(text: str) -> Template:
    return Template(parse_block(text))
