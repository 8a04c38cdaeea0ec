"""Values of bodies are read within bounds."""

from time import process_time

from reconciler.mapping.lenient_json import MOST_PARTS
from support.answering import http, mapped, why

MOST_SECONDS = 10
"""Without a common bound, the twenty mappings below take about twenty seconds."""


def test_a_body_that_takes_too_long_is_unknown() -> None:
    """A body that is not strict JSON and has very many values is not read, and mappings of it are not known."""
    body = "{a: [" + "x," * (MOST_PARTS + 1) + "]}"
    headers = http(mapped("integration.response.body", Y="integration.response.body.a"), 200, body).headers

    assert "has more than" in why(headers["X"])
    assert "has more than" in why(headers["Y"])


def test_the_mappings_of_an_answer_share_what_they_may_cost() -> None:
    """Many mappings that take long end soon together: those that are not read are unknown."""
    nested = '{"a": ' * 90 + "1" + "}" * 90
    paths = {f"A{number}": f"integration.response.body..a..a..a..a..a[{number}]" for number in range(20)}
    start = process_time()
    headers = http(mapped("'static'", **paths), 200, nested).headers
    seconds = process_time() - start

    assert "the mappings of this answer take too much time or memory" in why(headers["A9"])
    assert seconds < MOST_SECONDS
