"""What a client asked for and what the backend answers, from files and texts that the user names."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.diagnostics import Location
from reconciler.errors import ReconcilerError
from reconciler.mapping.exchange import Backend, ClientRequest, LambdaResult, Payload


@dataclass(frozen=True, slots=True)
class InputFile:
    """The content of a file; `name` is for messages."""

    name: str
    content: bytes


def payload(file: InputFile) -> Payload:
    """Return the content as text, or as bytes if it is no text."""
    try:
        return file.content.decode("utf-8")
    except UnicodeDecodeError:
        return file.content


def text(file: InputFile) -> str:
    """Return the text of a file. Raises ReconcilerError if it is not UTF-8."""
    try:
        return file.content.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        line = file.content.count(b"\n", 0, failure.start) + 1
        raise ReconcilerError(f"{file.name}:{line}: the file is not UTF-8", "save the file as UTF-8") from failure


def lambda_result(file: InputFile) -> LambdaResult:
    """Return what a function returned; it failed if its JSON has `errorMessage` at the top.

    Raises ReconcilerError for a file that is not JSON.
    """
    source = text(file)
    try:
        value = json.loads(source)
    except ValueError as failure:
        at = f"{failure.lineno}:{failure.colno}" if isinstance(failure, json.JSONDecodeError) else "1:1"
        message = f"{file.name}:{at}: the result of a Lambda function is JSON, and this is not"
        raise ReconcilerError(message, "fix the JSON, or use --backend with `lambdaText: TEXT`") from failure
    except RecursionError as failure:
        raise ReconcilerError(f"{Location(file.name)}: the JSON is nested too deeply", "flatten it") from failure
    return LambdaResult(source, failed=isinstance(value, dict) and "errorMessage" in value)


def lambda_failure(message: str) -> LambdaResult:
    """Return the result of a function that failed with this error message, and nothing else in its payload."""
    return LambdaResult(json.dumps({"errorMessage": message}, ensure_ascii=False), failed=True)


def client_request(file: InputFile) -> ClientRequest:
    raise NotImplementedError


def values(part: str, file: InputFile) -> Mapping[str, object]:
    raise NotImplementedError


def texts(file: InputFile) -> Mapping[str, str]:
    raise NotImplementedError


def backend(file: InputFile) -> Backend:
    raise NotImplementedError
