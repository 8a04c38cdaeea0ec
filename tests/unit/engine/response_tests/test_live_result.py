"""What makes a live test pass, fail or unknown."""

from typing import Any

import pytest

from reconciler.engine.response_tests.compare import Expected
from reconciler.engine.response_tests.live_causes import LiveDifference
from reconciler.engine.response_tests.live_result import answered
from reconciler.mapping.answer.answer import Answer
from reconciler.mapping.rendering import Unknown
from reconciler.models.targets import Target

TARGET = Target("123456789012", "eu-west-1", "a1")
ANSWER = Answer(Unknown("AWS does not say"), 404, {"X-A": "a"}, "body")


def outcome(expected: Expected, path: str = "", cause: Any = "backend") -> str:  # noqa: ANN401 - a cause
    """Return the outcome, where one value differs from the offline answer."""
    differences = [LiveDifference(path, None, None, cause, "why")] if path else []
    return answered(TARGET, expected, ANSWER, differences, 1, is_json_value=False).outcome


@pytest.mark.parametrize(
    ("expected", "path", "cause", "result"),
    [
        (Expected(status=404), "", "", "passed"),
        (Expected(status=200), "", "", "failed"),
        (Expected(status=200), "status", "backend", "failed"),
        (Expected(status=200), "status", "draft", "failed"),
        (Expected(status=200), "status", "unknown", "failed"),
        (Expected(status=200), "status", "context", "passed"),
        (Expected(status=404), "body", "backend", "passed"),
        (Expected(status=404), "body", "unknown", "passed"),
        (Expected(status=404), "body", "reconciler", "failed"),
        (Expected(headers={"x-a": "b"}), "headers.X-A", "context", "passed"),
        (Expected(selected="404"), "", "", "unknown"),
        (Expected(status=404, unknown=("body",)), "", "", "passed"),
    ],
)
def test_outcomes(expected: Expected, path: str, cause: str, result: str) -> None:
    """What a test expects decides, but for the context of the call; a wrong pipeline always fails."""
    assert result == outcome(expected, path, cause)
