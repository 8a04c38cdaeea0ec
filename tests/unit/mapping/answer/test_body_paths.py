"""Values of bodies are read within bounds."""

from reconciler.mapping.lenient_json import MOST_PARTS
from support.answering import http, mapped, why


def test_a_body_that_takes_too_long_is_unknown() -> None:
    """A body that is not strict JSON and has very many values is not read, and mappings of it are not known."""
    body = "{a: [" + "x," * (MOST_PARTS + 1) + "]}"
    headers = http(mapped("integration.response.body", Y="integration.response.body.a"), 200, body).headers

    assert "has more than" in why(headers["X"])
    assert "has more than" in why(headers["Y"])
