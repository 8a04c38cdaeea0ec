"""Check the text of a template, once for all responses that have it."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from reconciler.lint.templates.conditions import always_true
from reconciler.lint.templates.directives import dead_directives
from reconciler.lint.templates.findings import TemplateFinding
from reconciler.lint.templates.json_output import not_json
from reconciler.lint.templates.quotes import broken_by_quote, escaped_quotes, unescaped_apostrophes
from reconciler.lint.templates.references import undefined_references, unknown_helpers
from reconciler.lint.templates.scope import scope_of
from reconciler.mapping.velocity.parser import parse_block
from reconciler.mapping.velocity.source import TemplateSyntaxError
from reconciler.mapping.velocity.tree import StatementBlock, walk
from reconciler.rules import LintRule

MOST_FINDINGS: Final = 100
"""Of one template, the first ones."""


def template_findings(text: str, *, is_json: bool) -> tuple[TemplateFinding, ...]:
    """Return what is wrong with a template, in the order of its text. `is_json`: its output should be JSON."""
    try:
        tree = parse_block(text)
    except TemplateSyntaxError as failure:
        return _unparsed(text, failure)
    found = sorted(_in_tree(tree, is_json=is_json), key=lambda finding: (finding.line, finding.column))
    return tuple(found[:MOST_FINDINGS])


def _unparsed(text: str, failure: TemplateSyntaxError) -> tuple[TemplateFinding, ...]:
    if not failure.is_certain:  # API Gateway may parse it
        return ()
    quote = broken_by_quote(text, failure)
    message = f"the template does not parse: {failure.message}"
    return (quote or TemplateFinding(LintRule.TEMPLATE_SYNTAX, message, failure.line, failure.column),)


def _in_tree(tree: StatementBlock, *, is_json: bool) -> Iterator[TemplateFinding]:
    """Yield the findings of each rule, of a rule the first ones."""
    nodes = list(walk(tree))
    scope = scope_of(nodes)
    of_rules = [
        dead_directives(nodes),
        escaped_quotes(nodes),
        always_true(nodes, scope),
        unknown_helpers(nodes, scope),
        undefined_references(nodes, scope),
    ]
    if is_json and "content-type" not in {name.lower() for name in scope.members}:
        of_rules += [unescaped_apostrophes(nodes), not_json(tree, scope)]
    for findings in of_rules:
        yield from islice(findings, MOST_FINDINGS)
