"""Find the git repository that a command works on, without running git.

The author of a pull request controls everything in the checkout except the `.git` at its top: git tracks nothing of
that name. Deeper down, a submodule, an artifact or a cache can bring a `.git` along, and plain files can look like a
bare repository. So this is the rule:

- Only an entry `.git` makes a repository, never a folder that looks like a bare one.
- The repository is the *outermost* one around each PATH and around `--config`, or around the current folder if no PATH
  is given. GIT_CEILING_DIRECTORIES bounds the search, as it does for git: a clone inside another repository is used
  if that variable names the outer one.
- A linked worktree inside its own repository is used if that repository's git directory also names the worktree.
- A submodule is used if the command runs in it and git keeps its data in the git directory around it. A PATH that
  enters a submodule from outside is refused: its history is what `.gitmodules` says, which a pull request can change.
- Any other repository inside a repository is refused, and so is a PATH that leaves the checkout through a symbolic
  link, and PATHs of several repositories.
- A repository below the folder of the configuration that its manifests belong to is refused.
- A git directory is never inside its own working tree, except for `.git` at the top.
"""

import os
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reconciler.errors import UsageError
from reconciler.models.project_file import FILE_NAME

GIT_ENTRY: Final = ".git"
CEILINGS_VARIABLE: Final = "GIT_CEILING_DIRECTORIES"
RUN_IN_REPOSITORY: Final = "run the command inside a repository, or pass a PATH inside one"

_POINTER: Final = "gitdir: "
_MAX_POINTER_BYTES: Final = 64 * 1024
"""Bytes read from a file that names a folder."""


@dataclass(frozen=True, slots=True)
class RepositorySearch:
    """Where to look for a repository: around the PATHs of a command and its `--config`."""

    paths: Sequence[str] = ()
    config: str | None = None


FROM_CURRENT_FOLDER: Final = RepositorySearch()
"""The current folder."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A working tree: its top folder, its git directory, and the git directory shared with linked worktrees."""

    top: Path
    git_dir: Path
    common: Path

    @property
    def is_linked(self) -> bool:
        """Whether it is a linked worktree."""
        return self.common != self.git_dir

    def contains(self, path: str | Path) -> bool:
        """Whether a file or folder is in the working tree, with symbolic links resolved."""
        return Path(os.path.realpath(path)).is_relative_to(self.top)


def find_checkout(search: RepositorySearch, what: str, remedy: str) -> Checkout:
    """Return the working tree that a command works on.

    For messages, `what` names the option or command that needs it, and `remedy` says what to do if there is none.
    Raises UsageError if the rules above find none.
    """
    places = search.paths or ([search.config] if search.config else ["."])
    checkouts = {place: _checkout_around(place, what) for place in places}
    if not any(checkouts.values()):
        raise UsageError(f"{what} needs a git repository, but there is none here", remedy)
    (first, top), *others = checkouts.items()
    for place, another in others:
        if another != top:
            message = f"{what} needs one git repository, but {_describe(first, top)} and {_describe(place, another)}"
            raise UsageError(message, "run the command once for each repository")
    if top is None:
        raise UsageError(f"{what} needs a git repository, but there is none here", remedy)
    if not search.config:
        for place in places:
            _check_contains_configuration(top, place, what)
    return _check_git_dir(top, what)


def nearest_checkout(folder: Path) -> Checkout | None:
    """Return the innermost working tree around a folder (a real name), whatever surrounds it; None if there is none.

    An entry `.git` without a repository behind it does not count: that of a worktree whose repository is missing, say.
    """
    checkouts = map(_read_checkout, _tops_around(folder))
    return next(filter(_is_repository, checkouts), None)


def _is_repository(checkout: Checkout) -> bool:
    """Whether git would accept it as a repository."""
    folders = (checkout.common / name for name in ("objects", "refs"))
    return (checkout.git_dir / "HEAD").is_file() and all(folder.is_dir() for folder in folders)


def _describe(place: str, top: Checkout | None) -> str:
    return f"{place} is in {top.top}" if top else f"{place} is in no repository"


def _checkout_around(place: str, what: str) -> Checkout | None:
    """Return the working tree around a PATH, None if there is none. Raises UsageError by the rules above."""
    folder = _existing_folder(place)
    real = Path(os.path.realpath(folder))
    named = list(_tops_around(Path(os.path.abspath(folder))))  # noqa: PTH100 - as written: links are not followed
    if named and not real.is_relative_to(os.path.realpath(named[-1])):
        message = f"{what} does not follow {place}: it leaves the git repository {named[-1]} through a symbolic link"
        raise UsageError(message, f"pass the real path: {real}")
    tops = list(_tops_around(real))
    if not tops:
        return None
    chosen = _read_checkout(tops[-1])
    for top in reversed(tops[:-1]):
        inner = _read_checkout(top)
        _check_inner(inner, chosen, what)
        chosen = inner
    return chosen


