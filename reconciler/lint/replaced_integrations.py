"""Detect integrations that another tool replaced.

`PutIntegration` on an existing method destroys its integration responses, and so does a re-import of an OpenAPI file or
another tool's redeployment of the methods. One method without responses may be new; several at once rarely are.
"""

from collections.abc import Iterator
from typing import Final

from reconciler.diagnostics import Diagnostic
from reconciler.lint.violations import DEFAULT_SEVERITIES, SeverityOverrides, Violation, diagnose
from reconciler.models.desired import ABSENT, Desired
from reconciler.models.keys import IntegrationKey, Scope
from reconciler.models.live import LiveApi
from reconciler.rules import LintRule

_SEVERAL: Final = 2
_NAMED: Final = 3


def replaced_integrations(
    desired: Desired, live: LiveApi, grades: SeverityOverrides = DEFAULT_SEVERITIES
) -> tuple[Diagnostic, ...]:
    """Report once per API that several listed methods have lost all their responses."""
    return diagnose(desired, replacement_violations(desired, live), grades)


def replacement_violations(desired: Desired, live: LiveApi) -> Iterator[Violation]:
    """Yield the same as a violation, for callers that check other rules too."""
    listed = {key.scope for key, wanted in desired.responses.items() if wanted is not ABSENT}
    empty = [scope for scope in desired.owns if scope in listed and _is_empty(live, scope)]
    if len(empty) >= _SEVERAL:
        named = ", ".join(str(scope) for scope in empty[:_NAMED]) + (" ..." if len(empty) > _NAMED else "")
        what = "integrations have" if isinstance(empty[0], IntegrationKey) else "methods have an integration but"
        message = f"{len(empty):,} listed {what} no responses: {named}"
        yield Violation(LintRule.RESPONSES_WIPED, empty[0], message)


def _is_empty(live: LiveApi, scope: Scope) -> bool:
    method = live.methods.get(scope)
    return method is not None and method.integration_type is not None and not method.is_proxy and not method.responses
