"""`notify` and `history` of a configuration."""

from datetime import timedelta

import pytest

from reconciler.config.channels import Channel, UrlSource
from reconciler.config.configuration import Configuration, parse_configuration
from reconciler.yamlio.parse import read

HEAD = "apiVersion: reconciler/v1\nkind: Config\n"


def parsed(text: str) -> Configuration:
    """A sound configuration with this text."""
    (places,) = read(f"{HEAD}{text}".encode(), "c.yaml").documents
    found = parse_configuration(places, ())
    assert isinstance(found, Configuration), [str(one) for one in found]
    return found


def test_channels_of_each_kind() -> None:
    """With the source of the URL, never the URL."""
    configuration = parsed(
        "notify:\n"
        "  ops: {kind: webhook, url: {env: RECONCILER_NOTIFY_OPS}, remindAfter: 7d}\n"
        "  chat: {kind: apprise, url: {file: /run/secrets/chat}}\n"
        "  team: {kind: sns, topic: 'arn:aws-cn:sns:cn-north-1:123456789012:drift.fifo', remindAfter: 12h}\n"
    )

    assert {
        "ops": Channel("ops", "webhook", UrlSource(env="RECONCILER_NOTIFY_OPS"), "", timedelta(days=7)),
        "chat": Channel("chat", "apprise", UrlSource(file="/run/secrets/chat")),
        "team": Channel("team", "sns", None, "arn:aws-cn:sns:cn-north-1:123456789012:drift.fifo", timedelta(hours=12)),
    } == configuration.channels
    assert ["webhook:ops", "RECONCILER_NOTIFY_OPS", "the file /run/secrets/chat", "c.yaml:4:3"] == [
        configuration.channels["ops"].key,
        str(configuration.channels["ops"].url),
        str(configuration.channels["chat"].url),
        str(configuration.channels["ops"].location),
    ]


@pytest.mark.parametrize(("text", "days"), [("", 90), ("history: {keep: 30d}", 30), ("history: {}", 90)])
def test_how_long_a_history_is_kept(text: str, days: int) -> None:
    """90 days, if nothing else is said."""
    assert timedelta(days=days) == parsed(text).history_keep


def test_a_history_is_kept_for_some_time() -> None:
    """No time at all would delete what the next run is compared with: an error at its place."""
    (places,) = read(f"{HEAD}history: {{keep: 0d}}".encode(), "c.yaml").documents
    found = parse_configuration(places, ())

    assert not isinstance(found, Configuration)
    assert ["c.yaml:3:17: error: a history that is kept for no time"] == [str(one)[:54] for one in found]


_FOREIGN = "only environment variables named RECONCILER_NOTIFY_* are read for notifications"
_NO_DURATION = "a duration is a number with s, m, h or d"


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        ("{kind: webhook, url: 'https://example.com/T0K3N'}", "`url` is a secret and cannot be written here"),
        ("{kind: webhook, url: {env: 'https://example.com/T0K3N'}}", _FOREIGN),
        ("{kind: webhook, url: {env: AWS_SECRET_ACCESS_KEY}}", _FOREIGN),
        ("{kind: webhook, url: {env: 7}}", _FOREIGN),
        ("{kind: webhook, url: {env: RECONCILER_NOTIFY_A, file: a}}", "a URL has exactly one of `env` and `file`"),
        ("{kind: webhook, url: {}}", "a URL has exactly one of `env` and `file`"),
        (
            "{kind: webhook, url: {file: 'https://example.com/T0K3N'}}",
            "`file` is a URL, which is a secret and cannot be written here",
        ),
        ("'https://example.com/T0K3N'", "a channel must be a map"),
        ("{kind: webhook}", "a channel of kind webhook needs `url`"),
        ("{kind: sns}", "a channel of kind sns needs `topic`"),
        ("{kind: sns, topic: 'https://example.com/T0K3N'}", "`topic` is not the ARN of a topic"),
        (
            "{kind: sns, topic: 'arn:aws:sns:eu-west-1:123456789012:drift', url: {file: a}}",
            "a channel of kind sns has no `url`",
        ),
        ("{kind: webhook, url: {file: a}, remindAfter: 7}", _NO_DURATION),
        ("{kind: webhook, url: {file: a}, remindAfter: 1 week}", _NO_DURATION),
        ("{kind: mail, url: {file: a}}", "`kind` must be webhook or sns or apprise, not the text 'mail'"),
        ("{kind: webhook, ulr: {file: a}}", "`ulr` is not a key of this map"),
    ],
)
def test_what_is_wrong_with_a_channel(channel: str, said: str) -> None:
    """The message quotes no value that may be a secret."""
    (places,) = read(f"{HEAD}notify: {{ops: {channel}}}".encode(), "c.yaml").documents
    found = parse_configuration(places, ())

    assert isinstance(found, tuple)
    assert said in [one.message for one in found]
    assert all(one.remedy and "T0K3N" not in str(one) for one in found)
