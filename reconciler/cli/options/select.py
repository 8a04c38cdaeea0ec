"""The options that say which manifests a command is about, and for which environments."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., object])


class LineType(click.ParamType[str]):
    """A text of which an environment variable holds several, one a line: addresses and values have spaces in them."""

    name = "text"
    envvar_list_splitter = "\n"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002 - click's signature
        """The text as it is."""
        return str(value)


class PairsType(LineType):
    """`NAME=VALUE`; with `several`, some of them with commas between."""

    name = "pairs"

    def __init__(self, *, several: bool) -> None:
        self._several = several

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text, once it is sure to be what it has to be."""
        text = str(value)
        for one in text.split(",") if self._several else [text]:
            name, equals, _ = one.partition("=")
            if not equals or not name.strip():
                self.fail(f"{text!r} is not NAME=VALUE", param, ctx)
        return text


@dataclass(frozen=True, slots=True)
class SelectOptions:
    """Which manifests, for which environments."""

    config: str | None
    environments: tuple[str, ...]
    variables: tuple[str, ...]
    selectors: tuple[str, ...]
    changed_since: str | None
    only: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What tells reports of one command apart: the environments that it was run for."""
        return key_of(self.environments)


def key_of(environments: Iterable[str]) -> str:
    """`SelectOptions.key` of these environments."""
    return ",".join(sorted(set(environments)))


def scoping(*, reading: bool = True) -> Callable[[F], F]:
    """--config, --env, --var, --selector, --changed-since and, where live state is `reading`, --only: as `scope`."""
    options = [
        click.option(
            "--config", metavar="FILE", envvar="RECONCILER_CONFIG", help="Instead of the nearest reconciler.yaml."
        ),
        click.option(
            "--env",
            "environments",
            multiple=True,
            metavar="NAME",
            envvar="RECONCILER_ENV",
            help="An environment of the configuration, or all. Repeatable.",
        ),
        click.option(
            "--var",
            "variables",
            multiple=True,
            type=PairsType(several=False),
            metavar="NAME=VALUE",
            envvar="RECONCILER_VAR",
            help="What ${{ vars.NAME }} stands for. Repeatable.",
        ),
        click.option(
            "--selector",
            "selectors",
            multiple=True,
            type=PairsType(several=True),
            metavar="K=V[,K=V]",
            envvar="RECONCILER_SELECTOR",
            help="Only manifests with these labels. Repeatable: one of them is enough.",
        ),
        click.option(
            "--changed-since", metavar="REV", help="Only manifests that were changed since this git revision."
        ),
    ]
    only = click.option(
        "--only",
        multiple=True,
        type=LineType(),
        metavar="ADDRESS-GLOB",
        envvar="RECONCILER_ONLY",
        help="Leave all other responses alone, as in --only 'petstore: GET /pets *'. Repeatable.",
    )

    def decorate(function: F) -> F:
        def gathered(**given: Any) -> object:  # noqa: ANN401 - passed on
            scope = SelectOptions(**{name: given.pop(name) for name in SelectOptions.__slots__ if name in given})
            return function(scope=scope, **given)

        gathered.__name__ = function.__name__
        gathered.__doc__ = function.__doc__
        decorated: Any = gathered
        decorated.__click_params__ = list(getattr(function, "__click_params__", []))
        for option in reversed([*options, *([only] if reading else ())]):
            decorated = option(decorated)
        return decorated  # type: ignore[no-any-return]

    return decorate
