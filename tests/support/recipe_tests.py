"""Which runs of pytest include the recipe tests: those in which something that they test has changed, and `--all`.

The recipe tests emulate GitHub, GitLab and other people's tools, and take as long as all other tests together. They are
the modules with the mark `recipes`. CI runs them with `--all`; so does whoever names their file.

A change is what differs between the working tree and the commit at which the branch left `main`, and every untracked
file. Where git cannot say (no repository, no such branch, a shallow clone), the recipe tests run.
"""

import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import pytest

MARK: Final = "recipes"
TESTED: Final = (
    "samples/ci/",
    "samples/cron/",
    ".pre-commit-hooks.yaml",
    "pyproject.toml",
    "schemas/",
    # What the recipes use of the command: options, exit codes, signals, formats, the journal that a job keeps.
    # Everything else has tests of its own, which always run.
    "reconciler/cli/",
    "reconciler/journal/",
    "reconciler/lambda_handler.py",
    "reconciler/render/",
    "reconciler/views/",
    "tests/e2e/conftest.py",
    "tests/e2e/recipes.py",
    "tests/e2e/running.py",
    "tests/support/ci/",
    "tests/support/offline.py",
    "tests/support/recipe_tests.py",
    "tests/support/repositories.py",
)
"""Files, and folders with a slash at the end, from the root of the repository. So does each test module."""

_MAIN: Final = ("refs/heads/main", "refs/remotes/origin/main")
_GIVEN: Final = "recipe_tests_run"
_LEFT_OUT: Final = "recipe_tests_left_out"


def changed(root: Path) -> frozenset[str] | None:
    """Return the names of the files that have changed in a repository, relative to its root; None if git cannot say."""
    try:
        if _git(root, "rev-parse", "--show-prefix").strip():
            return None  # the repository of somebody else, around this tree
        main = _git(root, "for-each-ref", "--count=1", "--format=%(objectname)", *_MAIN).strip()
        base = _git(root, "merge-base", "HEAD", main).strip()
        names = _git(root, "diff", "--name-only", "--no-renames", "-z", base)
        names += _git(root, "ls-files", "--others", "--exclude-standard", "-z")
    except (OSError, subprocess.CalledProcessError):
        return None
    return frozenset(filter(None, names.split("\0")))


def is_tested(name: str, modules: Iterable[str]) -> bool:
    """Return whether the recipe tests, which are in these modules, depend on a file."""
    return name in modules or any(name == one or (one.endswith("/") and name.startswith(one)) for one in TESTED)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--all`."""
    parser.addoption("--all", action="store_true", help="Run the recipe tests even if nothing they test has changed.")


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark, and the selection."""
    config.addinivalue_line("markers", f"{MARK}: run only when something that they test has changed, or with --all")
    config.pluginmanager.register(_Selection(config))


class _Selection:
    """Leaves the recipe tests out of a run, and reports that. With workers, the controller decides for all of them."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._worker: dict[str, Any] | None = getattr(config, "workerinput", None)
        self._changed = self._worker[_GIVEN] if self._worker else self._look()
        self._left_out = 0

    def _look(self) -> list[str] | None:
        names = None if self._config.getoption("--all") else changed(self._config.rootpath)
        return None if names is None else sorted(names)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Deselect them, but for those in files that the command line names."""
        recipes = {item.path for item in items if item.get_closest_marker(MARK)}
        modules = {path.relative_to(self._config.rootpath).as_posix() for path in recipes}
        if self._changed is None or any(is_tested(name, modules) for name in self._changed):
            return
        named = {(self._config.invocation_params.dir / one.partition("::")[0]).resolve() for one in self._config.args}
        out = [item for item in items if item.path in recipes - named]
        items[:] = [item for item in items if item.path not in recipes - named]
        self._left_out = len(out)
        self._config.hook.pytest_deselected(items=out)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:  # noqa: ANN401 - a worker of pytest-xdist
        """Tell a worker what has changed."""
        node.workerinput[_GIVEN] = self._changed

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:  # noqa: ANN401 - a worker of pytest-xdist
        """Take from a worker how many it left out: as many as each of the others."""
        self._left_out = getattr(node, "workeroutput", {}).get(_LEFT_OUT, self._left_out)

    def pytest_sessionfinish(self) -> None:
        """Give the number to the controller."""
        if self._worker is not None:
            self._config.workeroutput[_LEFT_OUT] = self._left_out  # type: ignore[attr-defined]  # of pytest-xdist

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Report what was left out, and how to run it."""
        if self._left_out:
            terminalreporter.write_line(
                f"{self._left_out} recipe tests not selected: nothing they test has changed; pytest --all runs them"
            )


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)  # noqa: S607
    return done.stdout.decode(errors="replace")
