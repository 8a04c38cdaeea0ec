"""Check templates for what editors and merges leave behind: AWS accepts it, and clients get it."""

from collections.abc import Iterator
from typing import Final

from reconciler.conflict_markers import conflict_line
from reconciler.lint.violations import Violation
from reconciler.models.keys import ResponseKey
from reconciler.rules import LintRule

_BYTE_ORDER_MARK: Final = "\ufeff"


def text_violations(key: ResponseKey, template: str, path: str) -> Iterator[Violation]:
    """Yield the violations in the text of a template, at most one per rule."""
    if template.startswith(_BYTE_ORDER_MARK):
        yield Violation(LintRule.TEMPLATE_BOM, key, "the template begins with a byte order mark (U+FEFF)", path)
    line = conflict_line(template)
    if line is not None:
        message = f"unresolved merge conflict in line {line} of the template"
        yield Violation(LintRule.MERGE_CONFLICT, key, message, path)
