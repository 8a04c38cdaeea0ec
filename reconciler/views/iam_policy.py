"""An IAM policy as text, and what is to be said beside it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from reconciler.render.style import Style, printable

MOST: Final = 6_144
"""Characters of a managed policy, whitespace not counted (IAM quotas)."""


def policy_text(policy: Mapping[str, Any]) -> str:
    """The policy document."""
    return json.dumps(policy, indent=2)


def policy_notes(policy: Mapping[str, Any], roles: Iterable[str], style: Style) -> Iterator[str]:
    """Where it is too long for IAM, and what else is needed that is not for this policy."""
    length = len("".join(policy_text(policy).split()))
    if length > MOST:
        message = f"the policy has {length:,} characters, and IAM takes {MOST:,} (whitespace not counted)"
        yield f"{style.paint('warning:', 'warning')} {message}; make several, one for each --selector or --env"
    if not style.quiet:
        for role in roles:
            yield f"note: the policy is for {printable(role)}; those who assume it need sts:AssumeRole on it besides"
