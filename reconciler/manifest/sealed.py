r"""A git repository that can be asked questions, and that has no say in which programs run.

git runs programs that configuration names: file system monitors, filters, hooks, ssh. Configuration comes from many
files, some of which a pull request may write: a `.gitconfig` that the repository's own configuration includes, or one
in a HOME that is the checkout. So git is not asked in the repository's own git directory. It gets one of ours, in a
temporary folder, with links to the references, a copy of HEAD and of the index, and a configuration that holds only
values from a list: how the repository stores things, how lines end, which branch follows which. Whatever else is
configured, by whomever, does not exist for git:

- no program: no fsmonitor, hook, filter, textconv, external diff, credential helper, ssh command;
- no remote address, no promisor: nothing is fetched, and an object that is missing is missing;
- no grafts, no `refs/replace`: history is what was committed;
- no attribute that names a program. `text`, `eol`, `ident`, `working-tree-encoding` count: without them git cannot
  know a file again that it wrote itself. A file that a filter wrote (Git LFS) counts as changed unless the index knows
  its size and times;
- no `GIT_*` variable of the environment;
- nothing is written into the repository: `git diff` renews the index, but it is the copy.

This needs no setting that only new versions of git know. Before that, git itself is asked once whether it opens the
repository (`safe.directory`), by a command that runs nothing and reads no file of the working tree. For that question
alone the user's and the system's configuration counts, and of GIT_CONFIG_COUNT and GIT_CONFIG_PARAMETERS the entries
`safe.directory`.
"""

import os
import re
import shlex
import shutil
import subprocess
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeAlias

from reconciler.errors import ReconcilerError, UsageError
from reconciler.manifest.discovery import CEILINGS, Checkout

Done: TypeAlias = "subprocess.CompletedProcess[bytes]"
Entries: TypeAlias = list[tuple[str, str | None]]
"""Keys and values of a configuration; None for a key that stands alone."""

_QUIET: Final = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
"""No locks, no questions to anybody, and messages in one language."""

_CLOSED: Final = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "",
}
_HOMES: Final = frozenset(("HOME", "XDG_CONFIG_HOME"))
_OF_THE_USER: Final = frozenset(("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"))
_SAFE: Final = "safe.directory"

_ANYWHERE: Final = frozenset(
    ("core.abbrev", "core.autocrlf", "core.eol", "core.excludesfile", "core.precomposeunicode")
)
"""What counts wherever it is configured."""

_IN_REPOSITORY: Final = re.compile(
    r"core\.(repositoryformatversion|checkstat|filemode|ignorecase|protecthfs|protectntfs|sparsecheckout"
    r"|sparsecheckoutcone|symlinks|trustctime)|push\.default|remote\.pushdefault"
    r"|branch\..*\.(remote|merge|pushremote)|remote\..*\.(fetch|push)"
    r"|extensions\.(?!partialclone$|worktreeconfig$).*",
    re.DOTALL,
)
"""What else counts of the repository's own configuration: values of git's, names of branches. None names a program."""

_OURS: Final[Entries] = [
    ("core.bare", "false"),
    ("core.attributesfile", os.devnull),
    ("core.hookspath", os.devnull),
    ("core.fsmonitor", ""),
    ("core.untrackedcache", "false"),
    ("protocol.allow", "never"),
]
_NO_PROGRAMS: Final = b"\n* !filter !diff !merge\n"
"""Attributes of info/attributes win over those of the working tree."""

_POSITIONS: Final = re.compile(r"[A-Z_]+_HEAD")
_SHARED_INDEX: Final = "sharedindex."
_REFTABLE: Final = "reftable"


