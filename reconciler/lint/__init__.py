"""What is wrong with what is desired, by itself and beside what is live.

Promise: pure functions that give diagnostics and never raise for what a user wrote. `rules` is the one table of what is
looked for; `offline` looks at the desired state alone, `live` beside the API, both with a `websocket_` half; `patterns`
is what they share; `replaced_integrations` tells of integrations that were replaced; `breaches` places, silences,
re-grades and softens what they find.
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