def _check_inner(inner: Checkout, outer: Checkout, what: str) -> None:
    """Raise UsageError for a repository inside another one, unless git itself made it a part of that one."""
    if _is_submodule_of(inner, outer):
        if not Path.cwd().is_relative_to(inner.top):
            message = f"{what} does not use the submodule {inner.top} from outside: it has its own history"
            raise UsageError(message, f"run the command inside it: cd {shlex.quote(str(inner.top))}")
    elif not _is_worktree_of(inner, outer):
        message = f"{what} does not use the git repository {inner.top}: it is inside another one, {outer.top}"
        raise UsageError(
            message,
            f"if it is your own clone: export {CEILINGS_VARIABLE}={shlex.quote(str(outer.top))}",
        )


def _existing_folder(place: str) -> Path:
    """Return the nearest folder that exists; a PATH may be a glob."""
    path = Path(place).absolute()
    return next(folder for folder in (path, *path.parents) if folder.is_dir())


def _tops_around(folder: Path) -> Iterator[Path]:
    """Yield the folders from this one upwards that hold a `.git` of any kind."""
    named = map(Path, os.environ.get(CEILINGS_VARIABLE, "").split(os.pathsep))
    ceilings = {os.path.realpath(ceiling) for ceiling in named if ceiling.is_absolute()}
    for candidate in (folder, *folder.parents):
        if candidate != folder and os.path.realpath(candidate) in ceilings:
            return
        if os.path.lexists(candidate / GIT_ENTRY):
            yield candidate


def _read_checkout(top: Path) -> Checkout:
    """Return the working tree of a `.git`: a folder, or a file that names one. Git itself reports any other kind."""
    entry = top / GIT_ENTRY
    git_dir = Path(os.path.realpath(entry))
    if git_dir.is_file() and (target := _read_line(git_dir)).startswith(_POINTER):
        git_dir = _resolve(top, target.removeprefix(_POINTER))
    common = git_dir / "commondir"
    return Checkout(top, git_dir, _resolve(git_dir, _read_line(common)) if common.is_file() else git_dir)


def _is_worktree_of(inner: Checkout, outer: Checkout) -> bool:
    """Whether it is a linked worktree of the same repository, and registered there."""
    if inner.git_dir.parent != outer.common / "worktrees" or inner.common != outer.common:
        return False
    back = inner.git_dir / _read_line(inner.git_dir / "gitdir")
    return back.name == GIT_ENTRY and os.path.realpath(back.parent) == str(inner.top)


def _is_submodule_of(inner: Checkout, outer: Checkout) -> bool:
    """Whether git keeps its data as that of a submodule. Git itself has to confirm which folder is its working tree."""
    return inner.git_dir.is_relative_to(outer.git_dir / "modules")


def _check_contains_configuration(top: Checkout, place: str, what: str) -> None:
    """Raise UsageError for a repository that does not contain the nearest configuration."""
    real = Path(os.path.realpath(_existing_folder(place)))
    for parent in (real, *real.parents):
        if os.path.lexists(parent / FILE_NAME):
            if not parent.is_relative_to(top.top):
                message = f"{what} does not use the git repository {top.top}: {parent / FILE_NAME} is outside it"
                raise UsageError(message, "move the configuration into the repository, or pass it with --config")
            return


def _check_git_dir(checkout: Checkout, what: str) -> Checkout:
    """Return the checkout. Raises UsageError if its git directory is inside its working tree."""
    for folder in (checkout.git_dir, checkout.common):
        if folder.is_relative_to(checkout.top) and folder != checkout.top / GIT_ENTRY:
            message = f"{what} does not use the git repository {checkout.top}: its git directory is in its working tree"
            raise UsageError(message, f"move it to {checkout.top / GIT_ENTRY}, or out of the working tree")
    return checkout


def _resolve(folder: Path, name: str) -> Path:
    """Return the real path of a name that is relative to a folder."""
    return Path(os.path.realpath(folder / name))


def _read_line(file: Path) -> str:
    """Return the only line of a file, "" if it cannot be read."""
    try:
        with file.open("rb") as opened:
            return os.fsdecode(opened.read(_MAX_POINTER_BYTES)).rstrip("\r\n").replace("\0", "")
    except OSError:
        return ""
