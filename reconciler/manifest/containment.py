"""Decide which files may be read because a manifest or a configuration names them: one rule for all.

A file that a document names is read only if, with links followed, it is inside the root, in no `.git` folder, neither
hidden nor in a hidden folder, and not ignored by git. The name as written must not contain anything hidden either. So
nobody who can only change manifests can print what else a machine holds. A refusal reveals nothing about the file, not
even whether it exists.

`.git` is never read. Hidden names count below the root. A document that is itself in a hidden folder, which only a user
can name, may name its neighbours. Likewise a document that git ignores may name ignored files: it is not under review.
"""

import errno
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final, TypeAlias

from reconciler.file_tree import relative_name
from reconciler.ports import Files
from reconciler.suggest import close_matches
from reconciler.wording import code, shown, suggestion

_GIT_NAMES: Final = frozenset({".git", "git~1"})
"""The git directory, also by its short name on Windows. Disks of macOS and Windows ignore case."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where the files that a document names may be. All names are real names.

    `roots`: one of these folders must contain a file; the first is the root. `folder`: the folder of the document.
    """

    roots: tuple[str, ...]
    folder: str
    document: str = ""


@dataclass(frozen=True, slots=True)
class ReferencedFile:
    """A file that a document names: the name as written, and its path from the current folder."""

    name: str
    file: str
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class ReadRefusal:
    """Why a file is not read, and what to do.

    `is_ignored`: the only reason is that git ignores it. `is_outside`: no root contains it.
    """

    message: str
    remedy: str
    is_ignored: bool = False
    is_outside: bool = False


Verdict: TypeAlias = str | ReadRefusal
"""The real name of a file that may be read, or why it may not."""


def bounds_for(document: str, files: Files, root: str | None) -> Bounds:
    """Return where the files that a document names may be; without a root, in the document's own folder."""
    folder = files.real(str(PurePath(document).parent))
    return Bounds((folder if root is None else files.real(root),), folder, files.real(document))


def check_files(references: Sequence[ReferencedFile], files: Files) -> tuple[Verdict, ...]:
    """Check all files with one question to git for each repository. Raises ReconcilerError if git fails."""
    verdicts = [check_location(reference, files) for reference in references]
    readable = [(file, real) for file, real in zip(references, verdicts, strict=True) if isinstance(real, str)]
    ignored = files.ignored({real: file.bounds.roots[0] for file, real in readable})
    if not ignored:
        return tuple(verdicts)
    # A document that git ignores cannot be part of a pull request
    documents = {file.bounds.document: file.bounds.roots[0] for file, real in readable if real in ignored}
    trusted = files.ignored({document: root for document, root in documents.items() if document})
    refused = {file: real for file, real in readable if real in ignored and file.bounds.document not in trusted}
    return tuple(
        _refuse_ignored(file, refused[file]) if file in refused else verdict
        for file, verdict in zip(references, verdicts, strict=True)
    )


def read_checked(reference: ReferencedFile, real: str, files: Files, at_most: int) -> bytes:
    """Return at most `at_most` bytes of a file whose verdict is the name `real`.

    Raises OSError, also if a link has replaced the file meanwhile.
    """
    content = files.read(reference.file, at_most)
    if files.real(reference.file) != real:
        raise OSError(errno.EAGAIN, "it was replaced while it was read")
    return content


def suggest_nearest(missing: ReferencedFile, files: Files, default: str) -> str:
    """Return a remedy for a missing file that may be read: a similar visible name in its folder, or the default."""
    names = files.names(str(PurePath(missing.file).parent))
    matches = close_matches(PurePath(missing.name).name, (name for name in names if not is_hidden(name)))
    if not matches:
        return default
    name, file = PurePath(missing.name).with_name(matches[0]), PurePath(missing.file).with_name(matches[0])
    verdict = check_location(ReferencedFile(str(name), str(file), missing.bounds), files)
    return suggestion([shown(str(name))]) if isinstance(verdict, str) else default


def is_hidden(part: str) -> bool:
    """Whether a name begins with a dot, unprintable characters aside, which some disks of macOS ignore."""
    return _printable(part).startswith(".") and part not in {".", ".."}


def _printable(part: str) -> str:
    return part if part.isprintable() else "".join(filter(str.isprintable, part))


def check_location(reference: ReferencedFile, files: Files) -> Verdict:
    """Return the verdict from names and links alone, whatever git ignores."""
    if not reference.name.isprintable():
        return ReadRefusal("the name of the file has unprintable characters", "rename it")
    parts = PurePath(reference.name).parts
    if any(_printable(part).casefold() in _GIT_NAMES for part in parts):
        return _refuse_git(reference)
    if not PurePath(reference.name).is_absolute() and any(map(is_hidden, parts)):
        return _refuse_hidden(reference)
    real = files.real(reference.file)
    return _check_real_path(reference, PurePath(real)) or real


def _check_real_path(reference: ReferencedFile, real: PurePath) -> ReadRefusal | None:
    roots = [PurePath(root).parts for root in reference.bounds.roots if real.is_relative_to(root)]
    if not roots:
        return _refuse_outside(reference)
    if any(_printable(part).casefold() in _GIT_NAMES for part in real.parts[min(map(len, roots)) :]):
        return _refuse_git(reference)
    trusted = max(*map(len, roots), _common_length(real.parts, PurePath(reference.bounds.folder).parts))
    return (
        _refuse_hidden(reference)
        if any(is_hidden(part) and not _is_kubernetes(part) for part in real.parts[trusted:])
        else None
    )


def _is_kubernetes(part: str) -> bool:
    """Whether a folder is like `..data`, the target of the links in a mounted Kubernetes ConfigMap."""
    return part.startswith("..")


def _common_length(first: Iterable[str], second: Iterable[str]) -> int:
    """Return how many leading parts two paths have in common."""
    count = 0
    for left, right in zip(first, second, strict=False):
        if left != right:
            break
        count += 1
    return count


def _refuse_outside(reference: ReferencedFile) -> ReadRefusal:
    root = relative_name(PurePath(reference.bounds.roots[0]))
    root = "the current folder" if root == "." else root
    message = f"{code(reference.name)} is, or links to, a file outside {root}"
    remedy = "move the file into that folder, or set `root:` in reconciler.yaml to a folder that contains it"
    return ReadRefusal(message, remedy, is_outside=True)


def _refuse_git(reference: ReferencedFile) -> ReadRefusal:
    return ReadRefusal(
        f"{code(reference.name)} is, or links to, a file in `.git`, which is never read", "name a file outside `.git`"
    )


def _refuse_hidden(reference: ReferencedFile) -> ReadRefusal:
    message = f"{code(reference.name)} is, or links to, a hidden file or folder, which is never read"
    return ReadRefusal(message, "move the file so that no part of its path begins with a dot")


def _refuse_ignored(reference: ReferencedFile, real: str) -> ReadRefusal:
    command = f"git check-ignore --verbose -- {shlex.quote(relative_name(PurePath(real)))}"
    message = f"{code(reference.name)} is, or links to, a file that git ignores, which is never read"
    return ReadRefusal(
        message, f"commit the file, or name another one; to see the ignore rule: {command}", is_ignored=True
    )
