"""The options that say what the backend answers and what the client asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import click

from reconciler.cli.options.group import option_group
from reconciler.errors import UsageError

_WAYS: Final = ("--lambda", "--lambda-error", "--status", "--mock", "--backend")
_FIRST_STATUS: Final = 100
_LAST_STATUS: Final = 599


@dataclass(frozen=True, slots=True)
class MethodOptions:
    """The method or integration that answers; `manifest` narrows the search."""

    method: str | None
    route: str | None
    integration: str | None
    manifest: str | None

    @property
    def given(self) -> tuple[tuple[str, str], ...]:
        """The options that name a method, with their values."""
        named = (("--method", self.method), ("--route", self.route), ("--integration", self.integration))
        return tuple((option, value) for option, value in named if value is not None)

    def named(self) -> tuple[str, str]:
        """Return the one option that names a method, and its value. Raises UsageError for none, and for several."""
        if not self.given:
            message = "no method is given"
            raise UsageError(message, "add --method 'GET /pets'; for a WebSocket API --route KEY or --integration ID")
        check_together(*(option for option, _ in self.given))
        return self.given[0]


@dataclass(frozen=True, slots=True)
class BackendOptions:
    """What the backend answers, in one of several ways."""

    lambda_result: str | None
    lambda_error: str | None
    status: int | None
    headers: tuple[str, ...]
    body: str | None
    mock: int | None
    backend: str | None

    @property
    def given(self) -> tuple[str, ...]:
        """The ways to say it that are used."""
        values = (self.lambda_result, self.lambda_error, self.status, self.mock, self.backend)
        return tuple(option for option, value in zip(_WAYS, values, strict=True) if value is not None)

    @property
    def files(self) -> dict[str, str | None]:
        """The options that name files."""
        return {"--lambda": self.lambda_result, "--body": self.body, "--backend": self.backend}

    def check(self) -> None:
        """Raise UsageError unless the options say one thing."""
        extras = [
            option for option, value in (("--header", self.headers), ("--body", self.body)) if value not in (None, ())
        ]
        if self.status is None and extras:
            other = f", which cannot be used with {self.given[0]}" if self.given else ""
            raise UsageError(f"{extras[0]} needs --status{other}", f"add --status N, or omit {extras[0]}")
        if not self.given:
            message = "the backend's answer is missing"
            raise UsageError(message, f"add one of {', '.join(_WAYS)}")
        check_together(*self.given)

    def header_pairs(self) -> Iterator[tuple[str, str]]:
        """Yield the names and values of --header. Raises UsageError for a text that is not NAME:VALUE."""
        for text in self.headers:
            name, colon, value = text.partition(":")
            if not colon or not name.strip():
                raise UsageError(f"--header {text!r} is not NAME:VALUE", "write --header 'Content-Type: text/plain'")
            yield name.strip(), value.strip()


@dataclass(frozen=True, slots=True)
class ClientOptions:
    """The files with what the client asked for, what templates can read besides, and what manifests do not hold."""

    request: str | None
    context: str | None
    stage_variables: str | None
    state: str | None
    api: str | None
    binary_media_types: tuple[str, ...]

    @property
    def files(self) -> dict[str, str | None]:
        """The options, all of which name files."""
        return {
            "--request": self.request,
            "--context": self.context,
            "--stage-variables": self.stage_variables,
            "--state": self.state,
            "--api": self.api,
        }


def check_together(*options: str) -> None:
    """Raise UsageError if there is more than one."""
    if len(options) > 1:
        raise UsageError(f"{options[0]} and {options[1]} cannot be used together", f"omit {options[1]}")


_STATUS_RANGE: Final = click.IntRange(_FIRST_STATUS, _LAST_STATUS)

method_options = option_group(
    "method",
    MethodOptions,
    click.option("--method", metavar="METHOD", help="Method that answers, as in --method 'GET /pets/{petId}'."),
    click.option("--route", metavar="KEY", help="Route of a WebSocket API that answers."),
    click.option("--integration", metavar="ID", help="Integration of a WebSocket API that answers."),
    click.option("--manifest", metavar="NAME", help="Only this manifest, where several list the method."),
)
"""--method, --route, --integration and --manifest, as `method`."""

backend_options = option_group(
    "backend",
    BackendOptions,
    click.option("--lambda", "lambda_result", metavar="FILE", help="What the Lambda function returns, as JSON."),
    click.option("--lambda-error", metavar="TEXT", help="The error message of a Lambda function that fails."),
    click.option("--status", type=_STATUS_RANGE, metavar="N", help="Status that an HTTP backend answers."),
    click.option("--header", "headers", multiple=True, metavar="NAME:VALUE", help="Header of that answer. Repeatable."),
    click.option("--body", metavar="FILE", help="Body of that answer."),
    click.option("--mock", type=_STATUS_RANGE, metavar="STATUS", help="Status of a mock integration."),
    click.option("--backend", metavar="FILE", help="Answer as in `backend` of a test, YAML or JSON."),
)
"""The options that say what the backend answers, as `backend`."""

client_options = option_group(
    "client",
    ClientOptions,
    click.option("--request", metavar="FILE", help="Client's request, as in a test: path, query, headers, body."),
    click.option("--context", metavar="FILE", help="Values of $context, YAML or JSON."),
    click.option("--stage-variables", metavar="FILE", help="Values of $stageVariables, YAML or JSON."),
    click.option("--state", metavar="FILE", help="What the request template left in $context, YAML or JSON."),
    click.option("--api", metavar="FILE", help="What no manifest holds, as in `api` of a test."),
    click.option(
        "--binary-media-type",
        "binary_media_types",
        multiple=True,
        metavar="TYPE",
        help="Binary media type of the API, as in image/*. Repeatable.",
    ),
)
"""The options on the client's request and on what templates can read, as `client`."""
