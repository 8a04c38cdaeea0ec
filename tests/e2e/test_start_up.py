"""What starting costs, counted in imports, and the ways to start."""

import json
import subprocess
import sys

import pytest

from e2e.running import ROOT, Ran, execute
from reconciler import __version__

HEAVY = {"boto3", "botocore", "deepdiff", "flask", "moto", "werkzeug"}

_RUN_AND_LIST = """
import sys
from reconciler.cli.run import run
code = run(sys.argv[1:])
print(code, *sorted(sys.modules), file=sys.stderr)
"""


_RUN_WITHOUT_C_PARSER = """
import sys
sys.modules |= {"_ruamel_yaml": None, "_ruamel_yaml_clibz": None}
from reconciler.cli.run import run
sys.exit(run(sys.argv[1:]))
"""


def modules_of(*arguments: str) -> set[str]:
    """The exit code, and the modules that are there after a command line."""
    return set(_python("-c", _RUN_AND_LIST, *arguments).err.splitlines()[-1].split())


def imported_by(*arguments: str) -> set[str]:
    """The exit code, and the top-level packages that are there after a command line."""
    return {name.partition(".")[0] for name in modules_of(*arguments)}


def _python(*arguments: str) -> Ran:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("--version",),
        ("apply", "--help"),
        ("validate", "samples/petstore"),
        ("validate", "samples", "--format", "json"),
        ("schema", "plan"),
    ],
    ids=" ".join,
)
def test_offline_commands_import_nothing_heavy(arguments: tuple[str, ...]) -> None:
    """Neither AWS's library nor the sandbox's nor the comparer's is imported by what needs none of them."""
    assert set() == imported_by(*arguments) & HEAVY


def test_version_imports_neither_pydantic_nor_yaml() -> None:
    """`--version` ends before anything of a manifest is there."""
    assert set() == imported_by("--version") & {"pydantic", "ruamel"}


def test_validate_imports_only_what_reads_and_lints() -> None:
    """Nothing that plans, reviews, saves, journals or reads revisions is imported by `validate`.

    git is: it is asked whether it ignores the files that are read.
    """
    others = (
        "plan",
        "review",
        "deploying",
        "documents",
        "planfile",
        "journal",
        "apply",
        "manifest.revision",
    )
    imported = modules_of("validate", "samples/petstore")

    assert set() == imported & {f"reconciler.{name}" for name in others}
    assert {"reconciler.lint", "reconciler.manifest"} <= imported


def test_imports_are_told_at_all() -> None:
    """The list that the other tests look at holds what a command does import."""
    assert {"0", "click", "pydantic", "ruamel"} <= imported_by("validate", "samples/petstore")


def test_demo_imports_no_aws_library() -> None:
    """The guided tour needs neither boto3 nor moto."""
    assert set() == imported_by("demo") & {"boto3", "botocore", "moto"}


def test_slow_parser_is_noted_on_stderr() -> None:
    """Without the C parser the result is the same, and one line says what to install."""
    arguments = ("validate", "samples/petstore", "--format", "json")
    slow, fast = _python("-c", _RUN_WITHOUT_C_PARSER, *arguments), execute(*arguments)
    note = "note: the C parser for YAML is not installed, so reading is slow; to install it: pip install"

    assert (fast.code, json.loads(fast.out)) == (slow.code, json.loads(slow.out))
    assert ("", [f"{note} 'ruamel.yaml[oldlibyaml]'"]) == (fast.err, slow.err.splitlines())


def test_version_notes_no_parser() -> None:
    """What reads no YAML says nothing about it."""
    assert execute("--version") == _python("-c", _RUN_WITHOUT_C_PARSER, "--version")


def test_module_is_the_command() -> None:
    """`python -m reconciler` does what `reconciler` does."""
    assert execute("--version") == _python("-m", "reconciler", "--version")


def test_version() -> None:
    """`--version` names the program and its version, in one line."""
    assert Ran(0, f"reconciler {__version__}\n", "") == execute("--version")


def test_no_command_is_wrong_usage() -> None:
    """`reconciler` alone shows the help on stderr and exits with 64."""
    ran = execute()

    assert (64, "", "Usage: reconciler [OPTIONS] COMMAND [ARGS]...") == (ran.code, ran.out, ran.err.splitlines()[0])
