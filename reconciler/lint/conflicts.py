"""Templates in which a merge conflict was left: AWS takes them, and clients get both sides."""

from collections.abc import Iterator

from reconciler.lint import rules
from reconciler.lint.breaches import Breach
from reconciler.models.keys import ResponseKey
from reconciler.resolve.conflicts import conflict_line


def conflict_breaches(key: ResponseKey, template: str, path: str) -> Iterator[Breach]:
    """At most one."""
    line = conflict_line(template)
    if line is not None:
        message = f"a merge conflict is not resolved in line {line} of the template"
        yield Breach(rules.MERGE_CONFLICT, key, message, path)
