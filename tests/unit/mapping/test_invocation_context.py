"""What is known of `$context` of a test call."""

import pytest

from reconciler.mapping.invocation_context import context_of_call, unknown_variables


def test_context_of_a_call() -> None:
    """It has what the call and its log show, and AWS's placeholders for test calls."""
    context = context_of_call(
        request_id="r-1", account_id="123456789012", api_id="a1", resource_id="x1", method="GET", resource_path="/pets"
    )

    assert ("r-1", "test-invoke-stage", "GET", "/pets") == tuple(
        context[name] for name in ("requestId", "stage", "httpMethod", "resourcePath")
    )


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("$context.requestId", []),
        ("$context.requestId.toString()", []),
        ("${context.stage} $!context.apiId context.httpMethod", []),
        ("$context.identity.sourceIp", []),
        ("$context.responseOverride.status", []),
        ("$context.requestOverride.path.x", []),
        ("$context.requestTime", ["context.requestTime"]),
        ("$context.identity.userArn", ["context.identity.userArn"]),
        ("$context.identity", ["context.identity"]),
        ("$context.keySet()", ["context.keySet"]),
        ("#foreach($x in $context) $contextual", ["context"]),
        ("$stageVariables.x", []),
    ],
)
def test_unknown_variables(text: str, unknown: list[str]) -> None:
    """Variables that depend on the caller or the time are not known, nor is the map as a whole."""
    assert unknown == list(unknown_variables([text]))
