"""The modules that a command imports before it does anything, and the ways to start."""

import json
import subprocess
import sys

import pytest

from e2e.running import ROOT, Ran, execute
from reconciler import __version__
from reconciler.cli.main import COMMANDS
from support.processes import PATIENCE

HEAVY = {"boto3", "botocore", "deepdiff", "flask", "moto", "prometheus_client", "werkzeug"}

LIBRARIES = HEAVY | {"pydantic", "pydantic_core", "yaml", "ruamel"}
CORE = (
    *("models", "members", "normal", "ports", "definitions", "openapi", "mapping"),
    *("diff", "lint", "plan", "findings", "review", "deployments", "guard", "apply"),
)

_RUN_AND_LIST = """
import sys
from reconciler.cli.main import run
code = run(sys.argv[1:])
print(code, *sorted(sys.modules), file=sys.stderr)
"""

_IMPORT_AND_LIST = """
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(getattr(package, "__path__", ()), f"{sys.argv[1]}."):
    importlib.import_module(module.name)
print(*sys.modules)
"""

_COMPARE_AND_LIST = """
import sys
from reconciler.diff import field_changes
from reconciler.models.responses import RestResponse
field_changes(RestResponse("4"), RestResponse(sys.argv[1]))
print(*sys.modules)
"""

_RUN_WITHOUT_C_PARSER = """
import sys
sys.modules |= {"_ruamel_yaml": None, "_ruamel_yaml_clibz": None}
from reconciler.cli.main import run
sys.exit(run(sys.argv[1:]))
"""


def modules_of(*arguments: str) -> set[str]:
    """Return the exit code and the modules that are imported after a command line."""
    return set(_python("-c", _RUN_AND_LIST, *arguments).err.splitlines()[-1].split())


def imported_by(*arguments: str) -> set[str]:
    """Return the exit code and the top-level packages that are imported after a command line."""
    return {name.partition(".")[0] for name in modules_of(*arguments)}


def _python(*arguments: str) -> Ran:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=PATIENCE, check=False
    )
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("--version",),
        ("apply", "--help"),
        ("validate", "samples/petstore"),
        ("validate", "samples/sets", "--format", "json"),
        ("schema", "plan"),
    ],
    ids=" ".join,
)
def test_offline_commands_import_nothing_heavy(arguments: tuple[str, ...]) -> None:
    """Neither AWS's library nor the sandbox's nor the comparer's is imported by what needs none of them."""
    assert set() == imported_by(*arguments) & HEAVY


@pytest.mark.parametrize("name", COMMANDS)
def test_help_imports_only_the_declaration(name: str) -> None:
    """`COMMAND --help` imports no library but click, and neither the engine nor the views."""
    imported = modules_of(name, "--help")
    layers = {".".join(module.split(".")[:2]) for module in imported if module.startswith("reconciler.")}
    handlers = {module for module in imported if module.startswith("reconciler.cli.handlers")}

    assert set() == imported & LIBRARIES
    assert set() == layers & {"reconciler.engine", "reconciler.views", "reconciler.manifest", "reconciler.config"}
    assert set() == handlers


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_no_command_is_imported_for_the_list(option: str) -> None:
    """`reconciler --help` lists the commands without importing them; `--version` needs none either."""
    assert set() == {module for module in modules_of(option) if module.startswith("reconciler.cli.commands")}


def test_each_command_has_a_handler_of_its_name() -> None:
    """A command is found in one place of each folder."""
    folders = [ROOT / "reconciler" / "cli" / folder for folder in ("commands", "handlers")]
    modules = [{file.stem for file in folder.glob("*.py")} - {"__init__"} for folder in folders]

    assert [{name.replace("-", "_") for name in COMMANDS}] * 2 == modules


def test_validate_imports_only_what_reads_and_lints() -> None:
    """Nothing that plans, reviews, saves, journals, explains or reads revisions is imported by `validate`.

    git is: it is asked whether it ignores the files that are read.
    """
    others = (
        "plan",
        "review",
        "deployments",
        "documents",
        "planfile",
        "journal",
        "apply",
        "git.revision",
        "rule_pages",
    )
    imported = modules_of("validate", "samples/petstore")

    assert set() == imported & {f"reconciler.{name}" for name in others}
    assert {"reconciler.lint", "reconciler.manifest"} <= imported


def test_imports_are_seen_at_all() -> None:
    """The list that the other tests check contains what a command does import."""
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


@pytest.mark.parametrize("module", CORE)
def test_core_imports_no_library(module: str) -> None:
    """The core is plain values and functions: only what reads outside data imports pydantic, YAML or boto3."""
    modules = _python("-c", _IMPORT_AND_LIST, f"reconciler.{module}").out.split()

    assert f"reconciler.{module}" in modules
    assert set() == {name.partition(".")[0] for name in modules} & LIBRARIES


@pytest.mark.parametrize("command", ["plan", "apply", "drift", "review"])
def test_help_imports_neither_pydantic_nor_yaml(command: str) -> None:
    """The help of a command reads nothing, so it waits for no library that does."""
    assert {"0"} == imported_by(command, "--help") & (LIBRARIES | {"0"})


@pytest.mark.parametrize(("after", "is_imported"), [("4", False), ("5", True)])
def test_deepdiff_is_imported_for_unequal_responses_only(after: str, is_imported: bool) -> None:
    """Comparing equal responses needs no DeepDiff."""
    modules = _python("-c", _COMPARE_AND_LIST, after).out.split()

    assert {"reconciler.diff", *(["deepdiff"] if is_imported else [])} == {"reconciler.diff", "deepdiff"} & {*modules}
