"""iam-policy: the policy document, and notes about it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from reconciler.engine.iam_policy import Permissions
from reconciler.render.style import Style, printable
from reconciler.views.problems import diagnostic_lines

LIMIT: Final = 6_144
"""The most characters of a managed policy, without whitespace (IAM quotas)."""


def policy_text(policy: Mapping[str, Any]) -> str:
    """Return the policy document."""
    return json.dumps(policy, indent=2)


def policy_notes(permissions: Permissions, style: Style) -> Iterator[str]:
    """Yield the problems, whether the policy is too long for IAM, and what else must be allowed."""
    yield from diagnostic_lines(permissions.diagnostics, style)
    if permissions.policy is None:
        return
    length = len("".join(policy_text(permissions.policy).split()))
    if length > LIMIT:
        message = f"the policy has {length:,} characters, and IAM accepts {LIMIT:,} (without whitespace)"
        yield f"{style.paint('warning:', 'warning')} {message}; make one policy for each --selector or --env"
    if not style.quiet:
        for role in permissions.roles:
            yield f"note: the policy is for {printable(role)}; to assume that role, sts:AssumeRole on it is needed too"
        if permissions.roles and permissions.is_split:
            yield "note: the statements about S3 and SNS are for the credentials that assume these roles"
