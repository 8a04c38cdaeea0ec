"""The options that say whether and where to deploy."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import click

from reconciler.cli.options.group import option_group
from reconciler.errors import UsageError

if TYPE_CHECKING:
    from reconciler.engine.load.request import Request


@dataclass(frozen=True, slots=True)
class DeployOptions:
    """Whether and where to deploy."""

    stages: tuple[str, ...]
    publish_all: bool
    deploy: bool = True

    @property
    def words(self) -> tuple[str, ...]:
        """The same options, for the command line of another command."""
        stages = tuple(word for name in self.stages for word in ("--stage", name))
        return (*(("--deploy",) if self.deploy else ()), *stages, *(("--publish-all",) if self.publish_all else ()))

    def added_to(self, request: "Request") -> "Request":
        """Return the request with these options. Raises UsageError for options that need --deploy."""
        if not self.deploy and (self.stages or self.publish_all):
            option = "--stage" if self.stages else "--publish-all"
            message = f"{option} needs --deploy"
            raise UsageError(message, f"add --deploy, or omit {option}")
        return replace(request, deploys=self.deploy, stages=self.stages, publish_all=self.publish_all)


def _stage_names(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    if "" in values:
        # "$UNSET" in a script
        message = "--stage is empty"
        raise UsageError(message, "give it a name, or omit it")
    return tuple(dict.fromkeys(values))


stage_option: Final[Callable[[Any], Any]] = click.option(
    "--stage",
    "stages",
    multiple=True,
    metavar="NAME",
    callback=_stage_names,
    help="Stage, instead of those that the manifests declare. Repeatable.",
)
"""--stage NAME, as `stages`: names that are not empty, each once."""

_PUBLISH_ALL: Final = click.option(
    "--publish-all", is_flag=True, help="Also publish changes outside the plan, such as other people's edits."
)

always_deploy_options = option_group("deploy", DeployOptions, stage_option, _PUBLISH_ALL)
"""--stage and --publish-all, as `deploy`."""


def deploy_options(help_text: str) -> Callable[[Any], Any]:
    """Declare --deploy with this help, --stage and --publish-all, as `deploy`."""
    deploy = click.option("--deploy", is_flag=True, help=help_text)
    return option_group("deploy", DeployOptions, deploy, stage_option, _PUBLISH_ALL)
