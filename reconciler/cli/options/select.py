"""The options that select manifests, environments and responses."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import click

from reconciler.cli.options.group import option_group
from reconciler.errors import UsageError


@dataclass(frozen=True, slots=True)
class SelectOptions:
    """Which manifests, environments and responses a command is about."""

    paths: tuple[str, ...]
    config: str | None
    environments: tuple[str, ...]
    variables: tuple[str, ...]
    selectors: tuple[str, ...] = ()
    changed_since: str | None = None
    only: tuple[str, ...] = ()

    @property
    def report_key(self) -> str:
        """The environments, by which reports of the same command are told apart."""
        return report_key(self.environments)

    def check_paths(self) -> None:
        """Raise UsageError for an empty PATH."""
        if "" in self.paths:
            # "$UNSET" in a script: to the file system it would be the current folder
            message = "a PATH is empty"
            raise UsageError(message, "use . for the current folder")


def report_key(environments: Iterable[str]) -> str:
    """Return `SelectOptions.report_key` for these environments."""
    return ",".join(sorted(set(environments)))


class LineType(click.ParamType[str]):
    """A text. Its environment variable holds several, one per line, because addresses and values contain spaces."""

    name = "text"
    envvar_list_splitter = "\n"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002 - click's signature
        """Return the text unchanged."""
        return str(value)


class PairsType(LineType):
    """`NAME=VALUE`; with `several`, a comma-separated list of them."""

    name = "pairs"

    def __init__(self, *, several: bool) -> None:
        self._several = several

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text, if it has that form."""
        text = str(value)
        for pair in text.split(",") if self._several else [text]:
            name, equals, _ = pair.partition("=")
            if not equals or not name.strip():
                self.fail(f"{text!r} is not NAME=VALUE", param, ctx)
        return text


class EnvironmentsType(click.ParamType[str]):
    """Names of environments, separated by commas; in the environment variable by commas or spaces.

    No environment's name contains a comma (`parts.NAME_PATTERN`).
    """

    name = "environments"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002 - click's signature
        """Return the text unchanged: one value cannot become several here."""
        return str(value)

    def split_envvar_value(self, rv: str) -> Sequence[str]:
        """Return the names in an environment variable."""
        return rv.replace(",", " ").split()


def environment_names(values: Iterable[str]) -> tuple[str, ...]:
    """Return the names in the values of --env, each once. An empty value stays, as it is an error."""
    return tuple(dict.fromkeys(name.strip() for value in values for name in value.split(",")))


config_option: Final[Callable[[Any], Any]] = click.option(
    "--config", metavar="FILE", envvar="RECONCILER_CONFIG", help="Configuration; default: the nearest reconciler.yaml."
)

base_option: Final[Callable[[Any], Any]] = click.option(
    "--base", metavar="REVISION", help="Distinguish this branch's changes since REVISION from changes made in AWS."
)

_PATHS: Final[Callable[[Any], Any]] = click.argument("paths", nargs=-1, metavar="[PATH]...")

_WHOLE: Final = (
    _PATHS,
    config_option,
    click.option(
        "--env",
        "environments",
        multiple=True,
        type=EnvironmentsType(),
        metavar="NAME",
        envvar="RECONCILER_ENV",
        callback=lambda _context, _parameter, values: environment_names(values),
        help="Environment of the configuration, several as in dev,test, or all.",
    ),
    click.option(
        "--var",
        "variables",
        multiple=True,
        type=PairsType(several=False),
        metavar="NAME=VALUE",
        envvar="RECONCILER_VAR",
        help="Value of ${{ vars.NAME }}. Repeatable.",
    ),
)

_SELECT: Final = (
    *_WHOLE,
    click.option(
        "--selector",
        "selectors",
        multiple=True,
        type=PairsType(several=True),
        metavar="LABEL=VALUE",
        envvar="RECONCILER_SELECTOR",
        help="Only manifests with these labels, as in team=pets,tier=1. Repeatable: one match is enough.",
    ),
    click.option("--changed-since", metavar="REVISION", help="Only manifests changed since this git revision."),
)

_ONLY: Final = click.option(
    "--only",
    multiple=True,
    type=LineType(),
    metavar="ADDRESS",
    envvar="RECONCILER_ONLY",
    help="Only these responses, as in --only 'petstore: GET /pets *'. Repeatable.",
)

select_manifests = option_group("select", SelectOptions, *_SELECT)
"""PATH, --config, --env, --var, --selector and --changed-since, as `select`."""

select_responses = option_group("select", SelectOptions, *_SELECT, _ONLY)
"""Those of `select_manifests` and --only, as `select`."""


def _whole(
    paths: tuple[str, ...], config: str | None, environments: tuple[str, ...], variables: tuple[str, ...]
) -> SelectOptions:
    return SelectOptions(paths, config, environments, variables)


select_configurations = option_group("select", _whole, *_WHOLE)
"""PATH, --config, --env and --var, as `select`: for a command that looks at configurations as a whole."""


def _files(paths: tuple[str, ...], config: str | None) -> SelectOptions:
    return SelectOptions(paths, config, (), ())


select_files = option_group("select", _files, _PATHS, config_option)
"""PATH and --config, as `select`: for a command that looks at files alone."""
