"""The notes about a policy."""

import pytest

from reconciler.engine.iam_policy import Permissions
from reconciler.render.style import Style
from reconciler.views.iam_policy import LIMIT, policy_notes

ROLE = "arn:aws:iam::123456789012:role/ci\x1b"


@pytest.mark.parametrize(
    ("permissions", "notes"),
    [
        (Permissions({}), []),
        (Permissions({}, is_split=True), []),
        (Permissions({}, roles=(ROLE,)), ["the policy is for arn:aws:iam::123456789012:role/ci\\x1b"]),
        (
            Permissions({}, roles=(ROLE,), is_split=True),
            [
                "the policy is for arn:aws:iam::123456789012:role/ci\\x1b",
                "the statements about S3 and SNS are for the credentials that assume these roles",
            ],
        ),
        (Permissions(None, roles=(ROLE,)), []),
    ],
)
def test_what_else_is_needed(permissions: Permissions, notes: list[str]) -> None:
    """Roles are assumed by other credentials, which keep histories and notify themselves."""
    assert [f"note: {note}" for note in notes] == [
        line.partition(";")[0] for line in policy_notes(permissions, Style())
    ]


def test_when_quiet_only_a_policy_that_is_too_long_is_reported() -> None:
    """IAM would not accept it."""
    permissions = Permissions({"Statement": "x" * LIMIT}, roles=(ROLE,))
    (line,) = policy_notes(permissions, Style(quiet=True))

    assert line.startswith("warning: the policy has 6,1")
