"""git as the machine has it: the program, and what its user and the system have configured.

Nothing of a checkout counts: no program in it, and no file of configuration in it, though HOME or a `GIT_CONFIG_*`
variable leads there. Of what a pipeline passes in its environment, only `safe.directory` counts.
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
from reconciler.git.discovery import CEILINGS, Checkout

Done: TypeAlias = "subprocess.CompletedProcess[bytes]"
Entry: TypeAlias = tuple[str, str | None]
"""A key of a configuration and its value; None for a key that stands alone."""

QUIET: Final = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
"""No locks, no questions to anybody, and messages in one language."""

HOMES: Final = frozenset(("HOME", "XDG_CONFIG_HOME"))
_OF_THE_USER: Final = frozenset(("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"))
_TREE: Final = "core.worktree"
_SLOW: Final = "check its .gitignore and .gitattributes files"
_MOST_CPU_SECONDS: Final = 8
"""Of one git command. A disk may be slow, and a history long, but what we ask takes git little CPU time."""
_SAFE: Final = "safe.directory"


class GitUser:
    """A git as its user has configured it; nothing of the working tree counts."""

    def __init__(self, found: Checkout, program: str) -> None:
        self.program: Final = program
        self._found = found
        trusted = {name: os.environ[name] for name in _OF_THE_USER if name in os.environ}
        self._environment = {**without(()), **trusted, **QUIET, CEILINGS: str(found.top.parent)}
        if any(map(self._is_brought_along, _global_files(self._environment))):
            self._environment = {name: it for name, it in self._environment.items() if name not in HOMES}
            self._environment["GIT_CONFIG_GLOBAL"] = os.devnull
        if self._is_brought_along(trusted.get("GIT_CONFIG_SYSTEM", os.devnull)):
            self._environment["GIT_CONFIG_SYSTEM"] = os.devnull

    def check_opens(self, what: str) -> None:
        """Raise UsageError unless git opens the very repository that was found.

        Where git's own configuration includes a file of the working tree, git is not asked, for it would read that:
        then the repository must be ours.
        """
        if self._includes_brought_along(what):
            self._check_is_ours(what)
            return
        safe = [word for directory in _safe_directories() for word in ("-c", f"{_SAFE}={directory}")]
        asked = ("rev-parse", "--absolute-git-dir", "--show-toplevel")
        done = self._run("-c", "safe.bareRepository=explicit", *safe, *asked, folder=self._found.top)
        if done.returncode:
            said = " ".join(os.fsdecode(done.stderr).removeprefix("fatal: ").split()) or "it does not say why"
            raise UsageError(f"{what} needs a git repository, and git does not open this one: {said}")
        if os.fsdecode(done.stdout) != f"{self._found.git_dir}\n{self._found.top}\n":
            message = f"{what} does not use the git repository {self._found.top}: git uses another working tree"
            raise UsageError(message, "check core.worktree: git config --show-origin --get-all core.worktree")

    def _includes_brought_along(self, what: str) -> bool:
        """Whether the repository's configuration includes a file of the working tree, however far around."""
        waiting = [self._found.common / "config", self._found.git_dir / "config.worktree"]
        seen: set[Path] = set()
        while waiting:
            file = waiting.pop()
            if self._found.contains(file) and not Path(os.path.realpath(file)).is_relative_to(self._found.common):
                return True
            if file not in seen and file.is_file():
                seen.add(file)
                waiting += [Path(file.parent, os.path.expanduser(one)) for one in self._included(file, what)]  # noqa: PTH111 - an unknown ~user stays as it is
        return False

    def _included(self, file: Path, what: str) -> list[str]:
        try:
            entries = self.of_file(file, file.parent)
        except ReconcilerError as failure:
            raise UsageError(
                f"{what} needs a git repository, and git does not open this one: {failure.message}"
            ) from failure
        return [it for key, it in entries if it and key.startswith("include") and key.endswith(".path")]

    def _check_is_ours(self, what: str) -> None:
        owners = {one.lstat().st_uid for one in (self._found.top, self._found.git_dir, self._found.common)}
        worktrees = [it for key, it in self.of_file(self._found.common / "config", self._found.common) if key == _TREE]
        if owners != {os.geteuid()} or any(not self._is_top(worktree) for worktree in worktrees):
            message = (
                f"{what} does not use the git repository {self._found.top}: it belongs to another user or folder, "
            )
            message += "and its configuration includes a file of its working tree"
            remedy = "remove that include; to find it: git config --local --no-includes --get-regexp '^include'"
            raise UsageError(message, remedy)

    def _is_top(self, worktree: str | None) -> bool:
        return os.path.realpath(self._found.common / (worktree or "")) == str(self._found.top)

    def settings(self, folder: Path) -> Iterator[Entry]:
        """What the user and the system have configured, and git's default for a file; `folder` is no repository."""
        ignore = self._ignore_file()
        if ignore and not self._is_brought_along(ignore):
            yield "core.excludesfile", ignore
        yield from self._entries(folder, "--includes")

    def expanded(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """The same, the home folder written out: git gets no HOME."""
        home = self._environment.get("HOME")
        for key, value in entries:
            is_at_home = home and value and key == "core.excludesfile" and value.startswith("~/")
            yield key, f"{home}{value[1:]}" if is_at_home and value else value

    def of_file(self, file: Path, folder: Path) -> list[Entry]:
        """What one file of the repository's configuration holds, without what it includes."""
        return self._entries(folder, "--no-includes", "--file", str(file)) if file.is_file() else []

    def _entries(self, folder: Path, *which: str) -> list[Entry]:
        done = self._run("config", *which, "--null", "--list", folder=folder, GIT_DIR=str(folder / "none"))
        if done.returncode:
            said = " ".join(os.fsdecode(done.stderr).removeprefix("fatal: ").split())
            raise ReconcilerError(f"git cannot read its configuration: {said}", "fix it")
        parts = (one.partition("\n") for one in os.fsdecode(done.stdout).split("\0") if one)
        return [(key, value if newline else None) for key, newline, value in parts]

    def _run(self, *arguments: str, folder: Path, **more: str) -> Done:
        return ran([self.program, *arguments], folder, {**self._environment, **more})

    def _is_brought_along(self, file: str) -> bool:
        return not Path(file).is_absolute() or self._found.contains(file)

    def _ignore_file(self) -> str | None:
        """The file of patterns that git looks into where none is configured."""
        home, xdg = (self._environment.get(name) for name in ("HOME", "XDG_CONFIG_HOME"))
        folder = xdg or (home and f"{home}/.config")
        return f"{folder}/git/ignore" if folder else None


def _global_files(environment: Mapping[str, str]) -> Iterator[str]:
    """The files of the user's configuration."""
    if "GIT_CONFIG_GLOBAL" in environment:
        yield environment["GIT_CONFIG_GLOBAL"] or os.devnull
        return
    home, xdg = (environment.get(name) for name in ("HOME", "XDG_CONFIG_HOME"))
    if home:
        yield from (f"{home}/.gitconfig", f"{home}/.config/git/config")
    if xdg:
        yield f"{xdg}/git/config"


def _safe_directories() -> Iterator[str]:
    """What a pipeline passes on purpose in its environment: whose repositories to open."""
    with suppress(ValueError):
        for number in range(int(os.environ.get("GIT_CONFIG_COUNT", "0"))):
            if os.environ.get(f"GIT_CONFIG_KEY_{number}", "").lower() == _SAFE:
                yield os.environ.get(f"GIT_CONFIG_VALUE_{number}", "")
    with suppress(ValueError):
        for word in shlex.split(os.environ.get("GIT_CONFIG_PARAMETERS", "")):
            key, _, value = word.partition("=")
            if key.lower() == _SAFE:
                yield value


def without(names: Iterable[str]) -> dict[str, str]:
    """The environment without git's own variables and these."""
    return {name: it for name, it in os.environ.items() if not name.startswith("GIT_") and name not in names}


def program_for(found: Checkout) -> str:
    """The user's git. A relative entry of PATH would mean a folder of the checkout."""
    folders = (one for one in os.get_exec_path() if Path(one).is_absolute() and not found.contains(one))
    program = shutil.which("git", path=os.pathsep.join(folders))
    if program is None:
        raise no_git(FileNotFoundError(2, os.strerror(2)))
    return program


def no_git(failure: OSError) -> ReconcilerError:
    """What to raise when the program does not start."""
    return ReconcilerError(f"git cannot be run: {failure.strerror}", "install git, or omit this option")


def ran(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    given: bytes = b"",
    patience: float | None = None,
) -> Done:
    """What came of a command to which stdin is `given`.

    Raises ReconcilerError when it does not start, and when it takes longer than `patience` in seconds.
    """
    try:
        with subprocess.Popen(  # noqa: S603 - no shell, and nothing of a user's stands where git takes an option
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            _limit(process.pid)
            try:
                out, err = process.communicate(given, timeout=patience)
            except BaseException:
                process.kill()
                raise
    except subprocess.TimeoutExpired as late:
        raise ReconcilerError(f"git did not answer within {patience:g} seconds", _SLOW) from late
    except OSError as failure:
        raise no_git(failure) from failure
    if -process.returncode == signal.SIGXCPU:
        raise ReconcilerError(f"git used more than {_MOST_CPU_SECONDS} seconds of CPU time", _SLOW)
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def _limit(process: int) -> None:
    """Bound the CPU time of a process, where the system can: patterns of .gitignore can take git hours."""
    with suppress(ImportError, AttributeError, OSError):  # Windows, macOS; it has ended
        import resource  # noqa: PLC0415 - not everywhere

        resource.prlimit(process, resource.RLIMIT_CPU, (_MOST_CPU_SECONDS, _MOST_CPU_SECONDS + 1))
