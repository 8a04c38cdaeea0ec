"""What a rule finds in the text of a template, and where."""

from dataclasses import dataclass

from reconciler.mapping.velocity.tree import Node
from reconciler.rules import LintRule


@dataclass(frozen=True, slots=True)
class TemplateFinding:
    """A rule broken by a template; line and column count from 1 in its text. `remedy` "" stands for the rule's own.

    `reads` are the parts of the body that the finding is about: with a boolean there, it is none.
    """

    rule: LintRule
    message: str
    line: int
    column: int
    remedy: str = ""
    reads: tuple[tuple[str | None, ...], ...] = ()


def found_at(node: Node, rule: LintRule, message: str, remedy: str = "") -> TemplateFinding:
    """Return a finding at a node."""
    return TemplateFinding(rule, message, node.line, node.column, remedy)
