"""Which git repository a command is about, found without running git.

Whoever writes a pull request decides about everything in the checkout but the `.git` at its top: git tracks nothing of
that name. Deeper down, a submodule, an artifact or a cache can bring a `.git` along, and plain files can look like a
bare repository. So this is the rule:

- Only an entry `.git` makes a repository, never a folder that looks like a bare one.
- The repository is the *outermost* one around each PATH and around `--config`, or around the current folder where no
  PATH is named. GIT_CEILING_DIRECTORIES bounds the search, as it does for git: a clone inside of another repository is
  used when that variable names the outer one.
- A linked worktree inside of its own repository is used, if that repository's git directory names the worktree, too.
- A submodule is used where the command runs in it, if git keeps its data in the git directory around it. A PATH that
  leads into a submodule from outside is refused: its history is what `.gitmodules` says, which a pull request can
  change.
- Any other repository inside of a repository is refused, and so is a PATH that leaves the checkout through a symbolic
  link, and PATHs of several repositories.
- A repository below the folder of the configuration that its manifests are under is refused.
- A git directory is never inside of its own working tree, but for `.git` at the top.
"""

import os
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reconciler.errors import UsageError
from reconciler.models.project_file import FILE_NAME

GIT: Final = ".git"
CEILINGS: Final = "GIT_CEILING_DIRECTORIES"
IN_A_REPOSITORY: Final = "run the command in one, or name a PATH in one"

_POINTER: Final = "gitdir: "
_LONGEST: Final = 64 * 1024
"""Bytes of a file that names a folder."""


@dataclass(frozen=True, slots=True)
class Near:
    """What a command is about, to find the repository around it: its PATHs and `--config`."""

    paths: Sequence[str] = ()
    config: str | None = None


HERE: Final = Near()
"""The current folder."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A working tree: its top folder, its git directory, and the one that it shares with linked worktrees."""

    top: Path
    git_dir: Path
    common: Path

    @property
    def is_linked(self) -> bool:
        """Whether it is a linked worktree."""
        return self.common != self.git_dir

    def contains(self, path: str | Path) -> bool:
        """Whether a file or folder is in the working tree, symbolic links resolved."""
        return Path(os.path.realpath(path)).is_relative_to(self.top)


def checkout(near: Near, what: str, remedy: str) -> Checkout:
    """The working tree around what a command is about.

    `what` is what needs it and `remedy` what to do where there is none, for messages. Raises UsageError where the rule
    above finds none.
    """
    places = near.paths or ([near.config] if near.config else ["."])
    found = {place: _around(place, what) for place in places}
    if not any(found.values()):
        raise UsageError(f"{what} needs a git repository, and there is none here", remedy)
    (first, top), *others = found.items()
    for place, another in others:
        if another != top:
            message = f"{what} needs one git repository: {_in(first, top)}, and {_in(place, another)}"
            raise UsageError(message, "run the command once for each")
    if top is None:
        raise UsageError(f"{what} needs a git repository, and there is none here", remedy)
    if not near.config:
        for place in places:
            _refuse_below_configuration(top, place, what)
    return _refuse_inside(top, what)


def nearest(folder: Path) -> Checkout | None:
    """The innermost working tree around a folder (a real name), whatever is around that; None where there is none.

    An entry `.git` without a repository behind it is none: that of a worktree whose repository is elsewhere, say.
    """
    found = (_opened(top) for top in _tops(folder))
    return next((one for one in found if _is_there(one)), None)


def _is_there(found: Checkout) -> bool:
    """Whether git takes it for a repository."""
    folders = (found.common / name for name in ("objects", "refs"))
    return (found.git_dir / "HEAD").is_file() and all(folder.is_dir() for folder in folders)


def _in(place: str, top: Checkout | None) -> str:
    return f"{place} is in {top.top}" if top else f"{place} is in none"


def _around(place: str, what: str) -> Checkout | None:
    """The working tree around a PATH; None where there is none."""
    folder = _folder(place)
    real = Path(os.path.realpath(folder))
    named = list(_tops(Path(os.path.abspath(folder))))  # noqa: PTH100 - as it is named: links are not followed
    if named and not real.is_relative_to(os.path.realpath(named[-1])):
        message = f"{what} does not follow {place}: a symbolic link in it leaves the git repository {named[-1]}"
        raise UsageError(message, f"use the real path: {real}")
    tops = list(_tops(real))
    if not tops:
        return None
    chosen = _opened(tops[-1])
    for top in reversed(tops[:-1]):
        inner = _opened(top)
        _check_inner(inner, chosen, what)
        chosen = inner
    return chosen