class Repository:
    """One that git opens, and whose history can be asked for. `top` is the top folder of its working tree."""

    def __init__(self, found: Checkout, program: str, folder: str) -> None:
        self.top: Final = found.top
        self._program = program
        self._environment = {
            **_without(_HOMES),
            **_QUIET,
            **_CLOSED,
            "GIT_DIR": folder,
            "GIT_WORK_TREE": str(found.top),
            "GIT_OBJECT_DIRECTORY": str(found.common / "objects"),
        }
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)

    def run(self, *arguments: str) -> Done:
        """What came of a git command, run at the top."""
        return _ran([self._program, *arguments], self.top, self._environment)

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """A git command that is asked and answers through pipes. It must not outlive this."""
        try:
            return subprocess.Popen(  # noqa: S603 - no shell, and no text of a user's
                [self._program, *arguments],
                cwd=self.top,
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError as failure:
            raise _no_git(failure) from failure


def sealed(found: Checkout, what: str) -> Repository:
    """The repository of a working tree; `what` is what needs it.

    Raises UsageError where git does not open it, ReconcilerError where git or a temporary folder is missing.
    """
    user = _User(found, _program(found))
    user.check_opens(what)
    _check_alternates(found, what)
    if found.is_linked and (found.common / _REFTABLE).exists():
        message = f"{what} cannot read references in the format reftable in the linked worktree {found.top}"
        raise UsageError(message, "run the command in the main worktree")
    try:
        folder = tempfile.mkdtemp(prefix="reconciler-git-")
    except OSError as failure:
        raise ReconcilerError(f"no temporary folder can be made: {failure.strerror}", "set TMPDIR") from failure
    repository = Repository(found, user.program, folder)  # which removes the folder
    try:
        _fill(Path(folder), found, user)
    except OSError as failure:
        message = f"the git repository {found.top} cannot be read: {failure.strerror or failure}"
        raise ReconcilerError(message, "check its files with: git fsck") from failure
    return repository


class _User:
    """git as its user has configured it; nothing of the working tree counts."""

    def __init__(self, found: Checkout, program: str) -> None:
        self.program: Final = program
        self._found = found
        trusted = {name: os.environ[name] for name in _OF_THE_USER if name in os.environ}
        self._environment = {**_without(()), **trusted, **_QUIET, CEILINGS: str(found.top.parent)}
        if any(map(self._is_brought_along, _global_files(self._environment))):
            self._environment = {name: it for name, it in self._environment.items() if name not in _HOMES}
            self._environment["GIT_CONFIG_GLOBAL"] = os.devnull
        if self._is_brought_along(trusted.get("GIT_CONFIG_SYSTEM", os.devnull)):
            self._environment["GIT_CONFIG_SYSTEM"] = os.devnull

    def check_opens(self, what: str) -> None:
        """Raise UsageError unless git opens the very repository that was found."""
        safe = [word for one in _safe_directories() for word in ("-c", f"{_SAFE}={one}")]
        asked = ("rev-parse", "--absolute-git-dir", "--show-toplevel")
        done = self._run("-c", "safe.bareRepository=explicit", *safe, *asked, folder=self._found.top)
        if done.returncode:
            said = " ".join(os.fsdecode(done.stderr).removeprefix("fatal: ").split()) or "it does not say why"
            raise UsageError(f"{what} needs a git repository, and git does not open this one: {said}")
        if os.fsdecode(done.stdout).splitlines() != [str(self._found.git_dir), str(self._found.top)]:
            message = f"{what} does not use the git repository {self._found.top}: git takes another folder for its own"
            raise UsageError(message, "check core.worktree: git config --show-origin --get-all core.worktree")

    def settings(self, folder: Path) -> Iterator[tuple[str, str | None]]:
        """What the user and the system have configured and what counts of it; `folder` is no repository."""
        ignore = self._ignore_file()
        if ignore:
            yield "core.excludesfile", ignore
        yield from self.expanded((key, it) for key, it in self._entries(folder, "--includes") if key in _ANYWHERE)

    def expanded(self, entries: Iterable[tuple[str, str | None]]) -> Iterator[tuple[str, str | None]]:
        """The same, the home folder written out: git gets no HOME."""
        home = self._environment.get("HOME")
        for key, value in entries:
            is_at_home = home and value and key == "core.excludesfile" and value.startswith("~/")
            yield key, f"{home}{value[1:]}" if is_at_home and value else value

    def of_file(self, file: Path, folder: Path) -> Entries:
        """What one file of the repository's configuration holds, without what it includes."""
        return self._entries(folder, "--no-includes", "--file", str(file)) if file.is_file() else []

    def _entries(self, folder: Path, *which: str) -> Entries:
        done = self._run("config", *which, "--null", "--list", folder=folder, GIT_DIR=str(folder / "none"))
        if done.returncode:
            said = " ".join(os.fsdecode(done.stderr).removeprefix("fatal: ").split())
            raise ReconcilerError(f"git cannot read its configuration: {said}", "correct it")
        parts = (one.partition("\n") for one in os.fsdecode(done.stdout).split("\0") if one)
        return [(key, value if newline else None) for key, newline, value in parts]

    def _run(self, *arguments: str, folder: Path, **more: str) -> Done:
        return _ran([self.program, *arguments], folder, {**self._environment, **more})

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


def _fill(folder: Path, found: Checkout, user: _User) -> None:
    """A git directory that has the repository's references and objects, and a configuration of our own."""
    own, common = found.git_dir, found.common
    (folder / "HEAD").write_bytes((own / "HEAD").read_bytes())
    for name in ("refs", "packed-refs", "shallow", _REFTABLE):
        _link(folder / name, common / name)
    for entry in own.iterdir():
        if _POSITIONS.fullmatch(entry.name):
            _link(folder / entry.name, entry)
        elif entry.name == "index" or entry.name.startswith(_SHARED_INDEX):
            # With its times: by them git knows which files it has to look into
            shutil.copy2(entry, folder / entry.name)
    for name in ("logs", "info"):
        (folder / name).mkdir()
    _link(folder / "logs" / "HEAD", own / "logs" / "HEAD")
    _link(folder / "logs" / "refs", common / "logs" / "refs")
    _link(folder / "info" / "exclude", common / "info" / "exclude")
    _link(folder / "info" / "sparse-checkout", own / "info" / "sparse-checkout")
    attributes = common / "info" / "attributes"
    (folder / "info" / "attributes").write_bytes(
        (attributes.read_bytes() if attributes.is_file() else b"") + _NO_PROGRAMS
    )
    (folder / "config").write_bytes(os.fsencode("".join(_lines(_configuration(folder, found, user)))))


def _configuration(folder: Path, found: Checkout, user: _User) -> Entries:
    shared = user.of_file(found.common / "config", folder)
    is_per_worktree = any(key == "extensions.worktreeconfig" and value != "false" for key, value in shared)
    own = user.of_file(found.git_dir / "config.worktree", folder) if is_per_worktree else []
    counted = [(key, value) for key, value in (*shared, *own) if key in _ANYWHERE or _IN_REPOSITORY.fullmatch(key)]
    return [*user.settings(folder), *user.expanded(counted), *_OURS]


def _lines(entries: Iterable[tuple[str, str | None]]) -> Iterator[str]:
    """A file of configuration (git-config(1), "Syntax")."""
    for key, value in entries:
        section, _, rest = key.partition(".")
        subsection, dot, name = rest.rpartition(".")
        yield f"[{section} {_quoted(subsection)}]\n" if dot else f"[{section}]\n"
        yield f"\t{name}\n" if value is None else f"\t{name} = {_quoted(value)}\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _link(name: Path, target: Path) -> None:
    if target.exists():
        name.symlink_to(target)


def _check_alternates(found: Checkout, what: str) -> None:
    """Raise UsageError for objects that the working tree provides."""
    seen: set[Path] = set()
    waiting = [found.common / "objects"]
    while waiting:
        objects = waiting.pop()
        if objects in seen:
            continue
        seen.add(objects)
        if objects.is_relative_to(found.top) and not objects.is_relative_to(found.common):
            message = f"{what} does not use the git repository {found.top}: objects come from its working tree"
            raise UsageError(message, f"remove the entry {objects} from {found.common / 'objects/info/alternates'}")
        with suppress(OSError):
            for line in (objects / "info" / "alternates").read_bytes().splitlines():
                waiting.append(Path(os.path.realpath(objects / os.fsdecode(line))))  # noqa: PERF401 - it may be many


def _without(names: Iterable[str]) -> dict[str, str]:
    """The environment without git's own variables and these."""
    return {name: it for name, it in os.environ.items() if not name.startswith("GIT_") and name not in names}


def _program(found: Checkout) -> str:
    """The user's git. A relative entry of PATH would mean a folder of the checkout."""
    folders = (one for one in os.get_exec_path() if Path(one).is_absolute() and not found.contains(one))
    program = shutil.which("git", path=os.pathsep.join(folders))
    if program is None:
        raise _no_git(FileNotFoundError(2, os.strerror(2)))
    return program


def _no_git(failure: OSError) -> ReconcilerError:
    return ReconcilerError(f"git cannot be run: {failure.strerror}", "install it, or do without")


def _ran(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Done:
    try:
        return subprocess.run(  # noqa: S603 - no shell, and nothing of a user's stands where git takes an option
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
    except OSError as failure:
        raise _no_git(failure) from failure
