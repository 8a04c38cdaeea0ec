"""Test calls of response tests."""

import pytest

from reconciler.engine.response_tests.live_calls import is_encoded, path_with_query
from reconciler.mapping.exchange import ClientRequest


@pytest.mark.parametrize(
    ("path", "request_", "expected"),
    [
        ("/pets", ClientRequest(), "/pets"),
        ("/pets/{petId}", ClientRequest(path={"petId": "7"}), "/pets/7"),
        (
            "/pets/{petId}/toys/{toyId}",
            ClientRequest(path={"petId": "a/b", "toyId": "é ?"}),
            "/pets/a%2Fb/toys/%C3%A9%20%3F",
        ),
        ("/files/{proxy+}", ClientRequest(path={"proxy": "a/b c"}), "/files/a/b%20c"),
        ("/pets", ClientRequest(query={"page": "2", "q": "a b&c"}), "/pets?page=2&q=a%20b%26c"),
    ],
)
def test_paths(path: str, request_: ClientRequest, expected: str) -> None:
    """Parameters are percent-encoded, the slashes of a greedy one excepted."""
    assert expected == path_with_query(path, request_)


@pytest.mark.parametrize(("value", "encoded"), [("7", False), ("a/b", False), ("a b", True), ("é", True)])
def test_encoded_parameters(value: str, *, encoded: bool) -> None:
    """Whether a path has anything to decode."""
    assert encoded == is_encoded(ClientRequest(path={"petId": value}))
