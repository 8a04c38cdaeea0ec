"""Read from an execution log what the backend of a test call answered.

The log of TestInvokeMethod has an entry for each step, with the time in front; an entry runs to the next one, so a body
may have several lines. Entries longer than about 1,000 characters end in `[TRUNCATED]`, and a binary body is shown as
`[Binary Data]`; mock integrations have no entries about a backend (recorded answers; users' logs of other
integrations). What cannot be read for certain is reported as a doubt, because a body may contain text that looks like
an entry, and headers are printed like a Java map, without quotes.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

RESPONSE: Final = "Received response. Status: "
RESPONSE_HEADERS: Final = "Endpoint response headers: "
RESPONSE_BODY: Final = "Endpoint response body before transformations: "
CLIENT_BODY: Final = "Method response body after transformations: "
CLIENT_HEADERS: Final = "Method response headers: "
FAILURE: Final = "Execution failed due to "
TRUNCATED: Final = " [TRUNCATED]"
BINARY: Final = "[Binary Data]"

_FUNCTION_FAILURE: Final = "Lambda execution failed with status "
_SUCCESS: Final = "Successfully completed execution"
_END: Final = "Method completed with status: "
_AFTER_BODY: Final = (RESPONSE_HEADERS, CLIENT_BODY, CLIENT_HEADERS, FAILURE, _FUNCTION_FAILURE)
_ENTRY: Final = re.compile(r"^[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d UTC \d{4} : ", re.ASCII | re.MULTILINE)
_FIRST_LINE: Final = re.compile(r"Execution log for request (\S+)\n")
_STATUS: Final = re.compile(r"[1-9]\d\d(?=,|$)", re.ASCII)
_HEADER: Final = re.compile(r"(?:^|, )([!#$%&'*+.^_`|~0-9A-Za-z-]+)=")
_DIRECTIVES: Final = frozenset(
    {
        *("max-age", "s-maxage", "max-stale", "min-fresh", "stale-while-revalidate", "stale-if-error"),  # Cache-Control
        *("realm", "error", "error_description", "scope", "nonce", "algorithm", "qop", "charset"),  # WWW-Authenticate
        *("timeout", "max", "q"),  # Keep-Alive, Accept-Encoding
    }
)
"""What may stand behind a comma and before `=` within the value of a header."""


@dataclass(frozen=True, slots=True)
class LoggedBackend:
    """What the backend answered, as far as the log shows it.

    `status` is None if it was not called, as a mock integration is not; `body` is None if the log does not have all of
    it. `failure` is AWS's reason for a failed call, "" if none. `doubts` are sentence parts: why the backend may have
    answered something else.
    """

    request_id: str = ""
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None
    failure: str = ""
    doubts: tuple[str, ...] = ()

    @property
    def is_function_error(self) -> bool:
        """Whether the backend is a Lambda function that failed."""
        return any(name.lower() == "x-amz-function-error" for name in self.headers)


def read_execution_log(log: str) -> LoggedBackend:
    """Return what the log shows of the backend; never fails, whatever the text is."""
    entries = _entries(log)
    first_line = _FIRST_LINE.match(log)
    status = _STATUS.match(_entry(entries, RESPONSE) or "")
    headers = _headers(_entry(entries, RESPONSE_HEADERS) or "{}")
    body = _entry(entries, RESPONSE_BODY)
    return LoggedBackend(
        request_id=first_line[1] if first_line else "",
        status=int(status[0]) if status else None,
        headers=headers,
        body=None if body is None or body == BINARY or body.endswith(TRUNCATED) else body,
        failure=next((entry for entry in entries if entry.startswith((FAILURE, _FUNCTION_FAILURE))), ""),
        doubts=(*_doubts_about_end(entries), *(_doubts(entries, headers) if status else ())),
    )


def _entries(log: str) -> list[str]:
    return [text.removesuffix("\n") for _, text in _parts(log, list(_ENTRY.finditer(log)))]


def _parts(text: str, starts: Sequence[re.Match[str]]) -> Iterator[tuple[re.Match[str], str]]:
    """Yield each start with the text from there to the next."""
    ends = [*(start.start() for start in starts[1:]), len(text)]
    return ((start, text[start.end() : end]) for start, end in zip(starts, ends, strict=False))


def _entry(entries: Sequence[str], title: str) -> str | None:
    return next((entry.removeprefix(title) for entry in entries if entry.startswith(title)), None)


def _headers(text: str) -> dict[str, str]:
    """Return the headers of `{A=1, B=2}`. A comma within a value is taken for its own unless a name follows it."""
    inner = text.removeprefix("{").removesuffix(TRUNCATED).removesuffix("}")
    names = [name for name in _HEADER.finditer(inner) if name.start() == 0 or name[1].lower() not in _DIRECTIVES]
    return {name[1]: value for name, value in _parts(inner, names)}


def _doubts(entries: Sequence[str], headers: Mapping[str, str]) -> Iterator[str]:
    yield from _doubts_about_entries(entries)
    lower = {name.lower() for name in headers}
    if (_entry(entries, RESPONSE_HEADERS) or "").endswith(TRUNCATED):
        yield "the execution log cuts off the backend's headers"
    if "set-cookie" in lower:
        yield "the execution log joins the backend's cookies"
    body = _entry(entries, RESPONSE_BODY)
    if body is None:
        yield "the execution log does not show the backend's body"
    elif body == BINARY:
        yield "the execution log does not show a binary body"
    elif body.endswith(TRUNCATED):
        yield "the execution log cuts off the backend's body"
    elif "content-encoding" not in lower and _length(headers) not in {None, len(body.encode(errors="replace"))}:
        yield "the backend's body in the execution log is not as long as its Content-Length"


def _doubts_about_end(entries: Sequence[str]) -> Iterator[str]:
    """Report an execution that ended neither well nor with a failure, such as one with an invalid request."""
    if not any(entry.startswith((_SUCCESS, FAILURE, _FUNCTION_FAILURE)) for entry in entries):
        reasons = [entry for entry in entries if not entry.startswith(_END)]
        last = reasons[-1].partition("\n")[0] if reasons else "the execution log is empty"
        yield f"API Gateway ended the call before the integration: {last}"


def _length(headers: Mapping[str, str]) -> int | None:
    declared = next((value for name, value in headers.items() if name.lower() == "content-length"), "")
    return int(declared) if declared.isascii() and declared.isdecimal() and len(declared) < len("10000000000") else None


def _doubts_about_entries(entries: Sequence[str]) -> Iterator[str]:
    """Report signs that a body contains lines that look like entries."""
    titles = (RESPONSE, RESPONSE_HEADERS, RESPONSE_BODY, CLIENT_BODY, CLIENT_HEADERS, FAILURE)
    counts = {title: sum(entry.startswith(title) for entry in entries) for title in titles}
    followers = [
        after
        for entry, after in pairwise(entries)
        if entry.startswith(RESPONSE_BODY) and not after.startswith(_AFTER_BODY)
    ]
    if max(counts.values()) > 1 or (counts[FAILURE] and counts[CLIENT_BODY]) or followers:
        yield "a body contains lines that look like entries of the execution log"
