"""The type of an integration and its backend have to fit."""

import pytest

from reconciler.mapping.answer.respond import ImpossibleBackend, respond
from reconciler.mapping.exchange import (
    ApiFacts,
    Backend,
    Exchange,
    HttpResult,
    IntegrationType,
    LambdaResult,
    MockResult,
    NoResult,
)
from support.answering import default

FUNCTION, RESPONSE, MOCK, NOTHING = LambdaResult("{}"), HttpResult(200), MockResult(200), NoResult()


@pytest.mark.parametrize(
    ("integration", "backend"),
    [
        ("AWS", FUNCTION),
        ("AWS", RESPONSE),
        ("AWS", NOTHING),
        ("AWS_PROXY", FUNCTION),
        ("AWS_PROXY", HttpResult(429)),
        ("AWS_PROXY", NOTHING),
        ("HTTP", RESPONSE),
        ("HTTP", NOTHING),
        ("HTTP_PROXY", RESPONSE),
        ("HTTP_PROXY", NOTHING),
        ("MOCK", MOCK),
        (None, FUNCTION),
        (None, RESPONSE),
        (None, MOCK),
        (None, NOTHING),
    ],
)
def test_backends_that_fit(integration: IntegrationType | None, backend: Backend) -> None:
    """AWS integrations have functions and services, HTTP ones responses, mocks nothing but a status."""
    assert respond(default(), Exchange(backend, api=ApiFacts(integration_type=integration))).status is not None


@pytest.mark.parametrize(
    ("integration", "backend", "why"),
    [
        ("HTTP", FUNCTION, "an integration of type HTTP cannot have the result of a Lambda function"),
        ("HTTP_PROXY", MOCK, "an integration of type HTTP_PROXY cannot have the status of a mock integration"),
        ("MOCK", RESPONSE, "an integration of type MOCK cannot have the response of an HTTP backend or AWS service"),
        ("MOCK", NOTHING, "an integration of type MOCK cannot have a backend that does not answer"),
        ("AWS", MOCK, "an integration of type AWS cannot have the status of a mock integration"),
        ("AWS_PROXY", RESPONSE, "an integration of type AWS_PROXY cannot have status 200"),
    ],
)
def test_backends_that_do_not_fit(integration: IntegrationType, backend: Backend, why: str) -> None:
    """A backend that the integration cannot have is the caller's mistake; the message names both."""
    with pytest.raises(ImpossibleBackend) as raised:
        respond(default(), Exchange(backend, api=ApiFacts(integration_type=integration)))

    assert raised.value.why.startswith(why)
