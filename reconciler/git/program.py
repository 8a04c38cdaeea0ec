"""Run git with the configuration of its user and of the system.

Nothing in a checkout counts: no program in it and no configuration file in it, even if HOME or a `GIT_CONFIG_*`
variable points there. Of the git settings that a pipeline passes in its environment, only `safe.directory` counts.
"""

import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeAlias

from reconciler.errors import ReconcilerError, UsageError
from reconciler.git.discovery import CEILINGS_VARIABLE, Checkout

CompletedCommand: TypeAlias = "subprocess.CompletedProcess[bytes]"
ConfigEntry: TypeAlias = tuple[str, str | None]
"""A configuration key and its value; None for a key without a value."""

QUIET_ENVIRONMENT: Final = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
"""No locks, no prompts, and messages in one language."""

HOME_VARIABLES: Final = frozenset(("HOME", "XDG_CONFIG_HOME"))
_USER_VARIABLES: Final = frozenset(("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"))
_WORKTREE_KEY: Final = "core.worktree"
_SLOW_REMEDY: Final = "check its .gitignore and .gitattributes files"
_MAX_CPU_SECONDS: Final = 8
"""The limit for one git command. Disks may be slow and histories long, but these commands take little CPU time."""
_SAFE_DIRECTORY: Final = "safe.directory"


class UserGit:
    """git as its user has configured it, without anything from the working tree."""

    def __init__(self, checkout: Checkout, program: str) -> None:
        self.program: Final = program
        self._checkout = checkout
        trusted = {name: os.environ[name] for name in _USER_VARIABLES if name in os.environ}
        self._environment = {
            **environment_without(()),
            **trusted,
            **QUIET_ENVIRONMENT,
            CEILINGS_VARIABLE: str(checkout.top.parent),
        }
        if any(map(self._is_from_checkout, _global_files(self._environment))):
            self._environment = {name: value for name, value in self._environment.items() if name not in HOME_VARIABLES}
            self._environment["GIT_CONFIG_GLOBAL"] = os.devnull
        if self._is_from_checkout(trusted.get("GIT_CONFIG_SYSTEM", os.devnull)):
            self._environment["GIT_CONFIG_SYSTEM"] = os.devnull

    def check_opens(self, what: str) -> None:
        """Raise UsageError unless git opens exactly the repository that `discovery` found.

        If the repository's configuration includes a file of the working tree, git is not asked, because it would read
        that file. The repository then has to belong to the current user.
        """
        if self._includes_working_tree(what):
            self._check_owner(what)
            return
        safe = [word for directory in _safe_directories() for word in ("-c", f"{_SAFE_DIRECTORY}={directory}")]
        query = ("rev-parse", "--absolute-git-dir", "--show-toplevel")
        completed = self._run("-c", "safe.bareRepository=explicit", *safe, *query, folder=self._checkout.top)
        if completed.returncode:
            reason = " ".join(os.fsdecode(completed.stderr).removeprefix("fatal: ").split()) or "git gives no reason"
            raise UsageError(f"{what} needs a git repository, and git does not open this one: {reason}")
        if os.fsdecode(completed.stdout) != f"{self._checkout.git_dir}\n{self._checkout.top}\n":
            message = f"{what} does not use the git repository {self._checkout.top}: git opens another folder instead"
            raise UsageError(message, "check core.worktree: git config --show-origin --get-all core.worktree")

    def _includes_working_tree(self, what: str) -> bool:
        """Whether the repository's configuration includes a file of the working tree, directly or not."""
        waiting = [self._checkout.common / "config", self._checkout.git_dir / "config.worktree"]
        seen: set[Path] = set()
        while waiting:
            file = waiting.pop()
            if self._checkout.contains(file) and not Path(os.path.realpath(file)).is_relative_to(self._checkout.common):
                return True
            if file not in seen and file.is_file():
                seen.add(file)
                waiting += [Path(file.parent, os.path.expanduser(name)) for name in self._included(file, what)]  # noqa: PTH111 - an unknown ~user stays as it is
        return False

    def _included(self, file: Path, what: str) -> list[str]:
        try:
            entries = self.file_entries(file, file.parent)
        except ReconcilerError as failure:
            raise UsageError(
                f"{what} needs a git repository, and git does not open this one: {failure.message}"
            ) from failure
        return [value for key, value in entries if value and key.startswith("include") and key.endswith(".path")]

    def _check_owner(self, what: str) -> None:
        checkout = self._checkout
        owners = {folder.lstat().st_uid for folder in (checkout.top, checkout.git_dir, checkout.common)}
        entries = self.file_entries(checkout.common / "config", checkout.common)
        worktrees = [value for key, value in entries if key == _WORKTREE_KEY]
        if owners != {os.geteuid()} or any(not self._is_top(worktree) for worktree in worktrees):
            message = (
                f"{what} does not use the git repository {checkout.top}: it belongs to another user or folder, "
                "and its configuration includes a file of its working tree"
            )
            remedy = "remove that include; to find it: git config --local --no-includes --get-regexp '^include'"
            raise UsageError(message, remedy)

    def _is_top(self, worktree: str | None) -> bool:
        return os.path.realpath(self._checkout.common / (worktree or "")) == str(self._checkout.top)

    def settings(self, folder: Path) -> Iterator[ConfigEntry]:
        """Yield what the user and the system have configured, and git's default ignore file.

        `folder` must not be a repository.
        """
        ignore = self._ignore_file()
        if ignore and not self._is_from_checkout(ignore):
            yield "core.excludesfile", ignore
        yield from self._list_entries(folder, "--includes")

    def expand_home(self, entries: Iterable[ConfigEntry]) -> Iterator[ConfigEntry]:
        """Yield the same entries with `~/` written out, because the sealed git gets no HOME."""
        home = self._environment.get("HOME")
        for key, value in entries:
            is_at_home = home and value and key == "core.excludesfile" and value.startswith("~/")
            yield key, f"{home}{value[1:]}" if is_at_home and value else value

    def file_entries(self, file: Path, folder: Path) -> list[ConfigEntry]:
        """Return the entries of one configuration file of the repository, without those of files that it includes."""
        return self._list_entries(folder, "--no-includes", "--file", str(file)) if file.is_file() else []

    def _list_entries(self, folder: Path, *options: str) -> list[ConfigEntry]:
        completed = self._run("config", *options, "--null", "--list", folder=folder, GIT_DIR=str(folder / "none"))
        if completed.returncode:
            reason = " ".join(os.fsdecode(completed.stderr).removeprefix("fatal: ").split())
            raise ReconcilerError(f"git cannot read its configuration: {reason}", "fix that file")
        parts = (entry.partition("\n") for entry in os.fsdecode(completed.stdout).split("\0") if entry)
        return [(key, value if newline else None) for key, newline, value in parts]

    def _run(self, *arguments: str, folder: Path, **variables: str) -> CompletedCommand:
        return run([self.program, *arguments], folder, {**self._environment, **variables})

    def _is_from_checkout(self, file: str) -> bool:
        return not Path(file).is_absolute() or self._checkout.contains(file)

    def _ignore_file(self) -> str | None:
        """Return the ignore file that git reads if none is configured."""
        home, xdg = (self._environment.get(name) for name in ("HOME", "XDG_CONFIG_HOME"))
        folder = xdg or (home and f"{home}/.config")
        return f"{folder}/git/ignore" if folder else None


