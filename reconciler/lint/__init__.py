"""Check the desired state by itself, and against the live API.

Pure functions that return diagnostics and never raise for what a user wrote. `offline` checks the desired state alone,
`live` against the API, each with a `websocket_` half; `patterns`, `overlaps`, `handling` and `template_texts` are
shared, and `templates` looks into the text of templates; `replaced_integrations` finds integrations that another tool
replaced. `violations` turns what they find into diagnostics: located, silenced, graded, downgraded. The rules
themselves are `reconciler.rules.LintRule`.
"""

from reconciler.lint.live import check
from reconciler.lint.offline import lint
from reconciler.lint.replaced_integrations import replaced_integrations
from reconciler.lint.violations import Grade, SeverityOverrides, downgrade_unplanned

__all__ = [
    "Grade",
    "SeverityOverrides",
    "check",
    "downgrade_unplanned",
    "lint",
    "replaced_integrations",
]
