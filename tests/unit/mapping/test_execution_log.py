"""Execution logs: what they show of the backend's answer, and where they leave doubt."""

from collections.abc import Mapping

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reconciler.mapping.execution_log import LoggedBackend, read_execution_log

TIME = "Tue May 05 09:08:07 UTC 2026 : "
SUCCESS = "Successfully completed execution"
BODY = "Endpoint response body before transformations: "


def log(*entries: str, request_id: str = "r-1") -> str:
    """Return the log of a request with these entries after the first."""
    first = f"Execution log for request {request_id}\n{TIME}Starting execution for request: {request_id}\n"
    return first + "".join(f"{TIME}{entry}\n" for entry in entries)


def called(body: str, headers: str = "{}", status: int = 200, after: str = SUCCESS) -> str:
    """Return the log of a call whose backend answered this."""
    return log(
        "Method request body before transformations: ",
        f"Received response. Status: {status}, Integration latency: 40 ms",
        f"Endpoint response headers: {headers}",
        f"{BODY}{body}",
        f"Method response body after transformations: {body}",
        after,
        "Method completed with status: 200",
    )


def test_answer_of_a_backend() -> None:
    """Request id, status, headers and body are read, a date with its comma included."""
    text = called('{"id": 7}', "{Date=Tue, 05 May 2026 09:08:07 GMT, Content-Type=application/json}", 201)

    assert (
        LoggedBackend(
            "r-1", 201, {"Date": "Tue, 05 May 2026 09:08:07 GMT", "Content-Type": "application/json"}, '{"id": 7}'
        )
    ) == read_execution_log(text)


def test_mock_integrations_have_no_backend() -> None:
    """There is no status, and no doubt about it."""
    text = log("Method response body after transformations: {}", SUCCESS, "Method completed with status: 200")

    assert LoggedBackend("r-1") == read_execution_log(text)


def test_a_call_that_fails_before_the_backend() -> None:
    """AWS's reason is kept."""
    reason = "Execution failed due to configuration error: Invalid permissions on Lambda function"

    assert LoggedBackend("r-1", failure=reason) == read_execution_log(log(reason, "Method completed with status: 500"))


@pytest.mark.parametrize("name", ["X-Amz-Function-Error", "x-amz-function-error"])
def test_a_failed_function(name: str) -> None:
    """A header of the Lambda service says so."""
    assert read_execution_log(called("{}", f"{{A=1, {name}=Unhandled}}")).is_function_error
    assert not read_execution_log(called("{}", "{A=1}")).is_function_error


@pytest.mark.parametrize(
    "body", ["", "a\nb\n", "\n", "a : b", "Tue May 05 : not an entry", "Endpoint response headers: {}"]
)
def test_bodies_are_whole(body: str) -> None:
    """Line breaks belong to the body, at its end too."""
    read = read_execution_log(called(body))

    assert (body, ()) == (read.body, read.doubts)


@pytest.mark.parametrize(
    ("text", "headers"),
    [
        ("{}", {}),
        ("{A=, B=}", {"A": "", "B": ""}),
        ("{A=1, 2, B=x=y}", {"A": "1, 2", "B": "x=y"}),
        ("{Cache-Control=private, max-age=60, Vary=a, b}", {"Cache-Control": "private, max-age=60", "Vary": "a, b"}),
        ('{WWW-Authenticate=Bearer realm="x", error="y"}', {"WWW-Authenticate": 'Bearer realm="x", error="y"'}),
        ("{A={b=c}}", {"A": "{b=c}"}),
    ],
)
def test_headers(text: str, headers: Mapping[str, str]) -> None:
    """A comma separates headers only if a name follows that is no directive within a value."""
    assert headers == read_execution_log(called("", text)).headers


@pytest.mark.parametrize(
    ("body", "headers", "doubt"),
    [
        ("aaa [TRUNCATED]", "{}", "the execution log cuts off the backend's body"),
        ("[Binary Data]", "{}", "the execution log does not show a binary body"),
        ("a", "{A=1, B= [TRUNCATED]", "the execution log cuts off the backend's headers"),
        ("a", "{Set-Cookie=a=b; Path=/,c=d}", "the execution log joins the backend's cookies"),
        ("é", "{Content-Length=1}", "the backend's body in the execution log is not as long as its Content-Length"),
        (
            f"a\n{TIME}Method completed with status: 200",
            "{}",
            "a body contains lines that look like entries of the execution log",
        ),
        (
            f"a\n{TIME}Method response headers: {{}}\n{TIME}Method response headers: {{}}",
            "{}",
            "a body contains lines that look like entries of the execution log",
        ),
    ],
)
def test_doubts(body: str, headers: str, doubt: str) -> None:
    """What the log does not show, or shows ambiguously, is a doubt."""
    assert (doubt,) == read_execution_log(called(body, headers)).doubts


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        (
            ("Request body does not match model schema: [x]", "Method completed with status: 400"),
            "Request body does not",
        ),
        (("Method completed with status: 400",), "Starting execution for request: r-1"),
    ],
)
def test_calls_that_api_gateway_ends(entries: tuple[str, ...], reason: str) -> None:
    """A call that neither succeeded nor failed, such as an invalid request, is a doubt with the last entry."""
    (doubt,) = read_execution_log(log(*entries)).doubts

    assert doubt.startswith(f"API Gateway ended the call before the integration: {reason}")


def test_an_empty_log() -> None:
    """Nothing is known of the call."""
    assert LoggedBackend(
        doubts=("API Gateway ended the call before the integration: the execution log is empty",)
    ) == read_execution_log("")


def test_a_backend_without_a_body_in_the_log() -> None:
    """A missing entry is a doubt, not an empty body."""
    read = read_execution_log(log("Received response. Status: 200, Integration latency: 40 ms", SUCCESS))

    assert (None, ("the execution log does not show the backend's body",)) == (read.body, read.doubts)


@pytest.mark.parametrize(
    "headers", ["{Content-Length=2}", "{Content-Length=1, Content-Encoding=gzip}", "{Content-Length=x}"]
)
def test_the_length_of_a_body(headers: str) -> None:
    """It is counted in bytes, and only where the body was sent as it is shown."""
    assert () == read_execution_log(called("é", headers)).doubts


@given(st.text())
@example("Execution log for request \n")
@example(log("Received response. Status: 99999"))
@example(log("Received response. Status: ", "Endpoint response headers: "))
def test_any_text_can_be_read(text: str) -> None:
    """No text is an error."""
    assert isinstance(read_execution_log(text), LoggedBackend)


PARTS = st.sampled_from(
    [
        *(TIME, f"\n{TIME}", BODY, "\n", "a", " [TRUNCATED]", "{A=1, B=2}", "é"),
        *("Execution failed due to a", "Method completed with status: 200", "Method response headers: {}"),
        *(
            "Method response body after transformations: ",
            "Received response. Status: 404",
            "Endpoint response headers: ",
        ),
    ]
)


@given(st.lists(PARTS, max_size=8).map("".join))
def test_a_hostile_body_is_whole_or_in_doubt(body: str) -> None:
    """Whatever a backend answers, it does not pass for something else."""
    read = read_execution_log(called(body))

    assert read.body == body or read.doubts
