"""The template files that a manifest or response set names.

Promise: `texts` gives the text of each, or says why there is none; nothing outside the root is opened, however it is
reached. Exactly one newline at the end of a file is not part of the template (editors add it); every other byte is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath, PureWindowsPath
from typing import Final

from reconciler.diagnostics import Diagnostic, Location, error
from reconciler.ports import Files
from reconciler.resolve.documents import Manifest
from reconciler.resolve.entries import template_files
from reconciler.resolve.nodes import Places
from reconciler.resolve.response_set import ResponseSet
from reconciler.resolve.wording import code, did_you_mean

MAX_BYTES: Final = 1024 * 1024
"""Beyond any template that AWS takes (300 KB, Developer Guide, quotas), which lint has a sentence for."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts by the name that the manifest gives the file, the files that were opened, and what is wrong."""

    by_name: dict[str, str]
    files_read: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]


class _Unusable(Exception):  # noqa: N818 - becomes a diagnostic
    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


def texts(manifest: Manifest | ResponseSet, places: Places, files: Files, root: str | None) -> Texts:
    """Read every template file of a document once; the root is the document's own folder if it is None."""
    folder = PurePath(places.file).parent
    by_name: dict[str, str] = {}
    opened: list[str] = []
    problems: list[Diagnostic] = []
    for name, at in _named(manifest, places):
        try:
            file = _contained(name, folder, files, root)
            by_name[name] = _text(name, file, files)
            opened.append(file)
        except _Unusable as reason:
            problems.append(error("template-file", reason.message, reason.remedy, at))
            by_name[name] = ""  # so that the rest of the document can be looked at in the same run
    return Texts(by_name, tuple(opened), tuple(problems))


def _named(manifest: Manifest | ResponseSet, places: Places) -> Iterator[tuple[str, Location]]:
    """Each name once, with the first place that has it."""
    seen: set[str] = set()
    for path, name in template_files(manifest):
        if name not in seen:
            seen.add(name)
            yield name, places.of_value(path)


def _contained(name: str, folder: PurePath, files: Files, root: str | None) -> str:
    if PurePath(name).is_absolute() or PureWindowsPath(name).anchor:
        raise _Unusable(f"{code(name)} is an absolute path", "name the file relative to the manifest")
    if not name.isprintable():
        raise _Unusable("the name of the file has unprintable characters", "rename it")
    file = str(folder / name)
    around = files.real(str(folder) if root is None else root)
    if not PurePath(files.real(file)).is_relative_to(around):
        within = str(root or folder)
        within = "the current folder" if within == "." else within
        raise _Unusable(f"{code(name)} is, or leads, out of {within}", "move the file into that folder")
    return file


def _text(name: str, file: str, files: Files) -> str:
    try:
        content = files.read(file, MAX_BYTES + 1)
    except FileNotFoundError:
        raise _Unusable(f"there is no file {code(name)}", _nearest_file(name, file, files)) from None
    except OSError as failure:
        reason = failure.strerror or str(failure)
        raise _Unusable(f"{code(name)} cannot be read: {reason}", "name a readable, regular file") from failure
    if len(content) > MAX_BYTES:
        raise _Unusable(f"{code(name)} is larger than {MAX_BYTES >> 20} MiB", "AWS takes templates of up to 300 KB")
    try:
        return content.decode().removesuffix("\n")
    except UnicodeDecodeError as failure:
        line = content.count(b"\n", 0, failure.start) + 1
        raise _Unusable(f"{code(name)} is not UTF-8 in line {line}", "save the file as UTF-8") from failure


def _nearest_file(name: str, file: str, files: Files) -> str:
    around = [str(PurePath(name).parent / one) for one in files.names(str(PurePath(file).parent))]
    return did_you_mean(name, around, "check the name; it is relative to the document")
