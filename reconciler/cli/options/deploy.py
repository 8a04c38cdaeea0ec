"""The options that say where to deploy to, and what a deployment is signed with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from reconciler.errors import UsageError

if TYPE_CHECKING:
    from reconciler.engine.load.request import Request

F = TypeVar("F", bound=Callable[..., object])

OTHER_STAGES: Final = "Instead of the stages that the manifests declare. Repeatable."
_PUBLISH_ALL: Final = "Also publish what is not of the plan, such as other people's edits."


def stage_names(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Stages, none of which is empty, each once."""
    if "" in values:
        # "$UNSET" in a script
        message = "--stage names no stage"
        raise UsageError(message, "give it a name, or leave it out")
    return tuple(dict.fromkeys(values))


@dataclass(frozen=True, slots=True)
class DeployOptions:
    """Whether and where to deploy."""

    deploy: bool
    stages: tuple[str, ...]
    publish_all: bool

    @property
    def words(self) -> tuple[str, ...]:
        """The same as options of another command line."""
        named = tuple(word for name in self.stages for word in ("--stage", name))
        return (*(("--deploy",) if self.deploy else ()), *named, *(("--publish-all",) if self.publish_all else ()))

    def of(self, request: "Request") -> "Request":
        """The request with that. Raises UsageError for options that go with --deploy only."""
        if not self.deploy and (self.stages or self.publish_all):
            message = f"{'--stage' if self.stages else '--publish-all'} goes with --deploy"
            raise UsageError(message, "add --deploy, or leave it out")
        return replace(request, deploy=self.deploy, stages=self.stages, publish_all=self.publish_all)


def deploying(help_text: str, *, always: bool = False) -> Callable[[F], F]:
    """--deploy (but for a command that always does), --stage and --publish-all: as `where`."""
    options = [
        click.option("--stage", "stages", multiple=True, metavar="NAME", callback=stage_names, help=OTHER_STAGES),
        click.option("--publish-all", is_flag=True, help=_PUBLISH_ALL),
    ]
    if not always:
        options.insert(0, click.option("--deploy", is_flag=True, help=help_text))

    def decorate(function: F) -> F:
        def gathered(stages: tuple[str, ...], publish_all: bool, deploy: bool = always, **others: Any) -> object:  # noqa: ANN401 - passed on
            return function(where=DeployOptions(deploy, stages, publish_all), **others)

        gathered.__name__ = function.__name__
        gathered.__doc__ = function.__doc__
        decorated: Any = gathered
        decorated.__click_params__ = list(getattr(function, "__click_params__", []))
        for option in reversed(options):
            decorated = option(decorated)
        return decorated  # type: ignore[no-any-return]

    return decorate


def signature(run: str, paths: Sequence[str], config: str | None) -> str:
    """What the description of a deployment begins with: the run, and the git revision of the manifests, if any."""
    from reconciler.engine.rollback.stage_rollback import SIGNED  # noqa: PLC0415
    from reconciler.git.discovery import Near  # noqa: PLC0415 - few deploy
    from reconciler.git.history import head  # noqa: PLC0415

    revision = head(Near(paths, config))
    return f"{SIGNED} {run}" + (f", git {revision}" if revision else "")
