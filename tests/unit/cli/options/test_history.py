"""--history and --notify."""

import click
import pytest
from click.testing import CliRunner

from reconciler.cli.options.history import HistoryOptions, history_options
from reconciler.errors import UsageError


def parsed(*arguments: str, **process: str) -> HistoryOptions:
    """What the options come to."""
    found: list[HistoryOptions] = []

    @click.command()
    @history_options
    def command(following: HistoryOptions) -> None:
        found.append(following)

    result = CliRunner(env=process).invoke(command, list(arguments), catch_exceptions=False)
    assert 0 == result.exit_code, result.output
    return found[0]


def test_without_them_nothing_follows() -> None:
    """No history, no channel."""
    assert HistoryOptions(None) == parsed()


def test_channels_are_named_by_kind() -> None:
    """Several, each once."""
    options = parsed("--notify", "webhook:ops", "--notify", "sns:team", "--notify", "webhook:ops")

    assert (("webhook", "ops"), ("sns", "team")) == options.notify


def test_both_may_be_in_the_environment() -> None:
    """Channels with spaces between them."""
    options = parsed(RECONCILER_HISTORY="s3://b/p", RECONCILER_NOTIFY="webhook:ops apprise:chat")

    assert ("s3://b/p", (("webhook", "ops"), ("apprise", "chat"))) == (options.history, options.notify)


@pytest.mark.parametrize(
    "value", ["ops", "webhook:", "https://example.com/T0K3N", "apprise:slack://T0K3N", "webhook:a=b"]
)
def test_what_is_no_channel_is_not_quoted(value: str) -> None:
    """It may be the URL of one."""
    with pytest.raises(UsageError, match="KIND:NAME") as caught:
        parsed("--notify", value)
    assert "T0K3N" not in str(caught.value)


@pytest.mark.parametrize("value", ["", " "])
def test_an_empty_place_is_refused(value: str) -> None:
    """`$UNSET` would be the current folder."""
    with pytest.raises(UsageError, match="--history is empty"):
        parsed("--history", value)
