"""What may be read because a manifest or a configuration says so: one rule for all of it.

Promise: a file that a document names is read only if, links followed, it is inside the root, in no `.git` folder,
neither hidden nor in a hidden folder, and not ignored by git; the name as it is written leads through nothing hidden
either. So nobody who only changes manifests can print what else a machine holds. Why a file is refused says nothing of
it, not even whether it is there.

`.git` is never read. What is hidden counts below the root; a document that is itself in a hidden folder, where only a
user can lead us, may name its neighbours. Likewise a document that git ignores may name ignored files: it is no part of
what is under review.
"""

import errno
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final, TypeAlias

from reconciler.file_tree import called
from reconciler.ports import Files
from reconciler.suggest import close_matches
from reconciler.wording import code, shown, suggestion

_GIT: Final = frozenset({".git", "git~1"})
"""The folder of a repository, as Windows may call it too. Disks of macOS and Windows do not distinguish case."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where files may be.

    `roots`: the folders (real names) of which one has to contain a file; the first is the root. `home`: the folder
    (real name) of the document that names the files. `source`: that document, by its real name.
    """

    roots: tuple[str, ...]
    home: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class ReferencedFile:
    """A file that a document names: as it is written there, and as it is found from the current folder."""

    name: str
    file: str
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class ReadRefusal:
    """Why a file is not read, and what to do.

    `is_ignored`: only because git ignores it. `is_outside`: because no root contains it.
    """

    message: str
    remedy: str
    is_ignored: bool = False
    is_outside: bool = False


Verdict: TypeAlias = str | ReadRefusal
"""The real name of a file that may be read, or why it may not be."""


def bounds(document: str, files: Files, root: str | None) -> Bounds:
    """Where the files that a document names may be; without a root, in the document's own folder."""
    home = files.real(str(PurePath(document).parent))
    return Bounds((home if root is None else files.real(root),), home, files.real(document))


def contained(asked: Sequence[ReferencedFile], files: Files) -> tuple[Verdict, ...]:
    """Judge all of these files with one question to git for each repository. Raises ReconcilerError as `ignored`."""
    verdicts = [placed(one, files) for one in asked]
    inside = [(one, real) for one, real in zip(asked, verdicts, strict=True) if isinstance(real, str)]
    ignored = files.ignored({real: one.bounds.roots[0] for one, real in inside})
    if not ignored:
        return tuple(verdicts)
    # A document that git ignores is nobody's pull request
    sources = {one.bounds.source: one.bounds.roots[0] for one, real in inside if real in ignored}
    trusted = files.ignored({source: root for source, root in sources.items() if source})
    refused = {one: real for one, real in inside if real in ignored and one.bounds.source not in trusted}
    return tuple(
        _ignored(one, refused[one]) if one in refused else verdict for one, verdict in zip(asked, verdicts, strict=True)
    )


def read(one: ReferencedFile, real: str, files: Files, at_most: int) -> bytes:
    """The first so many bytes of a file whose verdict is this real name.

    Raises OSError, also when a link took its place meanwhile.
    """
    content = files.read(one.file, at_most)
    if files.real(one.file) != real:
        raise OSError(errno.EAGAIN, "it was replaced while it was read")
    return content


def nearest(missing: ReferencedFile, files: Files, otherwise: str) -> str:
    """A remedy for a file that was judged and is not there: the nearest name beside it, or this. Nothing hidden."""
    around = files.names(str(PurePath(missing.file).parent))
    near = close_matches(PurePath(missing.name).name, (name for name in around if not is_hidden(name)))
    if not near:
        return otherwise
    name, file = PurePath(missing.name).with_name(near[0]), PurePath(missing.file).with_name(near[0])
    verdict = placed(ReferencedFile(str(name), str(file), missing.bounds), files)
    return suggestion([shown(str(name))]) if isinstance(verdict, str) else otherwise


def is_hidden(part: str) -> bool:
    """Whether a name begins with a dot; characters that do not show do not count, as on some disks of macOS."""
    return _plain(part).startswith(".") and part not in {".", ".."}


def _plain(part: str) -> str:
    return part if part.isprintable() else "".join(one for one in part if one.isprintable())


def placed(one: ReferencedFile, files: Files) -> Verdict:
    """A verdict by names and links alone, whatever git ignores."""
    if not one.name.isprintable():
        return ReadRefusal("the name of the file has unprintable characters", "rename it")
    parts = PurePath(one.name).parts
    if any(_plain(part).casefold() in _GIT for part in parts):
        return _in_git(one)
    if not PurePath(one.name).is_absolute() and any(map(is_hidden, parts)):
        return _hidden(one)
    real = files.real(one.file)
    return _refused(one, PurePath(real)) or real


def _refused(one: ReferencedFile, real: PurePath) -> ReadRefusal | None:
    around = [PurePath(root).parts for root in one.bounds.roots if real.is_relative_to(root)]
    if not around:
        return _outside(one)
    if any(_plain(part).casefold() in _GIT for part in real.parts[min(map(len, around)) :]):
        return _in_git(one)
    known = max(*map(len, around), _shared(real.parts, PurePath(one.bounds.home).parts))
    return _hidden(one) if any(is_hidden(part) and not _is_kubernetes(part) for part in real.parts[known:]) else None


def _is_kubernetes(part: str) -> bool:
    """Whether a folder is one of those, as in `..data`, to which the links in a mounted ConfigMap lead."""
    return part.startswith("..")


def _shared(one: Iterable[str], other: Iterable[str]) -> int:
    """How many parts two paths have in common from the start."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _outside(one: ReferencedFile) -> ReadRefusal:
    root = called(PurePath(one.bounds.roots[0]))
    root = "the current folder" if root == "." else root
    message = f"{code(one.name)} is, or links to, a path outside {root}"
    remedy = "move the file into that folder, or set `root:` in reconciler.yaml to one that contains it"
    return ReadRefusal(message, remedy, is_outside=True)


def _in_git(one: ReferencedFile) -> ReadRefusal:
    return ReadRefusal(f"{code(one.name)} is, or links to, a path in `.git`, which is never read", "use another file")


def _hidden(one: ReferencedFile) -> ReadRefusal:
    message = f"{code(one.name)} is, or links to, a hidden file or folder, which is never read"
    return ReadRefusal(message, "move the file, so that no part of its path begins with a dot")


def _ignored(one: ReferencedFile, real: str) -> ReadRefusal:
    why = f"git check-ignore --verbose -- {shlex.quote(called(PurePath(real)))}"
    message = f"{code(one.name)} is, or links to, a file that git ignores, which is never read"
    return ReadRefusal(message, f"commit the file, or name another; to see the rule: {why}", is_ignored=True)
