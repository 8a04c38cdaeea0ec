r"""Open a git repository that answers questions and has no say in which programs run.

git runs programs that configuration names: file system monitors, filters, hooks, ssh. Configuration comes from many
files, and a pull request can write some of them: a `.gitconfig` that the repository's own configuration includes, or
one in a HOME that is the checkout. So git never runs in the repository's own git directory. It runs in a temporary one,
with links to the references, copies of HEAD and of the index, and a configuration that holds only keys from a list: how
the repository stores things, how lines end, which branch follows which. All other configuration is invisible to git:

- No program runs: no fsmonitor, hook, filter, textconv, external diff, credential helper or ssh command.
- No remote address and no promisor exist: nothing is fetched, and an object that a partial clone lacks is missing.
- No grafts and no `refs/replace` apply: history is what was committed.
- No attribute names a program. `text`, `eol`, `ident` and `working-tree-encoding` count: without them git could not
  recognize a file that it wrote itself. A file that a filter wrote (Git LFS) counts as changed unless the index has
  its size and times.
- No `GIT_*` variable of the environment applies.
- Nothing is written into the repository: `git diff` refreshes the index, but only the copy.

None of this needs a setting that only new versions of git have: git 2.13 is enough. Before all this, git itself is
asked once whether it opens the repository (`safe.directory`), with a command that runs no program and reads no file of
the working tree (`program`).
"""

import os
import re
import shutil
import subprocess
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from reconciler.errors import ReconcilerError, UsageError
from reconciler.git.discovery import Checkout
from reconciler.git.program import (
    HOME_VARIABLES,
    QUIET_ENVIRONMENT,
    CompletedCommand,
    ConfigEntry,
    UserGit,
    cannot_run_git,
    environment_without,
    find_git,
    run,
)

_SEALED_ENVIRONMENT: Final = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "",
}
"""A second lock, for versions of git that support it: the configuration below is the first."""

_KEYS_FROM_ANYWHERE: Final = frozenset(
    ("core.abbrev", "core.autocrlf", "core.eol", "core.excludesfile", "core.precomposeunicode")
)
"""Keys that count wherever they are configured."""

_KEYS_FROM_REPOSITORY: Final = re.compile(
    r"core\.(repositoryformatversion|checkstat|filemode|ignorecase|protecthfs|protectntfs|sparsecheckout"
    r"|sparsecheckoutcone|symlinks|trustctime)|push\.default|remote\.pushdefault"
    r"|branch\..*\.(remote|merge|pushremote)|remote\..*\.(fetch|push)"
    r"|extensions\.(?!partialclone$|worktreeconfig$).*",
    re.DOTALL,
)
"""Further keys of the repository's own configuration: git's own values and names of branches. None names a program."""

_PARTIAL_CLONE_KEYS: Final = re.compile(r"extensions\.partialclone|remote\..*\.promisor", re.DOTALL)
"""Keys that only a partial clone has."""

_FIXED_ENTRIES: Final[tuple[ConfigEntry, ...]] = (
    ("core.bare", "false"),
    ("core.attributesfile", os.devnull),
    ("core.hookspath", os.devnull),
    ("core.fsmonitor", ""),
    ("core.untrackedcache", "false"),
    ("protocol.allow", "never"),
)
_NO_PROGRAM_ATTRIBUTES: Final = b"\n* !filter !diff !merge\n"
"""Goes into info/attributes, which wins over the attributes of the working tree."""

_HEAD_FILES: Final = re.compile(r"[A-Z_]+_HEAD")
INDEX_FILE: Final = "index"
_INDEX_OF_FILES: Final = "index-of-files"
_SHARED_INDEX: Final = "sharedindex."
_REFTABLE: Final = "reftable"


