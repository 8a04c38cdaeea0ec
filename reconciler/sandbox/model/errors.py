"""The error responses of API Gateway.

`ModelError` has exactly what a client sees: HTTP status, error code, message, and Retry-After if there is one. Texts
are AWS's own (recorded answers, unless noted otherwise).
"""

from typing import Final

NO_RESOURCE: Final = "Invalid Resource identifier specified"
NO_METHOD: Final = "Invalid Method identifier specified"
NO_INTEGRATION: Final = "Invalid Integration identifier specified"
NO_STATUS: Final = "Invalid Response status code specified"
NO_PARAMETER: Final = "Invalid parameter name specified"
NO_CONTENT_TYPE: Final = "Content-Type specified was not found"
NO_STAGE: Final = "Invalid stage identifier specified"
NO_DEPLOYMENT: Final = "Invalid Deployment identifier specified"


class ModelError(Exception):
    """An error response. `retry_after` is in seconds, None if AWS sends no such header."""

    def __init__(self, status: int, code: str, message: str, retry_after: int | None = None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.retry_after = retry_after


def not_found(message: str) -> ModelError:
    """404: the object does not exist."""
    return ModelError(404, "NotFoundException", message)


def bad_request(message: str) -> ModelError:
    """400: the content of the request is invalid."""
    return ModelError(400, "BadRequestException", message)


def conflict(message: str) -> ModelError:
    """409: the request conflicts with the state."""
    return ModelError(409, "ConflictException", message)


def wrong_type(java_class: str, expected: str) -> ModelError:
    """400: a JSON value has the wrong type; not an error of the service model."""
    return ModelError(400, "SerializationException", f"class {java_class} can not be converted to an {expected}")


def validation_error(problems: list[str]) -> ModelError:
    """400: the request has the wrong shape, every problem in one message; not an error of the service model."""
    count = "1 validation error" if len(problems) == 1 else f"{len(problems)} validation errors"
    return ModelError(400, "ValidationException", f"{count} detected: {'; '.join(problems)}")


def unsupported(what: str) -> ModelError:
    """404: this model does not implement an operation or path of AWS."""
    return ModelError(404, "UnknownOperationException", f"The sandbox does not implement {what}")