def _global_files(environment: Mapping[str, str]) -> Iterator[str]:
    """Yield the files of the user's configuration."""
    if "GIT_CONFIG_GLOBAL" in environment:
        yield environment["GIT_CONFIG_GLOBAL"] or os.devnull
        return
    home, xdg = (environment.get(name) for name in ("HOME", "XDG_CONFIG_HOME"))
    if home:
        yield from (f"{home}/.gitconfig", f"{home}/.config/git/config")
    if xdg:
        yield f"{xdg}/git/config"


def _safe_directories() -> Iterator[str]:
    """Yield the `safe.directory` values that a pipeline passes in its environment."""
    with suppress(ValueError):
        for number in range(int(os.environ.get("GIT_CONFIG_COUNT", "0"))):
            if os.environ.get(f"GIT_CONFIG_KEY_{number}", "").lower() == _SAFE_DIRECTORY:
                yield os.environ.get(f"GIT_CONFIG_VALUE_{number}", "")
    with suppress(ValueError):
        for word in shlex.split(os.environ.get("GIT_CONFIG_PARAMETERS", "")):
            key, _, value = word.partition("=")
            if key.lower() == _SAFE_DIRECTORY:
                yield value


def environment_without(names: Iterable[str]) -> dict[str, str]:
    """Return the environment without git's own variables and without these."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_") and name not in names}


def find_git(checkout: Checkout) -> str:
    """Return the user's git. Relative entries of PATH are skipped: they could name a folder of the checkout."""
    entries = os.get_exec_path()
    folders = (entry for entry in entries if Path(entry).is_absolute() and not checkout.contains(entry))
    program = shutil.which("git", path=os.pathsep.join(folders))
    if program is None:
        raise cannot_run_git(FileNotFoundError(2, os.strerror(2)))
    return program


def cannot_run_git(failure: OSError) -> ReconcilerError:
    """Return the error for a git that does not start."""
    return ReconcilerError(f"git cannot be run: {failure.strerror}", "install git")


def run(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    stdin: bytes = b"",
    timeout: float | None = None,
) -> CompletedCommand:
    """Run a command to its end.

    Raises ReconcilerError if it does not start, and if it takes longer than `timeout` seconds.
    """
    try:
        with subprocess.Popen(  # noqa: S603 - no shell, and no user's text where git takes an option
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            _limit_cpu_time(process.pid)
            try:
                out, err = process.communicate(stdin, timeout=timeout)
            except BaseException:
                process.kill()
                raise
    except subprocess.TimeoutExpired as late:
        raise ReconcilerError(f"git did not finish within {timeout:g} seconds", _SLOW_REMEDY) from late
    except OSError as failure:
        raise cannot_run_git(failure) from failure
    if -process.returncode == signal.SIGXCPU:
        raise ReconcilerError(f"git used more than {_MAX_CPU_SECONDS} seconds of CPU time", _SLOW_REMEDY)
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def _limit_cpu_time(process: int) -> None:
    """Limit the CPU time of a process, if the system can: .gitignore patterns can keep git busy for hours."""
    with suppress(ImportError, AttributeError, OSError):  # Windows, macOS; or the process has ended
        import resource  # noqa: PLC0415 - not available everywhere

        resource.prlimit(process, resource.RLIMIT_CPU, (_MAX_CPU_SECONDS, _MAX_CPU_SECONDS + 1))
