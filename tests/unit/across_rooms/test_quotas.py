"""The quotas of the rate limiter and of the sandbox, which are written down separately."""

from reconciler.aws.operations import OPERATIONS
from reconciler.aws.rate_limit import ACCOUNT_QUOTA, OPERATION_QUOTAS
from reconciler.sandbox.model.quotas import ALL_OPERATIONS, QUOTAS


def test_both_have_the_same_quotas() -> None:
    """Of every operation that is called, and of all operations together."""
    called = {operation.name for operation in OPERATIONS}
    limited = {name: (quota.calls, quota.seconds, quota.burst) for name, quota in OPERATION_QUOTAS.items()}

    assert {name: tuple(quota) for name, quota in QUOTAS.items() if name in called} == limited
    assert (ACCOUNT_QUOTA.calls, ACCOUNT_QUOTA.seconds, ACCOUNT_QUOTA.burst) == tuple(ALL_OPERATIONS)
