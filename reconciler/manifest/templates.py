"""The template files that a manifest or response set names.

Promise: `texts` gives the text of each, or says why there is none; nothing is opened that `containment` refuses.
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
"""Beyond any template that AWS takes (300 KB, Developer Guide, quotas), which lint has a sentence for."""


@dataclass(frozen=True, slots=True)
class TemplateTexts:
    """Texts by the name that the manifest gives the file, the files that were opened, and what is wrong."""

    by_name: dict[str, str]
    files_read: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]


class _Unusable(Exception):  # noqa: N818 - becomes a diagnostic
    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


def named(
    manifest: Manifest | ResponseSet, places: SourceMap, files: Files, root: str | None
) -> Sequence[ReferencedFile]:
    """The template files of a document, each once; the root is the document's own folder if it is None."""
    names = [name for name, _ in _names(manifest, places)]
    if not names:
        return []
    bounds = containment.bounds(places.file, files, root)
    folder = PurePath(places.file).parent
    return [ReferencedFile(name, str(folder / name), bounds) for name in names]


def texts(
    manifest: Manifest | ResponseSet,
    places: SourceMap,
    files: Files,
    verdicts: Mapping[ReferencedFile, Verdict],
    root: str | None,
) -> TemplateTexts:
    """Read every template file of a document once; `verdicts` are those of `named`."""
    by_name: dict[str, str] = {}
    opened: list[str] = []
    problems: list[Diagnostic] = []
    asked = named(manifest, places, files, root)
    for one, (name, at) in zip(asked, _names(manifest, places), strict=True):
        try:
            by_name[name] = _text(one, verdicts[one], files)
            opened.append(one.file)
        except _Unusable as reason:
            problems.append(error(InputRule.TEMPLATE_FILE, reason.message, reason.remedy, at))
            by_name[name] = ""  # so that the rest of the document can be looked at in the same run
    return TemplateTexts(by_name, tuple(opened), tuple(problems))


def _names(manifest: Manifest | ResponseSet, places: SourceMap) -> Iterator[tuple[str, Location]]:
    """Each name once, with the first place that has it."""
    seen: set[str] = set()
    for path, name in template_files(manifest):
        if name not in seen:
            seen.add(name)
            yield name, places.of_value(path)


def _text(one: ReferencedFile, verdict: Verdict, files: Files) -> str:
    name = one.name
    if PurePath(name).is_absolute() or PureWindowsPath(name).anchor:
        raise _Unusable(f"{code(name)} is an absolute path", "write the path relative to the manifest")
    if isinstance(verdict, ReadRefusal):
        raise _Unusable(verdict.message, verdict.remedy)
    try:
        content = containment.read(one, verdict, files, MAX_BYTES + 1)
    except FileNotFoundError:
        raise _Unusable(f"there is no file {code(name)}", _nearest_file(one, files)) from None
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


def _nearest_file(one: ReferencedFile, files: Files) -> str:
    """The remedy for a file that is not there: the nearest of those that could be read in its place."""
    return containment.nearest(one, files, "check the name; it is relative to the document")