class Repository:
    """A sealed repository.

    `top` is the top folder of its working tree. `fetch` is the command that fetches objects which the clone lacks.
    """

    def __init__(self, checkout: Checkout, program: str, folder: str) -> None:
        self.top: Final = checkout.top
        self.fetch = "git fetch"
        self._folder = Path(folder)
        self._program = program
        self._environment = {
            **environment_without(HOME_VARIABLES),
            **QUIET_ENVIRONMENT,
            **_SEALED_ENVIRONMENT,
            "GIT_DIR": folder,
            "GIT_WORK_TREE": str(checkout.top),
            "GIT_OBJECT_DIRECTORY": str(checkout.common / "objects"),
        }
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)

    def run(
        self, *arguments: str, stdin: bytes = b"", timeout: float | None = None, index: str = INDEX_FILE
    ) -> CompletedCommand:
        """What came of a git command, run at the top with an index of ours; as `machine.ran` has it."""
        environment = {**self._environment, "GIT_INDEX_FILE": str(self._folder / index)}
        return run([self._program, *arguments], self.top, environment, stdin, timeout)

    def index_without(self, names: Iterable[str]) -> str:
        """Return the name of a copy of the index without these names.

        git would look into a submodule that its index has.
        """
        if (self._folder / INDEX_FILE).exists():
            shutil.copy2(self._folder / INDEX_FILE, self._folder / _INDEX_OF_FILES)
        stdin = b"".join(os.fsencode(name) + b"\0" for name in names)
        self.run("update-index", "--force-remove", "-z", "--stdin", stdin=stdin, index=_INDEX_OF_FILES)
        return _INDEX_OF_FILES

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start a git command that reads and answers through pipes. It must not outlive this repository."""
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
            raise cannot_run_git(failure) from failure


def open_sealed(checkout: Checkout, what: str) -> Repository:
    """Open the repository of a working tree; `what` names the option or command that needs it.

    Raises UsageError if git does not open it, ReconcilerError if git or a temporary folder is missing.
    """
    user = UserGit(checkout, find_git(checkout))
    user.check_opens(what)
    _check_alternates(checkout, what)
    if checkout.is_linked and (checkout.common / _REFTABLE).exists():
        message = f"{what} cannot read references in the reftable format in the linked worktree {checkout.top}"
        raise UsageError(message, "run the command in the main worktree")
    try:
        folder = tempfile.mkdtemp(prefix="reconciler-git-")
    except OSError as failure:
        raise ReconcilerError(
            f"cannot create a temporary folder: {failure.strerror}", "set TMPDIR to a writable folder"
        ) from failure
    repository = Repository(checkout, user.program, folder)  # removes the folder when it is collected
    try:
        stored = _stored_entries(checkout, user, Path(folder))
        _fill_git_dir(Path(folder), checkout, _sealed_entries(user.settings(Path(folder)), stored, user))
    except OSError as failure:
        message = f"cannot read the git repository {checkout.top}: {failure.strerror or failure}"
        raise ReconcilerError(message, "check the repository: git fsck") from failure
    if any(_PARTIAL_CLONE_KEYS.fullmatch(key) for key, _ in stored):
        repository.fetch = "git fetch --refetch --no-filter"
    return repository


def _fill_git_dir(folder: Path, checkout: Checkout, configuration: Iterable[ConfigEntry]) -> None:
    """Fill a git directory: the repository's references and index, and a configuration that runs no program."""
    own, common = checkout.git_dir, checkout.common
    (folder / "HEAD").write_bytes((own / "HEAD").read_bytes())
    for name in ("refs", "packed-refs", "shallow", _REFTABLE):
        _link_if_present(folder / name, common / name)
    for entry in own.iterdir():
        if _HEAD_FILES.fullmatch(entry.name):
            _link_if_present(folder / entry.name, entry)
        elif entry.name == INDEX_FILE or entry.name.startswith(_SHARED_INDEX):
            # With its times: they tell git which files it has to read
            shutil.copy2(entry, folder / entry.name)
    for name in ("logs", "info"):
        (folder / name).mkdir()
    _link_if_present(folder / "logs" / "HEAD", own / "logs" / "HEAD")
    _link_if_present(folder / "logs" / "refs", common / "logs" / "refs")
    _link_if_present(folder / "info" / "exclude", common / "info" / "exclude")
    _link_if_present(folder / "info" / "sparse-checkout", own / "info" / "sparse-checkout")
    attributes = common / "info" / "attributes"
    (folder / "info" / "attributes").write_bytes(
        (attributes.read_bytes() if attributes.is_file() else b"") + _NO_PROGRAM_ATTRIBUTES
    )
    (folder / "config").write_bytes(os.fsencode("".join(_config_lines(configuration))))


def _stored_entries(checkout: Checkout, user: UserGit, folder: Path) -> list[ConfigEntry]:
    """Return the entries of the repository's own configuration files."""
    shared = user.file_entries(checkout.common / "config", folder)
    is_per_worktree = any(key == "extensions.worktreeconfig" and value != "false" for key, value in shared)
    return [*shared, *(user.file_entries(checkout.git_dir / "config.worktree", folder) if is_per_worktree else ())]


def _sealed_entries(
    user_entries: Iterable[ConfigEntry], stored: Iterable[ConfigEntry], user: UserGit
) -> Iterator[ConfigEntry]:
    """Yield the configured entries that are allowed, then the fixed ones, which win."""
    yield from user.expand_home((key, value) for key, value in user_entries if key in _KEYS_FROM_ANYWHERE)
    yield from user.expand_home(
        (key, value) for key, value in stored if key in _KEYS_FROM_ANYWHERE or _KEYS_FROM_REPOSITORY.fullmatch(key)
    )
    yield from _FIXED_ENTRIES


def _config_lines(entries: Iterable[ConfigEntry]) -> Iterator[str]:
    """Yield the text of a configuration file (git-config(1), "Syntax")."""
    for key, value in entries:
        section, _, rest = key.partition(".")
        subsection, dot, name = rest.rpartition(".")
        yield f"[{section} {_quoted(subsection)}]\n" if dot else f"[{section}]\n"
        yield f"\t{name}\n" if value is None else f"\t{name} = {_quoted(value)}\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _link_if_present(name: Path, target: Path) -> None:
    if target.exists():
        name.symlink_to(target)


def _check_alternates(checkout: Checkout, what: str) -> None:
    """Raise UsageError if the repository borrows objects from its working tree."""
    seen: set[Path] = set()
    waiting = [checkout.common / "objects"]
    while waiting:
        objects = waiting.pop()
        if objects in seen:
            continue
        seen.add(objects)
        if objects.is_relative_to(checkout.top) and not objects.is_relative_to(checkout.common):
            message = f"{what} does not use the git repository {checkout.top}: it borrows objects from its working tree"
            raise UsageError(message, f"remove the entry {objects} from {checkout.common / 'objects/info/alternates'}")
        with suppress(OSError):
            borrowed = (objects / "info" / "alternates").read_bytes().splitlines()
            waiting += [Path(os.path.realpath(objects / os.fsdecode(line))) for line in borrowed]
