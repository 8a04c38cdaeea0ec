"""Which parameter mappings and content types API Gateway accepts.

Pure checks that raise BadRequestException with AWS's text, all problems in one message. Grammar: Developer Guide, "API
request and response data mapping reference"; texts: recorded answers and users' reports.
"""

import re
from collections.abc import Container, Iterable, Mapping
from typing import Final

from reconciler.sandbox.model.errors import ModelError, bad_request

_NAME: Final = r"[a-zA-Z0-9._$-]+"
_KEY: Final = re.compile(rf"method\.response\.header\.{_NAME}")
_VALUE: Final = re.compile(
    rf"""
      integration\.response\.(?:header|multivalueheader)\.{_NAME}
    | integration\.response\.body(?:\..+)?
    | (?:context|stageVariables)\.{_NAME}
    | '.*'
    """,
    re.VERBOSE | re.DOTALL,
)
_REQUEST_KEY: Final = re.compile(rf"integration\.request\.(?:header|querystring|path)\.{_NAME}")
_REQUEST_VALUE: Final = re.compile(
    rf"""
      method\.request\.(?:header|multivalueheader|querystring|multivaluequerystring|path)\.{_NAME}
    | method\.request\.body(?:\..+)?
    | (?:context|stageVariables)\.{_NAME}
    | '.*'
    """,
    re.VERBOSE | re.DOTALL,
)
_CONTENT_TYPE: Final = re.compile(r"[^/;\s]+/[^/;\s]+(?:\s*;.*)?")


def _refused(problems: Iterable[str]) -> ModelError:
    listed = ", ".join(problems)
    return bad_request(
        f"Invalid mapping expression specified: Validation Result: warnings : [], errors : [{listed}]",
    )


def check_mappings(mappings: Mapping[str, str | None] | None, declared: Container[str] | None) -> None:
    """Refuse mappings that AWS refuses; `declared` has the headers of the method response, None without one."""
    if not mappings:
        return
    if declared is None:
        raise _refused(["No method response exists for method."])
    problems = [problem for key, value in mappings.items() for problem in _problems(key, value, declared)]
    if problems:
        raise _refused(problems)


def _problems(key: str, value: str | None, declared: Container[str]) -> list[str]:
    problems = []
    if key not in declared:
        problems.append(f"Invalid mapping expression parameter specified: {key}")
    if not _VALUE.fullmatch(value or ""):
        problems.append(f"Invalid mapping expression specified: {value or ''}")
    return problems


def check_request_mappings(mappings: Mapping[str, str | None]) -> None:
    """Refuse invalid request mappings of an integration (a value without quotes is recorded)."""
    problems = [
        *(f"Invalid mapping expression parameter specified: {key}" for key in mappings if not _REQUEST_KEY.match(key)),
        *(
            f"Invalid mapping expression specified: {value or ''}"
            for value in mappings.values()
            if not _REQUEST_VALUE.fullmatch(value or "")
        ),
    ]
    if problems:
        raise _refused(problems)


def check_declarations(parameters: Iterable[str]) -> None:
    """Refuse invalid response headers in a method response (by analogy: no recording)."""
    invalid = [name for name in parameters if not _KEY.fullmatch(name)]
    if invalid:
        raise _refused(f"Invalid mapping expression parameter specified: {name}" for name in invalid)


def check_content_types(names: Iterable[str]) -> None:
    """Refuse template keys that are not media types."""
    problems = [f"Invalid content type specified: {name}" for name in names if not _CONTENT_TYPE.fullmatch(name)]
    if problems:
        raise bad_request(f"Validation Result: warnings : [], errors : [{', '.join(problems)}]")
