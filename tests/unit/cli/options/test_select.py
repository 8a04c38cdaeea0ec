"""--env."""

import click
import pytest
from click.testing import CliRunner

from reconciler.cli.options.select import SelectOptions, select_manifests


def environments(*arguments: str, **process: str) -> tuple[str, ...]:
    """The environments of a command line."""
    options: list[SelectOptions] = []

    @click.command()
    @select_manifests
    def command(select: SelectOptions) -> None:
        options.append(select)

    result = CliRunner(env=process).invoke(command, list(arguments), catch_exceptions=False)
    assert 0 == result.exit_code, result.output
    return options[0].environments


@pytest.mark.parametrize(
    "arguments", [("--env", "dev,test"), ("--env", "dev", "--env", "test"), ("--env", "dev, test", "--env", "dev")]
)
def test_several_environments(arguments: tuple[str, ...]) -> None:
    """Separated by commas, repeated, or both; each once."""
    assert ("dev", "test") == environments(*arguments)


@pytest.mark.parametrize("exported", ["dev,test", "dev test", " dev, test\n"])
def test_several_environments_in_the_variable(exported: str) -> None:
    """Separated by commas, spaces or lines."""
    assert ("dev", "test") == environments(RECONCILER_ENV=exported)


@pytest.mark.parametrize("value", ["", "dev,", ",dev"])
def test_empty_name_is_kept(value: str) -> None:
    """`dev,$UNSET` is an error for the command, not `dev`."""
    assert "" in environments("--env", value)
