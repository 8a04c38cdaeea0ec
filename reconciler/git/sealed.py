r"""A git repository that can be asked questions, and that has no say in which programs run.

git runs programs that configuration names: file system monitors, filters, hooks, ssh. Configuration comes from many
files, some of which a pull request may write: a `.gitconfig` that the repository's own configuration includes, or one
in a HOME that is the checkout. So git is not asked in the repository's own git directory. It gets one of ours, in a
temporary folder, with links to the references, a copy of HEAD and of the index, and a configuration that holds only
values from a list: how the repository stores things, how lines end, which branch follows which. Whatever else is
configured, by whomever, does not exist for git:

- no program: no fsmonitor, hook, filter, textconv, external diff, credential helper, ssh command;
- no remote address, no promisor: nothing is fetched, and an object that a partial clone lacks is missing;
- no grafts, no `refs/replace`: history is what was committed;
- no attribute that names a program. `text`, `eol`, `ident`, `working-tree-encoding` count: without them git cannot
  know a file again that it wrote itself. A file that a filter wrote (Git LFS) counts as changed unless the index knows
  its size and times;
- no `GIT_*` variable of the environment;
- nothing is written into the repository: `git diff` renews the index, but it is the copy.

None of this needs a setting that only new versions of git know: git 2.13 and newer will do. Before all that, git itself
is asked once whether it opens the repository (`safe.directory`), by a command that runs nothing and reads no file of
the working tree (`machine`).
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
from reconciler.git.program import HOMES, QUIET, Done, Entry, GitUser, no_git, program_for, ran, without

_CLOSED: Final = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "",
}
"""A second lock, for versions of git that know it: the configuration below is the first."""

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

_PROMISE: Final = re.compile(r"extensions\.partialclone|remote\..*\.promisor", re.DOTALL)
"""The marks of a partial clone."""

_OURS: Final[tuple[Entry, ...]] = (
    ("core.bare", "false"),
    ("core.attributesfile", os.devnull),
    ("core.hookspath", os.devnull),
    ("core.fsmonitor", ""),
    ("core.untrackedcache", "false"),
    ("protocol.allow", "never"),
)
_NO_PROGRAMS: Final = b"\n* !filter !diff !merge\n"
"""Attributes of info/attributes win over those of the working tree."""

_POSITIONS: Final = re.compile(r"[A-Z_]+_HEAD")
INDEX: Final = "index"
_FILES: Final = "index-of-files"
_SHARED_INDEX: Final = "sharedindex."
_REFTABLE: Final = "reftable"


class Repository:
    """One that git opens, and whose history can be asked for.

    `top` is the top folder of its working tree. `fetch` is the command that gets objects which a clone lacks.
    """

    def __init__(self, found: Checkout, program: str, folder: str) -> None:
        self.top: Final = found.top
        self.fetch = "git fetch"
        self._folder = Path(folder)
        self._program = program
        self._environment = {
            **without(HOMES),
            **QUIET,
            **_CLOSED,
            "GIT_DIR": folder,
            "GIT_WORK_TREE": str(found.top),
            "GIT_OBJECT_DIRECTORY": str(found.common / "objects"),
        }
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)

    def run(self, *arguments: str, given: bytes = b"", patience: float | None = None, index: str = INDEX) -> Done:
        """What came of a git command, run at the top with an index of ours; as `machine.ran` has it."""
        environment = {**self._environment, "GIT_INDEX_FILE": str(self._folder / index)}
        return ran([self._program, *arguments], self.top, environment, given, patience)

    def index_without(self, names: Iterable[str]) -> str:
        """A copy of the index in which these names are not: into a submodule that it has, git looks for its commit."""
        if (self._folder / INDEX).exists():
            shutil.copy2(self._folder / INDEX, self._folder / _FILES)
        given = b"".join(os.fsencode(name) + b"\0" for name in names)
        self.run("update-index", "--force-remove", "-z", "--stdin", given=given, index=_FILES)
        return _FILES

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
            raise no_git(failure) from failure


def sealed(found: Checkout, what: str) -> Repository:
    """The repository of a working tree; `what` is what needs it.

    Raises UsageError where git does not open it, ReconcilerError where git or a temporary folder is missing.
    """
    user = GitUser(found, program_for(found))
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
        stored = _stored(found, user, Path(folder))
        _fill(Path(folder), found, _configuration(user.settings(Path(folder)), stored, user))
    except OSError as failure:
        message = f"the git repository {found.top} cannot be read: {failure.strerror or failure}"
        raise ReconcilerError(message, "check its files with: git fsck") from failure
    if any(_PROMISE.fullmatch(key) for key, _ in stored):
        repository.fetch = "git fetch --refetch --no-filter"
    return repository


def _fill(folder: Path, found: Checkout, configuration: Iterable[Entry]) -> None:
    """A git directory that has the repository's references and objects, and a configuration of our own."""
    own, common = found.git_dir, found.common
    (folder / "HEAD").write_bytes((own / "HEAD").read_bytes())
    for name in ("refs", "packed-refs", "shallow", _REFTABLE):
        _link(folder / name, common / name)
    for entry in own.iterdir():
        if _POSITIONS.fullmatch(entry.name):
            _link(folder / entry.name, entry)
        elif entry.name == INDEX or entry.name.startswith(_SHARED_INDEX):
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
    (folder / "config").write_bytes(os.fsencode("".join(_lines(configuration))))


def _stored(found: Checkout, user: GitUser, folder: Path) -> list[Entry]:
    """What the repository's own files of configuration hold."""
    shared = user.of_file(found.common / "config", folder)
    is_per_worktree = any(key == "extensions.worktreeconfig" and value != "false" for key, value in shared)
    return [*shared, *(user.of_file(found.git_dir / "config.worktree", folder) if is_per_worktree else ())]


def _configuration(of_user: Iterable[Entry], stored: Iterable[Entry], user: GitUser) -> Iterator[Entry]:
    """What counts of all that is configured, and what we say ourselves, which wins."""
    yield from user.expanded((key, value) for key, value in of_user if key in _ANYWHERE)
    yield from user.expanded((key, it) for key, it in stored if key in _ANYWHERE or _IN_REPOSITORY.fullmatch(key))
    yield from _OURS


def _lines(entries: Iterable[Entry]) -> Iterator[str]:
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
            borrowed = (objects / "info" / "alternates").read_bytes().splitlines()
            waiting += [Path(os.path.realpath(objects / os.fsdecode(line))) for line in borrowed]
