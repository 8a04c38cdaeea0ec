"""The error answers of API Gateway.

Promise: `ModelError` carries exactly what a client sees: HTTP status, error code, message, and Retry-After if there is
one. Texts are AWS's own (recorded answers, unless said otherwise).
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
    """An answer that is an error. `retry_after` is in seconds, None when AWS sends no such header."""

    def __init__(self, status: int, code: str, message: str, retry_after: int | None = None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.retry_after = retry_after


def not_found(message: str) -> ModelError:
    """404: what the call addresses is not there."""
    return ModelError(404, "NotFoundException", message)


def bad_request(message: str) -> ModelError:
    """400: the content of the request is refused."""
    return ModelError(400, "BadRequestException", message)


def conflict(message: str) -> ModelError:
    """409: something stands in the way."""
    return ModelError(409, "ConflictException", message)


def wrong_type(java_class: str, wanted: str) -> ModelError:
    """400: a JSON value of the wrong type; not one of the service model's own errors."""
    return ModelError(400, "SerializationException", f"class {java_class} can not be converted to an {wanted}")


def validation_error(problems: list[str]) -> ModelError:
    """400: the request's shape is wrong, every problem in one message; not one of the service model's own errors."""
    count = "1 validation error" if len(problems) == 1 else f"{len(problems)} validation errors"
    return ModelError(400, "ValidationException", f"{count} detected: {'; '.join(problems)}")


def unsupported(what: str) -> ModelError:
    """404: AWS has such an operation or path, this model does not."""
    return ModelError(404, "UnknownOperationException", f"The sandbox does not implement {what}")