def _check_inner(inner: Checkout, outer: Checkout, what: str) -> None:
    """Raise UsageError for a repository inside of another one, unless git itself made it a part of that one."""
    if _is_submodule_of(inner, outer):
        if not Path.cwd().is_relative_to(inner.top):
            message = f"{what} does not use the submodule {inner.top} from outside: its history is its own"
            raise UsageError(message, f"run the command in it: cd {shlex.quote(str(inner.top))}")
    elif not _is_worktree_of(inner, outer):
        message = f"{what} does not use the git repository {inner.top}: it is inside another one, {outer.top}"
        raise UsageError(message, f"if it is a clone of your own: export {CEILINGS}={shlex.quote(str(outer.top))}")


def _folder(place: str) -> Path:
    """The nearest folder that there is; a PATH may be a glob."""
    path = Path(place).absolute()
    return next(one for one in (path, *path.parents) if one.is_dir())


def _tops(folder: Path) -> Iterator[Path]:
    """The folders from this one up that hold a `.git`, whatever it is."""
    named = map(Path, os.environ.get(CEILINGS, "").split(os.pathsep))
    ceilings = {os.path.realpath(one) for one in named if one.is_absolute()}
    for around in (folder, *folder.parents):
        if around != folder and os.path.realpath(around) in ceilings:
            return
        if os.path.lexists(around / GIT):
            yield around


def _opened(top: Path) -> Checkout:
    """A working tree by its `.git`: a folder, or a file that names one. What is neither, git has to complain about."""
    entry = top / GIT
    git_dir = Path(os.path.realpath(entry))
    if git_dir.is_file() and (target := _text(git_dir)).startswith(_POINTER):
        git_dir = _from(top, target.removeprefix(_POINTER))
    common = git_dir / "commondir"
    return Checkout(top, git_dir, _from(git_dir, _text(common)) if common.is_file() else git_dir)


def _is_worktree_of(inner: Checkout, outer: Checkout) -> bool:
    """Whether it is a linked worktree of the same repository, which knows it."""
    if inner.git_dir.parent != outer.common / "worktrees" or inner.common != outer.common:
        return False
    back = inner.git_dir / _text(inner.git_dir / "gitdir")
    return back.name == GIT and os.path.realpath(back.parent) == str(inner.top)


def _is_submodule_of(inner: Checkout, outer: Checkout) -> bool:
    """Whether git keeps its data as that of a submodule. Which folder is its working tree, git has to confirm."""
    return inner.git_dir.is_relative_to(outer.git_dir / "modules")


def _refuse_below_configuration(top: Checkout, place: str, what: str) -> None:
    """Raise UsageError for a repository that is below the folder of the nearest configuration."""
    real = Path(os.path.realpath(_folder(place)))
    for around in (real, *real.parents):
        if os.path.lexists(around / FILE_NAME):
            if not around.is_relative_to(top.top):
                message = f"{what} does not use the git repository {top.top}: {around / FILE_NAME} is not in it"
                raise UsageError(message, "keep the configuration in the repository, or name it with --config")
            return


def _refuse_inside(found: Checkout, what: str) -> Checkout:
    """The working tree, if its git directory is not part of it. Raises UsageError."""
    for folder in (found.git_dir, found.common):
        if folder.is_relative_to(found.top) and folder != found.top / GIT:
            message = f"{what} does not use the git repository {found.top}: its data is in its own working tree"
            raise UsageError(message, f"keep it in {found.top / GIT}, or outside")
    return found


def _from(folder: Path, name: str) -> Path:
    """A folder that a file names, seen from another one."""
    return Path(os.path.realpath(folder / name))


def _text(file: Path) -> str:
    """The one line of a file; "" when it cannot be read."""
    try:
        with file.open("rb") as opened:
            return os.fsdecode(opened.read(_LONGEST)).rstrip("\r\n").replace("\0", "")
    except OSError:
        return ""
