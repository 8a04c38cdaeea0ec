"""Read the template files that a manifest or response set names.

`read_texts` returns the text of each, or reports why there is none; no file is opened that `containment` refuses.
Exactly one newline at the end of a file is not part of the template (editors add it); every other byte is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath, PureWindowsPath
from typing import Final

from reconciler.diagnostics import Diagnostic, Location, error
from reconciler.manifest import containment
from reconciler.manifest.containment import ReadRefusal, ReferencedFile, Verdict
from reconciler.manifest.schema.documents import Manifest
from reconciler.manifest.schema.entries import template_files
from reconciler.manifest.schema.response_set import ResponseSet
from reconciler.ports import Files
from reconciler.rules import InputRule
from reconciler.wording import code
from reconciler.yamlio.nodes import SourceMap

MAX_BYTES: Final = 1024 * 1024
"""More than any template that AWS accepts (300 KB, Developer Guide, quotas), which `lint` checks."""


@dataclass(frozen=True, slots=True)
class TemplateTexts:
    """The texts by file name as written in the manifest, the files that were opened, and the problems."""

    by_name: dict[str, str]
    files_read: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]


class UnusableFile(Exception):  # noqa: N818 - becomes a diagnostic
    """A file that a document names cannot be used. `is_missing`: it does not exist, and could be created."""

    def __init__(self, message: str, remedy: str, *, is_missing: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.is_missing = is_missing


def referenced_files(
    manifest: Manifest | ResponseSet, places: SourceMap, files: Files, root: str | None
) -> Sequence[ReferencedFile]:
    """Return the template files of a document, each once; without a root, it is the document's own folder."""
    names = [name for name, _ in _names(manifest, places)]
    if not names:
        return []
    bounds = containment.bounds_for(places.file, files, root)
    return [ReferencedFile(name, file_path(places.file, name), bounds) for name in names]


def file_path(document: str, name: str) -> str:
    """Return the path of a file that a document names, from the current folder."""
    return str(PurePath(document).parent / name)


def read_texts(
    manifest: Manifest | ResponseSet,
    places: SourceMap,
    files: Files,
    verdicts: Mapping[ReferencedFile, Verdict],
    root: str | None,
) -> TemplateTexts:
    """Read every template file of a document once; `verdicts` are those of its `referenced_files`."""
    by_name: dict[str, str] = {}
    opened: list[str] = []
    problems: list[Diagnostic] = []
    references = referenced_files(manifest, places, files, root)
    for reference, (name, at) in zip(references, _names(manifest, places), strict=True):
        try:
            by_name[name] = _read_text(reference, verdicts[reference], files)
            opened.append(reference.file)
        except UnusableFile as reason:
            problems.append(error(InputRule.TEMPLATE_FILE, reason.message, reason.remedy, at))
            by_name[name] = ""  # so that the rest of the document is checked in the same run
    return TemplateTexts(by_name, tuple(opened), tuple(problems))


def _names(manifest: Manifest | ResponseSet, places: SourceMap) -> Iterator[tuple[str, Location]]:
    """Yield each name once, with the first place that has it."""
    seen: set[str] = set()
    for path, name in template_files(manifest):
        if name not in seen:
            seen.add(name)
            yield name, places.of_value(path)


def _read_text(reference: ReferencedFile, verdict: Verdict, files: Files) -> str:
    content = read_content(reference, verdict, files, MAX_BYTES, "AWS accepts templates of up to 300 KB")
    try:
        return content.decode().removesuffix("\n")
    except UnicodeDecodeError as failure:
        line = content.count(b"\n", 0, failure.start) + 1
        message = f"{code(reference.name)} is not UTF-8 in line {line}"
        raise UnusableFile(message, "save the file as UTF-8") from failure


def read_content(reference: ReferencedFile, verdict: Verdict, files: Files, most: int, limit: str) -> bytes:
    """Return the content of a file that a document names; `limit` is the remedy if it has more than `most` bytes.

    Raises UnusableFile.
    """
    name = reference.name
    if PurePath(name).is_absolute() or PureWindowsPath(name).anchor:
        raise UnusableFile(f"{code(name)} is an absolute path", "write the path relative to the manifest")
    if isinstance(verdict, ReadRefusal):
        raise UnusableFile(verdict.message, verdict.remedy)
    try:
        content = containment.read_checked(reference, verdict, files, most + 1)
    except FileNotFoundError:
        remedy = _suggest_file(reference, files)
        raise UnusableFile(f"the file {code(name)} does not exist", remedy, is_missing=True) from None
    except OSError as failure:
        reason = failure.strerror or str(failure)
        raise UnusableFile(f"{code(name)} cannot be read: {reason}", "name a readable, regular file") from failure
    if len(content) > most:
        raise UnusableFile(f"{code(name)} is larger than {most >> 20} MiB", limit)
    return content


def _suggest_file(reference: ReferencedFile, files: Files) -> str:
    """Return the remedy for a missing file: a similar name of a file that may be read."""
    return containment.suggest_nearest(reference, files, "check the name; it is relative to the document")
