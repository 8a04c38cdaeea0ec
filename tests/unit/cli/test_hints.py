"""Words of other tools, and what to type instead."""

import pytest

from reconciler.cli.main import run


def message(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The message about wrong usage."""
    code = run(arguments)
    captured = capsys.readouterr()
    assert (64, "") == (code, captured.out)
    return captured.err.removeprefix("error: ").rstrip("\n")


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["diff"], "use plan: reconciler plan"),
        (["diff", "a b", "--env", "prod"], "use plan: reconciler plan 'a b' --env prod"),
        (["diff", "--help"], "use plan: reconciler plan --help"),
        (["diff", "--nonsense"], "use plan: reconciler plan"),
        (["up", "--yes", "x.yaml"], "use apply: reconciler apply x.yaml"),
        (["lint", "-q"], "use validate: reconciler validate -q"),
        (["import"], "export writes live APIs to manifests: reconciler export"),
        (["state"], "there is no state file, as each run reads AWS: reconciler status"),
    ],
)
def test_command(capsys: pytest.CaptureFixture[str], arguments: list[str], hint: str) -> None:
    """The other arguments stay if the command takes them; a confirmation does not."""
    assert f"there is no command {arguments[0]!r}; {hint}" == message(capsys, *arguments)


@pytest.mark.parametrize(
    ("arguments", "option", "hint"),
    [
        (["apply", "--auto-approve"], "--auto-approve", "use --yes: reconciler apply --yes"),
        (["apply", "x", "-auto-approve"], "-auto-approve", "use --yes: reconciler apply x --yes"),
        (["plan", "-target=pets: *"], "-target", "use --only: reconciler plan --only 'pets: *'"),
        (["plan", "--target", "pets: *"], "--target", "use --only: reconciler plan --only 'pets: *'"),
        (["plan", "-out", "plan.json"], "-out", "use --out: reconciler plan --out plan.json"),
        (["plan", "--json"], "--json", "use --format json: reconciler plan --format json"),
        (["plan", "--json=x", "--bad"], "--json", "use --format json"),
        (["plan", "--workspace", "dev"], "--workspace", "use --env: reconciler plan --env dev"),
        (["plan", "--exit-code"], "--exit-code", "use --detailed-exitcode: reconciler plan --detailed-exitcode"),
        (["apply", "x", "--dry-run"], "--dry-run", "use plan: reconciler plan x"),
        (["apply", "x", "--yes", "--dry-run"], "--dry-run", "use plan: reconciler plan x"),
        (["apply", "--max-age", "1d", "--dry-run"], "--dry-run", "use plan: reconciler plan"),
        (
            ["plan", "--var-file", "x"],
            "--var-file",
            "variables are in `vars` of an environment in reconciler.yaml; for one more: --var NAME=VALUE",
        ),
        (["--env", "dev", "plan", "x"], "--env", "options follow the command: reconciler plan x --env dev"),
    ],
)
def test_option(capsys: pytest.CaptureFixture[str], arguments: list[str], option: str, hint: str) -> None:
    """As a whole command line where it is possible."""
    assert f"no such option {option!r}; {hint}" == message(capsys, *arguments)


def test_option_that_no_tool_has(capsys: pytest.CaptureFixture[str]) -> None:
    """Similar options, and where to read."""
    expected = "no such option '--envs'; did you mean `--env`? see reconciler plan --help"

    assert expected == message(capsys, "plan", "--envs", "x")
