"""The schema of `notify` and `history` in a configuration, and the settings that they make.

A URL that notifications go to is a secret. It comes from an environment variable named `RECONCILER_NOTIFY_*` or from a
file, and no message about a wrong one quotes what is written.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Final, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from reconciler.config.problems import CUSTOM
from reconciler.diagnostics import Location
from reconciler.fleet.channel_name import ChannelKind, ChannelName
from reconciler.manifest.schema.parts import ManifestModel, NonEmpty
from reconciler.rules import InputRule, Rule

_VARIABLE: Final = r"^RECONCILER_NOTIFY_[A-Z0-9_]+$"
_TOPIC: Final = r"^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_.-]{1,256}$"
_DURATION: Final = r"^[0-9]{1,5}[smhd]$"
_SECONDS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}

DEFAULT_KEEP: Final = timedelta(days=90)
"""How long the documents of a history are kept."""


@dataclass(frozen=True, slots=True)
class UrlSource:
    """Where the URL of a channel comes from: an environment variable or a file (None for the other)."""

    env: str | None = None
    file: str | None = None

    def __str__(self) -> str:
        return self.env or f"the file {self.file}"


@dataclass(frozen=True, slots=True)
class Channel:
    """Where notifications can be sent. `url` is None for a topic of SNS, `topic` "" for the other kinds.

    `remind_after`: the same findings are sent again after this time; None: they are not.
    """

    name: str
    kind: ChannelKind
    url: UrlSource | None = None
    topic: str = ""
    remind_after: timedelta | None = None
    location: Location | None = field(default=None, compare=False)

    @property
    def key(self) -> str:
        """What it is called on the command line: `webhook:ops`."""
        return str(ChannelName(self.kind, self.name))


def _refusal(rule: Rule, message: str, remedy: str) -> PydanticCustomError:
    return PydanticCustomError(CUSTOM, "{message}", {"rule": rule, "message": message, "remedy": remedy})


def _seconds(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(_DURATION, value, re.ASCII):
        message = "a duration is a number with s, m, h or d"
        raise _refusal(InputRule.WRONG_VALUE, message, "write 12h or 7d, for example")
    return int(value[:-1]) * _SECONDS[value[-1]]


def _some_time(seconds: int) -> int:
    if not seconds:
        message = "a history that is kept for no time would delete the runs that the next one is compared with"
        raise _refusal(InputRule.WRONG_VALUE, message, "write 90d, for example, or omit --history to keep none")
    return seconds


def _channel_map(value: object) -> object:
    if isinstance(value, dict):
        return value
    raise _refusal(InputRule.WRONG_TYPE, "a channel must be a map", "write {kind: webhook, url: {env: NAME}}")


def _secret(value: object) -> object:
    if isinstance(value, dict):
        return value
    raise _refusal(
        InputRule.WRONG_TYPE,
        "`url` is a secret and cannot be written here",
        "write {env: RECONCILER_NOTIFY_NAME} or {file: PATH}",
    )


def _variable(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(_VARIABLE, value, re.ASCII):
        message = "only environment variables named RECONCILER_NOTIFY_* are read for notifications"
        raise _refusal(InputRule.ENV, message, "write the name of one, as in RECONCILER_NOTIFY_OPS")
    return value


def _path(value: object) -> object:
    if isinstance(value, str) and "://" in value:
        message = "`file` is a URL, which is a secret and cannot be written here"
        raise _refusal(InputRule.WRONG_VALUE, message, "write the name of a file that contains it")
    return value


def _topic(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(_TOPIC, value, re.ASCII):
        message = "`topic` is not the ARN of a topic"
        raise _refusal(InputRule.WRONG_VALUE, message, "write it as in arn:aws:sns:eu-west-1:123456789012:drift")
    return value


Duration: TypeAlias = Annotated[
    int, BeforeValidator(_seconds, json_schema_input_type=Annotated[str, Field(pattern=_DURATION)])
]


class UrlModel(ManifestModel):
    """The source of a secret URL: exactly one of `env` and `file`."""

    env: Annotated[str, BeforeValidator(_variable, json_schema_input_type=Annotated[str, Field(pattern=_VARIABLE)])] = (
        Field(default="", description="An environment variable named RECONCILER_NOTIFY_*.")
    )
    file: Annotated[NonEmpty, BeforeValidator(_path)] = Field(
        default="", description="A file that contains the URL, relative to this file."
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> "UrlModel":
        if bool(self.env) == bool(self.file):
            raise _refusal(InputRule.WRONG_VALUE, "a URL has exactly one of `env` and `file`", "keep one of them")
        return self


class ChannelModel(ManifestModel):
    """A place to send notifications to."""

    kind: ChannelKind = Field(
        description="webhook: a POST of JSON; sns: a topic of Amazon SNS; apprise: Slack, Microsoft Teams, e-mail and "
        "others, by the library of that name."
    )
    url: Annotated[UrlModel, BeforeValidator(_secret)] = Field(
        default=UrlModel.model_construct(), description="The secret URL of a webhook, or of Apprise."
    )
    topic: Annotated[str, BeforeValidator(_topic, json_schema_input_type=Annotated[str, Field(pattern=_TOPIC)])] = (
        Field(default="", description="The ARN of the topic (sns).")
    )
    remind_after: Duration = Field(
        default=0, description="Send the same findings again after this time, as in 7d. By default they are not."
    )

    @model_validator(mode="after")
    def _addressed(self) -> "ChannelModel":
        needed, other = ("topic", "url") if self.kind == "sns" else ("url", "topic")
        if needed not in self.model_fields_set:
            raise _refusal(InputRule.MISSING_KEY, f"a channel of kind {self.kind} needs `{needed}`", "add it")
        if other in self.model_fields_set:
            message = f"a channel of kind {self.kind} has no `{other}`"
            raise _refusal(InputRule.WRONG_VALUE, message, "remove it")
        return self


class HistoryModel(ManifestModel):
    """How the history of `drift --history` is kept."""

    keep: Annotated[Duration, AfterValidator(_some_time)] = Field(
        default=int(DEFAULT_KEEP.total_seconds()),
        description="How long the documents of earlier runs are kept, as in 90d (the default).",
    )


ChannelEntry: TypeAlias = Annotated[ChannelModel, BeforeValidator(_channel_map)]


def channel(name: str, model: ChannelModel, at: Location) -> Channel:
    """Return the settings of a channel."""
    url = UrlSource(model.url.env or None, model.url.file or None)
    return Channel(
        name=name,
        kind=model.kind,
        url=url if url != UrlSource() else None,
        topic=model.topic,
        remind_after=timedelta(seconds=model.remind_after) if model.remind_after else None,
        location=at,
    )
