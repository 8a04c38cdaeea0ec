"""Values of bodies are read within bounds."""

import pytest

from reconciler.mapping.lenient_json import MOST_PARTS
from support.answering import http, mapped, why


@pytest.mark.parametrize("value", ["integration.response.body", "integration.response.body.a"])
def test_a_body_that_takes_too_long_is_unknown(value: str) -> None:
    """A body that is not strict JSON and has very many values is not read; a mapping of it is not known."""
    body = "{a: [" + "x," * (MOST_PARTS + 1) + "]}"

    assert "has more than" in why(http(mapped(value), 200, body).headers["X"])
