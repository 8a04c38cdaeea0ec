"""What is wrong with what is desired, by itself and beside what is live.

Promise: pure functions that give diagnostics and never raise for what a user wrote. `rules` is the one table of what
is looked for; `offline` looks at the desired state alone, `live` beside the API, both with a `websocket_` half;
`patterns` is what they share; `wiped` tells of integrations that were replaced; `breaches` places, silences, re-grades
and softens what they find.
"""

from reconciler.lint.breaches import Grade, Grades, settle
from reconciler.lint.live import check
from reconciler.lint.offline import lint
from reconciler.lint.rules import RULES, Rule
from reconciler.lint.wiped import wiped

__all__ = ["RULES", "Grade", "Grades", "Rule", "check", "lint", "settle", "wiped"]
