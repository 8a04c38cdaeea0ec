"""--timeout and --target-timeout: which durations they take."""

import click
import pytest
from click.testing import CliRunner

from reconciler.cli.options.timeouts import TimeoutOptions, timeout_options
from reconciler.engine.load.request import Request


def parsed(*arguments: str, **environment: str) -> TimeoutOptions | str:
    """Return the options, or the message of the error."""
    taken: list[TimeoutOptions] = []

    @click.command()
    @timeout_options
    def command(timeouts: TimeoutOptions) -> None:
        taken.append(timeouts)

    result = CliRunner().invoke(command, arguments, env=environment)
    return taken[0] if taken else result.output.rpartition("Error: ")[2].strip()


def test_by_default_there_is_no_limit() -> None:
    """A run takes as long as it takes."""
    assert TimeoutOptions(None, None) == parsed()


@pytest.mark.parametrize(("text", "seconds"), [("1s", 1), ("30s", 30), ("5m", 300), ("1h", 3_600), ("168h", 604_800)])
def test_duration(text: str, seconds: int) -> None:
    """In seconds, minutes or hours, up to a week."""
    assert TimeoutOptions(seconds, None) == parsed("--timeout", text)


def test_environment_variables() -> None:
    """Each option has one; what is typed wins."""
    environment = {"RECONCILER_TIMEOUT": "1h", "RECONCILER_TARGET_TIMEOUT": "2m"}

    assert TimeoutOptions(60, 120) == parsed("--timeout", "1m", **environment)


@pytest.mark.parametrize("text", ["", "0", "-5s", "1.5h", "1e3s", "nan", "inf", "5 m", "1d", "\u0665s", "9999999s"])
def test_what_is_no_duration(text: str) -> None:
    """The message shows the form."""
    assert f"Invalid value for '--timeout': {text!r} is not a duration: use 30s, 5m or 1h, for example" == parsed(
        "--timeout", text
    )


@pytest.mark.parametrize("text", ["0s", "0h", "169h", "604801s"])
def test_absurd_durations(text: str) -> None:
    """No time at all reads nothing, and nobody waits for more than a week."""
    assert f"Invalid value for '--target-timeout': {text!r} must be between 1s and 168h" == parsed(
        "--target-timeout", text
    )


def test_limits_reach_the_request() -> None:
    """In seconds."""
    request = TimeoutOptions(60.0, 5.0).added_to(Request())

    assert (60.0, 5.0) == (request.timeout, request.target_timeout)
